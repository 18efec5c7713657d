"""The house's rules, checked by the tools that know them: style, types, the direction of imports, and what no tool checks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "kg").rglob("*.py"))
SOURCES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]
TEXTS = [
    path
    for place in ("kg", "tests", "ontology", "queries", ".ci", "pyproject.toml", "README.md")
    for path in ([ROOT / place] if (ROOT / place).is_file() else sorted((ROOT / place).rglob("*")))
    if path.is_file() and path.suffix not in {".pyc", ".png"} and "__pycache__" not in path.parts and not path.name.startswith("yasgui.")
]  # yasgui.* is another's work, unchanged, and names many hosts
LONGEST = 400  # lines of a module: above it there are two ideas in it


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff() -> None:
    run(sys.executable, "-m", "ruff", "check", "--no-cache", ".")


def test_mypy() -> None:
    run(sys.executable, "-m", "mypy", "--strict")


def test_import_contracts() -> None:
    run(str(Path(sys.executable).parent / "lint-imports"), "--no-cache")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_one_idea(path: Path) -> None:
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST, f"{length} lines: split it by idea"


def test_nothing_is_caught_blindly() -> None:
    # "except Exception" turns a fault of ours into an empty answer.
    blind = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or re.search(r"\b(?:Base)?Exception\b", ast.unparse(node.type)))
    ]
    assert blind == []


def test_only_the_store_opens_the_engine() -> None:
    # Oxigraph loses updates of two writers in silence: one module writes, under one lock.
    opened = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if "store" not in path.relative_to(ROOT).parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if ast.unparse(node) in {"ox.Store", "pyoxigraph.Store"}
        or (isinstance(node, ast.ImportFrom) and node.module == "pyoxigraph" and any(name.name == "Store" for name in node.names))
    ]
    assert opened == []


def test_every_lint_exception_says_why() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"#\s*noqa(?::\s*[A-Z0-9, ]+)?\s*$|#\s*type:\s*ignore(?:\[[\w, -]+\])?\s*$", line)
    ]
    assert bare == []


def test_nothing_is_left_to_do() -> None:
    words = re.compile("TO" + r"DO\b|FIX" + r"ME\b|XX" + r"X\b")  # spelt so that this line is not found
    left = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]
    assert left == []


def test_no_file_knows_this_machine() -> None:
    # Paths of a developer's machine and hosts of package registries have no place in a project that others clone.
    foreign = re.compile("/ro" + r"ot/|/ho" + r"me/\w|/wo" + r"rk/|py" + r"pi\.org|files\.pythonho" + r"sted|registry\.n" + "pmjs")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in TEXTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if foreign.search(line)
    ]
    assert found == []
