"""Exports in bounded memory, of a part, as RDF 1.2, compressed, for graph programs and spreadsheets, and with their description."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tracemalloc
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import networkx as nx
import pandas as pd
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kg.errors import ExportError, KgError, OntologyError, QueryError
from kg.export import FORMATS, Selection, export
from kg.export.order import in_order, triples
from kg.export.reify import reified
from kg.export.tables import NEO4J_JOIN, defused
from kg.graph import Graph
from kg.store import BASE, PREFIXES, Store

N, L = ox.NamedNode, ox.Literal
KG, RDF, RDFS, XSD = PREFIXES["kg"], PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["xsd"]
VOID, PROV, DCAT = "http://rdfs.org/ns/void#", "http://www.w3.org/ns/prov#", "http://www.w3.org/ns/dcat#"

names = st.sampled_from(["urn:a", "urn:a/b", "urn:a#b", "urn:b", "urn:aé"]).map(N)
literals = st.text(st.characters(exclude_categories=["Cs"]), max_size=4).map(L)
quads = st.lists(st.builds(ox.Quad, names, names, names | literals, names | st.just(ox.DefaultGraph())), max_size=40)


@given(quads, st.booleans(), st.integers(1, 9))
@settings(deadline=None)
def test_runs_on_the_disk_give_what_memory_gives(some: list[ox.Quad], by_graph: bool, held: int) -> None:
    found = list(in_order(some, by_graph=by_graph, held=held))
    assert found == list(in_order(reversed(some), by_graph=by_graph))
    assert set(found) == set(some) and len(found) == len(set(some))
    groups = [(quad.graph_name, quad.subject, quad.predicate) if by_graph else (quad.subject, quad.predicate) for quad in found]
    runs = [group for number, group in enumerate(groups) if number == 0 or group != groups[number - 1]]
    assert len(runs) == len(set(runs)), "what belongs together stands together"
    flat = [quad.triple for quad in triples(in_order(some, held=held))]
    assert len(flat) == len(set(flat)) and set(flat) == {quad.triple for quad in some}


def test_memory_does_not_grow_with_the_store() -> None:
    """Ten times the quads in the same memory; in lists they would take ten times as much."""

    def many(number: int) -> int:
        made = (ox.Quad(N(f"urn:s{n * 7919 % number}"), N("urn:p"), L(f"{n} " + "x" * 200), N("urn:g")) for n in range(number))
        tracemalloc.start()
        assert sum(1 for _ in in_order(made, held=2_000)) == number
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert many(40_000) < 2 * many(4_000)


def written(graph: Graph, name: str, **wanted: object) -> bytes:
    out = io.BytesIO()
    assert graph.export(name, out, **wanted) == ()  # type: ignore[arg-type] # whatever a test wants
    return out.getvalue()


def parsed(graph: Graph, **wanted: object) -> set[ox.Quad]:
    return set(ox.parse(written(graph, "nquads", **wanted), format=ox.RdfFormat.N_QUADS))


def holds_its_sentences(found: set[ox.Quad]) -> bool:
    """Every statement has its evidence, and every evidence its document with the file's name."""
    by_predicate: dict[str, set[tuple[object, object]]] = defaultdict(set)
    for quad in found:
        by_predicate[quad.predicate.value].add((quad.subject, quad.object))
    statements = {s for s, o in by_predicate[RDF + "type"] if o == N(KG + "Statement")}
    evidence = {o for s, o in by_predicate[KG + "evidence"] if s in statements}
    sources = {o for s, o in by_predicate[PREFIXES["oa"] + "hasSource"] if s in evidence}
    return (
        {s for s, _ in by_predicate[KG + "evidence"]} >= statements
        and {s for s, _ in by_predicate[PREFIXES["oa"] + "exact"]} == evidence
        and {s for s, _ in by_predicate[KG + "fileName"]} >= sources
        and bool(sources)
    )


MILESTONE = "immunogen-2007-07-31-phase-2.txt"
PARTS: list[tuple[dict[str, object], str, str]] = [
    ({"documents": [MILESTONE]}, "compound/trastuzumab-dm1", "compound/xmt-2056"),
    ({"classes": ["Milestone"]}, "company/immunogen", "indication/her2-positive-metastatic-breast-cancer"),
    ({"question": "compounds-by-payload", "parameters": {"payload": "DM1"}}, "compound/trastuzumab-dm1", "compound/ave1642"),
]


@pytest.mark.parametrize(("wanted", "inside", "outside"), PARTS, ids=["a document", "a class", "a question"])
def test_a_part_comes_with_its_sentences(sample_graph: Graph, wanted: dict[str, object], inside: str, outside: str) -> None:
    found = parsed(sample_graph, **wanted)
    subjects = {quad.subject for quad in found}
    assert N(BASE + inside) in subjects and N(BASE + outside) not in subjects
    assert found < set(sample_graph.store.quads())
    assert holds_its_sentences(found)


def test_parts_add_up(sample_graph: Graph) -> None:
    (document, classes) = ({"documents": [MILESTONE]}, {"classes": ["Milestone"]})
    assert parsed(sample_graph, **document, **classes) == parsed(sample_graph, **document) | parsed(sample_graph, **classes)


def test_all_documents_are_all_but_what_belongs_to_none(sample_graph: Graph) -> None:
    everything = parsed(sample_graph, documents=[document.iri for document in sample_graph.documents()])
    assert set(sample_graph.store.quads()) == everything


def test_the_triples_of_a_construct(sample_graph: Graph) -> None:
    query = "CONSTRUCT { ?c kg:developedBy ?d } WHERE { ?c kg:developedBy ?d }"
    found = {quad.triple for quad in parsed(sample_graph, construct=query)}
    assert found == set(sample_graph.sparql(query).triples or ()) and found
    assert written(sample_graph, "jsonld", construct=query) and written(sample_graph, "graphml", construct=query)


WRONG = [
    ({"documents": ["no-such.txt"]}, QueryError, "no document no-such.txt"),
    ({"classes": ["Compond"]}, OntologyError, "Compound"),
    ({"question": "milestones"}, QueryError, "milestones-earned"),
    ({"question": "milestones-earned", "parameters": {"company": "Nobody"}}, QueryError, "Nobody"),
    ({"construct": "SELECT ?s { ?s ?p ?o }"}, QueryError, "CONSTRUCT"),
    ({"construct": "DELETE WHERE { ?s ?p ?o }"}, QueryError, "DELETE is refused"),
]


@pytest.mark.parametrize(("wanted", "error", "words"), WRONG)
def test_a_part_that_is_not_there(sample_graph: Graph, wanted: dict[str, object], error: type[KgError], words: str, tmp_path: Path) -> None:
    with pytest.raises(error, match=words):
        sample_graph.export("nquads", tmp_path / "out.nq", **wanted)  # type: ignore[arg-type] # wrong on purpose
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [name for name, exporter in FORMATS.items() if exporter.has_terms])
def test_statements_as_reifiers(sample_graph: Graph, name: str) -> None:
    """What is reified, taken apart again, is what was there; every statement is one."""
    form = ox.RdfFormat.from_media_type(FORMATS[name].media_type)
    assert form is not None
    content = written(sample_graph, name, rdf12=True)
    assert content == written(sample_graph, name, rdf12=True)
    apart: set[ox.Quad] = set()
    reifiers = 0
    for quad in ox.parse(content, format=form):
        if isinstance(quad.object, ox.Triple):
            assert quad.predicate == N(RDF + "reifies")
            reifiers += 1
            term = quad.object
            parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object, "type": N(RDF + "Statement")}
            apart |= {ox.Quad(quad.subject, N(RDF + part), value, quad.graph_name) for part, value in parts.items()}  # type: ignore[arg-type] # a term of ours
        else:
            apart.add(quad)
    assert apart == set(ox.parse(written(sample_graph, name), format=form))
    assert reifiers == sum(1 for quad in sample_graph.store.quads(predicate=N(RDF + "subject")))


def test_reified_quads_stay_sorted(sample_graph: Graph) -> None:
    lines = written(sample_graph, "nquads", rdf12=True).splitlines()
    assert lines == sorted(lines)


def test_half_a_statement_is_left_as_it_is() -> None:
    half = [ox.Quad(N("urn:s"), N(RDF + part), N("urn:x"), N("urn:g")) for part in ("subject", "predicate")]
    two = [ox.Quad(N("urn:t"), N(RDF + part), N(f"urn:{n}"), N("urn:g")) for part in ("subject", "predicate", "object") for n in (1, 2)]
    assert set(reified(in_order([*half, *two]))) == {*half, *two}


def test_formats_without_triple_terms_say_so(sample_graph: Graph) -> None:
    with pytest.raises(ExportError, match=r"rdfxml has no triple terms.*nquads, trig, turtle, ntriples"):
        sample_graph.export("rdfxml", io.BytesIO(), rdf12=True)


def test_a_name_that_ends_in_gz_is_compressed(sample_graph: Graph, tmp_path: Path) -> None:
    for name in ("a.nq.gz", "b.nq.gz"):
        sample_graph.export("nquads", tmp_path / name)
    assert gzip.decompress((tmp_path / "a.nq.gz").read_bytes()) == written(sample_graph, "nquads")
    assert (tmp_path / "a.nq.gz").read_bytes() == (tmp_path / "b.nq.gz").read_bytes()


# ---- graph programs


def facts(graph: Graph) -> tuple[set[str], Counter[tuple[str, str, str]]]:
    """The things and links of the documents' graphs, by SPARQL."""
    inside = f'FILTER(!STRENDS(STR(?g), "/evidence") && !STRSTARTS(STR(?g), "{BASE}graph/"))'
    is_link = f'FILTER(isIRI(?o) && ?p != rdf:type && !STRSTARTS(STR(?o), "{KG}"))'
    things = {row[0].value for row in graph.sparql(f"SELECT DISTINCT ?s {{ GRAPH ?g {{ ?s a ?c }} {inside} }}").rows if row[0]}
    rows = graph.sparql(f"SELECT DISTINCT ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} {inside} {is_link} }}").rows
    return things, Counter(tuple(term.value for term in row if term) for row in rows)  # type: ignore[misc] # three terms each


def test_graphml_gexf_and_cytoscape_hold_the_things_and_their_links(sample_graph: Graph, tmp_path: Path) -> None:
    things, links = facts(sample_graph)
    for name in ("graphml", "gexf"):
        sample_graph.export(name, tmp_path / name)
        etree.parse(tmp_path / name, etree.XMLParser(resolve_entities=False))
    graphml = nx.read_graphml(tmp_path / "graphml", force_multigraph=True)
    gexf = nx.read_gexf(tmp_path / "gexf")
    cytoscape = nx.cytoscape_graph(json.loads(written(sample_graph, "cytoscape")))
    for graph, key in ((graphml, "property"), (gexf, "label"), (cytoscape, "interaction")):
        assert set(graph.nodes) >= things
        assert {node for node in graph.nodes if graph.nodes[node].get("class") != "Thing"} == things
        assert Counter((s, data[key], o) for s, o, data in graph.edges(data=True)) == Counter(
            (s, p.rpartition("#")[2], o) for s, p, o in links.elements()
        )
    for graph, label in ((graphml, "label"), (gexf, "label"), (cytoscape, "name")):
        node = graph.nodes[BASE + "compound/trastuzumab-dm1"]
        assert (node[label], node["class"]) == ("trastuzumab-DM1", "AntibodyDrugConjugate")
        assert any(data[label].startswith("Milestone 5000000 USD Phase2Start") for _, data in graph.nodes(data=True))


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "say \"a\" & 'b'; <![CDATA[ ]]>",
    "\u202eevil",
    "A" * 5_000,
]


def hostile_store() -> Store:
    """A store whose companies have names that would do harm if they were anything but names."""
    store = Store.memory()
    document = N(BASE + "document/x-aa11bb22cc33")
    made = [
        ox.Quad(N(f"{BASE}company/c{number}"), N(p), o, document)
        for number, name in enumerate([*HOSTILE, "page\x0cbreak"])
        for p, o in ((RDF + "type", N(KG + "Company")), (RDFS + "label", L(name)), (KG + "parent", N(BASE + "company/c0")))
    ]
    store.put(document.value, made, path="/in/x", digest="x")
    return store


def test_hostile_names_stay_names(tmp_path: Path) -> None:
    hostile = hostile_store()
    for name in ("graphml", "gexf"):
        (issue,) = export(hostile, name, tmp_path / name)
        assert "U+FFFD" in issue.problem and issue.where == BASE + "company/c5"
    graphs = [nx.read_graphml(tmp_path / "graphml"), nx.read_gexf(tmp_path / "gexf")]
    out = io.BytesIO()
    assert export(hostile, "cytoscape", out) == ()
    graphs.append(nx.cytoscape_graph(json.loads(out.getvalue())))
    for graph, label in zip(graphs, ("label", "label", "name"), strict=True):
        assert {graph.nodes[f"{BASE}company/c{number}"][label] for number in range(5)} == set(HOSTILE)


# ---- tables


def test_a_table_for_each_class(sample_graph: Graph, tmp_path: Path) -> None:
    assert sample_graph.export("tables", tmp_path / "tables") == ()
    payments = pd.read_csv(tmp_path / "tables" / "Milestone.csv", dtype=str)
    earned = payments[payments.amount == "5000000"].iloc[0]
    assert (earned.payer, earned.payee, earned.factuality) == ("company/genentech", "company/immunogen", "Occurred")
    assert payments.columns[0] == "key" and payments.key.is_unique
    counted = Counter(path.stem for path in (tmp_path / "tables").glob("*.csv") for _ in range(len(pd.read_csv(path))))
    row = sample_graph.sparql("SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t a kg:Milestone }").rows[0][0]
    assert row is not None and counted["Milestone"] == int(row.value)
    assert {"Company", "AntibodyDrugConjugate", "Statement", "Evidence", "Document"} <= set(counted)
    evidence = pd.read_csv(tmp_path / "tables" / "Evidence.csv", dtype=str)
    said = pd.read_csv(tmp_path / "tables" / "Statement.csv", dtype=str)
    assert {key for cell in said.evidence for key in cell.split("; ")} <= set(evidence.key)  # joins lead from a fact to its sentence


FORMULAS = [
    ('=HYPERLINK("http://x")', True),
    ("+1+cmd|' /C calc'!A0", True),
    ("-2+3", True),
    ("@SUM(A1)", True),
    ("\t=1", True),
    (" =1", True),
    ("-7", False),
    ("+0.5", False),
    ("5000000", False),
    ("Genmab A/S", False),
    ("", False),
]


@pytest.mark.parametrize(("cell", "is_run"), FORMULAS)
def test_what_a_spreadsheet_would_run(cell: str, is_run: bool) -> None:
    assert defused(cell) == ("'" + cell if is_run else cell)


def test_formulas_in_names_are_defused_and_text_survives(tmp_path: Path) -> None:
    store, document = Store.memory(), N(BASE + "document/x-aa11bb22cc33")
    said = ["=cmd|' /C calc'!A0", 'a "quoted", name;\r\nof two lines', "naïve 😀"]
    made = [
        ox.Quad(N(f"{BASE}company/c{number}"), N(p), o, document)
        for number, name in enumerate(said)
        for p, o in ((RDF + "type", N(KG + "Company")), (RDFS + "label", L(name)))
    ]
    store.put(document.value, made, path="/in/x", digest="x")
    export(store, "tables", tmp_path / "t")
    content = (tmp_path / "t" / "Company.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfkey,label,")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["label"] for row in rows] == ["'" + said[0], said[1], said[2]]


def test_neo4j_nodes_and_relationships(sample_graph: Graph, tmp_path: Path) -> None:
    sample_graph.export("neo4j", tmp_path / "neo4j.zip")
    with zipfile.ZipFile(tmp_path / "neo4j.zip") as archive:
        assert archive.namelist() == ["nodes.csv", "relationships.csv"]
        nodes = list(csv.DictReader(io.StringIO(archive.read("nodes.csv").decode(), newline="")))
        ties = list(csv.DictReader(io.StringIO(archive.read("relationships.csv").decode(), newline="")))
    things, links = facts(sample_graph)
    keys = [node["iri:ID"] for node in nodes]
    assert len(keys) == len(set(keys)) and set(keys) >= things
    assert Counter((tie[":START_ID"], tie[":TYPE"], tie[":END_ID"]) for tie in ties) == Counter(
        (s, p.rpartition("#")[2], o) for s, p, o in links.elements()
    )
    assert {tie[":END_ID"] for tie in ties} <= set(keys), "neo4j-admin refuses a relationship to a node that is not there"
    milestone = next(node for node in nodes if "5000000" in node["amount:double[]"])
    assert set(milestone[":LABEL"].split(NEO4J_JOIN)) == {"Payment", "Milestone"}
    assert {"latestDate:date[]", "altLabel:string[]"} <= set(nodes[0])


def test_a_folder_is_whole_or_not_there(sample_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "mine.txt").write_text("x")
    for name in ("tables", "neo4j"):
        with pytest.raises(ExportError, match="is there already"):
            sample_graph.export(name, kept)
        with pytest.raises(ExportError, match="several files"):
            sample_graph.export(name, "-")
        with pytest.raises(ExportError, match="cannot write"):
            sample_graph.export(name, tmp_path / "missing" / "deep")

    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.export.tables.defused", fail)
    for out in (tmp_path / "t", tmp_path / "t.zip"):
        with pytest.raises(ExportError, match="No space left"):
            sample_graph.export("tables", out)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert [path.name for path in kept.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["tables", "neo4j", "graphml", "gexf", "cytoscape"])
def test_the_same_bytes_again(sample_graph: Graph, name: str, tmp_path: Path) -> None:
    for out in ("a.zip", "b.zip"):
        sample_graph.export(name, tmp_path / out)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    sample_graph.export(name, tmp_path / "empty", classes=["Linker"])  # of which there is none


# ---- the description


def described(path: Path) -> ox.Store:
    store = ox.Store()
    store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE)
    return store


def value(store: ox.Store, query: str) -> str | None:
    prefixes = {"void": VOID, "prov": PROV, "dcat": DCAT, "kg": KG, "dcterms": PREFIXES["dcterms"], "spdx": "http://spdx.org/rdf/terms#"}
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())
    rows = list(store.query(head + query))  # type: ignore[arg-type] # of a SELECT
    return None if not rows else rows[0][0].value


@pytest.mark.parametrize("name", ["nquads", "trig", "turtle"])
def test_the_description_counts_what_is_there(sample_graph: Graph, name: str, tmp_path: Path) -> None:
    out = tmp_path / f"graph{FORMATS[name].extension}"
    sample_graph.export(name, out, describe=True, licence="https://creativecommons.org/licenses/by/4.0/")
    form = ox.RdfFormat.from_media_type(FORMATS[name].media_type)
    assert form is not None
    found = list(ox.parse(out.read_bytes(), format=form))
    about = described(tmp_path / f"{out.name}.void.ttl")
    assert value(about, "SELECT ?n { ?d a void:Dataset ; void:triples ?n }") == str(len(found))
    milestones = {quad.subject for quad in found if quad.object == N(KG + "Milestone") and quad.predicate == N(RDF + "type")}
    assert value(about, "SELECT ?n { ?p void:class kg:Milestone ; void:entities ?n }") == str(len(milestones))
    payers = [quad for quad in found if quad.predicate == N(KG + "payer")]
    assert value(about, "SELECT ?n { ?p void:property kg:payer ; void:triples ?n }") == str(len(payers))
    assert value(about, "SELECT ?l { ?d dcterms:license ?l }") == "https://creativecommons.org/licenses/by/4.0/"
    assert value(about, "SELECT ?n { ?f a dcat:Distribution ; dcterms:title ?n }") == out.name
    assert value(about, "SELECT ?n { ?f dcat:byteSize ?n }") == str(out.stat().st_size)
    assert value(about, "SELECT ?v { ?d prov:wasGeneratedBy ?r . ?r prov:endedAtTime ?v }")
    assert value(about, "SELECT ?v { ?d dcat:version ?v }") == "0.1.0"
    if name == "trig":
        graphs = {quad.graph_name for quad in found}
        assert value(about, "SELECT ?v { ?d dcterms:extent ?v }") == f"{len(graphs)} named graphs"


def test_the_description_depends_on_the_run_by_its_time_alone(sample_graph: Graph, tmp_path: Path) -> None:
    found = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        sample_graph.export("turtle", tmp_path / folder / "graph.ttl", describe=True, classes=["Payload"])
        about = described(tmp_path / folder / "graph.ttl.void.ttl")
        assert value(about, "SELECT ?o { ?d dcterms:description ?o }") == "Of the store: things of Payload."
        assert str(tmp_path) not in (tmp_path / folder / "graph.ttl.void.ttl").read_text()
        found.append({quad for quad in about if quad.predicate.value != PROV + "endedAtTime"})
    assert found[0] == found[1]


def test_a_folder_holds_its_description(sample_graph: Graph, tmp_path: Path) -> None:
    sample_graph.export("tables", tmp_path / "t", describe=True)
    about = described(tmp_path / "t" / "void.ttl")
    rows = list(about.quads_for_pattern(None, N(DCAT + "distribution"), None))
    assert len(rows) == len(list((tmp_path / "t").glob("*.csv")))


def test_a_stream_has_no_description_and_is_no_worse(sample_graph: Graph) -> None:
    assert written(sample_graph, "turtle", describe=True) == written(sample_graph, "turtle")


def test_nothing_selected_is_everything() -> None:
    assert Selection().is_everything
    assert not Selection(things=()).is_everything
