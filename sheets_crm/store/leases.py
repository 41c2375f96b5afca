"""Leases: what one owner may do at a time, until a moment; each is taken, kept and given up in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from sheets_crm.store.access import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection

CLAIMS: Final = "claims"
"""The first word of the name of each lease under which claims of a workbook are made; its id is the second."""


class StoredLeases:
    """Leases in the store.

    A lease that ran out is anybody's: an owner who was away for longer asks again (`renew`) before he goes on.

    Args:
        store: The store.
        clock: Seconds since 1970.
    """

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    def hold(self, name: str, owner: str, seconds: float) -> bool:
        """Take a lease that is free, has run out, or is the owner's already; return whether it is the owner's now."""
        now = self._now()
        until = now + dt.timedelta(seconds=seconds)
        return self._store.write(lambda connection: take(connection, name, owner, now, until))

    def renew(self, name: str, owner: str, seconds: float) -> bool:
        """Lengthen a lease that the owner still has; return whether he had it."""
        from sheets_crm.store.schema import LEASES  # noqa: PLC0415 - SQLAlchemy waits until it is needed

        now = self._now()
        held = LEASES.update().where(LEASES.c.name == name, LEASES.c.owner == owner, LEASES.c.until > now)
        lengthened = held.values(until=now + dt.timedelta(seconds=seconds))
        return self._store.write(lambda connection: _made(connection, lengthened))

    def release(self, name: str, owner: str) -> None:
        """Give up a lease; another owner's stays."""
        self._store.write(lambda connection: give_up(connection, name, owner))

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self._clock(), tz=dt.UTC)


def take(connection: Connection, name: str, owner: str, now: dt.datetime, until: dt.datetime) -> bool:
    """Take a lease that is free, has run out, or is the owner's already; return whether it is the owner's now."""
    from sqlalchemy.dialects import postgresql, sqlite  # noqa: PLC0415

    from sheets_crm.store.schema import LEASES  # noqa: PLC0415

    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(LEASES).values(name=name, owner=owner, until=until)
    free = (LEASES.c.until <= now) | (LEASES.c.owner == owner)
    return _made(
        connection,
        statement.on_conflict_do_update(
            index_elements=[LEASES.c.name], set_={"owner": owner, "until": until}, where=free
        ),
    )


def held_until(connection: Connection, word: str, now: float) -> dt.datetime | None:
    """When the last of the leases ends whose names begin with a word; None when none is held."""
    from sqlalchemy import func, select  # noqa: PLC0415

    from sheets_crm.store.schema import LEASES  # noqa: PLC0415

    held = LEASES.c.until > dt.datetime.fromtimestamp(now, tz=dt.UTC)
    asked = select(func.max(LEASES.c.until)).where(LEASES.c.name.startswith(f"{word} ", autoescape=True), held)
    until: dt.datetime | None = connection.execute(asked).scalar()
    return until


def give_up(connection: Connection, name: str, owner: str) -> None:
    """Give up a lease; another owner's stays."""
    from sheets_crm.store.schema import LEASES  # noqa: PLC0415

    connection.execute(LEASES.delete().where(LEASES.c.name == name, LEASES.c.owner == owner))


def _made(connection: Connection, statement: Any) -> bool:
    # The row that was made is asked for: an INSERT that changes nothing has no count in psycopg.
    return connection.execute(statement.returning(statement.table.c.name)).first() is not None
