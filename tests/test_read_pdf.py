"""PDFs in, their text out: lines, paragraphs, columns, page breaks, hyphens, and clear words about what cannot be read."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pypdfium2
import pytest

from kg.errors import ReadError
from kg.read import read, read_bytes
from kg.read.pdf import MAX_PAGES, pdf_text

Piece = tuple[float, float, float, str]  # left, bottom, size of the font, text

RELEASE: list[Piece] = [
    (72, 740, 10, "Exhibit 99.1"),
    (72, 700, 18, "Harborview Bio Licenses HVB-101 to Alderton"),
    (72, 660, 12, "BOSTON, March 4, 2019 -- Harborview Bio, Inc. (Nasdaq: HVBX) today said that it"),
    (72, 646, 12, "has granted Alderton AG an exclusive license to develop HVB-101, which is a HER2-"),
    (72, 632, 12, "targeting antibody-drug conjugate, in all countries of the world but Japan."),
    (72, 604, 12, "Alderton will pay $5 million on signing, and up to $200 million on development and"),
    (72, 590, 12, "regulatory milestones."),
    (72, 562, 12, "Upfront payment"),
    (320, 562, 12, "$5 million"),
    (72, 548, 12, "Milestones"),
    (320, 548, 12, "up to $200 million"),
]


def pdf(*pages: list[Piece], meaning: str = "") -> bytes:
    """Write a PDF of Helvetica, as small as one can be; meaning: what the letter "~" stands for."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    if meaning:
        table = f"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <7E> <{meaning.encode('utf-16-be').hex()}> endbfchar"
        objects[2] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R >>"
        objects.append(f"<< /Length {len(table)} >>\nstream\n{table}\nendstream")
    kids = []
    for page in pages:
        shown = "".join(f"BT /F {size} Tf {left} {bottom} Td ({text}) Tj ET\n" for left, bottom, size, text in page)
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}endstream")
        contents = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {contents} 0 R /Resources << /Font << /F 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = "%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    return (out + f"startxref\n{out.index('xref')}\n%%EOF\n").encode("latin-1")


def test_a_release_is_read_as_it_is_set(tmp_path: Path) -> None:
    path = tmp_path / "release.pdf"
    path.write_bytes(pdf(RELEASE))
    (document,) = read(path).documents
    assert document.source.kind == "pdf"
    assert [(document.section_of(sentence).kind, sentence.text) for sentence in document.sentences] == [
        ("exhibit", "Exhibit 99.1"),
        ("headline", "Harborview Bio Licenses HVB-101 to Alderton"),
        ("dateline", "BOSTON, March 4, 2019 --"),
        (
            "body",
            "Harborview Bio, Inc. (Nasdaq: HVBX) today said that it has granted Alderton AG an exclusive license to develop HVB-101, which"
            " is a HER2-targeting antibody-drug conjugate, in all countries of the world but Japan.",
        ),
        ("body", "Alderton will pay $5 million on signing, and up to $200 million on development and regulatory milestones."),
        ("body", "Upfront payment $5 million"),
        ("body", "Milestones up to $200 million"),
    ]
    assert str(document.published) == "2019-03-04" and document.tickers == (("Nasdaq", "HVBX"),)
    for sentence in document.sentences:
        assert all(document.text[at] == char or char == " " for char, at in zip(sentence.text, sentence.offsets, strict=True))


def test_a_sentence_goes_on_over_a_page() -> None:
    first = [(72, 100, 12, "Harborview develops HVB-101 with Alderton AG, which pays for all of the trials and for"), (300, 40, 10, "1")]
    second = [(72, 740, 12, "the manufacture of the antibody. The first patient is expected in 2020."), (300, 40, 10, "2")]
    (document,) = read_bytes(pdf(first, second), "a.pdf").documents
    assert "for all of the trials and for the manufacture of the antibody." in document.sentences[0].text


def test_columns_stay_in_their_order() -> None:
    left = [(72, 700 - 14 * n, 12, f"left {n} is a line of the first column") for n in range(4)]
    right = [(330, 700 - 14 * n, 12, f"right {n} is a line of the second") for n in range(4)]
    text = pdf_text(pdf([*left, *right]), "a.pdf").text
    places = [text.index(f"{side} {n}") for side in ("left", "right") for n in range(4)]
    assert places == sorted(places)


def test_letters_beyond_the_first_plane_are_whole() -> None:
    text = pdf_text(pdf([(72, 700, 12, "HVB-101 is written ~ by some.")], meaning="\U0001d400"), "a.pdf").text
    assert text == "HVB-101 is written \U0001d400 by some."


def test_a_headline_on_two_lines_is_one_block() -> None:
    headline = [
        (72, 700, 20, "Harborview Bio Licenses HVB-101, an Antibody-Drug"),
        (72, 676, 20, "Conjugate for Breast Cancer, to Alderton"),
    ]
    (document,) = read_bytes(pdf([*headline, *RELEASE[2:]]), "a.pdf").documents
    assert document.title == "Harborview Bio Licenses HVB-101, an Antibody-Drug Conjugate for Breast Cancer, to Alderton"


def test_the_wide_spaces_of_a_narrow_column_are_no_columns() -> None:
    lines = [["Alderton", "will", "pay"], ["Harborview", "five", "million"], ["dollars", "on", "signing"]]
    pieces: list[Piece] = []
    for number, words in enumerate(lines):
        left = 72.0
        for word in words:
            pieces.append((left, 700 - 14 * number, 12, word))
            left += width(word) + 19  # a gap of 1.6 times the font's size
    assert "Alderton will pay\nHarborview five million\ndollars on signing" in pdf_text(pdf(pieces), "a.pdf").text


def width(word: str) -> float:
    """Measure a word set in Helvetica of 12 points."""
    with pypdfium2.PdfDocument(pdf([(72, 700, 12, word)])) as document:
        page = document[0].get_textpage()
        assert page.count_rects() == 1
        left, _, right, _ = page.get_rect(0)
    return right - left


def test_letters_are_those_of_the_library_in_its_order() -> None:
    data = pdf(RELEASE, RELEASE[::-1])
    with pypdfium2.PdfDocument(data) as document:
        expected = "".join(page.get_textpage().get_text_range() for page in document)
    kept = [char for char in pdf_text(data, "a.pdf").text if char.isalnum()]
    assert kept == [char for char in expected if char.isalnum()]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4 and nothing else", "damaged"),
        (pdf(RELEASE)[:300], "damaged"),
        (pdf([], []), "2 pages of pictures"),
        (pdf(RELEASE).replace(b"/Type /Page ", b"/Type /Nope "), "damaged: none of its 1 pages can be opened"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=rf"^a\.pdf: .*{reason}"):
        read_bytes(data, "a.pdf")


def test_pages_without_text_are_an_issue() -> None:
    (document,) = read_bytes(pdf(RELEASE, [], RELEASE), "a.pdf").documents
    assert [issue.problem for issue in document.issues] == ["pages without text, pictures it seems: 2"]


def test_pages_that_cannot_be_opened_are_an_issue() -> None:
    data = pdf(RELEASE, RELEASE)
    last = data.rindex(b"/Type /Page ")
    (document,) = read_bytes(data[:last] + data[last:].replace(b"/Type /Page ", b"/Type /Nope ", 1), "a.pdf").documents
    assert [issue.problem for issue in document.issues] == ["pages that cannot be opened: 2"]


def test_too_many_pages_are_refused_soon() -> None:
    start = time.process_time()
    with pytest.raises(ReadError, match="2,001 pages"):
        pdf_text(pdf(*[[]] * (MAX_PAGES + 1)), "a.pdf")
    assert time.process_time() - start < 10


@pytest.mark.parametrize("seed", range(20))
def test_damaged_pdfs_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(pdf(RELEASE, RELEASE))
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(5, len(data))] = chance.randrange(256)
    try:
        assert pdf_text(bytes(data), "a.pdf").text
    except ReadError as fault:
        assert str(fault).startswith("a.pdf: ")
