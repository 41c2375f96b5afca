"""Leases: what keeps a job from running twice at once, in two threads or two processes."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final, Protocol
from urllib.parse import quote

from sheets_crm.engine.state_files import PRIVATE, make_folder

LEASE_SECONDS: Final = 300.0
"""A lease lasts so long unless it is held again; the worker holds those of running tasks again each minute."""


class Leases(Protocol):
    """Who may run what."""

    def hold(self, name: str, owner: str, seconds: float) -> bool:
        """Take or renew a lease.

        Args:
            name: What is run.
            owner: Who runs it; the same owner may hold a lease again, which makes it last longer.
            seconds: How long the lease lasts unless it is held again or released.

        Returns:
            Whether the owner has it now; False while another one has.
        """
        ...

    def release(self, name: str, owner: str) -> None:
        """Give a lease back; nothing happens when the owner has none."""
        ...


class FileLeases:
    """Leases between the threads and processes of one machine, by advisory locks on files in the state folder.

    The worker's leases until the state folder has a store that keeps them. The kernel frees a lock when its process
    ends, however it ends, so these leases run out with their owner and not by time: `seconds` is not needed.

    Args:
        folder: Holds a file for each lease; made when it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[str, int]] = {}
        self._guard = Lock()

    def hold(self, name: str, owner: str, seconds: float) -> bool:
        """Take the lock of a file, or keep it.

        Raises:
            OSError: The state folder cannot be written.
        """
        del seconds
        with self._guard:
            if name in self._held:
                return self._held[name][0] == owner
            make_folder(self._folder)
            number = os.open(self._folder / f"{quote(name, safe=' ')}.lock", os.O_RDWR | os.O_CREAT, PRIVATE)
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(number)
                return False
            self._held[name] = owner, number
            return True

    def release(self, name: str, owner: str) -> None:
        """Unlock the file; it stays, because another process may wait on it."""
        with self._guard:
            if self._held.get(name, ("", 0))[0] == owner:
                _, number = self._held.pop(name)
                with suppress(OSError):
                    os.close(number)
