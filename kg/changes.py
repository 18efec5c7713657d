"""Two stores, or one and a day, in; what is new, gone and changed out, in plain words with its sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.store import Store
from kg.tales import Source, Tales, Told, in_words, kind_of, merged, tales
from kg.view.words import spell, wording

KINDS = ("agreement", "payment", "development", "fact")
_MOVES = (
    "factuality", "agreementStatus", "amount", "maxAmount", "minAmount", "currency", "bound", "rate", "payer", "payee", "date", "exclusive",
    "stage", "event", "party", "licensor", "licensee", "coversCompound", "coversTarget", "forCompound", "inIndication",
    "sponsor", "territory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """Something new, changed or gone: its kind, its key, what it is in words (with "before → after"), and where that is said."""

    what: str
    kind: str
    key: str
    text: str
    sources: tuple[Source, ...]


def changes_between(before: Store, after: Store) -> list[Change]:
    """Compare two stores: events are the same where their IRIs are, other facts where their triples are.

    What two texts told as two things until a third joined them is known by what it became, and is neither gone nor new.
    """
    return _sorted(_changes(_in_terms_of(tales(before), before, after), tales(after)))


def changes_since(store: Store, day: dt.date) -> list[Change]:
    """Say what documents of a day and on tell that the earlier ones do not; a document without a date counts as earlier."""
    told = tales(store)
    return _sorted(_changes(_until(told, day), told))


def _in_terms_of(told: Tales, before: Store, after: Store) -> Tales:
    """Call things and events of a store as another store calls them, by the documents that both have."""
    both = {document.iri for document in before.documents()} & {document.iri for document in after.documents()}
    was, is_now = before.names(), after.names()
    to: dict[str, str] = {}
    for document in sorted(both):
        ours = was.get(document, {})
        for read, now in {**{key: key for key in ours}, **is_now.get(document, {})}.items():
            to.setdefault(ours.get(read, read), now)

    def value(text: str) -> str:
        return to.get(text, text)

    events: dict[str, list[Told]] = {}
    for key, each in sorted(told.events.items()):
        events.setdefault(value(key), []).extend(
            replace(one, values={n: sorted(map(value, v)) for n, v in one.values.items()}) for one in each
        )
    for each in events.values():
        each.sort(key=lambda one: (one.date, one.document))
    edges = {(value(s), p, value(o)): sources for (s, p, o), sources in told.edges.items()}
    return Tales(events, edges, {value(key): label for key, label in told.labels.items()} | dict(told.labels))


def _until(told: Tales, day: dt.date) -> Tales:
    """Give what documents before a day tell. A date of a month or year counts by its first day."""

    def is_earlier(date: str) -> bool:
        return not date or (date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date) < day.isoformat()

    events = {key: [one for one in each if is_earlier(one.date)] for key, each in told.events.items()}
    edges = {triple: [source for source in each if is_earlier(source.date)] for triple, each in told.edges.items()}
    return replace(told, events={k: v for k, v in events.items() if v}, edges={t: s for t, s in edges.items() if s})


def _changes(before: Tales, after: Tales) -> Iterator[Change]:
    for key in before.events.keys() | after.events.keys():
        old, new = before.events.get(key, ()), after.events.get(key, ())
        kind = kind_of((new or old)[0].klass)
        if not old:
            yield Change("new", kind, key, in_words(new, after), tuple(one.source for one in new))
        elif not new:
            yield Change("gone", kind, key, in_words(old, before), tuple(one.source for one in old))
        elif moves := _moves(old, new, after):
            known = {one.document for one in old}
            sources = tuple(one.source for one in new if one.document not in known) or (new[-1].source,)
            yield Change("changed", kind, key, f"{in_words(new, after)}: {'; '.join(moves)}", sources)
    for triple in before.edges.keys() | after.edges.keys():
        if (triple in before.edges) != (triple in after.edges):
            is_new = triple in after.edges
            told = after if is_new else before
            yield Change("new" if is_new else "gone", "fact", " ".join(triple), _edge(triple, told), tuple(told.edges[triple]))


def _moves(old: Sequence[Told], new: Sequence[Told], labels: Tales) -> list[str]:
    """Say which properties of an event changed, by all that was told before and is now."""
    left, right = merged(old), merged(new)
    moves = []
    for name in _MOVES:
        was, now = left.get(name, []), right.get(name, [])
        if now and was != now:
            moves.append(f"{wording(name).forward} {_said(was, labels) or 'unsaid'} → {_said(now, labels)}")
    return moves


def _said(values: Sequence[str], labels: Tales) -> str:
    return ", ".join(labels.label(v) if "/" in v and not v.startswith("http") else spell(v) if v[:1].isupper() else v for v in values)


def _edge(triple: tuple[str, str, str], labels: Tales) -> str:
    subject, name, value = triple
    return f"{labels.label(subject)} {wording(name).forward} {labels.label(value) if '/' in value else value}"


def _sorted(found: Iterator[Change]) -> list[Change]:
    return sorted(found, key=lambda c: (KINDS.index(c.kind), ("new", "changed", "gone").index(c.what), c.text, c.key))
