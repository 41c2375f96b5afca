"""The worker: runs tasks on a schedule, one at a time, and survives their failures."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import cast

import schedule

from jobs.stopper import Stopped, Stopper
from jobs.task import Health, Task
from sheets_crm.engine.refusal_messages import spoken
from sheets_crm.errors import CrmError, RefusedPlan, machine_refused
from sheets_crm.messages import said

_LOG = logging.getLogger(__name__)

LONGEST_PAUSE = 600.0
"""Seconds: the backoff of a task that keeps failing ends here."""

LEAP = 1.0
"""Seconds: the wall clock has leapt when it drifts from the monotonic one by more than this between two checks."""

_START = datetime(2000, 1, 1)  # noqa: DTZ001 - local time without a zone, as schedule's


class Worker:
    """Runs tasks until it is stopped.

    `schedule` decides what is due: each turn of a task is one of its jobs, which runs once and schedules the next
    turn, counted from its own end. `schedule` knows only the wall clock in local time, which may be corrected, leave
    summer time or jump after the machine slept. So the worker compares it with a monotonic clock, and when the two
    have drifted apart everything is due at once: a turn may come early by that, never late.

    Args:
        tasks: Tasks to run; all are due at the start, in this order.
        stopper: Stops it.
        clock: Monotonic seconds.
        wall_clock: Seconds since 1970.
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
        self._health: dict[str, Health] = {}
        self._scheduler = schedule.Scheduler()
        self._apart = self._clocks_apart()
        self._all_due = True
        for task in tasks:
            self.add(task)

    def add(self, task: Task) -> None:
        """Add a task; everything is due at once."""
        self._health[task.name] = Health()
        self._schedule_turn(task)
        self._all_due = True

    def health(self) -> Mapping[str, Health]:
        """Health of each task by name."""
        return self._health

    def run(self) -> None:
        """Run what is due and wait, until the stopper is set."""
        try:
            while True:
                self.run_due()
                self._stopper.sleep(self.seconds_to_next())
        except Stopped:
            _LOG.info(said("job.stopped"))

    def run_due(self) -> None:
        """Run every task that is due, the longest due first; everything when the wall clock has leapt."""
        if self._leapt():
            self._all_due = False
            self._scheduler.run_all()
        else:
            self._scheduler.run_pending()

    def seconds_to_next(self) -> float:
        """Seconds until the next task is due; at least 0.1, so that the loop never spins."""
        idle = self._scheduler.idle_seconds
        return 0.1 if self._leapt() else max(0.1, LONGEST_PAUSE if idle is None else idle)

    def _leapt(self) -> bool:
        """Whether the wall clock has leapt since tasks were last run; it stays true until everything has run."""
        last, self._apart = self._apart, self._clocks_apart()
        self._all_due = self._all_due or abs(self._apart - last) > LEAP
        return self._all_due

    def _clocks_apart(self) -> float:
        local = datetime.fromtimestamp(self._wall_clock())  # noqa: DTZ006 - local time without a zone, as schedule's
        return (local - _START).total_seconds() - self._clock()

    def _schedule_turn(self, task: Task) -> None:
        pause = cast("int", self._pause(task))  # schedule hands it to timedelta, which takes fractions
        self._scheduler.every(pause).seconds.do(self._turn, task)

    def _turn(self, task: Task) -> type[schedule.CancelJob]:
        """Run a task once, schedule its next turn and cancel this one."""
        self._stopper.check()
        self._attempt(task)
        self._schedule_turn(task)
        return schedule.CancelJob

    def _pause(self, task: Task) -> float:
        health = self._health[task.name]
        failures = health.failures
        if failures == 0 or health.for_people:
            return task.every_seconds  # no backoff: a confirmation or a repair takes effect at the next turn
        return max(task.every_seconds, min(task.every_seconds * 2.0 ** min(failures - 1, 16), LONGEST_PAUSE))

    def _attempt(self, task: Task) -> None:
        health = self._health[task.name]
        try:
            task.run()
        except CrmError as error:
            health.for_people = isinstance(error, RefusedPlan)
            self._failed(task, health, *spoken(error))
        except OSError as error:
            _LOG.debug("traceback", exc_info=error)
            health.for_people = False
            refusal = machine_refused(error)
            self._failed(task, health, refusal.message, refusal.remedy)
        except Exception as error:  # noqa: BLE001 - the loop lives on; the cause is reported
            _LOG.debug("traceback", exc_info=error)
            health.for_people = False
            unexpected = said("job.unexpected", kind=type(error).__name__)
            self._failed(task, health, unexpected, said("job.unexpected.remedy"))
        else:
            if health.failures:
                _LOG.info(said("job.working", name=task.name, count=health.failures))
            health.failures, health.error, health.succeeded_at = 0, "", self._wall_clock()

    def _failed(self, task: Task, health: Health, message: str, remedy: str) -> None:
        level = logging.DEBUG if message == health.error else logging.ERROR  # each cause is reported once
        health.failures += 1
        health.error = message
        code = "job.failed" if health.for_people else "job.failed_again"
        _LOG.log(level, said(code, name=task.name, message=message, remedy=remedy, seconds=self._pause(task)))
