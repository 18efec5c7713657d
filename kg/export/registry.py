"""A store and the name of a format in, a file out: sorted, the same bytes for the same graph, and whole or not there at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import ExportError
from kg.export import jsonld, lines, rdfxml, turtle
from kg.export.target import write_to
from kg.model import Issue
from kg.store import Store


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format: `write` takes sorted quads and a stream, and returns what the format could not hold as it was."""

    name: str
    extension: str
    media_type: str
    description: str
    write: Callable[[Sequence[ox.Quad], BinaryIO], list[Issue]]
    has_graphs: bool = False  # tells documents apart


FORMATS: dict[str, Exporter] = {
    exporter.name: exporter
    for exporter in (
        Exporter("nquads", ".nq", "application/n-quads", "one quad a line, with its graph; the best to compare", lines.write_nquads, True),
        Exporter("trig", ".trig", "application/trig", "Turtle with named graphs; the best to read", turtle.write_trig, True),
        Exporter("turtle", ".ttl", "text/turtle", "all graphs in one, with prefixes", turtle.write_turtle),
        Exporter("ntriples", ".nt", "application/n-triples", "all graphs in one, one triple a line", lines.write_ntriples),
        Exporter(
            "jsonld", ".jsonld", "application/ld+json", "JSON-LD 1.1 with named graphs and its own context", jsonld.write_jsonld, True
        ),
        Exporter("rdfxml", ".rdf", "application/rdf+xml", "all graphs in one, for tools that read XML only", rdfxml.write_rdfxml),
    )
}


def export(store: Store, name: str, out: Path | str | BinaryIO | None = None) -> tuple[Issue, ...]:
    """Write what the store holds in a format, to a file, to an open binary stream, or to standard output for None and "-".

    Returns the literals that the format cannot hold as they are, one Issue each. Raises ExportError for an unknown format, a target
    that cannot be written, and quads that no format holds; then nothing is written, and a file that was there stays as it was.
    """
    exporter = FORMATS.get(name)
    if exporter is None:
        raise ExportError(f"no export format {name!r}: choose one of {', '.join(FORMATS)}")
    quads = sorted_quads(store)
    if not exporter.has_graphs:  # where all graphs are one, background knowledge would pass for what filings say
        quads = [quad for quad in quads if quad.graph_name != ox.NamedNode(store.base + "graph/reference")]
    return tuple(write_to(out, lambda stream: exporter.write(quads, stream)))


def sorted_quads(store: Store) -> list[ox.Quad]:
    """List the quads by graph, subject, predicate and object, so that a document comes before its evidence.

    Raises ExportError for a blank node or a triple term: its name would differ from run to run.
    """
    keyed = []
    for quad in store.quads():
        graph, subject = quad.graph_name, quad.subject
        if (
            not isinstance(graph, ox.NamedNode)
            or not isinstance(subject, ox.NamedNode)
            or isinstance(quad.object, ox.BlankNode | ox.Triple)
        ):
            raise ExportError(f"only IRIs and literals are exported, not {quad}")
        keyed.append(((graph.value, subject.value, quad.predicate.value, str(quad.object)), quad))
    keyed.sort(key=lambda pair: pair[0])
    return [quad for _, quad in keyed]
