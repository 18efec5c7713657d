"""An EDGAR submission's bytes in, its header's facts and its readable documents out; SGML is read by its line-start tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from kg.model import Filing
from kg.read.decode import decode
from kg.read.header import parse_header

# What holds deal news: the report, its press releases (EX-99, in the nineties EX-20 and EX-28), its contracts (EX-10) and plans (EX-2).
_READABLE = re.compile(r"(?:8-K(?:12B|12G3|15D5)?(?:/A)?|6-K(?:/A)?|EX-(?:99|10|2)(?:\..*)?|EX-99-.*|EX-(?:20|28)(?:\.\d+)?)", re.I)
# Among the EX-99 files there are XBRL, scans and spreadsheets: those have no text.
_UNREADABLE_NAME = re.compile(r"\.(?:xml|xsd|zip|jpe?g|gif|png|pdf|xlsx?|json|js|css)$", re.I)
_UNREADABLE_BODY = re.compile(rb"\s{0,99}(?:<PDF>|<XML>|begin \d{3} )", re.I)

_BEGINS = re.compile(rb"<(?:SEC-DOCUMENT|SEC-HEADER|IMS-DOCUMENT|IMS-HEADER|SUBMISSION|DOCUMENT)>", re.I)
_SIGNED_MAIL = re.compile(rb"\s{0,99}-----BEGIN PRIVACY-ENHANCED MESSAGE-----")
_BEGINS_WITHIN = 4000  # bytes; the signed-mail block of the nineties has some 1,500
_DOCUMENT = re.compile(rb"<DOCUMENT>(?:[ \t]{0,99}$|\s{0,9}<TYPE>)", re.M | re.I)
_TAG = re.compile(r"<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>([^\n<]{0,500})", re.I)
_TEXT = re.compile(rb"<TEXT>[ \t]*\n?", re.I)
_TEXT_END = re.compile(rb"</TEXT>", re.I)
_WRAPPER = re.compile(rb"\s{0,99}<XBRL>[ \t]*\n?", re.I)
_HEAD_BYTES = 2000  # of a document before its <TEXT>; real ones have some 200
_HEADER_BYTES = 1_000_000  # of a submission; one with hundreds of filers has 300,000


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a submission: its type ("EX-99.1"), a suffix that tells it from the others ("#EX-99.1"), its markup or text."""

    type: str
    suffix: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """The header of a submission, its readable documents, and how many of each type were left out ({"GRAPHIC": 3})."""

    filing: Filing
    members: tuple[Member, ...]
    skipped: Mapping[str, int]


def is_submission(data: bytes) -> bool:
    """Answer whether bytes are an EDGAR submission or one document cut out of it, by the first SGML tag.

    A tag further down than the signed-mail block of the nineties is a quotation.
    """
    start = data[:_BEGINS_WITHIN].lstrip().removeprefix(b"\xef\xbb\xbf")
    if _SIGNED_MAIL.match(start):
        return _BEGINS.search(start) is not None
    return _BEGINS.match(start) is not None


def parse_submission(data: bytes) -> Submission:
    """Split a submission into its header and its readable documents.

    A lone document without a header (as archives keep them) is taken whatever its type, under the plain name of its file.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _SIGNED_MAIL.match(data):
        data = re.sub(rb"^- (?=-)", b"", data, flags=re.M)  # signed mail escapes dashes at line starts
    starts = _starts(data)
    filing = parse_header(decode(data[: min(starts[0] if starts else len(data), _HEADER_BYTES)]))
    alone = len(starts) == 1 and filing == Filing()
    members: list[Member] = []
    skipped: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for start, end in pairwise([*starts, len(data)]):
        kind, name, body = _document(data, start, end)
        if not (alone or _READABLE.fullmatch(kind)) or _UNREADABLE_NAME.search(name) or _UNREADABLE_BODY.match(body):
            skipped[kind] += 1
            continue
        seen[kind] += 1
        number = f"-{seen[kind]}" if seen[kind] > 1 else ""
        members.append(Member(kind, "" if alone else f"#{kind.replace('/', '')}{number}", body))
    return Submission(filing, tuple(members), dict(sorted(skipped.items())))


def _starts(data: bytes) -> list[int]:
    """List where documents begin: at tags on lines of their own, and at those that the type's tag follows on the same line."""
    tag = b"<DOCUMENT>" if b"<DOCUMENT>" in data else b"<document>"
    starts: list[int] = []
    at = data.find(tag)
    while at >= 0:
        found = _DOCUMENT.match(data, at)
        if found and (at == 0 or data[at - 1] == 0x0A or found[0].endswith(b">")):
            starts.append(at)
        at = data.find(tag, at + len(tag))
    return starts


def _document(data: bytes, start: int, end: int) -> tuple[str, str, bytes]:
    """Read one <DOCUMENT>: its type, its file name and what stands between <TEXT> and </TEXT>."""
    opening = _TEXT.search(data, start, min(end, start + _HEAD_BYTES))
    head = decode(data[start : opening.start() if opening else min(end, start + _HEAD_BYTES)])
    tags = {found[1].upper(): found[2].strip() for found in _TAG.finditer(head)}
    begin = opening.end() if opening else min(end, start + len(head))
    # The last closing: an earlier one is quoted.
    closing = max((found.start() for found in _TEXT_END.finditer(data, max(begin, end - _HEAD_BYTES), end)), default=end)
    wrapper = _WRAPPER.match(data, begin, closing)
    return tags.get("TYPE", "?").upper(), tags.get("FILENAME", ""), data[wrapper.end() if wrapper else begin : closing]
