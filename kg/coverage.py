"""Files in, the sentences out that speak of money, trials, deals or make-up and gave the graph nothing, grouped by how they are built.

The groups are a work list for whoever writes rules: the most frequent construction first, each with sentences to read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.build import trace_file
from kg.errors import ReadError
from kg.model import Issue, Mention, Sentence, Trace
from kg.read import is_packed
from kg.resolve.unread import KINDS, talk
from kg.sources import File, expand, files_of
from kg.workers import outcomes, worker_count

__all__ = ["KINDS", "Construction", "Coverage", "Passage", "coverage", "passages_of"]

Progress = Callable[[int, int, str], None]  # files done, files in all, the file done last

_TOKEN = re.compile(r"\{[a-z_]+\}|[A-Za-z][\w'-]*|\d[\d.,]*|[^\s\w]")
_REACH = 7  # words on either side of a cue in which the thing it is about stands
_FILLERS = frozenset({
    "a", "an", "the", "its", "their", "our", "his", "her", "this", "that", "these", "those", "and", "or", "of", "in", "to", "for", "with",
    "on", "by", "at", "as", "is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "it", "we", "which", "who", "also",
    "more", "than", "from", "not", "such", "other", "any", "all", "new",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that speaks of a kind of fact: where it stands, how it is built around its cue, and what became of it."""

    kind: str
    where: str  # "release.txt:120-240"
    text: str
    construction: str
    outcome: str  # "read", "missed", or "aside" for money that is judged no payment of a deal


@dataclass(frozen=True, slots=True)
class Construction:
    """A way to say something that gave no fact: how many different sentences say it so, and these, each with its first place."""

    kind: str
    shape: str
    count: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read and what was not. `totals` maps a kind to its sentences by outcome."""

    files: int
    documents: int
    totals: dict[str, dict[str, int]]
    constructions: tuple[Construction, ...]
    issues: tuple[Issue, ...]


def coverage(
    paths: Iterable[str | Path] | str | Path,
    *,
    kinds: Iterable[str] = tuple(KINDS),
    workers: int | None = None,
    progress: Progress | None = None,
) -> Coverage:
    """List the constructions that gave no fact, most frequent first; the same files give the same list.

    Nothing is stored. Raises ReadError for a path that is not there, and for a single file that cannot be read; of several, such a file
    becomes an Issue.
    """
    wanted = frozenset(kinds)
    found, unknown = expand([paths] if isinstance(paths, str | Path) else paths)
    packed = any(map(is_packed, found))
    issues = list(unknown)
    passages: list[Passage] = []
    documents = 0
    done: set[Path] = set()
    for file, outcome in outcomes(files_of(found), "", worker_count(len(found), workers, packed), _outcome):
        if isinstance(outcome, ReadError):
            if len(found) == 1 and not packed:
                raise outcome
            issues.append(Issue("read", str(file), str(outcome)))
        else:
            documents += outcome[0]
            passages += [passage for passage in outcome[1] if passage.kind in wanted]
        done.add(file.path)
        if progress is not None:
            progress(len(done), len(found), file.member or file.path.name)
    totals = {kind: dict(Counter(p.outcome for p in passages if p.kind == kind)) for kind in KINDS if kind in wanted}
    return Coverage(len(done), documents, totals, _grouped(passages), tuple(issues))


def passages_of(trace: Trace) -> Iterator[Passage]:
    """List the sentences of a document that speak of a kind of fact, those of its cover, signatures and boilerplate left out."""
    marks: dict[int, list[Mention]] = {}
    for mention in trace.mentions:
        marks.setdefault(mention.sentence, []).append(mention)
    for each in talk(trace.document, trace.resolution.statements):
        where = f"{trace.document.source.file_name}:{each.sentence.span.start}-{each.sentence.span.end}"
        shape = _construction(each.sentence, marks.get(each.number, []), each.at)
        yield Passage(each.kind, where, each.sentence.text, shape, each.outcome)


def _construction(sentence: Sentence, mentions: list[Mention], at: int) -> str:
    """Spell how a sentence is built around its cue: the nearest things on either side by their types, and the words beside the cue."""
    masked: list[str] = []
    place = cue = 0
    for mention in sorted(mentions, key=lambda m: m.local.start):
        if mention.local.start < place or mention.local.start <= at < mention.local.end:
            continue
        if place <= at < mention.local.start:
            cue = sum(map(len, masked)) + at - place
        masked += [sentence.text[place : mention.local.start], f"{{{mention.type}}}"]
        place = mention.local.end
    if at >= place:
        cue = sum(map(len, masked)) + at - place
    text = "".join(masked) + sentence.text[place:]
    tokens = [(token.start(), token[0]) for token in _TOKEN.finditer(text)]
    middle = next((i for i, (start, _) in enumerate(tokens) if start >= cue), len(tokens) - 1)
    left = [word for _, word in tokens[max(0, middle - _REACH) : middle]]
    right = [word for _, word in tokens[middle + 1 : middle + 1 + _REACH]]
    before = next((i for i in range(len(left) - 1, -1, -1) if left[i].startswith("{")), None)
    behind = next((i for i, word in enumerate(right) if word.startswith("{")), None)
    parts = [left[before], "…"] if before is not None else _content(left)[-1:]
    parts.append(tokens[middle][1].lower())
    parts += ["…", right[behind]] if behind is not None else _content(right)[:1]
    return " ".join(parts)


def _content(words: list[str]) -> list[str]:
    """Keep the words that say something."""
    return [word.lower() for word in words if word[0].isalpha() and word.lower() not in _FILLERS]


def _grouped(passages: list[Passage]) -> tuple[Construction, ...]:
    """Group what was missed, a sentence that every release of a company repeats once."""
    groups: dict[tuple[str, str], dict[str, Passage]] = {}
    for passage in passages:
        if passage.outcome == "missed":
            groups.setdefault((passage.kind, passage.construction), {}).setdefault(passage.text, passage)
    made = [Construction(kind, shape, len(held), tuple(held.values())) for (kind, shape), held in groups.items()]
    return tuple(sorted(made, key=lambda c: (-c.count, c.kind, c.shape)))


def _outcome(file: File, base: str) -> tuple[int, list[Passage]] | ReadError:
    """Read one file in a worker; a fault of the file is given back, for it must not end the others."""
    try:
        traces = trace_file(file)
    except ReadError as fault:
        return fault
    return len(traces), [passage for trace in traces for passage in passages_of(trace)]
