"""A tidied sentence and its document's date in, the times it names out: a date as precise as the words, and its bounds."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator

from kg.find.found import Found
from kg.find.periods import after_published, full_year, period_beside, possible_date, span_of, thirds_of
from kg.model import PartialDate, When

# Every repetition below has an upper limit, so that no sentence costs more than its length times a constant.
_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
_SHORT = {**{name[:3]: number for name, number in _MONTHS.items()}, "Sept": 9}
_MONTH_NUMBER = {name.lower(): number for name, number in (_MONTHS | _SHORT).items()}
# A month is written with a capital: "may" and "march" are verbs.
_MONTH = "(?:" + "|".join(f"{name}|{name.upper()}" for name in [*_MONTHS, *sorted(_SHORT, key=lambda n: (-len(n), n))] if name) + r")\b\.?"
_YEAR = r"(?:19[89]\d|20[0-4]\d)(?![\d%]|,\d|\.\d)"  # what a filing of EDGAR's time speaks of; not 2000.5, 2000,000 or 2000%
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)"
_EDGE = r"(?<![\w$€£/-])"
_ORDINAL = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": 4, "last": 4, "latter": 4}
_ORDINALS = "(?i:" + "|".join(_ORDINAL) + ")"
_EARLY = r"(?:early(?:\sin)?|(?:the\s)?(?:beginning|start|early\spart|outset)\sof)"
_MID = r"(?:mid|(?:the\s)?middle\sof)"
_LATE = r"(?:late(?:\sin)?|(?:the\s)?(?:end|close|latter\spart|later\spart)\sof|(?:year|month)[-\s]end)"
_PART = rf"(?i:(?P<part>{_EARLY}|{_MID}|{_LATE})(?:(?:-?\s(?:to|or)[-\s]|-to-|\s?/\s?)(?P<part2>mid|late))?[-\s])"
_FISCAL = r"(?:fiscal(?:\syear)?|calendar(?:\syear)?|(?:the\s)?year|FY)"

_LONG = re.compile(rf"{_EDGE}(?P<month>{_MONTH})\s?(?P<day>{_DAY})(?:\s?[-\u2013]\s?(?P<last>{_DAY}))?,?\s(?P<year>{_YEAR})")
_BRITISH = re.compile(rf"{_EDGE}(?P<day>{_DAY})(?:\sday)?(?:\sof)?[\s-](?P<month>{_MONTH}),?[\s-](?P<year>{_YEAR})")
_ISO = re.compile(rf"(?<![\w./-])(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\w-])")
_SLASHED = re.compile(r"(?<![\w./-])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>(?:19|20)?\d\d)(?![\w/-])")
_DOTTED = re.compile(rf"(?<![\w./-])(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>{_YEAR})(?![\w-])")
_MONTH_YEAR = re.compile(rf"{_EDGE}(?:{_PART})?(?P<month>{_MONTH})(?:,|\sof)?\s(?P<year>{_YEAR})")
_DAY_ONLY = re.compile(
    rf"{_EDGE}(?:(?P<month>{_MONTH})\s(?P<day>{_DAY})"
    rf"|(?:(?<=\b[Oo]n\s)|(?<=\bby\s)|(?<=\bfrom\s)|(?<=\bto\s)|(?<=\band\s)|(?<=\buntil\s)|(?<=\bof\s)"
    rf"|(?<=\bthe\s))(?P<day2>{_DAY})\s(?P<month2>{_MONTH}))"
    r"(?!\s?[%/]|,?\s?\d|\.\d|\s(?:million|billion|mg|patients))"
)
_TIMING = (
    r"(?:(?<=\b[Ii]n\s)|(?<=\b[Ss]ince\s)|(?<=\b[Dd]uring\s)|(?<=\b[Bb]y\s)|(?<=\b[Uu]ntil\s)"
    r"|(?=(?i:early|mid|late|last|this|next)[-\s]))"
)
_MONTH_ONLY = re.compile(
    rf"{_TIMING}{_EDGE}(?:{_PART}|(?P<which>(?i:last|this|next))\s)?(?P<month>{_MONTH})"
    r"(?:,?\s(?:of\s)?(?:later\s|earlier\s)?(?P<year>(?i:this|last|next))\s(?:calendar\s)?year)?(?!\s?\d|\s[A-Z]|['\u2019])"
)
_ELIDED_MONTH = re.compile(rf"{_EDGE}(?P<month>{_MONTH})(?=\s?(?:to|and|or|through|[-\u2013])\s?{_MONTH}(?:\sof)?\s{_YEAR})")
# "March 30 to April 3, 2025", "July and August 2007", "the first and second quarters of 2008": the year stands once, at the end.
_YEAR_AHEAD = re.compile(
    rf"\s?(?:to|and|or|through|until|[-\u2013\u2014,&])\s?(?:{_MONTH}\s{_DAY}|{_DAY}\s{_MONTH}|{_MONTH}|{_DAY}),?\s(?P<year>{_YEAR})"
)

_OF_YEAR = rf"(?:(?:,|\sof|\sin)?\s(?:the\s)?(?:(?P<fiscal>{_FISCAL})\s?)?(?P<year>{_YEAR})|['\u2019\s-]?(?P<short>(?<=['\u2019])\d\d))"
_WORDED = (
    rf"(?:(?P<fiscal1>(?i:fiscal|calendar))\s)?(?P<ordinal>{_ORDINALS})[-\s]"
    r"(?:(?P<fiscal0>(?i:fiscal|calendar))\s)?(?i:(?P<unit>quarter|half)s?)"
)
_QUARTER_YEAR = re.compile(rf"{_EDGE}(?:(?i:the)\s)?(?:(?i:early|late)(?:\sin)?\s(?:the\s)?)?{_WORDED}{_OF_YEAR}")
_YEAR_QUARTER = re.compile(rf"{_EDGE}(?P<year>{_YEAR})\s(?:(?P<ordinal>{_ORDINALS})[-\s](?P<unit>quarter|half)|(?P<code>[QH][1-4]))\b")
_CODE_YEAR = re.compile(
    rf"{_EDGE}(?P<part>(?i:early|late|mid)\s)?(?P<code>[QH][1-4]|[1-4]Q|[12]H)(?:\sof|\sin|,)?[\s/-]?(?P<fiscal>FY\s?"
    rf"|[Ff]iscal\s)?['\u2019]?"
    rf"(?P<year>{_YEAR}|\d\d(?![\w%.]))"
)
_ELIDED_CODE = re.compile(rf"{_EDGE}(?P<code>[QH][1-4])(?=\s?(?:and|or|to|/|&|-|\u2013|,)\s?(?P<next>[QH][1-4]\s)(?P<year>{_YEAR}))")
_ELIDED_QUARTER = re.compile(
    rf"{_EDGE}(?:the\s)?(?P<ordinal>{_ORDINALS})(?:\s(?P<unit0>quarter|half))?(?=\s(?:and|or"
    rf"|to)\s(?:the\s)?{_ORDINALS}\s(?P<unit>quarter|half)s?(?:\sof|\sin)?\s(?P<year>{_YEAR}))"
)
_RELATIVE_QUARTER = re.compile(
    rf"{_EDGE}(?:(?i:the)\s)?(?:(?!(?i:last|final)|(?i:latter)\squarter)(?P<ordinal>{_ORDINALS})[-\s](?i:(?P<unit>quarter|half))"
    rf"|(?P<code>Q[1-4]|H[12])\b(?!\s(?:receptor|anta|block)))"
    r"(?:\s(?:of\s)?(?P<which>(?i:this|next|last|the\scurrent|the\sprior))\syear|\sof\sthe\syear)?(?!-|s\b|\sof\b|\s(?:in\s)?(?:fiscal"
    r"|calendar|\d)|\send(?:ed|ing))"
)
_SEASON = re.compile(rf"{_EDGE}(?:(?i:the)\s)?(?P<season>(?i:spring|summer|autumn|fall|winter))(?:,|\sof)?\s(?P<year>{_YEAR})")
_PART_YEAR = re.compile(rf"{_EDGE}{_PART}(?:(?P<fiscal>(?i:{_FISCAL}))\s?)?(?P<year>{_YEAR})(?!-\d|s\b)")
_FISCAL_YEAR = re.compile(rf"{_EDGE}(?i:fiscal(?:\syear)?|FY)[\s'\u2019]?(?P<year>{_YEAR}|(?<=Y|['\u2019])\d\d(?!\d))")
_YEAR_END = re.compile(
    rf"{_EDGE}(?i:(?:the\s)?year[-\s]end|(?:the\s)?end\sof\s(?:the|this)\s(?:calendar\s)?year)\b(?!\s(?:{_YEAR}"
    rf"|financial|results|ended))"
)
# A bare number is a year only after a word that times something, or before a noun that is dated ("the 2000 agreement").
_BARE_YEAR = re.compile(
    r"(?:(?<=\b[Ii]n\s)|(?<=\b[Bb]y\s)|(?<=\b[Ss]ince\s)|(?<=\b[Dd]uring\s)|(?<=\b[Oo]f\s)|(?<=\b[Dd]ated\s)|(?<=\b[Uu]ntil\s)"
    r"|(?<=\b[Tt]hrough\s)|(?<=\b[Ff]rom\s)"
    r"|(?<=\b[Bb]efore\s)|(?<=\b[Aa]fter\s)|(?<=\b[Ff]or\s)|(?<=\b[Yy]ear\s)|(?<=\b[Cc]alendar\s)|(?<=\b[Bb]etween\s)"
    r"|(?<=\b[Ee]xpected\s)|(?<=\b[Aa]nticipated\s)"
    r"|(?<=\b[Pp]lanned\s)|(?<=\bas\searly\sas\s)|(?<=\b[Tt]hroughout\s)|(?<=\b[Ii]nto\s)|(?<=\bback\sto\s)"
    r"|(?:(?<=\b[Tt]he\s)|(?<=\b[Ii]ts\s)|(?<=\b[Oo]ur\s)|(?<=\b[Tt]heir\s)|(?<=\bthis\s)|(?<=\b[Aa]\s)|(?<=['\u2019]s\s))"
    rf"(?={_YEAR}\s(?:[\w-]{{1,20}}\s){{0,3}}(?i:agreements?|amendments?|licen[sc]es?|collaborations?|deals?|contracts?|transactions?"
    rf"|acquisition|merger|partnership|alliance|plan|meeting"
    r"|conference|congress|annual|symposium|approval|trial|study|letter|offering|financing|option|settlement|restatement|arrangement"
    r"|purchase)\b))"
    rf"(?P<year>{_YEAR})(?![\w/]|-(?!{_YEAR})\w|['\u2019]s?\w)"
)
_YEAR_CHAIN = re.compile(rf"\s?(?:,|,?\s?(?:and|or|to|through|until|&)|[-\u2013\u2014])\s?(?:in\s|by\s)?(?P<year>{_YEAR})(?![\w/]|-\w)")
_COUNTED = re.compile(
    r"[\s-](?:[\w-]{1,14}\s){0,2}?(?:patients?|subjects?|participants?|people|persons?|volunteers|individuals|employees|shares|units"
    r"|women|men|children|adults|healthy|samples"
    r"|sites|cases|mg|ml|kg|IU|hours|days|times|cells|compounds|molecules|antibodies|variants|doses|infants|members|physicians"
    r"|hospitals|stores|square|acres|miles"
    r"|million|billion|thousand|dollars|euros|mice|rats|genes|proteins|candidates|pages|problem|issue|compliance|compliant|readiness)\b"
)
_STATUTE = re.compile(r"\b(?:Act|Law|Code),?\sof\s$|\bY2K\s$|\b(?:Room|Suite|page|No\.|Form|Rule|Section|Box)\sof\s$")

_RELATIVE = re.compile(
    r"(?<![\w-])(?:(?P<today>today)(?!['\u2019]s)|(?P<yesterday>yesterday)|(?P<tomorrow>tomorrow)"
    r"|(?:(?P<part>earlier|later|early|late|mid)[-\s](?:in\s)?)?(?P<which>this|last|next|the\scurrent|the\sprevious"
    r"|the\scoming)\s(?P<period>week|month|quarter|year)"
    r"(?!['\u2019-]|\sended|\sending)"
    r"|(?P<soon>imminent(?:ly)?|shortly(?!\s(?:after|before|there|following|prior))|in\sthe\snear\s(?:term|future)"
    r"|in\sthe\sforeseeable\sfuture"
    r"|(?:in|over|within|during)\sthe\s(?:coming|next\sfew|next\sseveral)\s(?:days|weeks|months|quarters|years)"
    r"|(?:in|over|within)\sthe\snext\s(?P<count>\d{1,2}|two|three|four|five|six|twelve|eighteen)\s(?:to\s\w{1,6}\s)?(?P<of>days|weeks"
    r"|months|years)))\b",
    re.IGNORECASE,
)
# A day without a year lies behind the release, unless the words before (or "we expect" right after) speak of what is to come.
_FUTURE = re.compile(
    r"(?:\b(?:[Ww]ill|would|shall|may|could|should|[Ee]xpect\w{0,4}|[Aa]nticipat\w{1,4}|[Pp]lan(?:s|ned|ning)?|[Ii]ntend\w{0,3}"
    r"|[Tt]arget(?:s|ed|ing)|[Oo]n\strack|[Uu]pcoming"
    r"|[Ss]cheduled|[Ss]lated|[Pp]roject(?:s|ed)|[Aa]ims?|potentially|[Tt]o\s(?i:begin|start|initiate|present|report|host|participate"
    r"|release|announce|be|hold|attend))\b"
    r"(?:(?!\.\s|;).){0,120}|\b(?:[Bb]y|until|no\slater\sthan|as\searly\sas)\s)$"
)
_FUTURE_AFTER = re.compile(r",?\s(?:we|it|the\sCompany|[A-Z]\w{1,20})\s(?:expects?|plans?|anticipates?|intends?|will|is\sexpected)\b")
_YEARS_ON = {"last": -1, "this": 0, "next": 1}
_LOOK_BACK = 130  # characters in which a word about the future still speaks of the date
_DAYS_AHEAD = 31  # a release speaks of a meeting some weeks off without saying "will"


def find_dates(text: str, published: PartialDate | None = None) -> list[Found]:
    """Find days, months, years, quarters, halves, seasons and relative times, in order and without overlaps.

    The value is a When. Quarters, halves and seasons have bounds and no date, since no date is as wide as they are. What is
    relative ("today", "the fourth quarter", "March 3") is resolved against `published`, and has the words only without it.
    An impossible day (June 31) is left out. `by` is "date/" and the kind of wording.
    """
    finders = _FINDERS if _HAS_DIGIT.search(text) else _WORDED_FINDERS
    found = [hit for finder in finders for hit in finder(text, published)]
    found.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Found] = []
    for hit in found:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return [hit for hit in kept if hit.value is not None]


def _hit(text: str, start: int, end: int, kind: str, date: PartialDate | None, bounds: tuple[dt.date | None, dt.date | None]) -> Found:
    return Found("date", start, end, When(text[start:end], date, *bounds), f"date/{kind}")


def _dated(text: str, start: int, end: int, kind: str, date: PartialDate) -> Found:
    return _hit(text, start, end, kind, date, (date.earliest, date.latest))


def _month(name: str) -> int:
    return _MONTH_NUMBER[name.rstrip(".").lower()]


def _number(day: str) -> int:
    return int(re.sub(r"\D", "", day))


def _days(text: str, _: PartialDate | None) -> Iterator[Found]:
    """Read days that name their year; an impossible one blocks the readings inside it with a value of None."""
    for pattern in (_LONG, _BRITISH, _ISO, _DOTTED, _SLASHED):
        for match in pattern.finditer(text):
            if pattern is _SLASHED:
                month, day = int(match["first"]), int(match["second"])
                month, day = (day, month) if month > 12 else (month, day)  # 31/7/2007 can only be European
            elif match["month"].isdigit():
                month, day = int(match["month"]), _number(match["day"])
            else:
                month, day = _month(match["month"]), _number(match["day"])
            date = possible_date(full_year(match["year"]), month, day)
            if date is None:
                yield Found("date", *match.span(), None, "date/day")
                continue
            last = possible_date(date.year, month, _number(match["last"])) if pattern is _LONG and match["last"] else None
            yield _hit(text, *match.span(), "day", date, (date.earliest, (last or date).latest))  # "June 3-5, 2025" ends on the fifth


def _months(text: str, _: PartialDate | None) -> Iterator[Found]:
    for match in _MONTH_YEAR.finditer(text):
        date = PartialDate(int(match["year"]), _month(match["month"]))
        yield _hit(text, *match.span(), "month", date, _part(text, match, date.earliest, date.latest))


def _yearless(text: str, published: PartialDate | None) -> Iterator[Found]:
    """Read "on March 3" and "in April", whose year stands further on or follows from the date of the document."""
    for match in _DAY_ONLY.finditer(text):
        name, written = match["month"] or match["month2"], match["day"] or match["day2"]
        yield from _resolved(text, match, published, _month(name), _number(written), "day")
    for pattern in (_MONTH_ONLY, _ELIDED_MONTH):
        for match in pattern.finditer(text):
            yield from _resolved(text, match, published, _month(match["month"]), None, "month")


def _resolved(text: str, match: re.Match[str], published: PartialDate | None, month: int, day: int | None, kind: str) -> Iterator[Found]:
    ahead = _YEAR_AHEAD.match(text, match.end())
    which = (match.groupdict().get("which") or "").lower()
    of_year = (match.groupdict().get("year") or "").lower()
    if of_year and published is not None:  # "in March this year"
        candidates = [possible_date(published.year + _YEARS_ON[of_year], month, day)]
    elif ahead is not None:
        candidates = [possible_date(int(ahead["year"]), month, day)]
    elif published is None:
        yield _hit(text, *match.span(), kind, None, (None, None))
        return
    else:
        candidates = [possible_date(published.year + shift, month, day) for shift in (-1, 0, 1)]
        if which == "next":
            candidates = [next(date for date in candidates if date and date.earliest > published.earliest)]
        elif which == "last":
            candidates = [next(date for date in reversed(candidates) if date and date.latest < published.latest)]
    date = _nearest([date for date in candidates if date is not None], text, match.span(), published)
    if date is not None:
        bounds = _part(text, match, date.earliest, date.latest) if "part" in match.groupdict() else (date.earliest, date.latest)
        yield _hit(text, *match.span(), kind, date, bounds)


def _nearest(candidates: list[PartialDate], text: str, span: tuple[int, int], published: PartialDate | None) -> PartialDate | None:
    """Choose the year that the words mean: the next one where they speak of the future, else the last one not far ahead."""
    if published is None or len(candidates) < 2:
        return candidates[0] if candidates else None
    if _is_future(text, *span):
        return next((date for date in candidates if date.latest >= published.earliest), None)
    limit = published.latest + dt.timedelta(days=_DAYS_AHEAD)
    return next((date for date in reversed(candidates) if date.earliest <= limit), None)


def _is_future(text: str, start: int, end: int) -> bool:
    return bool(_FUTURE.search(text[max(0, start - _LOOK_BACK) : start]) or _FUTURE_AFTER.match(text, end))


def _part(text: str, match: re.Match[str], earliest: dt.date, latest: dt.date) -> tuple[dt.date, dt.date]:
    """Narrow a month's or a year's bounds to the third that "early", "mid" or "late" names.

    "By the end of 2009" promises any day of it, so it keeps the whole.
    """
    part = (match["part"] or "").lower()
    if not part or re.search(r"\b(?:by|before|until|through|to|into)\s$", text[max(0, match.start() - 9) : match.start()], re.IGNORECASE):
        return earliest, latest
    first = 0 if re.match(_EARLY, part) else 1 if re.match(_MID, part) else 2
    second = (match["part2"] or "").lower() if "part2" in match.groupdict() else ""
    last = {"mid": 1, "late": 2}.get(second, first)
    thirds = thirds_of(earliest, latest)
    return thirds[first][0], thirds[max(first, last)][1]


def _quarters(text: str, _: PartialDate | None) -> Iterator[Found]:
    for pattern in (_QUARTER_YEAR, _YEAR_QUARTER, _CODE_YEAR, _ELIDED_CODE, _ELIDED_QUARTER):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            unit, number = _unit(groups)
            year = full_year(groups["year"] or groups["short"])
            fiscal = f"{groups.get('fiscal') or ''}{groups.get('fiscal0') or ''}{groups.get('fiscal1') or ''}".lower()
            if fiscal.startswith(("fiscal", "fy")):
                yield _dated(text, *match.span(), "fiscal", PartialDate(year))  # the company's year may begin in any month
            elif bounds := span_of(year, unit, number):
                yield _hit(text, *match.span(), "quarter" if unit == "Q" else "half", None, bounds)


def _unit(groups: dict[str, str | None]) -> tuple[str, int]:
    """Name the unit, Q or H, and its number, of "3Q", "H1" or "third quarter"."""
    code = groups.get("code")
    if code:
        return ("Q" if "Q" in code else "H"), int(code.strip("QH"))
    ordinal = _ORDINAL[(groups["ordinal"] or "").lower()]
    if (groups["unit"] or "").lower() == "half":
        return "H", 2 if ordinal == 4 else ordinal
    return "Q", ordinal


def _relative_quarters(text: str, published: PartialDate | None) -> Iterator[Found]:
    """Read "the fourth quarter" and "second half of next year" by the document's date."""
    for match in _RELATIVE_QUARTER.finditer(text):
        unit, number = _unit(match.groupdict())
        which = (match["which"] or "").lower()
        if published is None:
            yield _hit(text, *match.span(), "relative", None, (None, None))
            continue
        shift = 1 if which == "next" else -1 if which in {"last", "the prior"} else 0
        is_named = match.group().lower().endswith("year")
        years = [published.year + shift] if is_named else [published.year + shift for shift in (-1, 0, 1)]
        spans = [bounds for year in years if (bounds := span_of(year, unit, number))]
        if len(spans) == 3:
            if _is_future(text, *match.span()):
                spans = [bounds for bounds in spans if bounds[1] >= published.earliest]
            else:
                spans = [bounds for bounds in reversed(spans) if bounds[0] <= published.latest + dt.timedelta(days=_DAYS_AHEAD)]
        if spans:
            yield _hit(text, *match.span(), "relative", None, spans[0])


def _seasons(text: str, _: PartialDate | None) -> Iterator[Found]:
    """Bound a season by whole northern months; a winter may be the one that begins or the one that ends in its year."""
    for match in _SEASON.finditer(text):
        year, season = int(match["year"]), match["season"].lower()
        first = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 1}[season]
        last = PartialDate(year + 1, 3) if season == "winter" else PartialDate(year, first + 2)
        yield _hit(text, *match.span(), "season", None, (PartialDate(year, first).earliest, last.latest))


def _years(text: str, published: PartialDate | None) -> Iterator[Found]:
    for match in _PART_YEAR.finditer(text):
        date = PartialDate(int(match["year"]))
        fiscal = (match["fiscal"] or "").lower().startswith(("fiscal", "fy"))
        bounds = (date.earliest, date.latest) if fiscal else _part(text, match, date.earliest, date.latest)
        yield _hit(text, *match.span(), "fiscal" if fiscal else "year", date, bounds)
        yield from _chained(text, match.end())
    for match in _FISCAL_YEAR.finditer(text):
        yield _dated(text, *match.span(), "fiscal", PartialDate(full_year(match["year"])))
    for match in _BARE_YEAR.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if not _COUNTED.match(text, match.end()) and not _STATUTE.search(before):
            yield _dated(text, *match.span(), "year", PartialDate(int(match["year"])))
            yield from _chained(text, match.end())
    for match in _YEAR_END.finditer(text):
        if published is None:
            yield _hit(text, *match.span(), "relative", None, (None, None))
        else:
            year = PartialDate(published.year)
            yield _hit(text, *match.span(), "relative", year, (published.earliest, year.latest))


def _chained(text: str, end: int) -> Iterator[Found]:
    """Read the further years of "in 2007, 2008 and 2009"; at most eight, the longest list a table's heading has."""
    for _ in range(8):
        match = _YEAR_CHAIN.match(text, end)
        if match is None or _COUNTED.match(text, match.end()):
            return
        yield _dated(text, *match.span("year"), "year", PartialDate(int(match["year"])))
        end = match.end()


def _relatives(text: str, published: PartialDate | None) -> Iterator[Found]:
    for match in _RELATIVE.finditer(text):
        date, bounds = (None, (None, None)) if published is None else _relative(match, published)
        yield _hit(text, *match.span(), "relative", date, bounds)


def _relative(match: re.Match[str], published: PartialDate) -> tuple[PartialDate | None, tuple[dt.date | None, dt.date | None]]:
    """Resolve a relative time; weeks run from Monday to Sunday."""
    if match["soon"]:
        return None, (published.earliest, after_published(published, match["count"], match["of"]))
    if match["period"] is None:
        shift = dt.timedelta(days=0 if match["today"] else -1 if match["yesterday"] else 1)
        if published.day is None:
            return (published, (published.earliest, published.latest)) if match["today"] else (None, (None, None))
        day = published.earliest + shift
        return PartialDate(day.year, day.month, day.day), (day, day)
    which = match["which"].lower()
    step = -1 if which in {"last", "the previous"} else 1 if which in {"next", "the coming"} else 0
    date, earliest, latest = period_beside(match["period"].lower(), step, published)
    part = (match["part"] or "").lower()
    if part == "later" and step == 0:
        earliest = max(earliest, published.earliest) if earliest else None
    elif part == "earlier" and step == 0:
        latest = min(latest, published.latest) if latest else None
    elif part in {"early", "mid", "late"} and date is not None and earliest and latest:
        earliest, latest = thirds_of(earliest, latest)[("early", "mid", "late").index(part)]
    return date, (earliest, latest)


_Finder = Callable[[str, PartialDate | None], Iterator[Found]]
_HAS_DIGIT = re.compile(r"\d")
_WORDED_FINDERS: tuple[_Finder, ...] = (_yearless, _relative_quarters, _years, _relatives)
_FINDERS: tuple[_Finder, ...] = (_days, _months, _quarters, _seasons, *_WORDED_FINDERS)
