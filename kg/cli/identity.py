"""Judgements on identity and decisions in, what they say on the terminal out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import terminal
from kg.graph import Graph, store_path
from kg.identity import Change, Judged, decide, decided, undo

_SHOWN = 2  # sentences of each judgement
_HEADINGS = (
    ("unsure", "left apart, for the texts do not tell", "≠?"), ("same", "joined", "="), ("join", "joined by decision", "="),
    ("split", "kept apart by decision", "≠"),
)  # fmt: skip

app = typer.Typer(help="List what was judged one thing, and decide on it.", no_args_is_help=True, rich_markup_mode=None)
StoreOption = Annotated[Path | None, typer.Option("--store", help="The store's folder; else that of KG_STORE, else ./kg-store.")]
_Left = Annotated[str, typer.Argument(metavar="LEFT", help="A name or a key.")]
_Right = Annotated[str, typer.Argument(metavar="RIGHT", help="The other name or key.")]
_Why = Annotated[str, typer.Option("--why", help="The reason, kept with the decision.")]


@app.command("list", epilog="\b\nExamples:\n  kg identity list\n  kg identity list T-DM1 --evidence\n  kg identity list --unsure --json")
def list_command(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Only judgements on this name or thing.")] = None,
    unsure: Annotated[bool, typer.Option("--unsure", help="Only what was left apart because the texts do not tell.")] = False,
    all: Annotated[bool, typer.Option("--all", help="Also spellings of one name within a text.")] = False,
    evidence: Annotated[bool, typer.Option("--evidence", help="Print the sentences that the judgements rest on.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="All of it as JSON.")] = False,
    store: StoreOption = None,
) -> None:
    """List what was joined, by which rule and on which sentence, and what was nearly joined and left apart."""
    path = store_path(store)
    with Graph.open(path) as graph:
        found = [j for j in graph.identity(name) if j.verdict == "unsure" or not unsure]
    if not unsure:
        found += decided(path, name)
    print_judged_json(found) if as_json else print_judged(found, all, evidence)


@app.command("join", epilog="\b\nExamples:\n  kg identity join 'Roche' 'Roche Holding AG' --why 'the parent signs as both'")
def join_command(left: _Left, right: _Right, why: _Why = "", store: StoreOption = None) -> None:
    """Decide that two things are one, or take back that they are two."""
    print_change(decide(store_path(store), "join", left, right, why))


@app.command("split", epilog="\b\nExamples:\n  kg identity split SGX942 dusquetide --why 'a product and its substance'")
def split_command(left: _Left, right: _Right, why: _Why = "", store: StoreOption = None) -> None:
    """Decide that two names are of two things, or take back that they are one."""
    print_change(decide(store_path(store), "split", left, right, why))


@app.command("undo", epilog="\b\nExamples:\n  kg identity undo SGX942 dusquetide")
def undo_command(left: _Left, right: _Right, store: StoreOption = None) -> None:
    """Take back what was decided on two things."""
    print_change(undo(store_path(store), left, right))


def print_judged(found: Sequence[Judged], is_all: bool, evidence: bool) -> None:
    """Print what was joined and what was left apart; names that one text merely spells in two ways only when all are asked for."""
    shown = [j for j in found if is_all or j.rule != "identity/same-name"]
    for verdict, heading, sign in _HEADINGS:
        rows = [j for j in shown if j.verdict == verdict]
        if not rows:
            continue
        terminal.say(f"{heading}: {len(rows):,}", "bold")
        for j in rows:
            into = f"  in {j.joined}" if j.joined else ""
            terminal.lines([(f"  {j.left}  {sign}  {j.right}{into}", "")])
            files = j.files[0] + (f" and {len(j.files) - 1:,} more" if len(j.files) > 1 else "")
            terminal.lines([(f"      {j.rule}, {files}{': ' + j.reasons[0] if j.reasons else ''}", "dim")])
            if evidence:
                terminal.lines([(f"      “{' '.join(sentence.split())}”", "") for sentence in j.sentences[:_SHOWN]])
    if len(shown) < len(found):
        terminal.note(f"{len(found) - len(shown):,} more are spellings of one name within a text (--all shows them)")


def print_judged_json(found: Sequence[Judged]) -> None:
    """Print all judgements as a JSON array."""
    terminal.write(json.dumps([asdict(j) for j in found], ensure_ascii=False, indent=1) + "\n")


def print_change(change: Change) -> None:
    """Print what a decision did."""
    left, right = change.pair
    if change.decision is None:
        terminal.say(f"{left} and {right} are again what the texts make of them")
    else:
        terminal.say(f"{left} and {right} are {'one thing' if change.decision.kind == 'join' else 'two things'} from now on")
    terminal.say(f"{len(change.reread):,} files read again, {change.rewritten:,} documents rewritten; decisions are in {change.path}")
    for place in change.gone:
        terminal.note(f"{place} is not there any more: build it again from where it is now")
