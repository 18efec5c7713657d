"""The tables of background knowledge in, the reference graph and the names that it joins out.

What stands there is no filing's fact: it has a graph of its own, which no query sees that does not ask for it by name. It tells which
names are one (FDA's substances, SEC's registrants, genes), and what a conjugate's nonproprietary name stands for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.assets import asset_dir
from kg.errors import ReadError
from kg.key import thing_key
from kg.rdf import iri, vocab
from kg.rdf.vocab import klass, prop
from kg.resolve.telling import Alias, Telling

TABLES = {
    "companies.tsv": ("cik", "name", "former_names"),
    "stems.tsv": ("stem", "payload", "linker"),
    "substances.tsv": ("kind", "unii", "name", "other_names"),
    "targets.tsv": ("symbol", "hgnc", "uniprot", "other_names"),
}
_CLASSES = {"adc": "AntibodyDrugConjugate", "antibody": "Antibody", "payload": "Payload"}
_TYPES = {"adc": ("compound",), "antibody": ("antibody", "compound"), "payload": ("payload",)}  # an antibody may be a drug itself
_EXACT = ox.NamedNode(vocab.SKOS + "exactMatch")
_DESCRIPTION = ox.NamedNode(vocab.DCT + "description")
REFERENCE = "graph/reference"


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing of a table: its class, the keys that its names have, the table's name for it first, and where else it is known."""

    table: str
    klass: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    matches: tuple[str, ...]  # IRIs of the same thing elsewhere
    cik: str = ""

    def keys(self, type_: str) -> list[str]:
        """Give the keys of its names, once each, its own first."""
        return list(dict.fromkeys(thing_key(type_, name) for name in self.names))


def load_entries(folder: Path | None = None) -> list[Entry]:
    """Read the tables of a folder, by default those that come with the program. Raises ReadError with the file and line of a fault."""
    place = folder or asset_dir("reference")
    found: list[Entry] = []
    for row in _rows(place, "companies.tsv"):
        edgar = f"https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK={row['cik']}"
        found.append(Entry("companies.tsv", "Company", ("company",), (row["name"], *_split(row["former_names"])), (edgar,), row["cik"]))
    for row in _rows(place, "substances.tsv"):
        names = (row["name"], *_split(row["other_names"]))
        match = f"https://identifiers.org/unii:{row['unii']}"
        if row["kind"] not in _CLASSES:
            raise ReadError(f"{place / 'substances.tsv'}: {row['kind']} is no kind of substance: {', '.join(_CLASSES)}")
        found.append(Entry("substances.tsv", _CLASSES[row["kind"]], _TYPES[row["kind"]], names, (match,)))
    for row in _rows(place, "targets.tsv"):
        matches = (f"https://identifiers.org/{row['hgnc'].lower()}", f"https://identifiers.org/uniprot:{row['uniprot']}")
        found.append(Entry("targets.tsv", "Target", ("target",), (row["symbol"], *_split(row["other_names"])), matches))
    return found


def reference_telling(entries: list[Entry]) -> Telling:
    """Tell which names the tables join, as a document would."""
    aliases = [
        Alias(keys[0], key, entry.names[0], name, f"reference/{entry.table.removesuffix('.tsv')}", (0, 0))
        for entry in entries
        for type_ in entry.types
        for keys in [entry.keys(type_)]
        for name in entry.names[1:]
        for key in [thing_key(type_, name)]
        if key != keys[0]
    ]
    return Telling(REFERENCE, aliases=tuple(sorted(aliases, key=lambda a: (a.key, a.other))))


def reference_quads(base: str, entries: list[Entry], folder: Path | None = None) -> set[ox.Quad]:
    """Write the reference graph: what the tables name, what else it is called, where else it is known, and what stems stand for."""
    graph = iri.thing(base, REFERENCE)
    out: set[ox.Quad] = set()

    def line(subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        out.add(ox.Quad(subject, predicate, value, graph))

    for table, told in _heads(folder or asset_dir("reference")):
        line(graph, _DESCRIPTION, ox.Literal(f"{table}: {told}"))
    for entry in entries:
        node = iri.thing(base, entry.keys(entry.types[0])[0])
        for name in (entry.klass, *vocab.SUPERCLASSES.get(entry.klass, ())):
            line(node, vocab.RDF_TYPE, klass(name))
        line(node, vocab.RDFS_LABEL, ox.Literal(entry.names[0]))
        for name in entry.names[1:]:
            line(node, vocab.SKOS_ALT_LABEL, ox.Literal(name))
        for match in entry.matches:
            line(node, _EXACT, ox.NamedNode(match))
        if entry.cik:
            line(node, prop("cik"), ox.Literal(entry.cik))
    for compound, predicate, part, name in _by_stem(base, entries, folder):
        line(compound, prop(predicate), part)
        line(part, vocab.RDF_TYPE, klass(predicate.removeprefix("has")))
        line(part, vocab.RDFS_LABEL, ox.Literal(name))
        statement = iri.statement(base, compound.value, prop(predicate).value, str(part), graph.value)
        for term, value in (
            (vocab.RDF_TYPE, klass("Statement")), (vocab.RDF_SUBJECT, compound), (vocab.RDF_PREDICATE, prop(predicate)),
            (vocab.RDF_OBJECT, part), (prop("derivation"), vocab.concept("Inferred", "derivation")),
            (prop("rule"), ox.Literal("reference/stems")),
        ):  # fmt: skip
            line(statement, term, value)
    return out


def _by_stem(base: str, entries: list[Entry], folder: Path | None) -> Iterator[tuple[ox.NamedNode, str, ox.NamedNode, str]]:
    """Read payload, linker and antibody out of conjugates' nonproprietary names: "brentuximab vedotin" has brentuximab and MMAE."""
    stems = {row["stem"].lstrip("-"): row for row in _rows(folder or asset_dir("reference"), "stems.tsv")}
    for entry in entries:
        first, _, second = entry.names[0].partition(" ")
        row = stems.get(second)
        if entry.klass != "AntibodyDrugConjugate" or row is None:
            continue
        compound = iri.thing(base, entry.keys("compound")[0])
        for predicate, type_, name in (
            ("hasAntibody", "antibody", first.removeprefix("ado-")), ("hasPayload", "payload", row["payload"]),
            ("hasLinker", "linker", row["linker"]),
        ):  # fmt: skip
            if name:
                yield compound, predicate, iri.thing(base, thing_key(type_, name)), name


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """Read a table: lines that begin with # tell its source, then a head, then a row a line."""
    path = folder / table
    try:
        lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot be read as a table of background knowledge: {error}") from error
    reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(reader.fieldnames or ()) != TABLES[table]:
        raise ReadError(f"{path}: its columns are not {', '.join(TABLES[table])}")
    for number, row in enumerate(reader, 1):
        if None in row or None in row.values() or not row[TABLES[table][0]]:
            raise ReadError(f"{path}: row {number} does not have {len(TABLES[table])} cells, the first of them filled")
        yield row


def _heads(folder: Path) -> Iterator[tuple[str, str]]:
    """Read what each table says of its source and licence."""
    for table in TABLES:
        text = (folder / table).read_text("utf-8")
        yield table, " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))


def _split(cell: str) -> list[str]:
    return [name.strip() for name in cell.split(";") if name.strip()]
