"""Where leases and records of jobs are kept: in the store, but for what begins before the store is needed.

The run of a workbook polls every few seconds, and its first poll does not wait for the store. Its lease is a lock that
the kernel frees, and costs no commit; should two machines poll one workbook, its guard keeps it safe. So it is with the
worker's own jobs; the records of both are in the cache file, which needs no SQLAlchemy. Any other job acts outside the
workbook: its lease is the store's, and holds wherever the store does.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from jobs.leases import FileLeases, Leases
from jobs.records import LocalRecords, Record, Records
from jobs.registry import JOBS, SYNC
from sheets_crm.errors import CrmError
from sheets_crm.store.access import Store
from sheets_crm.store.job_runs import StoredRecords
from sheets_crm.store.leases import StoredLeases

FOLDER: Final = "jobs"
"""Folder of the state folder with the leases that are locks on files."""

_ON_THIS_MACHINE: Final = frozenset(job.name for job in JOBS if job is SYNC or job.of_worker)
_LOG = logging.getLogger(__name__)


def leases_and_records(store: Store, state_dir: Path) -> tuple[Leases, Records]:
    """The leases and records of all jobs."""
    leases = KeptLeases(FileLeases(state_dir / FOLDER), StoredLeases(store, store.clock))
    return leases, KeptRecords(LocalRecords(state_dir), StoredRecords(store, Record))


def _on_this_machine(key: str) -> bool:
    return key.partition(" ")[0] in _ON_THIS_MACHINE


class KeptLeases:
    """Leases, each where it is kept.

    Args:
        files: Those of runs, and of the worker's own jobs.
        stored: The others.
    """

    def __init__(self, files: Leases, stored: Leases) -> None:
        self._files = files
        self._stored = stored

    def hold(self, key: str, owner: str, seconds: float) -> bool:
        """Take or renew a lease."""
        return self._kept(key).hold(key, owner, seconds)

    def release(self, key: str, owner: str) -> None:
        """Give a lease back; where that cannot be written it runs out by itself."""
        try:
            self._kept(key).release(key, owner)
        except (CrmError, OSError) as error:
            _LOG.debug("traceback", exc_info=error)

    def _kept(self, key: str) -> Leases:
        return self._files if _on_this_machine(key) else self._stored


class KeptRecords:
    """Records of runs, each where it is kept.

    Args:
        local: Those of runs, and of the worker's own jobs.
        stored: The others.
    """

    def __init__(self, local: Records, stored: Records) -> None:
        self._local = local
        self._stored = stored

    def load(self, key: str) -> Record | None:
        """The record of a task."""
        return self._kept(key).load(key)

    def save(self, key: str, record: Record, *, repeats: bool = False) -> None:
        """Save the record of a task."""
        self._kept(key).save(key, record, repeats=repeats)

    def _kept(self, key: str) -> Records:
        return self._local if _on_this_machine(key) else self._stored
