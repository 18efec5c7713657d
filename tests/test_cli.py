"""The command line: what each command prints, what goes to stderr, and one clear line with exit code 2 for whatever is wrong."""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.cli import main, terminal
from kg.cli.results import as_markdown, as_records
from kg.store import Answer, Store, Term

ROOT = Path(__file__).resolve().parent.parent


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_STORE", raising=False)

    def call(*arguments: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, out, err)

    return call


@pytest.fixture
def ask(run: Run, sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command over the samples' store."""
    monkeypatch.setenv("KG_STORE", str(sample_store))
    return run


NAMES = "SELECT ?name { ?c a kg:Company ; rdfs:label ?name } ORDER BY ?name"


def test_build_reads_and_sums_up(run: Run) -> None:
    done = run("build", str(ROOT / "kg" / "samples"), "--store", "mine")
    assert done.code == 0
    assert "store: mine" in done.out and " documents, " in done.out and " s\n" in done.out
    assert Path("mine/store.json").exists()


def test_ask_without_a_name_lists_the_library(run: Run) -> None:
    done = run("ask")
    assert done.code == 0 and "milestones-earned" in done.out and "--company" in done.out


def test_ask(ask: Run) -> None:
    done = ask("ask", "milestones-earned", "--company", "immunogen")
    assert done.code == 0 and "ImmunoGen" in done.out


def test_ask_takes_a_value_after_an_equals_sign(ask: Run) -> None:
    assert ask("ask", "milestones-earned", "--company=immunogen") == ask("ask", "milestones-earned", "--company", "immunogen")


def test_ask_with_evidence_shows_the_sentences(ask: Run) -> None:
    plain, with_evidence = ask("ask", "milestones-earned"), ask("ask", "milestones-earned", "--evidence")
    assert "“" not in plain.out and "“" in with_evidence.out and "characters " in with_evidence.out


def test_help_of_a_question_shows_its_parameters(run: Run) -> None:
    done = run("ask", "milestones-earned", "--help")
    assert done.code == 0 and "--company" in done.out and "--since" in done.out and "optional" in done.out


def test_ask_formats(ask: Run) -> None:
    records = json.loads(ask("ask", "milestones-earned", "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(ask("ask", "milestones-earned", "--format", "csv").out)))
    lines = ask("ask", "milestones-earned", "--format", "md").out.splitlines()
    assert len(records) == len(rows) == len(lines) - 2 > 0
    assert records[0]["milestone"] == rows[0]["milestone"]


def test_sparql_formats(ask: Run) -> None:
    names = [row["name"] for row in csv.DictReader(io.StringIO(ask("sparql", NAMES, "--format", "csv").out, newline=""))]
    assert names == sorted(names) and "Genentech" in names
    assert json.loads(ask("sparql", NAMES, "--format", "json").out)["results"]["bindings"][0]["name"]["value"] == names[0]
    assert ask("sparql", NAMES, "--format", "tsv").out.startswith('?name\n"')
    assert ask("sparql", NAMES, "--format", "xml").out.startswith("<?xml")
    construct = ask("sparql", "CONSTRUCT { ?c rdfs:label ?n } WHERE { ?c a kg:Company ; rdfs:label ?n }")
    assert '"Genentech"' in construct.out and "rdfs:label" in construct.out


def test_sparql_ask_says_yes_or_no(ask: Run) -> None:
    assert ask("sparql", "ASK { ?c a kg:Company }").out == "yes\n"


def test_sparql_from_file_and_stdin(ask: Run) -> None:
    Path("names.rq").write_text(NAMES, encoding="utf-8")
    assert ask("sparql", "names.rq").out == ask("sparql", "-", stdin=NAMES).out == ask("sparql", NAMES).out


def test_a_piped_table_holds_full_values(ask: Run) -> None:
    done = ask("sparql", 'SELECT ?x { VALUES ?x { "' + "long " * 200 + 'end" } }')
    assert "long " * 200 + "end" in done.out


def test_why(ask: Run) -> None:
    done = ask("why", "trastuzumab-DM1")
    assert done.code == 0 and "“" in done.out and "Stated" in done.out and ".txt" in done.out


def test_show(ask: Run) -> None:
    done = ask("show", "--focus", "Genentech", "--out", "near.html")
    assert done.code == 0 and "near.html" in done.out and Path("near.html").stat().st_size > 10_000


def test_export_to_stdout_and_to_a_file(ask: Run, sample_store: Path) -> None:
    command = [sys.executable, "-m", "kg", "export", "--format", "nquads", "--out", "-", "--store", str(sample_store)]
    piped = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    done = ask("export", "--format", "nquads", "--out", "graph.nq")
    assert (done.code, done.out) == (0, "") and "graph.nq" in done.err
    assert piped == Path("graph.nq").read_bytes() and piped.count(b"\n") > 100


def test_validate(ask: Run) -> None:
    done = ask("validate")
    assert done.code == 0 and "all conform" in done.out


def test_validate_shows_violations(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = importlib.import_module("kg.model").Issue("validate", "payment/1", "two payers")
    report = importlib.import_module("kg.rdf.shapes").Report(False, (issue,), 1)
    monkeypatch.setattr("kg.graph.validate_all", lambda quads: report)
    done = ask("validate")
    assert (done.code, "two payers" in done.out, "not all conform" in done.out) == (1, True, True)


def test_validate_of_an_empty_store_is_no_success(run: Run) -> None:
    Store.open(Path("empty")).close()
    done = run("validate", "--store", "empty")
    assert done.code == 2 and "kg build" in done.err


WRONG = [
    (["build", "nowhere"], "nowhere", "a missing path"),
    (["build", "empty.txt"], "empty.txt", "an empty file"),
    (["build", "binary.txt"], "binary.txt", "a binary"),
    (["build"], "PATH", "no path"),
    (["ask", "no-such-question"], "no-such-question", "an unknown question"),
    (["ask", "no-such-question", "--help"], "no-such-question", "help of an unknown question"),
    (["ask", "milestones-earned", "--colour", "red"], "colour", "an unknown parameter"),
    (["ask", "milestones-earned", "--company"], "company", "a parameter without its value"),
    (["ask", "milestones-earned", "red"], "red", "a stray word"),
    (["ask", "milestones-earned", "--company", "Nobody At All"], "Nobody At All", "an unknown name"),
    (["ask", "milestones-earned", "--since", "soon"], "soon", "a date that is none"),
    (["ask", "milestones-earned", "--format", "pdf"], "pdf", "an unknown format"),
    (["ask", "agreements-between"], "company", "a required parameter is missing"),
    (["sparql", "SELECT ?x WHERE { ?x"], "not closed", "a syntax error"),
    (["sparql", "SELECT ?x { ?x ?y }"], "line 1", "a syntax error with its place"),
    (["sparql", "DROP ALL"], "DROP ALL", "neither query nor file"),
    (["sparql", "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"], "refused", "an update"),
    (["sparql", "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"], "SERVICE", "a query that would leave this machine"),
    (["sparql", NAMES, "--format", "turtle"], "turtle", "rows are no triples"),
    (["sparql", NAMES, "--format", "pdf"], "pdf", "an unknown result format"),
    (["why", "Genentec"], "Genentech", "a name that nobody has, with the nearest"),
    (["why", "trastuzumab-DM1", "hasPayload", "Genentech"], "does not say", "a statement that nobody makes"),
    (["show", "--focus", "Nobody At All"], "Nobody At All", "an unknown focus"),
    (["show", "--out", "missing/graph.html"], "missing", "a folder that is not there"),
    (["export", "--format", "docx", "--out", "x"], "docx", "an unknown export format"),
    (["export", "--format", "nquads", "--out", "missing/x.nq"], "missing", "an export into a folder that is not there"),
    (["validate", "--store", "nowhere"], "kg build", "no store"),
    (["unheard-of"], "unheard-of", "an unknown command"),
]


@pytest.mark.parametrize(("arguments", "named", "reason"), WRONG, ids=[row[2] for row in WRONG])
def test_what_is_wrong_is_named_and_ends_with_2(ask: Run, sample_store: Path, arguments: list[str], named: str, reason: str) -> None:
    Path("empty.txt").write_bytes(b"")
    Path("binary.txt").write_bytes(bytes(range(256)) * 40)
    target = ["--store", "other"] if arguments[:1] == ["build"] else []
    done = ask(*arguments, *target)
    assert done.code == 2, reason
    assert named in done.err and "Traceback" not in done.err, done.err
    assert done.out == "", "nothing that could be taken for an answer"


def test_a_syntax_error_has_a_caret_under_it(ask: Run) -> None:
    lines = ask("sparql", "SELECT ?x { ?x ?y }").err.splitlines()
    assert lines[0].startswith("kg: ") and lines[-1].strip() == "^"


def test_a_locked_store_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Lintara AG is in Basel.\n", encoding="utf-8")
    with Store.open(tmp_path / "held"):
        done = run("build", "a.txt", "--store", str(tmp_path / "held"))
    assert done.code == 2 and "held" in done.err and "in use" in done.err


def test_an_interrupted_build_says_what_is_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.cli.build", interrupt)
    done = run("build", "a.txt")
    assert done.code == 130 and "interrupted" in done.err


HOSTILE = [
    ("\x1b[31mred", "\\x1b[31mred", "an escape sequence"),
    ("a\u202eb", "a\\u202eb", "a direction override"),
    ("[bold]x[/bold]", "[bold]x[/bold]", "rich's markup"),
    (":smile:", ":smile:", "an emoji's name"),
    ("two\nlines", "two lines", "a line break"),
    ("\u9b5a", "\u9b5a", "a wide character is left alone"),
]


@pytest.mark.parametrize(("text", "shown", "reason"), HOSTILE, ids=[row[2] for row in HOSTILE])
def test_untrusted_text_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str], text: str, shown: str, reason: str) -> None:
    terminal.say(text)
    terminal.table(("name",), [(text,)])
    terminal.fail(text.replace("\n", " "))
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == shown and out.splitlines()[-1] == shown and err.splitlines()[0] == f"kg: {shown}", reason


def test_markdown_cells_stay_cells() -> None:
    answer = Answer(("name",), [(literal("a|b <img src=x>"),)])
    assert as_markdown(answer).splitlines()[-1] == r"| a\|b \<img src=x\> |"


NUMBERS = [("5000000", "integer", "5000000"), ("2.5", "decimal", "2.5"), ("12345678901234567890", "integer", '"12345678901234567890"')]


@pytest.mark.parametrize(("value", "kind", "written"), NUMBERS)
def test_records_never_round(value: str, kind: str, written: str) -> None:
    assert f'"n": {written}' in as_records(Answer(("n",), [(literal(value, kind),)]))


def literal(value: str, kind: str = "string") -> Term:
    ox = importlib.import_module("pyoxigraph")
    term: Term = ox.Literal(value, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))
    return term


def test_no_colour_unless_someone_looks(sample_store: Path) -> None:
    plain = {**os.environ, "KG_STORE": str(sample_store), "TERM": "xterm-256color"}
    piped = subprocess.run(
        [sys.executable, "-m", "kg", "why", "Genentech"], cwd=ROOT, env=plain, capture_output=True, text=True, check=True
    )
    assert "\x1b" not in piped.stdout + piped.stderr


def test_a_closed_pipe_is_no_fault(sample_store: Path) -> None:
    command = f'"{sys.executable}" -m kg export --format nquads --out - --store "{sample_store}" | head -n 1'
    done = subprocess.run(command, cwd=ROOT, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1 and "Traceback" not in done.stderr


def test_export_of_a_part(ask: Run, tmp_path: Path) -> None:
    done = ask("export", "--format", "tables", "--question", "milestones-earned --company 'ImmunoGen'", "--out", str(tmp_path / "t"))
    assert done.code == 0 and {"Milestone.csv", "Statement.csv", "void.ttl"} <= {path.name for path in (tmp_path / "t").iterdir()}
    done = ask("export", "--format", "turtle", "--class", "Payload", "--licence", "https://example.org/l", "--out", str(tmp_path / "p.ttl"))
    assert done.code == 0 and "<https://example.org/l>" in (tmp_path / "p.ttl.void.ttl").read_text()
    done = ask("export", "--format", "nquads", "--no-description", "--rdf12", "--out", str(tmp_path / "g.nq"))
    assert done.code == 0 and not (tmp_path / "g.nq.void.ttl").exists() and b"<<(" in (tmp_path / "g.nq").read_bytes()
    done = ask("export", "--format", "ntriples", "--construct", "CONSTRUCT { ?c a kg:Company } { ?c a kg:Company }", "--out", "-")
    assert done.code == 0 and "company/immunogen" in done.out
    assert ask("export", "--format", "nquads", "--question", "x 'y", "--out", "-").code == 2


def test_push_and_pull_to_nobody(ask: Run, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.remote.client._FIRST_PAUSE", 0.0)
    for arguments in (["push", "http://127.0.0.1:9"], ["pull", "http://127.0.0.1:9", "--out", str(tmp_path / "x.nq")], ["push", "deals"]):
        done = run(*arguments) if arguments[0] == "pull" else ask(*arguments)
        assert done.code == 2 and ("refused" in done.err or "begins with http" in done.err)
    assert not (tmp_path / "x.nq").exists()
