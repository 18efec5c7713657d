"""Documents in, the catalogue lines of their submissions out: a header's lines belong to every document that brought them.

Two readings of one header may differ: another version of the reader, a copy that was cut. So the run record keeps a mark for each line
that a document brought, and a line goes with the last document that has its mark. Then neither the order of puts nor what was there
before shows in the graph.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Set

import pyoxigraph as ox

from kg.store.sparql import PREFIXES

_IS_PART_OF = ox.NamedNode(PREFIXES["dcterms"] + "isPartOf")
_BROUGHT = ox.NamedNode(PREFIXES["prov"] + "value")  # of a document in the run record: the mark of a line that it brought

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Submissions:
    """Tells the catalogue's lines about submissions from those about documents."""

    def __init__(self, base: str, catalogue: ox.NamedNode, run: ox.NamedNode) -> None:
        """Take the base of the store's IRIs, the graph that holds the lines and the one that holds their marks."""
        self._prefix = f"{base}filing/"
        self._catalogue = catalogue
        self._run = run

    def is_part(self, node: Node) -> bool:
        """Answer whether a node is a submission or one of its filers, which is no document."""
        return isinstance(node, ox.NamedNode) and node.value.startswith(self._prefix)

    def subjects(self, document: ox.NamedNode, quads: Iterable[ox.Quad]) -> set[Node]:
        """Collect what a document may bring lines about: the submissions that it is part of, and the filers that they lead to."""
        lines = [quad for quad in quads if quad.graph_name == self._catalogue]
        wholes = {q.object for q in lines if q.subject == document and q.predicate == _IS_PART_OF and self.is_part(q.object)}
        return wholes | {q.object for q in lines if q.subject in wholes and _is_filer(q.subject, q.object)}

    def marks(self, document: ox.NamedNode, quads: Iterable[ox.Quad]) -> set[ox.Quad]:
        """Mark the lines about submissions as brought by a document; the marks are for the run record."""
        lines = [quad for quad in quads if quad.graph_name == self._catalogue and self.is_part(quad.subject)]
        return {ox.Quad(document, _BROUGHT, _mark(line), self._run) for line in lines}

    def held_by(self, engine: ox.Store, documents: Set[ox.NamedNode]) -> set[ox.Quad]:
        """Collect the lines that only these documents brought, and these documents' marks."""
        held: set[ox.Quad] = set()
        wholes: set[Node] = set()
        for document in documents:
            held |= set(engine.quads_for_pattern(document, _BROUGHT, None, self._run))
            wholes |= {line.object for line in engine.quads_for_pattern(document, _IS_PART_OF, None, self._catalogue)}
        for whole in wholes:
            if not isinstance(whole, ox.NamedNode) or not self.is_part(whole):
                continue  # what is part of another document, say, has no lines of its own there
            parts = {line.subject for line in engine.quads_for_pattern(None, _IS_PART_OF, whole, self._catalogue)}
            for line in self._lines_of(engine, whole):
                # A line without a mark is of a store made before there were any; it belongs to all parts.
                owners = {mark.subject for mark in engine.quads_for_pattern(None, _BROUGHT, _mark(line), self._run)} or parts
                if owners <= documents:
                    held.add(line)
        return held

    def _lines_of(self, engine: ox.Store, whole: ox.NamedNode) -> set[ox.Quad]:
        lines = set(engine.quads_for_pattern(whole, None, None, self._catalogue))
        for filer in {line.object for line in lines if _is_filer(whole, line.object)}:
            if isinstance(filer, ox.NamedNode):
                lines |= set(engine.quads_for_pattern(filer, None, None, self._catalogue))
        return lines


def _is_filer(whole: Node, node: Node) -> bool:
    return isinstance(whole, ox.NamedNode) and isinstance(node, ox.NamedNode) and node.value.startswith(f"{whole.value}/filer/")


def _mark(line: ox.Quad) -> ox.Literal:
    """Take the first 20 hex digits of a line's SHA-256: 80 bits, so that a billion lines share none."""
    return ox.Literal(hashlib.sha256(str(line.triple).encode()).hexdigest()[:20])
