"""One job of the worker, and the health of its runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One job.

    Attributes:
        name: Its name in messages.
        every_seconds: Seconds from the end of one run to the start of the next.
        run: Makes one run; raises when it fails.
    """

    name: str
    every_seconds: float
    run: Callable[[], None]


@dataclass(slots=True)
class Health:
    """Outcome of a task's latest runs.

    Attributes:
        failures: Consecutive failures since the last success.
        error: Message of the latest failure; "" after a success.
        succeeded_at: Time of the last success, in seconds since 1970; 0 before the first.
        for_people: Whether the latest failure waits for a person to check the workbook, rather than for a machine.
    """

    failures: int = 0
    error: str = ""
    succeeded_at: float = 0.0
    for_people: bool = False
