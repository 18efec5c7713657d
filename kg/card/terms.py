"""What documents tell of an agreement in, its parties and terms in words out; and the bounds of any event's day."""

from __future__ import annotations

from collections.abc import Sequence

from kg.card.records import Deal
from kg.tales import Tales, Told, merged
from kg.view.words import EVENTS, event_label, value_words, wording
from kg.why import Reason

_ROLES = ("licensor", "licensee", "collaborator", "acquirer", "acquiree", "supplier", "customer", "optionor", "optionee")
_THINGS = ("coversCompound", "coversTarget", "coversTechnology", "amends", "developmentBy", "manufacturingBy", "commercializationBy")
_VALUES = ("exclusive", "territory", "excludedTerritory", "field")
_DONE = frozenset({"Occurred", "Ended"})


def deal(key: str, told: Sequence[Told], tales: Tales, reasons: Sequence[Reason]) -> Deal:
    """Say who is what in an agreement and what it covers, in the order in which people ask."""
    values = merged(told)
    roles = [(wording(role).forward, tales.label(company)) for role in _ROLES for company in values.get(role, ())]
    named = {company for role in _ROLES for company in values.get(role, ())}
    roles += [("party", tales.label(company)) for company in values.get("party", ()) if company not in named]
    terms = [(wording(name).forward, tales.label(thing)) for name in _THINGS for thing in values.get(name, ())]
    terms += [(wording(name).forward, value_words(name, value, False)) for name in _VALUES for value in values.get(name, ())]
    first, last = window(told)
    status = (values.get("agreementStatus") or values.get("factuality") or [""])[0]
    assert told[0].klass in EVENTS  # what told_of keeps has a class of its own
    return Deal(key, event_label(told[0].klass, values), status, tuple(roles), tuple(terms), first, last, told[0].date, tuple(reasons))


def window(told: Sequence[Told]) -> tuple[str, str]:
    """Give the bounds of an event's day, "" where there are none.

    What documents say of it as done goes before what they say of it as planned; among those the narrowest bounds that all allow. An event
    without a day of its own stands at the first announcement, as its last day.
    """
    certain = [one for one in told if one.one("factuality") in _DONE] or list(told)
    first = max((one.one("earliestDate") for one in certain), default="")
    last = min((one.one("latestDate") for one in certain if one.one("latestDate")), default="")
    if not last:
        last = min((one.one("announcedOn") for one in certain if one.one("announcedOn")), default="")
    return (first, last) if not last or first <= last else (last, last)


def order(first: str, last: str, told: str) -> tuple[str, str]:
    """Give the place of an event in time: its last day, else the day on which it was first told of; what has neither comes last."""
    return (last or first or told or "9999", first)
