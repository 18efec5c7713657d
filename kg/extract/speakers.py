"""A document and its mentions in, whom it speaks for out: one company, or none where it is an article on several."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.model import Document, Mention

_ROUNDUP = 3  # companies with tickers: an article on so many is about none of them alone
_ISSUERS_OWN = frozenset({"about", "dateline", "cover", "item", "signature"})  # parts of what a company itself publishes
_SIDE_BY_SIDE = 12  # characters between "(NASDAQ: AB) (TSX: AB)"
_IS_COMPANY = re.compile(r"[^.;]{0,80}?[(\[][^)\]]{0,80}[“\"'‘](?:the )?(?:company|corporation|registrant)[”\"'’]", re.IGNORECASE)
_ISSUES = re.compile(r"\b(?:today )?(?:announce[sd]?|issued a press release|reported|disclosed|unveiled)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Speakers:
    """Whom a document speaks for: the company that issues it; an article on several is about none of them alone."""

    focal: str | None
    by: str
    is_roundup: bool = False


def speakers(document: Document, mentions: tuple[Mention, ...]) -> Speakers:
    """Decide which company a document speaks for, and whether it is an article on several: one with many tickers and no issuer's marks.

    In order: the name that is followed by ("the Company"); the filer of the header; the issuer of a release, by its first sentence; the
    company of the first ticker; the subject of "announced"; the first company of the headline, which an article with many tickers is
    about too.
    """
    speaker = _speaker(document, mentions)
    if _listings(mentions) < _ROUNDUP or any(section.kind in _ISSUERS_OWN for section in document.sections):
        return speaker
    with_ticker = listed(mentions)
    headed = [
        str(m.value) for m in mentions if m.type == "company" and document.section_of(document.sentences[m.sentence]).kind == "headline"
    ]
    about = next((name for name in headed if name in with_ticker), None)
    return Speakers(about, "discourse/headline") if about else replace(speaker, is_roundup=True)


def listed(mentions: tuple[Mention, ...]) -> set[str]:
    """Name the companies that have a ticker right behind their names."""
    return {
        str(m.value) for m, after in pairwise(mentions) if m.type == "company" and after.type == "ticker" and m.sentence == after.sentence
    }


def _listings(mentions: tuple[Mention, ...]) -> int:
    """Count the companies whose tickers stand in a document: symbols set side by side are one company's."""
    groups: list[set[str]] = []
    last: Mention | None = None
    for mention in mentions:
        if mention.type != "ticker":
            continue
        symbol = str(mention.value[1]) if isinstance(mention.value, tuple) else mention.text
        is_beside = last is not None and last.sentence == mention.sentence and mention.local.start - last.local.end <= _SIDE_BY_SIDE
        known = next((g for g in groups if symbol in g), groups[-1] if is_beside else None)
        if known is None:
            groups.append({symbol})
        else:
            known.add(symbol)
        last = mention
    return len(groups)


def _speaker(document: Document, mentions: tuple[Mention, ...]) -> Speakers:
    companies = [m for m in mentions if m.type == "company"]
    for mention in companies:
        text = document.sentences[mention.sentence].text
        if _IS_COMPANY.match(text, mention.local.end) and not _other_between(companies, mention, text):
            return Speakers(str(mention.value), "discourse/defined-term")
    if document.source.filer:
        for mention in companies:
            if _plain(str(mention.value)) == _plain(document.source.filer):
                return Speakers(str(mention.value), "discourse/filer")
    if document.issuer and any(section.kind in _ISSUERS_OWN for section in document.sections):
        for mention in companies:
            if _plain(str(mention.value)) == _plain(document.issuer):
                return Speakers(str(mention.value), "discourse/issuer")
    for left, right in pairwise(m for m in mentions if m.type in {"company", "ticker"}):
        if (
            left.type == "company"
            and right.type == "ticker"
            and left.sentence == right.sentence
            and right.local.start - left.local.end < 40
        ):
            return Speakers(str(left.value), "discourse/ticker")
    announcing = [str(m.value) for m in companies if _ISSUES.search(document.sentences[m.sentence].text, m.local.end)]
    headed = [str(m.value) for m in companies if document.section_of(document.sentences[m.sentence]).kind == "headline"]
    if announcing:
        is_headed = bool(headed) and headed[0] in announcing  # "Birch Licenses …": not whom its first sentence names in passing
        return Speakers(headed[0] if is_headed else announcing[0], "discourse/announced")
    if companies:
        return Speakers(str(companies[0].value), "discourse/first-named")
    return Speakers(None, "")


def _other_between(companies: list[Mention], mention: Mention, text: str) -> bool:
    """Answer whether another company stands between a name and its ("the Company")."""
    end = text.find(")", mention.local.end)
    return any(
        c.sentence == mention.sentence
        and mention.local.end <= c.local.start < end
        and c.value != mention.value
        and "(" not in text[mention.local.end : c.local.start]
        for c in companies
    )


def _plain(name: str) -> str:
    """Fold a name for comparing a header's spelling with a text's."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\b(inc|corp|corporation|ltd|llc|plc|co|company)\b", "", name.lower()))
