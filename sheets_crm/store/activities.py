"""Activities: what happened with each lead, as feeds told it. Each is stored once, by its key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from sheets_crm.engine.intake import Activity
from sheets_crm.store.schema import ACTIVITIES

IsAbout = Callable[[dict[str, Any]], bool]
"""Whether an entry of the change journal is about the person."""

PAGE: Final = 500


def note(connection: Connection, workbook: str, activities: Sequence[Activity]) -> None:
    """Store activities; one that is there already stays as it is."""
    if not activities:
        return
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    rows = [_row(workbook, activity) for activity in activities]
    connection.execute(insert(ACTIVITIES).on_conflict_do_nothing(), rows)


def _row(workbook: str, activity: Activity) -> dict[str, Any]:
    return {
        "workbook": workbook,
        "activity_key": activity.key,
        "lead_number": activity.lead_number,
        "happened_at": activity.at,
        "kind": activity.kind,
        "channel": activity.channel,
        "direction": activity.direction,
        "campaign": activity.campaign,
        "subject": activity.subject,
        "text": activity.text,
    }


def of_lead(connection: Connection, workbook: str, lead_number: int, *, most: int) -> list[Activity]:
    """The latest activities of a lead, the newest first."""
    own = (ACTIVITIES.c.workbook == workbook) & (ACTIVITIES.c.lead_number == lead_number)
    newest = (ACTIVITIES.c.happened_at.desc(), ACTIVITIES.c.activity_id.desc())
    return [
        _activity(row) for row in connection.execute(select(ACTIVITIES).where(own).order_by(*newest).limit(most))
    ]


def recent(connection: Connection, workbook: str, since: dt.datetime, kinds: Collection[str]) -> list[Activity]:
    """The activities of some kinds since a moment, the oldest first."""
    later = (ACTIVITIES.c.workbook == workbook) & (ACTIVITIES.c.happened_at >= since)
    asked = select(ACTIVITIES).where(later, ACTIVITIES.c.kind.in_(sorted(kinds)))
    return [_activity(row) for row in connection.execute(asked.order_by(ACTIVITIES.c.happened_at))]


def _activity(row: Any) -> Activity:
    return Activity(
        key=row.activity_key,
        lead_number=row.lead_number,
        at=row.happened_at,
        kind=row.kind,
        channel=row.channel,
        direction=row.direction,
        campaign=row.campaign,
        subject=row.subject,
        text=row.text,
    )


def erase(connection: Connection, workbook: str, is_about: IsAbout) -> int:
    """Delete the activities of a person, and those of others whose text names the person; return how many."""
    after, erased = 0, 0
    own = ACTIVITIES.c.workbook == workbook
    while rows := _page(connection, own & (ACTIVITIES.c.activity_id > after)):
        after = rows[-1].activity_id
        gone = [row.activity_id for row in rows if is_about(_entry(row))]
        if gone:
            connection.execute(ACTIVITIES.delete().where(ACTIVITIES.c.activity_id.in_(gone)))
        erased += len(gone)
    return erased


def _page(connection: Connection, asked: Any) -> list[Any]:
    following = select(ACTIVITIES).where(asked).order_by(ACTIVITIES.c.activity_id).limit(PAGE)
    return list(connection.execute(following).all())


def _entry(row: Any) -> dict[str, Any]:
    """An activity as an entry of the journal has the cells of a lead."""
    return {"lead": row.lead_number, "old": "", "new": {"subject": row.subject, "text": row.text}}
