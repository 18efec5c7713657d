"""A store's path in, an ASGI application out: read-only, for the hosts and origins that it was told of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.asking import Asker, Refused
from kg.serve.pages import Pages
from kg.serve.pool import Limits, Pool
from kg.serve.protocol import Protocol
from kg.serve.shell import hues
from kg.serve.ways import CLASSES, EDITOR, GRAPHS, NAMES, NETWORK, QUESTIONS, SPARQL, STATIC, VOID
from kg.store import Store

_STATIC = Path(__file__).resolve().parent / "static"
LOCAL = ("localhost", "127.0.0.1", "[::1]")
# No script, nothing from elsewhere; pages with styles of their own say so themselves, and may only narrow this.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ASKING = ["GET", "HEAD", "POST"]


def make_app(store_path: Path, *, limits: Limits | None = None, hosts: Sequence[str] = LOCAL, origins: Sequence[str] = ()) -> Starlette:
    """Make the application. hosts are those that a request may name (any port); origins may read answers from a browser, "*" any.

    Raises StoreError where there is no store.
    """
    with Store.open(store_path, read_only=True) as store:
        base = store.base
    pool = Pool(store_path, limits or Limits())
    asker = Asker(pool)
    protocol = Protocol(asker, base)
    pages = Pages(asker, protocol, base)

    async def health(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def metrics(request: Request) -> Response:
        busy, waiting = pool.load
        return JSONResponse({"busy": busy, "waiting": waiting, "stopped": pool.killed, "died": pool.died})

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            pool.close()

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)  # the only kind that this is registered for
        return PlainTextResponse(f"{error.message}\n", error.status, error.headers)

    def fault(request: Request, error: Exception) -> Response:
        return PlainTextResponse("a fault of the service\n", 500)  # its words may name a path; the log has them

    async def styled(request: Request) -> Response:
        return Response(style, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    style = (_STATIC.parent.parent / "card" / "card.css").read_text(encoding="utf-8") + hues()
    routes = [
        Route("/", pages.home),
        Route(NAMES, pages.names),
        Route(f"{CLASSES}/{{name}}", pages.of_class),
        Route(NETWORK, pages.network),
        Route(QUESTIONS, pages.questions),
        Route(f"{QUESTIONS}/{{name}}", pages.question),
        Route(EDITOR, pages.editor),
        Route(f"{STATIC}/card.css", styled),
        Mount(STATIC, StaticFiles(directory=_STATIC)),
        Route("/id/{key:path}", pages.thing),
        Route(SPARQL, protocol.sparql, methods=_ASKING),
        Route(GRAPHS, protocol.graphs, methods=[*_ASKING, "PUT", "DELETE", "PATCH"]),
        Route(VOID, protocol.void),
        Route("/healthz", health),
        Route("/metrics", metrics),
    ]
    middleware = [Middleware(_Guard, hosts=tuple(hosts), origins=tuple(origins))]
    if origins:
        middleware.append(Middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=_ASKING, allow_headers=["*"], max_age=600))
    app = Starlette(routes=routes, middleware=middleware, lifespan=life, exception_handlers={Refused: refused, Exception: fault})
    app.state.pool = pool
    return app


class _Guard:
    """Turns away requests for other hosts (a page elsewhere may make its own name lead here) and from pages of other origins."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], origins: Sequence[str]) -> None:
        self._app, self._hosts, self._origins = app, hosts, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        refused = None
        if _name(headers.get("host", "")) not in self._hosts and "*" not in self._hosts:
            refused = PlainTextResponse("this service does not go by that name: kg serve --allow-host NAME\n", 421)
        elif origin is not None and not self._is_known(origin):
            refused = PlainTextResponse("pages of that origin may not ask here: kg serve --cors ORIGIN\n", 403)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    told.setdefault(name, value)
                if self._origins:
                    told["Cross-Origin-Resource-Policy"] = "cross-origin"
            await send(message)

        await (refused or self._app)(scope, receive, with_headers)

    def _is_known(self, origin: str) -> bool:
        return "*" in self._origins or origin in self._origins or _name(urlsplit(origin).netloc) in self._hosts


def _name(host: str) -> str:
    """Leave out the port."""
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    return name.lower()
