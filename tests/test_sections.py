"""Blocks in, sections out: each kind, and that no fact is lost to a neighbour that states none."""

from __future__ import annotations

import pytest

from kg.model import Document
from kg.read import read_html, read_text

FORM = """UNITED STATES
SECURITIES AND EXCHANGE COMMISSION
Washington, D.C. 20549

FORM 8-K

CURRENT REPORT

Date of Report (Date of earliest event reported): March 3, 2009

HARBOR PHARMA, INC.
(Exact name of registrant as specified in its charter)

Check the appropriate box below if the Form 8-K filing is intended to satisfy the filing obligation of the registrant.

Item 1.01   Entry into a Material Definitive Agreement

On March 3, 2009, Harbor Pharma, Inc. signed a license with Alder AG. The description in this Item 1.01 is a summary.

ITEM 9.01.  FINANCIAL STATEMENTS AND EXHIBITS

(d) Exhibits
99.1   Press release of March 4, 2009

SIGNATURES

Pursuant to the requirements of the Securities Exchange Act of 1934, the registrant has caused this report to be signed on its behalf.

HARBOR PHARMA, INC.

By: /s/ R. Roe
Date: March 4, 2009
"""

RELEASE = """Exhibit 99.1

NEWS RELEASE

Contact: Rita Roe, Harbor Pharma, (617) 555-0101

Harbor Pharma Licenses Antibody to Alder

Alder to pay $5 million on signing

BOSTON, March 4, 2009 -- Harbor Pharma, Inc. (Nasdaq: HRBR) today announced that it has licensed HB-1 to Alder AG.

What Alder pays

Alder pays $5 million on signing and up to $50 million in milestones. It is to begin a Phase II trial in June.

About Harbor Pharma, Inc.

Harbor Pharma makes antibodies. It was founded in 1999.

About Alder

Alder AG sells medicines in Europe.

This press release contains forward-looking statements. Results may differ materially from what is expected.

The Company undertakes no obligation to update any statement.

HB-1 is a trademark of Harbor Pharma.

# # #

Media Contact:
Rita Roe
rita@harbor.example
+1 617 555 0101
"""


LEAD = """# Harbor Pharma Licenses Antibody to Alder

Harbor Pharma today announced that it has licensed HB-1 to Alder AG in all countries.

"""


def kinds(document: Document) -> list[str]:
    return [section.kind for section in document.sections]


def section_with(document: Document, words: str) -> str:
    """Name the kind of the section in which a sentence holds some words."""
    (kind,) = {document.section_of(sentence).kind for sentence in document.sentences if words in sentence.text}
    return kind


def test_a_report() -> None:
    document = read_text(FORM, "a.txt")
    assert kinds(document) == ["cover", "item", "item", "signature"]
    assert [section.title for section in document.sections[1:3]] == [
        "Item 1.01 Entry into a Material Definitive Agreement",
        "Item 9.01 FINANCIAL STATEMENTS AND EXHIBITS",
    ]
    assert document.title == "Item 1.01 Entry into a Material Definitive Agreement"
    assert [section.is_factual for section in document.sections] == [False, True, True, False]


def test_a_release() -> None:
    document = read_text(RELEASE, "a.txt")
    assert kinds(document) == ["exhibit", "headline", "dateline", "body", "about", "about", "safe_harbour", "body", "contact"]
    assert [sentence.text for sentence in document.sentences if document.section_of(sentence).kind == "dateline"] == [
        "BOSTON, March 4, 2009 --"
    ]
    assert [section.title for section in document.sections if section.kind == "about"] == ["Harbor Pharma, Inc.", "Alder"]
    assert document.title == "Harbor Pharma Licenses Antibody to Alder"


def test_a_report_followed_by_its_exhibit() -> None:
    document = read_text(FORM + "\n" + RELEASE, "a.txt")
    assert kinds(document)[:6] == ["cover", "item", "item", "signature", "exhibit", "headline"]
    assert document.sections[4].title == "Exhibit 99.1"
    assert section_with(document, "up to $50 million") == "body"
    assert document.title == "Harbor Pharma Licenses Antibody to Alder"


def test_a_release_set_right_behind_an_item() -> None:
    text = RELEASE.partition("Harbor Pharma Licenses")
    document = read_text(
        "Item 9.01 Exhibits\n\n(d) The following exhibit is filed:\n For Immediate Release\n\n" + "".join(text[1:]), "a.txt"
    )
    assert kinds(document)[:5] == ["item", "exhibit", "headline", "dateline", "body"]


def test_a_release_behind_an_item_that_nothing_announces() -> None:
    document = read_text(
        "Item 8.01 Other Events\n\nThe release follows.\n\n" + "".join(RELEASE.partition("Harbor Pharma Licenses")[1:]), "a.txt"
    )
    assert kinds(document)[:4] == ["item", "headline", "dateline", "body"]


@pytest.mark.parametrize(
    ("heading", "title", "why"),
    [
        ("ITEM 8.01  OTHER EVENTS", "Item 8.01 OTHER EVENTS", "capitals"),
        ("Item 5. Other Events.", "Item 5 Other Events", "the old count"),
        ("item 7.01 - Regulation FD Disclosure", "Item 7.01 Regulation FD Disclosure", "small letters and a dash"),
        ("Item 8.01.\n\nOther Events", "Item 8.01 Other Events", "the title on a line of its own"),
        ("Item 5: Other Events. On May 5 the parties met.", "Item 5 Other Events", "a run-in heading"),
        ("Item 8.01   |   Other Events", "Item 8.01 Other Events", "a heading in a table"),
        ("Item 5.02(b) Departure of Directors", "Item 5.02 Departure of Directors", "with a letter"),
    ],
)
def test_items(heading: str, title: str, why: str) -> None:
    document = read_text(f"{heading}\n\nHarbor Pharma has paid the fee to Alder.", "a.txt")
    assert document.sections[0].kind == "item", why
    assert document.sections[0].title == title, why


@pytest.mark.parametrize(
    "sentence",
    [
        "Item 1.01 of this report is repeated here by reference.",
        "Item 42 Screws and Nails for the Laboratory",
        "Items of value were sold to Alder.",
    ],
)
def test_no_items(sentence: str) -> None:
    document = read_text(f"Item 8.01 Other Events\n\n{sentence}", "a.txt")
    assert len(document.sections) == 1


def test_a_table_of_contents_belongs_to_the_cover() -> None:
    cover, items = FORM.split("Item 1.01", 1)
    contents = "TABLE OF CONTENTS\n\nItem 1.01 Entry into a Material Definitive Agreement\n\nItem 9.01 Exhibits\n\nSIGNATURE\n\n"
    document = read_text(cover + contents + "Item 1.01" + items, "a.txt")
    assert kinds(document) == ["cover", "item", "item", "signature"]


@pytest.mark.parametrize(
    ("paragraph", "kind", "why"),
    [
        ("This press release includes forward-looking statements. They may prove wrong.", "safe_harbour", "the usual beginning"),
        ("Except for the historical information herein, what is said here involves risks and uncertainties.", "safe_harbour", "another"),
        ("Certain statements in this report are forward-looking, and events may differ.", "safe_harbour", "another"),
        ("Safe Harbor Statement: words such as plan identify them. Risks are many.", "safe_harbour", "a run-in heading"),
        ("Note on forward-looking statements. This release speaks of the future and its risks.", "safe_harbour", "a run-in heading"),
        ("“We like our forward-looking approach to the trial,” said Roe, who runs it.", "body", "a quotation"),
        ("Harbor Pharma paid $5 million. Results may differ materially in June.", "body", "a fact first: when unsure, body"),
        ("In the past year Harbor excluded costs that its historical statements of account had held.", "body", "accounts are no caution"),
        ("Herceptin is a registered trademark of Genentech.", "body", "a trademark notice states who owns it"),
        ("About half of the patients in the trial of HB-1 were women.", "body", "a sentence that begins with About"),
        ("About 7,000 people have the disease for which HB-1 is meant.", "body", "or with About and a number"),
        ("About the Company. Harbor Pharma makes antibodies.", "about", "a run-in About"),
        ("About Harbor Pharma: Harbor Pharma makes antibodies.", "about", "with a colon"),
        ("Contact: Rita Roe, rita@harbor.example", "contact", "a contact in one line"),
        ("Contact DetailsBenzinga +1 877-555-0164", "contact", "a wire that lost its line end"),
        ("Contact with the virus is what HB-1 is to prevent.", "body", "a sentence that begins with Contact"),
        ("General practitioners will prescribe HB-1 from June.", "body", "a sentence that begins as a contact may"),
        ("This post contains sponsored content.", "boilerplate", "an advertisement"),
        ("View source version on newsdirect.com: https://newsdirect.example/1", "boilerplate", "a link to the source"),
        ("Benzinga is a leading financial media and data provider.", "boilerplate", "the wire on itself"),
        ("The post Harbor Pays appeared first on citybiz.", "boilerplate", "a syndicator"),
        ("NOTE TO INVESTORS: news of HRBR is at https://ibn.example/HRBR", "boilerplate", "a wire's note"),
        ("Pickup - https://pickup.example/news", "boilerplate", "who took the story over"),
        ("This content was originally published on the site of a broker.", "boilerplate", "a page's word on its source"),
        ("This announcement shall not constitute an offer to sell any securities of Harbor.", "boilerplate", "no offer"),
        ("Disclaimers: PitchCo is not a licensed broker. PitchCo has been compensated by Harbor.", "boilerplate", "a promoter"),
        ("PitchCo was paid by Harbor to write this for informational purposes.", "boilerplate", "a promoter without a title"),
        ("Harbor has been paid $5 million by Alder under the license.", "body", "a payment is no promoter's word"),
        ("For media inquiries about Harbor: +1 617 555 0101", "contact", "who is to be asked"),
        ("Harbor Pharma’s Contact: Rita Roe, rita@harbor.example", "contact", "the company first"),
        ("ContactRita Roe, rita@harbor.example", "contact", "its line end lost"),
    ],
)
def test_single_paragraphs(paragraph: str, kind: str, why: str) -> None:
    document = read_text(f"{LEAD}{paragraph}\n\nThe fee of $5 million is paid by Alder on signing of the agreement.", "a.md")
    assert section_with(document, paragraph.split(". ")[0][:20]) == kind, why
    assert section_with(document, "The fee of $5 million") in ("body", "about"), "a fact behind it is not lost"


def test_a_headed_safe_harbour_runs_to_the_next_heading() -> None:
    text = (
        f"{LEAD}Forward-looking statements\n\nSome sentences above speak of the future.\n\nThey involve, among others, these risks:\n\n"
        "• trials may fail;\n\n• partners may leave.\n\n"
        "The Company undertakes no obligation to update them.\n\nAbout HB-1\n\nHB-1 is an antibody."
    )
    document = read_text(text, "a.md")
    assert kinds(document) == ["headline", "body", "safe_harbour", "about"]


def test_a_safe_harbour_at_the_top_does_not_swallow_the_news() -> None:
    text = (
        "# Harbor Pharma Licenses Antibody to Alder\n\nForward-looking statements\n\nThis release contains forward-looking statements.\n\n"
        "Harbor Pharma has licensed HB-1 to Alder AG.\n\nAlder pays $5 million.\n\n"
        "The trial begins in June.\n\nResults may differ materially."
    )
    assert section_with(read_text(text, "a.md"), "Alder pays $5 million.") == "body"


def test_contacts_at_the_top_do_not_swallow_the_headline() -> None:
    document = read_text(RELEASE, "a.txt")
    assert section_with(document, "Alder to pay $5 million on signing") == "headline"
    assert section_with(document, "Contact: Rita Roe, Harbor") == "exhibit"


def test_a_wires_words_on_itself_run_to_the_end() -> None:
    text = (
        "# Harbor Pharma Pays\n\nHarbor Pharma has licensed HB-1 to Alder AG.\n\nAbout Harbor Pharma\n\nIt makes antibodies.\n\n"
        "About InvestorWire\n\nInvestorWire is a platform for wire-grade press releases with wide reach.\n\nIt is one of 60 brands.\n\n"
        "---\n\n[Original release](https://example.org/1)"
    )
    assert kinds(read_text(text, "a.md")) == ["headline", "body", "about", "boilerplate"]


@pytest.mark.parametrize(
    ("line", "headings"),
    [
        ("About HARBORHARBOR is a company that makes antibodies.", ["About HARBOR"]),
        ("Ask at www.harbor.example.About Harbor Pharma Harbor Pharma makes antibodies.", ["About Harbor Pharma"]),
        ("The trial began. About the Alder FundThe Alder Fund pays. About Harbor Harbor earns.", ["About the Alder Fund", "About Harbor"]),
        ("The trial began.About HB-1 (harborumab)Harbor is developing HB-1.", ["About HB-1 (harborumab)"]),
        ("About Late-Onset ALS ALS is a disease of nerves.", ["About Late-Onset ALS"]),
        (
            "See www.harbor.example.Forward-Looking StatementsThis release contains forward-looking statements.",
            ["Forward-Looking Statements"],
        ),
        ("We said so. About Harbor we said nothing, for Harbor is our own.", []),
        ("They asked about About Time and About Face in the trial.", []),
    ],
)
def test_line_ends_that_a_wire_lost_around_headings(line: str, headings: list[str]) -> None:
    for document in (
        read_text(f"{LEAD}{line}\n", "a.md"),
        read_html(f"<h1>Harbor Licenses</h1><p>Harbor licensed.</p><p>{line}</p>", "a.htm"),
    ):
        found = [
            sentence.text for sentence in document.sentences if sentence.text.startswith(("About", "Forward")) and sentence.text[-1] != "."
        ]
        assert found == headings
        assert all(sentence.text in sentence.span.of(document.text) for sentence in document.sentences)
        assert sum(kind in ("about", "safe_harbour") for kind in kinds(document)) == len(headings)


def test_a_long_subtitle_stands_above_the_dateline() -> None:
    subtitle = (
        "Alder is to pay $5 million on signing, and up to $50 million as trials of HB-1 in ovarian and in breast cancer reach their ends"
    )
    document = read_text(
        f"# Harbor Pharma Licenses Antibody to Alder\n\n{subtitle}\n\n* A trial begins in June\n\n"
        "BOSTON, MA - March 4, 2009 (NEWSWIRE) - Harbor Pharma today announced that it has licensed HB-1 to Alder AG.\n",
        "a.md",
    )
    assert kinds(document) == ["headline", "dateline", "body"]
    assert str(document.published) == "2009-03-04"


def test_an_exhibit_index_keeps_its_lines() -> None:
    document = read_text(FORM + "\nEXHIBIT INDEX\n\nExhibit No.   Description\n\n99.1   Press release of March 4, 2009\n", "a.txt")
    assert kinds(document)[-2:] == ["signature", "exhibit"]


def test_a_text_without_any_mark_is_body() -> None:
    document = read_text("Harbor Pharma paid.", "a.txt")
    assert kinds(document) == ["body"]
    assert document.title == ""


@pytest.mark.parametrize(
    ("named", "form"),
    [("FORM 8-K", "8-K"), ("FORM 8-K/A", "8-K/A"), ("Form 8-K\n\n(Amendment No. 1)", "8-K/A"), ("FORM 6-K", "6-K")],
)
def test_the_form_is_read_from_the_cover_of_a_filing_saved_without_its_header(named: str, form: str) -> None:
    assert read_text(FORM.replace("FORM 8-K", named, 1), "a.txt").source.form_type == form


def test_a_release_has_no_form() -> None:
    assert read_text(RELEASE + "\nSee our Form 8-K of March 4, 2009.\n", "a.txt").source.form_type is None
