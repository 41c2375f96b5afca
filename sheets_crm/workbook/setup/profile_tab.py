"""The Lead Profile, written around the cell in which operators enter a lead."""

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
    """Every row of the Lead Profile as ``init`` lays it out."""
    return lead_profile.rows(layout.schema, layout.language, layout.where)


def content(layout: Layout) -> list[Request]:
    """The requests of the Lead Profile, which leave out the cell that operators fill."""
    profile, number = rows(layout), layout.ids[LEAD_PROFILE]
    moments = {column.name for column in layout.schema.columns if column.kind is Kind.WHEN}
    return [
        *_fit_grid(layout, profile),
        requests.write(number, 0, 0, profile[:ASK_ROW]),
        requests.write(number, ASK_ROW, 0, [[profile[ASK_ROW][0]]]),
        requests.write(number, ASK_ROW + 1, 0, profile[ASK_ROW + 1 :]),
        *_formatting(number, profile),
        *(
            requests.number_format(grid_range(number, n, 1, 1, 1), requests.DATE_TIME)
            for n, row in enumerate(profile)
            if row[0] in moments
        ),
    ]


def _fit_grid(layout: Layout, profile: ProfileRows) -> list[Request]:
    """The requests that lengthen the grid and, when rows have moved, remove formats and cells of the old rows."""
    tab, number = layout.tabs[LEAD_PROFILE], layout.ids[LEAD_PROFILE]
    if tab is None:
        return []
    short = len(profile) + 2 - tab.rows
    fitting = [requests.append_rows(number, short)] if short > 0 else []
    if not layout.new_headers and not layout.other_steps:
        return fitting
    height = max(len(profile), tab.rows)
    fitting.append(requests.plain(grid_range(number, 0, 0, height, 2)))
    return fitting + (
        [requests.clear(number, len(profile), 0, height - len(profile), 2)] if height > len(profile) else []
    )


def _formatting(number: int, profile: ProfileRows) -> list[Request]:
    yellow = {"backgroundColorStyle": {"rgbColor": requests.colour(0xFFF59D)}, "textFormat": {"bold": True}}
    grey = {"backgroundColorStyle": {"rgbColor": requests.colour(0xE8EAED)}}
    wrapped = {"wrapStrategy": "WRAP", "horizontalAlignment": "LEFT"}
    labels, values = grid_range(number, 0, 0, len(profile), 1), grid_range(number, 0, 1, len(profile), 1)
    both = grid_range(number, 0, 0, len(profile), 2)
    headings = [n for n, row in enumerate(profile) if n > ASK_ROW and row[0] and not row[1]]
    return [
        requests.style(grid_range(number, ASK_ROW, 1, 1, 1), yellow, "backgroundColorStyle,textFormat.bold"),
        requests.style(values, wrapped, "wrapStrategy,horizontalAlignment"),
        requests.style(labels, {"textFormat": {"bold": True}}, "textFormat.bold"),
        requests.style(both, {"verticalAlignment": "TOP"}, "verticalAlignment"),
        *(requests.style(grid_range(number, n, 0, 1, 2), grey, "backgroundColorStyle") for n in headings),
    ]
