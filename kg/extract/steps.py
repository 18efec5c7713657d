"""The steps that one sentence tells of in, those and the ones that it tells without a verb of their own out.

"is in a Phase 2 trial for asthma and a Phase 1 trial for eczema": the second trial shares the verb of the first. "Data from the ongoing
Phase 2 trial" tells of data, and of a trial that goes on.
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from kg.model import Concept, Fact, Mention, Sentence

# What joins a trial to the one before it: "and a", "as well as in two ongoing", "and has a" has a verb of its own
_JOINED = re.compile(
    r"(?:,|;)? ?(?:and|as well as|plus|or)(?: (?:also|both))?(?: (?:in|of|from|for))?(?: (?:an?|the|its|one|two|three|another|separate"
    r"|second|ongoing|pivotal|registrational|confirmatory|randomi[sz]ed|placebo-controlled|double-blind|open-label|multi-?center|global|planned"
    r"|positive|successful|clinical|small|larger?),?){0,7} ?$",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|may|plans?|expects?|to (?:start|begin|initiate))\b", re.IGNORECASE)
_ONGOING = re.compile(r"\b(?:ongoing|continuing|currently enrolling|still running) (?:[\w/-]+,? ){0,4}$", re.IGNORECASE)
_DATA_FROM = re.compile(
    r"\b(?:data|results|findings|readout|update|evidence|activity|responses?)\b[^.;:]{0,70}\b(?:from|of|in|observed in)"
    r" (?:(?:its|the|an?|our|their|two|three|[\w ]{1,24}['’]s) )?(?:[\w/-]+,? ){0,3}(?:ongoing|continuing) (?:[\w/-]+,? ){0,4}$",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|expects?|expected|anticipates?|anticipated|plans?|planned|upcoming|awaits?|awaiting|look(?:s|ing)? forward"
    r"|to (?:present|report|share|announce|provide|support|further|generate|continue))\b",
    re.IGNORECASE,
)
_STILL_DUE = re.compile(r"^[^.;:]{0,60}\b(?:is|are|remains?|now) (?:still )?(?:expected|anticipated|planned|due|on track)\b", re.IGNORECASE)
_BACKGROUND = re.compile(
    r"\b(?:builds? on|building on|backed by|supported by|informed by|pending|subject to)\b[^.;:]{0,90}$", re.IGNORECASE
)
_DATA_OF = re.compile(
    r"\b(?:data|results|findings|read-?outs?) (?:from|of|in|for) (?:(?:its|the|an?|our|their) )?(?:[\w/-]+ ){0,3}$", re.IGNORECASE
)
# To receive a clearance is to be granted one; an application that is cleared is accepted
_RECEIVED = re.compile(
    r"\b(?:receiv\w+|receipt|grant\w*|obtain\w*|secur\w+|gain\w*|w[io]ns?)\b[^.;:]{0,60}\b(?:clearance|approval|authori[sz]ation)\b"
    r"[^.;:]{0,50}$",
    re.IGNORECASE,
)
_FIRST = 4  # characters: "On March 2, 2021, the Company decided …"
_HAPPENS = frozenset({"Started", "Completed", "DataReported", "Accepted", "Granted", "Discontinued", "OnHold"})
_TRIALS = frozenset({"Phase1", "Phase1_2", "Phase2", "Phase2_3", "Phase3", "Clinical"})


def complete_steps(sentence: Sentence, mentions: tuple[Mention, ...], facts: list[Fact]) -> list[Fact]:
    """Add the events that a sentence's trials share or tell beside their own."""
    out: list[Fact] = []
    last: Fact | None = None
    first = next((m for m in mentions if m.type == "date" and m.local.start <= _FIRST), None)
    for fact in facts:
        if first is not None and _has_no_date(fact):
            fact = replace(fact, roles=MappingProxyType({**fact.roles, "date": (first,)}))
        anchor = fact.anchor
        if anchor is None or anchor.type != "stage":
            out.append(fact)
            continue
        before = sentence.text[: anchor.local.start]
        if "event" not in fact.roles and last is not None and last.anchor is not None and "event" in last.roles:
            between = before[last.anchor.local.end :]
            if _JOINED.search(between) and not _VERB.search(between):
                roles = {**{k: v for k, v in last.roles.items() if k in {"event", "compound", "sponsor"}}, **fact.roles}
                fact = replace(
                    fact, roles=MappingProxyType(roles), factuality=last.factuality, derivation="Resolved", evidence=last.evidence
                )
        if anchor.value == "IND" and fact.roles.get("event") == (Concept("Accepted"),) and _RECEIVED.search(before):
            fact = _with(fact, "Granted", fact.factuality, dated=True)
        is_to_start = fact.roles.get("event") == (Concept("Started"),) and fact.factuality == "Expected"
        if is_to_start and str(anchor.value) in _TRIALS and _DATA_OF.search(before):
            fact = _with(fact, "DataReported", "Expected", dated=True)  # "results from the ASCEND trial are expected in June"
        if last is not None and "compound" in fact.roles:
            fact = _own_drugs(fact, last)
        if last is not None and "indication" in fact.roles:
            fact = _own_diseases(fact, last, mentions)
        out.append(fact)
        if "event" in fact.roles:
            last = fact
            out += _beside(fact, before, sentence.text[anchor.local.end :])
    return out


def _has_no_date(fact: Fact) -> bool:
    """Answer whether a fact tells that something happened, and no day of it."""
    if "date" in fact.roles or fact.factuality not in {"Occurred", "Ended"}:
        return False
    return any(isinstance(e, Concept) and e.name in _HAPPENS for e in fact.roles.get("event", ()))


def _own_drugs(fact: Fact, last: Fact) -> Fact:
    """Leave a trial the drug that follows it, where another follows the trial before: "Phase 3 trials of A and Phase 2 trials of B"."""
    assert fact.anchor is not None and last.anchor is not None
    named = [m for m in fact.roles["compound"] if isinstance(m, Mention)]
    behind = tuple(m for m in named if m.local.start >= fact.anchor.local.end)
    between = [m for m in named if last.anchor.local.end <= m.local.start < fact.anchor.local.start]
    if not behind or not between or not all(m in last.roles.get("compound", ()) for m in between):
        return fact
    return replace(fact, roles=MappingProxyType({**fact.roles, "compound": behind}))


def _own_diseases(fact: Fact, last: Fact, mentions: tuple[Mention, ...]) -> Fact:
    """Leave a trial the diseases that follow it, where those before it are the ones of the trial before."""
    assert fact.anchor is not None
    named = [m for m in fact.roles["indication"] if isinstance(m, Mention)]
    if not all(m in last.roles.get("indication", ()) and m.local.end <= fact.anchor.local.start for m in named):
        return fact
    stages = [m.local.start for m in mentions if m.type == "stage" and m.local.start > fact.anchor.local.start]
    own = [m for m in mentions if m.type == "indication" and fact.anchor.local.end <= m.local.start < min(stages, default=10**6)]
    return replace(fact, roles=MappingProxyType({**fact.roles, "indication": tuple(own)})) if own else fact


def _beside(fact: Fact, before: str, after: str) -> list[Fact]:
    """Tell what else is said of a trial: that data came from one that goes on, or that the one that data came from goes on."""
    assert fact.anchor is not None
    event = next((c.name for c in fact.roles["event"] if isinstance(c, Concept)), "")
    if str(fact.anchor.value) not in _TRIALS or fact.factuality not in {"Occurred", "Expected"}:
        return []
    if event == "DataReported" and _ONGOING.search(before):
        return [_with(fact, "Ongoing", "Occurred", dated=False)]
    said = _DATA_FROM.search(before) if event == "Ongoing" else None
    if said is not None and not _BACKGROUND.search(before[: said.end()]):
        return [_with(fact, "DataReported", "Expected" if _TO_COME.search(before) or _STILL_DUE.search(after) else "Occurred", dated=True)]
    return []


def _with(fact: Fact, event: str, factuality: str | None, dated: bool) -> Fact:
    roles = {k: v for k, v in fact.roles.items() if dated or k != "date"}
    return replace(fact, roles=MappingProxyType({**roles, "event": (Concept(event),)}), factuality=factuality, derivation="Resolved")
