"""A text's sections in, the day it was published out: from its dateline, its cover, its signature, its header, its file name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.model import PartialDate, Section

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?"
    r"|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = (
    rf"(?:(?P<month>{_MONTH})\s{{1,9}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,9}}(?P<year>(?:19|20)\d\d)"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,9}}(?P<month2>{_MONTH}),?\s{{1,9}}(?P<year2>(?:19|20)\d\d)"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d)|(?P<us>\d{1,2}/\d{1,2}/(?:19|20)\d\d))"
)
_ANY_DAY = re.compile(_DAY, re.I)

# "FREMONT, Calif. - (NewMediaWire) - October 4, 2006 -", "NEW YORK, April 3, 2024 /PRNewswire/ --": a place, perhaps a wire, the day, and
# a dash, a wire or the end of the line.
_WIRE = r"(?:\([^()\n]{2,60}\)|/[^/\n]{2,40}/)"
_DATELINE = re.compile(
    rf"^(?P<place>[A-Z(/\u2013\u2014-][^\n]{{0,160}}?)[\s,;:(\u2013\u2014/-]{{1,9}}{_DAY}\s{{0,9}}(?:{_WIRE}\s{{0,9}})?(?:\)\s{{0,9}})?(?P<dash>[\u2013\u2014/:-]|$)",
    re.M | re.I,
)
_DATE_LINE_ALONE = re.compile(
    rf"^(?:(?:Date|Dated|Released?|Published):?[ \t]{{1,9}})?(?:[A-Z][a-z]{{2,8}}day,[ \t])?{_DAY}(?:,? [^\n]{{0,25}})?$", re.I | re.M
)
_MAX_DAYS_TO_FILING = 60  # an 8-K is due in four business days, its amendment with statements of account 71 days after the event
_DATELINE_WITHIN = 2000  # characters of a section in which its dateline comes, behind subtitles and bullet points
_LONE_DATELINE = 60  # a place and a day on a line of their own are no longer
_PLACE_WORDS = frozenset(["and", "de", "la", "of", "am", "del", "upon", "le", "the", "date", "dated", "on"])

_REPORTED = r"[^\n]{0,30}:?\s{0,200}(?:\([^)]{0,60}\)\s{0,9}:?)?[\s_:]{0,200}"
_DATE_OF_REPORT = re.compile(rf"\bDate\s{{1,9}}of\s{{1,9}}report\b(?!\s{{0,9}}\(date){_REPORTED}{_DAY}", re.I)
_RELEASE_ISSUED = re.compile(
    rf"\bOn\s{{1,9}}{_DAY},[^.]{{0,200}}(?:\bInc\.|\bCorp\.|\bLtd\.|\bCo\.)?[^.]{{0,120}}\b(?:issued\s[^.]{{0,40}}(?:press|news)\s{{1,9}}release|announced)\b|"
    rf"\bpress\s{{1,9}}release\s{{1,9}}(?:issued|dated)\s{{1,9}}(?:on\s{{1,9}})?{_DAY.replace('?P<', '?P<r')}",
    re.I,
)
_EARLIEST = re.compile(
    rf"\b(?:Date\s[^\n]{{0,40}})?earliest\s{{1,9}}(?:reported\s{{1,9}})?event(?:\s{{1,9}}(?:reported|occurred))?[\s):_]{{0,300}}{_DAY}",
    re.I,
)
# Some covers put the day above its label: "July 31, 2007 ⏎ Date of Report (Date of earliest event reported)".
_ABOVE_LABEL = re.compile(rf"{_DAY}[\s_-]{{0,300}}\(?\s?Date\s{{1,9}}of\s{{1,9}}(?:earliest|report)", re.I)
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")


def parse_digits(digits: str) -> PartialDate | None:
    """Read "20070731"; None where it is no day of the calendar."""
    return _date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def parse_day(text: str) -> PartialDate | None:
    """Read the first day that a text names."""
    found = _ANY_DAY.search(text)
    return _read(found) if found else None


def is_dateline(line: str) -> bool:
    """Answer whether a paragraph begins as the first of a press release does."""
    return _dateline(line) is not None or _PLACE_AND_WIRE.match(line) is not None


def is_date_line(line: str) -> bool:
    """Answer whether a line is nothing but a day, as in "1 April 2022, 11:42 a.m. ET"."""
    return _DATE_LINE_ALONE.fullmatch(line) is not None


_PLACE_AND_WIRE = re.compile(
    r"[A-Z][A-Za-z.,; ]{1,80}[\s\u2013\u2014-]{0,9}"
    r"(?:\((?:[A-Z ]{3,20}WIRE|NewMediaWire|Newsfile)[^()\n]{0,60}\)|/[A-Za-z -]{0,30}(?:wire|Wire|WIRE|News)[A-Za-z -]{0,20}/)"
)


def published(text: str, sections: Sequence[Section], file_name: str, filed: PartialDate | None) -> PartialDate | None:
    """Find the day of publication, the surest source first.

    The dateline of a release; the date of an 8-K (not that of its earliest event); the date under the signature; "On July 31, 2007,
    X issued a press release"; the earliest event; the header's filing date; a date in the file's name.
    """
    readers = (_by_dateline, _by_report, _by_signature, _by_release, _by_earliest)
    found = (reader(text, sections) for reader in readers)
    return next((date for date in found if date and _fits(date, filed)), None) or filed or _by_name(file_name)


def _fits(date: PartialDate, filed: PartialDate | None) -> bool:
    """Answer whether a day can be that of a report filed on the other: slips of the pen put last year's number into datelines."""
    return filed is None or -3 <= (filed.earliest - date.earliest).days <= _MAX_DAYS_TO_FILING


def _by_dateline(text: str, sections: Sequence[Section]) -> PartialDate | None:
    for section in sections:
        if section.kind in ("exhibit", "headline", "body"):
            head = section.span.of(text)[:_DATELINE_WITHIN]
            date = next((date for date in map(_dateline, head.split("\n")) if date), None)
            alone = None if date else _DATE_LINE_ALONE.search(head[:600])
            if date or alone:
                return date or (_read(alone) if alone else None)
    return None


def _by_report(text: str, sections: Sequence[Section]) -> PartialDate | None:
    head = _head(text, sections)
    return _first(_DATE_OF_REPORT, head)


def _by_release(text: str, sections: Sequence[Section]) -> PartialDate | None:
    for section in sections:
        if section.kind in ("item", "body"):
            found = _RELEASE_ISSUED.search(section.span.of(text)[:20_000])
            if found:
                return _read(found)
    return None


def _by_signature(text: str, sections: Sequence[Section]) -> PartialDate | None:
    for section in sections:
        if section.kind == "signature":
            found = _ANY_DAY.search(section.span.of(text)[:3000])
            if found and "act of" not in text[section.span.start + found.start() - 20 : section.span.start + found.start()].lower():
                return _read(found)
    return None


def _by_earliest(text: str, sections: Sequence[Section]) -> PartialDate | None:
    head = _head(text, sections)
    return _first(_EARLIEST, head) or _first(_ABOVE_LABEL, head)


def _by_name(file_name: str) -> PartialDate | None:
    for found in _IN_NAME.finditer(file_name):
        date = _date(int(found[1]), int(found[2]), int(found[3]))
        if date:
            return date
    return None


def _head(text: str, sections: Sequence[Section]) -> str:
    return sections[0].span.of(text)[:8000] if sections and sections[0].kind == "cover" else ""


def _dateline(line: str) -> PartialDate | None:
    found = _DATELINE.match(line.strip()[:400])
    if not found:
        return None
    words = re.findall(r"[A-Za-z]+", re.sub(_WIRE, "", found["place"]))
    if any((word[0].islower() and word not in _PLACE_WORDS) or word.lower() == "dated" for word in words):
        return None  # a sentence that names a day, not a place
    if not found["dash"] and len(line) > _LONE_DATELINE:
        return None  # "RESULTS FOR THE YEAR ENDING SEPTEMBER 30, 2004"
    return _read(found)


def _first(pattern: re.Pattern[str], text: str) -> PartialDate | None:
    found = pattern.search(text)
    return _read(found) if found else None


def _read(found: re.Match[str]) -> PartialDate | None:
    """Read the day out of a match of a pattern that holds `_DAY`."""
    return _parse(*(part for part in (_ANY_DAY.search(found[0]),) if part))


def _parse(day: re.Match[str]) -> PartialDate | None:
    if day["iso"]:
        return parse_digits(day["iso"].replace("-", ""))
    if day["us"]:
        month, number, year = day["us"].split("/")
        return _date(int(year), int(month), int(number))
    name = (day["month"] or day["month2"])[:3].lower()
    return _date(int(day["year"] or day["year2"]), _MONTHS.index(name) + 1, int(day["day"] or day["day2"]))


def _date(year: int, month: int, day: int) -> PartialDate | None:
    try:
        return PartialDate(year, month, day)
    except ValueError:
        return None
