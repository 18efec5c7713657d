"""Which names and events of two documents are one: as a text says so, never by likeness; and what is left apart, with the reason."""

from __future__ import annotations

import itertools

import pytest

from kg.build import _trace
from kg.read import read_bytes, read_text
from kg.resolve.across import join
from kg.resolve.cluster import APART, SAME, UNKNOWN, cluster
from kg.resolve.telling import Telling, from_json, telling_of, to_json
from kg.store import BASE


def telling(number: int, text: str, day: str = "") -> Telling:
    lead = f"BASEL, {day} - " if day else ""
    made, _ = _trace(read_text(lead + text, f"d{number}.txt"), BASE)
    told = telling_of(made.document, made.mentions, made.resolution)
    assert from_json(to_json(told)) == told
    return told


DRUG = " It is a drug for cancer patients, in a Phase 2 trial."
OF_ZELMORA = " is developed by Zelmora Therapeutics." + DRUG
NAMES = [
    (["ZLM-101 (zelmotinib)" + OF_ZELMORA, "ZLM-101" + OF_ZELMORA], "compound", 1, "an alias that one text gives holds in the other"),
    (["ZLM-101" + OF_ZELMORA, "ZLM-102" + OF_ZELMORA], "compound", 2, "codes that look alike are two"),
    (
        ["Zelmotinib (ZLM-101)" + OF_ZELMORA, "Zelmotinib (ZLM-102)" + OF_ZELMORA, "ZLM-101" + OF_ZELMORA, "ZLM-102" + OF_ZELMORA],
        "compound", 3,
        "one substance in two products tells of neither what the other is",
    ),
    (
        ["ZLM-100 (ketamine)" + OF_ZELMORA, "Ketamine is given to patients by Takeda." + DRUG], "compound", 2,
        "a drug that many sell is nobody's product",
    ),
    (
        ["Tarvane Pharma (formerly Zelmora) develops ZLM-101." + DRUG, "Zelmora, Inc. develops ZLM-101." + DRUG], "company", 1,
        "a former name",
    ),
    (
        ["Zelmora Therapeutics, Inc. (“Zelmora”) develops ZLM-101." + DRUG, "Zelmora, Inc. develops the drug ZLM-101." + DRUG],
        "company", 1, "a defined term that is a part of the name",
    ),
    (
        ["Zelmora Holding Corp. (Nasdaq: ZLMR) develops ZLM-101." + DRUG, "Zelmora Pharma (NASDAQ: ZLMR) develops ZLM-101." + DRUG],
        "company", 1, "one ticker and one first word",
    ),
    (
        ["Zelmora Holding Corp. (Nasdaq: ZLMR) develops ZLM-101." + DRUG, "Tarvane Pharma (NASDAQ: ZLMR) develops ZLM-101." + DRUG],
        "company", 2, "a ticker passes on to another company",
    ),
    (
        [
            "Zelmora Therapeutics, Inc. (“Zelmora”) develops ZLM-101." + DRUG,
            "Zelmora Diagnostics, Inc. (“Zelmora”) develops ZLM-101." + DRUG,
            "Zelmora, Inc. develops the drug ZLM-101." + DRUG,
        ], "company", 3, "a short form of two companies is neither's",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "type_", "count", "reason"), NAMES, ids=[n[3] for n in NAMES])
def test_names(texts: list[str], type_: str, count: int, reason: str) -> None:
    told = [telling(number, text) for number, text in enumerate(texts)]
    names = join(told).names
    for order in itertools.permutations(told):
        assert join(order).names == names, "no order shows"
    keys = {names.get(t.document, {}).get(key, key) for t in told for key in t.things if key.startswith(f"{type_}/")}
    assert len(keys) == count, (reason, keys)


LICENCE = "{when}, Zelmora Therapeutics granted {whom} an exclusive license to the drug {what} for cancer patients."
TRIAL = "Takeda started a Phase 2 trial of the drug ZLM-101 {when}."
PAID = "{when}, Takeda paid Zelmora Therapeutics a milestone payment of $5 million for the start of a Phase {phase} trial of ZLM-101."
MAY_2 = LICENCE.format(when="On May 2, 2000", whom="Takeda", what="ZLM-101")
MARCH_1 = TRIAL.format(when="on March 1, 2006")
PAID_2 = PAID.format(when="On March 1, 2006", phase=2)
EVENTS = [
    (MAY_2, LICENCE.format(when="In May 2000", whom="Takeda", what="ZLM-101"), "agreement", 1, "a day and its month"),
    (MAY_2, LICENCE.format(when="In June 2001", whom="Takeda", what="ZLM-101"), "agreement", 0, "another time is another agreement"),
    (MAY_2, LICENCE.format(when="On May 2, 2000", whom="Takeda", what="ZLM-205"), "agreement", 0, "two licences of one day to two drugs"),
    (MAY_2, LICENCE.format(when="On May 2, 2000", whom="Birchwick Biosciences", what="ZLM-101"), "agreement", 0, "another party"),
    (
        MAY_2, "On May 2, 2000, Zelmora Therapeutics and Takeda entered into a supply agreement for the drug ZLM-101.", "agreement", 0,
        "a licence and a supply agreement",
    ),
    (MARCH_1, TRIAL.format(when="in March 2006"), "development", 1, "a day and its month"),
    (MARCH_1, TRIAL.format(when="in May 2007"), "development", 0, "two trials"),
    (PAID_2, PAID.format(when="In March 2006", phase=2), "milestone", 1, "a later text that repeats a payment"),
    (PAID_2, PAID.format(when="In May 2007", phase=3), "milestone", 0, "the same amount for another step"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "kind", "renamed", "reason"), EVENTS, ids=[f"{e[2]}: {e[4]}" for e in EVENTS])
def test_events(left: str, right: str, kind: str, renamed: int, reason: str) -> None:
    told = [telling(number, text, "July 1, 2008") for number, text in enumerate((left, right))]
    keys = [{e.key for e in t.events if e.key.startswith(kind)} for t in told]
    assert all(keys), "both are read"
    names = join(told).names
    now = [{names.get(t.document, {}).get(key, key) for key in each} for t, each in zip(told, keys, strict=True)]
    assert len(now[0] & now[1]) == renamed, reason


def test_a_persons_decision_outweighs_the_texts() -> None:
    texts = [
        "ZLM-101 (zelmotinib)" + OF_ZELMORA, "ZLM-101" + OF_ZELMORA,
    ]  # fmt: skip
    told = [telling(number, text) for number, text in enumerate(texts)]
    assert join(told).names
    assert not join(told, split=[("compound/zelmotinib", "compound/zlm-101")]).names
    apart = [telling(number, text) for number, text in enumerate([texts[1], "Tarvotinib is developed by Takeda." + DRUG])]
    assert not join(apart).names
    forced = join(apart, joined=[("compound/tarvotinib", "compound/zlm-101")])
    assert {v.rule for each in forced.verdicts.values() for v in each} >= {"identity/decision"}


def test_groups_are_the_same_in_any_order_and_never_guessed() -> None:
    same = {frozenset(p) for p in ("ab", "bc", "xy", "yz")}
    apart = {frozenset("xz")}

    def relation(one: str, other: str) -> int:
        pair = frozenset((one, other))
        return SAME if pair in same else APART if pair in apart else UNKNOWN

    for order in itertools.permutations("abcxyz"):
        found = cluster(sorted(order), relation, lambda node: False)
        assert found.groups == (("a", "b", "c"),), "a chain without a contradiction is one"
        assert [(node, set(rivals)) for node, rivals in found.torn] == [("y", {"x", "z"})], "what is two that are apart is neither"


def test_a_vague_node_joins_the_only_one_that_it_can_be() -> None:
    def relation(one: str, other: str) -> int:
        return APART if {one, other} in ({"a", "b"}, {"a", "w"}) else UNKNOWN

    assert cluster(["a", "v"], relation, lambda n: n == "v").groups == (("a", "v"),)
    assert cluster(["a", "w"], relation, lambda n: n == "w").groups == ()
    two = cluster(["a", "b", "v"], relation, lambda n: n == "v")
    assert (two.groups, [node for node, _ in two.torn]) == ((), ["v"])


HEADER = """<SEC-DOCUMENT>0000000001-05-00000{n}.txt : 20050{n}01
<SEC-HEADER>0000000001-05-00000{n}.hdr.sgml : 20050{n}01
ACCESSION NUMBER:\t\t0000000001-05-00000{n}
CONFORMED SUBMISSION TYPE:\t8-K
FILED AS OF DATE:\t\t20050{n}01

FILER:

\tCOMPANY DATA:\t
\t\tCOMPANY CONFORMED NAME:\t\t\t{name}
\t\tCENTRAL INDEX KEY:\t\t\t0000001234
</SEC-HEADER>
<DOCUMENT>
<TYPE>8-K
<TEXT>
Item 8.01. Other Events

{name} started a Phase 2 trial of the drug {drug} in patients with lymphoma.
</TEXT>
</DOCUMENT>
"""


def test_a_register_knows_a_company_by_all_its_names() -> None:
    told = []
    for number, (name, drug) in enumerate((("ZELMORA THERAPEUTICS INC", "ZLM-101"), ("TARVANE PHARMA CORP", "TVN-7")), 1):
        (document,) = read_bytes(HEADER.format(n=number, name=name, drug=drug).encode(), f"f{number}.txt").documents
        made, _ = _trace(document, BASE)
        told.append(telling_of(document, made.mentions, made.resolution))
    found = join(told)
    keys = {found.names.get(t.document, {}).get(key, key) for t in told for key in t.things if key.startswith("company/")}
    assert len(keys) == 1
    (verdict,) = [v for each in found.verdicts.values() for v in each]
    assert (verdict.rule, verdict.at) == ("identity/register", ())
    assert "cik 0000001234" in verdict.reason
