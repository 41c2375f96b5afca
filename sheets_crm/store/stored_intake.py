"""The intake of one workbook, as a receiver and runs use it; it opens the store when it is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from sheets_crm.engine.intake import Activity, Count, Delivery, Settled, Waiting
from sheets_crm.store.access import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection

BEFORE_INTAKE: Final = frozenset({"0001", "0002", "0003"})
"""Schema versions without an intake."""
BEFORE_ACTIVITIES: Final = BEFORE_INTAKE | {"0004"}
"""Schema versions without activities."""


class StoredIntake:
    """Implements `sheets_crm.engine.intake.Intake` in the store.

    Args:
        store: The store.
        workbook: Id of the spreadsheet.
    """

    def __init__(self, store: Store, workbook: str) -> None:
        self._store = store
        self._workbook = workbook

    def add(self, deliveries: Sequence[Delivery]) -> int:
        """Store deliveries in one transaction, on the disk before this returns; return how many are new."""
        from sheets_crm.store import intake  # noqa: PLC0415 - SQLAlchemy waits until it is needed

        return self._store.write(lambda connection: intake.add(connection, self._workbook, deliveries))

    def page(
        self, after: int = 0, *, rows: int, size: int, sources: Collection[str] | None = None
    ) -> list[Waiting]:
        """The next deliveries that wait, oldest first; at most so many, and bytes of bodies, but one at least."""
        from sheets_crm.store import intake  # noqa: PLC0415

        def work(connection: Connection) -> list[Waiting]:
            return intake.page(connection, self._workbook, after, rows=rows, size=size, sources=sources)

        return self._store.read(work)

    def counts(self) -> list[Count]:
        """How many deliveries there are, by source, kind and state."""
        from sheets_crm.store import intake  # noqa: PLC0415

        return self._store.read(lambda connection: intake.counts(connection, self._workbook))

    def kinds_waiting(self) -> set[tuple[str, str]]:
        """Source and kind of the deliveries that wait."""
        from sheets_crm.store import intake  # noqa: PLC0415

        return self._store.read(lambda connection: intake.kinds_waiting(connection, self._workbook))

    def note(self, activities: Sequence[Activity]) -> None:
        """Store activities of leads; one that is there already stays as it is."""
        from sheets_crm.store import activities as table  # noqa: PLC0415

        self._store.write(lambda connection: table.note(connection, self._workbook, activities))

    def activities(self, lead_number: int, *, most: int) -> list[Activity]:
        """The latest activities of a lead, the newest first."""
        from sheets_crm.store import activities as table  # noqa: PLC0415

        return self._store.read(
            lambda connection: table.of_lead(connection, self._workbook, lead_number, most=most)
        )

    def recent_activities(self, since: dt.datetime, kinds: Collection[str]) -> list[Activity]:
        """The activities of some kinds since a moment, the oldest first."""
        from sheets_crm.store import activities as table  # noqa: PLC0415

        return self._store.read(lambda connection: table.recent(connection, self._workbook, since, kinds))

    def settle(self, settled: Iterable[Settled]) -> None:
        """Note what became of deliveries, in one transaction."""
        from sheets_crm.store import intake  # noqa: PLC0415

        at = dt.datetime.fromtimestamp(self._store.clock(), tz=dt.UTC)
        listed = list(settled)
        self._store.write(lambda connection: intake.settle(connection, self._workbook, listed, at))

    def replay(self, source: str, kinds: Collection[str]) -> int:
        """Let imported deliveries of some kinds wait again, as far as their bodies are kept; return how many."""
        from sheets_crm.store import intake  # noqa: PLC0415

        return self._store.write(lambda connection: intake.replay(connection, self._workbook, source, kinds))

    def store_id(self) -> str:
        """Which store it is in."""
        from sheets_crm.store import identity  # noqa: PLC0415

        return self._store.read(identity.store_id)

    def delete_old_bodies(self, now: dt.datetime | None = None) -> int:
        """Delete bodies that are too old now, or at another moment, in the backups too; return how many there were."""
        from sheets_crm.store import backups, intake, opening  # noqa: PLC0415

        now = now or dt.datetime.fromtimestamp(self._store.clock(), tz=dt.UTC)
        deleted = self._store.write(lambda connection: intake.delete_old_bodies(connection, now))
        for backup in backups.kept(self._store.state_dir):
            with opening.connected_file(backup).execution_options(writes=True).begin() as connection:
                if opening.schema_version(connection) not in BEFORE_INTAKE:
                    intake.delete_old_bodies(connection, now)
        return deleted
