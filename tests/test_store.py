"""The store: whole documents or none, one writer, nothing lost, nothing left behind."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDFS, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from kg.errors import QueryError, StoreError
from kg.store import BASE, PREFIXES, Record, Store, StoredDocument

N, L = ox.NamedNode, ox.Literal
KG, OA, RDF = PREFIXES["kg"], PREFIXES["oa"], PREFIXES["rdf"]
TYPE, LABEL, SOURCE = N(RDF + "type"), N(PREFIXES["rdfs"] + "label"), N(PREFIXES["dcterms"] + "source")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def text_of(name: str) -> str:
    return f"Genmab A/S – with a “quote” and\r\na line end – owns {name}.\n"


def document(name: str, edition: int = 0, facts: int = 3) -> tuple[str, list[ox.Quad], str]:
    """Make a document of the shape that ONTOLOGY.md gives: domain, evidence, catalogue and identity."""
    text = text_of(f"{name} {edition}")
    digest = hashlib.sha256(text.encode()).hexdigest()
    key = f"document/{name}-{digest[:12]}" if edition else f"document/{name}"
    node, evidence = N(BASE + key), N(f"{BASE}{key}/evidence")
    company, judgement = N(BASE + "company/genmab"), N(f"{BASE}judgement/{name}-{edition}")
    quads = [
        ox.Quad(company, TYPE, N(KG + "Company"), node),
        ox.Quad(company, LABEL, L("Genmab A/S"), node),
        ox.Quad(node, TYPE, N(KG + "Document"), N(BASE + "graph/catalogue")),
        ox.Quad(node, N(KG + "fileName"), L(f"{name}.txt"), N(BASE + "graph/catalogue")),
        ox.Quad(node, N(KG + "sha256"), L(digest), N(BASE + "graph/catalogue")),
        ox.Quad(judgement, SOURCE, node, N(BASE + "graph/identity")),
        ox.Quad(judgement, N(KG + "name"), L("Genmab"), N(BASE + "graph/identity")),
    ]
    for fact in range(facts):
        thing, quote = N(f"{BASE}compound/{name}-{edition}-{fact}"), N(f"{node.value}#char={fact},{fact + 9}")
        quads += [
            ox.Quad(thing, N(KG + "ownedBy"), company, node),
            ox.Quad(quote, N(OA + "exact"), L(text[fact : fact + 9]), evidence),
            ox.Quad(quote, N(OA + "hasSource"), node, evidence),
        ]
    return key, quads, text


def put(store: Store, name: str, edition: int = 0, **kwargs: str) -> str:
    key, quads, text = document(name, edition)
    store.put(key, quads, text, **kwargs)
    return key


def count(store: Store, query: str = COUNT) -> int:
    value = store.query(query).rows[0][0]
    assert isinstance(value, ox.Literal)
    return int(value.value)


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "kg") if request.param == "disk" else Store.memory() as opened:
        yield opened


def test_what_is_put_is_there(store: Store) -> None:
    key, quads, text = document("a")
    assert not store.has(key)
    store.put(key, quads, text)
    assert store.has(key)
    assert store.has(BASE + key)
    assert set(store.quads()) == set(quads)
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert store.documents() == [StoredDocument(BASE + key, "a.txt", digest)]
    assert store.text_of(digest) == text  # to the character, the carriage return as well


def test_a_store_on_disk_survives_closing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kg") as store:
        key, quads, text = document("a")
        store.put(key, quads, text, "/in/a.txt", digest="d1", version="1")
    for read_only in (False, True):
        with Store.open(tmp_path / "kg", read_only=read_only) as store:
            assert set(store.quads()) == set(quads)
            assert store.text_of(hashlib.sha256(text.encode()).hexdigest()) == text
            assert store.record_of("/in/a.txt") == Record((BASE + key,), "d1", "1")
    assert sorted(path.name for path in (tmp_path / "kg").iterdir()) == ["graph", "store.json", "texts"]


def test_a_document_put_again_replaces_all_it_had(store: Store) -> None:
    key, quads, text = document("a", facts=5)
    put(store, "b")
    others = set(store.quads())
    store.put(key, quads, text)
    fewer = document("a", facts=2)[1]
    store.put(key, fewer, text)
    assert set(store.quads()) == others | set(fewer)
    assert count(store) == len({quad.triple for quad in store.quads()})


def test_what_two_documents_state_counts_once_and_stays_until_both_are_gone(store: Store) -> None:
    keys = [put(store, name) for name in ("a", "b")]
    label = "SELECT (COUNT(*) AS ?n) { ?s rdfs:label 'Genmab A/S' }"
    graphs = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s rdfs:label 'Genmab A/S' } }"
    assert [count(store, label), count(store, graphs)] == [1, 2]
    store.forget(keys[0])
    assert [count(store, label), count(store, graphs)] == [1, 1]
    store.forget(keys[1])
    assert [count(store, label), count(store, graphs), count(store)] == [0, 0, 0]


def test_history_leaves_no_trace(store: Store) -> None:
    """Whatever came and went, in whatever order, the graph is that of the documents that are there."""
    for name in ("b", "a", "c", "a"):
        put(store, name, path=f"/in/{name}")
    put(store, "c", 1, path="/in/c")
    store.forget(put(store, "d"))
    straight = Store.memory()
    for name, edition in (("a", 0), ("b", 0), ("c", 1)):
        put(straight, name, edition)
    assert set(store.quads()) == set(straight.quads())
    assert {row[0] for row in store.query("SELECT ?s { ?s ?p ?o }").rows} == {
        row[0] for row in straight.query("SELECT ?s { ?s ?p ?o }").rows
    }


def test_a_text_goes_with_its_last_document(store: Store) -> None:
    text = "the same words"
    digest = hashlib.sha256(text.encode()).hexdigest()
    for name in ("a", "b"):
        node = N(f"{BASE}document/{name}")
        lines = [(N(KG + "fileName"), L(name)), (N(KG + "sha256"), L(digest))]
        store.put(f"document/{name}", [ox.Quad(node, p, o, N(BASE + "graph/catalogue")) for p, o in lines], text)
    store.forget("document/a")
    assert store.text_of(digest) == text
    store.forget("document/b")
    with pytest.raises(StoreError, match=digest):
        store.text_of(digest)


def test_a_shared_judgement_outlives_one_of_its_documents(store: Store) -> None:
    shared, identity = N(BASE + "judgement/1"), N(BASE + "graph/identity")
    for name in ("a", "b"):
        node = N(f"{BASE}document/{name}")
        lines = [(SOURCE, node), (N(KG + "name"), L("T-DM1")), (N(KG + "evidence"), N(f"{node.value}#char=1,2"))]
        store.put(f"document/{name}", [ox.Quad(shared, p, o, identity) for p, o in lines])
    with pytest.raises(StoreError, match="no document"):
        store.forget("document/c")
    store.forget("document/a")
    assert sorted(str(quad.object) for quad in store.quads()) == ['"T-DM1"', f"<{BASE}document/b#char=1,2>", f"<{BASE}document/b>"]
    store.forget("document/b")
    assert not list(store.quads())


class TestRunRecord:
    def test_an_edited_file_replaces_its_document(self, store: Store) -> None:
        old = put(store, "a", 1, path="/in/a.txt", digest="one")
        new = put(store, "a", 2, path="/in/a.txt", digest="two")
        assert [store.has(old), store.has(new)] == [False, True]
        assert store.record_of("/in/a.txt") == Record((BASE + new,), "two", "")
        assert set(store.quads()) == set(document("a", 2)[1])

    def test_files_of_one_name_in_two_folders_both_stay(self, store: Store) -> None:
        keys = [put(store, "a", edition, path=f"/{edition}/a.txt", digest=str(edition)) for edition in (1, 2)]
        assert all(store.has(key) for key in keys)

    def test_a_document_stays_while_another_file_gives_it(self, store: Store) -> None:
        old = put(store, "a", 1, path="/x/a.txt", digest="one")
        put(store, "a", 1, path="/y/a.txt", digest="one")
        put(store, "a", 2, path="/x/a.txt", digest="two")
        assert store.has(old)
        put(store, "a", 3, path="/y/a.txt", digest="three")
        assert not store.has(old)

    def test_one_file_may_give_several_documents(self, store: Store) -> None:
        keys = [put(store, name, path="/in.zip", digest="one", version="1") for name in ("a", "b")]
        assert store.record_of("/in.zip") == Record((BASE + keys[0], BASE + keys[1]), "one", "1")
        put(store, "a", path="/in.zip", digest="one", version="2")
        assert [store.has(key) for key in keys] == [True, False]  # b is not of this reading until it is put again

    def test_digest_of_a_path(self, store: Store) -> None:
        assert store.record_of("/in/a.txt") is None
        key = put(store, "a", path="/in/a.txt", digest="one", version="7")
        record = store.record_of("/in/a.txt")
        assert record is not None and record.digest == "one"
        store.forget(key)
        assert store.record_of("/in/a.txt") is None

    def test_it_is_neither_exported_nor_in_the_union(self, store: Store) -> None:
        put(store, "a", path="/secret/a.txt", digest="one")
        assert not any("secret" in str(quad) for quad in store.quads())
        assert not store.query("ASK { ?s ?p '/secret/a.txt' }").boolean
        assert not list(store.to_rdflib().quads((None, None, Literal("/secret/a.txt"), None)))


FOREIGN = [
    (ox.Quad(N("urn:s"), N("urn:p"), L("o"), N(BASE + "document/b")), "a graph of another document"),
    (ox.Quad(N("urn:s"), N("urn:p"), L("o"), N(BASE + "graph/catalogue")), "a catalogue line of another subject"),
    (ox.Quad(N("urn:s"), N("urn:p"), L("o"), N(BASE + "graph/identity")), "an identity line without its source"),
    (ox.Quad(N("urn:s"), N("urn:p"), L("o")), "the default graph, which is the store's"),
    (ox.Quad(N("urn:s"), N("urn:p"), ox.BlankNode(), N(BASE + "document/a")), "a blank node"),
    (ox.Quad(N(BASE + "document/a"), N(KG + "sha256"), L("0" * 64), N(BASE + "graph/catalogue")), "a digest that is not the text's"),
]


@pytest.mark.parametrize(("quad", "reason"), FOREIGN, ids=[row[1] for row in FOREIGN])
def test_quads_that_could_not_be_taken_back_are_refused(quad: ox.Quad, reason: str, store: Store) -> None:
    with pytest.raises(ValueError, match=r"not a quad of|only IRIs|is not that of"):
        store.put("document/a", [quad], "text")
    assert not list(store.quads())


def test_every_literal_survives_replacing(store: Store) -> None:
    """Replacing goes through an update in text: what a filing says must not end a string there."""
    evil = ['" } ; DROP ALL #', "\\", "\n\r\t\x0c\x00\u2028\ufffe", "<script>", "'''\"\"\"", "😀 𝛂", "100.00"]
    for edition in range(2):
        quads = [ox.Quad(N("urn:s"), N("urn:p"), L(f"{value}{edition}"), N(BASE + "document/a")) for value in evil]
        quads.append(ox.Quad(N("urn:s"), N("urn:p"), L("x", language="de"), N(BASE + "document/a")))
        store.put("document/a", quads)
        assert set(store.quads()) == set(quads)


def _is_file(path: Path) -> None:
    path.write_text("x")


def _has_other_things(path: Path) -> None:
    path.mkdir()
    (path / "thesis.docx").write_text("x")


def _is_damaged(path: Path) -> None:
    Store.open(path).close()
    (path / "store.json").write_text("{")


def _has_a_damaged_graph(path: Path) -> None:
    Store.open(path).close()
    (path / "graph" / "CURRENT").write_text("nonsense")


def _nothing(path: Path) -> None:
    return None


def _is_empty(path: Path) -> None:
    path.mkdir()


BAD_FOLDERS: list[tuple[Callable[[Path], None], bool, str, str]] = [
    (_is_file, False, "is a file", "a file"),
    (_is_file, True, "is a file", "a file, to read"),
    (_has_other_things, False, "not a store", "someone's folder is left alone"),
    (_has_other_things, True, "not a store", "someone's folder, to read"),
    (_nothing, True, "run kg build first", "no folder"),
    (_is_empty, True, "run kg build first", "an empty folder"),
    (_is_damaged, False, "damaged", "a damaged marker"),
    (_has_a_damaged_graph, False, "cannot open", "a damaged graph"),
]


@pytest.mark.parametrize(("make", "read_only", "message", "reason"), BAD_FOLDERS, ids=[row[3] for row in BAD_FOLDERS])
def test_a_folder_that_is_no_store(make: Callable[[Path], None], read_only: bool, message: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "kg"
    make(path)
    before = sorted(tmp_path.rglob("*.*"))
    with pytest.raises(StoreError, match=message) as caught:
        Store.open(path, read_only=read_only)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [p for p in tmp_path.rglob("*.*") if p.name in {"store.json", "thesis.docx"}] == [p for p in before if p.parent == path]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot open"):
        Store.open(tmp_path / "file" / "kg")


def test_a_read_only_store_is_not_written(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kg") as store:
        put(store, "a")
    with Store.open(tmp_path / "kg", read_only=True) as store:
        with pytest.raises(StoreError, match="read-only"):
            put(store, "b")
        with pytest.raises(StoreError, match="read-only"):
            store.forget("document/a")
        assert count(store) == len({quad.triple for quad in document("a")[1]})


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "kg")
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.query("ASK {}")


def test_a_changed_text_is_noticed(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kg") as store:
        put(store, "a")
        digest = store.documents()[0].sha256
        (tmp_path / "kg" / "texts" / f"{digest}.txt").write_text("changed")
        with pytest.raises(StoreError, match="was changed"):
            store.text_of(digest)
        put(store, "a")
        assert store.text_of(digest)  # building again mends it
        with pytest.raises(StoreError, match="cannot be read"):
            store.text_of("../../etc/passwd")


def test_another_base(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kg", base="https://example.org/") as store:
        graph = N("https://example.org/document/a")
        store.put("document/a", [ox.Quad(N("urn:s"), N("urn:p"), L("o"), graph)])
    with Store.open(tmp_path / "kg") as store:
        assert store.base == "https://example.org/"
        store.forget("document/a")
    with pytest.raises(StoreError, match=r"example\.org"):
        Store.open(tmp_path / "kg", base=BASE)


def _spawn(code: str, *arguments: object) -> subprocess.Popen[str]:
    program = f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\n" + textwrap.dedent(code)
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


HOLD = """
    from pathlib import Path
    from test_store import Store, put
    with Store.open(Path(sys.argv[1])) as store:
        put(store, "a")
        print("ready", flush=True)
        sys.stdin.readline()
        put(store, "b")
"""


def test_a_locked_store_names_the_folder_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kg"
    with _spawn(HOLD, path) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        with pytest.raises(StoreError, match="in use") as caught:
            Store.open(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
        with Store.open(path, read_only=True) as reader:
            assert len(reader.documents()) == 1
        holder.communicate("go\n")
    assert holder.returncode == 0
    with Store.open(path) as store:
        assert [document.file_name for document in store.documents()] == ["a.txt", "b.txt"]


PUT_FOREVER = """
    from itertools import cycle
    from pathlib import Path
    from test_store import Store, document
    editions = [(name, edition, *document(name, edition, facts=600)) for edition in (1, 2) for name in ("a", "b")]
    with Store.open(Path(sys.argv[1])) as store:
        for name, edition, key, quads, text in cycle(editions):
            print("put", name, edition, flush=True)
            store.put(key, quads, text, f"/in/{name}", digest=str(edition))
            print("done", name, edition, flush=True)
"""


# A put takes some 150 ms here: the kill falls into its writing of the text, its transaction or its flush.
@pytest.mark.parametrize("milliseconds", [0, 30, 60, 80, 100, 120, 150])
def test_killed_at_any_moment_it_holds_whole_documents(milliseconds: int, tmp_path: Path) -> None:
    path = tmp_path / "kg"
    with _spawn(PUT_FOREVER, path) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(7)]  # three are done and the fourth has begun, or so
        time.sleep(milliseconds / 1000)
        writer.send_signal(signal.SIGKILL)
        said += [line for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    done = {line.split()[1]: int(line.split()[2]) for line in said if line.startswith("done")}
    begun = {line.split()[1]: int(line.split()[2]) for line in said if line.startswith("put")}
    with Store.open(path) as store:
        held = [document(name, edition, facts=600) for name in done for edition in (1, 2) if store.has(document(name, edition)[0])]
        assert len(held) == len(done) == len(store.documents())
        assert all(store.has(document(n, e)[0]) or store.has(document(n, begun[n])[0]) for n, e in done.items())
        assert {quad for _, quads, _ in held for quad in quads} == set(store.quads())
        assert count(store) == len({quad.triple for quad in store.quads()})
        assert all(store.text_of(hashlib.sha256(text.encode()).hexdigest()) == text for _, _, text in held)


def test_a_batch_is_flushed_in_steps_and_at_its_end(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kg") as store, store.batch(size=2):
        for name in ("a", "b", "c"):
            put(store, name)
            texts = len(list((tmp_path / "kg" / "texts").iterdir()))
            assert texts == len(store.documents())
        store.forget("document/a")
    with Store.open(tmp_path / "kg") as store:
        assert len(store.documents()) == 2
        assert len(list((tmp_path / "kg" / "texts").iterdir())) == 2


def test_threads_lose_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kg") as store:

        def work(worker: int) -> None:
            for number in range(15):
                put(store, f"w{worker}n{number % 10}", path=f"/in/{worker}/{number % 10}")

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
        with store.batch():
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(store.documents()) == 40
        assert count(store) == len({quad.triple for quad in store.quads()})


def test_a_failed_query_changes_nothing(store: Store) -> None:
    put(store, "a")
    before = set(store.quads())
    for query in ("DROP ALL", "SELECT * { ?s ?p }", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"):
        with pytest.raises(QueryError):
            store.query(query)
    with pytest.raises(QueryError, match="no variable"):
        store.query("ASK { ?s ?p ?o }", {"name": L('"} DROP ALL #')})
    assert store.query("SELECT ?o { ?s rdfs:label ?o FILTER(?o = ?n) }", {"n": L('"} DROP ALL #')}).rows == []
    assert set(store.quads()) == before


def test_one_graph_can_be_asked(store: Store) -> None:
    keys = [put(store, name) for name in ("a", "b")]
    rows = store.query(f"SELECT ?c FROM <{BASE}{keys[0]}> {{ ?c kg:ownedBy ?o }}").rows
    assert [str(row[0]) for row in rows] == [f"<{BASE}compound/a-0-{i}>" for i in range(3)]


class TestRdflib:
    def test_it_shows_the_same_quads(self, store: Store) -> None:
        put(store, "a", path="/in/a")
        put(store, "b", path="/in/b")
        view = store.to_rdflib()
        shown = {(str(s), str(p), str(o), str(g)) for s, p, o, g in view.quads()}
        assert shown == {tuple(t.value for t in (q.subject, q.predicate, q.object, q.graph_name)) for q in store.quads()}  # type: ignore[union-attr] # IRIs and literals only
        assert {str(g.identifier) for g in view.graphs()} - {str(DATASET_DEFAULT_GRAPH_ID)} == {q.graph_name.value for q in store.quads()}  # type: ignore[union-attr] # IRIs and literals only
        assert len(view) == len(set(view.triples((None, None, None)))) == len({q.triple for q in store.quads()})
        assert len(view.get_context(URIRef(BASE + "document/a"))) == 5

    def test_strings_are_plain_and_found(self, store: Store) -> None:
        put(store, "a")
        view = store.to_rdflib()
        company = URIRef(BASE + "company/genmab")
        assert view.value(company, RDFS.label) == Literal("Genmab A/S")
        assert (company, RDFS.label, Literal("Genmab A/S")) in view
        assert (company, RDFS.label, Literal("Genmab A/S", lang="en")) not in view

    def test_its_queries_pass_the_guard(self, store: Store) -> None:
        put(store, "a")
        view = store.to_rdflib()
        assert [row.l for row in view.query("SELECT ?l { ?s rdfs:label ?l }")] == [Literal("Genmab A/S")]
        assert bool(view.query("ASK { ?s rdfs:label ?l }", initBindings={"l": Literal("Genmab A/S")}))
        assert len(view.query("CONSTRUCT WHERE { ?s rdfs:label ?l }")) == 1  # type: ignore[arg-type] # a graph has a length
        assert len(view.get_context(URIRef(BASE + "document/a/evidence")).query("SELECT ?s { ?s oa:exact ?o }")) == 3
        for query in ("SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }", "SELECT * { SERVICE <http://localhost:9/> { ?s ?p ?o } }"):
            with pytest.raises(QueryError):
                view.query(query)

    def test_it_writes_nothing(self, store: Store) -> None:
        put(store, "a")
        view = store.to_rdflib()
        triple = (URIRef("urn:s"), URIRef("urn:p"), Literal("o"))
        with pytest.raises(StoreError, match="read-only"):
            view.add(triple)
        with pytest.raises(StoreError, match="read-only"):
            view.remove((None, None, None))
        with pytest.raises(StoreError, match="read-only"):
            view.update("DROP ALL")
        assert set(store.quads()) == set(document("a")[1])
