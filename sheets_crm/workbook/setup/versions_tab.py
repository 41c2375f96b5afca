"""Versions: the tables by version, by prompt and by TargetID."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheets_crm.workbook import breakdown, requests
from sheets_crm.workbook.breakdown import targets
from sheets_crm.workbook.breakdown.rows import BlockRow, at
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.dashboard import LEAST_CASES
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import morning_looks
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import VERSIONS

SPARE_ROWS: Final = 10
NAME_PIXELS, PIXELS = 130, 61


def size(layout: Layout) -> tuple[int, int]:
    """Rows and columns of the tab, the hidden ones included."""
    return len(_rows(layout)) + SPARE_ROWS, targets.END_COLUMN


def content(layout: Layout) -> list[Request]:
    """The requests of Versions."""
    tab, number, lines = layout.tabs[VERSIONS], layout.ids[VERSIONS], _rows(layout)
    cleared: list[Request] = []
    if tab is not None:
        height, width = size(layout)
        cleared += [requests.append_columns(number, width - tab.columns)] if tab.columns < width else []
        cleared += [requests.append_rows(number, height - tab.rows)] if tab.rows < height else []
        if layout.other_steps:
            whole = (number, 0, 0, max(height, tab.rows), width)
            cleared += [requests.clear(*whole), requests.plain(grid_range(*whole))]
    return [
        *cleared,
        requests.write(number, 0, 0, [line.cells for line in lines]),
        *(request for n, line in enumerate(lines) for request in _formats(number, n, line)),
    ]


def _rows(layout: Layout) -> tuple[BlockRow, ...]:
    return breakdown.rows(layout.schema, layout.language, layout.where)


def _formats(number: int, row: int, line: BlockRow) -> Iterator[Request]:
    """Yield the formats of a row."""
    block = grid_range(number, row, 0, 1, breakdown.WIDTH)
    if line.kind == "title":
        yield morning_looks.letters(block, bold=True)
    elif line.kind == "heads":
        yield morning_looks.letters(block, size=morning_looks.SMALL, ink=morning_looks.GREY)
        yield morning_looks.aligned(grid_range(number, row, 1, 1, breakdown.WIDTH - 1), "RIGHT")
        yield requests.style(block, {"wrapStrategy": "CLIP"}, "wrapStrategy")
        yield morning_looks.underlined(block)
    elif line.kind == "said":
        yield morning_looks.letters(block, size=morning_looks.SMALL, ink=morning_looks.GREY)
    elif line.kind == "body":
        yield requests.number_format(grid_range(number, row, 1, 1, breakdown.WIDTH - 1), morning_looks.COUNT)
        for first, last in _runs(line.ratios):
            ratios = grid_range(number, row, first, 1, last - first)
            yield requests.number_format(ratios, requests.PERCENT)


def _runs(columns: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield runs [start, end) of neighbouring columns."""
    start = None
    for n, column in enumerate(columns):
        start = column if start is None else start
        if n + 1 == len(columns) or columns[n + 1] != column + 1:
            yield start, column + 1
            start = None


def looks(layout: Layout) -> Iterator[Request]:
    """Yield what a new tab gets once: widths, hidden columns, and grey where there are few cases."""
    number = layout.ids[VERSIONS]
    yield from requests.widths(number, [NAME_PIXELS, *[PIXELS] * (breakdown.WIDTH - 1)])
    yield requests.hide_columns(number, breakdown.WIDTH, targets.END_COLUMN)
    yield requests.tab_properties(number, gridProperties={"hideGridlines": True})
    for first, rows, line in _tables(_rows(layout)):
        for ratio, cases in line.cases:
            block = grid_range(number, first, ratio, rows, 3)
            yield morning_looks.ink(
                block, f"=N({at(cases, first + 1)})<{LEAST_CASES}", morning_looks.GREY, bold=False
            )


def _tables(lines: tuple[BlockRow, ...]) -> Iterator[tuple[int, int, BlockRow]]:
    """Yield the first row and the number of rows of each table's body, with one of its rows."""
    start = 0
    for n, line in enumerate(lines):
        if line.kind == "body" and (n == 0 or lines[n - 1].kind != "body"):
            start = n
        if line.kind == "body" and (n + 1 == len(lines) or lines[n + 1].kind != "body"):
            yield start, n + 1 - start, line
