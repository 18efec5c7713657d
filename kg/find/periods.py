"""Words of a calendar in, their bounds out: quarters, thirds of a year, weeks and months beside a document's date."""

from __future__ import annotations

import datetime as dt

from kg.model import PartialDate

_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12, "eighteen": 18}


def possible_date(year: int, month: int | None = None, day: int | None = None) -> PartialDate | None:
    """Make a date, or None for one that no calendar has."""
    try:
        return PartialDate(year, month, day)
    except ValueError:
        return None


def full_year(digits: str) -> int:
    """Read "07" as 2007 and "98" as 1998: filings begin in the eighties."""
    number = int(digits)
    return number if number > 99 else number + (1900 if number >= 80 else 2000)


def thirds_of(earliest: dt.date, latest: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    """Part a year by whole months, or a month by tens of days, into what "early", "mid" and "late" mean of it."""
    if (latest - earliest).days > 31:
        starts = [earliest.replace(month=1 + 4 * k) for k in range(3)]
    else:
        starts = [earliest.replace(day=1 + 10 * k) for k in range(3)]
    ends = [start - dt.timedelta(days=1) for start in starts[1:]] + [latest]
    return tuple(zip(starts, ends, strict=True))


def span_of(year: int, unit: str, number: int) -> tuple[dt.date, dt.date] | None:
    """Bound a quarter or half of a year; None where there is no such one ("third half")."""
    length = 3 if unit.upper().startswith("Q") else 6
    if number * length > 12:
        return None
    return PartialDate(year, (number - 1) * length + 1).earliest, PartialDate(year, number * length).latest


def period_beside(unit: str, step: int, published: PartialDate) -> tuple[PartialDate | None, dt.date | None, dt.date | None]:
    """Find the week, month, quarter or year `step` units from the document's: its date, where one is as wide, and its bounds.

    Weeks run from Monday to Sunday. Nothing is known of a week or month beside a document whose own is not known.
    """
    if unit == "year":
        year = PartialDate(published.year + step)
        return year, year.earliest, year.latest
    if published.month is None or (unit == "week" and published.day is None):
        return None, None, None
    if unit == "week":
        monday = published.earliest - dt.timedelta(days=published.earliest.weekday()) + dt.timedelta(weeks=step)
        return None, monday, monday + dt.timedelta(days=6)
    months = published.year * 12 + published.month - 1
    if unit == "month":
        month = PartialDate((months + step) // 12, (months + step) % 12 + 1)
        return month, month.earliest, month.latest
    quarter = months // 3 + step
    first, last = quarter * 3, quarter * 3 + 2
    return None, PartialDate(first // 12, first % 12 + 1).earliest, PartialDate(last // 12, last % 12 + 1).latest


def after_published(published: PartialDate, count: str | None, unit: str | None) -> dt.date | None:
    """Count "within the next six months" from the document's last possible day; None where the words set no end."""
    if count is None or unit is None:
        return None
    number = _COUNTS.get(count.lower()) or int(count)
    days = {"days": 1, "weeks": 7, "months": 31, "years": 366}[unit.lower()]  # the longest a month or year can be
    return published.latest + dt.timedelta(days=number * days)
