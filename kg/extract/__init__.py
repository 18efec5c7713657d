"""A document and its mentions in, facts out: each with its roles, its sentence, the rules that read it and its factuality."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

from kg.extract.discourse import Discourse
from kg.extract.engine import Partial, chunk, partials
from kg.extract.partners import without_partners
from kg.extract.rules import Relation, Rules, load_rules
from kg.extract.scope import decide
from kg.extract.speakers import Speakers
from kg.extract.steps import complete_steps
from kg.extract.view import View, has_apposition, view_of
from kg.model import Concept, Document, Evidence, Fact, Issue, Mention, Phrase, Sentence

__all__ = ["Extraction", "extract", "load_rules"]


class Found(Protocol):
    """What finding gives, as far as extraction reads it."""

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """List the mentions, sorted by place."""
        ...


@dataclass(frozen=True, slots=True)
class Extraction:
    """The facts of a document, whom it speaks for, and what was left open.

    of_sentence: in an article on several companies, the one that a sentence with a fact is about.
    """

    facts: tuple[Fact, ...]
    speakers: Speakers
    issues: tuple[Issue, ...]
    of_sentence: Mapping[int, str] = field(default_factory=dict)


# Roles that a coordinate clause takes over from the one before it: "Genentech began Phase I …, reported data … and further findings …"
_INHERITED = {"payment": ("payer", "payee", "agreement"), "development": ("compound", "sponsor"), "agreement": ("party",)}


# Of a sentence without any name or amount these may still say something: "Royalties on sales would be due as well."
_PAYMENT_WORDS = re.compile(r"\b(?:royalt|milestone|up-?front)", re.IGNORECASE)
# What is said of a trial's drug is not said of those that it is given with
_OF_ONE_DRUG = frozenset({"development", "indication"})
_FIRST_DATE = 4  # behind "In " or "On "
# "in a Form 8-K filed with the Commission on November 15, 2013": when it was reported, not when it happened
_FORM = re.compile(r"\b(?:Form \d|Commission|SEC|previously)\b")
_FILED = re.compile(
    r"(?:Form \d+-\w+|Commission|\bSEC)\b[^.;,]{0,40} (?:on|dated) $|\bas previously (?:reported|announced|disclosed)(?: on| in)? $"
)
_FILED_CHARS = 110
_SIDES = ("party", "licensor", "licensee", "collaborator", "acquirer", "acquiree", "optionor", "optionee", "supplier", "customer")


def extract(document: Document, finding: Found, rules: Rules | None = None) -> Extraction:
    """Read every sentence of a document's factual sections by every rule."""
    rules = rules or load_rules()
    discourse = Discourse(document, finding.mentions)
    facts: list[Fact] = []
    issues: list[Issue] = []
    for index, sentence in enumerate(document.sentences):
        if not document.section_of(sentence).is_factual:
            continue
        facts += read_sentence(document, discourse, index, sentence, rules, issues)
    told = {f.anchor.sentence for f in facts if f.anchor is not None} if discourse.speakers.is_roundup else set()
    about = {index: company for index in sorted(told) if (company := discourse.last_listed(index)) is not None}
    return Extraction(tuple(facts), discourse.speakers, tuple(issues), about)


def read_sentence(
    document: Document, discourse: Discourse, index: int, sentence: Sentence, rules: Rules, issues: list[Issue]
) -> list[Fact]:
    """Read one sentence: mask, match, gather what hangs on one anchor."""
    mentions = discourse.add(index)
    if any(m.type == "date" for m in mentions) and _FORM.search(sentence.text):
        mentions = tuple(
            m for m in mentions if m.type != "date" or not _FILED.search(sentence.text, max(0, m.local.start - _FILED_CHARS), m.local.start)
        )
    if not mentions and not _PAYMENT_WORDS.search(sentence.text):
        return []
    mentions = chunk(sentence, mentions, rules.phrases, index)
    view = view_of(sentence, mentions)
    short = view_of(sentence, mentions, short=True) if has_apposition(sentence.text) else view
    own = without_partners(sentence, mentions)
    alone = view_of(sentence, own, short=True) if len(own) < len(mentions) else short
    facts: list[Fact] = []
    for relation in rules.relations:
        if relation.name in _OF_ONE_DRUG:
            found = partials(sentence, alone, relation, rules, index)
        else:
            found = partials(sentence, view if relation.klass is None else short, relation, rules, index)
        if relation.klass is None and short is not view and relation.name not in _OF_ONE_DRUG:
            aside = {id(m) for m in view.mentions.values()} - {id(m) for m in short.mentions.values()}
            found = [p for p in found if not any(m.type == "company" and id(m) in aside for ms in p.roles.values() for m in ms)]
            found += partials(sentence, short, relation, rules, index)
        if not found:
            continue
        if relation.klass is None:
            facts += _edges(document, sentence, relation, found)
        else:
            events = _events(document, sentence, view, relation, found, issues)
            facts += complete_steps(sentence, mentions, events) if relation.name == "development" else events
    return facts


def _evidence(document: Document, sentence: Sentence, rule: str) -> Evidence:
    return Evidence(
        document.source.id, sentence.span, sentence.span.of(document.text), sentence.text, rule, document.section_of(sentence).heading
    )


def _edges(document: Document, sentence: Sentence, relation: Relation, found: list[Partial]) -> list[Fact]:
    """Turn the matches of an edge relation into facts, one for each pair of things."""
    facts: list[Fact] = []
    seen: set[tuple[str, int, int, str]] = set()
    for partial in sorted(found, key=lambda p: (p.length, p.order)):
        for subject_role, predicate, object_role in relation.edges:
            for subject in partial.roles.get(subject_role, ()):
                if predicate == "type":
                    roles = MappingProxyType({"subject": (subject,), "predicate": (predicate,), "object": (Concept(object_role),)})
                    evidence = (_evidence(document, sentence, partial.rule.name),)
                    facts.append(Fact(relation.name, roles, evidence, None, partial.rule.derivation))
                for obj in partial.roles.get(object_role, ()):
                    key = (predicate, subject.local.start, obj.local.start, partial.rule.name)
                    if key in seen or subject == obj:
                        continue
                    seen.add(key)
                    derivation = partial.rule.derivation
                    if any(m.found_by.startswith("discourse/") for m in (subject, obj)) and derivation == "Stated":
                        derivation = "Resolved"
                    roles = MappingProxyType({"subject": (subject,), "predicate": (predicate,), "object": (obj,)})
                    facts.append(Fact(relation.name, roles, (_evidence(document, sentence, partial.rule.name),), None, derivation))
    return facts


def _is_one(left: tuple[object, ...] | None, right: tuple[object, ...] | None) -> bool:
    """Answer whether both sides of a payment are one company."""
    return bool(left and right) and _named(left) == _named(right)


def _is_two(left: tuple[object, ...] | None, right: tuple[object, ...] | None) -> bool:
    """Answer whether the two sides of a payment are two companies."""
    return bool(left and right) and not _named(left) & _named(right)


def _named(mentions: tuple[object, ...] | None) -> set[str]:
    return {str(m.value) for m in mentions or () if isinstance(m, Mention)}


def _events(
    document: Document, sentence: Sentence, view: View, relation: Relation, found: list[Partial], issues: list[Issue]
) -> list[Fact]:
    """Gather the matches around each anchor into one fact."""
    assert relation.klass is not None
    by_anchor: dict[tuple[int, int], list[Partial]] = {}
    for partial in found:
        if partial.anchor is not None:
            by_anchor.setdefault((partial.anchor.local.start, partial.anchor.local.end), []).append(partial)
    facts: list[Fact] = []
    for _, group in sorted(by_anchor.items()):
        group.sort(key=lambda p: (p.length, p.order))
        anchor = group[0].anchor
        assert anchor is not None
        roles: dict[str, tuple[object, ...]] = {}
        used: list[Partial] = []
        for name, role in relation.roles.items():
            if name == relation.anchor:
                continue
            filled = [(p, m) for p in group for m in p.roles.get(name, ()) if m is not anchor]
            if not filled:
                continue
            if role.many:
                if name == "compound":
                    # "SLV-201, now in Phase 3, and SLV-303": whose event it is, said by the rule that reads the event
                    filled = [(p, m) for p, m in filled if "event" in p.rule.sets] or filled
                near = _near(filled, name)
                distinct: dict[int, Mention] = {}
                for p, m in near:
                    distinct.setdefault(m.local.start, m)
                    used.append(p)
                roles[name] = tuple(distinct[k] for k in sorted(distinct))
            else:
                rivals = [(p, m) for p, m in filled if p.length == filled[0][0].length]
                if len({str(m.value) for _, m in rivals}) > 1 and rivals[0][0].order == rivals[-1][0].order and name in {"payer", "payee"}:
                    issues.append(
                        _open(
                            document,
                            sentence,
                            f"{name} of “{anchor.text}” could be {' or '.join(sorted({str(m.value) for _, m in rivals}))}",
                        )
                    )
                    continue
                chosen = filled[0]
                if name == "date" and any(p.rule.sets.get("factuality") == "Occurred" for p in group):
                    # "In March, the agency accepted …, with a decision expected in August": the day that the sentence begins with
                    chosen = next((f for f in filled if f[1].local.start <= _FIRST_DATE), chosen)
                roles[name] = (chosen[1],)
                used.append(chosen[0])
        if relation.klass == "Payment" and _is_one(roles.get("payer"), roles.get("payee")):
            # "Birch received $2 million from Alder and may receive more": what stands nearest is on the other side
            whole = next((p for p in group if _is_two(p.roles.get("payer"), p.roles.get("payee"))), None)
            if whole is not None:
                roles |= {"payer": whole.roles["payer"], "payee": whole.roles["payee"]}
                used.append(whole)
        sets: dict[str, object] = {}
        said: list[str] = []
        kind = "event" if relation.name == "development" else ""
        value = anchor.value
        if isinstance(value, Phrase):
            for key, fixed in value.sets.items():
                if key == "factuality":
                    said.append(str(fixed))
                else:
                    sets[key] = fixed
            for part, inside in value.parts.items():
                # "their May 2019 agreement, ended effective July 15": the date in its name is its own
                if inside and part in relation.roles and (part not in roles or (part == "date" and relation.name == "agreement")):
                    roles[part] = inside
        for partial in group:
            for key, fixed in partial.rule.sets.items():
                if key != "factuality" and key not in sets:
                    sets[key] = fixed
                    used.append(partial)
                elif isinstance(fixed, tuple):  # a list adds to what the words of the phrase say
                    known = sets[key]
                    have = known if isinstance(known, tuple) else (known,)
                    sets[key] = (*have, *(value for value in fixed if value not in have))
                    used.append(partial)
        for partial in group:
            if "factuality" in partial.rule.sets and (not kind or partial.rule.sets.get(kind) == sets.get(kind)):
                said.append(str(partial.rule.sets["factuality"]))
                used.append(partial)
        before = sentence.text[max(0, anchor.local.start - 60) : anchor.local.start]
        event = sets.get("event")
        factuality = decide(said, before, relation.klass, event.name if isinstance(event, Concept) else str(event or ""))
        inherited = False
        for name in _INHERITED.get(relation.name, ()):
            if relation.name == "agreement" and any(r in roles for r in _SIDES):
                continue
            if name not in roles and facts and name in facts[-1].roles and not _new_subject(view, facts[-1], anchor, name):
                roles[name] = facts[-1].roles[name]
                inherited = True
        if factuality is None and facts and relation.klass == "Payment":
            factuality = facts[-1].factuality
        _give_back(sentence, relation, facts, anchor, roles)
        resolved = inherited or any(isinstance(m, Mention) and m.found_by.startswith("discourse/") for ms in roles.values() for m in ms)
        rules_used = sorted({p.rule.name for p in used or group})
        for key, fixed in sets.items():
            values = fixed if isinstance(fixed, tuple) else (fixed,)
            roles[key] = tuple(Concept(v) if isinstance(v, str) and key not in {"territory"} else v for v in values)
        facts.append(
            Fact(
                relation.name, MappingProxyType(roles), tuple(_evidence(document, sentence, r) for r in rules_used), factuality,
                "Resolved" if resolved else "Stated", anchor,
            )
        )  # fmt: skip
    return facts


_WHO = re.compile(r", (?:which|who|whom|whose|now|since|itself|later) |\(now ")


def _give_back(sentence: Sentence, relation: Relation, facts: list[Fact], anchor: Mention, roles: dict[str, tuple[object, ...]]) -> None:
    """Take a date from the deal told before where it stands in a clause on another: "a deal with Abgenix, which was acquired in May"."""
    before = facts[-1] if facts and relation.name == "agreement" else None
    if before is None or before.anchor is None or "date" not in roles or before.roles.get("date") != roles["date"]:
        return
    date = roles["date"][0]
    between = sentence.text[before.anchor.local.end : anchor.local.start]
    if isinstance(date, Mention) and date.local.start > anchor.local.start and _WHO.search(between):
        kept = {name: values for name, values in before.roles.items() if name != "date"}
        facts[-1] = replace(before, roles=MappingProxyType(kept))


# A list that another list of the same sentence must not leak into: each trial has its own diseases
_ONE_LIST = {"indication", "amended"}
_NEAR = 60  # characters of a view: other readings of a role with many fillers count when they run over no more


def _near(filled: list[tuple[Partial, Mention]], role: str) -> list[tuple[Partial, Mention]]:
    """Choose the readings that fill a role with many fillers; `filled` is sorted by how much text each ran over.

    A list matches from each of its items on, so that the shortest match holds only the last one: the reading of the same rule that
    holds the most takes its place.
    """
    best = filled[0][0]
    if role in _ONE_LIST:
        own = set(map(id, best.roles[role]))
        whole = [p for p, _ in filled if p.rule.name == best.rule.name and own <= set(map(id, p.roles[role]))]
        widest = max(whole, key=lambda p: (len(p.roles[role]), -p.length))
        return [(widest, m) for m in widest.roles[role]]
    return [(p, m) for p, m in filled if p.length <= best.length or p.rule.name == best.rule.name or p.length < _NEAR]


def _new_subject(view: View, last: Fact, anchor: Mention, role: str) -> bool:
    """Answer whether another company or compound stands between two anchors, so that the clause has a subject of its own."""
    if last.anchor is None:
        return True
    types = {"compound", "antibody"} if role == "compound" else {"company"}
    own = {id(m) for ms in last.roles.values() for m in ms}
    return any(
        m.type in types and last.anchor.local.end <= m.local.start < anchor.local.start and id(m) not in own for m in view.mentions.values()
    )


def _open(document: Document, sentence: Sentence, problem: str) -> Issue:
    return Issue("extract", f"{document.source.file_name}:{sentence.span.start}-{sentence.span.end}", problem)
