"""Names of the ontology in, words for people out: classes, properties, concepts, amounts and what an event is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True, slots=True)
class Wording:
    """How a property is said: read from its subject, read from its object, and on the arrow.

    An arrow runs from subject to object unless `flip`: money and rights are drawn in the direction in which they move, so a payment
    stands between the one who pays and the one who is paid. kind groups the arrows by colour: money, deal or science.
    """

    forward: str
    inverse: str
    kind: str = "science"
    flip: bool = False
    arrow: str = ""

    @property
    def drawn(self) -> str:
        """The word beside the arrow."""
        return self.arrow or (self.inverse if self.flip else self.forward)


# In the order in which a panel lists them.
PROPERTIES: Mapping[str, Wording] = {
    "payer": Wording("paid by", "pays", "money", flip=True),
    "payee": Wording("paid to", "is paid", "money"),
    "licensor": Wording("licensor", "licensor in", "deal", flip=True, arrow="licensor"),
    "licensee": Wording("licensee", "licensee in", "deal"),
    "collaborator": Wording("collaborator", "collaborator in", "deal"),
    "acquirer": Wording("acquirer", "acquirer in", "deal", flip=True, arrow="acquirer"),
    "acquiree": Wording("acquired", "acquired in", "deal"),
    "supplier": Wording("supplier", "supplier in", "deal", flip=True, arrow="supplier"),
    "customer": Wording("customer", "customer in", "deal"),
    "optionor": Wording("option given by", "gives option in", "deal", flip=True, arrow="gives option"),
    "optionee": Wording("option held by", "holds option in", "deal"),
    "party": Wording("party", "party to", "deal"),
    "amends": Wording("amends", "amended by", "deal"),
    "underAgreement": Wording("under", "provides for", "deal"),
    "triggeredBy": Wording("triggered by", "triggers", "money"),
    "forCompound": Wording("for", "subject of", "deal"),
    "coversCompound": Wording("covers", "covered by", "deal"),
    "coversTarget": Wording("covers", "covered by", "deal"),
    "coversTechnology": Wording("covers", "covered by", "deal"),
    "developmentBy": Wording("development by", "develops under", "deal"),
    "manufacturingBy": Wording("manufacturing by", "manufactures under", "deal"),
    "commercializationBy": Wording("commercialization by", "commercializes under", "deal"),
    "hasAntibody": Wording("has antibody", "antibody of"),
    "hasPayload": Wording("has payload", "payload of"),
    "hasLinker": Wording("has linker", "linker of"),
    "targets": Wording("targets", "targeted by"),
    "parent": Wording("subsidiary of", "parent of"),
    "developedBy": Wording("developed by", "develops"),
    "ownedBy": Wording("owned by", "owns"),
    "usesTechnology": Wording("uses", "used by"),
    "developedFor": Wording("developed for", "treated with"),
    "ofCompound": Wording("of", "goes through"),
    "sponsor": Wording("sponsor", "sponsors"),
    "inIndication": Wording("in", "studied in"),
    "factuality": Wording("factuality", ""),
    "agreementType": Wording("type", ""),
    "agreementStatus": Wording("status", ""),
    "exclusive": Wording("exclusive", ""),
    "territory": Wording("territory", ""),
    "excludedTerritory": Wording("excluded territory", ""),
    "field": Wording("field", ""),
    "paymentType": Wording("type", ""),
    "amount": Wording("amount", ""),
    "minAmount": Wording("at least", ""),
    "maxAmount": Wording("at most", ""),
    "currency": Wording("currency", ""),
    "bound": Wording("bound", ""),
    "rate": Wording("rate", ""),
    "amountText": Wording("amount as written", ""),
    "triggerType": Wording("trigger", ""),
    "stage": Wording("stage", ""),
    "event": Wording("event", ""),
    "payloadClass": Wording("payload class", ""),
    "ticker": Wording("ticker", ""),
    "exchange": Wording("exchange", ""),
    "cik": Wording("CIK", ""),
    "date": Wording("date", ""),
    "dateText": Wording("date as written", ""),
    "announcedOn": Wording("announced on", ""),
    "earliestDate": Wording("earliest", ""),
    "latestDate": Wording("latest", ""),
}
_RANK = {name: rank for rank, name in enumerate(PROPERTIES)}

# A triple that follows from a narrower one is written out in the graph; drawn, it would only cover the narrower one.
NARROWER: Mapping[str, frozenset[str]] = {
    "party": frozenset({"licensor", "licensee", "collaborator", "acquirer", "acquiree", "supplier", "customer", "optionor", "optionee"}),
}

EVENTS = frozenset({"Agreement", "Amendment", "Payment", "Milestone", "Development"})

# "occurred" is said as the field says it of each kind of event; the other degrees keep their own word.
_OCCURRED = {"Milestone": "earned", "Payment": "paid"}
_FACTUALITY = {"Committed": "committed", "Expected": "expected", "Potential": "possible", "Ended": "ended", "Denied": "denied"}
# Where two documents of one day differ, what has happened outweighs what was foreseen.
FACTUALITY_RANK = ("Occurred", "Ended", "Denied", "Committed", "Expected", "Potential")

_EVENT = {"DataReported": "data reported", "OnHold": "on hold"}
_SYMBOL = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_BOUND = {"UpTo": "up to ", "AtLeast": "at least ", "About": "about "}
_UNITS = ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "k"))
_CLASS = {"AntibodyDrugConjugate": "Antibody-drug conjugate"}


def wording(predicate: str) -> Wording:
    """Look up how a property is said, spelling out the name of one that is not in the table.

    >>> wording("payer").drawn, wording("hasBiomarker").drawn
    ('pays', 'has biomarker')
    """
    known = PROPERTIES.get(predicate)
    if known is not None:
        return known
    plain = spell(predicate)
    return Wording(plain, f"{plain} of")


def property_order(predicate: str) -> tuple[int, str]:
    """Give the sort key of a property: the table's order, then unknown ones by name."""
    return (_RANK.get(predicate, len(_RANK)), predicate)


def class_words(name: str) -> str:
    """Say the name of a class.

    >>> class_words("AntibodyDrugConjugate"), class_words("Milestone")
    ('Antibody-drug conjugate', 'Milestone')
    """
    if name in _CLASS:
        return _CLASS[name]
    plain = spell(name)
    return plain[:1].upper() + plain[1:]


def spell(name: str) -> str:
    """Take a camel-case name apart; phases keep their figures, abbreviations their capitals.

    >>> spell("MilestonePayment"), spell("Phase1_2"), spell("IND"), spell("INDActive"), spell("Phase2Start")
    ('milestone payment', 'Phase 1/2', 'IND', 'IND active', 'Phase 2 start')
    """
    words = re.findall(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[0-9]+(?:_[0-9]+)*", name)
    said = " ".join(word if word.isupper() else word.lower() for word in words)
    return re.sub(r"\bphase (?=[0-9])", "Phase ", said).replace("_", "/") or name


def money(amount: str, currency: str) -> str:
    """Shorten an amount in whole units of its currency, never rounding a figure away.

    >>> money("5000000", "USD"), money("11500000", "EUR"), money("1234567", "USD"), money("2000000", "CHF")
    ('$5M', '€11.5M', '$1,234,567', 'CHF 2M')
    """
    value = _number(amount)
    if value is None:
        return amount
    sign = _SYMBOL.get(currency, f"{currency} " if currency else "")
    for unit, letter in _UNITS:
        scaled = value / unit
        if abs(scaled) >= 1 and scaled == round(scaled, 2):
            return f"{sign}{round(scaled, 2).normalize():f}{letter}"
    return f"{sign}{value:,f}"


def _number(text: str) -> Decimal | None:
    """Read an amount, without the places after the point that say nothing; None where it is no number."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def value_words(predicate: str, value: str, is_concept: bool) -> str:
    """Say the value of a fact: concepts spelt out, amounts with separators, booleans as yes or no.

    >>> value_words("stage", "Phase2", True), value_words("amount", "5000000", False), value_words("exclusive", "true", False)
    ('Phase 2', '5,000,000', 'yes')
    """
    if is_concept:
        return spell(value)
    if predicate == "exclusive":
        return {"true": "yes", "1": "yes", "false": "no", "0": "no"}.get(value, value)
    if predicate in {"amount", "minAmount", "maxAmount"}:
        number = _number(value)
        return value if number is None else f"{number:,f}"
    return value


def event_label(kind: str, facts: Mapping[str, Sequence[str]]) -> str:
    """Name an event by its properties; facts maps a property to its values, the one to show first.

    >>> event_label("Milestone", {"amount": ["5000000"], "currency": ["USD"], "factuality": ["Occurred"]})
    'Milestone $5M · earned'
    >>> event_label("Agreement", {"agreementType": ["License"], "date": ["2000"], "factuality": ["Occurred"]})
    'License 2000'
    >>> event_label("Development", {"stage": ["Phase2"], "event": ["Started"], "date": ["2007-07-31"], "factuality": ["Occurred"]})
    'Phase 2 started 2007-07-31'
    """
    first = {name: values[0] for name, values in facts.items() if values}
    fact = first.get("factuality", "")
    if kind in {"Payment", "Milestone"}:
        words = [_payment_noun(kind, first), _amount(first)]
        state = _OCCURRED[kind] if fact == "Occurred" else _FACTUALITY.get(fact, "")
    elif kind in {"Agreement", "Amendment"}:
        types = [spell(value).capitalize() for value in facts.get("agreementType", ()) if value not in {"OtherAgreement", "AmendmentOnly"}]
        noun = "Amendment" if kind == "Amendment" else " & ".join(types[:2]) or "Agreement"
        words = [noun, first.get("date", "")]
        status = first.get("agreementStatus", "")
        state = status.lower() if status in {"Terminated", "Expired", "Planned"} else _FACTUALITY.get(fact, "")
    else:
        words = [spell(first.get("stage", "")), _EVENT.get(first.get("event", ""), first.get("event", "").lower()), first.get("date", "")]
        state = _FACTUALITY.get(fact, "") if first.get("event", "").lower() != "discontinued" or fact != "Ended" else ""
    plain = " ".join(word for word in words if word) or class_words(kind)
    plain = plain[:1].upper() + plain[1:]
    return f"{plain} · {state}" if state else plain


def _payment_noun(kind: str, first: Mapping[str, str]) -> str:
    if kind == "Milestone":
        return "Milestone"
    name = first.get("paymentType", "")
    return "Payment" if name in {"", "OtherPayment", "MilestonePayment"} else spell(name).capitalize()


def _amount(first: Mapping[str, str]) -> str:
    currency, bound = first.get("currency", ""), first.get("bound", "")
    if bound == "Range" and "minAmount" in first and "maxAmount" in first:
        return f"{money(first['minAmount'], currency)}–{money(first['maxAmount'], currency)}"  # an en dash, as ranges are printed
    amount = first.get("amount") or first.get("maxAmount") or first.get("minAmount")
    if amount:
        return _BOUND.get(bound, "") + money(amount, currency)
    if "rate" in first:
        return first["rate"]
    return "undisclosed" if bound == "Undisclosed" else ""
