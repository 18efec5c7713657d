"""A store or a card in, the numbers of a picture out: what happened when, money by year, compounds by payload, agreements by year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kg.ask import ask
from kg.card import Card, Entry
from kg.card.words import amount, purpose
from kg.store import Store, Term
from kg.view.words import spell

_LANES = {"agreement": "Agreements", "payment": "Payments", "development": "Development"}
_KINDS = ("License", "Collaboration", "Option", "Acquisition", "Supply", "Manufacturing", "Distribution", "Access", "Research")
_OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Mark:
    """An event on a line of time: the bounds of its day, what to write beside it, and whether it has happened."""

    lane: str
    first: dt.date
    last: dt.date
    label: str
    is_done: bool
    weight: int  # sentences that tell of it


@dataclass(frozen=True, slots=True)
class Money:
    """Money of one currency, by year and by how far it has come: earned, committed, expected or possible; in whole units."""

    currency: str
    by_year: Mapping[int, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger by years, for each currency; withheld and undated count the payments that no bar can show."""

    money: tuple[Money, ...]
    withheld: int
    undated: int


@dataclass(frozen=True, slots=True)
class Stacks:
    """Counts in two directions: bars by name, each made up of parts; outside counts what has no place on the axis."""

    bars: Mapping[str, Mapping[str, int]]
    outside: int


def timeline(card: Card) -> tuple[list[Mark], int]:
    """Give the events of a card that have a day, in order of time, and how many have none."""
    labels = {entry.key: _payment(entry) for entry in card.ledger}
    labels |= {deal.key: _without_day(deal.label) + _partners([name for _, name in deal.roles], card) for deal in card.deals}
    marks, undated = [], 0
    for moment in card.timeline:
        first, last = moment.first or moment.last or moment.told, moment.last or moment.first or moment.told
        if not last:
            undated += 1
            continue
        label = labels.get(moment.key) or _without_day(moment.words)
        for name in card.names:  # its own name says nothing on its own timeline
            label = label.removesuffix(f" ({name.text})").removeprefix(f"{name.text}: ")
        done = moment.status not in {"Committed", "Expected", "Potential", "Planned"}
        weight = sum(len(reason.quotes) for reason in moment.reasons)
        marks.append(Mark(_LANES[moment.kind], dt.date.fromisoformat(first), dt.date.fromisoformat(last), label, done, weight))
    return marks, undated


def _payment(entry: Entry) -> str:
    other = {"in": entry.payer, "out": entry.payee}.get(entry.direction, "")
    said = " ".join(part for part in (amount(entry), entry.kind.removesuffix(" payment")) if part)
    return ", ".join(part for part in (said, purpose(entry), other) if part)


def _partners(names: list[str], card: Card) -> str:
    own = {name.text for name in card.names}
    others = [name for name in dict.fromkeys(names) if name not in own]
    return f": {', '.join(others)}" if others else ""


def _without_day(words: str) -> str:
    """Leave out a day that the axis shows: "License 2000-05-02"."""
    return " ".join(word for word in words.split() if not (word[:4].isdigit() and len(word.strip(",:")) in {4, 7, 10}))


def ledger(card: Card) -> Ledger:
    """Sum the ledger of a card by currency, year and how far each payment has come.

    A payment counts once, as far as it has come. "Up to" counts as possible even where a text promises it, at its upper bound.
    """
    sums: dict[str, dict[int, dict[str, Decimal]]] = {}
    withheld = undated = 0
    for entry in card.ledger:
        value = entry.amount if entry.amount is not None else entry.high
        day = entry.last or entry.first or entry.told
        if entry.status in {"Denied", "Ended"}:
            continue
        if value is None:
            withheld += 1
        elif not day:
            undated += 1
        else:
            stage = {"Occurred": "earned", "Committed": "committed", "Expected": "expected"}.get(entry.status, "possible")
            if stage == "earned" and (entry.has_amount_as_promised or entry.bound == "UpTo"):
                withheld += 1  # that it came is told, how much is not
                continue
            stage = "possible" if entry.bound == "UpTo" else stage
            year = sums.setdefault(entry.currency, {}).setdefault(int(day[:4]), {})
            year[stage] = year.get(stage, Decimal(0)) + value
    return Ledger(tuple(Money(currency, dict(sorted(sums[currency].items()))) for currency in sorted(sums)), withheld, undated)


def payloads(store: Store) -> Stacks:
    """Count compounds by payload, and in each by the company that develops or owns them; one of several companies stands with the first."""
    pairs = {(_text(row[0]), _text(row[6])) for row in ask(store, "compounds-by-payload").rows}
    makers: dict[str, str] = {}
    for row in store.query(_MAKERS).rows:
        makers.setdefault(_text(row[0]), _text(row[1]))
    bars: dict[str, Counter[str]] = {}
    for payload, compound in sorted(pairs):
        bars.setdefault(payload, Counter())[makers.get(compound, "not told")] += 1
    return Stacks(dict(sorted(bars.items(), key=lambda bar: (-sum(bar[1].values()), bar[0]))), 0)


_MAKERS = """
SELECT ?compound (MIN(STR(?label)) AS ?company) WHERE {
  ?compound kg:developedBy|kg:ownedBy ?maker . ?maker rdfs:label ?label
} GROUP BY ?compound ORDER BY ?compound"""


def deals(store: Store, company: str | None = None) -> Stacks:
    """Count agreements by the year they were signed in, and in each by type; one of several types stands with the first of _KINDS."""
    found: dict[str, tuple[set[str], str]] = {}
    for row in ask(store, "agreements-signed", company=company).rows:
        kinds, _ = found.setdefault(_text(row[6]), (set(), ""))
        kinds.add(_text(row[3]))
        first, last = _text(row[4])[:4], _text(row[5])[:4]
        found[_text(row[6])] = (kinds, last if first == last else "")
    bars: dict[str, Counter[str]] = {}
    outside = 0
    for kinds, year in found.values():
        if year:
            kind = next((each for each in _KINDS if each in kinds), "")
            bars.setdefault(year, Counter())[spell(kind).capitalize() if kind else _OTHER] += 1
        else:
            outside += 1
    if bars:  # years without a deal keep their place
        for each in range(int(min(bars)), int(max(bars))):
            bars.setdefault(str(each), Counter())
    return Stacks(dict(sorted(bars.items())), outside)


def _text(term: Term | None) -> str:
    return "" if term is None else term.value
