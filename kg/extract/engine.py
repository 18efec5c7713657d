"""A sentence's view and the relations in, partial readings out: which mention fills which role, which rule said so."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from kg.extract.rules import Phrase, Relation, Rule, Rules, SetValue
from kg.extract.view import View, view_of
from kg.model import Mention, Sentence, Span
from kg.model import Phrase as PhraseReading


@dataclass(frozen=True, slots=True)
class Partial:
    """One match of one rule: the roles that it fills around an anchor, and how much text it ran over (less is better)."""

    relation: str
    rule: Rule
    anchor: Mention | None
    roles: dict[str, tuple[Mention, ...]]
    length: int
    order: int  # place of the rule in its file: of two readings of one length the earlier rule wins
    start: int  # in the view


def chunk(sentence: Sentence, mentions: tuple[Mention, ...], phrases: tuple[Phrase, ...], index: int) -> tuple[Mention, ...]:
    """Replace mentions by the noun phrases that hold them; the longest phrase at a place wins.

    "a $5 million milestone payment" becomes one payment, whose money is a part of it.
    """
    view = view_of(sentence, mentions)
    found: list[tuple[int, int, Phrase, dict[str, tuple[Mention, ...]]]] = []
    for phrase in phrases:
        for pattern in phrase.patterns:
            for match in pattern.matches(view):
                inside = match.roles
                found.append((match.start, match.end, phrase, inside))
    found.sort(key=lambda f: (f[0] - f[1], f[0], f[2].id))
    taken: list[tuple[int, int]] = []
    chunks: list[Mention] = []
    for start, end, phrase, inside in found:
        while end > start and view.text[end - 1] in " ,":
            end -= 1
        while start < end and view.text[start] in " ,":
            start += 1
        if start >= end or any(start < b and a < end for a, b in taken):
            continue
        taken.append((start, end))
        local = view.span(start, end)
        words = view.text[start:end]
        sets: dict[str, SetValue | tuple[str, ...]] = {}
        for reading in phrase.readings:
            if reading.match.search(words):
                for key, value in reading.sets.items():
                    if isinstance(value, tuple):
                        known = sets.get(key)
                        have = known if isinstance(known, tuple) else ()
                        sets[key] = (*have, *(v for v in value if v not in have))
                    else:
                        sets.setdefault(key, value)
        for key, fixed in phrase.sets.items():
            sets.setdefault(key, fixed)
        reading_of = PhraseReading(MappingProxyType(sets), MappingProxyType(inside))
        chunks.append(
            Mention(
                phrase.type,
                sentence.span_of(local.start, local.end),
                index,
                local,
                sentence.text[local.start : local.end],
                reading_of,
                phrase.id,
            )
        )
    spans = [c.local for c in chunks]
    kept = [m for m in mentions if not any(s.overlaps(m.local) for s in spans)]
    return tuple(sorted([*kept, *chunks], key=lambda m: (m.local.start, m.local.end, m.type)))


def partials(sentence: Sentence, view: View, relation: Relation, rules: Rules, index: int) -> list[Partial]:
    """Match every rule of a relation against one view."""
    found: list[Partial] = []
    for order, rule in enumerate(relation.rules):
        hits = rule.pattern.matches(view)
        if not hits or (rule.unless is not None and rule.unless.search(sentence.text)):
            continue
        for hit in hits:
            anchor: Mention | None = None
            if relation.klass is not None and relation.anchor is not None:
                if hit.anchor is not None:
                    anchor = _anchor(sentence, index, hit.anchor, relation.anchor, rule.name)
                    found.append(Partial(relation.name, rule, anchor, hit.roles, hit.end - hit.start, order, hit.start))
                    continue
                for one in hit.roles.get(relation.anchor, ()):
                    roles = {k: v for k, v in hit.roles.items() if k != relation.anchor}
                    found.append(Partial(relation.name, rule, one, roles, hit.end - hit.start, order, hit.start))
                continue
            found.append(Partial(relation.name, rule, None, hit.roles, hit.end - hit.start, order, hit.start))
    return found


def _anchor(sentence: Sentence, index: int, local: Span, type_: str, rule: str) -> Mention:
    """Make a mention of the words that an event without a noun phrase hangs on ("acquired", "additional findings")."""
    return Mention(type_, sentence.span_of(local.start, local.end), index, local, local.of(sentence.text), None, rule)
