"""A store in, a picture out, as SVG or PNG: a timeline, money over years, payloads by company, deals by year.

The same store gives the same bytes under the same release of matplotlib.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from kg.card import Card, card
from kg.errors import ExportError, QueryError
from kg.plot.draw import Canvas, draw_ledger, draw_stacks, draw_timeline
from kg.plot.series import deals, ledger, payloads, timeline
from kg.store import Store

__all__ = ["KINDS", "pictures_of", "plot"]

KINDS = ("timeline", "ledger", "payloads", "deals")
_FORMATS = (".svg", ".png")


def plot(store: Store, kind: str, out: Path, of: str | None = None, as_of: str | dt.date | None = None) -> Path:
    """Draw one of KINDS into a file whose ending, .svg or .png, says what it becomes.

    of names the company, compound, agreement or other thing of a timeline or ledger, and the company of deals. Raises QueryError for an
    unknown kind or name and where there is nothing to draw, ExportError for another ending and where the file cannot be written; then
    nothing is left behind.
    """
    if kind not in KINDS:
        raise QueryError(f"there is no picture {kind!r}: choose one of {', '.join(KINDS)}")
    if out.suffix.lower() not in _FORMATS:
        raise ExportError(f"cannot draw {out}: its name must end in .svg or .png")
    draw = _drawing(store, kind, of, as_of)
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
            temporary = Path(file.name)
            with Canvas(f"{kind} {of or ''}") as canvas:
                draw(canvas)
                file.write(canvas.svg().encode() if out.suffix.lower() == ".svg" else canvas.png())
        temporary.chmod(0o644)
        os.replace(temporary, out)
        temporary = None
    except OSError as error:
        raise ExportError(f"cannot write {out}: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return out


def pictures_of(found: Card) -> list[str]:
    """Draw the timeline and the ledger of a card as SVG texts to stand inside a page; what has nothing to draw is left out."""
    drawn = []
    marks, undated = timeline(found)
    if len(marks) > 1:
        with Canvas(f"timeline {found.key}") as canvas:
            draw_timeline(canvas, f"{found.label}: what happened when", marks, undated)
            drawn.append(canvas.svg())
    sums = ledger(found)
    if sums.money:
        with Canvas(f"ledger {found.key}") as canvas:
            draw_ledger(canvas, f"{found.label}: promised and earned, by year", sums)
            drawn.append(canvas.svg())
    return drawn


def _drawing(store: Store, kind: str, of: str | None, as_of: str | dt.date | None) -> Callable[[Canvas], None]:
    """Gather the numbers, and say how to draw them."""
    if kind in {"timeline", "ledger"}:
        if of is None:
            raise QueryError(f"a {kind} is of something: name a company, a compound or an agreement with --of")
        found = card(store, of, as_of)
        if kind == "timeline":
            marks, undated = timeline(found)
            if not marks:
                raise QueryError(
                    f"there is nothing to draw: no document gives a day to anything around {found.label}; kg card shows what is known"
                )
            return lambda canvas: draw_timeline(canvas, f"{found.label}: what happened when", marks, undated)
        sums = ledger(found)
        if not sums.money:
            raise QueryError(
                f"there is nothing to draw: no document tells an amount with its day around {found.label}; kg ledger shows what is known"
            )
        return lambda canvas: draw_ledger(canvas, f"{found.label}: promised and earned, by year", sums)
    stacks = payloads(store) if kind == "payloads" else deals(store, of)
    if not stacks.bars:
        asked = "tells the payload of a compound" if kind == "payloads" else "tells an agreement with its year"
        raise QueryError(f"there is nothing to draw: no document {asked}")
    title = "Compounds by payload" if kind == "payloads" else f"Agreements by year{f': {of}' if of else ''}"
    return lambda canvas: draw_stacks(canvas, title, stacks, is_across=kind == "payloads")
