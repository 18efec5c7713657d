"""A store in, what each document tells of each event and of each pair of things out, with its sentences; and an event in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.store import PREFIXES, Store
from kg.view.words import EVENTS, FACTUALITY_RANK, class_words, event_label, money, spell

_KG = PREFIXES["kg"]
_TOLD = """
SELECT ?document ?event ?class ?property ?value WHERE {
  GRAPH ?document { ?event a ?class ; ?property ?value }
  FILTER(?class IN (kg:Agreement, kg:Amendment, kg:Payment, kg:Milestone, kg:Development))
}"""
_TOLD_OF = "SELECT ?document ?property ?value WHERE { GRAPH ?document { ?event ?property ?value } }"
_LABEL_OF = "SELECT ?label WHERE { ?thing rdfs:label ?label }"
_DOCUMENTS = "SELECT ?document ?file ?date WHERE { ?document kg:fileName ?file OPTIONAL { ?document dcterms:date ?date } }"
_LABELS = "SELECT ?thing (MIN(STR(?label)) AS ?name) WHERE { ?thing rdfs:label ?label } GROUP BY ?thing"
_SENTENCES = """
SELECT ?document ?subject ?predicate ?object ?sentence ?start WHERE {
  ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; kg:evidence ?evidence .
  ?evidence oa:hasSource ?document ; oa:start ?start ; kg:sentence ?sentence .
}"""
_NARROW = ("Amendment", "Milestone", "Agreement", "Payment", "Development")  # the class that says most first
_PAYS = {
    "Occurred": ("paid", "earned"), "Committed": ("will pay", "will receive"), "Expected": ("is expected to pay", "is expected to receive"),
    "Potential": ("may pay", "may receive"), "Denied": ("did not pay", "did not receive"), "Ended": ("no longer pays", "no longer earns"),
}  # fmt: skip
_NOUNS = {
    "MilestonePayment": "a milestone", "Upfront": "an upfront payment", "Royalty": "a royalty", "Fee": "a fee", "Equity": "for equity",
    "Reimbursement": "a reimbursement", "AcquisitionPrice": "the price of an acquisition",
}  # fmt: skip
_SEVERAL = frozenset(
    {"party", "licensor", "licensee", "collaborator", "acquirer", "acquiree", "supplier", "customer", "optionor", "optionee"}
    | {"agreementType", "coversCompound", "coversTarget", "coversTechnology", "forCompound", "ofCompound", "sponsor", "rate", "territory"}
    | {"underAgreement"}
)
_DATES = frozenset({"date", "earliestDate", "latestDate", "dateText"})
_COVERS = ("coversCompound", "coversTarget", "coversTechnology")


@dataclass(frozen=True, slots=True)
class Source:
    """A document's file, its date as far as it is known, and the sentence that it says something in."""

    file: str
    date: str
    sentence: str


@dataclass(slots=True)
class Told:
    """What one document tells of one event: its class, its properties (IRIs as keys, concepts by name), and its sentences."""

    document: str
    file: str
    date: str
    klass: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)

    def one(self, name: str) -> str:
        """Give the first value of a property, "" where there is none."""
        return self.values.get(name, [""])[0]

    @property
    def source(self) -> Source:
        """Give the document with the first of its sentences."""
        return Source(self.file, self.date, self.sentences[0] if self.sentences else "")


@dataclass(frozen=True, slots=True)
class Tales:
    """All that documents tell: events by key, each with a record for each document, oldest first; edges; and labels by key."""

    events: Mapping[str, Sequence[Told]]
    edges: Mapping[tuple[str, str, str], Sequence[Source]]
    labels: Mapping[str, str]

    def label(self, key: str) -> str:
        """Name a thing: by its label, else by its key without hyphens."""
        return self.labels.get(key) or key.partition("/")[2].replace("-", " ") or key


def tales(store: Store) -> Tales:
    """Read what the documents of a store tell of events and of things."""
    documents = {_text(d): (_text(file), _text(date)) for d, file, date in store.query(_DOCUMENTS).rows}
    found: dict[tuple[str, str], Told] = {}
    for document, event, klass, prop, value in store.query(_TOLD).rows:
        name = _text(document)
        if name not in documents:
            continue
        one = found.setdefault((_key(store, event), name), Told(name, *documents[name]))
        _tell(one, PREFIXES["rdf"] + "type", _text(klass).removeprefix(_KG))
        _tell(one, _text(prop), _key(store, value))
    edges: dict[tuple[str, str, str], list[tuple[int, Source]]] = {}
    sentences: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in store.query(_SENTENCES).rows:
        name, subject, predicate, obj, sentence, start = map(_text, row)
        key, place = (_key(store, subject), name), int(start)
        if key in found:
            sentences.setdefault(key, []).append((place, sentence))
        elif predicate.startswith(_KG) and name in documents:
            triple = (key[0], predicate.removeprefix(_KG), _key(store, obj))
            edges.setdefault(triple, []).append((place, Source(*documents[name], sentence)))
    for told_by, one in found.items():
        one.sentences = [text for _, text in sorted(set(sentences.get(told_by, [])))]
        for values in one.values.values():
            values.sort()
    events: dict[str, list[Told]] = {}
    for (node, _), one in sorted(found.items(), key=lambda item: (item[0][0], item[1].date, item[0][1])):
        events.setdefault(node, []).append(one)
    labels = {_key(store, thing): _text(name) for thing, name in store.query(_LABELS).rows}
    return Tales(events, {t: [s for _, s in sorted(each, key=lambda e: (e[1].date, e[1].file, e[0]))] for t, each in edges.items()}, labels)


def told_of(store: Store, events: Sequence[str]) -> Tales:
    """Read what documents tell of these events (IRIs) alone, with the labels of what they name; sentences and edges are left out."""
    documents = {_text(d): (_text(file), _text(date)) for d, file, date in store.query(_DOCUMENTS).rows}
    found: dict[str, list[Told]] = {}
    named: set[str] = set()
    for iri in events:
        told: dict[str, Told] = {}
        for document, prop, value in store.query(_TOLD_OF, {"event": ox.NamedNode(iri)}).rows:
            name, predicate = _text(document), _text(prop)
            if name in documents:
                _tell(told.setdefault(name, Told(name, *documents[name])), predicate, _key(store, value))
                if isinstance(value, ox.NamedNode) and value.value.startswith(store.base):
                    named.add(value.value)
        for one in told.values():
            for values in one.values.values():
                values.sort()
        found[iri.removeprefix(store.base)] = sorted((t for t in told.values() if t.klass), key=lambda t: (t.date, t.document))
    labels = {}
    for iri in sorted(named):
        if iri.removeprefix(store.base).partition("/")[0] == "agreement":  # it has no name of its own
            labels[iri.removeprefix(store.base)] = _agreement_label(store, iri)
            continue
        names = sorted(_text(row[0]) for row in store.query(_LABEL_OF, {"thing": ox.NamedNode(iri)}).rows)
        if names:
            labels[iri.removeprefix(store.base)] = names[0]
    return Tales({key: each for key, each in found.items() if each}, {}, labels)


def _agreement_label(store: Store, iri: str) -> str:
    values: dict[str, list[str]] = {}
    for _, prop, value in store.query(_TOLD_OF, {"event": ox.NamedNode(iri)}).rows:
        values.setdefault(_text(prop).removeprefix(_KG), []).append(_key(store, value))
    plain = {name: sorted(set(said), key=lambda each: (-len(each), each)) for name, said in values.items()}  # the most precise date first
    return event_label("Amendment" if "Amendment" in plain.get(f"{PREFIXES['rdf']}type", ()) else "Agreement", plain)


def _tell(one: Told, predicate: str, said: str) -> None:
    """Add a property's value to what a document tells of an event; of several classes the narrowest is kept."""
    if predicate == PREFIXES["rdf"] + "type":
        if said in _NARROW and (not one.klass or _NARROW.index(said) < _NARROW.index(one.klass)):
            one.klass = said
    elif predicate.startswith(_KG) and predicate != f"{_KG}evidence" and said not in one.values.setdefault(predicate[len(_KG) :], []):
        one.values[predicate[len(_KG) :]].append(said)


def merged(told: Sequence[Told]) -> dict[str, list[str]]:
    """Join what documents tell of one event: of what can be several all values, the narrowest date, else what has come furthest, last."""
    values: dict[str, set[str]] = {}
    for one in told:
        for name, said in one.values.items():
            if name in _SEVERAL:
                values.setdefault(name, set()).update(said)
    found = {name: sorted(said) for name, said in values.items()}
    for one in sorted(told, key=lambda t: _rank(t.one("factuality")), reverse=True)[::-1]:  # of equals the last first
        for name, said in one.values.items():
            if name not in _DATES:
                found.setdefault(name, said)
    dated = min((t for t in told if _DATES & t.values.keys()), key=_width, default=None)
    if dated is not None:
        found |= {name: dated.values[name] for name in _DATES & dated.values.keys()}
    return found


def _width(told: Told) -> tuple[int, int]:
    """Count the days that a document leaves open for an event's date, what has come furthest before others."""
    first, last = told.one("earliestDate"), told.one("latestDate")
    days = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days if first and last else 10**6
    return days, _rank(told.one("factuality"))


def _rank(factuality: str) -> int:
    return FACTUALITY_RANK.index(factuality) if factuality in FACTUALITY_RANK else len(FACTUALITY_RANK)


def in_words(told: Sequence[Told], labels: Tales) -> str:
    """Say an event in a line: "Genentech paid ImmunoGen, Inc. a milestone of $5M (Phase 2 start, trastuzumab-DM1), 2007-07-31"."""
    klass, values = told[0].klass, merged(told)

    def named(*names: str) -> str:
        return ", ".join(labels.label(v) for name in names for v in values.get(name, ()))

    when = (values.get("date") or values.get("dateText") or [""])[0]
    if klass in {"Payment", "Milestone"}:
        return _payment(values, named, when)
    label = event_label(klass, values)
    if klass == "Development":
        about, sponsor = named("inIndication"), named("sponsor")
        return f"{named('ofCompound')}: {label}{f' in {about}' if about else ''}{f' ({sponsor})' if sponsor else ''}"
    parties = " and ".join(labels.label(v) for v in values.get("party", ()))
    scope = named(*_COVERS)
    return f"{label}: {parties}{f', on {scope}' if scope else ''}"


def _payment(values: Mapping[str, Sequence[str]], named: Callable[..., str], when: str) -> str:
    payer, payee = named("payer"), named("payee")
    pays, earns = _PAYS.get((values.get("factuality") or ["Potential"])[0], _PAYS["Potential"])
    noun = _NOUNS.get((values.get("paymentType") or [""])[0], "a payment")
    bound = {"UpTo": "up to ", "AtLeast": "at least ", "About": "about "}.get((values.get("bound") or [""])[0], "")
    amount = (values.get("amount") or values.get("maxAmount") or [""])[0]
    much = f" of {bound}{money(amount, (values.get('currency') or [''])[0])}" if amount else ""
    rate = f" at {', '.join(values['rate'])}" if values.get("rate") else ""
    who = f"{payer} {pays} {payee or 'a partner'}" if payer else f"{payee or 'a party'} {earns}"
    for_what = ", ".join(part for part in (spell((values.get("triggerType") or [""])[0]), named("forCompound")) if part)
    return f"{who} {noun}{much}{rate}{f' ({for_what})' if for_what else ''}{f', {when}' if when else ''}"


def kind_of(klass: str) -> str:
    """Say to which kind of thing an event belongs: agreement, payment or development.

    >>> kind_of("Milestone"), kind_of("Amendment")
    ('payment', 'agreement')
    """
    wide = {"Milestone": "Payment", "Amendment": "Agreement"}.get(klass, klass)
    return class_words(wide).lower() if wide in EVENTS else wide.lower()


def _text(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def _key(store: Store, term: object) -> str:
    """Give a thing's key, a concept's name, or a literal's words."""
    text = _text(term)
    return text[len(store.base) :] if text.startswith(store.base) else text[len(_KG) :] if text.startswith(_KG) else text
