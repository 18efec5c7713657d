"""Quads in, answers out: the embedded store, the guard in front of its query engine, and its view for rdflib."""

from __future__ import annotations

from kg.store.records import Record
from kg.store.sparql import PREFIXES, Answer, QueryDataset, Term
from kg.store.store import BASE, Store, StoredDocument

__all__ = ["BASE", "PREFIXES", "Answer", "QueryDataset", "Record", "Store", "StoredDocument", "Term"]
