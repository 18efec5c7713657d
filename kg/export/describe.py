"""What was exported in, its description in VoID, DCAT and PROV out: what it holds, how many triples, by which run and licence."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import pyoxigraph as ox

from kg.export.order import in_order, triples
from kg.rdf import vocab
from kg.store import PREFIXES

_SPACES = {
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "prov": "http://www.w3.org/ns/prov#",
    "spdx": "http://spdx.org/rdf/terms#",
    **PREFIXES,
}
_ONTOLOGY = vocab.NAMESPACE.rstrip("#")


@dataclass(slots=True)
class Counts:
    """What went by: quads, quads by predicate, named graphs, and things by class."""

    quads: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    graphs: int = 0

    def watch(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Count quads as they go by; graphs only where they are sorted by graph."""
        graph = None
        for quad in quads:
            self.quads += 1
            self.properties[quad.predicate.value] += 1
            if quad.graph_name != graph:
                graph = quad.graph_name
                self.graphs += 1
            yield quad

    def count_classes(self, quads: Iterable[ox.Quad]) -> None:
        """Count the things of each class, each once, however many documents say so."""
        for quad in triples(in_order(quad for quad in quads if quad.predicate == vocab.RDF_TYPE)):
            if isinstance(quad.object, ox.NamedNode):
                self.classes[quad.object.value] += 1


def describe(counts: Counts, base: str, files: Sequence[Path], media_type: str, *, of: str, has_graphs: bool, licence: str | None) -> bytes:
    """Write the description as Turtle. It is the one thing here that depends on the run: it tells its time and the program's version."""
    digests = [_sha256(path) for path in files]
    whole = hashlib.sha256("".join(digests).encode()).hexdigest()[:16]
    dataset = f"{base}dataset/{whole}"
    version = metadata.version("conjugate-kg")
    lines: list[tuple[str, str, str | int]] = [
        (dataset, "rdf:type", "void:Dataset"),
        (dataset, "rdf:type", "dcat:Dataset"),
        (dataset, "rdf:type", "prov:Entity"),
        (dataset, "dcterms:title", "Biopharma deals, as filings and releases tell of them"),
        (dataset, "dcterms:identifier", whole),
        (dataset, "dcterms:description", of),
        (dataset, "void:triples", counts.quads),
        (dataset, "void:vocabulary", f"<{_ONTOLOGY}>"),
        (dataset, "void:uriSpace", base),
        (dataset, "dcat:version", version),
        (dataset, "prov:wasGeneratedBy", f"<{dataset}#run>"),
        (dataset, "dcterms:rights", "The sentences that the graph quotes belong to those who wrote them."),
        (f"{dataset}#run", "rdf:type", "prov:Activity"),
        (f"{dataset}#run", "prov:endedAtTime", f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"),
        (f"{dataset}#run", "prov:wasAssociatedWith", f"<{dataset}#program>"),
        (f"{dataset}#program", "rdf:type", "prov:SoftwareAgent"),
        (f"{dataset}#program", "rdfs:label", f"Conjugate {version}"),
    ]
    if licence is not None:
        lines.append((dataset, "dcterms:license", f"<{licence}>"))
    if has_graphs:
        lines.append((dataset, "dcterms:extent", f"{counts.graphs:,} named graphs"))
    lines += _partitions(dataset, "class", "void:class", "void:entities", counts.classes)
    lines += _partitions(dataset, "property", "void:property", "void:triples", counts.properties)
    for path, digest in zip(files, digests, strict=True):
        file, checksum = f"{dataset}#file={digest[:12]}", f"{dataset}#sha256={digest[:12]}"
        lines += [
            (dataset, "dcat:distribution", f"<{file}>"),
            (file, "rdf:type", "dcat:Distribution"),
            (file, "dcterms:title", path.name),
            (file, "dcat:mediaType", f"<https://www.iana.org/assignments/media-types/{media_type}>"),
            (file, "dcat:byteSize", path.stat().st_size),
            (file, "spdx:checksum", f"<{checksum}>"),
            (checksum, "rdf:type", "spdx:Checksum"),
            (checksum, "spdx:algorithm", "spdx:checksumAlgorithm_sha256"),
            (checksum, "spdx:checksumValue", digest),
        ]
    quads = in_order(ox.Quad(ox.NamedNode(s), ox.NamedNode(_full(p)), _term(p, o)) for s, p, o in lines)
    written = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.TURTLE, prefixes=_SPACES)
    return written or b""  # None is for what was written to a stream


def _partitions(dataset: str, kind: str, names: str, counted: str, counts: Counter[str]) -> Iterator[tuple[str, str, str | int]]:
    for iri, number in sorted(counts.items()):
        part = f"{dataset}#{kind}={iri[max(iri.rfind('#'), iri.rfind('/')) + 1 :]}"
        yield dataset, f"void:{kind}Partition", f"<{part}>"
        yield part, names, f"<{iri}>"
        yield part, counted, number


def _full(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return _SPACES[prefix] + rest


def _term(predicate: str, value: str | int) -> ox.NamedNode | ox.Literal:
    """Make a term: <…> and a name with a known prefix are IRIs, all else is text."""
    if isinstance(value, int):
        return ox.Literal(value)
    if value.startswith("<") and value.endswith(">"):
        return ox.NamedNode(value[1:-1])
    if predicate in {"rdf:type", "spdx:algorithm"}:
        return ox.NamedNode(_full(value))
    if predicate == "prov:endedAtTime":
        return ox.Literal(value, datatype=ox.NamedNode(PREFIXES["xsd"] + "dateTime"))
    return ox.Literal(value)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        digest: str = hashlib.file_digest(stream, "sha256").hexdigest()
    return digest
