"""The mirror of a workbook's leads and two-way tables, for SQL and reports: derived, and rebuilt from the workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd

from sheets_crm.store.access import Store
from sheets_crm.store.table_rows import MIRRORED, row_of
from sheets_crm.workbook.cells import Cell

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")

ROWS_AT_ONCE: Final = 500
"""Rows in one statement: SQLite takes a bounded number of values."""
LEADS_AT_ONCE: Final = 2_000
"""Leads in one transaction of a comparison."""


class StoredMirror:
    """Implements `sheets_crm.engine.ports.LeadMirror` in the store.

    Args:
        store: The store.
        workbook: Id of the spreadsheet.
    """

    tables = frozenset(MIRRORED)

    def __init__(self, store: Store, workbook: str) -> None:
        self._store = store
        self._workbook = workbook

    def update(self, leads: pd.DataFrame, time_zone: str, sequence: int, changed: Collection[int]) -> None:
        """Bring the rows of some leads up to date; all, when the store has not all of them yet."""

        def work(connection: Connection) -> bool:
            complete = self._held(connection)
            if complete:
                self._replace(connection, leads, time_zone, changed)
                self._note(connection, sequence=sequence)
            return complete

        if not self._store.write(work):
            self.reconcile(leads, time_zone, sequence)

    def reconcile(self, leads: pd.DataFrame, time_zone: str, sequence: int) -> int:
        """Compare all rows, and put right those that differ; return their number.

        It takes several transactions, or the first one of a large workbook would hold up whoever else writes.
        """
        from sheets_crm.store import lead_rows  # noqa: PLC0415 - SQLAlchemy waits until it is needed

        digests = lead_rows.digests(leads, time_zone)
        known = self._store.write(self._digests)
        changed = {number for number, digest in digests.items() if known.get(number) != digest}
        wrong = sorted(changed | (known.keys() - digests.keys()))
        for some in _batched(wrong, LEADS_AT_ONCE):
            self._store.write(partial(self._replace, leads=leads, time_zone=time_zone, numbers=some))
        now = dt.datetime.fromtimestamp(self._store.clock(), tz=dt.UTC)
        self._store.write(partial(self._note, sequence=sequence, reconciled_at=now))
        return len(wrong)

    def update_rows(
        self, table: str, rows: Mapping[str, Mapping[str, Cell]], gone: Collection[str], time_zone: str
    ) -> None:
        """Bring some rows of a two-way table up to date, and delete those that are gone."""
        made = {key: row_of(MIRRORED[table], cells, time_zone) for key, cells in rows.items()}
        self._store.write(lambda connection: self._put_rows(connection, table, made, gone))

    def reconcile_rows(self, table: str, rows: Mapping[str, Mapping[str, Cell]], time_zone: str) -> int:
        """Compare all rows of a two-way table, and put right those that differ; return their number."""
        made = {key: row_of(MIRRORED[table], cells, time_zone) for key, cells in rows.items()}

        def work(connection: Connection) -> int:
            known = self._rows(connection, table)
            wrong = {key: row for key, row in made.items() if known.get(key) != row}
            self._put_rows(connection, table, wrong, known.keys() - made.keys())
            return len(wrong)

        return self._store.write(work)

    def rebuild(self, leads: pd.DataFrame, time_zone: str, sequence: int) -> int:
        """Make all rows anew, whatever stands in them; return their number."""
        self.forget()
        return self.reconcile(leads, time_zone, sequence)

    def forget(self) -> None:
        """Delete all rows of the workbook."""
        from sheets_crm.store.schema import MIRRORS  # noqa: PLC0415

        delete = MIRRORS.delete().where(MIRRORS.c.workbook == self._workbook)
        self._store.write(lambda connection: connection.execute(delete))

    def sequence(self) -> int:
        """The guard's number of the workbook that the mirror shows; 0 when there is none."""
        from sqlalchemy import select  # noqa: PLC0415

        from sheets_crm.store.schema import MIRRORS  # noqa: PLC0415

        asked = select(MIRRORS.c.sequence).where(MIRRORS.c.workbook == self._workbook)
        return self._store.read(lambda connection: connection.execute(asked).scalar()) or 0

    def _rows(self, connection: Connection, table: str) -> dict[str, dict[str, Any]]:
        """The rows of a mirrored two-way table, by key."""
        from sqlalchemy import select  # noqa: PLC0415

        from sheets_crm.store.schema import METADATA  # noqa: PLC0415

        mirror = METADATA.tables[MIRRORED[table].table]
        asked = select(mirror).where(mirror.c.workbook == self._workbook)
        rows = (dict(row._mapping) for row in connection.execute(asked))  # noqa: SLF001 - SQLAlchemy's public name
        return {row.pop("row_key"): {name: row[name] for name in row if name != "workbook"} for row in rows}

    def _put_rows(
        self, connection: Connection, table: str, rows: Mapping[str, Mapping[str, Any]], gone: Collection[str]
    ) -> None:
        from sheets_crm.store.schema import METADATA  # noqa: PLC0415

        self._held(connection)
        mirror = METADATA.tables[MIRRORED[table].table]
        for keys in _batched([*rows, *gone], ROWS_AT_ONCE):
            of_these = mirror.c.row_key.in_(keys)
            connection.execute(mirror.delete().where(mirror.c.workbook == self._workbook, of_these))
        new = ({"workbook": self._workbook, "row_key": key, **row} for key, row in rows.items())
        for some in _batched(new, ROWS_AT_ONCE):
            connection.execute(mirror.insert(), some)

    def _held(self, connection: Connection) -> bool:
        """Hold the mirror until the transaction ends: another worker may be at it. Return whether it was complete."""
        from sqlalchemy import select  # noqa: PLC0415

        from sheets_crm.store.schema import MIRRORS  # noqa: PLC0415

        asked = select(MIRRORS.c.reconciled_at).where(MIRRORS.c.workbook == self._workbook).with_for_update()
        row = connection.execute(asked).first()
        if row is None:
            new = _insert(connection, MIRRORS).values(workbook=self._workbook, sequence=0)
            connection.execute(new.on_conflict_do_nothing())
            row = connection.execute(asked).one()
        return row.reconciled_at is not None

    def _note(self, connection: Connection, **facts: Any) -> None:
        from sheets_crm.store.schema import MIRRORS  # noqa: PLC0415

        connection.execute(MIRRORS.update().where(MIRRORS.c.workbook == self._workbook).values(facts))

    def _digests(self, connection: Connection) -> dict[int, int]:
        from sqlalchemy import select  # noqa: PLC0415

        from sheets_crm.store.schema import LEADS  # noqa: PLC0415

        self._held(connection)
        asked = select(LEADS.c.lead_number, LEADS.c.digest).where(LEADS.c.workbook == self._workbook)
        return {row.lead_number: row.digest for row in connection.execute(asked)}

    def _replace(
        self, connection: Connection, leads: pd.DataFrame, time_zone: str, numbers: Collection[int]
    ) -> None:
        """Delete the rows of some leads, and insert those that there are."""
        from sheets_crm.store import lead_rows  # noqa: PLC0415
        from sheets_crm.store.schema import LEADS  # noqa: PLC0415

        self._held(connection)
        for some in _batched(numbers, ROWS_AT_ONCE):
            of_these = LEADS.c.lead_number.in_(some)
            connection.execute(LEADS.delete().where(LEADS.c.workbook == self._workbook, of_these))
        present = leads.loc[leads.index.isin(list(numbers))]
        for rows in _batched(lead_rows.rows_of(present, self._workbook, time_zone), ROWS_AT_ONCE):
            connection.execute(LEADS.insert(), rows)


def _insert(connection: Connection, table: Any) -> Any:
    from sqlalchemy.dialects import postgresql, sqlite  # noqa: PLC0415

    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def _batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
