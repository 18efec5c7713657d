"""What a card is made of: a thing on one page, its lines with their sentences, its payments and its steps in order of time.

Days are texts such as 2007-07-31: first and last are the bounds of an event's day, told is the day of the first document that tells of it;
each is "" where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kg.why import Reason


@dataclass(frozen=True, slots=True)
class Line:
    """A fact of the thing in words: "has payload", "DM1". key names the other thing or the event, "" where it is a value."""

    words: str
    said: str
    key: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Partner:
    """A company that shares agreements or payments with the thing: how many of each, and the first and last day known of any."""

    key: str
    label: str
    agreements: int
    payments: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Deal:
    """An agreement: its name, who is what in it, what it covers, and its terms in words."""

    key: str
    label: str
    status: str
    roles: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, str], ...]
    first: str
    last: str
    told: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A payment, once, however many documents tell of it.

    status is how far it has come: Occurred, Committed, Expected, Potential, Ended or Denied. amount is in whole units of the currency,
    None where none is stated; low and high are the ends of a range. has_amount_as_promised tells that only a document that promises it
    says how much. to_date is the sum, in this currency and direction, of what has occurred up to this line: exact amounts alone, None
    where this line adds nothing to it. direction is "in", "out" or "" as seen from the thing: what it receives, pays, or neither.
    """

    key: str
    kind: str
    status: str
    payer: str
    payee: str
    direction: str
    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    currency: str
    bound: str
    rate: str
    trigger: str
    compounds: tuple[str, ...]
    agreement: str
    agreement_label: str
    first: str
    last: str
    told: str
    has_amount_as_promised: bool
    to_date: Decimal | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """An event in time: what happened in a line of words."""

    key: str
    kind: str  # agreement, payment or development
    status: str
    first: str
    last: str
    told: str
    words: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the thing, what kind of name it is ("" where that is not known), and in how many documents it stands."""

    text: str
    kind: str
    documents: int


@dataclass(frozen=True, slots=True)
class Card:
    """A thing on one page. totals is what occurred, by direction and currency; undated tells how many documents had no date to go by."""

    iri: str
    key: str
    kind: str
    label: str
    as_of: str
    names: tuple[Name, ...]
    facts: tuple[Line, ...]
    partners: tuple[Partner, ...]
    deals: tuple[Deal, ...]
    ledger: tuple[Entry, ...]
    timeline: tuple[Moment, ...]
    totals: Mapping[tuple[str, str], Decimal]
    documents: int
