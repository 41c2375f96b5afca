"""The job that works the batches of steps with a runner: those of Instantly go to the service by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, cast

from jobs.context import JobContext
from sheets_crm.engine.commands import Command

RUN_SECONDS: Final = 120.0
"""How long a worker's run is waited for; what it does later is settled by the next pass."""


class Runs(Protocol):
    """The part of an application that works batches."""

    def push(self, obey: Callable[[Command], bool]) -> None:
        """Push what waits."""


def run(context: JobContext) -> None:
    """Make one pass; what it reads and writes of the workbook are commands of the runs to come."""
    application = cast("Runs", context.application)
    application.push(lambda command: context.obeyed(command, RUN_SECONDS))
