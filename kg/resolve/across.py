"""What all documents tell in, what each document's things and events are called in one graph of all out, with the judgements that say so.

The outcome depends on the set of documents and on a person's decisions alone, never on the order in which they were read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.key import key_hash
from kg.resolve.cluster import Clusters
from kg.resolve.same_events import Node, nodes_of, rank, same_agreements, same_developments, same_payments
from kg.resolve.same_things import Same, Unsure, same_things
from kg.resolve.telling import Alias, Event, Telling

Pair = tuple[str, str]
_SAME = "the same parties and purpose, at a time that can be one"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judgement on what a document tells: joined in `key`, or left apart where that is ""; `at` are sentences that it rests on."""

    document: str
    left: str
    right: str
    key: str
    rule: str
    reason: str
    at: tuple[tuple[str, int, int], ...]  # document, start, end


@dataclass(slots=True)
class Joining:
    """For each document what its keys become (only those that change), and the judgements made on it."""

    names: dict[str, dict[str, str]] = field(default_factory=dict)
    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)

    def rename(self, document: str, key: str, canonical: str) -> None:
        """Note that a document's key becomes another."""
        if key != canonical:
            self.names.setdefault(document, {})[key] = canonical

    def judge(self, verdict: Verdict) -> None:
        """Note a judgement."""
        known = self.verdicts.setdefault(verdict.document, [])
        if verdict not in known:
            known.append(verdict)


def join(tellings: Iterable[Telling], joined: Iterable[Pair] = (), split: Iterable[Pair] = ()) -> Joining:
    """Find which things and events of the documents are one.

    joined and split are pairs of keys of things that a person decided on; the two sides of a pair are one, or are kept apart, whatever
    the texts say.
    """
    told = sorted(tellings, key=lambda t: t.document)
    made = Joining()
    same, unsure = same_things(told, joined, split)
    means = {key: one.keys[0] for one in same for key in one.keys}
    labels = {key: label for t in reversed(told) for key, (label, _) in t.things.items()}
    _things(made, told, same, unsure, labels)
    events: dict[str, dict[str, str]] = {t.document: {} for t in told}  # by document, what its events' keys become

    def names(document: str, key: str) -> str:
        return events[document].get(key) or means.get(key, key)

    for kind, group in _STAGES:
        nodes = nodes_of(((t.document, t.published, e) for t in told for e in t.events if e.klass in kind), names)
        clusters = group(nodes)
        for nodes_of_one in [*clusters.groups, *((n,) for n in nodes)]:
            first, *others = sorted(nodes_of_one, key=rank)
            for node in (first, *others):
                for document, key in node.keys.items():
                    if key not in events[document]:
                        events[document][key] = first.key
                        made.rename(document, key, first.key)
            for node in others:
                for document, at in sorted(node.documents.items()):
                    made.judge(_verdict(document, node, first, first.key, at, labels, _SAME))
        for node, rivals in clusters.torn:
            for document, at in sorted(node.documents.items()):
                others_said = " or ".join(_called(r, labels) for r in rivals)
                reason = f"it may be {others_said}; the text does not tell which"
                made.judge(_verdict(document, node, rivals[0], "", at, labels, reason))
    _amendments(made, told, names)
    return made


_STAGES: tuple[tuple[frozenset[str], Callable[[Sequence[Node]], Clusters[Node]]], ...] = (
    (frozenset({"Agreement"}), same_agreements),
    (frozenset({"Development"}), same_developments),
    (frozenset({"Payment", "Milestone"}), same_payments),
)


def _things(made: Joining, told: Sequence[Telling], same: Sequence[Same], unsure: Sequence[Unsure], labels: Mapping[str, str]) -> None:
    """Rename things, and say why by the first text that joins a name with the one that stands for it."""
    by_key: dict[str, Same] = {key: one for one in same for key in one.keys[1:]}
    doubts = {one.key: one for one in unsure}
    for telling in told:
        for key in sorted(telling.things):
            if (one := by_key.get(key)) is not None:
                canonical = one.keys[0]
                made.rename(telling.document, key, canonical)
                document, alias = _reason(one, key)
                left, right = labels.get(key, key), labels.get(canonical, canonical)
                if alias is None:
                    made.judge(Verdict(telling.document, left, right, canonical, "identity/decision", "a person decided so", ()))
                    continue
                reason = f"“{alias.name}” and “{alias.other_name}” are one in {document}"
                made.judge(Verdict(telling.document, left, right, canonical, alias.rule, reason, _cited(document, alias)))
            elif (doubt := doubts.get(key)) is not None:
                rivals = " and ".join(labels.get(r, r) for r in doubt.rivals)
                at = tuple(place for document, alias in doubt.because[:2] for place in _cited(document, alias))
                reason = f"texts join it with both {rivals}, which are two"
                made.judge(Verdict(telling.document, labels.get(key, key), rivals, "", "identity/ambiguous-name", reason, at))


def _cited(document: str, alias: Alias) -> tuple[tuple[str, int, int], ...]:
    """Cite the sentence that joins two names; a table or a header has none."""
    return () if alias.rule.startswith("reference/") or alias.at == (0, 0) else ((document, *alias.at),)


def _reason(one: Same, key: str) -> tuple[str, Alias | None]:
    """Choose the text that joins a key: with the one that stands for all, if there is such a text."""
    told = [(d, a) for d, a in one.because if key in (a.key, a.other)]
    direct = [(d, a) for d, a in told if one.keys[0] in (a.key, a.other)]
    return next(iter(direct or told), ("", None))


def _verdict(
    document: str, node: Node, other: Node, key: str, at: Pair | tuple[int, int], labels: Mapping[str, str], reason: str
) -> Verdict:
    """Judge that what a document tells is, or may be, what another tells: both sentences are cited."""
    kind = node.key.partition("/")[0]
    where = min(d for d in other.documents if d != document)
    rule = f"identity/same-{'payment' if kind == 'milestone' else kind}" if key else f"identity/unclear-{kind}"
    cited = ((document, *at), (where, *other.documents[where]))
    return Verdict(document, _called(node, labels), _called(other, labels), key, rule, f"{reason}: {where}" if key else reason, cited)


def _called(node: Node, labels: Mapping[str, str]) -> str:
    """Call an event by what identifies it: "Milestone, Genentech to ImmunoGen, 5000000 USD, Phase2Start, 2007"."""

    def named(*properties: str) -> str:
        return " and ".join(labels.get(v) or v.partition("/")[2].replace("-", " ") or v for p in properties for v in sorted(node.has(p)))

    first, last = node.bounds
    when = first if first == last else f"{first} to {last}" if first and last else first or last
    who = f"{named('payer')} to {named('payee')}" if node.has("payer") or node.has("payee") else named("party")
    parts = [
        named("agreementType", "event") or node.klass, named("stage"), who, named("amount"), named("currency"), named("triggerType"),
        named("ofCompound", "inIndication", "forCompound", "coversCompound", "coversTarget", "coversTechnology"), when,
    ]  # fmt: skip
    return ", ".join(part for part in parts if part) or node.key


def _amendments(made: Joining, told: Sequence[Telling], names: Callable[[str, str], str]) -> None:
    """Name an amendment after the agreement as all documents know it: its key is a hash of that and of its own date."""
    for telling in told:
        for event in telling.events:
            if event.klass == "Amendment":
                agreement = names(telling.document, event.one("amends"))
                made.rename(telling.document, event.key, amendment_key(agreement, event))


def amendment_key(agreement: str, event: Event) -> str:
    """Key an amendment, as resolving one document does."""
    return "agreement/" + key_hash("amendment", agreement, event.one("date"))
