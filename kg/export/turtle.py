"""Sorted quads in, Turtle and TriG out: prefixes, a block for each subject, types first.

Written here and not by the engine, whose prefixes escape every slash, # and comma of a document's IRIs, and whose layout may change with
its version where the same graph must give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import BinaryIO

import pyoxigraph as ox

from kg.export.names import EXPORT_PREFIXES, short_name
from kg.model import Issue
from kg.store import PREFIXES

_TYPE = PREFIXES["rdf"] + "type"
_BOOLEAN, _INTEGER, _STRING = (PREFIXES["xsd"] + name for name in ("boolean", "integer", "string"))
_INTEGER_FORM = re.compile(r"[+-]?[0-9]+")

Triple = tuple[str, str, str]


def write_turtle(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write all graphs as one; quads sorted as lines."""
    _write_prefixes(out)
    _write_blocks(quads, "", out)
    return []


def write_trig(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write the graphs one after the other; quads sorted by graph."""
    _write_prefixes(out)
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        if isinstance(graph, ox.DefaultGraph):
            _write_blocks(members, "", out)
            continue
        out.write(f"\n{_term(graph)} {{".encode())
        _write_blocks(members, "    ", out)
        out.write(b"}\n")
    return []


def _write_prefixes(out: BinaryIO) -> None:
    for prefix, namespace in EXPORT_PREFIXES.items():
        out.write(f"@prefix {prefix}: <{namespace}> .\n".encode())


def _write_blocks(quads: Iterable[ox.Quad], indent: str, out: BinaryIO) -> None:
    for _, members in groupby(quads, key=lambda quad: quad.subject):
        of_subject = sorted({_triple(quad) for quad in members})
        properties = []
        for predicate, of_predicate in groupby(of_subject, key=lambda triple: triple[1]):
            objects = f" ,\n{indent}        ".join(triple[2] for triple in of_predicate)
            properties.append(f"{predicate.lstrip()} {objects}")
        text = f" ;\n{indent}    ".join(properties)
        out.write(f"\n{indent}{of_subject[0][0]} {text} .\n".encode())


def _triple(quad: ox.Quad) -> Triple:
    """Write the terms; a leading blank sorts the type before all other predicates."""
    predicate = " a" if quad.predicate.value == _TYPE else _term(quad.predicate)
    return _term(quad.subject), predicate, _term(quad.object)


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph) -> str:
    if isinstance(term, ox.NamedNode):
        return short_name(term.value) or str(term)
    if isinstance(term, ox.Triple):
        return f"<<( {_term(term.subject)} {_term(term.predicate)} {_term(term.object)} )>>"
    if not isinstance(term, ox.Literal) or term.language is not None:
        return str(term)
    datatype = term.datatype.value
    if datatype == _STRING:
        return str(term)
    if (datatype == _BOOLEAN and term.value in {"true", "false"}) or (datatype == _INTEGER and _INTEGER_FORM.fullmatch(term.value)):
        return term.value
    return f"{ox.Literal(term.value)}^^{_term(term.datatype)}"
