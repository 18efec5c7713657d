"""Files in, Documents or one clear line of error out: dispatch, encodings, submissions, dates, limits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.model import Document, PartialDate
from kg.read import read, read_html, read_text
from kg.read.decode import MAX_TEXT_CHARS, clean, decode

RELEASE = """Exhibit 99.1

Northwind Bio Earns Milestone from Harbor Pharma

BOSTON, March 3, 2009 -- Northwind Bio, Inc. (Nasdaq: NWBI) today announced that Harbor Pharma has dosed a first patient with NW-101.
Northwind Bio is to receive $2 million for this event.
"""

SUBMISSION = f"""<SEC-DOCUMENT>0000000001-09-000007.txt : 20090304
<SEC-HEADER>0000000001-09-000007.hdr.sgml : 20090304
ACCESSION NUMBER:\t\t0000000001-09-000007
CONFORMED SUBMISSION TYPE:\t8-K
FILED AS OF DATE:\t\t20090304

FILER:

\tCOMPANY DATA:
\t\tCOMPANY CONFORMED NAME:\t\t\tNORTHWIND BIO INC
</SEC-HEADER>
<DOCUMENT>
<TYPE>8-K
<SEQUENCE>1
<FILENAME>form8k.htm
<TEXT>
<html><body><p>FORM 8-K</p><p>Current Report</p><p>Item 8.01 Other Events</p>
<p>On March 3, 2009, Northwind Bio, Inc. issued a press release.</p></body></html>
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>EX-99.1
<SEQUENCE>2
<FILENAME>ex991.txt
<TEXT>
{RELEASE}
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>GRAPHIC
<SEQUENCE>3
<FILENAME>logo.jpg
<TEXT>
begin 644 logo.jpg
M_]C_X  02D9)1@ ! 0   0 !
end
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>EX-101.INS
<SEQUENCE>4
<FILENAME>nwbi.xml
<TEXT>
<XBRL><xbrl/></XBRL>
</TEXT>
</DOCUMENT>
"""


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "kind", "why"),
    [
        ("a.txt", "Harbor Pharma paid $1 million.", "text", "plain text"),
        ("a.md", "# Harbor Pharma Pays\n\nIt paid $1 million.", "text", "Markdown is text"),
        ("a.htm", "<p>Harbor Pharma paid $1 million.", "html", "a fragment under an HTML name"),
        ("a.txt", "<!DOCTYPE html><html><body>Paid.</body></html>", "html", "HTML under a name of text"),
        ("a.txt", "<?xml version='1.0'?><!-- made by a tool --><html><body>Paid.</body></html>", "html", "inline XBRL begins as XML"),
        ("a.htm", "Harbor Pharma paid $1 million.", "text", "text under an HTML name has no tag"),
        ("a.txt", "Revenue was < $1 million and costs were <body> parts.", "html", "a body tag near the start makes a page"),
        ("a.txt", "<TABLE>\n<CAPTION>\n<S>  <C>\nRevenue  5\n</TABLE>", "text", "the tables of old text filings are no HTML"),
    ],
)
def test_dispatch_by_content_and_name(tmp_path: Path, name: str, data: str, kind: str, why: str) -> None:
    (document,) = read(write(tmp_path, name, data)).documents
    assert document.source.kind == kind, why
    assert document.source.file_name == name


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "no text"),
        ("nul.txt", b"Harbor Pharma pays. " * 90 + b"\x00" * 20, "NUL"),
        ("controls.txt", bytes(range(1, 9)) * 50, "control characters"),
        ("report.pdf", b"%PDF-1.4 ...", "a PDF"),
        ("report.zip", b"PK\x03\x04....", "damaged"),
        ("empty.htm", b"<html><head><title>x</title></head><body><script>a()</script></body></html>", "no text"),
        (
            "form4.nc",
            b"<SUBMISSION>\n<ACCESSION-NUMBER>0000000001-09-000001\n<TYPE>4\n<DOCUMENT>\n<TYPE>4\n<TEXT>\nx\n</TEXT>",
            "none of its",
        ),
    ],
)
def test_unreadable_files_name_file_and_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(write(tmp_path, name, data))
    assert name in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_path_and_a_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read(tmp_path / "nothing.txt")
    with pytest.raises(ReadError, match="folder"):
        read(tmp_path)


def test_a_truncated_page_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path, "cut.htm", "<html><body><p>Harbor paid.</p><div><table><tr><td>The fee was $5 mill")).documents
    assert [sentence.text for sentence in document.sentences] == ["Harbor paid.", "The fee was $5 mill"]


def test_a_line_of_50_megabytes_is_refused_soon(tmp_path: Path) -> None:
    path = write(tmp_path, "line.txt", b"word " * 10_000_000)
    started = time.perf_counter()
    with pytest.raises(ReadError, match=r"line\.txt: has 50,000,000 characters"):
        read(path)
    assert time.perf_counter() - started < 20


def test_the_longest_line_allowed_is_cut_at_white_space_with_an_issue() -> None:
    started = time.perf_counter()
    document = read_text("word " * (MAX_TEXT_CHARS // 5), "line.txt")
    assert time.perf_counter() - started < 20
    assert max(len(sentence.text) for sentence in document.sentences) <= 6000
    assert all(sentence.text.startswith("word") and sentence.text.endswith("word") for sentence in document.sentences)
    assert len(document.issues) == 1 and "line.txt" in document.issues[0].where


@pytest.mark.parametrize(
    ("data", "text", "why"),
    [
        ("Genève \u2013 €5".encode(), "Genève \u2013 €5", "UTF-8"),
        (b"\xef\xbb\xbf" + "Genève".encode(), "Genève", "UTF-8 with a byte-order mark"),
        ("Genève".encode("utf-16"), "Genève", "UTF-16 with a byte-order mark"),
        (b"\xfe\xff" + "Genève".encode("utf-16-be"), "Genève", "UTF-16, big end first"),
        ("Genève \u2013 “DM1”".encode("cp1252"), "Genève \u2013 “DM1”", "Windows-1252"),
        ("Genève \u2013 “x”".encode() + b" \x93y\x94", "Genève \u2013 “x” “y”", "UTF-8 with pasted Windows-1252 quotes"),
        ("Genève Zürich".encode() + "é".encode()[:1], "Genève ZürichÃ", "UTF-8 cut off in a character stays UTF-8"),
        ("Genève zahlt an Zürich".encode("utf-16-le"), "Genève zahlt an Zürich", "UTF-16 without a mark, by its NULs"),
        ("Genève".encode("utf-32"), "Genève", "UTF-32, whose mark begins as that of UTF-16"),
        (b"<meta charset=iso-8859-2>" + "Łódź".encode("iso-8859-2"), "<meta charset=iso-8859-2>Łódź", "a declared encoding"),
        (b"<meta charset=iso-8859-2>" + "Łódź".encode(), "<meta charset=iso-8859-2>Łódź", "UTF-8 that is declared to be another"),
        (b"<meta charset=zip>\xe8", "<meta charset=zip>è", "a codec that makes no text of bytes is none"),
        ("it’s Genève".encode().decode("cp1252").encode(), "it’s Genève", "UTF-8 that was taken for Windows-1252 and encoded again"),
        (b"one\0NUL and two\0NULs in a text", "one NUL and two NULs in a text", "a stray NUL"),
        (b"a\r\nb\rc", "a\nb\nc", "one kind of line end"),
        (b"DM1 and DM4\x0bof Harbor\x7fPharma", "DM1 and DM4 of Harbor Pharma", "control characters become spaces"),
    ],
)
def test_encodings(data: bytes, text: str, why: str) -> None:
    assert clean(decode(data)) == text, why


@pytest.mark.parametrize(
    ("raw", "stored", "why"),
    [
        ("a\ud800b", "a\ufffdb", "a lone surrogate cannot be written as UTF-8"),
        ("\x93DM1\x94 \x97 ok", "“DM1” — ok", "C1 controls are what Windows-1252 shows"),
        ("trastu\u00adzumab", "trastuzumab", "soft hyphens are invisible"),
        ("trastu\u00ad\nzumab", "trastuzumab", "and so is the line end behind one"),
        ("DM\u200b1\ufeff", "DM1", "zero-width marks would break a name"),
        ("a\fb", "a\n\f\nb", "a form feed is a page break, and stands on a line of its own"),
        ("5\u2009mg of\u202fDM1", "5 mg of DM1", "the spaces of print are spaces"),
        ("\uf0b7 item", "\uf0b7 item", "Word's bullets stay"),
    ],
)
def test_clean(raw: str, stored: str, why: str) -> None:
    assert clean(raw) == stored, why
    assert clean(stored) == stored


def test_a_submission_gives_its_report_and_its_exhibits(tmp_path: Path) -> None:
    contents = read(write(tmp_path, "0000000001-09-000007.txt", SUBMISSION))
    documents = contents.documents
    assert [document.source.file_name for document in documents] == ["0000000001-09-000007.txt#8-K", "0000000001-09-000007.txt#EX-99.1"]
    assert [document.source.kind for document in documents] == ["html", "text"]
    for document in documents:
        source = document.source
        assert (source.form_type, source.accession_number, source.filer) == ("8-K", "0000000001-09-000007", "NORTHWIND BIO INC")
        assert (source.filed, source.url) == (PartialDate(2009, 3, 4), None)
    assert documents[0].source.id != documents[1].source.id
    assert contents.skipped == {"EX-101.INS": 1, "GRAPHIC": 1}
    assert [document.source.document_type for document in documents] == ["8-K", "EX-99.1"]
    assert documents[1].title == "Northwind Bio Earns Milestone from Harbor Pharma"
    assert documents[1].published == PartialDate(2009, 3, 3)


def test_a_submission_of_the_newer_kind_and_two_exhibits_of_one_type(tmp_path: Path) -> None:
    text = (
        "<SUBMISSION>\n<ACCESSION-NUMBER>0000000001-25-000002\n<TYPE>6-K\n<FILING-DATE>20250110\n<FILER>\n<COMPANY-DATA>\n"
        "<CONFORMED-NAME>HARBOR PHARMA PLC\n</COMPANY-DATA>\n</FILER>\n"
        "<DOCUMENT>\n<TYPE>EX-99.1\n<TEXT>\nHarbor licensed HB-1.\n</TEXT>\n</DOCUMENT>\n"
        "<DOCUMENT>\n<TYPE>EX-99.1\n<TEXT>\nHarbor licensed HB-2.\n</TEXT>\n</DOCUMENT>\n"
    )
    documents = read(write(tmp_path, "a.nc", text)).documents
    assert [document.source.file_name for document in documents] == ["a.nc#EX-99.1", "a.nc#EX-99.1-2"]
    assert documents[0].source.filer == "HARBOR PHARMA PLC"
    assert documents[0].published == PartialDate(2025, 1, 10)


def test_signed_mail_around_a_submission_is_taken_off(tmp_path: Path) -> None:
    mail = "-----BEGIN PRIVACY-ENHANCED MESSAGE-----\nProc-Type: 2001,MIC-CLEAR\n\n" + SUBMISSION.replace(
        "Northwind Bio is", "- -----\nNorthwind is"
    )
    documents = read(write(tmp_path, "mail.txt", mail)).documents
    assert len(documents) == 2
    assert "- -----" not in documents[1].text


def test_one_document_without_a_header_keeps_the_name_of_its_file(tmp_path: Path) -> None:
    page = "<DOCUMENT>\n<TYPE>8-K\n<SEQUENCE>1\n<TEXT>\n<html><body><p>Item 8.01 Other Events</p></body></html>\n</TEXT>\n</DOCUMENT>"
    (document,) = read(write(tmp_path, "0000000001-09-000007.htm", page)).documents
    assert document.source.file_name == "0000000001-09-000007.htm"
    assert document.source.form_type == "8-K"
    assert document.source.accession_number is None, "a file's name is no header"


@pytest.mark.parametrize(
    ("text", "name", "date", "why"),
    [
        (
            "Headline of a Release\n\nBASEL, Switzerland, July 1, 2008 — Alder AG said it paid.",
            "a.txt",
            "2008-07-01",
            "dateline with a dash",
        ),
        (
            "Headline of a Release\n\nBASEL, July 1, 2008 /PRNewswire/ -- Alder AG said it paid.",
            "a.txt",
            "2008-07-01",
            "dateline with a wire",
        ),
        ("Headline of a Release\n\nFremont, Calif. - (NewMediaWire) - July 1, 2008 - Alder AG paid.", "a.txt", "2008-07-01", "wire first"),
        (
            "Headline of a Release\n\nBOSTON--(BUSINESS WIRE)--Jul. 1, 2008--Alder AG paid the fee.",
            "a.txt",
            "2008-07-01",
            "glued to the wire",
        ),
        ("Headline of a Release\n\nBasel, 1 July 2008 - Alder AG paid the fee.", "a.txt", "2008-07-01", "day before month"),
        ("Headline of a Release\n\n1 July 2008, 9:30 a.m. ET\n\nAlder AG paid the fee.", "a.txt", "2008-07-01", "a line of its own"),
        (
            "FORM 8-K\n\nCurrent Report\n\nDate of Report: July 3, 2008\n\nItem 8.01 Other Events\n\nAlder paid.",
            "a.txt",
            "2008-07-03",
            "8-K",
        ),
        (
            "FORM 8-K\n\nDate of Report (Date of earliest event reported): June 30, 2008\n\nItem 8.01 Other Events\n\nAlder paid.\n\n"
            "SIGNATURE\n\nAlder AG\n\nDate: July 2, 2008",
            "a.txt",
            "2008-07-02",
            "the earliest event is not the report's day; the signature's is nearer",
        ),
        (
            "FORM 8-K\n\nDate of Report (Date of earliest event reported): June 30, 2008\n\nItem 8.01 Other Events\n\nAlder paid.",
            "a.txt",
            "2008-06-30",
            "the earliest event where nothing better stands",
        ),
        (
            "Item 8.01 Other Events\n\nOn July 2, 2008, Alder AG issued a press release.",
            "a.txt",
            "2008-07-02",
            "the day the release was issued",
        ),
        ("Alder AG paid the fee.", "alder-2008-07-05.txt", "2008-07-05", "the file's name, last"),
        ("Alder AG paid the fee.", "alder-2008-0705-fee.md", "2008-07-05", "the name of a wire's archive"),
        ("Alder AG paid the fee.", "0001104659-25-002604.txt", "None", "an accession number is no date"),
        ("Alder AG, founded on July 1, 1998 - the year of the flood - paid.", "a.txt", "None", "a sentence is no dateline"),
    ],
)
def test_published(text: str, name: str, date: str, why: str) -> None:
    assert str(read_text(text, name).published) == date, why


def test_a_dateline_with_last_years_number_gives_way_to_the_header(tmp_path: Path) -> None:
    documents = read(write(tmp_path, "a.txt", SUBMISSION.replace("BOSTON, March 3, 2009", "BOSTON, March 3, 2008"))).documents
    assert documents[1].published == PartialDate(2009, 3, 4)


def test_the_source_is_named_by_file_and_text() -> None:
    one, same, other = (read_text(text, "Harbor (2009).txt") for text in ("Harbor paid.", "Harbor paid.\r", "Harbor pays."))
    assert one.source.id.startswith("document/harbor-2009-")
    assert one.source.id != other.source.id
    assert same.text != one.text or same.source == one.source
    assert len(one.source.id.rpartition("-")[2]) == 12 and one.source.sha256.startswith(one.source.id.rpartition("-")[2])


HOSTILE = {
    "nested divisions": "<div>word " * 20_000,
    "nested tables": "<table><tr><td>word " * 20_000,
    "attributes": "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">word</p>" + "word " * 19_999,
    "unclosed tags": "<p><b><i>word " * 20_000,
    "cells": "<table><tr>" + "<td>word</td>" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_is_read_in_seconds_and_keeps_its_words(name: str) -> None:
    started = time.perf_counter()
    document = read_html("<html><body>" + HOSTILE[name], "hostile.htm")
    assert document.text.count("word") == 20_000
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    "unit",
    [
        "x",
        "word ",
        ". ",
        "[",
        "[a](",
        "**a",
        'A." ',
        "About ",
        "Contact:\n\n",
        "abc-\n",
        "a\t",
        "a   ",
        "Inc. ",
        "1 ",
        "(",
        "On July 31, 2007, ",
        "\n",
        " \n",
    ],
)
def test_hostile_text_is_read_in_seconds(unit: str) -> None:
    started = time.perf_counter()
    read_text("Item 8.01 Other Events\n\n" + unit * (200_000 // len(unit)), "hostile.txt")
    assert time.perf_counter() - started < 10


def megabyte() -> Document:
    paragraph = "Harbor Pharma, Inc. will pay Northwind up to $5 million for NW-101, e.g. on approval. No. 2 is in Phase I. " * 8
    return read_text("# A Headline\n\n" + (paragraph + "\n\n") * (1_000_000 // len(paragraph)), "speed.txt")


def test_reading_takes_a_second_a_megabyte_at_most() -> None:
    started = time.process_time()
    document = megabyte()
    seconds = time.process_time() - started
    assert len(document.text) / seconds > 1_000_000, f"{len(document.text) / seconds / 1e6:.1f} MB/s"
