"""What a shell is offered for a half-typed command, asked as the shells ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def offered(typed: str, store: Path, *, shell: str = "bash") -> list[str]:
    """Ask the program as the completion script of a shell does; the last word is the one being typed."""
    environment = {
        **os.environ,
        "KG_STORE": str(store),
        "_KG_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": typed,
        "_TYPER_COMPLETE_ARGS": typed,
    }
    environment |= {"COMP_CWORD": str(len(typed.split(" ")) - 1), "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    command = [sys.executable, "-c", "from kg.cli import main; main()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


CASES = (
    ("kg a", {"ask"}, "commands"),
    ("kg ask mil", {"milestones-earned", "milestones-not-earned"}, "questions"),
    ("kg ask milestones-earned --co", {"--company"}, "a question's parameters"),
    ("kg ask milestones-earned --company ImmunoGen --s", {"--since", "--store"}, "beside the command's own options"),
    ("kg ask milestones-earned --company ImmunoGen --com", set(), "what was given is not offered again"),
    ("kg ask milestones-earned --company genen", {"Genentech"}, "names, whatever their case"),
    ("kg ask no-such-question --co", set(), "nothing for a question that is not there"),
    ("kg why trastuzumab-", {"trastuzumab-DM1"}, "a thing's name"),
    ("kg card immunog", {"immunogen", "immunogen, Inc."}, "the same, as it was typed"),
)


@pytest.mark.parametrize(("typed", "expected", "reason"), CASES, ids=[case[0] for case in CASES])
def test_completion(typed: str, expected: set[str], reason: str, sample_store: Path) -> None:
    assert set(offered(typed, sample_store)) == expected, reason


def test_without_a_store_names_are_silently_none(tmp_path: Path) -> None:
    assert offered("kg card immunog", tmp_path / "nowhere") == []
    assert not (tmp_path / "nowhere").exists()


def test_fish_and_zsh_are_told_what_a_question_asks(sample_store: Path) -> None:
    assert "Milestones that a company has earned" in "\n".join(offered("kg ask milestones-e", sample_store, shell="fish"))
    assert "milestones-earned" in "\n".join(offered("kg ask milestones-e", sample_store, shell="zsh"))


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed here")
def test_bash_runs_the_script_that_is_installed(tmp_path: Path, sample_store: Path) -> None:
    environment = {**os.environ, "KG_STORE": str(sample_store)}
    program = tmp_path / "kg"
    program.write_text(f"#!{sys.executable}\nfrom kg.cli import main\nmain()\n", encoding="utf-8")
    program.chmod(0o755)
    script = subprocess.run(
        [program], env={**environment, "_KG_COMPLETE": "source_bash"}, capture_output=True, text=True, check=True
    ).stdout
    (tmp_path / "complete.sh").write_text(script, encoding="utf-8")
    asked = "source complete.sh; COMP_WORDS=(kg ask milestones-e); COMP_CWORD=2; _kg_completion kg; echo ${COMPREPLY[@]}"
    environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
    done = subprocess.run(["bash", "-c", asked], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["milestones-earned"]
