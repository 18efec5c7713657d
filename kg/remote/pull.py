"""A triple store behind HTTP in, its named graphs as sorted N-Quads out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import ExportError
from kg.export.lines import write_nquads
from kg.export.order import in_order
from kg.export.target import write_to
from kg.remote.client import Client
from kg.remote.endpoints import TRIPLES, find_endpoints, select
from kg.store import BASE


def pull(
    url: str, out: Path | str | BinaryIO | None, *, graphs: Sequence[str] = (), base: str = BASE, client: Client | None = None
) -> tuple[int, int]:
    """Write the named graphs under a base, or those named, as N-Quads, and give how many graphs and quads these are.

    The record that a push keeps over there is left out. Raises ExportError where the store cannot be reached or does not have a graph.
    """
    with client or Client(url) as session:
        query = find_endpoints(session, base + "graph/push-probe", write=False).query
        there = [row["g"] for row in select(session, query, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") if "g" in row]
        wanted = list(graphs) or sorted(name for name in there if name.startswith(base) and name != base + "graph/push")
        missing = [name for name in wanted if name not in there]
        if missing:
            raise ExportError(f"{session.url} has no graph {missing[0]}")
        numbers = [0]

        def quads() -> Iterator[ox.Quad]:
            for name in wanted:
                for quad in _graph(session, query, name):
                    numbers[0] += 1
                    yield quad

        write_to(out, lambda stream: write_nquads(in_order(quads()), stream))
        return len(wanted), numbers[0]


def _graph(client: Client, query: str, name: str) -> Iterator[ox.Quad]:
    """Read one graph."""
    try:
        graph = ox.NamedNode(name)
    except ValueError:
        raise ExportError(f"{name!r} is not the IRI of a graph") from None
    construct = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
    answer = client.require("POST", query, data={"query": construct}, headers={"Accept": TRIPLES})
    try:
        for quad in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as fault:
        raise ExportError(f"{client.url} gave something else than N-Triples for {name}: {fault}") from None
