"""`kg verify` names what was tampered with: one character of a text, a quote, an offset, a triple; and finds nothing wrong otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import build
from kg.cli import main
from kg.graph import Graph
from kg.store import BASE, Store

SAMPLE = Path(__file__).resolve().parent.parent / "kg" / "samples" / "immunogen-2007-07-31-phase-2.txt"
KG, OA, RDF = "https://w3id.org/conjugate/ontology#", "http://www.w3.org/ns/oa#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    build([SAMPLE], tmp_path / "store")
    return tmp_path / "store"


def first(engine: ox.Store, predicate: str, graph: ox.NamedNode | None = None) -> ox.Quad:
    found = sorted(engine.quads_for_pattern(None, ox.NamedNode(predicate), None, graph), key=str)
    return next(q for q in found if isinstance(q.graph_name, ox.NamedNode))


def swap(engine: ox.Store, old: ox.Quad, new: ox.Quad | None) -> None:
    """Put one quad in another's place, in its graph and in the union: what a careful forger would do."""
    union = ox.DefaultGraph()
    for graph in (old.graph_name, union):
        engine.remove(ox.Quad(old.subject, old.predicate, old.object, graph))
        if new is not None:
            engine.add(ox.Quad(new.subject, new.predicate, new.object, graph))


def domain(engine: ox.Store) -> ox.NamedNode:
    return ox.NamedNode(str(first(engine, OA + "start").graph_name.value).removesuffix("/evidence"))


def change_quote(engine: ox.Store, folder: Path) -> None:
    old = first(engine, OA + "exact")
    swap(engine, old, ox.Quad(old.subject, old.predicate, ox.Literal("X" + old.object.value[1:]), old.graph_name))


def change_offset(engine: ox.Store, folder: Path) -> None:
    old = first(engine, OA + "start")
    moved = ox.Literal(str(int(old.object.value) + 1), datatype=old.object.datatype)
    swap(engine, old, ox.Quad(old.subject, old.predicate, moved, old.graph_name))


def change_amount(engine: ox.Store, folder: Path) -> None:
    old = first(engine, KG + "hasPayload")
    swap(engine, old, ox.Quad(old.subject, old.predicate, ox.NamedNode(BASE + "payload/dm9"), old.graph_name))


def add_triple(engine: ox.Store, folder: Path) -> None:
    graph = domain(engine)
    edge = first(engine, KG + "hasPayload", graph)
    owners = {q.object for q in engine.quads_for_pattern(edge.subject, ox.NamedNode(KG + "ownedBy"), None, graph)}
    companies = engine.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(KG + "Company"), graph)
    new = next(ox.Quad(edge.subject, ox.NamedNode(KG + "ownedBy"), q.subject, graph) for q in companies if q.subject not in owners)
    swap(engine, new, new)


def remove_triple(engine: ox.Store, folder: Path) -> None:
    swap(engine, first(engine, KG + "hasPayload"), None)


def change_statement(engine: ox.Store, folder: Path) -> None:
    old = first(engine, RDF + "object")
    swap(engine, old, ox.Quad(old.subject, old.predicate, ox.NamedNode(BASE + "company/forged"), old.graph_name))


def drop_evidence(engine: ox.Store, folder: Path) -> None:
    node = first(engine, OA + "exact").subject
    for quad in list(engine.quads_for_pattern(node, None, None, None)):
        engine.remove(quad)


def unknown_term(engine: ox.Store, folder: Path) -> None:
    old = first(engine, KG + "developedBy")
    swap(engine, old, ox.Quad(old.subject, ox.NamedNode(KG + "isLovedBy"), old.object, old.graph_name))


def union_only(engine: ox.Store, folder: Path) -> None:
    engine.add(ox.Quad(ox.NamedNode(BASE + "company/x"), ox.NamedNode(KG + "ownedBy"), ox.NamedNode(BASE + "company/y"), ox.DefaultGraph()))


def stray_graph(engine: ox.Store, folder: Path) -> None:
    thing = ox.NamedNode(BASE + "company/x")
    swap(engine, *2 * (ox.Quad(thing, ox.NamedNode(KG + "ticker"), ox.Literal("X"), ox.NamedNode(BASE + "document/none")),))


def lost_document(engine: ox.Store, folder: Path) -> None:
    swap(engine, first(engine, "http://purl.org/dc/terms/source", ox.NamedNode(BASE + "graph/identity")), None)


def change_text(engine: ox.Store, folder: Path) -> None:
    (file,) = (folder / "texts").glob("*.txt")
    text = file.read_text("utf-8")
    file.write_text(text.replace("million", "billion", 1), "utf-8")


def remove_text(engine: ox.Store, folder: Path) -> None:
    (file,) = (folder / "texts").glob("*.txt")
    file.unlink()


def orphan_text(engine: ox.Store, folder: Path) -> None:
    (folder / "texts" / f"{'0' * 64}.txt").write_text("nobody's", "utf-8")


TAMPERED: list[tuple[Callable[[ox.Store, Path], None], str, str]] = [
    (change_text, "text", "was changed"),
    (remove_text, "text", "cannot be read"),
    (orphan_text, "text", "of no document"),
    (change_quote, "quote", "the text reads"),
    (change_offset, "quote", "not those of its IRI"),
    (change_amount, "support", "no sentence supports"),
    (change_amount, "statement", "does not have"),
    (change_amount, "dangling", "has no type"),
    (add_triple, "support", "no sentence supports"),
    (remove_triple, "statement", "does not have"),
    (change_statement, "statement", "does not have"),
    (drop_evidence, "statement", "which is not there"),
    (unknown_term, "term", "is no term of the ontology"),
    (union_only, "union", "in no graph"),
    (stray_graph, "catalogue", "of no document"),
    (lost_document, "shape", "dcterms:source"),
]


@pytest.mark.parametrize(("tamper", "check", "words"), TAMPERED, ids=[f"{t[0].__name__}-{t[1]}" for t in TAMPERED])
def test_each_tampering_is_named(store: Path, tamper: Callable[[ox.Store, Path], None], check: str, words: str) -> None:
    engine = ox.Store(str(store / "graph"))
    tamper(engine, store)
    engine.flush()
    del engine
    with Graph.open(store) as graph:
        found = graph.verify()
    assert [fault for fault in found.faults if fault.check == check and words in fault.problem], found.faults


def test_a_clean_store_is_clean(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Graph.open(store) as graph:
        found = graph.verify()
        assert (found.faults, found.shapes) == ((), "conforms")
        assert all(found.checked[check] for check in ("text", "quote", "statement", "support", "dangling", "term", "shape", "union"))
        assert graph.verify(shapes=False).shapes == "not run"
    main_code(["verify", "--store", str(store)], 0)
    assert "clean; shapes: conforms" in capsys.readouterr().out


def test_an_empty_store_was_not_checked(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store"):
        pass
    with Graph.open(tmp_path / "store") as graph:
        assert graph.verify().shapes == "not run"


def test_texts_that_a_killed_build_left_are_said_and_cleared(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orphan_text(ox.Store(), store)
    (store / "texts" / ".x.txt.7.part").write_bytes(b"half a te")
    (store / ".writing").touch()  # as a killed writer leaves it
    main_code(["verify", "--store", str(store), "--no-shapes"], 0)
    assert "1 texts belong to no document" in " ".join(capsys.readouterr().err.split())
    kept = {file.name for file in (store / "texts").iterdir()}
    with Store.open(store):
        pass
    left = {file.name for file in (store / "texts").iterdir()}
    assert len(kept - left) == 2 and not (store / ".writing").exists()
    with Graph.open(store) as graph:
        assert (graph.verify(shapes=False).faults, graph.verify(shapes=False).left) == ((), 0)


def test_a_fault_is_exit_code_1_and_one_line(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_text(ox.Store(), store)
    main_code(["verify", "--store", str(store)], 1)
    assert "was changed" in capsys.readouterr().out
    main_code(["verify", "--store", str(store), "--json", "--no-shapes"], 1)
    said = json.loads(capsys.readouterr().out)
    assert (said["is_clean"], said["shapes"], said["faults"][0]["check"]) == (False, "not run", "text")


def main_code(arguments: list[str], code: int) -> None:
    try:
        main(arguments)
    except SystemExit as ended:
        assert (ended.code or 0) == code
