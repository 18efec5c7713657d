"""Quads to take away and to add in, one transaction out: on named graphs and on the default graph, which holds their union as a set."""

from __future__ import annotations

from collections.abc import Iterator, Set

import pyoxigraph as ox


def commit(engine: ox.Store, hidden: Set[ox.NamedNode], removed: set[ox.Quad], added: set[ox.Quad]) -> None:
    """Change named graphs and their union in one transaction; the hidden graphs are no part of the union."""
    union = [ox.Quad(q.subject, q.predicate, q.object) for q in added if q.graph_name not in hidden]
    kept = set(union)
    orphaned = set()
    for quad in removed:
        triple = ox.Quad(quad.subject, quad.predicate, quad.object)
        if quad.graph_name not in hidden and triple not in kept and not _is_elsewhere(engine, hidden, quad, removed):
            orphaned.add(triple)
    if removed:
        # The engine offers no other transaction that both deletes and inserts; all operations of one update are one transaction.
        engine.update(f"DELETE DATA {{ {_data(removed | orphaned)} }} ; INSERT DATA {{ {_data(added | kept)} }}")
    else:
        engine.extend([*added, *union])


def union_faults(engine: ox.Store, hidden: Set[ox.NamedNode]) -> Iterator[str]:
    """Say where the default graph is not the union of the named graphs but the hidden ones."""
    for quad in engine.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        if not _is_elsewhere(engine, hidden, quad, set()):
            yield f"{quad.triple} is in the union and in no graph"
    for quad in engine:
        if quad.graph_name not in {ox.DefaultGraph(), *hidden} and ox.Quad(quad.subject, quad.predicate, quad.object) not in engine:
            yield f"{quad.triple} of {quad.graph_name} is not in the union"


def _is_elsewhere(engine: ox.Store, hidden: Set[ox.NamedNode], quad: ox.Quad, removed: set[ox.Quad]) -> bool:
    found = engine.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(other.graph_name not in {ox.DefaultGraph(), *hidden} and other not in removed for other in found)


def _data(quads: set[ox.Quad]) -> str:
    """Write quads for an update, in no order: the engine sorts them itself."""
    lines = []
    for quad in quads:
        triple = f"{quad.subject} {quad.predicate} {quad.object} ."
        lines.append(triple if isinstance(quad.graph_name, ox.DefaultGraph) else f"GRAPH {quad.graph_name} {{ {triple} }}")
    return "\n".join(lines)
