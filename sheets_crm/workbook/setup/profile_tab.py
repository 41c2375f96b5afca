"""The Lead Profile, written around the cell in which operators enter a lead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sheets_crm.workbook import lead_profile, requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.lead_profile import ASK_ROW, WIDTH, ProfileRow
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import LEAD_PROFILE

WIDTHS: Final = (230, 620, 200)


def rows(layout: Layout) -> tuple[ProfileRow, ...]:
    """Every row of the Lead Profile as ``init`` lays it out."""
    return lead_profile.rows(layout.schema, layout.language, layout.where)


def content(layout: Layout) -> list[Request]:
    """The requests of the Lead Profile, which leave out the cell that operators fill."""
    profile, number = rows(layout), layout.ids[LEAD_PROFILE]
    cells = [row.cells for row in profile]
    return [
        *_fit_grid(layout, profile),
        requests.write(number, 0, 0, cells[:ASK_ROW]),
        requests.write(number, ASK_ROW, 0, [[cells[ASK_ROW][0]]]),
        requests.write(number, ASK_ROW + 1, 0, cells[ASK_ROW + 1 :]),
        *_formatting(number, profile),
    ]


def _fit_grid(layout: Layout, profile: Sequence[ProfileRow]) -> list[Request]:
    """The requests that lengthen the grid and, when rows may have moved, remove formats and cells of the old rows."""
    tab, number = layout.tabs[LEAD_PROFILE], layout.ids[LEAD_PROFILE]
    if tab is None:
        return []
    short = len(profile) + 2 - tab.rows
    fitting = [requests.append_rows(number, short)] if short > 0 else []
    if not layout.new_headers and not layout.other_steps and not layout.existing.waiting:
        return fitting
    height = max(len(profile), tab.rows)
    fitting.append(requests.plain(grid_range(number, 0, 0, height, WIDTH)))
    if layout.existing.waiting:
        fitting += requests.widths(number, WIDTHS)
    return fitting + (
        [requests.clear(number, len(profile), 0, height - len(profile), WIDTH)] if height > len(profile) else []
    )


def _formatting(number: int, profile: Sequence[ProfileRow]) -> list[Request]:
    yellow = {"backgroundColorStyle": {"rgbColor": requests.colour(0xFFF59D)}, "textFormat": {"bold": True}}
    grey = {"backgroundColorStyle": {"rgbColor": requests.colour(0xE8EAED)}, "textFormat": {"bold": True}}
    wrapped = {"wrapStrategy": "WRAP", "horizontalAlignment": "LEFT"}
    labels, values = grid_range(number, 0, 0, len(profile), 1), grid_range(number, 0, 1, len(profile), 1)
    both = grid_range(number, 0, 0, len(profile), WIDTH)
    story = [n for n, row in enumerate(profile) if row.kind == "story"]
    told = grid_range(number, story[0], 0, len(story), 1)
    return [
        requests.style(grid_range(number, ASK_ROW, 1, 1, 1), yellow, "backgroundColorStyle,textFormat.bold"),
        requests.style(values, wrapped, "wrapStrategy,horizontalAlignment"),
        requests.style(labels, {"horizontalAlignment": "LEFT"}, "horizontalAlignment"),
        requests.style(both, {"verticalAlignment": "TOP"}, "verticalAlignment"),
        requests.faint(grid_range(number, 2, 2, len(profile) - 2, 1)),
        requests.style(grid_range(number, 0, 0, 1, 1), {"textFormat": {"bold": True}}, "textFormat.bold"),
        *(
            requests.style(grid_range(number, n, 0, 1, WIDTH), grey, "backgroundColorStyle,textFormat.bold")
            for n, row in enumerate(profile)
            if row.kind == "heading"
        ),
        requests.number_format(told, requests.DATE_TIME),
        *(
            requests.number_format(grid_range(number, n, 1, 1, 1), requests.DATE_TIME)
            for n, row in enumerate(profile)
            if row.kind == "when"
        ),
    ]
