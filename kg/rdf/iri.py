"""Keys in, IRIs out: the names of things, documents, graphs, evidences and statements under one base."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Final

import pyoxigraph as ox

from kg.errors import OntologyError
from kg.key import key_hash, slug
from kg.rdf.vocab import NAMESPACE

__all__ = ["BASE", "check_base", "evidence", "evidence_graph", "judgement", "key_hash", "slug", "statement", "thing"]

BASE: Final = "https://w3id.org/conjugate/id/"
_SPLITTING = re.compile(r"[?#]")  # a key with one would name a place in a thing, as "#char=3,9" names one in a document


def check_base(base: str) -> str:
    """Check the base under which things are named; it must be an absolute http(s) IRI that ends in "/".

    One that ends in "#" leaves no fragment for the places in a document. Raises OntologyError for any other.
    """
    if not re.fullmatch(r"https?://[^/?#\s]+/(?:[^?#\s]*/)?", base) or base.startswith(NAMESPACE.rstrip("#")) or not _is_iri(base):
        raise OntologyError(f"{base!r} cannot be the base of things: give an absolute http(s) IRI of your own that ends in '/'")
    return base


def thing(base: str, key: str) -> ox.NamedNode:
    """Name a thing, an event, a document or a graph by its key. Raises OntologyError for a key that an IRI cannot hold.

    >>> thing(BASE, "company/immunogen").value
    'https://w3id.org/conjugate/id/company/immunogen'
    """
    if not key or _SPLITTING.search(key) or not _is_iri(base + key):
        raise OntologyError(f"{key!r} cannot be a part of an IRI: make it with kg.key.slug")
    return ox.NamedNode(base + key)


def _is_iri(value: str) -> bool:
    """Answer whether the engine takes it as an absolute IRI; a lone surrogate, too, is no part of one."""
    try:
        ox.NamedNode(value)
    except ValueError:
        return False
    return True


def evidence_graph(document: ox.NamedNode) -> ox.NamedNode:
    """Name the graph that holds what supports a document's triples."""
    return ox.NamedNode(document.value + "/evidence")


def evidence(document: ox.NamedNode, start: int, end: int) -> ox.NamedNode:
    """Name a stretch of a document's text, in Unicode code points, half open."""
    return ox.NamedNode(f"{document.value}#char={start},{end}")


def statement(base: str, subject: str, predicate: str, obj: str, document: str) -> ox.NamedNode:
    """Name the support of one triple in one document.

    obj is the term as N-Triples writes it, so that an IRI, a string that reads like it and a number have names of their own.
    """
    return ox.NamedNode(base + "statement/" + _digest(subject, predicate, obj, document))


def filing(base: str, accession_number: str) -> ox.NamedNode:
    """Name a submission to the regulator by its accession number, which is digits and hyphens. Raises OntologyError for anything else."""
    if not re.fullmatch(r"[0-9-]{1,40}", accession_number):
        raise OntologyError(f"{accession_number!r} is no accession number")
    return thing(base, f"filing/{accession_number}")


def filer(submission: ox.NamedNode, name: str, cik: str | None) -> ox.NamedNode:
    """Name a party of a submission: by its CIK, or where there is none by a digest of its name."""
    return ox.NamedNode(f"{submission.value}/filer/{cik or _digest(name)}")


def judgement(base: str, *fields: str) -> ox.NamedNode:
    """Name a judgement of identity, made in one document."""
    return ox.NamedNode(base + "judgement/" + _digest(*fields))


def _digest(*fields: str) -> str:
    """Take the first 20 hex digits of the SHA-256 of a JSON array: 80 bits, so that a billion statements share none."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]
