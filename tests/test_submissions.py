"""What a header says is in the store as long as a document is that brought it, and no longer, whatever came, went and came again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_store import BASE, KG, LABEL, document

from kg.errors import StoreError
from kg.store import PREFIXES, Store

N, L = ox.NamedNode, ox.Literal
CATALOGUE = N(BASE + "graph/catalogue")
IS_PART_OF = N(PREFIXES["dcterms"] + "isPartOf")
NUMBER = "0000000000-20-000001"
FILING = f"{BASE}filing/{NUMBER}"


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "kg") if request.param == "disk" else Store.memory() as opened:
        yield opened


def part(name: str, item: str = "8.01", number: str = NUMBER) -> tuple[str, list[ox.Quad], str]:
    """Make a document that is part of a submission, with what its header was read as."""
    key, quads, text = document(name)
    filing = N(f"{BASE}filing/{number}")
    filer = N(filing.value + "/filer/0000000042")
    lines = [
        (N(BASE + key), IS_PART_OF, filing), (filing, N(KG + "accessionNumber"), L(number)), (filing, N(KG + "item"), L(item)),
        (filing, N(KG + "filer"), filer), (filer, LABEL, L("ACME BIO INC")), (filer, N(KG + "formerName"), L(f"ACME {item}")),
    ]  # fmt: skip
    return key, [*quads, *(ox.Quad(*line, CATALOGUE) for line in lines)], text


def with_line(subject: str, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> tuple[str, list[ox.Quad], str]:
    """Make a part with one line more."""
    key, quads, text = part("a")
    return key, [*quads, ox.Quad(N(subject), predicate, value, CATALOGUE)], text


def held(store: Store) -> set[ox.Quad]:
    return set(store.quads())


def only(*documents: tuple[str, list[ox.Quad], str]) -> set[ox.Quad]:
    """What a store of these and nothing before holds."""
    return {quad for _, quads, _ in documents for quad in quads}


def test_lines_go_with_the_last_document_that_brought_them(store: Store) -> None:
    a, b = part("a"), part("b")
    store.put(*a)
    store.put(*b)
    assert held(store) == only(a, b)
    store.forget(a[0])
    assert held(store) == only(b)
    store.forget(b[0])
    assert held(store) == set()


def test_two_readings_of_one_header_keep_apart(store: Store) -> None:
    old, new = part("a", "5"), part("b", "8.01")
    store.put(*old)
    store.put(*new)
    assert held(store) == only(old, new)
    store.forget(old[0])
    assert held(store) == only(new), "no Item 5, which b never brought"


REBUILT: list[tuple[list[tuple[str, list[ox.Quad], str]], str]] = [
    ([part("a", "8.01"), part("b", "8.01")], "a newer reader gives another Item for both"),
    ([part("a", "8.01")], "it gives one document only"),
    ([document("a"), document("b")], "it finds no header any more"),
    ([document("c")], "another file has taken the place"),
    ([part("a", "8.01", "0000000000-20-000002"), part("b", "8.01", "0000000000-20-000002")], "another submission has"),
]


@pytest.mark.parametrize(("now", "reason"), REBUILT, ids=[row[1] for row in REBUILT])
def test_a_file_built_again_leaves_no_line_of_its_last_reading(
    now: list[tuple[str, list[ox.Quad], str]], reason: str, store: Store
) -> None:
    for each in (part("a", "5"), part("b", "5")):
        store.put(*each, path="/in/f.txt", digest="one", version="1")
    for each in now:
        store.put(*each, path="/in/f.txt", digest="one", version="2")
    assert held(store) == only(*now), reason


STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "5", "8.01"]), st.booleans()), max_size=8)


@given(STEPS)
def test_only_what_is_there_shows(steps: list[tuple[str, str, bool]]) -> None:
    """Put with this or that header or with none, or forget: the graph is that of the documents that are there."""
    store = Store.memory()
    there: dict[str, tuple[str, list[ox.Quad], str]] = {}
    for name, item, is_put in steps:
        if is_put:
            there[name] = part(name, item) if item else document(name)
            store.put(*there[name])
        elif name in there:
            store.forget(there.pop(name)[0])
    assert held(store) == only(*there.values())
    triples = {(row[0], row[1], row[2]) for row in store.query("SELECT ?s ?p ?o { ?s ?p ?o }").rows}
    assert triples == {(quad.subject, quad.predicate, quad.object) for quad in only(*there.values())}


def test_lines_of_a_store_made_before_there_were_marks_belong_to_all_parts(store: Store) -> None:
    a, b = part("a"), part("b")
    store.put(*a)
    store.put(*b)
    engine = store._open()
    for mark in list(engine.quads_for_pattern(None, N(PREFIXES["prov"] + "value"), None, N(BASE + "graph/run"))):
        engine.remove(mark)
    store.forget(a[0])
    assert held(store) == only(b)
    store.forget(b[0])
    assert held(store) == set()


FOREIGN: list[tuple[Callable[[], tuple[str, list[ox.Quad], str]], str]] = [
    (lambda: with_line(BASE + "filing/0000000000-20-000002", LABEL, L("x")), "a submission that it is no part of"),
    (lambda: with_line(FILING + "/filer/77", LABEL, L("x")), "a filer that the submission does not lead to"),
    (lambda: with_line(FILING + "0", LABEL, L("x")), "a submission whose number begins like its own"),
    (lambda: with_line(BASE + "company/genmab", LABEL, L("x")), "a thing"),
    (lambda: with_line(BASE + "document/b", LABEL, L("x")), "another document"),
    (lambda: (f"filing/{NUMBER}", part("a")[1], ""), "a submission in the place of a document"),
]


@pytest.mark.parametrize(("make", "reason"), FOREIGN, ids=[row[1] for row in FOREIGN])
def test_a_document_brings_lines_of_its_own_submission_only(
    make: Callable[[], tuple[str, list[ox.Quad], str]], reason: str, store: Store
) -> None:
    with pytest.raises(ValueError, match=r"not a quad of|is a submission"):
        store.put(*make())
    assert not held(store), reason


@pytest.mark.parametrize("target", ["company/genmab", "document/b"])
def test_a_part_of_something_else_takes_nothing_of_it_along(target: str, store: Store) -> None:
    b = document("b")
    store.put(*b)
    key, quads, text = document("a")
    store.put(key, [*quads, ox.Quad(N(BASE + key), IS_PART_OF, N(BASE + target), CATALOGUE)], text)
    store.forget(key)
    assert held(store) == only(b)


@pytest.mark.parametrize("key", [f"filing/{NUMBER}", f"filing/{NUMBER}/filer/0000000042"])
def test_a_submission_is_no_document(key: str, store: Store) -> None:
    a = part("a")
    store.put(*a)
    assert not store.has(key)
    with pytest.raises(StoreError, match="no document"):
        store.forget(key)
    assert held(store) == only(a)


def test_the_marks_are_neither_exported_nor_asked(store: Store) -> None:
    store.put(*part("a"))
    assert held(store) == only(part("a"))
    assert not store.query(f"ASK {{ ?s <{PREFIXES['prov']}value> ?o }}").boolean
    assert not [quad for quad in store.to_rdflib().quads((None, None, None, None)) if str(quad[1]) == PREFIXES["prov"] + "value"]
