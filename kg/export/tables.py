"""Things in, folders of CSV files out: a table for each class for spreadsheets and data frames, or nodes and relationships for Neo4j."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.export.things import Thing, short, things
from kg.model import Issue

_JOIN = "; "  # between the values of a cell
NEO4J_JOIN = "\x1f"  # the unit separator, which no name holds: neo4j-admin is told so with --array-delimiter=U+001F
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = re.compile(r"^[\s\x00]*[=+\-@\t\r|%]")
_NAMING = ("label", "altLabel", "brandName", "codeName", "innName")
# A column whose every value is so written has that type.
_NEO4J_TYPES = {"double": re.compile(r"-?\d+(\.\d+)?"), "date": re.compile(r"\d{4}-\d\d-\d\d"), "boolean": re.compile(r"true|false")}


def write_tables(quads: Iterable[ox.Quad], folder: Path) -> list[Issue]:
    """Write CLASS.csv for each class: the thing's key, its label, and a column for each property; UTF-8 with its mark.

    A thing stands in the table of each of its classes' narrowest. Several values share a cell; IRIs of things are keys, as in
    `company/genmab`. A text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    with ExitStack() as stack:
        spools: dict[str, IO[str]] = {}
        columns: dict[str, dict[str, None]] = {}
        for thing in things(quads):
            if not thing.classes:
                continue
            if thing.kind not in spools:
                spools[thing.kind] = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
            row = {"key": short(thing.iri), "label": thing.label} | {
                name: _JOIN.join(values) for name, values in _cells(thing).items() if name != "label"
            }
            columns.setdefault(thing.kind, {}).update(dict.fromkeys(row))
            spools[thing.kind].write(json.dumps(row) + "\n")
        for kind, spool in spools.items():
            spool.seek(0)
            names = ["key", "label", *sorted(set(columns[kind]) - {"key", "label"})]
            with (folder / f"{kind}.csv").open("w", encoding="utf-8-sig", newline="") as out:
                writer = csv.DictWriter(out, names, lineterminator="\r\n")
                writer.writeheader()
                writer.writerows({name: defused(cell) for name, cell in json.loads(line).items()} for line in spool)
    return []


def write_neo4j(quads: Iterable[ox.Quad], folder: Path) -> list[Issue]:
    """Write nodes.csv and relationships.csv for `neo4j-admin database import full --array-delimiter=U+001F --multiline-fields=true`.

    Every property but the label is an array, as documents may differ on it. Labels are the classes, types the properties of the ontology.
    """
    columns: dict[str, set[str]] = {}  # to the types that all values so far are of
    known: set[str] = set()
    ends: dict[str, None] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as spool:
        with (folder / "relationships.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([":START_ID", ":END_ID", ":TYPE"])
            for thing in things(quads):
                known.add(thing.iri)
                for name, values in thing.values.items():
                    fitting = columns.setdefault(name, set(_NEO4J_TYPES))
                    fitting.intersection_update({kind for kind in fitting if all(map(_NEO4J_TYPES[kind].fullmatch, values))})
                spool.write(json.dumps([thing.iri, thing.label, thing.classes, thing.values]) + "\n")
                for name, end in thing.links:
                    ends[end] = None
                    writer.writerow([thing.iri, end, name])
        spool.seek(0)
        names = sorted(set(columns) - {"label"})
        with (folder / "nodes.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(["iri:ID", "label", ":LABEL", *(f"{name}:{next(iter(columns[name]), 'string')}[]" for name in names)])
            for line in spool:
                iri, label, classes, values = json.loads(line)
                cells = [NEO4J_JOIN.join(values.get(name, ())) for name in names]
                writer.writerow([iri, label, NEO4J_JOIN.join(classes), *cells])
            for end in ends:  # a relationship may lead to what nothing is told of
                if end not in known:
                    writer.writerow([end, short(end), "", *[""] * len(names)])
    return []


def defused(cell: str) -> str:
    r"""Put an apostrophe before what a spreadsheet would run.

    >>> defused('=HYPERLINK("http://x")'), defused("-7")
    ('\'=HYPERLINK("http://x")', '-7')
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _cells(thing: Thing) -> dict[str, list[str]]:
    """Gather the values and the keys of the links, by property; all names of a thing in one cell as well."""
    cells = {name: list(values) for name, values in thing.values.items()}
    for name, end in thing.links:
        cells.setdefault(name, []).append(short(end))
    names = [value for naming in _NAMING for value in thing.values.get(naming, ())]
    return cells | ({"names": list(dict.fromkeys(names))} if names else {})
