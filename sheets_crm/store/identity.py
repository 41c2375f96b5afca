"""Which store this is: the id that a workbook knows it by, and that no other store has.

It is made at random with the tables, so a store that was lost or damaged comes back under another one. A backup is
marked as such, and whoever opens one as a store gives it another id: its twin may still run somewhere.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Connection, select

from sheets_crm.store.schema import IDENTITY


def new_id() -> str:
    """An id that no store has."""
    return secrets.token_hex(8)


def make(connection: Connection) -> None:
    """Give a store whose tables were just made its id."""
    connection.execute(IDENTITY.insert().values(row_number=1, store_id=new_id(), is_backup=False))


def store_id(connection: Connection) -> str:
    """The store's id."""
    return str(connection.execute(select(IDENTITY.c.store_id)).scalar_one())


def rename(connection: Connection, new: str) -> None:
    """Give the store another id."""
    connection.execute(IDENTITY.update().values(store_id=new, is_backup=False))


def renew_backup(connection: Connection) -> bool:
    """Give a backup that is opened as a store another id, once; whether it was one."""
    marked: Any = IDENTITY.update().where(IDENTITY.c.is_backup).values(store_id=new_id(), is_backup=False)
    return connection.execute(marked.returning(IDENTITY.c.store_id)).first() is not None
