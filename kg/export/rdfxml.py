"""Sorted quads in, RDF/XML out.

Written here, as the engine's serialiser leaves control characters and carriage returns as they are and orders its namespaces by hash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import ExportError
from kg.export.order import triples
from kg.export.xmltext import escape, has_illegal
from kg.model import Issue
from kg.store import PREFIXES

# A namespace and the longest name after it that XML takes as an element's; ASCII, as names of an ontology are.
_SPLIT = re.compile(r"(.*?)([A-Za-z_][A-Za-z0-9_.-]*)", re.DOTALL)
_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def write_rdfxml(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write all graphs as one, a Description for each subject; quads sorted as lines.

    Returns an Issue for each literal with characters that XML cannot hold, which become U+FFFD. Raises ExportError for a predicate that
    cannot be written as an XML name.
    """
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF')
    for prefix, namespace in sorted(PREFIXES.items()):
        out.write(f'\n    xmlns:{prefix}="{escape(namespace)}"'.encode())
    out.write(b">\n")
    issues = []
    for subject, of_subject in groupby(triples(quads), key=lambda quad: quad.subject):
        out.write(f'  <rdf:Description rdf:about="{escape(_resource(subject))}">\n'.encode())
        for quad in of_subject:
            out.write(f"    {_property(quad)}\n".encode())
            if isinstance(quad.object, ox.Literal) and has_illegal(quad.object.value):
                issues.append(Issue("export", _resource(subject), _problem(quad)))
        out.write(b"  </rdf:Description>\n")
    out.write(b"</rdf:RDF>\n")
    return issues


def _name(quad: ox.Quad) -> tuple[str, str]:
    """Name an element, and declare its namespace on itself where the head of the file does not."""
    match = _SPLIT.fullmatch(quad.predicate.value)
    if match is None or not match[1]:
        raise ExportError(f"RDF/XML cannot name the predicate of {quad}")
    prefix = _BY_NAMESPACE.get(match[1])
    return (f"{prefix}:{match[2]}", "") if prefix else (f"ns1:{match[2]}", f' xmlns:ns1="{escape(match[1])}"')


def _resource(term: object) -> str:
    if not isinstance(term, ox.NamedNode):
        raise ExportError(f"only IRIs and literals are exported, not {term}")
    return term.value


def _property(quad: ox.Quad) -> str:
    name, declared = _name(quad)
    term = quad.object
    if not isinstance(term, ox.Literal):
        return f'<{name}{declared} rdf:resource="{escape(_resource(term))}"/>'
    if term.language is not None:
        kind = f' xml:lang="{term.language}"'
    elif term.datatype.value == PREFIXES["xsd"] + "string":
        kind = ""
    else:
        kind = f' rdf:datatype="{escape(term.datatype.value)}"'
    return f"<{name}{declared}{kind}>{escape(term.value)}</{name}>"


def _problem(quad: ox.Quad) -> str:
    return f"XML cannot hold a control character of the value of {quad.predicate}: written as U+FFFD"
