"""Whom a document means by "the Company", "we", "its" and "the drug"; and when nobody."""

from __future__ import annotations

import pytest

from kg.extract.discourse import Discourse
from kg.extract.speakers import speakers
from kg.find import find
from kg.read import read_text

LEAD = "Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) (the “Company”) today announced a deal with Takeda."
CASES = [
    (LEAD + " The Company will test ZLM-101.", "The Company", "Zelmora Therapeutics, Inc.", "a defined term"),
    (LEAD + " We will test the drug ZLM-101.", "We", "Zelmora Therapeutics, Inc.", "the issuer speaks"),
    (LEAD + " Takeda will sell its drug.", "its", "Takeda", "the nearest company before it"),
    (LEAD + " It is expected that the market grows.", "It", None, "nobody: an expletive"),
    (LEAD + " “We like ZLM-101,” said Jane Doe, head of research at Takeda.", "We", "Takeda", "a quotation is its speaker's"),
    (
        LEAD + " Jane Doe, CEO of Zelmora, stated: “This payment from Takeda shows that we do well.”",
        "we",
        "Zelmora Therapeutics, Inc.",
        "a quotation is not of whom it names",
    ),
    (LEAD + " Takeda, the company developing ZLM-101, will stop.", "the company", None, "nobody: what a company is"),
    (LEAD + " The drug ZLM-101 binds HER2. The drug is in Phase 2.", "The drug", "ZLM-101", "the compound named last"),
    (
        LEAD + " Both companies will develop the drug ZLM-101.",
        "Both companies",
        ("Takeda", "Zelmora Therapeutics, Inc."),
        "a document of two",
    ),
    (LEAD + " The drug ZLM-101 is in a Phase 2 trial. The trial has ended.", "The trial", "Phase2", "the trial named last"),
    (LEAD + " ZLM-101 is an investigational drug of Zelmora. It binds HER2.", "It", "ZLM-101", "the drug just told of"),
    (LEAD + " ZLM-101 is an investigational drug. It is intended for tumors.", "It", "ZLM-101", "the drug, of a passive verb"),
    (
        "Tarvane Pharma Licenses the Drug TV-101 to Takeda\n\nA day after Zelmora Therapeutics, Inc. announced its failure,"
        " Tarvane Pharma announced a deal with Takeda. We sell.",
        "We",
        "Tarvane Pharma",
        "whom the headline is about",
    ),
    (
        "Takeda and Tarvane Pharma announced a deal. Tarvane Pharma will receive $5 million. The company may earn milestones.",
        "The company",
        "Tarvane Pharma",
        "in an article, whom the sentence before is about",
    ),
    (LEAD + " Our partner will develop the drug ZLM-101.", "Our partner", "Takeda", "the other of two"),
]


@pytest.mark.parametrize(("text", "words", "value", "reason"), CASES, ids=[c[3] for c in CASES])
def test_whom_it_means(text: str, words: str, value: object, reason: str) -> None:
    document = read_text(text, "x.txt")
    discourse = Discourse(document, find(document).mentions)
    index = max(i for i, s in enumerate(document.sentences) if words in s.text)
    found = [m.value for m in discourse.add(index) if m.text == words and m.found_by.startswith("discourse/")]
    if isinstance(value, tuple):
        assert [sorted(v) for v in found if isinstance(v, tuple)] == [sorted(value)], reason
    else:
        assert found[-1:] == ([] if value is None else [value]), reason


def test_an_about_section_speaks_for_its_subject() -> None:
    text = LEAD + "\n\nAbout Takeda\n\nTakeda is a maker of medicines. The Company sells the drug Adcetris."
    document = read_text(text, "x.txt")
    discourse = Discourse(document, find(document).mentions)
    assert discourse.focal_at(0) == "Zelmora Therapeutics, Inc."
    assert discourse.focal_at(len(document.sentences) - 1) == "Takeda"


ROUNDUP = (
    "Zelmora Therapeutics (NASDAQ: ZLMR) rose on trial news. Tarvane Pharma (NYSE: TVN) fell. Birchwick Biosciences (TSX: BWK) was flat."
    " The company will test the drug BW-101."
)
SPEAKERS = [
    (ROUNDUP, None, True, "an article on three companies is nobody's"),
    (ROUNDUP.replace("(TSX: BWK) ", ""), "Zelmora Therapeutics", False, "two tickers are no roundup"),
    (ROUNDUP.replace("Pharma (NYSE: TVN)", "Pharma (NYSE: TVN) (TSX: TVX)"), None, True, "tickers side by side are one company's"),
    ("Tarvane Pharma (NYSE: TVN) Stops Its Trial\n\n" + ROUNDUP, "Tarvane Pharma", False, "its headline names one with a ticker"),
    (ROUNDUP + "\n\nAbout Zelmora\n\nZelmora is a maker of drugs.", "Zelmora Therapeutics", False, "an About paragraph is an issuer's"),
]


@pytest.mark.parametrize(("text", "focal", "is_roundup", "reason"), SPEAKERS, ids=[c[3] for c in SPEAKERS])
def test_whom_a_document_speaks_for(text: str, focal: str | None, is_roundup: bool, reason: str) -> None:
    document = read_text(text, "x.txt")
    found = speakers(document, find(document).mentions)
    assert found.is_roundup is is_roundup, reason
    assert is_roundup or found.focal == focal, reason
