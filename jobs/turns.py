"""The turns of one task: when it is due, run by run, and how its failures are survived."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import cast
from zoneinfo import ZoneInfo

import schedule

from jobs.failures import words_of
from jobs.leases import RENEW_SECONDS, RunLease
from jobs.ports import WorkerPorts
from jobs.records import Record
from jobs.stopper import Stopped
from jobs.task import Health, Task
from jobs.triggers import Every, next_due
from sheets_crm.engine.clocks import SKEW_SECONDS
from sheets_crm.errors import CrmError, RefusedPlan, machine_refused
from sheets_crm.messages import said
from sheets_crm.workbook.cells import zone_of

_LOG = logging.getLogger(__name__)

LONGEST_PAUSE = 600.0
"""Seconds: the backoff of a task that keeps failing ends here."""

FIRST_PAUSE = 60.0
"""Seconds: the backoff of a task with a time of day begins here, that of any other with its interval."""

CHECK_SECONDS = RENEW_SECONDS
"""The longest wait until the clocks are compared, a time of day with them, and leases are renewed."""

SHORTEST_PAUSE = 0.1
"""Seconds between two looks at what is due, so that no loop spins."""

LEAP = 1.0
"""Seconds: the wall clock has leapt when it drifts from the monotonic one by more than this between two checks."""

_START = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - local time without a zone, as schedule's


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
        first_ended: Set when its first turn has ended, however that went.
    """

    def __init__(self, task: Task, ports: WorkerPorts) -> None:
        self.task = task
        self._between_at = ports.clock() + CHECK_SECONDS
        self.health = Health()
        self.first_ended = Event()
        self._ports = ports
        self._lease = RunLease(ports.leases if task.alone else None, task.key)
        self._told: set[str] = set()
        self._scheduler = schedule.Scheduler()
        self._apart = 0.0
        self._since = 0.0
        self._all_due = False
        self._is_begun = False

    def run(self) -> None:
        """Run the task when it is due and wait, until the stopper is set."""
        try:
            while True:
                self.run_due()
                self._ports.stopper.sleep(self.seconds_to_next())
        except Stopped:
            return

    def begin(self) -> None:
        """Schedule the first turn, once; not before, as the record that says when may be in the store."""
        if self._is_begun:
            return
        self._is_begun = True
        self._apart = self._clocks_apart()
        self._since = self._begun()
        by_interval = isinstance(self.task.trigger, Every)
        self._all_due = self.task.at_start or (by_interval and self._seconds_to_due() <= 0)
        self._schedule_turn(first=True)

    def run_due(self) -> None:
        """Run the task if it is due, or if it may be because the wall clock has leapt."""
        self.begin()
        if self._leapt():
            self._all_due = False
            self._scheduler.run_all()
        else:
            self._scheduler.run_pending()
        if self.task.between is not None and self._ports.clock() >= self._between_at:
            self._look_after(self.task.between)

    def seconds_to_next(self) -> float:
        """Seconds until the next turn or comparison of clocks."""
        idle = self._scheduler.idle_seconds
        waits = [CHECK_SECONDS, CHECK_SECONDS if idle is None else idle]
        if self.task.between is not None:
            waits.append(self._between_at - self._ports.clock())
        return SHORTEST_PAUSE if self._leapt() else max(SHORTEST_PAUSE, min(waits))

    def renew(self) -> None:
        """Hold the lease of a run under way for longer."""
        self._lease.renew()

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
        self._record_as(Record(since=now))  # a turn that is missed before the first one is to be known as missed
        return now

    def _record(self) -> Record | None:
        """What is recorded of the task; None when nothing is, by a clock that was ahead, or it cannot be read now."""
        record = None
        with suppress(OSError, CrmError):
            record = self._ports.records.load(self.task.key) if self._ports.records else None
        return None if record is None or self._is_ahead(record.since) else record

    def _is_ahead(self, moment: float) -> bool:
        """Whether only a clock that was ahead, or a trial of another time, can have told a moment."""
        return moment > self._ports.wall_clock() + SKEW_SECONDS

    def _seconds_to_due(self) -> float:
        """Seconds until the moment that the trigger says; 0 or less when it has passed."""
        now = self._ports.wall_clock()
        if self._is_ahead(self._since):
            self._since = now
        zone = self._zone()
        if zone is None:
            return CHECK_SECONDS
        due = next_due(self.task.trigger, dt.datetime.fromtimestamp(self._since, dt.UTC), zone)
        return LONGEST_PAUSE if due is None else due.timestamp() - now

    def _zone(self) -> ZoneInfo | None:
        """The time zone of the task's times of day; None when it cannot be read now, as no other one will do."""
        if isinstance(self.task.trigger, Every):
            return zone_of("UTC")
        try:
            zone = zone_of(self.task.zone())
        except OSError as error:
            self._tell("job.zone_unread", logging.ERROR, reason=machine_refused(error).message)
            return None
        self._told.discard("job.zone_unread")
        return zone

    def _schedule_turn(self, *, first: bool = False) -> None:
        pause = self._first_pause() if first else self._pause()
        # schedule hands it to timedelta, which takes fractions, and never ends with one of 0.
        pause = cast("int", max(pause, SHORTEST_PAUSE))
        self._scheduler.every(pause).seconds.do(self._turn)

    def _first_pause(self) -> float:
        seconds = self._seconds_to_due()
        return seconds if isinstance(self.task.trigger, Every) else min(seconds, CHECK_SECONDS)

    def _turn(self) -> type[schedule.CancelJob]:
        """Run the task if it is due, schedule its next turn and cancel this one."""
        self._ports.stopper.check()
        if self._is_due():
            self._attempt()
        self._schedule_turn()
        return schedule.CancelJob

    def _is_due(self) -> bool:
        """Whether a turn of an interval has come, or a time of day passed since the last success in any process."""
        if isinstance(self.task.trigger, Every):
            return True
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
        """Run the task unless another process runs it, or has just done so."""
        try:
            with self._lease.taken() as free:
                if free and self._is_due():
                    self._run()
            if free:
                self._told.discard("job.runs_elsewhere")
            else:
                self._tell("job.runs_elsewhere", logging.INFO)
        except Exception as error:  # noqa: BLE001 - the loop lives on; the cause is reported
            self._failed(error)
            self._save()
        finally:
            self.first_ended.set()

    def _look_after(self, between: Callable[[], None]) -> None:
        """Look after what the task has between its runs; a failure is reported, and the task's runs go on."""
        try:
            between()
        except Exception as error:  # noqa: BLE001 - as above
            self._tell("job.between_failed", logging.ERROR, reason=words_of(error)[0])
        else:
            self._told.discard("job.between_failed")
        self._between_at = self._ports.clock() + CHECK_SECONDS

    def _run(self) -> None:
        """Run the task and record it, while its lease keeps others from looking at the record."""
        health = self.health
        health.running_since = self._ports.wall_clock()
        try:
            self.task.run()
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)
        else:
            if health.failures:
                _LOG.info(said("job.working", name=self.task.name, count=health.failures))
            health.failures, health.error, health.succeeded_at = 0, "", self._ports.wall_clock()
            self._since = health.succeeded_at
        finally:
            health.running_since = 0.0
        self._save()

    def _failed(self, error: Exception) -> None:
        health = self.health
        health.for_people = isinstance(error, RefusedPlan)
        message, remedy = words_of(error)
        level = logging.DEBUG if message == health.error else logging.ERROR  # each cause is reported once
        health.failures += 1
        health.error = message
        code = "job.failed" if health.for_people else "job.failed_again"
        _LOG.log(level, said(code, name=self.task.name, message=message, remedy=remedy, seconds=self._pause()))

    def _save(self) -> None:
        """Record the last run."""
        self._record_as(Record(self._ports.wall_clock(), self.health.error, self._since))

    def _record_as(self, record: Record) -> None:
        """Record a run; where that cannot be written the task goes on, and it is reported once."""
        if self._ports.records is None:
            return
        try:
            self._ports.records.save(self.task.key, record, repeats=isinstance(self.task.trigger, Every))
        except (OSError, CrmError) as error:
            self._tell("job.unrecorded", logging.ERROR, reason=words_of(error)[0])
        else:
            self._told.discard("job.unrecorded")

    def _tell(self, code: str, level: int, **params: str) -> None:
        """Log a state that may last: at its level when it begins, then for debugging."""
        _LOG.log(logging.DEBUG if code in self._told else level, said(code, name=self.task.name, **params))
        self._told.add(code)
