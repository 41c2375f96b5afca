"""Connections that are not held open for nothing: who opens one has to send the head of a request in time."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST: Final = 1_000
"""Connections at a time; one more is closed at once."""

HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take to come, from its first byte, or from the beginning of the connection."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 by h11, which bounds the size of a head; the time of one is bounded here.

    uvicorn closes connections that are idle between two requests, but waits without end for a head that has begun.
    """

    most = MOST
    head_seconds = HEAD_SECONDS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Close a connection too many, or wait for a head."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
        else:
            self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take what was sent, and wait on for a head that is not whole."""
        super().data_received(data)
        if self._is_answering():
            self._forget_deadline()
        elif self._deadline is None:
            self._await_head()

    def on_response_complete(self) -> None:
        """Wait for the next head, if a part of it came with the request that was answered."""
        super().on_response_complete()
        if self.conn.trailing_data[0] and self._deadline is None and not self._is_answering():
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._forget_deadline()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self._too_late)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        self.transport.close()
