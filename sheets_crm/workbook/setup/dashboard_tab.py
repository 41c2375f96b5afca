"""The Dashboard: the first screen, and the full list of metrics below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sheets_crm.workbook import dashboard, requests, system
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.morning import places, screen
from sheets_crm.workbook.morning.page import Page
from sheets_crm.workbook.panel import PROBLEMS
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import control_tab, morning_looks, morning_room
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.state_line import SILENT_AFTER_ROW
from sheets_crm.workbook.tabs import DASHBOARD

SPARE_ROWS: Final = 10
PATTERNS: Final = {
    "count": morning_looks.COUNT,
    "ratio": requests.PERCENT,
    "days": morning_looks.DAYS,
    "date": morning_looks.DATE,
    "moment": morning_looks.MOMENT,
}
"""Number formats of metrics, by kind."""


def size(layout: Layout) -> tuple[int, int]:
    """Rows and columns of the first screen, the list and the hidden columns."""
    below = dashboard.FIRST_ROW + len(lines(layout)) + SPARE_ROWS
    return max(below, dashboard.read_rows(layout.schema)), places.END_COLUMN


def content(layout: Layout) -> list[Request]:
    """The requests of the Dashboard."""
    listed, number = lines(layout), layout.ids[DASHBOARD]
    first, value = dashboard.FIRST_ROW, dashboard.VALUE_COLUMN
    return [
        *_fit_grid(layout),
        *_left_over(layout, len(listed)),
        *(requests.write(number, one.row, one.column, one.rows) for one in screen(page(layout))),
        requests.write(number, first, 0, [line.cells[:1] for line in listed]),
        requests.write(number, first, value, [line.cells[1:] for line in listed]),
        *(request for n, line in enumerate(listed) for request in _line_formats(number, first + n, line.kind)),
        morning_looks.letters(
            grid_range(number, first + 1, dashboard.END_COLUMN - 1, len(listed) - 1, 1),
            size=morning_looks.SMALL,
            ink=morning_looks.GREY,
        ),
    ]


def requests_before(layout: Layout) -> list[Request]:
    """The requests that make room on the Dashboard of a workbook in use."""
    return morning_room.requests_before(layout, page(layout))


def lines(layout: Layout) -> tuple[dashboard.Line, ...]:
    """The lines of the full list."""
    return dashboard.lines(layout.schema, layout.language, layout.where, _system_rows(layout))


def page(layout: Layout) -> Page:
    """What the first screen is written with."""
    on_control = control_tab.places(layout)
    return Page(
        layout.schema,
        layout.language,
        layout.where,
        layout.ids,
        dashboard.metric_rows(layout.schema),
        _system_rows(layout),
        (on_control["problem.1"], PROBLEMS),
        on_control[SILENT_AFTER_ROW],
    )


def _system_rows(layout: Layout) -> dict[str, int]:
    keys = system.SystemLayout.of(layout.schema, layout.specs).keys
    return {key: n + 2 for n, key in enumerate(keys)}


def _fit_grid(layout: Layout) -> Iterator[Request]:
    """The requests that enlarge the grid of an existing Dashboard; what room it gets before is there already."""
    tab, number = layout.tabs[DASHBOARD], layout.ids[DASHBOARD]
    if tab is None:
        return
    height, width = size(layout)
    more_rows, more_columns = morning_room.room(layout).size
    if tab.columns + more_columns < width:
        yield requests.append_columns(number, width - tab.columns - more_columns)
    if tab.rows + more_rows < height:
        yield requests.append_rows(number, height - tab.rows - more_rows)


def _left_over(layout: Layout, end: int) -> Iterator[Request]:
    """The requests that take the formats of lines that move when other steps are in use, and clear those left over."""
    tab, number = layout.tabs[DASHBOARD], layout.ids[DASHBOARD]
    if tab is None or not layout.other_steps:
        return
    first, width = dashboard.FIRST_ROW, dashboard.END_COLUMN
    earlier = min(dashboard.height(layout.existing.steps), tab.rows + morning_room.room(layout).size[0] - first)
    yield requests.plain(grid_range(number, first, 0, max(end, earlier), width))
    if earlier > end:
        yield requests.clear(number, first + end, 0, earlier - end, width)
    for column, columns in ((0, places.WIDTH), (places.HELPER_COLUMN, places.END_COLUMN - places.HELPER_COLUMN)):
        yield requests.clear(number, 0, column, places.ROWS, columns)


def _line_formats(number: int, row: int, kind: str) -> Iterator[Request]:
    """The formats of a row of metrics, by the metric's kind."""
    first = dashboard.VALUE_COLUMN
    if kind in {"header", "section"}:
        block = grid_range(number, row, 0, 1, dashboard.END_COLUMN)
        yield requests.style(block, _tinted(dark=kind == "header"), "textFormat,backgroundColorStyle")
        right = grid_range(number, row, first, 1, dashboard.WIDTH - 2)
        yield requests.style(right, {"horizontalAlignment": "RIGHT"}, "horizontalAlignment")
    elif kind in PATTERNS:
        yield requests.number_format(grid_range(number, row, first, 1, 1), PATTERNS[kind])
        if kind == "ratio":
            yield requests.number_format(grid_range(number, row, first + 1, 1, 2), morning_looks.COUNT)
        if kind in {"ratio", "count"}:
            yield requests.number_format(grid_range(number, row, first + 3, 1, 2), PATTERNS[kind])


def _tinted(*, dark: bool) -> dict[str, Any]:
    """The format of a heading: white on dark, or dark on light."""
    ink, tint = (0xFFFFFF, morning_looks.DARK) if dark else (morning_looks.INK, morning_looks.LIGHT)
    return {
        "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": requests.colour(ink)}},
        "backgroundColorStyle": {"rgbColor": requests.colour(tint)},
    }
