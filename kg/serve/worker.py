"""A question in, its answer out, in a process of its own that can be killed: the engine has no time limit, and some queries kill it.

The process reads a fixed view of the store, has no network where the system allows that, and no more memory than it is given.
"""

from __future__ import annotations

import ctypes
import gc
import resource
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

from kg.errors import KgError, QueryError
from kg.export import serialise
from kg.serve.explorer import Explorer, NoSuchPage
from kg.store import PREFIXES, Answer, QueryDataset, Store
from kg.store.guard import KILLABLE, KILLABLE_STACK, Caps, parse_query

_LATE = 5.0  # seconds
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # of Linux's unshare(2)


@dataclass(frozen=True, slots=True)
class Question:
    """A query with what it is put to, how its answer is written (by the kind of answer), and how many rows it may have.

    Without formats the answer itself is given, to who owns the store: all of its graphs may be asked. With the name of a page, that is
    made of the parameters instead.
    """

    sparql: str = ""
    formats: Mapping[str, tuple[str, str]] | None = None  # "rows", "boolean", "triples" to a format's name and media type
    dataset: QueryDataset | None = None
    rows: int | None = 10_000
    page: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer's bytes, media type and status, or the answer itself, or what was wrong.

    That is "query" (for the asker to mend), "page" (there is none), "rows" (too many), "format", "store", "time" or "died".
    """

    body: bytes = b""
    media_type: str = ""
    fault: str = ""
    message: str = ""
    status: int = 200
    answer: Answer | None = None


def work(pipe: Connection, store_path: str, memory: int, seconds: float, services: frozenset[str] = frozenset()) -> None:
    """Say why the store cannot be opened, or "" and answer questions from a pipe until it closes.

    memory is in bytes, beyond what the process has at its start. A question that takes longer than some seconds is for whoever asked to
    end, by killing this process; where they died, it ends itself. services are the endpoints that a query may name; without any there is
    no network.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the process that started this one, which then closes the pipe
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _confine(memory + KILLABLE_STACK, has_network=bool(services))
    threading.stack_size(KILLABLE_STACK)  # the engine recurses over a query; the main thread's stack is the system's to choose
    thread = threading.Thread(target=_work, args=(pipe, Path(store_path), seconds, replace(KILLABLE, services=services)))
    thread.start()
    thread.join()


def _work(pipe: Connection, store_path: Path, seconds: float, caps: Caps) -> None:
    try:
        opened = Store.open(store_path, read_only=True)
    except KgError as error:
        pipe.send(str(error))
        return
    with opened as store:
        store.caps = caps
        visible = tuple(store.graphs())  # all but the run record, which knows the paths of files
        explorer = Explorer(store)
        pipe.send("")
        while True:
            try:
                question = pipe.recv()
            except EOFError:
                return
            signal.setitimer(signal.ITIMER_REAL, seconds + _LATE)  # whose signal kills, even inside the engine
            reply = _reply(store, explorer, visible, question)
            signal.setitimer(signal.ITIMER_REAL, 0)
            pipe.send(reply)
            gc.collect()


def _reply(store: Store, explorer: Explorer, visible: tuple[str, ...], question: Question) -> Reply:
    is_own = question.formats is None and not question.page
    try:
        if question.page:
            page = explorer.page(question.page, question.parameters)
            return Reply(page.body, page.media_type, status=page.status)
        answer = store.query(question.sparql, dataset=question.dataset if is_own else _dataset(visible, question, store.caps))
        size = len(answer.rows) if answer.triples is None else len(answer.triples)
        if question.rows is not None and size > question.rows:
            return Reply(fault="rows", message=f"the answer has {size:,} rows, more than the {question.rows:,} that are given at once")
        if question.formats is None:
            return Reply(answer=answer)
        kind = _kind(answer)
        if kind not in question.formats:
            return Reply(fault="format", message=f"an answer of {kind} is not written in any format that was asked for")
        name, media_type = question.formats[kind]
        return Reply(serialise(answer, name), media_type)
    except NoSuchPage as error:
        return Reply(fault="page", message=str(error))
    except QueryError as error:
        return Reply(fault="query", message=str(error))
    except KgError as error:
        return Reply(fault="store", message=str(error) if is_own else type(error).__name__)  # its words may name a path
    except MemoryError:
        return Reply(fault="query", message="the query needs more memory than it may have")


def _dataset(visible: tuple[str, ...], question: Question, caps: Caps) -> QueryDataset | None:
    """Keep a query from graphs that are not for others; what names one finds that there is none."""
    query = parse_query(question.sparql, PREFIXES, caps)
    named = query.graphs if question.dataset is None else (*(question.dataset.default or ()), *question.dataset.named)
    for graph in set(named).difference(visible):
        raise QueryError(f"the store has no graph <{graph}>")
    if question.dataset is None and not query.graphs and any(token.word == "GRAPH" for token in query.tokens):
        return QueryDataset(None, visible)
    return question.dataset


def _kind(answer: Answer) -> str:
    return "triples" if answer.triples is not None else "rows" if answer.boolean is None else "boolean"


def _leave_network() -> None:
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_NEW_NET) != 0:  # as root; else in a user namespace of its own
            libc.unshare(_NEW_USER | _NEW_NET)
    except (OSError, AttributeError):
        pass  # not Linux: what a query could fetch from, SERVICE and LOAD, is refused before it is asked


def _confine(memory: int, *, has_network: bool) -> None:
    """Leave the network, where this process may and need not have it, and bound the memory."""
    if not has_network:
        _leave_network()
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (OSError, ValueError):
        pass  # a system without /proc, where memory is not bounded
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
