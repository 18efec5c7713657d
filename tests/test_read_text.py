"""Plain text in, tidied sentences out: wraps, hyphens, page breaks, lists, tables and Markdown marks."""

from __future__ import annotations

import pytest

from kg.read import read_text
from kg.read.text import blocks_of, is_title


def texts(text: str) -> list[str]:
    """List the tidied sentences of a text."""
    return [sentence.text for sentence in read_text(text, "a.txt").sentences]


LINE = "Under the agreement of 1998 the partner develops and sells the antibody and"  # a full line of running text

WRAPS = [
    (f"{LINE}\npays a royalty.", f"{LINE} pays a royalty.", "a hard wrap is a space"),
    ("The most advanced compound of the two is huX12-\nDM4 and it is in the clinic.", "huX12-DM4 and", "a code name broken at its hyphen"),
    ("Harbor makes ABC7-\ntargeting antibodies and sells them in Europe.", "ABC7-targeting", "a compound adjective keeps its hyphen"),
    ("The company has long-\nterm plans for the antibody in both markets.", "long-term plans", "an ordinary hyphen is kept"),
    (
        "The devel-\nopment is slow. Its development costs are high.",
        "The development is slow.",
        "a syllable break, as the word stands whole elsewhere",
    ),
    ("The devel-\nopment is slow.", "The devel-opment is slow.", "without that proof the hyphen stays"),
    ("It tests first-\nand second-line therapy in the study.", "first- and second-line", "a hanging hyphen keeps its space"),
    ("Two compounds are in the clinic \u2013\nNW-1 and NW-2.", "clinic \u2013 NW-1", "a dash between spaces is no hyphen"),
    ("It treats cancers of blood/\nlymph in adults of every age.", "blood/lymph", "a slash joins"),
    (
        f"{LINE}\n\npays a royalty on its sales.",
        "antibody and pays a royalty",
        "a paragraph that stops in the middle of a sentence goes on",
    ),
    (f"{LINE}\n\n                    - 2 -\n\npays a royalty on its sales.", "antibody and pays a royalty", "over a page number"),
    (f"{LINE}\n\n<PAGE>   3\n\npays a royalty on its sales.", "antibody and pays a royalty", "over a page mark of old filings"),
    (
        "The  Company   is   seeking  the  consent  of all holders  to the\n"
        "conversion  of  the  notes   through  a  plan  of reorganization.",
        "holders to the conversion of the notes through a plan",
        "text set flush right is no table",
    ),
    ("a b", "a b", "a no-break space is a space"),
]


@pytest.mark.parametrize(("text", "expected", "why"), WRAPS)
def test_lines_are_joined(text: str, expected: str, why: str) -> None:
    assert any(expected in sentence for sentence in texts(text)), (why, texts(text))


APART = [
    (
        "Strong Growth\nWith this payment Harbor has now received more than it had ever hoped to receive.",
        2,
        "a heading right above its paragraph",
    ),
    ("HARBOR AND NORTHWIND\nThe two companies have agreed on a licence to antibodies.", 2, "capitals, then text"),
    ("Payments:\n• $2 million on signing\n• $5 million on approval", 3, "bullets"),
    ("Payments:\n\uf0b7 $2 million on signing\n\uf0b7 $5 million on approval", 3, "Word's private bullets"),
    ("Payments:\n* $2 million on signing\n* $5 million on approval", 3, "stars"),
    ("Payments:\n- $2 million on signing\n\u2013 $5 million on approval", 3, "hyphens and dashes"),
    ("Payments:\n(i) $2 million on signing;\n(ii) $5 million on approval.", 3, "numbers in brackets"),
    ("Payments:\n1. Signing brings two.\n2. Approval brings five.", 3, "numbers with a stop are not cut from their items"),
    ("Name          Stage        Partner\nNW-101        Phase II     Harbor", 2, "each row of a table"),
    ("Name\tStage\nNW-101\tPhase II", 2, "with tabs"),
    ("Delaware   |   000-1234   |   12-3456789\nNew York", 2, "with bars"),
    ("— Payment of $5 Million —\nHarbor Pharma announced today that it has paid the sum agreed in May.", 2, "a subtitle between dashes"),
    ("The fee is $2 million.\n\nacme-1 is next.", 2, "a full stop ends a paragraph even before lower case"),
    ("Territories\n\nsanofi-like names begin in lower case and stay where they are.", 2, "a heading is not bridged"),
    ("For Immediate Release\nHarbor Pharma Pays Fee", 2, "a mark stands by itself"),
    ("ITEM 8.01 OTHER EVENTS\nOn May 5, 2005, Harbor Pharma made the payment that the agreement demands of it.", 2, "an Item"),
]


@pytest.mark.parametrize(("text", "count", "why"), APART)
def test_blocks_stay_apart(text: str, count: int, why: str) -> None:
    assert len(texts(text)) == count, (why, texts(text))


def test_a_reference_to_an_item_at_a_lines_start_is_no_heading() -> None:
    text = "A copy of the release is attached and is incorporated by reference into this\nItem 8.01 and made a part of it."
    assert len(texts(text)) == 1


def test_a_number_at_a_lines_start_goes_on_with_the_sentence() -> None:
    text = "The companies will begin to enrol patients with lymphoma in a study of Phase\n2. Results are due in a year."
    assert texts(text)[0].endswith("of Phase 2.")


MARKS = [
    ("# Harbor Pays Fee\n\nText.", "Harbor Pays Fee", "the sign of a heading"),
    ("It is a **strong** result.", "It is a strong result.", "bold"),
    ("**Strong.** It is.", "Strong.", "bold up to a full stop"),
    ("See [the release](https://example.org/a_b?c=1) for more.", "See the release for more.", "the target of a link"),
    ("**[Harbor](https://example.org)** paid.", "Harbor paid.", "a link in bold"),
    ("R&amp;D is costly.", "R&D is costly.", "an ampersand that was escaped"),
    ("• Harbor paid.", "Harbor paid.", "a bullet"),
    ("Growth was 5%** in May.", "Growth was 5%** in May.", "a footnote mark is no bold"),
    ("The list [a] (b) stays.", "The list [a] (b) stays.", "brackets are no link"),
    ("# # #", "# # #", "an end mark is no heading"),
    ("![](https://example.org/x.png)", "![](https://example.org/x.png)", "nothing is dropped where nothing would be left"),
]


@pytest.mark.parametrize(("text", "expected", "why"), MARKS)
def test_marks_of_markdown_go_and_offsets_stay_true(text: str, expected: str, why: str) -> None:
    document = read_text(text, "a.md")
    assert expected in [sentence.text for sentence in document.sentences], why
    for sentence in document.sentences:
        assert "".join(document.text[offset] for offset in sentence.offsets) == sentence.text


def test_the_span_of_a_mention_slices_the_raw_text() -> None:
    document = read_text("The compound huX12-\nDM4 belongs to **Harbor** now.", "a.txt")
    (sentence,) = document.sentences
    start = sentence.text.index("huX12-DM4")
    assert sentence.span_of(start, start + 9).of(document.text) == "huX12-\nDM4"
    start = sentence.text.index("Harbor")
    assert sentence.span_of(start, start + 6).of(document.text) == "Harbor"
    assert sentence.span.of(document.text) == document.text


def test_a_text_made_from_markup_has_no_marks_to_drop() -> None:
    (block,) = blocks_of("It is **so**.", is_markdown=False)
    assert block.text == "It is **so**."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Harbor Pharma Announces Licence to Antibodies", True),
        ("HARBOR PHARMA PAYS", True),
        ("Harbor has paid the sum that was agreed", False),
        ("Harbor Pharma Pays.", False),
        ("About Harbor Pharma, Inc", True),
    ],
)
def test_is_title(text: str, expected: bool) -> None:
    assert is_title(text) is expected


def test_a_wire_that_loses_the_line_end_behind_a_subject() -> None:
    assert texts("About Harbor Pharma Harbor Pharma makes antibodies.") == ["About Harbor Pharma", "Harbor Pharma makes antibodies."]
    assert texts("About Harbor Boston-based Harbor makes antibodies.") == ["About Harbor", "Boston-based Harbor makes antibodies."]


def test_a_page_typed_with_a_blank_line_behind_every_line() -> None:
    lines = [
        "Harbor Pharma, Inc. today announced that it has signed a license with Alder",
        "AG, a maker of medicines with its seat in Basel. Alder is to pay Harbor fees of",
        "$5 million on signing of the agreement, and it may pay more as the trials of the",
        "antibody HB-1 reach their ends. The first of these trials is to be in patients with",
        "ovarian cancer, for which there are few medicines and all of them old. The agreement",
        "runs until the last of the patents on the antibody ends, and Alder may end it before",
        "with six months of notice. Harbor keeps its rights in the countries of North America,",
        "where it means to sell the medicine by itself, and in the countries of Asia, for which",
        "it looks for a partner of another kind. The company has reserved one half of the",
        "capacity of its plant in Norwood for the work on the antibody, and it will hire some",
        "forty people there before the end of the year. It has done so for its other products,",
        "of which there are three, before. The fee counts as revenue in the quarter that ends on",
        "March 31, as the company has no further duties under the agreement, and it will be",
        "told with the results of that quarter, which the company means to publish on or about",
        "May 4 of this year.",
    ]
    text = "Harbor Licenses HB-1\n\n" + "\n\n".join(lines) + "\n"
    sentences = [sentence.text for sentence in read_text(text, "a.txt").sentences]
    assert (
        "Harbor Pharma, Inc. today announced that it has signed a license with Alder AG, a maker of medicines with its seat in Basel."
        in sentences
    )
    assert sentences[-1].endswith("which the company means to publish on or about May 4 of this year.")
