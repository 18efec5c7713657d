"""Clients that send nothing, or send or read too slowly, against a real service: they are ended, and others are served meanwhile."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import Service

from kg.serve.patience import MOST, PatientProtocol

HELD = 10_000  # connections
PATIENCE = PatientProtocol.patience


@pytest.fixture(scope="module")
def service(sample_store: Path) -> Iterator[Service]:
    started = Service(sample_store)
    yield started
    started.stop()


def connect(service: Service) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE + 10)


def memory(service: Service) -> int:
    """Bytes that the service itself holds."""
    return int(Path(f"/proc/{service.process.pid}/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.fixture
def many_files() -> Iterator[int]:
    """As many open files as the system lets this process have, in place of the thousand that it usually starts with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = HELD + 500 if hard == resource.RLIM_INFINITY else min(hard, HELD + 500)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    yield most
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="what a process holds is told by /proc")
def test_ten_thousand_slow_connections_lock_nobody_out(service: Service, many_files: int) -> None:
    service.sparql("ASK { ?s ?p ?o }")
    before = memory(service)
    with contextlib.ExitStack() as held:
        for number in range(min(HELD, many_files - 400)):
            slow = held.enter_context(connect(service))
            with contextlib.suppress(OSError):  # it may be the one that made room
                slow.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            if number % 500 == 499:
                began = time.monotonic()
                assert service.sparql("ASK { ?s ?p ?o }")[0] == 200
                assert time.monotonic() - began < 2
        assert len(os.listdir(f"/proc/{service.process.pid}/fd")) < MOST + 100
        assert memory(service) - before < 200 * 1024**2
    deadline = time.monotonic() + PATIENCE + 5
    while len(os.listdir(f"/proc/{service.process.pid}/fd")) > 100 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(os.listdir(f"/proc/{service.process.pid}/fd")) < 100
    assert service.sparql("ASK { ?s ?p ?o }")[0] == 200


SLOW = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: local",
    "half a body": b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK",
    "a whole request, and half of one": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHo",
}


def test_who_does_not_finish_a_request_is_ended_though_bytes_drip(service: Service) -> None:
    began = time.monotonic()
    open_ = {name: connect(service) for name in SLOW}
    for name, connection in open_.items():
        connection.sendall(SLOW[name])
        connection.settimeout(0.1)
    ended: dict[str, float] = {}
    while len(ended) < len(open_) and time.monotonic() - began < PATIENCE + 8:
        for name, connection in open_.items():
            if name in ended:
                continue
            try:
                if name != "nothing":
                    connection.sendall(b"x")
                if connection.recv(4096) == b"":
                    ended[name] = time.monotonic() - began
            except TimeoutError:
                pass
            except OSError:
                ended[name] = time.monotonic() - began
    for connection in open_.values():
        connection.close()
    assert set(ended) == set(SLOW)
    assert all(PATIENCE - 2 < seconds < PATIENCE + 4 for seconds in ended.values()), ended


def test_who_does_not_read_is_ended_and_who_reads_slowly_is_not(service: Service) -> None:
    query = f'SELECT ("{"long " * 6000}" AS ?x) ?s {{ ?s ?p ?o }} LIMIT 700'  # 21 MB, more than the system's buffers hold
    head = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\nContent-Length: {len(query)}\r\n"
    request = f"{head}Content-Type: application/sparql-query\r\n\r\n{query}".encode()
    with connect(service) as deaf, connect(service) as slow:
        deaf.sendall(request)
        slow.sendall(request)
        began, got = time.monotonic(), b""
        while time.monotonic() - began < PATIENCE + 6:
            got += slow.recv(50_000)
            time.sleep(0.1)
        top, _, body = got.partition(b"\r\n\r\n")
        length = int(re.findall(rb"content-length: (\d+)", top)[0])
        assert length > 20_000_000, "else this shows nothing"
        assert len(body) < length, "still under way"
        read = len(body)
        while read < length and (data := slow.recv(1_000_000)):
            read += len(data)
        assert read == length
        unread = 0
        with contextlib.suppress(OSError):
            while data := deaf.recv(1_000_000):
                unread += len(data)
        assert unread < length
