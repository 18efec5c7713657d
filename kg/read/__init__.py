"""A file in, its Documents out: text, HTML or an EDGAR submission, told apart by content and then by name."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from kg.errors import ReadError
from kg.model import Document, Issue, PartialDate, Source
from kg.read.dates import published
from kg.read.decode import MAX_FILE_BYTES, MAX_TEXT_CHARS, clean, decode
from kg.read.edgar import Header, is_submission, parse_submission
from kg.read.html import html_to_text, is_html
from kg.read.sections import sections_of
from kg.read.sentences import MAX_SENTENCE, sentences_of
from kg.read.text import blocks_of

__all__ = ["read", "read_html", "read_text"]

_NO_HEADER = Header()


def read(path: Path) -> list[Document]:
    """Read a file: one document, or for an EDGAR submission one for its report and each readable exhibit.

    Raises ReadError, in one line that names the file, where there is no file, no text in it, or more than MAX_FILE_BYTES.
    """
    text = decode(_bytes(path), path.name)
    if is_submission(text):
        return _submission(text, path.name)
    if is_html(text, path.name):
        return [read_html(text, path.name)]
    return [read_text(text, path.name)]


def read_text(text: str, file_name: str) -> Document:
    """Read plain text, with or without Markdown marks."""
    return _document(clean(text), file_name, "text", _NO_HEADER)


def read_html(markup: bytes | str, file_name: str) -> Document:
    """Read HTML; the document's text is what a reader sees of it."""
    text = markup if isinstance(markup, str) else decode(markup, file_name)
    return _document(html_to_text(text), file_name, "html", _NO_HEADER)


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


def _submission(text: str, file_name: str) -> list[Document]:
    """Read the readable documents of a submission; what was left out or failed is an Issue of the first."""
    submission = parse_submission(text)
    documents: list[Document] = []
    issues: list[Issue] = []
    if submission.skipped:
        issues.append(Issue("read", file_name, f"documents of the submission that were not read: {submission.skipped}"))
    for member in submission.members:
        name = file_name + member.suffix
        try:
            if is_html(member.body, ""):
                documents.append(_document(html_to_text(member.body), name, "html", submission.header))
            else:
                documents.append(_document(member.body, name, "text", submission.header))
        except ReadError as error:
            issues.append(Issue("read", file_name, str(error)))
    if not documents:
        raise ReadError(
            f"{file_name}: none of its documents is an 8-K, a 6-K or an exhibit with text ({submission.skipped or 'it has none'})"
        )
    first = documents[0]
    return [_with_issues(first, tuple(issues)), *documents[1:]] if issues else documents


def _with_issues(document: Document, issues: tuple[Issue, ...]) -> Document:
    return Document(
        document.source, document.text, document.sections, document.sentences, document.title, document.published, issues + document.issues
    )


def _document(text: str, file_name: str, kind: str, header: Header) -> Document:
    if not text.strip():
        raise ReadError(f"{file_name}: has no text")
    if len(text) > MAX_TEXT_CHARS:
        raise ReadError(f"{file_name}: has {len(text):,} characters of text; kg reads documents of up to {MAX_TEXT_CHARS:,}")
    blocks = blocks_of(text, markdown=kind == "text")
    sections, numbers, title = sections_of(text, blocks)
    sentences, cut = sentences_of(text, blocks, numbers)
    date: PartialDate | None = published(text, sections, file_name, header.filed)
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    source = Source(
        id=f"document/{_slug(file_name)}-{sha256[:12]}",
        kind=kind,
        file_name=file_name,
        sha256=sha256,
        form_type=header.form_type,
        accession_number=header.accession_number,
        filed=header.filed,
        filer=header.filer,
    )
    issues = (Issue("read", file_name, f"cut {cut} times in sentences of more than {MAX_SENTENCE:,} characters"),) if cut else ()
    return Document(source, text, sections, tuple(sentences), title, date, issues)


def _slug(file_name: str) -> str:
    """Write a file's stem as an IRI can hold it: lower case, everything but ASCII letters and digits a hyphen."""
    base, _, member = file_name.partition("#")
    stem = base.rpartition(".")[0] or base
    return re.sub(r"[^a-z0-9]+", "-", f"{stem} {member}".lower()).strip("-")[:80] or "document"
