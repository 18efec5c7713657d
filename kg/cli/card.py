"""A name in, its card, ledger or timeline on the terminal out, or the card as a page; and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kg.card import Card, card
from kg.card.page import write_card
from kg.card.words import amount, ledger_answer, parties, purpose, status, sums, timeline_answer, when
from kg.cli import terminal
from kg.cli.complete import complete_name
from kg.cli.results import ASK_FORMATS, print_ask
from kg.graph import Graph, store_path
from kg.plot import KINDS, pictures_of
from kg.view.words import class_words, money, spell
from kg.why import Reason

_Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="A name in any case, a key such as agreement/ab12…, or an IRI.", autocompletion=complete_name),
]
_Store = Annotated[Path | None, typer.Option("--store", help="The store's folder; else that of KG_STORE, else ./kg-store.")]
_AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Only what documents of this day or before say.")]
_Format = Annotated[str, typer.Option("--format", help="One of: " + ", ".join(ASK_FORMATS) + ".")]
_Evidence = Annotated[bool, typer.Option("--evidence", help="Print the sentences behind each line as well.")]


def card_command(
    name: _Name,
    store: _Store = None,
    as_of: _AsOf = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the card as a page that needs no network.")] = None,
    brief: Annotated[bool, typer.Option("--brief", help="Leave the sentences out.")] = False,
) -> None:
    """Show a company, compound, agreement, payload or other thing on one page, each line with its sentence."""
    found = _card(name, store, as_of)
    if html is not None:
        terminal.say(f"wrote {write_card(found, html, pictures_of(found))}")
        return
    _print_card(found, brief)


def ledger_command(name: _Name, store: _Store = None, as_of: _AsOf = None, format: _Format = "table", evidence: _Evidence = False) -> None:
    """List the payments of a company, compound or agreement: promised, earned and paid, with what has come so far."""
    found = _card(name, store, as_of)
    if format != "table":
        print_ask(ledger_answer(found, evidence=evidence), format)
        return
    rows = [
        (
            when(e.first, e.last, e.told), status(e), e.kind, amount(e), parties(e), purpose(e), e.agreement_label,
            money(str(e.to_date), e.currency) if e.to_date is not None else "",
        )
        for e in found.ledger
    ]  # fmt: skip
    _table(("when", "status", "kind", "amount", "who pays whom", "for", "under", "so far"), rows, found)
    if evidence:
        terminal.say()
        terminal.reasons([reason for entry in found.ledger for reason in entry.reasons])


def timeline_command(
    name: _Name, store: _Store = None, as_of: _AsOf = None, format: _Format = "table", evidence: _Evidence = False
) -> None:
    """List what happened around a company, compound, agreement or payload, in order of time."""
    found = _card(name, store, as_of)
    if format != "table":
        print_ask(timeline_answer(found, evidence=evidence), format)
        return
    _table(("when", "kind", "what"), [(when(m.first, m.last, m.told), m.kind, m.words) for m in found.timeline], found)
    if evidence:
        terminal.say()
        terminal.reasons([reason for moment in found.timeline for reason in moment.reasons])


def plot_command(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of: " + ", ".join(KINDS) + ".")],
    of: Annotated[
        str | None,
        typer.Option("--of", metavar="NAME", help="What a timeline or ledger is of, or whose deals.", autocompletion=complete_name),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The file to write, .svg or .png; else KIND.svg.")] = None,
    store: _Store = None,
    as_of: _AsOf = None,
) -> None:
    """Draw a timeline, money over years, payloads by company or deals by year, as SVG or PNG."""
    with Graph.open(store_path(store)) as graph:
        terminal.say(f"wrote {graph.plot(kind, out or Path(f'{kind}.svg'), of=of, as_of=as_of)}")


def _card(name: str, store: Path | None, as_of: str | None) -> Card:
    with Graph.open(store_path(store)) as graph:
        return card(graph.store, name, as_of)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], found: Card) -> None:
    terminal.say(f"{found.label} ({class_words(found.kind)})", "bold")
    if rows:
        terminal.table(columns, rows)
    else:
        terminal.note("no rows")
    for line in sums(found) if columns[-1] == "so far" else ():
        terminal.say(line)


def _print_card(found: Card, brief: bool) -> None:
    terminal.say(found.label, "bold")
    also = ", ".join(f"{name.text}{f' ({name.kind})' if name.kind else ''}" for name in found.names if name.text != found.label)
    about = [class_words(found.kind), found.key, f"{found.documents} document{'' if found.documents == 1 else 's'}", *sums(found)]
    terminal.say(" · ".join([*about, *([f"as of {found.as_of}"] if found.as_of else [])]), "dim")
    if also:
        terminal.say(f"also {also}", "dim")
    _part("Facts", [(f"{line.words} {line.said}", line.reasons) for line in found.facts], brief)
    shares = [
        f"{p.label}: "
        + ", ".join(f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in ((p.agreements, "agreement"), (p.payments, "payment")) if n)
        for p in found.partners
    ]
    _part("Partners", [(line, ()) for line in shares], brief)
    deals = [
        (
            f"{d.label}: {'; '.join(f'{name} ({role})' for role, name in d.roles)}"
            + "".join(f" · {words} {said}" for words, said in d.terms)
            + (f" · {spell(d.status)}" if d.status not in {"Occurred", ""} else ""),
            d.reasons,
        )
        for d in found.deals
    ]
    _part("Deals", deals, brief)
    _part("Ledger", [(_entry(found, at), entry.reasons) for at, entry in enumerate(found.ledger)], brief)
    _part("Timeline", [(f"{when(m.first, m.last, m.told)}  {m.words}", m.reasons) for m in found.timeline], brief)


def _entry(found: Card, at: int) -> str:
    entry = found.ledger[at]
    so_far = f" · so far {money(str(entry.to_date), entry.currency)}" if entry.to_date is not None else ""
    said = " ".join(part for part in (status(entry), entry.kind, amount(entry)) if part)
    why = f" for {purpose(entry)}" if purpose(entry) else ""
    return f"{when(entry.first, entry.last, entry.told)}  {parties(entry)}: {said}{why}{so_far}"


def _part(title: str, lines: Sequence[tuple[str, Sequence[Reason]]], brief: bool) -> None:
    """Print a section, each line with its first sentence; a section without lines is left out."""
    if not lines:
        return
    terminal.say()
    terminal.say(title, "bold cyan")
    for line, reasons in lines:
        terminal.say(f"  {line}")
        if reasons and not brief:
            terminal.first_sentence(reasons)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for name, command, examples in (
        ("card", card_command, ("kg card ImmunoGen", "kg card trastuzumab-DM1 --html t-dm1.html", "kg card ImmunoGen --as-of 2007-12-31")),
        ("ledger", ledger_command, ("kg ledger ImmunoGen", "kg ledger trastuzumab-DM1 --evidence", "kg ledger ImmunoGen --format csv")),
        ("plot", plot_command, ("kg plot timeline --of ImmunoGen", "kg plot ledger --of trastuzumab-DM1 --out money.png", "kg plot deals")),
        ("timeline", timeline_command, ("kg timeline trastuzumab-DM1", "kg timeline ImmunoGen --as-of 2007-12-31 --format md")),
    ):
        app.command(name, epilog="\b\nExamples:\n" + "\n".join(f"  {line}" for line in examples))(command)
