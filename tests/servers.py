"""Real triple stores for the tests, each in a folder of its own, started, killed and started again as the same store; and kg serve."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode

import httpx

JENA = os.environ.get("KG_JENA_CLASSPATH", "")  # of tests/readers/jena-pom.xml
RESULTS = "application/sparql-results+"
_PATIENCE = 60  # seconds to start


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


class Server(ABC):
    """A triple store's process; url is what a user would push to, query_url answers with the union of the graphs as default."""

    missing = ""  # why it cannot run here
    credentials: ClassVar[Mapping[str, str]] = {}
    union: ClassVar[Mapping[str, str]] = {}  # what a query adds to see the union of the graphs

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.root = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str: ...

    @property
    @abstractmethod
    def query_url(self) -> str: ...

    @abstractmethod
    def command(self) -> list[str]: ...

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            environment = {**os.environ, "FUSEKI_BASE": str(self.folder / "base")}
            self._process = subprocess.Popen(
                self.command(), cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                if httpx.post(self.query_url, data={"query": "ASK { ?s ?p ?o }"}, timeout=5).is_success:
                    return
            except httpx.TransportError:
                pass
            assert self._process.poll() is None, (self.folder / "server.log").read_text()
            time.sleep(0.2)
        raise AssertionError(f"{type(self).__name__} does not answer: {(self.folder / 'server.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """Kill it as a crash would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def rows(self, query: str) -> tuple[list[str], list[list[dict[str, str] | None]]]:
        """Ask a SELECT: columns and rows of terms as SPARQL's JSON has them."""
        accept = {"Accept": "application/sparql-results+json"}
        answer = httpx.post(self.query_url, data={"query": query, **self.union}, headers=accept, timeout=60)
        assert answer.is_success, answer.text
        result = answer.json()
        columns = result["head"]["vars"]
        return columns, [[row.get(column) for column in columns] for row in result["results"]["bindings"]]


class Fuseki(Server):
    """Apache Jena Fuseki over TDB2."""

    missing = "" if JENA and shutil.which("java") else "needs java, and Jena's class path in KG_JENA_CLASSPATH"

    @property
    def url(self) -> str:
        return f"{self.root}/ds"

    @property
    def query_url(self) -> str:
        return f"{self.root}/ds/query"

    def command(self) -> list[str]:
        (self.folder / "tdb").mkdir(exist_ok=True)
        (self.folder / "tdb" / "Data-0001" / "tdb.lock").unlink(missing_ok=True)  # of the process that was killed
        main = "org.apache.jena.fuseki.main.cmds.FusekiServerCmd"
        options = ["--tdb2", "--loc=tdb", "--set", "tdb2:unionDefaultGraph=true", "--update", "--localhost", f"--port={self.port}", "/ds"]
        return ["java", "-cp", JENA, main, *options]


class Oxigraph(Server):
    """Oxigraph's own server, which PyPI has."""

    union: ClassVar[Mapping[str, str]] = {"union-default-graph": "true"}
    binary = shutil.which("oxigraph", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    missing = "" if binary else "needs oxigraph, of PyPI"

    @property
    def url(self) -> str:
        return self.root

    @property
    def query_url(self) -> str:
        return f"{self.root}/query"

    def command(self) -> list[str]:
        assert self.binary is not None
        return [self.binary, "serve", "--location", "data", "--bind", f"127.0.0.1:{self.port}"]


class Virtuoso(Server):
    """Virtuoso 7, which asks for a digest before it is written to."""

    credentials: ClassVar[Mapping[str, str]] = {"KG_REMOTE_USER": "dba", "KG_REMOTE_PASSWORD": "dba"}  # what a new one has
    missing = "" if shutil.which("virtuoso-t") else "needs virtuoso-t, of Debian's virtuoso-opensource-7-bin"

    @property
    def url(self) -> str:
        return f"{self.root}/sparql"

    @property
    def query_url(self) -> str:
        return f"{self.root}/sparql"

    def command(self) -> list[str]:
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)  # of the process that was killed
        (self.folder / "virtuoso.ini").write_text(
            f"""[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = {free_port()}
NumberOfBuffers = 20000
[HTTPServer]
ServerPort = 127.0.0.1:{self.port}
ServerRoot = .
[SPARQL]
ResultSetMaxRows = 100000
MaxQueryExecutionTime = 30
"""
        )
        return ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]


SERVERS = {"fuseki": Fuseki, "oxigraph": Oxigraph, "virtuoso": Virtuoso}


class Service:
    """A `kg serve` of its own, and what it says to one request."""

    def __init__(self, store: Path, *options: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "kg", "serve", "--store", str(store), "--port", str(self.port), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=store.parent)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                assert self.process.poll() is None, self.process.stdout and self.process.stdout.read()
                time.sleep(0.1)
        raise AssertionError("the service does not answer")

    def ask(self, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Send a request; names of headers are written with _ for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def sparql(self, query: str, accept: str = RESULTS + "json", **more: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask("GET", "/sparql?" + urlencode({"query": query, **more}), accept=accept)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)
