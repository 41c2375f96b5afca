"""The messages of alerts and notices in the store: queued under a key of their own, claimed, and settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from sheets_crm.alerts.notices import WINDOW, Notice, Recent
from sheets_crm.alerts.ports import Answer, Posted, Queued, Standing
from sheets_crm.alerts.values import Message, Telling
from sheets_crm.store.schema import ALERT_MESSAGES, NOTICES

IN_HAND: Final = dt.timedelta(minutes=10)
"""Of a claim that is older nobody is waiting for the answer any more."""
KEPT: Final = dt.timedelta(days=90)
"""Messages and notices that were settled longer ago are deleted."""
SHOWN: Final = dt.timedelta(days=7)
"""For so long a message of which nobody knows whether it was taken is shown."""
SEVERAL: Final = "notices"
"""Kind of a message that tells several notices."""

_STATES: Final = {
    Answer.SENT: "sent",
    Answer.UNKNOWN: "unknown",
    Answer.LATER: "failed",
    Answer.REVOKED: "failed",
    Answer.REFUSED: "failed",
}


def _insert(connection: Connection, table: Any) -> Any:
    of_dialect: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return of_dialect(table).on_conflict_do_nothing()


def queue(connection: Connection, workbook: str, message: Message, now: dt.datetime, kind: str = "") -> None:
    """Queue a message, unless one of its key was queued before."""
    values = {
        "workbook": workbook,
        "message_key": message.key,
        "kind": kind or message.telling.value,
        "text": message.text,
        "urgent": message.urgent,
        "made_at": now,
        "state": "waiting",
        "attempts": 0,
        "next_at": now,
        "claimed_at": None,
        "answered_at": None,
        "answer": "",
    }
    connection.execute(_insert(connection, ALERT_MESSAGES).values(values))


def due(connection: Connection, workbook: str, now: dt.datetime) -> list[Queued]:
    """The messages that may be sent now, the oldest first."""
    waiting = (ALERT_MESSAGES.c.workbook == workbook) & (ALERT_MESSAGES.c.state == "waiting")
    asked = select(ALERT_MESSAGES).where(waiting, ALERT_MESSAGES.c.next_at <= now)
    rows = connection.execute(asked.order_by(ALERT_MESSAGES.c.alert_message_id))
    return [Queued(row.alert_message_id, row.text, row.attempts, row.made_at, row.urgent) for row in rows]


def claim(connection: Connection, workbook: str, number: int, now: dt.datetime) -> bool:
    """Claim a waiting message; of several who try, one gets it."""
    changed = _of(workbook, number, "waiting").values(
        state="claimed", claimed_at=now, attempts=ALERT_MESSAGES.c.attempts + 1
    )
    return connection.execute(changed.returning(ALERT_MESSAGES.c.alert_message_id)).first() is not None


def settle(
    connection: Connection,
    workbook: str,
    number: int,
    posted: Posted,
    now: dt.datetime,
    next_at: dt.datetime | None,
) -> None:
    """Record the answer to a claimed message; with a next time it waits again."""
    state = _STATES[posted.answer] if next_at is None else "waiting"
    values: dict[str, Any] = {"state": state, "answer": posted.words, "answered_at": now}
    if next_at is not None:
        values["next_at"] = next_at
    connection.execute(_of(workbook, number, "claimed").values(values))


def _of(workbook: str, number: int, state: str) -> Any:
    of_number = (ALERT_MESSAGES.c.workbook == workbook) & (ALERT_MESSAGES.c.alert_message_id == number)
    return ALERT_MESSAGES.update().where(of_number, ALERT_MESSAGES.c.state == state)


def tidy(connection: Connection, workbook: str, now: dt.datetime) -> None:
    """Note that the outcome of old claims is not known, and delete what was settled long ago."""
    of_workbook = ALERT_MESSAGES.c.workbook == workbook
    old = (ALERT_MESSAGES.c.state == "claimed") & (ALERT_MESSAGES.c.claimed_at <= now - IN_HAND)
    connection.execute(ALERT_MESSAGES.update().where(of_workbook, old).values(state="unknown"))
    settled = ALERT_MESSAGES.c.state.not_in(("waiting", "claimed")) & (ALERT_MESSAGES.c.made_at < now - KEPT)
    connection.execute(ALERT_MESSAGES.delete().where(of_workbook, settled))
    told = (NOTICES.c.state != "waiting") & (NOTICES.c.noted_at < now - KEPT)
    connection.execute(NOTICES.delete().where(NOTICES.c.workbook == workbook, told))


def standing(connection: Connection, workbook: str, now: dt.datetime) -> Standing:
    """How the messages of a workbook stand."""
    of_workbook = ALERT_MESSAGES.c.workbook == workbook
    answered = select(ALERT_MESSAGES.c.answer, ALERT_MESSAGES.c.answered_at).where(
        of_workbook, ALERT_MESSAGES.c.answered_at.is_not(None)
    )
    newest = connection.execute(
        answered.order_by(ALERT_MESSAGES.c.answered_at.desc(), ALERT_MESSAGES.c.alert_message_id.desc()).limit(1)
    ).first()
    lately = (ALERT_MESSAGES.c.state == "unknown") & (ALERT_MESSAGES.c.made_at > now - SHOWN)
    unknown = connection.execute(select(func.count()).select_from(ALERT_MESSAGES).where(of_workbook, lately))
    answer, at = ("", None) if newest is None else (newest.answer, newest.answered_at)
    return Standing(answer, at, unknown.scalar_one())


# -- notices


def note(connection: Connection, workbook: str, notice: Notice, now: dt.datetime) -> bool:
    """Note what happened; return whether it was not noted before."""
    values = {
        "workbook": workbook,
        "event": notice.event,
        "notice_key": notice.key,
        "text": notice.text,
        "link": notice.link,
        "state": "waiting",
        "noted_at": now,
    }
    made = _insert(connection, NOTICES).values(values).returning(NOTICES.c.event)
    return connection.execute(made).first() is not None


def waiting(connection: Connection, workbook: str) -> list[Notice]:
    """The notices that nobody was told of, the oldest first."""
    asked = select(NOTICES).where(NOTICES.c.workbook == workbook, NOTICES.c.state == "waiting")
    rows = connection.execute(asked.order_by(NOTICES.c.noted_at, NOTICES.c.event, NOTICES.c.notice_key))
    return [Notice(row.event, row.notice_key, row.text, row.link) for row in rows]


def recent(connection: Connection, workbook: str, now: dt.datetime) -> Recent:
    """The messages of notices of the last ten minutes."""
    lately = (ALERT_MESSAGES.c.workbook == workbook) & (ALERT_MESSAGES.c.made_at > now - WINDOW)
    kinds = select(ALERT_MESSAGES.c.kind, func.count()).where(lately).group_by(ALERT_MESSAGES.c.kind)
    counts = {row[0]: int(row[1]) for row in connection.execute(kinds)}
    return Recent(counts.get(Telling.NOTICE.value, 0), SEVERAL in counts)


def mark(connection: Connection, workbook: str, notices: Sequence[Notice], state: str) -> None:
    """Note what became of waiting notices."""
    for one in notices:
        of_notice = (NOTICES.c.event == one.event) & (NOTICES.c.notice_key == one.key)
        of_workbook = (NOTICES.c.workbook == workbook) & (NOTICES.c.state == "waiting")
        connection.execute(NOTICES.update().where(of_workbook, of_notice).values(state=state))


def asked_for(notices: Sequence[Notice], events: Collection[str]) -> tuple[list[Notice], list[Notice]]:
    """Notices of some events, and all others."""
    return [one for one in notices if one.event in events], [one for one in notices if one.event not in events]
