"""A new tab: the size of its grid, and the formats that it gets once."""

from __future__ import annotations

from typing import Final

from sheets_crm.pipeline.columns import SEND
from sheets_crm.workbook import lead_profile, panel, requests, system, tab_list
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.morning import places
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import (
    control_looks,
    control_tab,
    dashboard_tab,
    morning_looks,
    profile_tab,
    two_way_tab,
    versions_tab,
)
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import (
    BATCHES,
    CONTROL,
    DASHBOARD,
    INBOX,
    LEAD_PROFILE,
    REJECTED,
    REJECTED_COLUMNS,
    REJECTED_ES,
    SYSTEM,
    VERSIONS,
)

INBOX_ROWS, INBOX_COLUMNS = 2000, 80
ROWS = 2
"""Rows of a new table, and at least of any: the header and one below it."""
SPARE_ROWS = 20
"""Rows below those that a new table begins with, the header counted."""
SPARE_COLUMNS = 2
"""Columns right of an input tab's declared ones, for operators' own columns."""

PIXELS: Final = {
    CONTROL: [*control_looks.WIDTHS],
    DASHBOARD: [places.PIXELS] * places.WIDTH,
    LEAD_PROFILE: [*profile_tab.WIDTHS],
    SYSTEM: [220, 160, 160],
    REJECTED: [80, 80, 280, 320, 220, 50],
}
"""Column widths of tabs that are not tables."""


def add_tab(layout: Layout, spec: TabSpec, index: int) -> Request:
    """The request that adds a tab.

    Args:
        layout: The workbook after the set-up.
        spec: The tab.
        index: Its position from the left, from 0.
    """
    rows, columns, frozen = _size(layout, spec)
    grid = {
        "rowCount": rows,
        "columnCount": columns,
        "frozenRowCount": frozen,
        "frozenColumnCount": spec.frozen_columns,
    }
    if spec.styled:
        grid = two_way_tab.grid(spec, len(spec.first_rows))
    if spec.key == INBOX and spec.free:
        grid.pop("frozenRowCount")
    return requests.add_tab(
        layout.ids[spec.key], spec.title, index, grid, tint=_tint(spec), hidden=layout.starts_hidden(spec)
    )


def _tint(spec: TabSpec) -> int:
    """The colour of a new tab: that of its group for a module's tab, its own for the core's."""
    return tab_list.GROUP_COLOURS[spec.group] if spec.module and spec.group is not None else spec.colour


def _size(layout: Layout, spec: TabSpec) -> tuple[int, int, int]:
    """Rows, columns and frozen rows of a new tab."""
    if spec.key == CONTROL:
        return len(control_tab.rows(layout)) + 2, panel.WIDTH, control_looks.FROZEN
    if spec.key == DASHBOARD:
        return *dashboard_tab.size(layout), 1
    if spec.key == VERSIONS:
        return *versions_tab.size(layout), 0
    if spec.key == SYSTEM:
        return system.GRID_ROWS, system.SystemLayout.of(layout.schema, layout.specs).width, 1
    if spec.key == LEAD_PROFILE:
        return len(profile_tab.rows(layout)) + 2, lead_profile.WIDTH, 2
    if spec.key == INBOX:
        return INBOX_ROWS, INBOX_COLUMNS, 0
    if spec.key == REJECTED:
        return 50, 60, 1
    if spec.first_rows:
        return len(spec.first_rows) + SPARE_ROWS, len(spec.columns), 1
    spare = SPARE_COLUMNS if spec.headers[:1] == (SEND,) else 0
    return ROWS, len(spec.columns) + spare, 1


def rows_below_headers(layout: Layout) -> list[Request]:
    """A row for each table that has none below its header, because somebody deleted them all.

    Formats, protections and rules of a table begin at that row and are open at the end; Google refuses a range that
    begins at the grid's end.
    """
    tables = (spec for spec in layout.specs if spec.columns or spec.key == REJECTED)
    bare = (tab for spec in tables if (tab := layout.tabs[spec.key]) is not None and tab.rows < ROWS)
    return [requests.append_rows(tab.sheet_id, ROWS - tab.rows) for tab in bare]


def formatting(layout: Layout, spec: TabSpec) -> list[Request]:
    """Widths, filter view and highlights of a new tab; operators may change them afterwards."""
    if spec.styled:
        return []  # its content brings them
    number, width = layout.ids[spec.key], len(spec.columns)
    formats = requests.widths(number, PIXELS.get(spec.key) or [column.width for column in spec.columns])
    block = grid_range(number, 1, 0, None, width)
    if spec.columns:
        formats.append(requests.style(block, {"wrapStrategy": "CLIP"}, "wrapStrategy"))
    if spec.headers[:1] == (SEND,):
        formats.append(requests.filter_view(number, spec.title, width))
        formats.append(requests.highlight(block, "=$A2=TRUE", 0xE6F4EA))
    if spec.key == REJECTED:
        formats.append(rejected_headers(number))
    if spec.key == DASHBOARD:
        formats += morning_looks.looks(dashboard_tab.page(layout))
    if spec.key == VERSIONS:
        formats += versions_tab.looks(layout)
    if spec.key == CONTROL:
        formats += control_looks.looks(layout, control_tab.rows(layout))
    if spec.key == BATCHES:
        formats.append(requests.highlight(block, '=$H2<>""', 0xFCE8E6))
    return formats


def rejected_headers(number: int) -> Request:
    """The highlight of the header row of each block of Rejected, in either language."""
    either = f'=OR($A2="{REJECTED_COLUMNS[0]}";$A2="{REJECTED_ES[0]}")'
    return requests.highlight(grid_range(number, 1, 0, None, None), either, 0xE8EAED)
