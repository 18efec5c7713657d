"""Resolved statements in, quads out: what stands in which graph, what each value looks like, and what support costs."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import OntologyError
from kg.model import (
    Concept,
    Document,
    Entity,
    Evidence,
    Filer,
    Filing,
    Link,
    PartialDate,
    Ref,
    Resolution,
    Section,
    Sentence,
    Source,
    Span,
    Statement,
    Value,
)  # fmt: skip
from kg.rdf import vocab
from kg.rdf.iri import BASE
from kg.rdf.quads import literal, quads
from kg.rdf.shapes import Report, validate, validate_all
from kg.rdf.vocab import KG

SENTENCES = tuple(
    f"Sentence {number} tells what Acme and Globex do with ACM-{number}, their antibody-\ndrug conjugate, and what it earns them."
    for number in range(12)
)  # fmt: skip
TEXT = "\n".join(SENTENCES)
KEY = "document/release-abcdefabcdef"
D = ox.NamedNode(BASE + KEY)
SUPPORT = ox.NamedNode(BASE + KEY + "/evidence")
CATALOGUE = ox.NamedNode(BASE + "graph/catalogue")
IDENTITY = ox.NamedNode(BASE + "graph/identity")
XSD = "http://www.w3.org/2001/XMLSchema#"


def document(text: str = TEXT, **source: str) -> Document:
    span = Span(0, len(text))
    whole = Sentence(span, text, tuple(range(len(text))), 0)
    made = Source(KEY, "text", "release.txt", "ab" * 32, **source)  # type: ignore[arg-type] # only the fields of type str are given
    return Document(made, text, (Section("body", "", span),), (whole,), "A release", PartialDate(2020, 5, 4))


def said(number: int, rule: str = "relation/rule") -> Evidence:
    start = sum(len(each) + 1 for each in SENTENCES[:number])
    quote = SENTENCES[number]
    return Evidence(KEY, Span(start, start + len(quote)), quote, quote.replace("-\n", "-"), rule)


def iri(key: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + key)


ACME = Entity("company/acme", "Company", "Acme Bio, Inc.", (("altLabel", "Acme"),))
GLOBEX = Entity("company/globex", "Company", "Globex")
ADC = Entity("compound/acm-1", "AntibodyDrugConjugate", "ACM-1", (("codeName", "ACM-1"), ("brandName", "Acmevo")))
DRUG = Entity("payload/mmae", "Payload", "MMAE")
EDGE = Statement(
    "composition", ADC.key, "hasPayload", Ref(DRUG.key), (said(0, "composition/joins"), said(1, "composition/carries")), "Inferred"
)
DEAL = Statement(
    "agreement", "agreement/1", "type", Concept("Agreement"), (said(2),),
    properties=(("licensor", Ref(ACME.key)), ("licensee", Ref(GLOBEX.key)), ("exclusive", True), ("factuality", Concept("Occurred"))),
)  # fmt: skip
GOAL = Statement(
    "payment", "milestone/1", "type", Concept("Milestone"), (said(2), said(3)), "Resolved",
    properties=(
        ("paymentType", Concept("MilestonePayment")), ("factuality", Concept("Occurred")), ("underAgreement", Ref("agreement/1")),
        ("amount", Decimal("5000000.00")), ("currency", "USD"), ("bound", Concept("Exactly")), ("date", PartialDate(2020, 5)),
        ("earliestDate", dt.date(2020, 5, 1)), ("forCompound", Ref(ADC.key)),
    ),
)  # fmt: skip
LINK = Link("Acme Bio, Inc.", "Acme", ACME.key, "same", "a defined term", "identity/defined-term", (said(4),))
STORY = Resolution((ACME, GLOBEX, ADC, DRUG), (EDGE, DEAL, GOAL), (LINK,))


def lines(made: list[ox.Quad], graph: ox.NamedNode, subject: ox.NamedNode | None = None) -> set[tuple[str, str]]:
    """The quads of a graph about a subject, as short words."""
    found = set()
    for quad in made:
        if quad.graph_name == graph and subject in (None, quad.subject):
            value = quad.object.value if not isinstance(quad.object, ox.Triple) else ""
            found.add(
                (
                    quad.predicate.value.replace("/", "#").rsplit("#", 1)[1],
                    value.removeprefix(BASE).removeprefix(vocab.NAMESPACE).removeprefix(vocab.RDF),
                )
            )
    return found


def test_a_thing_has_its_types_and_names() -> None:
    found = lines(quads(document(), STORY), D, iri(ADC.key))
    assert {("type", "AntibodyDrugConjugate"), ("type", "Compound"), ("label", "ACM-1"), ("brandName", "Acmevo")} <= found
    assert {value for name, value in found if name == "altLabel"} == {"ACM-1", "Acmevo"}, "a code or brand name is another name too"
    assert ("altLabel", "Acme Bio, Inc.") not in lines(quads(document(), STORY), D, iri(ACME.key))


def test_a_label_that_is_listed_again_is_no_other_name() -> None:
    twice = replace(ACME, names=(("altLabel", ACME.label),))
    assert not any(name == "altLabel" for name, _ in lines(quads(document(), Resolution((twice,), (DEAL,))), D, iri(ACME.key)))


def test_one_key_may_have_two_classes() -> None:
    """An antibody that is a drug of its own."""
    both = (Entity("antibody/a", "Antibody", "a-mab", (), (said(0),)), Entity("antibody/a", "Compound", "a-mab", (), (said(0),)))
    found = lines(quads(document(), Resolution(both, ())), D, iri("antibody/a"))
    assert found == {("type", "Antibody"), ("type", "Compound"), ("label", "a-mab")}


def test_superproperties_are_written_out() -> None:
    found = lines(quads(document(), STORY), D, iri("agreement/1"))
    assert {("licensor", "company/acme"), ("licensee", "company/globex"), ("party", "company/acme"), ("party", "company/globex")} <= found


def test_an_event_is_written_whole_and_supported_whole() -> None:
    made = quads(document(), STORY)
    found = lines(made, D, iri("milestone/1"))
    assert {
        ("type", "Milestone"),
        ("type", "Payment"),
        ("amount", "5000000"),
        ("date", "2020-05"),
        ("forCompound", "compound/acm-1"),
    } <= found
    about = [q for q in made if q.predicate == vocab.RDF_SUBJECT and q.object == iri("milestone/1")]
    assert len(about) == 1
    statement = about[0].subject
    assert isinstance(statement, ox.NamedNode)
    support = lines(made, SUPPORT, statement)
    assert {("type", "Statement"), ("object", "Milestone"), ("derivation", "Resolved"), ("rule", "relation/rule")} <= support
    evidence = {value for name, value in support if name == "evidence"}
    assert len(evidence) == 2
    assert {value for name, value in lines(made, SUPPORT, iri("milestone/1"))} == evidence, "the short cut on the node"


def test_an_edge_has_a_statement_with_every_rule() -> None:
    made = quads(document(), STORY)
    assert ("hasPayload", "payload/mmae") in lines(made, D, iri(ADC.key))
    statement = next(q.subject for q in made if q.predicate == vocab.RDF_PREDICATE and q.object == KG.hasPayload)
    assert isinstance(statement, ox.NamedNode)
    support = lines(made, SUPPORT, statement)
    assert {("rule", "composition/joins"), ("rule", "composition/carries"), ("derivation", "Inferred")} <= support
    assert ("subject", "compound/acm-1") in support and ("object", "payload/mmae") in support


def test_evidence_slices_exactly_and_is_shared() -> None:
    doc = document()
    made = quads(doc, STORY)
    nodes = {q.subject for q in made if q.predicate == vocab.RDF_TYPE and q.object == KG.Evidence}
    assert len(nodes) == 5, "the sentence that two statements rest on is one evidence"
    for node in nodes:
        assert isinstance(node, ox.NamedNode)
        values = dict(lines(made, SUPPORT, node) - {("type", "SpecificResource")})
        assert node.value == f"{D.value}#char={values['start']},{values['end']}"
        assert doc.text[int(values["start"]) : int(values["end"])] == values["exact"]
        assert values["hasSource"] == KEY and "\n" not in values["sentence"]


def test_a_thing_in_no_statement_is_supported_on_its_class() -> None:
    alone = Entity("technology/link", "Technology", "AcmeLink", (), (said(5, "name/lexicon"),))
    made = quads(document(), replace(STORY, entities=(*STORY.entities, alone)))
    (statement,) = {q.subject for q in made if q.predicate == vocab.RDF_SUBJECT and q.object == iri(alone.key)}
    assert isinstance(statement, ox.NamedNode)
    assert {("predicate", "type"), ("object", "Technology"), ("rule", "name/lexicon")} <= lines(made, SUPPORT, statement)
    for entity in STORY.entities:
        types = [q for q in made if q.predicate == vocab.RDF_SUBJECT and q.object == iri(entity.key)]
        assert len(types) == (entity.key == ADC.key), "who takes part in a statement, also inside an event, needs none"


def test_a_thing_that_nothing_supports_is_an_error() -> None:
    with pytest.raises(OntologyError, match=r"technology/link .* no evidence"):
        quads(document(), Resolution((Entity("technology/link", "Technology", "AcmeLink"),), ()))


def test_catalogue_of_a_plain_text() -> None:
    assert lines(quads(document(), STORY), CATALOGUE) == {
        ("type", "Document"), ("fileName", "release.txt"), ("sha256", "ab" * 32), ("title", "A release"), ("date", "2020-05-04"),
    }  # fmt: skip


def test_catalogue_of_a_filing() -> None:
    header = {"form_type": "8-K", "accession_number": "0000000000-20-000001", "filer": "Acme Bio, Inc.", "url": "https://example.org/a.txt"}
    found = lines(quads(document(**header), STORY), CATALOGUE)
    assert {("type", "Filing"), ("type", "Document"), ("formType", "8-K"), ("accessionNumber", "0000000000-20-000001")} <= found
    assert {("filedBy", "Acme Bio, Inc."), ("source", "https://example.org/a.txt")} <= found
    assert ("type", "Filing") in lines(quads(document(accession_number="1"), STORY), CATALOGUE)


def test_a_judgement_says_which_names_and_why() -> None:
    made = quads(document(), STORY)
    evidence = f"{KEY}#char={said(4).span.start},{said(4).span.end}"
    assert lines(made, IDENTITY) == {
        ("type", "Judgement"), ("leftName", "Acme Bio, Inc."), ("rightName", "Acme"), ("judgement", "same"), ("reason", "a defined term"),
        ("rule", "identity/defined-term"), ("joinedIn", "company/acme"), ("source", KEY), ("evidence", evidence),
    }  # fmt: skip
    assert ("type", "Evidence") in lines(made, SUPPORT, iri(evidence)), "what it rests on is kept with the document"


def test_names_left_apart_are_joined_in_nothing() -> None:
    apart = Link("ACM-1", "ACM-2", "", "unsure", "codes differ", "identity/code", (said(1),))
    found = lines(quads(document(), Resolution((), (), (apart, LINK))), IDENTITY)
    assert [value for name, value in sorted(found) if name == "joinedIn"] == ["company/acme"]
    assert len({q.subject for q in quads(document(), Resolution((), (), (apart, LINK))) if q.graph_name == IDENTITY}) == 2


def test_another_base() -> None:
    made = quads(document(), STORY, "https://example.org/mine/")
    named = [n.value for q in made for n in (q.subject, q.object, q.graph_name) if isinstance(n, ox.NamedNode)]
    assert not any(value.startswith(BASE) for value in named)
    assert "https://example.org/mine/graph/catalogue" in named


LITERALS: tuple[tuple[Value | int, str, str, str], ...] = (
    (Decimal("5000000"), "5000000", "decimal", "whole"),
    (Decimal("5000000.00"), "5000000", "decimal", "trailing zeros go"),
    (Decimal("5E+6"), "5000000", "decimal", "no exponent"),
    (Decimal("1.50"), "1.5", "decimal", "a fraction"),
    (Decimal("0.00"), "0", "decimal", "nothing"),
    (Decimal("-0"), "0", "decimal", "no negative zero"),
    (Decimal("100"), "100", "decimal", "zeros before the point stay"),
    (True, "true", "boolean", "not an integer"),
    (False, "false", "boolean", "not an integer"),
    (12, "12", "integer", "an offset"),
    (PartialDate(2007), "2007", "gYear", "a year"),
    (PartialDate(2006, 4), "2006-04", "gYearMonth", "a month"),
    (PartialDate(2007, 7, 31), "2007-07-31", "date", "a day"),
    (dt.date(2007, 7, 31), "2007-07-31", "date", "a bound"),
    ("007", "007", "string", "what must stay as written is a string"),
)


@pytest.mark.parametrize(("value", "written", "datatype", "reason"), LITERALS, ids=[f"{row[1]}-{row[3]}" for row in LITERALS])
def test_literals(value: Value, written: str, datatype: str, reason: str) -> None:
    assert not isinstance(value, Ref | Concept)
    made = literal(value)
    assert (made.value, made.datatype.value) == (written, XSD + datatype), reason
    store = ox.Store()
    store.add(ox.Quad(D, KG.amount, made, D))
    assert next(iter(store)).object == made, "a store gives back what was put"


UNKNOWN = (
    (replace(EDGE, predicate="hasPaylod"), "did you mean 'hasPayload'", "a property"),
    (replace(DEAL, object=Concept("Agreements")), "did you mean 'Agreement'", "a class"),
    (replace(DEAL, object=Ref("company/acme")), "no class", "a thing for a class"),
    (replace(DEAL, properties=(("factuality", Concept("Ocurred")),)), "did you mean 'Occurred'", "a concept"),
    (replace(DEAL, properties=(("factuality", Concept("Phase2")),)), "concept of factuality", "a concept of another scheme"),
    (replace(DEAL, properties=(("amount", Decimal("NaN")),)), "no amount", "not a number"),
    (replace(EDGE, derivation="Guessed"), "concept of derivation", "a derivation"),
    (replace(EDGE, subject="compound/a b"), "part of an IRI", "a key"),
)


@pytest.mark.parametrize(("statement", "problem", "reason"), UNKNOWN, ids=[row[2] for row in UNKNOWN])
def test_what_the_ontology_lacks_is_an_error(statement: Statement, problem: str, reason: str) -> None:
    with pytest.raises(OntologyError, match=problem):
        quads(document(), Resolution((), (statement,)))
    assert reason


@pytest.mark.parametrize(
    ("entity", "problem"),
    [(replace(ACME, type="Compny"), "did you mean 'Company'"), (replace(ACME, names=(("nickName", "A"),)), "no kind of name")],
    ids=["class", "kind of name"],
)
def test_an_unknown_kind_of_thing_is_an_error(entity: Entity, problem: str) -> None:
    with pytest.raises(OntologyError, match=problem):
        quads(document(), Resolution((entity,), (DEAL,)))


@given(st.text(st.characters(codec=None), min_size=1, max_size=40))
def test_any_text_can_be_written(words: str) -> None:
    """A NUL, a form feed, a line separator, a lone surrogate: one line of N-Quads each, read back as it was."""
    doc = document(words)
    whole = Evidence(KEY, Span(0, len(words)), words, words, "name/any")
    made = quads(doc, Resolution((Entity("technology/x", "Technology", words, (("altLabel", words + "!"),), (whole,)),), ()))
    written = ox.serialize(made, format=ox.RdfFormat.N_QUADS)
    assert written.count(b"\n") == len(made)
    assert list(ox.parse(written, format=ox.RdfFormat.N_QUADS)) == made
    exact = next(q.object.value for q in made if q.predicate == vocab.OA_EXACT and isinstance(q.object, ox.Literal))
    assert len(exact) == len(words), "offsets still count the same characters"
    assert exact == "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in words)


def realistic() -> Resolution:
    """A release as filings have them: five compounds with parts and owners, a licence, its amendment, milestones, steps of development."""
    companies = [
        Entity(f"company/{name}", "Company", name.title(), (("altLabel", name.upper()),)) for name in ("acme", "globex", "initech")
    ]
    entities = [*companies, Entity("technology/link", "Technology", "AcmeLink", (("altLabel", "link"),))]
    statements = [
        Statement("ownership", "technology/link", "ownedBy", Ref("company/acme"), (said(11),)),
        Statement("name", "company/acme", "ticker", "ACMB", (said(0),)),
        Statement("name", "company/acme", "exchange", "Nasdaq", (said(0),)),
    ]  # fmt: skip
    for n in range(5):
        key = f"compound/acm-{n}"
        entities += [
            Entity(key, "AntibodyDrugConjugate", f"ACM-{n}", (("codeName", f"ACM-{n}"),)), Entity(f"antibody/a{n}", "Antibody", f"a{n}"),
            Entity(f"payload/p{n % 2}", "Payload", f"P{n % 2}"), Entity(f"indication/i{n}", "Indication", f"example cancer {n}"),
        ]  # fmt: skip
        edges: list[tuple[str, str]] = [
            ("hasAntibody", f"antibody/a{n}"), ("hasPayload", f"payload/p{n % 2}"), ("developedBy", "company/globex"),
            ("ownedBy", "company/acme"), ("usesTechnology", "technology/link"), ("developedFor", f"indication/i{n}"),
        ]  # fmt: skip
        statements += [Statement("edge", key, name, Ref(to), (said(n, f"{name}/read"), said(n + 1, f"{name}/read"))) for name, to in edges]
        step: tuple[tuple[str, Value], ...] = (
            ("ofCompound", Ref(key)), ("event", Concept("Started")), ("stage", Concept("Phase2")), ("factuality", Concept("Occurred")),
            ("sponsor", Ref("company/globex")), ("inIndication", Ref(f"indication/i{n}")), ("date", PartialDate(2020, 5)),
            ("earliestDate", dt.date(2020, 5, 1)), ("latestDate", dt.date(2020, 5, 31)), ("announcedOn", dt.date(2020, 5, 4)),
        )  # fmt: skip
        statements.append(Statement("development", f"development/{n}", "type", Concept("Development"), (said(n),), properties=step))
        money = (
            *GOAL.properties[:6], ("payer", Ref("company/globex")), ("payee", Ref("company/acme")), ("forCompound", Ref(key)),
            ("triggeredBy", Ref(f"development/{n}")), ("triggerType", Concept("Phase2Start")), ("amountText", "$5 million"),
        )  # fmt: skip
        evidence = (said(n), said(n + 2), said(n + 4))
        statements.append(Statement("payment", f"milestone/{n}", "type", Concept("Milestone"), evidence, properties=money))
    statements.append(DEAL)
    changed: tuple[tuple[str, Value], ...] = (
        ("amends", Ref("agreement/1")), ("party", Ref("company/acme")), ("party", Ref("company/globex")),
        ("factuality", Concept("Occurred")),
    )  # fmt: skip
    statements.append(Statement("agreement", "agreement/2", "type", Concept("Amendment"), (said(10),), properties=changed))
    statements += [Statement("ownership", f"payload/p{n}", "ownedBy", Ref("company/initech"), (said(9),)) for n in range(2)]
    links = tuple(Link(e.label, e.names[0][1], e.key, "same", "a defined term", "identity/defined-term", (said(0),)) for e in companies)
    return Resolution(tuple(dict.fromkeys(entities)), tuple(statements), links)


PROVENANCE_QUADS = 4  # for each domain triple


def test_provenance_stays_affordable(figures: list[str]) -> None:
    story = realistic()
    assert 40 <= len(story.statements) <= 60
    count = Counter(quad.graph_name for quad in quads(document(), story))
    figures.append(
        f"provenance: {count[SUPPORT] / count[D]:.2f} quads for each of {count[D]} triples of {len(story.statements)} statements"
    )
    assert count[SUPPORT] <= PROVENANCE_QUADS * count[D]


def test_a_realistic_graph_fits_the_shapes() -> None:
    assert validate_all(quads(document(), realistic())) == Report(True, (), 4)


def test_quads_are_sorted_whole_and_of_named_nodes() -> None:
    made = quads(document(), realistic())
    assert made == sorted(set(made), key=str)
    for quad in made:
        assert not any(isinstance(term, ox.BlankNode | ox.Triple) for term in (quad.subject, quad.predicate, quad.object))
        assert quad.graph_name in (D, SUPPORT, CATALOGUE, IDENTITY)


def test_order_does_not_matter() -> None:
    story = realistic()
    shuffle = random.Random(7)
    for _ in range(3):
        mixed = Resolution(*(tuple(shuffle.sample(part, len(part))) for part in (story.entities, story.statements, story.links)))
        assert quads(document(), mixed) == quads(document(), story)


def test_the_hash_seed_does_not_matter() -> None:
    code = (
        "import hashlib, test_quads as t; "
        "print(hashlib.sha256(repr([str(q) for q in t.quads(t.document(), t.realistic())]).encode()).hexdigest())"
    )
    here = Path(__file__).resolve().parent
    path = os.pathsep.join([str(here), str(here.parent)])
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }  # fmt: skip
    assert len(digests) == 1


def test_one_sentence_is_one_evidence_however_it_was_tidied() -> None:
    """Two stages may tidy a sentence differently; the evidence of a place has one sentence all the same."""
    other = replace(said(0), sentence="another wording")
    story = Resolution(STORY.entities, (EDGE, replace(DEAL, evidence=(other,)), GOAL))
    assert validate_all(quads(document(), story)).conforms is False


def header(**given: object) -> Filing:
    """A header as EDGAR has them."""
    filer = Filer("ACME BIO INC", "0000000042", ("ACME CORP",), "FILER")
    known: dict[str, object] = {
        "accession_number": "0000000000-20-000001", "form_type": "8-K", "filed": PartialDate(2020, 5, 5), "period": PartialDate(2020, 5, 4),
        "items": ("1.01", "9.01"), "filers": (filer,),
    }  # fmt: skip
    return Filing(**(known | given))  # type: ignore[arg-type]  # a table of anything


def test_a_document_is_part_of_its_submission() -> None:
    made = quads(document(filing=header(), document_type="EX-99.1"), STORY)
    submission = ox.NamedNode(BASE + "filing/0000000000-20-000001")
    filer = ox.NamedNode(submission.value + "/filer/0000000042")
    told = {(q.subject, q.predicate.value.rpartition("#")[2].rpartition("/")[2], q.object.value) for q in made if q.graph_name == CATALOGUE}
    lines_of = {(name, value) for subject, name, value in told if subject == submission}
    assert ("isPartOf", submission.value) in {(name, value) for _, name, value in told}
    assert ("documentType", "EX-99.1") in {(name, value) for _, name, value in told}
    assert lines_of == {
        ("type", "https://w3id.org/conjugate/ontology#EdgarSubmission"), ("accessionNumber", "0000000000-20-000001"), ("formType", "8-K"),
        ("date", "2020-05-05"), ("periodOfReport", "2020-05-04"), ("item", "1.01"), ("item", "9.01"), ("filer", filer.value),
        ("source", "https://www.sec.gov/Archives/edgar/data/42/0000000000-20-000001.txt"),
    }  # fmt: skip
    assert {(name, value) for subject, name, value in told if subject == filer} == {
        ("type", "https://w3id.org/conjugate/ontology#Filer"), ("label", "ACME BIO INC"), ("cik", "0000000042"), ("filerRole", "FILER"),
        ("formerName", "ACME CORP"),
    }  # fmt: skip
    assert not validate(made)


@pytest.mark.parametrize("number", [None, "", "../../up", "1> <urn:x"])
def test_without_an_accession_number_there_is_no_submission(number: str | None) -> None:
    made = quads(document(filing=header(accession_number=number)), STORY)
    assert not [q for q in made if "isPartOf" in q.predicate.value or "/filing/" in str(q.subject)]
