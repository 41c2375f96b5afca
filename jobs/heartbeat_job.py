"""A small file that says how the worker is, for whatever watches over it (systemd, a container's health check)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from jobs.task import Health, Task

EVERY_SECONDS = 60.0


def heartbeat_task(
    path: Path,
    health: Callable[[], Mapping[str, Health]],
    *,
    clock: Callable[[], float] = time.time,
) -> Task:
    """Make the task that writes the worker's state as JSON; the file is replaced whole.

    Args:
        path: Such as ``worker.json`` in the state folder.
        health: Gives the state of every task by name.
        clock: Seconds since 1970.
    """

    def run() -> None:
        state = {
            "at": clock(),
            "pid": os.getpid(),
            "tasks": {name: asdict(entry) for name, entry in health().items()},
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".tmp")
        fresh.write_text(json.dumps(state), encoding="utf-8")
        fresh.replace(path)

    return Task("heartbeat", EVERY_SECONDS, run)
