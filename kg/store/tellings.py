"""What each document tells of names and events, and its quads as they were read: kept in the run record.

A document's graphs can be rewritten when another document shows that two names are one. What was read of it stays, packed, so that it
can be rewritten anew whenever documents come or go.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.errors import StoreError


class Tellings:
    """The lines of the run record that belong to a document and not to a file."""

    def __init__(self, base: str, run: ox.NamedNode) -> None:
        """Take the base of the store's IRIs and the graph that holds the record."""
        self._run = run
        self._telling, self._state, self._as_read = (ox.NamedNode(f"{base}run#{name}") for name in ("telling", "state", "asRead"))

    def line(self, document: ox.NamedNode, telling: str) -> ox.Quad:
        """Write down what a document tells."""
        return ox.Quad(document, self._telling, ox.Literal(telling), self._run)

    def held_by(self, engine: ox.Store, document: ox.NamedNode) -> set[ox.Quad]:
        """Collect all lines of a document."""
        return {
            line
            for predicate in (self._telling, self._state, self._as_read)
            for line in engine.quads_for_pattern(document, predicate, None, self._run)
        }

    def all(self, engine: ox.Store) -> Iterator[tuple[str, str, str]]:
        """List the documents' IRIs, what each tells, and the state that it was rewritten to ("" where it is as it was read)."""
        for line in engine.quads_for_pattern(None, self._telling, None, self._run):
            if isinstance(line.subject, ox.NamedNode) and isinstance(line.object, ox.Literal):
                yield line.subject.value, line.object.value, self._value(engine, line.subject, self._state)

    def as_read(self, engine: ox.Store, document: ox.NamedNode) -> set[ox.Quad] | None:
        """Unpack what was read of a document, None where it was not rewritten since."""
        packed = self._value(engine, document, self._as_read)
        if not packed:
            return None
        try:
            return set(ox.parse(zlib.decompress(base64.b64decode(packed, validate=True)), format=ox.RdfFormat.N_QUADS))
        except (ValueError, SyntaxError, zlib.error) as error:
            raise StoreError(f"what was read of {document.value} is damaged: build its file again ({error})") from error

    def rewriting(self, document: ox.NamedNode, state: str, as_read: Iterable[ox.Quad]) -> set[ox.Quad]:
        """Write down to which state a document is rewritten and what was read of it."""
        lines = "".join(f"{quad} .\n" for quad in sorted(map(str, as_read))).encode()
        packed = base64.b64encode(zlib.compress(lines, 6)).decode("ascii")
        return {
            ox.Quad(document, self._state, ox.Literal(state), self._run),
            ox.Quad(document, self._as_read, ox.Literal(packed), self._run),
        }

    def rewritten(self, engine: ox.Store, document: ox.NamedNode) -> set[ox.Quad]:
        """Collect the lines that `rewriting` wrote."""
        return self.held_by(engine, document) - set(engine.quads_for_pattern(document, self._telling, None, self._run))

    def _value(self, engine: ox.Store, document: ox.NamedNode, predicate: ox.NamedNode) -> str:
        found = next(engine.quads_for_pattern(document, predicate, None, self._run), None)
        return found.object.value if found is not None and isinstance(found.object, ox.Literal) else ""
