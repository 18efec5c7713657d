"""A document in, one long line of its sentences out, made easy to match: marks dropped, quotes and dashes plain, addresses blanked.

Every character still knows its sentence and its offset there, so that a hit becomes a mention with true spans.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from kg.find.lexicon import lowered
from kg.model import Document, Mention, Span

_MARK = re.compile(r" ?[®™℠©]|(?<=[\w+])\((?:R|TM|SM|C)\)|(?<=[a-z]{3})TM(?![\w])")
_PLAIN = str.maketrans(
    "‘’ʼ‛′“”„‟″‐‑‒\u00a0\u2007\u2009\u202f\n\r\t₀₁₂₃₄₅₆₇₈₉",
    "'''''\"\"\"\"\"---       0123456789",
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()\"]+|[\w.+-]+@[\w-]+\.[\w.-]+|\b[\w-]+\.(?:com|org|net|gov|eu|fm)\b(?:/\S*)?")
_DASH = re.compile(r"(?<=\w)–(?=\w)")
_WORD = re.compile(r"[^\W_]+")
_SPOKEN = re.compile(r"[^\W\d_][\w'-]*")
_PERSON = re.compile(
    r"\b(?:Dr|Mr|Ms|Mrs|Prof|Professor)\.? ((?:[A-Z][\w'-]+ ?){1,3})|\b((?:[A-Z][\w'.-]+ ){1,3}[A-Z][\w'-]+), (?:Ph\.?D|M\.?D|MBA"
    r"|MSc|MPH|PharmD|D\.?Sc)"
)
UNREAD = frozenset({"contact", "boilerplate", "safe_harbour", "signature"})  # sections that define no name, though they may repeat one

_TITLE_LOWER = frozenset(
    {"with", "from", "into", "upon", "over", "under", "between", "through", "during", "after", "against", "than", "that"}
)


class Page:
    """The sentences of a document joined by line ends; offsets below are offsets into `text` unless said otherwise."""

    def __init__(self, document: Document):
        self.document = document
        parts: list[str] = []
        self.starts: list[int] = []
        self._locals: dict[int, list[int]] = {}
        self.marked: set[int] = set()  # offsets that a mark such as ® stood directly before
        at = 0
        for index, sentence in enumerate(document.sentences):
            raw = sentence.text.translate(_PLAIN)
            raw = _DASH.sub("-", raw)
            if "." in raw:
                raw = _ADDRESS.sub(lambda m: "\x01" * len(m.group()), raw)
            if _MARK.search(raw):
                kept: list[str] = []
                places: list[int] = []
                last = 0
                for mark in _MARK.finditer(raw):
                    kept.append(raw[last : mark.start()])
                    places.extend(range(last, mark.start()))
                    self.marked.add(at + len(places))
                    last = mark.end()
                kept.append(raw[last:])
                places.extend(range(last, len(raw)))
                raw = "".join(kept)
                self._locals[index] = places
            self.starts.append(at)
            parts.append(raw)
            at += len(raw) + 1
        self.text = "\n".join(parts)
        self.lower = lowered(self.text)
        self.words = [(m.start(), m.group()) for m in _WORD.finditer(self.lower)]

    def sentence_at(self, offset: int) -> int:
        """Tell which sentence a place is in."""
        return bisect_right(self.starts, offset) - 1

    def bounds(self, index: int) -> tuple[int, int]:
        """Give the range of a sentence."""
        return self.starts[index], self.starts[index + 1] - 1 if index + 1 < len(self.starts) else len(self.text)

    def sentence_text(self, index: int) -> str:
        """Slice a sentence."""
        start, end = self.bounds(index)
        return self.text[start:end]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Map each word, in lower case, to where it stands."""
        found: dict[str, list[int]] = {}
        for start, word in self.words:
            found.setdefault(word, []).append(start)
        return found

    @cached_property
    def titles(self) -> frozenset[int]:
        """List the sentences set in title case or capitals, where a capital letter says nothing about a word."""
        found = set()
        for index in range(len(self.starts)):
            words = [w for w in _SPOKEN.findall(self.sentence_text(index)) if len(w) > 3]
            if len(words) >= 3 and sum([w[0].isupper() for w in words]) >= 0.7 * len(words):
                told = self.sentence_text(index).rstrip().endswith(".") and any(w.islower() and w not in _TITLE_LOWER for w in words)
                if not told:  # "Alder, Inc. entered into a License Agreement with the Birch Foundation." is of names, and no title
                    found.add(index)
        return frozenset(found)

    @cached_property
    def capitals(self) -> frozenset[int]:
        """List the sentences set wholly in capitals."""
        found = set()
        for index in range(len(self.starts)):
            text = self.sentence_text(index)
            capitals = sum(map(str.isupper, text))
            if capitals > 3 and capitals > 0.8 * sum(map(str.isalpha, text)):
                found.add(index)
        return frozenset(found)

    @cached_property
    def unread(self) -> frozenset[int]:
        """List the sentences of sections that define no name."""
        return frozenset(i for i, s in enumerate(self.document.sentences) if self.document.sections[s.section].kind in UNREAD)

    @cached_property
    def persons(self) -> frozenset[str]:
        """Gather the names that stand behind "Dr." and the like or before a degree."""
        return frozenset(word for m in _PERSON.finditer(self.text) for word in (m[1] or m[2] or "").split())

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Gather the words that stand in lower case somewhere."""
        return frozenset(filter(str.islower, _WORD.findall(self.text)))

    def local(self, index: int, start: int, end: int) -> Span:
        """Translate a range into one of its sentence's tidied text."""
        base = self.starts[index]
        places = self._locals.get(index)
        if places is None:
            return Span(start - base, end - base)
        return Span(places[start - base], places[end - 1 - base] + 1)

    def mention(self, type_: str, start: int, end: int, value: object, by: str) -> Mention:
        """Make a mention of a range; what runs over the end of its sentence, where an endless one was cut, is left off."""
        index = self.sentence_at(start)
        sentence = self.document.sentences[index]
        end = min(end, self.starts[index] + len(self.sentence_text(index)))
        local = self.local(index, start, end)
        return Mention(type_, sentence.span_of(local.start, local.end), index, local, local.of(sentence.text), value, by)
