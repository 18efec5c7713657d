"""The header of an EDGAR submission in, a Filing out: its form, number, dates, Items and filers, in either of the header's two hands.

The indented hand says "FORM TYPE:  8-K" (.txt files), the tagged one "<TYPE>8-K" (.nc files and feeds, some without a line end).
"""

from __future__ import annotations

import re
from itertools import pairwise

from kg.model import Filer, Filing, PartialDate
from kg.read.dates import parse_digits

_FIELDS = {
    "form_type": re.compile(r"^CONFORMED SUBMISSION TYPE:[ \t]*(\S[^\n]{0,40})|<TYPE>([^\n<]{1,40})", re.M),
    "accession_number": re.compile(r"^ACCESSION NUMBER:[ \t]*([\d-]{18,22})|<ACCESSION-NUMBER>[ \t]*([\d-]{18,22})", re.M),
    "filed": re.compile(r"^FILED AS OF DATE:[ \t]*(\d{8})|<FILING-DATE>[ \t]*(\d{8})", re.M),
    "period": re.compile(r"^CONFORMED PERIOD OF REPORT:[ \t]*(\d{8})|<PERIOD>[ \t]*(\d{8})", re.M),
}
_ITEM = re.compile(r"^ITEM INFORMATION:[ \t]*(\S[^\n]{0,300})|<ITEMS>[ \t]*([^\n<]{1,60})", re.M)
# A party's part of the header, up to the next one's.
_PARTY = re.compile(
    r"^(FILER|SUBJECT COMPANY|FILED BY|FILED FOR|REPORTING-OWNER|ISSUER|ISSUING ENTITY|DEPOSITOR|SECURITIZER|SERIAL COMPANY)S?:[^\n]{0,60}$"
    r"|<(FILER|SUBJECT-COMPANY|FILED-BY|FILED-FOR|REPORTING-OWNER|ISSUER|ISSUING-ENTITY|DEPOSITOR|SECURITIZER)>",
    re.M,
)
_NAME = re.compile(r"(?<!FORMER )CONFORMED NAME:[ \t]*(\S[^\n]{0,150})|<CONFORMED-NAME>([^\n<]{1,150})")
_CIK = re.compile(r"CENTRAL INDEX KEY:[ \t]*(\d{1,10})|<CIK>[ \t]*(\d{1,10})")
_FORMER = re.compile(r"FORMER CONFORMED NAME:[ \t]*(\S[^\n]{0,150})|<FORMER-CONFORMED-NAME>([^\n<]{1,150})")

_RENUMBERED = PartialDate(2004, 8, 23).earliest  # from that day on an 8-K counts its Items from 1.01 to 9.01

# The indented hand names Items by their titles, cut short here to what tells them apart. Source: Form 8-K before and since that day.
_NEW_ITEMS = {
    "entry into": "1.01",
    "termination of a material": "1.02",
    "bankruptcy": "1.03",
    "mine safety": "1.04",
    "material cybersecurity": "1.05",
    "completion of acquisition": "2.01",
    "results of operations": "2.02",
    "creation of a direct": "2.03",
    "triggering events": "2.04",
    "cost associated": "2.05",
    "costs associated": "2.05",
    "material impairment": "2.06",
    "notice of delisting": "3.01",
    "unregistered sale": "3.02",
    "material modification": "3.03",
    "changes in registrant": "4.01",
    "non-reliance": "4.02",
    "changes in control": "5.01",
    "departure of directors": "5.02",
    "amendments to articles": "5.03",
    "temporary suspension": "5.04",
    "amendments to the registrant": "5.05",
    "amendment to the registrant": "5.05",
    "change in shell": "5.06",
    "submission of matters": "5.07",
    "shareholder director": "5.08",
    "shareholder nominations": "5.08",
    "regulation fd": "7.01",
    "other events": "8.01",
    "financial statements": "9.01",
}
_OLD_ITEMS = {
    "changes in control": "1",
    "acquisition or disposition": "2",
    "bankruptcy": "3",
    "changes in registrant": "4",
    "other events": "5",
    "resignation": "6",
    "resignations": "6",
    "financial statements": "7",
    "change in fiscal year": "8",
    "changes in fiscal year": "8",
    "regulation fd": "9",
    "amendments to the registrant": "10",
    "temporary suspension": "11",
    "results of operations": "12",
}


def parse_header(text: str) -> Filing:
    """Read a header; what it does not say is None or ()."""
    fields = {name: _first(pattern, text) for name, pattern in _FIELDS.items()}
    filed = _day(fields["filed"])
    items: dict[str, None] = {}
    for found in _ITEM.finditer(text):
        number = _item((found[1] or found[2]).strip(), filed)
        if number:
            items.setdefault(number)
    return Filing(fields["accession_number"], fields["form_type"], filed, _day(fields["period"]), tuple(items), _filers(text))


def _item(words: str, filed: PartialDate | None) -> str:
    """Give the number of an Item that a header names by title ("Other events") or number ("8.01", "7"); "" for one that is none."""
    if words[0].isdigit():
        return words
    titles = _OLD_ITEMS if filed is not None and filed.latest < _RENUMBERED else _NEW_ITEMS
    low = " ".join(words.lower().split())
    return next((number for start, number in titles.items() if low.startswith(start)), "")


def _filers(text: str) -> tuple[Filer, ...]:
    starts = list(_PARTY.finditer(text))
    if not starts:
        name = _first(_NAME, text)
        return (_filer(text, "FILER"),) if name else ()
    bounds = [*(found.start() for found in starts), len(text)]
    parts = [text[start:end] for start, end in pairwise(bounds)]
    return tuple(
        _filer(part, (found[1] or found[2]).replace("-", " "))
        for part, found in zip(parts, starts, strict=True)
        if _first(_NAME, part)
    )  # fmt: skip


def _filer(part: str, role: str) -> Filer:
    cik = _first(_CIK, part)
    former = dict.fromkeys((found[1] or found[2]).strip() for found in _FORMER.finditer(part))
    return Filer(_first(_NAME, part) or "", f"{int(cik):010d}" if cik else None, tuple(former), role)


def _day(digits: str | None) -> PartialDate | None:
    return parse_digits(digits) if digits else None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return next((group.strip() for group in match.groups() if group), None) if match else None
