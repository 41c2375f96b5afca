"""Stop a worker between two requests: a signal sets a flag, which is checked before requests and while waiting."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SLICE_SECONDS = 0.5


class Stopped(BaseException):
    """The worker was asked to stop; not an `Exception`, so that no run handles it as a failure."""


class Stopper:
    """The flag that asks a worker to stop.

    Args:
        sleep: Waits that many seconds.
    """

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self.stopping = False

    def stop(self) -> None:
        """Ask the worker to stop."""
        self.stopping = True

    def check(self) -> None:
        """Stop here if the worker was asked to.

        Raises:
            Stopped: The worker was asked to stop.
        """
        if self.stopping:
            raise Stopped

    def sleep(self, seconds: float) -> None:
        """Wait in slices, since a signal does not interrupt ``time.sleep``.

        Raises:
            Stopped: The worker was asked to stop.
        """
        self.check()
        while seconds > 0:
            self._sleep(min(seconds, SLICE_SECONDS))
            seconds -= SLICE_SECONDS
            self.check()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Stop on SIGTERM and SIGINT; the second one raises KeyboardInterrupt at once."""
        signals = (signal.SIGTERM, signal.SIGINT)
        previous = {number: signal.signal(number, self._signalled) for number in signals}
        try:
            yield
        finally:
            for number, action in previous.items():
                signal.signal(number, action)

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        if self.stopping:
            raise KeyboardInterrupt
        self.stop()
