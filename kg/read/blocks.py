"""Tidied stretches of a stored text in, blocks out: what every reader of a format makes, and what joins two of them into one.

A block is what a sentence never crosses. Its tidied text undoes line wraps, hyphens at line ends, page breaks and marks of layout; for each
of its characters `offsets` has the place in the stored text, which stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from kg.read.footnotes import has_notes
from kg.read.offsets import Tidied, runs_of


class Block(NamedTuple):
    """A paragraph, heading, item (of a list), row (of a table), furniture (of a page) or chrome (of a web page).

    `start` and `end` are its span in the stored text; `lines` is how many lines it stands on.
    """

    kind: str
    start: int
    end: int
    text: str
    offsets: Sequence[int]
    lines: int = 1


class Setting:
    """A stored text and what is known of it as a whole: whether it is Markdown, has numbers of footnotes, and which words it has."""

    __slots__ = ("_words", "has_notes", "is_markdown", "text")

    def __init__(self, text: str, is_markdown: bool) -> None:
        """Look once for what few documents have, so that no block need be searched for it."""
        self.text = text
        self.is_markdown = is_markdown
        self.has_notes = has_notes(text)
        self._words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """The words in lower case that are long enough to have been broken at a line's end, gathered when first asked for."""
        if self._words is None:
            self._words = frozenset(re.findall(r"[a-z]{5,}", self.text))
        return self._words


_TERMINAL = re.compile(r"[.!?:;][\"\u201d\u2019')\]*]{0,3}$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOWER_WORD = re.compile(r"[a-z]+\b(?![-\u2010\u2011][A-Z0-9])")
_DIGITS = re.compile(r"\d+")
_HYPHENS = "-\u2010\u2011"
_SUSPENDED = re.compile(r"(?:and|or|to|nor|und|et|bis)\b")  # "first- and second-line"
_LEFT_PART = re.compile(r"[a-z]*$")
_RIGHT_PART = re.compile(r"[a-z]+(?![\w-])")

_UNFINISHED = re.compile(r"(?<!;)[ (](?:of|the|an?|and|or|to|in|by|with|for|from|as|at|on|its|that|which|their|our)$")

_ITEM = re.compile(r"item\s{1,9}\d", re.I)

_FURNITURE = re.compile(
    r"[-\u2013\u2014\s]{0,5}\d{1,3}[-\u2013\u2014\s]{0,5}|[-\u2013\u2014\s]{0,5}[ivxl]{1,6}[-\u2013\u2014\s]{0,5}"
    r"|page\s{1,5}\d{1,3}(?:\s{0,2}(?:/|of)\s{0,2}\d{1,3})?|<PAGE>[\s\d]{0,12}|(?:exhibit|ex\.?)[\s-]?\d{1,3}(?:\.\d{1,2})?-\d{1,3}"
    r"|\(?continued\)?|[-(]? ?more ?[-)]?|table of contents|(?:</?(?:table|caption|s|c|fn|f\d)>\s{0,40}){1,9}"
    r"|[-=_*~.\s]{3,400}|[|:\s-]{3,400}",
    re.I,
)
_PAGE_BREAK = re.compile(r"[-\u2013\u2014\s]{0,5}(?:\d{1,3}|[ivxl]{1,6})[-\u2013\u2014\s]{0,5}|page\s.{1,20}|<PAGE>.{0,12}|ex.{1,20}", re.I)
PAGE_BREAK_STARTS = frozenset("-\u2013\u2014<0123456789ivxlIVXLpPeE ")
_FURNITURE_STARTS = frozenset("-\u2013\u2014=_*~.<|:(0123456789ivxlIVXLpPcCmMtTeE ")

_TITLE_CHARS = 250
_TITLE_WORDS = 35
PROSE_CHARS = 60  # a first half shorter than this is a label or a heading, and no page break is bridged behind it
_ABBREVIATED = re.compile(r"\b(?:Inc|Corp|Ltd|Co|L\.P|N\.A|S\.A)\.$|[:\])]$", re.I)
_RUNNING_CHARS = 100  # a running head is no longer
_RUNNING_REACH = 3  # lines at either side of a page break among which running heads stand
_JOINT_CHARS = 42  # of a line's end that show how it joins the next: no word is longer
_LINE_CHARS = 25  # but behind a page's end, before a word in lower case, one line of a sentence is enough
_DOUBLE_SPACED = 8  # so many stray blank lines, and one for every four paragraphs, are a page typed with a blank line behind every line
_MOST_FURNITURE = 8  # lines of furniture that a sentence may go on behind: "(more)", a page's number, its running heads


def is_title(text: str) -> bool:
    """Answer whether a line is set as a heading: short, in capitals or title case, not ended as a sentence."""
    if len(text) > _TITLE_CHARS or text[-1:] in ".!?;" or (text[-1:] in "\"\u201d\u2019')]*" and _TERMINAL.search(text)):
        return False
    if text.isupper() and text.count(" ") < _TITLE_WORDS:
        return _WORD.search(text) is not None
    words = _WORD.findall(text)
    if not words or len(words) > _TITLE_WORDS or words[0][0].islower():
        return False
    long = [word for word in words if len(word) > 3]
    return sum([not word[0].islower() for word in long]) >= 0.7 * len(long)


def is_furniture(text: str) -> bool:
    """Answer whether a line is a page number, a running head or another mark of paper."""
    return text[0] in _FURNITURE_STARTS and (len(text) <= 30 or text[0] in "-=_*~.<|:") and _FURNITURE.fullmatch(text.strip()) is not None


def is_page_break(text: str) -> bool:
    """Answer whether a line of furniture shows that a page ends there."""
    return _PAGE_BREAK.fullmatch(text) is not None


def is_ended(text: str) -> bool:
    """Answer whether a line ends as a sentence, a clause of a list or an announcement of one does."""
    return text[-1] in ".!?:;\"\u201d\u2019')]*" and _TERMINAL.search(text, max(0, len(text) - 4)) is not None


def begins_lower(text: str) -> bool:
    """Answer whether a line begins with a word in lower case that is no code name ("huC242-DM4")."""
    return text[0].islower() and _LOWER_WORD.match(text) is not None


def running_heads(texts: Sequence[str], breaks: Collection[int]) -> set[int]:
    """Find the lines that stand at page break after page break, but for their numbers; a page breaks before each line of `breaks`."""
    if len(breaks) < 2:
        return set()
    near: dict[str, dict[int, list[int]]] = {}
    shapes: dict[int, str] = {}
    for place in breaks:
        for number in range(max(0, place - _RUNNING_REACH), min(len(texts), place + _RUNNING_REACH)):
            text = texts[number]
            if number != place and len(text) <= _RUNNING_CHARS:
                shape = shapes.get(number) or shapes.setdefault(number, _DIGITS.sub("#", text.casefold()))
                near.setdefault(shape, {}).setdefault(place, []).append(number)
    found = set()
    for places in near.values():
        lines = {number for numbers in places.values() for number in numbers}
        first = texts[min(lines)]
        is_clause = len(first) > PROSE_CHARS and not _is_label(first)
        is_said = is_clause or begins_lower(first) or first[0] == "(" or (is_ended(first) and not _ABBREVIATED.search(first))
        if len(places) >= max(2, len(breaks) // 4) and len(lines) >= 2 and not is_said:
            found |= lines
    return found


def joint(tail: str, head: str, setting: Setting) -> str:
    """Say how two lines join: " " with a space, "" without one, "-" without the hyphen that the first ends in.

    A hyphen at the line's end is kept, "HER2-⏎targeting" being "HER2-targeting"; it goes only where the document has the word whole
    elsewhere ("devel-⏎opment" and "development"). "first- ⏎and second-line" keeps its space.
    """
    last = tail[-1]
    if last in _HYPHENS and tail[-2:-1].isalnum():
        if _SUSPENDED.match(head):
            return " "
        left, right = _LEFT_PART.search(tail, 0, len(tail) - 1), _RIGHT_PART.match(head)
        if (
            left is None
            or right is None
            or not left[0]
            or (left.start() and (tail[left.start() - 1] in "-_" or tail[left.start() - 1].isalnum()))
        ):
            return ""
        whole = left[0] + right[0]
        return "-" if len(whole) > 4 and whole in setting.words else ""
    if last in "\u2013\u2014/" and len(tail) > 1 and not tail[-2].isspace() and head[:1].isalnum():
        return ""
    return " "


def bridged(blocks: Sequence[Block], setting: Setting) -> list[Block]:
    """Join what a page break or a stray blank line parts in the middle of a sentence; the furniture between goes along."""
    out, chains = _chained(blocks, False)
    strays = sum(len(chain) - 1 for chain in chains.values())
    if strays >= _DOUBLE_SPACED and 4 * strays >= sum(block.kind == "paragraph" for block in blocks):
        out, chains = _chained(blocks, True)
    for at, chain in chains.items():
        out[at] = _joined(chain, setting)
    return out


def _chained(blocks: Sequence[Block], is_double_spaced: bool) -> tuple[list[Block], dict[int, list[Block]]]:
    """Give the blocks, and for a place among them those that become one there."""
    out: list[Block] = []
    chains: dict[int, list[Block]] = {}
    for block in blocks:
        if block.kind == "paragraph" and out:
            at = len(out) - 1
            while at >= 0 and out[at].kind == "furniture" and len(out) - at <= _MOST_FURNITURE:
                at -= 1
            last = chains[at][-1] if at in chains else out[at]
            if at >= 0 and _goes_on(last, block, at < len(out) - 1, is_double_spaced):
                chains.setdefault(at, [out[at]]).append(block)
                del out[at + 1 :]
                continue
        out.append(block)
    return out, chains


def _goes_on(before: Block, block: Block, over_furniture: bool, is_double_spaced: bool) -> bool:
    """Answer whether a sentence goes on from one block to another."""
    if before.kind not in ("paragraph", "item") or is_ended(before.text):
        return False
    if len(before.text) < (_LINE_CHARS if over_furniture and begins_lower(block.text) else PROSE_CHARS):
        return False
    if begins_lower(block.text):
        return not is_title(before.text[-_TITLE_CHARS:])
    if _ITEM.match(block.text):
        return False
    if block.text[0].isupper() and not _is_label(before.text) and _UNFINISHED.search(before.text):
        return True  # "(filed as ⏎ Exhibit 10.1 to the report": a page that nothing but a line across it ends
    # Behind a page break a sentence may go on with a name: "… an online trading company and Online ⏎ <PAGE> ⏎ Brokerage Solutions, which".
    is_prose = len(block.text) >= PROSE_CHARS or (is_double_spaced and is_ended(block.text))
    return (over_furniture or is_double_spaced) and is_prose and not (_is_label(before.text) or _is_label(block.text))


def _is_label(text: str) -> bool:
    """Answer whether a text has no clause, as lines of a signature or a cover have none: few words in lower case."""
    words = _WORD.findall(text[:400])
    lower = sum(1 for word in words if word.islower())
    return lower * 3 < len(words)


def _joined(chain: Sequence[Block], setting: Setting) -> Block:
    tidied = Tidied()
    before = chain[0]
    for block in chain:
        if block is not chain[0]:
            join(tidied, block.text, before.end, setting)
        for place, offset, length in runs_of(block.offsets):
            tidied.add(block.text[place : place + length], offset)
        before = block
    return Block(chain[0].kind, chain[0].start, before.end, tidied.text, tidied.offsets, sum(block.lines for block in chain))


def join(tidied: Tidied, head: str, gap: int, setting: Setting) -> None:
    """Make a tidied text ready for the line that begins with `head`; gap is where a space between them stands."""
    how = joint(tidied.tail(_JOINT_CHARS), head, setting)
    if how == "-":
        tidied.drop_last()
    elif how:
        tidied.add(" ", gap)
