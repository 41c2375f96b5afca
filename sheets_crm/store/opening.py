"""Engines for SQLite and PostgreSQL, and the store's tables in them: made, checked, migrated."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from sheets_crm.config_database import database_file, shown_database
from sheets_crm.engine import state_files
from sheets_crm.errors import NotInstalled, SettingsError
from sheets_crm.messages import said
from sheets_crm.store import durability, identity
from sheets_crm.store.schema import HEAD, METADATA, VERSION

WAITS_FOR_LOCK: Final = 30_000
"""Milliseconds that a writer of SQLite waits for another one."""

_PREPARING: Final = 7_205_759_403
"""Number of the advisory lock under which PostgreSQL's tables are made and migrated."""

_CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def connected(address: str) -> Engine:
    """An engine; no connection is made yet.

    Raises:
        NotInstalled: The driver of PostgreSQL is missing.
    """
    file = database_file(address)
    return _postgresql(address) if file is None else connected_file(file)


def connected_file(file: Path) -> Engine:
    """An engine on a SQLite file."""
    # No pool: a connection that stays open keeps the pages of an erased person in the file beside the database.
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(address: str) -> Engine:
    # On the disk before a commit returns, whatever the server's default is.
    options = {"options": "-c synchronous_commit=on -c timezone=UTC", "connect_timeout": 10}
    try:
        return create_engine(address, connect_args=options, pool_pre_ping=True, hide_parameters=True)
    except ImportError as error:
        command = "pip install '.[postgresql]'"
        raise NotInstalled(
            said("store.need_postgresql"), remedy=said("store.need_postgresql.remedy", command=command)
        ) from error


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # `_begin_sqlite` begins transactions, those of tables too
    for pragma in (
        f"busy_timeout={WAITS_FOR_LOCK}",
        "journal_mode=WAL",
        f"synchronous={durability.SYNCHRONOUS}",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and then writes would fail where another writer came in between.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def is_corrupt(error: DatabaseError) -> bool:
    """Whether SQLite says that its file is damaged, or none of its own."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _CORRUPT


def create_file(file: Path) -> None:
    """Create a database file for its owner alone, if there is none; something else in its place is set aside."""
    state_files.make_folder(file.parent)
    if file.is_dir():
        state_files.set_aside(file)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, state_files.PRIVATE))
        state_files.sync_folder(file.parent)


def set_aside(file: Path) -> Path | None:
    """Rename a damaged database file, with the files that SQLite keeps beside it; return its new name."""
    aside = state_files.set_aside(file)
    for suffix in ("-wal", "-shm"):
        beside = file.with_name(file.name + suffix)
        if aside is not None and beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    return aside


def prepare(connection: Connection, address: str, *, migrates: bool, before: Callable[[str], None]) -> str:
    """Make the tables of an empty database, or check the version of those that are there, in one transaction.

    Args:
        connection: A connection with a transaction that writes.
        address: The database's address.
        migrates: Whether an older version is migrated; else it is refused.
        before: Called with an older version before it is migrated.

    Returns:
        The older version that was migrated; "" for none.

    Raises:
        SettingsError: The version is another one, or the database is another program's.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _PREPARING})
    tables = inspect(connection).get_table_names()
    if not tables:
        METADATA.create_all(connection)
        connection.execute(VERSION.insert().values(version_num=HEAD))
        identity.make(connection)
        return ""
    version = schema_version(connection) if VERSION.name in tables else None
    if version is None:
        raise SettingsError(
            said("store.foreign", database=shown_database(address)),
            remedy=said("store.foreign.remedy"),
            state=said("unchanged"),
        )
    if version == HEAD:
        _renew_backup(connection)
        return ""
    refuse_other(version, address, migrates=migrates)
    from sheets_crm.store import migrating  # noqa: PLC0415 - Alembic is slow to load, and needed here alone

    before(version)
    migrating.migrate(connection)
    _renew_backup(connection)
    return version


def _renew_backup(connection: Connection) -> None:
    """Make a backup a store of its own, the open claims of which are in doubt."""
    if identity.renew_backup(connection):
        from sheets_crm.store import alerts, claims_in_doubt  # noqa: PLC0415 - needed after a restore alone

        claims_in_doubt.note(connection)
        alerts.note_restored(connection)


def refuse_other(version: str, address: str, *, migrates: bool) -> None:
    """Refuse a version that this program does not know, or may not migrate.

    Raises:
        SettingsError: It is refused.
    """
    older = version < HEAD  # they are numbered
    if older and migrates:
        return
    code = "store.older" if older else "store.newer"
    raise SettingsError(
        said(code, database=shown_database(address), found=version, expected=HEAD),
        remedy=said(f"{code}.remedy"),
        state=said("unchanged"),
    )


def schema_version(connection: Connection) -> str | None:
    """The version that a database's tables have; None when none is recorded."""
    return connection.execute(select(VERSION.c.version_num)).scalar()
