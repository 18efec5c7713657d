"""Checks, what was taken back and what changed in, lines on the terminal out: the commands by which a graph is trusted."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kg.build import build_reference, drop_reference, forget
from kg.changes import Change, changes_between, changes_since
from kg.cli import terminal
from kg.conflicts import Conflict
from kg.errors import QueryError
from kg.graph import Graph, store_path
from kg.verify import Verified

StoreOption = Annotated[Path | None, typer.Option("--store", help="The store's folder; else that of KG_STORE, else ./kg-store.")]
_Json = Annotated[bool, typer.Option("--json", help="All of it as JSON.")]
_SHOWN = 50  # a terminal's worth of faults; --json has all


def verify_command(
    store: StoreOption = None,
    no_shapes: Annotated[bool, typer.Option("--no-shapes", help="Leave the ontology's shapes out, which take most of the time.")] = False,
    as_json: _Json = False,
) -> None:
    """Check every quote against its text, every triple against its sentence, and the shapes: exit code 1 where anything is wrong."""
    with Graph.open(store_path(store)) as graph, terminal.progress() as report:
        found = graph.verify(shapes=not no_shapes, progress=report)
    if as_json:
        terminal.write(json.dumps({**asdict(found), "is_clean": found.is_clean}, ensure_ascii=False, indent=1) + "\n")
    else:
        _print_verified(found)
    if not found.is_clean:
        raise typer.Exit(1)


def forget_command(
    documents: Annotated[list[str], typer.Argument(metavar="DOCUMENT", help="Names of files, keys such as document/…, or IRIs.")],
    store: StoreOption = None,
) -> None:
    """Take documents back, with all that they alone contributed."""
    path = store_path(store)
    with Graph.open(path) as graph:
        found = [each for name in documents for each in graph.documents_called(name)]
    forget([document.iri for document in dict.fromkeys(found)], path)
    for document in dict.fromkeys(found):
        terminal.say(f"forgot {document.file_name} ({document.iri.rpartition('/')[2]})")


def conflicts_command(store: StoreOption = None, as_json: _Json = False) -> None:
    """List facts on which documents disagree, both sides with their sentences: exit code 1 where there are any."""
    with Graph.open(store_path(store)) as graph:
        found = graph.conflicts()
    if as_json:
        terminal.write(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1) + "\n")
    else:
        _print_conflicts(found)
    if found:
        raise typer.Exit(1)


def diff_command(
    stores: Annotated[list[Path] | None, typer.Argument(metavar="[STORE-A STORE-B]", help="Two stores, the older first.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="One store: what its documents of this day and on say.")
    ] = None,
    store: StoreOption = None,
    as_json: _Json = False,
) -> None:
    """Say what is new, gone and changed between two stores, or since a day: exit code 1 where anything is."""
    given = stores or []
    if since is not None and not given:
        with Graph.open(store_path(store)) as graph:
            found = changes_since(graph.store, _day(since))
    elif since is None and len(given) == 2:
        with Graph.open(given[0]) as before, Graph.open(given[1]) as after:
            found = changes_between(before.store, after.store)
    else:
        raise QueryError("give two stores, or --since DATE for one")
    if as_json:
        terminal.write(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1) + "\n")
    else:
        _print_changes(found)
    if found:
        raise typer.Exit(1)


reference_app = typer.Typer(help="Put background knowledge into the store, or take it out.", no_args_is_help=True, rich_markup_mode=None)


@reference_app.command("build", epilog="\b\nExamples:\n  kg reference build\n  kg reference build --tables my-tables/")
def reference_build_command(
    tables: Annotated[Path | None, typer.Option("--tables", help="A folder of tables; else those that come with kg.")] = None,
    store: StoreOption = None,
) -> None:
    """Put FDA's substances, SEC's registrants, genes and name stems into the reference graph, and join names by them."""
    path = store_path(store)
    rewritten = build_reference(path, tables)
    terminal.say(f"the reference graph of {path} is built; {rewritten:,} documents have names that it joins")


@reference_app.command("drop", epilog="\b\nExamples:\n  kg reference drop")
def reference_drop_command(store: StoreOption = None) -> None:
    """Take background knowledge out of the store, and apart what it alone joined."""
    path = store_path(store)
    rewritten = drop_reference(path)
    terminal.say(f"the reference graph of {path} is gone; {rewritten:,} documents were rewritten")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise QueryError(f"--since {text}: write a day as 2007-07-31") from None


def _print_verified(found: Verified) -> None:
    for fault in found.faults[:_SHOWN]:
        terminal.lines([(f"{fault.check:<10} {fault.where}  {fault.node}  {fault.problem}", "")])
    if len(found.faults) > _SHOWN:
        terminal.note(f"… and {len(found.faults) - _SHOWN:,} more faults (--json has all)")
    terminal.table(("check", "looked at", "faults"), [
        (check, f"{number:,}", f"{sum(f.check == check for f in found.faults):,}") for check, number in found.checked.items()
    ])  # fmt: skip
    if found.left:
        terminal.note(
            f"{found.left:,} texts belong to no document: a build was interrupted, and the next one clears them, or one is at work"
        )
    verdict = "clean" if found.is_clean else f"{len(found.faults):,} faults"
    terminal.say(f"{verdict}; shapes: {found.shapes}")


def _print_conflicts(found: Sequence[Conflict]) -> None:
    for conflict in found:
        terminal.say(f"{conflict.about}: {conflict.what}", "bold")
        for side in conflict.sides:
            terminal.lines([(f"  {side.value}  {side.file}{', ' + side.date if side.date else ''}", "")])
            terminal.lines([(f"    “{' '.join(quote.split())}”", "dim") for quote in side.sentences[:1]])
    terminal.say(f"{len(found):,} conflicts")


def _print_changes(found: Sequence[Change]) -> None:
    kind = ""
    for change in found:
        if change.kind != kind:
            kind = change.kind
            terminal.say(f"{kind}s", "bold")
        terminal.lines([(f"  {change.what}: {change.text}", "")])
        for source in change.sources[:1]:
            terminal.lines([(f"    {source.file}: “{' '.join(source.sentence.split())}”", "dim")])
    counts = [(what, sum(c.what == what for c in found)) for what in ("new", "changed", "gone")]
    terminal.say(", ".join(f"{number:,} {what}" for what, number in counts) if found else "no difference")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(reference_app, name="reference")
    for command, name, examples in (
        (verify_command, "verify", ("kg verify", "kg verify --store adc --json")),
        (forget_command, "forget", ("kg forget release.txt", "kg forget document/release-3fa81c…")),
        (conflicts_command, "conflicts", ("kg conflicts", "kg conflicts --json")),
        (diff_command, "diff", ("kg diff last-month/ this-month/", "kg diff --since 2026-11-01")),
    ):
        app.command(name, epilog="\b\nExamples:\n" + "\n".join(f"  {line}" for line in examples))(command)
