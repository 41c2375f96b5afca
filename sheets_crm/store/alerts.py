"""The alerts of workbooks in the store: as they are remembered, and erased."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects import postgresql, sqlite

from sheets_crm.alerts.values import Alert, Cause, Severity
from sheets_crm.messages import said
from sheets_crm.store.schema import ALERT_MESSAGES, ALERTS, NOTICES

_KEY = ("workbook", "code", "subject")
_FOLDING = 7_205_759_404
"""Number of the advisory lock under which PostgreSQL's alerts are brought up to date."""


def lock(connection: Connection) -> None:
    """Let one process at a time bring alerts up to date: in SQLite a transaction that writes does that by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _FOLDING})


def load(connection: Connection, workbook: str) -> list[Alert]:
    """The alerts of a workbook, the oldest first."""
    asked = select(ALERTS).where(ALERTS.c.workbook == workbook)
    ordered = asked.order_by(ALERTS.c.since, ALERTS.c.code, ALERTS.c.subject)
    return [_alert(row) for row in connection.execute(ordered)]


def save(connection: Connection, workbook: str, alerts: Iterable[Alert]) -> None:
    """Save alerts over those of the same causes."""
    rows = [_row(workbook, alert) for alert in alerts]
    if not rows:
        return
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = insert(ALERTS)
    written = {column.name: new.excluded[column.name] for column in ALERTS.c if column.name not in _KEY}
    connection.execute(new.on_conflict_do_update(index_elements=list(_KEY), set_=written), rows)


def _alert(row: Any) -> Alert:
    cause = Cause(row.code, row.subject, Severity(row.severity), row.cause, row.remedy, row.link, row.owner)
    return Alert(
        cause,
        row.since,
        row.times,
        row.told,
        row.cleared,
        row.closed_at,
        row.tell_from,
        row.alert,
        row.seen,
        row.snooze_until,
    )


def _row(workbook: str, alert: Alert) -> dict[str, Any]:
    cause = alert.cause
    return {
        "workbook": workbook,
        "code": cause.code,
        "subject": cause.subject,
        "alert": alert.row,
        "severity": cause.severity.value,
        "cause": cause.text,
        "remedy": cause.remedy,
        "link": cause.link,
        "owner": cause.owner,
        "since": alert.since,
        "times": alert.times,
        "seen": alert.seen,
        "snooze_until": alert.snooze_until,
        "told": alert.told,
        "cleared": alert.cleared,
        "closed_at": alert.closed_at,
        "tell_from": alert.tell_from,
    }


def erase_texts(connection: Connection) -> None:
    """Take the texts out that may quote a person: what jobs failed with, and what was told already."""
    erased = str(said("job.error_erased"))
    connection.execute(ALERTS.update().where(ALERTS.c.code == "job_failed").values(cause=erased))
    settled = ALERT_MESSAGES.c.state.not_in(("waiting", "claimed"))
    connection.execute(ALERT_MESSAGES.update().where(settled).values(text=""))
    connection.execute(NOTICES.update().where(NOTICES.c.state != "waiting").values(text="", link=""))


def note_restored(connection: Connection) -> None:
    """Note in a backup that became a store that all of it was told: its twin may have told it since."""
    connection.execute(ALERTS.update().where(ALERTS.c.closed_at.is_(None)).values(told=ALERTS.c.times))
    connection.execute(
        ALERTS.update().where(ALERTS.c.closed_at.is_not(None)).values(told=ALERTS.c.times, cleared=ALERTS.c.times)
    )
    open_ = ALERT_MESSAGES.c.state.in_(("waiting", "claimed"))
    connection.execute(ALERT_MESSAGES.update().where(open_).values(state="unknown"))
    connection.execute(NOTICES.update().where(NOTICES.c.state == "waiting").values(state="told"))
