"""A page in, the universities, institutes and agencies that its text names out, by the shape of their names."""

from __future__ import annotations

import re

from kg.find.page import Page

_W = r"[A-Z][\w'.-]*"
_SHAPES = re.compile(
    rf"(?<![\w-])(?:"
    rf"(?:The )?University of (?:the )?{_W}(?: (?:at|in) {_W}(?: {_W})?|, {_W}(?= (?:School|Health|Medical|College)))?(?: {_W})?"
    rf"(?:(?: School of (?:Medicine|Pharmacy)| Health(?:care| System)?| Medical (?:Center|School|Branch)| (?:{_W} )?Cancer Center))?"
    rf"|(?:Queen|King|Saint|St\.? [A-Z]\w+)'s (?:University(?: {_W})?|College {_W})|(?:Imperial|Trinity|University) College {_W}"
    rf"|(?:{_W} ){{1,3}}University(?: of {_W}(?: and {_W})?)?(?: School of Medicine| Medical (?:Center|School)| Hospitals?)?"
    rf"|(?:{_W} ){{1,4}}(?:Institutes?|Foundation|Cancer Center|Medical Center|Research Center|School of Medicine"
    rf"|College of Medicine|Medical School)"
    rf"(?: (?:of|for) {_W}(?: (?:and|&) {_W}| {_W}){{0,3}})?"
    rf"(?:(?: and|,? &) (?:{_W} )?(?:Research )?(?:Institute|Foundation)\b(?:, Inc\b\.?)?)?"
    rf"|(?:U\.S\. |United States )?National Institutes? (?:of|for|on) {_W}(?:,? (?:and )?{_W}){{0,5}}"
    rf")(?![\w-])"
)
_LEADING = re.compile(
    r"^(?:The|At|In|With|From|By|For|And|A|An|Our|Dr\.|Prof\.|Professor|MD|PhD|Both|Also|Under|When|While|As|Since|Contact)\s"
)
_BARE = re.compile(
    r"^(?:University|Institute|Foundation|Cancer Center|Medical Center|Research Center|Research Institute|Medical School|Cancer Institute)$"
)


def find_institutions(page: Page) -> list[tuple[int, int]]:
    """Find institutions outside titles, where capitals say nothing."""
    found: list[tuple[int, int]] = []
    for match in _SHAPES.finditer(page.text):
        start, end = match.span()
        if page.sentence_at(start) in page.titles:
            continue
        while (leading := _LEADING.match(page.text[start:end])) is not None:
            start += leading.end()
        name = page.text[start:end].rstrip("'")
        if not name.endswith(", Inc."):
            name = name.rstrip(".'")
        end = start + len(name)
        if (
            name.count(" ")
            and not _BARE.match(name)
            and "'s "
            not in name.replace("Women's ", "")
            .replace("Children's ", "")
            .replace("King's ", "")
            .replace("Queen's ", "")
            .replace("Saint's ", "")
        ):
            found.append((start, end))
    return found
