"""What documents tell of agreements, payments and developments in, which of two documents are one event out.

All that is compared is what the documents say: who, what, when, how much. A date that contradicts, another party, two of one document
keep events apart; likeness alone joins none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kg.resolve.cluster import APART, SAME, UNKNOWN, Clusters, cluster
from kg.resolve.judge import FAMILIES, families
from kg.resolve.telling import Event

_SCOPES = ("coversTarget", "coversCompound", "coversTechnology")
_DONE = frozenset({"Occurred", "Ended"})
_ONCE = frozenset({"Started", "Completed", "Accepted", "Granted", "Discontinued"})  # results are reported again and again
_SURE_AMOUNTS = frozenset({"Exactly", "About"})
_OPEN_TRIGGERS = frozenset({"", "OtherTrigger"})
_WIDE = 10**6  # days: no date at all
_DEGREES = frozenset({"of", "the", "and", "or", "advanced", "metastatic", "relapsed", "refractory", "recurrent"})
_STEM = 6  # letters: "castrate-resistant" is "castration-resistant"


@dataclass(slots=True)
class Node:
    """An event as documents tell it that identify it alike, with references put in terms of all documents."""

    key: str  # the least of those that the documents have for it
    klass: str
    documents: dict[str, tuple[int, int]] = field(default_factory=dict)  # where each tells it first
    keys: dict[str, str] = field(default_factory=dict)  # what each calls it
    told: dict[str, set[str]] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)

    def has(self, name: str) -> set[str]:
        """Give the values of a property."""
        return self.told.get(name, set())

    @property
    def bounds(self) -> tuple[str, str]:
        """Give the narrowest bounds of its date, "" where there is none."""
        return max(self.has("earliestDate"), default=""), min(self.has("latestDate"), default="")

    @property
    def width(self) -> int:
        """Count the days that its date leaves open."""
        first, last = self.bounds
        return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days if first and last else _WIDE

    @property
    def is_done(self) -> bool:
        """Answer whether some document says that it has happened."""
        return bool(self.has("factuality") & _DONE)


def nodes_of(events: Iterable[tuple[str, str, Event]], names: Callable[[str, str], str]) -> list[Node]:
    """Gather events (document, its day, event) by what identifies them; names gives what a document's key means to all."""
    found: dict[object, Node] = {}
    for document, published, event in sorted(events, key=lambda e: (e[0], e[2].key)):
        told = {name: {names(document, v) if "/" in v else v for v in values} for name, values in event.told.items()}
        identity = _identity(event.klass, told)
        if identity in found and document in found[identity].documents:
            identity = (identity, *sorted(told.get("amount", ())), event.key)  # two that one document tells apart
        node = found.setdefault(identity, Node(event.key, event.klass))
        node.key = min(node.key, event.key)
        node.documents[document], node.keys[document] = event.at, event.key
        node.published |= {published} - {""}
        for name, values in told.items():
            node.told.setdefault(name, set()).update(values)
    return sorted(found.values(), key=lambda n: (n.key, sorted(n.keys.items())))


def _identity(klass: str, told: dict[str, set[str]]) -> object:
    """Say what identifies an event, as resolving one document does for its key, with its things named as all documents know them."""

    def of(name: str) -> tuple[str, ...]:
        return tuple(sorted(told.get(name, ())))

    if klass == "Agreement":
        scope = next((of(s) for s in _SCOPES if of(s)), ())
        return klass, of("party"), scope, of("date"), tuple(families(of("agreementType")))
    if klass == "Development":
        return klass, of("ofCompound"), of("stage"), of("event"), of("inIndication"), of("date") or of("dateText")
    under = of("underAgreement") or (*of("payer"), "to", *of("payee"))
    if klass == "Milestone":
        return klass, under, of("forCompound"), of("triggerType") or ("Potential" in of("factuality"))
    return klass, of("paymentType"), under, of("forCompound"), of("amount"), of("triggerType")


def same_agreements(nodes: Sequence[Node]) -> Clusters[Node]:
    """Group agreements: of the same parties, with a date that can be one or a scope they share, and no contradiction."""
    return _in_blocks(nodes, lambda n: [frozenset(n.has("party"))], _agreements, lambda n: not _scope(n) and n.width == _WIDE)


def same_payments(nodes: Sequence[Node]) -> Clusters[Node]:
    """Group payments: of one kind between the same, for the same, with what was promised in one text and paid in another."""

    def blocks(node: Node) -> list[tuple[str, str]]:
        (kind,) = node.has("paymentType") or {""}
        return [(kind, party) for party in sorted(node.has("payer") | node.has("payee")) or [""]]

    return _in_blocks(nodes, blocks, _payments, lambda n: False)


def same_developments(nodes: Sequence[Node]) -> Clusters[Node]:
    """Group steps of one compound: the same stage and event, dates that overlap; one without a date joins the only one that it can be."""

    def block(node: Node) -> list[tuple[frozenset[str], ...]]:
        return [tuple(frozenset(node.has(name)) for name in ("ofCompound", "stage", "event"))]

    def is_vague(node: Node) -> bool:
        return node.width == _WIDE and bool(node.has("event") & _ONCE)

    return _in_blocks(nodes, block, _developments, is_vague)


def rank(node: Node) -> tuple[int, int, int, str]:
    """Order the nodes of a group: the one that tells most exactly what happened stands for all of them."""
    return node.width, -sum(len(node.has(s)) for s in _SCOPES), -len(node.has("amount") | node.has("inIndication")), node.key


def _in_blocks(
    nodes: Sequence[Node], blocks: Callable[[Node], Sequence[object]], relation: Callable[[Node, Node], int],
    is_vague: Callable[[Node], bool],
) -> Clusters[Node]:  # fmt: skip
    """Compare only nodes that share a block; blocks that share nodes are compared as one."""
    by_block: dict[object, list[int]] = {}
    for number, node in enumerate(nodes):
        for block in blocks(node):
            by_block.setdefault(block, []).append(number)
    parents = list(range(len(nodes)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    for members in by_block.values():
        for other in members[1:]:
            left, right = sorted((root(members[0]), root(other)))
            parents[right] = left
    together: dict[int, list[Node]] = {}
    for number, node in enumerate(nodes):
        together.setdefault(root(number), []).append(node)
    groups: list[tuple[Node, ...]] = []
    torn: list[tuple[Node, tuple[Node, ...]]] = []
    for members_of in together.values():
        if len(members_of) > 1:
            found = cluster(members_of, relation, is_vague)
            groups += found.groups
            torn += found.torn
    return Clusters(tuple(groups), tuple(torn))


def _differ(one: Node, other: Node, name: str) -> bool:
    """Answer whether both tell a property, and tell it otherwise."""
    left, right = one.has(name), other.has(name)
    return bool(left) and bool(right) and not left & right


def _agree(one: Node, other: Node, name: str) -> bool:
    return bool(one.has(name) & other.has(name))


def _can_be_at_once(one: Node, other: Node) -> bool:
    """Answer whether two dates can be one; an open one can be any."""
    (first, last), (other_first, other_last) = one.bounds, other.bounds
    return not (last and other_first and last < other_first) and not (other_last and first and other_last < first)


def _scope(node: Node) -> set[str]:
    return {value for name in _SCOPES for value in node.has(name)}


def _agreements(one: Node, other: Node) -> int:
    if one.documents.keys() & other.documents.keys() or not _can_be_at_once(one, other):
        return APART
    kinds = [{FAMILIES[k] for k in n.has("agreementType") if k in FAMILIES} for n in (one, other)]
    if kinds[0] and kinds[1] and not kinds[0] & kinds[1]:
        return APART
    is_licence = all(n.has("agreementType") <= {"License", "OtherAgreement"} for n in (one, other))
    if is_licence and any(_differ(one, other, scope) for scope in _SCOPES[:2]):
        return APART
    if _scope(one) & _scope(other) or (one.width < _WIDE and other.width < _WIDE):
        return SAME
    return UNKNOWN


def _payments(one: Node, other: Node) -> int:
    if one.documents.keys() & other.documents.keys() or one.has("paymentType") != other.has("paymentType"):
        return APART
    if any(_differ(one, other, name) for name in ("payer", "payee", "forCompound", "currency")):
        return APART
    triggers = [n.has("triggerType") - _OPEN_TRIGGERS for n in (one, other)]
    if triggers[0] and triggers[1] and not triggers[0] & triggers[1]:
        return APART
    if one.is_done and other.is_done and not _can_be_at_once(one, other):
        return APART
    is_milestone = "MilestonePayment" in one.has("paymentType")
    same_trigger, same_deal, same_drug = (
        bool(triggers[0] & triggers[1]),
        _agree(one, other, "underAgreement"),
        _agree(one, other, "forCompound"),
    )
    sure = all(n.has("bound") <= _SURE_AMOUNTS for n in (one, other))
    if _differ(one, other, "amount") and sure and not (is_milestone and same_trigger and same_drug and same_deal):
        return APART
    same_amount = _agree(one, other, "amount") and one.has("bound") & other.has("bound")
    both_done, dated = one.is_done and other.is_done, one.width < _WIDE and other.width < _WIDE
    if same_amount and both_done and dated and (_agree(one, other, "payer") or _agree(one, other, "payee")):
        return SAME
    if _differ(one, other, "underAgreement"):
        return UNKNOWN
    if is_milestone and same_trigger and (same_drug or (same_deal and not _differ(one, other, "amount"))):
        return SAME
    if same_amount and same_drug and is_milestone and (one.is_done or other.is_done):
        return SAME  # promised in one text, earned in another
    if same_amount and same_deal and (not is_milestone or one.is_done == other.is_done):
        return SAME
    has_rate = one.has("rate") or other.has("rate")
    if "Royalty" in one.has("paymentType") and same_deal and not _differ(one, other, "rate") and (has_rate or not same_amount):
        return SAME
    return UNKNOWN


def _developments(one: Node, other: Node) -> int:
    if one.documents.keys() & other.documents.keys():
        return APART
    if _differ(one, other, "inIndication") and not _alike(one.has("inIndication"), other.has("inIndication")):
        return APART
    at_once = _can_be_at_once(one, other)
    if not at_once:
        return APART if one.is_done and other.is_done else UNKNOWN  # what came later than it was expected may be the same
    dated, undated = sorted((one, other), key=lambda n: n.width)
    if undated.width < _WIDE:
        return SAME
    if dated.width < _WIDE and undated.published:
        if undated.is_done and dated.bounds[0] > max(undated.published):
            return APART  # what a text tells as done was not done after it,
        if not undated.is_done and dated.bounds[1] < min(undated.published):
            return APART  # nor what it foresees before
    if not undated.is_done and bool(one.has("inIndication")) != bool(other.has("inIndication")):
        return APART  # one of several trials may be foreseen
    return UNKNOWN


def _alike(left: set[str], right: set[str]) -> bool:
    """Answer whether two sets of diseases hold names of one: the words of the shorter stand in the longer."""
    words = [[{w[:_STEM] for w in x.rsplit("/", 1)[-1].split("-") if w not in _DEGREES} for x in sorted(side)] for side in (left, right)]
    return any(a <= b or b <= a for a in words[0] for b in words[1])
