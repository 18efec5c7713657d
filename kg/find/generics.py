"""A page in, its generic drug names out that no stem tells, by what stands beside them: "prexigebersen (BP1001)"."""

from __future__ import annotations

import re

from kg.find.lexicon import words_of
from kg.find.page import Page

_NAME = r"(?P<name>[a-z]{7,20})"
_DID = (
    "(?:significantly |also |may |can |could |is |was |has |had |not only |be |been )*"
    r"(?:improv|reduc|decreas|increas|restor|inhibit|prolong|extend|protect|block|amplif|enhanc|lower|well tolerated|safe\b|effective|led\b"
    r"|leads|met\b)\w*"
)
_STUDIED = (
    "(?i:stud(?:y|ies)|trials?|data|results)|formulations?|doses?|efficacy|safety|tolerability|dosing|development|potential|administration"
    "|effects?|(?:crystalline|oral|new) forms?"
)
_LINKING = (
    r"(?:(?!(?:of|for|in|with|that|to|from|by|on|company|firm|leader|developer|maker|biotech|focused|developing|is|are|was|were|has)\b)"
    r"[\w/%'-]+,? ){0,9}?"
)
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:\b(?:drug|product|lead|clinical|development) candidates?|\binvestigational (?:drug|agent|therapy)),? {_NAME}(?=[,;.)]| \()",
        rf"(?<![\w-]){_NAME}(?= \([A-Z]{{2,5}}-?\d{{2,5}}\))",
        rf"(?<![\w-]){_NAME}(?:,|,? which is| is) (?:an?|its|our|the|[A-Z]\w+'s) {_LINKING}"
        r"(?:candidate|agent|drug|inhibitor|agonist|antagonist|antibody|modulator|prodrug|small molecule)\b",
        # what a study or its data are of
        rf"\b(?:show|demonstrat|reveal|suggest|indicat|confirm|found|evidence)(?:s|n|e|es|ed|ing)? (?:that )?{_NAME} {_DID}\b",
        rf"\b(?:{_STUDIED}) (?:of|for|with|on|from|evaluating|investigating|testing) {_NAME}"
        r"(?= (?:in|for|at|on|to|has|is|was|as|versus|vs|plus|when|with)\b|[,.;)])",
    )
)
# What English words and diseases end in, and names of drugs do not
_ENGLISH = (
    *("ing", "ed", "ly", "tion", "sion", "ment", "ness", "ity", "ies", "ally", "ous", "ive", "able", "ible"),
    *("ers", "ors", "ists", "ance", "ence", "ship", "ants", "ances", "ences", "oids", "cy", "ism", "ology", "ical", "ial", "ular", "tic"),
    *("itis", "osis", "oma", "omas", "ia", "ias", "pathy", "graphy", "therapy", "therapies", "ics", "ful", "less", "ward", "ments"),
)


def find_generics(page: Page) -> list[str]:
    """List the names, each once, that a page names more than once and in some place as a drug."""
    found: dict[str, None] = {}
    for pattern in _PLACES:
        for match in pattern.finditer(page.text):
            name = match["name"]
            if name in found or name in words_of("common_words") or name.endswith(_ENGLISH):
                continue
            if len(re.findall(rf"(?<![\w-])(?i:{name})(?![\w-])", page.text)) > 1:
                found[name] = None
    return list(found)
