"""Files, folders and globs in, a store of their facts and a summary out: the only module that knows the order of the stages.

Reading runs in worker processes when there is enough to share; the parent alone writes, one transaction per document and in the order of
the paths, so neither the number of workers nor their speed shows in the graph.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import TracebackType

import pyoxigraph as ox

from kg.background import REFERENCE, load_entries, reference_quads, reference_telling
from kg.decisions import Decisions, decisions_path, load_decisions
from kg.errors import ReadError, StoreError
from kg.extract import extract
from kg.extract.near import near
from kg.extract.rules import load_rules
from kg.find import find
from kg.key import key_hash
from kg.model import Document, Issue, Trace
from kg.rdf.iri import thing
from kg.rdf.quads import quads
from kg.rdf.rename import judgement_quads, renamed
from kg.rdf.shapes import validate
from kg.read import is_packed
from kg.resolve import resolve
from kg.resolve.across import join
from kg.resolve.telling import from_json, telling_of, to_json
from kg.resolve.unread import unread
from kg.sources import File, expand, files_of
from kg.store import BASE, Store
from kg.workers import outcomes, worker_count

Progress = Callable[[int, int, str], None]  # files done, files in all, the file done last
# Quotations, names of files and numbers, "8-K" left whole
_PARTICULAR = re.compile(r"""“[^”]*”|"[^"]*"|'[^']*'|<[^>]*>|(?<!\S)\S+(?:/|[^\s/]\.(?=[a-z]))\S*\w|(?<![\w-])\d[\d,.]*(?![\w-])""")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did. `facts` counts statements by relation; a document read again counts again, though the store holds it once."""

    documents: int
    facts: Mapping[str, int]
    quads: int
    issues: tuple[Issue, ...]
    seconds: float
    store: Path
    skipped: Mapping[str, int] = field(default_factory=dict)  # parts of filings passed over, by kind: {"GRAPHIC": 3, "form 4": 1}
    unchanged: int = 0  # documents of files that were read before, by the same rules, and are as they were: not read again

    def issues_by_stage(self) -> dict[str, int]:
        """Count the Issues of each stage."""
        return dict(sorted(Counter(issue.stage for issue in self.issues).items()))

    def issues_by_kind(self) -> dict[tuple[str, str], int]:
        """Count the Issues of each stage and kind, most frequent first; a kind is the problem without what it quotes, counts or names."""
        kinds = Counter((issue.stage, _PARTICULAR.sub("…", issue.problem)) for issue in self.issues)
        return dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the stages made of one document: the quads to store, None where they break the shapes. digest is of the file's bytes."""

    document: Document
    digest: str
    quads: tuple[ox.Quad, ...] | None
    telling: str  # what it tells of names and events, to be compared with what other documents tell
    facts: Mapping[str, int]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one file gave: its readings, how many parts of each kind were passed over, and the Issues of reading the file itself."""

    readings: tuple[Reading, ...]
    skipped: Mapping[str, int]
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class _Tally:
    """A summary while it grows. stored maps a document to the file that gave it."""

    version: str
    stored: dict[str, str] = field(default_factory=dict)
    documents: int = 0
    unchanged: int = 0
    quads: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)


def build(
    paths: Iterable[str | Path] | str | Path, store_path: str | Path, *,
    workers: int | None = None, progress: Progress | None = None, again: bool = False,
) -> Summary:  # fmt: skip
    """Read every document under the paths into the store; one that is there already is replaced whole.

    A file whose bytes and whose rules are those of the last time is not read again, unless `again` asks for it. What a person decided on
    identity (`kg.decisions`) is honoured.

    workers is at most the number of processors, and by default that where there are more than a few files. Raises ReadError for a path
    that is not there, before anything is read, and for a single file that cannot be read; of several, such a file becomes an Issue.
    Interrupted at any moment, the store holds the documents finished so far, whole.
    """
    start = time.monotonic()
    target = Path(store_path)
    paths, unknown = expand([paths] if isinstance(paths, str | Path) else paths, leave_out=target)
    packed = any(map(is_packed, paths))
    count = worker_count(len(paths), workers, packed)
    decisions = load_decisions(decisions_path(target))
    apart = decisions.pairs("split")
    tally = _Tally(rules_version(apart), issues=list(unknown))
    done: dict[Path, list[str]] = {}  # the places of the files come from each
    with Store.open(target) as store, store.batch():

        def changed() -> Iterator[File]:
            for file in files_of(paths):
                known = [] if again else _unchanged(store, file, tally.version)
                if known:
                    tally.unchanged += sum(document not in tally.stored for document in known)
                    tally.stored.update({document: str(file) for document in known if document not in tally.stored})
                    done.setdefault(file.path, []).append(file.place)
                else:
                    yield file

        for file, outcome in outcomes(changed(), store.base, count, partial(_outcome, apart=frozenset(map(frozenset, apart)))):
            if isinstance(outcome, ReadError):
                if len(paths) == 1 and not packed:
                    raise outcome
                tally.issues.append(Issue("read", str(file), str(outcome)))
            else:
                _put(store, file, outcome, tally)
            done.setdefault(file.path, []).append("" if file.problem else file.place)
            if progress is not None:
                progress(len(done), len(paths), file.member or file.path.name)
        for path in filter(is_packed, paths):
            if "" not in (places := done.get(path, [""])):  # one that breaks off says nothing of what would have come
                for document in store.settle(str(path.resolve()), frozenset(places)):
                    tally.issues.append(Issue("read", str(path), f"has no more what gave {document}, which was taken back"))
        settle(store, decisions)
    return Summary(
        tally.documents, dict(sorted(tally.facts.items())), tally.quads, tuple(tally.issues), time.monotonic() - start, target,
        dict(sorted(tally.skipped.items())), tally.unchanged,
    )  # fmt: skip


def _unchanged(store: Store, file: File, version: str) -> list[str]:
    """List the keys of the documents that a file gave when it was read last, where the same would come of it now; [] where not.

    The texts that the documents' sentences lie in must be whole: reading a file again is how a build mends them.
    """
    record = store.record_of(file.place)
    if record is None or record.version != version or file.problem or record.digest != file.digest():
        return []
    return [document.removeprefix(store.base) for document in record.documents] if all(map(store.is_whole, record.documents)) else []


def settle(store: Store, decisions: Decisions) -> int:
    """Call the things and events of each document by what all documents know of them; give how many documents had to be rewritten.

    The outcome depends on the documents that the store holds, not on the order in which they came: what was read of each is kept, and a
    document is rewritten from that whenever what joins its names with those of others changes.
    """
    told = store.tellings()
    known = [reference_telling(load_entries())] if store.graph(store.base + REFERENCE) else []
    joining = join([*known, *(from_json(telling) for _, telling, _ in told)], decisions.pairs("join"), decisions.pairs("split"))
    program = rules_version()
    count = 0
    for document, _, state in told:
        key = document.removeprefix(store.base)
        names = joining.names.get(key, {})
        node = thing(store.base, key)
        judged = {
            line
            for v in joining.verdicts.get(key, ())
            for line in judgement_quads(store.base, node, v.left, v.right, v.key, v.rule, v.reason, v.at)
        }
        digest = key_hash(program, sorted(map(str, judged)))
        wanted = json.dumps({"by": digest, "names": names}, sort_keys=True) if names or judged else ""
        if wanted != state:
            store.rewrite(key, renamed(store.as_read(key), node, names, store.base) | judged, wanted)
            count += 1
    return count


def forget(documents: Iterable[str], store_path: str | Path) -> None:
    """Take documents back with all that came from them, and what they alone joined; raises StoreError where one is not in the store."""
    target = Path(store_path)
    decisions = load_decisions(decisions_path(target))
    documents = list(documents)
    with Store.open(target) as store, store.batch():
        missing = [document for document in documents if not store.has(document)]
        if missing:
            raise StoreError(f"the store has no document {missing[0]}")
        for document in documents:
            store.forget(document)
        settle(store, decisions)


def build_reference(store_path: str | Path, tables: Path | None = None) -> int:
    """Put background knowledge into a store's reference graph and join names by it; give how many documents were rewritten.

    tables is a folder of tables such as those that come with the program. Raises ReadError for a table that is damaged.
    """
    target = Path(store_path)
    entries = load_entries(tables)
    with Store.open(target) as store, store.batch():
        store.put_reference(reference_quads(store.base, entries, tables))
        return settle(store, load_decisions(decisions_path(target)))


def drop_reference(store_path: str | Path) -> int:
    """Take background knowledge out of a store, and apart what it alone joined; give how many documents were rewritten."""
    target = Path(store_path)
    with Store.open(target) as store, store.batch():
        store.put_reference(())
        return settle(store, load_decisions(decisions_path(target)))


def read_file(file: File | Path, base: str = BASE, apart: frozenset[frozenset[str]] = frozenset()) -> Harvest:
    """Take one file up the whole ladder: bytes → Document → Mentions → Facts → Statements → Quads, checked against the shapes.

    base is that of the things' IRIs; apart are pairs of keys of things that no text joins. Raises ReadError for a file that cannot be
    read.
    """
    file = File(file) if isinstance(file, Path) else file
    with _Naming(file):
        contents, digest = file.read()
        return Harvest(tuple(_climb(document, digest, base, apart) for document in contents.documents), contents.skipped, contents.issues)


def trace(path: str | Path) -> list[Trace]:
    """Take one file up the ladder as `build` does, and give all that the stages made of each of its documents; nothing is stored.

    Raises ReadError for a file that holds no document.
    """
    made = trace_file(File(Path(path)))
    return [replace(each, near=near(each.document, each)) for each in made]


def trace_file(file: File) -> list[Trace]:
    """Trace a file, which may be one of an archive. Raises ReadError for a file that holds no document."""
    with _Naming(file):
        return [_trace(document, BASE)[0] for document in file.read()[0].documents]


def rules_version(apart: Iterable[tuple[str, str]] = ()) -> str:
    """Digest what decides how a document is read: the program's modules, rules and lexicon, and the names that a person keeps apart."""
    digest = hashlib.sha256("".join(f"{left}\0{right}\0" for left, right in sorted(apart)).encode())
    package = Path(__file__).parent
    for file in sorted(file for file in package.rglob("*") if file.suffix in {".py", ".toml"}):
        digest.update(f"{file.relative_to(package).as_posix()}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:12]  # told apart are the versions that one user ever ran


def _climb(document: Document, digest: str, base: str, apart: frozenset[frozenset[str]]) -> Reading:
    made, stored = _trace(document, base, apart)
    counts = Counter(statement.relation for statement in made.resolution.statements)
    telling = to_json(telling_of(document, made.mentions, made.resolution))
    return Reading(document, digest, stored, telling, dict(counts), made.issues)


def _trace(document: Document, base: str, apart: frozenset[frozenset[str]] = frozenset()) -> tuple[Trace, tuple[ox.Quad, ...] | None]:
    """Take one document up the ladder; beside what each stage made, the quads to store, None where they break the shapes."""
    finding = find(document, apart)
    extraction = extract(document, finding, load_rules())
    resolution = resolve(document, finding, extraction)
    made = quads(document, resolution, base, unread(document, resolution.statements))
    issues = [*document.issues, *finding.issues, *extraction.issues, *resolution.issues]
    faults = validate(made)
    if faults:
        problem = f"not stored: its graph breaks {len(faults)} of the ontology's shapes (listed beside this)"
        issues += [*faults, Issue("validate", document.source.file_name, problem)]
    return Trace(document, finding.mentions, extraction.facts, resolution, tuple(issues)), None if faults else tuple(made)


def _put(store: Store, file: File, harvest: Harvest, tally: _Tally) -> None:
    """Store and count the documents of one file; one that breaks the shapes only leaves its Issues."""
    tally.skipped.update(harvest.skipped)
    tally.issues += harvest.issues
    # The run record tells a file read again from another one by where it is and what is in it.
    for reading in harvest.readings:
        if reading.quads is None:
            tally.issues += reading.issues
            continue
        key = reading.document.source.id
        store.put(
            key, reading.quads, reading.document.text, file.place, digest=reading.digest, version=tally.version, telling=reading.telling
        )
        if (twin := tally.stored.setdefault(key, str(file))) != str(file):
            tally.issues.append(Issue("read", str(file), f"the same name and text as {twin}: kept once"))
            continue
        tally.issues += reading.issues
        tally.documents += 1
        tally.quads += len(reading.quads)
        tally.facts.update(reading.facts)


def _outcome(file: File, base: str, apart: frozenset[frozenset[str]]) -> Harvest | ReadError:
    try:
        return read_file(file, base, apart)
    except ReadError as fault:
        return fault


class _Naming:
    """A context that notes on whatever passes through it which file was being read: a fault of ours must be reproducible."""

    def __init__(self, file: File) -> None:
        self.file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if fault is not None:
            fault.add_note(f"while reading {self.file}")
