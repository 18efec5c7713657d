"""Blocks in, sections out: what each stretch of a filing is, so that no fact is read from a cover, a signature or a safe harbour.

Sections follow each other without a gap and cover the whole text. Where it is unsure what a paragraph is, it is body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.model import Section, Span
from kg.read import cues
from kg.read.dates import is_date_line, is_dateline
from kg.read.text import Block, is_title

_SHORT = 90  # longer blocks are running text, not names and numbers of a contact
# Words that a sentence has and a headline leaves out.
_SAYS = re.compile(r"\b(?:has|have|had|is|was|were|will|today|announced)\b")
_TITLE_CHARS = 200
_TITLE_MOST = 120  # a longer block behind a headline that is not set as one is the first paragraph
_DATELINE_CHARS = 60  # a shorter line with a place and a day stands above the headline


@dataclass(slots=True)
class _Cut:
    """From block number `at` on, the text is of this kind."""

    at: int
    kind: str
    title: str


def sections_of(text: str, blocks: Sequence[Block]) -> tuple[tuple[Section, ...], list[int], str]:
    """Cut a document into sections; give them, for each block the number of its section, and the title of the document."""
    if not blocks:
        return (Section("body", "", Span(0, len(text))),), [], ""
    cuts, title = _Reader(blocks).read()
    sections: list[Section] = []
    numbers: list[int] = []
    for cut, until in zip(cuts, [*cuts[1:], _Cut(len(blocks), "", "")], strict=True):
        start = 0 if cut.at == 0 else blocks[cut.at].span.start
        end = len(text) if until.at == len(blocks) else blocks[until.at].span.start
        numbers += [len(sections)] * (until.at - cut.at)
        sections.append(Section(cut.kind, cut.title[:_TITLE_CHARS], Span(start, end)))
    return tuple(sections), numbers, title


class _Reader:
    """Walks the blocks once; each state knows which blocks end it."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
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
        elif not self._is_item(0):
            self._release()
        while self._at < len(self._blocks):
            self._step()
        if not self._cuts or self._cuts[0].at:
            self._cuts.insert(0, _Cut(0, "body", ""))
        return self._cuts, self._title or self._form_title

    def _step(self) -> None:
        """Cut at one block, and go on to the first that may begin something else."""
        block = self._blocks[self._at]
        if self._is_item(self._at):
            self._item(block)
        elif self._begins_release(self._at):
            self._release()
        elif cues.SIGNATURE.fullmatch(block.text) or (cues.SIGNED.match(block.text) and self._kind() in ("item", "signature", "cover")):
            self._cut("signature", "")
            self._at += 1
        elif self._kind() == "signature":
            self._at += 1
        elif self._special(block):
            pass
        else:
            if not (self._kind() in ("body", "item", "about") or block.kind == "furniture" or self._is_listed(block)):
                self._cut("body", "")
            self._at += 1

    def _special(self, block: Block) -> bool:
        """Cut an About, a safe harbour, a contact or a wire's own words; answer whether the block begins one."""
        text = block.text
        if cues.ABOUT_WIRE.match(text) and self._is_about(block):
            self._cut("boilerplate", text)
            self._at = self._through(_is_boilerplate_end, 40)
        elif cues.BOILERPLATE.match(text):
            self._cut("boilerplate", "")
            self._at += 1
        elif (heading := self._is_heading(block)) and len(text) < 160 and cues.FLS_HEADING.fullmatch(text):
            self._cut("safe_harbour", text)
            self._at = self._extent(_is_cautionary, 2, minimum=1)
        elif not heading and cues.FLS_START.match(text[:700]) and cues.FLS_CUE.search(text):
            self._cut("safe_harbour", "")
            self._at = self._extent(_is_cautionary, 0)
        elif self._is_about(block):
            self._cut("about", self._subject(text))
            self._at += 1
        elif self._is_contact(block, heading):
            self._cut("contact", "")
            self._at = self._extent(_is_reachable, 4, filler=lambda b: len(b.text) <= _SHORT)
        else:
            return False
        return True

    # The parts of a form.

    def _cover_end(self) -> int:
        """Find the block behind the cover page: the first Item, else the first block behind the last words of a cover."""
        head = self._blocks[:120]
        if not any(cues.FORM.search(block.text) for block in head[:25] if len(block.text) < 120):
            return 0
        marks = [number for number, block in enumerate(head) if cues.COVER.search(block.text)]
        if not marks or marks[0] > 12:
            return 0
        item = next((number for number in range(len(head)) if self._is_item(number)), None)
        if item is not None:
            return self._behind_contents(item)
        stop = next(
            (number for number in range(len(head)) if self._begins_release(number) or cues.SIGNATURE.fullmatch(head[number].text)),
            len(head),
        )
        last = max((cue for cue in marks if cue < stop), default=0)
        return last + 1

    def _behind_contents(self, first: int) -> int:
        """Pass over a table of contents: Items without any text that come again with it."""
        heading = cues.ITEM.match(self._blocks[first].text[:300])
        for number in range(first + 1, min(first + 40, len(self._blocks))):
            block = self._blocks[number]
            again = cues.ITEM.match(block.text[:300])
            if again and heading and again["number"] == heading["number"]:
                return number
            if block.kind == "paragraph" and not again and len(block.text) > (80 if block.text.endswith(".") else 160):
                break
        return first

    def _is_item(self, number: int) -> bool:
        block = self._blocks[number]
        found = cues.ITEM.match(block.text[:300])
        if found is None or ("." not in found["number"] and int(found["number"]) > cues.MAX_ITEM):
            return False
        title = found["title"]
        if not title:
            return True
        return not cues.NO_ITEM_TITLE.match(title) and (title[0].isupper() or (not title[0].isalpha() and bool(found["sep"])))

    def _item(self, block: Block) -> None:
        found = cues.ITEM.match(block.text[:300])
        title = re.split(r"(?<=[a-z])[.:](?:\s|$)|\s[-\u2013\u2014]\s", found["title"] if found else "", maxsplit=1)[0].strip(" .|")
        heading = f"Item {found['number']}" if found else "Item"
        follower = self._blocks[self._at + 1].text if self._at + 1 < len(self._blocks) else ""
        if not title and is_title(follower.rstrip(".")) and len(follower) < 160 and not self._is_item(self._at + 1):
            title = follower.rstrip(".")
        full = f"{heading} {title}".strip()
        self._cut("item", full)
        if not self._form_title or self._form_title.startswith(("Item 9.01", "Item 7 ")):
            self._form_title = full
        self._at += 1

    # The parts of a press release.

    def _begins_release(self, number: int) -> bool:
        """Answer whether an exhibit or a press release begins at a block."""
        text = self._blocks[number].text
        if len(text) > _DATELINE_CHARS and self._blocks[number].kind == "paragraph":
            return number > 0 and self._kind() in ("item", "signature", "exhibit") and is_dateline(text)
        if cues.EXHIBIT_INDEX.fullmatch(text):
            return True
        exhibit = cues.EXHIBIT.fullmatch(text)
        if exhibit and "|" not in text:
            # "Exhibit 99.1: Press release" in Item 9.01 is a line of its list; "Exhibit 99.1" by itself begins the exhibit.
            return self._kind() != "item" or not exhibit["what"]
        return self._kind() in ("item", "signature", "exhibit", "") and cues.RELEASE.fullmatch(text) is not None

    def _release(self) -> None:
        """Cut an exhibit's marks and the headline from what follows: up to the first paragraph of running text."""
        if self._at and is_dateline(self._blocks[self._at].text):
            self._back_to_headline()
        start = self._at
        exhibit = cues.EXHIBIT.fullmatch(self._blocks[start].text)
        headlines: list[int] = []
        at = start + 1 if exhibit else start
        while at < len(self._blocks) and at - start < 40:
            block = self._blocks[at]
            if self._ends_headline(at, start):
                break
            if not self._is_mark(block):
                headlines.append(at)
            at += 1
        if cues.EXHIBIT_INDEX.fullmatch(self._blocks[start].text):
            self._cut("exhibit", "Exhibit Index")
            self._at = start + 1
            return
        if exhibit:
            self._cut("exhibit", self._blocks[start].text.title() if self._blocks[start].text.isupper() else self._blocks[start].text)
            self._at = start + 1
        elif start < at and headlines[:1] != [start]:
            self._cut("exhibit", "")
        if headlines and at < len(self._blocks):
            self._at = headlines[0]
            best = next((n for n in headlines if len(self._blocks[n].text) > 25), headlines[0])
            if start == 0 or not self._title:
                self._title = self._blocks[best].text
            self._cut("headline", self._blocks[best].text)
        self._at = at
        if at == start or (at < len(self._blocks) and not self._ends_part(at)):
            self._body()

    def _body(self) -> None:
        if self._special(self._blocks[self._at]):
            return
        self._cut("body", "")
        self._at += 1

    def _back_to_headline(self) -> None:
        """Step back over the lines in front of a dateline that are set as a headline."""
        first = self._cuts[-1].at + 1 if self._cuts else 0
        while self._at > first and self._is_heading(self._blocks[self._at - 1]) and not self._is_mark(self._blocks[self._at - 1]):
            self._at -= 1

    def _ends_headline(self, at: int, start: int) -> bool:
        block = self._blocks[at]
        if at > start and self._ends_part(at):
            return True
        if is_dateline(block.text) and len(block.text) > 60:
            return True
        if cues.CONTACT.match(block.text[:300]) and not is_title(block.text) and at > start:
            return False
        if block.kind in ("heading", "item", "furniture"):
            return False
        is_sentence = not is_title(block.text.rstrip(".")) or _SAYS.search(block.text) is not None
        return len(block.text) > _TITLE_MOST or (block.text.endswith((".", ".\u201d", '."')) and is_sentence)

    def _ends_part(self, at: int) -> bool:
        text = self._blocks[at].text
        return (
            self._is_item(at)
            or cues.SIGNATURE.fullmatch(text) is not None
            or cues.EXHIBIT.fullmatch(text) is not None
            or self._is_about(self._blocks[at])
        )

    def _is_mark(self, block: Block) -> bool:
        """Answer whether a line in front of a headline is none itself: "Exhibit 99.1", "News Release", a contact, a logo."""
        text = block.text
        return (
            block.kind in ("furniture", "row")
            or len(text) < 4
            or (text[0] == "[" and "logo" in text.lower())
            or cues.EXHIBIT.fullmatch(text) is not None
            or cues.RELEASE.fullmatch(text) is not None
            or cues.CONTACT.match(text[:300]) is not None
            or cues.REACH.search(text) is not None
            or cues.BOILERPLATE.match(text) is not None
            or (len(text) < 60 and (is_dateline(text) or is_date_line(text)))
            or cues.END_MARK.fullmatch(text) is not None
        )

    def _is_listed(self, block: Block) -> bool:
        """Answer whether a block is a line of an exhibit index."""
        return self._kind() == "exhibit" and (block.kind in ("row", "item") or len(block.text) < 200)

    # What stands at the end of a press release.

    def _is_heading(self, block: Block) -> bool:
        text = block.text
        if block.kind == "heading" or (is_title(text) and len(text) < 120):
            return True
        # "What the partner pays": set in sentence case, but short, on a line of its own and without a full stop.
        return block.kind == "paragraph" and block.lines == 1 and len(text) < 80 and text[0].isupper() and text[-1] not in '.,;:!?\u201d"'

    def _is_about(self, block: Block) -> bool:
        text = block.text
        if text[:5].lower() != "about" or text[6:7].isdigit():
            return False
        whole = cues.ABOUT.fullmatch(text)
        if whole and len(text) < 120 and block.kind != "row" and (is_title(text.rstrip(".:")) or block.kind == "heading" or text.isupper()):
            return True
        return text.startswith("About ") and cues.ABOUT_RUN_IN.match(text) is not None

    def _is_contact(self, block: Block, heading: bool) -> bool:
        text = block.text
        if len(text) >= 700 or is_dateline(text):
            return False
        if cues.CONTACT.match(text):
            return heading or self._reach_ahead()
        return text[:8].lower() == "contact " and cues.REACH.search(text) is not None

    def _subject(self, text: str) -> str:
        run_in = cues.ABOUT_RUN_IN.match(text)
        if run_in and len(text) >= 120:
            return run_in["subject"].strip()
        subject = re.sub(r"^about\s+(?:the\s+)?", "", text, flags=re.I).strip(" :")
        return subject if re.search(r"\b(?:Inc|Ltd|Corp|Co|S\.A|N\.V|L\.P)\.$", subject) else subject.rstrip(".")

    def _reach_ahead(self) -> bool:
        """Answer whether a telephone number or an address comes within the next blocks."""
        return any(cues.REACH.search(block.text) for block in self._blocks[self._at : self._at + 6] if len(block.text) < 700)

    def _extent(
        self, is_cue: Callable[[Block], bool], gap: int, minimum: int = 0, filler: Callable[[Block], bool] = lambda block: True
    ) -> int:
        """Find the end of what begins at this block: behind the last cue block that is reached over at most `gap` others."""
        last = self._at
        between = 0
        for at in range(self._at + 1, len(self._blocks)):
            block = self._blocks[at]
            if self._breaks(block, at):
                break
            if is_cue(block) or at - self._at <= minimum or (last == at - 1 and (self._is_risk(at) or cues.END_MARK.fullmatch(block.text))):
                last, between = at, 0
            elif block.kind != "item" or not self._is_risk(at):
                between += 1
            if between > gap or (at > last and not filler(block)):
                break
        return last + 1

    def _breaks(self, block: Block, at: int) -> bool:
        """Answer whether a block begins another section whatever stands before it."""
        return (
            self._is_item(at)
            or self._begins_release(at)
            or cues.SIGNATURE.fullmatch(block.text) is not None
            or self._is_about(block)
            or cues.BOILERPLATE.match(block.text) is not None
            or (
                self._kind() != "contact"
                and self._is_heading(block)
                and not cues.FLS_HEADING.fullmatch(block.text)
                and not cues.END_MARK.fullmatch(block.text)
            )
            or (self._kind() == "safe_harbour" and cues.CONTACT.match(block.text[:300]) is not None and len(block.text) < _SHORT)
            or (self._kind() == "contact" and cues.FLS_HEADING.fullmatch(block.text[:160]) is not None)
            or (self._kind() == "contact" and is_dateline(block.text))
        )

    def _is_risk(self, at: int) -> bool:
        """Answer whether a block goes on a list of risks: "…among others: ⏎ • the outcome of trials;"."""
        before = self._blocks[at - 1]
        return self._blocks[at].kind == "item" and (before.kind == "item" or before.text.endswith((":", ";", ",")))

    def _through(self, is_end: Callable[[Block], bool], most: int) -> int:
        at = self._at + 1
        while (
            at < len(self._blocks)
            and at - self._at < most
            and not is_end(self._blocks[at])
            and not self._is_item(at)
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


def _is_cautionary(block: Block) -> bool:
    return cues.FLS_CUE.search(block.text) is not None


def _is_reachable(block: Block) -> bool:
    return len(block.text) < 500 and cues.REACH.search(block.text) is not None


def _is_boilerplate_end(block: Block) -> bool:
    """Answer whether the wire's own words end: at another About, a safe harbour or a contact of the company."""
    text = block.text
    is_about = text[:6].lower() == "about " and not cues.ABOUT_WIRE.match(text) and len(text) < 120
    return is_about or (len(text) < 120 and cues.FLS_HEADING.fullmatch(text) is not None)
