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
_COLUMN_GAP = 1.2  # heights of the font; the widest spaces between words of justified lines have half of one
_SAME_LINE = 0.4  # heights of a letter by which the cells of a row may differ, with raised signs in them
_PARAGRAPH_GAP = 1.35  # times the usual distance of lines; a paragraph is set off by half a line or more
_OTHER_SIZE = 1.2  # times the height of the line before: a headline over its text


class Pdf(NamedTuple):
    """The text of a PDF, how many pages it has, and which of them, counted from 1, have no text: scans and pictures."""

    text: str
    pages: int
    without_text: tuple[int, ...]


@dataclass(slots=True)
class _Line:
    """A line as the library gives it, with its place on the page in points, from the bottom up."""

    text: list[str] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    heights: list[float] = field(default_factory=list)

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
        length = 0
        for number in range(count):
            texts.append(_page_text(document, number))
            length += len(texts[-1])
            if length > MAX_TEXT_CHARS:
                raise ReadError(f"{name}: has more than {MAX_TEXT_CHARS:,} characters of text, which is the most that kg reads")
    finally:
        document.close()
    empty = tuple(number for number, text in enumerate(texts, 1) if not text.strip())
    if len(empty) == count:
        raise ReadError(f"{name}: is a PDF without text, {count:,} pages of pictures it seems: run text recognition over it first")
    return Pdf(PAGE_BREAK.join(texts), count, empty)


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    """Read one page; "" for one that is damaged, as for one without text."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return ""
    try:
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        page.close()
        return ""
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
    for index in range(text_page.count_chars()):
        char = chr(pypdfium2.raw.FPDFText_GetUnicode(handle, index))
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
            elif box.left - line.right > _COLUMN_GAP * max(line.height, height):
                line.text.append("   ")
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
    out: list[str] = []
    before: _Line | None = None
    for line in lines:
        if before is not None:
            out.append(_between(before, line, usual))
        out.append("".join(line.text).strip())
        before = line
    return "".join(out)


def _between(before: _Line, line: _Line, usual: float) -> str:
    if not (before.heights and line.heights):
        return "\n"
    step = before.bottom - line.bottom
    height = max(before.height, line.height)
    if abs(step) < _SAME_LINE * height and line.left >= before.right:
        return "   "
    sizes = sorted((median(before.heights), median(line.heights)))
    is_apart = step < 0 or step > _PARAGRAPH_GAP * usual or sizes[1] > _OTHER_SIZE * sizes[0]
    return "\n\n" if is_apart and before.text[-1:] != ["-"] else "\n"
