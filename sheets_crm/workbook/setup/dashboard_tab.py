"""The Dashboard: the lines of metrics, the block by version and by TargetID beside them, and the charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sheets_crm.workbook import breakdown, charts, dashboard, requests, system
from sheets_crm.workbook.cells import CellIn, grid_range
from sheets_crm.workbook.info import TabInfo
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
"""Number formats of metrics, by kind."""


def size(layout: Layout) -> tuple[int, int]:
    """Rows and columns for the lines and the block beside them."""
    below = breakdown.FIRST_ROW + len(breakdown.rows(layout.schema, layout.language, layout.where))
    height = max(len(_lines(layout)) + 10, below + 10, dashboard.read_rows(layout.schema))
    return height, breakdown.FIRST_COLUMN + breakdown.WIDTH


def content(layout: Layout) -> list[Request]:
    """The requests of the Dashboard; charts are added only where there are none."""
    lines, number, tab = _lines(layout), layout.ids[DASHBOARD], layout.tabs[DASHBOARD]
    funnel = _funnel(lines)
    writes = [
        *_fit_grid(layout),
        *_left_over(layout, len(lines)),
        requests.write(number, 0, 0, [line.cells for line in lines]),
        requests.write(number, charts.FUNNEL_ROW, charts.FUNNEL_COLUMN, funnel),
        *(request for n, line in enumerate(lines) for request in _line_formats(number, n, line.kind)),
        requests.faint(grid_range(number, 1, dashboard.WIDTH - 1, len(lines) - 1, 1)),
        *_block(layout),
    ]
    if tab is None or not tab.charts:
        writes += charts.charts(number, layout.ids[HISTORY], layout.where, layout.language, len(funnel))
    return writes


def _lines(layout: Layout) -> tuple[dashboard.Line, ...]:
    keys = system.SystemLayout.of(layout.schema, layout.specs).keys
    rows = {key: n + 2 for n, key in enumerate(keys)}
    return dashboard.lines(layout.schema, layout.language, layout.where, rows)


def _funnel(lines: Sequence[dashboard.Line]) -> list[list[CellIn]]:
    """The small table of the funnel's data."""
    rows = {str(line.cells[-1]): n + 1 for n, line in enumerate(lines) if line.kind not in {"header", ""}}
    labels = {str(line.cells[-1]): str(line.cells[0]) for line in lines}
    return charts.funnel_cells(rows, labels)


def _fit_grid(layout: Layout) -> Iterator[Request]:
    """The requests that enlarge the grid of an existing Dashboard."""
    tab, number = layout.tabs[DASHBOARD], layout.ids[DASHBOARD]
    if tab is None:
        return
    height, width = size(layout)
    if tab.columns < width:
        yield requests.append_columns(number, width - tab.columns)
    if tab.rows < height:
        yield requests.append_rows(number, height - tab.rows)


def _left_over(layout: Layout, end: int) -> Iterator[Request]:
    """The requests that take the formats of lines that move when other steps are in use, and clear those left over."""
    tab, number = layout.tabs[DASHBOARD], layout.ids[DASHBOARD]
    if tab is None or not layout.other_steps:
        return
    earlier = min(dashboard.height(layout.existing.steps), tab.rows)
    yield requests.plain(grid_range(number, 0, 0, max(end, earlier), dashboard.WIDTH))
    if earlier > end:
        yield requests.clear(number, end, 0, earlier - end, dashboard.WIDTH)
    funnel = grid_range(number, charts.FUNNEL_ROW, charts.FUNNEL_COLUMN, len(charts.FUNNEL), 2)
    yield requests.plain(funnel)
    yield requests.clear(number, charts.FUNNEL_ROW, charts.FUNNEL_COLUMN, len(charts.FUNNEL), 2)
    block = len(breakdown.rows(layout.schema, layout.language, layout.where))
    yield requests.plain(grid_range(number, breakdown.FIRST_ROW, breakdown.FIRST_COLUMN, block, breakdown.WIDTH))
    yield from _charts_anew(layout, tab)


def _charts_anew(layout: Layout, tab: TabInfo) -> Iterator[Request]:
    """The requests that give the charts that are there the data of the steps in use."""
    points = len(_funnel(_lines(layout)))
    for request in charts.charts(
        layout.ids[DASHBOARD], layout.ids[HISTORY], layout.where, layout.language, points
    ):
        spec = request["addChart"]["chart"]["spec"]
        for number, title in tab.charts:
            if title == spec["title"]:
                yield {"updateChartSpec": {"chartId": number, "spec": spec}}


def _block(layout: Layout) -> Iterator[Request]:
    """The requests of the block by version and by TargetID."""
    lines, number = breakdown.rows(layout.schema, layout.language, layout.where), layout.ids[DASHBOARD]
    yield requests.write(number, breakdown.FIRST_ROW, breakdown.FIRST_COLUMN, [line.cells for line in lines])
    for n, line in enumerate(lines):
        yield from _block_formats(number, breakdown.FIRST_ROW + n, line)


def _block_formats(number: int, row: int, line: breakdown.BlockRow) -> Iterator[Request]:
    """The formats of a row of the block by version and by TargetID."""
    if line.kind in {"title", "heads"}:
        style = {**_tinted(dark=line.kind == "title"), "wrapStrategy": "WRAP"}
        block = grid_range(number, row, breakdown.FIRST_COLUMN, 1, breakdown.WIDTH)
        yield requests.style(block, style, "textFormat,backgroundColorStyle,wrapStrategy")
        return
    for column in line.ratios:
        yield requests.number_format(grid_range(number, row, breakdown.FIRST_COLUMN + column, 1, 1), PERCENT)


def _line_formats(number: int, row: int, kind: str) -> Iterator[Request]:
    """The formats of a row of metrics, by the metric's kind."""
    if kind in {"header", "section"}:
        block = grid_range(number, row, 0, 1, dashboard.WIDTH)
        yield requests.style(block, _tinted(dark=kind == "header"), "textFormat,backgroundColorStyle")
    elif kind in PATTERNS:
        yield requests.number_format(grid_range(number, row, 1, 1, 1), PATTERNS[kind])
        if kind in {"ratio", "count"}:
            yield requests.number_format(grid_range(number, row, 4, 1, 2), PATTERNS[kind])


def _tinted(*, dark: bool) -> dict[str, Any]:
    """The format of a heading: white on dark, or dark on light."""
    ink, tint = (0xFFFFFF, DARK) if dark else (0x202124, LIGHT)
    return {
        "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": requests.colour(ink)}},
        "backgroundColorStyle": {"rgbColor": requests.colour(tint)},
    }
