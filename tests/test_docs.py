"""README and help keep up with the program: every command, question, relation and exporter is named, every command has an example."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from kg.ask import questions
from kg.cli import app, main
from kg.export import FORMATS

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = sorted(str(command.name) for command in app.registered_commands)
GROUPS = {
    str(group.name): sorted(str(c.name) for c in group.typer_instance.registered_commands)
    for group in app.registered_groups
    if group.typer_instance
}
RELATIONS = sorted(path.stem for path in (ROOT / "kg" / "rules").glob("*.toml") if path.stem not in {"words", "phrases"})


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_two_blocks_are_a_newcomers_commands(readme: str) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)[:2]
    assert [block.strip() for block in blocks] == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/kg demo",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest",
    ]


def test_the_commands_are_those_promised() -> None:
    assert COMMANDS == (
        [
            "ask",
            "build",
            "card",
            "conflicts",
            "coverage",
            "demo",
            "diff",
            "export",
            "forget",
            "inspect",
            "ledger",
            "plot",
            "pull",
            "push",
            "serve",
            "show",
            "sparql",
            "timeline",
            "validate",
            "verify",
            "why",
        ]
    )
    assert GROUPS == {"identity": ["join", "list", "split", "undo"], "reference": ["build", "drop"]}


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_in_readme(readme: str, command: str) -> None:
    assert re.search(rf"\bkg {command}\b", readme)


@pytest.mark.parametrize(("group", "command"), [(group, command) for group, commands in GROUPS.items() for command in commands])
def test_subcommand_is_in_readme_and_has_help_with_an_example(
    readme: str, group: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert re.search(rf"\bkg {group} {command}\b", readme)
    with pytest.raises(SystemExit) as ended:
        main([group, command, "--help"])
    assert ended.value.code == 0
    assert re.search(rf"Examples?:\n +kg {group} {command}\b", capsys.readouterr().out)


@pytest.mark.parametrize("question", sorted(questions()))
def test_question_is_in_readme(readme: str, question: str) -> None:
    assert f"`{question}`" in readme


@pytest.mark.parametrize("relation", RELATIONS)
def test_relation_is_in_readme(readme: str, relation: str) -> None:
    assert f"`{relation}`" in readme


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_exporter_is_in_readme(readme: str, format: str) -> None:
    assert f"`{format}`" in readme


@pytest.mark.parametrize("command", COMMANDS)
def test_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert re.search(rf"Examples?:\n +kg {command}\b", shown), shown


def test_every_dependency_is_explained(readme: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[<>=\[ ]", line)[0] for line in project["dependencies"]]
    assert [name for name in names if name not in readme] == []


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert isinstance(app, typer.Typer)
    assert [command for command in COMMANDS if not re.search(rf"^  {command}\b", shown, re.MULTILINE)] == []
