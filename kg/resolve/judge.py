"""Two records of events in, whether they are one out: never a guess, a contradiction keeps them apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.model import Concept, Evidence, Fact, Mention, PartialDate, When

RANK = {"Denied": 0, "Ended": 1, "Potential": 2, "Expected": 3, "Committed": 4, "Occurred": 5}


# Kinds of agreement that texts use for one deal have one name here; a supply agreement beside a licence is another deal.
FAMILIES = {
    "License": "deal", "Collaboration": "deal", "Research": "deal", "Option": "deal", "Acquisition": "acquisition", "Supply": "supply",
    "Manufacturing": "supply", "Distribution": "distribution", "Access": "access",
}  # fmt: skip


def families(kinds: Iterable[str]) -> list[str]:
    """Tell the kinds of agreement that are deals of their own from those that go with any."""
    return sorted({FAMILIES[kind] for kind in kinds if kind in FAMILIES} - {"deal"})


@dataclass(slots=True)
class Record:
    """An event while it is being put together from the facts that speak of it."""

    facts: list[Fact] = field(default_factory=list)
    factuality: str | None = None
    when: When | None = None
    derivation: str = "Stated"

    def support(self, fact: Fact) -> None:
        """Add a fact that speaks of this event."""
        self.facts.append(fact)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """List the evidences of all its facts, in order of place, once each."""
        return tuple(sorted({e for f in self.facts for e in f.evidence}, key=lambda e: (e.span.start, e.span.end, e.rule)))


def mentions(fact: Fact, role: str) -> tuple[Mention, ...]:
    """List the mentions that fill a role."""
    return tuple(m for m in fact.roles.get(role, ()) if isinstance(m, Mention))


def concepts(fact: Fact, role: str) -> list[str]:
    """List the concepts that a role was set to."""
    return [c.name for c in fact.roles.get(role, ()) if isinstance(c, Concept)]


def same_time(left: When | None, right: When | None) -> bool:
    """Answer whether two times can be one: open ones can, dates must overlap."""
    if left is None or right is None or left.earliest is None or right.earliest is None or left.latest is None or right.latest is None:
        return True
    return left.earliest <= right.latest and right.earliest <= left.latest


def finer(left: When | None, right: When | None) -> When | None:
    """Choose the more precise of two times that can be one."""
    known = [w for w in (left, right) if w is not None]
    return min(known, key=lambda w: (w.date is None, _width(w))) if known else None


def _width(when: When) -> int:
    if when.earliest is None or when.latest is None:
        return 10**6
    return (when.latest - when.earliest).days


def when_of(fact: Fact, role: str = "date") -> When | None:
    """Read the time that a role of a fact holds."""
    for mention in mentions(fact, role):
        if isinstance(mention.value, When):
            return mention.value
    return None


def fits(when: When | None, factuality: str | None, release: PartialDate | None) -> bool:
    """Answer whether what has occurred can have occurred then: a day after the release is that of something else in its sentence."""
    if when is None or when.earliest is None or release is None or release.latest is None:
        return True
    return factuality not in {"Occurred", "Ended"} or when.earliest <= release.latest


def published(date: PartialDate | None) -> When | None:
    """Make the time of a release that says "today"."""
    return When.of(date) if date is not None else None


def union(groups: Iterable[Iterable[str]]) -> list[str]:
    """Join lists, each value once, in order of appearance."""
    seen: dict[str, None] = {}
    for group in groups:
        for value in group:
            seen.setdefault(value)
    return list(seen)
