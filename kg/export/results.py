"""An answer in, its bytes in the W3C's result formats (SELECT, ASK) or as RDF (CONSTRUCT, DESCRIBE) out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import QueryError
from kg.export.lines import write_ntriples
from kg.export.turtle import write_turtle
from kg.export.xmltext import escape
from kg.store import PREFIXES, Answer, Term

_STRING = PREFIXES["xsd"] + "string"
_NAMESPACE = "http://www.w3.org/2005/sparql-results#"


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """A format of answers; `is_rdf` ones hold triples, the others rows or a boolean."""

    name: str
    extension: str
    media_type: str
    is_rdf: bool
    write: Callable[[Answer], bytes]


def serialise(answer: Answer, name: str) -> bytes:
    """Write an answer in a format; raises QueryError for an unknown one and for one that cannot hold this kind of answer."""
    chosen = RESULT_FORMATS.get(name)
    fitting = [each.name for each in RESULT_FORMATS.values() if each.is_rdf == (answer.triples is not None)]
    if chosen is None or name not in fitting:
        raise QueryError(f"this answer cannot be written as {name}: choose one of {', '.join(fitting)}")
    return chosen.write(answer)


def _csv(answer: Answer) -> bytes:
    """Write plain values, CRLF after each line, as SPARQL 1.1 CSV wants it; a boolean, for which it has no form, as true or false."""
    if answer.boolean is not None:
        return f"{_boolean(answer.boolean)}\r\n".encode()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow("" if term is None else str(term) if isinstance(term, ox.BlankNode) else term.value for term in row)
    return out.getvalue().encode()


def _tsv(answer: Answer) -> bytes:
    """Write terms as in Turtle, which escapes tabs and line ends."""
    if answer.boolean is not None:
        return f"{_boolean(answer.boolean)}\n".encode()
    lines = ["\t".join(f"?{column}" for column in answer.columns)]
    lines += ["\t".join("" if term is None else str(term) for term in row) for row in answer.rows]
    return "".join(f"{line}\n" for line in lines).encode()


def _json(answer: Answer) -> bytes:
    if answer.boolean is not None:
        content: dict[str, object] = {"head": {}, "boolean": answer.boolean}
    else:
        bindings = [
            {name: _json_term(term) for name, term in zip(answer.columns, row, strict=True) if term is not None} for row in answer.rows
        ]
        content = {"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _json_term(term: Term) -> dict[str, str]:
    if not isinstance(term, ox.Literal):
        return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}
    written = {"type": "literal", "value": term.value}
    if term.language is not None:
        written["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        written["datatype"] = term.datatype.value
    return written


def _xml(answer: Answer) -> bytes:
    """Write SPARQL results XML; characters that XML cannot hold become U+FFFD."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<sparql xmlns="{_NAMESPACE}">', "  <head>"]
    lines += [f'    <variable name="{column}"/>' for column in answer.columns]
    lines.append("  </head>")
    if answer.boolean is not None:
        lines.append(f"  <boolean>{_boolean(answer.boolean)}</boolean>")
    else:
        lines.append("  <results>")
        for row in answer.rows:
            lines.append("    <result>")
            for name, term in zip(answer.columns, row, strict=True):
                if term is not None:
                    lines.append(f'      <binding name="{name}">{_xml_term(term)}</binding>')
            lines.append("    </result>")
        lines.append("  </results>")
    lines.append("</sparql>")
    return "".join(f"{line}\n" for line in lines).encode()


def _xml_term(term: Term) -> str:
    if not isinstance(term, ox.Literal):
        name = "uri" if isinstance(term, ox.NamedNode) else "bnode"
        return f"<{name}>{escape(term.value)}</{name}>"
    kind = ""
    if term.language is not None:
        kind = f' xml:lang="{term.language}"'
    elif term.datatype.value != _STRING:
        kind = f' datatype="{escape(term.datatype.value)}"'
    return f"<literal{kind}>{escape(term.value)}</literal>"


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _turtle(answer: Answer) -> bytes:
    out = io.BytesIO()
    write_turtle(_quads(answer), out)
    return out.getvalue()


def _ntriples(answer: Answer) -> bytes:
    out = io.BytesIO()
    write_ntriples(_quads(answer), out)
    return out.getvalue()


def _by_engine(form: ox.RdfFormat) -> Callable[[Answer], bytes]:
    def write(answer: Answer) -> bytes:
        triples = sorted(set(answer.triples or ()), key=str)
        return ox.serialize(triples, format=form) or b""  # None is for what was written to a stream

    return write


def _quads(answer: Answer) -> list[ox.Quad]:
    return sorted((ox.Quad(triple.subject, triple.predicate, triple.object) for triple in set(answer.triples or ())), key=str)


RESULT_FORMATS: dict[str, ResultFormat] = {
    chosen.name: chosen
    for chosen in (
        ResultFormat("csv", ".csv", "text/csv", False, _csv),
        ResultFormat("tsv", ".tsv", "text/tab-separated-values", False, _tsv),
        ResultFormat("json", ".srj", "application/sparql-results+json", False, _json),
        ResultFormat("xml", ".srx", "application/sparql-results+xml", False, _xml),
        ResultFormat("turtle", ".ttl", "text/turtle", True, _turtle),
        ResultFormat("ntriples", ".nt", "application/n-triples", True, _ntriples),
        ResultFormat("rdfxml", ".rdf", "application/rdf+xml", True, _by_engine(ox.RdfFormat.RDF_XML)),
        ResultFormat("jsonld", ".jsonld", "application/ld+json", True, _by_engine(ox.RdfFormat.JSON_LD)),
    )
}
