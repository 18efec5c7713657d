"""Questions and parameters: what is understood, what is refused, and in which words."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.ask import KINDS, Parameter, Question, ask, bind, parse_question, question_called, questions
from kg.errors import QueryError
from kg.store import BASE, PREFIXES, Store

TRIG = Path(__file__).parent / "queries" / "graph.trig"
PHASE_2 = BASE + "milestone/02f2000000000002"


@functools.cache
def store() -> Store:
    quads = list(ox.parse(path=TRIG, format=ox.RdfFormat.TRIG))
    made = Store.memory()
    for document in {quad.subject for quad in quads if quad.predicate.value == PREFIXES["kg"] + "fileName"}:
        graphs = {document, ox.NamedNode(document.value + "/evidence")}
        made.put(
            document.value,
            [q for q in quads if q.graph_name in graphs or (q.subject == document and q.graph_name.value == BASE + "graph/catalogue")],
        )
    return made


def question_of(kind: str, need: str = "optional") -> Question:
    """A question with one parameter ?x of a kind."""
    header = f'# title: T\n# description: D.\n# question: 1\n# param: x {kind} "what" {need}\n'
    return parse_question(header + "SELECT ?x WHERE { ?x ?p ?o } ORDER BY ?x", "probe", "probe.rq")


def resolved(kind: str, value: object) -> str:
    term = bind(store(), question_of(kind), {"x": value})["x"]
    return term.value.removeprefix(BASE)


@pytest.mark.parametrize(
    ("kind", "value", "key", "reason"),
    [
        ("company", "ImmunoGen", "company/immunogen", "a label"),
        ("company", "IMMUNOGEN, INC.", "company/immunogen", "case and legal form do not count"),
        ("company", "Immunogen Inc", "company/immunogen", "nor do commas and full stops"),
        ("company", "Genentech, Inc.", "company/genentech", "nor a legal form that no document gives it"),
        ("company", "sanofi aventis", "company/sanofi-aventis", "a hyphen is a space"),
        ("company", BASE + "company/genentech", "company/genentech", "an IRI is taken as it is"),
        ("company", f"<{BASE}company/genentech>", "company/genentech", "also as SPARQL spells it"),
        ("company", "company/genentech", "company/genentech", "a key is relative to the store's base"),
        ("company", ox.NamedNode(BASE + "company/genentech"), "company/genentech", "a term is a term"),
        ("compound", "T-DM1", "compound/trastuzumab-dm1", "another name"),
        ("compound", "t–dm1", "compound/trastuzumab-dm1", "a dash is a hyphen"),
        ("compound", "SGN-35®", "compound/brentuximab-vedotin", "a code name, with a mark"),
        ("compound", "huC242-DM4", "compound/huc242-dm4", "codes are compared whole: DM1 is another compound"),
        ("payload", "mmae", "payload/mmae", "case"),
        ("antibody", "trastuzumab", "antibody/trastuzumab", "of its kind only"),
        ("target", "her2", "target/her2", "case"),
        ("technology", "TAP Technology", "technology/tap-technology", "case"),
        ("indication", "Hodgkin lymphoma", "indication/hodgkin-lymphoma", "a label"),
        ("thing", "Millennium", "company/millennium", "any kind of thing"),
        ("thing", "CD30", "target/cd30", "any kind of thing"),
        ("agreement", "Biotest", "agreement/a700000000000007", "an agreement goes by its parties where they have one only"),
        ("agreement", "agreement/a200000000000002", "agreement/a200000000000002", "else by its key"),
        ("document", "immunogen-2007-07-31-milestone.txt", "document/immunogen-2007-07-31-milestone-0ef8b2134ab5", "a file name"),
        ("document", "immunogen-2007-07-31-milestone", "document/immunogen-2007-07-31-milestone-0ef8b2134ab5", "without its ending"),
        ("document", "0000000000-07-000002", "document/immunogen-2007-07-31-milestone-0ef8b2134ab5", "an accession number"),
        ("document", "ImmunoGen earns Phase II milestone", "document/immunogen-2007-07-31-milestone-0ef8b2134ab5", "a title"),
        ("iri", PHASE_2, "milestone/02f2000000000002", "a fact's IRI"),
        ("iri", "milestone/02f2000000000002", "milestone/02f2000000000002", "a fact's key"),
        ("date", "2007-07-31", "2007-07-31", "a day"),
        ("date", dt.date(2007, 7, 31), "2007-07-31", "a day of Python"),
        ("integer", "12", "12", "as typed"),
        ("integer", 12, "12", "of Python"),
        ("text", 'say "hello"', 'say "hello"', "a text stays as it is"),
    ],
)
def test_value_is_understood(kind, value, key, reason):
    assert resolved(kind, value) == key, reason


def test_literals_have_the_types_that_queries_compare():
    bound = {
        kind: bind(store(), question_of(kind), {"x": value})["x"]
        for kind, value in (("date", "2007-07-31"), ("integer", "7"), ("text", "7"))
    }
    assert bound["date"] == ox.Literal("2007-07-31", datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))
    assert bound["integer"] == ox.Literal(7)
    assert bound["text"] == ox.Literal("7")


@pytest.mark.parametrize(
    ("kind", "value", "words", "reason"),
    [
        ("company", "Genentek", ["x:", "no company", "'Genentek'", "did you mean Genentech?"], "a slip of the pen"),
        ("company", "Seattle", ["did you mean Seattle Genetics?"], "a part of a name"),
        ("company", "Zzzz", ["no company in the store is called 'Zzzz'"], "nothing near"),
        ("company", "T-DM1", ["no company"], "a name of another kind"),
        ("company", "", ["no company"], "an empty name"),
        ("company", "Inc.", ["no company"], "a legal form is no name"),
        ("company", '"} DROP ALL #', ["no company"], "a value is never a query"),
        ("compound", "huC242", ["huC242-DM1", "huC242-DM4"], "the antibody is no compound; those that have it are near"),
        (
            "agreement",
            "ImmunoGen",
            ["6 things", "agreement/a100000000000001 (Genentech, ImmunoGen, 2000-05-01)"],
            "several: told apart",
        ),
        ("company", BASE + "company/nobody", ["says nothing of", "company/nobody"], "an IRI that the store does not have"),
        ("company", "company/nobody", ["no company"], "a key that the store does not have"),
        ("company", "http://a b", ["must be an IRI", "'http://a b'"], "no IRI"),
        ("iri", "milestone/02f2 0", ["must be an IRI"], "no key"),
        ("iri", "nothing", ["says nothing of"], "a key that the store does not have"),
        ("date", "July 2007", ["x must be a day such as 2007-07-31, not 'July 2007'"], "no day"),
        ("date", "2007-02-30", ["not '2007-02-30'"], "a day that there is not"),
        ("date", "2007", ["not '2007'"], "a year has a first and a last day: which is meant, the user says"),
        ("integer", "twelve", ["x must be a whole number such as 12, not 'twelve'"], "no number"),
        ("integer", "1.5", ["not '1.5'"], "not whole"),
        ("integer", "9" * 30, ["whole number"], "more than any engine's integer"),
    ],
)
def test_value_is_refused(kind, value, words, reason):
    with pytest.raises(QueryError) as caught:
        resolved(kind, value)
    assert all(word in str(caught.value) for word in words), (str(caught.value), reason)
    assert "\n" not in str(caught.value)


def test_names_that_two_things_bear_are_told_apart():
    """Two companies with one folded name: the user is shown both keys."""
    made = Store.memory()
    document = ox.NamedNode(BASE + "document/two-000000000000")
    type_, label = (ox.NamedNode(PREFIXES[prefix] + local) for prefix, local in (("rdf", "type"), ("rdfs", "label")))
    quads = []
    for key, name in (("company/acme", "Acme, Inc."), ("company/acme-gmbh", "ACME GmbH")):
        quads += [
            ox.Quad(ox.NamedNode(BASE + key), type_, ox.NamedNode(PREFIXES["kg"] + "Company"), document),
            ox.Quad(ox.NamedNode(BASE + key), label, ox.Literal(name), document),
        ]
    made.put(document.value, quads)
    with pytest.raises(QueryError, match=r"may be 2 things.*company/acme \(Acme, Inc\.\); company/acme-gmbh \(ACME GmbH\)"):
        bind(made, question_of("company"), {"x": "acme"})
    assert bind(made, question_of("company"), {"x": "company/acme"})["x"].value == BASE + "company/acme"


@pytest.mark.parametrize(
    ("name", "given", "words", "reason"),
    [
        ("milestones-earnt", {}, ["no question 'milestones-earnt'", "milestones-earned"], "a slip of the pen"),
        ("royalty", {}, ["no question", "royalties"], "the singular"),
        ("xyzzy", {}, ["no question 'xyzzy'; kg ask lists them all"], "nothing near"),
        (
            "milestones-earned",
            {"target": "HER2"},
            ["no parameter 'target'", "company, payer, since, until"],
            "a parameter of another question",
        ),
        ("largest-payments", {"year": "2007"}, ["it has none"], "a question without parameters"),
        ("agreements-between", {}, ["needs company", "one party"], "a required parameter is missing"),
        ("agreements-between", {"company": None}, ["needs company"], "None is not given"),
    ],
)
def test_question_is_refused(name, given, words, reason):
    with pytest.raises(QueryError) as caught:
        ask(store(), name, **given)
    assert all(word in str(caught.value) for word in words), (str(caught.value), reason)
    assert "\n" not in str(caught.value)


def test_default_is_used_unless_a_value_is_given():
    asked = {"company": "ImmunoGen", "until": "2007-08-31"}
    assert ask(store(), "silent-partners", **asked) == ask(store(), "silent-partners", **asked, months=12)
    assert ask(store(), "silent-partners", **asked) != ask(store(), "silent-partners", **asked, months=24)


def test_optional_parameter_left_out_means_any():
    assert len(ask(store(), "royalties").rows) == 2
    assert ask(store(), "royalties", payee=None) == ask(store(), "royalties")
    assert len(ask(store(), "royalties", payee="Seattle Genetics").rows) == 1


def test_evidence_of_a_node_is_its_sentences_in_order():
    answer = ask(store(), "milestones-earned", evidence=True, company="ImmunoGen", since="2007-01-01")
    assert answer.columns[-2:] == ("sentence", "document")
    told = [(row[-2].value.split()[0], row[-1].value) for row in answer.rows if row[-2] is not None and row[-1] is not None]
    assert told == [
        ("Genentech", "immunogen-2005-09-09-annual.txt"),
        ("ImmunoGen,", "immunogen-2007-07-31-milestone.txt"),
        ("The", "immunogen-2007-07-31-milestone.txt"),
    ]


def test_evidence_of_a_triple_is_that_of_its_own_statement():
    answer = ask(store(), "compounds-by-payload", evidence=True, payload="DM4")
    sentences = {(row[1].value, row[-2].value[:51].strip()) for row in answer.rows if row[1] is not None and row[-2] is not None}
    assert sentences == {
        ("AVE9633", "In March 2005, sanofi-aventis began Phase I testing"),
        ("huC242-DM4", "We own huC242-DM4 and huC242-DM1, two compounds tha"),
    }


def test_row_without_a_sentence_stays():
    made = Store.memory()
    document = ox.NamedNode(BASE + "document/bare-000000000000")
    fact, kg = ox.NamedNode(BASE + "milestone/0000000000000000"), PREFIXES["kg"]
    made.put(
        document.value,
        [
            ox.Quad(fact, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(kg + "Milestone"), document),
            ox.Quad(fact, ox.NamedNode(kg + "factuality"), ox.NamedNode(kg + "Occurred"), document),
        ],
    )
    (row,) = ask(made, "milestones-earned", evidence=True).rows
    assert row[-3:] == (fact, None, None)


def test_library_is_sorted_and_known_by_name():
    assert list(questions()) == sorted(questions())
    assert question_called("royalties").number == 16
    assert question_called("milestones-earned").parameters[0] == Parameter("company", "company", "who earned them", None, False)
    assert {parameter.kind for question in questions().values() for parameter in question.parameters} <= set(KINDS)


def test_description_goes_on_over_lines():
    question = parse_question("# title: T\n# description: One,\n#   two.\n# question: 7\nSELECT ?x WHERE { ?x ?p ?o }", "n", "n.rq")
    assert (question.title, question.description, question.number, question.evidence) == ("T", "One, two.", 7, ())


GOOD = ["# title: T", "# description: D.", "# question: 1", "SELECT ?x ?y WHERE { ?x ?p ?y }"]


@pytest.mark.parametrize(
    ("line", "fault", "reason"),
    [
        ("# param: x", "q.rq:4: not a parameter: 'x'", "no kind"),
        ('# param: x company "what"', "q.rq:4: not a parameter", "neither required nor optional"),
        ('# param: x firm "what" optional', "q.rq:4: 'firm' is no kind of parameter", "an unknown kind"),
        ('# param: z company "what" optional', "q.rq:1: the query has no variable ?z", "a parameter that nothing reads"),
        ('# param: x date "what" default=soon', "q.rq:4: x must be a day", "a default that is no value"),
        ('# param: x company "what" default=Roche', "q.rq:4: only a date, an integer or a text", "a name is the store's to resolve"),
        ('# param: x company "a" optional\n# param: x date "b" optional', "q.rq:5: the parameter x is declared twice", "twice"),
        ("# colour: red", "q.rq:4: unknown header 'colour'", "an unknown header"),
        ("# just a remark", "q.rq:4: not a header line", "a remark belongs below the header"),
        ("# title: again", "q.rq:4: title is given twice", "twice"),
        ("# evidence: milestone", "q.rq:4: evidence must be a column", "no variable"),
        ("# evidence: ?x nope:targets ?y", "q.rq:4: evidence must be a column", "an unknown prefix"),
    ],
)
def test_bad_header_names_file_and_line(line, fault, reason):
    with pytest.raises(QueryError) as caught:
        parse_question("\n".join([*GOOD[:3], line, *GOOD[3:]]), "q", "q.rq")
    assert str(caught.value).startswith(fault), reason


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (GOOD[1:], "q.rq:1: the header has no '# title"),
        ([GOOD[0], *GOOD[2:]], "q.rq:1: the header has no '# description"),
        ([*GOOD[:2], GOOD[3]], "q.rq:1: the header has no '# question"),
        ([*GOOD[:2], "# question: ten", GOOD[3]], "q.rq:3: question must be the number of a question, not 'ten'"),
    ],
)
def test_missing_header_is_named(lines, fault):
    with pytest.raises(QueryError) as caught:
        parse_question("\n".join(lines), "q", "q.rq")
    assert str(caught.value).startswith(fault)


def test_bad_file_in_a_folder_is_named(tmp_path):
    (tmp_path / "good.rq").write_text("\n".join(GOOD))
    (tmp_path / "half-done.rq").write_text("# title: T\n")
    with pytest.raises(QueryError, match=r"^half-done\.rq:1:"):
        questions(tmp_path)
