"""How many requests may come in a time."""

from collections import deque
from collections.abc import Callable

__all__ = ["Window"]


class Window:
    """A sliding window.

    Args:
        most: How many may come in it.
        seconds: How long it is.
        clock: Seconds since 1970.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self.most = most
        self.seconds = seconds
        self._clock = clock
        self._seen: deque[float] = deque()

    def is_full(self) -> bool:
        """Whether one more is too many."""
        now = self._clock()
        while self._seen and self._seen[0] <= now - self.seconds:
            self._seen.popleft()
        return len(self._seen) >= self.most

    def count(self) -> None:
        """Count one."""
        self._seen.append(self._clock())

    def spend(self) -> bool:
        """Count one if it may come."""
        if self.is_full():
            return False
        self.count()
        return True
