"""The wheel stands alone: built without a network, installed into a fresh environment, run outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    offline = ["--no-deps", "--no-index", "--no-build-isolation"]
    run([sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", str(folder), str(ROOT)], folder)
    return next(folder.glob("conjugate_kg-*.whl"))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `kg` of a fresh environment that holds the wheel, and sees the dependencies of this one but not the checkout."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    run([sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "--no-deps", "--no-index", str(wheel)], folder)
    site = next(folder.rglob("site-packages"))
    # A line of a .pth file adds a folder without running the .pth files in it, so an editable install of kg there stays unseen.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts / "kg"


def run(command: list[str], cwd: Path) -> str:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("KG_", "PYTHON"))}
    done = subprocess.run(command, cwd=cwd, env=plain, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(folder: str) -> set[str]:
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in found}


def test_wheel_carries_every_data_file(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    in_package, beside = files("kg"), {f"kg/{name}" for name in files("ontology") | files("queries")}
    assert beside and (in_package | beside) - inside == set()
    assert [name for name in inside if not name.startswith(("kg/", "conjugate_kg-"))] == []


def test_wheel_is_typed(wheel: Path) -> None:
    assert "kg/py.typed" in zipfile.ZipFile(wheel).namelist()


def test_the_installed_package_is_not_the_checkout(command: Path, tmp_path: Path) -> None:
    place = run([str(command.parent / "python"), "-c", "import kg; print(kg.__file__)"], tmp_path)
    assert Path(place.strip()).is_relative_to(command.parent.parent)


def test_help_runs_outside_a_checkout(command: Path, tmp_path: Path) -> None:
    assert "demo" in run([str(command), "--help"], tmp_path)


def test_demo_runs_outside_a_checkout(command: Path, tmp_path: Path) -> None:
    shown = run([str(command), "demo", "--out", str(tmp_path / "demo")], tmp_path)
    assert shown.count("--evidence") == 3, "three questions are asked"
    assert "“" in shown, "their sentences are shown"
    assert (tmp_path / "demo" / "graph.html").stat().st_size > 10_000
    assert [path.name for path in tmp_path.iterdir()] == ["demo"], "nothing is left where the user stood"
