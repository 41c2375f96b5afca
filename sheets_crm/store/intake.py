"""The intake: deliveries of sources and feeds, stored as they came, and what became of each.

Whoever receives stores before acknowledging; a run imports later and settles each delivery in the transaction that
stores what it brought. So a delivery is imported once, whoever dies in between.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from sheets_crm.engine.intake import EXPIRED, WAITING, Count, Delivery, Outcome, Settled, Waiting
from sheets_crm.store.schema import INTAKE

KEPT_DAYS: Final = 30.0
"""Bodies that came longer ago are deleted: they hold people's data. Their rows stay, so that a repetition is known."""

CHUNK: Final = 500
"""Numbers in a statement."""


def add(connection: Connection, workbook: str, deliveries: Sequence[Delivery]) -> int:
    """Store deliveries; return how many were not there yet, by their keys."""
    if not deliveries:
        return 0
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(INTAKE).on_conflict_do_nothing().returning(INTAKE.c.intake_id)
    return len(connection.execute(statement, [_row(workbook, delivery) for delivery in deliveries]).all())


def _row(workbook: str, delivery: Delivery) -> dict[str, Any]:
    return {
        "workbook": workbook,
        "source": delivery.source,
        "kind": delivery.kind,
        "delivery_key": delivery.key,
        "received_at": delivery.received_at,
        "body": delivery.body,
        "state": WAITING,
        "settled_at": None,
        "reason": "",
    }


def page(
    connection: Connection,
    workbook: str,
    after: int = 0,
    *,
    rows: int,
    size: int,
    sources: Collection[str] | None = None,
) -> list[Waiting]:
    """The next deliveries that wait, oldest first.

    Args:
        connection: A connection.
        workbook: Id of the spreadsheet.
        after: The number that the page before ended with; 0 for the first.
        rows: Most deliveries.
        size: Most bytes of their bodies together; one that is larger comes alone.
        sources: Whose deliveries are asked for; None for all.
    """
    asked = (INTAKE.c.workbook == workbook) & (INTAKE.c.state == WAITING)
    if sources is not None:
        asked &= INTAKE.c.source.in_(sources)
    return [_waiting(row) for row in bounded(connection, asked, after, rows, size)]


def bounded(connection: Connection, asked: ColumnElement[bool], after: int, rows: int, size: int) -> list[Any]:
    """The next rows that are asked for, as many as fit, but one at least; sizes are read before any body."""
    sizes: Select[Any] = select(INTAKE.c.intake_id, func.length(INTAKE.c.body).label("size"))
    following = asked & (INTAKE.c.intake_id > after)
    found = connection.execute(sizes.where(following).order_by(INTAKE.c.intake_id).limit(rows)).all()
    last, total = None, 0
    for row in found:
        total += row.size or 0
        if last is not None and total > size:
            break
        last = row.intake_id
    if last is None:
        return []
    fitting = select(INTAKE).where(following, INTAKE.c.intake_id <= last).order_by(INTAKE.c.intake_id)
    return list(connection.execute(fitting).all())


def _waiting(row: Any) -> Waiting:
    return Waiting(
        row.intake_id, Delivery(row.source, row.kind, row.received_at, row.body or b"", row.delivery_key)
    )


def settle(connection: Connection, workbook: str, settled: Iterable[Settled], at: dt.datetime) -> set[int]:
    """Note what became of deliveries, in the transaction that stores what they brought.

    Returns:
        The numbers of those that waited until now. One that is missing was settled by somebody else meanwhile: what
        this transaction stores of it must not stay.
    """
    alike = defaultdict(list)
    for each in settled:
        alike[each.outcome, each.reason, each.keeps_body].append(each.number)
    done: set[int] = set()
    for (outcome, reason, keeps_body), numbers in alike.items():
        values: dict[str, Any] = {"state": outcome.value, "reason": reason, "settled_at": at}
        if not keeps_body:
            values["body"] = None
        for chunk in _chunks(sorted(numbers)):
            waited = (INTAKE.c.workbook == workbook) & (INTAKE.c.state == WAITING) & INTAKE.c.intake_id.in_(chunk)
            changed = INTAKE.update().where(waited).values(values).returning(INTAKE.c.intake_id)
            done.update(connection.execute(changed).scalars())
    return done


def replay(connection: Connection, workbook: str, source: str, kinds: Collection[str]) -> int:
    """Let imported deliveries of some kinds wait again, as far as their bodies are kept; return how many."""
    asked = (INTAKE.c.workbook == workbook) & (INTAKE.c.source == source) & INTAKE.c.kind.in_(sorted(kinds))
    imported = asked & (INTAKE.c.state == Outcome.IMPORTED.value) & INTAKE.c.body.is_not(None)
    waiting = {"state": WAITING, "settled_at": None}
    changed = INTAKE.update().where(imported).values(waiting).returning(INTAKE.c.intake_id)
    return len(connection.execute(changed).all())


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK))


def kinds_waiting(connection: Connection, workbook: str) -> set[tuple[str, str]]:
    """Source and kind of the deliveries that wait."""
    asked = select(INTAKE.c.source, INTAKE.c.kind).where(INTAKE.c.workbook == workbook, INTAKE.c.state == WAITING)
    return {(row.source, row.kind) for row in connection.execute(asked.distinct())}


def counts(connection: Connection, workbook: str) -> list[Count]:
    """How many deliveries there are, by source, kind and state."""
    columns = (INTAKE.c.source, INTAKE.c.kind, INTAKE.c.state)
    asked = select(*columns, func.count()).where(INTAKE.c.workbook == workbook)
    return [Count(*row) for row in connection.execute(asked.group_by(*columns).order_by(*columns))]


def last_deliveries(connection: Connection, workbook: str) -> dict[str, dt.datetime]:
    """When each source of a workbook last brought something, by its name."""
    asked = select(INTAKE.c.source, func.max(INTAKE.c.received_at)).where(INTAKE.c.workbook == workbook)
    return {str(row[0]): row[1] for row in connection.execute(asked.group_by(INTAKE.c.source))}


def delete_old_bodies(connection: Connection, now: dt.datetime) -> int:
    """Delete bodies that came more than `KEPT_DAYS` ago, of every workbook; return how many.

    One that still waits is refused as expired, so that it is counted: who imports does so before this.
    """
    old = (INTAKE.c.received_at < now - dt.timedelta(days=KEPT_DAYS)) & INTAKE.c.body.is_not(None)
    expired = {"state": Outcome.REFUSED.value, "reason": EXPIRED, "settled_at": now}
    connection.execute(INTAKE.update().where(old, INTAKE.c.state == WAITING).values(expired))
    deleted = INTAKE.update().where(old).values(body=None).returning(INTAKE.c.intake_id)
    return len(connection.execute(deleted).all())
