"""A document in, its mentions out: names by structure, and nothing that only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.find import Finding, find
from kg.read import read_text

# text, the mentions of the types under test as (type, words, name), why
NAMES = [
    (
        "Seattle Genetics is testing SGN-35 in patients with Hodgkin lymphoma.",
        {
            ("company", "Seattle Genetics", "Seattle Genetics"),
            ("compound", "SGN-35", "SGN-35"),
            ("indication", "Hodgkin lymphoma", "Hodgkin lymphoma"),
        },
        "a bare name of the field, a code, a disease with its qualifier",
    ),
    (
        "Qorvinex Therapeutics, Inc. (Nasdaq: QRVX) said that Qorvinex will start.",
        {("company", "Qorvinex Therapeutics, Inc.", "Qorvinex Therapeutics, Inc."), ("company", "Qorvinex", "Qorvinex Therapeutics, Inc.")},
        "an unseen company by its legal form; its short form is the same",
    ),
    (
        "Zelmora A/S (“Zelmora”) and Tanvexo GmbH signed.",
        {("company", "Zelmora A/S", "Zelmora A/S"), ("company", "Zelmora", "Zelmora A/S"), ("company", "Tanvexo GmbH", "Tanvexo GmbH")},
        "legal forms of other countries, a defined term",
    ),
    (
        "Zelmora’s Market OutlookThough Zelmora’s model is focused on rare diseases, it grows.",
        set(),
        "a heading that ran into its text is no drug",
    ),
    (
        "Leveraging Qorvinex Nano, the company’s clinical-stage nanomedicine, it unveiled new data.",
        set(),
        "the verb that begins a sentence is no part of a company's name",
    ),
    (
        "The drug BB-10901 was tested against CD56.",
        {("compound", "BB-10901", "BB-10901"), ("target", "CD56", "CD56")},
        "a code by its shape",
    ),
    (
        "DS-8201a, an antibody-drug conjugate, targets HER2.",
        {("compound", "DS-8201a", "DS-8201a"), ("target", "HER2", "HER2")},
        "a letter after it",
    ),
    (
        "The drug TPI 287 and the drug D-PLEX100 were given.",
        {("compound", "TPI 287", "TPI 287"), ("compound", "D-PLEX100", "D-PLEX100")},
        "a space",
    ),
    (
        "Item 8.01 and EX-99.1 name COVID-19, CTLA-4 and PD-1.",
        {("indication", "COVID-19", "COVID-19"), ("target", "CTLA-4", "CTLA-4"), ("target", "PD-1", "PD-1")},
        "none of these is a code name",
    ),
    (
        "Kadcyla® (ado-trastuzumab emtansine) is a drug of Genentech.",
        {
            ("compound", "Kadcyla", "ado-trastuzumab emtansine"),
            ("compound", "ado-trastuzumab emtansine", "ado-trastuzumab emtansine"),
            ("company", "Genentech", "Genentech"),
        },
        "a brand and its generic name are one",
    ),
    ("The XpressCF® platform makes antibodies.", {("technology", "XpressCF® platform", "XpressCF platform")}, "® is no sign of a drug"),
    (
        "It treats relapsed or refractory multiple myeloma and non-small cell lung cancer (NSCLC). NSCLC is common.",
        {
            ("indication", "relapsed or refractory multiple myeloma", "relapsed or refractory multiple myeloma"),
            ("indication", "non-small cell lung cancer (NSCLC)", "non-small cell lung cancer"),
            ("indication", "NSCLC", "non-small cell lung cancer"),
        },
        "qualifiers belong to a disease, an abbreviation is its name",
    ),
    (
        "The anti-CD30 antibody works; a BCMA-targeting drug follows.",
        {("target", "CD30", "CD30"), ("target", "BCMA", "BCMA")},
        "anti-, -targeting",
    ),
    (
        "It is for HER2-positive metastatic breast cancer.",
        {("indication", "HER2-positive metastatic breast cancer", "HER2-positive metastatic breast cancer")},
        "the longest wins: no target here",
    ),
    ("The FDA and the Nasdaq Stock Market were told by Business Wire.", set(), "regulators, exchanges and wires are no parties"),
    (
        "It agreed with Summit Pharmaceuticals (“Summit”), and Tarvane paid the Company $3 million.",
        {
            ("company", "Summit Pharmaceuticals", "Summit Pharmaceuticals"),
            ("company", "Summit", "Summit Pharmaceuticals"),
            ("company", "Tarvane", "Tarvane"),
        },
        "a name of ordinary words that the text defines; whoever pays the Company is one",
    ),
    (
        "It licensed the drug to Qinghe Baolu Pharmaceutical Co., Ltd., or QB. Then QB paid QVE-Therapeutics, and QVE agreed.",
        {
            ("company", "Qinghe Baolu Pharmaceutical Co., Ltd.", "Qinghe Baolu Pharmaceutical Co., Ltd."),
            ("company", "QB", "Qinghe Baolu Pharmaceutical Co., Ltd."),
            ("company", "QVE-Therapeutics", "QVE-Therapeutics"),
            ("company", "QVE", "QVE-Therapeutics"),
        },
        "a name behind or; the head of a hyphened name",
    ),
    ("The trial NCT01234567 is called KEYNOTE-189.", set(), "trials are no drugs"),
    (
        "Patients with melanoma were given tavorestrant and the antibody ZLM-523, which is directed against GRP94.",
        {
            ("indication", "melanoma", "melanoma"),
            ("compound", "tavorestrant", "tavorestrant"),
            ("compound", "ZLM-523", "ZLM-523"),
            ("target", "GRP94", "GRP94"),
        },
        "an unseen nonproprietary name by its ending; what an antibody is directed against is no drug, whatever its shape",
    ),
    (
        "ZLM-101 is a drug for melanoma in the Phase 2 LODESTAR™ trial; the LODESTAR study has begun.",
        {("compound", "ZLM-101", "ZLM-101"), ("indication", "melanoma", "melanoma")},
        "a mark behind the name of a trial",
    ),
    (
        "ZLM-101 (tavorestrant) and ZLM-102 (tavorestrant) are drugs for melanoma.",
        {
            ("compound", "ZLM-101", "tavorestrant"),
            ("compound", "ZLM-102", "ZLM-102"),
            ("compound", "tavorestrant", "tavorestrant"),
            ("indication", "melanoma", "melanoma"),
        },
        "two codes of one maker stay two products, though they share a substance",
    ),
    (
        "Zelmora licensed a drug, HT-100, for melanoma.",
        {("compound", "HT-100", "HT-100"), ("indication", "melanoma", "melanoma")},
        "a code with the letters of a receptor, where the text calls it a drug",
    ),
    (
        "Nobody at the vaccine maker Zelmora BioMedica, or at the oncology start-up Tarvane Bioscience, spoke. A drug giant looked on.",
        {("company", "Zelmora BioMedica", "Zelmora BioMedica"), ("company", "Tarvane Bioscience", "Tarvane Bioscience")},
        "companies by what a writer of news calls them",
    ),
    (
        "Terms were found with Northern Zelmora Medical Center and Research Foundation (“Zelmora”) in spring.",
        {
            (
                "company",
                "Northern Zelmora Medical Center and Research Foundation",
                "Northern Zelmora Medical Center and Research Foundation",
            ),
            ("company", "Zelmora", "Northern Zelmora Medical Center and Research Foundation"),
        },
        "a centre and institute that is one house",
    ),
    (
        "Tarvane Bio, Inc. took a Vaccine Access Licence from the Zelmora Children Foundation.",
        {
            ("company", "Tarvane Bio, Inc.", "Tarvane Bio, Inc."),
            ("company", "Zelmora Children Foundation", "Zelmora Children Foundation"),
        },
        "a sentence of many names is no title",
    ),
    (
        "A Phase 2 study of zelmoretap in adults is done. The data showed that zelmoretap improved memory.",
        {("compound", "zelmoretap", "zelmoretap")},
        "a generic name without a stem, by what a study is of",
    ),
    (
        "The trial is of Zelmoran-2, an oral drug candidate. Zelmoran-2 is a small molecule for patients.",
        {("compound", "Zelmoran-2", "Zelmoran-2")},
        "a word and one digit",
    ),
    (
        "A trial of its ZLM-EGF vaccine candidate began. ZLM-EGF, which binds its target, entered a Phase 2 study.",
        {("compound", "ZLM-EGF", "ZLM-EGF")},
        "a code of letters alone",
    ),
    (
        "In June 2020, Zelmora Medicine paid Tarvane Bio, Inc. $4 million upfront.",
        {("company", "Zelmora Medicine", "Zelmora Medicine"), ("company", "Tarvane Bio, Inc.", "Tarvane Bio, Inc.")},
        "a company by what it pays",
    ),
    (
        "It joins the antibody huZR5 to a toxin. The antibody binds tumors.",
        {("antibody", "huZR5", "huZR5")},
        "a humanised antibody by its code",
    ),
]
TYPES = {"company", "compound", "antibody", "payload", "target", "technology", "indication"}


@pytest.mark.parametrize(("text", "wanted", "reason"), NAMES, ids=[n[2] for n in NAMES])
def test_names(text: str, wanted: set[tuple[str, str, str]], reason: str) -> None:
    found = {(m.type, m.text, str(m.value)) for m in find(read_text(text, "x.txt")).mentions if m.type in TYPES}
    assert found == wanted, reason


def test_parts_of_a_name() -> None:
    (parts,) = [
        d for d in find(read_text("The conjugate huC242-DM4 is in trials with patients.", "x.txt")).definitions if d.kind == "parts"
    ]
    assert parts.parts is not None
    assert (parts.parts.antibody, parts.parts.payload, parts.parts.linker) == ("huC242", "DM4", None)


def test_tickers_of_one_company() -> None:
    text = "Qorvinex Corp. (CSE: QRV) (OTCQB: QRVXF) today announced results."
    found = [d.right.value for d in find(read_text(text, "x.txt")).definitions if d.kind == "ticker" and d.right is not None]
    assert found == [("CSE", "QRV"), ("OTCQB", "QRVXF")]


@pytest.mark.parametrize("exchange", ["NYSE-A", "NYSEAmerican", "OTCMKTS", "NasdaqCM"])
def test_tickers_of_exchanges_as_spelt(exchange: str) -> None:
    mentions = find(read_text(f"Qorvinex Corp. ({exchange}: QRV) today announced results.", "x.txt")).mentions
    assert [m.value for m in mentions if m.type == "ticker"] == [(exchange, "QRV")]


FRAGMENTS = [
    "ImmunoGen, Inc.",
    "Genentech",
    "(Nasdaq: IMGN)",
    "trastuzumab-DM1",
    "HER2",
    "Phase II",
    "$5 million",
    "July 31, 2007",
    "and",
    "of",
    "the Company",
    "non-small cell lung cancer (NSCLC)",
    "TAP technology",
    "“Acme”",
    "royalties of 10% to 15%",
    "\uf0b7",
    "\U000f0001",
    "日本",
    "\n\n",
    ".",
    ",",
    "(",
    ")",
    "'s",
    "announced",
    "Kadcyla®",
    "huC242-\nDM4",
]


def check(text: str) -> Finding:
    document = read_text(text, "x.txt")
    finding = find(document)
    assert list(finding.mentions) == sorted(finding.mentions, key=lambda m: (m.sentence, m.local.start))
    last: tuple[int, int] = (-1, 0)
    for mention in finding.mentions:
        sentence = document.sentences[mention.sentence]
        assert mention.local.of(sentence.text) == mention.text
        assert mention.span == sentence.span_of(mention.local.start, mention.local.end)
        assert sentence.span.contains(mention.span)
        assert (mention.sentence, mention.local.start) >= last, "no two overlap"
        last = (mention.sentence, mention.local.end)
    return finding


@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=25))
def test_spans_hold_for_any_text(parts: list[str]) -> None:
    text = "A " + " ".join(parts)
    assert check(text) == check(text), "the same text gives the same mentions"


HOSTILE = [
    "Acme Therapeutics, Inc. ",
    "(Nasdaq: ACME) ",
    "AB-123 ",
    "non-small cell ",
    "relapsed or ",
    "A. ",
    "A ",
    "(",
    "®",
    "anti-",
    "-DM1",
    "’s ",
    "of the ",
    "Inc., ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_repetition_ends(piece: str) -> None:
    """20,000 characters of one thing: a pattern that explodes takes minutes."""
    start = time.perf_counter()
    check("A " + piece * (20_000 // len(piece)))
    assert time.perf_counter() - start < 10
