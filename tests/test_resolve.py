"""A text in, statements about identified things out: one thing told three times is one, two things stay two."""

from __future__ import annotations

import importlib
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.assets import asset_dir
from kg.extract import extract
from kg.find import find
from kg.model import Concept, Document, Ref, Resolution, Statement
from kg.rdf.quads import quads
from kg.read import read, read_text

resolve = importlib.import_module("kg.resolve").resolve


def resolved(text: str) -> tuple[Document, Resolution]:
    document = read_text(text, "x.txt")
    finding = find(document)
    return document, resolve(document, finding, extract(document, finding))


@cache
def said(text: str) -> Resolution:
    return resolved(text)[1]


def shown(statement: Statement) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {}
    for name, value in statement.properties:
        word = value.key if isinstance(value, Ref) else value.name if isinstance(value, Concept) else str(value)
        values.setdefault(name, set()).add(word)
    return values


def events(resolution: Resolution, *classes: str) -> list[dict[str, set[str]]]:
    return [shown(s) for s in resolution.statements if s.predicate == "type" and isinstance(s.object, Concept) and s.object.name in classes]


def edges(resolution: Resolution) -> set[tuple[str, str, str]]:
    return {(s.subject, s.predicate, s.object.key) for s in resolution.statements if isinstance(s.object, Ref)}


LEAD = "CAMBRIDGE, MA, July 31, 2007 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) today announced a license agreement with Takeda. "
# text, what one payment of the result must hold, why
MONEY = [
    (
        "Zelmora Therapeutics received a $5 million milestone payment from Takeda.",
        {"factuality": {"Occurred"}, "payer": {"company/takeda"}, "payee": {"company/zelmora-therapeutics"}, "amount": {"5000000"}},
        "received",
    ),
    (
        "Takeda paid Zelmora Therapeutics an upfront payment of $5 million.",
        {"factuality": {"Occurred"}, "payer": {"company/takeda"}, "paymentType": {"Upfront"}},
        "paid",
    ),
    (
        "Takeda will pay Zelmora Therapeutics an upfront payment of $5 million.",
        {"factuality": {"Committed"}, "payer": {"company/takeda"}},
        "will pay",
    ),
    (
        "Zelmora Therapeutics is eligible to receive up to $90 million in milestone payments from Takeda.",
        {"factuality": {"Potential"}, "bound": {"UpTo"}, "amount": {"90000000"}, "payer": {"company/takeda"}},
        "eligible",
    ),
    (
        "Zelmora Therapeutics will receive $10 million upfront and up to $200 million in milestones from Takeda.",
        {"amount": {"200000000"}, "factuality": {"Potential"}, "bound": {"UpTo"}},
        "the second of a list is only possible",
    ),
    (
        "Takeda will also pay tiered double-digit royalties on net sales to Zelmora Therapeutics.",
        {"paymentType": {"Royalty"}, "payee": {"company/zelmora-therapeutics"}},
        "a rate without an amount",
    ),
    (
        "A $5 million milestone payment to Zelmora Therapeutics was triggered by the start of a Phase II trial of the drug ZLM-101.",
        {"triggerType": {"Phase2Start"}, "forCompound": {"compound/zlm-101"}},
        "its trigger and its compound",
    ),
]


@pytest.mark.parametrize(("text", "wanted", "reason"), MONEY, ids=[m[2] for m in MONEY])
def test_payments(text: str, wanted: dict[str, set[str]], reason: str) -> None:
    found = events(said(LEAD + text), "Payment", "Milestone")
    assert any(all(one.get(k) == v for k, v in wanted.items()) for one in found), (reason, found)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Zelmora Therapeutics closed a public offering with gross proceeds of $50 million.", "an offering"),
        ("Zelmora Therapeutics had a net loss of $20 million.", "a result"),
        ("The market was valued at $4.2 billion in 2006, Takeda said.", "a market"),
        ("Shares of Takeda closed at $43.10 per share.", "a price"),
        ("Zelmora Therapeutics achieved an important milestone when the FDA met Takeda.", "a success without money"),
        ("Zelmora Therapeutics held cash and cash equivalents of $80 million.", "a balance"),
    ],
)
def test_money_that_is_no_deal_payment(text: str, reason: str) -> None:
    assert events(said(LEAD + text), "Payment", "Milestone") == [], reason


def test_told_three_times_it_is_one_milestone_with_three_evidences() -> None:
    text = (
        "Zelmora Earns Milestone from Takeda\n\nCAMBRIDGE, MA, July 31, 2007 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) "
        "today announced that Takeda has "
        "started Phase II testing of the drug ZLM-101. This event triggers a $5 million milestone payment to Zelmora Therapeutics. "
        "The $5 million milestone "
        "payment was received from Takeda. Takeda paid Zelmora Therapeutics the $5 million milestone payment in July."
    )
    milestones = [s for s in said(text).statements if isinstance(s.object, Concept) and s.object.name == "Milestone"]
    (only,) = milestones
    assert len({e.span for e in only.evidence}) >= 3
    assert shown(only)["factuality"] == {"Occurred"}


def test_two_years_are_two_agreements_and_an_amendment_is_its_own_node() -> None:
    text = (
        "In 2000, Zelmora Therapeutics, Inc. and Takeda signed a license agreement for antibodies to HER2. "
        "In 2004, Zelmora Therapeutics, Inc. and Takeda "
        "signed a collaboration agreement. The 2000 license agreement of Zelmora Therapeutics, Inc. with Takeda was amended in 2006."
    )
    dates = sorted(next(iter(a.get("date", {""}))) for a in events(said(text), "Agreement"))
    assert dates == ["2000", "2004"]
    (amendment,) = events(said(text), "Amendment")
    assert amendment["date"] == {"2006"} and len(amendment["amends"]) == 1


def test_siblings_are_two_compounds_of_one_antibody() -> None:
    found = edges(
        said("The conjugates huC242-DM1 and huC242-DM4 are in clinical trials with patients of Zelmora Therapeutics, Inc. today.")
    )
    assert {("compound/huc242-dm1", "hasAntibody", "antibody/huc242"), ("compound/huc242-dm4", "hasAntibody", "antibody/huc242")} <= found
    assert ("compound/huc242-dm4", "hasPayload", "payload/dm4") in found
    assert ("compound/huc242-dm4", "hasPayload", "payload/dm1") not in found


def test_a_drug_that_another_is_given_with_has_no_developer() -> None:
    text = LEAD + "Zelmora has started a Phase 2 trial of ZLM-101 in combination with nivolumab in melanoma. ZLM-101 is a drug."
    developed = {s for s, p, _ in edges(said(text)) if p == "developedBy"}
    assert any("zlm" in s for s in developed)
    assert not any("nivolumab" in s for s in developed)


def test_a_code_called_after_a_ticker_is_that_companys() -> None:
    text = LEAD + "Tarvane Pharma, Inc. (Nasdaq: TRVN) is a partner. About the drug: TRVN779 is a drug for melanoma."
    assert {o for s, p, o in edges(said(text)) if p == "developedBy"} == {"company/tarvane-pharma"}


def test_a_class_of_payloads_belongs_to_nobody() -> None:
    text = LEAD + "Takeda may use Zelmora's maytansinoid technology. Zelmora's cell-killing agent, DM1, is potent."
    owned = {s for s, p, _ in edges(said(text)) if p == "ownedBy"}
    assert any("dm1" in s for s in owned)
    assert not any("maytansinoid" in s for s in owned)


def test_an_antibody_that_is_a_drug_is_both() -> None:
    made = said("Zelmora Therapeutics, Inc. has started a Phase II trial of cemiplimab in patients with melanoma.").entities
    assert {e.type for e in made if e.key == "antibody/cemiplimab"} == {"Antibody", "Compound"}


@pytest.mark.parametrize(
    ("text", "factuality", "reason"),
    [
        ("Takeda has started a Phase II trial of the drug ZLM-101.", "Occurred", "it has"),
        ("Takeda expects to start a Phase II trial of the drug ZLM-101.", "Expected", "it will"),
        ("Takeda has discontinued a Phase II trial of the drug ZLM-101.", "Ended", "it stopped"),
    ],
)
def test_developments(text: str, factuality: str, reason: str) -> None:
    found = events(said(LEAD + text), "Development")
    assert [d["factuality"] for d in found] == [{factuality}], (reason, found)
    assert found[0]["stage"] == {"Phase2"} and found[0]["ofCompound"] == {"compound/zlm-101"}


def test_the_safe_harbour_says_nothing() -> None:
    harbour = (
        "\n\nForward-Looking Statements\n\nTakeda may pay Zelmora Therapeutics a milestone payment of $77 million for the drug ZLM-101."
    )
    assert "77000000" not in str(said(LEAD + "The drug is good." + harbour).statements)


def test_one_agreement_in_two_documents_has_one_key() -> None:
    keys = []
    for name in ("immunogen-2006-01-31-ind.txt", "immunogen-2007-07-31-phase-2.txt"):
        (document,) = read(asset_dir("samples") / name).documents
        finding = find(document)
        made = resolve(document, finding, extract(document, finding))
        keys.append({s.subject for s in made.statements if s.relation == "agreement" and s.object == Concept("Agreement")})
    assert keys[0] == keys[1] != set()


PIECES = [
    "Zelmora Therapeutics, Inc.",
    "(the “Company”)",
    "Takeda",
    "the Company",
    "has earned",
    "will pay",
    "may receive",
    "a $5 million milestone payment",
    "up to",
    "royalties of 5% to 10%",
    "from",
    "to",
    "under the 2000 agreement",
    "granting",
    "an exclusive license",
    "to HER2",
    "trastuzumab-DM1",
    "huC242-\nDM4",
    "comprises",
    "trastuzumab",
    "DM1",
    "started",
    "is expected to begin",
    "Phase II testing",
    "of",
    "in April 2006",
    "for the treatment of",
    "breast cancer",
    "and",
    ",",
    ".",
    "\n\n",
    "About Takeda\n\n",
    "acquired",
    "as amended in 2006",
    "terminated",
    "its",
    "This event triggers",
    "\uf0b7",
    "\U000f0001",
    "“We",
    "said”",
    "(Nasdaq: ZLMR)",
]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=3, max_size=40))
def test_any_text_climbs_the_whole_ladder(pieces: list[str]) -> None:
    text = "A " + " ".join(pieces)
    document, resolution = resolved(text)
    for statement in resolution.statements:
        for evidence in statement.evidence:
            assert evidence.span.of(document.text) == evidence.quote
    made = quads(document, resolution)
    assert made == quads(*resolved(text)), "the same text gives the same quads"


def test_a_medicine_sold_by_many_is_nobodys() -> None:
    """The nearest drug to a company may be one that anybody may sell: its own has a code or a brand."""
    lead = "BOSTON, May 5, 2025 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) today announced results of its Phase 2 trial of"
    for drug, owners in (("ZLM-101", {"company/zelmora-therapeutics"}), ("ketamine", set()), ("doxorubicin", set())):
        found = edges(said(f"{lead} {drug} in depression. Zelmora Therapeutics is developing {drug}."))
        assert {o for s, p, o in found if p in {"developedBy", "ownedBy"} and s.startswith("compound/")} == owners, drug


def test_a_university_sponsors_no_approval_that_it_tells_of() -> None:
    text = "ROCHESTER, Minn., May 5, 2025 -- {} today published a review. The FDA approved tirzepatide in 2022 for obesity."
    for issuer in ("Mayo Clinic", "Zelmora Therapeutics, Inc. (Nasdaq: ZLMR)"):
        steps = [e for e in events(said(text.format(issuer)), "Development") if e["event"] == {"Granted"}]
        assert steps, issuer
        assert all("sponsor" not in step for step in steps), issuer


def test_a_deal_of_a_company_with_its_own_subsidiary_is_left_open() -> None:
    result = said(
        "BOSTON, May 5, 2025 -- Zelmora Inc. (Nasdaq: ZLMR) reported its quarter. Jane Roe, CEO and Director of Zelmora Inc., said, “In the"
        " last quarter, through our subsidiary Zelmora Pharmaceuticals Inc., we completed the strategic acquisition of LUCEMYRA from"
        " USWM, LLC.”"
    )
    assert events(result, "Agreement", "Acquisition") == []
    assert [issue.problem for issue in result.issues] == ["a deal of a company with its own subsidiary is left open"]


def test_what_has_occurred_has_no_day_after_the_release() -> None:
    lead = "BOSTON, May 5, 2025 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) gave an update. "
    text = lead + "The FDA accepted the Biologics License Application for the drug ZLM-101 with a decision expected on August 13, 2025."
    (accepted,) = (e for e in events(said(text), "Development") if e["event"] == {"Accepted"})
    assert accepted["factuality"] == {"Occurred"} and "2025-08-13" not in accepted.get("date", set())


def test_a_company_that_starts_a_trial_is_no_drug() -> None:
    lead = "BOSTON, May 5, 2025 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) gave an update. ZLM-101 binds HER2. "
    text = lead + "It started a Phase 3 trial of the drug ZLM-202 in March with results expected in 2026."
    (started,) = (e for e in events(said(text), "Development") if e["event"] == {"Started"})
    assert started["ofCompound"] == {"compound/zlm-202"} and started["factuality"] == {"Occurred"}


def test_a_trial_told_again_is_in_the_same_disease() -> None:
    lead = "BOSTON, May 5, 2025 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) gave an update. "
    text = lead + (
        "It started a Phase 3 trial of the drug ZLM-101 in relapsed multiple myeloma. A Phase 1 trial of ZLM-101 in lung cancer is ongoing."
        " Results from the Phase 3 trial of ZLM-101 are expected in 2026."
    )
    (awaited,) = (e for e in events(said(text), "Development") if e["event"] == {"DataReported"})
    assert awaited["inIndication"] == {"indication/relapsed-multiple-myeloma"}


def test_who_pays_stands_behind_what_a_writer_calls_it() -> None:
    text = (
        "Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) has received a milestone payment of $9 million from the Franco-German vaccine"
        " developer AstraZeneca."
        " Zelmora is eligible to receive from AstraZeneca milestone payments of up to $75 million."
    )
    paid = events(said(text), "Milestone")
    assert [(p["payer"], p["payee"]) for p in paid] == [({"company/astrazeneca"}, {"company/zelmora-therapeutics"})] * 2


def test_a_licence_to_another_is_one_given() -> None:
    text = "Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) licensed exclusive rights for eye drops in Asia to Takeda last year."
    (licence,) = events(said(text), "Agreement")
    assert (licence["licensor"], licence["licensee"]) == ({"company/zelmora-therapeutics"}, {"company/takeda"})


def test_collaborations_with_several_are_one_with_each() -> None:
    text = "Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) makes ZLM-101, a drug. It has formed alliances with many drug makers, such as {}."
    made = events(said(text.format("Takeda, Pfizer and Novartis")), "Agreement")
    partners = {"company/takeda", "company/pfizer", "company/novartis"}
    assert sorted(map(sorted, (a["party"] for a in made))) == sorted(sorted({"company/zelmora-therapeutics", p}) for p in partners)
    assert all("coversCompound" not in a for a in made), "what each is on is not said"


def test_a_payer_by_a_name_not_read_is_left_open() -> None:
    text = (
        "BOSTON, May 5, 2025 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) has licensed ZLM-101 to Takeda. In June, Quarvo Tenmel paid it"
        " $18 million upfront."
    )
    paid = events(said(text), "Payment")
    assert all("payer" not in p or p["payer"] != {"company/takeda"} for p in paid), "Takeda is not who paid"


def test_the_same_payee_told_on_has_the_same_payer() -> None:
    lead = (
        "BOSTON, May 5, 2025 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) has licensed ZLM-101 to Takeda."
        " Zelmora has licensed ZLM-202 to Pfizer. "
    )
    text = lead + "Takeda paid Zelmora $9 million upfront in 2024, and Zelmora may earn up to $75 million in milestones."
    (milestone,) = events(said(text), "Milestone")
    assert milestone["payer"] == {"company/takeda"}
    total = lead + "Takeda paid Zelmora $9 million in 2024. Zelmora has received a cumulative total of $75 million in licensing income."
    assert all(p["amount"] != {"75000000"} or "payer" not in p for p in events(said(total), "Payment")), "a total is several partners'"


def test_the_date_of_what_was_done_to_a_partner_is_not_the_deals() -> None:
    text = (
        "BOSTON, May 5, 2025 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) made ZLM-101 in a collaboration with Tarvane Bio, Inc., which was"
        " acquired by Amgen in April 2006."
    )
    made = {next(iter(a["agreementType"])): a.get("date") for a in events(said(text), "Agreement")}
    assert made == {"Collaboration": None, "Acquisition": {"2006-04"}}


def test_in_an_article_on_several_the_sponsor_is_who_is_spoken_of() -> None:
    text = (
        "Three stocks to watch.\n\nZelmora Therapeutics (NASDAQ: ZLMR) makes drugs for pain. A Phase 2 trial of the drug ZLM-101 in pain is"
        " ongoing.\n\nTarvane Bio (NASDAQ: TRVN) makes vaccines. A Phase 3 trial of the vaccine TRV-7 in influenza is ongoing.\n\n"
        "Birchwick Pharma (TSX: BWK) sells tests."
    )
    sponsors = {next(iter(e["ofCompound"])): e.get("sponsor") for e in events(said(text), "Development")}
    assert sponsors == {"compound/zlm-101": {"company/zelmora-therapeutics"}, "compound/trv-7": {"company/tarvane-bio"}}


def test_what_ends_a_contract_of_others_ends_no_licence() -> None:
    text = (
        "BOSTON, May 5, 2025 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) has a license agreement with Emory University for ZLM-101."
        " In April, BARDA terminated the contract."
    )
    (licence,) = events(said(text), "Agreement")
    assert "agreementStatus" not in licence


def test_the_disease_of_a_trial_is_one_that_its_drug_is_for() -> None:
    lead = "BOSTON, May 5, 2025 -- Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) gave an update. "
    found = edges(
        said(
            lead
            + "ZLM-101, now in Phase 3 for pancreatic cancer, and ZLM-202, advancing from Phase 2 in psoriasis toward Phase 3, did well."
        )
    )
    for_ = {(s, o) for s, p, o in found if p == "developedFor"}
    assert for_ == {("compound/zlm-101", "indication/pancreatic-cancer"), ("compound/zlm-202", "indication/psoriasis")}
