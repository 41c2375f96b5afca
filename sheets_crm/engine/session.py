"""What one run carries with it: ports, settings, request, and what it has found out and done so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheets_crm.engine import state
from sheets_crm.engine.commands import Command
from sheets_crm.engine.feeds import Fed
from sheets_crm.engine.intake import Intake
from sheets_crm.engine.lead_cache import LeadCache
from sheets_crm.engine.ports import ChangeJournal, Gateway, LeadMirror
from sheets_crm.engine.retries import RetryBudget
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import PendingImport, Snapshot
from sheets_crm.engine.table_reads import Edited
from sheets_crm.engine.working_state import Budget
from sheets_crm.messages import localize
from sheets_crm.pipeline.imports.answers import NO_ANSWERS, HeaderAnswers
from sheets_crm.plan.plan import Plan
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.requests import Request, write
from sheets_crm.workbook.roles import SYSTEM


class UndecidedError(Exception):
    """A decision failed, or could not be compiled to requests, for an unforeseen reason: see ``__cause__``."""


@dataclass(frozen=True)
class RunPorts:
    """What a run is given of the world.

    Attributes:
        gateway: The workbook.
        clock: Seconds since 1970.
        sleep: Waits some seconds.
        new_ids: Random ids for new tabs.
        run: Name of the run, unique to it.
        journal: The change journal.
        progress: Called with what is being done, for a person who waits.
        stop: Whether the worker was asked to end; checked between requests.
        cache: The leads as this worker last left them.
        budget: How much one write takes on to begin with.
        retries: What the command may still spend on retries.
        mirror: The leads for SQL and reports; None for none.
        intake: What feeds brought; None for none.
    """

    gateway: Gateway
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    new_ids: Iterator[int]
    run: str
    journal: ChangeJournal
    progress: Callable[[str], None] = lambda _text: None
    stop: Callable[[], bool] = lambda: False
    cache: LeadCache | None = None
    budget: Budget = field(default_factory=Budget)
    retries: RetryBudget = field(default_factory=RetryBudget)
    mirror: LeadMirror | None = None
    intake: Intake | None = None


@dataclass
class RunResult:
    """What a run did.

    Attributes:
        plans: The plans applied, or with ``plan_only`` made, in order.
        problems: The problems that Control shows.
        idle: Whether there was nothing to do.
        unsettled: Titles of import tabs that were left because they were still being edited.
        snapshot: The workbook as the run left it; None when it was not read.
        set_aside: Imports that could not be merged: the failure by `PendingImport.ref`.
        answers: What the request's commands answered.
        repeated: When the files were merged that were merged already, as a serial number, by label; "" if unknown.
    """

    plans: list[Plan] = field(default_factory=list)
    problems: tuple[str, ...] = ()
    idle: bool = False
    unsettled: tuple[str, ...] = ()
    snapshot: Snapshot | None = None
    set_aside: dict[str, Exception] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    repeated: dict[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class RunRequest:
    """What a run is asked to do besides what the workbook asks for.

    Attributes:
        now: Run without debounce.
        plan_only: Write nothing.
        force: Read everything even when nothing asks for it, and accept a Master that shrank.
        whole: Read everything even when nothing asks for it.
        files: Imports read from files.
        commands: What verbs and jobs ask for.
        scheduled: One of a worker's runs: a refusal that stands is raised again without reading everything each time.
    """

    now: bool = False
    plan_only: bool = False
    force: bool = False
    whole: bool = False
    files: Sequence[PendingImport] = ()
    commands: Sequence[Command] = ()
    scheduled: bool = False

    @property
    def reads(self) -> bool:
        """Whether the workbook has to be read whatever its signals say."""
        return bool(self.force or self.whole or self.files or self.commands or self.plan_only)


@dataclass
class Session:
    """One run under way.

    Attributes:
        ports: What it is given of the world.
        settings: Its settings.
        request: What it is asked to do.
        cache: The leads as this worker last left them.
        remembered: Facts of the workbook that this worker keeps between two runs.
        result: What it has done so far.
        problems: What Control is going to show.
        everything: Whether a full read is needed, no cache standing in for it.
        latest: The workbook as this run's latest write left it.
        suspected: Whether a write was refused before in this run, so that an import may be at fault.
        waiting: The request's commands of which something is left to write.
        begun: Whether a decision has begun them.
        to_log: Lines about imports that were set aside, for the next write to put into Log.
        edited: Which edits of two-way tables may count, by the polls before it.
        answers: What operators said that headers of imports become.
        feeding: Whether this run imports what feeds brought.
        fed: The imports of feeds of this run's latest read.
    """

    ports: RunPorts
    settings: RunSettings
    request: RunRequest
    cache: LeadCache
    remembered: dict[str, Any]
    result: RunResult = field(default_factory=RunResult)
    problems: list[str] = field(default_factory=list)
    everything: bool = False
    latest: Snapshot | None = None
    suspected: bool = False
    waiting: tuple[Command, ...] = ()
    begun: bool = False
    to_log: list[str] = field(default_factory=list)
    edited: Edited = field(default_factory=Edited)
    answers: HeaderAnswers = NO_ANSWERS
    feeding: bool = False
    fed: list[Fed] = field(default_factory=list)

    @classmethod
    def of(cls, ports: RunPorts, settings: RunSettings, request: RunRequest) -> Session:
        """Begin a run."""
        cache = ports.cache or LeadCache(settings.state_dir, settings.workbook)
        remembered = state.load_facts(settings.state_dir, settings.workbook)
        everything = request.force or request.whole
        return cls(
            ports, settings, request, cache, remembered, everything=everything, waiting=tuple(request.commands)
        )

    def moment(self) -> dt.datetime:
        """The current time, in UTC."""
        return dt.datetime.fromtimestamp(self.ports.clock(), tz=dt.UTC)

    def report(self, code: str, **values: object) -> None:
        """Put a problem on Control, in its language.

        Args:
            code: A message code.
            values: What the message names.
        """
        self.problems.append(localize(code, self.settings.language, **values))

    def save_facts(self, **facts: object) -> None:
        """Remember facts of the workbook for the runs to come."""
        self.remembered |= facts
        state.save_facts(self.settings.state_dir, self.settings.workbook, facts)

    def sequence_request(self, snapshot: Snapshot) -> list[Request]:
        """The write of the guard's next number into System, which goes with every guarded write."""
        row = self.settings.system.row("sequence")
        return [write(snapshot.tabs[SYSTEM].sheet_id, row, 1, [[snapshot.sequence + 1]])]
