"""A thing on one page: what its lines say, that a payment counts once and as far as it has come, and that no name does harm."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import build
from kg.card import Card, card
from kg.card.page import render, write_card
from kg.card.words import amount, ledger_answer, sums, timeline_answer, when
from kg.cli import main
from kg.errors import ExportError, QueryError
from kg.store import BASE, PREFIXES, Store

LEAD = "BASEL, {day} - Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) today announced news of its drug ZLM-101. "
LICENCE = "In May 2004, Zelmora Therapeutics granted Takeda an exclusive license to the drug ZLM-101 for the treatment of lymphoma. "
MAY_EARN = "Zelmora Therapeutics may receive a milestone payment of $5 million from Takeda upon initiation of a Phase II trial of ZLM-101. "
EARNED = "Zelmora Therapeutics earned a milestone payment of $5 million from Takeda with the start of a Phase II trial of ZLM-101. "
SECOND = "Zelmora Therapeutics earned a milestone payment of $7.5 million from Takeda with the start of a Phase III trial of ZLM-101. "
EURO = "Zelmora Therapeutics paid Lintara AG an upfront payment of €3 million. "
UP_TO = "Zelmora Therapeutics is eligible to receive up to $90 million in sales milestones from Takeda. "
FILES = {
    "2004.txt": ("June 1, 2004", LICENCE + MAY_EARN + UP_TO),
    "2006.txt": ("March 3, 2006", LICENCE + EARNED + EURO),
    "2008.txt": ("May 5, 2008", EARNED.replace("earned", "in March 2006 earned") + SECOND),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("card")
    for name, (day, text) in FILES.items():
        (place / name).write_text(f"Zelmora Reports on ZLM-101\n\n{LEAD.format(day=day)}{text}\n", encoding="utf-8")
    build([place / name for name in FILES], place / "store", workers=1)
    return place


@pytest.fixture(scope="module")
def store(folder: Path) -> Store:
    return Store.open(folder / "store", read_only=True)


@pytest.fixture(scope="module")
def zelmora(store: Store) -> Card:
    return card(store, "zelmora therapeutics")


def test_a_milestone_promised_and_earned_counts_once(zelmora: Card) -> None:
    milestones = [(e.status, e.amount, e.trigger, e.last, e.to_date) for e in zelmora.ledger if e.kind == "milestone payment" and e.trigger]
    phase_2 = [each for each in milestones if each[2] == "Phase 2 start"]
    assert phase_2 == [("Occurred", Decimal(5_000_000), "Phase 2 start", "2006-03-31", Decimal(5_000_000))], "three documents tell of it"
    phase_3 = next(each for each in milestones if each[2] == "Phase 3 start")
    assert phase_3[4] == Decimal(12_500_000), "the sum so far"


def test_what_came_in_and_went_out_is_kept_apart_and_no_currencies_are_added(zelmora: Card) -> None:
    assert dict(zelmora.totals) == {("in", "USD"): Decimal(12_500_000), ("out", "EUR"): Decimal(3_000_000)}
    assert sums(zelmora) == ["received $12.5M", "paid €3M"]
    up_to = next(e for e in zelmora.ledger if e.bound == "UpTo")
    assert (up_to.status, up_to.to_date, amount(up_to)) == ("Potential", None, "up to $90M"), "a possibility is in no sum"


def test_as_of_a_day_only_what_was_told_by_then_is_known(store: Store) -> None:
    early = card(store, "Zelmora Therapeutics", as_of="2005-01-01")
    assert early.documents == 1
    assert {e.status for e in early.ledger} == {"Potential"}
    assert dict(early.totals) == {}
    assert card(store, "Zelmora Therapeutics", as_of="2003-01-01").documents == 0
    with pytest.raises(QueryError, match="as of must be a day"):
        card(store, "Zelmora Therapeutics", as_of="spring")


def test_the_first_sentence_is_one_that_says_how_far_it_has_come(zelmora: Card) -> None:
    entry = next(e for e in zelmora.ledger if e.trigger == "Phase 2 start")
    assert "earned" in entry.reasons[0].quotes[0].sentence
    assert any("may receive" in quote.sentence for reason in entry.reasons for quote in reason.quotes), "and the promise is there too"


def test_a_compound_has_its_partners_deals_and_steps(store: Store) -> None:
    found = card(store, "zlm-101")
    assert (found.kind, found.label) == ("Compound", "ZLM-101")
    assert {partner.label for partner in found.partners} == {"Takeda", "Zelmora Therapeutics, Inc."}
    assert list(found.deals[0].roles) == [("licensor", "Zelmora Therapeutics, Inc."), ("licensee", "Takeda")]
    assert ("exclusive", "yes") in found.deals[0].terms
    stages = [moment.words for moment in found.timeline if moment.kind == "development"]
    assert any("Phase 2 started" in words for words in stages) and any("Phase 3 started" in words for words in stages)
    days = [moment.last or moment.first or moment.told for moment in found.timeline]
    assert days == sorted(days)


def test_an_agreement_has_its_payments(store: Store, zelmora: Card) -> None:
    found = card(store, zelmora.deals[0].key)
    assert found.kind == "Agreement"
    assert "Takeda" in found.label
    assert found.key in {deal.key for deal in found.deals}


def test_names_have_their_kind_and_count(zelmora: Card) -> None:
    assert zelmora.names[0].documents >= 1
    assert "Zelmora Therapeutics" in {name.text for name in zelmora.names}


def test_every_line_has_a_sentence(zelmora: Card, store: Store) -> None:
    for found in (zelmora, card(store, "ZLM-101"), card(store, "Takeda")):
        for line in (*found.facts, *found.deals, *found.ledger, *found.timeline):
            assert line.reasons and all(reason.quotes for reason in line.reasons), line


def test_a_name_that_is_not_there_has_nearest(store: Store) -> None:
    with pytest.raises(QueryError, match=r"no thing in the store is called 'Zelmorra'; did you mean Zelmora"):
        card(store, "Zelmorra")


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (("2007-07-31", "2007-07-31"), "2007-07-31"),
        (("2007-07-01", "2007-07-31"), "2007-07"),
        (("2008-02-01", "2008-02-29"), "2008-02"),
        (("2000-01-01", "2000-12-31"), "2000"),
        (("2008-07-01", "2008-12-31"), "2008-07-01 to 2008-12-31"),
        (("2008-07-01", ""), "from 2008-07-01"),
        (("", "2008-12-31"), "by 2008-12-31"),
        (("", ""), "no date"),
    ],
)
def test_days_are_said_as_precisely_as_they_are_known(bounds: tuple[str, str], said: str) -> None:
    assert when(*bounds) == said


def test_answers_hold_a_row_for_each_line_and_each_sentence(zelmora: Card) -> None:
    plain, told = ledger_answer(zelmora), ledger_answer(zelmora, evidence=True)
    assert len(plain.rows) == len(zelmora.ledger)
    assert told.columns == (*plain.columns, "sentence", "document")
    assert list(dict.fromkeys(row[:-2] for row in told.rows)) == plain.rows
    assert len(timeline_answer(zelmora).rows) == len(zelmora.timeline)


# ---- the page

HOSTILE = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\u202egnp.exe {0} & 'quoted' \""


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def hostile_store() -> Store:
    """A company, a compound and a sentence that carry markup, and a name of 5,000 letters."""
    made = Store.memory()
    document = BASE + "document/evil"
    node, kg = ox.NamedNode, PREFIXES["kg"]
    graph, evidence = node(document), node(document + "/evidence")
    lines: list[tuple[str, str, ox.NamedNode | ox.Literal, ox.NamedNode]] = []
    for key, kind, name in (("company/evil", "Company", HOSTILE), ("compound/long", "Compound", "x" * 5000)):
        lines += [
            (BASE + key, PREFIXES["rdf"] + "type", node(kg + kind), graph),
            (BASE + key, PREFIXES["rdfs"] + "label", ox.Literal(name), graph),
        ]
    lines.append((BASE + "compound/long", kg + "developedBy", node(BASE + "company/evil"), graph))
    statement, place = BASE + "statement/1", f"{document}#char=0,5"
    lines += [
        (statement, PREFIXES["rdf"] + "type", node(kg + "Statement"), evidence),
        (statement, PREFIXES["rdf"] + "subject", node(BASE + "compound/long"), evidence),
        (statement, PREFIXES["rdf"] + "predicate", node(kg + "developedBy"), evidence),
        (statement, PREFIXES["rdf"] + "object", node(BASE + "company/evil"), evidence),
        (statement, kg + "rule", ox.Literal("developer/<b>"), evidence),
        (statement, kg + "derivation", node(kg + "Stated"), evidence),
        (statement, kg + "evidence", node(place), evidence),
        (place, PREFIXES["oa"] + "hasSource", node(document), evidence),
        (place, PREFIXES["oa"] + "exact", ox.Literal("x" * 5), evidence),
        (place, PREFIXES["oa"] + "start", ox.Literal(0), evidence),
        (place, PREFIXES["oa"] + "end", ox.Literal(5), evidence),
        (place, kg + "sentence", ox.Literal("xxxxx " + HOSTILE), evidence),
    ]
    catalogue = node(BASE + "graph/catalogue")
    lines += [
        (document, PREFIXES["rdf"] + "type", node(kg + "Document"), catalogue),
        (document, kg + "fileName", ox.Literal(HOSTILE), catalogue),
        (document, PREFIXES["dcterms"] + "title", ox.Literal(HOSTILE), catalogue),
    ]
    made.put(document, [ox.Quad(node(s), node(p), o, g) for s, p, o, g in lines])
    return made


@pytest.mark.parametrize("key", ["company/evil", "compound/long"])
def test_no_name_becomes_markup(key: str) -> None:
    html = render(card(hostile_store(), key))
    seen = _Tags()
    seen.feed(html)
    assert seen.tags.isdisjoint({"script", "img", "b", "a", "iframe"})
    assert not {name for name in seen.attributes if name.startswith("on")}
    assert "\u202e" not in html.split("<blockquote>")[0], "no mark that turns the writing"
    assert "x" * 300 not in html, "a name of 5,000 letters is cut"


def test_the_page_needs_nothing_and_is_the_same_each_time(zelmora: Card, tmp_path: Path) -> None:
    html = write_card(zelmora, tmp_path / "card.html").read_text(encoding="utf-8")
    assert html == render(zelmora)
    assert "default-src 'none'" in unescape(html)
    assert not re.findall(r"(?:src|href)=", html) and "https:" not in html
    assert html.count("<details>") >= len(zelmora.ledger)
    with pytest.raises(ExportError):
        write_card(zelmora, tmp_path / "nowhere" / "card.html")


# ---- the command line


def test_card_on_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main_ok("card", "ZELMORA THERAPEUTICS", "--store", str(folder / "store"))
    said = capsys.readouterr().out
    assert "received $12.5M" in said
    assert "Takeda → Zelmora Therapeutics, Inc.: earned milestone payment $5M for Phase 2 start, ZLM-101 · so far $5M" in said
    assert "“Zelmora Therapeutics earned a milestone payment of $5 million" in said
    main_ok("card", "zlm-101", "--brief", "--store", str(folder / "store"))
    assert "“" not in capsys.readouterr().out


@pytest.mark.parametrize("command", ["ledger", "timeline"])
def test_ledger_and_timeline_in_every_format(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [command, "Zelmora Therapeutics", "--store", str(folder / "store")]
    main_ok(*asked, "--evidence")
    assert "Takeda" in capsys.readouterr().out
    main_ok(*asked, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    main_ok(*asked, "--format", "json", "--evidence")
    told = json.loads(capsys.readouterr().out)
    assert len(rows) <= len(told) and all("sentence" in each for each in told)
    main_ok(*asked, "--format", "md", "--as-of", "2005-01-01")
    assert capsys.readouterr().out.startswith("| earliest")


def main_ok(*arguments: str) -> None:
    try:
        main(list(arguments))
    except SystemExit as ended:
        assert not ended.code


def test_kg_card_writes_the_page(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main_ok("card", "ZLM-101", "--html", str(tmp_path / "card.html"), "--store", str(folder / "store"))
    assert "wrote" in capsys.readouterr().out
    assert (tmp_path / "card.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
