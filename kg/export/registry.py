"""A store and the name of a format in, a file or folder out: sorted, the same bytes for the same graph, and whole or not there at all.

Quads are sorted on the disk where they are many, and written as they come: memory does not grow with the store, but for the formats of
graph programs, which want to know every node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import ExportError
from kg.export import graphs, jsonld, lines, rdfxml, tables, turtle
from kg.export.describe import Counts, describe
from kg.export.order import in_order, triples
from kg.export.reify import reified
from kg.export.selection import Selection, selected
from kg.export.target import write_folder, write_to
from kg.export.things import facts_only
from kg.model import Issue
from kg.store import Store

ALL = Selection()
Out = Path | str | BinaryIO | None


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format: `write` takes sorted quads and a stream, and returns what the format could not hold as it was.

    has_graphs: tells documents apart. by_graph: wants quads sorted by graph. is_graph: holds what documents say of things, without evidence
    and catalogue. has_terms: can hold the triple terms of RDF 1.2. Formats of several files have write_files instead of write.
    """

    name: str
    extension: str
    media_type: str
    description: str
    write: Callable[[Iterable[ox.Quad], BinaryIO], list[Issue]] | None
    has_graphs: bool = False
    by_graph: bool = False
    is_graph: bool = False
    has_terms: bool = False
    write_files: Callable[[Iterable[ox.Quad], Path], list[Issue]] | None = None


FORMATS: dict[str, Exporter] = {
    exporter.name: exporter
    for exporter in (
        Exporter(
            "nquads",
            ".nq",
            "application/n-quads",
            "one quad a line, with its graph; the best to compare",
            lines.write_nquads,
            has_graphs=True,
            has_terms=True,
        ),
        Exporter(
            "trig",
            ".trig",
            "application/trig",
            "Turtle with named graphs; the best to read",
            turtle.write_trig,
            has_graphs=True,
            by_graph=True,
            has_terms=True,
        ),
        Exporter("turtle", ".ttl", "text/turtle", "all graphs in one, with prefixes", turtle.write_turtle, has_terms=True),
        Exporter("ntriples", ".nt", "application/n-triples", "all graphs in one, one triple a line", lines.write_ntriples, has_terms=True),
        Exporter(
            "jsonld",
            ".jsonld",
            "application/ld+json",
            "JSON-LD 1.1 with named graphs and its own context",
            jsonld.write_jsonld,
            has_graphs=True,
            by_graph=True,
        ),
        Exporter("rdfxml", ".rdf", "application/rdf+xml", "all graphs in one, for tools that read XML only", rdfxml.write_rdfxml),
        Exporter(
            "graphml",
            ".graphml",
            "application/graphml+xml",
            "things and links, for yEd, igraph and networkx",
            graphs.write_graphml,
            is_graph=True,
        ),
        Exporter("gexf", ".gexf", "application/gexf+xml", "things and links, for Gephi", graphs.write_gexf, is_graph=True),
        Exporter(
            "cytoscape",
            ".cyjs",
            "application/json",
            "things and links, for Cytoscape",
            graphs.write_cytoscape,
            is_graph=True,
        ),
        Exporter("tables", ".zip", "text/csv", "a CSV table for each class, in a folder or a .zip", None, write_files=tables.write_tables),
        Exporter(
            "neo4j",
            ".zip",
            "text/csv",
            "nodes and relationships for neo4j-admin, in a folder or a .zip",
            None,
            is_graph=True,
            write_files=tables.write_neo4j,
        ),
    )
}


def export(
    store: Store,
    name: str,
    out: Out = None,
    *,
    selection: Selection = ALL,
    is_rdf12: bool = False,
    is_described: bool = False,
    licence: str | None = None,
    of: str = "All that the store holds.",
) -> tuple[Issue, ...]:
    """Write what the store holds, or a selection of it, in a format: to a file, an open binary stream, or standard output for None and "-".

    A file whose name ends in .gz is compressed; formats of several files take a folder or a .zip. is_rdf12 writes statements as reifiers.
    is_described writes FILE.void.ttl beside it (in a folder or .zip: void.ttl), which says `of` what it is and under which `licence`.
    Returns the values that the format cannot hold as they are, one Issue each. Raises ExportError for an unknown format, a target
    that cannot be written, and quads that no format holds; then nothing is written, and a file that was there stays as it was.
    """
    exporter = FORMATS.get(name)
    if exporter is None:
        raise ExportError(f"no export format {name!r}: choose one of {', '.join(FORMATS)}")
    if is_rdf12 and not exporter.has_terms:
        fitting = ", ".join(each.name for each in FORMATS.values() if each.has_terms)
        raise ExportError(f"{name} has no triple terms of RDF 1.2: choose one of {fitting}")
    counts = Counts()
    quads = _exported(store, exporter, selection, counts, is_rdf12=is_rdf12)

    def described(files: list[Path]) -> bytes:
        counts.count_classes(_fitting(store, exporter, selection))
        has_graphs = exporter.by_graph
        return describe(counts, store.base, files, exporter.media_type, of=of, has_graphs=has_graphs, licence=licence)

    if exporter.write is not None:
        write = exporter.write
        issues = write_to(out, lambda stream: write(quads, stream))
        if is_described and isinstance(out, str | Path) and out != "-":
            text = described([Path(out)])
            write_to(Path(f"{out}.void.ttl"), lambda stream: stream.write(text))
        return tuple(issues)
    if not isinstance(out, str | Path) or out == "-":
        raise ExportError(f"{name} is several files: name a folder or a .zip to write them to")
    write_files = exporter.write_files

    def fill(folder: Path) -> list[Issue]:
        found = write_files(quads, folder) if write_files is not None else []
        if is_described:
            (folder / "void.ttl").write_bytes(described(sorted(folder.iterdir())))
        return found

    return tuple(write_folder(Path(out), fill))


def _exported(store: Store, exporter: Exporter, selection: Selection, counts: Counts, *, is_rdf12: bool) -> Iterator[ox.Quad]:
    """Give the quads as the format wants them sorted, and count what is written."""
    quads = in_order(_fitting(store, exporter, selection), by_graph=exporter.by_graph)
    if is_rdf12:
        quads = reified(quads)
    return counts.watch(quads if exporter.has_graphs else triples(quads))


def _fitting(store: Store, exporter: Exporter, selection: Selection) -> Iterable[ox.Quad]:
    """Leave out what the format is not for; where all graphs are one, background knowledge would pass for what filings say."""
    quads = selected(store, selection)
    if exporter.is_graph:
        return facts_only(quads, store.base)
    reference = ox.NamedNode(store.base + "graph/reference")
    return quads if exporter.has_graphs else (quad for quad in quads if quad.graph_name != reference)


def sorted_quads(store: Store) -> list[ox.Quad]:
    """List the quads by graph, so that a document comes before its evidence."""
    return list(in_order(store.quads(), by_graph=True))
