"""What documents tell of names in, which names of two documents mean one thing out: on a text's own word, never on likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.key import drug_key
from kg.resolve.cluster import APART, SAME, UNKNOWN, cluster
from kg.resolve.telling import Alias, Telling

_SHORT = frozenset({"identity/defined-term", "identity/same-name"})  # a short form, which one text gives and another may give another
_OF_ONE_TEXT = frozenset({"identity/same-name"})  # what only looks alike is one in its own text
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Named:
    """A key that documents use, with the texts that join it to others."""

    key: str
    label: str
    documents: list[str] = field(default_factory=list)
    found_by: set[str] = field(default_factory=set)
    is_fuller: bool = False  # some text uses it where it gives another of the group as the other name


@dataclass(frozen=True, slots=True)
class Same:
    """Keys that mean one thing; the first stands for all. `because` is what joined them, from every document that does."""

    keys: tuple[str, ...]
    because: tuple[tuple[str, Alias], ...]  # document, what it says


@dataclass(frozen=True, slots=True)
class Unsure:
    """A key that texts join with two that are not one."""

    key: str
    rivals: tuple[str, ...]
    because: tuple[tuple[str, Alias], ...]


def same_things(
    tellings: Sequence[Telling], joined: Iterable[tuple[str, str]], split: Iterable[tuple[str, str]]
) -> tuple[list[Same], list[Unsure]]:
    """Group the keys of all documents that mean one thing.

    joined and split are pairs of keys that a person decided on. A name is joined with another only where a text says so of both, both are
    named somewhere, and no text says so of a third that is another thing.
    """
    named = _named(tellings)
    kept_apart = {frozenset(map(drug_key, pair)) for pair in split}
    forced = {frozenset(pair) for pair in joined}
    said: dict[frozenset[str], list[tuple[str, Alias]]] = {}
    for telling in tellings:
        for alias in telling.aliases:
            if alias.rule.startswith("reference/") and alias.other in named:
                named.setdefault(alias.key, Named(alias.key, alias.name))  # what the table calls it stands for its other names
            if alias.key in named and alias.other in named and _is_sound(alias, named):
                said.setdefault(frozenset((alias.key, alias.other)), []).append((telling.document, alias))
                named[alias.key].is_fuller = True
    for document, alias in _by_register(tellings, named):
        said.setdefault(frozenset((alias.key, alias.other)), []).append((document, alias))
    for pair in forced:
        for key in pair:
            named.setdefault(key, Named(key, key.partition("/")[2]))
    pairs = sorted(tuple(sorted(pair)) for pair in {*said, *forced} if frozenset(map(drug_key, pair)) not in kept_apart)
    neighbours: dict[str, set[str]] = {}
    for left, right in pairs:
        neighbours.setdefault(left, set()).add(right)
        neighbours.setdefault(right, set()).add(left)

    def relation(one: Named, other: Named) -> int:
        pair = frozenset((one.key, other.key))
        if frozenset(map(drug_key, pair)) in kept_apart:
            return APART
        if pair in forced or pair in said:
            return SAME
        return APART if _is_sibling(one.key, other.key) or _has_two_names(one.key, other.key, neighbours, said) else UNKNOWN

    same: list[Same] = []
    unsure: list[Unsure] = []
    for component in _components(neighbours):
        clusters = cluster([named[key] for key in component], relation, lambda _: False)
        for group in clusters.groups:
            keys = sorted(group, key=lambda n: (not n.is_fuller, n.key))
            because = [each for pair, told in said.items() if pair <= {n.key for n in group} for each in told]
            same.append(Same(tuple(n.key for n in keys), tuple(sorted(because, key=_order))))
        for one, rivals in clusters.torn:
            because = [each for pair, told in said.items() if one.key in pair for each in told]
            unsure.append(Unsure(one.key, tuple(r.key for r in rivals), tuple(sorted(because, key=_order))))
    return same, unsure


def _by_register(tellings: Iterable[Telling], named: dict[str, Named]) -> Iterator[tuple[str, Alias]]:
    """Join companies that a register has under one key: a CIK, whatever they were called, or a ticker, if they share their first word.

    A ticker passes from company to company in the course of time, and a name alone may be anybody's; the two together tell.
    """
    holders: dict[str, dict[str, tuple[str, tuple[int, int]]]] = {}
    for telling in sorted(tellings, key=lambda t: t.document):
        for key, mark, at in telling.marks:
            if key in named:
                holders.setdefault(mark, {}).setdefault(key, (telling.document, at))
    for mark, keys in sorted(holders.items()):
        first, *others = sorted(keys, key=lambda key: (-len(key), key))  # the fuller name first
        for other in others:
            is_ticker = mark.startswith("ticker ")
            if set(named[first].documents) & set(named[other].documents):
                continue  # a text that has both tells them apart: a daughter may bear the mother's former name
            if not is_ticker or _first_word(first) == _first_word(other):
                document, at = keys[other]
                rule = "identity/ticker" if is_ticker else "identity/register"
                yield document, Alias(first, other, f"{named[first].label} ({mark})", named[other].label, rule, at)


def _first_word(key: str) -> str:
    return key.partition("/")[2].split("-")[0]


def _order(told: tuple[str, Alias]) -> tuple[str, str, str, tuple[int, int]]:
    document, alias = told
    return document, alias.key, alias.other, alias.at


def _named(tellings: Iterable[Telling]) -> dict[str, Named]:
    named: dict[str, Named] = {}
    for telling in sorted(tellings, key=lambda t: t.document):
        for key, (label, found_by) in telling.things.items():
            known = named.setdefault(key, Named(key, label))
            known.documents.append(telling.document)
            known.found_by.add(found_by)
    return named


def _is_sound(alias: Alias, named: dict[str, Named]) -> bool:
    """Answer whether what one text calls a thing by two names tells what another text means by one of them.

    Not so for a drug that many sell, of which a product is made ("NRX-100 (ketamine)"), nor for a code beside a generic name that all
    know: a new form of an old drug. A company's short form must be a word of its name, or its initials.
    """
    type_ = alias.key.partition("/")[0]
    if alias.rule.startswith("reference/"):
        return True
    if type_ in {"compound", "antibody"}:
        by = [named[key].found_by for key in (alias.key, alias.other)]
        listed = [bool(each) and all(b.startswith("lexicon/") for b in each) for each in by]
        if any("lexicon/off-patent" in each for each in by) or listed[0] != listed[1]:
            return False
        return alias.rule not in _OF_ONE_TEXT
    if type_ == "company":
        return alias.rule not in _SHORT or _is_short_form(alias.other_name, alias.name) or _is_short_form(alias.name, alias.other_name)
    return alias.rule not in _SHORT


def _is_short_form(short: str, name: str) -> bool:
    """Answer whether a company's short form is of its name.

    >>> _is_short_form("Takeda", "Takeda Pharmaceutical Company Limited"), _is_short_form("BMS", "Bristol-Myers Squibb")
    (True, True)
    >>> _is_short_form("Nuance", "Second Step Merger Corp.")
    False
    """
    words = [w.casefold() for w in _WORD.findall(name)]
    parts = [w.casefold() for w in _WORD.findall(short)]
    if not parts or len(short) >= len(name):
        return False
    return set(parts) <= set(words) or (len(short) > 2 and "".join(w[0] for w in words).startswith(short.casefold()))


def _is_sibling(left: str, right: str) -> bool:
    """Answer whether two compounds' codes are of one series, which makes them two: huC242-DM1 and huC242-DM4, SGX942 and SGX945."""
    type_, _, name = left.partition("/")
    other_type, _, other = right.partition("/")
    if type_ != other_type or type_ not in {"compound", "antibody"}:
        return False
    numbers = [_DIGITS.findall(n) for n in (name, other)]
    shapes = [_DIGITS.sub("#", n).replace("-", "") for n in (name, other)]
    return bool(numbers[0]) and numbers[0] != numbers[1] and shapes[0] == shapes[1]


def _has_two_names(left: str, right: str, neighbours: dict[str, set[str]], said: dict[frozenset[str], list[tuple[str, Alias]]]) -> bool:
    """Answer whether two companies have one short form, each in a text of its own: "Merck" is then neither's."""
    if not left.startswith("company/"):
        return False
    for short in neighbours.get(left, set()) & neighbours.get(right, set()):
        told = [said.get(frozenset((key, short)), []) for key in (left, right)]
        if all(each and all(a.rule in _SHORT and a.key != short for _, a in each) for each in told):
            return True
    return False


def _components(neighbours: dict[str, set[str]]) -> list[list[str]]:
    """Collect the keys that hang together, each sorted, in the order of their first."""
    seen: set[str] = set()
    components = []
    for start in sorted(neighbours):
        if start in seen:
            continue
        seen.add(start)
        found, stack = [], [start]
        while stack:
            key = stack.pop()
            found.append(key)
            for other in neighbours[key] - seen:
                seen.add(other)
                stack.append(other)
        components.append(sorted(found))
    return components
