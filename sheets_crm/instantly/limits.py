"""The service's limits, kept before a call, so that 429 stays the exception.

They hold for a workspace, whatever the key (https://developer.instantly.ai/getting-started/rate-limit), so all threads
of a process share them.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


WORKSPACE: Final = (Rate(100, 1.0), Rate(6_000, 60.0))
"""For all requests together."""

TIGHTER: Final[Mapping[str, tuple[Rate, ...]]] = {
    "GET emails": (Rate(10, 60.0),),  # half of the service's 20: people use the rest, in its own inbox
    "POST emails/test": (Rate(10, 60.0),),
}
"""For some calls besides, by method and path."""

_MARGIN: Final = 0.05
"""Seconds by which a window is longer here: requests do not arrive at the distances at which they left."""


class RateLimiter:
    """Gives each request the first moment at which all rates have room for it.

    Args:
        rates: What has to hold.
        clock: Monotonic seconds.
        sleep: Waits that many seconds; may raise to give up.
    """

    def __init__(
        self,
        *rates: Rate,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._windows = [(rate, deque[float](maxlen=rate.requests)) for rate in rates]
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()

    def take(self, sleep: Callable[[float], None] | None = None) -> float:
        """Wait for that moment; the result is the seconds waited.

        Args:
            sleep: Waits in place of the limiter's own.
        """
        with self._lock:  # not while it sleeps: threads that wait would wait for each other, too
            now = self._clock()
            moment = max([now, *(_free_at(rate, taken) for rate, taken in self._windows)])
            for _, taken in self._windows:
                taken.append(moment)
        if moment > now:
            (sleep or self._sleep)(moment - now)
        return moment - now


def _free_at(rate: Rate, taken: deque[float]) -> float:
    full = len(taken) == rate.requests
    # Moments follow each other in the order in which they were given, so the oldest is the first.
    return taken[0] + rate.seconds + _MARGIN if full else float("-inf")


class Limits:
    """The limits of one workspace.

    Args:
        clock: Monotonic seconds.
        sleep: Waits that many seconds; may raise to give up.
    """

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._all = RateLimiter(*WORKSPACE, clock=clock, sleep=sleep)
        self._tighter = {call: RateLimiter(*rates, clock=clock, sleep=sleep) for call, rates in TIGHTER.items()}

    def take(self, call: str, sleep: Callable[[float], None] | None = None) -> float:
        """Wait until a call such as ``GET emails`` fits; the result is the seconds waited.

        Args:
            call: Method and path.
            sleep: Waits in place of the limits' own: they are shared, and who waits may have to stop.
        """
        own = self._tighter.get(call)
        waited = own.take(sleep) if own else 0.0
        return waited + self._all.take(sleep)


_SHARED: Final[dict[str, Limits]] = {}
_LOCK: Final = Lock()


def shared_limits(endpoint: str) -> Limits:
    """The limits that everything in this process shares which asks that address."""
    with _LOCK:
        return _SHARED.setdefault(endpoint, Limits())
