"""A class in, how it looks out: its outline, its colours on a light and on a dark page, and the room that a node takes."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from kg.view.layout import Box

GLYPH = 34  # pixels across an outline that has its label below
CARD_HEIGHT = 34  # of a card with one line of text
LINE = 16  # pixels from line to line
_CHAR = 7.7  # pixels that a letter of the 13 px page font takes, on the broad side
_CARD_EDGE = 44  # pixels of a card that hold its outline and the margins


@dataclass(frozen=True, slots=True)
class Look:
    """How a class is drawn. path is an SVG path in a 24 × 24 field, filled even-odd; a card carries its label inside.

    Hues follow Okabe and Ito and Paul Tol's "muted" set, chosen to stay apart for the common kinds of colour blindness; since no
    fourteen hues do so fully, no two classes share an outline.
    """

    path: str
    light: str
    dark: str
    card: bool = False


_SHEET = "M5 1.5h9.5L20 7v15.5H5Z"

LOOKS: Mapping[str, Look] = {
    "Company": Look(
        "M3 22.5V4l10-2.5v6.2l8 2.1v12.7h-5.6v-4.2h-3v4.2ZM6 7v2h3V7Zm0 4v2h3v-2Zm0 4v2h3v-2Z", "#26324d", "#dfe6f5", card=True
    ),
    "AntibodyDrugConjugate": Look(
        "M12 .8 21.9 6.4v11.2L12 23.2 2.1 17.6V6.4ZM6.3 7.4 10.6 13.4v5.4h2.8v-5.4l4.3-6-2.2-1.5L12 10.8 8.5 5.9Z", "#0072b2", "#4aa8e0"
    ),
    "Compound": Look("M12 .8 21.9 6.4v11.2L12 23.2 2.1 17.6V6.4Z", "#56b4e9", "#8accf2"),
    "Antibody": Look("M2 3.6 5.9 1.2 12 9.5 18.1 1.2 22 3.6 14.5 13.7V23H9.5V13.7Z", "#009e73", "#2fc79b"),
    "Payload": Look("m12 1.2 3.3 6.9 7.5 1-5.5 5.2 1.4 7.5L12 18.2 5.3 21.8l1.4-7.5L1.2 9.1l7.5-1Z", "#d55e00", "#f08b3e"),
    "Linker": Look("M6.2 6.5a5.5 5.5 0 1 0 5.2 7.2h1.2a5.5 5.5 0 1 0 0-3.4h-1.2a5.5 5.5 0 0 0-5.2-3.8Z", "#aa4499", "#d27cc5"),
    "Target": Look(
        "M12 1a11 11 0 1 0 0 22 11 11 0 1 0 0-22Zm0 3.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 1 1 0-14.4Zm0 3.6a3.6 3.6 0 1 0 0 7.2"
        " 3.6 3.6 0 1 0 0-7.2Z",
        "#cc79a7",
        "#e4a3c5",
    ),
    "Indication": Look("M8.2 2h7.6v6.2H22v7.6h-6.2V22H8.2v-6.2H2V8.2h6.2Z", "#882255", "#d77aa5"),
    "Technology": Look("M12 .8 23.2 12 12 23.2.8 12Zm0 6.7L7.5 12l4.5 4.5 4.5-4.5Z", "#3d8f80", "#6cc7b8"),
    "Agreement": Look(f"{_SHEET}M8 10.5h9v1.7H8Zm0 3.7h9v1.7H8Zm0 3.7h6v1.7H8Z", "#3b2f9c", "#a79df2", card=True),
    "Amendment": Look(f"{_SHEET}M11.4 9v3.4H8v2.2h3.4V18h2.2v-3.4H17v-2.2h-3.4V9Z", "#7465cf", "#c3baf7", card=True),
    "Payment": Look("M12 1.2a10.8 10.8 0 1 0 0 21.6 10.8 10.8 0 1 0 0-21.6ZM10.5 6h3v12h-3Z", "#8f7a00", "#d8c64a", card=True),
    "Milestone": Look("M4 1.2h2.6v1.6H21l-3.6 5.1 3.6 5.1H6.6v9.8H4Z", "#b86e00", "#f2b13c", card=True),
    "Development": Look(
        "M8.5 1.2h7v2.2h-1.1v5.2l6.3 10.3a2.5 2.5 0 0 1-2.1 3.9H5.4a2.5 2.5 0 0 1-2.1-3.9L9.6 8.6V3.4H8.5Z", "#667a1e", "#b4c65f", card=True
    ),
}
OTHER = Look("M4 4h16v16H4Z", "#6b7280", "#a3abb8")


def look(kind: str) -> Look:
    """Give the look of a class, a plain grey square for one that a later ontology adds."""
    return LOOKS.get(kind, OTHER)


def printable(text: str) -> str:
    """Make one line of a name: control characters become blanks, invisible marks (some turn the writing direction) go.

    >>> printable("DM1" + chr(0x2028) + "x" + chr(0x202E) + "y")
    'DM1 xy'
    """
    kinds = [(char, unicodedata.category(char)) for char in text]
    return " ".join("".join(" " if kind in {"Cc", "Zl", "Zp"} else char for char, kind in kinds if kind != "Cf").split())


def lines(kind: str, label: str) -> list[str]:
    """Break a label into the lines drawn: an event's standing on a line of its own, long names cut after the third line."""
    wide = 30 if look(kind).card else 22
    broken = [line for half in printable(label).split(" · ") for line in textwrap.wrap(half, wide)] or ["—"]
    return broken if len(broken) <= 3 else [*broken[:2], f"{broken[2][: wide - 1]}…"]


def size(kind: str, drawn: list[str]) -> tuple[int, int]:
    """Give the width and height in pixels of a card, or of the outline of a thing, that has these lines."""
    if not look(kind).card:
        return GLYPH, GLYPH
    return round(_CARD_EDGE + _CHAR * max(map(len, drawn))), CARD_HEIGHT + LINE * (len(drawn) - 1)


def box(kind: str, drawn: list[str]) -> Box:
    """Give what a node covers with its label."""
    width, height = size(kind, drawn)
    if look(kind).card:
        return Box(width / 2, height / 2, height / 2)
    return Box(max(width / 2, _CHAR * max(map(len, drawn)) / 2), height / 2, height / 2 + LINE * len(drawn) + 4)
