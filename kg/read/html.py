"""HTML markup in, the text that is stored for it and its blocks out: paragraphs, table rows and list items, each set off by line ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.read import markup as mark
from kg.read.blocks import PAGE_BREAK_STARTS, Block, Setting, bridged, is_page_break, running_heads
from kg.read.decode import clean, to_utf8
from kg.read.footnotes import raised
from kg.read.offsets import replaced
from kg.read.text import CELL_CHARS, blocks_between, line_block, split_line

CELL_GAP = "   |   "  # between the cells of a row; sections and sentences know it

# A declaration and comments, then a tag of a page. The tables of plain-text filings are no HTML: "<TABLE> <CAPTION> <S> <C>".
_STARTS_LIKE_HTML = re.compile(
    rb"\s{0,99}(?:<\?xml[^>]{0,300}>|<!--(?:(?!-->).){0,2000}-->|\s){0,20}<(?:!doctype\s+html|html|head|body|div|p|font|center|pre"
    rb"|table(?!.{0,400}<(?:S|CAPTION)>))\b",
    re.I | re.S,
)
_HAS_PAGE = re.compile(rb"<(?:html|body)[\s>]", re.I)
_HAS_TAG = re.compile(rb"</?(?:html|body|p|div|br|span|font|b|i|h[1-6]|ul|ol)[\s/>]", re.I)
_LOOK_AT = 20_000  # bytes at the start in which a page shows what it is

_BULLET_CELL = re.compile(
    r"(?:[\u2022\u25cf\u25aa\u25a0\u25cb\u25e6\u25ba\u27a2\u2756\u00b7\u00a7\u00d8\uf0b7\uf0a7\u2013\u2014*o-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)])",
    re.I,
)
_BULLET_CELL_CHARS = 9
_GLUED_LEFT = (")", "%", "]")  # statements of account put ")" and "%" into cells of their own
_CURRENCY_CELL = re.compile(r"\(?(?:US|C|A)?[$\u20ac\u00a3\u00a5]\(?")
_CURRENCY_CELL_CHARS = 5
_WHOLE = re.compile(r"\(?[$\u20ac\u00a3]?[\d,]{1,12}")
_DECIMALS = re.compile(r"\.\d{1,3}\*?")

_MAX_NESTED = 40  # tables within tables; cells further down are plain paragraphs, lest each level copy all that lies below it

# A cell with more than so much running text is a page laid out by a table, not a table: its paragraphs stay paragraphs.
_LAYOUT_CELL_CHARS = 600

_PAGE_NUMBER_CHARS = 30  # a line with the number of a page is no longer

_MARK = re.compile("([\ufdd0-\ufdef])")
_SPACES = re.compile("  +")
_PRE = re.compile(f"({mark.PRE}[^{mark.PRE_END}]*)")
_NBSP = "\u00a0"
_EMPTY_CELL = re.compile(f"{mark.CELL}[ {_NBSP}{mark.BLOCK}{mark.BREAK}]*{mark.CELL_END}")
_EMPTY_ROW = re.compile(f"{mark.ROW}[ {mark.BLOCK}]*{mark.ROW_END}")
# A row of two or more cells that hold nothing but words and line ends, as most do, is written out at once.
_NO_OTHER = f"[^{mark.ROW}{mark.ROW_END}{mark.TABLE_END}{mark.CELL}{mark.ITEM}{mark.PRE}{mark.HEADING}{mark.RULE}{mark.CHROME}]*"
_PLAIN_ROW = re.compile(f"{mark.ROW}({_NO_OTHER}(?:{mark.CELL}{_NO_OTHER}){{2,999}}){mark.ROW_END}")
_BLOCKS = re.compile(f"{mark.BLOCK}[ {mark.BLOCK}]+")


def is_html(data: bytes, name: str) -> bool:
    """Answer whether bytes are HTML: by how they begin; a file named so needs no more than a tag."""
    if _STARTS_LIKE_HTML.match(data) or _HAS_PAGE.search(data, 0, _LOOK_AT):
        return True
    return name.lower().endswith((".htm", ".html", ".xhtml")) and _HAS_TAG.search(data, 0, _LOOK_AT) is not None


def html_to_text(markup: str | bytes) -> str:
    """Turn markup into the text to store: paragraphs with a blank line between, `<br>` a line end, a table row one line."""
    return html_blocks(markup)[0]


def html_blocks(markup: str | bytes) -> tuple[str, list[Block]]:
    """Turn markup into the text to store and its blocks, whose spans cover every character of it that is not white space."""
    data = clean(markup).encode("utf-8") if isinstance(markup, str) else to_utf8(markup)
    paragraphs = _Writer().written(_tidy(mark.marked_text(data)))
    text, starts = _laid_out(paragraphs)
    setting = Setting(text, False)
    return text, bridged(list(_blocks(setting, paragraphs, starts)), setting)


# A piece of text to store, and how the page sets it: text, row, heading, pre, chrome, or rule (a line across the page, no text). A bare
# tuple, since there is one for each line of a page.
_Paragraph = tuple[str, str]


def _tidy(marked: str) -> str:
    """Make white space one space, but in preformatted parts, and raised signs what they stand for."""
    marked = clean(marked.replace("\f", " ") if "\f" in marked else marked)
    if mark.RAISED in marked:
        marked = raised(marked)
    if mark.PRE not in marked:
        return _one_space(marked)
    return "".join(part if part[:1] == mark.PRE else _one_space(part) for part in _PRE.split(marked))


def _one_space(text: str) -> str:
    if "\n" in text or "\t" in text:
        text = text.replace("\n", " ").replace("\t", " ")
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if mark.ROW in text:
        text = _PLAIN_ROW.sub(_plain_row, _EMPTY_ROW.sub("", _EMPTY_CELL.sub("", text)))
    return _BLOCKS.sub(mark.BLOCK, text)


def _plain_row(found: re.Match[str]) -> str:
    """Write a row of two or more cells with words as its line; any other is left to the writer."""
    row = found[1].replace(mark.CELL_END, "").replace(mark.BLOCK, " ").replace(mark.BREAK, " ")
    cells = [" ".join(cell.split()) for cell in row.split(mark.CELL)]
    cells = [cell for cell in cells if cell]
    if len(row) > _LAYOUT_CELL_CHARS and max(map(len, cells), default=0) > _LAYOUT_CELL_CHARS:
        return found[0]
    return mark.LINE + _row(cells) + mark.ROW_END if len(cells) > 1 else found[0] if cells else ""


def _row(cells: Sequence[str]) -> str:
    """Write the words of a row's cells as one line."""
    row = last = ""
    for words in cells:
        if not row:
            row = words
        elif len(row) <= _BULLET_CELL_CHARS and _BULLET_CELL.fullmatch(row):
            row += " " + words
        elif words[0] == "." and _DECIMALS.fullmatch(words) and _WHOLE.fullmatch(last):
            row += words  # aligned by its point, a number lies in two cells: "99 | .1"
        elif words[0] in _GLUED_LEFT or (len(last) <= _CURRENCY_CELL_CHARS and _CURRENCY_CELL.fullmatch(last)):
            row += words
        else:
            row += CELL_GAP + words
        last = words
    return row


@dataclass(slots=True)
class _Frame:
    """What is being written into: the page or one table cell, with the paragraphs finished and the text under way."""

    done: list[_Paragraph] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    bullet: str = ""
    kind: str = "text"
    cells: list[_Frame] = field(default_factory=list)  # of the row under way in a table that stands in this frame

    def flush(self) -> None:
        """End the paragraph under way."""
        if not self.parts:
            return
        text = "".join(self.parts) if len(self.parts) > 1 else self.parts[0]
        self.parts.clear()
        kind = self.kind
        if "\n" not in text:
            text = text.strip()
            if text:
                self.done.append((self.bullet + text, kind))
                self.bullet = ""
            return
        paragraph: list[str] = []
        for line in [*text.split("\n"), ""]:
            if not line.isspace() and line:
                paragraph.append(line.rstrip() if kind == "pre" else line.strip())
            elif paragraph:
                self.done.append((self.bullet + "\n".join(paragraph), kind))
                self.bullet = ""
                paragraph = []


class _Writer:
    """Walks over marked text and writes paragraphs."""

    def __init__(self) -> None:
        self._frames = [_Frame()]
        self._chrome = 0

    def written(self, marked: str) -> list[_Paragraph]:
        """List the paragraphs of a page."""
        pieces = _MARK.split(marked)
        page = self._frames[0]
        if pieces[0].strip(" "):
            page.parts.append(pieces[0])
        frame = page
        for number in range(1, len(pieces), 2):
            sign, text = pieces[number], pieces[number + 1]
            if sign == mark.BLOCK:
                if frame.parts:
                    frame.flush()
                if frame.kind != "text" and not self._chrome:
                    frame.kind = "text"
            elif sign == mark.BREAK:
                frame.parts.append("\n")
            elif sign == mark.LINE:
                frame.flush()
                self._end_row(frame)
                frame.done.append((text, "chrome" if self._chrome else "row"))
                continue
            else:
                frame = self._take(sign, frame)
            if text and (text != " " or frame.parts):
                frame.parts.append(text)
        while len(self._frames) > 1:
            self._close_cell()
        page.flush()
        self._end_row(page)
        return page.done

    def _take(self, sign: str, frame: _Frame) -> _Frame:
        """Do what a mark says; give the frame that text goes into from there."""
        frame.flush()
        if sign == mark.CELL:
            if len(self._frames) < _MAX_NESTED:
                frame = _Frame(kind="chrome" if self._chrome else "text")
                self._frames.append(frame)
        elif sign == mark.CELL_END:
            if len(self._frames) > 1:
                frame = self._close_cell()
        elif sign in (mark.ROW, mark.ROW_END, mark.TABLE_END):
            self._end_row(frame)
        elif sign == mark.ITEM:
            frame.bullet = "\u2022 "
        elif sign == mark.ITEM_END:
            frame.bullet = ""
        elif sign == mark.RULE:
            frame.done.append(("", "rule"))
        elif sign == mark.HEADING:
            frame.kind = "chrome" if self._chrome else "heading"
        elif sign == mark.PRE:
            frame.kind = "pre"
        elif sign in (mark.CHROME, mark.CHROME_END):
            self._chrome = max(0, self._chrome + (1 if sign == mark.CHROME else -1))
            frame.kind = "chrome" if self._chrome else "text"
        else:
            frame.kind = "chrome" if self._chrome else "text"
        return frame

    def _close_cell(self) -> _Frame:
        cell = self._frames.pop()
        cell.flush()
        if cell.cells:
            self._end_row(cell)
        frame = self._frames[-1]
        if cell.done:
            frame.cells.append(cell)
        return frame

    def _end_row(self, frame: _Frame) -> None:
        """Write the cells of the row under way as one line, or as paragraphs where the table only lays out a page."""
        cells = frame.cells
        if not cells:
            return
        frame.cells = []
        if len(cells) == 1:
            frame.done += cells[0].done
            return
        if any(_is_layout(cell) for cell in cells):
            self._lay_out(frame, cells)
            return
        words = [" ".join(" ".join([text for text, _ in cell.done]).split()) for cell in cells]
        row = _row([each for each in words if each])
        if row:
            frame.done.append((row, "chrome" if self._chrome else "row"))

    @staticmethod
    def _lay_out(frame: _Frame, cells: Sequence[_Frame]) -> None:
        first = cells[0].done
        bullet = first[0][0].strip()
        text, kind = cells[1].done[0]
        if len(first) == 1 and kind != "rule" and _BULLET_CELL.fullmatch(bullet):
            cells[1].done[0] = (f"{bullet} {text}", kind)
            cells = cells[1:]
        for cell in cells:
            frame.done += cell.done


def _is_layout(cell: _Frame) -> bool:
    done = cell.done
    if len(done) == 1:
        return len(done[0][0]) > _LAYOUT_CELL_CHARS
    return sum([len(text) for text, _ in done]) > _LAYOUT_CELL_CHARS or any(kind == "row" for _, kind in done)


def _laid_out(paragraphs: Sequence[_Paragraph]) -> tuple[str, list[int]]:
    """Write paragraphs one below the other, with the rows of a table on adjoining lines; give the text and where each begins."""
    out: list[str] = []
    starts: list[int] = []
    at = 0
    before = ""
    for text, kind in paragraphs:
        if kind != "rule":
            if out:
                gap = "\n" if kind == before == "row" else "\n\n"
                out.append(gap)
                at += len(gap)
            out.append(text)
            before = kind
        starts.append(at)
        at += len(text)
    # A no-break space is layout here: runs of it set off columns, and stay as runs of spaces.
    return ("".join(out).replace(_NBSP, " ") + "\n" if out else ""), starts


def _blocks(setting: Setting, paragraphs: Sequence[_Paragraph], starts: Sequence[int]) -> Iterator[Block]:
    """Make blocks of the paragraphs as they lie in the text, in order."""
    text = setting.text
    heads = _heads(paragraphs)
    number, count = 0, len(paragraphs)
    while number < count:
        (raw, kind), start = paragraphs[number], starts[number]
        end = start + len(raw)
        number += 1
        if kind == "rule":
            continue
        if kind == "chrome" or number - 1 in heads:
            yield from _as_kind(setting, start, end, "chrome" if kind == "chrome" else "furniture")
        elif kind == "pre":
            while number < count and paragraphs[number][1] == "pre":
                end = starts[number] + len(paragraphs[number][0])
                number += 1
            yield from blocks_between(setting, start, end)
        elif kind == "row" and (gaps := raw.count(CELL_GAP)) and len(raw) <= CELL_CHARS * (gaps + 1):
            yield Block("row", start, end, *replaced(text[start:end], start, CELL_GAP, " | "))
        elif "\n" in raw:
            yield from blocks_between(setting, start, end)
        else:
            block = line_block(setting, start, end)
            if kind == "heading" and block.kind == "paragraph" and len(block.text) <= _LAYOUT_CELL_CHARS:
                block = block._replace(kind="heading")
            if block.kind in ("paragraph", "heading") and ("About " in raw or "-Looking" in raw or "rd Looking" in raw):
                yield from split_line(setting, block)
            else:
                yield block


def _as_kind(setting: Setting, start: int, end: int, kind: str) -> Iterator[Block]:
    for block in blocks_between(setting, start, end):
        yield block._replace(kind=kind)


def _heads(paragraphs: Sequence[_Paragraph]) -> set[int]:
    """Find the paragraphs that are running heads of a page laid out for print."""
    breaks = [
        number
        for number, (text, kind) in enumerate(paragraphs)
        if kind == "rule" or (len(text) <= _PAGE_NUMBER_CHARS and text[0] in PAGE_BREAK_STARTS and is_page_break(text))
    ]
    if len(breaks) < 2:
        return set()
    texts = [text for text, kind in paragraphs if kind != "rule"]
    numbers = [number for number, (_, kind) in enumerate(paragraphs) if kind != "rule"]
    return {numbers[place] for place in running_heads(texts, [bisect_left(numbers, number) for number in breaks])}
