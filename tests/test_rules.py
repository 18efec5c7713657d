"""The rules prove themselves: every example is read exactly as marked, every near-miss is left alone, every name is in the ontology."""

from __future__ import annotations

import re
import time

import pytest

from kg.errors import RuleError
from kg.extract.discourse import Discourse
from kg.extract.engine import chunk, partials
from kg.extract.pattern import compile_pattern
from kg.extract.rules import Phrase, Relation, Rule, load_rules
from kg.extract.view import View, view_of
from kg.find import find
from kg.model import Document, Mention, Section, Sentence, Source, Span
from kg.rdf import vocab

RULES = load_rules()
MARK = re.compile(r"\[([a-z_0-9]+): ([^\]]*)\]")


# Names are found in documents, not in single sentences: a code name counts where some place speaks of it as of a drug.
CONTEXT = (
    "The drug candidates AVE9633, AVE1642, CLD-201, SBT6050, SGN-35, XMT-2056, huC242-DM4 and trastuzumab-DM1 are compounds in clinical "
    "trials with patients, and SuperNova technology is a platform."
)


def document_of(text: str) -> Document:
    """Make a document of an example, its only sentence that is read, and the context."""
    whole = f"{text}\n\n{CONTEXT}"
    spans = (Span(0, len(text)), Span(len(text) + 2, len(whole)))
    sentences = tuple(Sentence(s, s.of(whole), tuple(range(s.start, s.end)), 0) for s in spans)
    source = Source("document/example-000000000000", "text", "example.txt", "0" * 64)
    return Document(source, whole, (Section("body", "", Span(0, len(whole))),), sentences)


def marked(example: str) -> tuple[str, dict[str, list[Span]]]:
    """Take the marks out of an example: its plain text, and the marked spans by role."""
    out, marks, at = "", {}, 0
    for hit in MARK.finditer(example):
        out += example[at : hit.start()]
        marks.setdefault(hit[1], []).append(Span(len(out), len(out) + len(hit[2])))
        out += hit[2]
        at = hit.end()
    return out + example[at:], marks


def view(text: str) -> tuple[Document, Sentence, View, tuple[Mention, ...]]:
    document = document_of(text)
    sentence = document.sentences[0]
    mentions = chunk(sentence, Discourse(document, find(document).mentions).add(0), RULES.phrases, 0)
    return document, sentence, view_of(sentence, mentions), mentions


def rule_cases() -> list[tuple[Relation, Rule, str]]:
    seen = {
        (rule.name, example): (relation, rule, example)
        for relation in RULES.relations
        for rule in relation.rules
        for example in rule.examples
    }
    return list(seen.values())


@pytest.mark.parametrize(("relation", "rule", "example"), rule_cases(), ids=lambda v: v.name if isinstance(v, Rule) else "")
def test_example_is_read_as_marked(relation: Relation, rule: Rule, example: str) -> None:
    text, marks = marked(example)
    _, sentence, seen, mentions = view(text)
    found = [p for p in partials(sentence, seen, relation, RULES, 0) if p.rule.name == rule.name]
    assert found, f"unread; mentions: {[(m.type, m.text) for m in mentions]}"
    read: dict[str, set[Span]] = {}
    for partial in found:
        if partial.anchor is not None and relation.anchor in marks:
            read.setdefault(relation.anchor or "", set()).add(partial.anchor.local)
        for role, filled in partial.roles.items():
            read.setdefault(role, set()).update(m.local for m in filled)
    for role, spans in marks.items():
        for span in spans:
            assert any(span.contains(r) for r in read.get(role, ())), f"{role} was not read in {span.of(text)!r}: {read}"
        for got in read.get(role, ()):
            assert any(span.contains(got) for span in spans), f"{got.of(text)!r} was read as {role}"


@pytest.mark.parametrize(
    ("relation", "rule", "text"),
    [(relation, rule, miss) for relation in RULES.relations for rule in relation.rules for miss in rule.near_misses],
    ids=lambda v: v.name if isinstance(v, Rule) else "",
)
def test_near_miss_is_left_alone(relation: Relation, rule: Rule, text: str) -> None:
    _, sentence, seen, _ = view(text)
    assert not [p for p in partials(sentence, seen, relation, RULES, 0) if p.rule.name == rule.name]


@pytest.mark.parametrize(("phrase", "example"), [(p, e) for p in RULES.phrases for e in p.examples], ids=lambda v: getattr(v, "id", ""))
def test_phrase_example(phrase: Phrase, example: str) -> None:
    text, marks = marked(example)
    _, _, _, mentions = view(text)
    assert [m.local for m in mentions if m.type == phrase.type] == marks[phrase.type], [(m.type, m.text) for m in mentions]


@pytest.mark.parametrize(("phrase", "text"), [(p, e) for p in RULES.phrases for e in p.near_misses], ids=lambda v: getattr(v, "id", ""))
def test_phrase_near_miss(phrase: Phrase, text: str) -> None:
    assert not [m for m in view(text)[3] if m.found_by == phrase.id]


def test_an_example_has_one_owner() -> None:
    owners: dict[str, set[str]] = {}
    for rule in RULES.rules:
        for example in rule.examples:
            owners.setdefault(example, set()).add(rule.name)
    assert not {e: o for e, o in owners.items() if len(o) > 1 and len({x.split("/")[0] for x in o}) == 1}


def test_every_name_is_in_the_ontology() -> None:
    for relation in RULES.relations:
        if relation.klass:
            vocab.klass(relation.klass)
        for _, predicate, value in relation.edges:
            if predicate == "type":
                vocab.klass(value)
            else:
                vocab.prop(predicate)
        for role in relation.roles.values():
            if role.property and role.property != "amended":
                vocab.prop(role.property)
        for rule in relation.rules:
            for name, value in rule.sets.items():
                vocab.prop(name)
                if isinstance(value, str):
                    vocab.concept(value)
    for phrase in RULES.phrases:
        for reading in phrase.readings:
            for name, value in reading.sets.items():
                vocab.prop(name)
                for one in value if isinstance(value, tuple) else (value,):
                    if isinstance(one, str) and name != "territory":
                        vocab.concept(one)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{nobody} paid", "an unknown role"),
        ("{payer} @unheard", "an unknown word class"),
        ("{payer} (paid", "no regular expression"),
    ],
)
def test_faulty_patterns_are_named(source: str, reason: str) -> None:
    with pytest.raises(RuleError, match="here"):
        compile_pattern(source, {"payer": ("company",)}, {}, "here")
    assert reason


HOSTILE = [
    "Acme Therapeutics, Inc. " * 400,
    "$5 million milestone payment " * 400,
    "up to $5 million in development, regulatory and commercial and " * 200,
    "Phase 2 trial of AB-123 in " * 400,
    "exclusive license and collaboration and option " * 300,
    "a " * 8000,
    "the, " * 5000,
    "(" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: t[:20])
def test_patterns_are_linear_in_practice(text: str) -> None:
    """Twice the text may take little more than twice the time: a pattern that explodes takes minutes."""
    document = document_of(text[:12000])
    start = time.perf_counter()
    sentence = document.sentences[0]
    mentions = chunk(sentence, Discourse(document, find(document).mentions).add(0), RULES.phrases, 0)
    seen = view_of(sentence, mentions)
    for relation in RULES.relations:
        partials(sentence, seen, relation, RULES, 0)
    assert time.perf_counter() - start < 20, "12,000 characters of one sentence"
