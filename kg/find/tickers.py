"""A page in, its ticker symbols out: "(Nasdaq: IMGN)", "(CSE: BIOV) (OTCQB: BVAXF)", "under the symbol “HBP”"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.find.lexicon import words_of
from kg.find.page import Page


@dataclass(frozen=True, slots=True)
class Ticker:
    """A symbol with its exchange as written, where both stand, and where the parenthesis around them begins and ends."""

    start: int
    end: int
    exchange: str
    symbol: str
    outer: tuple[int, int]


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = sorted(words_of("exchanges"), key=lambda n: (-len(n), n))
    exchange = "(?P<exchange>" + "|".join(re.escape(n) for n in names) + ")"
    symbol = r"(?P<symbol>[A-Z][A-Z0-9]{0,6}(?:[.-][A-Z]{1,3})?|[0-9]{3,6}(?:\.[A-Z]{1,3})?|[0-9][A-Z]{1,3}[0-9]?)"
    pair = re.compile(rf"(?<![\w-]){exchange}(?: Exchange| Market)?\s?:\s?[\"']?{symbol}(?![\w])")
    under = re.compile(
        rf"(?<![\w-]){exchange}(?![\w-])[^.\n]{{0,60}}?\bunder the (?:ticker |trading "
        rf"|stock )?symbols? [\"']?(?P<symbol>[A-Z][A-Z0-9]{{1,6}})(?![\w])"
    )
    return pair, under


def find_tickers(page: Page) -> list[Ticker]:
    """Find the symbols of a page, by place."""
    pair, under = _patterns()
    found: list[Ticker] = []
    text = page.text
    for match in pair.finditer(text):
        start, end = match.start(), match.end()
        left = text.rfind("(", max(0, start - 80), start)
        inside = left != -1 and ")" not in text[left:start]
        right = text.find(")", end, end + 80) if inside else -1
        outer = (left, right + 1) if inside and right != -1 else (start, end)
        found.append(Ticker(start, end, match["exchange"], match["symbol"], outer))
    taken = {t.end for t in found}
    for match in under.finditer(text):
        start, end = match.span("symbol")
        if end not in taken:
            found.append(Ticker(start, end, match["exchange"], match["symbol"], (start, end)))
    return sorted(found, key=lambda t: t.start)
