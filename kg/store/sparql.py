"""A SPARQL query and an open engine in, an Answer out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.store.guard import Bindable, parse_query, write_request

PREFIXES: Mapping[str, str] = {
    "dcterms": "http://purl.org/dc/terms/",
    "kg": "https://w3id.org/conjugate/ontology#",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Term = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gives: columns and rows of a SELECT, the boolean of an ASK, or the triples of a CONSTRUCT or DESCRIBE.

    The two that a query does not give are None or empty. Rows of a SELECT without ORDER BY and triples are sorted, so that the same
    graph gives the same bytes.
    """

    columns: tuple[str, ...] = ()
    rows: list[tuple[Term | None, ...]] = field(default_factory=list)
    boolean: bool | None = None
    triples: list[ox.Triple] | None = None


def answer(
    engine: ox.Store,
    sparql: str,
    bindings: Mapping[str, Bindable],
    prefixes: Mapping[str, str] = PREFIXES,
    default: ox.NamedNode | None = None,
) -> Answer:
    """Ask the engine's default graph, the one named by `default`, or those that the query's FROM clauses name.

    Raises QueryError for a query that is refused or wrong, StoreError where the store cannot be read.
    """
    query = parse_query(sparql, prefixes)
    for graph in query.graphs:
        if not engine.contains_named_graph(ox.NamedNode(graph)):
            raise QueryError(f"the store has no graph <{graph}>")
    request = write_request(query, bindings)
    try:
        result = engine.query(request.text, prefixes=dict(prefixes), default_graph=None if query.graphs else default)
        if isinstance(result, ox.QueryBoolean):
            return Answer(boolean=bool(result))
        if isinstance(result, ox.QueryTriples):
            return Answer(triples=sorted(set(result), key=str))
        columns = tuple(variable.value for variable in result.variables)
        rows = [_row(solution) for solution in result]
    except SyntaxError as error:
        raise request.fault(str(error)) from error
    except OSError as error:
        raise StoreError(f"the store cannot be read: {error}") from error
    except (RuntimeError, ValueError) as error:
        if str(error).startswith("Corruption"):  # of the files, which the engine reports as a RuntimeError
            raise StoreError(f"the store is damaged: {error}") from error
        raise QueryError(f"query: {error}") from error
    return Answer(columns, rows if query.is_ordered else sorted(rows, key=_row_order))


def _row(solution: ox.QuerySolution) -> tuple[Term | None, ...]:
    row: list[Term | None] = []
    for term in solution:
        if isinstance(term, ox.Triple):
            raise QueryError("query: triple terms are refused: the graph is RDF 1.1")
        row.append(term)
    return tuple(row)


def _row_order(row: tuple[Term | None, ...]) -> tuple[str, ...]:
    return tuple("" if term is None else str(term) for term in row)
