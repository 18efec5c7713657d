"""`ontology/*.ttl` as documents for people and tools: every term is explained, aligned with care, and read the same by two parsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DC, DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from kg.rdf.vocab import NAMESPACE

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"
IRI = URIRef("https://w3id.org/conjugate/ontology")
VANN = "http://purl.org/vocab/vann/"
SCHEMA = "https://schema.org/"
FILES = ("conjugate.ttl", "schemes.ttl", "shapes.ttl")
# Only into these may a term be a subclass or subproperty, as what they say of their terms then holds for ours.
SUPER = (
    NAMESPACE,
    "http://www.w3.org/ns/prov#",
    "http://www.w3.org/ns/oa#",
    "http://www.w3.org/ns/org#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    SCHEMA,
    "http://purl.org/dc/terms/",
    "http://www.w3.org/2004/02/skos/core#",
)
# These are much larger than what we mean, and only pointed at.
CLOSE = (
    "https://spec.edmcouncil.org/fibo/ontology/",
    "https://w3id.org/biolink/vocab/",
    "http://purl.obolibrary.org/obo/NCIT_C",
    "http://purl.obolibrary.org/obo/RO_",
    "http://purl.obolibrary.org/obo/BFO_",
    "http://id.nlm.nih.gov/mesh/D",
)


def parsed(*names: str) -> Graph:
    graph = Graph()
    for name in names:
        graph.parse(ONTOLOGY / name)
    return graph


TERMS = parsed("conjugate.ttl", "schemes.ttl")


def terms(*kinds: URIRef) -> Iterator[Node]:
    for kind in kinds:
        yield from sorted(TERMS.subjects(RDF.type, kind))


CLASSES = list(terms(OWL.Class))
PROPERTIES = list(terms(OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property))
SCHEMES = list(terms(SKOS.ConceptScheme))
CONCEPTS = list(terms(SKOS.Concept))
EVERY = [*CLASSES, *PROPERTIES, *SCHEMES, *CONCEPTS]


def test_the_files_are_these() -> None:
    assert sorted(path.name for path in ONTOLOGY.iterdir()) == sorted([*FILES, "context.jsonld"])


@pytest.mark.parametrize("name", FILES)
def test_two_parsers_read_the_same(name: str) -> None:
    strict = list(ox.parse(path=str(ONTOLOGY / name), format=ox.RdfFormat.TURTLE))
    assert len(strict) == len(set(strict)) == len(parsed(name)), "a triple is said twice"


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_imported(name: str) -> None:
    assert not list(parsed(name).objects(None, OWL.imports)), "a tool would fetch it from the network"


def test_header() -> None:
    one = {predicate: list(TERMS.objects(IRI, predicate)) for predicate in TERMS.predicates(IRI)}
    assert one[RDF.type] == [OWL.Ontology]
    assert str(one[OWL.versionIRI][0]) == f"{IRI}/{one[OWL.versionInfo][0]}"
    assert one[DCTERMS.license] == [URIRef("https://creativecommons.org/licenses/by/4.0/")]
    assert one[URIRef(VANN + "preferredNamespacePrefix")] == [Literal("kg")]
    assert one[URIRef(VANN + "preferredNamespaceUri")] == [Literal(NAMESPACE)]
    assert all(len(one[each]) == 1 for each in (DCTERMS.title, DCTERMS.description, DC.creator))


@pytest.mark.parametrize("term", EVERY, ids=lambda term: str(term).removeprefix(NAMESPACE))
def test_every_term_is_explained(term: Node) -> None:
    assert str(term).startswith(NAMESPACE)
    labels, definitions = list(TERMS.objects(term, RDFS.label)), list(TERMS.objects(term, SKOS.definition))
    assert len(labels) == len(definitions) == 1
    assert all(isinstance(each, Literal) and each.language == "en" and str(each).strip() for each in (*labels, *definitions))
    assert str(definitions[0])[0].isupper() or str(definitions[0])[0] == '"'
    assert str(definitions[0]).endswith("."), "a definition is a sentence"
    assert list(TERMS.objects(term, RDFS.isDefinedBy)) == [IRI]


def test_no_definition_serves_two_terms() -> None:
    texts = [str(definition) for term in EVERY for definition in TERMS.objects(term, SKOS.definition)]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("term", PROPERTIES, ids=lambda term: str(term).removeprefix(NAMESPACE))
def test_every_property_says_where_it_belongs(term: Node) -> None:
    domains = set(TERMS.objects(term, URIRef(SCHEMA + "domainIncludes")))
    ranges = set(TERMS.objects(term, URIRef(SCHEMA + "rangeIncludes")))
    assert domains and domains <= set(CLASSES)
    assert ranges
    literal = {each for each in ranges if str(each).startswith("http://www.w3.org/2001/XMLSchema#")}
    kind = TERMS.value(term, RDF.type)
    if kind == OWL.ObjectProperty:
        assert not literal and ranges <= {*CLASSES, SKOS.Concept}
        assert (SKOS.Concept in ranges) == bool(list(TERMS.objects(term, RDFS.seeAlso))), "a concept's scheme is named"
    elif kind != RDF.Property:  # kg:payloadClass takes both
        assert literal == ranges


def test_no_domain_or_range_types_anything() -> None:
    """rdfs:domain would make a reasoner type things that no filing calls so; HermiT rejects xsd:date as a range."""
    assert not list(TERMS.subject_objects(RDFS.domain)) and not list(TERMS.subject_objects(RDFS.range))


def test_alignments_lead_where_they_may() -> None:
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf):
        for term, wider in TERMS.subject_objects(relation):
            assert str(wider).startswith(SUPER), (term, wider)
    for relation in (SKOS.closeMatch, SKOS.exactMatch):
        for term, other in TERMS.subject_objects(relation):
            assert str(other).startswith(CLOSE), (term, other)


def test_what_we_use_of_ours_is_defined() -> None:
    for name in FILES:
        for triple in parsed(name):
            for node in triple:
                if isinstance(node, URIRef) and str(node).startswith(NAMESPACE):
                    assert node in EVERY, (name, node)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda term: str(term).removeprefix(NAMESPACE))
def test_every_scheme_lists_its_concepts(scheme: Node) -> None:
    members = set(TERMS.subjects(SKOS.inScheme, scheme))
    assert len(members) > 1
    assert members == set(TERMS.objects(scheme, SKOS.hasTopConcept)) == set(TERMS.subjects(SKOS.topConceptOf, scheme))
    assert len(list(TERMS.subjects(RDFS.seeAlso, scheme))) == 1, "one property takes its values from it"
    labels = [str(label) for member in members for label in TERMS.objects(member, SKOS.prefLabel)]
    assert len(set(labels)) == len(labels) == len(members)


@pytest.mark.parametrize("term", CONCEPTS, ids=lambda term: str(term).removeprefix(NAMESPACE))
def test_every_concept_stands_in_one_scheme(term: Node) -> None:
    assert len(list(TERMS.objects(term, SKOS.inScheme))) == 1
    assert list(TERMS.objects(term, SKOS.prefLabel)) == list(TERMS.objects(term, RDFS.label))


@pytest.mark.parametrize("name", FILES)
def test_prefixes_are_used(name: str) -> None:
    text = (ONTOLOGY / name).read_text(encoding="utf-8")
    body = re.sub(r"(?m)^@prefix.*$", "", text)
    unused = [prefix for prefix in re.findall(r"(?m)^@prefix ([\w-]+):", text) if not re.search(rf"(?<![\w-]){prefix}:", body)]
    assert unused == []
