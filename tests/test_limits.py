"""What a query may have and take: long ones answer or are stopped, none kills what asks, and SERVICE goes only where it may."""

from __future__ import annotations

import contextlib
import http.server
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kg
from kg.errors import QueryError, StoreError
from kg.serve import Limits, ask_once
from kg.serve.pool import Pool
from kg.serve.worker import Question
from kg.store import PREFIXES
from kg.store.guard import CAREFUL, KILLABLE, parse_query

ROWS = {"rows": ("json", "application/sparql-results+json"), "boolean": ("json", "application/sparql-results+json")}
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

# Of a length n, each nests or lists something else in the engine.
CHAINS: dict[str, Callable[[int], str]] = {
    "sum": lambda n: f"SELECT (1{'+1' * n} AS ?x) {{}}",
    "or": lambda n: f"SELECT * {{ ?s ?p ?o FILTER(1=2{'||1=2' * n}) }}",
    "negations": lambda n: f"SELECT * {{ ?s ?p ?o FILTER({'!' * n}1) }}",
    "in": lambda n: f"SELECT * {{ ?s ?p ?o FILTER(?o IN (1{',1' * n})) }}",
    "values": lambda n: f"SELECT * {{ VALUES ?x {{ 1{' 1' * n} }} }} LIMIT 9",
    "filters": lambda n: f"SELECT * {{ ?s ?p ?o {'FILTER(?o=1)' * n} }}",
    "binds": lambda n: f"SELECT * {{ {' '.join(f'BIND(1 AS ?a{i})' for i in range(n))} }}",
    "columns": lambda n: f"SELECT {' '.join(f'?a{i}' for i in range(n))} {{ ?s ?p ?o }} LIMIT 1",
    "made columns": lambda n: f"SELECT {' '.join(f'(1 AS ?a{i})' for i in range(n))} {{}}",
    "sums": lambda n: f"SELECT {' '.join(f'(SUM(?o) AS ?a{i})' for i in range(n))} {{ ?s ?p ?o }}",
    "group keys": lambda n: f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} GROUP BY {' '.join(f'?a{i}' for i in range(n))}",
    "order keys": lambda n: f"SELECT * {{ ?s ?p ?o }} ORDER BY {' '.join(f'?a{i}' for i in range(n))} LIMIT 9",
    "arguments": lambda n: f"SELECT (CONCAT('a'{',1' * n}) AS ?x) {{}}",
    "steps": lambda n: f"SELECT * {{ ?s kg:name{'/kg:name' * n} ?o }}",
    "starred steps": lambda n: f"SELECT * {{ ?s kg:name{'/kg:name*' * n} ?o }}",
    "ways": lambda n: f"SELECT * {{ ?s kg:name{'|kg:name' * n} ?o }} LIMIT 9",
    "triples": lambda n: f"SELECT * {{ {'?s kg:name ?o . ' * n} }} LIMIT 9",
    "unrelated triples": lambda n: f"SELECT * {{ {' '.join(f'?s{i} ?p{i} ?o{i} .' for i in range(n))} }} LIMIT 9",
    "optional": lambda n: f"SELECT * {{ {'OPTIONAL{?s ?p ?o}' * n} }} LIMIT 9",
    "union": lambda n: f"SELECT * {{ {{}}{'UNION{}' * n} }} LIMIT 9",
    "minus": lambda n: f"SELECT * {{ ?s ?p ?o {'MINUS{?s ?p ?o}' * n} }}",
    "brackets": lambda n: f"SELECT * {{ FILTER({'(' * n}1{')' * n}) }}",
    "exists": lambda n: f"SELECT * {{ {'FILTER EXISTS {' * n}{'}' * n} }}",
    "collections": lambda n: f"SELECT * {{ ?s ?p {'(' * n}1{')' * n} }}",
    "subqueries": lambda n: f"SELECT * {{ {'{SELECT * {' * n}{'}}' * n} }}",
}


def is_allowed(query: str) -> bool:
    try:
        parse_query(query, PREFIXES, KILLABLE)
    except QueryError:
        return False
    return True


def longest(chain: Callable[[int], str]) -> int:
    """Find the greatest length that is still allowed."""
    least, most = 1, KILLABLE.length
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if is_allowed(chain(middle)) else (least, middle)
    return least


@pytest.fixture(scope="module")
def pool(sample_store: Path) -> Iterator[Pool]:
    with Pool(sample_store, Limits(seconds=3, workers=1)) as opened:
        yield opened


@pytest.mark.parametrize("name", CHAINS)
def test_the_longest_chains_that_are_allowed_are_answered_or_stopped(pool: Pool, name: str) -> None:
    chain = CHAINS[name]
    length = longest(chain)
    assert length >= 20 and is_allowed(chain(length)) and not is_allowed(chain(length + 1))
    reply = pool.ask(Question(chain(length), ROWS))
    # "query": the engine's own complaint, such as a variable that is no group key; never "died", which an overflow would be
    assert reply.fault in {"", "time", "rows", "query"}, reply
    assert pool.ask(Question("ASK {}", ROWS)).fault == "", "the next one finds a worker"


def test_a_process_that_must_live_allows_less() -> None:
    for cap in ("length", "depth", "patterns", "steps", "joins", "operators"):
        assert getattr(CAREFUL, cap) < getattr(KILLABLE, cap)
    assert (KILLABLE.length, KILLABLE.depth, KILLABLE.patterns, KILLABLE.steps) == (64 * 1024, 64, 200, 200)


# ---- asked once, as kg sparql does


def test_an_answer_is_that_of_the_store(sample_store: Path) -> None:
    queries = (
        "SELECT ?c ?n { ?c a kg:Company ; rdfs:label ?n }",
        "ASK { ?s ?p ?o }",
        "CONSTRUCT { ?c rdfs:label ?n } WHERE { ?c rdfs:label ?n }",
    )
    with kg.open(sample_store) as graph:
        for query in queries:
            assert ask_once(sample_store, query, Limits()) == graph.sparql(query)


def test_what_takes_too_long_or_too_much_is_stopped(sample_store: Path) -> None:
    before, began = multiprocessing.active_children(), time.monotonic()
    with pytest.raises(QueryError, match=r"longer than 1 s.*--timeout"):
        ask_once(sample_store, SLOW, Limits(seconds=1))
    assert time.monotonic() - began < 5
    with pytest.raises(QueryError, match=r"more than the 5 .*--rows"):
        ask_once(sample_store, "SELECT * { ?s ?p ?o }", Limits(rows=5))
    assert multiprocessing.active_children() == before


def test_no_store_is_said_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no store in .*nowhere"):
        ask_once(tmp_path / "nowhere", "ASK {}", Limits())


# ---- SERVICE


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    """An endpoint: /sparql answers with one row, /hop leads to /sparql, /slow takes longer than anybody waits."""

    asked: list[str]

    def do_POST(self) -> None:
        self.asked.append(self.path)
        if self.path == "/slow":
            time.sleep(5)
        body = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"from there"}}]}}'
        self.send_response(307 if self.path == "/hop" else 200)
        self.send_header("Location", "/sparql")
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked has gone
            self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Elsewhere,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_service_goes_where_it_may(sample_store: Path, elsewhere: tuple[str, list[str]]) -> None:
    root, asked = elsewhere
    limits = Limits(seconds=2, services=frozenset({f"{root}/sparql"}))
    for named in (f"<{root}/sparql>", f"SILENT <{root}/sparql>", "far:sparql"):
        query = f"PREFIX far: <{root}/> SELECT ?x {{ SERVICE {named} {{ ?a ?b ?x }} }}"
        assert [row[0].value for row in ask_once(sample_store, query, limits).rows] == ["from there"]  # type: ignore[union-attr] # it is bound
    assert asked == ["/sparql"] * 3


REFUSED = [
    ("SERVICE <{root}/other> {{ ?a ?b ?x }}", "another endpoint"),
    ("SERVICE <{root}/sparql> {{ ?a ?b ?x }} SERVICE <{root}/other> {{ ?a ?b ?x }}", "another beside the one"),
    ("SERVICE <{root}/sparql> {{ ?a ?b ?x SERVICE <{root}/other> {{ ?a ?b ?x }} }}", "another within the one"),
    ("VALUES ?u {{ <{root}/sparql> }} SERVICE ?u {{ ?a ?b ?x }}", "one in a variable"),
    ("SERVICE <sparql> {{ ?a ?b ?x }}", "a relative one"),
    ("SERVICE <{root}/sparql?> {{ ?a ?b ?x }}", "one of nearly that name"),
]


@pytest.mark.parametrize(("pattern", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_service_goes_nowhere_else(sample_store: Path, elsewhere: tuple[str, list[str]], pattern: str, reason: str) -> None:
    root, asked = elsewhere
    with pytest.raises(QueryError, match="SERVICE is refused"):
        ask_once(sample_store, f"SELECT ?x {{ {pattern.format(root=root)} }}", Limits(services=frozenset({f"{root}/sparql"})))
    assert asked == []


def test_service_follows_no_redirect_and_waits_no_longer_than_a_query_may(sample_store: Path, elsewhere: tuple[str, list[str]]) -> None:
    root, asked = elsewhere
    limits = Limits(seconds=1, services=frozenset({f"{root}/hop", f"{root}/slow"}))
    with pytest.raises(QueryError, match="endpoint that SERVICE names gave no answer"):
        ask_once(sample_store, f"SELECT ?x {{ SERVICE <{root}/hop> {{ ?a ?b ?x }} }}", limits)
    with pytest.raises(QueryError, match="longer than 1 s"):
        ask_once(sample_store, f"SELECT ?x {{ SERVICE <{root}/slow> {{ ?a ?b ?x }} }}", limits)
    assert asked == ["/hop", "/slow"]
