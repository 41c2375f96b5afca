"""What a job is given of the world."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Protocol

from jobs.task import Health
from sheets_crm.engine.commands import Command
from sheets_crm.engine.fetching import Fetcher
from sheets_crm.engine.report import Report
from sheets_crm.messages import said

if TYPE_CHECKING:
    from sheets_crm.operations.alerting import Alerting

WAIT_SECONDS = 0.5
"""How often who waits for a run looks whether the process was asked to end."""

_LOG = logging.getLogger(__name__)


class Syncs(Protocol):
    """The part of an application that makes runs."""

    def sync(
        self, *, plan: bool, now: bool, force: bool, scheduled: bool = False, commands: Sequence[Command] = ()
    ) -> Report:
        """Make one run, which also does what the commands ask for."""
        ...


@dataclass(slots=True)
class Followed:
    """A command that whoever handed it in waits for.

    Attributes:
        ended: Set when a run went through with it, or dropped it.
        went_through: Whether a run went through with it, as far as it is known.
    """

    ended: Event = field(default_factory=Event)
    went_through: bool = False


class HandedCommands:
    """Commands of jobs that wait for the next run of their workbook; jobs hand them in from their own threads."""

    def __init__(self) -> None:
        self._waiting: list[Command] = []
        self._followed: dict[int, Followed] = {}
        self._lock = Lock()

    def hand(self, *commands: Command) -> None:
        """Let the next run do what the commands ask for.

        One may be done twice, when the answer to the run's write is lost: what it asks for must be the same then.
        """
        with self._lock:
            self._waiting += commands

    def follow(self, command: Command) -> Followed:
        """Hand in a command, and be told of its end."""
        followed = Followed()
        with self._lock:
            self._followed[id(command)] = followed
            self._waiting.append(command)
        return followed

    def withdraw(self, command: Command) -> None:
        """Take a command back that waits; one that a run has in hand may still be done."""
        with self._lock:
            self._followed.pop(id(command), None)
            self._waiting = [one for one in self._waiting if one is not command]

    def finish(self, commands: Sequence[Command], *, went_through: bool) -> None:
        """Tell who follows some commands that a run went through with them, or that they were dropped."""
        with self._lock:
            followed = [self._followed.pop(id(command), None) for command in commands]
        for one in filter(None, followed):
            one.went_through = went_through
            one.ended.set()

    def take(self) -> tuple[Command, ...]:
        """Take all that wait, for a run."""
        with self._lock:
            taken, self._waiting = tuple(self._waiting), []
        return taken

    def give_back(self, commands: Sequence[Command]) -> None:
        """Put commands back before all others, since their run did not come to them."""
        with self._lock:
            self._waiting[:0] = commands


@dataclass(slots=True)
class JobContext:
    """What a job is given of the world; one for each job of each workbook.

    Only a run writes the workbook. So a job does its own work, however long it takes, beside the runs, and hands them
    commands for what is to become of it; only the sync job makes runs.

    Attributes:
        application: Makes the runs of the workbook.
        state_dir: The state folder.
        name: The job's name in messages.
        spreadsheet_id: The workbook.
        clock: Seconds since 1970.
        commands: Commands for the next run of the workbook.
        health: Health of every task of the worker, by name.
        fetchers: Makes what fetches for the workbook; what they need is imported then.
        check: Stops the job here if the process was asked to end; for long work to call between its pieces.
        alerting: Gives the workbook's alerts, put together when they are first asked for; None where nobody is told.
        delete_old_bodies: Deletes the bodies of deliveries that are too old at a moment, and returns how many.
        runs: Makes a run now, with the commands that were handed in, where no worker makes them; None beside a worker.
    """

    application: Syncs
    state_dir: Path
    name: str = "sync"
    spreadsheet_id: str = ""
    clock: Callable[[], float] = time.time
    commands: HandedCommands = field(default_factory=HandedCommands)
    health: Callable[[], Mapping[str, Health]] = dict
    fetchers: Callable[[], Sequence[Fetcher]] = tuple
    check: Callable[[], None] = lambda: None
    alerting: Callable[[], Alerting] | None = None
    delete_old_bodies: Callable[[dt.datetime], int] | None = None
    runs: Callable[[], object] | None = None
    _last_title: str = ""

    def obeyed(self, command: Command, seconds: float) -> bool:
        """Have a run do a command, and wait for it; False: none is known to have gone through with it, one still may.

        Args:
            command: What it asks for must be the same when it comes twice.
            seconds: How long a worker's run is waited for.
        """
        followed = self.commands.follow(command)
        if self.runs is not None:
            self.runs()
        waited = 0.0
        while not followed.ended.wait(WAIT_SECONDS) and waited < seconds and self.runs is None:
            waited += WAIT_SECONDS
            self.check()
        if not followed.ended.is_set():
            self.commands.withdraw(command)  # or those of every pass would wait while runs are refused
        return followed.went_through

    def log(self, report: Report) -> None:
        """Log a report; one that repeats the last title only for debugging, as an idle job repeats it for ever."""
        level = logging.DEBUG if report.title == self._last_title else logging.INFO
        self._last_title = report.title
        for text in (report.title, *report.notes):
            _LOG.log(level, said("job.says", name=self.name, text=text))
