"""What was read of one document in, what it tells of things and events out, short enough to compare with what all others tell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.errors import StoreError
from kg.key import thing_key
from kg.model import Concept, Document, Mention, Ref, Resolution, Value

_EVENTS = frozenset({"agreement", "payment", "milestone", "development"})
_JOINING = frozenset({"identity/alias", "identity/defined-term", "identity/formerly", "identity/same-name"})
_NAMED = frozenset({"company", "compound", "antibody", "technology", "payload", "linker", "target"})  # diseases are known by their words


@dataclass(frozen=True, slots=True)
class Alias:
    """Two keys that a text joins: of the name that it used for a thing, and of another name that it gave the same thing."""

    key: str
    other: str
    name: str
    other_name: str
    rule: str
    at: tuple[int, int]  # the sentence, in the stored text


@dataclass(frozen=True, slots=True)
class Event:
    """An agreement, payment or development as one document tells it; `told` maps a property to its values as strings."""

    key: str
    klass: str
    told: Mapping[str, tuple[str, ...]]
    at: tuple[int, int]

    def one(self, name: str) -> str:
        """Give the value of a property that has at most one, "" where it has none."""
        return self.told.get(name, ("",))[0]

    def all(self, name: str) -> frozenset[str]:
        """Give the values of a property."""
        return frozenset(self.told.get(name, ()))


@dataclass(frozen=True, slots=True)
class Telling:
    """What one document tells: the things it names (key → label and how the name was found), names it joins, and its events.

    marks are what registers call its companies by (key, "ticker TNXP" or "cik 0001430306", the sentence); one from a header has none.
    """

    document: str  # key
    published: str = ""
    things: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    events: tuple[Event, ...] = ()
    marks: tuple[tuple[str, str, tuple[int, int]], ...] = ()


def telling_of(document: Document, mentions: Iterable[Mention], resolution: Resolution) -> Telling:
    """Take from a resolution what identifies its things and events; the mentions tell how their names were found."""
    found_by: dict[str, str] = {}
    for mention in mentions:
        if mention.type in _NAMED:
            found_by.setdefault(thing_key(mention.type, str(mention.value)), mention.found_by)
    things = {e.key: (e.label, found_by.get(e.key, "")) for e in resolution.entities if e.key.split("/")[0] in _NAMED}
    aliases = []
    for link in resolution.links:
        type_ = link.key.split("/")[0]
        if link.judgement != "same" or link.by not in _JOINING or type_ not in _NAMED or link.key not in things or not link.evidence:
            continue
        span = link.evidence[0].span
        for name, other_name in ((link.left, link.right), (link.right, link.left)):
            other = thing_key(type_, other_name)
            if other != link.key:
                aliases.append(Alias(link.key, other, name, other_name, link.by, (span.start, span.end)))
    events = [
        Event(s.subject, s.object.name, _told(s.properties), (s.evidence[0].span.start, s.evidence[0].span.end))
        for s in resolution.statements
        if s.predicate == "type" and isinstance(s.object, Concept) and s.subject.split("/")[0] in _EVENTS
    ]
    return Telling(
        document.source.id,
        str(document.published or ""),
        things,
        tuple(sorted(set(aliases), key=lambda a: (a.key, a.other, a.rule, a.at))),
        tuple(sorted(events, key=lambda e: e.key)),
        tuple(sorted(_marks(document, resolution))),
    )


def _marks(document: Document, resolution: Resolution) -> set[tuple[str, str, tuple[int, int]]]:
    """Collect tickers that stand behind names, and the keys under which a header's register has its filers and their former names."""
    found = {
        (s.subject, f"ticker {s.object.upper()}", (s.evidence[0].span.start, s.evidence[0].span.end))
        for s in resolution.statements
        if s.predicate == "ticker" and isinstance(s.object, str)
    }
    filing = document.source.filing
    for filer in filing.filers if filing is not None else ():
        if filer.cik:
            found |= {(thing_key("company", name), f"cik {filer.cik}", (0, 0)) for name in (filer.name, *filer.former_names)}
    return found


def to_json(telling: Telling) -> str:
    """Write a telling as JSON, the same bytes for the same telling."""
    return json.dumps(
        {
            "document": telling.document,
            "published": telling.published,
            "things": {key: list(value) for key, value in telling.things.items()},
            "aliases": [[a.key, a.other, a.name, a.other_name, a.rule, list(a.at)] for a in telling.aliases],
            "marks": [[key, mark, list(at)] for key, mark, at in telling.marks],
            "events": [[e.key, e.klass, {k: list(v) for k, v in e.told.items()}, list(e.at)] for e in telling.events],
        },
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip


def from_json(text: str) -> Telling:
    """Read a telling that `to_json` wrote. Raises StoreError for anything else."""
    try:
        raw = json.loads(text)
        return Telling(
            raw["document"],
            raw["published"],
            {key: (label, by) for key, (label, by) in raw["things"].items()},
            tuple(Alias(k, o, n, m, r, (at[0], at[1])) for k, o, n, m, r, at in raw["aliases"]),
            tuple(Event(k, c, {p: tuple(v) for p, v in told.items()}, (at[0], at[1])) for k, c, told, at in raw["events"]),
            tuple((key, mark, (at[0], at[1])) for key, mark, at in raw["marks"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"what the store keeps of a document's names and events is damaged: build it again ({error})") from error


def _told(properties: tuple[tuple[str, Value], ...]) -> dict[str, tuple[str, ...]]:
    told: dict[str, tuple[str, ...]] = {}
    for name, value in properties:
        text = value.key if isinstance(value, Ref) else value.name if isinstance(value, Concept) else str(value)
        told[name] = (*told.get(name, ()), text)
    return told
