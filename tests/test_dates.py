"""What `kg.find.dates` reads as a time, how precise it takes it to be, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.find.dates import find_dates
from kg.model import PartialDate, When

PUBLISHED = PartialDate(2007, 7, 31)

# (sentence, [(words, date, earliest, latest)], reason); a date of "" is none, a bound of None is open
Row = tuple[str, list[tuple[str, str, str | None, str | None]], str]
DAY = ("2007-07-31", "2007-07-31", "2007-07-31")
YEAR = ("2008", "2008-01-01", "2008-12-31")
ROWS: list[Row] = [
    ("on July 31, 2007 it", [("July 31, 2007", *DAY)], "the plain form"),
    ("on July 31st, 2007 it", [("July 31st, 2007", *DAY)], "ordinal"),
    ("on 31 July 2007 it", [("31 July 2007", *DAY)], "British"),
    ("this 31st day of July, 2007", [("31st day of July, 2007", *DAY)], "contract"),
    ("JULY 31, 2007", [("JULY 31, 2007", *DAY)], "capitals of a headline"),
    ("on Jul. 31, 2007 it", [("Jul. 31, 2007", *DAY)], "abbreviated"),
    ("on 2007-07-31 it", [("2007-07-31", *DAY)], "ISO 8601"),
    ("on 7/31/2007 it", [("7/31/2007", *DAY)], "American"),
    ("on 31/7/2007 it", [("31/7/2007", *DAY)], "no thirty-first month, so European"),
    ("on 07/31/07 it", [("07/31/07", *DAY)], "two digits of a year"),
    ("on 31.07.2007 it", [("31.07.2007", *DAY)], "German"),
    ("On or about July 31, 2007", [("July 31, 2007", *DAY)], "the words before are not part of it"),
    ("held June 3-5, 2025 in Rome", [("June 3-5, 2025", "2025-06-03", "2025-06-03", "2025-06-05")], "days of a meeting"),
    ("in July 2007", [("July 2007", "2007-07", "2007-07-01", "2007-07-31")], "month"),
    ("in July of 2007", [("July of 2007", "2007-07", "2007-07-01", "2007-07-31")], "month of a year"),
    ("in early July 2007", [("early July 2007", "2007-07", "2007-07-01", "2007-07-10")], "a third of a month"),
    ("in 2008", [("2008", *YEAR)], "a year after in"),
    ("the 2008 agreement", [("2008", *YEAR)], "a year before an agreement"),
    ("its 2008 amendment", [("2008", *YEAR)], "a year before an amendment"),
    ("the 2008 Alpha Beta license agreement", [("2008", *YEAR)], "names between year and noun"),
    ("dated 2008", [("2008", *YEAR)], "dated"),
    ("between 2000 and 2008", [("2000", "2000", "2000-01-01", "2000-12-31"), ("2008", *YEAR)], "two years"),
    ("in 2007, 2008 and 2009", [("2007", "2007", "2007-01-01", "2007-12-31"), ("2008", *YEAR), ("2009", "2009", "2009-01-01",
     "2009-12-31")],
     "a list of years after one preposition"),
    ("from 2007-2008", [("2007", "2007", "2007-01-01", "2007-12-31"), ("2008", *YEAR)], "a span of years"),
    ("fiscal 2008 results", [("fiscal 2008", *YEAR)], "a fiscal year keeps its words"),
    ("for fiscal year 2008", [("fiscal year 2008", *YEAR)], "the same in full"),
    ("in FY08", [("FY08", *YEAR)], "the same in short"),
    ("in the third quarter of 2008", [("the third quarter of 2008", "", "2008-07-01", "2008-09-30")], "quarter in words"),
    ("third-quarter 2008 results", [("third-quarter 2008", "", "2008-07-01", "2008-09-30")], "quarter with a hyphen"),
    ("2008 third quarter results", [("2008 third quarter", "", "2008-07-01", "2008-09-30")], "the year first"),
    ("in Q3 2008", [("Q3 2008", "", "2008-07-01", "2008-09-30")], "quarter in short"),
    ("in Q3'08", [("Q3'08", "", "2008-07-01", "2008-09-30")], "shorter"),
    ("in 3Q08", [("3Q08", "", "2008-07-01", "2008-09-30")], "shortest"),
    ("in Q1 and Q2 2008", [("Q1", "", "2008-01-01", "2008-03-31"), ("Q2 2008", "", "2008-04-01", "2008-06-30")],
     "one year for two quarters"),
    ("the third quarter of fiscal 2008", [("the third quarter of fiscal 2008", *YEAR)], "nobody knows when a fiscal quarter is"),
    ("in the first half of 2009", [("the first half of 2009", "", "2009-01-01", "2009-06-30")], "half in words"),
    ("second half of 2008", [("second half of 2008", "", "2008-07-01", "2008-12-31")], "second half"),
    ("in 1H 2009", [("1H 2009", "", "2009-01-01", "2009-06-30")], "half in short"),
    ("in H1 2009", [("H1 2009", "", "2009-01-01", "2009-06-30")], "the other way round"),
    ("in 2H2025", [("2H2025", "", "2025-07-01", "2025-12-31")], "without a space"),
    ("in summer 2010", [("summer 2010", "", "2010-06-01", "2010-08-31")], "season"),
    ("in the fall of 2026", [("the fall of 2026", "", "2026-09-01", "2026-11-30")], "American autumn"),
    ("in winter 2010", [("winter 2010", "", "2010-01-01", "2011-03-31")], "a year has two winters"),
    ("in early 2008", [("early 2008", "2008", "2008-01-01", "2008-04-30")], "first third of a year"),
    ("in mid-2008", [("mid-2008", "2008", "2008-05-01", "2008-08-31")], "second third"),
    ("in late 2008", [("late 2008", "2008", "2008-09-01", "2008-12-31")], "last third"),
    ("in mid- to late 2008", [("mid- to late 2008", "2008", "2008-05-01", "2008-12-31")], "two thirds"),
    ("at the end of 2008", [("the end of 2008", "2008", "2008-09-01", "2008-12-31")], "the end"),
    ("by the end of 2008", [("the end of 2008", *YEAR)], "by the end promises any day before it"),
    ("at year-end 2008", [("year-end 2008", "2008", "2008-09-01", "2008-12-31")], "year-end"),
    ("between March 30 and April 3, 2006", [("March 30", "2006-03-30", "2006-03-30", "2006-03-30"),
     ("April 3, 2006", "2006-04-03", "2006-04-03", "2006-04-03")], "the year stands once, at the end"),
    ("in July and August 2006", [("July", "2006-07", "2006-07-01", "2006-07-31"), ("August 2006", "2006-08", "2006-08-01", "2006-08-31")],
     "the same with months"),
]  # fmt: skip  # a row a case

RELATIVE: list[Row] = [
    ("announced today that", [("today", *DAY)], "the day of the document"),
    ("announced yesterday", [("yesterday", "2007-07-30", "2007-07-30", "2007-07-30")], "the day before"),
    ("earlier this week", [("earlier this week", "", "2007-07-30", "2007-07-31")], "from Monday to the document"),
    ("last week", [("last week", "", "2007-07-23", "2007-07-29")], "Monday to Sunday"),
    ("this month", [("this month", "2007-07", "2007-07-01", "2007-07-31")], "its month"),
    ("last month", [("last month", "2007-06", "2007-06-01", "2007-06-30")], "the month before"),
    ("last year", [("last year", "2006", "2006-01-01", "2006-12-31")], "the year before"),
    ("later this year", [("later this year", "2007", "2007-07-31", "2007-12-31")], "what is left of the year"),
    ("early next year", [("early next year", "2008", "2008-01-01", "2008-04-30")], "a third of the next"),
    ("this quarter", [("this quarter", "", "2007-07-01", "2007-09-30")], "its quarter"),
    ("before year-end", [("year-end", "2007", "2007-07-31", "2007-12-31")], "of the document's year"),
    ("second half of next year", [("second half of next year", "", "2008-07-01", "2008-12-31")], "half of a relative year"),
    ("results of the fourth quarter", [("the fourth quarter", "", "2006-10-01", "2006-12-31")], "the one that is over"),
    ("is expected in the fourth quarter", [("the fourth quarter", "", "2007-10-01", "2007-12-31")], "the one to come"),
    ("on March 3 it paid", [("March 3", "2007-03-03", "2007-03-03", "2007-03-03")], "the last third of March"),
    ("in March this year it", [("March this year", "2007-03", "2007-03-01", "2007-03-31")], "the year is said"),
    ("in March of last year it", [("March of last year", "2006-03", "2006-03-01", "2006-03-31")], "the year before is said"),
    ("on December 3 it paid", [("December 3", "2006-12-03", "2006-12-03", "2006-12-03")], "too far ahead, so a year ago"),
    ("on August 9 it pays", [("August 9", "2007-08-09", "2007-08-09", "2007-08-09")], "days ahead, so this year"),
    ("will meet on March 3", [("March 3", "2008-03-03", "2008-03-03", "2008-03-03")], "the next one"),
    ("in April it paid", [("April", "2007-04", "2007-04-01", "2007-04-30")], "a month without a year"),
    ("last October it paid", [("last October", "2006-10", "2006-10-01", "2006-10-31")], "the one before"),
    ("testing begins imminently", [("imminently", "", "2007-07-31", None)], "a start and no end"),
    ("in the coming weeks", [("in the coming weeks", "", "2007-07-31", None)], "a start and no end"),
    ("will shortly begin", [("shortly", "", "2007-07-31", None)], "a start and no end"),
    ("within the next six months", [("within the next six months", "", "2007-07-31", "2008-02-02")], "an end as late as six months can be"),
]  # fmt: skip  # a row a case

NOTHING = [
    ("open 24/7", "a habit"),
    ("trial NCT02007123", "a registry's number"),
    ("call 617-995-2500", "a telephone"),
    ("U.S. Patent No. 5,208,020", "a patent"),
    ("for $2,007 in cash", "an amount"),
    ("in 2000 patients", "a count"),
    ("of 2000 healthy volunteers", "a count with an adjective"),
    ("with DX-2007 alone", "a code name"),
    ("see page 2000", "a page"),
    ("Securities Act of 1995", "a statute's name"),
    ("in the 2000s", "a decade"),
    ("Year 2000 compliance", "a fault of old programs"),
    ("on June 31, 2007 it", "no such day, and no month or year in its stead"),
    ("you may 2 of them", "a verb"),
    ("aged 65 years", "an age"),
    ("in March Biosciences's view", "a company"),
    ("in today's market", "an adjective"),
    ("shortly after the start", "not from the document on"),
    ("half of the patients", "a share"),
    ("the second half of the trial", "no half of a year"),
    ("the H2 receptor", "a receptor"),
]


def _read(text: str, published: PartialDate | None) -> list[tuple[str, str, str | None, str | None]]:
    whens = [hit.value for hit in find_dates(text, published)]
    assert all(isinstance(when, When) for when in whens)
    return [(w.text, str(w.date or ""), _iso(w.earliest), _iso(w.latest)) for w in whens if isinstance(w, When)]


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


@pytest.mark.parametrize(("text", "expected", "reason"), ROWS, ids=[row[0] for row in ROWS])
def test_reads_without_the_document(text: str, expected: list[tuple[str, str, str | None, str | None]], reason: str) -> None:
    assert _read(text, None) == expected, reason
    assert _read(text, PUBLISHED) == expected, reason


@pytest.mark.parametrize(("text", "expected", "reason"), RELATIVE, ids=[row[0] for row in RELATIVE])
def test_reads_beside_the_document(text: str, expected: list[tuple[str, str, str | None, str | None]], reason: str) -> None:
    assert _read(text, PUBLISHED) == expected, reason
    without = [(words, "", None, None) for words, *_ in expected]
    assert _read(text, None) == without, "only the words are known"


@pytest.mark.parametrize(("text", "reason"), NOTHING, ids=[row[0] for row in NOTHING])
def test_leaves_alone(text: str, reason: str) -> None:
    assert _read(text, PUBLISHED) == [], reason


def test_today_is_as_wide_as_the_document_says() -> None:
    assert _read("announced today", PartialDate(2007, 7)) == [("today", "2007-07", "2007-07-01", "2007-07-31")]
    assert _read("announced yesterday", PartialDate(2007, 7)) == [("yesterday", "", None, None)]


def test_a_leap_day_without_a_year_finds_its_leap_year() -> None:
    assert _read("on February 29 it paid", PartialDate(2008, 6, 1)) == [("February 29", "2008-02-29", "2008-02-29", "2008-02-29")]
    assert _read("on February 29 it paid", PartialDate(2006, 6, 1)) == []


PIECES = ["2007, ", "in 2007 and ", "March ", "March 3 to ", "the first ", "early ", "fiscal ", "the ", "1/1/", "1.1.", "Q1 and ",
 "year ", "of 2000 ",
          "the coming ", "by the end of ", "will ", "in ", "9", "-", " "]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_repetition_stays_linear(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    began = time.perf_counter()
    find_dates(text, PUBLISHED)
    assert time.perf_counter() - began < 10  # takes 0.2 s; a pattern that explodes would take hours


MORE = ["July 31, 2007", "Feb 30", "Feb. 29", "2008", "Q4", "third quarter", "half", "today", "next May", "last ", "to "]
DOCUMENTS = [None, PartialDate(2007), PartialDate(2008, 2), PartialDate(2008, 2, 29), PartialDate(1999, 12, 31)]


@given(st.lists(st.sampled_from(PIECES + MORE), max_size=12).map("".join), st.sampled_from(DOCUMENTS))
def test_spans_are_in_order_and_bounds_hold(text: str, published: PartialDate | None) -> None:
    end = 0
    for hit in find_dates(text, published):
        assert end <= hit.start < hit.end <= len(text)
        when = hit.value
        assert isinstance(when, When)
        assert when.text == text[hit.start : hit.end]
        if when.earliest and when.latest:
            assert when.earliest <= when.latest
        if when.date and when.latest:
            assert when.date.earliest <= when.latest
        end = hit.end
