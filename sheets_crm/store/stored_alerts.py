"""The alerts, notices and messages of one workbook, as jobs use them; it opens the store when it is used."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from sheets_crm.store.access import Store

if TYPE_CHECKING:  # whoever erases a person needs the versions alone
    from sqlalchemy import Connection

    from sheets_crm.alerts.notices import Notice
    from sheets_crm.alerts.ports import Bundle, Fold, Posted, Queued, Standing
    from sheets_crm.alerts.values import Alert

BEFORE_ALERTS: Final = frozenset({"0001", "0002", "0003", "0004", "0005", "0006", "0007"})
"""Schema versions without alerts."""


class StoredAlerts:
    """Implements `sheets_crm.alerts.ports.AlertBook` in the store.

    Args:
        store: The store.
        workbook: Id of the spreadsheet.
    """

    def __init__(self, store: Store, workbook: str) -> None:
        self._store = store
        self._workbook = workbook

    def fold(self, decide: Fold, now: dt.datetime) -> list[Alert]:
        """Bring the alerts up to date and queue what is told, together; one process at a time."""
        from sheets_crm.store import alert_messages, alerts  # noqa: PLC0415 - SQLAlchemy waits until it is needed

        def work(connection: Connection) -> list[Alert]:
            alerts.lock(connection)
            before = alerts.load(connection, self._workbook)
            after, messages = decide(before)
            known = {alert.key: alert for alert in before}
            alerts.save(connection, self._workbook, [one for one in after if known.get(one.key) != one])
            for message in messages:
                alert_messages.queue(connection, self._workbook, message, now)
            return after

        return self._store.write(work)

    def alerts(self) -> list[Alert]:
        """The alerts as they are remembered, closed ones too."""
        from sheets_crm.store import alerts  # noqa: PLC0415

        return self._store.read(lambda connection: alerts.load(connection, self._workbook))

    def note(self, notice: Notice, now: dt.datetime) -> bool:
        """Note what happened; return whether it was not noted before."""
        from sheets_crm.store import alert_messages  # noqa: PLC0415

        return self._store.write(lambda connection: alert_messages.note(connection, self._workbook, notice, now))

    def waiting(self) -> list[Notice]:
        """The notices that nobody was told of, the oldest first."""
        from sheets_crm.store import alert_messages  # noqa: PLC0415

        return self._store.read(lambda connection: alert_messages.waiting(connection, self._workbook))

    def bundle(self, events: frozenset[str], decide: Bundle, now: dt.datetime) -> None:
        """Queue what is told of the notices of some events, and drop those of all others."""
        from sheets_crm.store import alert_messages, alerts  # noqa: PLC0415

        def work(connection: Connection) -> None:
            alerts.lock(connection)
            waiting = alert_messages.waiting(connection, self._workbook)
            asked, others = alert_messages.asked_for(waiting, events)
            alert_messages.mark(connection, self._workbook, others, "dropped")
            for message, told in decide(asked, alert_messages.recent(connection, self._workbook, now)):
                kind = alert_messages.SEVERAL if len(told) > 1 else ""
                alert_messages.queue(connection, self._workbook, message, now, kind)
                alert_messages.mark(connection, self._workbook, told, "told")

        self._store.write(work)

    def due(self, now: dt.datetime) -> list[Queued]:
        """The messages that may be sent now, the oldest first."""
        from sheets_crm.store import alert_messages  # noqa: PLC0415

        return self._store.read(lambda connection: alert_messages.due(connection, self._workbook, now))

    def claim(self, message: Queued, now: dt.datetime) -> bool:
        """Claim a message; of several who try, one gets it."""
        from sheets_crm.store import alert_messages  # noqa: PLC0415

        def work(connection: Connection) -> bool:
            return alert_messages.claim(connection, self._workbook, message.number, now)

        return self._store.write(work)

    def settle(self, message: Queued, posted: Posted, now: dt.datetime, next_at: dt.datetime | None) -> None:
        """Record the answer to a claimed message; with a next time it waits again."""
        from sheets_crm.store import alert_messages  # noqa: PLC0415

        def work(connection: Connection) -> None:
            alert_messages.settle(connection, self._workbook, message.number, posted, now, next_at)

        self._store.write(work)

    def tidy(self, now: dt.datetime) -> None:
        """Note that the outcome of old claims is not known, and delete what was settled long ago."""
        from sheets_crm.store import alert_messages  # noqa: PLC0415

        self._store.write(lambda connection: alert_messages.tidy(connection, self._workbook, now))

    def standing(self, now: dt.datetime) -> Standing:
        """How the messages stand."""
        from sheets_crm.store import alert_messages  # noqa: PLC0415

        return self._store.read(lambda connection: alert_messages.standing(connection, self._workbook, now))

    def last_deliveries(self) -> dict[str, dt.datetime]:
        """When each source last brought something, by its name."""
        from sheets_crm.store import intake  # noqa: PLC0415

        return self._store.read(lambda connection: intake.last_deliveries(connection, self._workbook))
