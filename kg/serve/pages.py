"""HTTP requests in, the explorer's pages out: made by the workers, sent with what each may run and load."""

from __future__ import annotations

import json
import re

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from kg.rdf import vocab
from kg.serve.asking import Asker, Refused
from kg.serve.negotiate import choose
from kg.serve.protocol import TRIPLES, Protocol
from kg.serve.shell import fault_page, shell, template
from kg.serve.ways import SPARQL
from kg.serve.worker import Question
from kg.store import PREFIXES

_LONG, _MANY = 2000, 40  # letters of a parameter, and parameters of a request: no form of ours has more
_OWN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The editor writes styles into its elements, and its marks and fonts stand in its own style sheet.
_EDITOR = _OWN.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; font-src data:"
# The ontology's names, for the editor to complete: our own, and none of them needs escaping.
_TERMS = Markup(json.dumps({
    "class": sorted(vocab.NAMESPACE + name for name in vocab.CLASSES),
    "property": [PREFIXES["rdfs"] + "label", *sorted(vocab.NAMESPACE + name for name in vocab.PROPERTIES)],
}))  # fmt: skip
_META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


class Pages:
    """The handlers of one store's explorer."""

    def __init__(self, asker: Asker, protocol: Protocol, base: str) -> None:
        self._asker, self._protocol, self._base = asker, protocol, base

    async def home(self, request: Request) -> Response:
        """Show the first page, or what a search finds."""
        return await self._page("home", _given(request))

    async def names(self, request: Request) -> Response:
        """Suggest names as one types."""
        return await self._page("names", _given(request))

    async def of_class(self, request: Request) -> Response:
        """List the things of a class."""
        return await self._page("class", {**_given(request), "class": request.path_params["name"]})

    async def thing(self, request: Request) -> Response:
        """Show the thing behind an IRI, to a browser as a page and to others as RDF."""
        if "format" in request.query_params or choose(request.headers.get("accept"), ["text/html", *TRIPLES]) != "text/html":
            return await self._protocol.thing(request)
        answer = await self._page("thing", {**_given(request), "key": request.path_params["key"]})
        answer.headers["Vary"] = "Accept"
        return answer

    async def network(self, request: Request) -> Response:
        """Draw the network around a thing; the page says itself, by their hashes, which scripts it has."""
        answer = await self._page("network", _given(request))
        policy = _META.search(bytes(answer.body[:2000]).decode(errors="replace"))
        answer.headers["Content-Security-Policy"] = (policy[1] if policy else "default-src 'none'").replace(
            "&#39;", "'"
        ) + "; frame-ancestors 'self'"
        return answer

    async def questions(self, request: Request) -> Response:
        """List the question library."""
        return await self._page("questions", {})

    async def question(self, request: Request) -> Response:
        """Show a question's form, and its answer."""
        given = {f"in.{name}": value for name, value in _given(request).items()}
        return await self._page("question", {**given, "name": request.path_params["name"]})

    async def editor(self, request: Request) -> Response:
        """Show the SPARQL editor; without scripts a form does."""
        query = request.query_params.get("query", "")[: self._asker.limits.body]
        main = template("editor").format(base=self._base, terms=_TERMS, endpoint=SPARQL, query=query)
        page = shell("SPARQL", main, here="query", scripts=("yasgui.min.js", "editor.js"), styles=("yasgui.min.css",))
        return _response(page.body, page.media_type, page.status, _EDITOR)

    async def _page(self, name: str, parameters: dict[str, str]) -> Response:
        try:
            reply = await self._asker.reply(Question(page=name, parameters=parameters))
        except Refused as refused:
            page = fault_page(refused.status, refused.message)
            answer = _response(page.body, page.media_type, page.status, _OWN)
            answer.headers.update(refused.headers)
            return answer
        return _response(reply.body, reply.media_type, reply.status, _OWN)


def _given(request: Request) -> dict[str, str]:
    """Take a request's parameters, each once. Raises Refused for more than any form of ours sends."""
    pairs = request.query_params.multi_items()
    if len(pairs) > _MANY or any(len(name) + len(value) > _LONG for name, value in pairs):
        raise Refused(400, "the request has more, or longer, parameters than any form here")
    return dict(pairs)


def _response(body: bytes, media_type: str, status: int, policy: str) -> Response:
    return Response(body, status, {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}, media_type)
