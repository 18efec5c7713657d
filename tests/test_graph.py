"""`kg.Graph` and `kg.why`: the verbs of the Python API over a fixed graph whose texts are known."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.errors import KgError, QueryError, StoreError
from kg.graph import Graph, store_path
from kg.store import PREFIXES, Store
from kg.why import find_things

FIXED = Path(__file__).parent / "queries" / "graph.trig"
BASE = "https://w3id.org/conjugate/id/"
OA = "http://www.w3.org/ns/oa#"


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the fixed graph; its texts are put together from their sentences."""
    by_document: defaultdict[str, list[ox.Quad]] = defaultdict(list)
    sentences: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
    shas: dict[str, str] = {}
    parsed = list(ox.parse(path=str(FIXED), format=ox.RdfFormat.TRIG))
    starts = {quad.subject.value: int(quad.object.value) for quad in parsed if quad.predicate.value == OA + "start"}
    for quad in parsed:
        subject, name = quad.subject.value, quad.graph_name.value
        if name == BASE + "graph/catalogue":
            by_document[subject].append(quad)
            if quad.predicate.value.endswith("#sha256"):
                shas[subject] = quad.object.value
        elif name.startswith(BASE + "document/"):
            by_document[name.removesuffix("/evidence")].append(quad)
        if quad.predicate.value == OA + "exact":
            sentences[subject.partition("#")[0]].add((starts[subject], quad.object.value))
    path = tmp_path_factory.mktemp("fixed") / "store"
    with Store.open(path) as store:
        for document, quads in sorted(by_document.items()):
            text = " ".join(sentence for _, sentence in sorted(sentences[document])) + "\n"
            store.put(document, quads, text if hashlib.sha256(text.encode()).hexdigest() == shas[document] else None)
    return path


@pytest.fixture(scope="module")
def graph(fixed: Path) -> Iterator[Graph]:
    with Graph.open(fixed) as opened:
        yield opened


def test_the_public_names_are_there() -> None:
    assert [name for name in kg.__all__ if not hasattr(kg, name)] == []
    assert list(kg.__all__) == sorted(kg.__all__)
    assert {"Graph", "build", "open", "KgError"} <= set(kg.__all__)


def test_documents(graph: Graph) -> None:
    assert [document.file_name for document in graph.documents()][-1] == "seattle-genetics-2009-12-14-brentuximab.txt"


def test_sparql(graph: Graph) -> None:
    answer = graph.sparql("SELECT ?name { <https://w3id.org/conjugate/id/company/genentech> rdfs:label ?name }")
    assert [row[0].value for row in answer.rows if row[0]] == ["Genentech"]


def test_ask(graph: Graph) -> None:
    answer = graph.ask("milestones-earned", company="immunogen")
    assert answer.rows, "a name is found in any case of its letters"


def test_show(graph: Graph, tmp_path: Path) -> None:
    page = graph.show(tmp_path / "graph.html", focus="Genentech", hops=1)
    assert "Genentech" in page.read_text(encoding="utf-8")


def test_export(graph: Graph, tmp_path: Path) -> None:
    graph.export("nquads", str(tmp_path / "graph.nq"))
    lines = (tmp_path / "graph.nq").read_text(encoding="utf-8").splitlines()
    assert len(lines) == sum(1 for _ in graph.store.quads())


def test_validate(graph: Graph) -> None:
    report = graph.validate()
    assert report.conforms is True and report.checked >= len(graph.documents())


def test_views(graph: Graph) -> None:
    assert len(graph.to_rdflib()) > 100
    assert BASE + "company/genentech" in graph.to_networkx()


def test_notebook_view_is_escaped_and_counts(graph: Graph) -> None:
    shown = graph._repr_html_()
    assert "<td>Company</td>" in shown and "&lt;kg.Graph" in shown


def test_closed(fixed: Path) -> None:
    graph = Graph.open(fixed)
    graph.close()
    with pytest.raises(StoreError, match="closed"):
        graph.documents()
    assert "closed" in repr(graph)


STORES = [
    ("given", "variable", "given", "what is given"),
    (None, "variable", "variable", "else the variable"),
    (None, "", "kg-store", "an empty variable says nothing"),
    (None, None, "kg-store", "else the default"),
]


@pytest.mark.parametrize(("given", "variable", "expected", "reason"), STORES, ids=[row[3] for row in STORES])
def test_which_store(monkeypatch: pytest.MonkeyPatch, given: str | None, variable: str | None, expected: str, reason: str) -> None:
    monkeypatch.delenv("KG_STORE", raising=False)
    if variable is not None:
        monkeypatch.setenv("KG_STORE", variable)
    assert store_path(given) == Path(expected), reason


def test_no_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kg build"):
        Graph.open(tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == []


FOUND = [
    ("Genentech", ["company/genentech"], "a name"),
    ("gENENTECH", ["company/genentech"], "in any case of its letters"),
    ("company/genentech", ["company/genentech"], "a key"),
    (BASE + "company/genentech", ["company/genentech"], "an IRI"),
    (f"<{BASE}company/genentech>", ["company/genentech"], "an IRI as Turtle writes it"),
]


@pytest.mark.parametrize(("name", "keys", "reason"), FOUND, ids=[row[2] for row in FOUND])
def test_find_things(graph: Graph, name: str, keys: list[str], reason: str) -> None:
    assert find_things(graph.store, name) == [BASE + key for key in keys], reason


def test_a_name_that_only_a_header_has_is_no_thing() -> None:
    document, filing = ox.NamedNode(BASE + "document/a"), ox.NamedNode(BASE + "filing/0000000000-20-000001")
    filer, catalogue = ox.NamedNode(filing.value + "/filer/0000000042"), ox.NamedNode(BASE + "graph/catalogue")
    kg_, rdfs = PREFIXES["kg"], PREFIXES["rdfs"]
    lines = [
        (document, ox.NamedNode(PREFIXES["dcterms"] + "isPartOf"), filing), (filing, ox.NamedNode(kg_ + "filer"), filer),
        (filer, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(kg_ + "Filer")),
        (filer, ox.NamedNode(rdfs + "label"), ox.Literal("ZEBULON HOLDINGS INC")),
    ]  # fmt: skip
    with Store.memory() as store:
        store.put("document/a", [ox.Quad(*line, catalogue) for line in lines])
        with pytest.raises(QueryError, match="nothing in the store is called"):
            find_things(store, "Zebulon Holdings")


def test_an_unknown_name_shows_the_nearest(graph: Graph) -> None:
    with pytest.raises(QueryError, match="Genentech"):
        graph.why("Genentec")


@pytest.mark.parametrize("name", ["", "a/b c", "\x00", "'); DROP", '"', "?x", "company/{}"])
def test_a_hostile_name_is_an_error_not_a_query(graph: Graph, name: str) -> None:
    with pytest.raises(KgError):
        graph.why(name)


def test_why_gives_sentences_that_slice_exactly(graph: Graph) -> None:
    texts = {document.iri: graph.store.text_of(document.sha256) for document in graph.documents()}
    reasons = graph.why("trastuzumab-DM1")
    assert len({reason.document for reason in reasons}) > 1, "in several documents"
    for reason in reasons:
        assert reason.quotes and reason.rules and reason.derivation, reason.claim
        for quote in reason.quotes:
            assert texts[reason.document][quote.start : quote.end] == quote.quote


def test_why_finds_a_thing_as_object_and_in_events(graph: Graph) -> None:
    predicates = {reason.predicate.rpartition("#")[2] for reason in graph.why("Genentech")}
    assert {"payer", "licensee"} <= predicates, "events are found through what supports them"
    as_object = graph.why("DM1")
    assert any(reason.predicate.endswith("#hasPayload") and reason.subject != reason.object for reason in as_object)


def test_why_of_one_statement(graph: Graph) -> None:
    reasons = graph.why("trastuzumab-DM1", "hasPayload", "DM1")
    assert {reason.claim for reason in reasons} == {"trastuzumab-DM1 hasPayload DM1"}
    assert all("DM1" in quote.sentence for reason in reasons for quote in reason.quotes)


def test_why_of_an_events_property(graph: Graph) -> None:
    milestone = next(reason.subject for reason in graph.why("Genentech", None) if "/milestone/" in reason.subject)
    reasons = graph.why(milestone, "factuality")
    assert reasons and all(reason.subject == milestone and reason.predicate.endswith("#factuality") for reason in reasons)
    assert graph.why(milestone), "and the event by its own key"


def test_why_of_a_class_is_all_that_the_thing_takes_part_in(graph: Graph) -> None:
    assert graph.why("trastuzumab-DM1", "type")


@pytest.mark.parametrize("predicate", ["hasPayload", "kg:hasPayload", "https://w3id.org/conjugate/ontology#hasPayload"])
def test_a_property_goes_by_name_prefix_or_iri(graph: Graph, predicate: str) -> None:
    assert graph.why("trastuzumab-DM1", predicate)


def test_an_unknown_property_shows_the_nearest(graph: Graph) -> None:
    with pytest.raises(QueryError, match="hasPayload"):
        graph.why("trastuzumab-DM1", "hasPaylod")


def test_what_nobody_says_has_no_reason(graph: Graph) -> None:
    assert graph.why("trastuzumab-DM1", "hasPayload", "Genentech") == []
