"""The heartbeat: a small file with the worker's health, for a monitor (systemd, a container's health check)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from jobs.task import Health, Task
from sheets_crm.engine.state_files import write_whole

EVERY_SECONDS = 60.0


def heartbeat_task(
    path: Path,
    health: Callable[[], Mapping[str, Health]],
    *,
    clock: Callable[[], float] = time.time,
) -> Task:
    """Make the task that writes the worker's health as JSON; the file is replaced atomically.

    A run raises the disk's `OSError` when the file cannot be written, and leaves the last one as it was.

    Args:
        path: Such as ``worker.json`` in the state folder.
        health: Health of every task by name.
        clock: Seconds since 1970.
    """

    def run() -> None:
        state = {
            "at": clock(),
            "pid": os.getpid(),
            "tasks": {name: asdict(entry) for name, entry in health().items()},
        }
        write_whole(path, json.dumps(state).encode())

    return Task("heartbeat", EVERY_SECONDS, run)
