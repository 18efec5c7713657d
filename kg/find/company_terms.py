"""A page and a company's full name in it in, what the text calls the company right after that name out.

"(“ForSeeCon”)", "(the “Company” or “Seattle Genetics”)", "(BARDA)", "hereafter “X”", "known as MSD", "formerly Y".
"""

from __future__ import annotations

import re

from kg.find.company_forms import is_stop
from kg.find.lexicon import words_of
from kg.find.page import Page

_AFTER = re.compile(r"(?: ?\([^()\n]{1,200}\)){1,4}")
_QUOTED = re.compile(r"[\"']([^\"'()]{2,60}?)[,.]?[\"'](?![a-z])")
_BARE_ALIAS = re.compile(r"\(([A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,2})\)")
_KNOWN_AS = re.compile(
    r",? (?:also |commonly |better )?(?:known|referred to|doing business) as (?:\"|')?([A-Z][\w&.-]*(?: [A-Z][\w&-]*){0,3})"
)
_FORMERLY = re.compile(
    r",? \(?(?:formerly|f/k/a)(?: known as)?,? (?:\"|')?([A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,4}(?:,? Inc\.?| Ltd\.?| Corp\.?)?)"
)
# "Grünenthal GmbH, or Grünenthal, a …": how notes to accounts define a name
_OR = re.compile(r", or (?:the )?[\"']?(?P<term>[A-Z][\w&.-]*(?: [A-Z][\w&-]*){0,2}?)[\"']?(?=[,;:)]|\.? [a-z(]|\.(?:\s|$))")
_HEREAFTER = re.compile(r",? (?:hereafter|hereinafter)(?: referred to as| called)?,? (?:the )?\"([^\"]{2,60}?)[,.]?\"")


def read_terms(page: Page, start: int, end: int) -> list[tuple[str, int, int, str]]:
    """Read the terms: for each its kind, its range and the rule. "The Company", "we" and the like are left to discourse."""
    text = page.text
    name = text[start:end]
    found: list[tuple[str, int, int, str]] = []
    after = _AFTER.match(text, end)
    stop = end
    if after is not None:
        stop = after.end()
        quoted = [(m.start(1), m.end(1)) for m in _QUOTED.finditer(text, end, stop)]
        for left, right in quoted:
            if text[left:right].startswith("the "):
                left += 4
            term = text[left:right]
            if (
                term.lower() in words_of("company_words", "self")
                or not (term[0].isupper() or any(c.isupper() for c in term))
                or ":" in text[left - 3 : left]
                or len(term) < 2
            ):
                continue
            found.append(("defined-term", left, right, "definition/quoted"))
        if not quoted:
            for match in _BARE_ALIAS.finditer(text, end, stop):
                if _is_short_for(match[1], name):
                    found.append(("alias", *match.span(1), "definition/parenthesis"))
    for pattern, kind, by in (
        (_HEREAFTER, "defined-term", "definition/hereafter"),
        (_KNOWN_AS, "alias", "definition/known-as"),
        (_FORMERLY, "formerly", "definition/formerly"),
    ):
        hit = pattern.match(text, end) or pattern.match(text, stop)  # "Alder (formerly Birch)", "Alder (Nasdaq: AL), formerly Birch"
        if hit is not None and hit[1].lower() not in words_of("company_words", "self") and not is_stop(hit[1].split()[0]):
            found.append((kind, *hit.span(1), by))
    either = _OR.match(text, stop)
    if either is not None and _is_short_for(either["term"], name) and either["term"].lower() not in words_of("company_words", "self"):
        found.append(("defined-term", *either.span("term"), "definition/or"))
    return found


def _is_short_for(short: str, name: str) -> bool:
    """Answer whether a parenthesised word is made from a name: its initials, or its first word with another ending."""
    words = [w for w in re.split(r"[\s-]+", re.sub(r"[^\w\s&-]", "", name)) if w]
    initials = "".join(w[0] for w in words if w[0].isalnum()).upper()
    content = "".join(w[0] for w in words if w[0].isupper())
    letters = re.sub(r"[^A-Za-z]", "", short)
    if short.isupper() or letters.isupper():
        return len(letters) >= 2 and (letters in initials or letters in content or _is_subsequence(letters, initials))
    if not letters.islower() and sum(c.isupper() for c in letters) >= 2 and _is_subsequence(letters.upper(), initials):
        return True
    return short.split()[0] == words[0] if words else False


def _is_subsequence(letters: str, initials: str) -> bool:
    rest = iter(initials)
    return len(letters) >= 3 and letters[0] == initials[:1] and all(c in rest for c in letters)
