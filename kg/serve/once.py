"""A query and a store's path in, an answer out, from a process of its own that is ended when it takes too long or too much."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

from kg.errors import QueryError, StoreError
from kg.serve.pool import Limits, Worker
from kg.serve.worker import Question
from kg.store import Answer

_WAYS = {"time": ": ask for less, or give --timeout", "rows": ": give LIMIT or --rows, or use kg export"}


def ask_once(store_path: Path, sparql: str, limits: Limits) -> Answer:
    """Ask a query of a store on this machine under the limits of a service; of the limits workers, queue and body mean nothing here.

    Raises QueryError for a query that is wrong, refused, or stopped at a limit, StoreError for a store that cannot be read.
    """
    # A copy of this process starts at once; where the system's libraries do not bear that, a new one is started.
    worker = Worker(multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn"), store_path, limits)
    try:
        reply, _ = worker.ask(Question(sparql, rows=limits.rows), limits.seconds, lambda: False)
    finally:
        worker.stop()
    if reply.answer is not None:
        return reply.answer
    if reply.fault == "store":
        raise StoreError(reply.message)
    raise QueryError(reply.message + _WAYS.get(reply.fault, ""))
