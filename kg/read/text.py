"""Stored text in, blocks out: paragraphs, headings, list items and table rows, tidied, with every character's offset kept.

A block is what a sentence never crosses. Line wraps, hyphens at line ends, page breaks and Markdown marks are undone in the tidied text;
the stored text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from kg.model import Span


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, item (of a list) or row (of a table): its span, its tidied text and the offsets of that text.

    `lines` is how many lines it stands on.
    """

    kind: str
    span: Span
    text: str
    offsets: tuple[int, ...]
    lines: int = 1


@dataclass(slots=True)
class _Line:
    start: int
    end: int  # without white space at either side
    indent: int
    kind: str  # text, heading, section ("Item 8.01"), item, row, furniture; dash until it is settled what it is
    group: int  # lines without a blank line between share a group
    text_start: int  # behind a bullet or "# "


_LINE = re.compile(r"[^\n]+")
_RUNS = re.compile(r"\S+(?: \S+)*")
# Round and square bullets, the private-use ones of Word's Symbol font (U+F0B7), and the "o" that stands for a circle.
_GLYPH = re.compile(
    r"[\u2022\u2023\u25cf\u25aa\u25ab\u25a0\u25a1\u25cb\u25e6\u25ba\u2043\u00b7\uf000-\uf0ff]\s{0,20}|o(?:[ \u00a0]{2,20}|\t\s{0,20})(?=\S)"
)
_DASH_OR_STAR = re.compile(r"(?:\*|[-\u2013\u2014])\s{1,20}(?=\S)")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})\)\s|\d{1,2}\.\s|\d{1,3}(?:\.\d{1,3})?\s{3,20}(?=\S)")
_MARKDOWN_HEADING = re.compile(r"#{1,6} +(?=[^#\s])")
_GAP = re.compile(r"(?<=\S)(?: {3,}|[ ]*\t[ \t]*)(?=\S)|(?<=\S) +\| +(?=\S)")
_FURNITURE = re.compile(
    r"[-\u2013\u2014\s]{0,5}\d{1,3}[-\u2013\u2014\s]{0,5}|page\s{1,5}\d{1,3}(?:\s{0,2}(?:/|of)\s{0,2}\d{1,3})?|<PAGE>[\s\d]{0,12}"
    r"|\(?continued\)?|[-(]? ?more ?[-)]?|table of contents|(?:</?(?:table|caption|s|c|fn|f\d)>\s{0,40}){1,9}"
    r"|[-=_*~.\s]{3,400}",
    re.I,
)
_ITEM_HEADING = re.compile(r"item\s{1,9}\d{1,2}(?:\.\d\d)?\b", re.I)
# Lines that stand by themselves whatever is set right below or above them.
_STANDALONE = re.compile(
    r"for immediate release[.:]?|(?:news|press|media) release|signatures?:?"
    r"|exhibit(?: no\.)? \d{1,3}(?:\.\d{1,2})?|ex-\d{1,3}(?:\.\d{1,2})?|exhibit index|index to exhibits",
    re.I,
)
_TERMINAL = re.compile(r"[.!?:;][\"\u201d\u2019')\]*]{0,3}$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOWER_WORD = re.compile(r"[a-z]+\b(?![-\u2010\u2011][A-Z0-9])")
_HYPHENS = "-\u2010\u2011"
_SUSPENDED = re.compile(r"(?:and|or|to|nor|und|et|bis)\b")  # "first- and second-line"
_MARKS = re.compile(
    r"\*\*(?=\S)([^*\n]{1,600}?)(?<=\S)\*\*|__(?=\S)([^_\n]{1,300}?)(?<=\S)__|(&)amp;"
    r"|(?<!!)\[([^\[\]\n]{1,400})\]\((?:https?://|mailto:|www\.)[^()\s]{0,800}\)"
)
_RUN_IN_ABOUT = re.compile(
    r"About (?:the )?(?=[A-Z0-9])((\S+)(?: (?!and |of |the |by |in |\S{3,20}-based )\S+){0,6}?)(?= (?:[A-Z]\S{2,20}-based )?\2\b)"
)
# Behind these words at a line's end "Item 8.01" at the next line's start belongs to the sentence.
_POINTS_ON = re.compile(r"\b(?:this|in|under|of|to|and|or|with|see|by|the|such|form|per)$", re.I)
_AND_OR = re.compile(r"; (?:and|or)$")

_LONG_LINE = 250  # no text is wrapped by hand at more; a longer line is a paragraph of its own
_FULL = 0.6  # a line shorter than this share of its group's longest was ended on purpose
_CELL_CHARS = 120  # longer than that on average, the cells of a line are sentences with a stray gap between
_PROSE_CHARS = 60  # a first half shorter than this is a label or a heading, and no page break is bridged behind it


def blocks_of(text: str, markdown: bool = True) -> list[Block]:
    """Split a text into blocks, in order. Every character that is not white space lies in the span of one of them.

    `markdown`: drop the marks of Markdown from the tidied text (a text made from HTML has none).
    """
    lines = _lines(text, markdown)
    words = cache(lambda: frozenset(re.findall(r"[a-z]{5,}", text)))
    blocks = []
    for paragraph in _paragraphs(text, lines):
        for part in _split_about(text, paragraph):
            blocks.append(_block(text, part, markdown, words))
    return blocks


def is_title(text: str) -> bool:
    """Answer whether a line is set as a heading: short, in capitals or title case, not ended as a sentence."""
    if len(text) > 250 or (_TERMINAL.search(text) and not text.endswith(":")):
        return False
    words = _WORD.findall(text)
    long = [word for word in words if len(word) > 3]
    if not words or len(words) > 35:
        return False
    return sum(not word[0].islower() for word in long) >= 0.7 * len(long) and not words[0][0].islower()


def is_furniture(text: str) -> bool:
    """Answer whether a line is a page number, a running head or another mark of paper."""
    return (len(text) <= 30 or text[0] in "-=_*~.<") and _FURNITURE.fullmatch(text.strip()) is not None


def _lines(text: str, markdown: bool) -> list[_Line]:
    lines: list[_Line] = []
    group = 0
    last_end = 0
    for found in _LINE.finditer(text):
        raw = found[0]
        stripped = raw.strip()
        if not stripped:
            continue
        if "\n" in text[last_end : found.start()][1:]:
            group += 1
        last_end = found.end()
        indent = len(raw) - len(raw.lstrip())
        start = found.start() + indent
        lines.append(_classify(stripped, start, indent, group, markdown))
    return _settle(text, lines)


def _classify(stripped: str, start: int, indent: int, group: int, markdown: bool) -> _Line:
    end = start + len(stripped)
    kind, skip = "text", 0
    if is_furniture(stripped):
        kind = "furniture"
    elif len(stripped) < 30 and _STANDALONE.fullmatch(stripped):
        kind = "heading"
    elif markdown and (mark := _MARKDOWN_HEADING.match(stripped)):
        kind, skip = "heading", mark.end()
    elif _ITEM_HEADING.match(stripped):
        kind = "section"
    elif mark := _GLYPH.match(stripped):
        kind, skip = "item", mark.end()
    elif mark := _DASH_OR_STAR.match(stripped):
        kind, skip = "dash", mark.end()
    elif mark := _NUMBERED.match(stripped):
        kind = "item"
        if _has_gap(stripped, mark.end()):
            kind = "row"
    elif _has_gap(stripped, 0):
        kind = "row"
    return _Line(start, end, indent, kind, group, start + (skip if skip < len(stripped) else 0))


def _has_gap(line: str, since: int) -> bool:
    """Answer whether a line has columns."""
    if "   " not in line and "\t" not in line and " | " not in line:
        return False
    gaps = _GAP.findall(line, since)
    # Typists of the nineties set text flush right with up to four spaces between words; columns are further apart or hold numbers.
    justified = (
        len(line) > _PROSE_CHARS
        and all(gap.isspace() and "\t" not in gap and len(gap) <= 4 for gap in gaps)
        and len(_WORD.findall(line)) >= 5
    )
    return bool(gaps) and not justified and len(line) <= _CELL_CHARS * (len(gaps) + 1)


def _settle(text: str, lines: list[_Line]) -> list[_Line]:
    """Decide which lines that look like the start of an item are one, and which only go on with the sentence before.

    "— Event Triggers Payment —" is a heading. A line that begins with "2." or "(ii)" or a dash goes on where the line before in its
    group is full and unfinished.
    """
    widths = _widths(lines)
    for place, line in enumerate(lines):
        before = lines[place - 1] if place and lines[place - 1].group == line.group else None
        unfinished = (
            before is not None
            and before.kind in ("text", "item")
            and before.end - before.start >= _FULL * widths.get(line.group, 0)
            and not _TERMINAL.search(text, max(before.start, before.end - 4), before.end)
            and not _AND_OR.search(text, before.start, before.end)
        )
        if line.kind == "dash":
            framed = text[line.end - 1] in "-\u2013\u2014" and text[line.start] in "-\u2013\u2014"
            goes_on = unfinished and before is not None and before.kind == "text"
            line.kind = "heading" if framed else "text" if goes_on else "item"
            if line.kind != "item":
                line.text_start = line.start
        elif before is not None:
            wrapped_mark = line.kind == "item" and line.text_start == line.start and unfinished and before.kind == "text"
            named = line.kind == "section" and _POINTS_ON.search(text, before.start, before.end)
            if wrapped_mark or named:
                line.kind = "text"
    return lines


def _paragraphs(text: str, lines: list[_Line]) -> Iterator[list[_Line]]:
    """Gather lines into paragraphs; a page break in the middle of a sentence is bridged, the page number between goes along."""
    widths = _widths(lines)
    at = 0
    while at < len(lines):
        paragraph = [lines[at]]
        at += 1
        while at < len(lines):
            line = lines[at]
            if line.group == paragraph[-1].group and line.kind != "furniture":
                if not _continues(text, paragraph, line, widths.get(line.group, 0)):
                    break
                paragraph.append(line)
                at += 1
                continue
            ahead = at
            while ahead < len(lines) and lines[ahead].kind == "furniture" and ahead - at < 4:
                ahead += 1
            if ahead == len(lines) or not _bridges(text, paragraph, lines[ahead]):
                break
            paragraph.append(lines[ahead])
            at = ahead + 1
        yield paragraph


def _widths(lines: list[_Line]) -> dict[int, int]:
    """Measure each group's longest running line."""
    widths: dict[int, int] = {}
    for line in lines:
        width = line.end - line.start
        if line.kind != "row" and width > widths.get(line.group, 0):
            widths[line.group] = width
    return widths


def _continues(text: str, paragraph: list[_Line], line: _Line, width: int) -> bool:
    """Answer whether a line goes on with the paragraph before it, in the same group."""
    last = paragraph[-1]
    if line.kind != "text":
        return False
    ended = _TERMINAL.search(text, max(last.start, last.end - 4), last.end) is not None
    lower = _LOWER_WORD.match(text, line.start) is not None
    length = last.end - last.start
    if last.kind in ("row", "furniture"):
        return last.kind == "row" and (paragraph[0].kind == "item" or (lower and not ended and length >= _FULL * width))
    if length > _LONG_LINE or line.end - line.start > _LONG_LINE:
        return lower and not ended and length > _PROSE_CHARS
    if last.kind == "heading":
        return False
    caps = text[last.start : last.end].isupper()
    if caps and not text[line.start : line.end].isupper() and length > 3 and text[last.end - 1] not in ",-\u2013\u2014&":
        return False
    if paragraph[0].kind == "item" and len(paragraph) == 1 and last.kind == "item" and length < _FULL * width and not lower:
        return False
    if length >= _FULL * width:
        # A paragraph may begin without a blank line, by an indented first line.
        return not (ended and line.indent >= last.indent + 3 and len(paragraph) > 1)
    first_word = text.find(" ", line.start, line.end)
    fits = length + 1 + ((first_word if first_word > 0 else line.end) - line.start) <= width
    return not fits or (lower and not ended)


def _bridges(text: str, paragraph: list[_Line], line: _Line) -> bool:
    """Answer whether a sentence goes on behind a page break or a blank line."""
    last = paragraph[-1]
    if line.kind != "text" or last.kind not in ("text", "item") or last.end - paragraph[0].start < _PROSE_CHARS:
        return False
    if _TERMINAL.search(text, max(last.start, last.end - 4), last.end) or not _LOWER_WORD.match(text, line.start):
        return False
    return not is_title(text[max(paragraph[0].start, last.end - 250) : last.end])


def _split_about(text: str, paragraph: list[_Line]) -> Iterator[list[_Line]]:
    """Set "About Acme Acme is a …" apart into its heading and its text: some wires lose the line end between."""
    first = paragraph[0]
    run_in = _RUN_IN_ABOUT.match(text, first.text_start, first.end) if first.kind == "text" else None
    if run_in is None:
        yield paragraph
        return
    yield [_Line(first.start, run_in.end(), first.indent, "heading", first.group, first.start)]
    start = run_in.end() + 1
    yield [_Line(start, first.end, first.indent, "text", first.group, start), *paragraph[1:]]


def _block(text: str, paragraph: list[_Line], markdown: bool, words: Callable[[], frozenset[str]]) -> Block:
    """Tidy the lines of a paragraph into one text with offsets."""
    pieces: list[str] = []
    offsets: list[int] = []
    space: int | None = None  # where a space is due before the next piece
    for number, line in enumerate(paragraph):
        if number:
            space = _joint(text, paragraph[number - 1], line, pieces, offsets, words)
        for start, end in _kept(text, line, markdown):
            at = start
            for run in _RUNS.finditer(text, start, end):
                if run.start() > at and space is None and pieces:
                    space = at
                if space is not None and pieces:
                    pieces.append(" ")
                    offsets.append(space)
                space = None
                pieces.append(run[0])
                offsets.extend(range(run.start(), run.end()))
                at = run.end()
            if at < end and space is None and pieces:
                space = at
    span = Span(paragraph[0].start, paragraph[-1].end)
    tidied = "".join(pieces)
    if not tidied:  # nothing but marks: kept as it stands, so that nothing is dropped
        return Block("paragraph", span, span.of(text), tuple(range(span.start, span.end)))
    return Block(_kind(paragraph, tidied), span, tidied, tuple(offsets), len(paragraph))


def _kind(paragraph: list[_Line], tidied: str) -> str:
    first = paragraph[0].kind
    if first in ("heading", "item", "row"):
        return first
    if first == "furniture":
        return "furniture"
    return "heading" if len(paragraph) <= 4 and is_title(tidied) else "paragraph"


def _joint(
    text: str, before: _Line, after: _Line, pieces: list[str], offsets: list[int], words: Callable[[], frozenset[str]]
) -> int | None:
    """Join two lines: give the place of the space between them, or None where they join without one.

    A hyphen at the line's end is kept, "HER2-⏎targeting" being "HER2-targeting"; it goes only where the document has the word whole
    elsewhere ("devel-⏎opment" and "development"). "first- ⏎and second-line" keeps its space.
    """
    if not pieces:
        return None
    tail = text[max(before.start, before.end - 40) : before.end]
    head = text[after.text_start : min(after.end, after.text_start + 40)]
    gap = before.end
    if tail[-1] in _HYPHENS and len(tail) > 1 and tail[-2].isalnum():
        if _SUSPENDED.match(head):
            return gap
        left, right = re.search(r"[a-z]*$", tail[:-1]), re.match(r"[a-z]+(?![\w-])", head)
        whole = left[0] + right[0] if left and right and not re.search(r"[\w-]$", tail[: left.start()]) else ""
        if len(whole) > 4 and left and left[0] and whole in words() and offsets[-1] == before.end - 1:
            pieces[-1] = pieces[-1][:-1]
            offsets.pop()
        return None
    if tail[-1] in "\u2013\u2014/" and len(tail) > 1 and not tail[-2].isspace() and head[:1].isalnum():
        return None
    return gap


def _kept(text: str, line: _Line, markdown: bool) -> list[tuple[int, int]]:
    """List the stretches of a line that stay when the marks of Markdown go; a bullet goes always."""
    start = line.text_start
    raw = text[start : line.end]
    if not markdown or ("**" not in raw and "__" not in raw and "](" not in raw and "&amp;" not in raw):
        return [(start, line.end)]
    kept: list[tuple[int, int]] = []
    at = start
    for mark in _MARKS.finditer(text, start, line.end):
        group = mark.lastindex or 1
        inner = _Line(*mark.span(group), 0, "text", 0, mark.start(group))
        kept += [(at, mark.start()), *_kept(text, inner, markdown)]
        at = mark.end()
    return [(left, right) for left, right in [*kept, (at, line.end)] if left < right]
