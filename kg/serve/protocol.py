"""HTTP requests in, SPARQL 1.1 Protocol, Service Description, Graph Store Protocol (reads) and VoID out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qsl

import pyoxigraph as ox
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from kg.errors import ServeError
from kg.export import RESULT_FORMATS
from kg.serve.describe import describe_data, describe_service
from kg.serve.home import home
from kg.serve.negotiate import choose
from kg.serve.pool import Busy, Pool
from kg.serve.worker import Question, Reply
from kg.store import QueryDataset

_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
# By preference; application/json and text/xml are what some clients ask for.
_ROWS = {RESULT_FORMATS[name].media_type: name for name in ("json", "xml", "csv", "tsv")} | {"application/json": "json", "text/xml": "xml"}
_TRIPLES = {RESULT_FORMATS[name].media_type: name for name in ("turtle", "ntriples", "rdfxml", "jsonld")} | {"text/plain": "ntriples"}
_JSON, _PLAIN = ("json", "application/json"), ("tsv", "text/plain")  # for questions of our own
_STATUS = {"query": 400, "format": 406, "rows": 413, "store": 500, "time": 504, "died": 500}
_SEARCHED, _FOUND = 200, 50  # letters of a search, and things that it lists
_UPDATE_PARAMETERS = {"update", "using-graph-uri", "using-named-graph-uri"}


class Refused(Exception):
    """A request that is answered with a status and a line of text."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


class Protocol:
    """The handlers of one store's service."""

    def __init__(self, pool: Pool, base: str) -> None:
        self._pool, self._base = pool, base
        # a thread for every question that may be at work or wait; who is turned away needs none for long
        self._threads = CapacityLimiter(pool.limits.workers + pool.limits.queue + 8)

    async def sparql(self, request: Request) -> Response:
        """Answer a query, or without one describe the service."""
        pairs = await self._parameters(request)
        names = {name for name, _ in pairs}
        if names & _UPDATE_PARAMETERS:
            raise Refused(403 if request.method == "POST" else 400, "this service is read-only: updates are refused")
        queries = [value for name, value in pairs if name == "query"]
        if not pairs and request.method in {"GET", "HEAD"}:
            return await self._described(request)
        if len(queries) != 1:
            raise Refused(400, f"a request has exactly one query; this one has {len(queries)}")
        default, named = ([value for name, value in pairs if name == kind] for kind in ("default-graph-uri", "named-graph-uri"))
        dataset = QueryDataset(tuple(default), tuple(named)) if default or named else None
        accept = request.headers.get("accept")
        rows, triples = choose(accept, list(_ROWS)), choose(accept, list(_TRIPLES))
        formats = {kind: (_ROWS[rows], rows) for kind in ("rows", "boolean") if rows}
        formats |= {"triples": (_TRIPLES[triples], triples)} if triples else {}
        if not formats:
            raise Refused(406, f"this service answers with {', '.join([*_ROWS, *_TRIPLES])}")
        question = Question(queries[0], formats, dataset, self._pool.limits.rows)
        return await self._answer(question, _seconds([value for name, value in pairs if name == "timeout"]))

    async def graphs(self, request: Request) -> Response:
        """Give a named graph, or the default graph, as RDF."""
        if request.method not in {"GET", "HEAD"}:
            raise Refused(405, "this service is read-only", {"Allow": "GET, HEAD"})
        pairs = parse_qsl(request.url.query, keep_blank_values=True)
        if len(pairs) != 1 or pairs[0][0] not in {"graph", "default"} or (pairs[0][0] == "default" and pairs[0][1]):
            raise Refused(400, "name one graph: ?graph=IRI, or ?default")
        where = "?s ?p ?o"
        if pairs[0][0] == "graph":
            where = f"GRAPH {_node(pairs[0][1])} {{ ?s ?p ?o }}"
            if not (await self._ask(Question(f"ASK {{ {where} }}", {"boolean": _PLAIN}))).body.startswith(b"true"):
                raise Refused(404, "the store has no such graph")
        return await self._triples(request, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}", pairs[0][0] == "default")

    async def thing(self, request: Request) -> Response:
        """Give what is said of the thing behind an IRI."""
        key = request.path_params["key"]
        node = _node(self._base + key)
        from_it, to_it = f"{node} ?p ?o", f"?s ?q {node}"
        query = f"CONSTRUCT {{ {from_it} . {to_it} }} WHERE {{ {{ {from_it} }} UNION {{ {to_it} FILTER(?q != rdf:object) }} }}"
        if not (await self._ask(Question(f"ASK {{ {node} ?p ?o }}", {"boolean": _PLAIN}))).body.startswith(b"true"):
            raise Refused(404, "the store knows nothing of this")
        if choose(request.headers.get("accept"), ["text/html", *_TRIPLES]) == "text/html":
            reply = await self._ask(Question(card=key))
            return HTMLResponse(reply.body, headers={"Vary": "Accept"})
        return await self._triples(request, query, True)

    async def home(self, request: Request) -> Response:
        """Show what is served, and search the names."""
        words = request.query_params.get("q", "")[:_SEARCHED].strip()
        if not words:
            return HTMLResponse(home(words, None))
        told = ox.Literal(words.lower())
        is_asked = f'FILTER(CONTAINS(LCASE(STR(?name)), {told}) && STRSTARTS(STR(?thing), "{self._base}"))'
        query = f"""SELECT ?thing (MIN(STR(?name)) AS ?first) WHERE {{ ?thing rdfs:label|skos:altLabel ?name {is_asked} }}
            GROUP BY ?thing ORDER BY STRLEN(?first) ?first ?thing LIMIT {_FOUND}"""
        rows = json.loads((await self._ask(Question(query, {"rows": _JSON}))).body)["results"]["bindings"]
        return HTMLResponse(home(words, [(row["thing"]["value"].removeprefix(self._base), row["first"]["value"]) for row in rows]))

    async def void(self, request: Request) -> Response:
        """Describe the data: how much of what there is, and where it is asked."""
        counted = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c"
        rows = json.loads((await self._ask(Question(counted, {"rows": _JSON}))).body)["results"]["bindings"]
        counts = {row["c"]["value"]: int(row["n"]["value"]) for row in rows}
        return _rdf(request, describe_data(str(request.base_url), self._base, counts))

    async def _described(self, request: Request) -> Response:
        """Describe the service (SPARQL 1.1 Service Description)."""
        return _rdf(request, describe_service(str(request.base_url)))

    async def _triples(self, request: Request, query: str, is_bounded: bool) -> Response:
        media = choose(request.headers.get("accept"), list(_TRIPLES))
        if media is None:
            raise Refused(406, f"there are {', '.join(_TRIPLES)}")
        rows = self._pool.limits.rows if is_bounded else None  # a graph is a document's, and given whole
        return await self._answer(Question(query, {"triples": (_TRIPLES[media], media)}, rows=rows))

    async def _answer(self, question: Question, seconds: float | None = None) -> Response:
        reply = await self._ask(question, seconds)
        return Response(reply.body, media_type=reply.media_type, headers={"Vary": "Accept"})

    async def _ask(self, question: Question, seconds: float | None = None) -> Reply:
        """Ask a worker; raises Refused for whatever is not an answer."""
        try:
            reply = await to_thread.run_sync(self._pool.ask, question, seconds, limiter=self._threads)
        except Busy:
            raise Refused(503, "too many queries wait already: try again in some seconds", {"Retry-After": "5"}) from None
        except ServeError as error:
            raise Refused(503, str(error), {"Retry-After": "5"}) from None
        if reply.fault == "rows":
            raise Refused(413, f"{reply.message}: page through it with ORDER BY, LIMIT and OFFSET, or use kg export")
        if reply.fault:
            raise Refused(_STATUS[reply.fault], reply.message)
        return reply

    async def _parameters(self, request: Request) -> list[tuple[str, str]]:
        """Read the parameters of a request in any of the protocol's three forms."""
        try:
            pairs = parse_qsl(request.url.query, keep_blank_values=True, errors="strict")
            if request.method in {"GET", "HEAD"}:
                return pairs
            kind, _, rest = request.headers.get("content-type", "").partition(";")
            charset = rest.lower().partition("charset=")[2].strip(' "') or "utf-8"
            if charset != "utf-8":
                raise Refused(415, f"a request is in UTF-8, not {charset[:40]}")
            body = (await self._body(request)).decode()
            kind = kind.strip().lower()
            if kind == _FORM:
                return pairs + parse_qsl(body, keep_blank_values=True, errors="strict")
            if kind == _QUERY:
                return [*pairs, ("query", body)]
        except (UnicodeDecodeError, ValueError):
            raise Refused(400, "the request is not in UTF-8") from None
        if kind == _UPDATE:
            raise Refused(403, "this service is read-only: updates are refused")
        raise Refused(415, f"a query is posted as {_QUERY} or {_FORM}", {"Accept-Post": f"{_QUERY}, {_FORM}"})

    async def _body(self, request: Request) -> bytes:
        """Read the body, and stop where it is too long."""
        found = bytearray()
        async for chunk in request.stream():
            found += chunk
            if len(found) > self._pool.limits.body:
                raise Refused(413, f"a request has at most {self._pool.limits.body:,} bytes", {"Connection": "close"})
        return bytes(found)


Handler = Callable[[Request], Awaitable[Response]]


def refusing(handler: Handler) -> Handler:
    """Answer what a handler refuses with its status and text."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refused:
            return PlainTextResponse(f"{refused.message}\n", refused.status, refused.headers)

    return handle


def _node(iri: str) -> str:
    """Write an IRI for a query; raises Refused where it is none, so that nothing else gets into the query."""
    try:
        return str(ox.NamedNode(iri))
    except ValueError:
        raise Refused(400, "that is not an IRI") from None


def _seconds(given: Sequence[str]) -> float | None:
    if not given:
        return None
    try:
        seconds = float(given[0])
    except ValueError:
        seconds = 0.0
    if len(given) > 1 or not 0 < seconds < float("inf"):
        raise Refused(400, "timeout is a number of seconds")
    return seconds


def _rdf(request: Request, turtle: str) -> Response:
    """Give a small graph, written as Turtle, in the format that is asked for."""
    media = choose(request.headers.get("accept"), [name for name in _TRIPLES if name != "text/plain"])
    if media is None:
        raise Refused(406, f"there are {', '.join(_TRIPLES)}")
    content: bytes | str = turtle
    if media != "text/turtle":
        form = ox.RdfFormat.from_media_type(media)
        quads = ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE)
        content = ox.serialize((quad.triple for quad in quads), format=form) or b""
    return Response(content, media_type=media, headers={"Vary": "Accept"})
