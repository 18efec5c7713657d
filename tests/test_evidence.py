"""The graph of the samples: every triple has its evidence, every evidence slices exactly, and provenance stays affordable."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.store import BASE, PREFIXES, Store

# An edge has a statement of its own; a property of an event is supported by the statement on the event's class; a thing's class
# and names by a statement in which it takes part, or by that of an event that joins it.
UNSUPPORTED = """
SELECT ?s ?p ?o ?document WHERE {
  ?document kg:fileName ?file .
  GRAPH ?document { ?s ?p ?o }
  FILTER NOT EXISTS {
    ?edge rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:evidence/oa:hasSource ?document .
  }
  FILTER NOT EXISTS {
    ?whole rdf:subject ?s ; rdf:predicate rdf:type ; kg:evidence/oa:hasSource ?document .
    VALUES ?event { kg:Agreement kg:Amendment kg:Payment kg:Milestone kg:Development }
    ?whole rdf:object ?event .
  }
  FILTER NOT EXISTS {
    VALUES ?p { rdf:type rdfs:label skos:altLabel kg:brandName kg:codeName kg:innName }
    ?part rdf:subject|rdf:object ?s ; kg:evidence/oa:hasSource ?document .
  }
  FILTER NOT EXISTS {
    VALUES ?p { rdf:type rdfs:label skos:altLabel kg:brandName kg:codeName kg:innName }
    GRAPH ?document { ?node ?role ?s }
    ?part rdf:subject ?node ; rdf:predicate rdf:type ; kg:evidence/oa:hasSource ?document .
  }
}"""

EVIDENCE = """
SELECT ?evidence ?sha ?start ?end ?exact WHERE {
  ?evidence a kg:Evidence ; oa:hasSource ?document .
  OPTIONAL { ?document kg:sha256 ?sha } OPTIONAL { ?evidence oa:start ?start ; oa:end ?end ; oa:exact ?exact }
}"""

PROVENANCE_QUADS = 4  # for each domain triple, on average


@pytest.fixture
def graph(sample_graph: object) -> Graph:
    assert isinstance(sample_graph, Graph)
    return sample_graph


def test_there_is_something_to_support(graph: Graph) -> None:
    assert len(graph.documents()) >= 4
    assert int(graph.sparql("SELECT (COUNT(*) AS ?n) { ?s a kg:Statement }").rows[0][0].value) >= 20  # type: ignore[union-attr] # COUNT always binds


def test_every_domain_triple_has_evidence(graph: Graph) -> None:
    assert [[str(term) for term in row] for row in graph.sparql(UNSUPPORTED).rows] == []


def test_a_triple_without_evidence_would_be_found() -> None:
    document, company, kg = (ox.NamedNode(BASE + key) for key in ("document/x-0", "company/x", "graph/catalogue"))
    label = ox.NamedNode(PREFIXES["rdfs"] + "label")
    with Store.memory() as store:
        lines = [ox.Quad(document, ox.NamedNode(PREFIXES["kg"] + "fileName"), ox.Literal("x.txt"), kg)]
        store.put(document.value, [*lines, ox.Quad(company, label, ox.Literal("X"), document)])
        assert store.query(UNSUPPORTED).rows == [(company, label, ox.Literal("X"), document)]


def test_every_evidence_slices_exactly(graph: Graph) -> None:
    rows = graph.sparql(EVIDENCE).rows
    assert rows
    wrong = []
    for row in rows:
        assert all(term is not None for term in row), row
        evidence, sha, start, end, exact = (term.value for term in row if term is not None)
        if graph.store.text_of(sha)[int(start) : int(end)] != exact or not exact:
            wrong.append(evidence)
    assert wrong == []


def test_provenance_stays_affordable(graph: Graph) -> None:
    names = {document.iri for document in graph.documents()}
    domain = provenance = 0
    for quad in graph.store.quads():
        graph_name = str(quad.graph_name)[1:-1]
        domain += graph_name in names
        provenance += graph_name.removesuffix("/evidence") in names and graph_name not in names
    assert domain and provenance <= PROVENANCE_QUADS * domain, f"{provenance} quads support {domain} triples"
