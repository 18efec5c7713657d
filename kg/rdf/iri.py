"""Keys in, IRIs out: the names of things, documents, graphs, evidences and statements under one base."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Final

import pyoxigraph as ox

from kg.errors import OntologyError

BASE: Final = "https://w3id.org/conjugate/id/"
# RFC 3987: what an IRI may not hold, and what would end or split ours
_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


def check_base(base: str) -> str:
    """Check the base under which things are named; it must be an absolute http(s) IRI that ends in "/" or "#".

    Raises OntologyError for any other.
    """
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`#?]+[/#]", base):
        raise OntologyError(f"{base!r} cannot be the base of things: it must be an absolute http(s) IRI that ends in '/' or '#'")
    return base


def thing(base: str, key: str) -> ox.NamedNode:
    """Name a thing, an event, a document or a graph by its key.

    >>> thing(BASE, "company/immunogen").value
    'https://w3id.org/conjugate/id/company/immunogen'
    """
    if not key or _FORBIDDEN.search(key):
        raise OntologyError(f"{key!r} cannot be a part of an IRI")
    return ox.NamedNode(base + key)


def evidence_graph(document: ox.NamedNode) -> ox.NamedNode:
    """Name the graph that holds what supports a document's triples."""
    return ox.NamedNode(document.value + "/evidence")


def evidence(document: ox.NamedNode, start: int, end: int) -> ox.NamedNode:
    """Name a stretch of a document's text, in Unicode code points, half open."""
    return ox.NamedNode(f"{document.value}#char={start},{end}")


def statement(base: str, subject: str, predicate: str, obj: str, document: str) -> ox.NamedNode:
    """Name the support of one triple in one document: the first 20 hex digits of the SHA-256 of a JSON array of the four terms."""
    text = json.dumps([subject, predicate, obj, document], ensure_ascii=False, separators=(",", ":"))
    return ox.NamedNode(base + "statement/" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20])


def judgement(base: str, *fields: str) -> ox.NamedNode:
    """Name a judgement of identity, made in one document."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return ox.NamedNode(base + "judgement/" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20])
