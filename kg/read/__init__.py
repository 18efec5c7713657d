"""A file in, its Documents out: text, HTML, PDF or an EDGAR submission, told apart by content and then by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from kg.errors import ReadError
from kg.model import Contents, Document, Filing, Issue, Source
from kg.read.blocks import Block
from kg.read.dates import published
from kg.read.decode import MAX_FILE_BYTES, MAX_TEXT_CHARS, clean, decode, refuse_binary, unescape
from kg.read.edgar import is_submission, parse_submission
from kg.read.html import html_blocks, is_html
from kg.read.issuer import issuer_of
from kg.read.sections import sections_of
from kg.read.sentences import MAX_SENTENCE, sentences_of
from kg.read.text import blocks_of

__all__ = ["read", "read_bytes", "read_html", "read_text"]

_NO_FILING = Filing()


def read(path: Path) -> Contents:
    """Read a file: one document, or for an EDGAR submission one for its report and each readable exhibit.

    Raises ReadError, in one line that names the file, where there is no file, no text in it, or more than MAX_FILE_BYTES.
    """
    return read_bytes(_bytes(path), path.name)


def read_bytes(data: bytes, name: str) -> Contents:
    """Read the bytes of a file that is called so; what fails within it is an Issue, and raises ReadError where nothing is left."""
    refuse_binary(data, name)
    if is_submission(data):
        return _submission(data, name)
    return Contents((_document_of(data, name, _NO_FILING, None),))


def read_text(text: str, file_name: str) -> Document:
    """Read plain text, with or without Markdown marks."""
    text = clean(unescape(text))
    return _document(text, blocks_of(text), file_name, "text", _NO_FILING, None)


def read_html(markup: bytes | str, file_name: str) -> Document:
    """Read HTML; the document's text is what a reader sees of it."""
    if isinstance(markup, bytes):
        refuse_binary(markup, file_name)
    return _document(*html_blocks(markup), file_name, "html", _NO_FILING, None)


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise ReadError(f"{path}: is a folder, not a file")
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise ReadError(f"{path}: has {size:,} bytes; kg reads files of up to {MAX_FILE_BYTES:,}")
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadError(f"{path}: there is no such file") from None
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror})") from error


def _submission(data: bytes, name: str) -> Contents:
    """Read the readable documents of a submission; one that fails is an Issue."""
    submission = parse_submission(data)
    documents: list[Document] = []
    issues: list[Issue] = []
    for member in submission.members:
        try:
            documents.append(_document_of(member.body, name + member.suffix, submission.filing, member.type))
        except ReadError as error:
            issues.append(Issue("read", name, str(error)))
    if not documents:
        what = ", ".join(f"{count} {kind}" for kind, count in submission.skipped.items()) or "it has none"
        reasons = "".join(f"; {issue.problem}" for issue in issues)
        raise ReadError(f"{name}: none of its documents is an 8-K, a 6-K or an exhibit with text ({what}{reasons})")
    return Contents(tuple(documents), submission.skipped, tuple(issues))


def _document_of(data: bytes, name: str, filing: Filing, type: str | None) -> Document:
    """Read the bytes of one document, HTML or text."""
    if is_html(data, name):
        return _document(*html_blocks(data), name, "html", filing, type)
    text = clean(unescape(decode(data)))
    return _document(text, blocks_of(text), name, "text", filing, type)


def _document(text: str, blocks: Sequence[Block], file_name: str, kind: str, filing: Filing, type: str | None) -> Document:
    if not blocks:
        raise ReadError(f"{file_name}: has no text")
    if len(text) > MAX_TEXT_CHARS:
        raise ReadError(f"{file_name}: has {len(text):,} characters of text; kg reads documents of up to {MAX_TEXT_CHARS:,}")
    sections, parted, numbers, title = sections_of(text, blocks)
    sentences, cut = sentences_of(text, parted, numbers)
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    source = Source(
        id=f"document/{_slug(file_name)}-{sha256[:12]}",
        kind=kind,
        file_name=file_name,
        sha256=sha256,
        form_type=filing.form_type or type,
        accession_number=filing.accession_number,
        filed=filing.filed,
        filer=filing.filers[0].name if filing.filers else None,
        document_type=type,
        filing=None if filing == _NO_FILING else filing,
    )
    issues = (Issue("read", file_name, f"cut {cut} times in sentences of more than {MAX_SENTENCE:,} characters"),) if cut else ()
    date = published(text, sections, file_name, filing.filed)
    issuer, tickers = issuer_of(sections, sentences)
    return Document(source, text, sections, tuple(sentences), title, date, issues, issuer or source.filer, tickers)


def _slug(file_name: str) -> str:
    """Write a file's stem as an IRI can hold it: lower case, everything but ASCII letters and digits a hyphen."""
    base, _, member = file_name.partition("#")
    stem = base.rpartition(".")[0] or base
    return re.sub(r"[^a-z0-9]+", "-", f"{stem} {member}".lower()).strip("-")[:80] or "document"
