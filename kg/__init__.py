"""The public verbs and nouns of Conjugate: filings in, a knowledge graph in which every fact keeps its sentence out."""

from __future__ import annotations

from kg.build import Summary, trace
from kg.coverage import Construction, Coverage, Passage, coverage
from kg.errors import ExportError, KgError, OntologyError, QueryError, ReadError, RuleError, ServeError, StoreError
from kg.graph import Graph, build
from kg.model import Document, Issue, Source, Span, Trace
from kg.remote import Pushed, pull
from kg.store import Answer
from kg.why import Quote, Reason

__version__ = "0.1.0"

open = Graph.open

__all__ = [
    "Answer",
    "Construction",
    "Coverage",
    "Document",
    "ExportError",
    "Graph",
    "Issue",
    "KgError",
    "OntologyError",
    "Passage",
    "Pushed",
    "QueryError",
    "Quote",
    "ReadError",
    "Reason",
    "RuleError",
    "ServeError",
    "Source",
    "Span",
    "StoreError",
    "Summary",
    "Trace",
    "build",
    "coverage",
    "open",
    "pull",
    "trace",
]
