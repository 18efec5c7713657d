"""A name or IRI in, the reasons to believe what the store says of it out: statements with their sentences, places and rules."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.ask import Question
from kg.errors import QueryError, StoreError
from kg.key import fold, without_legal_form
from kg.store import PREFIXES, Answer, Store, Term
from kg.view.words import NARROWER, event_label

_KG = PREFIXES["kg"]
_TYPE = PREFIXES["rdf"] + "type"
_NAMING = (
    PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel", _KG + "brandName", _KG + "codeName", _KG + "innName",
)  # fmt: skip
# The most specific first.
_EVENTS = ("Amendment", "Milestone", "Agreement", "Payment", "Development")
_NAME_PATH = "rdfs:label|skos:altLabel|kg:brandName|kg:codeName|kg:innName"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that supports a statement: `text[start:end] == quote` in the stored text; `sentence` is the same, tidied."""

    sentence: str
    quote: str
    start: int
    end: int
    section: str  # its title, "" where the document has none


@dataclass(frozen=True, slots=True)
class Reason:
    """One statement of one document, and what supports it.

    names are the words by which the sentences call what the statement is about. derivation is Stated, Resolved or Inferred.
    """

    subject: str
    subject_label: str
    predicate: str
    object: Term
    object_label: str
    document: str
    file_name: str
    title: str
    date: str
    derivation: str
    rules: tuple[str, ...]
    quotes: tuple[Quote, ...]
    names: tuple[str, ...]

    @property
    def claim(self) -> str:
        """Say the statement in one line: subject, property, object; of an event that is stated whole, its name."""
        if self.predicate == _TYPE and self.object_label in _EVENTS:
            return self.subject_label
        return f"{self.subject_label} {_local(self.predicate)} {self.object_label}"


# A statement that has the thing as its subject or its object.
_DIRECT = """
SELECT ?statement ?subject ?predicate ?object ?derivation ?rule ?evidence ?document WHERE {
  ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; kg:evidence ?evidence .
  ?evidence oa:hasSource ?document .
  OPTIONAL { ?statement kg:derivation ?derivation } OPTIONAL { ?statement kg:rule ?rule }
}"""

# A property of an event: the event is supported whole, by the statement on its class in the same document.
_OF_EVENT = """
SELECT ?statement ?subject ?predicate ?object ?derivation ?rule ?evidence ?document WHERE {
  ?subject ?predicate ?object .
  ?statement rdf:subject ?subject ; rdf:predicate rdf:type ; kg:evidence ?evidence .
  ?evidence oa:hasSource ?document .
  GRAPH ?document { ?subject ?predicate ?object }
  OPTIONAL { ?statement kg:derivation ?derivation } OPTIONAL { ?statement kg:rule ?rule }
}"""

_QUOTE = """
SELECT ?exact ?sentence ?start ?end ?section WHERE {
  ?evidence oa:exact ?exact ; oa:start ?start ; oa:end ?end .
  OPTIONAL { ?evidence kg:sentence ?sentence } OPTIONAL { ?evidence kg:section ?section }
}"""

_DOCUMENT = """
SELECT ?file ?title ?date WHERE {
  ?document kg:fileName ?file .
  OPTIONAL { ?document dcterms:title ?title } OPTIONAL { ?document dcterms:date ?date }
}"""

_OUT = "SELECT ?predicate ?object WHERE { ?subject ?predicate ?object }"
_OUT_OF_DOCUMENT = "SELECT ?predicate ?object WHERE { GRAPH ?document { ?subject ?predicate ?object } }"
_NAMES = f"SELECT DISTINCT ?kind ?name WHERE {{ ?thing ?kind ?name FILTER(?kind IN ({', '.join(f'<{each}>' for each in _NAMING)})) }}"
# A filer is a name in a header, of which no statement speaks.
_ALL_NAMES = f"SELECT DISTINCT ?thing ?name WHERE {{ ?thing {_NAME_PATH} ?name FILTER NOT EXISTS {{ ?thing a kg:Filer }} }}"
_PREDICATES = "SELECT DISTINCT ?predicate WHERE { ?subject ?predicate ?object }"


def why(store: Store, subject: str, predicate: str | None = None, object: str | None = None) -> list[Reason]:
    """List the statements that have the thing as subject or object, each with its sentences, by date of their documents.

    subject and object are names (any case), IRIs or keys such as "payment/ab12…"; object may also be a value ("5000000", "Occurred").
    With a predicate ("hasPayload") only statements of it, read from the subject; an event's property is supported by what supports the
    event, a thing's class and names by all that it takes part in. Raises QueryError for a name or property that the store does not have.
    """
    about = find_things(store, subject)
    wanted = None if predicate is None else _find_predicate(store, predicate)
    rows: list[tuple[Term | None, ...]] = []
    for iri in about:
        thing = ox.NamedNode(iri)
        if wanted is None:
            rows += store.query(_DIRECT, {"subject": thing}).rows + store.query(_DIRECT, {"object": thing}).rows
            rows += _without_implied([row for row in store.query(_OF_EVENT, {"object": thing}).rows if _value(row[2]) != _TYPE])
        else:
            bound = {"subject": thing, "predicate": ox.NamedNode(wanted)}
            rows += store.query(_DIRECT, bound).rows or store.query(_OF_EVENT, bound).rows
            if not rows and wanted in {_TYPE, *_NAMING}:
                rows += store.query(_DIRECT, {"subject": thing}).rows + store.query(_DIRECT, {"object": thing}).rows
    if object is not None:
        accepted = _accepted(store, object)
        rows = [row for row in rows if accepted & {_value(row[3]).casefold(), _local(_value(row[3])).casefold()}]
    return _Reasons(store).of(rows)


def support(store: Store, question: Question, answer: Answer) -> list[Reason]:
    """List the statements behind the rows of a question's answer, in the order of the rows.

    Raises QueryError for a question whose rows sum up many facts.
    """
    if not question.evidence:
        raise QueryError(f"a row of {question.name} sums up many facts and has no sentence of its own; ask without evidence")
    places = [answer.columns.index(column) for column in (question.evidence[0], *question.evidence[2:])]
    facts = dict.fromkeys(tuple(row[place] for place in places) for row in answer.rows)
    reasons = _Reasons(store)
    found: list[Reason] = []
    for node, *rest in facts:
        if not isinstance(node, ox.NamedNode):
            continue  # an OPTIONAL part of the question that found nothing
        if rest and rest[0] is not None:
            bound: dict[str, ox.NamedNode | ox.Literal] = {"subject": node, "predicate": ox.NamedNode(question.evidence[1])}
            found += [reason for reason in reasons.of(store.query(_DIRECT, bound).rows) if reason.object == rest[0]]
        elif not rest:
            found += reasons.of(store.query(_DIRECT, {"statement": node}).rows or store.query(_DIRECT, {"subject": node}).rows)
    return list(dict.fromkeys(found))


def reasons_about(store: Store, subjects: Iterable[str]) -> dict[str, list[Reason]]:
    """List what supports the statements of which these things and events (IRIs) are the subject, by IRI; an event's is stated whole."""
    found = _Reasons(store)
    return {iri: found.of(store.query(_DIRECT, {"subject": ox.NamedNode(iri)}).rows) for iri in subjects}


def reasons_towards(store: Store, object: str) -> list[Reason]:
    """List what supports the statements of which this thing (an IRI) is the object."""
    return _Reasons(store).of(store.query(_DIRECT, {"object": ox.NamedNode(object)}).rows)


def reasons_in(store: Store, document: str) -> list[Reason]:
    """List the statements of one document (an IRI) in order of the place of their first sentence; an event's is stated whole."""
    rows = _without_implied(store.query(_DIRECT, {"document": ox.NamedNode(document)}).rows)
    return sorted(_Reasons(store).of(rows), key=lambda r: (r.quotes[0].start, r.quotes[0].end, r.subject, r.predicate, str(r.object)))


def find_things(store: Store, name: str) -> list[str]:
    """Find the IRIs of the things that have this name (whatever its case, marks and legal form), IRI or key.

    Raises QueryError where there is none, with the nearest names.
    """
    plain = name.strip().removeprefix("<").removesuffix(">")
    for iri in (plain, store.base + plain):
        if "/" in plain and _exists(store, iri):
            return [iri]
    bearers: dict[str, set[str]] = {}
    spelled: dict[str, str] = {}
    for thing, each in store.query(_ALL_NAMES).rows:
        for folded in {fold(_value(each)), fold(without_legal_form(_value(each)))}:
            bearers.setdefault(folded, set()).add(_value(thing))
            spelled.setdefault(folded, _value(each))
    wanted = fold(name)
    found = bearers.get(wanted) or bearers.get(fold(without_legal_form(name)))
    if found and wanted:
        return sorted(found)
    near = [spelled[each] for each in difflib.get_close_matches(wanted, sorted(bearers), n=3, cutoff=0.6)]
    hint = f"; did you mean {', '.join(near)}?" if near else "; kg ask lists what can be asked"
    raise QueryError(f"nothing in the store is called {name!r}{hint}")


def _without_implied(rows: Sequence[tuple[Term | None, ...]]) -> list[tuple[Term | None, ...]]:
    """Leave out what a narrower property of the same statement says already: a licensor is also a party."""
    said = {(_value(row[0]), _local(_value(row[2])), _value(row[3])) for row in rows}

    def is_implied(row: tuple[Term | None, ...]) -> bool:
        narrower = NARROWER.get(_local(_value(row[2])), frozenset())
        return any((_value(row[0]), each, _value(row[3])) in said for each in narrower)

    return [row for row in rows if not is_implied(row)]


def _exists(store: Store, iri: str) -> bool:
    try:
        return bool(store.query(_OUT + " LIMIT 1", {"subject": ox.NamedNode(iri)}).rows)
    except ValueError:
        return False


def _find_predicate(store: Store, name: str) -> str:
    """Find a property by its local name, prefixed name or IRI; the answer is an IRI."""
    if name in {"a", "type"}:
        return _TYPE
    known = sorted({_value(row[0]) for row in store.query(_PREDICATES).rows})
    plain = name.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = plain.partition(":")
    spelled = PREFIXES[prefix] + local if colon and prefix in PREFIXES else plain
    for iri in (spelled, _KG + spelled, *(each for each in known if _local(each) == spelled)):
        if iri in known:
            return iri
    near = difflib.get_close_matches(plain, [_local(each) for each in known if each.startswith(_KG)], n=3, cutoff=0.6)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise QueryError(f"no fact in the store has the property {name!r}{hint}")


def _accepted(store: Store, object: str) -> set[str]:
    """Collect what an object may look like: the IRIs of a name, or the value itself, folded."""
    try:
        return {object.casefold(), *(iri.casefold() for iri in find_things(store, object))}
    except QueryError:
        return {object.casefold()}  # a value, such as an amount, has no name


@dataclass(slots=True)
class _Reasons:
    """Puts rows of statements together, looking each thing, document and quote up once."""

    store: Store
    _calls: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _documents: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def of(self, rows: Iterable[Sequence[Term | None]]) -> list[Reason]:
        """Group the rows by statement: a row stands for one rule and one evidence of it."""
        grouped: dict[tuple[str, str, str, str], list[Sequence[Term | None]]] = {}
        for row in rows:
            statement, subject, predicate, object_ = row[:4]
            grouped.setdefault((_value(statement), _value(subject), _value(predicate), str(object_)), []).append(row)
        reasons = [self._reason(group) for _, group in sorted(grouped.items())]
        return sorted(reasons, key=lambda r: (r.date, r.file_name, min(q.start for q in r.quotes), r.subject, r.predicate, str(r.object)))

    def _reason(self, group: Sequence[Sequence[Term | None]]) -> Reason:
        _, subject, predicate, object_, derivation, _, _, document = group[0]
        assert object_ is not None  # every pattern of the queries binds it
        file_name, title, date = self._document(_value(document))
        label, names = self._called(_value(subject), _value(document))
        object_label = object_.value
        object_names: tuple[str, ...] = (object_.value,)
        if isinstance(object_, ox.NamedNode):
            object_label, object_names = self._called(object_.value, _value(document))
        quotes = {_value(row[6]): self._quote(_value(row[6])) for row in group}
        return Reason(
            subject=_value(subject),
            subject_label=label,
            predicate=_value(predicate),
            object=object_,
            object_label=object_label,
            document=_value(document),
            file_name=file_name,
            title=title,
            date=date,
            derivation=_local(_value(derivation)),
            rules=tuple(sorted({_value(row[5]) for row in group if row[5] is not None})),
            quotes=tuple(sorted(quotes.values(), key=lambda quote: (quote.start, quote.end))),
            names=tuple(sorted({*names, *object_names}, key=lambda name: (-len(name), name))),
        )

    def _called(self, iri: str, document: str) -> tuple[str, tuple[str, ...]]:
        """Look up what to call a thing, and the words by which sentences call it.

        An event is called by what this document says of it, for a milestone that one document promises and another reports as earned
        would else look earned in both; the words for it are the names of what it joins.
        """
        if (iri, document) in self._calls:
            return self._calls[iri, document]
        bound: dict[str, ox.NamedNode | ox.Literal] = {"subject": ox.NamedNode(iri), "document": ox.NamedNode(document)}
        facts: dict[str, list[str]] = {}
        joined: list[str] = []
        for predicate, value in self.store.query(_OUT_OF_DOCUMENT, bound).rows:
            if isinstance(value, ox.NamedNode) and value.value.startswith(self.store.base):
                joined.append(value.value)
            elif isinstance(value, ox.NamedNode | ox.Literal):
                facts.setdefault(_local(_value(predicate)), []).append(
                    value.value if isinstance(value, ox.Literal) else _local(value.value)
                )
        kind = next((each for each in _EVENTS if each in facts.get("type", ())), None)
        if kind is None:
            names = self._names_of(iri)
            called = (names[0] if names else _short(iri, self.store.base), names)
        else:
            around = {name for each in joined for name in self._names_of(each)}
            called = (event_label(kind, facts), (*facts.get("amountText", ()), *sorted(around)))
        self._calls[iri, document] = called
        return called

    def _names_of(self, iri: str) -> tuple[str, ...]:
        """Look up a thing's names, its labels first."""
        if iri not in self._names:
            rows = self.store.query(_NAMES, {"thing": ox.NamedNode(iri)}).rows
            named = sorted((_value(kind) != _NAMING[0], _value(name)) for kind, name in rows)
            self._names[iri] = tuple(dict.fromkeys(name for _, name in named))
        return self._names[iri]

    def _document(self, iri: str) -> tuple[str, str, str]:
        """Look up a document's file name, title and date."""
        if iri not in self._documents:
            rows = self.store.query(_DOCUMENT, {"document": ox.NamedNode(iri)}).rows
            file, title, date = rows[0] if rows else (None, None, None)
            self._documents[iri] = (_value(file) or _local(iri), _value(title), _value(date))
        return self._documents[iri]

    def _quote(self, evidence: str) -> Quote:
        rows = self.store.query(_QUOTE, {"evidence": ox.NamedNode(evidence)}).rows
        if not rows:
            raise StoreError(f"the store has lost the evidence {evidence}: build its document again")
        exact, sentence, start, end, section = rows[0]
        first = int(_value(start))
        return Quote(_value(sentence) or " ".join(_value(exact).split()), _value(exact), first, int(_value(end)), _value(section))


def _value(term: Term | None) -> str:
    return "" if term is None else term.value


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1] or iri


def _short(iri: str, base: str) -> str:
    """Shorten an IRI of the ontology or of the base to what a reader knows it by."""
    return iri.removeprefix(_KG).removeprefix(base)
