"""A text and the spans to be marked in it in, markup whose text content is that text, character for character, out.

Spans may nest, cross or be the same: where one ends inside another, the inner one is closed and opened again.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model import Span

# Cc steers, Cf reorders or hides text (U+202E), Zl and Zp break lines, Co has no shape: shown by their codes, in isolation.
_ODD = frozenset({"Cc", "Cf", "Zl", "Zp", "Co"})
_PLAIN = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to be marked, with the tags that open it, open it again after a cut and close it; of equal spans the lower rank is outer."""

    span: Span
    rank: int
    opens: str
    again: str
    closes: str


def escapes(text: str) -> Mapping[int, str]:
    """Make the table for `str.translate` that turns a text into HTML.

    What HTML cannot hold (NUL, a lone surrogate) becomes U+FFFD. A C1 control stands as it is, for its number would mean another
    character, and a carriage return by its number, for as it is it would be read as a line feed.
    """
    table = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
    for char in set(text) - _PLAIN:
        category = unicodedata.category(char)
        if category == "Cs" or char == "\0":
            table[ord(char)] = "\ufffd"
        elif category in _ODD:
            table[ord(char)] = f'<span class="odd" data-code="U+{ord(char):04X}">{"&#13;" if char == chr(13) else char}</span>'
    return table


def cut(marks: Iterable[Mark], borders: Sequence[int]) -> list[list[Mark]]:
    """Share the marks out among the stretches between sorted borders; one that runs over a border is in each stretch that it touches."""
    shared: list[list[Mark]] = [[] for _ in borders[1:]]
    for mark in marks:
        at = max(bisect_right(borders, mark.span.start) - 1, 0)
        opens = mark.opens
        while at < len(shared) and borders[at] < mark.span.end:
            span = Span(max(mark.span.start, borders[at]), min(mark.span.end, borders[at + 1]))
            if span:
                shared[at].append(Mark(span, mark.rank, opens, mark.again, mark.closes))
                opens = mark.again
            at += 1
    return shared


def mark_up(text: str, stretch: Span, marks: Iterable[Mark], table: Mapping[int, str]) -> Iterator[str]:
    """Write a stretch of a text with the marks that lie inside it; takes time in proportion to the text and the marks."""
    at = stretch.start
    stack: list[Mark] = []

    def close_until(limit: int) -> Iterator[str]:
        """Close what ends up to a place, the first to end first."""
        nonlocal at
        while stack and (end := min(mark.span.end for mark in stack)) <= limit:
            yield text[at:end].translate(table)
            at = end
            lowest = next(place for place, mark in enumerate(stack) if mark.span.end == end)
            yield "".join(mark.closes for mark in reversed(stack[lowest:]))
            stack[lowest:] = [mark for mark in stack[lowest:] if mark.span.end > end]
            yield "".join(mark.again for mark in stack[lowest:])

    for mark in sorted((m for m in marks if m.span), key=lambda m: (m.span.start, -m.span.end, m.rank)):
        yield from close_until(mark.span.start)
        yield text[at : mark.span.start].translate(table)
        at = mark.span.start
        yield mark.opens
        stack.append(mark)
    yield from close_until(stretch.end)
    yield text[at : stretch.end].translate(table)
