"""What the verbs of the store do: back it up, restore it."""

from __future__ import annotations

from pathlib import Path

from sheets_crm.errors import FileError, SettingsError
from sheets_crm.messages import said
from sheets_crm.store import backups
from sheets_crm.store.access import Store


def back_up(store: Store) -> Path:
    """Make a backup of a store; return its path.

    Raises:
        SettingsError: The store is in PostgreSQL, which has its own means.
    """
    file = _file(store)
    store.prepare()
    return backups.back_up(file, store.state_dir, store.clock())


def check(store: Store, backup: Path) -> Path:
    """Check that a file can be put in the place of a store; return the store's file.

    Raises:
        SettingsError: The store is in PostgreSQL, or the backup is of a newer version.
        FileError: The file is no backup, or damaged.
    """
    from sheets_crm.store import opening  # noqa: PLC0415 - SQLAlchemy waits until it is needed
    from sheets_crm.store.schema import HEAD  # noqa: PLC0415

    file = _file(store)
    if not backup.is_file():
        raise FileError(
            said("file.missing", path=backup), remedy=said("file.missing.remedy"), state=said("unchanged")
        )
    version = backups.version_in(backup, backups.folder(store.state_dir))
    if version != HEAD:
        opening.refuse_other(version, f"sqlite:///{backup}", migrates=True)
    return file


def restore(store: Store, backup: Path) -> Path:
    """Put a backup in the place of a store; an older one is migrated.

    Returns:
        The backup of the store as it was before.

    Raises:
        SettingsError: As `check`.
        FileError: As `check`.
    """
    file = check(store, backup)
    store.migrates = True
    store.prepare()
    before = backups.back_up(file, store.state_dir, store.clock(), "before-restore", spared=backup)
    backups.put_back(backup, file)
    store.reopen()
    return before


def _file(store: Store) -> Path:
    if store.file is None:
        raise SettingsError(
            said("store.no_backup"), remedy=said("store.no_backup.remedy"), state=said("unchanged")
        )
    return store.file
