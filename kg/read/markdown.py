"""A line of Markdown in, what its marks are out: they say how a text is set, and are no part of its sentences."""

from __future__ import annotations

import re

_HEADING = re.compile(r"#{1,6} +(?=[^#\s])")
_QUOTED = re.compile(r"(?:> ?){1,9}(?=[^>\s])")
_MARKS = re.compile(
    r"\*\*(?=\S)([^*\n]{1,600}?)(?<=\S)\*\*|(?<!\w)__(?=\S)([^_\n]{1,300}?)(?<=\S)__(?!\w)"
    r"|(?<![\w*])\*(?=[^\s*])([^*\n]{1,400}?)(?<=[^\s*])\*(?![\w*])|(?<![\w_])_(?=[^\s_])([^_\n]{1,400}?)(?<=[^\s_])_(?![\w_])"
    r"|`([^`\n]{1,300})`"
    r"|(?<!!)\[([^\[\]\n]{1,400})\]\((?:https?://|mailto:|www\.)[^()\s]{0,800}\)"
    r"|<(https?://[^<>\s]{1,800})>"
    r"|\\([\\`*_{}\[\]()#+.!|$<>~-])"
)


def heading(text: str) -> int:
    """Measure the sign of a heading that a line begins with; 0 where it has none."""
    found = _HEADING.match(text)
    return found.end() if found else 0


def quoted(text: str) -> int:
    """Measure the signs of a quotation that a line begins with; 0 where it has none."""
    found = _QUOTED.match(text)
    return found.end() if found else 0


def has_marks(text: str) -> bool:
    """Answer whether a text has a character that may belong to a mark."""
    return "*" in text or "_" in text or "](" in text or "`" in text or "\\" in text or "<h" in text or (text[0] == "|" and len(text) > 1)


def kept(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """List the stretches of a line that stay when the marks go."""
    if text[start] == "|" and text[end - 1] == "|" and end - start > 2:  # a row of a table, in its bars
        start, end = start + 1, end - 1
    found: list[tuple[int, int]] = []
    at = start
    for mark in _MARKS.finditer(text, start, end):
        inner = mark.span(mark.lastindex or 0)
        found += [(at, mark.start()), *(kept(text, *inner) if mark.lastindex != 8 else [inner])]
        at = mark.end()
    return [(left, right) for left, right in [*found, (at, end)] if left < right]
