"""Leases: what keeps a job from running twice at once, in two threads or two processes."""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final, Protocol
from urllib.parse import quote

from sheets_crm.engine.state_files import PRIVATE, make_folder

LEASE_SECONDS: Final = 300.0
"""A lease lasts so long unless it is held again."""

RENEW_SECONDS: Final = 60.0
"""Whoever runs something holds its lease again so often."""

_LOG = logging.getLogger(__name__)


class Leases(Protocol):
    """Who may run what."""

    def hold(self, key: str, owner: str, seconds: float) -> bool:
        """Take or renew a lease.

        Args:
            key: What is run, on which workbook.
            owner: Who runs it; the same owner may hold a lease again, which makes it last longer.
            seconds: How long the lease lasts unless it is held again or released.

        Returns:
            Whether the owner has it now; False while another one has.
        """
        ...

    def release(self, key: str, owner: str) -> None:
        """Give a lease back; nothing happens when the owner has none."""
        ...


class FileLeases:
    """Leases between the threads and processes of one machine, by advisory locks on files in the state folder.

    The kernel frees a lock when its process ends, however it ends, so these leases run out with their owner and not by
    time: `seconds` is not needed.

    Args:
        folder: Holds a file for each lease; made when it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[str, int]] = {}
        self._guard = Lock()

    def hold(self, key: str, owner: str, seconds: float) -> bool:
        """Take the lock of a file, or keep it.

        Raises:
            OSError: The state folder cannot be written.
        """
        del seconds
        with self._guard:
            if key in self._held:
                return self._held[key][0] == owner
            make_folder(self._folder)
            number = os.open(self._folder / f"{quote(key, safe=' ')}.lock", os.O_RDWR | os.O_CREAT, PRIVATE)
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(number)
                return False
            self._held[key] = owner, number
            return True

    def release(self, key: str, owner: str) -> None:
        """Unlock the file; it stays, because another process may wait on it."""
        with self._guard:
            if self._held.get(key, ("", 0))[0] == owner:
                _, number = self._held.pop(key)
                with suppress(OSError):
                    os.close(number)


class RunLease:
    """The lease of one task's runs: taken for each, held for longer while it lasts, and given back.

    Args:
        leases: Where it is; None for a task that may run twice at once.
        key: What is run, on which workbook.
    """

    def __init__(self, leases: Leases | None, key: str) -> None:
        self._leases = leases
        self._key = key
        self._owner = secrets.token_hex(8)
        self._running = False
        self._renewing = Lock()

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Take the lease for a run; yield whether it was free.

        Raises:
            OSError: It cannot be asked for now.
        """
        if self._leases is None:
            yield True
        elif not self._leases.hold(self._key, self._owner, LEASE_SECONDS):
            yield False
        else:
            self._running = True
            try:
                yield True
            finally:
                self._give_back(self._leases)

    def renew(self) -> None:
        """Hold the lease of a run under way for longer; another thread than the run's calls this."""
        try:
            with self._renewing:
                if self._leases and self._running:
                    self._leases.hold(self._key, self._owner, LEASE_SECONDS)
        except Exception as error:  # noqa: BLE001 - the lease outlasts several attempts at this
            _LOG.debug("traceback", exc_info=error)

    def _give_back(self, leases: Leases) -> None:
        """Give the lease back; the lock keeps another thread from renewing it a moment later."""
        with self._renewing:
            self._running = False
            leases.release(self._key, self._owner)
