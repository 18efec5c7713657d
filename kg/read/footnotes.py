"""Raised signs in, what they are out: a trade mark, a power, part of a name, or the number of a footnote, which is no part of a sentence.

A footnote's number is stored as the superscript digits that a reader sees, and left out when a sentence is tidied: "trastuzumab¹" is
trastuzumab, "$100² million" no thousand.
"""

from __future__ import annotations

import re

from kg.read.markup import RAISED, RAISED_END

_RAISED = re.compile(f"{RAISED}([^\ufdd0-\ufdef]{{0,40}}){RAISED_END}")
_SIGNS = {"TM": "\u2122", "SM": "\u2120", "(TM)": "\u2122", "(R)": "\u00ae"}
_NUMBERS = re.compile(r"[+-]?\d{1,2}(?:\s?[,\u2013-]\s?\d{1,2}){0,4}")
_SUPERSCRIPT = str.maketrans("0123456789+-\u2013", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207b")
_DIGITS = "\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079"

# Behind a word of three letters or more (units have fewer: "m²"), a sign that ends something, or a number that is no ten of a power.
_BEFORE = r"(?:(?<=[A-Za-z]{3})|(?<=[.,;:)\]%\"\u201d\u2019\u00ae\u2122])|(?<=\d)(?<![^\d.,]10)(?<!^10))"
_BEFORE_NUMBER = re.compile(_BEFORE + "$")
_TEN = re.compile(r"(?<![\d.,])10$")
_NOTE = re.compile(rf"{_BEFORE}[{_DIGITS}]{{1,2}}(?:\s?[,\u207b]\s?[{_DIGITS}]{{1,2}}){{0,4}}(?!\w)")


def raised(marked: str) -> str:
    """Resolve the marks of raised text.

    A "TM" becomes its sign, lest "Probody<sup>TM</sup>" become a name of its own; the number of a footnote and the power of ten become
    superscript digits; what belongs to a name or a unit ("<sup>177</sup>Lu", "mg/m<sup>2</sup>", "5<sup>th</sup>") stays as it is.
    """
    marked = _RAISED.sub(_resolved, marked)
    return marked.replace(RAISED, "").replace(RAISED_END, "")


def _resolved(found: re.Match[str]) -> str:
    inner = found[1].strip()
    sign = _SIGNS.get(inner)
    if sign:
        return sign
    if not _NUMBERS.fullmatch(inner):
        return found[1]
    text = found.string
    before = text[max(0, found.start() - 4) : found.start()]
    if text[found.end() : found.end() + 1].isalnum():
        return found[1]
    return inner.translate(_SUPERSCRIPT) if _TEN.search(before) or _BEFORE_NUMBER.search(before) else found[1]


def has_notes(text: str) -> bool:
    """Answer whether a text may hold the number of a footnote."""
    return not text.isascii() and any(digit in text for digit in _DIGITS)


def notes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """List where the numbers of footnotes stand between two places of a text."""
    return [found.span() for found in _NOTE.finditer(text, start, end)]
