"""Migrations of the state folder: how the files of an earlier version become those of this one.

They run when a command opens the folder, unasked, for all of its files are this program's own. The names of those that
were made are in ``version.json``. Each is harmless when it is made twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from sheets_crm.engine import state_files
from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.state_files import DamagedFileError
from sheets_crm.errors import SettingsError
from sheets_crm.messages import said

FILE: Final = "version.json"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StateMigration:
    """One change of the files of a state folder.

    Attributes:
        name: Its name, which never changes.
        make: Makes the change in a state folder.
    """

    name: str
    make: Callable[[Path], None]


def _sealed(state_dir: Path) -> None:
    """Add to the facts of workbooks the checksum that version 0.1.0 did not write, and delete its caches.

    Only files that can be read as facts get one: a damaged file stays as it is, to be set aside when it is read.
    """
    for path in state_dir.glob("workbook-*.json"):
        content = state_files.read(path, bytes)
        if content is not None and _plain(content):
            state_files.write_whole(path, state_files.sealed(content))
    for path in (state_dir / "cache").glob("*.json*"):
        content = state_files.read(path, bytes)
        if content is not None and content.startswith(b"{"):
            state_files.delete(path)


def _plain(content: bytes) -> bool:
    try:
        return content.startswith(b"{") and isinstance(orjson.loads(content), dict)
    except ValueError:
        return False


def _for_the_store(_state_dir: Path) -> None:
    """Leave the change journal to the store, which takes its files over when it is opened (`store/take_over.py`).

    That this is recorded keeps earlier versions from the folder: they would begin a second journal beside the store's.
    """


def _into_the_cache_file(state_dir: Path) -> None:
    """Take facts, caches and records of jobs over into the cache file; the first to make that file does so too.

    A folder whose cache file was made by a process that died then still has them.
    """
    CacheFile(state_dir).take_over()


MIGRATIONS: Final = (
    StateMigration("0.2.0-checksums", _sealed),
    StateMigration("0.6.0-journal-in-the-store", _for_the_store),
    StateMigration("0.7.0-cache-file", _into_the_cache_file),
)
"""Every migration, oldest first."""


def migrate(state_dir: Path) -> tuple[str, ...]:
    """Make the migrations that a state folder lacks; return their names.

    Raises:
        SettingsError: A newer version has used the folder.
    """
    if not state_dir.is_dir():
        return ()  # the first file that is written creates it, and is of this version
    names = {migration.name for migration in MIGRATIONS}
    made = state_files.read(state_dir / FILE, _names) or []
    newer = [name for name in made if name not in names]
    if newer:
        raise SettingsError(
            said("state_newer", path=state_dir, names=newer),
            remedy=said("state_newer.remedy"),
            state=said("unchanged"),
        )
    lacking = [migration for migration in MIGRATIONS if migration.name not in made]
    for migration in lacking:
        _LOG.info("state folder %s: %s", state_dir, migration.name)
        migration.make(state_dir)
    if lacking:
        body = orjson.dumps([migration.name for migration in MIGRATIONS])
        state_files.write_whole(state_dir / FILE, state_files.sealed(body))
    return tuple(migration.name for migration in lacking)


def _names(content: bytes) -> list[str]:
    body: Any = orjson.loads(state_files.unsealed(content))
    if not isinstance(body, list) or not all(isinstance(name, str) for name in body):
        raise DamagedFileError("no names of migrations")
    return body
