"""An answer in, its rows on the terminal out: as a table, as Markdown, as plain records, or in the W3C's formats."""

from __future__ import annotations

import json
import re

import pyoxigraph as ox

from kg.cli import terminal
from kg.errors import QueryError
from kg.export import RESULT_FORMATS, serialise
from kg.store import BASE, PREFIXES, Answer, Term

_XSD = PREFIXES["xsd"]
_NUMBERS = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float"))

ASK_FORMATS = ("table", "csv", "json", "md")
SPARQL_FORMATS = ("table", *RESULT_FORMATS)


def print_ask(answer: Answer, format: str) -> None:
    """Print the answer to a question of the library; json is a list of records. Raises QueryError for an unknown format."""
    _require(format, ASK_FORMATS)
    if format == "table":
        _table(answer)
    elif format == "csv":
        terminal.write(serialise(answer, "csv").decode())
    else:
        terminal.write(as_records(answer) if format == "json" else as_markdown(answer))


def print_sparql(answer: Answer, format: str | None) -> None:
    """Print the answer to a query; without a format rows as a table and triples as Turtle.

    Raises QueryError for an unknown format and for one that cannot hold this kind of answer.
    """
    chosen = format or ("table" if answer.triples is None else "turtle")
    _require(chosen, SPARQL_FORMATS)
    if chosen == "table":
        _table(answer)
    else:
        terminal.write(serialise(answer, chosen).decode())


def cell(term: Term | ox.Triple | None) -> str:
    """Say a term for people: a value as it is, an IRI by its prefix or, of the base, by its key.

    >>> cell(ox.NamedNode(PREFIXES["kg"] + "Milestone")), cell(ox.Literal(5)), cell(None)
    ('kg:Milestone', '5', '')
    """
    if term is None:
        return ""
    if isinstance(term, ox.Triple):
        return str(term)
    if isinstance(term, ox.NamedNode):
        if term.value.startswith(BASE):
            return term.value.removeprefix(BASE)
        for prefix, namespace in PREFIXES.items():
            if term.value.startswith(namespace):
                return f"{prefix}:{term.value.removeprefix(namespace)}"
    return term.value


def as_records(answer: Answer) -> str:
    """Write rows as a JSON list of objects, numbers and booleans as such; an unbound variable has no key."""
    rows = [{name: _plain(term) for name, term in zip(answer.columns, row, strict=True) if term is not None} for row in answer.rows]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def as_markdown(answer: Answer) -> str:
    """Write rows as a Markdown table in which no value can start a cell, a tag or a link of its own."""
    lines = [list(answer.columns), ["---"] * len(answer.columns)]
    lines += [[re.sub(r"([\\|<>\[\]`*_])", r"\\\1", terminal.visible(cell(term))) for term in row] for row in answer.rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _require(format: str, formats: tuple[str, ...]) -> None:
    if format not in formats:
        raise QueryError(f"there is no format {format!r}: choose one of {', '.join(formats)}")


def _table(answer: Answer) -> None:
    if answer.boolean is not None:
        terminal.say("yes" if answer.boolean else "no")
        return
    if answer.triples is not None:
        columns: tuple[str, ...] = ("subject", "predicate", "object")
        rows = [[cell(t.subject), cell(t.predicate), cell(t.object)] for t in answer.triples]
    else:
        columns, rows = answer.columns, [[cell(term) for term in row] for row in answer.rows]
    terminal.table(columns, rows)
    if not rows:
        terminal.note("no rows")


def _plain(term: Term) -> str | int | float | bool:
    """Give a value as JSON has it; a number that a float would round stays text."""
    if isinstance(term, ox.Literal):
        if term.datatype.value == _XSD + "boolean":
            return term.value in {"true", "1"}
        if term.datatype.value in _NUMBERS and re.fullmatch(r"-?\d{1,15}", term.value):
            return int(term.value)
        if term.datatype.value in _NUMBERS and re.fullmatch(r"-?\d{1,12}\.\d{1,3}", term.value):
            return float(term.value)
    return term.value
