"""Records of runs, in the state folder: when each job last ran, how that ended, and from when its next turn counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import orjson

from sheets_crm.engine import state_files

APART: Final = 60.0
"""Seconds: a task that goes on as before is recorded no more often than this."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded of a task.

    Attributes:
        ran_at: When its last run ended, in seconds since 1970; 0 before the first.
        error: Message of its last run's failure; "" for a success.
        since: The moment from which its next turn counts: the end of the last success, or when it was first waited for.
    """

    ran_at: float = 0.0
    error: str = ""
    since: float = 0.0


class Records:
    """The records of a state folder's tasks.

    Args:
        folder: Holds a file for each task; made when it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, name: str) -> Record | None:
        """The record of a task; None when there is none that can be trusted."""
        return state_files.read(self._path(name), _parsed)

    def save(self, name: str, record: Record) -> None:
        """Save the record of a task, unless one that says as much is under a minute old.

        Raises:
            OSError: The state folder cannot be written.
        """
        last = self.load(name)
        if last is None or last.error != record.error or not 0 <= record.ran_at - last.ran_at < APART:
            state_files.write_whole(self._path(name), state_files.sealed(orjson.dumps(asdict(record))))

    def _path(self, name: str) -> Path:
        return self._folder / f"{quote(name, safe=' ')}.json"


def _parsed(content: bytes) -> Record:
    body: dict[str, Any] = orjson.loads(state_files.unsealed(content))
    return Record(float(body["ran_at"]), str(body["error"]), float(body["since"]))
