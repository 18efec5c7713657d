"""The steps that one sentence tells of in, those and the ones that it tells without a verb of their own out.

"is in a Phase 2 trial for asthma and a Phase 1 trial for eczema": the second trial shares the verb of the first. "Data from the ongoing
Phase 2 trial" tells of data, and of a trial that goes on.
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from kg.model import Concept, Fact, Sentence

# What joins a trial to the one before it: "and a", "as well as in two ongoing", "and has a" has a verb of its own
_JOINED = re.compile(
    r"(?:,|;)? ?(?:and|as well as|plus|or)(?: (?:also|both))?(?: (?:in|of|from|for))?(?: (?:an?|the|its|one|two|three|another|separate|second"
    r"|ongoing|pivotal|registrational|confirmatory|randomi[sz]ed|placebo-controlled|double-blind|open-label|multi-?center|global|planned"
    r"|positive|successful|clinical|small|larger?),?){0,7} ?$",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|may|plans?|expects?|to (?:start|begin|initiate))\b", re.IGNORECASE)
_ONGOING = re.compile(r"\b(?:ongoing|continuing|currently enrolling|still running) (?:[\w/-]+,? ){0,4}$", re.IGNORECASE)
_DATA_FROM = re.compile(
    r"\b(?:data|results|findings|readout|update|evidence|activity|responses?)\b[^.;:]{0,70}\b(?:from|of|in|observed in)"
    r" (?:(?:its|the|an?|our|their|two|three|\w+['’]s) )?(?:[\w/-]+,? ){0,3}(?:ongoing|continuing) (?:[\w/-]+,? ){0,4}$",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|expects?|expected|anticipates?|anticipated|plans?|planned|upcoming|awaits?|awaiting|look(?:s|ing)? forward"
    r"|to (?:present|report|share|announce|provide|support|further|generate|continue))\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\b(?:based on|builds? on|building on|backed by|supported by|informed by|pending|subject to)\b[^.;:]{0,90}$", re.IGNORECASE
)
_TRIALS = frozenset({"Phase1", "Phase1_2", "Phase2", "Phase2_3", "Phase3", "Clinical"})


def complete_steps(sentence: Sentence, facts: list[Fact]) -> list[Fact]:
    """Add the events that a sentence's trials share or tell beside their own."""
    out: list[Fact] = []
    last: Fact | None = None
    for fact in facts:
        if fact.anchor is None or fact.anchor.type != "stage":
            out.append(fact)
            continue
        before = sentence.text[: fact.anchor.local.start]
        if "event" not in fact.roles and last is not None and last.anchor is not None and "event" in last.roles:
            between = before[last.anchor.local.end :]
            if _JOINED.search(between) and not _VERB.search(between):
                roles = {**{k: v for k, v in last.roles.items() if k in {"event", "compound", "sponsor"}}, **fact.roles}
                fact = replace(
                    fact, roles=MappingProxyType(roles), factuality=last.factuality, derivation="Resolved", evidence=last.evidence
                )
        out.append(fact)
        if "event" in fact.roles:
            last = fact
            out += _beside(fact, before)
    return out


def _beside(fact: Fact, before: str) -> list[Fact]:
    """Tell what else is said of a trial: that data came from one that goes on, or that the one that data came from goes on."""
    assert fact.anchor is not None
    event = next((c.name for c in fact.roles["event"] if isinstance(c, Concept)), "")
    if fact.anchor.value not in _TRIALS or fact.factuality not in {"Occurred", "Expected"}:
        return []
    if event == "DataReported" and _ONGOING.search(before):
        return [_with(fact, "Ongoing", "Occurred", dated=False)]
    said = _DATA_FROM.search(before) if event == "Ongoing" else None
    if said is not None and not _BACKGROUND.search(before[: said.end()]):
        return [_with(fact, "DataReported", "Expected" if _TO_COME.search(before) else "Occurred", dated=True)]
    return []


def _with(fact: Fact, event: str, factuality: str, dated: bool) -> Fact:
    roles = {k: v for k, v in fact.roles.items() if dated or k != "date"}
    return replace(fact, roles=MappingProxyType({**roles, "event": (Concept(event),)}), factuality=factuality, derivation="Resolved")
