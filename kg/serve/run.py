"""A store's path and an address in, a service that runs until it is told to stop out."""

from __future__ import annotations

import contextlib
import resource
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import uvicorn

from kg.errors import ServeError
from kg.serve.app import LOCAL, make_app
from kg.serve.patience import MOST, PatientProtocol
from kg.serve.pool import Limits, Pool

_GRACE = 3  # seconds that answers under way have at the end
_LONGEST_HEAD = 128 * 1024  # bytes of a request before its body: the longest query, most of its characters escaped in a URL
_BACKLOG = 128  # connections that the system holds until they are taken: so many more files may be open for a moment
_FILES = MOST + 2 * _BACKLOG + 100


class _Server(uvicorn.Server):
    """Ends queries that are still under way some seconds after it was told to end; who asked is told so."""

    def __init__(self, config: uvicorn.Config, pool: Pool) -> None:
        super().__init__(config)
        self._pool = pool

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        super().handle_exit(sig, frame)
        timer = threading.Timer(_GRACE, self._pool.close)
        timer.daemon = True
        timer.start()


def serve(
    store_path: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    limits: Limits | None = None,
    hosts: Sequence[str] = (),
    origins: Sequence[str] = (),
) -> None:
    """Serve until SIGINT or SIGTERM; answers under way are finished. Raises ServeError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ServeError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    _allow_files()
    app = make_app(store_path, limits=limits, hosts=(*LOCAL, host, *hosts), origins=origins)
    config = uvicorn.Config(
        app,
        timeout_graceful_shutdown=2 * _GRACE,
        timeout_keep_alive=5,
        http=PatientProtocol,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        backlog=_BACKLOG,
        server_header=False,
        proxy_headers=False,
        log_level="info",
    )
    try:
        _Server(config, app.state.pool).run(sockets=[listening])
    finally:
        listening.close()


def _allow_files() -> None:
    """Allow this process an open file for each connection, where the system lets it; many start with room for a thousand in all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _FILES:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES), hard))
