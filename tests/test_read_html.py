"""Markup in, stored text out."""

from __future__ import annotations

import pytest

from kg.errors import ReadError
from kg.read import read_html
from kg.read.html import html_to_text

CASES = [
    ("<p>One.</p><p>Two.</p>", "One.\n\nTwo.\n", "paragraphs"),
    ("<div>One.<div>Two.</div>Three.</div>", "One.\n\nTwo.\n\nThree.\n", "text between nested divisions"),
    ("<p>One<br>two</p>", "One\ntwo\n", "a line end"),
    ("<p>One<br><br>two</p>", "One\n\ntwo\n", "two of them part paragraphs"),
    ("<p>trast<b>uzu</b>mab&nbsp;and\n  more</p>", "trastuzumab and more\n", "inline tags do not break words; white space collapses"),
    (
        "<p>A</p><script>x()</script><style>p{}</style><p style='display: none'>B</p><p hidden>C</p><p>D</p>",
        "A\n\nD\n",
        "what is not shown",
    ),
    (
        "<p>A</p><div style='display:none'><p>B</p></div><p>C</p><div style='DISPLAY: none'><p>D</p><b>E</b></div>F<p hidden>G<i>H</i></p>"
        "<p style='visibility:hidden'>I<b>J</b></p><p>K</p>",
        "A\n\nC\n\nF\n\nK\n",
        "nor are the parts behind the first that is not, whatever they hold",
    ),
    (
        "<div style='display:none'><ix:header><ix:hidden>x</ix:hidden></ix:header></div><p>A</p><div style='display:none'><p>B</p></div>",
        "A\n",
        "the header of inline XBRL, and another part that is not shown",
    ),
    (
        "<div style='display:none'><ix:header><ix:hidden>x</ix:hidden></ix:header><p>B</p></div><p>A</p>",
        "A\n",
        "words behind that header",
    ),
    ("<ul><li>One</li><li><p>Two</p></li></ul>", "• One\n\n• Two\n", "items"),
    (
        "<table><tr><td>Name</td><td>Stage</td></tr><tr><td>NW-1</td><td>II</td></tr></table>",
        "Name   |   Stage\nNW-1   |   II\n",
        "rows in order",
    ),
    (
        "<table><tr><td>Fee</td><td>$</td><td>5,000</td><td></td><td>(3</td><td>)%</td></tr></table>",
        "Fee   |   $5,000   |   (3)%\n",
        "split figures",
    ),
    ("<table><tr><td>•</td><td>Item text.</td></tr></table>", "• Item text.\n", "a bullet in a cell of its own"),
    ("<table><tr><td>(i)</td><td>Item text.</td></tr></table>", "(i) Item text.\n", "and a number"),
    ("<table><tr><td><p>Dear holder,</p><p>we paid.</p></td></tr></table>", "Dear holder,\n\nwe paid.\n", "one cell that holds the letter"),
    (
        "<table><tr><td><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></td><td>e</td></tr></table>",
        "a   |   b\nc   |   d\n\ne\n",
        "a table in a cell",
    ),
    (
        "<p>&#147;DM1&#148; &#150; p &lt; 0.05 &amp; n < 5</p>",
        "“DM1” \u2013 p < 0.05 & n < 5\n",
        "entities of old filings, and a sign that is no tag",
    ),
    ("<p>Probody<sup>TM</sup> and NW<sup>2</sup></p>", "Probody™ and NW2\n", "a raised TM is a sign"),
    ("<pre>a  b\nc</pre>", "a  b\nc\n", "set text keeps its lines"),
    ("<p>Name&nbsp;&nbsp;&nbsp;&nbsp;Stage</p>", "Name    Stage\n", "runs of no-break spaces are columns"),
    ("<h1>Title</h1>Text", "Title\n\nText\n", "headings"),
    ("<p>One.<p>Two.", "One.\n\nTwo.\n", "unclosed tags"),
    (
        "<body><ix:header><ix:hidden><ix:nonNumeric>false</ix:nonNumeric></ix:hidden></ix:header>"
        "<p>FORM <ix:nonNumeric name='dei:DocumentType'>8-K</ix:nonNumeric></p></body>",
        "FORM 8-K\n",
        "inline XBRL: tags transparent, header gone",
    ),
    ("<p>a\ud800b&#xD800;</p>", "a\ufffdb\ufffd\n", "lone surrogates"),
]


@pytest.mark.parametrize(("markup", "text", "why"), CASES)
def test_markup_becomes_text(markup: str, text: str, why: str) -> None:
    assert html_to_text(f"<html><body>{markup}") == text, why


def test_a_long_cell_is_a_page_not_a_table() -> None:
    letter = "Harbor pays a fee. " * 60
    text = html_to_text(f"<table><tr><td>Menu</td><td><p>{letter}</p><p>End.</p></td></tr></table>")
    assert text.split("\n\n") == ["Menu", letter.strip(), "End.\n"]


def test_words_20_000_deep_are_kept() -> None:
    text = html_to_text("<div>" * 20_000 + "word")
    assert text == "word\n"


def test_a_page_without_text_is_an_error() -> None:
    with pytest.raises(ReadError, match=r"a\.htm: has no text"):
        read_html("<html><body><img src='x.gif'></body></html>", "a.htm")


def test_a_row_is_one_sentence_and_wrapped_lines_are_joined() -> None:
    document = read_html("<p>Harbor paid<br>the fee.</p><table><tr><td>NW-1</td><td>Phase II</td></tr></table>", "a.htm")
    assert [sentence.text for sentence in document.sentences] == ["Harbor paid the fee.", "NW-1 | Phase II"]


def test_bytes_are_decoded() -> None:
    assert read_html("<p>Genève</p>".encode("cp1252"), "a.htm").text == "Genève\n"
