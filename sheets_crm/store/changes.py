"""The change journal: every changed cell of the leads, and every edit of a two-way table, with its cause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, or_, select

from sheets_crm.store.schema import CHANGES

Entry = dict[str, Any]


def row_of(entry: Entry) -> dict[str, Any]:
    """The row of an entry.

    Raises:
        ValueError: Its time is none.
    """
    moment = dt.datetime.fromisoformat(entry["when"])
    return {
        "workbook": entry.get("workbook") or "",
        "changed_at": moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC),
        "run": entry.get("run") or "",
        "sequence": entry["sequence"],
        "cause": entry["cause"],
        "lead_number": entry["lead"],
        "table_name": entry.get("table") or "",
        "row_key": entry.get("key") or "",
        "column_name": entry["column"],
        "old": orjson.dumps(entry["old"]).decode(),
        "new": orjson.dumps(entry["new"]).decode(),
    }


def entry_of(row: Row[Any]) -> Entry:
    """The entry of a row."""
    of_table = {"table": row.table_name, "key": row.row_key} if row.table_name else {}
    return {
        **({"workbook": row.workbook} if row.workbook else {}),
        "when": row.changed_at.isoformat(timespec="seconds"),
        "run": row.run,
        "sequence": row.sequence,
        "cause": row.cause,
        "lead": row.lead_number,
        **of_table,
        "column": row.column_name,
        "old": orjson.loads(row.old),
        "new": orjson.loads(row.new),
    }


def note(connection: Connection, entries: Sequence[Entry]) -> None:
    """Note changes at the end of the journal."""
    if entries:
        connection.execute(CHANGES.insert(), [row_of(entry) for entry in entries])


def page(
    connection: Connection, workbook: str, after: int, *, lead: int | None = None, size: int = 5_000
) -> tuple[list[Entry], int | None]:
    """A page of the journal of a workbook, oldest first, and the number to go on after; None at its end.

    Args:
        connection: A connection.
        workbook: Id of the spreadsheet.
        after: The number that the page before ended with; 0 for the first.
        lead: The LeadNumber whose changes are asked for; None for all.
        size: How many there are in a page.
    """
    rows = connection.execute(_of(workbook, lead).where(CHANGES.c.change_id > after).limit(size)).all()
    return [entry_of(row) for row in rows], rows[-1].change_id if len(rows) == size else None


def _of(workbook: str, lead: int | None) -> Select[Any]:
    # Version 0.1.0 did not note the workbook: such lines count as every workbook's.
    of_workbook = select(CHANGES).where(or_(CHANGES.c.workbook == workbook, CHANGES.c.workbook == ""))
    of_lead = of_workbook if lead is None else of_workbook.where(CHANGES.c.lead_number == lead)
    return of_lead.order_by(CHANGES.c.change_id)


def erase(connection: Connection, workbook: str, is_about: Callable[[Entry], bool]) -> int:
    """Delete the changes that are about a person; return their number."""
    rows = connection.execute(_of(workbook, None)).all()
    gone = [row.change_id for row in rows if is_about(entry_of(row))]
    for start in range(0, len(gone), 500):
        connection.execute(CHANGES.delete().where(CHANGES.c.change_id.in_(gone[start : start + 500])))
    return len(gone)
