"""A store in, its judgements on what is one thing out; and a person's decision on two names, carried out at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.build import build, settle
from kg.decisions import Decision, Decisions, decisions_path, load_decisions, save_decisions
from kg.errors import QueryError
from kg.key import drug_key, fold, thing_key
from kg.resolve.telling import Telling, from_json
from kg.store import Store
from kg.why import find_things

_JUDGED = """
SELECT ?judgement ?left ?right ?verdict ?rule ?reason ?joined ?file ?quote WHERE {
  GRAPH ?identity { ?judgement a kg:Judgement ; kg:leftName ?left ; kg:rightName ?right ; kg:judgement ?verdict ; kg:rule ?rule ;
    dcterms:source ?document }
  OPTIONAL { ?judgement kg:reason ?reason }
  OPTIONAL { ?judgement kg:joinedIn ?joined }
  OPTIONAL { ?judgement kg:evidence ?evidence . ?evidence oa:exact ?quote }
  ?document kg:fileName ?file .
}
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """Two names or events that were joined ("same") in a node, or left apart because the texts do not tell ("unsure").

    Of a person's decisions the verdict is "join" or "split", and files names the file of decisions.

    files are the documents that were judged so, sentences those that the judgements rest on, each sorted and once.
    """

    left: str
    right: str
    verdict: str
    rule: str
    joined: str  # the node's key, "" where left apart
    reasons: tuple[str, ...]
    files: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision did: the decision (None where one was taken back), files read again, documents rewritten, files that are gone."""

    decision: Decision | None
    pair: tuple[str, str]
    path: Path
    reread: tuple[str, ...] = ()
    rewritten: int = 0
    gone: tuple[str, ...] = field(default=())


def judged(store: Store, name: str | None = None) -> list[Judged]:
    """List the judgements of a store, those left apart first; with a name only those on it or on the node that it was joined in."""
    found: dict[tuple[str, str, str, str, str], tuple[set[str], set[str], set[str]]] = {}
    for row in store.query(_JUDGED).rows:
        _, left, right, verdict, rule, reason, joined, file, quote = ("" if term is None else term.value for term in row)
        reasons, files, quotes = found.setdefault((left, right, verdict, rule, joined.removeprefix(store.base)), (set(), set(), set()))
        reasons.update({reason} - {""})
        files.add(file)
        quotes.update({quote} - {""})
    wanted = None if name is None else fold(name)
    nodes = set() if name is None else {iri.removeprefix(store.base) for iri in _nodes(store, name)}
    made = [
        Judged(*key, *(tuple(sorted(each)) for each in told))
        for key, told in found.items()
        if wanted is None or wanted in (fold(key[0]), fold(key[1])) or key[4] in nodes
    ]
    return sorted(made, key=lambda j: (j.verdict != "unsure", j.joined, j.left, j.right, j.rule))


def decided(store_path: Path, name: str | None = None) -> list[Judged]:
    """List a person's decisions on a store's things as judgements, "join" or "split"; with a name only those on it or on its node."""
    path = decisions_path(store_path)
    made = load_decisions(path).made
    if not made:
        return []  # as nearly always: no need to read what all documents tell
    with Store.open(store_path, read_only=True) as store:
        nodes = set() if name is None else {iri.removeprefix(store.base) for iri in _nodes(store, name)} | {name}
        labels = {key: label for _, telling, _ in store.tellings() for key, (label, _) in sorted(from_json(telling).things.items())}
    return [
        Judged(
            labels.get(d.left, d.left),
            labels.get(d.right, d.right),
            d.kind,
            "identity/decided",
            "",
            (d.why,) * bool(d.why),
            (str(path),),
            (),
        )
        for d in made
        if name is None or {d.left, d.right} & nodes or fold(name) in {fold(labels.get(key, key)) for key in d.pair}
    ]


def decide(store_path: Path, kind: str, left: str, right: str, why: str = "") -> Change:
    """Join two things or keep them apart from now on, in the store at once and in every later build.

    left and right are names or keys. A decision that contradicts an earlier one on the same two takes that back. Raises QueryError for
    names that the store does not know or that mean several things, StoreError for a file of decisions that is damaged.
    """
    path = decisions_path(store_path)
    known = load_decisions(path)
    with Store.open(store_path, read_only=True) as store:
        nodes = _pair(store, left, right)
        keys = [_named(node, name) for node, name in zip(nodes, (left, right), strict=True)]
    is_undoing = any(d.is_on(keys[0], keys[1]) and d.kind != kind for d in known.made)
    if kind == "join" and not is_undoing:
        keys = nodes  # of two names, the things; of two things to be kept apart, the names, for the things may be one
    if keys[0] == keys[1]:
        raise QueryError(f"{left} and {right} are both {keys[0]}: there is nothing to {kind}")
    decision = Decision(kind, min(keys), max(keys), why)
    decided = known.decide(decision)
    save_decisions(path, decided)
    return _carry_out(
        store_path, path, decided, decision if decision in decided.made else None, dict(zip(keys, (left, right), strict=True))
    )


def undo(store_path: Path, left: str, right: str) -> Change:
    """Take back what was decided on two things; raises StoreError where nothing was."""
    path = decisions_path(store_path)
    known = load_decisions(path)
    keys = [left, right]
    if not any(d.is_on(left, right) for d in known.made):
        with Store.open(store_path, read_only=True) as store:
            nodes = _pair(store, left, right)
        keys = [_named(node, name) for node, name in zip(nodes, (left, right), strict=True)]
        keys = keys if any(d.is_on(keys[0], keys[1]) for d in known.made) else nodes
    decided = known.without(keys[0], keys[1])
    save_decisions(path, decided)
    return _carry_out(store_path, path, decided, None, dict(zip(keys, (left, right), strict=True)))


def _carry_out(store_path: Path, path: Path, decided: Decisions, decision: Decision | None, called: dict[str, str]) -> Change:
    """Read the files again whose text names both, and rewrite what other documents tell; called are the two keys and their names."""
    pair = (min(called), max(called))
    given = [called[key] for key in pair]
    with Store.open(store_path) as store:
        told = [(iri, from_json(telling)) for iri, telling, _ in store.tellings()]
        names = [
            {name.casefold()} | {t.things[key][0].casefold() for _, t in told if key in t.things}
            for key, name in zip(pair, given, strict=True)
        ]
        digests = {d.iri: d.sha256 for d in store.documents()}
        both = [iri for iri, t in told if _names_both(t, pair) or _has_both(store.text_of(digests[iri]), names)]
        places = sorted({place for iri in both for place in store.places_of(iri)})
        rewritten = settle(store, decided)
    there = [place for place in places if Path(place).is_file()]
    gone = tuple(place for place in places if place not in there)
    if there:
        build(there, store_path, again=True)
    return Change(decision, pair, path, tuple(there), rewritten, gone)


def _names_both(telling: Telling, pair: tuple[str, str]) -> bool:
    """Answer whether a document names two things, or gives one of them the other's name."""
    wanted = set(map(drug_key, pair))
    joined = [{drug_key(a.key), drug_key(a.other)} for a in telling.aliases]
    by_a_third = any(wanted <= one | other for one in joined for other in joined if one & other)
    return wanted <= set(map(drug_key, telling.things)) or by_a_third


def _has_both(text: str, names: Sequence[set[str]]) -> bool:
    """Answer whether a text has one of the names of each of two things."""
    folded = text.casefold()
    return all(any(name in folded for name in each) for each in names)


def _nodes(store: Store, name: str) -> Sequence[str]:
    try:
        return find_things(store, name)
    except QueryError:
        return ()


def _pair(store: Store, left: str, right: str) -> list[str]:
    """Find the nodes that two names, keys or IRIs mean: of one type, and only one of each."""
    known = _keys(store)
    found = []
    for name in (left, right):
        plain = name.removeprefix(store.base)
        found.append([plain] if plain in known else [iri.removeprefix(store.base) for iri in find_things(store, name)])
    types = [{drug_key(key).partition("/")[0] for key in each} for each in found]
    both = types[0] & types[1]
    if not both:
        raise QueryError(f"{left} ({', '.join(found[0])}) and {right} ({', '.join(found[1])}) are things of two types")
    fits = [sorted({key for key in each if drug_key(key).partition("/")[0] in both}) for each in found]
    for name, nodes in zip((left, right), fits, strict=True):
        if len(nodes) > 1:
            raise QueryError(f"{name} means several things: say which, {', '.join(nodes)}")
    return [fits[0][0], fits[1][0]]


def _named(node: str, name: str) -> str:
    """Key a name itself: the node that it means may have others."""
    return node if "/" in name else thing_key(node.partition("/")[0], name)


def _keys(store: Store) -> set[str]:
    """Collect the keys that documents use."""
    told = [from_json(telling) for _, telling, _ in store.tellings()]
    return {key for t in told for key in (*t.things, *(a.other for a in t.aliases))}
