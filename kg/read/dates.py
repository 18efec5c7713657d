"""A text's sections in, the day it was published out: from its dateline, its cover, its signature, its header, its file name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY_CHARS = 40  # characters of a day before its year; "September 30th," has 15, beside white space
_DAY_REST = 6  # characters of a day behind its year: "2004-09-30"

# "FREMONT, Calif. - (NewMediaWire) - October 4, 2006 -", "NEW YORK, April 3, 2024 /PRNewswire/ --": a place, perhaps a wire, the day, and
# a dash, a wire or the end of the line.
_WIRE = r"(?:\([^()\n]{2,60}\)|/[^/\n]{2,40}/)"
_CLOCK = r"(?:[@,]?\s{0,3}\d{1,2}:\d\d\s{0,2}[AP]M\s[A-Za-z/]{2,15}\s{0,9})?"
_DATELINE_TAIL = re.compile(
    rf"\s{{0,9}}(?:{_WIRE}\s{{0,9}})?(?:\)\s{{0,9}})?{_CLOCK}(?P<dash>[\u2013\u2014/:-]|\.{{3}}|\.(?=\s[A-Z])|$)", re.M
)
_PLACE = re.compile(r"[A-Za-z(/\u2013\u2014-][^\n]{0,169}(?:[\s,;:(\u2013\u2014/-]|\.{3})")
# "March 4, 2009 - BOSTON, MA - ": the day first.
_DAY_AND_PLACE = re.compile(
    rf"{_DAY}[\s,;(/\u2013\u2014-]{{1,9}}(?:[A-Z][A-Z.]{{2,30}}(?:,? [A-Z][A-Za-z.]{{1,20}}){{0,4}}"
    r"|[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20}){0,2}, [A-Z]{2})\s{0,3}"
    rf"(?:{_WIRE}\s{{0,3}}|[\u2013\u2014]|-{{1,3}}(?=[\s(/]))"
)
_DATELINE_REST = re.compile(
    rf"(?:\s{{0,3}}(?:{_WIRE}|[\u2013\u2014/:-]{{1,4}}|\.{{3}})){{0,4}}"
    r"(?:\s{0,3}\d{1,2}:\d\d [AP]M [A-Z]{2,3}\s{0,3}[\u2013\u2014-]{0,3})?\s{0,3}"
)
_DATELINE_CHARS = 300  # of a paragraph in which its dateline ends, with a place, a wire and a day
_PLACE_CHARS = 170  # before the day
_DATE_LINE_ALONE = re.compile(
    rf"^(?:(?:Date|Dated|Released?|Published):?[ \t]{{1,9}})?(?:[A-Z][a-z]{{2,8}}day,[ \t])?{_DAY}(?:,? [^\n]{{0,25}})?$", re.I | re.M
)
_MAX_DAYS_TO_FILING = 60  # an 8-K is due in four business days, its amendment with statements of account 71 days after the event
_DATELINE_WITHIN = 2000  # characters of a section in which its dateline comes, behind subtitles and bullet points
_ANY_WIRE = re.compile(_WIRE)
_LOWER = re.compile(r"(?<![A-Za-z0-9])[a-z]+(?![A-Za-z.])")
_LONE_DATELINE = 60  # a place and a day on a line of their own are no longer
_PLACE_WORDS = frozenset(["and", "de", "la", "of", "am", "del", "upon", "le", "the", "date", "dated", "on"])

_REPORTED = r"[^\n]{0,30}:?\s{0,200}(?:\([^)]{0,60}\)\s{0,9}:?)?[\s_:]{0,200}"
# Written out in the cases that are used, a pattern's first word is found five times as fast as with letters of any case.
_DATE = r"\b(?:[Dd]ate|DATE)"
_DATE_OF_REPORT = re.compile(rf"{_DATE}(?i:\s{{1,9}}of\s{{1,9}}report\b(?!\s{{0,9}}\(date){_REPORTED}{_DAY})")
_RELEASE_ISSUED = re.compile(
    rf"\bOn\s{{1,9}}{_DAY},[^.]{{0,200}}(?:\bInc\.|\bCorp\.|\bLtd\.|\bCo\.)?[^.]{{0,120}}\b(?:issued\s[^.]{{0,40}}(?:press|news)\s{{1,9}}release|announced)\b|"
    rf"\bpress\s{{1,9}}release\s{{1,9}}(?:issued|dated)\s{{1,9}}(?:on\s{{1,9}})?{_DAY.replace('?P<', '?P<r')}",
    re.I,
)
_EARLIEST = re.compile(
    rf"\b(?:[Ee]arliest|EARLIEST)(?i:\s{{1,9}}(?:reported\s{{1,9}})?event(?:\s{{1,9}}(?:reported|occurred))?[\s):_]{{0,300}}{_DAY})"
)
# Some covers put the day above its label: "July 31, 2007 ⏎ Date of Report (Date of earliest event reported)".
_LABEL_BELOW = re.compile(r"[\s_-]{0,300}\(?\s?Date\s{1,9}of\s{1,9}(?:earliest|report)", re.I)
_NO_PLACES = frozenset(
    ["In", "As", "This", "We", "Our", "For", "At", "A", "An", "Under", "Pursuant", "If", "It", "Each", "Such", "Effective"]
)
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")


def parse_digits(digits: str) -> PartialDate | None:
    """Read "20070731"; None where it is no day of the calendar."""
    return _date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def is_dateline(line: str) -> bool:
    """Answer whether a paragraph begins as the first of a press release does."""
    return dateline_end(line) > 0


def dateline_end(line: str) -> int:
    """Measure the place, wire and day that a paragraph begins with, with the dash behind them; 0 where it has none.

    >>> dateline_end("BOSTON, March 4, 2009 -- Harbor Pharma today")
    25
    """
    if not _may_be_dateline(line):
        return 0
    dated = _match_dateline(line)
    found = None if dated else _DAY_AND_PLACE.match(line) or _PLACE_AND_WIRE.match(line)
    end = dated[1] if dated else found.end() if found else 0
    if not end:
        return 0
    rest = _DATELINE_REST.match(line, end)
    return rest.end() if rest else end


def _may_be_dateline(line: str) -> bool:
    """Answer whether a line can be a dateline at all: it has a year or a wire, behind a capital, a bracket or a dash."""
    head = line[:_DATELINE_CHARS]
    first = head[:1]
    if not (first.isupper() or first.isdigit() or first in "(/-\u2013\u2014") or head.split(" ", 1)[0] in _NO_PLACES:
        return False
    return (
        " 20" in head
        or " 19" in head
        or "/20" in head
        or "/19" in head
        or "WIRE" in head
        or "ire" in head
        or "News" in head
        or "-20" in head
    )


def is_date_line(line: str) -> bool:
    """Answer whether a line is nothing but a day, as in "1 April 2022, 11:42 a.m. ET"."""
    return _DATE_LINE_ALONE.fullmatch(line) is not None


_PLACE_AND_WIRE = re.compile(
    r"[A-Z][A-Za-z.,; 0-9&]{1,80}[\s\u2013\u2014-]{0,9}"
    r"(?:\((?:[A-Z ]{3,20}WIRE|NewMediaWire|Newsfile)[^()\n]{0,60}\)|/[A-Za-z -]{0,30}(?:wire|Wire|WIRE|News)[A-Za-z -]{0,20}/)"
)


def published(text: str, sections: Sequence[Section], file_name: str, filed: PartialDate | None) -> PartialDate | None:
    """Find the day of publication, the surest source first.

    The dateline of a release; the date of an 8-K (not that of its earliest event); the date under the signature; "On July 31, 2007,
    X issued a press release"; the earliest event; the header's filing date; a date in the file's name.
    """
    event = _by_earliest(text, sections)
    for reader in (_by_dateline, _by_report, _by_signature, _by_release, None):
        date = reader(text, sections) if reader else event
        if date is None or not _fits(date, filed):
            continue
        if reader is _by_signature and event and date.latest < event.earliest:
            continue  # last year's number under a signature: no report is signed before what it reports
        return date
    return filed or _by_name(file_name)


def _fits(date: PartialDate, filed: PartialDate | None) -> bool:
    """Answer whether a day can be that of a report filed on the other: slips of the pen put last year's number into datelines."""
    return filed is None or -3 <= (filed.earliest - date.earliest).days <= _MAX_DAYS_TO_FILING


def _by_dateline(text: str, sections: Sequence[Section]) -> PartialDate | None:
    for section in sections:
        if section.kind in ("exhibit", "headline", "dateline", "body"):
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
    if not any(section.kind in ("cover", "item") for section in sections):
        return None  # an article tells of others' releases
    for section in sections:
        if section.kind in ("item", "body"):
            found = _RELEASE_ISSUED.search(section.span.of(text)[:20_000])
            if found:
                return _read(found)
    return None


def _by_signature(text: str, sections: Sequence[Section]) -> PartialDate | None:
    for section in sections:
        if section.kind == "signature":
            found = next(_days(section.span.of(text)[:3000]), None)
            if found and "act of" not in text[section.span.start + found.start() - 20 : section.span.start + found.start()].lower():
                return _parse(found)
    return None


def _by_earliest(text: str, sections: Sequence[Section]) -> PartialDate | None:
    head = _head(text, sections)
    event = _first(_EARLIEST, head)
    above = None if event else next((day for day in _days(head) if _LABEL_BELOW.match(head, day.end())), None)
    return _parse(above) if above else event


def _by_name(file_name: str) -> PartialDate | None:
    for found in _IN_NAME.finditer(file_name):
        date = _date(int(found[1]), int(found[2]), int(found[3]))
        if date:
            return date
    return None


def _head(text: str, sections: Sequence[Section]) -> str:
    return sections[0].span.of(text)[:8000] if sections and sections[0].kind == "cover" else ""


def _dateline(line: str) -> PartialDate | None:
    line = line.strip()[:_DATELINE_CHARS]
    if not _may_be_dateline(line):
        return None
    dated = _match_dateline(line)
    if dated:
        return _parse(dated[0])
    found = _DAY_AND_PLACE.match(line)
    return _read(found) if found else None


def _match_dateline(line: str) -> tuple[re.Match[str], int] | None:
    """Match the day of a dateline, and measure the place, the wire and the day together."""
    head = line[:_DATELINE_CHARS]
    year = _YEAR.search(head)
    if year is None or any(word not in _PLACE_WORDS for word in _LOWER.findall(_ANY_WIRE.sub("", head[: year.start()]))):
        return None  # a sentence, whatever day it names
    for day in _days(head):
        if day.start() > _PLACE_CHARS:
            return None
        tail = _DATELINE_TAIL.match(head, day.end())
        if tail is None:
            continue
        place = head[: day.start()]
        if not _PLACE.fullmatch(place):
            return None
        words = re.findall(r"[A-Za-z]+", _ANY_WIRE.sub("", place))
        if any((word[0].islower() and word not in _PLACE_WORDS) or word.lower() == "dated" or word == "On" for word in words):
            return None  # a sentence that names a day, not a place
        if not tail["dash"] and len(line) > _LONE_DATELINE:
            return None  # "RESULTS FOR THE YEAR ENDING SEPTEMBER 30, 2004"
        if tail["dash"] == "." and ("," not in place or tail.end() > _LONE_DATELINE):
            return None  # "Edmonton, Alberta, November 7, 2024. Acme" is one, a sentence that ends in a day is none
        return day, tail.end()
    return None


def _days(text: str) -> Iterator[re.Match[str]]:
    """List the days that a text names, by their years: those are found fast."""
    behind = 0
    for year in _YEAR.finditer(text):
        day = _ANY_DAY.search(text, max(behind, year.start() - _DAY_CHARS), year.end() + _DAY_REST)
        if day:
            behind = day.end()
            yield day


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
