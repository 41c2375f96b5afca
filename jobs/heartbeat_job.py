"""The heartbeat: a small file with the worker's health, for a monitor (systemd, a container's health check)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

from jobs.context import JobContext
from sheets_crm.engine.state_files import write_whole

FILE = "worker.json"


def run(context: JobContext) -> None:
    """Write the worker's health as JSON; the file is replaced atomically.

    Raises:
        OSError: The file cannot be written; the last one is as it was.
    """
    state = {
        "at": context.clock(),
        "pid": os.getpid(),
        "tasks": {name: asdict(entry) for name, entry in context.health().items()},
    }
    write_whole(context.state_dir / FILE, json.dumps(state).encode())
