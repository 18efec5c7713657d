"""The steps that a sentence tells of beside its own verb, whose trial it is, and by what name."""

from __future__ import annotations

import pytest

from kg.extract import extract
from kg.find import find
from kg.read import read_text
from kg.resolve import resolve

LEAD = "Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) (the “Company”) today announced news.\n\n"
CASES = [
    (
        "ZLM-101 is in a Phase 2 trial for asthma and a Phase 1 trial for psoriasis.",
        {("ZLM-101", "Phase2", "Ongoing", "Occurred"), ("ZLM-101", "Phase1", "Ongoing", "Occurred")},
        "two trials of one verb",
    ),
    (
        "Zelmora conducts Phase 3 trials of ZLM-101 for asthma and Phase 2 trials of ZLM-202 for lupus.",
        {("ZLM-101", "Phase3", "Ongoing", "Occurred"), ("ZLM-202", "Phase2", "Ongoing", "Occurred")},
        "each trial has its own drug",
    ),
    (
        "Zelmora reported data from its ongoing Phase 2 trial of ZLM-101.",
        {("ZLM-101", "Phase2", "DataReported", "Occurred"), ("ZLM-101", "Phase2", "Ongoing", "Occurred")},
        "data of a trial that goes on",
    ),
    (
        "Results from the ongoing Phase 2 trial of ZLM-101 are expected in June 2027.",
        {("ZLM-101", "Phase2", "DataReported", "Expected"), ("ZLM-101", "Phase2", "Ongoing", "Occurred")},
        "data to come of a trial that goes on",
    ),
    ("ZLM-101 will soon be evaluated in a Phase 2 trial.", {("ZLM-101", "Phase2", "Started", "Expected")}, "a trial to come"),
    ("Zelmora is advancing a Phase 2 trial of ZLM-101.", {("ZLM-101", "Phase2", "Ongoing", "Occurred")}, "to advance a trial begins none"),
    (
        "With successful completion of the Phase 3 study of ZLM-101, approvals will be sought.",
        {("ZLM-101", "Phase3", "Completed", "Expected")},
        "a completion to come",
    ),
    ("ZLM-101 was generally well tolerated in the Phase 3 program.", set(), "what was seen in a trial is no step"),
    ("Backed by preclinical data on safety, ZLM-101 goes on.", set(), "background"),
    ("The committee has completed its first review of the Phase 3 study of ZLM-101.", set(), "a review is completed, and no trial"),
    (
        "Zelmora began a Phase 2 trial of ZLM-101 in combination with pembrolizumab.",
        {("ZLM-101", "Phase2", "Started", "Occurred")},
        "a partner takes no step",
    ),
    (
        "Zelmora plans to enter ZLM-101 with pembrolizumab into a Phase 2 study.",
        {("ZLM-101", "Phase2", "Started", "Expected")},
        "a partner straight behind",
    ),
    (
        "Zelmora began a Phase 2 trial of pembrolizumab in combination with ZLM-101.",
        {("ZLM-101", "Phase2", "Started", "Occurred")},
        "a code is nobody's partner",
    ),
    (
        "Zelmora completed a Phase 3 trial (BREEZE-2) of ZLM-101. Data from BREEZE-2 are expected in June 2027.",
        {("ZLM-101", "Phase3", "Completed", "Occurred"), ("ZLM-101", "Phase3", "DataReported", "Expected")},
        "a trial by its name",
    ),
    (
        "Zelmora received FDA clearance to begin a Phase 1 trial of ZLM-101.",
        {("ZLM-101", "IND", "Granted", "Occurred"), ("ZLM-101", "Phase1", "Started", "Expected")},
        "a clearance to begin",
    ),
]


@pytest.mark.parametrize(("text", "steps", "reason"), CASES, ids=[c[2] for c in CASES])
def test_what_steps_are_told(text: str, steps: set[tuple[str, str, str, str]], reason: str) -> None:
    document = read_text(LEAD + text, "x.txt")
    finding = find(document)
    resolution = resolve(document, finding, extract(document, finding))
    labels = {entity.key: entity.label for entity in resolution.entities}
    told = set()
    for statement in resolution.statements:
        said = {name: labels.get(getattr(v, "key", ""), getattr(v, "name", "")) for name, v in statement.properties}
        if "ofCompound" in said:
            told.add((said["ofCompound"], said["stage"], said["event"], said["factuality"]))
    assert told == steps, reason


def test_the_day_a_sentence_begins_with() -> None:
    document = read_text(LEAD + "On March 2, 2021, Zelmora decided to discontinue the development of ZLM-101.", "x.txt")
    facts = [f for f in extract(document, find(document)).facts if f.relation == "development"]
    assert [getattr(m, "text", "") for f in facts for m in f.roles["date"]] == ["March 2, 2021"]
