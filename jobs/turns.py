"""The turns of one task: when it is due, run by run, and how its failures are survived."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import cast

import schedule

from jobs.leases import LEASE_SECONDS, Leases
from jobs.records import Record, Records
from jobs.stopper import Stopped, Stopper
from jobs.task import Health, Task
from jobs.triggers import Every, next_due
from sheets_crm.engine.clocks import SKEW_SECONDS
from sheets_crm.engine.refusal_messages import spoken
from sheets_crm.errors import CrmError, RefusedPlan, machine_refused
from sheets_crm.messages import said
from sheets_crm.workbook.cells import zone_of

_LOG = logging.getLogger(__name__)

LONGEST_PAUSE = 600.0
"""Seconds: the backoff of a task that keeps failing ends here."""

FIRST_PAUSE = 60.0
"""Seconds: the backoff of a task with a time of day begins here, that of any other with its interval."""

CHECK_SECONDS = 60.0
"""Seconds: the longest wait until the clocks are compared, and a time of day with them."""

SHORTEST_PAUSE = 0.1
"""Seconds between two looks at what is due, so that no loop spins."""

LEAP = 1.0
"""Seconds: the wall clock has leapt when it drifts from the monotonic one by more than this between two checks."""

_START = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - local time without a zone, as schedule's


@dataclass(frozen=True, slots=True)
class WorkerPorts:
    """What a worker is given of the world, for all of its tasks.

    Attributes:
        stopper: Stops them.
        leases: Keep a task from running twice at once; None for one that nobody else can run.
        records: Remember runs beyond the end of the process; None for no memory.
        clock: Monotonic seconds.
        wall_clock: Seconds since 1970.
    """

    stopper: Stopper
    leases: Leases | None = None
    records: Records | None = None
    clock: Callable[[], float] = time.monotonic
    wall_clock: Callable[[], float] = time.time


class Turns:
    """Runs one task whenever it is due, until it is stopped.

    `schedule` waits for the next turn: each is one of its jobs, which runs once and schedules the next, counted from
    its own end. When that is, the trigger says. `schedule` knows only the wall clock in local time, which may be
    corrected, leave summer time or jump after the machine slept. So that clock is compared with a monotonic one, and
    when the two have drifted apart a turn comes at once: that of an interval runs, early perhaps but never late; that
    of a time of day asks the trigger anew whether its moment has passed.

    Args:
        task: The task.
        ports: What the worker is given of the world.

    Attributes:
        task: The task.
        health: Outcome of its latest runs.
    """

    def __init__(self, task: Task, ports: WorkerPorts) -> None:
        self.task = task
        self.health = Health()
        self._ports = ports
        self._owner = secrets.token_hex(8)
        self._leased: Leases | None = None
        self._renewing = Lock()
        self._unrecorded = False
        self._scheduler = schedule.Scheduler()
        self._apart = self._clocks_apart()
        self._since = self._begun()
        self._all_due = task.at_start or (isinstance(task.trigger, Every) and self._seconds_to_due() <= 0)
        self._schedule_turn(first=True)

    def run(self) -> None:
        """Run the task when it is due and wait, until the stopper is set."""
        try:
            while True:
                self.run_due()
                self._ports.stopper.sleep(self.seconds_to_next())
        except Stopped:
            return

    def run_due(self) -> None:
        """Run the task if it is due, or if it may be because the wall clock has leapt."""
        if self._leapt():
            self._all_due = False
            self._scheduler.run_all()
        else:
            self._scheduler.run_pending()

    def seconds_to_next(self) -> float:
        """Seconds until the next turn or comparison of clocks."""
        idle = self._scheduler.idle_seconds
        return (
            SHORTEST_PAUSE
            if self._leapt()
            else max(SHORTEST_PAUSE, min(CHECK_SECONDS, CHECK_SECONDS if idle is None else idle))
        )

    def renew(self) -> None:
        """Hold the lease of a run under way for longer."""
        try:
            with self._renewing:
                if self._leased:
                    self._leased.hold(self.task.name, self._owner, LEASE_SECONDS)
        except Exception as error:  # noqa: BLE001 - the lease outlasts several attempts at this
            _LOG.debug("traceback", exc_info=error)

    # -- when

    def _leapt(self) -> bool:
        """Whether the wall clock has leapt since the task last had a turn; it stays true until it has had one."""
        last, self._apart = self._apart, self._clocks_apart()
        self._all_due = self._all_due or abs(self._apart - last) > LEAP
        return self._all_due

    def _clocks_apart(self) -> float:
        local = dt.datetime.fromtimestamp(self._ports.wall_clock())  # noqa: DTZ006 - local time, as schedule's
        return (local - _START).total_seconds() - self._ports.clock()

    def _begun(self) -> float:
        """The moment from which the first turn counts: as recorded, or now, and then that is recorded."""
        record = self._record()
        if record is not None:
            return record.since
        if isinstance(self.task.trigger, Every):
            return 0.0
        now = self._ports.wall_clock()
        self._save(Record(since=now))  # a turn that is missed before the first one is to be known as missed
        return now

    def _record(self) -> Record | None:
        """What is recorded of the task; None when nothing is, or it cannot be read now."""
        with suppress(OSError):
            return self._ports.records.load(self.task.name) if self._ports.records else None
        return None

    def _seconds_to_due(self) -> float:
        """Seconds until the moment that the trigger says; 0 or less when it has passed."""
        now = self._ports.wall_clock()
        if self._since > now + SKEW_SECONDS:  # recorded by a clock that was ahead
            self._since = now
        last = dt.datetime.fromtimestamp(self._since, dt.UTC)
        due = next_due(self.task.trigger, last, zone_of(self.task.zone()))
        return LONGEST_PAUSE if due is None else due.timestamp() - now

    def _schedule_turn(self, *, first: bool = False) -> None:
        pause = self._seconds_to_due() if first else self._pause()
        # schedule hands it to timedelta, which takes fractions, and never ends with one of 0.
        pause = cast("int", max(pause, SHORTEST_PAUSE))
        self._scheduler.every(pause).seconds.do(self._turn)

    def _turn(self) -> type[schedule.CancelJob]:
        """Run the task if it is due, schedule its next turn and cancel this one."""
        self._ports.stopper.check()
        if isinstance(self.task.trigger, Every) or self._moment_passed():
            self._attempt()
        self._schedule_turn()
        return schedule.CancelJob

    def _moment_passed(self) -> bool:
        """Whether a time of day has passed since the last success, here or in another process."""
        record = self._record()
        if record is not None:
            self._since = max(self._since, record.since)
        return self._seconds_to_due() <= 0

    def _pause(self) -> float:
        trigger, health = self.task.trigger, self.health
        if health.failures == 0 or health.for_people:
            # No backoff when it is for people: a confirmation or a repair takes effect at the next turn.
            return trigger.seconds if isinstance(trigger, Every) else self._pause_of_day()
        first = trigger.seconds if isinstance(trigger, Every) else FIRST_PAUSE
        return max(first, min(first * 2.0 ** min(health.failures - 1, 16), LONGEST_PAUSE))

    def _pause_of_day(self) -> float:
        """Seconds until a time of day, in pieces: the machine may sleep, and the zone may change."""
        seconds = self._seconds_to_due()
        return min(seconds, CHECK_SECONDS) if seconds > 0 else CHECK_SECONDS

    # -- runs

    def _attempt(self) -> None:
        health = self.health
        try:
            if not self._run_alone():
                return
        except CrmError as error:
            health.for_people = isinstance(error, RefusedPlan)
            self._failed(*spoken(error))
        except OSError as error:
            _LOG.debug("traceback", exc_info=error)
            health.for_people = False
            refusal = machine_refused(error)
            self._failed(refusal.message, refusal.remedy)
        except Exception as error:  # noqa: BLE001 - the loop lives on; the cause is reported
            _LOG.debug("traceback", exc_info=error)
            health.for_people = False
            unexpected = said("job.unexpected", kind=type(error).__name__)
            self._failed(unexpected, said("job.unexpected.remedy"))
        else:
            if health.failures:
                _LOG.info(said("job.working", name=self.task.name, count=health.failures))
            health.failures, health.error, health.succeeded_at = 0, "", self._ports.wall_clock()
            self._since = health.succeeded_at
        self._save(Record(self._ports.wall_clock(), health.error, self._since))

    def _run_alone(self) -> bool:
        """Run the task under its lease; False when another one runs it now."""
        name, leases = self.task.name, self._ports.leases if self.task.alone else None
        if leases and not leases.hold(name, self._owner, LEASE_SECONDS):
            _LOG.debug(said("job.runs_elsewhere", name=name))
            return False
        self._leased = leases
        self.health.running_since = self._ports.wall_clock()
        try:
            self.task.run()
        finally:
            self.health.running_since = 0.0
            self._end_lease()
        return True

    def _end_lease(self) -> None:
        """Give the lease back; the lock keeps the main thread from renewing it a moment later."""
        with self._renewing:
            leases, self._leased = self._leased, None
            if leases:
                leases.release(self.task.name, self._owner)

    def _failed(self, message: str, remedy: str) -> None:
        health = self.health
        level = logging.DEBUG if message == health.error else logging.ERROR  # each cause is reported once
        health.failures += 1
        health.error = message
        code = "job.failed" if health.for_people else "job.failed_again"
        _LOG.log(level, said(code, name=self.task.name, message=message, remedy=remedy, seconds=self._pause()))

    def _save(self, record: Record) -> None:
        """Record a run; where that cannot be written the task goes on, and it is reported once."""
        if self._ports.records is None:
            return
        try:
            self._ports.records.save(self.task.name, record)
        except OSError as error:
            level = logging.DEBUG if self._unrecorded else logging.ERROR
            _LOG.log(level, said("job.unrecorded", name=self.task.name, reason=machine_refused(error).message))
            self._unrecorded = True
        else:
            self._unrecorded = False
