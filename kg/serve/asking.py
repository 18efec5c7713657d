"""A question in, a worker's reply out, or the status and the line of text with which a request is refused."""

from __future__ import annotations

import pyoxigraph as ox
from anyio import CapacityLimiter, move_on_after, to_thread

from kg.errors import ServeError
from kg.serve.pool import Busy, Limits, Pool
from kg.serve.worker import Question, Reply

PLAIN = ("tsv", "text/plain")  # how a yes or no of our own is written
STATUS = {"query": 400, "page": 404, "format": 406, "rows": 413, "store": 500, "time": 504, "died": 500}
_LATER = {"Retry-After": "5"}
# Seconds that a question waits for a place among those that wait: most take hundredths, and many clients come at once.
_AT_THE_DOOR = 2.0


class Refused(Exception):
    """A request that is answered with a status and a line of text."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


class Asker:
    """Asks the workers of one store's service."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._places = CapacityLimiter(pool.limits.workers + pool.limits.queue)  # of questions at work, and of those that wait
        self._threads = CapacityLimiter(self._places.total_tokens)  # one for each of them

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return self._pool.limits

    async def reply(self, question: Question, seconds: float | None = None) -> Reply:
        """Ask a worker; raises Refused for whatever is not an answer."""
        with move_on_after(_AT_THE_DOOR) as door:
            await self._places.acquire()
        if door.cancelled_caught:
            raise Refused(503, "too many queries wait already: try again in some seconds", _LATER)
        try:
            reply = await to_thread.run_sync(self._pool.ask, question, seconds, limiter=self._threads)
        except (Busy, ServeError) as error:
            raise Refused(503, str(error) or "too many queries wait already", _LATER) from None
        finally:
            self._places.release()
        if reply.fault == "rows":
            raise Refused(413, f"{reply.message}: page through it with ORDER BY, LIMIT and OFFSET, or use kg export")
        if reply.fault:
            raise Refused(STATUS[reply.fault], reply.message)
        return reply

    async def known(self, iri: str) -> str:
        """Write the IRI of a thing that the store knows for a query; raises Refused where it does not."""
        written = node(iri)
        if not (await self.reply(Question(f"ASK {{ {written} ?p ?o }}", {"boolean": PLAIN}))).body.startswith(b"true"):
            raise Refused(404, "the store knows nothing of this")
        return written


def node(iri: str) -> str:
    """Write an IRI for a query; raises Refused where it is none, so that nothing else gets into the query."""
    try:
        return str(ox.NamedNode(iri))
    except ValueError:
        raise Refused(400, "that is not an IRI") from None
