"""Blocks in, sentences out: where they are cut, where not, and that nothing is lost or moved."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Document
from kg.read import read_html, read_text
from kg.read.sentences import MAX_SENTENCE

WHOLE = [
    ("Harbor Pharma, Inc. (Nasdaq: HRBR) paid.", "a company's suffix before a bracket"),
    ("The fee goes to Northwind Bio, Inc. of Boston.", "before a lower-case word"),
    ("It was founded as Northwind Inc. Holdings in May.", "before a name that goes on"),
    ("Merck & Co., Inc. and Alder Co. Ltd. are partners.", "two suffixes in a row"),
    ("Alder S.r.l. and Birch S.p.A. agreed.", "European forms"),
    ("The U.S. Food and Drug Administration cleared NW-101.", "an abbreviated country before a name"),
    ("The trial is No. 1 of two.", "a number"),
    ("Case Nos. 12 and 13 were closed.", "several"),
    ("Said Ruth Okafor, Ph.D. Chief Medical Officer of Harbor.", "a degree before a title"),
    ("Dr. Lee and Ms. Roe joined.", "titles"),
    ("Jane M. Doe signed.", "an initial"),
    ("H.C. Wainwright advised.", "initials"),
    ("It compared NW-101 vs. Harbor's own.", "versus"),
    ("Some partners, i.e. Harbor, and others, e.g. Alder, pay.", "Latin"),
    ("It costs approx. $8 million.", "approx. before money"),
    ("It rose by 3.5 percent to $1.25 billion.", "decimals"),
    ("It has a site in St. Paul.", "Saint"),
    ("It began on Jan. 5 and ended in Dec. 2004.", "months before a number"),
    ("Item 5. Other Events", "an Item and its title"),
    ("1. Financial Performance", "a number of a list"),
    ("(a) Exhibits are attached.", "a letter of a list"),
    ("“Will it work?” asked Roe.", "a question inside a sentence"),
    ("“We are glad,” said Roe. ", "a comma inside the quote"),
    ("Yahoo! Inc. is no partner.", "a name with an exclamation mark"),
    ("CAMBRIDGE, Mass. \u2013 Harbor paid.", "a state before a dash"),
    ("Silverman LR, et al. Randomized study of drugs.", "a reference"),
]

CUT = [
    ("The fee goes to Northwind Bio, Inc. The parties agreed in May.", 2, "a suffix, then a word that plainly begins a sentence"),
    ("The fee goes to Northwind Bio, Inc. Harbor Pharma will pay it.", 2, "a suffix, then a name and a verb"),
    ("It is sold in the U.S. In Europe it is not.", 2, "a country, then a starter"),
    ("The trial is in the U.S. We expect data.", 2, "the same with We"),
    ("She holds a Ph.D. He does not.", 2, "a degree, then a starter"),
    ("They saw hepatitis B. In May they stopped.", 2, "one letter, then a starter"),
    ("It ended in 2007. Harbor paid.", 2, "a year"),
    ("Is it so? Yes. It is!", 3, "other marks"),
    ("“We paid.” Harbor agreed.", 2, "a closing quote belongs to its sentence"),
    ('"We paid." Harbor agreed.', 2, "straight quotes too"),
    ("Sales grew.[1] Costs fell.", 2, "a footnote mark belongs to its sentence"),
    ("It paid. huX12-DM4 is next.", 2, "a sentence that begins with a code name in lower case"),
    ("The fee was paid by Alder. sanofi-birch paid nothing.", 2, "or a company's name in lower case"),
    ("It began the trial.The company paid.", 2, "a space that the wire lost"),
    ("See www.harbor.com. The site is new.", 2, "an address"),
    ("It paid Alder (see Note 4). Birch paid too.", 2, "a closing bracket"),
    ("The answer is no. The fee stands.", 2, "no, which is no number here"),
    ("It treats skin cancer, eye cancer, etc. Harbor sells it.", 2, "et cetera may end a sentence"),
]


@pytest.mark.parametrize(("text", "why"), WHOLE)
def test_not_cut(text: str, why: str) -> None:
    assert [sentence.text for sentence in read_text(text, "a.txt").sentences] == [text.strip()], why


@pytest.mark.parametrize(("text", "count", "why"), CUT)
def test_cut(text: str, count: int, why: str) -> None:
    sentences = [sentence.text for sentence in read_text(text, "a.txt").sentences]
    assert len(sentences) == count, (why, sentences)


def test_quotes_and_footnote_marks_stay_with_their_sentence() -> None:
    sentences = [sentence.text for sentence in read_text("“We paid.” Harbor agreed.[2] It did.", "a.txt").sentences]
    assert sentences == ["“We paid.”", "Harbor agreed.[2]", "It did."]


def test_marks_between_sentences_go_to_the_one_they_touch() -> None:
    document = read_text("**First.** **Second.** Third.", "a.md")
    assert [sentence.span.of(document.text) for sentence in document.sentences] == ["**First.**", "**Second.**", "Third."]


def test_a_headline_is_one_sentence() -> None:
    document = read_text("# Northwind Bio, Inc. The Partner of Choice\n\nHarbor paid.", "a.md")
    assert document.sentences[0].text == "Northwind Bio, Inc. The Partner of Choice"


def test_an_endless_word_is_cut_too() -> None:
    document = read_text("x" * (MAX_SENTENCE * 2 + 5), "a.txt")
    assert [len(sentence.text) for sentence in document.sentences] == [MAX_SENTENCE, MAX_SENTENCE, 5]
    assert document.issues


def check(document: Document) -> None:
    """Check all that other stages rely on."""
    text = document.text
    sections, sentences = document.sections, document.sentences
    assert sections[0].span.start == 0 and sections[-1].span.end == len(text)
    assert all(left.span.end == right.span.start for left, right in pairwise(sections))
    assert all(left.span.end <= right.span.start for left, right in pairwise(sentences))
    covered = [False] * len(text)
    for sentence in sentences:
        assert sentence.text and sentence.text == sentence.text.strip()
        assert "\n" not in sentence.text and "  " not in sentence.text
        assert all(left < right for left, right in pairwise(sentence.offsets))
        for char, offset in zip(sentence.text, sentence.offsets, strict=True):
            assert text[offset] == char or (char == " " and text[offset].isspace())
            assert sentence.span.start <= offset < sentence.span.end
        assert sections[sentence.section].span.contains(sentence.span)
        covered[sentence.span.start : sentence.span.end] = [True] * len(sentence.span)
        for start in range(0, len(sentence.text), 7):
            assert sentence.span.contains(sentence.span_of(start, len(sentence.text)))
    assert all(seen or char.isspace() for seen, char in zip(covered, text, strict=True))
    assert not any("\ud800" <= char <= "\udfff" or char in "\r\0" for char in text)


WORDS = """
Harbor Pharma, Inc. The paid $5 million. huX12- DM4 first- and **bold** **b * - \u2013 \u2014 • (i) 1. # [a](https://x.org)
![](https://x.org/y) "Quote." “Yes?” said Item_8.01_Other_Events About_Harbor About Exhibit_99.1 SIGNATURE Contact:
Forward-Looking_Statements FORM_8-K Current_Report www.harbor.com +1_555_010_0199 U.S. No. 1 BOSTON,_May_5,_2005_-- ... … 3.5
a|b | <PAGE>_2 -_2_- e.g. Ph.D. R&amp;D __x__ ``` ### --- trial.The For_Immediate_Release ® [1] ) ( ' lower x
"""
PIECES = st.sampled_from(WORDS.split()).map(lambda piece: piece.replace("_", " "))
GAPS = st.sampled_from([" ", " ", " ", " ", "\n", "\n\n", "   ", "\t", "\u00a0", "", " \n \n", "\f", "\r\n", "\u200b", "\u00ad\n"])
FILINGS = st.lists(st.tuples(PIECES, GAPS), min_size=1, max_size=60).map(lambda pairs: "".join(map("".join, pairs)))


@given(FILINGS)
@settings(max_examples=400, deadline=None)
def test_invariants_of_filing_like_text(text: str) -> None:
    check(read_text(text + "x", "a.txt"))


@given(st.text(min_size=1, max_size=200))
@settings(max_examples=200, deadline=None)
def test_invariants_of_any_text(text: str) -> None:
    check(read_text(text + "x", "a.txt"))


NAMES = "p div br table tr td li ul b sup pre h1 span ix:header script /p /div /table /tr /td /li /ul /b /sup /pre /script"
TAGS = st.sampled_from(NAMES.split(" "))


@given(st.lists(st.tuples(TAGS, st.one_of(PIECES, st.text(max_size=8)), GAPS), max_size=40))
@settings(max_examples=200, deadline=None)
def test_invariants_of_any_markup(parts: list[tuple[str, str, str]]) -> None:
    markup = "".join(f"<{tag}>{text}{gap}" for tag, text, gap in parts)
    check(read_html("<html><body><p>x</p>" + markup, "a.htm"))


def test_reading_again_gives_the_same() -> None:
    text = "# A Headline\n\nBOSTON, May 5, 2005 -- Harbor paid **Alder**.\n\nAbout Harbor\n\nHarbor makes antibodies."
    first = read_text(text, "a.md")
    assert read_text(text, "a.md") == first
    assert read_text(first.text, "a.md") == first
