"""A page in, the payloads and linkers that its text names out."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.find.lexicon import Matcher, load_lexicon, words_of
from kg.find.names import Hit, Named, same_spelling
from kg.find.page import Page

_BETTER_KNOWN = re.compile(
    r"[^.;\n()]{0,80}?\b(?:also|better|otherwise|formerly) (?:known|called|referred to"
    r"|designated)(?: as)? \"?(?P<name>[A-Za-z][\w-]*)"
)
_PARENTHESIS = re.compile(r" ?\(\"?(?P<name>[A-Za-z][\w-]*)\"?\)")


@lru_cache(maxsize=2)
def _listed(kind: str) -> Matcher[tuple[str, str, str]]:
    groups = load_lexicon(kind + "s")
    return Matcher(
        (name, (name, line[0], "lexicon/payload-class" if group == "classes" else f"lexicon/{kind}"))
        for group in groups
        if group != "joined"
        for line in groups[group].lines
        for name in line
    )


def find_agents(page: Page, kind: str) -> Named:
    """Find the payloads, or the linkers, of a page."""
    out = Named()
    for start, end, (form, head, by) in _listed(kind).scan(page.lower, page.places):
        spelled = page.text[start:end]
        if not same_spelling(form, spelled) or (not form.islower() and spelled.islower()):
            continue
        key = out.names.add(spelled, kind, by)
        if head != form:
            out.names.join(out.names.add(head, kind, by), key)
    hits = out.names.occurrences(page)
    starts = {h.start: h for h in hits}
    for hit in hits:
        for pattern in (_PARENTHESIS, _BETTER_KNOWN):
            other = pattern.match(page.text, hit.end)
            if other is not None and other.start("name") in starts and not any(hit.end < h.start < other.start("name") for h in hits):
                right = starts[other.start("name")]
                out.names.join(hit.key, right.key)
                out.defined.append(("alias", hit.start, hit.end, right.start, right.end, "definition/known-as"))
    out.hits = [Hit(h.start, h.end, out.names.group(h.key), h.by, h.type) for h in hits]
    out.values = out.names.canonical(out.hits, page, lambda name, count: (not name.islower(), count, len(name)))
    return out


def is_payload_class(word: str) -> bool:
    """Answer whether a word names a class of payloads."""
    return word.lower() in {n.lower() for n in words_of("payloads", "classes")}


def is_agent(name: str) -> bool:
    """Answer whether a name is listed as a payload or a linker."""
    return name.casefold() in _agent_names()


@lru_cache(maxsize=1)
def _agent_names() -> frozenset[str]:
    return frozenset(n.casefold() for n in words_of("payloads") | words_of("linkers"))
