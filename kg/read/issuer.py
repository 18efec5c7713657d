"""A document's sentences and sections in, who speaks out: the registrant of the cover, or the company of the release, and its tickers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.model import Section, Sentence

# "HARBOR PHARMA, INC. ⏎ (Exact name of registrant as specified in its charter)"; the label may stand on the name's own line.
_LABEL = re.compile(
    r"\(?\s?(?:exact\s+)?name\s+of\s+(?:the\s+)?(?:registrant|issuer|company)\b|\(?\s?translation\s+of\s+registrant|\(registrant\)", re.I
)
_NO_NAME = re.compile(
    r"[_\s.*=-]*|.*\b(?:date of|earliest event|form [68]-k|commission|washington|securities exchange act|current report).*", re.I
)
_MOST_LINES = 3  # between a name and its label: a rule, a blank, a second name

# The subject of a release's first sentence: names in capitals up to a parenthesis, an apposition or the verb.
_WORD = r"(?:[A-Z0-9\u00c0-\u00de][\w.&'\u2019/+-]*|[a-z]{1,3}[A-Z][\w-]*|&|of|and|the|de|for|plc|gmbh|ag|[a-z]{3,12}-[a-z]{3,12})"
_SUBJECT = re.compile(
    rf"(?:The )?(?P<name>{_WORD}(?:,? {_WORD}){{0,8}}?(?:,? (?:Inc|Corp|Ltd|Co|Limited|LLC|PLC|plc|AG|SE|SA|S\.A|N\.V|A/S|AB)\b\.?)?)"
    r"(?=[\u00ae\u2122]?(?:\s?\(|, (?:an?|the|one|together|and its|and affiliates|whose|which)\b"
    r"|,? (?:today|has|have|is|are|will|and|announce[sd]?|said|reported|reports|entered)\b))"
)
_TICKERS = re.compile(r"\((?:[^()]{0,60}?[;,]\s?)?((?:[A-Z][\w .&/-]{1,30}:\s?[A-Z0-9][A-Z0-9.-]{0,9}(?:\s?[;,&]\s?(?:and )?)?){1,4})\)")
_TICKER = re.compile(r"([A-Z][\w .&/-]{1,30}?)\s?:\s?([A-Z0-9][A-Z0-9.-]{0,9})")
_TICKER_WITHIN = 400  # characters of the first sentence, whose subject has the ticker behind it
# "Shares of Alder Bio", "Japan-based Alder"
_BEFORE_A_NAME = re.compile(
    r"(?:Shares of |[A-Z][a-z]+-based |[A-Z][a-z]+['\u2019]s (?=[A-Z]))+"
)  # "Shares of Alder Bio", "Japan-based Alder"
# People, products, diseases, days and ordinary words that begin a sentence
_NO_COMPANY = re.compile(
    r"(?:Dr|Mr|Ms|Mrs|Prof)\.? .*|.*,? (?:M\.?D|Ph\.?D|President|Chairman|CEO|Board|Summit|Conference)\.?|U\.S\. .*"
    r"|[A-Z]{1,5}-?\d{2,}[A-Za-z]?|(?:January|February|March|April|May|June|July|August|September|October|November|December) \d.*"
    r"|[A-Z][a-z]*(?:therapy|virus|algia|oma|itis|osis|emia|ly|ing|nced|ians|ists|tors|ever)"
)
_NOT_A_NAME = frozenset(
    {"the", "a", "an", "in", "on", "this", "these", "we", "today", "for", "as", "results", "new", "data", "company", "biotech"}
)


def issuer_of(sections: Sequence[Section], sentences: Sequence[Sentence]) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """Name the company that a document speaks for, and its tickers as (exchange, symbol); None and () where none is named."""
    cover: list[str] = []
    lead = ""
    before = ""
    for sentence in sentences:
        kind = sections[sentence.section].kind
        if kind == "cover":
            cover.append(sentence.text)
        elif kind == "body" and (before == "dateline" or (before in ("headline", "") and not cover)):
            lead = sentence.text
            break
        before = kind
    return _registrant(cover) or _subject(lead), _tickers(lead)


def _registrant(lines: Sequence[str]) -> str | None:
    """Find the name that a cover gives: above its label, or on the same line in front of it."""
    for number, line in enumerate(lines):
        label = _LABEL.search(line)
        if label is None:
            continue
        own = line[: label.start()].strip(" |:_-(")
        above = [lines[place].strip(" |_") for place in range(number - 1, max(-1, number - 1 - _MOST_LINES), -1)]
        for candidate in [own, *above]:
            if len(candidate) > 1 and not _NO_NAME.fullmatch(candidate) and not _NO_COMPANY.fullmatch(candidate) and len(candidate) < 120:
                return candidate
    return None


def _subject(sentence: str) -> str | None:
    found = _SUBJECT.match(sentence)
    if found is None:
        return None
    name = _BEFORE_A_NAME.sub("", found["name"].rstrip(","))
    name = re.sub(r"(?:['\u2019]s|(?<=\.)\.)$", "", name)
    return None if not name or name.split()[0].lower() in _NOT_A_NAME or _NO_COMPANY.fullmatch(name) else name


def _tickers(sentence: str) -> tuple[tuple[str, str], ...]:
    head = sentence[:_TICKER_WITHIN]
    found = _TICKERS.search(head)
    tickers: dict[tuple[str, str], None] = {}
    while found:  # "(CSE: BIOV) (OTCQB: BVAXF)": those that stand together
        tickers.update(dict.fromkeys((exchange.strip(), symbol) for exchange, symbol in _TICKER.findall(found[1])))
        found = _TICKERS.match(head, found.end() + 1)
    return tuple(tickers)
