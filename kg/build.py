"""Files, folders and globs in, a store of their facts and a summary out: the only module that knows the order of the stages.

Reading runs in worker processes when there is enough to share; the parent alone writes, one transaction per document and in the order of
the paths, so neither the number of workers nor their speed shows in the graph.
"""

from __future__ import annotations

import glob
import hashlib
import os
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType

import pyoxigraph as ox

from kg.errors import ReadError
from kg.extract import extract
from kg.extract.rules import load_rules
from kg.find import find
from kg.model import Document, Issue, Trace
from kg.rdf.quads import quads
from kg.rdf.shapes import validate
from kg.read import read
from kg.resolve import resolve
from kg.store import BASE, Store

Progress = Callable[[int, int, str], None]  # files done, files in all, the file done last

# What a folder is searched for (.nc is EDGAR's form with a tagged header); a file that is named is always read, whatever it is called.
SUFFIXES = frozenset({".htm", ".html", ".md", ".nc", ".txt"})
_FEW = 4  # files; up to here a second process costs more (about a second to start) than it saves
_AHEAD = 4  # files handed out per worker before the oldest is written: keeps workers busy and memory flat


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did. `facts` counts statements by relation; a document read again counts again, though the store holds it once."""

    documents: int
    facts: Mapping[str, int]
    quads: int
    issues: tuple[Issue, ...]
    seconds: float
    store: Path

    def issues_by_stage(self) -> dict[str, int]:
        """Count the Issues of each stage."""
        return dict(sorted(Counter(issue.stage for issue in self.issues).items()))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the stages made of one document: the quads to store, None where they break the shapes. digest is of the file's bytes."""

    document: Document
    digest: str
    quads: tuple[ox.Quad, ...] | None
    facts: Mapping[str, int]
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class _Tally:
    """A summary while it grows. stored maps a document to the file that gave it."""

    version: str
    stored: dict[str, Path] = field(default_factory=dict)
    documents: int = 0
    quads: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)


def build(
    paths: Iterable[str | Path] | str | Path, store_path: str | Path, *, workers: int | None = None, progress: Progress | None = None
) -> Summary:
    """Read every document under the paths into the store; one that is there already is replaced whole.

    workers is at most the number of processors, and by default that where there are more than a few files. Raises ReadError for a path
    that is not there, before anything is read, and for a single file that cannot be read; of several, such a file becomes an Issue.
    Interrupted at any moment, the store holds the documents finished so far, whole.
    """
    start = time.monotonic()
    target = Path(store_path)
    files, unknown = expand([paths] if isinstance(paths, str | Path) else paths, leave_out=target)
    count = _worker_count(len(files), workers)
    tally = _Tally(rules_version(), issues=list(unknown))
    with Store.open(target) as store, store.batch():
        for done, (path, outcome) in enumerate(_outcomes(files, store.base, count), 1):
            if isinstance(outcome, ReadError):
                if len(files) == 1:
                    raise outcome
                tally.issues.append(Issue("read", str(path), str(outcome)))
            else:
                _put(store, path, outcome, tally)
            if progress is not None:
                progress(done, len(files), path.name)
    return Summary(
        tally.documents, dict(sorted(tally.facts.items())), tally.quads, tuple(tally.issues), time.monotonic() - start, target
    )  # fmt: skip


def read_file(path: Path, base: str = BASE) -> list[Reading]:
    """Take one file up the whole ladder: bytes → Document → Mentions → Facts → Statements → Quads, checked against the shapes.

    base is that of the things' IRIs. Raises ReadError for a file that holds no document.
    """
    with _Naming(path):
        contents = read(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return [_climb(document, digest, base) for document in contents.documents]


def trace(path: str | Path) -> list[Trace]:
    """Take one file up the ladder as `build` does, and give all that the stages made of each of its documents; nothing is stored.

    Raises ReadError for a file that holds no document.
    """
    with _Naming(Path(path)):
        documents = read(Path(path)).documents  # the one place from which a trace gets its documents
        return [_trace(document, BASE)[0] for document in documents]


def rules_version() -> str:
    """Digest what decides how a document is read: the program's modules, rules and lexicon."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for file in sorted(file for file in package.rglob("*") if file.suffix in {".py", ".toml"}):
        digest.update(f"{file.relative_to(package).as_posix()}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:12]  # told apart are the versions that one user ever ran


def _climb(document: Document, digest: str, base: str) -> Reading:
    made, stored = _trace(document, base)
    counts = Counter(statement.relation for statement in made.resolution.statements)
    return Reading(document, digest, stored, dict(counts), made.issues)


def _trace(document: Document, base: str) -> tuple[Trace, tuple[ox.Quad, ...] | None]:
    """Take one document up the ladder; beside what each stage made, the quads to store, None where they break the shapes."""
    finding = find(document)
    extraction = extract(document, finding, load_rules())
    resolution = resolve(document, finding, extraction)
    made = quads(document, resolution, base)
    issues = [*document.issues, *finding.issues, *extraction.issues, *resolution.issues]
    faults = validate(made)
    if faults:
        problem = f"not stored: its graph breaks {len(faults)} of the ontology's shapes (listed beside this)"
        issues += [*faults, Issue("validate", document.source.file_name, problem)]
    return Trace(document, finding.mentions, extraction.facts, resolution, tuple(issues)), None if faults else tuple(made)


def _put(store: Store, path: Path, readings: Sequence[Reading], tally: _Tally) -> None:
    """Store and count the documents of one file; one that breaks the shapes only leaves its Issues."""
    # The run record tells a file read again from another one by where it is and what is in it.
    for reading in readings:
        if reading.quads is None:
            tally.issues += reading.issues
            continue
        key = reading.document.source.id
        store.put(key, reading.quads, reading.document.text, str(path.resolve()), digest=reading.digest, version=tally.version)
        if (twin := tally.stored.setdefault(key, path)) != path:
            tally.issues.append(Issue("read", str(path), f"the same name and text as {twin}: kept once"))
            continue
        tally.issues += reading.issues
        tally.documents += 1
        tally.quads += len(reading.quads)
        tally.facts.update(reading.facts)


def expand(paths: Iterable[str | Path], leave_out: Path | None = None) -> tuple[list[Path], list[Issue]]:
    """List the files that the paths mean, sorted and each once, with an Issue for each file of a folder that is of no known kind.

    leave_out is a folder to stay out of: the store itself, which keeps texts. Raises ReadError for a path that is not there and where
    nothing is left to read.
    """
    named = [Path(path).expanduser() for path in paths]
    found: dict[Path, Path] = {}  # each under its real place, so that it is read once however it is reached
    issues: list[Issue] = []
    for path in (match for each in named for match in _matches(each)):
        inside, left = _folder(path, leave_out) if path.is_dir() else ([path], [])
        found.update({file.resolve(): file for file in inside if file.resolve() not in found})
        issues += left
    if not found:
        where = ", ".join(map(str, named)) or "no path given"
        raise ReadError(f"{where}: no file to read; kg looks for {', '.join(sorted(SUFFIXES))} in a folder")
    return sorted(found.values()), issues


def _matches(path: Path) -> list[Path]:
    """Give the path itself or, where there is none such, what it means as a glob that the shell did not expand."""
    if path.exists():
        return [path]
    matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(str(path)) else []
    if not matches:
        raise ReadError(f"{path}: no such file or folder; nothing was read")
    return [Path(match) for match in matches]


def _folder(folder: Path, leave_out: Path | None) -> tuple[list[Path], list[Issue]]:
    """Search a folder, without hidden files and without the folder to stay out of."""
    files: list[Path] = []
    issues: list[Issue] = []
    shut = leave_out.resolve() if leave_out is not None else None
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if shut is not None and path.resolve().is_relative_to(shut):
            continue
        if path.suffix.lower() in SUFFIXES:
            files.append(path)
        else:
            issues.append(Issue("read", str(path), f"left out: {path.suffix or 'a name without suffix'} is no kind that kg reads"))
    return files, issues


def _worker_count(files: int, wanted: int | None) -> int:
    """Choose how many processes read: never more than processors or files."""
    processors = os.cpu_count() or 1
    if wanted is None:
        return 1 if files <= _FEW else min(processors, files)
    if wanted < 1:
        raise ReadError(f"{wanted} workers cannot read anything: give 1 or more")
    return min(wanted, processors, files)


Outcome = list[Reading] | ReadError
Work = Callable[[Path, str], Outcome]


def _outcome(path: Path, base: str) -> Outcome:
    try:
        return read_file(path, base)
    except ReadError as fault:
        return fault


def _outcomes(files: Sequence[Path], base: str, workers: int, work: Work = _outcome) -> Iterator[tuple[Path, Outcome]]:
    """Do the work on each file and yield what came of it, in their order.

    A worker that dies takes the pool with it: the file it is waited for is then read alone in a process of its own, and one that kills
    that one too is given up as unreadable.
    """
    if workers == 1:
        for path in files:
            yield path, work(path, base)
        return
    waiting = deque(files)
    while waiting:
        pool = _pool(workers)
        running: deque[tuple[Path, Future[Outcome]]] = deque()
        try:
            while waiting or running:
                while waiting and len(running) < workers * _AHEAD:
                    running.append((waiting[0], pool.submit(work, waiting[0], base)))
                    waiting.popleft()
                path, future = running[0]
                outcome = future.result()
                running.popleft()
                yield path, outcome
        except BrokenProcessPool:
            waiting.extendleft(path for path, _ in reversed(running))
            path = waiting.popleft()
            yield path, _alone(path, base, work)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _alone(path: Path, base: str, work: Work) -> Outcome:
    with _pool(1) as pool:
        try:
            return pool.submit(work, path, base).result()
        except BrokenProcessPool:
            return ReadError(f"{path}: the process that read it died, most likely for want of memory; nothing of it was stored")


def _pool(workers: int) -> ProcessPoolExecutor:
    """Start worker processes: spawned, for a fork beside threads may hang, and deaf to Ctrl-C, which is the parent's to handle."""
    return ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    )


class _Naming:
    """A context that notes on whatever passes through it which file was being read: a fault of ours must be reproducible."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if fault is not None:
            fault.add_note(f"while reading {self.path}")
