"""A sentence's mentions in, those without the drugs that it only sets beside its subject out: partners, comparators, what one is made of.

"A Phase 2 trial of HB-1 in combination with gemcitabine" is a step of HB-1, "an injectable form of everolimus" none of everolimus.
"""

from __future__ import annotations

import re

from kg.model import Mention, Sentence

_DRUGS = frozenset({"compound", "antibody"})
_CUE = (
    r"\b(?:combination(?:s)?(?: therapy| treatment| regimen)? with|combined with|together with|along with|alongside|plus|with or without"
    r"|versus|vs\.?|(?:as )?compared (?:to|with|against)|comparison (?:to|with)|relative to|(?:non-?inferior|superior) to"
    r"|superiority (?:to|over)"
    r"|followed by|added to|addition of [^,;]{1,40} to|on top of|add-on to|background of|(?:co-?)?administered with|concurrent(?:ly)? with"
    r"|in addition to"
    r"|resistan(?:t|ce) to|refractory to|failed on|(?:previously |pre-?)treated with"
    r"|(?:form|formulation|version|reformulation|prodrug|pro-drug|derivative|metabolite|analog(?:ue)?|biosimilar|generic|isomer"
    r"|enantiomer|salt) (?:of|to))"
)
_BEFORE = re.compile(
    rf"(?:{_CUE}|\s\+)(?: (?!(?:and|or|in|for|to|is|was|will|has|of|evaluating|testing)\b)[\w()/-]+){{0,7}},? \(?$", re.IGNORECASE
)
# "L-DOS47 with pembrolizumab": only straight behind another drug
_WITH = re.compile(r"(?:®|™)?(?: ?\([^()]{0,40}\))? (?:with|and low-dose|\+|/) ?(?:the |an? )?(?:[\w-]+ ){0,2}$", re.IGNORECASE)
_AND = re.compile(r"(?:®|™)?(?: ?\([^()]{0,40}\))?,? ?(?:,|/|\+|and|or|and/or|plus) ?(?:the )?$", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:[ -](?:analog(?:ue)?s?|derivatives?|prodrugs?|arm|comparator|monotherapy arm|control|placebo"
    r"|-?(?:based|refractory|resistant|naive|experienced))\b)",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\bcombinations? of (?:the )?(?:[\w-]+ ){0,3}$", re.IGNORECASE)
_IN_NAMES = re.compile(r"\b(?:trials?|stud(?:y|ies)|program) \((?:[\w-]+(?:,| and|/|,? and)? ?){0,4}[/ ]?$", re.IGNORECASE)
_REACH = 90


def without_partners(sentence: Sentence, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Leave out the drugs that another one of the sentence, or one spoken of before, is only given with, measured by or made from.

    A code name is nobody's partner: "pembrolizumab in combination with HB-1" tells of HB-1.
    """
    drugs = [m for m in mentions if m.type in _DRUGS]
    gone: list[Mention] = []
    kept: list[Mention] = []
    for drug in drugs:
        before = sentence.text[max(0, drug.local.start - _REACH) : drug.local.start]
        last = max((d for d in (*gone, *kept) if d.local.end <= drug.local.start), key=lambda d: d.local.end, default=None)
        between = sentence.text[last.local.end : drug.local.start] if last is not None else ""
        is_beside = (
            _BEFORE.search(between if last is not None else before) is not None
            or (last is not None and last in kept and _WITH.fullmatch(between) is not None)
            or (last is not None and last in gone and _AND.fullmatch(between) is not None)
            or (last is not None and _is_second(sentence.text, last, drug))
            or _IN_NAMES.search(before) is not None
            or _AFTER.match(sentence.text, drug.local.end) is not None
        )
        own = (drug.found_by == "structure/code-name" and not _IN_NAMES.search(before)) or drug.found_by.startswith("discourse/")
        if is_beside and own and kept and not any(_is_own(k) for k in kept):
            gone, kept = [*gone, *kept], [drug]  # the medicine that everybody knows is the partner
        elif is_beside and drug.value not in {k.value for k in kept} and not (own and not any(_is_own(k) for k in kept)):
            gone.append(drug)
        else:
            kept.append(drug)
    return tuple(m for m in mentions if m not in gone) if gone else mentions


def _is_second(text: str, first: Mention, drug: Mention) -> bool:
    """Answer whether a known medicine is the other one of a pair: "the combination of HB-1 and nivolumab"."""
    is_pair = _AND.fullmatch(text[first.local.end : drug.local.start]) and _PAIR.search(
        text[max(0, first.local.start - 60) : first.local.start]
    )
    return bool(is_pair) and not _is_own(drug) and _is_own(first)


def _is_own(drug: Mention) -> bool:
    """Answer whether a drug is one that a text introduces itself, and no medicine that a list or its generic name makes known."""
    return not drug.found_by.startswith("lexicon/") and not drug.found_by.endswith("-stem")
