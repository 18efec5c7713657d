"""Every RDF export is read by readers that others use, Jena's riot, raptor's rapper, npm's n3 and jsonld, and gives the same quads back."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
from test_export_parts import hostile_store

from kg.export import FORMATS, export
from kg.store import Store

READ = Path(__file__).parent / "readers" / "read.cjs"
JENA = os.environ.get("KG_JENA_CLASSPATH", "")  # of tests/readers/jena-pom.xml, as Jena has no package on PyPI
NODE = os.environ.get("KG_NODE_MODULES", "")  # of tests/readers/package.json

needs_jena = pytest.mark.skipif(not JENA or shutil.which("java") is None, reason="needs java, and Jena's class path in KG_JENA_CLASSPATH")
needs_rapper = pytest.mark.skipif(shutil.which("rapper") is None, reason="needs rapper, of Debian's raptor2-utils")
needs_node = pytest.mark.skipif(not NODE or shutil.which("node") is None, reason="needs node, and n3 and jsonld in KG_NODE_MODULES")

RDF = [name for name, exporter in FORMATS.items() if exporter.has_graphs or exporter.has_terms or name == "rdfxml"]
STORES = ["samples", "hostile names"]


@pytest.fixture(scope="module")
def exports(sample_graph: object, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Every RDF format of the samples, of a store with hostile names, and of the samples as RDF 1.2."""
    folder = tmp_path_factory.mktemp("exports")
    made = {}
    samples: Store = sample_graph.store  # type: ignore[attr-defined] # a kg.Graph
    for store, title in zip((samples, hostile_store()), STORES, strict=True):
        for name in RDF:
            made[title, name] = folder / f"{title.replace(' ', '-')}{FORMATS[name].extension}"
            export(store, name, made[title, name])
    for name in RDF:
        if FORMATS[name].has_terms:
            made["reifiers", name] = folder / f"reifiers{FORMATS[name].extension}"
            export(samples, name, made["reifiers", name], is_rdf12=True)
    return made


def ours(path: Path, name: str) -> set[ox.Quad]:
    form = ox.RdfFormat.from_media_type(FORMATS[name].media_type)
    assert form is not None
    return set(ox.parse(path.read_bytes(), format=form))


def theirs(command: list[str]) -> set[ox.Quad]:
    """What a reader made of it, as N-Quads; what it complains of fails the test."""
    done = subprocess.run(command, capture_output=True, timeout=120, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stderr.decode()
    return set(ox.parse(done.stdout, format=ox.RdfFormat.N_QUADS))


@needs_jena
@pytest.mark.parametrize("name", RDF)
@pytest.mark.parametrize("title", [*STORES, "reifiers"])
def test_riot(exports: dict[tuple[str, str], Path], title: str, name: str) -> None:
    if (title, name) not in exports:
        pytest.skip(f"{name} has no triple terms")
    path = exports[title, name]
    riot = ["java", "-cp", JENA, "riotcmd.riot"]
    checked = subprocess.run([*riot, "--validate", "--strict", str(path)], capture_output=True, text=True, timeout=120)
    assert (checked.returncode, [line for line in checked.stderr.splitlines() if "SLF4J" not in line]) == (0, [])
    assert theirs([*riot, "--output=nquads", str(path)]) == ours(path, name)


@needs_rapper
@pytest.mark.parametrize("name", [name for name in RDF if name != "jsonld"])
@pytest.mark.parametrize("title", STORES)
def test_rapper(exports: dict[tuple[str, str], Path], title: str, name: str) -> None:
    path = exports[title, name]
    kind = {"rdfxml": "rdfxml", "nquads": "nquads", "trig": "trig", "turtle": "turtle", "ntriples": "ntriples"}[name]
    assert theirs(["rapper", "-q", "-i", kind, "-o", "nquads", str(path)]) == ours(path, name)


@needs_node
@pytest.mark.parametrize("name", [name for name in RDF if name != "rdfxml"])
@pytest.mark.parametrize("title", STORES)
def test_n3_and_jsonld(exports: dict[tuple[str, str], Path], title: str, name: str) -> None:
    path = exports[title, name]
    assert theirs(["node", str(READ), FORMATS[name].media_type, str(path)]) == ours(path, name)
