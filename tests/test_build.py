"""`kg.build`: what a path means, what becomes of files that cannot be read, and that nothing is lost or dropped in silence."""

from __future__ import annotations

import importlib
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import ReadError, StoreError
from kg.model import Document, Issue
from kg.sources import expand
from kg.store import Store
from kg.workers import outcomes

# By importlib, for the function kg.build hides the module of that name.
recipe = importlib.import_module("kg.build")

RELEASE = """Lintara Earns Milestone

BASEL, March 3, 2011 - Lintara AG today announced that it has earned a $3 million milestone payment from Genentech with the start of Phase I
clinical testing of trastuzumab-DM1. Genentech develops trastuzumab-DM1, which comprises trastuzumab and DM1.
"""


@pytest.fixture
def filings(tmp_path: Path) -> Callable[..., Path]:
    """Make a folder of files: names and contents in, the folder out."""

    def make(**contents: str | bytes) -> Path:
        folder = tmp_path / "filings"
        for name, content in contents.items():
            path = folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return make


def names(store: Path) -> list[str]:
    with Store.open(store, read_only=True) as opened:
        return [document.file_name for document in opened.documents()]


def lines(store: Path) -> list[str]:
    with Store.open(store, read_only=True) as opened:
        return sorted(map(str, opened.quads()))


def test_issues_are_counted_by_what_they_say_and_not_by_what_they_quote(tmp_path: Path) -> None:
    problems = [
        ("read", "a/b.nc: none of its documents is an 8-K (1 form 4)"),
        ("read", "filings/c.nc: none of its documents is an 8-K (12 form 4)"),
        ("resolve", "“$5 million” has no party in the text: left open"),
        ("resolve", "“royalties” has no party in the text: left open"),
        ("resolve", "“royalties, e.g. of 5%” has no party in the text: left open"),
    ]
    issues = tuple(Issue(stage, "x.txt", problem) for stage, problem in problems)
    summary = recipe.Summary(2, {}, 0, issues, 0.1, tmp_path)
    assert summary.issues_by_kind() == {
        ("resolve", "… has no party in the text: left open"): 3,
        ("read", "…: none of its documents is an 8-K (… form …)"): 2,
    }


def test_summary_counts_what_was_done(filings: Callable[..., Path], tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    summary = recipe.build([filings(a_txt=RELEASE)], tmp_path / "store", progress=lambda *step: seen.append(step))
    assert (summary.documents, summary.store, seen) == (1, tmp_path / "store", [(1, 1, "a.txt")])
    assert summary.quads == len(lines(tmp_path / "store"))
    assert sum(summary.facts.values()) > 0 and list(summary.facts) == sorted(summary.facts)
    assert summary.seconds >= 0 and sum(summary.issues_by_stage().values()) == len(summary.issues)


EXPAND = [
    (["filings"], ["a.txt", "deep/b.htm"], "a folder is searched to the bottom, without hidden files"),
    (["filings/a.txt"], ["a.txt"], "a file is itself"),
    (["filings/odd.doc"], ["odd.doc"], "a file that is named is read whatever it is called"),
    (["filings/*.txt"], ["a.txt"], "a glob that the shell did not expand"),
    (["filings/**/*.htm"], ["deep/b.htm"], "a glob over folders"),
    (["filings", "filings/a.txt", "filings/../filings/a.txt"], ["a.txt", "deep/b.htm"], "each file once"),
]


@pytest.mark.parametrize(("given", "expected", "reason"), EXPAND, ids=[row[2] for row in EXPAND])
def test_expand(filings: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, given: list[str], expected: list[str], reason: str) -> None:
    folder = filings(a_txt="a", deep__b_htm="b", _hidden_txt="h", odd_doc="d")
    monkeypatch.chdir(folder.parent)
    files, _ = expand(given)
    assert [path.resolve().relative_to(folder).as_posix() for path in files] == expected, reason


def test_a_file_of_no_known_kind_is_an_issue(filings: Callable[..., Path]) -> None:
    _, issues = expand([filings(a_txt="a", odd_doc="d")])
    assert [(issue.stage, Path(issue.where).name) for issue in issues] == [("read", "odd.doc")]


def test_the_store_is_not_read_as_filings(filings: Callable[..., Path]) -> None:
    folder = filings(a_txt=RELEASE)
    recipe.build([folder], folder / "kg-store")
    recipe.build([folder], folder / "kg-store")  # by now it holds texts/*.txt
    assert names(folder / "kg-store") == ["a.txt"]


@pytest.mark.parametrize("given", ["nowhere.txt", "nowhere/*.txt"], ids=["missing file", "glob without a match"])
def test_a_missing_path_stops_before_anything_is_read(filings: Callable[..., Path], tmp_path: Path, given: str) -> None:
    with pytest.raises(ReadError, match="nowhere"):
        recipe.build([filings(a_txt=RELEASE), tmp_path / given], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError, match="no file to read"):
        recipe.build([tmp_path / "empty"], tmp_path / "store")


UNREADABLE = [
    (b"", "an empty file"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 9, "a binary that calls itself text"),
    (b" \n\t\n", "only white space"),
]


@pytest.mark.parametrize(("content", "reason"), UNREADABLE, ids=[row[1] for row in UNREADABLE])
def test_an_unreadable_file(filings: Callable[..., Path], tmp_path: Path, content: bytes, reason: str) -> None:
    folder = filings(good_txt=RELEASE, bad_txt=content)
    with pytest.raises(ReadError, match=r"bad\.txt"):
        recipe.build([folder / "bad.txt"], tmp_path / "alone")
    summary = recipe.build([folder], tmp_path / "store")
    assert [issue.stage for issue in summary.issues if "bad.txt" in issue.where] == ["read"], f"{reason}: an Issue names it"
    assert names(tmp_path / "store") == ["good.txt"]


def test_truncated_html_is_read_as_far_as_it_goes(filings: Callable[..., Path], tmp_path: Path) -> None:
    recipe.build([filings(cut_htm=f"<html><body><p>{RELEASE}</p><table><tr><td>and th")], tmp_path / "store")
    assert names(tmp_path / "store") == ["cut.htm"]


@pytest.mark.slow
def test_a_line_of_50_megabytes_ends(filings: Callable[..., Path], tmp_path: Path) -> None:
    folder = filings(good_txt=RELEASE, long_txt="lorem ipsum " * (50_000_000 // 12))
    summary = recipe.build([folder], tmp_path / "store")
    read_whole = "long.txt" in names(tmp_path / "store")
    assert read_whole or [issue for issue in summary.issues if "long.txt" in issue.where], "stored, or an Issue that names the file"
    assert "good.txt" in names(tmp_path / "store")


def test_what_breaks_the_shapes_is_not_stored(filings: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filings(a_txt=RELEASE)
    recipe.build([folder], tmp_path / "store")
    before = lines(tmp_path / "store")
    monkeypatch.setattr(recipe, "validate", lambda quads: [Issue("validate", "a.txt", "a Payment has two payers")])
    (folder / "a.txt").write_text(RELEASE + "\nLintara is in Basel.\n", encoding="utf-8")
    summary = recipe.build([folder], tmp_path / "store")
    assert (summary.documents, summary.issues_by_stage()["validate"]) == (0, 2)
    assert lines(tmp_path / "store") == before, "what was stored before stays"


def test_reading_an_edited_file_again_replaces_it(filings: Callable[..., Path], tmp_path: Path) -> None:
    folder = filings(a_txt=RELEASE)
    recipe.build([folder], tmp_path / "store")
    (folder / "a.txt").write_text(RELEASE.replace("$3 million", "$4 million"), encoding="utf-8")
    recipe.build([folder], tmp_path / "store")
    assert names(tmp_path / "store") == ["a.txt"]
    assert [line for line in lines(tmp_path / "store") if "$3 million" in line] == []


def test_building_twice_changes_nothing(filings: Callable[..., Path], tmp_path: Path) -> None:
    folder = filings(a_txt=RELEASE)
    recipe.build([folder], tmp_path / "store")
    before = lines(tmp_path / "store")
    recipe.build([folder], tmp_path / "store")
    assert lines(tmp_path / "store") == before


def test_two_files_of_one_name_and_text_count_once(filings: Callable[..., Path], tmp_path: Path) -> None:
    summary = recipe.build([filings(one__a_txt=RELEASE, two__a_txt=RELEASE)], tmp_path / "store")
    assert summary.documents == 1
    assert [issue for issue in summary.issues if "kept once" in issue.problem]


def test_workers_do_not_show(filings: Callable[..., Path], tmp_path: Path) -> None:
    folder = filings(**{f"release{number}_txt": RELEASE.replace("$3", f"${number}") for number in range(1, 6)}, bad_txt=b"")
    one, two = (recipe.build([folder], tmp_path / f"store{count}", workers=count) for count in (1, 2))
    assert (one.documents, one.facts, one.quads, one.issues) == (two.documents, two.facts, two.quads, two.issues)
    assert lines(tmp_path / "store1") == lines(tmp_path / "store2")


@pytest.mark.parametrize("is_piped", [False, True])
def test_a_script_without_a_main_guard_builds_in_several_processes(filings: Callable[..., Path], tmp_path: Path, is_piped: bool) -> None:
    folder = filings(**{f"release{number}_txt": RELEASE.replace("$3", f"${number}") for number in range(1, 6)})
    script = tmp_path / "script.py"
    script.write_text(f"import kg\nprint(kg.build([{str(folder)!r}], {str(tmp_path / 'store')!r}, workers=2))\n", encoding="utf-8")
    command = [sys.executable, *([] if is_piped else [str(script)])]
    piped = script.read_text(encoding="utf-8") if is_piped else None
    done = subprocess.run(command, input=piped, capture_output=True, text=True, check=True)
    assert "5 documents" in done.stdout, done.stderr


def test_a_worker_that_dies_costs_its_file_only(filings: Callable[..., Path], tmp_path: Path) -> None:
    files = [filings(a_txt="a", b_txt="b", c_txt="c") / f"{name}.txt" for name in "abc"]
    came = dict(outcomes(files, "base", 2, _die_on_b))
    assert {path.name for path, outcome in came.items() if isinstance(outcome, ReadError)} == {"b.txt"}
    assert list(came) == files


def _die_on_b(path: Path, base: str) -> list[Document]:
    if path.name == "b.txt":
        importlib.import_module("os")._exit(1)  # as the kernel ends a process that takes too much memory
    return []


@pytest.mark.parametrize("workers", [0, -1])
def test_no_workers_is_an_error(filings: Callable[..., Path], tmp_path: Path, workers: int) -> None:
    with pytest.raises(ReadError, match="workers"):
        recipe.build([filings(a_txt=RELEASE)], tmp_path / "store", workers=workers)


def test_a_locked_store_is_named(filings: Callable[..., Path], tmp_path: Path) -> None:
    with Store.open(tmp_path / "store"), pytest.raises(StoreError, match="in use"):
        recipe.build([filings(a_txt=RELEASE)], tmp_path / "store")


def test_interrupted_the_store_is_whole(filings: Callable[..., Path], tmp_path: Path) -> None:
    def interrupt(done: int, total: int, name: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    folder = filings(a_txt=RELEASE, b_txt=RELEASE + "B.\n", c_txt=RELEASE + "C.\n")
    with pytest.raises(KeyboardInterrupt):
        recipe.build([folder], tmp_path / "store", progress=interrupt)
    assert names(tmp_path / "store") == ["a.txt", "b.txt"]


def test_a_fault_of_ours_names_the_file(filings: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(document: Document, apart: frozenset[frozenset[str]]) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(recipe, "find", break_down)
    with pytest.raises(ZeroDivisionError) as caught:
        recipe.build([filings(a_txt=RELEASE)], tmp_path / "store")
    assert any("a.txt" in note for note in caught.value.__notes__)


def packed(path: Path, **contents: str) -> Path:
    """Write a .zip of files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name.replace("_", "."), content)
    return path


def test_what_an_archive_has_no_more_is_taken_back(tmp_path: Path) -> None:
    feed = packed(tmp_path / "feed.zip", a_txt=RELEASE, b_txt=RELEASE.replace("$3", "$4"))
    recipe.build([feed], tmp_path / "store")
    packed(feed, b_txt=RELEASE.replace("$3", "$4"))
    summary = recipe.build([feed], tmp_path / "store")
    recipe.build([feed], tmp_path / "fresh")
    assert names(tmp_path / "store") == ["feed.zip!b.txt"]
    assert lines(tmp_path / "store") == lines(tmp_path / "fresh")
    assert [issue.where for issue in summary.issues if "taken back" in issue.problem] == [str(feed)]


def test_an_archive_that_breaks_off_takes_nothing_back(tmp_path: Path) -> None:
    feed = packed(tmp_path / "feed.zip", a_txt=RELEASE, b_txt=RELEASE.replace("$3", "$4"))
    recipe.build([feed], tmp_path / "store")
    before = lines(tmp_path / "store")
    feed.write_bytes(feed.read_bytes()[:-40])
    summary = recipe.build([feed], tmp_path / "store")
    assert lines(tmp_path / "store") == before
    assert [issue for issue in summary.issues if "feed.zip" in issue.where]


def test_another_archive_or_folder_is_none_of_an_archives(filings: Callable[..., Path], tmp_path: Path) -> None:
    folder = filings(a_txt=RELEASE)
    one, two = (packed(tmp_path / f"{name}.zip", c_txt=RELEASE.replace("$3", f"${name[-1]}")) for name in ("feed5", "feed6"))
    recipe.build([folder, one, two], tmp_path / "store")
    packed(one, d_txt=RELEASE.replace("$3", "$7"))
    recipe.build([one], tmp_path / "store")
    assert names(tmp_path / "store") == ["a.txt", "feed5.zip!d.txt", "feed6.zip!c.txt"]
