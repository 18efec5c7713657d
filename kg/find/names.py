"""Names and what joins them in, groups of names out: which forms mean one thing, and which form stands for all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from kg.find.lexicon import Matcher
from kg.find.page import Page
from kg.key import drug_key, thing_key

# Pairs of keys of things that a person decided are two: no text joins them while a build runs that honours the decision.
KEPT_APART: ContextVar[frozenset[frozenset[str]]] = ContextVar("KEPT_APART", default=frozenset())

_SQUEEZED = re.compile(r"[\s\-_/.,'\"]+")


def squeeze(name: str) -> str:
    """Fold a name to what its spellings share: "SGN 35" and "SGN-35" are one, "CDX-140" and "CDX-1401" are not."""
    return _SQUEEZED.sub("", name).casefold()


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a known name stands."""

    start: int
    end: int
    key: str
    by: str
    type: str


@dataclass(slots=True)
class _Form:
    type: str
    by: str
    key: str
    order: int


@dataclass(slots=True)
class Names:
    """The names of one kind in one document. Forms join by rule only; nothing here compares how alike two names look."""

    key_of: Callable[[str], str] = squeeze
    _forms: dict[str, _Form] = field(default_factory=dict)
    _parents: dict[str, str] = field(default_factory=dict)

    def add(self, form: str, type_: str, by: str, key: str | None = None) -> str:
        """Learn a form; the first way in which it was found is kept. Gives the key of its group."""
        if form not in self._forms:
            key = key if key is not None else self.key_of(form)
            self._forms[form] = _Form(type_, by, key, len(self._forms))
            self._parents.setdefault(key, key)
            if KEPT_APART.get() and self._is_kept_apart(key, key):  # the lexicon holds them to be one, and a person does not
                self._forms[form].key = apart = self.key_of(form) + " (apart)"
                self._parents.setdefault(apart, apart)
        return self.group(self._forms[form].key)

    def __contains__(self, form: str) -> bool:
        return form in self._forms

    def group(self, key: str) -> str:
        """Find the key that stands for a group."""
        while self._parents[key] != key:
            key = self._parents[key]
        return key

    def knows(self, key: str) -> bool:
        """Answer whether a name with this key was learnt."""
        return key in self._parents

    def join(self, left: str, right: str) -> None:
        """Make one group of two keys; the one that was learnt first stands for both."""
        one, other = self.group(left), self.group(right)
        if one != other and not (KEPT_APART.get() and self._is_kept_apart(one, other)):
            order = list(self._parents)
            first, second = sorted((one, other), key=order.index)
            self._parents[second] = first

    def _is_kept_apart(self, left: str, right: str) -> bool:
        """Answer whether a person decided that a form of one group and a form of another are two things."""
        sides = [{drug_key(thing_key(self._forms[form].type, form)) for form in self.forms_of(key)} for key in (left, right)]
        return any(frozenset((one, other)) in KEPT_APART.get() for one in sides[0] for other in sides[1] if one != other)

    def retype(self, key: str, type_: str) -> None:
        """Give every form of a group one type."""
        group = self.group(key)
        for form in self._forms.values():
            if self.group(form.key) == group:
                form.type = type_

    def items(self) -> Iterator[tuple[str, str, str]]:
        """List form, type and group in the order of learning."""
        for form, known in self._forms.items():
            yield form, known.type, self.group(known.key)

    def forms_of(self, key: str) -> list[str]:
        """List the forms of a group."""
        group = self.group(key)
        return [form for form, known in self._forms.items() if self.group(known.key) == group]

    def occurrences(self, page: Page) -> list[Hit]:
        """Find every place where a form stands, longest form first where two begin together; none overlaps another."""
        hits: list[Hit] = []
        matcher: Matcher[str] = Matcher((form, form) for form in self._forms)
        done = 0
        for start, end, form in matcher.scan(page.lower, page.places):
            if start < done or not same_spelling(form, page.text[start:end]):
                continue
            known = self._forms[form]
            hits.append(Hit(start, end, self.group(known.key), known.by, known.type))
            done = end
        return hits

    def canonical(self, hits: list[Hit], page: Page, prefer: Callable[[str, int], tuple[object, ...]]) -> dict[str, str]:
        """Choose for each group the spelling that stands for it, among those that occur: the greatest by `prefer`, then the first."""
        counts: dict[str, Counter[str]] = {}
        for hit in hits:
            counts.setdefault(hit.key, Counter())[page.text[hit.start : hit.end]] += 1
        return {key: _best(spellings, prefer) for key, spellings in counts.items()}


@dataclass(slots=True)
class Named:
    """What a finder of names gives: its names, where they stand, the name that stands for each group, and what the text defines."""

    names: Names = field(default_factory=Names)
    hits: list[Hit] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    defined: list[tuple[str, int, int, int, int, str]] = field(default_factory=list)  # kind, range of one name, range of the other, by


def same_spelling(form: str, hit: str) -> bool:
    """Answer whether a hit is a form as the text may print it: as learnt, in capitals, or with the first letter raised or lowered."""
    if hit == form:
        return True
    if form[1:] == hit[1:]:
        return len(form) > 4 and hit[0].isupper()
    if form.islower() and " " in form and hit.istitle():
        return True
    if hit.isupper():
        return len(form) > 3 and not (form.islower() and len(form) < 6)
    if any(c.isdigit() for c in form):
        return len(form) > 4
    return form.isupper() and " " in form and hit[0].isupper()


def _best(spellings: Counter[str], prefer: Callable[[str, int], tuple[object, ...]]) -> str:
    ranked = sorted(enumerate(spellings), key=lambda item: (prefer(item[1], spellings[item[1]]), -item[0]))
    return ranked[-1][1]
