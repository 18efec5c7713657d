"""A page in, the targets of its drugs out: listed antigens, and what "anti-X", "X-targeted", "antibodies to X" point at."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from kg.find.lexicon import Matcher, load_lexicon, words_of
from kg.find.names import Named, same_spelling
from kg.find.page import Page

_GENE = (
    r"(?P<name>(?:[A-Z][A-Z0-9]{1,6}[a-z]?\d{0,2}(?:-[A-Z0-9]{1,3})?|[a-z]{1,3}[A-Z][A-Za-z0-9]{1,6}|[A-Z][a-z]{1,5}\d{1,3}[a-z]?)"
    r"(?:/[A-Z][A-Za-z0-9-]{1,7})?)"
)
_CUES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (rf"(?<![\w-])[Aa]nti-{_GENE}(?![\w])(?!-[A-Z])", "structure/anti"),
        (
            rf"(?<![\w-]){_GENE}-(?:targeting|targeted|directed|specific|binding|blocking|positive|expressing|overexpressing"
            rf"|negative|mutant|mutated|driven|inhibiting)\b",
            "structure/targeted",
        ),
        (
            rf"\b(?:antibod(?:y|ies)|ADCs?|conjugates?|inhibitors?|antagonists?|agonists?) (?:to|against|of|directed (?:to|at"
            rf"|against)|targeting|that targets?) (?:the )?{_GENE}(?![\w-])",
            "structure/against",
        ),
        (
            rf"\b(?:targeting|targets|aimed at|directed (?:to|at|against)|binds(?: to)?|bind to|selective for|specific for|inhibits"
            rf"|inhibiting|blocks|blocking|target is|seeks out|homes? in on|hones? in on|latches on to|locks on to"
            rf"|recogni[sz]es) (?:the )?{_GENE}(?![\w-])",
            "structure/targets",
        ),
        (
            rf"(?<![\w-]){_GENE}\)? (?:inhibitors?|antagonists?|agonists?|antibod(?:y|ies)|pathway|receptor|degraders?|blockade"
            rf"|expression|CAR-T|CAR T|bispecific|modulators?)\b",
            "structure/head",
        ),
    )
)


@lru_cache(maxsize=1)
def _listed() -> Matcher[tuple[str, str]]:
    return Matcher((name, (name, line[0])) for line in load_lexicon("targets")["targets"].lines for name in line)


def find_targets(page: Page, is_other: Callable[[str], bool]) -> Named:
    """Find the targets of a page. is_other answers whether a name is known to be something else."""
    out = Named()
    first: dict[str, str] = {}
    for start, end, (form, head) in _listed().scan(page.lower, page.places):
        spelled = page.text[start:end]
        if not same_spelling(form, spelled) or (spelled.islower() and not form.islower()) or is_other(spelled):
            continue
        if re.match(
            r"\+|(?:\+|[- ]positive)?[ -]?(?:T[ -]?cells?|ligand|helper|lymphocytes?|T lymphocytes?|counts?)\b", page.text[end : end + 24]
        ):
            continue  # "CD8+ T cells": a kind of cell, not what a drug aims at
        key = out.names.add(spelled, "target", "lexicon/target")
        if head in first:
            out.names.join(first[head], key)
        first.setdefault(head, key)
    for pattern, by in _CUES:
        for match in pattern.finditer(page.text):
            name = match["name"]
            sentence = page.sentence_at(match.start("name"))
            if name.upper() in words_of("targets", "not_targets") or sentence in page.titles or sentence in page.unread or is_other(name):
                continue
            if (name.isalpha() and name.isupper() and len(name) < 3) or (name.istitle() and name.isalpha()):
                continue
            if by == "structure/head" and not (any(c.isdigit() for c in name) or "/" in name):
                continue
            out.names.add(name, "target", by)
    out.hits = out.names.occurrences(page)
    out.values = out.names.canonical(out.hits, page, lambda name, count: (count, len(name)))
    return out
