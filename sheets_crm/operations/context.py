"""The context of every operation, and how it makes a run."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sheets_crm.engine import state
from sheets_crm.engine.intake import Intake
from sheets_crm.engine.lead_cache import LeadCache
from sheets_crm.engine.ports import ChangeJournal, Gateway, LeadMirror
from sheets_crm.engine.replay import replayed
from sheets_crm.engine.retries import RetryBudget
from sheets_crm.engine.run import run_once
from sheets_crm.engine.session import RunPorts, RunRequest, RunResult
from sheets_crm.engine.settings import RunSettings
from sheets_crm.operations.erasures import erase_restored_again, finish_all


@dataclass(frozen=True)
class Context:
    """The workbook and the ports of an operation.

    Attributes:
        settings: The run's settings.
        gateway: The workbook.
        clock: Seconds since 1970.
        sleep: Waits some seconds.
        progress: Receives a line on each piece of work.
        stop: Whether the process was asked to stop.
        open_other: Opens another spreadsheet by its id, to import from it.
        cache: The leads as this worker last left them.
        journal: The change journal.
        mirror: The leads for SQL and reports.
        intake: What feeds brought; None without a module that has any.
        retries: Retry budget that the command has left, for requests and for whole runs.
    """

    settings: RunSettings
    gateway: Gateway
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    progress: Callable[[str], None]
    stop: Callable[[], bool]
    open_other: Callable[[str], Gateway]
    cache: LeadCache
    journal: ChangeJournal
    mirror: LeadMirror
    retries: RetryBudget = field(default_factory=RetryBudget)
    intake: Intake | None = None

    def ports(self) -> RunPorts:
        """The ports of a run, with a new run id."""
        return RunPorts(
            self.gateway,
            self.clock,
            self.sleep,
            new_ids(),
            self.new_run(),
            self.journal,
            self.progress,
            self.stop,
            self.cache,
            retries=self.retries,
            mirror=self.mirror,
            intake=self.intake,
        )

    def run(self, request: RunRequest) -> RunResult:
        """Make one run, after finishing what was interrupted: the replay of a rolled-back workbook, then erasures.

        The replay comes first: a run before it would take the changes that the rollback lost for hand edits.
        """
        if not request.plan_only:
            self._replay(scheduled=request.scheduled)
            finish_all(self, scheduled=request.scheduled)
        return self.run_alone(request)

    def run_alone(self, request: RunRequest) -> RunResult:
        """Make one run, without finishing anything first."""
        return run_once(self.ports(), self.settings, request)

    def new_run(self) -> str:
        """A new unique id, for a run or another writer."""
        return secrets.token_hex(6)

    def replay_due(self) -> int | None:
        """The sequence after which this machine's journal has to be replayed; None when no replay is due."""
        after: int | None = state.load_facts(self.settings.state_dir, self.settings.workbook).get("replay_after")
        return after

    def _replay(self, *, scheduled: bool) -> None:
        after = self.replay_due()
        if after is None:
            return
        self.cache.forget()
        command = replayed(list(self.journal.entries()), after)
        # A refusal stands until a person acts: `scheduled` keeps a worker from reading everything again at each poll.
        request = RunRequest(now=True, force=True, whole=True, commands=(command,), scheduled=scheduled)
        run_once(self.ports(), self.settings, request)
        erase_restored_again(self)
        state.save_facts(self.settings.state_dir, self.settings.workbook, {"replay_after": None})


def new_ids() -> Iterator[int]:
    """Random ids for new tabs, without end."""
    source = random.SystemRandom()
    while True:
        yield source.randrange(1_000, 2_000_000_000)
