"""A store here and a triple store behind HTTP in, the same named graphs there out: only what changed is sent, what is gone is dropped.

What was sent stands there too, in the graph `…/id/graph/push`: a line for each graph that is whole, with its number of triples and a digest
of them. So a push that broke off goes on where it was, from any machine; a graph whose number of triples is not what its line says, because
somebody changed it or a store died, is sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.errors import ExportError
from kg.remote.client import Client
from kg.remote.endpoints import QUADS, TRIPLES, Endpoints, drop, find_endpoints, select, update
from kg.store import PREFIXES, Store

_HELD = f"<{PREFIXES['dcterms']}identifier>"  # what leads from the record to its lines
_INSERTED = 1_500  # triples of an INSERT DATA: Virtuoso takes 2,000 at most
_INSERTED_BYTES = 400_000  # and Virtuoso's compiler, as others' parsers, wants no long text
_BATCH = 20_000  # quads of a bulk request: some MB, which a store takes in a second
_BATCH_GRAPHS = 200  # what is sent again at most, where each graph goes by itself
_NAMED = 20  # graphs that an error names

Progress = Callable[[int, int, str], None]  # graphs done, in all, the last one's name


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: graphs sent, left as they were, and dropped; triples sent and in all; and by which ways."""

    sent: int
    unchanged: int
    dropped: int
    triples_sent: int
    triples: int
    ways: str


@dataclass(slots=True)
class _Remote:
    """The other side: what it says that it was sent, and how many triples each graph has."""

    client: Client
    endpoints: Endpoints
    record: str  # the graph that says what was sent
    sent: dict[str, str] = field(default_factory=dict)  # graph to "number digest"
    counts: dict[str, int] = field(default_factory=dict)


def push(store: Store, url: str, *, client: Client | None = None, progress: Progress | None = None, reference: bool = False) -> Pushed:
    """Make a triple store hold the named graphs of this one: documents, their evidence, the catalogue and what was judged one thing.

    reference: background knowledge too. Graphs of others there are left alone. Raises ExportError where the store cannot be reached
    or refuses; what has arrived by then need not be sent again. Raises it as well when the numbers of triples there are not those here.
    """
    with client or Client(url) as session:
        endpoints = find_endpoints(session, store.base + "graph/push-probe")
        remote = _Remote(session, endpoints, store.base + "graph/push")
        _look(remote)
        wanted = [name for name in store.graphs() if reference or name != store.base + "graph/reference"]
        digests: dict[str, str] = {}
        changed = []
        for name in wanted:
            digests[name] = _digest(_lines(store, name))
            number = int(digests[name].partition(" ")[0])
            if remote.sent.get(name) != digests[name] or remote.counts.get(name, 0) != number:
                changed.append(name)
        gone = sorted(set(remote.sent) - set(wanted))
        for name in gone:
            drop(session, endpoints, name)
            _note(remote, {name: None})
        sent = done = 0
        for batch in _batches(store, changed):
            _note(remote, {name: None for name, _ in batch if name in remote.sent})  # what is on its way is not whole
            _send(remote, batch)
            _note(remote, {name: digests[name] for name, _ in batch})
            sent += sum(len(lines) for _, lines in batch)
            done += len(batch)
            if progress is not None:
                progress(done, len(changed), batch[-1][0])
        _compare(remote, digests)
        total = sum(int(digest.partition(" ")[0]) for digest in digests.values())
        return Pushed(len(changed), len(wanted) - len(changed), len(gone), sent, total, endpoints.ways)


def _lines(store: Store, graph: str) -> list[str]:
    return sorted(f"{quad.triple} ." for quad in store.graph(graph))


def _digest(lines: list[str]) -> str:
    return f"{len(lines)} {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}"


def _look(remote: _Remote) -> None:
    """Ask what was sent, and how many triples each graph has."""
    query = remote.endpoints.query
    for row in select(remote.client, query, f"SELECT ?line {{ GRAPH <{remote.record}> {{ ?r {_HELD} ?line }} }}"):
        graph, _, digest = row["line"].partition(" ")
        remote.sent[graph] = digest
    for row in select(remote.client, query, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"):
        if "g" in row:
            remote.counts[row["g"]] = int(row["n"])


def _batches(store: Store, changed: list[str]) -> Iterator[list[tuple[str, list[str]]]]:
    """Put graphs together that are sent before the record is written again."""
    batch: list[tuple[str, list[str]]] = []
    for name in changed:
        batch.append((name, _lines(store, name)))
        if len(batch) >= _BATCH_GRAPHS or sum(len(lines) for _, lines in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _send(remote: _Remote, batch: list[tuple[str, list[str]]]) -> None:
    """Bring graphs over, in the place of what was there by their names; new ones at once, where the store takes quads."""
    client, endpoints = remote.client, remote.endpoints
    new = [] if endpoints.bulk is None else [(name, lines) for name, lines in batch if not remote.counts.get(name)]
    if endpoints.bulk is not None and new:
        quads = (f"{line[:-1]}<{name}> .\n" for name, lines in new for line in lines)
        client.require("POST", endpoints.bulk, content="".join(quads).encode(), headers={"Content-Type": QUADS})
    for name, lines in batch:
        if endpoints.bulk is not None and not remote.counts.get(name):
            continue
        if endpoints.graphs is not None:
            content = "".join(f"{line}\n" for line in lines).encode()
            client.require("PUT", endpoints.graphs, params={"graph": name}, content=content, headers={"Content-Type": TRIPLES})
            continue
        drop(client, endpoints, name)
        for part in _parts(lines):
            update(client, endpoints, f"INSERT DATA {{ GRAPH <{name}> {{\n{part}}} }}")


def _parts(lines: list[str]) -> Iterator[str]:
    """Cut what is inserted into pieces that every store takes."""
    part: list[str] = []
    size = 0
    for line in lines:
        part.append(line)
        size += len(line.encode())
        if len(part) >= _INSERTED or size >= _INSERTED_BYTES:
            yield "\n".join(part) + "\n"
            part, size = [], 0
    if part:
        yield "\n".join(part) + "\n"


def _note(remote: _Remote, changes: dict[str, str | None]) -> None:
    """Change the record over there: lines of graphs that were sent, None for those that are gone."""
    old = [_line(remote, name, remote.sent[name]) for name in changes if name in remote.sent]
    new = [_line(remote, name, digest) for name, digest in changes.items() if digest is not None]
    for name, digest in changes.items():
        if digest is None:
            remote.sent.pop(name, None)
        else:
            remote.sent[name] = digest
    if remote.endpoints.update is None:
        _note_whole(remote)
        return
    for verb, lines in (("DELETE", old), ("INSERT", new)):
        for part in _parts(lines):
            update(remote.client, remote.endpoints, f"{verb} DATA {{ GRAPH <{remote.record}> {{\n{part}}} }}")


def _note_whole(remote: _Remote) -> None:
    """Write the record anew, where a store takes graphs and no updates."""
    assert remote.endpoints.graphs is not None, "find_endpoints wants one of the two"
    content = "".join(f"{_line(remote, name, digest)}\n" for name, digest in sorted(remote.sent.items())).encode()
    headers = {"Content-Type": TRIPLES}
    remote.client.require("PUT", remote.endpoints.graphs, params={"graph": remote.record}, content=content, headers=headers)


def _line(remote: _Remote, name: str, digest: str) -> str:
    return f"<{remote.record}> {_HELD} {ox.Literal(f'{name} {digest}')} ."


def _compare(remote: _Remote, digests: dict[str, str]) -> None:
    """Count what is there, graph by graph."""
    remote.counts.clear()
    _look(remote)
    wrong = [
        f"{name} has {remote.counts.get(name, 0):,} triples and should have {int(digest.partition(' ')[0]):,}"
        for name, digest in digests.items()
        if remote.counts.get(name, 0) != int(digest.partition(" ")[0])
    ]
    if wrong:
        more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise ExportError(
            f"{remote.client.url} does not hold what was sent: {'; '.join(wrong[:_NAMED])}{more}. Push again to send these anew"
        )
