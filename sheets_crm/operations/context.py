"""What every operation is given, and how it makes a run."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sheets_crm.sync.lead_cache import LeadCache
from sheets_crm.sync.ports import Gateway
from sheets_crm.sync.run import RunResult, Tools, Wish, run_once
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
    """

    settings: RunSettings
    gateway: Gateway
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    progress: Callable[[str], None]
    stop: Callable[[], bool]
    open_other: Callable[[str], Gateway]
    cache: LeadCache

    def tools(self) -> Tools:
        """Return what a run needs, with a new name for it."""
        run = secrets.token_hex(6)
        return Tools(self.gateway, self.clock, self.sleep, new_ids(), run, self.progress, self.stop, self.cache)

    def run(self, wish: Wish) -> RunResult:
        """Make one run."""
        return run_once(self.tools(), self.settings, wish)


def new_ids() -> Iterator[int]:
    """Yield random ids for new tabs."""
    source = random.SystemRandom()
    while True:
        yield source.randrange(1_000, 2_000_000_000)
