"""Tasks and a work in, what came of each out, in the order of the tasks: in this process, or in several that may die."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import TypeVar

from kg.errors import ReadError

Task = TypeVar("Task")
Result = TypeVar("Result")

FEW = 4  # files; up to here a second process costs more (about a second to start) than it saves
_AHEAD = 4  # tasks handed out per worker before the oldest is written: keeps workers busy and memory flat


def worker_count(files: int, wanted: int | None, has_archives: bool = False) -> int:
    """Choose how many processes read: never more than processors, nor than files where none of them is an archive of many."""
    processors = os.cpu_count() or 1
    most = processors if has_archives else min(processors, files)
    if wanted is None:
        return most if has_archives or files > FEW else 1
    if wanted < 1:
        raise ReadError(f"{wanted} workers cannot read anything: give 1 or more")
    return min(wanted, most)


def outcomes(
    tasks: Iterable[Task], base: str, workers: int, work: Callable[[Task, str], Result | ReadError]
) -> Iterator[tuple[Task, Result | ReadError]]:
    """Do the work on each task and yield what came of it, in their order; tasks are taken as they are needed.

    A worker that dies takes the pool with it: the task it is waited for is then done alone in a process of its own, and one that kills
    that one too is given up as unreadable.
    """
    if workers == 1:
        for task in tasks:
            yield task, work(task, base)
        return
    source = iter(tasks)
    again: deque[Task] = deque()  # tasks that a broken pool took with it
    is_over = False
    while again or not is_over:
        pool = _pool(workers)
        running: deque[tuple[Task, Future[Result | ReadError]]] = deque()
        try:
            while True:
                while len(running) < workers * _AHEAD and (again or not is_over):
                    if again:
                        task = again.popleft()
                    else:
                        try:
                            task = next(source)
                        except StopIteration:
                            is_over = True
                            break
                    again.appendleft(task)  # until it is handed out: a pool may break at that
                    running.append((task, pool.submit(work, task, base)))
                    again.popleft()
                if not running:
                    break
                task, future = running[0]
                outcome = future.result()
                running.popleft()
                yield task, outcome
        except BrokenProcessPool:
            again.extendleft(task for task, _ in reversed(running))
            task = again.popleft()
            yield task, _alone(task, base, work)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _alone(task: Task, base: str, work: Callable[[Task, str], Result | ReadError]) -> Result | ReadError:
    with _pool(1) as pool:
        try:
            return pool.submit(work, task, base).result()
        except BrokenProcessPool:
            return ReadError(f"{task}: the process that read it died, most likely for want of memory; nothing of it was stored")


def _pool(workers: int) -> ProcessPoolExecutor:
    """Start worker processes: spawned, for a fork beside threads may hang, and deaf to Ctrl-C, which is the parent's to handle."""
    return ProcessPoolExecutor(workers, mp_context=_Spawn(), initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))


class _Worker(SpawnProcess):
    """A process that does not run the caller's script again: a user's script without `if __name__ == "__main__"` builds as any other."""

    def start(self) -> None:
        """Start the process while the main module is one that has no file, which is all that spawning looks at."""
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = main


class _Spawn(SpawnContext):
    Process = _Worker
