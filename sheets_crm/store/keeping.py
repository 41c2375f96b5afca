"""What the verbs of the store do: back it up, restore it."""

from __future__ import annotations

from pathlib import Path

from sheets_crm.errors import FileError, SettingsError
from sheets_crm.messages import said
from sheets_crm.store import backups
from sheets_crm.store.access import Store
from sheets_crm.store.stillness import when_still


def back_up(store: Store, why: str = "", spared: Path | None = None) -> Path:
    """Make a backup of a store, between two passes that claim messages; return its path.

    Args:
        store: The store.
        why: What it is made before; part of its name.
        spared: A backup that is not deleted though it may be the oldest.

    Raises:
        SettingsError: The store is in PostgreSQL, which has its own means.
        Retryable: A pass lasts too long.
    """
    file = _file(store)
    store.prepare()
    return backups.back_up(
        file, store.state_dir, store.clock(), why, spared, when_still=lambda copy: when_still(store, copy)
    )


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
    """Put a backup in the place of a store, under another id; an older one is migrated.

    Returns:
        The backup of the store as it was before.

    Raises:
        SettingsError: As `check`.
        FileError: As `check`.
        Retryable: A pass that claims messages lasts too long.
    """
    file = check(store, backup)
    store.migrates = True
    before = back_up(store, "before-restore", spared=backup)
    backups.put_back(backup, file, store.state_dir)
    store.reopen()
    return before


def _file(store: Store) -> Path:
    if store.file is None:
        raise SettingsError(
            said("store.no_backup"), remedy=said("store.no_backup.remedy"), state=said("unchanged")
        )
    return store.file
