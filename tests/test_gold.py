"""The marked documents beside the checkout: how much of them the program reads, and what must and must not be in the graph of the seed."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.graph import Graph

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SCORER, GOLD = SHARED / "score.py", SHARED / "gold"
SETS = ("gold", "gold-b")
KEPT = Path(__file__).parent / "gold"  # the scorer's output of the last time, by set; KG_FIX=1 renews it
SEED = "immunogen-2007-07-31-trastuzumab-dm1"
NEEDED = 0.95  # F1 of the seed
ALLOWED = 0.005  # of F1 over all documents, that a change to a rule may lose

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SCORER.is_file() and (GOLD / "facts").is_dir()), reason="no gold beside the checkout"),
]


Scores = dict[str, dict[str, dict[str, float]]]


@pytest.fixture(scope="module", params=SETS)
def measured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, figures: list[str]) -> tuple[str, Scores]:
    name = str(request.param)
    gold, kept = SHARED / name, KEPT / f"{name}.json"
    if not (gold / "facts").is_dir():
        pytest.skip(f"no {name} beside the checkout")
    folder = tmp_path_factory.mktemp(name)
    # By importlib, for the function kg.build hides the module of that name.
    importlib.import_module("kg.build").build([gold / "texts"], folder / "store")
    with Graph.open(folder / "store") as graph:
        graph.export("nquads", folder / "graph.nq")
    command = [sys.executable, str(SCORER), str(gold / "facts"), str(folder / "graph.nq"), "--json", str(folder / "scores.json")]
    done = subprocess.run([*command, *(["--against", str(kept)] if kept.exists() else [])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures += [f"Marked documents, {name}, micro-averaged over slots:", *done.stdout.splitlines(), *done.stderr.splitlines()]
    loaded: Scores = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    if os.environ.get("KG_FIX"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes((folder / "scores.json").read_bytes())
    return name, loaded


def test_every_marked_document_is_scored(measured: tuple[str, Scores]) -> None:
    name, scores = measured
    assert sorted(scores["documents"]) == sorted(path.stem for path in (SHARED / name / "facts").glob("*.json"))


def test_nothing_is_lost(measured: tuple[str, Scores], figures: list[str]) -> None:
    name, scores = measured
    kept = json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))
    now, then = scores["scores"]["all"]["F1"], kept["scores"]["all"]["F1"]
    figures.append(f"{name}: F1 over all documents {now:.3f}, kept {then:.3f} ({now - then:+.3f})")
    assert now > then - ALLOWED, "KG_FIX=1 pytest keeps the new figures, if they are meant"


@pytest.mark.parametrize("measured", ["gold"], indirect=True)
def test_the_seed_is_read(measured: tuple[str, Scores]) -> None:
    assert measured[1]["documents"][SEED]["F1"] >= NEEDED


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    store = tmp_path_factory.mktemp("seed") / "store"
    importlib.import_module("kg.build").build([GOLD / "texts" / f"{SEED}.txt"], store)
    return Graph.open(store)


# One query each, which must find nothing.
ABSENT = [
    ("ASK { ?x kg:cik ?y }", "no header, so no CIK"),
    ("ASK { ?x kg:accessionNumber ?y }", "no header, so no accession number"),
    ("ASK { ?x a kg:Filing ; dcterms:source ?y }", "no header, so no URL"),
    ("ASK { ?x a kg:Linker }", "the text names no linker"),
    ("ASK { ?x a kg:AntibodyDrugConjugate ; rdfs:label ?n FILTER(STRSTARTS(?n, 'AVE')) }", "only one of the two is a TAP compound"),
    ("ASK { ?x kg:targets|kg:hasAntibody/kg:targets ?t ; rdfs:label ?n FILTER(REGEX(?n, '^(AVE|hu)')) }", "only HER2 is a target"),
    ("ASK { ?m a kg:Milestone ; kg:factuality kg:Potential ; kg:amount ?a }", "the further milestones have no number"),
    ("ASK { ?x rdfs:label|skos:altLabel ?n FILTER(CONTAINS(STR(?n), 'Litigation')) }", "nothing comes from the safe harbour"),
    ("ASK { ?d kg:ofCompound/rdfs:label 'huC242-DM4' ; kg:stage kg:Phase2 ; kg:factuality kg:Occurred }", "it is expected"),
]


@pytest.mark.parametrize(("query", "reason"), ABSENT, ids=[row[1] for row in ABSENT])
def test_what_the_seed_does_not_say_is_absent(seed: Graph, query: str, reason: str) -> None:
    assert seed.sparql(query).boolean is False, reason


def test_the_seeds_five_million_is_one_milestone_with_three_sentences(seed: Graph) -> None:
    rows = seed.sparql("SELECT DISTINCT ?m { ?m a kg:Payment ; kg:amount ?a FILTER(?a = 5000000) }").rows
    assert len(rows) == 1 and rows[0][0] is not None
    milestone = rows[0][0].value
    reasons = [reason for reason in seed.why(milestone) if reason.subject == milestone]
    assert len({quote.start for reason in reasons for quote in reason.quotes}) >= 3


def test_the_seeds_agreement_is_amended_not_overwritten(seed: Graph) -> None:
    rows = seed.sparql("SELECT ?then ?first { ?a a kg:Amendment ; kg:date ?then ; kg:amends ?b . ?b kg:date ?first }").rows
    assert [tuple(term.value for term in row if term is not None) for row in rows] == [("2006", "2000")]


def test_phase_two_of_huc242_dm4_is_expected(seed: Graph) -> None:
    assert seed.sparql("ASK { ?d kg:ofCompound/rdfs:label 'huC242-DM4' ; kg:stage kg:Phase2 ; kg:factuality kg:Expected }").boolean is True
