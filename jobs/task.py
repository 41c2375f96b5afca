"""One job of the worker on one workbook, and the health of its runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jobs.triggers import Trigger


def _utc() -> str:
    return "UTC"


@dataclass(frozen=True, slots=True)
class Task:
    """A job with all that it needs to run.

    Attributes:
        name: Its name in messages, unique within a worker.
        trigger: When it is due.
        run: Makes one run; raises when it fails.
        key: Names its job and workbook for leases and records, alike in every process; its name by default.
        zone: Name of the workbook's time zone, of which times of day are.
        at_start: Whether it is due at the start of the worker, however recently it ran.
        alone: Whether a lease keeps it from running twice at once.
        between: What is looked after each minute between its runs; None for nothing.
    """

    name: str
    trigger: Trigger
    run: Callable[[], None]
    zone: Callable[[], str] = _utc
    at_start: bool = False
    alone: bool = True
    key: str = ""
    between: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or self.name)


@dataclass(slots=True)
class Health:
    """Outcome of a task's latest runs.

    Attributes:
        failures: Consecutive failures since the last success.
        error: Message of the latest failure; "" after a success.
        succeeded_at: Time of the last success, in seconds since 1970; 0 before the first.
        for_people: Whether the latest failure waits for a person to check the workbook, rather than for a machine.
        running_since: When the run under way began, in seconds since 1970; 0 between runs. The other tasks go on while
            one hangs, so this is where a monitor sees it.
    """

    failures: int = 0
    error: str = ""
    succeeded_at: float = 0.0
    for_people: bool = False
    running_since: float = 0.0
