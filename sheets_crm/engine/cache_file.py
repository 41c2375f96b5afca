"""The cache file: what a worker remembers on this machine, in one SQLite file of the state folder.

Facts of workbooks, the leads and the layout as it left them, the write that it has under way, records of its own jobs,
an index of the archive. It may be deleted at any time at the cost of one full read. It is one worker's: the store may
be shared by two, which would mix what each saw last.

It is used through `sqlite3` alone, because facts are read before the first poll, which does not wait for SQLAlchemy.
Each use is a connection of its own, so the file has a rollback journal: a write-ahead log would be made and taken away
by every such use, a reader's too, which takes twice as long and needs a folder that can be written. Between two uses
nothing stands beside the file, so nothing of an erased person either.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeVar

from sheets_crm.engine import cache_refusals, earlier_files, state_files
from sheets_crm.engine.cached_rows import TABLES, CachedRows, Columns, Table

if TYPE_CHECKING:
    from sqlite3 import Connection

T = TypeVar("T")

NAME: Final = "cache.db"
BESIDE: Final = ("-journal", "-wal", "-shm")
"""Ends of the names of files that SQLite keeps beside a database."""
LAYOUT: Final = 1
"""The version of its tables. A file with another one loses its content: it is a cache."""
OURS: Final = 0x5343524D
"""SQLite's ``application_id`` of the file, by which that of another program is told."""
SYNCHRONOUS = "EXTRA"
"""On the disk when a commit returns, the end of its journal too; tests that cut no power do not wait for it."""
WAITS_FOR_LOCK: Final = 30.0
"""Seconds."""
_ATTEMPTS: Final = 4

_MAKING: Final = Lock()
_LOG = logging.getLogger(__name__)


class _NotOursError(Exception):
    """The file is a database of another program."""


class _UnusableError(Exception):
    """The file is damaged and cannot be set aside."""


class CacheFile:
    """The cache file of a state folder.

    Args:
        state_dir: The state folder.
    """

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / NAME
        self._state_dir = state_dir

    def read(self, work: Callable[[CachedRows], T], missing: T) -> T:
        """Read rows in one transaction.

        Args:
            work: Reads them; it may be called again.
            missing: The result where there is no file, or a damaged one that this machine lets nobody set aside.

        Raises:
            OSError: The machine cannot read the file now.
            Retryable: Another program has it locked.
        """
        # In this order: who takes earlier versions' files over makes the cache file before they are deleted.
        if not earlier_files.present(self._state_dir) and not self.path.exists():
            return missing
        try:
            done, wrong = self._used(work, writes=False)
        except _UnusableError:
            return missing
        if wrong:
            self._used(lambda rows: rows.wrong.extend(wrong), writes=True)
        return done

    def write(self, work: Callable[[CachedRows], T]) -> T:
        """Write rows in one transaction, which is on the disk before this returns.

        Args:
            work: Writes them; it may be called again.

        Raises:
            OSError: The disk is full, or cannot be written.
            Retryable: Another program has the file locked.
        """
        try:
            return self._used(work, writes=True)[0]
        except _UnusableError:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(self.path)) from None

    def take_over(self) -> None:
        """Take over the files that earlier versions kept in place of this one, if there are any."""
        files = []
        if earlier_files.present(self._state_dir):
            files = self.write(lambda rows: earlier_files.take_over(rows, self._state_dir))
        earlier_files.delete(self._state_dir, files)

    def _used(self, work: Callable[[CachedRows], T], *, writes: bool) -> tuple[T, list[tuple[Table, Columns]]]:
        import sqlite3  # noqa: PLC0415 - verbs that need no cache do not wait for it

        for _ in range(_ATTEMPTS):
            number = self._made()
            try:
                with closing(self._connected()) as connection:
                    rows = CachedRows(connection)
                    done = self._in_transaction(rows, work, writes=writes)
            except (sqlite3.Error, _NotOursError) as error:
                self._set_aside_or_refuse(error, number)
                continue
            # Whoever set the file aside meanwhile has the row that was written, and nobody looks there.
            if not writes or self._number() == number:
                return done, rows.wrong
        raise _UnusableError

    def _in_transaction(self, rows: CachedRows, work: Callable[[CachedRows], T], *, writes: bool) -> T:
        connection = rows.connection
        if _layout(connection) != (OURS, LAYOUT):
            self._make_tables(connection)
        # A transaction that reads first and then writes would fail where another writer came in between.
        connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        done = work(rows)
        if writes:
            rows.delete_wrong()
        connection.execute("COMMIT")
        return done

    # -- the file

    def _made(self) -> int:
        """Create the file for its owner alone where there is none; return its number on the disk."""
        while (number := self._created_or_there()) is None:
            state_files.make_folder(self.path.parent)
            if self._is_in_the_way() and state_files.set_aside(self.path) is None and self._is_in_the_way():
                raise _UnusableError
        return number

    def _is_in_the_way(self) -> bool:
        """Whether something that is no file has its name: a folder, a pipe."""
        return self.path.exists() and self._number() is None

    def _created_or_there(self) -> int | None:
        """The file's number on the disk, once it is there; None when something stands in its place, or no folder.

        Closing a file takes away the locks that this process has on it, so nobody may connect before it is closed:
        nothing else is done meanwhile, for others wait.
        """
        with _MAKING:
            number = self._number()
            if number is not None:
                return number
            with suppress(FileExistsError, FileNotFoundError, NotADirectoryError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, state_files.PRIVATE))
                number = self._number()
        if number is not None:
            state_files.sync_folder(self.path.parent)
        return number

    def _number(self) -> int | None:
        """The number of the file on the disk; None when there is none."""
        try:
            status = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return status.st_ino if stat.S_ISREG(status.st_mode) else None

    def _connected(self) -> Connection:
        import sqlite3  # noqa: PLC0415

        address = f"{self.path.absolute().as_uri()}?mode=rw"  # a file that is gone again is made by `_made` alone
        connection = sqlite3.connect(address, uri=True, timeout=WAITS_FOR_LOCK, isolation_level=None)
        connection.execute(f"PRAGMA synchronous={SYNCHRONOUS}").close()
        connection.execute("PRAGMA secure_delete=ON").close()
        return connection

    def _make_tables(self, connection: Connection) -> None:
        """Make the tables in a new file, or in place of those of another version; take over earlier versions' files."""
        connection.execute("BEGIN IMMEDIATE")
        application, version = _layout(connection)
        taken: list[Path] = []
        if (application, version) != (OURS, LAYOUT):
            query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            names = [row[0] for row in connection.execute(query)]
            if application != OURS and (application or version or names):
                raise _NotOursError("a database of another program")
            for name in names:
                connection.execute('DROP TABLE "{}"'.format(name.replace('"', '""')))
            for table in TABLES:
                connection.execute(table.sql)
            connection.execute(f"PRAGMA application_id={OURS}").close()
            connection.execute(f"PRAGMA user_version={LAYOUT}").close()
            taken = earlier_files.take_over(CachedRows(connection), self._state_dir)
        connection.execute("COMMIT")
        earlier_files.delete(self._state_dir, taken)

    # -- failures

    def _set_aside_or_refuse(self, error: Exception, number: int) -> None:
        """Set the file aside when its content is at fault, so that the next attempt finds none; else raise.

        Raises:
            OSError: The machine refused it.
            Retryable: Another program has it locked.
        """
        beside = [path for path in self._beside(self.path) if path.is_dir()]
        moved = [state_files.set_aside(path) for path in beside]
        if any(moved) or self._number() != number:
            return
        refusal = cache_refusals.of(error, self.path)
        if refusal is not None:
            raise refusal from None
        _LOG.debug("%s", self.path, exc_info=error)
        with state_files.locked(self.path.parent):
            # Another thread or process may have been quicker: its new file is a good one.
            if self._number() == number:
                self._set_aside()

    def _set_aside(self) -> None:
        aside = state_files.set_aside(self.path)
        if aside is None:
            raise _UnusableError
        for path, target in zip(self._beside(self.path), self._beside(aside), strict=True):
            with suppress(FileNotFoundError):
                path.rename(target)

    @staticmethod
    def _beside(path: Path) -> list[Path]:
        return [path.with_name(path.name + end) for end in BESIDE]


def _layout(connection: Connection) -> tuple[int, int]:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return application, version
