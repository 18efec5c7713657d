"""HTML markup in, the text that is stored for it out: paragraphs, table rows and list items, each set off by line ends.

The parser of lxml hands over tags one by one and no tree is built: text nested 20,000 deep is kept, which a tree of lxml drops.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from kg.read.decode import clean


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CELL_GAP = "   |   "  # between the cells of a row; sections and sentences know it

# A declaration and comments, then a tag of a page. The tables of plain-text filings are no HTML: "<TABLE> <CAPTION> <S> <C>".
_STARTS_LIKE_HTML = re.compile(
    r"\s{0,99}(?:<\?xml[^>]{0,300}>|<!--(?:(?!-->).){0,2000}-->|\s){0,20}<(?:!doctype\s+html|html|head|body|div|p|font|center|pre"
    r"|table(?!.{0,400}<(?:S|CAPTION)>))\b",
    re.I | re.S,
)
_HAS_PAGE = re.compile(r"<(?:html|body)[\s>]", re.I)
_HAS_TAG = re.compile(r"</?(?:html|body|p|div|br|span|font|b|i|h[1-6]|ul|ol)[\s/>]", re.I)
_LOOK_AT = 20_000  # characters at the start in which a page shows what it is

_BLOCKS = _words(
    "p div h1 h2 h3 h4 h5 h6 blockquote ul ol dl dt dd li table caption thead tbody tfoot tr td th center pre hr address section article"
    " header footer main aside nav figure figcaption form fieldset legend details summary body html title"
)
_DROPPED = _words("script style head noscript template svg object iframe select textarea ix:header ix:hidden ix:references ix:resources")
_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none", re.I)

_WHITE = re.compile(r"[ \t\n]+")
_BULLET_CELL = re.compile(
    r"(?:[\u2022\u25cf\u25aa\u25a0\u25cb\u25e6\u00b7\uf0b7\uf0a7\u2013\u2014*o-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)])", re.I
)
_GLUED_LEFT = re.compile(r"[)%\]]")  # statements of account put ")" and "%" into cells of their own
_CURRENCY_CELL = re.compile(r"\(?(?:US|C|A)?[$\u20ac\u00a3\u00a5]\(?")

# A "<" that opens no tag is a sign of the text: "(p < 0.05)".
_STRAY_LESS_THAN = re.compile(r"<(?![A-Za-z/!?])")
# Attributes of more than 20,000 characters are data or an attack; no tag that shapes text has them.
_ENDLESS_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9:]{0,30})\s[^<>]{20000,}>")
_CHUNK = 1 << 18

_MAX_NESTED = 40  # tables within tables; cells further down are plain paragraphs, lest each level copy all that lies below it

# A cell with more than so much running text is a page laid out by a table, not a table: its paragraphs stay paragraphs.
_LAYOUT_CELL_CHARS = 600


def is_html(text: str, name: str) -> bool:
    """Answer whether a text is HTML: by how it begins; a file named so needs no more than a tag."""
    if _STARTS_LIKE_HTML.match(text) or _HAS_PAGE.search(text, 0, _LOOK_AT):
        return True
    return name.lower().endswith((".htm", ".html", ".xhtml")) and _HAS_TAG.search(text, 0, _LOOK_AT) is not None


def html_to_text(markup: str) -> str:
    """Turn markup into the text to store: paragraphs with a blank line between, `<br>` a line end, a table row one line.

    Hidden parts, scripts and the hidden header of inline XBRL are dropped; its inline tags are transparent. Markup that is cut off or not
    closed is read as far as it goes.
    """
    markup = _STRAY_LESS_THAN.sub("&lt;", clean(markup))
    markup = _ENDLESS_TAG.sub(r"<\1>", markup)
    target = _Writer()
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    data = markup.encode("utf-8")
    for start in range(0, len(data), _CHUNK):
        parser.feed(data[start : start + _CHUNK])
    if data:
        parser.close()
    return clean(target.text())


@dataclass(slots=True)
class _Frame:
    """What is being written into: the page or one table cell. `blocks` are its finished paragraphs and rows."""

    blocks: list[str] = field(default_factory=list)
    rows: list[bool] = field(default_factory=list)  # for each block: is it a row of a table
    parts: list[str] = field(default_factory=list)
    bullet: str = ""
    cells: list[_Frame] = field(default_factory=list)  # of the row under way in a table that stands in this frame

    def add(self, block: str, is_row: bool = False) -> None:
        self.blocks.append(block)
        self.rows.append(is_row)

    def flush(self) -> None:
        """End the paragraph under way."""
        if not self.parts:
            return
        lines = "".join(self.parts).split("\n")
        self.parts.clear()
        paragraph: list[str] = []
        for line in [*lines, ""]:
            if line.strip():
                paragraph.append(line.strip())
            elif paragraph:
                self.add(self.bullet + "\n".join(paragraph))
                self.bullet = ""
                paragraph = []


class _Writer:
    """A target of lxml's parser: takes tags and text, writes paragraphs."""

    def __init__(self) -> None:
        self._frames = [_Frame()]
        self._open: list[tuple[str, bool]] = []  # tag, whether it opened a frame
        self._dropped = 0  # how deep inside a part that is not shown
        self._pre = 0
        self._superscript: int | None = None  # how many parts the frame had where a <sup> began

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an opening tag."""
        if self._dropped or tag in _DROPPED or "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
            self._dropped += 1
            return
        frame = self._frames[-1]
        opens = False
        if tag == "br":
            frame.parts.append("\n")
        elif tag == "sup":
            self._superscript = len(frame.parts)
        elif tag in _BLOCKS:
            frame.flush()
            if tag in ("td", "th") and len(self._frames) < _MAX_NESTED:
                self._frames.append(_Frame())
                opens = True
            elif tag == "tr":
                self._end_row(frame)
            elif tag == "li":
                frame.bullet = "\u2022 "
            elif tag == "pre":
                self._pre += 1
        self._open.append((tag, opens))

    def end(self, tag: str) -> None:
        """Take a closing tag, or the end that the parser finds for one left open."""
        if self._dropped:
            self._dropped -= 1
            return
        if not self._open:
            return
        opened, opens = self._open.pop()
        if opens:
            cell = self._frames.pop()
            self._finish(cell)
            self._frames[-1].cells.append(cell)
            return
        frame = self._frames[-1]
        if opened == "sup" and self._superscript is not None:
            self._mark(frame, self._superscript)
        elif opened in _BLOCKS:
            frame.flush()
            if opened == "li":
                frame.bullet = ""
            if opened in ("tr", "table"):
                self._end_row(frame)
            elif opened == "pre":
                self._pre -= 1

    def data(self, data: str) -> None:
        """Take a piece of text."""
        if self._dropped or not data:
            return
        parts = self._frames[-1].parts
        if self._pre:
            parts.append(data)
            return
        piece = _WHITE.sub(" ", data)
        if piece[0] == " " and (not parts or parts[-1][-1] in " \n"):
            piece = piece[1:]
        if piece:
            parts.append(piece)

    def comment(self, text: str) -> None:
        """Pass over a comment."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Pass over a processing instruction."""

    def close(self) -> None:
        """Satisfy the parser, which wants to end its target."""

    def text(self) -> str:
        """End all that is open and give the text."""
        while len(self._frames) > 1:
            cell = self._frames.pop()
            self._finish(cell)
            self._frames[-1].cells.append(cell)
        frame = self._frames[0]
        self._finish(frame)
        out: list[str] = []
        for place, block in enumerate(frame.blocks):
            if place:
                out.append("\n" if frame.rows[place] and frame.rows[place - 1] else "\n\n")
            out.append(block)
        # A no-break space is layout here: runs of it set off columns, and stay as runs of spaces.
        return "".join(out).replace("\u00a0", " ") + "\n" if out else ""

    def _finish(self, frame: _Frame) -> None:
        frame.flush()
        self._end_row(frame)

    def _end_row(self, frame: _Frame) -> None:
        """Write the cells of the row under way as one line, or as paragraphs where the table only lays out a page."""
        cells = [cell for cell in frame.cells if any(block.replace("\u00a0", " ").strip() for block in cell.blocks)]
        frame.cells = []
        if not cells:
            return
        if len(cells) == 1 or any(_is_layout(cell) for cell in cells):
            for number, cell in enumerate(cells):
                if number == 0 and len(cells) > 1 and len(cell.blocks) == 1 and _BULLET_CELL.fullmatch(cell.blocks[0].strip("\u00a0 ")):
                    cells[1].blocks[0] = f"{cell.blocks[0].strip()} {cells[1].blocks[0]}"
                    continue
                for block, is_row in zip(cell.blocks, cell.rows, strict=True):
                    frame.add(block, is_row)
            return
        row = ""
        for cell in cells:
            words = " ".join(" ".join(cell.blocks).replace("\u00a0", " ").split())
            if not row:
                row = words
            elif _BULLET_CELL.fullmatch(row) or _GLUED_LEFT.match(words) or _CURRENCY_CELL.fullmatch(row.rpartition("   ")[2]):
                row += (" " if _BULLET_CELL.fullmatch(row) else "") + words
            else:
                row += CELL_GAP + words
        frame.add(row, True)

    @staticmethod
    def _mark(frame: _Frame, since: int) -> None:
        """Write a raised "TM" as the sign it stands for, lest "Probody<sup>TM</sup>" become a name of its own."""
        sign = {"TM": "\u2122", "SM": "\u2120"}.get("".join(frame.parts[since:]).strip())
        if sign:
            frame.parts[since:] = [sign]


def _is_layout(cell: _Frame) -> bool:
    return sum(map(len, cell.blocks)) > _LAYOUT_CELL_CHARS or (len(cell.blocks) > 1 and any(cell.rows))
