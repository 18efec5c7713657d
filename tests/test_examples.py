"""Every example runs from its first line to its last, and prints what it promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "examples"
PROMISED = {
    "analyst.ipynb": ["This event triggers", "Occurred Genentech -> ImmunoGen, Inc. 5000000 USD"],
    "engineer.py": ["5000000"],
    "frames.ipynb": [],
    "network.py": ["ImmunoGen", "companies"],
}


def code_of(path: Path) -> str:
    """Give the code of a script or of a notebook's cells, in order."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    if name == "frames.ipynb":
        pytest.importorskip("pandas", reason="needs pandas")
    monkeypatch.chdir(tmp_path)
    exec(compile(code_of(FOLDER / name), name, "exec"), {"__name__": "__main__"})
    said = capsys.readouterr().out
    for words in PROMISED[name]:
        assert words in said


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_hold_no_output_that_could_go_stale(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells if cell["cell_type"] == "code")


def test_readme_leads_to_each_example() -> None:
    readme = (FOLDER.parent.parent / "README.md").read_text(encoding="utf-8")
    assert all(f"docs/examples/{path.name}" in readme for path in FOLDER.iterdir())
