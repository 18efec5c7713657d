"""Background knowledge has a graph of its own: it joins names and says so, and nothing that a filing says rests on it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.assets import asset_dir
from kg.background import REFERENCE, TABLES, load_entries, reference_telling
from kg.build import build, build_reference, drop_reference
from kg.cli import main
from kg.errors import ReadError
from kg.graph import Graph

ONE = "Genentech sells Kadcyla. Kadcyla is approved for the treatment of HER2-positive breast cancer. Kadcyla targets HER2.\n"
OTHER = "Genentech started a Phase 2 trial of T-DM1 in patients with gastric cancer in 2012. T-DM1 targets ERBB2.\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "one.txt").write_text(ONE, "utf-8")
    (folder / "other.txt").write_text(OTHER, "utf-8")
    build([folder], tmp_path / "store")
    return tmp_path / "store"


def quads(store: Path) -> list[str]:
    with Graph.open(store) as graph:
        return sorted(map(str, graph.store.quads()))


def subjects(store: Path, name: str) -> set[str]:
    with Graph.open(store) as graph:
        rows = graph.sparql(f'SELECT DISTINCT ?t {{ ?t rdfs:label|skos:altLabel ?n FILTER(LCASE(STR(?n)) = "{name.lower()}") }}').rows
    return {row[0].value for row in rows if row[0] is not None}


def test_it_joins_what_texts_do_not(store: Path) -> None:
    before = quads(store)
    assert subjects(store, "HER2") != subjects(store, "ERBB2")
    assert build_reference(store) > 0
    assert subjects(store, "HER2") == subjects(store, "ERBB2")
    assert subjects(store, "Kadcyla") == subjects(store, "T-DM1")
    with Graph.open(store) as graph:
        by_table = [j for j in graph.identity() if j.rule.startswith("reference/")]
        assert {j.rule for j in by_table} >= {"reference/targets"}
        assert all("graph/reference" in j.reasons[0] for j in by_table), "a judgement says that it rests on a table"
        assert graph.verify().faults == ()
    assert build_reference(store) == 0, "again changes nothing"
    drop_reference(store)
    assert quads(store) == before, "what it alone joined comes apart"


def test_no_question_sees_it(store: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with Graph.open(store) as graph:
        before = graph.sparql("SELECT ?c { ?c kg:cik ?k }").rows
        total = graph.sparql(query).rows
    assert before == []
    build_reference(store)
    with Graph.open(store) as graph:
        assert graph.sparql("SELECT ?c { ?c kg:cik ?k }").rows == []
        name = graph.store.base + REFERENCE
        told = graph.sparql(f"SELECT ?k {{ GRAPH <{name}> {{ ?c kg:cik ?k ; rdfs:label 'Genentech, Inc.' }} }}").rows
        assert [row[0].value for row in told if row[0] is not None] == ["0000318771"]
        matches = graph.sparql(f"SELECT ?m {{ GRAPH <{name}> {{ ?t rdfs:label 'ERBB2' ; skos:exactMatch ?m }} }}").rows
        assert {row[0].value for row in matches if row[0] is not None} == {
            "https://identifiers.org/hgnc:3430", "https://identifiers.org/uniprot:P04626",
        }  # fmt: skip
        assert len(graph.store.graph(name)) > 1000
        assert int(graph.sparql(query).rows[0][0].value) < int(total[0][0].value) + 100  # type: ignore[union-attr]  # a count is there


def test_exports_with_graphs_hold_it_and_others_do_not(store: Path, tmp_path: Path) -> None:
    build_reference(store)
    with Graph.open(store) as graph:
        for format, holds in (
            ("nquads", True),
            ("trig", True),
            ("jsonld", True),
            ("ntriples", False),
            ("turtle", False),
            ("rdfxml", False),
        ):
            graph.export(format, tmp_path / format)
            assert ("identifiers.org" in (tmp_path / format).read_text("utf-8")) == holds, format


def test_tables_tell_their_source_and_licence() -> None:
    for table in TABLES:
        head = (asset_dir("reference") / table).read_text("utf-8")
        assert "# Source: " in head, table
        names = [line.split("\t")[0] for line in head.splitlines() if not line.startswith("#")][1:]
        assert len(names) > 10, table
    telling = reference_telling(load_entries())
    assert len({a.other for a in telling.aliases}) > 300


@pytest.mark.parametrize(("table", "old", "new", "problem"), [
    ("companies.tsv", "cik\tname", "key\tname", "columns"), ("companies.tsv", "0000005187\tWyeth\t", "0000005187\tWyeth", "row"),
    ("substances.tsv", "\nadc\t", "\nmagic\t", "kind"), ("targets.tsv", None, None, "cannot be read"),
])  # fmt: skip
def test_a_damaged_table_is_named(store: Path, tmp_path: Path, table: str, old: str | None, new: str | None, problem: str) -> None:
    folder = tmp_path / "tables"
    shutil.copytree(asset_dir("reference"), folder)
    path = folder / table
    if old is None or new is None:
        path.unlink()
    else:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
    before = quads(store)
    with pytest.raises(ReadError, match=problem) as caught:
        build_reference(store, folder)
    assert table in str(caught.value)
    assert quads(store) == before


def test_the_command_line(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command, said in (("build", "is built"), ("drop", "is gone")):
        try:
            main(["reference", command, "--store", str(store)])
        except SystemExit as ended:
            assert not ended.code
        assert said in capsys.readouterr().out
