"""A coverage in, what was read and what was not on the terminal out, the most frequent construction first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from kg.cli import terminal
from kg.coverage import KINDS, Coverage
from kg.errors import QueryError

_OUTCOMES = ("read", "missed", "aside")


def kinds_called(given: Sequence[str]) -> tuple[str, ...]:
    """Read the values of --kind, all kinds where none is given. Raises QueryError for one that there is not."""
    unknown = [kind for kind in given if kind not in KINDS]
    if unknown:
        raise QueryError(f"--kind {unknown[0]}: there is no such kind; choose of {', '.join(KINDS)}")
    return tuple(kind for kind in KINDS if not given or kind in given)


def print_coverage(found: Coverage, top: int, examples: int) -> None:
    """Print the totals of each kind, then the constructions with some sentences of each."""
    rows = [(kind, *(f"{totals.get(outcome, 0):,}" for outcome in _OUTCOMES), _share(totals)) for kind, totals in found.totals.items()]
    terminal.table(("sentences on", "gave a fact", "gave none", "no deal's money", "read"), rows)
    terminal.say()
    for construction in found.constructions[:top]:
        terminal.lines([(f"{construction.count:5,}  {construction.kind:<12} {construction.shape}", "bold")])
        terminal.lines([(f"       {passage.where}  {passage.text}", "") for passage in construction.passages[:examples]])
    if len(found.constructions) > top:
        terminal.note(f"… and {len(found.constructions) - top:,} more constructions (--top shows more)")
    for issue in found.issues:
        terminal.note(f"Issue ({issue.stage}) {issue.where}: {issue.problem}")
    terminal.say(f"{found.files:,} files, {found.documents:,} documents")


def print_coverage_json(found: Coverage) -> None:
    """Print all of it as one JSON object."""
    terminal.write(json.dumps(asdict(found), ensure_ascii=False, indent=1) + "\n")


def _share(totals: dict[str, int]) -> str:
    """Say how much of what could be read was."""
    heard = totals.get("read", 0) + totals.get("missed", 0)
    return f"{totals.get('read', 0) / heard:.0%}" if heard else "-"
