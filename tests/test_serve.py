"""The service over real HTTP: the W3C's protocols, case by case from the specifications; what a query may take; and who may ask."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from servers import JENA, RESULTS, Service
from SPARQLWrapper import JSON as WRAPPER_JSON
from SPARQLWrapper import POST, SPARQLWrapper

import kg
from kg.errors import ServeError, StoreError
from kg.serve import Limits, make_app
from kg.serve.negotiate import choose
from kg.serve.pool import Busy, Pool
from kg.serve.worker import Question
from kg.store import BASE

KG = "https://w3id.org/conjugate/ontology#"
COMPANIES = "SELECT ?name { ?c a kg:Company ; rdfs:label ?name } ORDER BY ?name"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ROWS = ("json", RESULTS + "json")


@pytest.fixture(scope="module")
def service(sample_store: Path) -> Iterator[Service]:
    started = Service(sample_store, "--timeout", "4")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def documents(sample_store: Path) -> list[str]:
    with kg.open(sample_store) as graph:
        return sorted(document.iri for document in graph.documents())


def names(content: bytes) -> list[str]:
    return [row["name"]["value"] for row in json.loads(content)["results"]["bindings"]]


# ---- SPARQL 1.1 Protocol, section 2.1: query by GET, by POST of a form, by POST of the query

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
Send = Callable[[Service, list[tuple[str, str]]], tuple[int, dict[str, str], bytes]]


def by_get(service: Service, pairs: list[tuple[str, str]]) -> tuple[int, dict[str, str], bytes]:
    return service.ask("GET", "/sparql?" + urlencode(pairs), accept=RESULTS + "json")


def by_form(service: Service, pairs: list[tuple[str, str]]) -> tuple[int, dict[str, str], bytes]:
    return service.ask("POST", "/sparql", urlencode(pairs).encode(), accept=RESULTS + "json", content_type=FORM)


def directly(service: Service, pairs: list[tuple[str, str]]) -> tuple[int, dict[str, str], bytes]:
    (query,) = [value for name, value in pairs if name == "query"]
    rest = [(name, value) for name, value in pairs if name != "query"]
    path = "/sparql?" + urlencode(rest)
    return service.ask("POST", path, query.encode(), accept=RESULTS + "json", content_type=f"{DIRECT}; charset=UTF-8")


each_way = pytest.mark.parametrize("send", [by_get, by_form, directly])


@each_way
def test_a_query(service: Service, sample_store: Path, send: Send) -> None:
    status, headers, content = send(service, [("query", COMPANIES)])
    assert (status, headers["content-type"]) == (200, RESULTS + "json")
    with kg.open(sample_store) as graph:
        assert names(content) == [row[0].value for row in graph.sparql(COMPANIES).rows if row[0]]


@each_way
def test_a_query_with_letters_of_everywhere(service: Service, send: Send) -> None:
    status, _, content = send(service, [("query", 'SELECT ("Ångström – 抗体 😀 + & =" AS ?name) {}')])
    assert (status, names(content)) == (200, ["Ångström – 抗体 😀 + & ="])


@each_way
def test_the_default_graph_is_that_of_the_request(service: Service, documents: list[str], send: Send) -> None:
    files = "SELECT DISTINCT ?name { ?c a kg:Company ; rdfs:label ?name } ORDER BY ?name"
    alone = [set(names(send(service, [("query", files), ("default-graph-uri", document)])[2])) for document in documents]
    two = set(names(send(service, [("query", files), ("default-graph-uri", documents[0]), ("default-graph-uri", documents[1])])[2]))
    assert two == alone[0] | alone[1]
    assert len({frozenset(each) for each in alone}) > 1


@each_way
def test_the_named_graphs_are_those_of_the_request(service: Service, documents: list[str], send: Send) -> None:
    graphs = "SELECT DISTINCT (STR(?g) AS ?name) { GRAPH ?g { ?s ?p ?o } } ORDER BY ?name"
    chosen = [("named-graph-uri", documents[0]), ("named-graph-uri", documents[2])]
    assert names(send(service, [("query", graphs), *chosen])[2]) == [documents[0], documents[2]]
    both = [*chosen, ("default-graph-uri", documents[1])]
    assert names(send(service, [("query", graphs), *both])[2]) == [documents[0], documents[2]]
    assert names(send(service, [("query", "SELECT (STR(?s) AS ?name) { ?s ?p ?o }"), *chosen])[2]) == []


@each_way
def test_the_dataset_of_the_request_goes_before_that_of_the_query(service: Service, documents: list[str], send: Send) -> None:
    query = f"SELECT DISTINCT ?name FROM <{documents[0]}> {{ ?c a kg:Company ; rdfs:label ?name }} ORDER BY ?name"
    other = send(service, [("query", query), ("default-graph-uri", documents[3])])[2]
    plain = send(service, [("query", query.replace(documents[0], documents[3]))])[2]
    assert names(other) == names(plain)


BAD: list[tuple[str, str, bytes | None, dict[str, str], int, str]] = [
    ("GET", "/sparql?query=", None, {}, 400, "an empty query"),
    ("GET", "/sparql?qery=ASK%7B%7D", None, {}, 400, "no query but something else"),
    ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}, 400, "two queries"),
    ("GET", "/sparql?query=ASK%7B", None, {}, 400, "a wrong query"),
    ("GET", "/sparql?query=SELECT%20%FF", None, {}, 400, "no UTF-8 in the URL"),
    ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=no%20iri", None, {}, 400, "a graph that is no IRI"),
    ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=urn:none", None, {}, 400, "a graph that there is not"),
    ("GET", "/sparql?query=ASK%7B%7D&timeout=soon", None, {}, 400, "a limit that is none"),
    ("GET", "/sparql?query=ASK%7B%7D&timeout=-1", None, {}, 400, "a limit below nothing"),
    ("GET", "/sparql?update=CLEAR%20ALL", None, {}, 400, "an update by GET"),
    ("GET", "/sparql?query=CLEAR%20ALL", None, {}, 400, "an update as a query"),
    ("POST", "/sparql", b"update=CLEAR+ALL", {"content_type": FORM}, 403, "an update as a form"),
    ("POST", "/sparql", b"CLEAR ALL", {"content_type": "application/sparql-update"}, 403, "an update"),
    ("POST", "/sparql", b"ASK {}", {"content_type": DIRECT + "; charset=UTF-16"}, 415, "another charset"),
    ("POST", "/sparql", "ASK {}".encode("utf-16"), {"content_type": DIRECT}, 400, "UTF-16 that does not say so"),
    ("POST", "/sparql", b"ASK {}", {"content_type": "text/plain"}, 415, "a media type that is no query's"),
    ("POST", "/sparql", b"ASK {}", {}, 415, "no media type"),
    ("POST", "/sparql", b"", {"content_type": FORM}, 400, "an empty form"),
    ("POST", "/sparql?query=ASK%7B%7D", b"ASK {}", {"content_type": DIRECT}, 400, "a query in both places"),
    ("PUT", "/sparql?query=ASK%7B%7D", b"", {}, 405, "another method"),
    ("DELETE", "/sparql", None, {}, 405, "a third method"),
    ("GET", "/sparql?query=ASK%7BSERVICE%20%3Chttp://127.0.0.1/%3E%7B%7D%7D", None, {}, 400, "SERVICE"),
    ("GET", "/sparql?query=LOAD%20%3Cfile:///etc/passwd%3E", None, {}, 400, "LOAD"),
    ("GET", "/sparql?query=SELECT%20*%20FROM%20%3Cfile:///etc/passwd%3E%7B%3Fs%20%3Fp%20%3Fo%7D", None, {}, 400, "a file as a graph"),
    ("POST", "/sparql", b"query=" + b"A" * 70_000, {"content_type": FORM}, 413, "a body that is too long"),
    ("GET", "/nothing", None, {}, 404, "a page that there is not"),
]


@pytest.mark.parametrize(("method", "path", "body", "headers", "status", "reason"), BAD, ids=[row[-1] for row in BAD])
def test_bad_requests(
    service: Service, sample_store: Path, method: str, path: str, body: bytes | None, headers: dict[str, str], status: int, reason: str
) -> None:
    found, told, content = service.ask(method, path, body, **headers)
    assert found == status, content
    assert told["content-type"].startswith("text/plain")
    assert (
        str(sample_store) not in content.decode() and "Traceback" not in content.decode() and "/" + "site-packages" not in content.decode()
    )


def test_a_body_without_a_length_is_stopped_too(service: Service) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"query="
        for _ in range(40):
            yield b"A" * 4_096

    try:
        status, _, _ = service.ask("POST", "/sparql", pieces(), content_type=FORM)
    except (BrokenPipeError, ConnectionResetError):
        status = 413  # it hung up before all was sent
    assert status == 413
    assert service.sparql("ASK {}")[0] == 200


# ---- what the answer is written as

CONSTRUCT = "CONSTRUCT { ?c rdfs:label ?l } WHERE { ?c a kg:Company ; rdfs:label ?l }"
FORMATS: list[tuple[str, str, str]] = [
    (COMPANIES, RESULTS + "json", RESULTS + "json"),
    (COMPANIES, RESULTS + "xml", RESULTS + "xml"),
    (COMPANIES, "text/csv", "text/csv"),
    (COMPANIES, "text/tab-separated-values", "text/tab-separated-values"),
    (COMPANIES, "application/json", "application/json"),
    (COMPANIES, "*/*", RESULTS + "json"),
    (COMPANIES, "text/*", "text/csv"),
    (COMPANIES, f"{RESULTS}json;q=0.1, {RESULTS}xml;q=0.9", RESULTS + "xml"),
    (COMPANIES, f"text/turtle, {RESULTS}xml;q=0.2", RESULTS + "xml"),
    (COMPANIES, "*/*;q=0.1, text/csv;q=0", RESULTS + "json"),
    (CONSTRUCT, "text/turtle", "text/turtle"),
    (CONSTRUCT, "application/n-triples", "application/n-triples"),
    (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
    (CONSTRUCT, "application/ld+json", "application/ld+json"),
    (CONSTRUCT, "application/rdf+xml;q=0.8, text/turtle;q=0.9", "text/turtle"),
    ("ASK { ?s ?p ?o }", RESULTS + "json", RESULTS + "json"),
    ("ASK { ?s ?p ?o }", RESULTS + "xml", RESULTS + "xml"),
    ("DESCRIBE <https://w3id.org/conjugate/id/company/immunogen>", "text/turtle", "text/turtle"),
]


@pytest.mark.parametrize(("query", "accept", "media"), FORMATS)
def test_formats(service: Service, query: str, accept: str, media: str) -> None:
    status, headers, content = service.sparql(query, accept)
    assert (status, headers["content-type"].partition(";")[0], headers["vary"]) == (200, media, "Accept")
    assert int(headers["content-length"]) == len(content) > 0
    form = ox.RdfFormat.from_media_type(media)
    if form is not None and media not in {"application/json"}:
        assert list(ox.parse(content, format=form))
    elif media.startswith(RESULTS):
        kind = ox.QueryResultsFormat.from_media_type(media)
        assert kind is not None
        read = ox.parse_query_results(content, format=kind)
        assert bool(read) if isinstance(read, ox.QueryBoolean) else list(read)


NONE = [(COMPANIES, "image/png"), (COMPANIES, "text/turtle"), (CONSTRUCT, RESULTS + "json"), (COMPANIES, "*/*;q=0")]


@pytest.mark.parametrize(("query", "accept"), NONE)
def test_formats_that_there_are_not(service: Service, query: str, accept: str) -> None:
    assert service.sparql(query, accept)[0] == 406


def test_unbound_cells(service: Service) -> None:
    query = 'SELECT ?a ?b { VALUES (?a ?b) { (UNDEF "x") ("" UNDEF) } } ORDER BY ?b'
    assert service.sparql(query, "text/csv")[2] == b"a,b\r\n,\r\n,x\r\n"
    assert service.sparql(query, "text/tab-separated-values")[2] == b'?a\t?b\n""\t\n\t"x"\n'
    assert json.loads(service.sparql(query)[2])["results"]["bindings"] == [
        {"a": {"type": "literal", "value": ""}},
        {"b": {"type": "literal", "value": "x"}},
    ]


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/sparql", "/", "/.well-known/void", "/healthz"])
def test_head_is_get_without_a_body(service: Service, path: str) -> None:
    status, headers, content = service.ask("HEAD", path)
    other = service.ask("GET", path)
    assert (status, content) == (200, b"") and other[0] == 200
    assert (headers["content-type"], headers["content-length"]) == (other[1]["content-type"], str(len(other[2])))


ACCEPTS: list[tuple[str | None, str | None]] = [
    (None, "a/x"),
    ("", "a/x"),
    ("a/y", "a/y"),
    ("A/Y ; Q=0.5", "a/y"),
    ("a/*;q=0.3, a/y;q=0.1", "a/x"),
    ("a/x;q=nonsense, a/y;q=0.001", "a/y"),
    ("b/z", None),
    ("*/*;q=0", None),
    (",, ,a/y,", "a/y"),
    ("a/x;q=0, */*", "a/y"),
]


@pytest.mark.parametrize(("accept", "chosen"), ACCEPTS)
def test_negotiation(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, ["a/x", "a/y"]) == chosen


# ---- Service Description, VoID, Graph Store Protocol, things


def graph_of(content: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=content.decode(), format="turtle")


def test_service_description(service: Service) -> None:
    status, _, content = service.ask("GET", "/sparql", accept="text/turtle")
    found = graph_of(content)
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    (endpoint,) = found.objects(None, sd.endpoint)
    assert status == 200 and str(endpoint) == f"http://127.0.0.1:{service.port}/sparql"
    assert (endpoint, rdflib.RDF.type, sd.Service) in found and (endpoint, sd.supportedLanguage, sd.SPARQL11Query) in found
    assert len(list(found.objects(endpoint, sd.resultFormat))) == 8
    (dataset,) = found.objects(endpoint, sd.defaultDataset)
    assert (dataset, rdflib.RDF.type, sd.Dataset) in found and list(found.objects(dataset, sd.defaultGraph))
    for media in ("application/rdf+xml", "application/n-triples", "application/ld+json"):
        assert service.ask("GET", "/sparql", accept=media)[1]["content-type"].startswith(media)
    assert service.ask("GET", "/sparql", accept="image/png")[0] == 406


def test_void(service: Service, sample_store: Path) -> None:
    found = graph_of(service.ask("GET", "/.well-known/void")[2])
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    (part,) = found.subjects(void["class"], rdflib.URIRef(KG + "Milestone"))
    with kg.open(sample_store) as graph:
        term = graph.sparql("SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m a kg:Milestone }").rows[0][0]
    assert term is not None and str(found.value(part, void.entities)) == term.value


def test_graphs_are_given_whole(service: Service, sample_store: Path, documents: list[str]) -> None:
    with kg.open(sample_store) as graph:
        for name in [*documents, documents[0] + "/evidence", BASE + "graph/catalogue"]:
            status, _, content = service.ask("GET", f"/graphs?graph={quote(name, safe='')}", accept="application/n-triples")
            assert status == 200
            read = {quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)}
            assert read == {quad.triple for quad in graph.store.graph(name)}
    status, headers, content = service.ask("GET", "/graphs?default", accept="text/turtle")
    assert (status, headers["content-type"]) == (200, "text/turtle; charset=utf-8") and len(content) > 10_000


GRAPHS: list[tuple[str, str, int]] = [
    ("GET", "/graphs", 400),
    ("GET", "/graphs?graph=", 400),
    ("GET", "/graphs?graph=no%20iri", 400),
    ("GET", "/graphs?graph=urn:x%3E%20%7B%7D%7D%23", 400),
    ("GET", "/graphs?graph=urn:none", 404),
    ("GET", "/graphs?default&graph=urn:x", 400),
    ("GET", f"/graphs?graph={quote(BASE + 'graph/run', safe='')}", 404),
    ("PUT", "/graphs?graph=urn:x", 405),
    ("DELETE", "/graphs?default", 405),
    ("POST", "/graphs?graph=urn:x", 405),
    ("PATCH", "/graphs?graph=urn:x", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), GRAPHS)
def test_graphs_that_are_not_given(service: Service, method: str, path: str, status: int) -> None:
    assert service.ask(method, path)[0] == status


def test_things_as_pages_and_as_rdf(service: Service) -> None:
    path = "/id/compound/trastuzumab-dm1"
    status, headers, content = service.ask("GET", path, accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8") and b"trastuzumab-DM1" in content
    assert "default-src 'none'" in headers["content-security-policy"]
    status, headers, content = service.ask("GET", path, accept="text/turtle")
    found = graph_of(content)
    node = rdflib.URIRef(BASE + "compound/trastuzumab-dm1")
    assert (node, rdflib.RDF.type, rdflib.URIRef(KG + "AntibodyDrugConjugate")) in found
    assert list(found.subjects(rdflib.URIRef(KG + "forCompound"), node)), "what leads to it is told as well"
    assert service.ask("GET", "/id/compound/nobody")[0] == 404
    assert service.ask("GET", "/id/..%2f..%2fetc%2fpasswd")[0] == 404
    assert service.ask("GET", "/id/%3Cscript%3E", accept="text/turtle")[0] == 400, "that is no IRI"
    assert service.ask("GET", "/id/%3Cscript%3E")[0] == 404


def test_names_are_searched(service: Service) -> None:
    page = service.ask("GET", "/?q=IMMUNO")[2].decode()
    assert '<a href="/id/company/immunogen">' in page
    hostile = service.ask("GET", "/?" + urlencode({"q": '"><script>alert(1)</script>\\" } ; DROP ALL #'}))
    assert hostile[0] == 200 and b"<script>" not in hostile[2]


def test_the_run_record_with_its_paths_stays_here(service: Service, sample_store: Path) -> None:
    run = BASE + "graph/run"
    graphs = "SELECT DISTINCT (STR(?g) AS ?name) { GRAPH ?g { ?s ?p ?o } }"
    found = names(service.sparql(graphs)[2])
    assert len(found) > 10 and run not in found
    for query, more in (
        (f"SELECT * FROM <{run}> {{ ?s ?p ?o }}", {}),
        (f"SELECT * FROM NAMED <{run}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}),
        ("SELECT * { ?s ?p ?o }", {"default-graph-uri": run}),
        (graphs, {"named-graph-uri": run}),
    ):
        assert service.sparql(query, **more)[0] == 400
    assert names(service.sparql(f"SELECT (STR(?o) AS ?name) {{ GRAPH <{run}> {{ ?s ?p ?o }} }}")[2]) == []


# ---- limits


def test_a_slow_query_is_stopped_and_others_are_served_meanwhile(service: Service) -> None:
    found: list[tuple[int, bytes]] = []
    began = time.monotonic()
    slow = threading.Thread(target=lambda: found.append(service.sparql(SLOW)[::2]))
    slow.start()
    time.sleep(0.3)
    asked = time.monotonic()
    assert json.loads(service.sparql("ASK { ?s ?p ?o }")[2])["boolean"] is True
    assert time.monotonic() - asked < 3
    slow.join()
    assert found[0][0] == 504 and b"longer than 4 s" in found[0][1]
    assert time.monotonic() - began < 8
    assert json.loads(service.ask("GET", "/metrics")[2])["stopped"] >= 1
    assert service.sparql(COMPANIES)[0] == 200


def test_a_caller_may_only_lower_the_limit(service: Service) -> None:
    began = time.monotonic()
    assert service.sparql(SLOW, timeout="0.5")[0] == 504
    assert time.monotonic() - began < 3
    status, _, content = service.sparql(SLOW, timeout="600")
    assert status == 504 and b"longer than 4 s" in content


def test_who_comes_when_all_wait_is_sent_away(sample_store: Path) -> None:
    with Pool(sample_store, Limits(seconds=3, workers=1, queue=2)) as pool:
        question = Question(SLOW, {"rows": ROWS})
        asking = [threading.Thread(target=pool.ask, args=(question, 2.0)) for _ in range(3)]
        for thread in asking:
            thread.start()
        deadline = time.monotonic() + 5
        while pool.load != (1, 2) and time.monotonic() < deadline:
            time.sleep(0.01)
        with pytest.raises(Busy):
            pool.ask(question)
        for thread in asking:
            thread.join()
        assert pool.ask(Question("ASK {}", {"boolean": ROWS})).fault == ""
        assert (pool.load, pool.killed) == ((0, 0), 3)


def test_too_many_rows_are_no_answer(sample_store: Path) -> None:
    with Pool(sample_store, Limits(rows=10)) as pool:
        reply = pool.ask(Question("SELECT * { ?s ?p ?o }", {"rows": ROWS}, rows=10))
        assert reply.fault == "rows" and "more than the 10 that" in reply.message and reply.body == b""
        assert pool.ask(Question("SELECT * { ?s ?p ?o } LIMIT 10", {"rows": ROWS}, rows=10)).fault == ""
        assert pool.ask(Question("CONSTRUCT WHERE { ?s ?p ?o }", {"triples": ("turtle", "text/turtle")}, rows=10)).fault == "rows"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is bounded by what /proc tells")
def test_a_query_that_wants_more_memory_than_there_is(sample_store: Path) -> None:
    with Pool(sample_store, Limits(seconds=60, memory=1024**3, workers=1)) as pool:
        reply = pool.ask(Question("SELECT * { ?a ?b ?c . ?d ?e ?f }", {"rows": ROWS}))
        assert reply.fault in {"died", "query"} and "memory" in reply.message
        assert pool.ask(Question("ASK { ?s ?p ?o }", {"boolean": ROWS})).fault == "", "the next one finds a worker"


def test_a_worker_that_is_killed_is_replaced(sample_store: Path) -> None:
    with Pool(sample_store, Limits(workers=1)) as pool:
        (worker,) = pool._free
        os.kill(worker._process.pid or 0, signal.SIGKILL)
        worker._process.join()
        assert pool.ask(Question("ASK { ?s ?p ?o }", {"boolean": ("tsv", "text/plain")})).body == b"true\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a network is left by Linux's unshare")
def test_a_worker_has_no_network(sample_store: Path) -> None:
    """As root, which CI is; elsewhere the kernel may forbid it, and SERVICE is refused before."""
    if os.geteuid() != 0:
        pytest.skip("only root may leave the network everywhere")
    with Pool(sample_store, Limits(workers=1)) as pool:
        (worker,) = pool._free
        assert os.readlink(f"/proc/{worker._process.pid}/ns/net") != os.readlink("/proc/self/ns/net")


def test_what_is_built_meanwhile_is_served(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Genmab announced today that it has earned a $5 million milestone payment from Novartis for ofatumumab.\n"
    )
    kg.build([tmp_path / "a.txt"], store=tmp_path / "store").close()
    count = Question("SELECT (COUNT(*) AS ?n) { ?d kg:fileName ?f }", {"rows": ("csv", "text/csv")})
    with Pool(tmp_path / "store", Limits(workers=1)) as pool:
        assert pool.ask(count).body == b"n\r\n1\r\n"
        (tmp_path / "b.txt").write_text("Acme Bio, Inc. will pay Beta Pharma Ltd an upfront payment of $3 million.\n")
        kg.build([tmp_path / "b.txt"], store=tmp_path / "store").close()
        assert pool.ask(count).body == b"n\r\n2\r\n"


# ---- who may ask


HOSTS = [
    ("localhost", 200),
    ("127.0.0.1:1", 200),
    ("LOCALHOST:80", 200),
    ("[::1]:9", 200),
    ("evil.example", 421),
    ("127.0.0.1.evil.example", 421),
]


@pytest.mark.parametrize(("host", "status"), HOSTS)
def test_names_of_the_service(service: Service, host: str, status: int) -> None:
    assert service.ask("GET", "/healthz", host=host)[0] == status


ORIGINS = [("http://localhost:3000", 200), ("https://evil.example", 403), ("null", 403), ("http://127.0.0.1.evil.example", 403)]


@pytest.mark.parametrize(("origin", "status"), ORIGINS)
def test_pages_of_other_origins(service: Service, origin: str, status: int) -> None:
    found, headers, _ = service.ask("GET", "/sparql?query=ASK%7B%7D", origin=origin)
    assert found == status and "access-control-allow-origin" not in headers


def test_origins_that_may_ask(sample_store: Path) -> None:
    app = Service(sample_store, "--cors", "https://app.example.org", "--allow-host", "deals.example.org")
    try:
        ours = app.ask("GET", "/sparql?query=ASK%7B%7D", origin="https://app.example.org", host="deals.example.org")
        assert ours[0] == 200 and ours[1]["access-control-allow-origin"] == "https://app.example.org"
        asked = {
            "origin": "https://app.example.org",
            "access_control_request_method": "POST",
            "access_control_request_headers": "content-type",
        }
        assert app.ask("OPTIONS", "/sparql", **asked)[0] == 200
        assert app.ask("GET", "/sparql?query=ASK%7B%7D", origin="https://evil.example")[0] == 403
    finally:
        assert app.stop() in {0, -signal.SIGTERM}


def test_every_answer_has_the_headers_that_browsers_heed(service: Service) -> None:
    for path in ("/", "/sparql?query=ASK%7B%7D", "/nothing", "/id/company/immunogen"):
        headers = service.ask("GET", path, accept="*/*")[1]
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"] and "unsafe" not in headers["content-security-policy"].replace(
            "style-src 'unsafe-inline'", ""
        )
        assert headers["content-security-policy"].startswith("default-src 'none'") and "server" not in headers


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")
def test_it_ends_when_told_to_and_leaves_nobody_behind(sample_store: Path) -> None:
    """Also while a query is under way, whose asker is told so."""
    others = of_store(sample_store)
    started = Service(sample_store, "--timeout", "60")
    found: list[int] = []
    slow = threading.Thread(target=lambda: found.append(started.sparql(SLOW)[0]), daemon=True)
    slow.start()
    time.sleep(0.5)
    workers = of_store(sample_store) - others
    began = time.monotonic()
    assert started.stop() in {0, -signal.SIGTERM}
    assert time.monotonic() - began < 10
    slow.join(5)
    assert found == [503] or found == [500]
    assert "Traceback" not in (started.process.stdout.read() if started.process.stdout else "")
    assert workers and not workers & of_store(sample_store)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")
def test_a_worker_whose_service_was_killed_ends_itself(sample_store: Path) -> None:
    others = of_store(sample_store)
    started = Service(sample_store, "--timeout", "1")
    threading.Thread(target=lambda: _ignoring(lambda: started.sparql(SLOW)), daemon=True).start()
    time.sleep(0.5)
    workers = of_store(sample_store) - others
    started.process.kill()
    started.process.wait()
    deadline = time.monotonic() + 12
    while workers & of_store(sample_store) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert workers and not workers & of_store(sample_store)


def of_store(store: Path) -> set[str]:
    """The processes that have the store's files open, but for this one."""
    found = set()
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and int(process.name) != os.getpid():
            try:
                if any(str(store) in os.readlink(each) for each in (process / "fd").iterdir()):
                    found.add(process.name)
            except OSError:
                continue  # it ended meanwhile
    return found


def _ignoring(ask: Callable[[], object]) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        ask()


def test_what_cannot_be_served(sample_store: Path, tmp_path: Path) -> None:
    from kg.serve import serve

    with pytest.raises(StoreError):
        make_app(tmp_path / "nothing")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServeError, match="cannot listen on"):
            serve(sample_store, port=taken.getsockname()[1])


# ---- clients that others use


def test_sparqlwrapper(service: Service, sample_store: Path) -> None:
    client = SPARQLWrapper(f"http://127.0.0.1:{service.port}/sparql")
    client.setReturnFormat(WRAPPER_JSON)
    client.setQuery(COMPANIES)
    assert len(client.queryAndConvert()["results"]["bindings"]) > 3
    client.setMethod(POST)
    assert len(client.queryAndConvert()["results"]["bindings"]) > 3


def test_rdflib_as_a_client(service: Service) -> None:
    graph = rdflib.Graph(store=SPARQLStore(f"http://127.0.0.1:{service.port}/sparql"))
    companies = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef(KG + "Company")))
    assert rdflib.URIRef(BASE + "company/immunogen") in companies


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl(service: Service) -> None:
    command = ["curl", "-sf", "--data-urlencode", f"query={COMPANIES}", "-H", "Accept: text/csv", f"http://127.0.0.1:{service.port}/sparql"]
    assert b"ImmunoGen" in subprocess.run(command, capture_output=True, check=True).stdout


@pytest.mark.skipif(not JENA or shutil.which("java") is None, reason="needs java, and Jena's class path in KG_JENA_CLASSPATH")
def test_jenas_rsparql(service: Service) -> None:
    command = ["java", "-cp", JENA, "arq.rsparql", f"--service=http://127.0.0.1:{service.port}/sparql", "--results=csv"]
    query = f"PREFIX kg: <{KG}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {COMPANIES}"
    done = subprocess.run([*command, query], capture_output=True, text=True, check=True, timeout=120)
    assert "ImmunoGen" in done.stdout
