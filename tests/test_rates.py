"""What `kg.find.rates` reads as a rate, and what it leaves alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.find.rates import find_rates

WORDS = [
    ("low double-digit royalties", "low double-digit", "level and digits"),
    ("mid-single-digit royalties", "mid-single-digit", "hyphens throughout"),
    ("double-digit royalties", "double-digit", "digits alone"),
    ("tiered double-digit royalties", "tiered double-digit", "tiered is part of the rate"),
    ("high single digits to the mid-teens", "high single digits to the mid-teens", "a range of two worded ends"),
    ("low- to mid-teens", "low- to mid-teens", "the first end lacks its noun"),
    ("low to mid single-digit royalties", "low to mid single-digit", "a range of levels"),
    ("mid-to-high single digit royalties", "mid-to-high single digit", "a range of levels in hyphens"),
    ("single to double digit royalties", "single to double digit", "a range of digits"),
    (
        "royalties ranging from the mid-single digits to low double digits on sales",
        "mid-single digits to low double digits",
        "only the rate's words",
    ),
    ("between the high single digits and the mid-teens", "high single digits and the mid-teens", "and joins after between"),
    ("high-teens to low-twenties royalties", "high-teens to low-twenties", "teens and twenties"),
    ("low twenties percentage royalties", "low twenties percentage", "percentage as a noun"),
    ("high single-digit to low double-digit percentage royalties", "high single-digit to low double-digit percentage", "a long range"),
    ("tiered royalties up to mid-teens on net sales", "mid-teens", "up to is not part of it"),
]

PERCENT = [
    ("10% to 15% of it", ["10% to 15%"], "a range"),
    ("10-15% of it", ["10-15%"], "a range that shares its sign"),
    ("10 to 15 percent", ["10 to 15 percent"], "a range in words"),
    ("a 5% of net sales royalty", ["5% of net sales"], "with what it is a share of"),
    ("between 10% and 15% of annual net sales", ["10% and 15% of annual net sales"], "and joins after between"),
    ("5%, 6% and 7%", ["5%", "6%", "7%"], "and joins nothing else"),
    ("ten percent (10%) of net sales", ["ten percent (10%) of net sales"], "contracts say it twice"),
    ("[***]% of net sales", ["[***]% of net sales"], "redacted"),
    ("royalties from 4.5% up to 12.75%", ["4.5% up to 12.75%"], "a range by up to"),
    ("a 40% response rate", ["40%"], "found too; only the context tells what it is a rate of"),
]

NOTHING = [
    ("double-digit growth", "growth"),
    ("a single-digit nM affinity", "an affinity"),
    ("a low double-digit million payment", "an amount"),
    ("double-digit gains in its stock", "a stock price"),
    ("teens and adults", "people"),
    ("the low dose", "no digits"),
    ("two-digit years of service", "a count of years"),
    ("$10-15 million", "money"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), WORDS, ids=[row[0] for row in WORDS])
def test_reads_words(text: str, expected: str, reason: str) -> None:
    assert [(hit.value, text[hit.start : hit.end], hit.by) for hit in find_rates(text)] == [(expected, expected, "rate/words")], reason


@pytest.mark.parametrize(("text", "expected", "reason"), PERCENT, ids=[row[0] for row in PERCENT])
def test_reads_percentages(text: str, expected: list[str], reason: str) -> None:
    assert [(hit.value, hit.by) for hit in find_rates(text)] == [(words, "rate/percent") for words in expected], reason


@pytest.mark.parametrize(("text", "reason"), NOTHING, ids=[row[0] for row in NOTHING])
def test_leaves_alone(text: str, reason: str) -> None:
    assert find_rates(text) == [], reason


PIECES = [
    "low to ",
    "mid-to-",
    "low- to ",
    "double-digit to ",
    "5% to ",
    "10-",
    "tiered ",
    "[",
    "*",
    "9",
    ".",
    "of the annual ",
    "between ",
    "teens and ",
    " ",
]


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_repetition_stays_linear(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    began = time.perf_counter()
    find_rates(text)
    assert time.perf_counter() - began < 10  # takes 0.1 s; a pattern that explodes would take hours


MORE = ["single digits", "mid-teens", "12%", " and ", " percent", "of net sales"]


@given(st.lists(st.sampled_from(PIECES + MORE), max_size=12).map("".join))
def test_spans_are_in_order_and_slice_the_text(text: str) -> None:
    end = 0
    for hit in find_rates(text):
        assert end <= hit.start < hit.end <= len(text)
        assert hit.value == text[hit.start : hit.end]
        end = hit.end
