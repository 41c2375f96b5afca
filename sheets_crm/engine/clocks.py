"""Time elapsed since a saved timestamp.

A clock may have run ahead when a timestamp was saved, and the wall clock goes back an hour in autumn. A timestamp in
the future says nothing: it counts as long ago, so that whatever waits for it is done now.
"""

from __future__ import annotations

import math
from typing import Any, Final

SKEW_SECONDS: Final = 90.0
"""A timestamp so little in the future counts as now: the clocks of two machines may differ by as much."""


def seconds_since(now: float, then: Any) -> float:
    """The seconds from a saved timestamp to now; infinity when it lies in the future or is no number.

    Args:
        now: Seconds since 1970.
        then: The saved timestamp, in seconds since 1970.
    """
    if isinstance(then, bool) or not isinstance(then, int | float):
        return math.inf
    elapsed = now - then
    return max(elapsed, 0.0) if elapsed >= -SKEW_SECONDS else math.inf
