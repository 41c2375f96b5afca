"""A job as the worker knows it, and how its runs have gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One job.

    Attributes:
        name: What it is called in messages.
        every_seconds: From the end of one run to the start of the next.
        run: Makes one run; raises when it fails.
    """

    name: str
    every_seconds: float
    run: Callable[[], None]


@dataclass(slots=True)
class Health:
    """How a task's runs have gone.

    Attributes:
        failures: Runs that failed since the last one that succeeded.
        error: What the latest failure said; "" after a success.
        succeeded_at: When a run last succeeded, in seconds since 1970; 0 when none has.
        for_people: Whether the latest failure waits for somebody to look at the workbook, and not for a machine.
    """

    failures: int = 0
    error: str = ""
    succeeded_at: float = 0.0
    for_people: bool = False
