"""Each question of the library against its answer file, on every engine that is here.

An answer file `queries/<name>.json` is a list of askings: the parameters ("with"), the graph it is asked of (graph.trig unless it says
another), the columns and the rows. IRIs are shortened to keys or prefixed names, numbers are numbers. The answers were worked out from the
sentences in the graph's comments; a change in one is a change of what the question means.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.ask import Question, ask, bind, questions
from kg.errors import QueryError
from kg.store import BASE, PREFIXES, Store
from kg.store.guard import parse_query, write_request

HERE = Path(__file__).parent / "queries"
LIBRARY = questions()
HOSTILE = '"} DROP ALL #'
Row = list[str | int | None]


@functools.cache
def store(name: str, backwards: bool = False) -> Store:
    """The graph of a file, put as a build puts it: a document at a time, in one order or the other."""
    quads = list(ox.parse(path=HERE / name, format=ox.RdfFormat.TRIG))
    made = Store.memory()
    for document in sorted(
        {quad.subject for quad in quads if quad.predicate.value == PREFIXES["kg"] + "fileName"}, key=str, reverse=backwards
    ):
        graphs = {document, ox.NamedNode(document.value + "/evidence")}
        lines = {document} | {
            quad.subject for quad in quads if quad.predicate.value == PREFIXES["dcterms"] + "source" and quad.object == document
        }
        own = [quad for quad in quads if quad.graph_name in graphs or (quad.subject in lines and "/graph/" in quad.graph_name.value)]
        made.put(document.value, reversed(own) if backwards else own)
    return made


@functools.cache
def dataset(name: str) -> rdflib.Dataset:
    return rdflib.Dataset(default_union=True).parse(HERE / name, format="trig")


def short(value: str, datatype: str) -> str | int:
    """Spell a term as the answer files do; engines write 5000000, 5000000.0 and 5.0E6 for one number."""
    if datatype.rpartition("#")[2] in {"decimal", "integer"}:
        number = Decimal(value)
        assert number == int(number), "the fixed graph has whole numbers only"
        return int(number)
    for prefix, namespace in (("", BASE), *((f"{prefix}:", PREFIXES[prefix]) for prefix in ("kg", "rdf", "rdfs", "skos"))):
        if value.startswith(namespace) and not datatype:
            return prefix + value.removeprefix(namespace)
    return value


def on_oxigraph(question: Question, graph: str, given: Mapping[str, str]) -> tuple[list[str], list[Row]]:
    answer = ask(store(graph), question.name, **given)
    rows = [
        [None if t is None else short(t.value, t.datatype.value if isinstance(t, ox.Literal) else "") for t in row] for row in answer.rows
    ]
    return list(answer.columns), rows


def bound_text(question: Question, graph: str, given: Mapping[str, str]) -> str:
    """The text that the store gives its engine, for the others to read."""
    return write_request(parse_query(question.sparql, PREFIXES), bind(store(graph), question, given)).text


def on_rdflib(question: Question, graph: str, given: Mapping[str, str]) -> tuple[list[str], list[Row]]:
    result = dataset(graph).query(bound_text(question, graph, given))
    assert result.vars is not None
    rows = [
        [None if t is None else short(str(t), "" if isinstance(t, rdflib.URIRef) else str(t.datatype or rdflib.XSD.string)) for t in row]
        for row in result
    ]
    return [str(name) for name in result.vars], rows


ASKINGS = [
    pytest.param(path.stem, asking, id=f"{path.stem}-{number}")
    for path in sorted(HERE.glob("*.json"))
    for number, asking in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1)
]


@pytest.mark.parametrize(("name", "asking"), ASKINGS)
@pytest.mark.parametrize("engine", [on_oxigraph, on_rdflib], ids=["oxigraph", "rdflib"])
def test_answer(engine, name, asking):
    columns, rows = engine(LIBRARY[name], asking.get("graph", "graph.trig"), asking["with"])
    assert columns == asking["columns"]
    assert rows == asking["rows"]


@pytest.mark.parametrize(("name", "asking"), ASKINGS)
def test_order_does_not_depend_on_the_order_of_the_documents(name, asking):
    graph = asking.get("graph", "graph.trig")
    assert ask(store(graph), name, **asking["with"]) == ask(store(graph, backwards=True), name, **asking["with"])


def test_every_question_has_an_answer_that_is_not_empty():
    assert {path.stem for path in HERE.glob("*.json")} == set(LIBRARY)
    answered = {param.values[0] for param in ASKINGS if param.values[1]["rows"]}
    assert set(LIBRARY) - answered == set()


def test_the_questions_that_were_promised_are_there():
    assert {question.number for question in LIBRARY.values()} == set(range(1, 43))


@pytest.mark.parametrize("name", LIBRARY)
def test_every_parameter_is_asked_with(name):
    asked = {key for param in ASKINGS if param.values[0] == name for key in param.values[1]["with"]}
    assert asked == {parameter.name for parameter in LIBRARY[name].parameters}


@pytest.mark.parametrize("name", LIBRARY)
def test_order_is_total(name):
    """Rows are distinct and every column takes part in the order, so no two rows can change places."""
    body = "\n".join(line for line in LIBRARY[name].sparql.splitlines() if not line.startswith("#"))
    head, order = body.partition("WHERE")[0], body.rpartition("ORDER BY")[2]
    answer = ask_freely(name)
    assert set(answer.columns) <= set(re.findall(r"\?(\w+)", order))
    assert "SELECT DISTINCT" in head or "GROUP BY" in body
    assert len(set(answer.rows)) == len(answer.rows)


def ask_freely(name):
    """Ask with every parameter free, as somebody does who runs the file in another tool."""
    return store("graph.trig").query(LIBRARY[name].sparql)


@pytest.mark.parametrize("name", LIBRARY)
def test_evidence_leads_from_every_row_to_a_sentence(name):
    question = LIBRARY[name]
    asked = [param.values[1] for param in ASKINGS if param.values[0] == name and param.values[1].get("graph") is None]
    for asking in asked:
        if not question.evidence:
            with pytest.raises(QueryError, match="no sentence"):
                ask(store("graph.trig"), name, evidence=True, **asking["with"])
            continue
        plain = ask(store("graph.trig"), name, **asking["with"])
        told = ask(store("graph.trig"), name, evidence=True, **asking["with"])
        assert told.columns == (*plain.columns, "sentence", "document")
        assert list(dict.fromkeys(row[:-2] for row in told.rows)) == plain.rows
        assert all(row[-2] is not None and row[-1] is not None for row in told.rows)


@pytest.mark.parametrize(("name", "parameter"), [(q.name, p) for q in LIBRARY.values() for p in q.parameters], ids=str)
def test_hostile_values_are_values(name, parameter):
    """A value that would end the query, were it pasted in, is looked up as a name or compared as a text, and changes nothing."""
    before = set(store("graph.trig").quads())
    first = next(param.values[1] for param in ASKINGS if param.values[0] == name)
    given = first["with"] | {parameter.name: HOSTILE}
    if parameter.kind == "text":
        assert ask(store("graph.trig"), name, **given).rows == []
    else:
        with pytest.raises(QueryError, match=parameter.name):
            ask(store("graph.trig"), name, **given)
    assert set(store("graph.trig").quads()) == before


@pytest.mark.parametrize("name", LIBRARY)
def test_query_is_portable(name):
    """What engines answer differently, each seen: see the reason of each row."""
    body = "\n".join(line for line in LIBRARY[name].sparql.splitlines() if not line.startswith("#"))
    for pattern, reason in (
        (r"\b(SAMPLE|GROUP_CONCAT)\b", "any order, so any value"),
        (r"\b(NOW|RAND|UUID|STRUUID)\s*\(", "another answer each time"),
        (r"GRAPH\s+\?\w+\s*\{\s*(\{\s*)?(SELECT|VALUES)\b", "Oxigraph loses the graph's name"),
        (r"\bkg:date\b", "engines disagree on comparing gYear, gYearMonth and date"),
        (r"\bFROM\b|\bSERVICE\b", "not the store that is asked"),
        (r"_:|\[\s*\]", "the graph has no blank nodes"),
    ):
        assert not re.search(pattern, body), reason
    declared = set(re.findall(r"^PREFIX (\w+):", body, re.MULTILINE))
    used = set(re.findall(r"(?<![\w?<])(\w+):\w", re.sub(r"<http[^>]*>|\"[^\"]*\"", "", body)))
    assert declared == used, "the file runs as it stands, in any tool"


NOBODY_PAID = """
@prefix kg: <https://w3id.org/conjugate/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <https://w3id.org/conjugate/id/> .
:one {
  :a a kg:Company ; rdfs:label "A" .
  :b a kg:Company ; rdfs:label "B" .
  :p a kg:Milestone , kg:Payment ; kg:paymentType kg:MilestonePayment ; kg:factuality kg:Occurred ; kg:triggeredBy :d ; kg:forCompound :c ;
    kg:amount "1"^^xsd:decimal ; kg:currency "USD" .
  :d a kg:Development ; kg:factuality kg:Occurred ; kg:ofCompound :c ; kg:event kg:Started ; kg:stage kg:Phase2 .
  :c a kg:Compound ; rdfs:label "C" .
  :g a kg:Agreement ; kg:factuality kg:Occurred ; kg:agreementType kg:License .
}
<https://w3id.org/conjugate/id/graph/catalogue> { :one a kg:Document ; kg:fileName "one.txt" . }
"""


@pytest.mark.parametrize("name", LIBRARY)
def test_who_is_not_told_is_nobody_rather_than_everybody(name):
    """A name looked up for a payee that no document tells would be that of every company in the store."""
    engine = ox.Store()
    engine.bulk_load(NOBODY_PAID.encode(), format=ox.RdfFormat.TRIG)
    union = rdflib.Dataset(default_union=True).parse(data=NOBODY_PAID, format="trig")
    text = write_request(parse_query(LIBRARY[name].sparql, PREFIXES), {}).text
    for rows in (list(engine.query(text, use_default_graph_as_union=True)), list(union.query(text))):
        told = [{str(getattr(term, "value", term)) for term in row} for row in rows]
        assert not [row for row in told if row & {BASE + "p", BASE + "d", BASE + "g"} and row & {"A", "B"}]


@pytest.mark.parametrize("name", LIBRARY)
def test_header_reads_well(name):
    question = LIBRARY[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert len(question.title) <= 90 and not question.title.endswith(".")
    assert question.description.endswith(".") and len(question.description) > 40
    answer = ask_freely(name)
    assert {*question.evidence[:1], *question.evidence[2:]} <= set(answer.columns)
    for parameter in question.parameters:
        assert parameter.description[0].islower() and len(parameter.description) <= 60, "it ends the line 'kg ask X needs company: …'"


@pytest.mark.parametrize("graph", ["graph.trig", "faulty.trig"])
def test_offsets_of_the_fixed_graph_are_those_of_its_sentences(graph):
    """The graph's comments hold each text; what the evidence quotes stands there (the faulty graph has one quote that is cut)."""
    text = (HERE / graph).read_text(encoding="utf-8")
    wrong = 0
    for part in text.split("# " + "-" * 100)[1:]:
        document = " ".join(re.findall(r"^#   (.+)$", part, re.MULTILINE)) + "\n"
        for start, end, quote in re.findall(r"oa:start (\d+) ;\s+oa:end (\d+) ;\s+oa:exact (\".*\") ;", part):
            wrong += document[int(start) : int(end)] != json.loads(quote)
    assert wrong == (graph == "faulty.trig")


# Jena has no package on PyPI: KG_JENA_CLASSPATH is the class path of tests/readers/jena-pom.xml (version 5 needs Java 17).
JENA = os.environ.get("KG_JENA_CLASSPATH", "")


@pytest.mark.slow
@pytest.mark.skipif(not JENA or shutil.which("java") is None, reason="needs java, and the class path of jena-arq in KG_JENA_CLASSPATH")
@pytest.mark.parametrize("graph", ["graph.trig", "faulty.trig", "ahead.trig"])
def test_answers_on_jena(graph, tmp_path):
    """All askings of a graph in one run of Java, which starts slowly; the default graph is written out as the union of the others."""
    asked = [param.values for param in ASKINGS if param.values[1].get("graph", "graph.trig") == graph]
    for number, (name, asking) in enumerate(asked):
        (tmp_path / f"{number}.rq").write_text(bound_text(LIBRARY[name], graph, asking["with"]), encoding="utf-8")
    quads = list(ox.parse(path=HERE / graph, format=ox.RdfFormat.TRIG))
    union = {ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads}
    (tmp_path / "data.nq").write_bytes(ox.serialize([*quads, *union], format=ox.RdfFormat.N_QUADS))
    command = ["java", "-cp", JENA, str(HERE / "AskJena.java"), str(tmp_path / "data.nq"), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for number, (name, asking) in enumerate(asked):
        result = json.loads((tmp_path / f"{number}.rq.json").read_text(encoding="utf-8"))
        columns = result["head"]["vars"]
        terms = [[row.get(column) for column in columns] for row in result["results"]["bindings"]]
        rows = [[None if term is None else short(term["value"], datatype(term)) for term in row] for row in terms]
        assert (name, columns, rows) == (name, asking["columns"], asking["rows"])


def datatype(term: Mapping[str, str]) -> str:
    """The datatype of a term of SPARQL's JSON results, "" for an IRI."""
    return "" if term["type"] == "uri" else term.get("datatype", PREFIXES["xsd"] + "string")
