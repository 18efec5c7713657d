"""What `kg.find.stages` reads as a stage of development, and what it leaves alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.find.stages import find_stages

# (sentence, [(words, concept)], reason)
ROWS: list[tuple[str, list[tuple[str, str]], str]] = [
    ("is in Phase II now", [("Phase II", "Phase2")], "Roman"),
    ("is in Phase 2 now", [("Phase 2", "Phase2")], "Arabic"),
    ("is in phase 2a now", [("phase 2a", "Phase2")], "a letter does not matter"),
    ("is in Phase IIb now", [("Phase IIb", "Phase2")], "a letter behind a Roman number"),
    ("is in Phase Ib now", [("Phase Ib", "Phase1")], "Roman one with a letter"),
    ("is in Phase III now", [("Phase III", "Phase3")], "three is not two and one"),
    ("is in Phase-3 now", [("Phase-3", "Phase3")], "hyphen"),
    ("is in Phase One now", [("Phase One", "Phase1")], "spelled"),
    ("is in Ph 1/2 now", [("Ph 1/2", "Phase1_2")], "abbreviated"),
    ("a Phase I/II result", [("Phase I/II", "Phase1_2")], "one and two joined"),
    ("a Phase 1b/2a result", [("Phase 1b/2a", "Phase1_2")], "joined, with letters"),
    ("a Phase 2b/3 result", [("Phase 2b/3", "Phase2_3")], "two and three joined"),
    ("a Phase I-II result", [("Phase I-II", "Phase1_2")], "joined by a hyphen"),
    ("a Phase 1/1b result", [("Phase 1/1b", "Phase1")], "parts of one phase"),
    ("Phases I and II are over", [("Phases I", "Phase1"), ("II", "Phase2")], "plural makes two"),
    ("Phases 1, 2 and 3 are over", [("Phases 1", "Phase1"), ("2", "Phase2"), ("3", "Phase3")], "plural makes three"),
    ("Phase 1 and 2 trials", [("Phase 1", "Phase1"), ("2 trials", "Phase2")], "a noun in common makes two"),
    ("Phase 1 and Phase 2 trials", [("Phase 1", "Phase1"), ("Phase 2 trials", "Phase2")], "the word said twice"),
    ("in Phase 2, 3 patients", [("Phase 2", "Phase2")], "a count after a comma is no phase"),
    ("Phase II clinical testing of it", [("Phase II clinical testing", "Phase2")], "takes the noun with it"),
    ("a Phase 2 clinical trial", [("Phase 2 clinical trial", "Phase2")], "one mention, not two"),
    ("Phase 2, randomized, double-blind study", [("Phase 2, randomized, double-blind study", "Phase2")], "adjectives of design between"),
    ("a Phase 2 HARMONY-3 clinical trial", [("Phase 2", "Phase2")], "a trial's name between leaves the name free"),
    ("a pivotal Phase 3 trial", [("Phase 3 trial", "Phase3")], "pivotal beside a phase is no stage"),
    ("first-in-human, Phase 1 study", [("Phase 1 study", "Phase1")], "first-in-human beside a phase is no stage"),
    ("pivotal trials (Phase III)", [("Phase III", "Phase3")], "the phase in brackets"),
    ("a Phase 1 dose escalation", [("Phase 1", "Phase1")], "a design by dose is a trial"),
    ("a first-in-human trial", [("first-in-human trial", "Clinical")], "phase unstated"),
    ("the pivotal trial", [("pivotal trial", "Clinical")], "phase unstated"),
    ("the pivotal ECHO-2 trial", [("pivotal", "Clinical")], "a name between"),
    ("a registrational study", [("registrational study", "Clinical")], "for registration"),
    ("in clinical trials now", [("clinical trials", "Clinical")], "trials"),
    ("in clinical testing now", [("clinical testing", "Clinical")], "testing"),
    ("has entered the clinic", [("the clinic", "Clinical")], "the clinic"),
    (
        "a Phase 2 study in men and a clinical trial",
        [("Phase 2 study", "Phase2"), ("clinical trial", "Clinical")],
        "another noun phrase is another trial",
    ),
    ("preclinical data", [("preclinical", "Preclinical")], "one word"),
    ("pre-clinical studies", [("pre-clinical studies", "Preclinical")], "hyphen, with its noun"),
    ("IND-enabling studies", [("IND-enabling studies", "Preclinical")], "before the application"),
    ("filed an IND", [("IND", "IND")], "acronym"),
    (
        "an Investigational New Drug application (IND)",
        [("Investigational New Drug application (IND)", "IND")],
        "not a New Drug Application",
    ),
    ("a Clinical Trial Application", [("Clinical Trial Application", "IND")], "the European form, not a clinical trial"),
    ("filed a CTA", [("CTA", "IND")], "its acronym"),
    ("filed a BLA", [("BLA", "Submission")], "acronym"),
    ("filed an sNDA", [("sNDA", "Submission")], "supplemental"),
    ("filed an ANDA", [("ANDA", "Submission")], "abbreviated"),
    ("an MAA to the EMA", [("MAA", "Submission")], "European"),
    ("a New Drug Application (“NDA”)", [("New Drug Application (“NDA”)", "Submission")], "with its acronym"),
    ("a Biologics License Application", [("Biologics License Application", "Submission")], "in words"),
    ("a Marketing Authorization Application", [("Marketing Authorization Application", "Submission")], "not an authorization"),
    ("won FDA approval", [("FDA approval", "Approval")], "agency"),
    ("won U.S. marketing approval", [("U.S. marketing approval", "Approval")], "two words before"),
    ("awaits regulatory approval", [("regulatory approval", "Approval")], "regulatory"),
    ("was approved by the FDA", [("approved by the FDA", "Approval")], "verb"),
    ("marketing authorization was granted", [("marketing authorization", "Approval")], "granted, not applied for"),
    ("is marketed by Roche", [("marketed", "Marketed")], "on the market"),
]

NOTHING = [
    ("the next phase of growth", "a phase without a number"),
    ("Phase 1-3 trials", "spans three phases and names none"),
    ("a Phase 4 clinical trial", "a trial of a marketed drug; neither it nor its noun is a stage"),
    ("Phase 1 capacity expansion", "a building"),
    ("a Phase I environmental report", "a plot of land"),
    ("the recommended Phase 2 dose", "a dose"),
    ("an End-of-Phase 2 meeting", "a meeting"),
    ("Phase 21 of it", "no such phase"),
    ("reach us by phone at 1-800", "phone is not Ph. one"),
    ("a pivotal role", "an adjective"),
    ("a registration statement", "of securities"),
    ("a pre-IND meeting", "before an IND"),
    ("see clinicaltrials.gov", "a site"),
    ("a clinical-stage company", "what a company is"),
    ("coronary CTA images", "angiography"),
    ("shareholder approval", "of a company's owners"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), ROWS, ids=[row[0] for row in ROWS])
def test_reads(text: str, expected: list[tuple[str, str]], reason: str) -> None:
    assert [(text[hit.start : hit.end], hit.value) for hit in find_stages(text)] == expected, reason


@pytest.mark.parametrize(("text", "reason"), NOTHING, ids=[row[0] for row in NOTHING])
def test_leaves_alone(text: str, reason: str) -> None:
    assert find_stages(text) == [], reason


PIECES = ["Phase I/", "Phase 1, ", "Phase 2 x ", "Phase 2 of clinical trial ", "clinical ", "clinical trial ", "pivotal, randomized, ",
 "new drug ",
          "FDA ", "accelerated ", "Phases ", "Phase 1 and ", "I", "/", " ", "pre-", "investigational new drug (IND) "]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_repetition_stays_linear(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    began = time.perf_counter()
    find_stages(text)
    assert time.perf_counter() - began < 10  # takes 0.1 s; a pattern that explodes would take hours


@given(st.lists(st.sampled_from([*PIECES, "II", "2b", "/3", " trials", "IND", " and ", "approval", ","]), max_size=12).map("".join))
def test_spans_are_in_order(text: str) -> None:
    end = 0
    for hit in find_stages(text):
        assert end <= hit.start < hit.end <= len(text)
        assert hit.type == "stage"
        end = hit.end
