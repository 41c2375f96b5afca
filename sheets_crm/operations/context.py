"""What every operation is given, and how it makes a run."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sheets_crm.operations.erasures import finish_all, restored
from sheets_crm.sync import archive, state
from sheets_crm.sync.lead_cache import LeadCache
from sheets_crm.sync.ports import Gateway
from sheets_crm.sync.replay import replay
from sheets_crm.sync.retries import RetryBudget
from sheets_crm.sync.run import run_once
from sheets_crm.sync.session import RunPorts, RunRequest, RunResult
from sheets_crm.sync.settings import RunSettings


@dataclass(frozen=True)
class Context:
    """What an operation needs of the world.

    Attributes:
        settings: The run's settings.
        gateway: The workbook.
        clock: Seconds since 1970.
        sleep: Waits some seconds.
        progress: Told what is being done.
        stop: Whether the process was asked to end.
        open_other: Opens another spreadsheet by its id, to import from it.
        cache: The leads as this worker last left them.
        retries: What the command may still spend on trying again, in requests and in whole cycles.
    """

    settings: RunSettings
    gateway: Gateway
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    progress: Callable[[str], None]
    stop: Callable[[], bool]
    open_other: Callable[[str], Gateway]
    cache: LeadCache
    retries: RetryBudget = field(default_factory=RetryBudget)

    def ports(self) -> RunPorts:
        """Return what a run needs, with a new name for it."""
        return RunPorts(
            self.gateway,
            self.clock,
            self.sleep,
            new_ids(),
            self.new_run(),
            self.progress,
            self.stop,
            self.cache,
            retries=self.retries,
        )

    def run(self, request: RunRequest) -> RunResult:
        """Make one run; what was begun before and cut off comes first: what a set-back lost, and an erasure.

        In this order: a run before the replay would take what the set-back lost for changes by hand.
        """
        if not request.plan_only:
            self._replay(scheduled=request.scheduled)
            finish_all(self, scheduled=request.scheduled)
        return self.run_alone(request)

    def run_alone(self, request: RunRequest) -> RunResult:
        """Make one run and nothing else."""
        return run_once(self.ports(), self.settings, request)

    def new_run(self) -> str:
        """Return a name for a run, or for whatever else writes, unique to it."""
        return secrets.token_hex(6)

    def replay_due(self) -> int | None:
        """Return the write after which this machine's journal is to be applied again; None when it is not."""
        found: int | None = state.load_facts(self.settings.state_dir, self.settings.workbook).get("replay_after")
        return found

    def _replay(self, *, scheduled: bool) -> None:
        after = self.replay_due()
        if after is None:
            return
        self.cache.forget()
        command = replay(list(archive.noted_changes(self.settings.state_dir, self.settings.workbook)), after)
        # What refuses the replay stands until somebody does something: a worker does not read it all at each poll.
        request = RunRequest(now=True, force=True, whole=True, command=command, scheduled=scheduled)
        run_once(self.ports(), self.settings, request)
        restored(self)
        state.save_facts(self.settings.state_dir, self.settings.workbook, {"replay_after": None})


def new_ids() -> Iterator[int]:
    """Yield random ids for new tabs."""
    source = random.SystemRandom()
    while True:
        yield source.randrange(1_000, 2_000_000_000)
