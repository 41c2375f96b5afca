"""Stores deliveries, many in one transaction: a commit that waits for the disk serves all that came meanwhile."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Condition, Thread
from typing import Final

from sheets_crm.engine.intake import Delivery
from sheets_crm.errors import CrmError
from sheets_crm.receiver import refusals
from sheets_crm.receiver.metrics import Metrics

Add = Callable[[Sequence[Delivery]], int]
"""Stores deliveries, on the disk before it returns, and returns how many are new."""

MOST_WAITING: Final = 10_000
"""Deliveries that may wait; beyond them a post is refused at once."""

MOST_AT_ONCE: Final = 5_000
MOST_BYTES_AT_ONCE: Final = 16_000_000
"""Of one transaction, so that it ends while its senders still wait."""

SECONDS: Final = 8.0
"""How long a sender waits for the store at most."""

_LOG = logging.getLogger(__name__)


class _Ticket:
    """A delivery that waits, or None for a question whether the store can be written."""

    __slots__ = ("delivery", "done")

    def __init__(self, delivery: Delivery | None, done: asyncio.Future[bool]) -> None:
        self.delivery = delivery
        self.done = done

    @property
    def size(self) -> int:
        return len(self.delivery.body) if self.delivery is not None else 0


class Writer:
    """A thread that stores what waits.

    Args:
        add: Stores deliveries.
        metrics: Is told what was stored.
        seconds: How long a sender waits at most.
        most_waiting: How many deliveries may wait.
    """

    def __init__(
        self, add: Add, metrics: Metrics, seconds: float = SECONDS, most_waiting: int = MOST_WAITING
    ) -> None:
        self._add = add
        self._metrics = metrics
        self._seconds = seconds
        self._most_waiting = most_waiting
        self._tickets: deque[_Ticket] = deque()
        self._changed = Condition()
        self._closed = False
        self._thread = Thread(target=self._run, name="intake", daemon=True)
        self.fails = False

    @property
    def waiting(self) -> int:
        """How many deliveries wait."""
        return len(self._tickets)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Store what waits, take nothing more, and end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    async def store(self, delivery: Delivery) -> None:
        """Store a delivery; it is on the disk when this returns.

        Raises:
            Refused: It is not stored, or not in time: it may be later, and its repetition is known by its key.
        """
        if not await self._ask(delivery):
            raise refusals.unavailable("store")

    async def can_store(self) -> bool:
        """Whether the store can be written, so far as that is known without writing."""
        if not self.fails:
            return not self._closed
        try:
            return await self._ask(None)
        except refusals.Refused:
            return False

    async def _ask(self, delivery: Delivery | None) -> bool:
        ticket = _Ticket(delivery, asyncio.get_running_loop().create_future())
        with self._changed:
            if self._closed:
                raise refusals.unavailable("closing")
            if len(self._tickets) >= self._most_waiting:
                raise refusals.unavailable("waiting")
            self._tickets.append(ticket)
            self._changed.notify()
        try:
            async with asyncio.timeout(self._seconds):
                return await ticket.done
        except TimeoutError:
            raise refusals.unavailable("store") from None
        finally:
            self._withdraw(ticket)

    def _withdraw(self, ticket: _Ticket) -> None:
        """Whoever does not wait any more takes no memory."""
        if not ticket.done.done() or ticket.done.cancelled():
            with self._changed, suppress(ValueError):
                self._tickets.remove(ticket)

    def _run(self) -> None:
        while tickets := self._taken():
            stored = self._stored([ticket.delivery for ticket in tickets if ticket.delivery is not None])
            _answer(tickets, stored)

    def _taken(self) -> list[_Ticket]:
        """All that waits, as far as it is not too much; nothing once the writer is closed and all is stored."""
        with self._changed:
            self._changed.wait_for(lambda: self._tickets or self._closed)
            taken: list[_Ticket] = []
            size = 0
            while self._tickets and len(taken) < MOST_AT_ONCE and size < MOST_BYTES_AT_ONCE:
                taken.append(self._tickets.popleft())
                size += taken[-1].size
            return taken

    def _stored(self, deliveries: Sequence[Delivery]) -> bool:
        began = time.perf_counter()
        try:
            new = self._add(deliveries)
        except Exception as error:  # noqa: BLE001 - whatever it is, the senders are told to come again
            self._note_failure(error)
            return False
        self.fails = False
        if deliveries:
            self._metrics.store_seconds = time.perf_counter() - began
            self._metrics.transactions += 1
            self._metrics.repeated += len(deliveries) - new
        return True

    def _note_failure(self, error: Exception) -> None:
        """Say it once; only our own errors and the machine's are sure to quote nobody's data."""
        if not self.fails:
            words = str(error) if isinstance(error, CrmError | OSError) else type(error).__name__
            _LOG.error("what is received cannot be stored, and is refused: %s", words)
        self.fails = True


def _answer(tickets: Sequence[_Ticket], stored: bool) -> None:
    """Tell those who wait, in the thread that they wait in."""

    def tell() -> None:
        for ticket in tickets:
            if not ticket.done.done():
                ticket.done.set_result(stored)

    with suppress(RuntimeError):  # the loop was closed: nobody waits any more
        tickets[0].done.get_loop().call_soon_threadsafe(tell)
