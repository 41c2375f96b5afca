"""The worker: runs tasks on a schedule, one at a time, and lives on when one of them fails.

``python -m jobs.worker`` is ``sheets-crm run``.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import schedule

from jobs.stopper import Stopped, Stopper
from jobs.task import Health, Task
from sheets_crm.errors import CrmError, RefusedPlan, machine_refused

_LOG = logging.getLogger(__name__)

LONGEST_PAUSE = 600.0
"""A task that fails again and again is tried at least this often, in seconds."""

_START = datetime(2000, 1, 1)  # noqa: DTZ001 - schedule compares naive times; these are no wall-clock times


class Worker:
    """Runs tasks until it is stopped.

    Args:
        tasks: What to run; all are due at once when it starts, in this order.
        stopper: Ends it.
        clock: Monotonic seconds: neither a clock that is put right nor summer time may delay a run.
        wall_clock: Seconds since 1970, for the health of tasks.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        *,
        stopper: Stopper,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._stopper = stopper
        self._clock = clock
        self._wall_clock = wall_clock
        self._health = {task.name: Health() for task in tasks}
        self._scheduler = schedule.Scheduler()
        self._tasks: dict[schedule.Job, Task] = {}
        for task in tasks:
            self.add(task)

    def add(self, task: Task) -> None:
        """Take one more task, due at once."""
        self._health.setdefault(task.name, Health())
        job = self._scheduler.every().second.do(self._attempt, task)
        job.next_run = self._now()
        self._tasks[job] = task

    def health(self) -> Mapping[str, Health]:
        """Tell by task name how its runs have gone."""
        return self._health

    def run(self) -> None:
        """Run what is due, wait, and so on; returns when the stopper says so."""
        try:
            while True:
                self.run_due()
                self._stopper.sleep(self.seconds_to_next())
        except Stopped:
            _LOG.info("stopped as requested; nothing is left half done")

    def run_due(self) -> None:
        """Run every task that is due, the longest due first, and schedule each again after its end."""
        for job in sorted(self._tasks, key=lambda job: job.next_run or _START):
            if (job.next_run or _START) <= self._now():
                self._stopper.check()
                job.run()  # type: ignore[no-untyped-call]
                job.next_run = self._now() + timedelta(seconds=self._pause(self._tasks[job]))

    def seconds_to_next(self) -> float:
        """Give the seconds until the next task is due; at least a tenth, so that nothing spins."""
        next_run = min((job.next_run or _START for job in self._tasks), default=self._now() + timedelta(minutes=1))
        return max(0.1, (next_run - self._now()).total_seconds())

    def _now(self) -> datetime:
        return _START + timedelta(seconds=self._clock())

    def _pause(self, task: Task) -> float:
        health = self._health[task.name]
        failures = health.failures
        if failures == 0 or health.for_people:
            return task.every_seconds  # what somebody confirms or mends is to be seen at once
        return max(task.every_seconds, min(task.every_seconds * 2.0 ** min(failures - 1, 16), LONGEST_PAUSE))

    def _attempt(self, task: Task) -> None:
        health = self._health[task.name]
        try:
            task.run()
        except CrmError as error:
            health.for_people = isinstance(error, RefusedPlan)
            self._failed(task, health, error.message, error.remedy)
        except OSError as error:
            _LOG.debug("traceback", exc_info=error)
            health.for_people = False
            told = machine_refused(error)
            self._failed(task, health, told.message, told.remedy)
        except Exception as error:  # noqa: BLE001 - the loop lives on; the cause is reported
            _LOG.debug("traceback", exc_info=error)
            health.for_people = False
            self._failed(task, health, f"unexpected error: {type(error).__name__}", "Run it with -vv to see more.")
        else:
            if health.failures:
                _LOG.info("%s: working again; failed runs before: %d", task.name, health.failures)
            health.failures, health.error, health.succeeded_at = 0, "", self._wall_clock()

    def _failed(self, task: Task, health: Health, message: str, remedy: str) -> None:
        level = logging.DEBUG if message == health.error else logging.ERROR  # each cause is told once
        health.failures += 1
        health.error = message
        again = f"Next attempt in {self._pause(task):.0f} s, then less and less often."
        _LOG.log(
            level, "%s failed: %s %s", task.name, message, remedy if health.for_people else f"{remedy} {again}"
        )


if __name__ == "__main__":
    from sheets_crm.cli import main

    main(["run", *sys.argv[1:]])
