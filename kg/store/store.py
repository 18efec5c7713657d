"""A document's quads and text in, a durable graph on disk out; the only module that opens the engine's store.

A store is a folder: `graph/` is the engine's, `texts/<sha256>.txt` holds what offsets point into, `store.json` says that it is a store and
which base its IRIs have. Named graphs hold what was put; the engine's default graph holds their union as a set, so that a triple which
two documents state counts once in a query (the engine's own union repeats it) and the run record, which is not part of it, stays out.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.folder import Texts, make_folder, read_base
from kg.store.guard import CAREFUL, Bindable
from kg.store.records import Record, Records
from kg.store.sparql import PREFIXES, Answer, QueryDataset, answer
from kg.store.submissions import Submissions
from kg.store.tellings import Tellings
from kg.store.union import commit, union_faults

if TYPE_CHECKING:
    from rdflib import Dataset

BASE = "https://w3id.org/conjugate/id/"
Named = ox.NamedNode | None
Node = Named | ox.BlankNode | ox.Triple

_FILE_NAME = ox.NamedNode(PREFIXES["kg"] + "fileName")
_SHA256 = ox.NamedNode(PREFIXES["kg"] + "sha256")
_SOURCE = ox.NamedNode(PREFIXES["dcterms"] + "source")


class StoredDocument(NamedTuple):
    """A document of the store: its IRI, the base name of its file, and the sha256 of its text."""

    iri: str
    file_name: str
    sha256: str


class Store:
    """A graph of documents with one writer. Open it with `Store.open` or `Store.memory`, and use it as a context manager."""

    def __init__(self, engine: ox.Store, folder: Path | None, base: str, is_read_only: bool) -> None:
        """Wrap an open engine; folder is None for a store in memory."""
        self._engine: ox.Store | None = engine
        self._folder = folder
        self._is_read_only = is_read_only
        self.texts = Texts(None if folder is None else folder / "texts")
        self._lock = threading.RLock()  # writes of two threads at once get lost in the engine without an error
        self._batch_size = self._unflushed = 0
        self.caps = CAREFUL  # of a query; a process that may be ended can allow more
        self._stale_texts: set[str] = set()
        self.base = base
        self._catalogue = ox.NamedNode(base + "graph/catalogue")
        self._identity = ox.NamedNode(base + "graph/identity")
        self._run = ox.NamedNode(base + "graph/run")
        self._reference = ox.NamedNode(base + "graph/reference")  # background knowledge, which only a query sees that names it
        self._submissions = Submissions(base, self._catalogue, self._run)
        self._records = Records(base, self._run)
        self._tellings = Tellings(base, self._run)

    @classmethod
    def memory(cls, base: str = BASE) -> Store:
        """Make an empty store that lives as long as the object."""
        return cls(ox.Store(), None, base, is_read_only=False)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, base: str | None = None) -> Store:
        """Open the store in a folder, and make one where there is none unless it is to be read only.

        base is that of the things' IRIs; a store keeps the one it was made with. A read-only store is the view of the moment it was
        opened. Raises StoreError where the folder is missing, locked, not writable or not a store.
        """
        path = Path(path)
        try:
            known = read_base(path)
            if known is None and read_only:
                raise StoreError(f"there is no store in {path}: run kg build first")
            if known is None:
                known = base or BASE
                make_folder(path, known)
            if base is not None and base != known:
                raise StoreError(f"the store in {path} was made with the base {known}, not {base}: build another store for it")
            graph = str(path / "graph")
            engine = ox.Store.read_only(graph) if read_only else ox.Store(graph)
        except StoreError:
            raise
        except (OSError, RuntimeError) as error:  # the engine reports corruption as a RuntimeError
            if "lock" in str(error).lower():
                raise StoreError(f"the store in {path} is in use: close the other kg that writes to it, or open it read-only") from error
            if read_only and isinstance(error, FileNotFoundError):
                raise StoreError(f"the store in {path} is empty: run kg build first") from error
            raise StoreError(f"cannot open the store in {path}: {error}") from error
        store = cls(engine, path, known, read_only)
        store.texts.begin(store._uses, is_writer=not read_only)
        return store

    def __enter__(self) -> Store:
        """Hand out the store itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the store, whatever happened."""
        self.close()

    def close(self) -> None:
        """Flush and give the folder free; closing twice is harmless. A view for rdflib keeps the folder until it is dropped too."""
        with self._lock:
            if self._engine is not None:
                self._flush()
                self.texts.end()
            self._engine = None

    def put(
        self,
        document: str,
        quads: Iterable[ox.Quad],
        text: str | None = None,
        path: str | None = None,
        *,
        digest: str = "",
        version: str = "",
        telling: str = "",
    ) -> None:
        """Store a document in one transaction, in the place of all that the store had of it.

        document is its key ("document/…") or IRI. path, digest and version go to the run record: what the file of that path gave under
        another digest or version, and no other file gives, is dropped in the same transaction. telling is what the document tells of
        names and events, for `rewrite`. On return the document is on disk, unless a batch is open. Raises StoreError; ValueError for
        quads that are not the document's.
        """
        with self._lock:
            engine = self._writable()
            node = self._node(document)
            given = set(quads)
            self._require_own(node, given)
            digests = {quad.object for quad in given if quad.subject == node and quad.predicate == _SHA256}
            if text is not None and not digests <= {ox.Literal(self.texts.keep(text))}:  # the text is there before what points into it
                raise ValueError(f"kg:sha256 of {node.value} is not that of its text")
            given |= self._submissions.marks(node, given)
            if telling:
                given.add(self._tellings.line(node, telling))
            gone, removed = {node}, set[ox.Quad]()
            if path is not None:
                replaced, removed = self._records.superseded(engine, node, path, digest, version)
                gone |= replaced
                given |= self._records.lines(node, path, digest, version)
            removed |= self._held(gone)
            self._commit(engine, removed - given, given - removed)
            self._stale_texts |= _digests(removed - given)
            self._done()

    def forget(self, document: str) -> None:
        """Take a document back with all that came from it; raises StoreError where the store has no such document."""
        with self._lock:
            engine = self._writable()
            node = self._node(document)
            removed = set() if self._submissions.is_part(node) else self._held({node})
            if not removed:
                raise StoreError(f"the store has no document {node.value}")
            removed |= self._records.naming(engine, node)
            self._commit(engine, removed, set())
            self._stale_texts |= _digests(removed)
            self._done()

    def tellings(self) -> list[tuple[str, str, str]]:
        """List the documents' IRIs, what each tells of names and events, and the state it was rewritten to; sorted."""
        return sorted(self._tellings.all(self._open()))

    def names(self) -> dict[str, dict[str, str]]:
        """Give for each document's IRI the keys that were read of it and what they became, only those that changed."""
        return {iri: json.loads(state)["names"] for iri, _, state in self._tellings.all(self._open()) if state}

    def as_read(self, document: str) -> set[ox.Quad]:
        """Give a document's quads as they were read, without its lines of the catalogue."""
        node = self._node(document)
        packed = self._tellings.as_read(self._open(), node)
        return packed if packed is not None else self._told_by(node)

    def rewrite(self, document: str, quads: Iterable[ox.Quad], state: str) -> None:
        """Put other quads in the place of a document's, in one transaction; what was read of it stays, for `as_read`.

        state is a JSON object that tells what the document is rewritten to, with what its keys became as "names"; "" for what was read.
        Raises StoreError; ValueError for quads that are not its own.
        """
        with self._lock:
            engine = self._writable()
            node = self._node(document)
            given = set(quads)
            self._require_own(node, given)
            as_read = self.as_read(document)
            removed = self._told_by(node) | self._tellings.rewritten(engine, node)
            if state:
                given |= self._tellings.rewriting(node, state, as_read)
            self._commit(engine, removed - given, given - removed)
            self._done()

    def put_reference(self, quads: Iterable[ox.Quad]) -> None:
        """Put background knowledge in the place of what there was, in one transaction; raises ValueError for quads of another graph."""
        with self._lock:
            engine = self._writable()
            given = set(quads)
            if any(quad.graph_name != self._reference for quad in given):
                raise ValueError(f"background knowledge goes to {self._reference}")
            there = set(engine.quads_for_pattern(None, None, None, self._reference))
            self._commit(engine, there - given, given - there)
            self._done()

    def settle(self, archive: str, places: Set[str]) -> list[str]:
        """Take back what files of an archive gave that are in it no more, in one transaction; give the IRIs of the documents, sorted.

        archive is the archive's path, places are those of the files that it has now, "archive!file" each.
        """
        with self._lock:
            engine = self._writable()
            gone, removed = self._records.lost(engine, archive, places)
            if removed:
                removed |= self._held(gone)
                self._commit(engine, removed, set())
                self._stale_texts |= _digests(removed)
                self._done()
            return sorted(document.value for document in gone)

    @contextlib.contextmanager
    def batch(self, size: int = 25) -> Iterator[None]:
        """Put many documents with one flush for each `size` of them: a flush takes 15 ms and makes a file.

        Each put is still one transaction; after a loss of power those since the last flush may be missing, whole.
        """
        self._batch_size = size
        try:
            yield
        finally:
            with self._lock:
                self._batch_size = 0
                self._flush()

    def has(self, document: str) -> bool:
        """Answer whether the store has a document of this key or IRI."""
        node = self._node(document)
        lines = self._open().quads_for_pattern(node, None, None, self._catalogue)
        return not self._submissions.is_part(node) and next(lines, None) is not None

    def is_whole(self, document: str) -> bool:
        """Answer whether the store has a document and the text that its offsets point into, unchanged."""
        engine = self._open()
        digest = next(engine.quads_for_pattern(self._node(document), _SHA256, None, self._catalogue), None)
        try:
            return digest is not None and self.texts.read(_value(digest.object)) is not None
        except StoreError:
            return False

    def documents(self) -> list[StoredDocument]:
        """List the documents, sorted by IRI."""
        engine = self._open()
        found = []
        for line in engine.quads_for_pattern(None, _FILE_NAME, None, self._catalogue):
            digest = next(engine.quads_for_pattern(line.subject, _SHA256, None, self._catalogue), None)
            found.append(StoredDocument(_value(line.subject), _value(line.object), "" if digest is None else _value(digest.object)))
        return sorted(found)

    def record_of(self, path: str) -> Record | None:
        """Look up what the run record has of a file, None where it was never put."""
        return self._records.of(self._open(), path)

    def places_of(self, document: str) -> list[str]:
        """List where the files are that gave a document, sorted."""
        return self._records.places(self._open(), self._node(document))

    def text_of(self, sha256: str) -> str:
        """Read the text that a document's offsets point into; raises StoreError where it is missing or was changed."""
        self._open()
        return self.texts.read(sha256)

    def query(self, sparql: str, bindings: Mapping[str, Bindable] | None = None, dataset: QueryDataset | None = None) -> Answer:
        """Ask the union of all documents' graphs (or the graphs of FROM and GRAPH, or a dataset), variables bound to terms.

        The prefixes of `kg.store.PREFIXES` need no declaration. Raises QueryError for an update and for what the guard refuses.
        """
        return answer(self._open(), sparql, bindings or {}, dataset=dataset, caps=self.caps)

    def quads(self, subject: Node = None, predicate: Named = None, object: Named = None, graph: Named = None) -> Iterator[ox.Quad]:
        """Iterate over what an export holds, every named graph but the run record, or what of it fits the terms given; in no order."""
        for quad in self._open().quads_for_pattern(subject, predicate, object, graph):
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name != self._run:
                yield quad

    def graphs(self) -> list[str]:
        """List the IRIs of the named graphs that an export holds, sorted; the engine knows empty ones too, which are none."""
        names = (g for g in self._open().named_graphs() if isinstance(g, ox.NamedNode))
        return sorted(g.value for g in names if next(self.quads(graph=g), None) is not None)

    def graph(self, name: str) -> list[ox.Quad]:
        """Give the quads of a named graph, in no order."""
        return list(self._open().quads_for_pattern(None, None, None, ox.NamedNode(name)))

    def union_faults(self) -> Iterator[str]:
        """Say where the engine's default graph, which queries see, is not the union of the named ones."""
        return union_faults(self._open(), {self._run, self._reference})

    def to_rdflib(self) -> Dataset:
        """Make a read-only rdflib Dataset over this same store."""
        from kg.store.rdflib_view import to_dataset  # here, as importing rdflib takes 0.2 s that no other verb needs

        return to_dataset(self._open(), self._run)

    def _open(self) -> ox.Store:
        if self._engine is None:
            raise StoreError("the store is closed")
        return self._engine

    def _writable(self) -> ox.Store:
        if self._is_read_only:
            raise StoreError(f"the store in {self._folder} was opened read-only")
        return self._open()

    def _node(self, document: str) -> ox.NamedNode:
        return ox.NamedNode(document if document.startswith(self.base) else self.base + document)

    def _require_own(self, node: ox.NamedNode, quads: set[ox.Quad]) -> None:
        """Refuse quads that taking the document back would not find again."""
        if self._submissions.is_part(node):
            raise ValueError(f"{node.value} is a submission, whose lines its documents bring")
        own = {node, ox.NamedNode(node.value + "/evidence")}
        sourced = {q.subject for q in quads if q.graph_name == self._identity and q.predicate == _SOURCE and q.object == node}
        catalogued = {node, *self._submissions.subjects(node, quads)}
        for quad in quads:
            terms = (quad.subject, quad.predicate, quad.object)
            if any(isinstance(term, ox.BlankNode | ox.Triple) for term in terms):
                raise ValueError(f"only IRIs and literals are stored: {quad}")
            is_catalogued = quad.graph_name == self._catalogue and quad.subject in catalogued
            is_identity = quad.graph_name == self._identity and quad.subject in sourced
            if quad.graph_name not in own and not is_catalogued and not is_identity:
                raise ValueError(f"not a quad of {node.value}: {quad}")

    def _held(self, gone: set[ox.NamedNode]) -> set[ox.Quad]:
        """Collect all that the store has of documents that go at once, their records of a file aside."""
        engine = self._open()
        held = self._submissions.held_by(engine, gone)
        for node in gone:
            held |= set(engine.quads_for_pattern(node, None, None, self._catalogue))
            held |= self._tellings.held_by(engine, node) | self._told_by(node)
        return held

    def _told_by(self, node: ox.NamedNode) -> set[ox.Quad]:
        """Collect what the store has of a document beside the catalogue: its graph, the support, and judgements."""
        engine = self._open()
        held = set(engine.quads_for_pattern(None, None, None, node))
        held |= set(engine.quads_for_pattern(None, None, None, ox.NamedNode(node.value + "/evidence")))
        for line in engine.quads_for_pattern(None, _SOURCE, node, self._identity):
            lines = set(engine.quads_for_pattern(line.subject, None, None, self._identity))
            if any(other.predicate == _SOURCE and other.object != node for other in lines):
                # A judgement that another document supports as well loses only what points into this one.
                lines = {other for other in lines if other.object == node or _value(other.object).startswith(node.value + "#")}
            held |= lines
        return held

    def _commit(self, engine: ox.Store, removed: set[ox.Quad], added: set[ox.Quad]) -> None:
        try:
            commit(engine, {self._run, self._reference}, removed, added)
        except (OSError, RuntimeError) as error:
            raise StoreError(f"cannot write to the store in {self._folder}: {error}") from error

    def _uses(self, digest: str) -> bool:
        return next(self._open().quads_for_pattern(None, _SHA256, ox.Literal(digest), self._catalogue), None) is not None

    def _done(self) -> None:
        self._unflushed += 1
        if self._unflushed >= self._batch_size:
            self._flush()

    def _flush(self) -> None:
        """Bring the transactions to disk, then drop the texts that no document points into any more."""
        if self._unflushed and self._engine is not None:
            try:
                self._engine.flush()
            except (OSError, RuntimeError) as error:
                raise StoreError(f"cannot write to the store in {self._folder}: {error}") from error
            for digest in sorted(self._stale_texts):
                if not self._uses(digest):
                    self.texts.drop(digest)
        self._unflushed = 0
        self._stale_texts = set()


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return "" if isinstance(term, ox.Triple) else term.value


def _digests(quads: set[ox.Quad]) -> set[str]:
    return {_value(quad.object) for quad in quads if quad.predicate == _SHA256}
