"""Questions in, replies out, by a few workers at a time: one that takes too long, or dies, is replaced, and nobody else waits for it."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from kg.errors import ServeError, StoreError
from kg.serve.worker import Question, Reply, work

_START = 60.0  # seconds that a worker has to open the store


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take, and how many may wait.

    seconds: of wall clock. memory: bytes beyond a worker's own. rows: of an answer. body: bytes of a request. queue: questions that wait
    while all workers are busy; the next one is turned away. services: IRIs of endpoints that a query's SERVICE may name; with any,
    workers keep the network.
    """

    seconds: float = 10.0
    memory: int = 2 * 1024**3
    rows: int = 10_000
    body: int = 64 * 1024
    workers: int = 2
    queue: int = 16
    services: frozenset[str] = frozenset()


class Busy(Exception):
    """Too many questions wait already."""


class Pool:
    """Workers over one store. `ask` may be called from several threads; close it, or use it as a context manager."""

    def __init__(self, store_path: Path, limits: Limits) -> None:
        """Start the workers. Raises ServeError where they cannot open the store."""
        self.limits = limits
        self._path = store_path
        # A server that has all modules loaded, and no threads, makes a worker in some hundredths of a second.
        self._context = multiprocessing.get_context("forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn")
        if hasattr(self._context, "set_forkserver_preload"):
            self._context.set_forkserver_preload(["kg.serve.worker"])
        self._free: list[Worker] = []
        self._all: weakref.WeakSet[Worker] = weakref.WeakSet()
        self._turn = threading.Condition()
        self._busy = self._waiting = 0
        self._closed = False
        self.killed = 0  # workers that took too long
        self.died = 0  # workers that a query was too much for
        self._free = [self._worker() for _ in range(limits.workers)]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop all workers, whatever they are at."""
        with self._turn:
            self._closed = True
            self._free = []
            self._turn.notify_all()
        for worker in list(self._all):  # those at work too: they would outlive this process
            worker.kill()

    @property
    def load(self) -> tuple[int, int]:
        """Questions that are worked on, and those that wait."""
        return self._busy, self._waiting

    def ask(self, question: Question, seconds: float | None = None) -> Reply:
        """Give the reply to a question; seconds may only lower the limit.

        Raises Busy where too many wait, ServeError where no worker starts.
        """
        allowed = min(seconds or self.limits.seconds, self.limits.seconds)
        taken = self._take()
        worker: Worker | None = taken
        try:
            reply, is_well = taken.ask(question, allowed, lambda: self._closed)
            if not is_well:
                self.killed, self.died = self.killed + (reply.fault == "time"), self.died + (reply.fault != "time")
                taken.stop()
                worker = None
            return reply
        finally:
            self._give_back(worker)

    def _take(self) -> Worker:
        with self._turn:
            if self._waiting >= self.limits.queue:
                raise Busy
            self._waiting += 1
            try:
                while self._busy >= self.limits.workers and not self._closed:
                    self._turn.wait()
                if self._closed:
                    raise ServeError("the service is closing")
                self._busy += 1
            finally:
                self._waiting -= 1
            worker = self._free.pop() if self._free else None
        is_taken = False
        try:
            if worker is not None and not worker.is_current(_state(self._path)):
                worker.stop()
                worker = None
            found = worker or self._worker()
            is_taken = True
            return found
        finally:
            if not is_taken:
                self._give_back(None)

    def _give_back(self, worker: Worker | None) -> None:
        with self._turn:
            self._busy -= 1
            if worker is not None and not self._closed:
                self._free.append(worker)
                worker = None
            self._turn.notify()
        if worker is not None:
            worker.stop()

    def _worker(self) -> Worker:
        try:
            worker = Worker(self._context, self._path, self.limits)
        except StoreError:
            raise ServeError("a worker cannot open the store: try kg verify") from None  # the reason may name a path
        self._all.add(worker)
        if self._closed:
            worker.kill()
        return worker


class Worker:
    """A process and the pipe to it, over the store as it was when it started."""

    def __init__(self, context: multiprocessing.context.BaseContext, path: Path, limits: Limits) -> None:
        """Start the process; raises StoreError where it cannot open the store."""
        self._state = _state(path)
        self._pipe, other = context.Pipe()
        given = (other, str(path), limits.memory, limits.seconds, limits.services)
        self._process: BaseProcess = context.Process(target=work, args=given, daemon=True)  # type: ignore[attr-defined] # every context has one
        self._process.start()
        other.close()
        fault = self._fault()
        if fault:
            self.stop()
            raise StoreError(fault)

    def _fault(self) -> str:
        """Wait until the store is open, and say why it is not."""
        try:
            return str(self._pipe.recv()) if self._pipe.poll(_START) else f"opening the store took more than {_START:g} s"
        except EOFError:
            return "a process that was to open the store died"

    def is_current(self, state: float) -> bool:
        """Answer whether the process lives and the store is as it was."""
        return self._process.is_alive() and state == self._state

    def ask(self, question: Question, seconds: float, is_over: Callable[[], bool]) -> tuple[Reply, bool]:
        """Give the reply, and whether the worker may be asked again."""
        deadline = time.monotonic() + seconds
        try:
            self._pipe.send(question)
            while not self._pipe.poll(min(0.2, max(0.0, deadline - time.monotonic()))):
                if time.monotonic() >= deadline:
                    return Reply(fault="time", message=f"the query took longer than {seconds:g} s and was stopped"), False
                if is_over():
                    return Reply(fault="store", message="the service is closing"), False
            reply: Reply = self._pipe.recv()
            return reply, True
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return Reply(fault="died", message="the query was too much: it needs more memory or depth than it may have"), False

    def kill(self) -> None:
        """End the process; whoever waits for its reply finds that it died."""
        self._process.kill()
        self._process.join()

    def stop(self) -> None:
        """End the process and the pipe to it."""
        self.kill()
        self._pipe.close()


def _state(path: Path) -> float:
    """Tell one state of the store's files from the next by when the youngest was written."""
    try:
        with os.scandir(path / "graph") as entries:
            return max((entry.stat().st_mtime_ns for entry in entries), default=0)
    except OSError:
        return 0
