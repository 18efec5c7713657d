"""A card's lines in, what to print of them out: days, amounts, sums and sections as words, and answers for tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pyoxigraph as ox

from kg.card.records import Card, Entry
from kg.store import PREFIXES, Answer, Term
from kg.view.words import money
from kg.why import Reason

_BOUND = {"UpTo": "up to ", "AtLeast": "at least ", "About": "about "}
_STATUS = {"Occurred": "paid", "Committed": "will be paid", "Expected": "expected", "Potential": "possible", "Ended": "ended",
           "Denied": "denied"}  # fmt: skip
_DIRECTION = {"in": "received", "out": "paid", "": "paid"}
_LEDGER = ("earliest", "latest", "told", "status", "kind", "payer", "payee", "amount", "currency", "bound", "rate", "trigger", "compound",
           "agreement", "todate", "payment")  # fmt: skip
_TIMELINE = ("earliest", "latest", "told", "kind", "status", "what", "event")


def when(first: str, last: str, told: str = "") -> str:
    """Say a day by its bounds, or, where the text has none, when it was first told of.

    >>> when("2007-07-31", "2007-07-31"), when("2000-01-01", "2000-12-31"), when("", "", "2003-07-30")
    ('2007-07-31', '2000', 'told 2003-07-30')
    """
    if not first and not last:
        return f"told {told}" if told else "no date"
    if first == last:
        return first
    if first[:4] == last[:4] and first[4:] == "-01-01" and last[4:] == "-12-31":
        return first[:4]
    if first[:7] == last[:7] and first.endswith("-01") and last[8:] >= "28":
        return first[:7]
    return f"{first} to {last}" if first and last else f"by {last}" if last else f"from {first}"


def amount(entry: Entry) -> str:
    """Say how much, with "up to", a rate, or that it is withheld; "" where nothing is said of it."""
    if entry.low is not None and entry.high is not None:
        said = f"{money(str(entry.low), entry.currency)}–{money(str(entry.high), entry.currency)}"
    elif entry.amount is not None or entry.high is not None or entry.low is not None:
        value = entry.amount if entry.amount is not None else entry.high if entry.high is not None else entry.low
        said = _BOUND.get(entry.bound, "") + money(str(value), entry.currency)
    else:
        said = entry.rate or ("undisclosed" if entry.bound == "Undisclosed" else "")
    return f"{said} (as promised)" if entry.has_amount_as_promised and said else said


def status(entry: Entry) -> str:
    """Say how far a payment has come: a milestone that occurred is earned."""
    return (
        "earned" if entry.status == "Occurred" and entry.kind.startswith("milestone") else _STATUS.get(entry.status, entry.status.lower())
    )


def parties(entry: Entry) -> str:
    """Say who pays whom; what no document tells is left open."""
    return f"{entry.payer or '?'} → {entry.payee or '?'}"


def purpose(entry: Entry) -> str:
    """Say what a payment is for: its trigger and compounds."""
    return ", ".join(part for part in (entry.trigger, *entry.compounds) if part)


def sums(card: Card) -> list[str]:
    """Say what has been received and paid, by currency."""
    return [f"{_DIRECTION[direction]} {money(str(total), currency)}" for (direction, currency), total in card.totals.items()]


def ledger_answer(card: Card, *, evidence: bool = False) -> Answer:
    """Give the ledger as rows, a payment each; with evidence a row for each sentence, in two more columns."""
    rows = [
        (
            *(_day(day) for day in (entry.first, entry.last, entry.told)),
            *(_text(each) for each in (entry.status, entry.kind, entry.payer, entry.payee)),
            _decimal(entry.amount if entry.amount is not None else entry.high),
            *(_text(each) for each in (entry.currency, entry.bound, entry.rate, entry.trigger, ", ".join(entry.compounds))),
            _text(entry.agreement),
            _decimal(entry.to_date),
            _text(entry.key),
        )
        for entry in card.ledger
    ]
    return _with_evidence(_LEDGER, rows, [entry.reasons for entry in card.ledger], evidence)


def timeline_answer(card: Card, *, evidence: bool = False) -> Answer:
    """Give the timeline as rows, an event each; with evidence a row for each sentence, in two more columns."""
    rows = [
        (*(_day(day) for day in (m.first, m.last, m.told)), *(_text(each) for each in (m.kind, m.status, m.words, m.key)))
        for m in card.timeline
    ]
    return _with_evidence(_TIMELINE, rows, [moment.reasons for moment in card.timeline], evidence)


def _with_evidence(
    columns: Sequence[str], rows: Sequence[tuple[Term | None, ...]], reasons: Sequence[Sequence[Reason]], evidence: bool
) -> Answer:
    if not evidence:
        return Answer(tuple(columns), list(rows))
    told = [(*row, *pair) for row, each in zip(rows, reasons, strict=True) for pair in list(_quoted(each)) or [(None, None)]]
    return Answer((*columns, "sentence", "document"), list(dict.fromkeys(told)))


def _quoted(reasons: Sequence[Reason]) -> Iterator[tuple[Term | None, Term | None]]:
    for reason in reasons:
        for quote in reason.quotes:
            yield ox.Literal(quote.sentence), ox.Literal(reason.file_name)


def _text(value: str) -> Term | None:
    return ox.Literal(value) if value else None


def _day(value: str) -> Term | None:
    return ox.Literal(value, datatype=ox.NamedNode(PREFIXES["xsd"] + "date")) if value else None


def _decimal(value: Decimal | None) -> Term | None:
    return None if value is None else ox.Literal(f"{value:f}", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
