"""Records of runs: when each job last ran, how that ended, and from when its next turn counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

import orjson

from sheets_crm.engine import state_files

APART: Final = 60.0
"""Seconds: the success of an interval that goes on as before is recorded no more often than this."""


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


class Records(Protocol):
    """The records of tasks. Each method may raise `OSError` or `CrmError`: they cannot be reached now."""

    def load(self, key: str) -> Record | None:
        """The record of a task; None when there is none that can be trusted."""
        ...

    def save(self, key: str, record: Record, *, repeats: bool = False) -> None:
        """Save the record of a task.

        Args:
            key: The task's job and workbook.
            record: What is recorded.
            repeats: Whether it is an interval's: a success like the one before need not be recorded at once.
        """
        ...


class FileRecords:
    """The records of a state folder's tasks.

    Args:
        folder: Holds a file for each task; made when it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str) -> Record | None:
        """The record of a task; None when there is none that can be trusted.

        Raises:
            OSError: It cannot be read now.
        """
        return state_files.read(self._path(key), _parsed)

    def save(self, key: str, record: Record, *, repeats: bool = False) -> None:
        """Save the record of a task.

        Args:
            key: The task's job and workbook.
            record: What is recorded.
            repeats: Whether it is an interval's, which may be left out when one that says as much is under a minute
                old: the next turn is as soon. A time of day would come twice.

        Raises:
            OSError: The state folder cannot be written.
        """
        last = self.load(key) if repeats else None
        if last is None or last.error != record.error or not 0 <= record.ran_at - last.ran_at < APART:
            state_files.write_whole(self._path(key), state_files.sealed(orjson.dumps(asdict(record))))

    def _path(self, key: str) -> Path:
        return self._folder / f"{quote(key, safe=' ')}.json"


def _parsed(content: bytes) -> Record:
    body: dict[str, Any] = orjson.loads(state_files.unsealed(content))
    return Record(float(body["ran_at"]), str(body["error"]), float(body["since"]))
