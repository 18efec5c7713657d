"""A file in, its Documents out: text, HTML, PDF or an EDGAR submission, told apart by content and then by name."""

from __future__ import annotations

import hashlib
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kg.errors import ReadError
from kg.model import Contents, Document, Filing, Issue, Section, Source
from kg.read.archive import Member, is_archive, unpack
from kg.read.blocks import Block
from kg.read.dates import published
from kg.read.decode import MAX_FILE_BYTES, MAX_TEXT_CHARS, clean, decode, refuse_binary, unescape
from kg.read.edgar import is_submission, parse_submission
from kg.read.html import html_blocks, is_html
from kg.read.issuer import issuer_of
from kg.read.pdf import pdf_text
from kg.read.sections import sections_of
from kg.read.sentences import MAX_SENTENCE, sentences_of
from kg.read.text import blocks_of

__all__ = ["STDIN", "is_packed", "members", "read", "read_bytes", "read_html", "read_text"]

STDIN = Path("-")  # stands for standard input
_PDF = b"%PDF"
_NO_FILING = Filing()
_FORM = re.compile(r"\bform\s{1,9}(?P<form>[68])\s?-\s?k(?P<amended>\s?/\s?a\b|\s{1,99}\(?amendment\s{1,9}no)?", re.I)
_HEAD_BYTES = 512  # in which an archive shows what it is: a tar has its sign at 257


def read(path: Path) -> Contents:
    """Read a file: one document, for an EDGAR submission its report and each readable exhibit, for an archive all that its files give.

    What fails within it is an Issue. Raises ReadError, in one line that names the file, where there is no file or nothing in it to read.
    """
    if path != STDIN and not is_packed(path):
        return _required(read_bytes(_bytes(path), path.name), path.name)
    documents: list[Document] = []
    issues: list[Issue] = []
    skipped: Counter[str] = Counter()
    for member in members(path):
        try:
            if member.problem:
                raise ReadError(f"{member.name}: {member.problem}")
            contents = read_bytes(member.data, member.name)
        except ReadError as fault:
            issues.append(Issue("read", member.name, str(fault)))
            continue
        documents += contents.documents
        issues += contents.issues
        skipped.update(contents.skipped)
    return _required(Contents(tuple(documents), dict(sorted(skipped.items())), tuple(issues)), path.name if path != STDIN else "stdin")


def is_packed(path: Path) -> bool:
    """Answer whether a file is an archive of others; one that cannot be opened is none."""
    try:
        with path.open("rb") as stream:
            return is_archive(stream.read(_HEAD_BYTES), path.name)
    except OSError:
        return False


def members(path: Path) -> Iterator[Member]:
    """List the files of an archive one by one as they are unpacked; standard input, or any other file, is its own only one.

    Raises ReadError for a file that cannot be opened.
    """
    if path == STDIN:
        stream = io.BufferedReader(sys.stdin.buffer)  # type: ignore[type-var]  # a raw stream in all but name
        if is_archive(stream.peek(_HEAD_BYTES)[:_HEAD_BYTES], "stdin"):
            yield from unpack(stream, "stdin")
        else:
            data = stream.read(MAX_FILE_BYTES + 1)
            too_long = f"has more than {MAX_FILE_BYTES:,} bytes, which is the most that kg reads"
            yield Member("stdin", b"", too_long) if len(data) > MAX_FILE_BYTES else Member("stdin", data, "")
        return
    if not is_packed(path):
        yield Member(path.name, _bytes(path), "")
        return
    with path.open("rb") as packed:
        yield from unpack(packed, path.name)


def read_bytes(data: bytes, name: str) -> Contents:
    """Read the bytes of a file that is called so and is no archive.

    A submission of other forms gives no document, and is counted as passed over. Raises ReadError for what cannot be read at all.
    """
    if data.startswith(_PDF):
        return Contents((_pdf(data, name),))
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
    """Read the readable documents of a submission; one that fails is an Issue, and a submission without any is counted by its form."""
    submission = parse_submission(data)
    documents: list[Document] = []
    issues: list[Issue] = []
    for member in submission.members:
        try:
            documents.append(_document_of(member.body, name + member.suffix, submission.filing, member.type))
        except ReadError as error:
            issues.append(Issue("read", name, str(error)))
    skipped = dict(submission.skipped)
    if not documents and not issues:
        skipped = {f"form {submission.filing.form_type or '?'}": 1}
    return Contents(tuple(documents), skipped, tuple(issues))


def _required(contents: Contents, name: str) -> Contents:
    """Refuse what holds no document at all, saying what it holds instead."""
    if contents.documents:
        return contents
    parts = [f"{count} {kind}" for kind, count in contents.skipped.items()] + [issue.problem for issue in contents.issues]
    if len(contents.issues) == 1 and not contents.skipped:
        raise ReadError(contents.issues[0].problem)
    raise ReadError(f"{name}: none of its documents is an 8-K, a 6-K or an exhibit with text ({'; '.join(parts) or 'it has none'})")


def _pdf(data: bytes, name: str) -> Document:
    pdf = pdf_text(data, name)
    text = clean(pdf.text)
    document = _document(text, blocks_of(text, is_markdown=False), name, "pdf", _NO_FILING, None)
    issues = [
        Issue("read", name, f"{problem}: {', '.join(map(str, pages))}")
        for problem, pages in (("pages without text, pictures it seems", pdf.without_text), ("pages that cannot be opened", pdf.damaged))
        if pages
    ]
    return replace(document, issues=(*document.issues, *issues)) if issues else document


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
        form_type=filing.form_type or type or _form_of(text, sections),
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


def _form_of(text: str, sections: Sequence[Section]) -> str | None:
    """Read the form from the cover of a filing saved without its submission's header; None for a document without a cover."""
    found = _FORM.search(sections[0].span.of(text)) if sections[0].kind == "cover" else None
    return f"{found['form'].upper()}-K{'/A' if found['amended'] else ''}" if found else None


def _slug(file_name: str) -> str:
    """Write a file's stem as an IRI can hold it: lower case, everything but ASCII letters and digits a hyphen."""
    base, _, member = file_name.partition("#")
    stem = base.rpartition(".")[0] or base
    return re.sub(r"[^a-z0-9]+", "-", f"{stem} {member}".lower()).strip("-")[:80] or "document"
