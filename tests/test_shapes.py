"""The shapes: a right graph fits, each wrong one breaks just the constraint that it is named after, and every constraint has such a one."""

from __future__ import annotations

import functools
import time
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, BNode, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from kg.rdf import vocab
from kg.rdf.iri import BASE
from kg.rdf.shapes import Report, to_rdflib, validate, validate_all

ROOT = Path(__file__).resolve().parent.parent
SH = Namespace("http://www.w3.org/ns/shacl#")
DOCUMENT = ox.NamedNode(BASE + "document/example-000000000000")
FILES = ("things", "events", "support")
# Of a shape, what is no constraint
STRUCTURE = {"path", "message", "property", "targetClass", "targetSubjectsOf", "severity", "type"}


@functools.cache
def shapes() -> Graph:
    return Graph().parse(ROOT / "ontology" / "shapes.ttl")


def local(node: Node | None) -> str:
    return str(node).replace("/", "#").rsplit("#", 1)[-1]


def path_of(shape: Node) -> str:
    path = shapes().value(shape, SH.path)
    if isinstance(path, BNode):
        return "+".join(local(each) for each in Collection(shapes(), shapes().value(path, SH.alternativePath)))
    return local(path) if path is not None else ""


def constraints() -> dict[str, tuple[str, str]]:
    """Every constraint of the shapes as SHAPE/PATH/CONSTRAINT, with its component and its message."""
    found = {}
    for shape in shapes().subjects(RDF.type, SH.NodeShape):
        for node in (shape, *shapes().objects(shape, SH.property)):
            for name in {local(each) for each in shapes().predicates(node)} - STRUCTURE:
                component = f"{name[0].upper()}{name[1:]}ConstraintComponent"
                found[f"{local(shape)}/{path_of(node)}/{name}"] = (component, str(shapes().value(node, SH.message)))
    return found


@functools.cache
def fixture(name: str) -> dict[str, list[ox.Triple]]:
    graphs: dict[str, list[ox.Triple]] = {}
    for quad in ox.parse(path=str(ROOT / "tests" / "shapes" / f"{name}.trig"), format=ox.RdfFormat.TRIG):
        graphs.setdefault(quad.graph_name.value, []).append(quad.triple)
    return graphs


FAULTS = [(file, name) for file in FILES for name in fixture(file) if name != "urn:right"]


def with_fault(file: str, name: str) -> list[ox.Quad]:
    """The right graph of a file, made wrong."""
    graphs = fixture(file)
    right, change = set(graphs["urn:right"]), set(graphs[name])
    if name.startswith("urn:drop:"):
        assert change <= right, "only what is there can be dropped"
    else:
        assert not change <= right, "adds nothing"
    triples = right - change if name.startswith("urn:drop:") else right | change
    return [ox.Quad(t.subject, t.predicate, t.object, DOCUMENT) for t in sorted(triples, key=str)]


def report_of(quads: list[ox.Quad]) -> Graph:
    """What pyshacl reports."""
    _, report, _ = pyshacl.validate(to_rdflib(quads), shacl_graph=shapes())
    assert isinstance(report, Graph), report
    return report


def results(quads: list[ox.Quad]) -> set[tuple[str, str]]:
    """What pyshacl finds: component and message."""
    report = report_of(quads)
    return {
        (local(report.value(node, SH.sourceConstraintComponent)), str(report.value(node, SH.resultMessage)))
        for node in report.subjects(RDF.type, SH.ValidationResult)
    }


@pytest.mark.parametrize("file", FILES)
def test_the_right_graph_fits(file: str) -> None:
    graph = fixture(file)["urn:right"]
    assert validate_all([ox.Quad(t.subject, t.predicate, t.object, DOCUMENT) for t in graph]) == Report(True, (), 1)


@pytest.mark.parametrize(("file", "name"), FAULTS, ids=[name for _, name in FAULTS])
def test_a_wrong_graph_fails_for_its_reason(file: str, name: str) -> None:
    expected = constraints()[name.split(":", 2)[2]]
    quads = with_fault(file, name)
    assert expected in results(quads)
    assert any(expected[1] in issue.problem for issue in validate_all(quads).issues)


def test_every_constraint_has_a_wrong_graph() -> None:
    assert {name.split(":", 2)[2] for _, name in FAULTS} == set(constraints())


def test_every_shape_has_a_right_graph() -> None:
    """A shape that no right graph has a node for would be passed by anything."""
    right = [triple for file in FILES for triple in fixture(file)["urn:right"]]
    classes = {t.object.value for t in right if t.predicate == vocab.RDF_TYPE}
    predicates = {t.predicate.value for t in right}
    for shape in shapes().subjects(RDF.type, SH.NodeShape):
        wanted_classes = {str(each) for each in shapes().objects(shape, SH.targetClass)}
        wanted_predicates = {str(each) for each in shapes().objects(shape, SH.targetSubjectsOf)}
        assert wanted_classes or wanted_predicates, shape
        assert wanted_classes <= classes, shape
        assert not wanted_predicates or wanted_predicates & predicates, shape


def test_every_shape_says_what_to_mend() -> None:
    messages = [
        (local(shape), str(message))
        for shape in shapes().subjects(RDF.type, SH.NodeShape)
        for node in (shape, *shapes().objects(shape, SH.property))
        for message in shapes().objects(node, SH.message)
    ]
    assert len({words for _, words in messages}) == len(messages), "two constraints with the same words cannot be told apart"
    bare = [
        local(shape)
        for shape in shapes().subjects(RDF.type, SH.NodeShape)
        for p in shapes().objects(shape, SH.property)
        if not shapes().value(p, SH.message)
    ]
    assert bare == []


def test_every_property_has_a_shape() -> None:
    """A property that no shape speaks of could lead anywhere."""
    named = {local(each) for each in shapes().all_nodes() if str(each).startswith(vocab.NAMESPACE)}
    assert vocab.PROPERTIES - named == set()
    assert vocab.CLASSES - named == set()


def test_lists_of_concepts_are_the_schemes() -> None:
    by_property: dict[str, set[frozenset[str]]] = {}
    for node, values in shapes().subject_objects(SH["in"]):
        by_property.setdefault(path_of(node), set()).add(frozenset(local(each) for each in Collection(shapes(), values)))
    assert by_property.pop("judgement") == {frozenset({"same", "unsure"})}
    assert by_property == {name: {concepts} for name, concepts in vocab.CONCEPTS.items()}


def test_an_issue_names_file_node_and_value() -> None:
    catalogue = ox.Quad(DOCUMENT, vocab.KG.fileName, ox.Literal("release.txt"), ox.NamedNode(BASE + "graph/catalogue"))
    found = validate([catalogue, *with_fault("events", "urn:add:Payment/currency/pattern")])
    wrong = next(issue for issue in found if "'$'" in issue.problem)
    assert (wrong.stage, wrong.where) == ("validate", "release.txt")
    assert wrong.problem == ("https://example.org/id/goal: a payment has at most one kg:currency, an ISO 4217 code such as USD (found '$')")


def test_a_warning_does_not_keep_a_document_out() -> None:
    quads = with_fault("events", "urn:drop:Amendment/amends/minCount")
    assert validate(quads) == [], "a document may speak of an amendment to what it does not describe"
    report = validate_all(quads)
    assert report.conforms is True and len(report.issues) == 1


def test_each_document_is_checked_by_itself() -> None:
    """What one document expects another one reports: two factualities of one node, one in each graph."""
    right = fixture("events")["urn:right"]
    other = ox.NamedNode(BASE + "document/other-111111111111")
    start = ox.NamedNode("https://example.org/id/start")
    quads = [ox.Quad(t.subject, t.predicate, t.object, DOCUMENT) for t in right]
    for t in right:
        value = vocab.concept("Expected") if t.subject == start and t.predicate == vocab.KG.factuality else t.object
        quads.append(ox.Quad(t.subject, t.predicate, value, other))
    assert validate(quads) == []
    joined = [ox.Quad(q.subject, q.predicate, q.object, DOCUMENT) for q in quads]
    assert [issue for issue in validate(joined) if "factuality" in issue.problem] != []


def test_not_run_is_not_conforming() -> None:
    reference = ox.Quad(DOCUMENT, vocab.KG.cik, ox.Literal("0000855654"), ox.NamedNode(BASE + "graph/reference"))
    assert validate_all([]) == Report(None, (), 0)
    assert validate_all([reference]).conforms is None, "background knowledge is no document"


def test_an_ill_formed_literal_is_an_issue_and_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert validate(with_fault("events", "urn:add:Event/date/or"))
    assert caplog.records == []


INCOMPARABLE = [
    ox.Literal("NaN", datatype=ox.NamedNode(vocab.XSD + "decimal")),  # which pyshacl takes for a decimal, and then cannot compare
    ox.Literal("NaN", datatype=ox.NamedNode(vocab.XSD + "double")),
    ox.BlankNode("b"),
]


@pytest.mark.parametrize("value", INCOMPARABLE, ids=str)
def test_what_pyshacl_stops_at_is_an_issue(value: ox.Literal | ox.BlankNode) -> None:
    quads = [ox.Quad(t.subject, t.predicate, t.object, DOCUMENT) for t in fixture("events")["urn:right"]]
    wrong = ox.Quad(ox.NamedNode("https://example.org/id/fee"), vocab.KG.minAmount, value, DOCUMENT)
    report = validate_all([*quads, wrong])
    assert report.conforms is False
    assert ["cannot be compared" in issue.problem for issue in report.issues] == [True]


UNKNOWN_DATES = [("2021-13", "gYearMonth"), ("2021-00", "gYearMonth"), ("2021-1", "gYearMonth"), ("21", "gYear"), ("2021-02-30", "date")]


@pytest.mark.parametrize(("written", "datatype"), UNKNOWN_DATES)
@pytest.mark.parametrize(
    ("file", "node", "name"), [("events", "royalty", vocab.KG.date.value), ("support", "release", vocab.DCT_DATE.value)]
)
def test_a_date_that_no_calendar_knows_is_an_issue(file: str, node: str, name: str, written: str, datatype: str) -> None:
    value = ox.Literal(written, datatype=ox.NamedNode(vocab.XSD + datatype))
    subject = ox.NamedNode("https://example.org/id/" + node)
    triples = [t for t in fixture(file)["urn:right"] if (t.subject, t.predicate.value) != (subject, name)]
    quads = [ox.Quad(t.subject, t.predicate, t.object, DOCUMENT) for t in triples]
    issues = validate_all([*quads, ox.Quad(subject, ox.NamedNode(name), value, DOCUMENT)]).issues
    assert ["that the calendar knows" in issue.problem and repr(written) in issue.problem for issue in issues] == [True]


SECONDS = 1.0  # ten times what it takes alone; other tests may share the processors


def test_four_hundred_triples_are_checked_at_once(figures: list[str]) -> None:
    quads = []
    for copy in range(4):  # the same things and events under other names, until there are enough
        for t in fixture("events")["urn:right"] + fixture("things")["urn:right"]:
            terms = [ox.NamedNode(f"{n.value}-{copy}") if str(n).startswith("<https://example.org/") else n for n in (t.subject, t.object)]
            quads.append(ox.Quad(terms[0], t.predicate, terms[1], DOCUMENT))
    quads = sorted(set(quads), key=str)[:400]
    validate(quads)  # loads the shapes
    began = time.perf_counter()
    validate(quads)
    took = time.perf_counter() - began
    figures.append(f"SHACL: {len(quads)} triples in {1000 * took:.0f} ms")
    assert took < SECONDS
