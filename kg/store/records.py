"""Files put into the store in, the run record out: which file gave which document, with what bytes, under which rules.

It is told with the terms of PROV and DCMI, and is no part of the ontology, of a query's answers or of an export.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Set
from typing import NamedTuple

import pyoxigraph as ox

from kg.store.sparql import PREFIXES

_SOURCE = ox.NamedNode(PREFIXES["dcterms"] + "source")
_GENERATED = ox.NamedNode(PREFIXES["prov"] + "generated")
_DIGEST = ox.NamedNode(PREFIXES["dcterms"] + "identifier")
_VERSION = ox.NamedNode(PREFIXES["dcterms"] + "hasVersion")


class Record(NamedTuple):
    """What the run record knows of a file: the IRIs of its documents, the digest of its bytes, the version of the rules that read it."""

    documents: tuple[str, ...]
    digest: str
    version: str


class Records:
    """The run record of a store."""

    def __init__(self, base: str, run: ox.NamedNode) -> None:
        """Take the base of the store's IRIs and the graph that holds the record."""
        self._base = base
        self._run = run

    def of(self, engine: ox.Store, path: str) -> Record | None:
        """Look up a file, None where it was never put."""
        records = sorted(self._of_path(engine, path), key=str)
        if not records:
            return None
        documents = sorted(self._line(engine, record, _GENERATED) for record in records)
        return Record(tuple(documents), self._line(engine, records[0], _DIGEST), self._line(engine, records[0], _VERSION))

    def lines(self, document: ox.NamedNode, path: str, digest: str, version: str) -> set[ox.Quad]:
        """Write down that a file gave a document."""
        key = hashlib.sha256(json.dumps([path, document.value]).encode()).hexdigest()[:20]
        record = ox.NamedNode(f"{self._base}run/{key}")
        said = ((_GENERATED, document), (_SOURCE, ox.Literal(path)), (_DIGEST, ox.Literal(digest)), (_VERSION, ox.Literal(version)))
        return {ox.Quad(record, predicate, term, self._run) for predicate, term in said}

    def places(self, engine: ox.Store, document: ox.NamedNode) -> list[str]:
        """List the places of the files that gave a document, sorted."""
        return sorted(self._line(engine, record, _SOURCE) for record in self._holders(engine, document))

    def naming(self, engine: ox.Store, document: ox.NamedNode) -> set[ox.Quad]:
        """Collect the records of all files that gave a document."""
        return {line for record in self._holders(engine, document) for line in engine.quads_for_pattern(record, None, None, self._run)}

    def superseded(
        self, engine: ox.Store, document: ox.NamedNode, path: str, digest: str, version: str
    ) -> tuple[set[ox.NamedNode], set[ox.Quad]]:
        """Collect the documents that a file gives no more, and no other does, when it gives this one; and the records to replace.

        Records of the same digest and version stay: one file can give several documents.
        """
        old: set[ox.NamedNode] = set()
        for record in self._of_path(engine, path):
            is_same_run = (digest, version) == (self._line(engine, record, _DIGEST), self._line(engine, record, _VERSION)) and digest
            if self._line(engine, record, _GENERATED) == document.value or not is_same_run:
                old.add(record)
        documents, lines = self._with(engine, old)
        return documents - {document}, lines

    def lost(self, engine: ox.Store, archive: str, places: Set[str]) -> tuple[set[ox.NamedNode], set[ox.Quad]]:
        """Collect the documents of files that an archive has no more, and no other file gives; and the records of those files."""
        old: set[ox.NamedNode] = set()
        for line in engine.quads_for_pattern(None, _SOURCE, None, self._run):
            place = line.object.value if isinstance(line.object, ox.Literal) else ""
            if place.startswith(f"{archive}!") and place not in places and isinstance(line.subject, ox.NamedNode):
                old.add(line.subject)
        return self._with(engine, old)

    def _with(self, engine: ox.Store, old: set[ox.NamedNode]) -> tuple[set[ox.NamedNode], set[ox.Quad]]:
        """Give the documents that only these records name, and the records' lines."""
        lines: set[ox.Quad] = set()
        documents: set[ox.NamedNode] = set()
        for record in old:
            lines |= set(engine.quads_for_pattern(record, None, None, self._run))
            document = ox.NamedNode(self._line(engine, record, _GENERATED))
            if self._holders(engine, document) <= old:
                documents.add(document)
        return documents, lines

    def _holders(self, engine: ox.Store, document: ox.NamedNode) -> set[ox.NamedNode]:
        return set(_nodes(engine.quads_for_pattern(None, _GENERATED, document, self._run)))

    def _of_path(self, engine: ox.Store, path: str) -> list[ox.NamedNode]:
        return list(_nodes(engine.quads_for_pattern(None, _SOURCE, ox.Literal(path), self._run)))

    def _line(self, engine: ox.Store, record: ox.NamedNode, predicate: ox.NamedNode) -> str:
        found = next(engine.quads_for_pattern(record, predicate, None, self._run), None)
        return "" if found is None or isinstance(found.object, ox.Triple) else found.object.value


def _nodes(lines: Iterator[ox.Quad]) -> Iterator[ox.NamedNode]:
    return (line.subject for line in lines if isinstance(line.subject, ox.NamedNode))
