"""How far the fetching for a feed got, as its turns use it; the store is opened when it is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from sheets_crm.store.access import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection


class StoredCursors:
    """Implements `sheets_crm.engine.fetching.Cursors` in the store.

    Args:
        store: The store.
        workbook: Id of the spreadsheet.
        feed: Name of the feed.
    """

    def __init__(self, store: Store, workbook: str, feed: str) -> None:
        self._store = store
        self._workbook = workbook
        self._feed = feed

    def load(self) -> dict[str, str]:
        """All cursors of the feed, by name."""
        from sqlalchemy import select  # noqa: PLC0415 - SQLAlchemy waits until it is needed

        from sheets_crm.store.schema import FEED_CURSORS  # noqa: PLC0415

        asked = select(FEED_CURSORS.c.name, FEED_CURSORS.c.value).where(self._own(FEED_CURSORS))
        return self._store.read(lambda connection: {row.name: row.value for row in connection.execute(asked)})

    def save(self, cursors: Mapping[str, str]) -> None:
        """Save cursors in one transaction, on the disk before this returns; those that are not named stay."""
        from sheets_crm.store.schema import FEED_CURSORS  # noqa: PLC0415

        at = dt.datetime.fromtimestamp(self._store.clock(), tz=dt.UTC)
        rows = [
            {"workbook": self._workbook, "feed": self._feed, "name": name, "value": value, "saved_at": at}
            for name, value in cursors.items()
        ]

        def work(connection: Connection) -> None:
            connection.execute(FEED_CURSORS.delete().where(self._own(FEED_CURSORS), self._named(cursors)))
            connection.execute(FEED_CURSORS.insert(), rows)

        if rows:
            self._store.write(work)

    def delete(self, names: Collection[str]) -> None:
        """Delete cursors of lists that there are no more."""
        from sheets_crm.store.schema import FEED_CURSORS  # noqa: PLC0415

        deleted = FEED_CURSORS.delete().where(self._own(FEED_CURSORS), self._named(names))
        if names:
            self._store.write(lambda connection: connection.execute(deleted))

    def _own(self, table: Any) -> Any:
        return (table.c.workbook == self._workbook) & (table.c.feed == self._feed)

    @staticmethod
    def _named(names: Collection[str]) -> Any:
        from sheets_crm.store.schema import FEED_CURSORS  # noqa: PLC0415

        return FEED_CURSORS.c.name.in_(list(names))
