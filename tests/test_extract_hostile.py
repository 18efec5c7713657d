"""Long texts of one thing over and over in, facts or none out, in a time that grows as the text does: no pattern explodes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from test_rules import RULES, marked, rule_cases

from kg.build import trace
from kg.extract import extract
from kg.find import find
from kg.read import read_text
from kg.read.sentences import MAX_SENTENCE

SHORT = MAX_SENTENCE // 5
LONG = MAX_SENTENCE - 100  # no sentence that a rule sees is longer
GROWS = 14.0  # at most so many times as long for five times the length: linear is 5, and small times are noisy
ENOUGH = 0.6  # seconds for one sentence of the longest, on a slow machine

# Each is repeated to a sentence without a stop: what a rule may hang on, in every order
WORDS = {
    "names": "Takeda and ImmunoGen and ",
    "money": "$5 million and up to $10 million in ",
    "milestones": "milestone payments of $5 million in milestones and royalties on sales of ",
    "dates": "on July 31, 2007 and in the third quarter of 2008 and ",
    "phases": "a Phase I/II trial and a Phase 2 clinical trial of ",
    "drugs": "the drug SGN-35 and trastuzumab emtansine and ",
    "diseases": "relapsed or refractory metastatic breast cancer and non-small cell lung cancer and ",
    "targets": "anti-HER2 and CD30-targeting and ",
    "agreements": "an exclusive worldwide license and collaboration agreement with Takeda under the ",
    "possessives": "its and their and our and Takeda's ",
    "parentheses": "Takeda (Nasdaq: TKDA) (“Takeda”) (the “Company”) ",
    "open parentheses": "Takeda (",
    "commas": "Takeda, a company, and, ",
    "adverbs": "today also recently now already has been ",
    "adjectives": "additional further potential future regulatory and commercial and development and ",
    "numbers": "5 10 2007 3.5 1,000 ",
    "capitals": "Alder Birch Cedar Dogwood Elm Therapeutics ",
    "lower case": "the quick brown fox jumps over the lazy dog and ",
    "spaces": "a    b\t",
    "hyphens": "first-in-class-and-best-in-class-",
    "quotes": "“we” said “the Company” and ",
    "slashes": "Takeda/ImmunoGen/Pfizer/",
}
ATTEMPTS = 3  # a rule's fault shows each time, the machine's does not


def seconds(text: str) -> float:
    """Take the time of finding and extracting, the better of two."""
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        document = read_text(text, "long.txt")
        extract(document, find(document), RULES)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_a_sentence_without_an_end(words: str) -> None:
    for _ in range(ATTEMPTS):
        short, long = (seconds(words * (length // len(words)) + "ended") for length in (SHORT, LONG))
        if long < max(GROWS * short, ENOUGH):
            break
    assert long < max(GROWS * short, ENOUGH), f"{short:.3f} s for {SHORT} characters, {long:.3f} s for {LONG}"


@pytest.mark.slow
def test_every_rule_reads_its_own_example_over_and_over() -> None:
    slow = []
    for relation, rule, example in rule_cases():
        words = marked(example)[0].rstrip(". ") + " and "
        took = seconds(words * (LONG // 3 // len(words)) + "ended")
        if took > ENOUGH:
            slow.append(f"{relation.name}: {rule.name}: {took:.2f} s")
    assert slow == []


def test_the_time_grows_with_the_document(tmp_path: Path) -> None:
    passage = (
        "Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) today announced that it has earned a $5 million milestone payment from Takeda. It was"
        " triggered by the start of a Phase II trial of ZLM-101, an antibody-drug conjugate that targets HER2, in breast cancer.\n\n"
    )
    for _ in range(ATTEMPTS):
        times = []
        for copies in (20, 80):
            path = tmp_path / f"{copies}.txt"
            path.write_text(passage * copies, encoding="utf-8")
            trace(path)
            start = time.process_time()
            trace(path)
            times.append(time.process_time() - start)
        if times[1] < 4 * 2.5 * times[0]:
            break
    assert times[1] < 4 * 2.5 * times[0], f"{times[0]:.2f} s for 20 copies, {times[1]:.2f} s for 80"
