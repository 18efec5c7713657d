"""A page in, its companies out: every occurrence of every name, each with the fullest name that the document uses for that company.

Pass one learns full names by their shape and what the text defines them as; pass two finds each form wherever it stands.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from kg.find.company_cues import find_cued
from kg.find.company_forms import (
    LEGAL,
    base_of,
    company_key,
    find_endings,
    find_legal,
    is_distinct,
    is_ending,
    is_place,
    is_stop,
    walk_left,
)
from kg.find.company_terms import read_terms
from kg.find.institutions import find_institutions
from kg.find.lexicon import Matcher, load_lexicon, words_of
from kg.find.names import Hit, Named, Names
from kg.find.page import Page
from kg.find.tickers import Ticker

_MILLENNIUM = re.compile(r"(?<![\w-])[A-Z]\w+: The (?:[A-Z]\w+ ){1,4}Company\b")


_REGION = re.compile(r" (?:U\.S\.|US|USA|UK|Europe|Japan|Canada|America|North America|International)")


@lru_cache(maxsize=1)
def _listed() -> tuple[Matcher[tuple[str, str]], frozenset[str], dict[str, tuple[str, ...]]]:
    firms = load_lexicon("companies")["firms"]
    bodies = load_lexicon("institutions")["institutions"]
    pairs = [(name, (line[0], "lexicon/company")) for line in firms.lines for name in line]
    pairs += [(name, (line[0], "lexicon/institution")) for line in bodies.lines for name in line]
    lines = {line[0]: line for group in (firms, bodies) for line in group.lines}
    return Matcher(pairs), frozenset(n.casefold() for n in words_of("not_companies")), lines


def is_no_company(name: str) -> bool:
    """Answer whether a name is listed as a regulator, exchange, newswire, bank, law firm or the like, or says that it is one."""
    barred = _listed()[1]
    plain = base_of(name)
    return (
        name.casefold() in barred
        or plain.casefold() in barred
        or bool(
            re.search(
                r"(?i)\b(?:newswire|wire|news|LLP|stock exchange|law firm|podcast|congress|conference|summit|symposium|society"
                r"|association|journal|securities|capital markets|investor relations|public relations|communications)$",
                plain,
            )
        )
    )


def find_companies(page: Page, tickers: list[Ticker]) -> Named:
    """Find the companies of a page."""
    names = Names(company_key)
    defined: list[tuple[str, int, int, int, int, str]] = []
    full: list[tuple[int, int, str]] = [(s, e, "structure/legal-form") for s, e in find_legal(page)]
    full += [(m.start(), m.end(), "structure/oncology-company") for m in _MILLENNIUM.finditer(page.text)]
    full += [(s, e, "structure/institution") for s, e in find_institutions(page)]
    before_tickers = _before_tickers(page, tickers)
    full += before_tickers
    corroborated = frozenset(page.text[s:e] for s, e, _ in full) | frozenset(base_of(page.text[s:e]) for s, e, _ in full)
    full += [(s, e, "structure/ending") for s, e in find_endings(page, corroborated)]
    full += find_cued(page)
    full = _not_nested(_body_first(page, [f for f in full if page.sentence_at(f[0]) not in page.unread]))
    full += _lexicon_hits(page)
    firsts: dict[str, str] = {}
    for start, end, by in sorted(full):
        name = page.text[start:end]
        if is_no_company(name) or "\n" in name or name.lower() in words_of("company_words", "self"):
            continue
        key = names.add(name, "company", by)
        firsts.setdefault(key, name)
        base = base_of(name)
        if by == "structure/oncology-company":
            names.join(key, names.add(name.split(":")[0], "company", "name/short", company_key(name.split(":")[0])))
        if base != name and (is_distinct(base) or " " in base):
            names.add(base, "company", "name/without-legal-form")
        elif base != name:
            _maybe_short(page, names, base, key, frozenset())
        for kind, left, right, by_ in read_terms(page, start, end):
            term = page.text[left:right]
            other = names.add(term, "company", by_, company_key(term))
            names.join(key, other)
            defined.append((kind, start, end, left, right, by_))
    for name in sorted(
        {page.text[s:e] for s, e, by in full if by in {"structure/party", "structure/deals-with"} and " " not in page.text[s:e]}
    ):
        longer = {names.group(company_key(form)) for form, _, _ in names.items() if form.startswith(f"{name} ")}
        if len(longer) == 1 and names.knows(company_key(name)):
            names.join(longer.pop(), company_key(name))  # "Kyber", of a text on "Kyber Data Science"
    _shorten(page, names, tickers)
    for line in _listed()[2].values():
        known = [company_key(n) for n in line if names.knows(company_key(n))]
        for other in known[1:]:
            names.join(known[0], other)
    hits = names.occurrences(page)
    hits = [h for h in hits if not _runs_on(page, h)]
    values = names.canonical(hits, page, _fullness)
    return Named(names, hits, values, defined)


def _fullness(name: str, count: int) -> tuple[object, ...]:
    """Rank spellings: not all in capitals, with its legal form, long, frequent."""
    shouted = name.isupper() and len(name) > 5
    return (not shouted, bool(LEGAL.search(name, max(0, len(name) - 30))), len(name), count)


def _not_nested(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Drop runs that lie in a longer one, such as "Oncology Company" in "Millennium: The Takeda Oncology Company"."""
    kept: list[tuple[int, int, str]] = []
    for start, end, by in sorted(found, key=lambda f: (f[0], -f[1])):
        if kept and start < kept[-1][1]:
            continue
        kept.append((start, end, by))
    return kept


def _body_first(page: Page, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Drop a title's run where the body tells that the name is shorter: "Court Awards RedHill Biopharma" ends in "RedHill Biopharma"."""
    body = {page.text[s:e] for s, e, _ in found if page.sentence_at(s) not in page.titles}
    body |= {base_of(name) for name in body}
    kept: list[tuple[int, int, str]] = []
    known = {name for name in body if len(name) > 4}
    for start, end, by in found:
        name = page.text[start:end]
        if any(name != n and name.endswith(n) and name[-len(n) - 1] not in " -&/" for n in known):
            continue  # a heading that ran into its text: "ConclusionMAIA Biotechnology"
        words = page.text[start:end].split(" ")
        titled = page.sentence_at(start) in page.titles
        cut = 0 if titled else sum(1 for _ in takewhile(lambda w: all(p.lower() in words_of("common_words") for p in w.split("-")), words))
        if cut == 0 and start == page.bounds(page.sentence_at(start))[0] and len(words) > 2 and words[0].endswith("ing"):
            cut = 1  # "Leveraging Alder Bio"
        if any(" ".join(words[i:]) in body or base_of(" ".join(words[i:])) in body for i in range(1, len(words) if titled else cut + 1)):
            continue
        kept.append((start, end, by))
    return kept


def _before_tickers(page: Page, tickers: list[Ticker]) -> list[tuple[int, int, str]]:
    """Find the names that tickers stand behind."""
    found: list[tuple[int, int, str]] = []
    for ticker in tickers:
        end = ticker.outer[0]
        if ticker.outer == (ticker.start, ticker.end):
            continue
        stem = page.text[max(0, end - 4) : end]
        end -= len(stem) - len(stem.rstrip(" *,"))
        if page.text[:end].endswith(("'s", "s'")):
            end -= 2 if page.text[:end].endswith("'s") else 1
        if end <= 0 or (not page.text[end - 1].isalnum() and page.text[end - 1] != "."):
            continue
        sentence = page.sentence_at(end - 1)
        start = walk_left(page, end, sentence)
        if start is None:
            continue
        last = page.text[start:end].split()[-1].strip("(),")
        words = page.text[start:end].split()
        lone = len(words) == 1 and (is_ending(last) or last.lower() in words_of("company_words", "generic") or last in words_of("drugs"))
        if not is_stop(last) and not lone:
            found.append((start, end, "structure/ticker"))
    return found


def _lexicon_hits(page: Page) -> list[tuple[int, int, str]]:
    """Find listed names, spelled as listed or in capitals."""
    found: list[tuple[int, int, str]] = []
    for start, end, (_, by) in _listed()[0].scan(page.lower, page.places):
        spelled = page.text[start:end]
        listed = _spellings().get(spelled.casefold(), ())
        if (
            spelled in listed
            or (spelled.isupper() and ((len(spelled) > 4 and page.sentence_at(start) in page.capitals) or " " in spelled))
            or (spelled[1:] in {n[1:] for n in listed} and spelled[0].isupper())
        ):
            region = _REGION.match(page.text, end)
            legal = LEGAL.match(page.text, region.end()) if region is not None else None
            found.append((start, legal.end() if legal is not None else end, by))  # "sanofi-aventis U.S. LLC"
    return _not_nested(found)


@lru_cache(maxsize=1)
def _spellings() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in sorted(words_of("companies") | words_of("institutions")):
        found.setdefault(name.casefold(), []).append(name)
    return {k: tuple(v) for k, v in found.items()}


def _shorten(page: Page, names: Names, tickers: list[Ticker]) -> None:
    """Learn the short forms of full names that stand alone in the text, and ticker symbols used as names."""
    symbols = {t.symbol for t in tickers}
    owners: dict[str, str] = {}
    for form, _, key in list(names.items()):
        words = base_of(form).split()
        head, hyphen, tail = words[0].partition("-") if len(words) == 1 else ("", "", "")
        if hyphen and is_ending(tail) and head not in names and is_distinct(head):
            names.join(key, names.add(head, "company", "name/short", company_key(head)))
        if len(words) > 1 and words[0] not in {"University", "National", "United", "Institute"}:
            while len(words) > 1 and (is_ending(words[-1]) or words[-1].lower() in words_of("company_words", "generic")):
                words = words[:-1]
                short = " ".join(words)
                if not _is_group_word(short):
                    continue
                if short in names:
                    if any(base_of(f) == short and f != short for f in names.forms_of(company_key(short))):
                        continue  # "AGC Biologics" beside "AGC Inc.": parent and daughter
                    if owners.setdefault(short, key) == key:
                        names.join(key, company_key(short))
                    continue
                if len(words) > 1:
                    if short in page.text and owners.setdefault(short, key) == key:
                        names.join(key, names.add(short, "company", "name/short", company_key(short)))
                elif owners.setdefault(short, key) == key:
                    _maybe_short(page, names, short, key, frozenset(symbols))
        together = base_of(form) + " Group"
        if together in page.text:
            names.join(key, names.add(together, "company", "name/group", company_key(together)))
    for ticker in tickers:
        if ticker.outer == (ticker.start, ticker.end) or len(ticker.symbol) < 3 or not ticker.symbol.isalpha():
            continue
        owner = _owner(page, names, ticker)
        if owner is not None and ticker.symbol not in names and ticker.symbol.lower() not in page.vocabulary and not is_stop(ticker.symbol):
            bare = re.compile(rf"(?<![\w:./-]){re.escape(ticker.symbol)}(?![\w-])")
            if any(page.text[max(0, m.start() - 2) : m.start()] != ": " for m in bare.finditer(page.text)):
                names.join(owner, names.add(ticker.symbol, "company", "name/ticker", company_key(ticker.symbol)))


def _owner(page: Page, names: Names, ticker: Ticker) -> str | None:
    """Find the group whose name ends where a ticker's parenthesis begins."""
    before = page.text[max(0, ticker.outer[0] - 90) : ticker.outer[0]].rstrip(" *,")
    before = before.removesuffix("'s")
    best = max((form for form, _, _ in names.items() if before.endswith(form)), key=len, default="")
    return names.group(company_key(best)) if best and names.knows(company_key(best)) else None


def _is_group_word(short: str) -> bool:
    return not is_place(short) and not is_stop(short)


def _maybe_short(page: Page, names: Names, short: str, key: str, symbols: frozenset[str]) -> None:
    """Learn a single word as a short name where the text uses it as one.

    It is uncommon, or never in lower case and with a verb or 's behind it.
    """
    use = re.compile(rf"(?<![\w.@/-]){re.escape(short)}(?![\w@-])")
    if short in page.persons or (short.lower() in page.vocabulary and not any(c.isupper() for c in short[1:])):
        return
    places = [m for m in use.finditer(page.text) if m.start() == 0 or page.text[m.start() - 1] != "\x01"]
    if not places or len(short) < 3:
        return
    if not (is_distinct(short) or short in symbols):
        if short.lower() in page.vocabulary or len(short) < 4:
            return
        if not any(
            re.match(
                r"'s|,? (?:is|was|has|had|will|and|may|to|announced|said|agreed|expects|plans|intends|believes)\b",
                page.text[m.end() :][:14],
            )
            for m in places
        ):
            return
    if short.isupper() and len(short) < 4 and short not in symbols:
        return
    names.join(key, names.add(short, "company", "name/short", company_key(short)))


def _runs_on(page: Page, hit: Hit) -> bool:
    """Answer whether a short name is only the beginning of another thing's name: "Heidelberg" in "Heidelberg University"."""
    if hit.by not in {"name/short"}:
        return False
    following = re.match(
        r" ((?:University|Hospital|Street|Avenue|Institute|Medical Center|College|Drive|School)\b)", page.text[hit.end : hit.end + 24]
    )
    return following is not None
