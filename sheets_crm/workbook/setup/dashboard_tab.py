"""The Dashboard: the lines of metrics, the block by version and by TargetID beside them, and the charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sheets_crm.workbook import breakdown, charts, dashboard, requests, system
from sheets_crm.workbook.cells import CellIn, grid_range
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import DASHBOARD, HISTORY

DARK, LIGHT = 0x3C4043, 0xE8EAED
PERCENT = {"type": "PERCENT", "pattern": "0.0%"}
PATTERNS: Final = {
    "count": {"type": "NUMBER", "pattern": "#,##0"},
    "ratio": PERCENT,
    "days": {"type": "NUMBER", "pattern": "0.0"},
    "date": {"type": "DATE", "pattern": "yyyy-mm-dd"},
    "moment": requests.DATE_TIME,
}
"""How the value of a metric is shown, by its kind."""


def size(layout: Layout) -> tuple[int, int]:
    """Return the rows and columns that hold the lines and the block beside them."""
    below = breakdown.FIRST_ROW + len(breakdown.rows(layout.language, layout.where))
    height = max(len(_lines(layout)) + 10, below + 10, dashboard.read_rows(layout.schema))
    return height, breakdown.FIRST_COLUMN + breakdown.WIDTH


def content(layout: Layout) -> list[Request]:
    """Return the writes of the Dashboard; charts are drawn only where there are none."""
    lines, number, tab = _lines(layout), layout.ids[DASHBOARD], layout.tabs[DASHBOARD]
    funnel = _funnel(lines)
    found = [
        *_room(layout),
        *_left_over(layout, len(lines)),
        requests.write(number, 0, 0, [line.cells for line in lines]),
        requests.write(number, charts.FUNNEL_ROW, charts.FUNNEL_COLUMN, funnel),
        *(look for n, line in enumerate(lines) for look in _line_looks(number, n, line.kind)),
        requests.faint(grid_range(number, 1, dashboard.WIDTH - 1, len(lines) - 1, 1)),
        *_block(layout),
    ]
    if tab is None or not tab.charts:
        found += charts.charts(number, layout.ids[HISTORY], layout.where, layout.language, len(funnel))
    return found


def _lines(layout: Layout) -> tuple[dashboard.Line, ...]:
    rows = {key: n + 2 for n, key in enumerate(system.keys(layout.schema))}
    return dashboard.lines(layout.schema, layout.language, layout.where, rows)


def _funnel(lines: Sequence[dashboard.Line]) -> list[list[CellIn]]:
    """Return the small table that the funnel is drawn from."""
    rows = {str(line.cells[-1]): n + 1 for n, line in enumerate(lines) if line.kind not in {"header", ""}}
    labels = {str(line.cells[-1]): str(line.cells[0]) for line in lines}
    return charts.funnel_cells(rows, labels)


def _room(layout: Layout) -> Iterator[Request]:
    """Yield what makes the grid of a Dashboard that is there large enough for all of it."""
    tab, number = layout.tabs[DASHBOARD], layout.ids[DASHBOARD]
    if tab is None:
        return
    height, width = size(layout)
    if tab.columns < width:
        yield requests.append_columns(number, width - tab.columns)
    if tab.rows < height:
        yield requests.append_rows(number, height - tab.rows)


def _left_over(layout: Layout, end: int) -> Iterator[Request]:
    """Yield what clears the last lines when there are fewer steps than before."""
    tab, number = layout.tabs[DASHBOARD], layout.ids[DASHBOARD]
    count = 0 if tab is None else min(dashboard.CUSTOM_STEP_LINES * layout.gone, tab.rows - end)
    if count > 0:
        yield requests.clear(number, end, 0, count, dashboard.WIDTH)
        yield requests.plain(grid_range(number, end, 0, count, dashboard.WIDTH))


def _block(layout: Layout) -> Iterator[Request]:
    """Yield the write and the looks of the block by version and by TargetID."""
    lines, number = breakdown.rows(layout.language, layout.where), layout.ids[DASHBOARD]
    yield requests.write(number, breakdown.FIRST_ROW, breakdown.FIRST_COLUMN, [line.cells for line in lines])
    for n, line in enumerate(lines):
        yield from _block_looks(number, breakdown.FIRST_ROW + n, line)


def _block_looks(number: int, row: int, line: breakdown.BlockRow) -> Iterator[Request]:
    """Yield how a row of the block by version and TargetID looks."""
    if line.kind in {"title", "heads"}:
        look = {**_tinted(dark=line.kind == "title"), "wrapStrategy": "WRAP"}
        block = grid_range(number, row, breakdown.FIRST_COLUMN, 1, breakdown.WIDTH)
        yield requests.style(block, look, "textFormat,backgroundColorStyle,wrapStrategy")
        return
    for place in line.ratios:
        yield requests.number_format(grid_range(number, row, breakdown.FIRST_COLUMN + place, 1, 1), PERCENT)


def _line_looks(number: int, row: int, kind: str) -> Iterator[Request]:
    """Yield how a row of metrics looks, by the kind of its metric."""
    if kind in {"header", "section"}:
        block = grid_range(number, row, 0, 1, dashboard.WIDTH)
        yield requests.style(block, _tinted(dark=kind == "header"), "textFormat,backgroundColorStyle")
    elif kind in PATTERNS:
        yield requests.number_format(grid_range(number, row, 1, 1, 1), PATTERNS[kind])
        if kind in {"ratio", "count"}:
            yield requests.number_format(grid_range(number, row, 4, 1, 2), PATTERNS[kind])


def _tinted(*, dark: bool) -> dict[str, Any]:
    """Return the format of a heading: white on dark, or dark on light."""
    ink, tint = (0xFFFFFF, DARK) if dark else (0x202124, LIGHT)
    return {
        "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": requests.colour(ink)}},
        "backgroundColorStyle": {"rgbColor": requests.colour(tint)},
    }
