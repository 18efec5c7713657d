"""HTTP requests in, SPARQL 1.1 Protocol, Service Description, Graph Store Protocol (reads) and VoID out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kg.export import RESULT_FORMATS
from kg.serve.asking import PLAIN, Asker, Refused, node
from kg.serve.describe import describe_data, describe_service
from kg.serve.negotiate import choose
from kg.serve.worker import Question
from kg.store import QueryDataset

_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
# By preference; application/json and text/xml are what some clients ask for.
_ROWS = {RESULT_FORMATS[name].media_type: name for name in ("json", "xml", "csv", "tsv")} | {"application/json": "json", "text/xml": "xml"}
TRIPLES = {RESULT_FORMATS[name].media_type: name for name in ("turtle", "ntriples", "rdfxml", "jsonld")} | {"text/plain": "ntriples"}
_JSON = ("json", "application/json")  # for questions of our own
_UPDATE_PARAMETERS = {"update", "using-graph-uri", "using-named-graph-uri"}


class Protocol:
    """The handlers of one store's service."""

    def __init__(self, asker: Asker, base: str) -> None:
        self._asker, self._base = asker, base

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
        rows, triples = choose(accept, list(_ROWS)), choose(accept, list(TRIPLES))
        formats = {kind: (_ROWS[rows], rows) for kind in ("rows", "boolean") if rows}
        formats |= {"triples": (TRIPLES[triples], triples)} if triples else {}
        if not formats:
            raise Refused(406, f"this service answers with {', '.join([*_ROWS, *TRIPLES])}")
        question = Question(queries[0], formats, dataset, self._asker.limits.rows)
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
            where = f"GRAPH {node(pairs[0][1])} {{ ?s ?p ?o }}"
            if not (await self._asker.reply(Question(f"ASK {{ {where} }}", {"boolean": PLAIN}))).body.startswith(b"true"):
                raise Refused(404, "the store has no such graph")
        return await self._triples(request, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}", pairs[0][0] == "default")

    async def thing(self, request: Request) -> Response:
        """Give what is said of the thing behind an IRI, as RDF; ?format=NAME goes before what is accepted, for a link has no header."""
        thing = await self._asker.known(self._base + request.path_params["key"])
        from_it, to_it = f"{thing} ?p ?o", f"?s ?q {thing}"
        query = f"CONSTRUCT {{ {from_it} . {to_it} }} WHERE {{ {{ {from_it} }} UNION {{ {to_it} FILTER(?q != rdf:object) }} }}"
        return await self._triples(request, query, True)

    async def void(self, request: Request) -> Response:
        """Describe the data: how much of what there is, and where it is asked."""
        counted = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c"
        rows = json.loads((await self._asker.reply(Question(counted, {"rows": _JSON}))).body)["results"]["bindings"]
        counts = {row["c"]["value"]: int(row["n"]["value"]) for row in rows}
        return _rdf(request, describe_data(str(request.base_url), self._base, counts))

    async def _described(self, request: Request) -> Response:
        """Describe the service (SPARQL 1.1 Service Description)."""
        return _rdf(request, describe_service(str(request.base_url)))

    async def _triples(self, request: Request, query: str, is_bounded: bool) -> Response:
        named, by_name = request.query_params.get("format"), {name: media for media, name in reversed(TRIPLES.items())}
        if named is not None and named not in by_name:
            raise Refused(400, f"there are the formats {', '.join(sorted(by_name))}")
        media = by_name[named] if named else choose(request.headers.get("accept"), list(TRIPLES))
        if media is None:
            raise Refused(406, f"there are {', '.join(TRIPLES)}")
        rows = self._asker.limits.rows if is_bounded else None  # a graph is a document's, and given whole
        return await self._answer(Question(query, {"triples": (TRIPLES[media], media)}, rows=rows))

    async def _answer(self, question: Question, seconds: float | None = None) -> Response:
        reply = await self._asker.reply(question, seconds)
        return Response(reply.body, media_type=reply.media_type, headers={"Vary": "Accept"})

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
            if len(found) > self._asker.limits.body:
                raise Refused(413, f"a request has at most {self._asker.limits.body:,} bytes", {"Connection": "close"})
        return bytes(found)


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
    media = choose(request.headers.get("accept"), [name for name in TRIPLES if name != "text/plain"])
    if media is None:
        raise Refused(406, f"there are {', '.join(TRIPLES)}")
    content: bytes | str = turtle
    if media != "text/turtle":
        form = ox.RdfFormat.from_media_type(media)
        quads = ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE)
        content = ox.serialize((quad.triple for quad in quads), format=form) or b""
    return Response(content, media_type=media, headers={"Vary": "Accept"})
