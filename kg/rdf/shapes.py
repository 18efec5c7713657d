"""Quads in, what breaks the ontology's shapes out, as Issues that say in plain words what to mend.

Each document's graph is checked by itself: a Milestone that one document expects and another one reports has one factuality in each.
"""

from __future__ import annotations

import contextlib
import functools
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.assets import asset_dir
from kg.model import Issue
from kg.rdf.vocab import KG, NAMESPACE, RDF, SHACL, XSD

if TYPE_CHECKING:  # at run time where they are used: the two take half a second to import, which no other verb needs
    from rdflib import Graph
    from rdflib.term import IdentifiedNode, Literal, Node

_SHOWN = 80  # characters of a value that a line of the terminal can spare
_VIOLATION = SHACL + "Violation"


@dataclass(frozen=True, slots=True)
class Report:
    """What checking a whole store gave.

    conforms is None where nothing was checked, which is not the same as True; checked counts the graphs. Warnings are among the issues
    and leave conforms as it is.
    """

    conforms: bool | None
    issues: tuple[Issue, ...]
    checked: int


def validate(quads: Iterable[ox.Quad]) -> list[Issue]:
    """Check the domain graph of each document among the quads; an empty list means that all conform.

    The evidence, catalogue and identity graphs, and warnings, are left to `validate_all`.
    """
    graphs = _by_graph(quads)
    names = _file_names(graphs)
    return [
        issue
        for name, inside in sorted(graphs.items())
        if _kind(name) == "document"
        for issue, severity in _check(names.get(name, name), inside)
        if severity == _VIOLATION
    ]


def validate_all(quads: Iterable[ox.Quad]) -> Report:
    """Check every graph of a store, each by itself: documents, their evidence, the catalogue, the judgements of identity."""
    graphs = _by_graph(quads)
    names = _file_names(graphs)
    found: list[tuple[Issue, str]] = []
    checked = 0
    for name, inside in sorted(graphs.items()):
        if _kind(name) == "other":
            continue
        found += _check(names.get(name.removesuffix("/evidence"), name), inside)
        checked += 1
    conforms = all(severity != _VIOLATION for _, severity in found) if checked else None
    return Report(conforms, tuple(issue for issue, _ in found), checked)


def _by_graph(quads: Iterable[ox.Quad]) -> dict[str, list[ox.Quad]]:
    """Sort quads into their named graphs; what stands in none is no part of a store."""
    graphs: defaultdict[str, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs[quad.graph_name.value].append(quad)
    return dict(graphs)


def _kind(name: str) -> str:
    """Tell what a graph holds by its name. Background knowledge and the run record are "other": the shapes do not speak of them."""
    if name.endswith("/evidence"):
        return "evidence"
    _, is_shared, last = name.rpartition("/graph/")
    if not is_shared:
        return "document"
    return last if last in {"catalogue", "identity"} else "other"


def _file_names(graphs: dict[str, list[ox.Quad]]) -> dict[str, str]:
    """Look up what file each document was read from."""
    return {
        quad.subject.value: quad.object.value
        for name, inside in graphs.items()
        if _kind(name) == "catalogue"
        for quad in inside
        if quad.predicate == KG.fileName and isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
    }


def _check(where: str, quads: list[ox.Quad]) -> list[tuple[Issue, str]]:
    """Check one graph; each finding comes with its severity, sorted."""
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError
    from rdflib import Graph, URIRef

    with _quietly():
        try:
            # in place, as a copy of the data for inference that does not happen took a fifth of the time
            _, results, _ = pyshacl.validate(
                to_rdflib(quads), shacl_graph=_shapes(), inference="none", advanced=False, inplace=True, meta_shacl=False
            )
        except (ArithmeticError, TypeError, ReportableRuntimeError) as error:
            # pyshacl stops at "NaN"^^xsd:decimal, at a blank node for an amount and at some dates that no calendar knows, and tells no more
            problem = f"a number or date cannot be compared, and nothing else was checked: mend what is NaN, ill-formed or a node ({error})"
            return [(Issue("validate", where, problem), _VIOLATION)]
    if not isinstance(results, Graph):
        raise TypeError(f"pyshacl failed on {where}: {results!r}")  # a fault of our shapes, not of the data
    found = set()
    for node in results.subjects(URIRef(RDF + "type"), URIRef(SHACL + "ValidationResult")):
        severity = str(results.value(node, URIRef(SHACL + "resultSeverity")))
        found.add((Issue("validate", where, _problem(results, node)), severity))
    return sorted(found, key=lambda pair: (pair[0].problem, pair[1]))


def _problem(results: Graph, node: Node) -> str:
    """Say one finding: the node, what it must be, and the value that is at fault where there is one."""
    from rdflib import URIRef

    focus = results.value(node, URIRef(SHACL + "focusNode"))
    value = results.value(node, URIRef(SHACL + "value"))
    message = str(results.value(node, URIRef(SHACL + "resultMessage")))
    found = "" if value is None or value == focus else f" (found {_shown(value)})"
    return f"{_shown(focus)}: {message}{found}"


def _shown(term: Node | None) -> str:
    """Shorten a term for a line of text."""
    from rdflib import Literal

    words = str(term)
    if not isinstance(term, Literal):
        return "kg:" + words.removeprefix(NAMESPACE) if words.startswith(NAMESPACE) else words
    return repr(words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…")


def to_rdflib(quads: list[ox.Quad]) -> Graph:
    """Copy quads of one graph into an rdflib one, where a string has no datatype: `"a"` and `"a"^^xsd:string` are two terms there."""
    from rdflib import Graph, URIRef

    graph = Graph()
    for quad in quads:
        graph.add((_node(quad.subject), URIRef(quad.predicate.value), _term(quad.object)))
    return graph


def _node(term: ox.NamedNode | ox.BlankNode | ox.Triple) -> IdentifiedNode:
    from rdflib import BNode, URIRef

    if isinstance(term, ox.Triple):
        raise TypeError(f"the graph is RDF 1.1, which has no triple terms: {term}")
    return URIRef(term.value) if isinstance(term, ox.NamedNode) else BNode(term.value)


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> IdentifiedNode | Literal:
    from rdflib import Literal, URIRef

    if not isinstance(term, ox.Literal):
        return _node(term)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    # as written: rdflib would mend "07" and then find nothing wrong with it
    return Literal(term.value, datatype=None if datatype == XSD + "string" else URIRef(datatype), normalize=False)


@functools.cache
def _shapes() -> Graph:
    """Load the shapes, once for each process: parsing takes as long as checking a document."""
    from rdflib import Graph

    return Graph().parse(asset_dir("ontology") / "shapes.ttl", format="turtle")


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep rdflib from logging a traceback for a literal such as "2007-02-30"^^xsd:date, which becomes an Issue here."""
    logger = logging.getLogger("rdflib.term")
    was = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = was
