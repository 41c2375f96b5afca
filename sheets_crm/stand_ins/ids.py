"""Ids that ascend with time: UUIDs of version 7 by the stand-ins' clock."""

import secrets
import uuid
from collections.abc import Callable
from threading import Lock

__all__ = ["Ids"]

_COUNTER_BITS = 12
_RANDOM_BITS = 62


class Ids:
    """Makes ids, each greater than all before, also where the clock stands or was set back.

    Args:
        clock: Seconds since 1970.
        last: The greatest id that was given out before, or an empty text.
        random_bits: Gives a number of so many random bits.
    """

    def __init__(
        self, clock: Callable[[], float], last: str = "", random_bits: Callable[[int], int] = secrets.randbits
    ) -> None:
        self._clock = clock
        self._random_bits = random_bits
        self._last = _ordinal(last) if last else 0
        self._lock = Lock()

    def __call__(self) -> str:
        """A new id."""
        with self._lock:
            self._last = max(int(self._clock() * 1000) << _COUNTER_BITS, self._last + 1)
            milliseconds, counter = divmod(self._last, 1 << _COUNTER_BITS)
        whole = milliseconds << 80 | 7 << 76 | counter << 64 | 2 << _RANDOM_BITS | self._random_bits(_RANDOM_BITS)
        return str(uuid.UUID(int=whole))


def _ordinal(text: str) -> int:
    """Milliseconds and counter of an id, as one number."""
    number = uuid.UUID(text).int
    return (number >> 80) << _COUNTER_BITS | (number >> 64) & ((1 << _COUNTER_BITS) - 1)
