"""What a command has to say in, lines on the terminal out: cleaned of control characters, coloured only where someone looks.

Names, titles and sentences come from files that anyone may have written. They are printed as `rich.text.Text`, never as markup, and a
character that would steer the terminal is shown by its code instead.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from kg.build import Progress as Report
from kg.store import BASE
from kg.why import Quote, Reason

# Cc steers the terminal, Cf reorders or hides text (U+202E), Zl and Zp break lines, Cs and Co have no shape.
_STEERING = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
_SPACES = str.maketrans({"\n": " ", "\t": " "})


def visible(text: str) -> str:
    r"""Show control, format and private-use characters by their codes; a line break or tab becomes a space.

    >>> visible("red\x1b[31m\u202etxt.exe")
    'red\\x1b[31m\\u202etxt.exe'
    """
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _STEERING else char for char in text.translate(_SPACES)
    )


def console(*, is_error: bool = False) -> Console:
    """Make a console for stdout or stderr as it is now; what is piped is neither wrapped nor cut."""
    stream = sys.stderr if is_error else sys.stdout
    plain = Console(file=stream, markup=False, highlight=False, emoji=False)
    if plain.is_terminal:
        return plain
    return Console(file=stream, markup=False, highlight=False, emoji=False, width=1_000_000, no_color=True)  # wider than any line


def fail(problem: str) -> None:
    """Say on stderr what is wrong; a fault in a query keeps its line and caret."""
    for number, line in enumerate(problem.splitlines() or [""]):
        console(is_error=True).print(Text(("" if number else "kg: ") + visible(line), style="bold red" if number == 0 else ""))


def note(text: str) -> None:
    """Say on stderr how things stand, apart from the answer."""
    console(is_error=True).print(Text(visible(text), style="dim"))


def say(text: str = "", style: str = "") -> None:
    """Print one line."""
    console().print(Text(visible(text), style=style))


def lines(found: Iterable[tuple[str, str]]) -> None:
    """Print lines, each with its style; none is wrapped or cut, so that what is one line stays one for grep."""
    screen = console()
    for text, style in found:
        screen.print(Text(visible(text), style=style), soft_wrap=True)


def write(text: str) -> None:
    """Write a machine's format as it is; where it goes to a terminal, lines keep their breaks but nothing else steers it."""
    if sys.stdout.isatty():
        text = "".join(visible(line) + "\n" for line in text.splitlines())
    sys.stdout.write(text)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: drawn and folded to the width of a terminal, plain lines of full values where it is piped."""
    screen = console()
    cells = [[visible(cell) for cell in row] for row in rows]
    if screen.is_terminal:
        drawn = Table(
            *(Column(Text(visible(name))) for name in columns), header_style="bold", row_styles=["", "dim"] if len(cells) > 8 else []
        )
        for row in cells:
            drawn.add_row(*(Text(cell, overflow="fold") for cell in row))
        screen.print(drawn)
        return
    lines = [[visible(name) for name in columns], *cells]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(columns))]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
        screen.print(Text("  ".join(padded).rstrip()))


@contextmanager
def progress() -> Iterator[Report]:
    """Show a bar on stderr while work goes on, where stderr is a terminal."""
    bar = Progress(
        TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[name]}", markup=False),
        console=console(is_error=True), transient=True, disable=not sys.stderr.isatty(),
    )  # fmt: skip
    with bar:
        task = bar.add_task("reading", total=None, name="")

        def report(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, name=visible(name)[:40])

        yield report


def reasons(found: Sequence[Reason]) -> None:
    """Print statements, each with its sentences, where they stand, and the rules that read them."""
    for reason in found:
        line = Text(visible(reason.claim), style="bold")
        key = reason.subject.removeprefix(BASE)
        line.append(f"   {visible(key)} · {visible(reason.derivation)} · {visible(', '.join(reason.rules))}", style="not bold dim")
        console().print(line)
        for quote in reason.quotes:
            _sentence(reason, quote)
        say()


def first_sentence(found: Sequence[Reason]) -> None:
    """Print the first sentence behind a line, its names highlighted, and how many more there are."""
    reason, quote = next((reason, quote) for reason in found for quote in reason.quotes)
    more = sum(len(each.quotes) for each in found) - 1
    _sentence(reason, quote, f" · and {more} more" if more else "")


def _sentence(reason: Reason, quote: Quote, more: str = "") -> None:
    """Print one sentence with the names in it highlighted, and its place."""
    shown = Text("  “" + visible(quote.sentence) + "”")
    for name in reason.names:
        shown.highlight_words([visible(name)], style="bold yellow", case_sensitive=False)
    console().print(shown)
    place = [reason.file_name, reason.title, quote.section, f"characters {quote.start}–{quote.end}"]
    console().print(Text("    " + visible(" · ".join(dict.fromkeys(part for part in place if part)) + more), style="dim"))
