"""What changes between stores or since a day, what documents disagree on, and taking one back: `kg diff`, `conflicts`, `forget`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.build import build
from kg.changes import changes_between, changes_since
from kg.cli import main
from kg.graph import Graph

LICENCE = "In May 2004, Zelmora Therapeutics granted Takeda an exclusive license to the drug ZLM-101 for the treatment of lymphoma."
LEAD = "BASEL, {day} - Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) today announced news of its drug ZLM-101. "
MAY_EARN = "Zelmora Therapeutics may receive a milestone payment of $5 million from Takeda upon initiation of a Phase II trial of ZLM-101. "
EARNED = "Zelmora Therapeutics earned a milestone payment of {amount} from Takeda with the start of a Phase II trial of ZLM-101 on {when}. "


def release(day: str, *sentences: str) -> str:
    return "Zelmora Reports on ZLM-101\n\n" + LEAD.format(day=day) + " ".join(sentences) + "\n"


OLD = release("June 1, 2004", LICENCE, MAY_EARN)
NEW = release("March 3, 2006", LICENCE, EARNED.format(amount="$5 million", when="March 1, 2006"))
OTHER = release("April 4, 2006", LICENCE, EARNED.format(amount="$6 million", when="March 1, 2006"))

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def make(name: str, **texts: str) -> Path:
        folder = tmp_path / f"{name}-files"
        folder.mkdir()
        for stem, text in texts.items():
            (folder / f"{stem}.txt").write_text(text, "utf-8")
        build([folder], tmp_path / name)
        return tmp_path / name

    return make


def test_a_promise_that_was_kept_is_a_change(make: Make) -> None:
    before, after = make("a", old=OLD), make("b", old=OLD, new=NEW)
    with Graph.open(before) as one, Graph.open(after) as other:
        found = changes_between(one.store, other.store)
        assert changes_between(other.store, other.store) == []
        back = changes_between(other.store, one.store)
    (milestone,) = [c for c in found if c.kind == "payment" and c.what == "changed"]
    assert milestone.text.startswith("Takeda paid Zelmora Therapeutics, Inc. a milestone of $5M (Phase 2 start, ZLM-101), 2006-03-01")
    assert "potential → occurred" in milestone.text
    assert milestone.sources[0].file == "new.txt"
    assert "earned a milestone payment" in milestone.sources[0].sentence
    assert not [c for c in found if c.what == "gone"]
    assert [c for c in back if c.what == "changed" and "occurred → potential" in c.text], "and backwards"


def test_since_a_day_tells_the_same(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = make("a", old=OLD), make("b", old=OLD, new=NEW)
    with Graph.open(before) as one, Graph.open(after) as other:
        between = changes_between(one.store, other.store)
        since = changes_since(other.store, dt.date(2006, 1, 1))
        assert changes_since(other.store, dt.date(2007, 1, 1)) == []
    assert [(c.what, c.kind, c.text) for c in since] == [(c.what, c.kind, c.text) for c in between]
    assert code(["diff", "--since", "2006-01-01", "--store", str(after)]) == 1
    assert "changed: Takeda paid" in capsys.readouterr().out
    assert code(["diff", str(after), str(after)]) == 0
    assert "no difference" in capsys.readouterr().out
    assert code(["diff", str(before), str(after), "--json"]) == 1
    assert {c["what"] for c in json.loads(capsys.readouterr().out)} == {"changed"}
    for wrong in (["diff"], ["diff", str(before)], ["diff", "--since", "May"]):
        assert code(wrong) == 2


def test_two_amounts_of_one_payment_are_a_conflict(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    store = make("a", old=OLD, new=NEW, other=OTHER)
    with Graph.open(store) as graph:
        (conflict,) = graph.conflicts()
    assert conflict.what == "two amounts"
    assert [(side.value, side.file) for side in conflict.sides] == [("5000000", "new.txt"), ("6000000", "other.txt")]
    assert all("milestone" in side.sentences[0] for side in conflict.sides)
    assert code(["conflicts", "--store", str(store)]) == 1
    assert "1 conflicts" in capsys.readouterr().out
    assert code(["conflicts", "--store", str(store), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["what"] == "two amounts"


def test_a_promise_and_its_payment_are_no_conflict(make: Make) -> None:
    with Graph.open(make("a", old=OLD, new=NEW)) as graph:
        assert graph.conflicts() == []


def test_phases_do_not_go_backwards(make: Make) -> None:
    first = release("June 1, 2004", "ZLM-101 is in a Phase II trial in patients with lymphoma.")
    later = release("June 1, 2005", "ZLM-101 is in a Phase I trial in patients with lymphoma.")
    with Graph.open(make("a", first=first, later=later)) as graph:
        assert [c.what for c in graph.conflicts()] == ["a phase that goes backwards"]
    with Graph.open(make("b", first=first, later=later.replace("Phase I ", "Phase III "))) as graph:
        assert graph.conflicts() == []


def test_forgetting_takes_back_what_a_document_alone_contributed(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    store, alone = make("a", old=OLD, new=NEW), make("b", old=OLD)
    assert code(["forget", "new.txt", "--store", str(store)]) == 0
    assert "forgot new.txt" in capsys.readouterr().out
    with Graph.open(store) as one, Graph.open(alone) as other:
        assert sorted(map(str, one.store.quads())) == sorted(map(str, other.store.quads()))
        assert one.verify(shapes=False).is_clean
    assert code(["forget", "newer.txt", "--store", str(store)]) == 2
    assert "did you mean" in capsys.readouterr().err
    assert code(["forget", "old.txt", "nothing", "--store", str(store)]) == 2, "one wrong name, and nothing is forgotten"
    with Graph.open(store) as graph:
        assert len(graph.documents()) == 1


def test_two_files_of_one_name_must_be_told_apart(make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = make("a", old=OLD)
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "old.txt").write_text(NEW, "utf-8")
    build([other], store)
    assert code(["forget", "old.txt", "--store", str(store)]) == 2
    said = capsys.readouterr().err
    assert said.count("document/old-") == 2
    key = said.split(", ")[-1].strip()
    assert code(["forget", key, "--store", str(store)]) == 0


def code(arguments: list[str]) -> int:
    try:
        main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
