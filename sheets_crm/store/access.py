"""Access to the store: opened when it is used for the first time, and its failures in words.

Nothing here imports SQLAlchemy before that.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sheets_crm.config_database import database_file, shown_database
from sheets_crm.engine import state_files
from sheets_crm.errors import Retryable
from sheets_crm.messages import said

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import DatabaseError

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


class Store:
    """The store of one settings file.

    Args:
        address: Its database's address, absolute.
        state_dir: The state folder, for backups and for the files of earlier versions.
        migrates: Whether a store of an older version is migrated, not refused.
        clock: Seconds since 1970.
        warn: Told what a person has to know of: a damaged file that was set aside, a migration.
    """

    def __init__(
        self,
        address: str,
        state_dir: Path,
        *,
        migrates: bool = False,
        clock: Callable[[], float] = time.time,
        warn: Callable[[str], None] = _LOG.warning,
    ) -> None:
        self.address = address
        self.state_dir = state_dir
        self.migrates = migrates
        self.clock = clock
        self.warn = warn
        self._engine: Engine | None = None
        self._opening = threading.Lock()

    @property
    def file(self) -> Path | None:
        """Its SQLite file; None in PostgreSQL."""
        return database_file(self.address)

    @property
    def shown(self) -> str:
        """Its address for people, without secrets."""
        return shown_database(self.address)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction that is on the disk before this returns; nothing of it stays when it fails."""
        return self._within(work, writes=True)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Do work that only reads, in one transaction."""
        return self._within(work, writes=False)

    def prepare(self) -> None:
        """Open the store now, so that what is wrong with it shows before anything is written.

        Raises:
            SettingsError: It is of another version.
            Retryable: It cannot be reached.
        """
        with self._failures_in_words():
            self.engine()

    def reopen(self) -> None:
        """Open the store anew, now that other content was put into it: it is checked, and migrated if it has to be."""
        self._engine = None
        self.prepare()

    def engine(self) -> Engine:
        """The engine, with the tables of this version in its database."""
        with self._opening:
            if self._engine is None or self._emptied():
                self._engine = self._opened()
            return self._engine

    def _emptied(self) -> bool:
        """Whether the file was deleted or emptied meanwhile: SQLite alone would go on with one without tables."""
        return self.file is not None and not (self.file.is_file() and self.file.stat().st_size)

    def _within(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        from sqlalchemy.exc import DatabaseError  # noqa: PLC0415

        with self._failures_in_words():
            for _ in range(2):
                try:
                    with self.engine().execution_options(writes=writes).begin() as connection:
                        return work(connection)
                except DatabaseError as error:
                    self._set_aside(error)
            raise AssertionError("an empty store is not damaged")

    def _opened(self) -> Engine:
        from sqlalchemy.exc import DatabaseError  # noqa: PLC0415

        from sheets_crm.store import opening, take_over  # noqa: PLC0415

        engine = opening.connected(self.address)
        try:
            with self._alone():
                try:
                    self._prepare(engine)
                except DatabaseError as error:
                    self._set_aside(error)
                    self._prepare(engine)
                take_over.journal_files(engine, self.state_dir, self.clock, self.warn)
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _prepare(self, engine: Engine) -> None:
        from sheets_crm.store import backups, leases, opening, stillness  # noqa: PLC0415
        from sheets_crm.store.schema import HEAD  # noqa: PLC0415

        made: list[Path] = []

        def back_up(version: str) -> None:
            # The migration's transaction keeps all writers out, so a pass that is under way cannot be waited for.
            stillness.refuse_in_pass(leases.held_until(connection, leases.CLAIMS, self.clock()))
            if self.file is not None:
                made.append(backups.back_up(self.file, self.state_dir, self.clock(), f"before-{version}"))

        if self.file is not None:
            opening.create_file(self.file)
        with engine.execution_options(writes=True).begin() as connection:
            older = opening.prepare(connection, self.address, migrates=self.migrates, before=back_up)
        if older:
            code = "store.migrated" if made else "store.migrated_postgresql"
            self.warn(said(code, found=older, expected=HEAD, backup=made[0] if made else ""))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process of this machine at a time opens a SQLite file: two would set the same one aside."""
        if self.file is None:
            yield
            return
        with state_files.locked(self.file.parent):
            yield

    def _set_aside(self, error: DatabaseError) -> None:
        """Set a damaged SQLite file aside, say so, and open an empty one at the next use; raise any other error."""
        from sheets_crm.store import backups, opening  # noqa: PLC0415

        if self.file is None or not opening.is_corrupt(error):
            raise error
        aside = opening.set_aside(self.file)
        if aside is None:
            raise error
        self._engine = None
        folder = backups.folder(self.state_dir)
        self.warn(said("store.damaged", path=self.file, aside=aside.name, backups=folder))

    @contextmanager
    def _failures_in_words(self) -> Iterator[None]:
        """Raise what the database refuses as what the caller does next.

        Raises:
            OSError: The disk is full or read-only.
            Retryable: Anything else; the message has no address and no values.
        """
        from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

        try:
            yield
        except DBAPIError as error:
            name = getattr(error.orig, "sqlite_errorname", "")
            if name.startswith("SQLITE_FULL"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.file)) from None
            reason = str(error.orig).strip().splitlines()[:1] or [type(error.orig).__name__]
            raise Retryable(
                said("store.unreachable", database=self.shown, reason=reason[0]),
                remedy=said("store.unreachable.remedy"),
                state=said("whole_writes"),
            ) from None
