"""The guard: what reaches the engine is what was checked, and a fault is shown where it is."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.store import PREFIXES
from kg.store.guard import CAREFUL, parse_query, write_request
from kg.store.sparql import Answer, answer

N, L = ox.NamedNode, ox.Literal
KG = PREFIXES["kg"]
NAMES = {"a": "genmab", "b": "seagen", "c": "genmab"}  # b alone makes a compound


def _engine() -> ox.Store:
    engine = ox.Store()
    for key, name in NAMES.items():
        engine.add(ox.Quad(N(f"urn:{key}"), N(KG + "name"), L(name)))
    engine.add(ox.Quad(N("urn:b"), N(KG + "makes"), N("urn:x")))
    engine.add(ox.Quad(N("urn:a"), N(KG + "name"), L("genmab"), N("urn:g")))
    return engine


def ask(query: str, **bindings: ox.NamedNode | ox.Literal) -> Answer:
    return answer(_engine(), query, bindings)


def values(query: str, **bindings: ox.NamedNode | ox.Literal) -> list[tuple[str | None, ...]]:
    return [tuple(None if term is None else term.value for term in row) for row in ask(query, **bindings).rows]  # type: ignore[union-attr] # only IRIs and literals are asked for


ALL = [("urn:a",), ("urn:b",), ("urn:c",)]

ACCEPTED = [
    ("SELECT ?s { ?s kg:name ?n }", ALL, "a prefix that the query need not declare"),
    ("PREFIX kg: <urn:> SELECT ?s { ?s kg:name ?n }", [], "its own declaration of a known prefix wins"),
    ("prefix q: <https://w3id.org/conjugate/ontology#>\nselect ?s where { ?s q:name ?n }", ALL, "keywords in lower case"),
    ("SELECT ?s { ?s kg:name ?n } # SERVICE <http://x/> {", ALL, "a keyword and a brace in a comment"),
    ("SELECT ?s {\n# it's \"half a string\n ?s kg:name ?n }", ALL, "quotes in a comment open no string"),
    ('SELECT ?s { ?s kg:name ?n FILTER(?n != "SERVICE { ( # DROP") }', ALL, "keywords, brackets and # in a string"),
    ("SELECT ?s { ?s kg:name ?n FILTER(?n != '}}}') }", ALL, "single quotes"),
    ('SELECT ?s { ?s kg:name ?n FILTER(?n != "a\\"}{\\\\") }', ALL, "escaped quote and backslash at the end of a string"),
    ('SELECT ?s { ?s kg:name ?n FILTER(?n != """a "quoted" {\n"" \\"""") }', ALL, "a long string with quotes and a line end"),
    ("SELECT ?s { ?s kg:name ?n FILTER(?n != '''it's ''{''') }", ALL, "a long string in single quotes"),
    ("SELECT ?s { ?s kg:name ?n FILTER(?n != \"\") FILTER(?n != '') }", ALL, "empty strings are not the start of long ones"),
    ('SELECT ?s { ?s kg:name ?n FILTER(?n != "\\u007D") }', ALL, "an escaped brace inside a string"),
    ("SELECT ?s { ?s <https://w3id.org/conjugate/ontology#name> ?n }", ALL, "the # of an IRI starts no comment"),
    ("SELECT ?s { ?s kg:name ?n . FILTER(STRLEN(?n)<9 && STRLEN(?n)>1) }", ALL, "comparisons that look like an IRI"),
    ("SELECT ?s { ?s kg:name ?n FILTER(?s<?n||?n>?s||true) }", ALL, "comparisons without spaces, which are an IRI to no grammar"),
    ("SELECT DISTINCT ?s { ?s kg:name/^kg:name ?s }", ALL, "paths"),
    ("SELECT ?s { ?s (kg:name|kg:makes)+ ?n FILTER(isLiteral(?n)) }", ALL, "alternative and repeated paths"),
    ("SELECT ?s { ?s kg:name ?n BIND(-1.5e0+2-3 AS ?x) FILTER(?x < .5) }", ALL, "numbers with signs and exponents"),
    ('SELECT ?s { ?s kg:name ?n FILTER(?n != "x"@en-GB) FILTER(?n != "1"^^xsd:int || true) }', ALL, "language tags and datatypes"),
    ("SELECT $s { $s kg:name ?n; kg:name ?m, ?m . }", ALL, "$ is ?"),
    ("SELECT ?s { ?s kg:name [] } ", ALL, "an anonymous node"),
    ("SELECT ?s FROM <urn:g> { ?s kg:name ?n }", [("urn:a",)], "a graph that the store has"),
    ("PREFIX u: <urn:> SELECT ?s FROM NAMED u:g { GRAPH ?g { ?s kg:name ?n } }", [("urn:a",)], "the same by a prefixed name"),
    ("SELECT ?s { ?s kg:name ?n } ORDER BY DESC(?s)", ALL[::-1], "asked order is kept"),
    ("SELECT ?s { { SELECT ?s { ?s kg:name ?n } ORDER BY DESC(?s) } }", ALL, "a subquery's order is not the answer's"),
    ("SELECT ?service ?load { ?service kg:name ?load FILTER(?load = 'seagen') }", [("urn:b", "seagen")], "variables called like keywords"),
]


@pytest.mark.parametrize(("query", "rows", "reason"), ACCEPTED, ids=[row[2] for row in ACCEPTED])
def test_accepts(query: str, rows: list[tuple[str, ...]], reason: str) -> None:
    assert values(query) == rows


REFUSED = [
    ("", "empty", "nothing"),
    ("# only a comment", "empty", "nothing but a comment"),
    ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "kg sparql reads only", "an update"),
    ("PREFIX x: <urn:> DELETE WHERE { ?s ?p ?o }", "kg sparql reads only", "an update after its prologue"),
    ("drop all", "kg sparql reads only", "an update in lower case"),
    ("LOAD <http://localhost/x>", "kg sparql reads only", "LOAD fetches"),
    ("WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "kg sparql reads only", "WITH"),
    ("EXPLAIN SELECT * { ?s ?p ?o }", "starts with SELECT", "no form of SPARQL"),
    ("SELECT * { ?s ?p ?o } ; DROP ALL", "not expected here", "an update behind a query"),
    ("SELECT * { SERVICE <http://localhost:9/> { ?s ?p ?o } }", "SERVICE is refused", "SERVICE reaches the network"),
    ("SELECT * { service silent ?x { ?s ?p ?o } }", "SERVICE is refused", "in lower case, with a variable"),
    (
        'SELECT * { ?a ?p ?b FILTER(?a <?b#>"""\n) SERVICE ?x { ?s ?p ?o } #"""\n) }',
        "not expected here",
        "hidden in a comparison and a comment",
    ),
    ('SELECT * { ?a ?p ?b FILTER(?a <kg:x#>"""\n) SERVICE ?x {} } #"""', "is not closed", "the same with an absolute IRI"),
    ("ASK { \\u0053ERVICE <http://localhost:9/> {} }", "backslash", "an escaped keyword"),
    ("SELECT * { ?s kg:a\\(b ?o }", "backslash", "an escaped bracket in a name"),
    ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "no graph <file:///etc/passwd>", "a file as a graph"),
    ("SELECT * FROM NAMED <http://localhost/x> { ?s ?p ?o }", "no graph <http://localhost/x>", "a URL as a graph"),
    ("SELECT * FROM <x> { ?s ?p ?o }", "IRI of a graph", "a relative graph"),
    ("SELECT * FROM { ?s ?p ?o }", "IRI of a graph", "no graph"),
    ('SELECT * { ?s ?p "open }', "string is not closed", "an open string"),
    ('SELECT * { ?s ?p "two\nlines" }', "string is not closed", "a short string over two lines"),
    ('SELECT * { ?s ?p """open" }', "string is not closed", "an open long string"),
    ("SELECT * { ?s ?p ?o", "{ is not closed", "an open brace"),
    ("SELECT * { ?s ?p ?o ) }", ") closes nothing", "brackets that cross"),
    ("SELECT * { ?s ?p ?o } }", "} closes nothing", "one brace too many"),
    ("SELECT * { ?s foo:p ?o }", "unknown prefix foo:", "a prefix nobody declared"),
    ("SELECT * { << ?s ?p ?o >> ?q ?r }", "RDF 1.1", "triple terms"),
    ("SELECT ?n (COUNT(?s) AS ?c) { ?s kg:name ?n }", "unbound", "a fault of meaning, in the engine's words"),
    ("SELECT (<urn:f>(1) AS ?x) {}", "urn:f", "a function that nobody has"),
    ("SELECT * { ?s ?p '\ud800' }", "surrogate", "half a surrogate pair"),
    ("SELECT * { ?s ?p ?o FILTER(" + "(" * CAREFUL.depth + "1" + ")" * CAREFUL.depth + ") }", "nested", "parentheses"),
    ("SELECT * {" * 50 + "}" * 50, "nested", "subqueries"),
    ("SELECT * { " + "?s ?p ?o FILTER EXISTS { " * 60 + "}" * 61, "nested", "EXISTS"),
    ("SELECT * { ?s ?p " + "[ kg:p " * 60 + "]" * 60 + "}", "nested", "anonymous nodes"),
    ("SELECT * { ?a ?p ?b FILTER(?a<" + "(" * 60 + "?b" + ")" * 60 + ">?b) }", "nested", "brackets in what may be an IRI"),
    ("SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * CAREFUL.patterns) + "}", "joins more", "a chain of UNION"),
    ("SELECT * { " + "?s kg:name ?o . " * (CAREFUL.patterns + 1) + "}", "joins more", "patterns over one variable"),
    ("SELECT * { ?s kg:name ?o" + ",?o" * (CAREFUL.patterns + 1) + "}", "joins more", "the same as an object list"),
    ("SELECT * { " + "{?s ?p ?o}" * (CAREFUL.patterns + 1) + "}", "joins more", "the same as groups without a dot"),
    ("SELECT * { ?s ?p (" + "1 " * (CAREFUL.patterns + 2) + ") }", "joins more", "a collection, two patterns for each item"),
    ("SELECT * { ?s ?p (" + "() " * (CAREFUL.patterns + 2) + ") }", "joins more", "a collection of collections"),
    ("SELECT * { ?s kg:p" + "/kg:p" * (CAREFUL.steps + 1) + " ?o }", "path steps", "a long path"),
    ("SELECT * { ?s kg:p" + "|kg:p" * (CAREFUL.steps + 1) + " ?o }", "path steps", "a path of many ways"),
    ("SELECT * { ?s kg:p" + "/kg:p" * 100 + " ?o " + ". ?s kg:q ?o" * 100 + " }", "joins more", "a long path and many patterns"),
    ("SELECT * { BIND(1" + "+1" * 600 + " AS ?x) }", "operators", "a sum that overflows the stack of a thread of 1 MB"),
    ("SELECT * { ?s ?p ?o FILTER(" + "!" * 600 + "true) }", "operators", "negations"),
    ("SELECT * { ?s ?p ?o FILTER(?o = '" + "x" * CAREFUL.length + "') }", "characters", "too long"),
    ("SELECT * { ?s ?p ?o }" + "#" * CAREFUL.raw, "characters", "too long a comment"),
]


@pytest.mark.parametrize(("query", "message", "reason"), REFUSED, ids=[row[2] for row in REFUSED])
def test_refuses(query: str, message: str, reason: str) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        ask(query)


def test_limits_leave_room_for_long_lists_and_comments() -> None:
    many = " ".join(f"<urn:{i}>" for i in range(500))
    assert values(f"SELECT ?s {{ VALUES ?s {{ <urn:a> {many} }} ?s kg:name ?n }} #{'explained ' * 2000}") == [("urn:a",)]
    rows = " ".join(f"(<urn:{i}> {i})" for i in range(400))
    assert values(f"SELECT ?s {{ VALUES (?s ?i) {{ (<urn:a> 1) {rows} }} ?s kg:name ?n }}") == [("urn:a",)]


CARETS = [
    ("SELECT ?s {\n  ?s ?p }", 2, 9, "a triple without an object: the engine itself reports another place"),
    ("SELECT ?s {\n  # note\n\t?s foo:p ?o }", 3, 5, "behind a comment and a tab"),
    ('SELECT * {\n?s ?p """a\nb""" .\n?s ?p ) }', 4, 7, "behind a string of two lines"),
    ("SELECT * { ?s ?p é }", 1, 18, "a character that nothing starts with"),
    ("SELECT ?s WHERE { ?s kg:name ?n } LIMIT x", 1, 41, "in a modifier"),
    ("SELECT ?s WERE { ?s kg:name ?n }", 1, 11, "a misspelt keyword"),
    ("SELECT ?s { ?s kg:name ?n } ORDER BY", 1, 37, "the end"),
    ("INSERT DATA {}", 1, 1, "an update"),
]


@pytest.mark.parametrize(("query", "line", "column", "reason"), CARETS, ids=[row[3] for row in CARETS])
def test_a_caret_stands_under_the_fault(query: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(query)
    message, shown, caret = str(caught.value).split("\n")
    assert f"line {line}, column {column}:" in message
    assert shown[2:] == query.split("\n")[line - 1]
    assert caret.index("^") == column + 1


def test_a_fault_in_a_long_line_shows_its_neighbourhood() -> None:
    with pytest.raises(QueryError) as caught:
        ask("SELECT ?s { " + "?s kg:name ?n . " * 50 + "foo:x }")
    _, shown, caret = str(caught.value).split("\n")
    assert len(shown) < 110
    assert shown[caret.index("^") :].startswith("foo:x")


BOUND = [
    ("SELECT ?s { ?s kg:name ?n }", "a variable that is not in SELECT"),
    ("SELECT ?s { ?s kg:name ?m FILTER(?m = $n) }", "in a filter only"),
    ("SELECT ?s { { ?s kg:name ?m FILTER(?m = ?n) } UNION { ?s kg:makes ?m FILTER(?m = ?n) } }", "in filters of nested groups"),
    ("SELECT ?s { ?s kg:name ?m OPTIONAL { ?s kg:name ?k FILTER(?k = ?n) } FILTER(BOUND(?k)) }", "in an OPTIONAL"),
    ("SELECT ?s { { SELECT ?s { ?s kg:name ?n } } }", "in a subquery that does not select it"),
    ("SELECT ?s { { SELECT ?s (COUNT(?m) AS ?c) { ?s kg:name ?m FILTER(?m = ?n) } GROUP BY ?s } }", "in a subquery that counts"),
    ("SELECT ?s { ?s kg:name ?m FILTER EXISTS { ?s kg:name ?n } }", "in EXISTS"),
    ("SELECT ?s { ?s kg:name ?m MINUS { ?s kg:name ?k FILTER(?k != ?n) } }", "in MINUS"),
    ("SELECT DISTINCT ?s { ?s kg:name ?m . VALUES ?z { 1 2 } FILTER(?m = ?n) }", "beside VALUES, whose braces are no group"),
    ("SELECT ?s WHERE { BIND(?n AS ?k) ?s kg:name ?k }", "in BIND"),
    ("SELECT ?s { ?s kg:name ?n ; kg:name ?n }", "twice"),
]


@pytest.mark.parametrize(("query", "reason"), BOUND, ids=[row[1] for row in BOUND])
def test_a_binding_reaches_every_place(query: str, reason: str) -> None:
    assert values(query, n=L("seagen")) == [("urn:b",)]
    assert values(query, n=L("nobody")) == []


def test_bindings_of_other_forms() -> None:
    assert ask("ASK { ?s kg:name $n }", n=L("seagen")).boolean is True
    assert ask("ASK { ?s kg:name $n }", n=L("x")).boolean is False
    made = ask("CONSTRUCT { ?s kg:is $n } WHERE { ?s kg:name $n }", n=L("seagen")).triples
    assert made == [ox.Triple(N("urn:b"), N(KG + "is"), L("seagen"))]
    assert ask("DESCRIBE ?s { ?s kg:makes $x }", x=N("urn:x")).triples
    assert values("SELECT ?g { GRAPH ?g { ?s kg:name ?n } }", n=L("genmab")) == [("urn:g",)]


NOT_BOUND = [
    ("SELECT ?s { ?s kg:name ?m }", {"n": L("x")}, "no variable ?n"),
    ("SELECT ?s { ?s kg:name '?n' }", {"n": L("x")}, "no variable ?n"),
    ("CONSTRUCT WHERE { ?s kg:name ?n }", {"n": L("x")}, "WHERE group"),
    ("DESCRIBE ?n", {"n": N("urn:x")}, "WHERE group"),
    ("SELECT ?s { ?s kg:name ?n }", {"n": ox.BlankNode("b")}, "IRI or a literal"),
    ("SELECT ?s { ?s kg:name ?n }", {"n": "seagen"}, "IRI or a literal"),
]


@pytest.mark.parametrize(("query", "bindings", "message"), NOT_BOUND)
def test_a_binding_that_cannot_be_made_is_an_error(query: str, bindings: dict[str, ox.Literal], message: str) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        ask(query, **bindings)


ATTACKS = [
    '"} DROP ALL #',
    '" } SERVICE <http://localhost:9/> { ?s ?p ?o } #',
    '\\" } #',
    '"""',
    "'''",
    "\n} #",
    "\r\n\t\x00\x01\x08\x0c\x7f\u0085\u2028\ufffe",
    "\\u0022 } #",
    "<script>alert('x')</script> ]]> &amp;",
    "𝛂-linker 😀",
    "\\",
]


@pytest.mark.parametrize("value", ATTACKS)
def test_a_literal_stays_a_literal(value: str) -> None:
    engine = _engine()
    engine.add(ox.Quad(N("urn:evil"), N(KG + "name"), L(value)))
    before = set(engine)
    assert answer(engine, "SELECT ?s ?n { ?s kg:name ?n }", {"n": L(value)}).rows == [(N("urn:evil"), L(value))]
    assert answer(engine, "SELECT ?s { ?s kg:name ?n }", {"n": L(value, language="en")}).rows == []
    assert set(engine) == before


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=200, deadline=None)
def test_every_text_survives_binding(value: str) -> None:
    assert answer(ox.Store(), "SELECT (?x AS ?y) { }", {"x": L(value)}).rows == [(L(value),)]


PIECES = [*"{}()[]<>\"'\\#?$:@^.;,|&!=ab \n\t", '"""', "?a ", "kg:name ", "<urn:a#b>", "SELECT * ", "VALUES ?a ", "FILTER", "BIND", "0.5"]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(max_examples=500, deadline=None)
def test_any_text_is_answered_or_refused(noise: list[str]) -> None:
    try:
        answer(ox.Store(), f"SELECT * {{ {''.join(noise)} }}", {})
    except QueryError as error:
        assert str(error)


@pytest.mark.parametrize("query", [row[0] for row in ACCEPTED], ids=[row[2] for row in ACCEPTED])
def test_the_written_query_means_the_same(query: str) -> None:
    """The spaced-out text must be the same query to the engine as the one the user wrote."""
    written = write_request(parse_query(query, PREFIXES), {}).text
    plain, sent = (_engine().query(text, prefixes=dict(PREFIXES)) for text in (query, written))
    assert isinstance(plain, ox.QuerySolutions)
    assert isinstance(sent, ox.QuerySolutions)
    assert sorted(str(row) for row in plain) == sorted(str(row) for row in sent)
