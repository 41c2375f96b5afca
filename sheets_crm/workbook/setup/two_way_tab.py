"""A two-way table of its own tab: headers in the workbook's language, drop-downs, checkboxes, warnings, a filter.

Its sheet is not protected: people sort whole rows, filter, move and add columns. Only the header row and the worker's
columns warn who edits them. Tables that were there before two-way tables keep their protection and their looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import Kind
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import Cell, CellIn, grid_range
from sheets_crm.workbook.declaration import PROBLEM, SEEN, Owner, TabColumn, TabSpec, Tick
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.two_way.seen import plain_join

FORMATS: Final[dict[Kind, dict[str, str]]] = {
    Kind.TEXT: requests.TEXT,
    Kind.WHOLE: requests.WHOLE,
    Kind.NUMBER: {"type": "NUMBER", "pattern": "#,##0.##"},
    Kind.MONEY: {"type": "NUMBER", "pattern": "#,##0.00"},
    Kind.DATE: requests.DATE,
    Kind.WHEN: requests.DATE_TIME,
}
"""Number format of each kind of cell; a checkbox has none."""
LEAST_BLANK: Final = 50
"""Least blank rows below the last row of a table, for operators to type into; of long tables a twentieth."""


def blank_rows(filled: int) -> int:
    """How many blank rows stand below a table of so many rows."""
    return max(LEAST_BLANK, -(-filled // 20))


def grid(spec: TabSpec, filled: int = 0) -> dict[str, int]:
    """The grid of a new tab: header, rows, blank rows."""
    return {
        "rowCount": 1 + filled + blank_rows(filled),
        "columnCount": len(spec.columns),
        "frozenRowCount": 1,
        "frozenColumnCount": spec.frozen_columns,
    }


def first_rows(spec: TabSpec, language: str) -> list[list[CellIn]]:
    """The rows that a new tab begins with, as seen, with choices in the workbook's language."""
    made: list[list[CellIn]] = []
    for row in spec.first_rows:
        cells = {
            column.header: _shown(column, cell, language) for column, cell in zip(spec.columns, row, strict=True)
        }
        cells[SEEN] = plain_join(spec, cells[spec.key_column], cells)
        made.append([cells[column.header] for column in spec.columns])
    return made


def _shown(column: TabColumn, cell: Cell, language: str) -> Cell:
    return next((choice.name(language) for choice in column.choices if choice.id == cell), cell)


def content(spec: TabSpec, sheet_id: int, language: str) -> list[Request]:
    """Everything that a new tab of a two-way table gets once: header row, widths, formats, warnings, filter.

    Operators may change looks and order of columns afterwards.
    """
    columns = spec.columns
    table = grid_range(sheet_id, 0, 0, None, len(columns))
    return [
        requests.header_row(
            sheet_id,
            [column.name(language) for column in columns],
            [note(column, language) for column in columns],
            spec.colour,
        ),
        *requests.widths(sheet_id, [column.width for column in columns]),
        requests.style({**table, "startRowIndex": 1}, {"wrapStrategy": "CLIP"}, "wrapStrategy"),
        *column_requests(spec, sheet_id, language, columns.index),
        *([requests.write(sheet_id, 1, 0, first_rows(spec, language))] if spec.first_rows else []),
        requests.basic_filter(table),
    ]


def column_requests(
    spec: TabSpec, sheet_id: int, language: str, column_index: Callable[[TabColumn], int]
) -> list[Request]:
    """What cells and columns get by kind and owner: formats, drop-downs, checkboxes, hidden columns, warnings.

    Args:
        spec: The table.
        sheet_id: Its tab.
        language: The workbook's: "es" or "en".
        column_index: The 0-based grid column of a declared column.
    """
    at = {column.header: column_index(column) for column in spec.columns}
    cells = (_cells(column, sheet_id, at[column.header], language) for column in spec.columns)
    hidden = sorted(at[column.header] for column in spec.columns if column.hidden)
    own = sorted(at[column.header] for column in spec.columns if column.owner is Owner.WORKER)
    return [
        *(request for of_column in cells for request in of_column),
        *(requests.hide_columns(sheet_id, start, end) for start, end in _runs(hidden)),
        requests.warn(grid_range(sheet_id, 0, 0, 1, None)),
        *(requests.warn(grid_range(sheet_id, 1, start, None, end - start)) for start, end in _runs(own)),
    ]


def note(column: TabColumn, language: str) -> str:
    """The note of a header: whose cells they are, and what a tick in them does."""
    if column.hidden:
        return ""
    if column.header == PROBLEM:
        return localize("two_way.note.problem", language)
    if column.tick is Tick.ACT:
        return localize("two_way.note.act", language)
    if column.tick is Tick.STATE:
        return localize("two_way.note.state", language)
    if column.owner is Owner.SHARED:
        return localize("two_way.note.shared", language)
    return localize("two_way.note.operator" if column.operator else "two_way.note.worker", language)


def _cells(column: TabColumn, sheet_id: int, index: int, language: str) -> Iterator[Request]:
    block: dict[str, Any] = grid_range(sheet_id, 1, index, None, 1)
    if column.kind in FORMATS:
        yield requests.number_format(block, FORMATS[column.kind])
    if column.checkbox:
        yield requests.checkboxes(block)
    elif column.choices:
        yield requests.choices(block, [choice.name(language) for choice in column.choices])


def _runs(indexes: Sequence[int]) -> list[tuple[int, int]]:
    """Runs [start, end) of consecutive columns."""
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs
