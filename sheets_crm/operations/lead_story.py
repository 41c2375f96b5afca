"""All that is known of one lead: its cells in the Master, and what feeds told of it."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.engine.finding import find_lead
from sheets_crm.engine.intake import Activity
from sheets_crm.engine.reading import read
from sheets_crm.engine.report import Report, Table
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.messages import said
from sheets_crm.operations.context import Context
from sheets_crm.pipeline.columns import Kind
from sheets_crm.workbook.cells import serial, spelled, zone_of

MOST: Final = 50
"""Parts of a story that are shown unless more are asked for."""


def show(context: Context, lead: str, *, most: int = MOST) -> Report:
    """A lead's cells as the Master holds them, and the latest parts of its story, the newest first.

    Args:
        context: The workbook.
        lead: A LeadNumber or an e-mail address.
        most: Parts of the story at most.
    """
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    number = find_lead(snapshot, lead)
    cells = {str(name): cell for name, cell in snapshot.leads.loc[number].items() if cell != ""}
    story = context.intake.activities(number, most=most) if context.intake is not None else []
    kinds = {column.name: column.kind for column in context.settings.schema.columns}
    values = [[name, _shown(cell, kinds.get(name))] for name, cell in cells.items()]
    columns = [said(f"column.{name}") for name in ("when", "what", "channel", "text")]
    tables = [
        Table("", (said("column.column"), said("column.value")), values),
        Table(said("lead.story"), columns, [_line(part, snapshot) for part in story]),
    ]
    body: dict[str, Any] = {
        "lead": {"LeadNumber": number, **{name: _plain(cell) for name, cell in cells.items()}},
        "rows": [_json(part) for part in story],
    }
    notes = [] if story else [said("lead.no_story")]
    return Report(said("lead.title", lead=number), tables=tables if story else tables[:1], notes=notes, json=body)


def _shown(cell: Any, kind: Kind | None) -> Any:
    return spelled(cell) if kind is Kind.WHEN else _plain(cell)


def _plain(cell: Any) -> Any:
    """A cell as a JSON value; a whole number without its point."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _line(part: Activity, snapshot: Snapshot) -> list[Any]:
    when = spelled(serial(part.at, zone_of(snapshot.info.time_zone)))
    what = said(f"activity.{part.kind}")
    return [when, what, part.channel, ": ".join(filter(None, (part.subject, part.text)))]


def _json(part: Activity) -> dict[str, Any]:
    return {
        "happened_at": part.at.isoformat(timespec="seconds"),
        "kind": part.kind,
        "channel": part.channel,
        "direction": part.direction,
        "campaign": part.campaign,
        "subject": part.subject,
        "text": part.text,
    }
