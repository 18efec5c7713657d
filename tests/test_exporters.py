"""Every exporter keeps one contract: the same triples back, the same bytes again, a whole file or none. Answers keep theirs."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from kg.assets import asset_dir
from kg.errors import ExportError, QueryError
from kg.export import FORMATS, RESULT_FORMATS, Exporter, export, registry, serialise
from kg.export.jsonld import CONTEXT
from kg.export.registry import sorted_quads
from kg.model import Issue
from kg.store import BASE, PREFIXES, Answer, Store

N, L = ox.NamedNode, ox.Literal
KG, XSD, RDF = PREFIXES["kg"], PREFIXES["xsd"], PREFIXES["rdf"]
DOCUMENTS = [BASE + "document/genmab-2019-aa11bb22cc33", BASE + "document/genmab-2020-dd44ee55ff66"]
FORMATS_OF_RDF = {
    "nquads": (ox.RdfFormat.N_QUADS, "nquads"),
    "trig": (ox.RdfFormat.TRIG, "trig"),
    "turtle": (ox.RdfFormat.TURTLE, "turtle"),
    "ntriples": (ox.RdfFormat.N_TRIPLES, "nt"),
    "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "rdfxml": (ox.RdfFormat.RDF_XML, "xml"),
}
KEEPS_GRAPHS = {"nquads", "trig", "jsonld"}

LITERALS = [
    L("plain"),
    L(""),
    L("  blanks at both ends "),
    L('a "quoted" \\ back\\slash'),
    L("two\nlines\r\nof\rthree\tkinds"),
    L("<script>alert('x') && true</script> ]]> <!-- -->"),
    L("𝛂-Linker – ®™ 😀 e\u0301 \u2028 \u00a0 \u0085"),
    L("kg:looks like a name"),
    L("@type"),
    L("naïve", language="fr"),
    L("en-gb", language="en-gb"),
    L("true", datatype=N(XSD + "boolean")),
    L("12", datatype=N(XSD + "integer")),
    L("-7", datatype=N(XSD + "integer")),
    L("12345678901234567890", datatype=N(XSD + "integer")),
    L("5000000", datatype=N(XSD + "decimal")),
    L("0.5", datatype=N(XSD + "decimal")),
    L("2019-03-05", datatype=N(XSD + "date")),
    L("2019-03", datatype=N(XSD + "gYearMonth")),
    L("2019", datatype=N(XSD + "gYear")),
    L("as written", datatype=N("https://example.org/own")),
]


def quads_of(number: int) -> list[ox.Quad]:
    """Make a document of the shape that ONTOLOGY.md gives, with every awkward literal; the two share a triple."""
    document = DOCUMENTS[number]
    node, evidence, quote = N(document), N(document + "/evidence"), N(f"{document}#char={number},{number + 20}")
    company, payment, judgement = N(BASE + "company/genmab"), N(f"{BASE}payment/00ff00ff00ff00f{number}"), N(f"{BASE}judgement/{number}")
    return [
        ox.Quad(company, N(RDF + "type"), N(KG + "Company"), node),
        ox.Quad(company, N(PREFIXES["rdfs"] + "label"), L("Genmab A/S"), node),
        ox.Quad(payment, N(RDF + "type"), N(KG + "Payment"), node),
        ox.Quad(payment, N(RDF + "type"), N(KG + "Milestone"), node),
        ox.Quad(payment, N(KG + "payee"), company, node),
        ox.Quad(payment, N(KG + "amount"), L("5000000", datatype=N(XSD + "decimal")), node),
        ox.Quad(payment, N(KG + "maxAmount"), L("not a number"), node),
        ox.Quad(payment, N(KG + "earliestDate"), L("2019", datatype=N(XSD + "gYear")), node),
        ox.Quad(payment, N(KG + "evidence"), quote, evidence),
        ox.Quad(quote, N(PREFIXES["oa"] + "start"), L(str(number), datatype=N(XSD + "integer")), evidence),
        *(ox.Quad(quote, N(PREFIXES["oa"] + "exact"), literal, evidence) for literal in LITERALS),
        ox.Quad(node, N(KG + "fileName"), L("genmab.txt"), N(BASE + "graph/catalogue")),
        ox.Quad(judgement, N(PREFIXES["dcterms"] + "source"), node, N(BASE + "graph/identity")),
    ]


def make_store(reverse: bool = False) -> Store:
    """Fill a store, in two orders and with two histories."""
    store = Store.memory()
    for number in (1, 0, 1) if reverse else (0, 1):
        store.put(DOCUMENTS[number], quads_of(number)[:: -1 if reverse else 1], path=f"/in/{number}", digest="x")
    return store


def store_of(*objects: ox.Literal, predicate: str = KG + "note") -> Store:
    store = Store.memory()
    store.put(DOCUMENTS[0], [ox.Quad(N(BASE + "company/genmab"), N(predicate), term, N(DOCUMENTS[0])) for term in objects])
    return store


def written(store: Store, name: str) -> bytes:
    out = io.BytesIO()
    assert export(store, name, out) == ()
    return out.getvalue()


def expected(name: str, store: Store) -> set[ox.Quad]:
    if name in KEEPS_GRAPHS:
        return set(store.quads())
    return {ox.Quad(quad.subject, quad.predicate, quad.object) for quad in store.quads()}


each_format = pytest.mark.parametrize("name", FORMATS_OF_RDF)


def test_formats_are_called_as_the_w3c_calls_them() -> None:
    for name in FORMATS_OF_RDF:
        exporter = FORMATS[name]
        media, extension = FORMATS_OF_RDF[name][0].media_type, FORMATS_OF_RDF[name][0].file_extension
        assert (exporter.name, exporter.media_type) == (name, media)
        assert exporter.extension in {f".{extension}", ".jsonld"}
        assert exporter.description


@each_format
def test_the_engine_reads_the_same_back(name: str) -> None:
    store = make_store()
    assert set(ox.parse(written(store, name), format=FORMATS_OF_RDF[name][0])) == expected(name, store)


def read_by_rdflib(content: bytes, name: str) -> rdflib.Dataset:
    dataset = rdflib.Dataset()
    target = dataset if name in KEEPS_GRAPHS else dataset.default_graph
    target.parse(data=content.decode(), format=FORMATS_OF_RDF[name][1])
    return dataset


@each_format
def test_rdflib_reads_the_same_back(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file that is read must not reach for the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    # rdflib would turn "5000000"^^xsd:decimal and the like into its own spelling before anything is compared.
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    store = make_store()
    found, wanted = read_by_rdflib(written(store, name), name), read_by_rdflib(written(store, "nquads"), "nquads")
    if name in KEEPS_GRAPHS:
        assert {str(g.identifier) for g in found.graphs() if len(g)} == {str(g.identifier) for g in wanted.graphs() if len(g)}
        for graph in wanted.graphs():
            assert isomorphic(graph, found.get_context(graph.identifier))
    else:
        union = rdflib.Graph()
        for graph in wanted.graphs():
            union += graph
        assert isomorphic(union, found.default_graph)


@each_format
def test_order_and_history_do_not_show(name: str) -> None:
    assert written(make_store(), name) == written(make_store(reverse=True), name)


PROGRAM = """
import sys, io, hashlib
sys.path.insert(0, sys.argv[1])
from test_exporters import FORMATS_OF_RDF, make_store, written
for name in FORMATS_OF_RDF:
    print(name, hashlib.sha256(written(make_store(sys.argv[2] == "1"), name)).hexdigest())
"""


def test_hash_seeds_do_not_show() -> None:
    """Run in processes of other hash seeds, and so of other set orders."""
    said = set()
    for seed in ("0", "1", "77"):
        command = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(int(seed) % 2)]
        path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        said.add(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert said == {"".join(f"{name} {hashlib.sha256(written(make_store(), name)).hexdigest()}\n" for name in FORMATS_OF_RDF)}


@each_format
def test_an_empty_store_makes_a_readable_file(name: str) -> None:
    content = written(Store.memory(), name)
    assert list(ox.parse(content, format=FORMATS_OF_RDF[name][0])) == []
    assert len(read_by_rdflib(content, name)) == 0


@each_format
def test_a_file_is_whole_or_not_there(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, target = make_store(), tmp_path / f"graph{FORMATS[name].extension}"
    export(store, name, target)
    content = target.read_bytes()
    assert content == written(store, name)

    def fail(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
        write = FORMATS_BEFORE[name].write
        assert write is not None
        write(itertools.islice(quads, 20), out)
        raise OSError(28, "No space left on device")

    FORMATS_BEFORE = dict(FORMATS)
    monkeypatch.setitem(registry.FORMATS, name, replace(FORMATS[name], write=fail))
    stream = io.BytesIO()
    for out in (target, str(target), stream, tmp_path / "other"):
        with pytest.raises(ExportError, match="No space left"):
            export(store, name, out)
    assert target.read_bytes() == content  # what was there stays
    assert stream.getvalue() == b""
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_failure_of_any_kind_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
        out.write(b"half")
        raise ZeroDivisionError

    monkeypatch.setitem(registry.FORMATS, "broken", Exporter("broken", ".x", "x/x", "x", fail))
    with pytest.raises(ZeroDivisionError):
        export(make_store(), "broken", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


BAD_TARGETS = [("missing/out.nq", "cannot write"), ("", "is a folder"), ("file/out.nq", "cannot write")]


@pytest.mark.parametrize(("target", "message"), BAD_TARGETS)
def test_a_target_that_cannot_be_written(target: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match=message) as caught:
        export(make_store(), "nquads", tmp_path / target)
    assert str(tmp_path / target) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_unknown_format_lists_those_there_are() -> None:
    with pytest.raises(ExportError, match="nquads, trig, turtle, ntriples, jsonld, rdfxml"):
        export(make_store(), "excel", io.BytesIO())


def test_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    export(make_store(), "nquads", "-")
    export(make_store(), "nquads", None)
    assert capfdbinary.readouterr().out == written(make_store(), "nquads") * 2


def test_nquads_are_sorted_as_bytes() -> None:
    lines = written(make_store(), "nquads").splitlines()
    assert lines == sorted(lines)
    assert len(lines) == len(set(make_store().quads()))


def test_turtle_is_readable() -> None:
    content = written(make_store(), "turtle").decode()
    assert "company:genmab a kg:Company ;" in content
    assert "payment:00ff00ff00ff00f0 a kg:Milestone ,\n        kg:Payment ;" in content
    assert 'kg:amount "5000000"^^xsd:decimal' in content
    assert "kg:payee company:genmab ." in content
    assert content.count('rdfs:label "Genmab A/S"') == 1  # two documents say it, and one graph holds it once


def test_jsonld_is_readable() -> None:
    content = json.loads(written(make_store(), "jsonld"))
    assert content["@context"] == CONTEXT
    graphs = {graph["@id"]: graph["@graph"] for graph in content["@graph"]}
    assert list(graphs) == sorted(graphs, key=lambda name: name.replace("document:", BASE + "document/").replace("graph:", BASE + "graph/"))
    nodes = {node["@id"]: node for node in graphs["document:genmab-2019-aa11bb22cc33"]}
    assert nodes["company:genmab"] == {"@id": "company:genmab", "@type": "kg:Company", "rdfs:label": "Genmab A/S"}
    assert nodes["payment:00ff00ff00ff00f0"]["kg:amount"] == "5000000"
    assert nodes["payment:00ff00ff00ff00f0"]["kg:maxAmount"] == {"@value": "not a number"}


def test_the_shipped_context_is_the_one_in_the_files() -> None:
    """For whoever frames or compacts JSON-LD of their own the way that exports are."""
    assert json.loads((asset_dir("ontology") / "context.jsonld").read_text(encoding="utf-8")) == {"@context": CONTEXT}


CONTROL = [("a\x0cb", "the form feed of a page break"), ("\x00", "a zero"), ("\x1b[31m", "an escape"), ("\ufffe", "no character of XML")]


@pytest.mark.parametrize(("text", "reason"), CONTROL, ids=[row[1] for row in CONTROL])
def test_what_xml_cannot_hold_is_replaced_and_reported(text: str, reason: str) -> None:
    store, out = store_of(L(text), L("fine")), io.BytesIO()
    issues = export(store, "rdfxml", out)
    assert [(issue.stage, issue.where) for issue in issues] == [("export", BASE + "company/genmab")]
    assert "U+FFFD" in issues[0].problem
    objects = {quad.object.value for quad in ox.parse(out.getvalue(), format=ox.RdfFormat.RDF_XML)}  # type: ignore[union-attr] # no blank nodes here
    assert objects == {text.translate(dict.fromkeys(map(ord, "\x0c\x00\x1b\ufffe"), "\ufffd")), "fine"}
    assert len(read_by_rdflib(out.getvalue(), "rdfxml")) == 2
    for name in set(FORMATS_OF_RDF) - {"rdfxml"}:  # the others hold every character
        assert set(ox.parse(written(store, name), format=FORMATS_OF_RDF[name][0])) == expected(name, store)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
@settings(max_examples=60, deadline=None)
def test_every_text_survives(texts: list[str]) -> None:
    store = store_of(*map(L, texts))
    for name in FORMATS_OF_RDF:
        out = io.BytesIO()
        if not export(store, name, out):
            assert set(ox.parse(out.getvalue(), format=FORMATS_OF_RDF[name][0])) == expected(name, store)


def test_predicates_of_other_namespaces_in_xml() -> None:
    store = store_of(L("x"), predicate="https://example.org/own/note")
    assert b'xmlns:ns1="https://example.org/own/"' in written(store, "rdfxml")
    with pytest.raises(ExportError, match=r"https://example\.org/own/1"):
        export(store_of(L("x"), predicate="https://example.org/own/1"), "rdfxml", io.BytesIO())


def test_an_iri_that_json_ld_would_misread() -> None:
    with pytest.raises(ExportError, match="<kg:note>"):
        export(store_of(L("x"), predicate="kg:note"), "jsonld", io.BytesIO())


def test_blank_nodes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store()
    monkeypatch.setattr(Store, "quads", lambda self, *_: iter([ox.Quad(ox.BlankNode("b"), N(KG + "p"), L("x"), N("urn:g"))]))
    with pytest.raises(ExportError, match="_:b"):
        sorted_quads(store)


ROWS: list[tuple[ox.NamedNode | ox.BlankNode | ox.Literal | None, ...]] = [
    (N(BASE + "company/genmab"), L("Genmab A/S")),
    (ox.BlankNode("b0"), L('say "a,b"; then\r\nstop\tnow')),
    (None, L("<script>alert(1)</script> & ]]>")),
    (L("naïve 😀", language="fr"), None),
    (L("5000000", datatype=N(XSD + "decimal")), L("")),
]
SELECT = Answer(("thing", "name"), ROWS)
CONSTRUCT = Answer(triples=[ox.Triple(N(BASE + "company/genmab"), N(KG + "note"), literal) for literal in LITERALS])


ROW_FORMATS = [("json", ox.QueryResultsFormat.JSON), ("xml", ox.QueryResultsFormat.XML), ("tsv", ox.QueryResultsFormat.TSV)]


@pytest.mark.parametrize(("name", "form"), ROW_FORMATS)
def test_rows_are_read_back(name: str, form: ox.QueryResultsFormat) -> None:
    found = ox.parse_query_results(serialise(SELECT, name), format=form)
    assert isinstance(found, ox.QuerySolutions)
    assert tuple(variable.value for variable in found.variables) == SELECT.columns
    rows = [tuple(solution) for solution in found]
    assert isinstance(rows[1][0], ox.BlankNode)  # a reader gives it a name of its own
    assert [rows[0], (ROWS[1][0], rows[1][1]), *rows[2:]] == ROWS


@pytest.mark.parametrize("name", ["json", "xml", "tsv"])
def test_rdflib_reads_the_rows(name: str) -> None:
    result = rdflib.query.Result.parse(io.BytesIO(serialise(SELECT, name)), format=name)
    assert [str(row.get(rdflib.Variable("name"), "")) for row in result.bindings] == [
        "" if row[1] is None else row[1].value for row in ROWS
    ]


def test_csv_is_what_the_w3c_wants() -> None:
    content = serialise(SELECT, "csv")
    assert content.startswith(b"thing,name\r\n" + f"{BASE}company/genmab,Genmab A/S\r\n".encode())
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    values = [["" if term is None else term.value for term in row] for row in ROWS]
    assert [rows[1], ["b0", rows[2][1]], *rows[3:]] == values
    assert rows[2][0] == "_:b0"


def test_xml_of_what_it_cannot_hold() -> None:
    content = serialise(Answer(("x",), [(L("page\x0cbreak\r"),)]), "xml")
    assert b"page\xef\xbf\xbdbreak&#13;" in content


@pytest.mark.parametrize("value", [True, False])
def test_a_boolean(value: bool) -> None:
    answer = Answer(boolean=value)
    for name, form in (("json", ox.QueryResultsFormat.JSON), ("xml", ox.QueryResultsFormat.XML)):
        assert bool(ox.parse_query_results(serialise(answer, name), format=form)) is value
    assert serialise(answer, "csv").strip() == serialise(answer, "tsv").strip() == str(value).lower().encode()


@pytest.mark.parametrize(
    ("name", "form"),
    [(name, ox.RdfFormat.from_media_type(RESULT_FORMATS[name].media_type)) for name in RESULT_FORMATS if RESULT_FORMATS[name].is_rdf],
)
def test_triples_are_read_back(name: str, form: ox.RdfFormat) -> None:
    assert CONSTRUCT.triples is not None
    assert {quad.triple for quad in ox.parse(serialise(CONSTRUCT, name), format=form)} == set(CONSTRUCT.triples)


MISMATCHES = [
    (SELECT, "turtle", "csv, tsv, json, xml"),
    (CONSTRUCT, "csv", "turtle, ntriples, rdfxml, jsonld"),
    (SELECT, "excel", "csv, tsv, json, xml"),
]


@pytest.mark.parametrize(("answer", "name", "choices"), MISMATCHES)
def test_a_format_that_cannot_hold_the_answer(answer: Answer, name: str, choices: str) -> None:
    with pytest.raises(QueryError, match=choices):
        serialise(answer, name)


def test_every_result_format_is_tested() -> None:
    assert list(RESULT_FORMATS) == ["csv", "tsv", "json", "xml", "turtle", "ntriples", "rdfxml", "jsonld"]
    for chosen in RESULT_FORMATS.values():
        known = ox.RdfFormat.from_extension(chosen.extension[1:]) or ox.QueryResultsFormat.from_extension(chosen.extension[1:])
        assert known is not None
        assert known.media_type.split(";")[0] == chosen.media_type
