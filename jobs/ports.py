"""What a worker is given of the world."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from jobs.leases import Leases
from jobs.records import Records
from jobs.stopper import Stopper


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
