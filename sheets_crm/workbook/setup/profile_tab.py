"""The Lead Profile, written around the cell in which operators name a lead."""

from __future__ import annotations

from collections.abc import Sequence

from sheets_crm.pipeline.columns import Kind
from sheets_crm.workbook import lead_profile, requests
from sheets_crm.workbook.cells import CellIn, grid_range
from sheets_crm.workbook.lead_profile import ASK_ROW
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import LEAD_PROFILE

ProfileRows = Sequence[Sequence[CellIn]]


def rows(layout: Layout) -> tuple[tuple[CellIn, ...], ...]:
    """Return every row of the Lead Profile as ``init`` lays it out."""
    return lead_profile.rows(layout.schema, layout.language, layout.where)


def content(layout: Layout) -> list[Request]:
    """Return the writes of the Lead Profile; the cell that operators fill is not among them."""
    there, number = rows(layout), layout.ids[LEAD_PROFILE]
    moments = {column.name for column in layout.schema.columns if column.kind is Kind.WHEN}
    return [
        *_made_room(layout, there),
        requests.write(number, 0, 0, there[:ASK_ROW]),
        requests.write(number, ASK_ROW, 0, [[there[ASK_ROW][0]]]),
        requests.write(number, ASK_ROW + 1, 0, there[ASK_ROW + 1 :]),
        *_looks(number, there),
        *(
            requests.number_format(grid_range(number, n, 1, 1, 1), requests.DATE_TIME)
            for n, row in enumerate(there)
            if row[0] in moments
        ),
    ]


def _made_room(layout: Layout, there: ProfileRows) -> list[Request]:
    """Return what makes the grid long enough, and takes off what stood in rows that have moved."""
    tab, number = layout.tabs[LEAD_PROFILE], layout.ids[LEAD_PROFILE]
    if tab is None:
        return []
    short = len(there) + 2 - tab.rows
    found = [requests.append_rows(number, short)] if short > 0 else []
    if not layout.fresh and not layout.gone:
        return found
    height = max(len(there), tab.rows)
    found.append(requests.plain(grid_range(number, 0, 0, height, 2)))
    return found + ([requests.clear(number, len(there), 0, height - len(there), 2)] if height > len(there) else [])


def _looks(number: int, there: ProfileRows) -> list[Request]:
    yellow = {"backgroundColorStyle": {"rgbColor": requests.colour(0xFFF59D)}, "textFormat": {"bold": True}}
    grey = {"backgroundColorStyle": {"rgbColor": requests.colour(0xE8EAED)}}
    wrapped = {"wrapStrategy": "WRAP", "horizontalAlignment": "LEFT"}
    labels, values = grid_range(number, 0, 0, len(there), 1), grid_range(number, 0, 1, len(there), 1)
    both = grid_range(number, 0, 0, len(there), 2)
    headings = [n for n, row in enumerate(there) if n > ASK_ROW and row[0] and not row[1]]
    return [
        requests.style(grid_range(number, ASK_ROW, 1, 1, 1), yellow, "backgroundColorStyle,textFormat.bold"),
        requests.style(values, wrapped, "wrapStrategy,horizontalAlignment"),
        requests.style(labels, {"textFormat": {"bold": True}}, "textFormat.bold"),
        requests.style(both, {"verticalAlignment": "TOP"}, "verticalAlignment"),
        *(requests.style(grid_range(number, n, 0, 1, 2), grey, "backgroundColorStyle") for n in headings),
    ]
