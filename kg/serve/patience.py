"""Connections in, only those kept whose clients send and read: uvicorn's HTTP with a clock for slow ones and room for new ones."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 1_000  # connections at a time; each may be kept for a next request


class PatientProtocol(H11Protocol):
    """A connection that is ended where its request is not whole in time, or its answer is not read.

    uvicorn itself waits for ever for a first request and for a body, and its own limit counts who sends nothing as well: some hundred
    idle connections would lock out everybody. Here, when there are too many, the one that has waited longest makes room.
    """

    patience: ClassVar[float] = 10.0  # seconds for a request to be whole, and for an answer to move on by some
    least: ClassVar[int] = 10 * 1024  # bytes of it
    waiting: ClassVar[dict[PatientProtocol, None]] = {}  # those without a whole request, who has waited longest first

    _timer: asyncio.TimerHandle | None = None
    _unread = 0  # bytes of an answer when the timer was set

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._judge()
        if len(self.connections) > MOST:
            longest = next(iter(self.waiting))
            longest._unset()  # now, as it is told only later that it was lost, and the next to come must find another
            longest.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what came; a request that is whole is waited for no longer."""
        super().data_received(data)
        self._judge()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, if there is not one already."""
        self._unset()
        super().on_response_complete()
        self._judge()

    def pause_writing(self) -> None:
        """Give the client some time to read."""
        super().pause_writing()
        self._judge()

    def resume_writing(self) -> None:
        """Go on, as the client has read."""
        super().resume_writing()
        self._judge()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._unset()
        super().connection_lost(exc)
        self._unset()  # what ends it may have resumed it

    def _judge(self) -> None:
        """Set the timer where it is the client's turn, else unset it."""
        is_asked = self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete
        if is_asked and not self.flow.write_paused:
            self._unset()
            return
        if not is_asked:
            self.waiting.setdefault(self)
        if self._timer is None:
            self._set()

    def _set(self) -> None:
        self._unread = self.transport.get_write_buffer_size()
        self._timer = self.loop.call_later(self.patience, self._end)

    def _unset(self) -> None:
        self.waiting.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if 0 < unread <= self._unread - self.least:
            self._set()
        else:
            self.transport.abort()
