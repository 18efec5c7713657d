"""What documents tell of payments in, a ledger out: each payment once, as far as it has come, with what has come in and gone out so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from kg.card.records import Entry
from kg.card.terms import order, window
from kg.tales import Tales, Told, kind_of, merged
from kg.view.words import spell
from kg.why import Reason

_EXACT = frozenset({"Exactly", "About"})


def entries(tales: Tales, reasons: Mapping[str, tuple[Reason, ...]], about: str) -> tuple[Entry, ...]:
    """List the payments in order of time, as seen from a thing (its key).

    A running sum counts what has occurred, with an exact or approximate amount of its own: never what is promised, and never "up to".
    Sums are kept apart by direction and currency; currencies are never added up.
    """
    found = [_entry(key, told, tales, reasons[key], about) for key, told in tales.events.items() if kind_of(told[0].klass) == "payment"]
    found.sort(key=lambda e: (*order(e.first, e.last, e.told), e.status, e.kind, e.payer, e.payee, e.key))
    sums: dict[tuple[str, str], Decimal] = {}
    lines = []
    for entry in found:
        if _counts(entry):
            place = (entry.direction, entry.currency)
            assert entry.amount is not None  # what counts has an amount
            sums[place] = sums.get(place, Decimal(0)) + entry.amount
            lines.append(_with_sum(entry, sums[place]))
        else:
            lines.append(entry)
    return tuple(lines)


def totals(ledger: Sequence[Entry]) -> dict[tuple[str, str], Decimal]:
    """Give the last running sum of each direction and currency."""
    return dict(sorted({(entry.direction, entry.currency): entry.to_date for entry in ledger if entry.to_date is not None}.items()))


def _counts(entry: Entry) -> bool:
    return entry.status == "Occurred" and entry.amount is not None and not entry.has_amount_as_promised and entry.bound in {*_EXACT, ""}


def _with_sum(entry: Entry, to_date: Decimal) -> Entry:
    values = {name: getattr(entry, name) for name in Entry.__slots__}
    return Entry(**{**values, "to_date": to_date})


def _entry(key: str, told: Sequence[Told], tales: Tales, reasons: tuple[Reason, ...], about: str) -> Entry:
    values = merged(told)
    status = (values.get("factuality") or [""])[0]
    # What is earned has the amount of the documents that say it is earned: "up to $50 million" was another's promise.
    priced = [one for one in told if one.one("factuality") == status and _has_amount(one)]
    amounts = merged(priced) if priced else values

    def one(name: str, among: Mapping[str, Sequence[str]]) -> str:
        return (among.get(name) or [""])[0]

    payer, payee = one("payer", values), one("payee", values)
    first, last = window(told)
    return Entry(
        key=key,
        kind=spell(one("paymentType", values)) or "payment",
        status=status,
        payer=tales.label(payer) if payer else "",
        payee=tales.label(payee) if payee else "",
        direction="in" if payee == about else "out" if payer == about else "",
        amount=_number(one("amount", amounts)),
        low=_number(one("minAmount", amounts)),
        high=_number(one("maxAmount", amounts)),
        currency=one("currency", amounts),
        bound=one("bound", amounts),
        rate=", ".join(values.get("rate", ())),
        trigger=spell(one("triggerType", values)) if one("triggerType", values) else "",
        compounds=tuple(tales.label(compound) for compound in values.get("forCompound", ())),
        agreement=one("underAgreement", values),
        agreement_label=tales.label(one("underAgreement", values)) if values.get("underAgreement") else "",
        first=first,
        last=last,
        told=told[0].date,
        has_amount_as_promised=not priced and _has_amount_in(values),
        to_date=None,
        reasons=reasons,
    )


def _has_amount(told: Told) -> bool:
    return _has_amount_in(told.values)


def _has_amount_in(values: Mapping[str, Sequence[str]]) -> bool:
    return any(values.get(name) for name in ("amount", "minAmount", "maxAmount"))


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
