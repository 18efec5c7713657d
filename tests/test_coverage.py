"""What of a pile of filings gave no fact: every sentence with its place, alike ones together, the most frequent first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kg
from kg.cli import main
from kg.coverage import KINDS

RELEASE = """Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) today announced a collaboration agreement with Takeda.

Zelmora Therapeutics earned a $5 million milestone payment from Takeda.

The milestone mattered to everybody there. That milestone mattered to everybody here.

Its gross proceeds of the offering were $30 million, less payments to the underwriters.

This press release contains forward-looking statements. A milestone payment may never be paid.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "release.txt").write_text(RELEASE, encoding="utf-8")
    return tmp_path


def test_every_sentence_is_told_by_what_became_of_it(folder: Path) -> None:
    found = kg.coverage(folder)
    assert (found.files, found.documents) == (1, 1)
    assert found.totals["money"] == {"read": 1, "missed": 2, "aside": 1}
    assert found.totals["deal"] == {"read": 1}


def test_a_passage_lies_where_it_says(folder: Path) -> None:
    passages = [passage for construction in kg.coverage(folder).constructions for passage in construction.passages]
    assert passages
    for passage in passages:
        name, _, place = passage.where.rpartition(":")
        start, end = map(int, place.split("-"))
        assert name == "release.txt"
        assert " ".join((folder / name).read_text(encoding="utf-8")[start:end].split()) == passage.text


def test_alike_sentences_are_one_construction(folder: Path) -> None:
    (first, *_) = kg.coverage(folder, kinds=["money"]).constructions
    assert (first.kind, first.shape, first.count) == ("money", "milestone mattered", 2)


def test_a_sentence_that_is_repeated_counts_once(folder: Path) -> None:
    (folder / "again.txt").write_text(RELEASE, encoding="utf-8")
    found = kg.coverage(folder, kinds=["money"])
    assert found.totals["money"]["missed"] == 4
    assert found.constructions[0].count == 2


def test_workers_and_order_do_not_show(folder: Path) -> None:
    (folder / "other.txt").write_text(RELEASE.replace("milestone", "royalty"), encoding="utf-8")
    paths = [folder / "other.txt", folder / "release.txt"]
    alone = kg.coverage(paths, workers=1)
    assert kg.coverage(reversed(paths), workers=2).constructions == alone.constructions


def test_a_file_that_cannot_be_read_is_told_and_ends_nothing(folder: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    found = kg.coverage(folder)
    assert found.totals["money"]["missed"] == 2
    assert [issue.stage for issue in found.issues] == ["read"]
    with pytest.raises(kg.ReadError, match=r"empty\.txt"):
        kg.coverage(folder / "empty.txt")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["coverage", *arguments])
    assert not ended.value.code
    return capsys.readouterr().out


def test_the_command_lists_constructions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, str(folder), "--kind", "money", "--examples", "1")
    assert "milestone mattered" in out
    assert "The milestone mattered to everybody there." in out
    assert "1 files, 1 documents" in out


def test_the_command_writes_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(said(capsys, str(folder), "--json"))
    assert set(found["totals"]) == set(KINDS)
    assert found["constructions"][0]["passages"][0]["where"].startswith("release.txt:")


def test_a_kind_that_there_is_not_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["coverage", str(folder), "--kind", "weather"])
    assert ended.value.code == 2
    assert "--kind weather: there is no such kind; choose of money, phase, deal, composition" in capsys.readouterr().err
