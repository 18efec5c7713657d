"""The readings of one event in, its factuality out: occurred, committed, expected, potential, ended, denied.

A sentence says at once that a trial begins and that this is only expected: the reading that takes in more of the modality wins.
"""

from __future__ import annotations

import re

# "did not receive", "has not started", "no milestone was paid"; "not yet" as well: it has not happened
_DENIED = re.compile(
    r"\b(?:did not|does not|has not|have not|had not|was not|were not|is not|never|no longer|no|not yet|neither|nor)\b(?: \w+){0,2} ?$",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(r"\b(?:if|whether|unless|assuming|in the event that)\b[^,.;]{0,60}$", re.IGNORECASE)

# "looking forward to beginning a Phase 1 study", "in support of initiating", "once the Phase I study is completed": none of it has happened
_AHEAD = re.compile(
    r"\b(?:forward to|in support of|path(?:way)? (?:to|towards?)|towards?|prior to|ahead of|prepar\w+ (?:for|to)|ready (?:for|to)"
    r"|plans? (?:for|to)|enabl\w+|aim\w* (?:to|at)|goal of|to (?:fund|help|guide|accelerate|expedite|support)|pending|once|until"
    r"|in anticipation of|focus\w* on|intend\w* to|hop\w+ to|on track (?:to|for)|seek\w* to|look\w* to"
    r"|in order to|with the aim of)\b[^,.;]{0,48}$",
    re.IGNORECASE,
)
_COMES_TRUE = frozenset({"Started", "Completed", "Granted", "Accepted"})  # events that words on what is ahead put off

_ORDER = ("Denied", "Ended", "Potential", "Expected", "Committed", "Occurred")


def decide(said: list[str], before: str, klass: str, event: str = "") -> str | None:
    """Choose among the factualities that rules read for one event.

    before: the words of the clause in front of the event's verb or noun. None where no rule said anything.
    """
    if not said:
        return None
    choice = min(said, key=_ORDER.index)
    if choice in {"Occurred", "Committed"} and _HYPOTHETICAL.search(before):
        return "Potential" if klass == "Payment" else "Expected"
    if choice == "Occurred" and event in _COMES_TRUE and _AHEAD.search(before):
        return "Expected"
    if choice == "Occurred" and _DENIED.search(before):
        return "Denied"
    return choice
