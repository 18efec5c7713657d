"""Constructions of paper in, sentences and sections out: page breaks, running heads, footnotes, covers, contacts, schedules, issuers."""

from __future__ import annotations

import pytest

from kg.model import Document
from kg.read import read_html, read_text


def told(document: Document) -> list[str]:
    return [sentence.text for sentence in document.sentences]


def kind_of(document: Document, words: str) -> str:
    (kind,) = {document.section_of(sentence).kind for sentence in document.sentences if words in sentence.text}
    return kind


PAGE = "\n\n{foot}\n\n<PAGE>\n\n{head}\n\n"
FIRST = "Harbor Pharma pays Alder for all of the trials that it begins in Europe"


@pytest.mark.parametrize(
    ("text", "sentence", "why"),
    [
        (f"{FIRST} and\n\n2\n<PAGE>\n\nin the United States.", f"{FIRST} and in the United States.", "a page's number"),
        (f"(a) {FIRST} and the\n\n2\n<PAGE>\n\nJapan Territory, which the parties to the agreement may extend by a year.",
         f"(a) {FIRST} and the Japan Territory, which the parties to the agreement may extend by a year.", "a numbered paragraph"),
        (f"{FIRST} and\n\n(more)\n\n<PAGE>\n\nHarbor Reports\n\nMay 5, 2005\n\nin Japan.", None, "heads that stand there only once"),
        (f"{FIRST} (as\n\nExhibit 10.1 to its report says).", f"{FIRST} (as Exhibit 10.1 to its report says).", "an unfinished clause"),
        ("The costs are devel-\nopment costs.\n\nThe development is long.", "The costs are development costs.", "a broken word"),
        (f"{FIRST} of huC242-\n\n3\n\n<PAGE>\n\nDM4 in Europe.", None, "a name begins as headings do"),
    ],
)  # fmt: skip
def test_page_breaks(text: str, sentence: str | None, why: str) -> None:
    document = read_text(text, "a.txt")
    assert (sentence in told(document)) if sentence else len(document.sentences) > 1, why


def test_a_page_break_does_not_swallow_an_item() -> None:
    document = read_text(f"FORM 8-K\n\nCURRENT REPORT\n\n{FIRST}\n\n____________\n\nItem 5.03. Amendments\n\nHarbor did.", "a.txt")
    assert kind_of(document, "Harbor did") == "item"


def test_running_heads_stand_in_no_sentence() -> None:
    pages = [
        f"{FIRST} and in part {number} of" + PAGE.format(foot=number, head="HARBOR PHARMA, INC.") + "the plan." for number in range(1, 6)
    ]
    document = read_text("\n\n".join(pages), "a.txt")
    assert f"{FIRST} and in part 3 of the plan." in told(document)


@pytest.mark.parametrize(
    ("markup", "sentence", "why"),
    [
        ("<p>Harbor owns huC242<sup>1</sup>dm.", "Harbor owns huC2421dm.", "part of a name stays"),
        ("<p>Harbor owns ansamitocin<sup>1</sup>.", "Harbor owns ansamitocin.", "the number of a footnote goes"),
        ("<p>It has paid $100<sup>2</sup> million.", "It has paid $100 million.", "lest a hundred become a thousand"),
        ("<p>A dose of 10<sup>6</sup> cells.", "A dose of 10\u2076 cells.", "a power of ten stays raised"),
        ("<p>With <sup>177</sup>Lu at 5 mg/m<sup>2</sup>.", "With 177Lu at 5 mg/m2.", "isotopes and units stay"),
        ("<p>Probody<sup>TM</sup> is a mark.", "Probody\u2122 is a mark.", "a raised sign is its sign"),
        ("<table><tr><td>99<td>.1<td>Release</tr></table>", "99.1 | Release", "numbers aligned by their point"),
        ("<table><tr><td>Fee<td>$<td>5<td>)<td>%</tr></table>", "Fee | $5)%", "cells that belong together"),
        ("<p>Seen.</p><p hidden>No.</p><p style='display: none'>No.</p><p style='VISIBILITY:HIDDEN'>No.</p>", "Seen.", "hidden text"),
        ("<ix:header><ix:hidden>No.</ix:hidden></ix:header><p>It is <ix:nonNumeric>seen</ix:nonNumeric>.", "It is seen.", "inline XBRL"),
        ("<p>p &lt; 0.05 (p < 0.05)", "p < 0.05 (p < 0.05)", "a sign that opens no tag"),
        ("<p>A&#147;B&#148;&nbsp;&amp;&#x2013;C", "A\u201cB\u201d &\u2013C", "references, those of Windows-1252 with them"),
    ],
)  # fmt: skip
def test_markup(markup: str, sentence: str, why: str) -> None:
    assert told(read_html(f"<html><body>{markup}</body></html>", "a.htm")) == [sentence], why


COVER = "FORM 8-K\n\nCURRENT REPORT\n\nHARBOR PHARMA, INC.\n\n(Exact name of registrant as specified in its charter)\n\n"


def test_a_note_before_the_first_item_is_read() -> None:
    document = read_text(COVER + "Introductory Note\n\nOn May 3, 2005 Harbor bought Alder.\n\nItem 2.01 Completion\n\nIt did.", "a.txt")
    assert kind_of(document, "bought Alder") == "body"
    assert document.issuer == "HARBOR PHARMA, INC."


def test_a_schedule_behind_the_signatures_is_read() -> None:
    schedule = "Harbor Pharma shall pay Alder five million dollars within thirty days of the first dose that a patient is given in a trial."
    document = read_text(COVER + f"Item 1.01 Entry\n\nIt did.\n\nSIGNATURES\n\nBy: /s/ R. Roe\n\nSchedule A\n\n{schedule}", "a.txt")
    assert kind_of(document, "five million") == "body"
    assert kind_of(document, "R. Roe") == "signature"


def test_a_contact_above_a_headline_is_none() -> None:
    text = "Exhibit 99.1\n\nContact:\n\nRita Roe\n\nHarbor Pharma\n\n(617) 555-0101\n\nHARBOR LICENSES HB-1 TO ALDER\n\n"
    document = read_text(text + "BOSTON, May 5, 2005 -- Harbor Pharma, Inc. (Nasdaq: HRBR) today said that it has licensed HB-1.", "a.txt")
    assert document.title == "HARBOR LICENSES HB-1 TO ALDER"
    assert (document.issuer, document.tickers) == ("Harbor Pharma, Inc.", (("Nasdaq", "HRBR"),))


REST = "Harbor Pharma, Inc. today said that it has licensed its antibody HB-1 in full to Alder AG."


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("BOSTON, May 5, 2005 /PRNewswire/ -- Harbor Pharma today said that it has licensed its antibody HB-1 to Alder.",
         "BOSTON, May 5, 2005 /PRNewswire/ --"),
        ("CAMBRIDGE, Mass.--(BUSINESS WIRE)--May 5, 2005-- Harbor Pharma today said that it has licensed its antibody HB-1 to Alder.",
         "CAMBRIDGE, Mass.--(BUSINESS WIRE)--May 5, 2005--"),
        ("May 5, 2005 - BOSTON, MA - Harbor Pharma today said that it has licensed its antibody HB-1 in full to Alder AG.",
         "May 5, 2005 - BOSTON, MA -"),
        ("SAN JOSE, Calif., May 5 /PRNewswire-FirstCall/ -- Harbor Pharma today said that it has licensed its antibody HB-1 to Alder.",
         "SAN JOSE, Calif., May 5 /PRNewswire-FirstCall/ --"),
        ("Miami, Florida (Newsworthy.ai) Tuesday May 5, 2005 @ 8:00 AM Eastern \u2014 " + REST,
         "Miami, Florida (Newsworthy.ai) Tuesday May 5, 2005 @ 8:00 AM Eastern \u2014"),
        ("May 5, 2005 -- Boston, MA -- Harbor Pharma, Inc. today said that it has licensed its antibody HB-1 in full to Alder AG.",
         "May 5, 2005 -- Boston, MA --"),
        ("Calgary, Alberta, Canada May 5, 2005. Harbor Pharma, Inc. today said that it has licensed its antibody HB-1 in full to Alder.",
         "Calgary, Alberta, Canada May 5, 2005."),
        ("BASEL & BOSTON\u2013(BUSINESS WIRE)\u2013" + REST,
         "BASEL & BOSTON\u2013(BUSINESS WIRE)\u2013"),
        ("Harbor Pharma earned its fee on May 5, 2005. The partner, Alder AG of Basel, has paid five million dollars for it.", None),
        ("BOSTON...MAY 5, 2005...Harbor Pharma today said that it has licensed its antibody HB-1 in full to Alder AG of Basel.",
         "BOSTON...MAY 5, 2005..."),
        ("On May 5, 2005 - the day of signing - Harbor Pharma said that it has licensed its antibody HB-1 in full to Alder AG.", None),
        ("In the year that ended on May 5, 2005 - a good one - Harbor Pharma licensed its antibody HB-1 in full to Alder AG.", None),
    ],
)  # fmt: skip
def test_datelines(line: str, dateline: str | None) -> None:
    document = read_text(f"# Harbor Licenses HB-1\n\n{line}", "a.md")
    found = [s.text for s in document.sentences if document.section_of(s).kind == "dateline"]
    assert found == ([dateline] if dateline else [])
    assert "".join(told(document)).replace(" ", "").endswith(line.replace(" ", ""))


@pytest.mark.parametrize(
    ("lead", "issuer"),
    [
        ("Shares of Harbor Pharma Inc (Nasdaq: HRBR) rose today.", "Harbor Pharma Inc"),
        ("Norway-based Harbor Pharma announced a deal today.", "Harbor Pharma"),
        ("HP-1062, an antibody, is in a trial.", None),
        ("Chemotherapy is a hard treatment.", None),
        ("Unfortunately, the trial is late.", None),
    ],
)
def test_who_speaks_is_a_company(lead: str, issuer: str | None) -> None:
    assert read_text(f"Harbor News\n\n{lead}", "x.txt").issuer == issuer
