"""A PDF in, its text out: pages in order, lines as they were set, an empty line between paragraphs, gaps between columns kept."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw

from kg.errors import ReadError
from kg.read.decode import MAX_TEXT_CHARS

MAX_PAGES = 2000  # a merger agreement with all annexes has some 1,000
PAGE_BREAK = "\n\f\n"  # the reader of text knows the form feed, and bridges a sentence that goes on behind it
_HYPHENS = frozenset("\x02\ufffe")  # what the library puts for a hyphen at a line's end
_COLUMN_GAP = 1.2  # heights of the font; the widest spaces between words of justified lines have half of one, but in narrow columns
_JUSTIFIED = 1.15  # and there the spaces of a line are equal: the widest is at most so many times the narrowest
_SAME_LINE = 0.4  # heights of a letter by which the cells of a row may differ, with raised signs in them
_PARAGRAPH_GAP = 1.35  # times the usual distance of lines; a paragraph is set off by half a line or more
_OTHER_SIZE = 1.2  # times the height of the line before: a headline over its text


class Pdf(NamedTuple):
    """The text of a PDF, how many pages it has, and which of them, counted from 1, have no text or cannot be opened."""

    text: str
    pages: int
    without_text: tuple[int, ...]
    damaged: tuple[int, ...]


@dataclass(slots=True)
class _Line:
    """A line as the library gives it, with its place on the page in points, from the bottom up."""

    text: list[str] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    heights: list[float] = field(default_factory=list)
    gaps: list[tuple[int, float]] = field(default_factory=list)  # where in `text` a gap lies, and how wide it is

    def words(self) -> str:
        """Put the line together, with wide gaps where columns part it."""
        widths = [width for _, width in self.gaps]
        if len(widths) > 1 and max(widths) <= _JUSTIFIED * min(widths):
            widths = []
        parts = list(self.text)
        for place, width in self.gaps if widths else ():
            if width > _COLUMN_GAP * self.height:
                parts[place] = "   " + parts[place]
        return "".join(parts).strip()

    @property
    def height(self) -> float:
        return max(self.heights, default=0.0)


def pdf_text(data: bytes, name: str) -> Pdf:
    """Read the text of a PDF in the order in which it is written there; no letter is lost or moved.

    Raises ReadError where it is locked, damaged, without any text, of more than MAX_PAGES pages or MAX_TEXT_CHARS characters.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        why = "is a PDF that is locked with a password" if "password" in str(error).lower() else "is a PDF that is damaged"
        raise ReadError(f"{name}: {why}") from error
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise ReadError(f"{name}: has {count:,} pages; kg reads PDFs of up to {MAX_PAGES:,}")
        texts: list[str] = []
        damaged: list[int] = []
        length = 0
        for number in range(count):
            page = _page_text(document, number)
            if page is None:
                damaged.append(number + 1)
            texts.append(page or "")
            length += len(texts[-1])
            if length > MAX_TEXT_CHARS:
                raise ReadError(f"{name}: has more than {MAX_TEXT_CHARS:,} characters of text, which is the most that kg reads")
    finally:
        document.close()
    if damaged and len(damaged) == count:
        raise ReadError(f"{name}: is a PDF that is damaged: none of its {count:,} pages can be opened")
    empty = tuple(number for number, text in enumerate(texts, 1) if not text.strip() and number not in damaged)
    if len(empty) + len(damaged) == count:
        raise ReadError(f"{name}: is a PDF without text, {count:,} pages of pictures it seems: run text recognition over it first")
    return Pdf(PAGE_BREAK.join(texts), count, empty, tuple(damaged))


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str | None:
    """Read one page; None for one that is damaged."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return None
    try:
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        page.close()
        return None
    try:
        return _laid_out(list(_lines(text_page)))
    finally:
        text_page.close()
        page.close()


def _lines(text_page: pypdfium2.PdfTextPage) -> Iterator[_Line]:
    """Gather the characters of a page into lines, with a wide gap where the page has one."""
    handle = text_page.raw
    box = pypdfium2.raw.FS_RECTF()  # the loose box: as high as the font, whatever the letter
    place = ctypes.byref(box)
    line = _Line()
    half = 0  # the first half of a letter beyond U+FFFF, which the library gives in two
    for index in range(text_page.count_chars()):
        code = pypdfium2.raw.FPDFText_GetUnicode(handle, index)
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000 and half:
            code = 0x10000 + ((half - 0xD800) << 10) + code - 0xDC00
        half = 0
        char = chr(code)
        if char in "\r\n" or char in _HYPHENS:
            if char in _HYPHENS:
                line.text.append("-")
            if line.text:
                yield line
            line = _Line()
            continue
        if char.isspace():
            line.text.append(" ")
            continue
        if pypdfium2.raw.FPDFText_GetLooseCharBox(handle, index, place) and box.top > box.bottom:
            height = box.top - box.bottom
            if not line.heights:
                line.left, line.bottom = box.left, box.bottom
            elif line.text[-1] == " " or box.left - line.right > _COLUMN_GAP * max(line.height, height):
                line.gaps.append((len(line.text), box.left - line.right))
            line.right = box.right
            line.bottom = min(line.bottom, box.bottom)
            line.heights.append(height)
        line.text.append(char)
    if line.text:
        yield line


def _laid_out(lines: Sequence[_Line]) -> str:
    """Write lines one below the other: cells of a row side by side, paragraphs apart."""
    steps = sorted(step for before, line in pairwise(lines) if (step := before.bottom - line.bottom) > 1)
    usual = steps[len(steps) // 4] if steps else 0.0  # most steps of a page of short paragraphs are those between them
    sizes = [line.height for line in lines if line.heights]
    leading = usual / median(sizes) if sizes else 0.0  # a wrapped headline has its lines further apart than the text below it
    out: list[str] = []
    before: _Line | None = None
    for line in lines:
        if before is not None:
            out.append(_between(before, line, leading))
        out.append(line.words())
        before = line
    return "".join(out)


def _between(before: _Line, line: _Line, leading: float) -> str:
    if not (before.heights and line.heights):
        return "\n"
    step = before.bottom - line.bottom
    height = max(before.height, line.height)
    if abs(step) < _SAME_LINE * height and line.left >= before.right:
        return "   "
    sizes = sorted((median(before.heights), median(line.heights)))
    is_apart = step < 0 or step > _PARAGRAPH_GAP * leading * median(line.heights) or sizes[1] > _OTHER_SIZE * sizes[0]
    return "\n\n" if is_apart and before.text[-1:] != ["-"] else "\n"
