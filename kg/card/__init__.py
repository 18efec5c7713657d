"""A name in, all that the graph knows of that thing on one page out: names, facts, partners, deals, ledger and timeline, with sentences."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from kg.ask import find_one
from kg.card.ledger import entries, totals
from kg.card.records import Card, Deal, Entry, Line, Moment, Name, Partner
from kg.card.terms import deal, order, window
from kg.errors import QueryError
from kg.store import PREFIXES, Store
from kg.tales import Tales, Told, in_words, kind_of, merged, told_of
from kg.view.words import EVENTS, property_order, wording
from kg.why import Reason, reasons_about, reasons_towards

__all__ = ["Card", "Deal", "Entry", "Line", "Moment", "Name", "Partner", "card", "class_of"]

_KG = PREFIXES["kg"]
_CLASSES = "SELECT DISTINCT ?class WHERE { ?thing a ?class }"
# The most specific first; a thing with two classes side by side (trastuzumab is an antibody and a drug) is called by the first.
_SPECIFIC = (
    "AntibodyDrugConjugate", "Amendment", "Milestone", "Antibody", "Payload", "Linker", "Compound", "Company", "Target", "Indication",
    "Technology", "Agreement", "Payment", "Development",
)  # fmt: skip
_NAMES = """
SELECT ?kind ?name (COUNT(DISTINCT ?document) AS ?documents) WHERE {
  GRAPH ?document { ?thing ?kind ?name }
  FILTER(?kind IN (rdfs:label, skos:altLabel, kg:brandName, kg:codeName, kg:innName))
} GROUP BY ?kind ?name"""
_KINDS = {"brandName": "brand name", "codeName": "code name", "innName": "international name"}
# Events that the thing has a role in; what befalls a company's compounds, or the compounds that a payload, an antibody, a linker or a
# target is a part of, belongs on its page too.
_EVENTS = """
SELECT DISTINCT ?event WHERE {
  {
    ?event ?role ?thing ; a ?class .
  } UNION {
    ?event kg:ofCompound ?compound ; a ?class .
    ?compound kg:developedBy|kg:ownedBy|kg:hasPayload|kg:hasAntibody|kg:hasLinker ?thing .
  }
  FILTER(?class IN (kg:Agreement, kg:Payment, kg:Development))
}"""
_OF_AGREEMENT = "SELECT DISTINCT ?event WHERE { ?event kg:underAgreement|kg:amends ?thing }"


def card(store: Store, name: str, as_of: str | dt.date | None = None) -> Card:
    """Put a thing on one page: a company, compound, payload, agreement or any other thing, by name, key or IRI.

    as_of takes only what documents of that day or before say; a document without a date is taken as known. Raises QueryError for a name
    that nothing, or more than one thing, bears, and for a day that is none.
    """
    until = _day(as_of)
    iri = find_one(store, name)
    kind = class_of(store, iri)
    found = [row[0].value for row in store.query(_EVENTS, {"thing": ox.NamedNode(iri)}).rows if row[0] is not None]
    if kind in {"Agreement", "Amendment"}:
        found += [row[0].value for row in store.query(_OF_AGREEMENT, {"thing": ox.NamedNode(iri)}).rows if row[0] is not None]
    if kind in EVENTS:
        found.append(iri)
    events = list(dict.fromkeys(found))
    tales = _known(told_of(store, events), until)
    reasons = {
        each.removeprefix(store.base): _until(reasons, until)
        for each, reasons in reasons_about(store, [event for event in events if event.removeprefix(store.base) in tales.events]).items()
    }
    key = iri.removeprefix(store.base)
    for each, told in tales.events.items():
        reasons[each] = _foremost(told, reasons[each])
    ledger = entries(tales, reasons, key)
    facts = _facts(store, iri, until)
    names = _names(store, iri)
    label = names[0].text if names else in_words(tales.events[key], tales) if key in tales.events else key
    deals = [deal(each, told, tales, reasons[each]) for each, told in tales.events.items() if kind_of(told[0].klass) == "agreement"]
    heard = {reason.document for each in (*reasons.values(), *(line.reasons for line in facts)) for reason in each}
    return Card(
        iri=iri,
        key=key,
        kind=kind,
        label=label,
        as_of=until,
        names=names,
        facts=facts,
        partners=_partners(tales, key),
        deals=tuple(sorted(deals, key=lambda d: (*order(d.first, d.last, d.told), d.label, d.key))),
        ledger=ledger,
        timeline=_timeline(tales, reasons),
        totals=totals(ledger),
        documents=len(heard),
    )


def class_of(store: Store, iri: str) -> str:
    """Name the most specific class of a thing, "Thing" where it has none."""
    classes = {_local(row[0].value) for row in store.query(_CLASSES, {"thing": ox.NamedNode(iri)}).rows if row[0] is not None}
    return next((each for each in _SPECIFIC if each in classes), min(classes, default="Thing"))


def _day(as_of: str | dt.date | None) -> str:
    try:
        return "" if as_of is None else dt.date.fromisoformat(str(as_of)).isoformat()
    except ValueError as error:
        raise QueryError(f"as of must be a day such as 2007-07-31, not {str(as_of)!r}") from error


def _known(tales: Tales, until: str) -> Tales:
    """Leave out what documents after a day say."""
    if not until:
        return tales
    kept = {key: [one for one in told if not one.date or one.date <= until] for key, told in tales.events.items()}
    return Tales({key: told for key, told in kept.items() if told}, tales.edges, tales.labels)


def _until(reasons: Iterable[Reason], until: str) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons if not until or not reason.date or reason.date <= until)


def _foremost(told: Sequence[Told], reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Put what says how far an event has come before what foresaw it."""
    status = (merged(told).get("factuality") or [""])[0]
    saying = {one.document for one in told if one.one("factuality") == status}
    return tuple(sorted(reasons, key=lambda reason: reason.document not in saying))


def _names(store: Store, iri: str) -> tuple[Name, ...]:
    """List the thing's names, the one of most documents first; a label goes before other names of as many."""
    found: dict[str, tuple[bool, str, int]] = {}
    for kind, name, documents in store.query(_NAMES, {"thing": ox.NamedNode(iri)}).rows:
        assert kind is not None and name is not None and documents is not None  # the pattern binds them
        is_label, said, count = found.get(name.value, (False, "", 0))
        local = _local(kind.value)
        found[name.value] = (is_label or local == "label", said or _KINDS.get(local, ""), max(count, int(documents.value)))
    ordered = sorted(found.items(), key=lambda item: (not item[1][0], -item[1][2], item[0]))
    return tuple(Name(text, said, count) for text, (_, said, count) in ordered)


def _facts(store: Store, iri: str, until: str) -> tuple[Line, ...]:
    """List the edges between the thing and other things, and its own values, each once with all that supports it."""
    grouped: dict[tuple[tuple[int, str], bool, str, str, str], list[Reason]] = {}
    own = _until(reasons_about(store, [iri])[iri], until)
    for is_subject, reasons in ((True, own), (False, _until(reasons_towards(store, iri), until))):
        for reason in reasons:
            predicate = _local(reason.predicate)
            if predicate == "type":
                continue  # the event itself, or a thing that no statement takes part in
            said = wording(predicate)
            other = reason.object.value if is_subject else reason.subject
            key = other.removeprefix(store.base) if other.startswith(store.base) else ""
            label = reason.object_label if is_subject else reason.subject_label
            words = said.forward if is_subject else said.inverse
            grouped.setdefault((property_order(predicate), not is_subject, words, key, "" if key else label), []).append(reason)
    lines = [
        Line(words, label or _label(reasons, key, store.base), key, tuple(reasons))
        for (_, _, words, key, label), reasons in sorted(grouped.items(), key=lambda item: item[0])
    ]
    return tuple(lines)


def _label(reasons: Sequence[Reason], key: str, base: str) -> str:
    """Call the other thing as most documents do."""
    called = [r.object_label if r.object.value == base + key else r.subject_label for r in reasons]
    return max(sorted(set(called)), key=called.count)


def _partners(tales: Tales, key: str) -> tuple[Partner, ...]:
    """Count with which companies the thing shares agreements and payments, the most shared first."""
    shared: dict[str, dict[str, set[str]]] = {}
    days: dict[str, list[str]] = {}
    for event, told in tales.events.items():
        values, kind = merged(told), kind_of(told[0].klass)
        roles = ("party",) if kind == "agreement" else ("payer", "payee") if kind == "payment" else ()
        companies = {company for role in roles for company in values.get(role, ())} - {key}
        for company in companies:
            shared.setdefault(company, {"agreement": set(), "payment": set()})[kind].add(event)
            days.setdefault(company, []).extend(day for day in window(told) if day)
    found = [
        Partner(
            company,
            tales.label(company),
            len(each["agreement"]),
            len(each["payment"]),
            min(days[company], default=""),
            max(days[company], default=""),
        )
        for company, each in shared.items()
    ]
    return tuple(sorted(found, key=lambda p: (-p.agreements - p.payments, p.label, p.key)))


def _timeline(tales: Tales, reasons: Mapping[str, tuple[Reason, ...]]) -> tuple[Moment, ...]:
    """Set the events in order of the last day that the text allows, else of the day they were first told of."""
    moments = []
    for key, told in tales.events.items():
        first, last = window(told)
        status = _status(told)
        moments.append(Moment(key, kind_of(told[0].klass), status, first, last, told[0].date, in_words(told, tales), reasons[key]))
    return tuple(sorted(moments, key=lambda m: (*order(m.first, m.last, m.told), m.kind, m.words, m.key)))


def _status(told: Sequence[Told]) -> str:
    values = merged(told)
    return (values.get("agreementStatus") or values.get("factuality") or [""])[0]


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1] or iri
