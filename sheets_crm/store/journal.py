"""The change journal of one workbook, as runs and verbs use it; it opens the store when it is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sheets_crm.engine.journal_lines import entries_of
from sheets_crm.plan.plan import LeadChange, RowChange
from sheets_crm.store.access import Store
from sheets_crm.store.stored_alerts import BEFORE_ALERTS
from sheets_crm.store.stored_intake import BEFORE_ACTIVITIES, BEFORE_INTAKE

if TYPE_CHECKING:
    from sqlalchemy import Connection

BEFORE_CLAIMS: Final = frozenset({"0001", "0002"})
"""Schema versions without tables of claims."""


class StoredJournal:
    """Implements `sheets_crm.engine.ports.ChangeJournal` in the store.

    Args:
        store: The store.
        workbook: Id of the spreadsheet.
    """

    def __init__(self, store: Store, workbook: str) -> None:
        self._store = store
        self._workbook = workbook

    def migrate(self) -> None:
        """Open the store, and migrate one of an older version."""
        self._store.migrates = True
        self._store.prepare()

    def prepare(self) -> None:
        """Open the store, so that what is wrong with it shows before the workbook is written."""
        self._store.prepare()

    def note(self, when: str, run: str, sequence: int, changes: Iterable[LeadChange | RowChange]) -> None:
        """Note changes, on the disk before this returns."""
        noted = entries_of(when, run, sequence, changes, self._workbook)
        if noted:
            from sheets_crm.store import changes as table  # noqa: PLC0415 - SQLAlchemy waits until it is needed

            self._store.write(lambda connection: table.note(connection, noted))

    def entries(self, lead: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield the journal, or that of one lead, oldest first; no transaction stays open between two pages."""
        after: int | None = 0
        while after is not None:
            entries, after = self._store.read(self._page(after, lead))
            yield from entries

    def _page(
        self, after: int, lead: int | None
    ) -> Callable[[Connection], tuple[list[dict[str, Any]], int | None]]:
        from sheets_crm.store import changes as table  # noqa: PLC0415

        return lambda connection: table.page(connection, self._workbook, after, lead=lead)

    def addressees(self) -> list[tuple[str, str]]:
        """LeadNumber and address of everybody whom a message was claimed for."""
        from sheets_crm.store import claim_erasing  # noqa: PLC0415

        return self._store.read(lambda connection: claim_erasing.addressees(connection, self._workbook))

    def erase(self, is_about: Callable[[dict[str, Any]], bool]) -> int:
        """Delete the changes that are about a person, in the backups too; return how many the store had.

        The messages to them stay as used ids, without whom they were for. What came in about them goes too, and what
        jobs failed with: a message may quote what could not be done to whom.
        """
        from sheets_crm.store import (  # noqa: PLC0415
            activities,
            alerts,
            backups,
            claim_erasing,
            intake_erasing,
            job_runs,
            opening,
        )
        from sheets_crm.store import changes as table  # noqa: PLC0415

        def work(connection: Connection) -> int:
            job_runs.erase_details(connection)
            version = opening.schema_version(connection)  # a backup may be of an older one
            if version not in BEFORE_CLAIMS:
                claim_erasing.erase(connection, self._workbook, is_about)
            if version not in BEFORE_INTAKE:
                now = dt.datetime.fromtimestamp(self._store.clock(), tz=dt.UTC)
                intake_erasing.erase(connection, self._workbook, is_about, now)
            if version not in BEFORE_ACTIVITIES:
                activities.erase(connection, self._workbook, is_about)
            if version not in BEFORE_ALERTS:
                alerts.erase_texts(connection)
            return table.erase(connection, self._workbook, is_about)

        erased = self._store.write(work)
        for backup in backups.kept(self._store.state_dir):
            with opening.connected_file(backup).execution_options(writes=True).begin() as connection:
                work(connection)
        return erased
