"""Backups of a SQLite store, by SQLite's own backup, which may run while others write.

A backup holds people's data: it is its owner's alone, the oldest go, and who is erased is erased from those that are
kept. It has no mirror tables, which are rebuilt from the workbook. It is marked as a backup, so that it gets another id
when it is opened as a store or restored: to the workbooks in which the store claims messages it is another one.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import get_ident
from typing import Final

from sheets_crm.engine import state_files
from sheets_crm.errors import FileError
from sheets_crm.messages import said

MIRRORS: Final = ("suppressions", "leads", "mirrors")
"""Tables that a backup does without, in the order in which they are emptied."""

KEPT: Final = 10
"""Backups that are kept; of more, the oldest are deleted."""


def folder(state_dir: Path) -> Path:
    """The folder of the backups."""
    return state_dir / "backups"


def kept(state_dir: Path) -> list[Path]:
    """The backups that are kept, oldest first."""
    return sorted(folder(state_dir).glob("*.db"))


def _at_once(copy: Callable[[], None]) -> None:
    copy()


def back_up(
    file: Path,
    state_dir: Path,
    now: float,
    why: str = "",
    spared: Path | None = None,
    when_still: Callable[[Callable[[], None]], None] = _at_once,
) -> Path:
    """Make a backup, whole or not at all; return its path.

    Args:
        file: The store's file.
        state_dir: The state folder.
        now: Seconds since 1970, which name the backup.
        why: What it is made before; part of its name.
        spared: A backup that is not deleted though it may be the oldest: it is about to be restored.
        when_still: Makes the copy at a moment when nobody claims messages.
    """
    moment = dt.datetime.fromtimestamp(now, tz=dt.UTC).strftime("%Y%m%dT%H%M%S")
    name = "-".join(part for part in (moment, why) if part)
    target = _free(folder(state_dir), name)
    state_files.make_folder(target.parent)
    part = target.with_name(f".{target.name}{state_files.LEFTOVER}")
    part.unlink(missing_ok=True)
    part.touch(mode=state_files.PRIVATE)
    _copy(file, part, when_still)
    part.replace(target)
    state_files.sync_folder(target.parent)
    for old in kept(state_dir)[:-KEPT]:
        if spared is None or not old.samefile(spared):
            state_files.delete(old)
    return target


def _free(parent: Path, name: str) -> Path:
    """A path that no backup has: two may be made in a second."""
    numbers = range(2, 1000)
    names = [name, *(f"{name}-{number}" for number in numbers)]
    return next(path for path in (parent / f"{one}.db" for one in names) if not path.exists())


def _copy(source: Path, target: Path, when_still: Callable[[Callable[[], None]], None]) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        when_still(lambda: read.backup(written))
        _mark(written)
        _empty_mirrors(written)
        # A backup is one file: nothing of it may lie beside it, and no copy of it is a half.
        written.execute("PRAGMA journal_mode=DELETE").close()


def _mark(backup: sqlite3.Connection) -> None:
    """Mark a copy of a store as such, so that it gets another id when it is opened."""
    if "store_identity" in _tables(backup):  # older versions have none
        backup.execute("UPDATE store_identity SET is_backup = 1").close()
        backup.commit()


def _tables(backup: sqlite3.Connection) -> set[str]:
    return {row[0] for row in backup.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _empty_mirrors(backup: sqlite3.Connection) -> None:
    tables = _tables(backup)
    for name in MIRRORS:
        if name in tables:  # older versions have none
            backup.execute(f"DELETE FROM {name}").close()  # noqa: S608 - a name of our own
    backup.commit()
    backup.execute("VACUUM").close()  # what was deleted is in the file until then


def put_back(backup: Path, file: Path, state_dir: Path) -> None:
    """Put a backup in the place of the store's content, in one transaction of SQLite, marked as a backup.

    The mark is made on a copy: a file that was copied by other means has none, and a process that dies here leaves
    either the store as it was or one that gets its own id when it is opened.
    """
    part = state_dir / f".restored.{os.getpid()}-{get_ident()}{state_files.LEFTOVER}"
    state_files.make_folder(state_dir)
    part.touch(mode=state_files.PRIVATE)
    try:
        with (
            _opened(backup) as read,
            closing(sqlite3.connect(part)) as marked,
            closing(sqlite3.connect(file)) as to,
        ):
            read.backup(marked)
            _mark(marked)
            marked.backup(to)
    finally:
        for path in (part, *(part.with_name(part.name + suffix) for suffix in ("-wal", "-shm", "-journal"))):
            path.unlink(missing_ok=True)


def _opened(backup: Path) -> closing[sqlite3.Connection]:
    """A backup to be read: nothing is made where there is none."""
    return closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True))


def version_in(backup: Path, backups: Path) -> str:
    """The schema version of a backup that is whole.

    Raises:
        FileError: It is no backup of a store, or it is damaged.
    """
    try:
        with _opened(backup) as read:
            sound = [row[0] for row in read.execute("PRAGMA integrity_check")] == ["ok"]
            version = read.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        sound, version = False, None
    if not sound or version is None:
        raise FileError(
            said("store.no_store", path=backup),
            remedy=said("store.no_store.remedy", backups=backups),
            state=said("unchanged"),
        )
    return str(version[0])
