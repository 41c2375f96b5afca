"""Time between a remembered moment and now.

A clock may have been ahead when a moment was remembered, and the wall clock goes back an hour in autumn. A moment that
lies in the future tells nothing: it counts as long ago, so that what waits for it to pass is done now.
"""

from __future__ import annotations

import math
from typing import Any, Final

SKEW_SECONDS: Final = 90.0
"""Clocks of two machines may differ by so much without either being wrong."""


def seconds_since(now: float, then: Any) -> float:
    """Give the seconds from a remembered moment to now; infinity when it lies in the future or is no moment.

    Args:
        now: Seconds since 1970.
        then: What was remembered, in seconds since 1970.
    """
    if isinstance(then, bool) or not isinstance(then, int | float):
        return math.inf
    passed = now - then
    return max(passed, 0.0) if passed >= -SKEW_SECONDS else math.inf
