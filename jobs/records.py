"""Records of runs: when each job last ran, how that ended, and from when its next turn counts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import orjson

from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.cached_rows import JOB_RECORDS
from sheets_crm.engine.caches import bytes_of

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


class LocalRecords:
    """The records of tasks that are kept on this machine, in its cache file.

    Args:
        state_dir: The state folder.
    """

    def __init__(self, state_dir: Path) -> None:
        self._file = CacheFile(state_dir)

    def load(self, key: str) -> Record | None:
        """The record of a task; None when there is none that can be trusted.

        Raises:
            OSError: It cannot be read now.
            Retryable: Another program has the file locked.
        """
        row = self._file.read(lambda rows: rows.of(JOB_RECORDS, key).get((key,)), None)
        if row is None:
            return None
        with suppress(KeyError, TypeError, ValueError):
            return _parsed(bytes_of(row[0]))
        return None

    def save(self, key: str, record: Record, *, repeats: bool = False) -> None:
        """Save the record of a task.

        Args:
            key: The task's job and workbook.
            record: What is recorded.
            repeats: Whether it is an interval's, which may be left out when one that says as much is under a minute
                old: the next turn is as soon. A time of day would come twice.

        Raises:
            OSError: The state folder cannot be written.
            Retryable: Another program has the file locked.
        """
        last = self.load(key) if repeats else None
        if last is None or last.error != record.error or not 0 <= record.ran_at - last.ran_at < APART:
            self._file.write(lambda rows: rows.put(JOB_RECORDS, (key,), orjson.dumps(asdict(record))))


def _parsed(content: bytes) -> Record:
    body: dict[str, Any] = orjson.loads(content)
    return Record(float(body["ran_at"]), str(body["error"]), float(body["since"]))
