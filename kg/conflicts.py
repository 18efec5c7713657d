"""A store in, the facts on which its documents disagree out, each side with the documents and sentences that hold it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.store import Store
from kg.tales import Tales, Told, in_words, tales

_ONE_VALUED = ("amount", "currency", "payer", "payee", "exclusive", "paymentType", "triggerType")
_ROLES = ("licensor", "licensee", "acquirer", "acquiree", "supplier", "customer", "optionor", "optionee")
_OPPOSED = {frozenset(pair) for pair in zip(_ROLES[::2], _ROLES[1::2], strict=True)}
_EXACT = frozenset({"Exactly", "About", ""})
_PHASES = ("Preclinical", "IND", "Phase1", "Phase1_2", "Phase2", "Phase2_3", "Phase3", "Submission", "Approval", "Marketed")
_WORDS = {"amount": "amounts", "currency": "currencies", "payer": "payers", "payee": "payees", "exclusive": "exclusive and not",
          "paymentType": "kinds of payment", "triggerType": "triggers"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict: what is held, by which document, of which day, in which sentences."""

    value: str
    file: str
    date: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two documents that cannot both be right on one thing or event: its key, what it is in words, on what they differ."""

    key: str
    about: str
    what: str
    sides: tuple[Side, Side]


def conflicts(store: Store) -> list[Conflict]:
    """List what documents disagree on, sorted by event.

    No conflict is a date that another makes more precise, a possible amount that differs from the earned one, or a status that moves on.
    """
    told = tales(store)
    found = [conflict for key, each in told.events.items() for conflict in _of_event(key, each, told)]
    return [*found, *_phases(told)]


def _of_event(key: str, told: Sequence[Told], labels: Tales) -> Iterator[Conflict]:
    seen: set[tuple[str, str, str]] = set()
    for one, other in combinations(told, 2):
        for what, left, right in _differences(one, other):
            if (what, *sorted((left, right))) not in seen:  # the first two documents of each disagreement stand for all
                seen.add((what, min(left, right), max(left, right)))
                sides = (
                    _side(labels.label(left) if "/" in left else left, one),
                    _side(labels.label(right) if "/" in right else right, other),
                )
                yield Conflict(key, in_words(told, labels), what, sides)


def _differences(one: Told, other: Told) -> Iterator[tuple[str, str, str]]:
    same_status = one.one("factuality") == other.one("factuality")
    for name in _ONE_VALUED:
        left, right = one.one(name), other.one(name)
        if not left or not right or set(one.values[name]) & set(other.values[name]):
            continue
        if name == "amount" and not (same_status and {one.one("bound"), other.one("bound")} <= _EXACT):
            continue
        yield f"two {_WORDS[name]}", left, right
    if (same_status and _is_before(one, other)) or (same_status and _is_before(other, one)):
        yield "two dates", _when(one), _when(other)
    for pair in _OPPOSED:
        for left, right in (sorted(pair), sorted(pair, reverse=True)):
            for company in set(one.values.get(left, ())) & set(other.values.get(right, ())):
                if company not in other.values.get(left, ()) and company not in one.values.get(right, ()):
                    yield f"two roles of {company.partition('/')[2]}", left, right
    if one.one("agreementStatus") in {"Terminated", "Expired"} and other.one("agreementStatus") == "Active" and other.date > one.date:
        yield "active after its end", one.one("agreementStatus"), "Active"


def _is_before(one: Told, other: Told) -> bool:
    last, first = one.one("latestDate"), other.one("earliestDate")
    return bool(last and first and last < first)


def _when(told: Told) -> str:
    return told.one("date") or told.one("dateText") or f"{told.one('earliestDate')} to {told.one('latestDate')}"


def _side(value: str, told: Told) -> Side:
    return Side(value, told.file, told.date, tuple(told.sentences))


def _phases(told: Tales) -> Iterator[Conflict]:
    """Find trials of a compound in a disease that a later document tells as running in an earlier phase than an earlier document does."""
    running: dict[tuple[str, str], list[tuple[str, int, Told, str]]] = {}
    for key, each in told.events.items():
        for one in each:
            stage = one.one("stage")
            if one.klass == "Development" and one.one("event") == "Ongoing" and one.one("factuality") == "Occurred" and stage in _PHASES:
                for compound in one.values.get("ofCompound", ()):
                    running.setdefault((compound, one.one("inIndication")), []).append((one.date, _PHASES.index(stage), one, key))
    for (compound, disease), steps in sorted(running.items()):
        steps.sort(key=lambda s: (s[0], -s[1], s[2].document))
        for earlier, later in combinations(steps, 2):
            if earlier[0] and later[0] > earlier[0] and later[1] < earlier[1]:
                about = f"{told.label(compound)}{f' in {told.label(disease)}' if disease else ''}"
                sides = (_side(_PHASES[earlier[1]], earlier[2]), _side(_PHASES[later[1]], later[2]))
                yield Conflict(later[3], about, "a phase that goes backwards", sides)
                break
