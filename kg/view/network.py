"""A store in, one HTML file that draws it out: what to draw, on what place; also the door to `to_networkx`."""

from __future__ import annotations

import difflib
import heapq
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import networkx as nx

from kg.errors import QueryError
from kg.view.graph import HasQuads, Network, SectionOf, to_networkx
from kg.view.layout import place
from kg.view.page import Shown, render
from kg.view.style import box, lines
from kg.view.write import write_page

__all__ = ["HELD", "LIMIT", "find_node", "page", "show", "to_networkx"]

# Above it a picture is read no better for more nodes; the others are on the page too, and come into the picture when they are sought.
LIMIT = 1500
# Above it a page is too large to send (about a kilobyte a node), and only what is named with `focus` can be gone on from.
HELD = 20_000


def show(store: HasQuads, out: Path, focus: str | None = None, hops: int = 1, section_of: SectionOf | None = None) -> Path:
    """Write the network of a store, or of what lies within `hops` steps of the thing named `focus`, as one HTML file.

    The file refers to nothing outside itself and has the same bytes for the same store. Of more than LIMIT nodes those nearest to
    the focus are drawn, without a focus the most connected; the page says so, and holds up to HELD more that the search finds and a click
    brings into the picture. Raises QueryError for an unknown or ambiguous focus and for hops below 0, ExportError where the file cannot
    be written; then nothing is left behind.
    """
    return write_page(out, page(store, focus, hops, HELD, section_of))


def page(
    store: HasQuads,
    focus: str | None = None,
    hops: int = 1,
    held: int = 300,
    section_of: SectionOf | None = None,
    *,
    near: int = 0,
    links: tuple[str, str] | None = None,
) -> str:
    """Make the page that `show` writes, of at most so many nodes: 300 are what a notebook's cell has room for. Errors as in `show`.

    near is how many nodes lie within those steps where the store given here is only a part; links leads from nodes to their own pages: the
    base of their IRIs, and what stands for it in an address.
    """
    if hops < 0:
        raise QueryError(f"hops must be 0 or more, not {hops}")
    graph = to_networkx(store, section_of)
    graph.remove_edges_from([(start, end, key) for start, end, key, data in graph.edges(keys=True, data=True) if data["implied"]])
    total = max(len(graph), near)
    centre = find_node(graph, focus) if focus is not None else None
    if centre is not None:
        graph = graph.subgraph(within(graph, centre, hops)).copy()
        ordered = nearest(graph, centre)
    else:
        ordered = most_connected(graph, held)
    kept = graph.subgraph(ordered[:held]).copy() if len(graph) > held else graph
    picture = kept.subgraph(ordered[:LIMIT]) if len(kept) > LIMIT else kept
    drawn = {iri: lines(node["class"], node["label"]) for iri, node in kept.nodes(data=True)}
    boxes = {iri: box(node["class"], drawn[iri]) for iri, node in picture.nodes(data=True)}
    return render(kept, place(picture, boxes), drawn, Shown(total, centre, hops, LIMIT, links))


def find_node(graph: Network, name: str) -> str:
    """Find the one node that has this name, in any case of its letters; its IRI serves too, and an event's label.

    Raises QueryError with the nearest names where there is none, with the candidates' IRIs where there are several.
    """
    if name in graph:
        return name
    by_name: dict[str, set[str]] = {}
    for iri, attributes in graph.nodes(data=True):
        for each in {attributes["label"], *attributes["names"]}:
            by_name.setdefault(_fold(each), set()).add(iri)
    found = sorted(by_name.get(_fold(name), ()))
    if len(found) == 1:
        return found[0]
    if found:
        told = "; ".join(f"{graph.nodes[iri]['label']} <{iri}>" for iri in found[:8])
        more = f"; and {len(found) - 8} more" if len(found) > 8 else ""
        raise QueryError(f"{name!r} names {len(found)} nodes, give the IRI of one: {told}{more}")
    near = difflib.get_close_matches(_fold(name), sorted(by_name), n=5, cutoff=0.5)
    labels = list(dict.fromkeys(graph.nodes[min(by_name[each])]["label"] for each in near))
    hint = f"nearest names: {', '.join(labels)}" if labels else "no name comes near it"
    raise QueryError(f"nothing in the store is named {name!r}; {hint}")


def within(graph: Network, centre: str, hops: int) -> set[str]:
    """Collect what lies within so many steps of a node."""
    return set(nx.single_source_shortest_path_length(graph.to_undirected(as_view=True), centre, cutoff=hops))


def nearest(graph: Network, centre: str) -> list[str]:
    """Order what is connected with a node: the nearest first, then the most connected."""
    away = nx.single_source_shortest_path_length(graph.to_undirected(as_view=True), centre)
    degree = dict(graph.degree())
    return sorted(away, key=lambda iri: (away[iri], -degree[iri], iri))


def most_connected(graph: Network, limit: int) -> list[str]:
    """Grow a part of so many nodes from the node with most edges, always taking the most connected neighbour."""
    degree = dict(graph.degree())
    plain = graph.to_undirected(as_view=True)
    seeds = sorted(degree, key=lambda iri: (-degree[iri], iri))
    taken: dict[str, None] = {}
    for seed in seeds:
        border = [(-degree[seed], seed)]
        while border and len(taken) < limit:
            _, iri = heapq.heappop(border)
            if iri not in taken:
                taken[iri] = None
                for neighbour in _unseen(plain.adj[iri], taken):
                    heapq.heappush(border, (-degree[neighbour], neighbour))
    return list(taken)


def _unseen(neighbours: Iterable[str], taken: dict[str, None]) -> list[str]:
    return [neighbour for neighbour in neighbours if neighbour not in taken]


def _fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
