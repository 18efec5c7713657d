"""An EDGAR submission in, its header's facts and its readable documents out; SGML is read by its line-start tags."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from kg.model import PartialDate
from kg.read.dates import parse_digits

# What holds deal news: the report, its press releases (EX-99, in the nineties EX-20), its contracts (EX-10) and plans (EX-2).
_READABLE = re.compile(r"(?:8-K|8-K/A|8-K12B|8-K12G3|6-K|6-K/A|EX-99.*|EX-10(?:\..*)?|EX-2.*)", re.I)
# Among the EX-101 and EX-99 files there are XBRL, scans and spreadsheets: those have no text.
_UNREADABLE_NAME = re.compile(r"\.(?:xml|xsd|zip|jpe?g|gif|png|pdf|xlsx?|json|js|css)$", re.I)
_UNREADABLE_BODY = re.compile(r"\s{0,99}(?:<PDF>|<XML>|begin \d{3} )", re.I)

_BEGINS = re.compile(r"<(?:SEC-DOCUMENT|SEC-HEADER|IMS-DOCUMENT|IMS-HEADER|SUBMISSION|DOCUMENT)>", re.I)
_SIGNED_MAIL = re.compile(r"\s{0,99}-----BEGIN PRIVACY-ENHANCED MESSAGE-----")
_DOCUMENT = re.compile(r"^<DOCUMENT>[ \t]*$|^<DOCUMENT>(?=<TYPE>)", re.M | re.I)
_TAG = re.compile(r"<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>([^\n<]{0,500})", re.I)
_TEXT = re.compile(r"<TEXT>[ \t]*\n?", re.I)
_TEXT_END = re.compile(r"</TEXT>\s{0,99}(?:</DOCUMENT>)?", re.I)
_WRAPPER = re.compile(r"\s{0,99}<XBRL>[ \t]*\n?", re.I)

# The header comes in two hands: "FORM TYPE:  8-K" in .txt and "<TYPE>8-K" in .nc files.
_FIELDS = {
    "form_type": re.compile(r"^CONFORMED SUBMISSION TYPE:[ \t]*(\S[^\n]{0,40})|<TYPE>([^\n<]{1,40})", re.M),
    "accession_number": re.compile(r"^ACCESSION NUMBER:[ \t]*([\d-]{18,22})|<ACCESSION-NUMBER>([\d-]{18,22})", re.M),
    "filed": re.compile(r"^FILED AS OF DATE:[ \t]*(\d{8})|<FILING-DATE>(\d{8})", re.M),
}
_FILER = (
    re.compile(
        r"(?:^FILER:|<FILER>)(?s:.{0,2000}?)(?:COMPANY CONFORMED NAME:[ \t]*(\S[^\n]{0,150})|<CONFORMED-NAME>([^\n<]{1,150}))", re.M
    ),
    re.compile(r"COMPANY CONFORMED NAME:[ \t]*(\S[^\n]{0,150})|<CONFORMED-NAME>([^\n<]{1,150})"),
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of a submission says; None where it says nothing or there is no header."""

    form_type: str | None = None
    accession_number: str | None = None
    filed: PartialDate | None = None
    filer: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a submission: its type ("EX-99.1"), a suffix that tells it from the others ("#EX-99.1"), its markup or text."""

    type: str
    suffix: str
    body: str


@dataclass(frozen=True, slots=True)
class Submission:
    """The readable documents of a submission and, in words, what was left out ("3 XML, 1 ZIP"; "" for nothing)."""

    header: Header
    members: tuple[Member, ...]
    skipped: str


def is_submission(text: str) -> bool:
    """Answer whether a text is an EDGAR submission or one document cut out of it, by its first SGML tag.

    A tag further down than the signed-mail block of the nineties is a quotation.
    """
    start = text[:4000].lstrip()
    if _SIGNED_MAIL.match(start):
        return _BEGINS.search(start) is not None
    return _BEGINS.match(start) is not None


def parse_submission(text: str) -> Submission:
    """Split a submission into its header and its readable documents.

    A lone document without a header (as archives keep them) is taken whatever its type, under the plain name of its file.
    """
    if _SIGNED_MAIL.match(text):
        text = re.sub(r"^- (?=-)", "", text, flags=re.M)  # signed mail escapes dashes at line starts
    starts = [found.start() for found in _DOCUMENT.finditer(text)]
    head = text[: starts[0]] if starts else text
    header = _header(head)
    bounds = [*starts, len(text)]
    members: list[Member] = []
    skipped: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    alone = len(starts) == 1 and header == Header()
    for start, end in pairwise(bounds):
        kind, name, body = _document(text[start:end])
        wanted = alone or _READABLE.fullmatch(kind) is not None
        if not wanted or _UNREADABLE_NAME.search(name) or _UNREADABLE_BODY.match(body):
            skipped[kind] += 1
            continue
        seen[kind] += 1
        number = f"-{seen[kind]}" if seen[kind] > 1 else ""
        members.append(Member(kind, "" if alone else f"#{kind.replace('/', '')}{number}", body))
        if alone:
            header = Header(form_type=kind)
    return Submission(header, tuple(members), ", ".join(f"{count} {kind}" for kind, count in sorted(skipped.items())))


def _document(text: str) -> tuple[str, str, str]:
    """Read one <DOCUMENT>: its type, its file name and what stands between <TEXT> and </TEXT>."""
    opening = _TEXT.search(text)
    head = text[: opening.start()] if opening else text[:2000]
    tags = {found[1].upper(): found[2].strip() for found in _TAG.finditer(head)}
    body = text[opening.end() :] if opening else text[len(head) :]
    closings = list(_TEXT_END.finditer(body))
    if closings:  # the last: an earlier one is quoted
        body = body[: closings[-1].start()]
    wrapper = _WRAPPER.match(body)
    return tags.get("TYPE", "?").upper(), tags.get("FILENAME", ""), body[wrapper.end() :] if wrapper else body


def _header(text: str) -> Header:
    found = {name: _first(pattern, text) for name, pattern in _FIELDS.items()}
    filer = next((name for name in (_first(pattern, text) for pattern in _FILER) if name), None)
    filed = found["filed"]
    return Header(found["form_type"], found["accession_number"], parse_digits(filed) if filed else None, filer)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return next((group.strip() for group in match.groups() if group), None) if match else None
