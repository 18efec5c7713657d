"""A SPARQL query and an open engine in, an Answer out."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from markupsafe import Markup

from kg.errors import QueryError, StoreError
from kg.store.guard import CAREFUL, Bindable, Caps, parse_query, write_request

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

if TYPE_CHECKING:
    from pandas import DataFrame

Term = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True, slots=True)
class QueryDataset:
    """The graphs that a query is put to, as the SPARQL Protocol names them: IRIs of those that make up the default graph, and named ones.

    A default of None is the union of all documents, as without a dataset.
    """

    default: tuple[str, ...] | None = ()
    named: tuple[str, ...] = ()


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

    def records(self) -> list[tuple[Any, ...]]:
        """Give the rows as objects: named tuples with a field for each column, and values of Python's own types (see `python_value`).

        A column whose name Python has taken ("class") is called _ and its place.
        """
        row = namedtuple("Row", self.columns, rename=True)  # type: ignore[misc] # the columns are known only now
        return [row(*(python_value(term) for term in each)) for each in self.rows]

    def to_pandas(self) -> DataFrame:
        """Give the rows as a pandas frame: numbers as numbers, days as datetime64[s], everything else as it is in `records`.

        Raises ImportError, with what to install, where pandas is missing.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError("a frame needs pandas, which is not installed: pip install pandas") from error
        frame = pd.DataFrame(self.records(), columns=list(self.columns), dtype=object)
        for name in frame.columns:
            kinds = {type(value) for value in frame[name] if value is not None}
            if kinds and kinds <= {int, Decimal, float}:
                frame[name] = pd.to_numeric(frame[name].map(lambda value: float(value) if isinstance(value, Decimal) else value))
            elif kinds == {dt.date}:
                frame[name] = frame[name].astype("datetime64[s]")
        return frame

    def _repr_html_(self) -> str:
        """Show the answer in a notebook: as a table, every value escaped."""
        if self.boolean is not None:
            return "yes" if self.boolean else "no"
        columns, rows = self.columns, [[_shown(term) for term in row] for row in self.rows[:_SHOWN]]
        if self.triples is not None:
            columns, rows = (
                ("subject", "predicate", "object"),
                [[str(t.subject), str(t.predicate), str(t.object)] for t in self.triples[:_SHOWN]],
            )
        head = Markup("").join(Markup("<th>{}</th>").format(name) for name in columns)
        body = Markup("").join(
            Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(value) for value in row)) for row in rows
        )
        more = len(self.rows or self.triples or ()) - len(rows)
        table = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)
        return str(table + Markup("<p>and {} more rows</p>").format(f"{more:,}") if more > 0 else table)


_SHOWN = 100  # rows that a notebook shows; all of them are in `rows`
_LONG = 300  # letters of a value that a notebook shows


def python_value(term: Term | None) -> str | int | float | bool | Decimal | dt.date | None:
    """Give a term as a value of Python: int, Decimal, float, bool or date; an IRI and any other literal as text, None as None.

    >>> python_value(ox.Literal("5000000", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))), python_value(ox.Literal(True))
    (Decimal('5000000'), True)
    """
    if not isinstance(term, ox.Literal):
        return None if term is None else term.value
    read = _READ.get(term.datatype.value)
    try:
        return term.value if read is None else read(term.value)
    except (ValueError, ArithmeticError):
        return term.value  # a foreign graph's literal that is not of the type it claims


_READ: Mapping[str, Callable[[str], int | float | bool | Decimal | dt.date]] = {
    PREFIXES["xsd"] + "integer": int,
    PREFIXES["xsd"] + "decimal": Decimal,
    PREFIXES["xsd"] + "double": float,
    PREFIXES["xsd"] + "boolean": lambda text: text in {"true", "1"},
    PREFIXES["xsd"] + "date": dt.date.fromisoformat,
}


def _shown(term: Term | None) -> str:
    """Say a value in a notebook's cell; what turns the writing direction would change what stands beside it."""
    text = "" if term is None else "".join(" " if unicodedata.category(char) in {"Cc", "Cf"} else char for char in term.value)
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def answer(
    engine: ox.Store,
    sparql: str,
    bindings: Mapping[str, Bindable],
    prefixes: Mapping[str, str] = PREFIXES,
    default: ox.NamedNode | None = None,
    dataset: QueryDataset | None = None,
    caps: Caps = CAREFUL,
) -> Answer:
    """Ask the engine's default graph, the one named by `default`, those that the query's FROM clauses name, or a dataset in their place.

    Raises QueryError for a query that is refused or wrong, StoreError where the store cannot be read.
    """
    query = parse_query(sparql, prefixes, caps)
    for graph in query.graphs if dataset is None else (*(dataset.default or ()), *dataset.named):
        try:
            is_there = engine.contains_named_graph(ox.NamedNode(graph))
        except ValueError:
            raise QueryError(f"{graph!r} is not the IRI of a graph") from None
        if not is_there:
            raise QueryError(f"the store has no graph <{graph}>")
    request = write_request(query, bindings)
    try:
        if dataset is not None:
            named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(graph) for graph in dataset.named]
            defaults = default if dataset.default is None else _nodes(dataset.default)
            result = engine.query(request.text, prefixes=dict(prefixes), default_graph=defaults, named_graphs=named)
        else:
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
        if any(token.word == "SERVICE" for token in query.tokens):
            raise QueryError(f"an endpoint that SERVICE names gave no answer: {str(error).partition(chr(10))[0][:200]}") from error
        raise StoreError(f"the store cannot be read: {error}") from error
    except (RuntimeError, ValueError) as error:
        if str(error).startswith("Corruption"):  # of the files, which the engine reports as a RuntimeError
            raise StoreError(f"the store is damaged: {error}") from error
        raise QueryError(f"query: {error}") from error
    return Answer(columns, rows if query.is_ordered else sorted(rows, key=_row_order))


def _nodes(iris: tuple[str, ...]) -> list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]:
    return [ox.NamedNode(iri) for iri in iris]


def _row(solution: ox.QuerySolution) -> tuple[Term | None, ...]:
    row: list[Term | None] = []
    for term in solution:
        if isinstance(term, ox.Triple):
            raise QueryError("query: triple terms are refused: the graph is RDF 1.1")
        row.append(term)
    return tuple(row)


def _row_order(row: tuple[Term | None, ...]) -> tuple[str, ...]:
    return tuple("" if term is None else str(term) for term in row)
