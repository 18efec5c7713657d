"""Folders of filings in, the speed of reading alone out: kg beside edgartools and beside bare lxml, on the same pages in one run.

    pip install -e '.[bench]'
    python tests/bench/reading.py FOLDER…

Every HTML document of the filings is taken out of its submission first; then each contender gets the same bytes, in turn, a few times, and
its best time counts. `lxml` only parses into a tree, which is the practical limit of what a reader in Python can reach. `edgartools` makes
its own document of each page. `kg` goes all the way: stored text, sections, sentences with their offsets, date and issuer. The last line is
for the whole files, plain text and submissions with it, where lxml parses whatever it is given.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from lxml import etree

from kg.errors import ReadError
from kg.read import read_bytes
from kg.read.edgar import is_submission, parse_submission
from kg.read.html import is_html

Page = tuple[str, bytes]

ROUNDS = 5  # the best of so many counts: what else runs on a machine only ever slows a round down
TIMES_EDGARTOOLS = 10  # at least so many times as fast
TIMES_LXML = 4  # at most so many times as slow


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit code 1 where kg misses a ratio and --check asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--check", action="store_true", help="fail where a ratio is missed")
    options = parser.parse_args(arguments)
    files = [(path.name, path.read_bytes()) for folder in options.folders for path in sorted(folder.rglob("*")) if path.is_file()]
    pages = html_pages(files)
    if not pages:
        parser.error("no HTML document in these folders")
    contenders: dict[str, Callable[[], object]] = {"lxml": lambda: bare_lxml(pages), "kg": lambda: read_all(pages)}
    edgartools = load_edgartools()
    if edgartools is not None:
        contenders["edgartools"] = lambda: [edgartools(page) for page in decoded(pages)]
    times = best_times(contenders, options.rounds)
    print(f"{len(pages)} HTML documents, {size(pages) / 1e6:.1f} MB")
    print(f"{'':12}{'MB/s':>8}{'docs/s':>9}{'s':>8}   kg takes")
    for name, seconds in sorted(times.items(), key=lambda item: item[1]):
        ratio = times["kg"] / seconds
        told = "" if name == "kg" else f"{ratio:.2f} times as long" if ratio > 1 else f"1/{1 / ratio:.1f} of the time"
        print(f"{name:12}{size(pages) / 1e6 / seconds:8.1f}{len(pages) / seconds:9.0f}{seconds:8.3f}   {told}")
    if edgartools is None:
        print("edgartools is not installed: pip install -e '.[bench]'")
    whole = best_times({"lxml": lambda: bare_lxml(files), "kg": lambda: read_all(files)}, options.rounds)
    print(
        f"whole files: {len(files)}, {size(files) / 1e6:.1f} MB; kg {size(files) / 1e6 / whole['kg']:.1f} MB/s,"
        f" {whole['kg'] / whole['lxml']:.2f} times as long as lxml"
    )
    missed = times["kg"] > TIMES_LXML * times["lxml"] or ("edgartools" in times and times["edgartools"] < TIMES_EDGARTOOLS * times["kg"])
    return 1 if options.check and missed else 0


def html_pages(files: Sequence[Page]) -> list[Page]:
    """Take the HTML documents out of files and submissions."""
    pages: list[Page] = []
    for name, data in files:
        bodies = [member.body for member in parse_submission(data).members] if is_submission(data) else [data]
        pages += [(f"{number}-{name}.htm", body) for number, body in enumerate(bodies) if is_html(body, name)]
    return pages


def bare_lxml(pages: Sequence[Page]) -> None:
    """Parse each page into a tree and drop it."""
    for _, data in pages:
        with contextlib.suppress(etree.ParserError):
            etree.HTML(data)


def read_all(pages: Sequence[Page]) -> None:
    """Read each page with kg."""
    for name, data in pages:
        with contextlib.suppress(ReadError):
            read_bytes(data, name)


def load_edgartools() -> Callable[[str], object] | None:
    """Give edgartools' parser of a page, None where it is not installed."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    try:
        from edgar.documents import parse_html
    except ImportError:
        return None

    def parse(page: str) -> object:
        with contextlib.redirect_stderr(io.StringIO()):
            try:
                return parse_html(page)
            except Exception:  # what it makes of a page is its own affair
                return None

    return parse


def decoded(pages: Sequence[Page]) -> list[str]:
    """Decode pages, as edgartools wants text."""
    return [data.decode("utf-8", errors="replace") for _, data in pages]


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


def size(pages: Sequence[Page]) -> int:
    """Count bytes."""
    return sum(len(data) for _, data in pages)


if __name__ == "__main__":
    sys.exit(main())
