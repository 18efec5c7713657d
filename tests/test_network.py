"""What the network view draws, of what, and that nothing in a name or on the page can do harm."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import fixtures_view as fixture
import networkx as nx
import pytest
from pyoxigraph import Literal, NamedNode, Quad

import kg
from kg.errors import ExportError, QueryError
from kg.view import network
from kg.view.layout import Box, place
from kg.view.network import find_node, most_connected, nearest, show, to_networkx
from kg.view.style import LOOKS, box, lines
from kg.view.words import NARROWER, PROPERTIES, event_label, money, value_words, wording

HOSTILE = (
    "</script><script>document.title='ran'</script>",
    "<img src=x onerror=\"document.title='ran'\">",
    "line\u2028and\u2029paragraph",
    "{{ 7*7 }} {% raw %} ${alert(1)}",
    "'\"><svg onload=alert(1)> -->",
    "\u202egnp.exe",
)


def hostile_quads() -> list[Quad]:
    """Things whose names, IRI, facts and sentences carry markup."""
    quads: list[Quad] = []
    for index, name in enumerate(HOSTILE):
        quads += fixture.named_thing(f"company/hostile-{index}", name)
        quads += fixture.supported(
            "milestone-2007", f"company/hostile-{index}", "ticker", f'"{name}"', name, ((10 + index, f"It is {name} here.", name),)
        )
        thing, document = fixture.node(f"company/hostile-{index}"), fixture.node("document/milestone-2007")
        quads.append(Quad(thing, NamedNode(f"{fixture.KG}ticker"), Literal(name), document))
    quads += fixture.named_thing("company/a'onx=1&b;--!&lt;script&gt;", "IRI with marks")
    return quads


@pytest.fixture(scope="module")
def graph() -> network.Network:
    return to_networkx(fixture.adc_store())


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return show(fixture.adc_store(hostile_quads()), tmp_path_factory.mktemp("page") / "graph.html").read_text(encoding="utf-8")


def data_of(page: str, name: str) -> object:
    match = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert match, f"the page has no data block {name}"
    return json.loads(match[1])


LABELS = (
    ("milestone/phase2", "Milestone", "Milestone $5M · earned", "an occurred milestone is said to be earned"),
    ("milestone/process", "Milestone", "Milestone · possible", "no amount, and only potential"),
    ("agreement/2000", "Agreement", "License 2000", "type and year"),
    ("agreement/2006", "Amendment", "Amendment 2006", "Amendment is more specific than Agreement"),
    ("agreement/2003", "Agreement", "Collaboration 2003-07", "a month stays a month"),
    ("development/phase2", "Development", "Phase 2 started 2007-07-31", "stage, event, date"),
    ("development/hu-c242-phase2", "Development", "Phase 2 started · expected", "what is planned must not read as done"),
    ("payment/royalty", "Payment", "Royalty undisclosed · possible", "withheld is a fact"),
    ("payment/upfront", "Payment", "Upfront $12M · paid", "an occurred payment is said to be paid"),
    ("compound/t-dm1", "AntibodyDrugConjugate", "trastuzumab emtansine", "more specific than Compound"),
    ("antibody/trastuzumab", "Antibody", "trastuzumab", "an antibody that is a drug is drawn as an antibody"),
    ("target/her2", "Target", "HER2", "the name that the filing uses, not the reference table's"),
)


@pytest.mark.parametrize(("key", "kind", "label", "reason"), LABELS, ids=[row[0] for row in LABELS])
def test_nodes_have_class_and_label(graph: network.Network, key: str, kind: str, label: str, reason: str) -> None:
    node = graph.nodes[fixture.BASE + key]
    assert (node["class"], node["label"], node["iri"]) == (kind, label, fixture.BASE + key), reason


def test_only_things_and_events_are_nodes(graph: network.Network) -> None:
    kinds = {node["class"] for _, node in graph.nodes(data=True)}
    assert kinds == set(LOOKS), "the fixture has one of every class, and nothing of any other"
    assert len(graph) == 25
    assert not [iri for iri in graph if "/document/" in iri or "/statement/" in iri or "/merge/" in iri or "/run/" in iri]


def test_facts_keep_their_sentences(graph: network.Network) -> None:
    facts = {fact["property"]: fact for fact in graph.nodes[f"{fixture.BASE}milestone/phase2"]["facts"]}
    assert (facts["amount"]["value"], facts["amount"]["said"], facts["triggerType"]["said"]) == ("5000000", "5,000,000", "Phase 2 start")
    assert [support["evidence"].rpartition("=")[2].split(",")[0] for support in facts["amount"]["evidence"]] == ["120", "940", "2210"]
    second = facts["amount"]["evidence"][1]
    start, end = second["mark"]
    assert second["sentence"][start:end] == "triggers a $5 million payment to ImmunoGen", "the raw quote has a line break there"
    assert (second["file"], second["title"], second["rules"]) == (
        "milestone-2007.txt", "ImmunoGen earns a milestone", ["payment/milestone-earned"],
    )  # fmt: skip
    ticker = next(fact for fact in graph.nodes[f"{fixture.BASE}company/immunogen"]["facts"] if fact["property"] == "ticker")
    assert [support["quote"] for support in ticker["evidence"]] == ["Nasdaq: IMGN"]


def test_edges_follow_the_triples_and_carry_evidence(graph: network.Network) -> None:
    tdm1, dm1 = f"{fixture.BASE}compound/t-dm1", f"{fixture.BASE}payload/dm1"
    edge = graph.edges[tdm1, dm1, "hasPayload"]
    assert (edge["label"], edge["iri"], edge["evidence"][0]["quote"]) == ("has payload", f"{fixture.KG}hasPayload", "links ImmunoGen's DM1")
    event = graph.edges[f"{fixture.BASE}milestone/phase2", f"{fixture.BASE}company/genentech", "payer"]
    assert len(event["evidence"]) == 3, "an event is supported whole: its edges have its sentences"
    party = graph.edges[f"{fixture.BASE}agreement/2000", f"{fixture.BASE}company/immunogen", "party"]
    assert party["implied"], "licensor says it already"
    amended = graph.edges[f"{fixture.BASE}agreement/2006", f"{fixture.BASE}company/immunogen", "party"]
    assert not amended["implied"], "the amendment has no narrower role"


def test_the_graph_is_plain_data(graph: network.Network) -> None:
    assert len(json.dumps(nx.node_link_data(graph, edges="edges"))) > 1000


def test_the_order_of_the_quads_does_not_show_in_the_graph() -> None:
    quads = fixture.adc_quads()
    written = []
    for seed in range(3):
        random.Random(seed).shuffle(quads)
        written.append(json.dumps(nx.node_link_data(to_networkx(fixture.Fake(quads)), edges="edges")))
    assert written[0] == written[1] == written[2]


def test_section_comes_from_the_caller_or_the_graph() -> None:
    evidence = fixture.node("document/milestone-2007#char=10,22")
    said = Quad(evidence, NamedNode(f"{fixture.KG}section"), Literal("ITEM 8.01"), fixture.node("document/milestone-2007/evidence"))
    in_graph = to_networkx(fixture.adc_store([said]))
    by_caller = to_networkx(fixture.adc_store([said]), lambda document, start: f"{document.rpartition('/')[2]} at {start}")
    for graph, section in ((in_graph, "ITEM 8.01"), (by_caller, "milestone-2007 at 10")):
        ticker = next(fact for fact in graph.nodes[f"{fixture.BASE}company/immunogen"]["facts"] if fact["property"] == "ticker")
        assert ticker["evidence"][0]["section"] == section


def test_the_latest_document_decides_whether_an_event_has_happened() -> None:
    milestone = fixture.node("milestone/phase2")
    promised = fixture.node("document/sanofi-2003")
    early = [Quad(milestone, NamedNode(f"{fixture.KG}factuality"), NamedNode(f"{fixture.KG}Potential"), promised)]
    node = to_networkx(fixture.adc_store(early)).nodes[milestone.value]
    assert (node["label"], node["factuality"]) == ("Milestone $5M · earned", "Occurred")
    assert [fact["value"] for fact in node["facts"] if fact["property"] == "factuality"] == ["Occurred", "Potential"]


FOCUS = (
    ("Genentech", "company/genentech", "a label"),
    ("gENENTECH", "company/genentech", "case does not matter"),
    ("  t-dm1 ", "compound/t-dm1", "an altLabel, blanks around it"),
    ("Herceptin", "antibody/trastuzumab", "a brand name"),
    ("License 2000", "agreement/2000", "what is written on an event"),
    (f"{fixture.BASE}payload/dm1", "payload/dm1", "an IRI"),
)


@pytest.mark.parametrize(("name", "key", "reason"), FOCUS, ids=[row[2] for row in FOCUS])
def test_focus_finds(graph: network.Network, name: str, key: str, reason: str) -> None:
    assert find_node(graph, name) == fixture.BASE + key, reason


def test_unknown_focus_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"'Genentec'; nearest names: Genentech"):
        show(fixture.adc_store(), tmp_path / "x.html", focus="Genentec")
    with pytest.raises(QueryError, match="no name comes near it"):
        show(fixture.adc_store(), tmp_path / "x.html", focus="zzzzqqqq")
    assert list(tmp_path.iterdir()) == []


def test_ambiguous_focus_lists_the_candidates(tmp_path: Path) -> None:
    store = fixture.adc_store(fixture.named_thing("compound/genentech-drug", "genentech", kind="Compound"))
    with pytest.raises(QueryError, match=r"names 2 nodes.*<.*company/genentech>; genentech <.*compound/genentech-drug>"):
        show(store, tmp_path / "x.html", focus="Genentech")


HOPS = (
    (0, {"hu-c242"}, "nothing but the node"),
    (1, {"hu-c242", "hu-c242-dm4"}, "its one neighbour"),
    (2, {"hu-c242", "hu-c242-dm4", "dm4", "immunogen", "tap", "hu-c242-phase2"}, "all that touches the neighbour, either way"),
)


@pytest.mark.parametrize(("hops", "expected", "reason"), HOPS, ids=[str(row[0]) for row in HOPS])
def test_hops(tmp_path: Path, hops: int, expected: set[str], reason: str) -> None:
    page = show(fixture.adc_store(), tmp_path / "x.html", focus="huC242", hops=hops).read_text(encoding="utf-8")
    details = data_of(page, "page")["details"]
    assert {node["iri"].rpartition("/")[2] for node in details} == expected, reason
    assert f"{25 - len(expected)} of 25 nodes are not on this page" in page


def test_negative_hops_are_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="0 or more"):
        show(fixture.adc_store(), tmp_path / "x.html", hops=-1)


def test_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "LIMIT", 40)
    store = fixture.Fake(fixture.large_quads(60))
    page = show(store, tmp_path / "x.html").read_text(encoding="utf-8")
    total = 1 + 60 + 60 + 6
    details, spots = data_of(page, "page")["details"], data_of(page, "nodes")
    assert len(details) == len(spots) == total, "all are on the page"
    drawn = [details[spot["id"]]["label"] for spot in spots if "x" in spot]
    assert len(drawn) == 40 and "Hub" in drawn, "and the most connected are drawn"
    assert f"40 of {total} nodes are drawn, the most connected: search for another" in page
    focused = show(store, tmp_path / "y.html", focus="Hub", hops=3).read_text(encoding="utf-8")
    assert "40 of" in focused and "the nearest" in focused


def test_a_page_holds_so_many_nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "HELD", 50)
    page = show(fixture.Fake(fixture.large_quads(60)), tmp_path / "x.html").read_text(encoding="utf-8")
    assert len(data_of(page, "nodes")) == 50
    assert "Only the most connected part: 77 of 127 nodes are not on this page; --focus NAME shows others" in page


def test_the_most_connected_part_hangs_together() -> None:
    graph = to_networkx(fixture.Fake(fixture.large_quads(60)))
    part = graph.subgraph(most_connected(graph, 30))
    assert len(part) == 30
    assert nx.is_connected(part.to_undirected())
    assert nearest(graph, f"{fixture.BASE}company/hub")[0] == f"{fixture.BASE}company/hub"


def test_nodes_and_edges_know_since_when_they_are_known(graph: network.Network) -> None:
    milestone = graph.nodes[f"{fixture.BASE}milestone/phase2"]
    dates = sorted({support["date"] for fact in milestone["facts"] for support in fact["evidence"]})
    assert milestone["since"] == dates[0]
    assert milestone["states"][-1] == (dates[-1], "Milestone $5M · earned", "Occurred") or len(milestone["states"]) == 1
    for start, end, edge in graph.edges(data=True):
        assert edge["since"] >= max(graph.nodes[start]["since"], graph.nodes[end]["since"]), "no edge is known before its ends"


def test_an_event_is_drawn_as_it_stood_on_a_day(tmp_path: Path) -> None:
    for name, day, text in (
        (
            "2004.txt",
            "June 1, 2004",
            "may receive a milestone payment of $5 million from Takeda upon initiation of a Phase II trial of ZLM-101.",
        ),
        (
            "2006.txt",
            "March 3, 2006",
            "earned a milestone payment of $5 million from Takeda with the start of a Phase II trial of ZLM-101.",
        ),
    ):
        lead = f"BASEL, {day} - Zelmora Therapeutics, Inc. (Nasdaq: ZLMR) today announced news of its drug ZLM-101."
        (tmp_path / name).write_text(f"Zelmora Reports on ZLM-101\n\n{lead} Zelmora Therapeutics {text}\n", encoding="utf-8")
    with kg.build([tmp_path / "2004.txt", tmp_path / "2006.txt"], tmp_path / "store", workers=1) as built:
        states = [node["states"] for _, node in built.to_networkx().nodes(data=True) if node["class"] == "Milestone"]
        assert states == [[("2004-06-01", "Milestone $5M · possible", "Potential"), ("2006-03-03", states[0][1][1], "Occurred")]]
        assert "earned" in states[0][1][1]
        page = built.show(tmp_path / "x.html").read_text(encoding="utf-8")
    assert data_of(page, "page")["dates"] == ["2004-06-01", "2006-03-03"]


def test_money_runs_from_payer_to_payee(page: str) -> None:
    details = [node["iri"].removeprefix(fixture.BASE) for node in data_of(page, "page")["details"]]
    arrows = {(details[arrow["from"]], details[arrow["to"]]): arrow for arrow in data_of(page, "edges")}
    assert arrows["company/genentech", "milestone/phase2"]["label"] == "pays"
    assert arrows["milestone/phase2", "company/immunogen"]["label"] == "paid to"
    assert arrows["company/immunogen", "agreement/2000"]["label"] == "licensor", "party is implied and not drawn"
    assert arrows["compound/hu-c242-dm4", "company/immunogen"]["label"] == "developed by · owned by", "one arrow for one direction"


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append((self.tags[-1][0] if self.tags else "", data))


def test_hostile_names_stay_text(page: str) -> None:
    markup = _Markup()
    markup.feed(page)
    scripts = [attributes for tag, attributes in markup.tags if tag == "script"]
    assert [attributes.get("id") for attributes in scripts] == ["nodes", "edges", "options", "page", None, None, None, None]
    assert not [tag for tag, _ in markup.tags if tag in {"img", "svg", "iframe", "object", "embed", "base", "form", "link"}]
    assert not [attributes for _, attributes in markup.tags if any(name.startswith("on") for name in attributes)]
    for name in HOSTILE[:3]:
        assert name not in page, "a name stands in the page as it is"
    assert "\u2028" not in page
    assert "\u2029" not in page
    assert "\u202e" not in page
    details = data_of(page, "page")["details"]
    names = {name for node in details for name in [node["label"], *node["names"]]}
    assert {HOSTILE[0], HOSTILE[1], HOSTILE[3], HOSTILE[4]} <= names, "and nothing of it is lost"


def test_the_heading_is_escaped(tmp_path: Path) -> None:
    page = show(fixture.adc_store(hostile_quads()), tmp_path / "x.html", focus=HOSTILE[0]).read_text(encoding="utf-8")
    assert "<h1>&lt;/script&gt;&lt;script&gt;" in page


def test_the_page_loads_nothing(page: str) -> None:
    markup = _Markup()
    markup.feed(page)
    assert not [attributes for _, attributes in markup.tags if {"src", "srcset", "background", "data"} & set(attributes)]
    assert {attributes["href"] for _, attributes in markup.tags if "href" in attributes} == {"#search"}
    styles = "".join(text for tag, text in markup.text if tag == "style")
    assert "@import" not in styles
    assert all(url.startswith(("data:", '"data:')) for url in re.findall(r"url\(\s*([^)]{1,20})", styles))
    assert "sourceMappingURL" not in page
    policy = next(attributes["content"] for tag, attributes in markup.tags if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy


def test_the_licence_is_kept(page: str) -> None:
    assert "Permission is hereby granted, free of charge" in page
    assert "@copyright (c) 2011-2017 Almende B.V" in page, "vis-network's own header"


_WRITE = """
import random, sys
sys.path.insert(0, sys.argv[1])
import fixtures_view as fixture
from pathlib import Path
from kg.view.network import show
quads = [*fixture.adc_quads(), *fixture.large_quads(140)]
random.Random(int(sys.argv[3])).shuffle(quads)
show(fixture.Fake(quads), Path(sys.argv[2]))
"""


def test_same_store_same_bytes(tmp_path: Path) -> None:
    written = []
    for seed in ("0", "1", "4711"):
        out = tmp_path / f"{seed}.html"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        folder = Path(__file__).resolve().parent
        subprocess.run([sys.executable, "-c", _WRITE, str(folder), str(out), seed], check=True, env=environment, cwd=folder.parent)
        written.append(out.read_bytes())
    assert written[0] == written[1] == written[2]


def test_no_two_labels_overlap() -> None:
    graph = to_networkx(fixture.adc_store())
    boxes = {iri: box(node["class"], lines(node["class"], node["label"])) for iri, node in graph.nodes(data=True)}
    places = place(graph, boxes)
    found = [(a, b) for a in graph for b in graph if a < b and _overlap(places[a], boxes[a], places[b], boxes[b])]
    assert found == []


def _overlap(one: tuple[int, int], box: Box, other: tuple[int, int], far: Box) -> bool:
    across = abs(one[0] - other[0]) < box.half + far.half
    return across and one[1] - box.up < other[1] + far.down and other[1] - far.up < one[1] + box.down


@pytest.mark.slow
def test_two_thousand_nodes_are_cut_to_the_limit(tmp_path: Path) -> None:
    out = show(fixture.Fake(fixture.large_quads(950)), tmp_path / "x.html")
    assert len([spot for spot in data_of(out.read_text(encoding="utf-8"), "nodes") if "x" in spot]) == network.LIMIT


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    assert "holds no things yet" in show(fixture.Fake([]), tmp_path / "x.html").read_text(encoding="utf-8")


def test_an_unwritable_place_is_an_error_that_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="missing"):
        show(fixture.adc_store(), tmp_path / "missing" / "x.html")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ExportError, match="folder"):
        show(fixture.adc_store(), tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


WORDS = (
    ("payer", "pays", "money moves from the payer"),
    ("licensor", "licensor", "rights move from the licensor"),
    ("hasPayload", "has payload", "the brief's own example"),
    ("underAgreement", "under", "the brief's own example"),
    ("coversIndication", "covers indication", "a term that a later ontology adds is spelt out"),
)


@pytest.mark.parametrize(("predicate", "drawn", "reason"), WORDS, ids=[row[0] for row in WORDS])
def test_arrow_words(predicate: str, drawn: str, reason: str) -> None:
    assert wording(predicate).drawn == drawn, reason


AMOUNTS = (
    ("5000000", "USD", "$5M", "whole millions"),
    ("5000000.0", "USD", "$5M", "a decimal as some engines write it"),
    ("1250000000", "EUR", "€1.25B", "two places are exact"),
    ("1234567", "GBP", "£1,234,567", "nothing is rounded away"),
    ("NaN", "USD", "NaN", "no number: shown as it stands"),
    ("0", "USD", "$0", "below every unit"),
)


@pytest.mark.parametrize(("amount", "currency", "said", "reason"), AMOUNTS, ids=[row[2] for row in AMOUNTS])
def test_money(amount: str, currency: str, said: str, reason: str) -> None:
    assert money(amount, currency) == said, reason


def test_an_amount_is_said_alike_however_an_engine_writes_it() -> None:
    assert {value_words("amount", written, False) for written in ("5000000", "5000000.0", "5000000.00")} == {"5,000,000"}
    assert value_words("amount", "undisclosed", False) == "undisclosed"


EVENTS = (
    ("Payment", {"minAmount": ["1000000"], "maxAmount": ["3000000"], "currency": ["USD"], "bound": ["Range"]}, "Payment $1M–$3M"),
    ("Payment", {"amount": ["44000000"], "currency": ["USD"], "bound": ["UpTo"]}, "Payment up to $44M"),
    ("Payment", {"paymentType": ["Royalty"], "rate": ["low double-digit"]}, "Royalty low double-digit"),
    ("Agreement", {"agreementStatus": ["Terminated"], "factuality": ["Ended"], "date": ["2008"]}, "Agreement 2008 · terminated"),
    ("Development", {"stage": ["Phase1_2"], "event": ["DataReported"]}, "Phase 1/2 data reported"),
    ("Development", {}, "Development"),
)


@pytest.mark.parametrize(("kind", "facts", "label"), EVENTS, ids=[row[2] for row in EVENTS])
def test_event_labels(kind: str, facts: dict[str, list[str]], label: str) -> None:
    assert event_label(kind, facts) == label


def test_every_outline_is_its_own() -> None:
    assert len({look.path for look in LOOKS.values()}) == len(LOOKS), "colour alone must not tell two classes apart"
    assert len({look.light for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.dark for look in LOOKS.values()}) == len(LOOKS)


def test_every_name_is_in_the_ontology() -> None:
    ontology = Path(__file__).resolve().parent.parent / "ontology"
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ontology.glob("*.ttl")))
    if not text:
        pytest.skip("the ontology is not written yet")
    names = {*PROPERTIES, *LOOKS, *NARROWER, *(each for narrower in NARROWER.values() for each in narrower)}
    assert sorted(name for name in names if not re.search(rf"(kg:|#){name}\b", text)) == []
