"""Blocks in, sections out: what each stretch of a filing is, so that no fact is read from a cover, a signature or a safe harbour.

Sections follow each other without a gap and cover the whole text. Where it is unsure what a paragraph is, it is body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.model import Section, Span
from kg.read import cues, parts
from kg.read.blocks import Block, is_title
from kg.read.dates import dateline_end, is_dateline

# Words that a sentence has and a headline leaves out.
_SAYS = re.compile(r"\b(?:has|have|had|is|was|were|will|today|announced)\b")
_TITLE_GOES_ON = re.compile(r"(?:\b(?:of|or|and|to|the|in|an?|on|certain|principal)|[,;])$", re.I)
_PAGE_OF_EXHIBIT = re.compile(r"\d-\d+$")  # "Exhibit 99.1-2": the foot of its second page
_SIGNER = re.compile(r"/s/|(?:by|name|title|dated?)\s?:", re.I)
_TITLE_CHARS = 200
_TITLE_MOST = 120  # a longer block behind a headline that is not set as one is the first paragraph
_DATELINE_CHARS = 60  # a shorter line with a place and a day stands above the headline
_SUBTITLES = 13  # blocks from a long subtitle, and the points behind it, to the dateline
_SUBTITLE_CHARS = 300
_COVER_BLOCKS = 120  # the longest covers, with a paragraph for each box to check, have some 80 blocks
_HEADLINE_BLOCKS = 40  # a headline with contacts, subtitles and bullet points is no longer
_BEFORE_RELEASE = frozenset({"item", "signature", "exhibit"})  # kinds that a press release may follow without a mark, by its dateline
_CONTACT_BLOCKS = 8  # lines of a contact: names, posts, a company, numbers, addresses
_FACTLESS_END = frozenset({"body", "item", "about"})  # kinds that go on over any block that begins nothing


@dataclass(slots=True)
class _Cut:
    """From block number `at` on, the text is of this kind."""

    at: int
    kind: str
    title: str


def sections_of(text: str, blocks: Sequence[Block]) -> tuple[tuple[Section, ...], list[Block], list[int], str]:
    """Cut a document into sections; give them, the blocks with each dateline set apart, their sections' numbers, and the title."""
    if not blocks:
        return (Section("body", "", Span(0, len(text))),), [], [], ""
    reader = _Reader(blocks)
    cuts, title = reader.read()
    sections: list[Section] = []
    numbers: list[int] = []
    for cut, until in zip(cuts, [*cuts[1:], _Cut(len(reader.blocks), "", "")], strict=True):
        start = 0 if cut.at == 0 else reader.blocks[cut.at].start
        end = len(text) if until.at == len(reader.blocks) else reader.blocks[until.at].start
        numbers += [len(sections)] * (until.at - cut.at)
        sections.append(Section(cut.kind, cut.title[:_TITLE_CHARS], Span(start, end)))
    return tuple(sections), reader.blocks, numbers, title


class _Reader:
    """Walks the blocks once; each state knows which blocks end it."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = list(blocks)
        self._cuts: list[_Cut] = []
        self._title = ""
        self._form_title = ""
        self._at = 0

    def read(self) -> tuple[list[_Cut], str]:
        """Cut the whole document; give the cuts and the document's title."""
        cover = self._cover_end()
        if cover:
            self._cut("cover", "")
            self._at = cover
        elif not parts.is_item(self.blocks[0]):
            self._release()
        while self._at < len(self.blocks):
            self._step()
        if not self._cuts or self._cuts[0].at:
            self._cuts.insert(0, _Cut(0, "body", ""))
        return self._cuts, self._title or self._form_title

    def _step(self) -> None:
        """Cut at one block, and go on to the first that may begin something else."""
        block = self.blocks[self._at]
        kind = self._cuts[-1].kind if self._cuts else ""
        text = block.text
        if (
            kind != "signature"
            and not parts.may_begin(text)
            and not (kind in _BEFORE_RELEASE and block.kind == "paragraph" and len(text) > _DATELINE_CHARS and is_dateline(text))
        ):
            if block.kind == "chrome":
                self._cut("boilerplate", "")
            elif not (kind in _FACTLESS_END or block.kind == "furniture" or self._is_listed(block)):
                self._cut("body", "")
            self._at += 1
        elif parts.is_item(block):
            self._item(block)
        elif self._begins_release(self._at):
            self._release()
        elif parts.is_signature_heading(block.text) or (kind in ("item", "signature", "cover") and parts.is_signed(block.text)):
            self._cut("signature", "")
            self._at += 1
        elif kind == "signature":
            if parts.is_prose(block):
                self._cut("body", "")
            self._at += 1
        elif self._special(block):
            pass
        else:
            if not (kind in _FACTLESS_END or block.kind == "furniture" or self._is_listed(block)):
                self._cut("body", "")
            self._at += 1

    def _special(self, block: Block) -> bool:
        """Cut an About, a safe harbour, a contact or a wire's own words; answer whether the block begins one."""
        text = block.text
        if parts.is_wire_about(block):
            self._cut("boilerplate", text)
            self._at = self._through(parts.is_wire_end, 40)
        elif parts.is_boilerplate(block):
            self._cut("boilerplate", "")
            self._at += 1
        elif parts.is_promoter(text):
            self._cut("boilerplate", "")
            self._at = self._extent(parts.is_promoters, 1)
        elif parts.is_caution_heading(text) and parts.is_heading(block):
            self._cut("safe_harbour", text)
            self._at = self._extent(parts.is_cautionary, 2, minimum=1)
        elif parts.is_run_in_caution(text) and not parts.is_heading(block):
            self._cut("safe_harbour", "")
            self._at = self._extent(parts.is_cautionary, 0)
        elif parts.is_about(block):
            self._cut("about", parts.about_subject(text))
            self._at += 1
        elif self._is_contact(block):
            self._cut("contact", "")
            self._at = self._extent(parts.is_reachable, 4, filler=lambda b: len(b.text) <= parts.SHORT)
        else:
            return False
        return True

    # The parts of a form.

    def _cover_end(self) -> int:
        """Find the block behind the cover page: the first Item, else the first block behind the last words of a cover."""
        head = self.blocks[:_COVER_BLOCKS]
        if not any(len(block.text) < 120 and cues.FORM.search(block.text) for block in head[:25]):
            return 0
        if not any(cues.COVER.search(block.text) for block in head[:13]):
            return 0
        item = next((number for number, block in enumerate(head) if block.text[:4].lower() == "item" and parts.is_item(block)), None)
        note = next((number for number, block in enumerate(head[:item]) if number and cues.NOTE.match(block.text)), None)
        if note is not None:
            return note
        if item is not None:
            return self._behind_contents(item)
        stop = next(
            (number for number in range(len(head)) if self._begins_release(number) or parts.is_signature_heading(head[number].text)),
            len(head),
        )
        return max((number for number in range(stop) if cues.COVER.search(head[number].text)), default=0) + 1

    def _behind_contents(self, first: int) -> int:
        """Pass over a table of contents: Items without any text that come again with it."""
        heading = cues.ITEM.match(self.blocks[first].text[:300])
        for number in range(first + 1, min(first + 40, len(self.blocks))):
            block = self.blocks[number]
            again = cues.ITEM.match(block.text[:300])
            if again and heading and again["number"] == heading["number"]:
                return number
            if block.kind == "paragraph" and not again and len(block.text) > (80 if block.text.endswith(".") else 160):
                break
        return first

    def _item(self, block: Block) -> None:
        found = cues.ITEM.match(block.text[:300])
        title = re.split(r"(?<=[a-z])[.:](?:\s|$)|\s[-\u2013\u2014]\s", found["title"] if found else "", maxsplit=1)[0].strip(" .|")
        heading = f"Item {found['number']}" if found else "Item"
        follower = self.blocks[self._at + 1].text if self._at + 1 < len(self.blocks) else ""
        if not title and len(follower) < 160 and is_title(follower.rstrip(".")) and not parts.is_item(self.blocks[self._at + 1]):
            title = follower.rstrip(".")
        elif title and len(follower) < 160 and _TITLE_GOES_ON.search(title) and is_title(follower.rstrip(".")):
            title = f"{title} {follower.rstrip('.')}"  # "Appointment of ⏎ Certain Officers"
        full = f"{heading} {title}".strip(" *")
        self._cut("item", full)
        if not self._form_title or self._form_title.startswith(("Item 9.01", "Item 7 ")):
            self._form_title = full
        self._at += 1

    # The parts of a press release.

    def _begins_release(self, number: int) -> bool:
        """Answer whether an exhibit or a press release begins at a block."""
        block = self.blocks[number]
        text = block.text
        if block.kind == "furniture" and _PAGE_OF_EXHIBIT.search(text):
            return False
        if len(text) > _DATELINE_CHARS and block.kind == "paragraph":
            return number > 0 and self._kind() in _BEFORE_RELEASE and is_dateline(text)
        if parts.is_exhibit_index(text):
            return True
        exhibit = parts.exhibit(text)
        if exhibit and "|" not in text:
            # "Exhibit 99.1: Press release" in Item 9.01 is a line of its list; "Exhibit 99.1" by itself begins the exhibit.
            return self._kind() != "item" or not exhibit["what"]
        return parts.is_release_mark(text) and self._kind() in ("item", "signature", "exhibit", "")

    def _release(self) -> None:
        """Cut an exhibit's marks and the headline from what follows: up to the first paragraph of running text."""
        if self._at and is_dateline(self.blocks[self._at].text):
            self._back_to_headline()
        start = self._at
        exhibit = parts.exhibit(self.blocks[start].text)
        headlines: list[int] = []
        at = start + 1 if exhibit else start
        while at < len(self.blocks) and at - start < _HEADLINE_BLOCKS:
            block = self.blocks[at]
            if self._ends_headline(at, start) and not (headlines and self._is_subtitle(at)):
                break
            if parts.is_contact_line(block.text):
                at = self._behind_contact(at)
                continue
            if not parts.is_mark(block):
                headlines.append(at)
            at += 1
        if parts.is_exhibit_index(self.blocks[start].text):
            self._cut("exhibit", "Exhibit Index")
            self._at = start + 1
            return
        if exhibit:
            self._cut("exhibit", self.blocks[start].text.title() if self.blocks[start].text.isupper() else self.blocks[start].text)
            self._at = start + 1
        elif start < at and headlines[:1] != [start]:
            self._cut("exhibit", "")
        if headlines and at < len(self.blocks):
            self._at = headlines[0]
            best = next((n for n in headlines if len(self.blocks[n].text) > 25), headlines[0])
            if start == 0 or not self._title:
                self._title = self.blocks[best].text
            self._cut("headline", self.blocks[best].text)
        before = at - 1
        if start < before and before not in headlines and parts.is_dateline_alone(self.blocks[before].text):
            self._at = before
            self._cut("dateline", "")
        self._at = at
        if at == start or (at < len(self.blocks) and not self._ends_part(at)):
            self._body()

    def _is_subtitle(self, at: int) -> bool:
        """Answer whether a block that reads like a first paragraph still stands above the dateline, with nothing longer between."""
        if self._ends_part(at):
            return False
        for block in self.blocks[at : at + _SUBTITLES]:
            if block.kind == "paragraph" and len(block.text) > _DATELINE_CHARS and is_dateline(block.text):
                return block is not self.blocks[at]
            if len(block.text) > _SUBTITLE_CHARS:
                return False
        return False

    def _behind_contact(self, at: int) -> int:
        """Pass over a contact in front of a headline: names and numbers up to the last telephone number or address, if there is one."""
        last = at
        for number in range(at + 1, min(at + 1 + _CONTACT_BLOCKS, len(self.blocks))):
            text = self.blocks[number].text
            if len(text) > parts.SHORT or self._ends_part(number) or parts.is_release_mark(text):
                break
            if cues.REACH.search(text):
                last = number
        return last + 1

    def _body(self) -> None:
        block = self.blocks[self._at]
        if self._special(block):
            return
        end = dateline_end(block.text) if block.kind == "paragraph" else 0
        if end and end < len(block.text) - _DATELINE_CHARS:
            self.blocks[self._at : self._at + 1] = _parted(block, end)
            self._cut("dateline", "")
            self._at += 1
        self._cut("body", "")
        self._at += 1

    def _back_to_headline(self) -> None:
        """Step back over the lines in front of a dateline that are set as a headline."""
        first = self._cuts[-1].at + 1 if self._cuts else 0
        while self._at > first and parts.is_heading(before := self.blocks[self._at - 1]):
            if parts.is_mark(before) or _SIGNER.match(before.text) or "/s/" in before.text:
                return
            self._at -= 1

    def _ends_headline(self, at: int, start: int) -> bool:
        block = self.blocks[at]
        if at > start and self._ends_part(at):
            return True
        if len(block.text) > 60 and is_dateline(block.text):
            return True
        if at > start and parts.is_contact_line(block.text) and not is_title(block.text):
            return False
        if block.kind in ("heading", "item", "furniture", "chrome"):
            return False
        is_sentence = not is_title(block.text.rstrip(".")) or _SAYS.search(block.text) is not None
        return len(block.text) > _TITLE_MOST or (block.text.endswith((".", ".\u201d", '."')) and is_sentence)

    def _ends_part(self, at: int) -> bool:
        block = self.blocks[at]
        text = block.text
        begins_exhibit = parts.exhibit(text) is not None and not (block.kind == "furniture" and _PAGE_OF_EXHIBIT.search(text))
        return parts.is_item(block) or parts.is_signature_heading(text) or begins_exhibit or parts.is_about(block)

    def _is_listed(self, block: Block) -> bool:
        """Answer whether a block is a line of an exhibit index."""
        return self._kind() == "exhibit" and (block.kind in ("row", "item") or len(block.text) < 200)

    # What stands at the end of a press release.

    def _is_contact(self, block: Block) -> bool:
        text = block.text
        if not parts.may_be_contact(text):
            return text[:8].lower() == "contact " and len(text) < 700 and cues.REACH.search(text) is not None
        return parts.is_heading(block) or self._reach_ahead()

    def _reach_ahead(self) -> bool:
        """Answer whether a telephone number or an address comes within the next blocks."""
        return any(cues.REACH.search(block.text) for block in self.blocks[self._at : self._at + 6] if len(block.text) < 700)

    def _extent(
        self, is_cue: Callable[[Block], bool], gap: int, minimum: int = 0, filler: Callable[[Block], bool] = lambda block: True
    ) -> int:
        """Find the end of what begins at this block: behind the last cue block that is reached over at most `gap` others."""
        last = self._at
        between = 0
        for at in range(self._at + 1, len(self.blocks)):
            block = self.blocks[at]
            if self._breaks(block, at):
                break
            if is_cue(block) or at - self._at <= minimum or (last == at - 1 and (self._is_risk(at) or parts.is_end_mark(block.text))):
                last, between = at, 0
            elif block.kind != "item" or not self._is_risk(at):
                between += 1
            if between > gap or (at > last and not filler(block)):
                break
        return last + 1

    def _breaks(self, block: Block, at: int) -> bool:
        """Answer whether a block begins another section whatever stands before it."""
        text = block.text
        kind = self._kind()
        return (
            parts.is_item(block)
            or self._begins_release(at)
            or parts.is_signature_heading(text)
            or parts.is_about(block)
            or parts.is_boilerplate(block)
            or (kind != "contact" and parts.is_heading(block) and not parts.is_caution_heading(text) and not parts.is_end_mark(text))
            or (kind == "safe_harbour" and len(text) < parts.SHORT and parts.is_contact_line(text))
            or (kind == "contact" and (parts.is_caution_heading(text[:160]) or is_dateline(text)))
        )

    def _is_risk(self, at: int) -> bool:
        """Answer whether a block goes on a list of risks: "…among others: ⏎ • the outcome of trials;"."""
        before = self.blocks[at - 1]
        return self.blocks[at].kind == "item" and (before.kind == "item" or before.text.endswith((":", ";", ",")))

    def _through(self, is_end: Callable[[Block], bool], most: int) -> int:
        at = self._at + 1
        while (
            at < len(self.blocks)
            and at - self._at < most
            and not is_end(self.blocks[at])
            and not parts.is_item(self.blocks[at])
            and not self._begins_release(at)
        ):
            at += 1
        return at

    def _kind(self) -> str:
        return self._cuts[-1].kind if self._cuts else ""

    def _cut(self, kind: str, title: str) -> None:
        if self._cuts and self._cuts[-1].at == self._at:
            self._cuts.pop()
        if self._cuts and self._cuts[-1].kind == kind and kind in ("boilerplate", "contact", "signature", "body") and not title:
            return
        self._cuts.append(_Cut(self._at, kind, title))


def _parted(block: Block, at: int) -> list[Block]:
    """Set the dateline that a paragraph begins with apart."""
    middle = block.offsets[at]
    text = block.text[:at].rstrip()
    return [
        Block("dateline", block.start, block.offsets[len(text) - 1] + 1, text, block.offsets[: len(text)]),
        Block(block.kind, middle, block.end, block.text[at:], block.offsets[at:], block.lines),
    ]
