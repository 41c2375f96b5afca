"""End a worker between two requests: a signal raises a flag, which is looked at before requests and in waits."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SLICE_SECONDS = 0.5


class Stopped(BaseException):
    """The worker was asked to end; no `Exception`, so that no run takes it for a failure of its own."""


class Stopper:
    """Whether the worker was asked to end.

    Args:
        sleep: Waits that many seconds.
    """

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self.stopping = False

    def stop(self) -> None:
        """Ask for the end."""
        self.stopping = True

    def check(self) -> None:
        """Go on, or end here.

        Raises:
            Stopped: The end was asked for.
        """
        if self.stopping:
            raise Stopped

    def sleep(self, seconds: float) -> None:
        """Wait, in slices, since a signal does not cut a wait short.

        Raises:
            Stopped: The end was asked for.
        """
        self.check()
        while seconds > 0:
            self._sleep(min(seconds, SLICE_SECONDS))
            seconds -= SLICE_SECONDS
            self.check()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take SIGTERM and SIGINT for requests to end; a second one ends at once, like Ctrl-C."""
        signals = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, self._signalled) for number in signals}
        try:
            yield
        finally:
            for number, action in before.items():
                signal.signal(number, action)

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        if self.stopping:
            raise KeyboardInterrupt
        self.stop()
