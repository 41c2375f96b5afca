"""From changes to ``batchUpdate`` requests.

Order within a tab: cells, then new rows, then deletions from the bottom up, so that no request shifts the rows of a
later one, but for new rows on top, which push down those that are deleted. Adjacent cells share a request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from sheets_crm.pipeline.columns import Kind
from sheets_crm.plan.changes import (
    AppendRows,
    Change,
    DeleteRows,
    FoldRows,
    GridRows,
    MarkBlocks,
    PutCells,
    RemoveTab,
    RowCells,
    ShowColumn,
    ShowRow,
    ShowTab,
    UpdateCells,
)
from sheets_crm.plan.copies import copied
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import CellIn, RowFormula, grid_range
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.roles import LEADS
from sheets_crm.workbook.sheet import Sheet


def compiled(changes: Sequence[Change]) -> list[Request]:
    """The requests of a plan's changes, in the order of application."""
    batch: list[Request] = []
    for kind in (UpdateCells, RowCells, PutCells, AppendRows, GridRows):
        for change in _master_first(changes):
            if isinstance(change, kind):
                batch += _requests(change, changes)
    for change in changes:
        if isinstance(change, DeleteRows):
            batch += _deleted(change, changes)
    batch += [requests.remove_tab(change.tab.sheet_id) for change in changes if isinstance(change, RemoveTab)]
    columns = (change for change in changes if isinstance(change, ShowColumn))
    batch += [requests.hide_columns(c.tab.sheet_id, c.column, c.column + 1, hidden=not c.shown) for c in columns]
    rows = (change for change in changes if isinstance(change, ShowRow))
    batch += [requests.hide_rows(one.tab.sheet_id, one.row, one.row + 1, hidden=not one.shown) for one in rows]
    for change in changes:
        for mark in change.marks if isinstance(change, MarkBlocks) else ():
            batch += requests.block_mark(
                mark.tab.sheet_id, mark.row, mark.width, mark.text, coloured=mark.coloured
            )
    folds = (change for change in changes if isinstance(change, FoldRows))
    batch += [requests.fold(one.tab.sheet_id, one.start, one.end, folded=one.folded) for one in folds]
    # Tabs are shown before others are hidden: Sheets refuses a workbook without a visible tab, even in between.
    visibility = sorted((change for change in changes if isinstance(change, ShowTab)), key=lambda c: not c.shown)
    return batch + [requests.tab_properties(one.tab.sheet_id, hidden=not one.shown) for one in visibility]


def _master_first(changes: Sequence[Change]) -> list[Change]:
    """The changes with the Master's own first, because others may copy rows that these write."""
    own = [change for change in changes if _is_master(change)]
    return own + [change for change in changes if not _is_master(change)]


def _is_master(change: Change) -> bool:
    return isinstance(change, UpdateCells | AppendRows) and change.sheet.spec.key == LEADS


def _requests(change: Change, changes: Sequence[Change]) -> list[Request]:
    if isinstance(change, UpdateCells):
        return list(_updates(change))
    if isinstance(change, RowCells):
        return list(_row_cells(change))
    if isinstance(change, PutCells):
        return [requests.write(change.tab.sheet_id, change.row, change.column, change.rows)]
    if isinstance(change, AppendRows):
        return list(_appended(change, changes))
    if isinstance(change, GridRows):
        return list(_grid_rows(change))
    return []


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Group sorted integers into runs [start, end) of consecutive ones."""
    grouped: list[tuple[int, int]] = []
    for place in places:
        if grouped and grouped[-1][1] == place:
            grouped[-1] = (grouped[-1][0], place + 1)
        else:
            grouped.append((place, place + 1))
    return grouped


def _updates(change: UpdateCells) -> Iterator[Request]:
    sheet = change.sheet
    by_row: dict[int, dict[int, CellIn]] = {}
    for name, (positions, values) in change.cells.items():
        place = sheet.column_index[name]
        for row, value in zip(sheet.rows[positions].tolist(), values.tolist(), strict=True):
            by_row.setdefault(int(row), {})[place] = value
    return _rectangles(sheet.tab.sheet_id, by_row)


def _row_cells(change: RowCells) -> Iterator[Request]:
    by_row: dict[int, dict[int, CellIn]] = {}
    for cell in change.cells:
        by_row.setdefault(cell.row, {})[change.column_index[cell.header]] = cell.value
    yield from _rectangles(change.tab.sheet_id, by_row)
    if change.blank:
        yield requests.append_rows(change.tab.sheet_id, change.blank)


def _rectangles(sheet_id: int, by_row: Mapping[int, Mapping[int, CellIn]]) -> Iterator[Request]:
    """Yield writes of cells by row and column, as few rectangles as adjacency allows.

    Adjacent cells of a row make a piece; pieces over the same columns in consecutive rows make one request.
    """
    pieces = (
        (start, end, row, [cells[place] for place in range(start, end)])
        for row, cells in sorted(by_row.items())
        for start, end in runs(sorted(cells))
    )
    ordered = sorted(pieces, key=lambda piece: (piece[0], piece[1], piece[2]))
    for (start, _), group in groupby(ordered, key=lambda piece: (piece[0], piece[1])):
        block: list[list[CellIn]] = []
        first = 0
        for _, _, row, cells_of_row in group:
            if block and row != first + len(block):
                yield requests.write(sheet_id, first, start, block)
                block = []
            if not block:
                first = row
            block.append(cells_of_row)
        yield requests.write(sheet_id, first, start, block)


def _appended(change: AppendRows, changes: Sequence[Change]) -> Iterator[Request]:
    sheet, count = change.sheet, len(change.frame)
    start, sheet_id = sheet.start, sheet.tab.sheet_id
    if sheet.on_top:
        yield from requests.room_on_top(sheet_id, count, sheet.tab.columns)
    elif sheet.inserts:
        # A row that somebody types there between the read and this write is moved down, not overwritten.
        yield requests.insert_rows(sheet_id, start, count, like_above=start > 1)
    elif start + count > sheet.tab.rows:
        yield requests.append_rows(sheet_id, start + count - sheet.tab.rows)
    copies = copied(change, changes)
    if copies is not None:
        yield from copies.requests
    filled = copies.headers if copies is not None else frozenset[str]()
    to_write = [name for name in sheet.spec.headers if name in sheet.column_index and name not in filled]
    headers = {sheet.column_index[name]: name for name in to_write if not _all_blank(change, name)}
    for first, end in runs(sorted(headers)):
        names = [headers[place] for place in range(first, end)]
        columns = [change.frame[name].tolist() for name in names]
        rows = [[_at(cell, start + n) for cell in row] for n, row in enumerate(zip(*columns, strict=True))]
        yield requests.write(sheet_id, start, first, rows)
    yield from _format_new_rows(sheet, start, count)


def _all_blank(change: AppendRows, name: str) -> bool:
    return bool((change.frame[name].to_numpy(dtype=object) == "").all())


def _at(cell: CellIn | RowFormula, row: int) -> CellIn:
    return cell.at(row) if isinstance(cell, RowFormula) else cell


def _format_new_rows(sheet: Sheet, start: int, count: int) -> Iterator[Request]:
    """Yield checkboxes and number formats for new rows; inserted ones of a two-way table have those beside them."""
    if sheet.spec.by_key:
        return
    present = [column for column in sheet.spec.columns if column.header in sheet.column_index]
    moments = [sheet.column_index[column.header] for column in present if column.kind is Kind.WHEN]
    for first, end in runs(sorted(moments)):
        block = grid_range(sheet.tab.sheet_id, start, first, count, end - first)
        day = sheet.spec.key_column == "date"
        pattern = requests.DATE if day else requests.DATE_TIME
        yield requests.number_format(block, pattern)
    ages = [sheet.column_index[column.header] for column in present if column.live and column.kind is Kind.WHOLE]
    for first, end in runs(sorted(ages)):
        block = grid_range(sheet.tab.sheet_id, start, first, count, end - first)
        yield requests.number_format(block, requests.WHOLE)
    if sheet.spec.key == LEADS:
        texts = [sheet.column_index[column.header] for column in present if column.kind is Kind.TEXT]
        for first, end in runs(sorted(texts)):
            yield requests.number_format(
                grid_range(sheet.tab.sheet_id, start, first, count, end - first), requests.TEXT
            )
    boxes = [sheet.column_index[column.header] for column in present if column.checkbox]
    for first, end in runs(sorted(boxes)):
        yield requests.checkboxes(grid_range(sheet.tab.sheet_id, start, first, count, end - first))


def _deleted(change: DeleteRows, changes: Sequence[Change]) -> Iterator[Request]:
    """Yield deletions from the bottom up; a table keeps one blank row, as Sheets refuses to delete the last one."""
    sheet = change.sheet
    added = sum(len(c.frame) for c in changes if isinstance(c, AppendRows) and c.sheet is sheet)
    height = sheet.height_with(added)
    pushed = added if sheet.on_top else 0
    deleted = (np.sort(sheet.rows[change.positions]) + pushed).tolist()
    if height - len(deleted) < 2:
        yield requests.append_rows(sheet.tab.sheet_id, 1)
    for start, end in reversed(runs(deleted)):
        yield requests.delete_rows(sheet.tab.sheet_id, start, end)


def _grid_rows(change: GridRows) -> Iterator[Request]:
    sheet_id, tab = change.tab.sheet_id, change.tab
    for row, column, value in change.put:
        yield requests.write(sheet_id, row, column, [[value]])
    height = tab.rows
    if change.append:
        if change.start + len(change.append) > height:
            yield requests.append_rows(sheet_id, change.start + len(change.append) - height)
            height = change.start + len(change.append)
        width = max(len(row) for row in change.append)
        if width > tab.columns:
            yield requests.append_columns(sheet_id, width - tab.columns)
        block = grid_range(sheet_id, change.start, 0, len(change.append), max(width, 2))
        yield requests.number_format(block, requests.TEXT)
        yield requests.write(sheet_id, change.start, 0, change.append)
        yield from _boxes(change)
    for row in change.unmarked:
        yield requests.background(grid_range(sheet_id, row, 0, 1, None), None)
    for row, column in change.marked:
        yield requests.background(grid_range(sheet_id, row, column, 1, 1), requests.FAULT)
    if change.delete:
        if height - len(change.delete) < tab.frozen_rows + 1:
            yield requests.append_rows(sheet_id, 1)
        for start, end in reversed(runs(sorted(change.delete))):
            yield requests.delete_rows(sheet_id, start, end)


def _boxes(change: GridRows) -> Iterator[Request]:
    """Yield the checkboxes of appended rows, one request for each run of consecutive rows."""
    by_row: dict[int, list[int]] = {}
    for offset, column in change.boxes:
        by_row.setdefault(offset, []).append(column)
    for start, end in runs(sorted(by_row)):
        columns = sorted(by_row[start])
        place = change.start + start
        block = grid_range(change.tab.sheet_id, place, columns[0], end - start, columns[-1] - columns[0] + 1)
        yield requests.checkboxes(block)
        yield requests.style(block, {"numberFormat": {"type": "NUMBER", "pattern": ""}}, "numberFormat")
