"""Rate limiting on our side, within Google's per-minute quota, so that 429 stays the exception.

A service account counts as one user: 60 reads and 60 writes a minute
(https://developers.google.com/sheets/api/limits).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from sheets_crm.limits import REQUESTS_A_MINUTE

WINDOW = 60.0


class Limiter:
    """A sliding window over the last 60 seconds for one kind of request.

    Args:
        per_minute: Requests allowed in any 60 seconds; at least 1.
        clock: Monotonic seconds.
        sleep: Waits that many seconds.
    """

    def __init__(
        self,
        per_minute: int = REQUESTS_A_MINUTE,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._times: deque[float] = deque(maxlen=max(1, per_minute))
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()

    def take(self) -> float:
        """Wait until one more request fits and count it; the result is the seconds waited."""
        with self._lock:
            waited = 0.0
            while (wait := self._due()) > 0:
                self._sleep(wait)
                waited += wait
            self._times.append(self._clock())
            return waited

    def _due(self) -> float:
        full = len(self._times) == self._times.maxlen
        return self._times[0] + WINDOW - self._clock() if full else 0.0
