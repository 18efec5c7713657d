"""Numbers in, a drawing by matplotlib out, as the text of an SVG or the bytes of a PNG."""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kg.plot.series import Ledger, Mark, Stacks
from kg.view.style import LOOKS, printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDE = 11.0  # inches: the width of a page that is read on a screen
_INCH = 0.074  # that a letter of 8 points takes, on the broad side
_LABEL = 64  # letters of a label, beyond which it is cut
_MOST = 60  # events drawn: more labels are read by nobody
_BARS = 25  # bars across that are drawn; the others are counted in a note
_PARTS = 8  # parts of a bar that have a colour of their own; the others are one
# Okabe and Ito's colours, that stay apart for the common kinds of colour blindness; grey is for what is left.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#332288")
_GREY = "#b7bdc8"
_REST = ("Other", "not told")  # parts that are no name, in grey
_INK, _MUTED, _LINE = "#1c2333", "#5d6575", "#e4e4de"
_LANES = {"Agreements": LOOKS["Agreement"].light, "Payments": LOOKS["Milestone"].light, "Development": LOOKS["Development"].light}
_STAGES = {"earned": ("#0072b2", ""), "committed": ("#e69f00", ""), "expected": ("#f6d592", "//"), "possible": ("#ffffff", "..")}
_RC: Mapping[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that a drawing is the same on every machine
    "font.size": 8,
    "svg.fonttype": "path",
    "text.parse_math": False,  # a name with two dollar signs is no formula
    "text.usetex": False,
    "axes.unicode_minus": False,
    "text.color": _INK,
    "axes.edgecolor": _MUTED,
    "axes.labelcolor": _INK,
    "xtick.color": _MUTED,
    "ytick.color": _INK,
    "hatch.linewidth": 0.6,
}


class Canvas:
    """A figure under settings of our own, whatever the user's; a context manager. salt keeps the ids of two drawings on one page apart."""

    def __init__(self, salt: str) -> None:
        self._salt = salt
        self._figure: Figure | None = None
        self._held = ExitStack()
        self.title = ""

    def __enter__(self) -> Canvas:
        import matplotlib as mpl  # here, since it costs half a second that no other command should pay

        self._held.enter_context(warnings.catch_warnings())
        warnings.filterwarnings(
            "ignore", message="Glyph .* missing from", category=UserWarning
        )  # of a script that the font lacks: a box is drawn
        self._held.enter_context(mpl.rc_context())
        mpl.rcdefaults()
        mpl.rcParams.update({**_RC, "svg.hashsalt": self._salt})
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._held.close()

    def figure(self, high: float, title: str) -> Figure:
        """Begin the figure: so many inches high, with a title."""
        from matplotlib.figure import Figure  # without pyplot there is no window and no state

        self.title = short(title, 110)
        self._figure = Figure(figsize=(_WIDE, high), layout="constrained")
        self._figure.suptitle(self.title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        return self._figure

    def svg(self) -> str:
        """Give the drawing as an `svg` element, with its title for those who do not see it."""
        buffer = io.StringIO()
        assert self._figure is not None
        self._figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        text = buffer.getvalue()
        text = text[text.index("<svg") :]
        start = text.index(">") + 1
        named = f"<title>{_escaped(self.title)}</title>"
        return re.sub(
            r"\s*<metadata>.*?</metadata>", "", text[:start].replace("<svg ", '<svg role="img" ', 1) + named + text[start:], flags=re.DOTALL
        )

    def png(self) -> bytes:
        """Give the drawing as a PNG of 150 dots an inch."""
        buffer = io.BytesIO()
        assert self._figure is not None
        self._figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
        return buffer.getvalue()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short(text: str, length: int = _LABEL) -> str:
    """Make a label of a name: one line, without invisible marks, cut.

    >>> short("a" * 99, 10), short("$x^2$")
    ('aaaaaaaaa…', '$x^2$')
    """
    plain = printable(text)
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"


def draw_timeline(canvas: Canvas, title: str, marks: Sequence[Mark], undated: int) -> None:
    """Draw events in lanes by kind: a dot for a day, a bar for a day known within bounds, hollow for what has not happened."""
    import matplotlib.dates as dates

    kept = sorted(
        sorted(marks, key=lambda mark: (not mark.is_done, -mark.weight))[:_MOST], key=lambda mark: (mark.last, mark.first, mark.label)
    )
    left, right = min(mark.first for mark in kept), max(mark.last for mark in kept)
    span = max(366, (right - left).days)
    per_inch = span / (_WIDE - 2.6)  # days; what is left holds the names of the lanes and the last label
    rows: dict[str, list[float]] = {}
    placed = []
    for mark in kept:
        start, end = (mark.first - left).days, (mark.last - left).days
        # A label that would leave the page stands before its mark.
        wide = (len(short(mark.label)) * _INCH + 0.3) * per_inch
        is_before = start - wide >= 0 and end + wide > span + 1.2 * per_inch
        begin, finish = (start - wide, float(end)) if is_before else (float(start), end + wide)
        taken = rows.setdefault(mark.lane, [])
        row = next((at for at, until in enumerate(taken) if until <= begin), len(taken))
        taken[row : row + 1] = [finish]
        placed.append((mark, row, is_before))
    lanes = [lane for lane in _LANES if lane in rows]
    count = sum(len(rows[lane]) for lane in lanes)
    figure = canvas.figure(1.3 + 0.25 * count + 0.25 * len(lanes), title)
    axes = figure.subplots()
    base: dict[str, float] = {}
    y = 0.0
    for lane in lanes:
        base[lane] = y
        y += len(rows[lane]) + 1.0
        axes.axhline(y - 0.75, color=_LINE, linewidth=0.8)
    for mark, row, is_before in placed:
        at, colour = base[mark.lane] + row, _LANES[mark.lane]
        first, last = dates.date2num(mark.first), dates.date2num(mark.last)
        face = colour if mark.is_done else "white"
        if last > first:
            axes.barh(at, last - first, left=first, height=0.36, facecolor=face, edgecolor=colour, alpha=0.55, linewidth=1)
        else:
            axes.plot([first], [at], "o", markersize=6, markerfacecolor=face, markeredgecolor=colour)
        away = (-7, "right", first) if is_before else (7, "left", last)
        axes.annotate(short(mark.label), (away[2], at), xytext=(away[0], 0), textcoords="offset points", va="center", ha=away[1])
    axes.set_ylim(y - 0.6, -0.8)
    begin = dates.date2num(left)
    axes.set_xlim(begin - 0.03 * span, begin + span + 1.3 * per_inch)
    axes.xaxis_date()
    locator = dates.AutoDateLocator(minticks=4, maxticks=12)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))
    axes.set_yticks([base[lane] + (len(rows[lane]) - 1) / 2 for lane in lanes], lanes, fontweight="bold")
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    said = ["filled: happened; hollow: not yet; a bar: some day between"]
    said += [f"{len(marks) - len(kept)} more events are not drawn"] if len(marks) > len(kept) else []
    said += [f"{undated} without a day"] if undated else []
    _note(figure, said)


def draw_ledger(canvas: Canvas, title: str, sums: Ledger) -> None:
    """Draw for each currency what was promised and earned in each year, as stacked bars, and the sum earned so far as a line."""
    from matplotlib.ticker import EngFormatter, MaxNLocator

    figure = canvas.figure(0.9 + 2.6 * len(sums.money), title)
    panels = figure.subplots(len(sums.money), 1, squeeze=False)[:, 0]
    for axes, money in zip(panels, sums.money, strict=True):
        years = list(range(min(money.by_year), max(money.by_year) + 1))
        below = dict.fromkeys(years, 0.0)
        for stage, (colour, hatch) in _STAGES.items():
            heights = [float(money.by_year.get(year, {}).get(stage, 0)) for year in years]
            if any(heights):
                axes.bar(
                    years,
                    heights,
                    0.62,
                    bottom=[below[year] for year in years],
                    color=colour,
                    edgecolor=_MUTED,
                    linewidth=0.6,
                    hatch=hatch,
                    label=stage,
                )
                below = {year: below[year] + high for year, high in zip(years, heights, strict=True)}
        earned, so_far = [], 0.0
        for year in years:
            so_far += float(money.by_year.get(year, {}).get("earned", 0))
            earned.append(so_far)
        if so_far:
            axes.step(years, earned, where="mid", color=_INK, linewidth=1.2, label="earned so far")
        axes.set_ylabel(money.currency or "currency not told")
        axes.yaxis.set_major_formatter(EngFormatter(sep=""))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, nbins=14))
        axes.set_xlim(years[0] - 0.8, years[-1] + 0.8)
        axes.set_ylim(0, max([*below.values(), so_far]) * 1.12)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    said = ['"possible" is what a text calls "up to", or may be paid; each payment counts once, as far as it has come']
    said += [f"{sums.withheld} payments without an amount"] if sums.withheld else []
    said += [f"{sums.undated} without a year"] if sums.undated else []
    _note(figure, said)


def draw_stacks(canvas: Canvas, title: str, stacks: Stacks, *, is_across: bool) -> None:
    """Draw counts as stacked bars, across for names and upright for years; parts beyond the largest few are one."""
    from matplotlib.ticker import MaxNLocator

    names = list(stacks.bars)[:_BARS] if is_across else list(stacks.bars)
    totals: Counter[str] = Counter()
    for name in names:
        totals.update(stacks.bars[name])
    parts = [part for part, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0])) if part not in _REST]
    own, rest = parts[:_PARTS], [*parts[_PARTS:], *(part for part in _REST if part in totals)]
    figure = canvas.figure(1.2 + 0.32 * len(names) if is_across else 4.2, title)
    axes = figure.subplots()
    begin = [0.0] * len(names)
    places = list(range(len(names)))
    for part, colour in [*zip(own, _COLOURS, strict=False), *([("", _GREY)] if rest else [])]:
        counts = [float(stacks.bars[name].get(part, 0) if part else sum(stacks.bars[name].get(each, 0) for each in rest)) for name in names]
        label = short(part, 34) or (rest[0] if len(rest) == 1 else "others")
        if is_across:
            axes.barh(places, counts, 0.62, left=begin, color=colour, label=label)
        else:
            axes.bar(places, counts, 0.7, bottom=begin, color=colour, label=label)
        begin = [one + other for one, other in zip(begin, counts, strict=True)]
    counted = axes.xaxis if is_across else axes.yaxis
    counted.set_major_locator(MaxNLocator(integer=True))
    if is_across:
        axes.set_yticks(places, [short(name, 34) for name in names])
        axes.set_ylim(len(names) - 0.5, -0.5)
    else:
        every = -(-len(names) // 16)  # as many years as have room beside each other
        axes.set_xticks(places[::every], names[::every])
        axes.set_ylim(0, max(begin) * 1.1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    said = [f"{len(stacks.bars) - len(names)} more are not drawn"] if len(names) < len(stacks.bars) else []
    said += [f"{stacks.outside} agreements without a year"] if stacks.outside else []
    _note(figure, said)


def _note(figure: Figure, said: Sequence[str]) -> None:
    if said:
        figure.supxlabel(" · ".join(said), x=0.01, ha="left", fontsize=7.5, color=_MUTED)
