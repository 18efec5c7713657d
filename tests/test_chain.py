"""Twenty-nine filings of 2000-2010 on one chain of deals: each thing and event is one node, whatever the order, batches, crashes."""

from __future__ import annotations

import importlib
import os
import random
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.decisions import Decision, Decisions
from kg.errors import StoreError
from kg.graph import Graph
from kg.identity import decide, decided, undo
from kg.store import Store
from kg.tales import Tales, Told, merged, tales

recipe = importlib.import_module("kg.build")  # for the function kg.build hides the module of that name

CHAIN = Path(__file__).parent / "chain"
FILES = sorted((CHAIN / "filings").iterdir())
EXPECTED = tomllib.loads((CHAIN / "expected.toml").read_text("utf-8"))
CLASSES = {"agreement": {"Agreement"}, "amendment": {"Amendment"}, "payment": {"Payment", "Milestone"}, "development": {"Development"}}
HER2, SEED = ["company/genentech", "company/immunogen"], 20260101


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chain") / "store"
    recipe.build([CHAIN / "filings"], path)
    return path


@pytest.fixture(scope="module")
def told(store: Path) -> Tales:
    with Graph.open(store) as graph:
        return tales(graph.store)


def brief(kind: str, each: list[Told]) -> dict[str, object]:
    """Say of an event what the expected file says of it."""
    values = merged(each)

    def one(name: str) -> str:
        return values.get(name, [""])[0]

    covers = {v for name in ("coversCompound", "coversTarget", "coversTechnology") for v in values.get(name, ())}
    parts: dict[str, dict[str, object]] = {
        "agreement": {"parties": values.get("party"), "types": values.get("agreementType"), "covers": sorted(covers)},
        "amendment": {"parties": values.get("party")},
        "payment": {
            "type": one("paymentType"), "payer": one("payer"), "payee": one("payee"), "amount": one("amount"),
            "trigger": one("triggerType"), "compounds": values.get("forCompound"),
        },
        "development": {"compound": one("ofCompound"), "stage": one("stage"), "event": one("event"), "sponsors": values.get("sponsor")},
    }  # fmt: skip
    first, last = max(t.one("earliestDate") for t in each), min([t.one("latestDate") for t in each if t.one("latestDate")], default="")
    found = {
        **parts[kind], "status": one("factuality"), "time": [first, last],
        "documents": sorted(t.file.removesuffix(".txt") for t in each),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value not in ("", [], None, ["", ""])}


@pytest.mark.parametrize("kind", list(CLASSES))
def test_every_event_is_one_node(told: Tales, kind: str) -> None:
    found = [brief(kind, list(each)) for each in told.events.values() if each[0].klass in CLASSES[kind]]
    expected = EXPECTED[kind]
    assert [e for e in expected if e not in found] == [], "missing"
    assert [f for f in found if f not in expected] == [], "not expected: a duplicate, or two that were joined"
    assert len(found) == len(expected)


@pytest.mark.parametrize("kind", ["company", "compound"])
def test_every_thing_is_one_node(store: Path, kind: str) -> None:
    query = f"SELECT ?t ?name {{ ?t a kg:{kind.capitalize()} ; rdfs:label|skos:altLabel ?name }}"
    names: dict[str, set[str]] = {}
    with Graph.open(store) as graph:
        for thing, name in graph.sparql(query).rows:
            assert thing is not None and name is not None
            names.setdefault(thing.value.removeprefix(graph.store.base), set()).add(name.value)
    assert names == {each["key"]: set(each["names"]) for each in EXPECTED[kind]}


def test_the_two_agreements_of_may_2000_are_apart(told: Tales) -> None:
    of_two = [each for each in told.events.values() if merged(each).get("party") == HER2 and each[0].klass == "Agreement"]
    may = [each for each in of_two if any(t.one("earliestDate").startswith("2000-05") for t in each)]
    assert sorted(merged(each)["agreementType"] for each in may) == [["Access"], ["License"]]


def test_what_the_texts_do_not_tell_is_left_open_and_listed(store: Path) -> None:
    with Graph.open(store) as graph:
        unsure = [j for j in graph.identity() if j.verdict == "unsure"]
    assert [(j.rule, j.files) for j in unsure] == [("identity/unclear-agreement", ("immunogen-2010-02-03-report.txt",))]
    assert "Access" in unsure[0].reasons[0] and "License" in unsure[0].reasons[0]
    assert unsure[0].sentences, "it cites the sentences"


@pytest.mark.parametrize(("until", "total", "payments"), [
    ("2005-12-31", None, 0), ("2006-12-31", "2000000", 1), ("2007-07-31", "7000000", 2), ("2008-12-31", "7000000", 2),
    ("2010-12-31", "13500000", 3),
])  # fmt: skip
def test_cumulative_milestones_as_of_any_day(store: Path, told: Tales, until: str, total: str | None, payments: int) -> None:
    (licence,) = [k for k, e in told.events.items() if merged(e).get("party") == HER2 and merged(e).get("agreementType") == ["License"]]
    with Graph.open(store) as graph:
        rows = graph.ask("earned-to-date", agreement=licence, until=until).rows
    said = [(row[4].value, int(row[5].value)) for row in rows if row[4] is not None and row[5] is not None]
    assert said == ([(total, payments)] if total else [])


def test_the_graph_is_clean_and_disagrees_nowhere(store: Path) -> None:
    with Graph.open(store) as graph:
        found = graph.verify()
        assert (found.faults, found.shapes) == ((), "conforms")
        assert graph.conflicts() == []


def test_a_second_build_reads_nothing(store: Path) -> None:
    summary = recipe.build([CHAIN / "filings"], store)
    assert (summary.documents, summary.unchanged) == (0, len(FILES))


# Properties, on readings made once: what a store holds depends on the set of its documents alone.

Put = Callable[[Store, Path], None]


@pytest.fixture(scope="module")
def put() -> Put:
    version = recipe.rules_version()
    harvests = {file: recipe.read_file(file) for file in FILES}

    def put(store: Store, file: Path) -> None:
        for reading in harvests[file].readings:
            key, text = reading.document.source.id, reading.document.text
            store.put(key, reading.quads, text, str(file), digest=reading.digest, version=version, telling=reading.telling)

    return put


def held(store: Store) -> list[str]:
    return sorted(map(str, store.quads()))


def built(put: Put, files: list[Path], pauses: set[int]) -> Store:
    store = Store.memory()
    for number, file in enumerate(files):
        put(store, file)
        if number in pauses:
            recipe.settle(store, Decisions())
    recipe.settle(store, Decisions())
    return store


@pytest.mark.slow
def test_no_order_and_no_batching_shows(put: Put) -> None:
    chance = random.Random(SEED)
    first = held(built(put, FILES, set()))
    assert len(first) > 1000
    for round_ in range(200):
        files = chance.sample(FILES, len(FILES))
        pauses = {n for n in range(len(files)) if chance.random() < 0.2}
        store = built(put, files, pauses)
        assert held(store) == first, f"round {round_}: {[f.stem for f in files]}, batches end at {sorted(pauses)}"
        if round_ % 10 == 0:  # what is forgotten and built again is as it was
            gone = chance.sample(files, 3)
            for document in [d.iri for d in store.documents() if d.file_name in {f.name for f in gone}]:
                store.forget(document)
            recipe.settle(store, Decisions())
            assert held(store) == held(built(put, [f for f in FILES if f not in gone], set())), f"round {round_}: forgetting {gone}"
            for file in gone:
                put(store, file)
            recipe.settle(store, Decisions())
            assert held(store) == first, f"round {round_}: built again"


def lines(store: Path) -> list[str]:
    with Store.open(store, read_only=True) as opened:
        return held(opened)


PAIRS = [
    ("split", "sanofi-aventis", "Aventis", "a former name, said in another document"),
    ("split", "T-DM1", "trastuzumab-DM1", "two names that the lexicon holds to be one"),
    ("split", "SGN-35", "brentuximab vedotin", "an alias that one text gives"),
    ("join", "Millennium Pharmaceuticals", "Millennium: The Takeda Oncology Company", "what no text says"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "left", "right", "reason"), PAIRS, ids=[p[3] for p in PAIRS])
def test_splitting_and_joining_are_inverse(tmp_path: Path, kind: str, left: str, right: str, reason: str) -> None:
    store = tmp_path / "store"
    recipe.build([CHAIN / "filings"], store)
    before = lines(store)
    decide(store, kind, left, right, "a test")
    after = lines(store)
    assert after != before, "the decision shows"
    shown = decided(store, left)
    assert [(j.verdict, j.reasons) for j in shown] == [(kind, ("a test",))], "kg identity list shows it"
    assert all(any(name in each for each in (shown[0].left, shown[0].right)) for name in (left, right))
    assert decided(store, "Biotest") == []
    again = tmp_path / "again"
    (tmp_path / "again.identity.toml").write_bytes((tmp_path / "store.identity.toml").read_bytes())
    recipe.build([CHAIN / "filings"], again)
    assert lines(again) == after, "a new build honours it, with the same bytes"
    decide(store, "join" if kind == "split" else "split", left, right)
    assert lines(store) == before, "its inverse takes it back"
    decide(store, kind, left, right)
    undo(store, left, right)
    assert lines(store) == before, "and so does undo"
    with Graph.open(store) as graph:
        assert graph.verify(shapes=False).is_clean


def test_decisions_are_kept_sorted_and_checked(tmp_path: Path) -> None:
    from kg.decisions import load_decisions, save_decisions

    path = tmp_path / "d.toml"
    assert load_decisions(path) == Decisions()
    made = Decisions().decide(Decision("split", "company/b", "company/a", 'why "so"')).decide(Decision("join", "company/c", "company/d"))
    save_decisions(path, made)
    assert load_decisions(path) == made
    for text, problem in (
        ("[[merge]]\nleft = 'a/b'\n", "no decision"), ("[[join]]\nleft = 'company/a'\n", "two keys"), ("[[join]]\nleft = 1\n", "texts"),
        ("[[join]]\nleft = 'company/a'\nright = 'compound/a'\n", "one type"), ("not toml", "cannot be read"),
        ("[[join]]\nleft='company/a'\nright='company/b'\n[[split]]\nleft='company/b'\nright='company/a'\n", "two decisions"),
    ):  # fmt: skip
        path.write_text(text, "utf-8")
        with pytest.raises(StoreError, match=problem) as caught:
            load_decisions(path)
        assert str(path) in str(caught.value)


# Crashes: a build in a process of its own that is killed, over and over.

# It flushes every third document, so that kills find stores with some: what is not flushed is lost with the process. It says when the
# store is open, as starting Python takes longer than all the rest and varies with the machine.
BUILD = """
import sys
from kg.build import build
from kg.store import Store

Store.batch.__wrapped__.__defaults__ = (3,)
print("begins", flush=True)
build(sys.argv[2:], sys.argv[1], workers=1)
"""
KILLS = 50
SOME = FILES[:12]  # so many that four batches are flushed


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")
def test_a_build_killed_at_any_moment_leaves_whole_documents(tmp_path: Path) -> None:
    chance, kills, partial = random.Random(SEED), 0, 0
    took = _build_and_kill(tmp_path / "undisturbed", None)
    whole = lines(tmp_path / "undisturbed")
    while kills < KILLS:
        target = tmp_path / f"store{kills}"  # each is killed at most five times before it may end undisturbed
        for _ in range(5):
            if _build_and_kill(target, chance.uniform(0, took)) is not None:
                break
            kills += 1
            if (target / "store.json").exists() and (target / "graph").exists():
                partial += _check(target)
        recipe.build(SOME, target, workers=1)
        assert lines(target) == whole, "a build that goes on where another was killed ends with the same bytes"
    assert partial > KILLS / 10, "some kills came while documents were being stored"


def _build_and_kill(target: Path, after: float | None) -> float | None:
    """Build in a process, killed so many seconds after it began; answer how long it took if it ended before that."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(target), *map(str, SOME)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stderr
    process.stdout.readline()
    start = time.monotonic()
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return None
    finally:
        with process.stdout, process.stderr:
            fault = process.stderr.read()
    assert process.returncode == 0, fault
    return time.monotonic() - start


def _check(target: Path) -> bool:
    """Check a store that a killed build left; answer whether it holds some documents and not all."""
    with Store.open(target):  # opens for writing, which mends what the engine left and clears the texts of documents not stored
        pass
    with Graph.open(target) as graph:
        found = graph.verify(shapes=False)
        assert (found.faults, found.left) == ((), 0)
        return 0 < len(graph.documents()) < len(SOME)


def test_a_second_writer_is_told_and_readers_go_on(store: Path) -> None:
    with Graph.open(store) as reader:
        count = len(reader.documents())
        with Store.open(store), pytest.raises(StoreError, match="in use"):
            recipe.build([FILES[0]], store)
        assert len(reader.documents()) == count


@pytest.fixture(autouse=True)
def _no_other_decisions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("KG_IDENTITY", raising=False)
    yield
