"""Quads sorted by subject in, the same quads out with each statement as a reifier of RDF 1.2: `?statement rdf:reifies <<( s p o )>>`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import pyoxigraph as ox

from kg.store import PREFIXES

_RDF = PREFIXES["rdf"]
_TYPE, _STATEMENT = ox.NamedNode(_RDF + "type"), ox.NamedNode(_RDF + "Statement")
_PARTS = tuple(ox.NamedNode(_RDF + part) for part in ("subject", "predicate", "object"))
_REIFIES = ox.NamedNode(_RDF + "reifies")


def reified(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Put a triple term in the place of a statement's subject, predicate and object, and of its type rdf:Statement.

    A node that lacks one of the three, or has two of one, stays as it is. Sorted quads stay sorted, by line or by graph.
    """
    for _, group in groupby(quads, key=lambda quad: quad.subject):
        members = list(group)
        if not any(quad.predicate == _PARTS[0] for quad in members):
            yield from members
            continue
        changed: list[ox.Quad] = []
        for graph in dict.fromkeys(quad.graph_name for quad in members):
            changed += _with_term([quad for quad in members if quad.graph_name == graph])
        yield from sorted(changed, key=str)


def _with_term(quads: list[ox.Quad]) -> list[ox.Quad]:
    """Change the quads of one subject in one graph."""
    parts = [[quad.object for quad in quads if quad.predicate == part] for part in _PARTS]
    if any(len(values) != 1 for values in parts):
        return quads
    (subject,), (predicate,), (value,) = parts
    if not isinstance(subject, ox.NamedNode) or not isinstance(predicate, ox.NamedNode):
        return quads
    kept = [quad for quad in quads if quad.predicate not in _PARTS and (quad.predicate, quad.object) != (_TYPE, _STATEMENT)]
    term = ox.Triple(subject, predicate, value)
    return [*kept, ox.Quad(quads[0].subject, _REIFIES, term, quads[0].graph_name)]
