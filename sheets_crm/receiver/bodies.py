"""The body of a request, read within bounds: of its size, of the time that it takes, of the memory of all together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final, Self

from starlette.types import Receive

from sheets_crm.receiver import refusals
from sheets_crm.receiver.sources import Head

LARGEST: Final = 1_000_000
"""Bytes of the largest body that is taken."""

SECONDS: Final = 20.0
"""How long a body may take to come."""

IN_MEMORY: Final = 32_000_000
"""Bytes of all bodies that are being read or wait to be stored, together."""

_DRAINED: Final = 2 * LARGEST
_DRAIN_SECONDS: Final = 2.0


class Gone(Exception):  # noqa: N818 - says what is so
    """The sender closed the connection before the body's end."""


class Budget:
    """Bytes of memory that bodies may take together."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int) -> bool:
        """Take some of it; return whether there was so much."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """Give back what was taken."""
        self._left += size


class Body:
    """The body of one request; used as a context, it gives its memory back at the end.

    Args:
        head: What came before it.
        receive: Receives its parts.
        budget: The memory of all bodies.
    """

    def __init__(self, head: Head, receive: Receive, budget: Budget) -> None:
        self._receive = receive
        self._budget = budget
        self._taken = 0
        self._begun = False
        self._length = int(head.headers.get("content-length", 0))  # the protocol took digits alone
        self._asks_first = "expect" in head.headers
        self.ended = not self._length and "transfer-encoding" not in head.headers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._budget.give_back(self._taken)

    async def whole(self) -> bytes:
        """Read it.

        Raises:
            Refused: It is too large, too slow, or there is no memory for it.
            Gone: The sender went away.
        """
        if self._length > LARGEST:
            raise refusals.too_large()
        try:
            async with asyncio.timeout(SECONDS):
                return b"".join([part async for part in self._parts()])
        except TimeoutError:
            raise refusals.too_slow() from None

    async def drain(self) -> None:
        """Take the rest without keeping it: who sends before he reads would not see the answer otherwise.

        What takes too long or is too much is left, and the connection has to be closed; so is a body that the sender
        asks about before he sends it.
        """
        if self._asks_first and not self._begun:
            return
        size = 0
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while not self.ended and size <= _DRAINED:
                    size += len(await self._part())
        except (TimeoutError, Gone):
            return

    async def _parts(self) -> AsyncIterator[bytes]:
        while not self.ended:
            part = await self._part()
            if self._taken + len(part) > LARGEST:
                raise refusals.too_large()
            if not self._budget.take(len(part)):
                raise refusals.unavailable("memory")
            self._taken += len(part)
            yield part

    async def _part(self) -> bytes:
        self._begun = True
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise Gone
        self.ended = not message.get("more_body", False)
        part: bytes = message.get("body", b"")
        return part
