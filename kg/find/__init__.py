"""A document in, its typed mentions out, each with the spans of its words and the name it is known by, and what the text defines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import zip_longest

from kg.find.agents import find_agents, is_agent, is_payload_class
from kg.find.companies import find_companies, is_no_company
from kg.find.company_forms import LEGAL, company_key
from kg.find.compounds import find_compounds
from kg.find.dates import find_dates
from kg.find.finding import Definition, Finding, Parts
from kg.find.indications import Indication, find_indications
from kg.find.money import find_money
from kg.find.names import KEPT_APART, Hit, squeeze
from kg.find.overlap import without_overlaps
from kg.find.page import Page
from kg.find.rates import find_rates
from kg.find.stages import find_stages
from kg.find.targets import find_targets
from kg.find.technologies import find_technologies
from kg.find.tickers import Ticker, find_tickers
from kg.key import drug_key
from kg.model import Document, Mention, Span

# Names that are known by their shape or their place alone.
_LOOKS_ALIKE = {"structure/code-name", "structure/apposition", "structure/is-a-drug", "structure/brand", "structure/drug-program"}
_SURE = {"antibody", "payload", "linker", "target", "indication"}
_FIELD = re.compile(
    r"\b(clinic|patient|therap|drugs?\b|pharma|biotech|biopharm|biologic|antibod|vaccin|oncolog|tumou?r|cancer|disease|medicin|FDA\b"
    r"|phase (?:[1-4]|IV|I{1,3})\b|preclinical|molecul|peptide|inhibitor)",
    re.IGNORECASE,
)
_FIELD_WORDS = 3
_SHORT_TEXT = 2000  # characters; shorter ones are notes and examples

__all__ = ["Definition", "Finding", "Parts", "find"]


def find(document: Document, apart: frozenset[frozenset[str]] = frozenset()) -> Finding:
    """Find every name, amount, date, phase and rate of a document.

    apart are pairs of keys of things ("compound/t-dm1") that no text joins: a person decided so. Deterministic; takes time in proportion
    to the text. Mentions are sorted by place and do not overlap; the sides of a definition may be mentions that a longer one swallowed.
    """
    token = KEPT_APART.set(frozenset(frozenset(map(drug_key, pair)) for pair in apart))
    try:
        return _find(document)
    finally:
        KEPT_APART.reset(token)


def _find(document: Document) -> Finding:
    page = Page(document)
    tickers = find_tickers(page)
    companies = find_companies(page, tickers)
    companies.hits = _with_legal_forms(page, companies.hits)
    indications = find_indications(page)
    diseases = {squeeze(page.text[i.short[0] : i.short[1]]) for i in indications if i.short is not None}
    symbols = {t.symbol for t in tickers}

    def is_company(name: str) -> bool:
        return name in companies.names or companies.names.knows(company_key(name)) or is_no_company(name)

    technologies = find_technologies(page, is_company, is_payload_class)

    def is_other(name: str) -> bool:
        return is_company(name) or is_agent(name) or name in technologies.names or squeeze(name) in diseases or name in symbols

    compounds = find_compounds(page, is_other, technologies.platforms)

    def is_no_target(name: str) -> bool:
        return is_other(name) or name in compounds.names or any(squeeze(p) in diseases for p in name.split("/"))

    targets = find_targets(page, is_no_target)
    payloads, linkers = find_agents(page, "payload"), find_agents(page, "linker")

    found: list[Mention] = [page.mention("indication", i.start, i.end, i.value, i.by) for i in indications]
    symbols_found = [page.mention("ticker", t.start, t.end, (t.exchange, t.symbol), "structure/ticker") for t in tickers]
    found += symbols_found
    definitions: list[Definition] = []
    for part in (companies, technologies, compounds, payloads, linkers):
        named = _mentions(page, part.hits, part.values)
        found += named
        definitions += _definitions(page, part.defined, named)
    found += _mentions(page, targets.hits, targets.values)
    found += _measures(document)
    kept = without_overlaps(found)
    if not _is_of_the_field(page.text, kept):
        kept = tuple(m for m in kept if not (m.type == "technology" or (m.type == "compound" and m.found_by in _LOOKS_ALIKE)))
    definitions += _tickers(page, tickers, symbols_found, kept)
    definitions += _abbreviations(page, indications)
    definitions += _parts(kept, compounds.parts)
    order = sorted(
        definitions, key=lambda d: (d.left.sentence, d.left.local.start, d.kind, d.right.local.start if d.right is not None else 0, d.by)
    )
    return Finding(kept, tuple(order))


def _is_of_the_field(text: str, mentions: Iterable[Mention]) -> bool:
    """Answer whether a document speaks of medicines at all: chips, ships and shares have codes of the same shapes.

    One sure name is enough, or two different words of the field; in a short text one.
    """
    if any(m.type in _SURE or (m.type == "compound" and m.found_by not in _LOOKS_ALIKE) for m in mentions):
        return True
    words = {found.lower().partition(" ")[0] for found in _FIELD.findall(text)}
    return len(words) >= (_FIELD_WORDS if len(text) > _SHORT_TEXT else 1)


def _with_legal_forms(page: Page, hits: list[Hit]) -> list[Hit]:
    """Take the legal form that follows a known name into its mention: "ADC Therapeutics SA"."""
    out = []
    for hit, after in zip_longest(hits, hits[1:]):
        form = LEGAL.match(page.text, hit.end)
        fits = form is not None and not form["comma"] and (after is None or form.end() <= after.start)
        out.append(replace(hit, end=form.end()) if form is not None and fits else hit)
    return out


def _mentions(page: Page, hits: Iterable[Hit], values: dict[str, str]) -> list[Mention]:
    return [page.mention(h.type, h.start, h.end, values[h.key], h.by) for h in hits]


def _measures(document: Document) -> list[Mention]:
    """Find amounts, rates, dates and phases, sentence by sentence."""
    found: list[Mention] = []
    for index, sentence in enumerate(document.sentences):
        text = sentence.text
        for item in (*find_money(text), *find_dates(text, document.published), *find_stages(text), *find_rates(text)):
            local = Span(item.start, item.end)
            found.append(Mention(item.type, sentence.span_of(item.start, item.end), index, local, local.of(text), item.value, item.by))
    return found


def _definitions(page: Page, defined: Iterable[tuple[str, int, int, int, int, str]], named: list[Mention]) -> list[Definition]:
    """Turn ranges into mentions; a side that was itself found keeps its value, and gives it to the other."""
    known = {(m.sentence, m.local): m for m in named}
    made: dict[tuple[str, object, str], Definition] = {}
    for kind, left, left_end, right, right_end, by in defined:
        one, other = page.mention("", left, left_end, "", by), page.mention("", right, right_end, "", by)
        first = known.get((one.sentence, one.local))
        if first is None or first.text == other.text:
            continue
        second = known.get((other.sentence, other.local)) or replace(other, type=first.type, value=first.value)
        made.setdefault((kind, first.value, second.text), Definition(kind, first, second, by))
    return list(made.values())


def _tickers(page: Page, tickers: list[Ticker], symbols: list[Mention], kept: tuple[Mention, ...]) -> list[Definition]:
    """Join each symbol to the company right before its parenthesis, or before the symbol's in a row of them."""
    made: dict[tuple[object, object], Definition] = {}
    ends: dict[tuple[int, int], Mention] = {(m.sentence, m.local.end): m for m in kept if m.type == "company"}
    last: tuple[Ticker, Mention] | None = None
    for ticker, symbol in zip(tickers, symbols, strict=True):
        before = page.text[: ticker.outer[0]].rstrip(" *,;(")
        before = before.removesuffix("'s") if before.endswith("'s") else before
        place = len(before)
        owner: Mention | None = None
        if place:
            index = page.sentence_at(place - 1)
            if index == symbol.sentence:
                owner = ends.get((index, page.local(index, place - 1, place).end))
        if (
            owner is None
            and last is not None
            and last[1].sentence == symbol.sentence
            and len(page.text[last[0].end : ticker.start].strip(" ();,/&\"'and")) == 0
        ):
            owner = last[1]
        if owner is not None:
            made.setdefault((owner.value, symbol.value), Definition("ticker", owner, symbol, "structure/ticker"))
            last = (ticker, owner)
    return list(made.values())


def _abbreviations(page: Page, indications: list[Indication]) -> list[Definition]:
    """Define the abbreviations of diseases, each once."""
    made: dict[str, Definition] = {}
    for item in indications:
        if item.short is not None:
            left = page.mention("indication", item.start, item.end, item.value, item.by)
            right = page.mention("indication", *item.short, item.value, "definition/abbreviation")
            made.setdefault(right.text, Definition("alias", left, right, "definition/abbreviation"))
    return list(made.values())


def _parts(kept: tuple[Mention, ...], parts: dict[str, Parts]) -> list[Definition]:
    """Say once for each antibody-payload name what it is made of."""
    by_name = {name.casefold(): known for name, known in parts.items()}
    made: dict[str, Definition] = {}
    for mention in kept:
        known = by_name.get(mention.text.casefold())
        if known is not None and mention.type == "compound":
            made.setdefault(mention.text.casefold(), Definition("parts", mention, None, "name/antibody-payload", known))
    return list(made.values())
