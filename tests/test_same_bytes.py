"""The same filings give the same bytes, whatever their order, the number of processes, the hash seed, or the place they lie in."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow

# Builds the files in the order given, all at once or one a call, and writes N-Quads.
SCRIPT = """
import sys
from pathlib import Path
from kg.build import build
from kg.graph import Graph

store, out, workers, at_once, *files = sys.argv[1:]
for batch in [files] if at_once == "True" else [[file] for file in files]:
    build(batch, store, workers=int(workers))
with Graph.open(store) as graph:
    graph.export("nquads", Path(out))
"""

WAYS = [
    (1, "1", False, True, 1, "shuffled, another hash seed"),
    (2, "12345", False, True, 2, "shuffled otherwise, in two processes, a third hash seed"),
    (3, "0", True, False, 1, "elsewhere, one file a call"),
]


def build(files: list[Path], folder: Path, seed: str, at_once: bool, workers: int) -> bytes:
    folder.mkdir()
    command = [sys.executable, "-c", SCRIPT, str(folder / "store"), str(folder / "graph.nq"), str(workers), str(at_once), *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return (folder / "graph.nq").read_bytes()


@pytest.fixture(scope="module")
def files() -> list[Path]:
    return sorted(path for path in (ROOT / "kg" / "samples").iterdir() if path.is_file())


@pytest.fixture(scope="module")
def first(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return build(files, tmp_path_factory.mktemp("first") / "build", "0", at_once=True, workers=1)


@pytest.mark.parametrize(("shuffle", "seed", "is_moved", "at_once", "workers", "reason"), WAYS, ids=[row[-1] for row in WAYS])
def test_same_bytes(
    first: bytes, files: list[Path], tmp_path: Path, shuffle: int, seed: str, is_moved: bool, at_once: bool, workers: int, reason: str
) -> None:
    shuffled = random.Random(shuffle).sample(files, len(files))
    if is_moved:
        shuffled = [Path(shutil.copy(path, tmp_path)) for path in shuffled]
    assert first.count(b"\n") > 100
    assert build(shuffled, tmp_path / "build", seed, at_once, workers) == first, reason
