"""A document's sentences and mentions in, the names of its trials out, each with the stage that the text gives it.

"The Phase 3 ASCEND trial enrolled …": where the text says ASCEND later on, it speaks of a trial in Phase 3.
"""

from __future__ import annotations

import re

from kg.model import Document, Mention

_NAME = (
    r"(?:[A-Z]{4,}[a-z]{0,3}|[A-Z][A-Za-z]?[A-Z]{2,}[A-Za-z]*|[A-Z]{3,}[A-Za-z]*(?=[- ]\d))"
    r"(?:[- ](?:I{1,3}V?|\d{1,4}[A-Za-z]?|[A-Z]{2,5}))?(?:-\d{1,3})?"
)
_BEHIND = re.compile(
    rf"(?: (?:clinical |pivotal |registrational )?(?:trial|study|program),? ?)?,? ?(?:[(“\"]|called |named |known as |entitled |dubbed )*"
    rf"[(“\"]?(?P<name>{_NAME})(?=[)”\", ]|$)(?P<after>[)”\"]*(?: clinical)?(?: trial| study| program)?)"
)
_AHEAD = re.compile(
    rf"(?:^|[ (“\"])(?P<name>{_NAME})[)”\"]?(?:,? (?:an? |the |its |is a |is the )?(?:ongoing |pivotal |global |randomi[sz]ed "
    r"|double-blind |open-label |registrational |multicenter )*)$"
)
# Acronyms of other things, and the trials of medicines that everybody's are set beside
_NO_NAME = re.compile(
    r"(?:NCT|FDA|EMA|IND|NDA|BLA|MAA|CTA|NASDAQ|NYSE|PDUFA|USA|COVID|NSCLC|HIV|RNA|DNA|ADC|CAR|HER2|EGFR|ASCO|ESMO|AACR|ALS|AML"
    r"|KEYNOTE|CHECKMATE|CheckMate|IMpower|RECOVERY)"
)
_TRIALS = frozenset({"Phase1", "Phase1_2", "Phase2", "Phase2_3", "Phase3", "Clinical"})
_ENDS = ("trial", "study", "trials", "studies", "program")


def trial_names(document: Document, by_sentence: dict[int, list[Mention]]) -> dict[str, str]:
    """List the names that stand beside a stage; one that stands beside two is none."""
    found: dict[str, set[str]] = {}
    for index, mentions in by_sentence.items():
        text = document.sentences[index].text
        for mention in mentions:
            if mention.type != "stage" or mention.value not in _TRIALS:
                continue
            behind = _BEHIND.match(text, mention.local.end)
            if behind is not None and not (behind["after"].rstrip(')”"') or mention.text.lower().endswith(_ENDS) or "trial" in behind[0]):
                behind = None
            for hit in (behind, _AHEAD.search(text[max(0, mention.local.start - 80) : mention.local.start])):
                if hit is None or _NO_NAME.match(hit["name"]):
                    continue
                start = hit.start("name") + (0 if hit is behind else max(0, mention.local.start - 80))
                end = start + len(hit["name"])
                if not any(m.local.start < end and start < m.local.end for m in mentions):
                    found.setdefault(hit["name"], set()).add(str(mention.value))
    return {name: next(iter(stages)) for name, stages in found.items() if len(stages) == 1}


def named_trials(text: str, names: dict[str, str]) -> list[tuple[int, int, str]]:
    """Find where a sentence names a known trial: start, end (with the noun behind it) and stage."""
    found: list[tuple[int, int, str]] = []
    for name, stage in names.items():
        if name not in text:
            continue
        for hit in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])(?: (?:clinical )?(?:trial|study|program)\b)?", text):
            found.append((hit.start(), hit.end(), stage))
    return sorted(found)
