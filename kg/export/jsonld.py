"""Sorted quads in, JSON-LD 1.1 out: one named graph after the other, short names by a context that the file carries itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import groupby
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import ExportError
from kg.export.names import EXPORT_PREFIXES, short_name
from kg.model import Issue
from kg.store import PREFIXES

_TYPE = PREFIXES["rdf"] + "type"
_XSD = PREFIXES["xsd"]
# What these properties hold is plain text in JSON, read back with its datatype.
_DATATYPES = {
    **dict.fromkeys(("kg:amount", "kg:minAmount", "kg:maxAmount"), "xsd:decimal"),
    **dict.fromkeys(("kg:announcedOn", "kg:earliestDate", "kg:latestDate"), "xsd:date"),
}
CONTEXT: dict[str, object] = {
    "@version": 1.1,
    **EXPORT_PREFIXES,
    **{name: {"@id": name, "@type": datatype} for name, datatype in sorted(_DATATYPES.items())},
}
# JSON readers keep whole numbers exact up to 2**53, so longer ones, and forms such as "007", stay strings with a datatype.
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}")


def write_jsonld(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write one object: the context, and a list of the graphs with their nodes.

    Raises ExportError for an IRI that a JSON-LD reader would take for a short name.
    """
    out.write(f'{{\n"@context": {_dump(CONTEXT)},\n"@graph": ['.encode())
    separator = "\n"
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        nodes = [_node(subject, of_subject) for subject, of_subject in groupby(members, key=lambda quad: quad.subject)]
        if isinstance(graph, ox.DefaultGraph):
            whole: list[object] = list(nodes)
        else:
            whole = [{"@id": _iri(graph), "@graph": nodes}]
        for item in whole:
            out.write(f"{separator}{_dump(item)}".encode())
            separator = ",\n"
    out.write(b"\n]\n}\n")
    return []


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _node(subject: ox.NamedNode | ox.BlankNode | ox.Triple, quads: Iterable[ox.Quad]) -> dict[str, object]:
    types: list[object] = []
    properties: dict[str, object] = {}
    for predicate, of_predicate in groupby(quads, key=lambda quad: quad.predicate):
        name = _iri(predicate)
        values = [quad.object for quad in of_predicate]
        if predicate.value == _TYPE and all(isinstance(value, ox.NamedNode) for value in values):
            types = [_iri(value) for value in values]
        else:
            written = [_value(value, _DATATYPES.get(name)) for value in values]
            properties[name] = written[0] if len(written) == 1 else written
    return {"@id": _iri(subject), **({"@type": types[0] if len(types) == 1 else types} if types else {}), **properties}


def _iri(term: object) -> str:
    """Shorten an IRI; in JSON-LD an absolute IRI whose scheme is a prefix of the context would be read as a short name."""
    if isinstance(term, ox.BlankNode):
        return str(term)
    if not isinstance(term, ox.NamedNode):
        raise ExportError(f"JSON-LD cannot hold {term}")
    scheme, _, rest = term.value.partition(":")
    if scheme in EXPORT_PREFIXES and not rest.startswith("//"):
        raise ExportError(f"JSON-LD cannot hold {term}: {scheme}: is a prefix of its context")
    return short_name(term.value) or term.value


def _value(term: object, coerced: str | None) -> object:
    if not isinstance(term, ox.Literal):
        return {"@id": _iri(term)}
    if term.language is not None:
        return {"@value": term.value, "@language": term.language}
    datatype = term.datatype.value
    if datatype == _XSD + "string":
        return term.value if coerced is None else {"@value": term.value}
    if coerced is not None and short_name(datatype) == coerced:
        return term.value
    if coerced is None and datatype == _XSD + "boolean" and term.value in {"true", "false"}:
        return term.value == "true"
    if coerced is None and datatype == _XSD + "integer" and _NUMBER.fullmatch(term.value):
        return int(term.value)
    return {"@value": term.value, "@type": _iri(term.datatype)}
