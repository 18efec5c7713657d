"""Stored text in, blocks out: its lines are told apart by what they look like, then gathered into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.read import markdown
from kg.read.blocks import (
    PROSE_CHARS,
    Block,
    Setting,
    begins_lower,
    bridged,
    is_ended,
    is_furniture,
    is_page_break,
    is_title,
    join,
    running_heads,
)
from kg.read.footnotes import has_notes, notes
from kg.read.offsets import Tidied, spaced


@dataclass(slots=True)
class Line:
    """A line without the white space around it: where it is, what it looks like, and which lines it stands together with.

    `kind` is text, heading, section ("Item 8.01"), item, row, furniture, or dash until it is settled what it is. Lines without a blank line
    between share a `group`. `text_start` lies behind a bullet or "# ".
    """

    start: int
    end: int
    indent: int
    kind: str
    group: int
    text_start: int
    text: str


# Round and square bullets, the private-use ones of Word's Symbol font (U+F0B7), and the "o" that stands for a circle.
_GLYPH = re.compile(
    r"[\u2022\u2023\u25cf\u25aa\u25ab\u25a0\u25a1\u25cb\u25e6\u25ba\u27a2\u2756\u2043\u00b7\uf000-\uf0ff]\s{0,20}"
    r"|[\u00a7\u00d8]\s{1,20}(?=[A-Z])|o(?:[ \u00a0]{2,20}|\t\s{0,20})(?=\S)"
)
_DASH_OR_STAR = re.compile(r"(?:\*|[-\u2013\u2014])\s{1,20}(?=\S)")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})\)\s|\d{1,2}\.\s|\d{1,3}(?:\.\d{1,3})?\s{3,20}(?=\S)")
_GAP = re.compile(r"[ \t]{3,}|[ \t]?\t[ \t]?| \| ")
_WORD = re.compile(r"[^\W\d_]{2,}")
# Lines that stand by themselves whatever is set right below or above them.
_STANDALONE = re.compile(
    r"for immediate release[.:]?|(?:news|press|media) release|signatures?:?"
    r"|exhibit(?: no\.)? \d{1,3}(?:\.\d{1,2})?|ex-\d{1,3}(?:\.\d{1,2})?|exhibit index|index to exhibits",
    re.I,
)
_STANDALONE_STARTS = frozenset("fFnNpPmMsSeEiI")
_ITEM_HEADING = re.compile(r"item\s{1,9}\d{1,2}(?:\.\d\d)?\b", re.I)
# "About Acme Acme is a …", "…at acme.com.About AcmeAcme is a …", "…acme.com.Forward-Looking StatementsThis release …": some wires lose the
# line ends around a heading. A name that is said twice, or a capital without a space before it, shows where they were.
_LOST_ENDS = re.compile(
    # Where a sentence has ended, or at the line's start: "About", a name, and behind it, without the line end
    r"(?:(?<![^.!?)\]\"\u201d])|(?<=[.!?)\]\"\u201d] ))(?P<about>About (?:the )?(?=[A-Z0-9])"
    r"(?P<first>\S{2,40}?)(?: (?![a-z]|\S{3,20}-based )\S{1,40}?){0,6}?"
    r"(?:(?= (?:[A-Z]\S{2,20}-based )?(?P=first)\b)"  # the name again,
    r"|(?=(?<=[^\W_]{4})(?:The )?(?P=first)\b|(?<=[a-z]\))[A-Z][a-z])"  # the same without a space,
    r"| (?P<last>[A-Z]\S{1,40})(?= (?P=last) (?:is|are|was|has)\b)))"  # or its last word again.
    r"|(?<![^.!?)\]\"\u201d])(?P<caution>(?:(?:Cautionary|Disclosure|Special)(?: (?:Note|Statement))?s? "
    r"(?:Regarding|Concerning|[Oo]n|About) |Safe Harbor )?Forward[- ]Looking (?:Statements?|Information)(?: Disclaimer)?:?)"
    r"(?=(?:This|Certain|Statements|Some|In|The|Any|Except|All|These|Various|Forward)\b)"
)
# Behind these words at a line's end "Item 8.01" at the next line's start belongs to the sentence.
_POINTS_ON = re.compile(r"\b(?:this|in|under|of|to|and|or|with|see|by|the|such|form|per)$", re.I)
_AND_OR = re.compile(r"; (?:and|or)$")

_JOINTS = frozenset("-\u2010\u2011\u2013\u2014/")  # a line that ends so may go on without a space

_PLAIN_CHARS = 30  # a shorter line may stand for itself ("News Release")
_MAY_BEGIN = frozenset("iIo\u00d8")  # "Item 8.01", and the letters that are bullets in other fonts

_LONG_LINE = 250  # no text is wrapped by hand at more; a longer line is a paragraph of its own
_FULL = 0.6  # a line shorter than this share of its group's longest was ended on purpose
CELL_CHARS = 120  # longer than that on average, the cells of a line are sentences with a stray gap between


def blocks_of(text: str, is_markdown: bool = True) -> list[Block]:
    """Split a text into blocks, in order. Every character that is not white space lies in the span of one of them.

    is_markdown: drop the marks of Markdown from the tidied text.
    """
    setting = Setting(text, is_markdown)
    return bridged(list(_blocks(setting, 0, len(text))), setting)


def blocks_between(setting: Setting, start: int, end: int) -> list[Block]:
    """Split a stretch of a text into blocks, without bridging what a page break parts."""
    return list(_blocks(setting, start, end))


def line_block(setting: Setting, start: int, end: int) -> Block:
    """Make a block of a line that is a paragraph by itself, without marks of Markdown."""
    raw = setting.text[start:end]
    is_tidy = "  " not in raw and " | " not in raw and "\t" not in raw and not setting.has_notes
    if is_tidy and len(raw) >= _PLAIN_CHARS and raw[0].isalpha() and raw[0] not in _MAY_BEGIN and ")" not in raw[1:6]:
        return Block("heading" if is_title(raw) else "paragraph", start, end, raw, range(start, end))  # running text, as most lines are
    kind, skip = line_kind(raw)
    if kind == "dash":
        kind = "heading" if raw[-1] in "-\u2013\u2014" and raw[0] in "-\u2013\u2014" else "item"
        skip = 0 if kind == "heading" else skip
    begin, body = (start + skip, raw[skip:]) if 0 < skip < end - start else (start, raw)
    offsets: Sequence[int]
    if setting.has_notes and has_notes(body):
        tidied = Tidied()
        _add(tidied, setting, begin, end, False)
        body, offsets = (tidied.text, tidied.offsets) if tidied else (body, range(begin, end))
    else:
        body, offsets = spaced(body, begin)
    if kind == "text" or kind == "section":
        kind = "heading" if is_title(body) else "paragraph"
    return Block(kind, start, end, body, offsets)


def split_line(setting: Setting, block: Block) -> list[Block]:
    """Set apart the headings whose line ends a line has lost."""
    pieces = _pieces(setting.text, block.start, block.end)
    if len(pieces) == 1:
        return [block]
    return [
        Block("heading", start, end, setting.text[start:end], range(start, end)) if is_heading else line_block(setting, start, end)
        for start, end, is_heading in pieces
    ]


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Cut a line where it lost its ends; give the start and end of each piece, and whether it is a heading."""
    line = text[start:end]
    if "About " not in line and "-Looking" not in line and "rd Looking" not in line:
        return [(start, end, False)]
    pieces = []
    behind = 0
    for found in _LOST_ENDS.finditer(line):
        first, last = found.span("about" if found["about"] else "caution")
        if line[behind:first].strip():
            pieces.append((start + behind, start + first - line[first - 1].isspace(), False))
        pieces.append((start + first, start + last, True))
        behind = last + line[last].isspace()
    return [*pieces, (start + behind, end, False)]


def line_kind(text: str, is_markdown: bool = False) -> tuple[str, int]:
    """Tell what a line looks like by itself, and how many characters its bullet or "# " takes."""
    first = text[0]
    if first.isalpha():
        if len(text) < 30 and (is_furniture(text) or (first in _STANDALONE_STARTS and _STANDALONE.fullmatch(text))):
            return ("furniture" if is_furniture(text) else "heading"), 0
        if first in "iI" and _ITEM_HEADING.match(text):
            return "section", 0
        if first in "o\u00d8" and (mark := _GLYPH.match(text)):
            return "item", mark.end()
        if ")" not in text[1:6]:
            return ("row" if has_gap(text, 0) else "text"), 0
    elif is_furniture(text):
        return "furniture", 0
    elif is_markdown and (skip := markdown.heading(text)):
        return "heading", skip
    elif mark := _GLYPH.match(text):
        return "item", mark.end()
    elif mark := _DASH_OR_STAR.match(text):
        return "dash", mark.end()
    elif is_markdown and (skip := markdown.quoted(text)):
        return "text", skip
    if mark := _NUMBERED.match(text):
        return ("row" if has_gap(text, mark.end()) else "item"), 0
    return ("row" if has_gap(text, 0) else "text"), 0


def has_gap(line: str, since: int) -> bool:
    """Answer whether a line has columns."""
    if "   " not in line and "\t" not in line and " | " not in line:
        return False
    if since:
        line = line[since:].lstrip()
    gaps = _GAP.findall(line)
    # Typists of the nineties set text flush right with up to four spaces between words; columns are further apart or hold numbers.
    justified = (
        len(line) > PROSE_CHARS
        and all(gap.isspace() and "\t" not in gap and len(gap) <= 4 for gap in gaps)
        and len(_WORD.findall(line)) >= 5
    )
    return bool(gaps) and not justified and len(line) <= CELL_CHARS * (len(gaps) + 1)


def _blocks(setting: Setting, start: int, end: int) -> Iterator[Block]:
    text = setting.text
    for paragraph in _paragraphs(_lines(text, start, end, setting.is_markdown)):
        first = paragraph[0]
        pieces = _pieces(text, first.start, first.end) if first.kind == "text" else []
        if len(pieces) < 2:
            yield _block(setting, paragraph)
            continue
        for start, end, is_heading in pieces[:-1]:
            if is_heading:
                yield Block("heading", start, end, text[start:end], range(start, end))
            else:
                yield _block(setting, [Line(start, end, first.indent, "text", first.group, start, text[start:end])])
        start, end, _ = pieces[-1]
        yield _block(setting, [Line(start, end, first.indent, "text", first.group, start, text[start:end]), *paragraph[1:]])


def _lines(text: str, start: int, end: int, is_markdown: bool) -> list[Line]:
    lines: list[Line] = []
    breaks: list[int] = []
    group, after_blank, at = 0, False, start
    for raw in text[start:end].split("\n"):
        stripped = raw.strip()
        if stripped:
            if after_blank:
                group += 1
                after_blank = False
            indent = 0 if raw[0] == stripped[0] else len(raw) - len(raw.lstrip())
            begin = at + indent
            kind, skip = line_kind(stripped, is_markdown)
            if kind == "furniture" and is_page_break(stripped):
                breaks.append(len(lines))
            lines.append(Line(begin, begin + len(stripped), indent, kind, group, begin + (skip if skip < len(stripped) else 0), stripped))
        else:
            after_blank = True
            if "\f" in raw:
                breaks.append(len(lines))
        at += len(raw) + 1
    if breaks:
        for number in running_heads([line.text for line in lines], breaks):
            lines[number].kind = "furniture"
            lines[number].text_start = lines[number].start
    _settle(lines)
    return lines


def _settle(lines: list[Line]) -> None:
    """Decide which lines that look like the start of an item are one, and which only go on with the sentence before.

    "— Event Triggers Payment —" is a heading. A line that begins with "2." or "(ii)" or a dash goes on where the line before in its
    group is full and unfinished.
    """
    widths = _widths(lines)
    for place, line in enumerate(lines):
        if line.kind not in ("dash", "item", "section"):
            continue
        before = lines[place - 1] if place and lines[place - 1].group == line.group else None
        unfinished = (
            before is not None
            and before.kind in ("text", "item")
            and before.end - before.start >= _FULL * widths.get(line.group, 0)
            and not is_ended(before.text)
            and not _AND_OR.search(before.text)
        )
        if line.kind == "dash":
            framed = line.text[-1] in "-\u2013\u2014" and line.text[0] in "-\u2013\u2014"
            goes_on = unfinished and before is not None and before.kind == "text"
            line.kind = "heading" if framed else "text" if goes_on else "item"
            if line.kind != "item":
                line.text_start = line.start
        elif before is not None:
            wrapped_mark = line.kind == "item" and line.text_start == line.start and unfinished and before.kind == "text"
            named = line.kind == "section" and _POINTS_ON.search(before.text)
            if wrapped_mark or named:
                line.kind = "text"


def _paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    """Gather lines into paragraphs."""
    widths = _widths(lines)
    paragraph: list[Line] = []
    for line in lines:
        if (
            paragraph
            and line.kind == "text"
            and line.group == paragraph[-1].group
            and _continues(paragraph, line, widths.get(line.group, 0))
        ):
            paragraph.append(line)
            continue
        if paragraph:
            yield paragraph
        paragraph = [line]
    if paragraph:
        yield paragraph


def _widths(lines: list[Line]) -> dict[int, int]:
    """Measure each group's longest running line."""
    widths: dict[int, int] = {}
    for line in lines:
        width = line.end - line.start
        if width > widths.get(line.group, 0) and line.kind != "row":
            widths[line.group] = width
    return widths


def _continues(paragraph: list[Line], line: Line, width: int) -> bool:
    """Answer whether a line of text goes on with the paragraph before it, in the same group."""
    last = paragraph[-1]
    if last.kind == "furniture" or last.kind == "heading":
        return False
    length = last.end - last.start
    lower = begins_lower(line.text)
    if last.kind == "row":
        return paragraph[0].kind == "item" or (lower and length >= _FULL * width and not is_ended(last.text))
    if length > _LONG_LINE or line.end - line.start > _LONG_LINE:
        return lower and length > PROSE_CHARS and not is_ended(last.text)
    if length > 3 and last.text.isupper() and last.text[-1] not in ",-\u2013\u2014&" and not line.text.isupper():
        return False
    if last.kind == "item" and len(paragraph) == 1 and length < _FULL * width and not lower:
        return False
    if length >= _FULL * width:
        # A paragraph may begin without a blank line, by an indented first line.
        return not (line.indent >= last.indent + 3 and len(paragraph) > 1 and is_ended(last.text))
    first_word = line.text.find(" ")
    fits = length + 1 + (first_word if first_word > 0 else line.end - line.start) <= width
    return not fits or (lower and not is_ended(last.text))


def _block(setting: Setting, paragraph: list[Line]) -> Block:
    """Tidy the lines of a paragraph into one text with offsets."""
    first, last = paragraph[0], paragraph[-1]
    text = setting.text
    raw = text[first.text_start : last.end]
    marked = setting.is_markdown and markdown.has_marks(raw)
    if not marked and not (setting.has_notes and has_notes(raw)) and not _JOINTS.intersection(line.text[-1] for line in paragraph[:-1]):
        tidied, offsets = spaced(raw, first.text_start)
        return Block(_kind(paragraph, tidied), first.start, last.end, tidied, offsets, len(paragraph))
    whole = Tidied()
    line_end = first.start
    for line in paragraph:
        piece = Tidied()
        _add(piece, setting, line.text_start, line.end, marked)
        if not piece:
            continue
        if whole:
            join(whole, piece.text, line_end, setting)
        for place, offset, length in piece.offsets.runs():
            whole.add(piece.text[place : place + length], offset)
        line_end = line.end
    if not whole:  # nothing but marks: kept as it stands, so that nothing is dropped
        return Block("paragraph", first.start, last.end, text[first.start : last.end], range(first.start, last.end))
    return Block(_kind(paragraph, whole.text), first.start, last.end, whole.text, whole.offsets, len(paragraph))


def _add(tidied: Tidied, setting: Setting, start: int, end: int, is_marked: bool) -> None:
    """Append a line without its marks, its numbers of footnotes and its double spaces."""
    text = setting.text
    kept = markdown.kept(text, start, end) if is_marked else [(start, end)]
    if setting.has_notes:
        kept = [piece for left, right in kept for piece in _without(notes(text, left, right), left, right)]
    gap = -1  # where the space before the next piece stands
    for left, right in kept:
        raw = text[left:right]
        words = raw.strip()
        if not words:
            gap = left if gap < 0 else gap
            continue
        inner = left + raw.index(words[0])
        if inner > left and gap < 0:
            gap = left
        if gap >= 0 and tidied:
            tidied.add(" ", gap)
        tidied.add_spaced(words, inner)
        gap = inner + len(words) if inner + len(words) < right else -1


def _without(gaps: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """List what is left of a stretch without the gaps in it."""
    for left, right in gaps:
        if start < left:
            yield start, left
        start = right
    if start < end:
        yield start, end


def _kind(paragraph: list[Line], tidied: str) -> str:
    first = paragraph[0].kind
    if first in ("heading", "item", "row", "furniture"):
        return first
    return "heading" if len(paragraph) <= 4 and is_title(tidied) else "paragraph"
