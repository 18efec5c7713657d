"""A store's folder in, a graph that can be asked, explained, drawn and exported out: the Python API."""

from __future__ import annotations

import datetime as dt
import difflib
import html
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import networkx as nx
from pyoxigraph import NamedNode
from rdflib import Dataset

from kg.ask import ask, question_called
from kg.build import Summary
from kg.build import build as build_store
from kg.card import Card, card
from kg.conflicts import Conflict, conflicts
from kg.errors import QueryError, StoreError
from kg.export import Selection, export
from kg.identity import Judged, judged
from kg.model import Issue
from kg.plot import plot
from kg.rdf.shapes import Report, validate_all
from kg.rdf.vocab import klass
from kg.remote import Pushed, push
from kg.store import Answer, Store, StoredDocument
from kg.verify import Progress, Verified, verify
from kg.view.network import page, show, to_networkx
from kg.why import Reason, support, why

_DEFAULT = "kg-store"
_CLASSES = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE { ?thing a ?class } GROUP BY ?class"

_PROVENANCE = frozenset({"Statement", "Evidence", "SpecificResource", "EdgarSubmission", "Filer"})


def store_path(given: str | Path | None = None) -> Path:
    """Decide which store is meant: the one given, else that of the variable KG_STORE, else ./kg-store."""
    return Path(given or os.environ.get("KG_STORE") or _DEFAULT).expanduser()


@dataclass(frozen=True, slots=True)
class Network:
    """A page of the network that a notebook displays in a frame of its own, where it can reach neither the notebook nor a network."""

    page: str

    def _repr_html_(self) -> str:
        # Without allow-same-origin the page's script is a stranger to the notebook.
        return (
            f'<iframe sandbox="allow-scripts allow-downloads" title="Deal network" style="width:100%;height:640px;border:0" '
            f'srcdoc="{html.escape(self.page)}"></iframe>'
        )


class Graph:
    """An open store with the program's verbs. Use it as a context manager, or close it."""

    def __init__(self, store: Store, path: Path | None = None, built: Summary | None = None) -> None:
        """Wrap an open store; path is its folder, None for one in memory, and built what a build that just ran did."""
        self.store = store
        self.path = path
        self.built = built

    @classmethod
    def open(cls, store: str | Path | None = None) -> Graph:
        """Open a store for reading; without a name that of KG_STORE, else ./kg-store.

        What is built meanwhile shows when the graph is opened again. Raises StoreError where there is no store.
        """
        path = store_path(store)
        return cls(Store.open(path, read_only=True), path)

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the store free."""
        self.store.close()

    def documents(self) -> list[StoredDocument]:
        """List the documents that the graph was read from."""
        return self.store.documents()

    def ask(self, question: str, /, *, evidence: bool = False, **parameters: object) -> Answer:
        """Ask a question of the library, with evidence a row for each sentence; raises QueryError as `kg.ask.ask` does."""
        return ask(self.store, question, evidence=evidence, **parameters)

    def support(self, question: str, answer: Answer) -> list[Reason]:
        """List the statements behind the rows of a question's answer."""
        return support(self.store, question_called(question), answer)

    def sparql(self, query: str) -> Answer:
        """Ask in SPARQL 1.1, over the union of all documents; raises QueryError for a wrong query and for an update."""
        return self.store.query(query)

    def why(self, subject: str, predicate: str | None = None, object: str | None = None) -> list[Reason]:
        """List what supports the statements about a thing: see `kg.why.why`."""
        return why(self.store, subject, predicate, object)

    def card(self, name: str, *, as_of: str | dt.date | None = None) -> Card:
        """Put a thing on one page: names, facts, partners, deals, ledger, timeline: see `kg.card.card`."""
        return card(self.store, name, as_of)

    def plot(self, kind: str, out: str | Path, *, of: str | None = None, as_of: str | dt.date | None = None) -> Path:
        """Draw a timeline, a ledger, payloads or deals as SVG or PNG, and give the file's path: see `kg.plot.plot`."""
        return plot(self.store, kind, Path(out), of, as_of)

    def identity(self, name: str | None = None) -> list[Judged]:
        """List what was joined and what was left apart, with a name only what was judged on it: see `kg.identity.judged`."""
        return judged(self.store, name)

    def show(self, out: str | Path = "graph.html", *, focus: str | None = None, hops: int = 1) -> Path:
        """Draw the network, or what lies within some hops of a thing, as one HTML file, and give its path."""
        return show(self.store, Path(out), focus, hops)

    def export(
        self,
        format: str,
        out: str | Path | BinaryIO | None = None,
        *,
        documents: Iterable[str] = (),
        classes: Iterable[str] = (),
        question: str | None = None,
        parameters: Mapping[str, object] | None = None,
        construct: str | None = None,
        rdf12: bool = False,
        describe: bool = False,
        licence: str | None = None,
    ) -> tuple[Issue, ...]:
        """Write the graph in one of the formats of `kg.export.FORMATS`, sorted, to a file, a folder, a stream or standard output.

        Without a selection everything is written; else documents (by name, key or IRI), the things of classes, what a question of the
        library answers with (asked with `parameters`), and the triples of a CONSTRUCT; what is selected comes with its sentences.
        rdf12 writes statements as reifiers; describe writes a VoID description beside the file, with the licence (an IRI) if one is given.

        Returns an Issue for each value that the format cannot hold as it is. Raises ExportError; no partial file is left behind.
        """
        chosen, of = self._selection(tuple(documents), tuple(classes), question, parameters or {}, construct)
        return export(self.store, format, out, selection=chosen, is_rdf12=rdf12, is_described=describe, licence=licence, of=of)

    def _selection(
        self,
        documents: Sequence[str],
        classes: Sequence[str],
        question: str | None,
        parameters: Mapping[str, Any],
        construct: str | None,
    ) -> tuple[Selection, str]:
        """Find what was named, and say in words what is selected."""
        said = []
        iris = [found.iri for name in documents for found in self.documents_called(name)]
        if documents:
            said.append(f"documents {', '.join(documents)}")
        for name in classes:
            klass(name)  # raises for one that the ontology lacks
        if classes:
            said.append(f"things of {', '.join(classes)}")
        things = triples = None
        if question is not None:
            rows = self.ask(question, **parameters).rows
            nodes = (term.value for row in rows for term in row if isinstance(term, NamedNode))
            things = tuple(dict.fromkeys(iri for iri in nodes if iri.startswith(self.store.base)))
            said.append(" ".join(["what answers", question, *(f"{name}={value}" for name, value in parameters.items())]))
        if construct is not None:
            answer = self.sparql(construct)
            if answer.triples is None:
                raise QueryError("an export takes the triples of a CONSTRUCT or DESCRIBE; this query gives none")
            triples = tuple(answer.triples)
            said.append("the triples of a CONSTRUCT")
        return Selection(tuple(iris), tuple(classes), things, triples), f"Of the store: {'; '.join(said)}." if said else "All of the store."

    def push(self, url: str, *, reference: bool = False, progress: Progress | None = None) -> Pushed:
        """Make a triple store behind HTTP hold this graph's named graphs; only what changed is sent: see `kg.remote.push`."""
        return push(self.store, url, reference=reference, progress=progress)

    def validate(self) -> Report:
        """Check every graph of the store against the ontology's shapes; the report's `conforms` is None where there is nothing to check."""
        return validate_all(self.store.quads())

    def verify(self, *, shapes: bool = True, progress: Progress | None = None) -> Verified:
        """Check everything that the store holds, quotes against texts and triples against sentences: see `kg.verify.verify`."""
        return verify(self.store, shapes=shapes, progress=progress)

    def conflicts(self) -> list[Conflict]:
        """List the facts on which documents disagree: see `kg.conflicts.conflicts`."""
        return conflicts(self.store)

    def documents_called(self, name: str) -> list[StoredDocument]:
        """Find documents by file name, key or IRI; raises QueryError with the nearest names, or the candidates where there are several."""
        found = [d for d in self.documents() if name in (d.file_name, d.iri, d.iri.removeprefix(self.store.base))]
        if len(found) == 1:
            return found
        if found:
            keys = ", ".join(d.iri.removeprefix(self.store.base) for d in found)
            raise QueryError(f"{len(found)} documents come from files called {name}: say which, {keys}")
        near = difflib.get_close_matches(name, [d.file_name for d in self.documents()], n=3, cutoff=0.5)
        raise QueryError(f"the store has no document {name}{'; did you mean ' + ', '.join(near) + '?' if near else ''}")

    def to_rdflib(self) -> Dataset:
        """Make a read-only rdflib Dataset over this same store."""
        return self.store.to_rdflib()

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Make a networkx graph of the things and events, with facts and sentences as attributes."""
        return to_networkx(self.store)

    def _counts(self) -> Mapping[str, int]:
        """Count the things and events of each class."""
        counts: Counter[str] = Counter()
        for kind, number in self.store.query(_CLASSES).rows:
            if kind is not None and number is not None:
                counts[kind.value.rpartition("#")[2]] += int(number.value)
        return {name: number for name, number in sorted(counts.items()) if name not in _PROVENANCE}

    def network(self, focus: str | None = None, *, hops: int = 1) -> Network:
        """Draw the network, or what lies within some hops of a thing, for a notebook to display; `show` writes it to a file."""
        return Network(page(self.store, focus, hops))

    def _repr_html_(self) -> str:
        """Show the graph in a notebook: how many things it holds of each class, and the network of the most connected."""
        caption = html.escape(repr(self))
        try:
            counts = self._counts()
        except StoreError:
            return f"<p>{caption}</p>"
        rows = "".join(f"<tr><td>{html.escape(name)}</td><td>{number:,}</td></tr>" for name, number in counts.items())
        return f"<table><caption>{caption}</caption>{rows}</table>{self.network()._repr_html_() if counts else ''}"

    def __repr__(self) -> str:
        try:
            size = f"{len(self.documents())} documents"
        except StoreError:
            size = "closed"
        return f"<kg.Graph {self.path or 'in memory'}: {size}>"


def build(paths: Iterable[str | Path] | str | Path, store: str | Path | None = None, *, workers: int | None = None) -> Graph:
    """Read files, folders and globs into a store, without a name that of KG_STORE, else ./kg-store, and open it as a graph.

    The summary of what was read, with its Issues, is the graph's `built`. More than a few files are read by as many
    `workers` (processes) as there are processors, unless a number is given; they show in no byte. Errors as in `kg.build.build`.
    """
    path = store_path(store)
    built = build_store(paths, path, workers=workers)
    return Graph(Store.open(path, read_only=True), path, built)
