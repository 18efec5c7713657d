"""A thing in, the network around it as a page out; of a large store only that part is read."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.errors import QueryError
from kg.store import PREFIXES, Store
from kg.view.network import page

MOST = 300  # things that a picture beside a card has room for
_HOPS = 3
_EVENTS = frozenset({"agreement", "amendment", "payment", "milestone", "development"})
_FIRST = ("company", "agreement", "amendment", "milestone", "payment", "compound")
_NEIGHBOURS = """
SELECT DISTINCT ?node WHERE {
  { GRAPH ?document { ?thing ?property ?node } FILTER(isIRI(?node)) } UNION { GRAPH ?document { ?node ?property ?thing } }
  ?document kg:fileName ?file .
}"""


def network_page(store: Store, iri: str, hops: int) -> str:
    """Make the page of what lies within some steps of a thing. Raises QueryError for hops that are too many."""
    if not 0 <= hops <= _HOPS:
        raise QueryError(f"hops is a number from 0 to {_HOPS}")
    found, total = near(store, iri, hops)
    return page(Part(store, found), iri, 2 * hops, MOST, near=total, links=(store.base, "/id/"))


def near(store: Store, iri: str, hops: int) -> tuple[set[str], int]:
    """Collect what lies within some steps, and count it; where there is more than a picture holds, companies, deals and money go first.

    Through a deal or a payment to its other parties is one step.
    """
    kept, border, total = {iri}, [iri], 1
    for _ in range(hops):
        found = {other for each in border for other in _neighbours(store, each)} - kept
        found |= {other for event in sorted(found)[:MOST] if _is_event(store, event) for other in _neighbours(store, event)} - kept
        total += len(found)
        border = sorted(found, key=lambda other: (_rank(store, other), other))[: MOST - len(kept)]
        kept |= set(border)
    return kept, total


def _neighbours(store: Store, iri: str) -> Iterator[str]:
    for (other,) in store.query(_NEIGHBOURS, {"thing": ox.NamedNode(iri)}).rows:
        if other is not None and other.value.startswith(store.base):
            yield other.value


def _is_event(store: Store, iri: str) -> bool:
    return _kind(store, iri) in _EVENTS


def _rank(store: Store, iri: str) -> int:
    kind = _kind(store, iri)
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def _kind(store: Store, iri: str) -> str:
    return iri.removeprefix(store.base).partition("/")[0]


class Part:
    """The quads about some things of a store: their own, the edges between them, and the evidence of both."""

    def __init__(self, store: Store, things: set[str]) -> None:
        self._store, self._things = store, things

    def quads(self) -> Iterator[ox.Quad]:
        """Yield them."""
        documents: set[str] = set()
        evidence: set[ox.NamedNode] = set()
        for iri in sorted(self._things):
            thing = ox.NamedNode(iri)
            for quad in self._store.quads(subject=thing):
                if self._is_near(quad.object):
                    documents.add(quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else "")
                    yield quad
            for line in self._store.quads(predicate=ox.NamedNode(PREFIXES["rdf"] + "subject"), object=thing):
                statement = list(self._store.quads(subject=line.subject))
                if all(self._is_near(each.object) for each in statement if each.predicate.value == PREFIXES["rdf"] + "object"):
                    evidence |= {each.object for each in statement if isinstance(each.object, ox.NamedNode) and _is_evidence(each)}
                    yield from statement
        for node in sorted(evidence, key=lambda node: node.value):
            yield from self._store.quads(subject=node)
        for document in sorted(documents - {""}):
            yield from self._store.quads(subject=ox.NamedNode(document))

    def _is_near(self, term: object) -> bool:
        return not (isinstance(term, ox.NamedNode) and term.value.startswith(self._store.base)) or term.value in self._things


def _is_evidence(quad: ox.Quad) -> bool:
    return quad.predicate.value == PREFIXES["kg"] + "evidence"
