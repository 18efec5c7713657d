"""Sorted quads in, RDF/XML out.

Written here, as the engine's serialiser leaves control characters and carriage returns as they are and orders its namespaces by hash.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import ExportError
from kg.export.xmltext import escape, has_illegal
from kg.model import Issue
from kg.store import PREFIXES

# A namespace and the longest name after it that XML takes as an element's; ASCII, as names of an ontology are.
_SPLIT = re.compile(r"(.*?)([A-Za-z_][A-Za-z0-9_.-]*)", re.DOTALL)


def write_rdfxml(quads: Sequence[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write all graphs as one, a Description for each subject.

    Returns an Issue for each literal with characters that XML cannot hold, which become U+FFFD. Raises ExportError for a predicate that
    cannot be written as an XML name.
    """
    keyed = sorted({(str(quad.subject), str(quad.predicate), str(quad.object)): quad for quad in quads}.items(), key=lambda pair: pair[0])
    triples = [quad for _, quad in keyed]
    names = {quad.predicate.value: _split(quad) for quad in triples}
    prefixes = {namespace: prefix for prefix, namespace in PREFIXES.items()}
    used = sorted({namespace for namespace, _ in names.values()} | {PREFIXES["rdf"]})
    unknown = [namespace for namespace in used if namespace not in prefixes]
    prefixes |= {namespace: f"ns{number}" for number, namespace in enumerate(unknown, 1)}
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF')
    for prefix, namespace in sorted((prefixes[namespace], namespace) for namespace in used):
        out.write(f'\n    xmlns:{prefix}="{escape(namespace)}"'.encode())
    out.write(b">\n")
    issues = []
    for subject, of_subject in groupby(triples, key=lambda quad: quad.subject):
        out.write(f'  <rdf:Description rdf:about="{escape(_resource(subject))}">\n'.encode())
        for quad in of_subject:
            namespace, local = names[quad.predicate.value]
            out.write(f"    {_property(f'{prefixes[namespace]}:{local}', quad.object)}\n".encode())
            if isinstance(quad.object, ox.Literal) and has_illegal(quad.object.value):
                issues.append(Issue("export", subject.value if isinstance(subject, ox.NamedNode) else str(subject), _problem(quad)))
        out.write(b"  </rdf:Description>\n")
    out.write(b"</rdf:RDF>\n")
    return issues


def _split(quad: ox.Quad) -> tuple[str, str]:
    match = _SPLIT.fullmatch(quad.predicate.value)
    if match is None or not match[1]:
        raise ExportError(f"RDF/XML cannot name the predicate of {quad}")
    return match[1], match[2]


def _resource(term: object) -> str:
    if not isinstance(term, ox.NamedNode):
        raise ExportError(f"only IRIs and literals are exported, not {term}")
    return term.value


def _property(name: str, term: object) -> str:
    if not isinstance(term, ox.Literal):
        return f'<{name} rdf:resource="{escape(_resource(term))}"/>'
    if term.language is not None:
        kind = f' xml:lang="{term.language}"'
    elif term.datatype.value == PREFIXES["xsd"] + "string":
        kind = ""
    else:
        kind = f' rdf:datatype="{escape(term.datatype.value)}"'
    return f"<{name}{kind}>{escape(term.value)}</{name}>"


def _problem(quad: ox.Quad) -> str:
    return f"XML cannot hold a control character of the value of {quad.predicate}: written as U+FFFD"
