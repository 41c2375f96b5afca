"""Verify a write: keys that have to stand beside what it wrote, read back in the same atomic request.

The guard orders the workers; the file's owner may still sort a tab between a read and a write. Then other LeadNumbers
than planned stand beside the written cells, and the run reads again and repairs what went to other rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.pipeline.columns import Kind
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, PutCells, RowCells, UpdateCells
from sheets_crm.plan.compiler import runs
from sheets_crm.plan.diff import pushed_down
from sheets_crm.plan.plan import Plan
from sheets_crm.workbook.cells import Cell, a1
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.panel import ID
from sheets_crm.workbook.roles import PANEL
from sheets_crm.workbook.sheet import Sheet

RANGES = 40
"""More ranges of one change are read back as one, from the first row to the last."""
WHOLE = 5_000
"""After a deletion, tabs of up to so many rows are read back whole."""


@dataclass(frozen=True, slots=True)
class Check:
    """A range, and the keys, or ids of Control's rows, that have to stand in it after a write; None is anything.

    Attributes:
        range: The A1 range.
        expected: Its cells, row by row.
        width: Its columns.
    """

    range: str
    expected: tuple[Cell | None, ...]
    width: int = 1


def expectations(plan: Plan, after: Snapshot) -> list[Check]:
    """The checks of a plan's write: the keys of rows that it writes to, and those around rows that it deletes.

    Args:
        plan: The plan.
        after: The snapshot that its write leaves.
    """
    checks: list[Check] = []
    tabs = {sheet.tab.sheet_id: sheet for sheet in after.sheets.values()}
    for change in plan.changes:
        if isinstance(change, RowCells):
            checks += _of_rows(change, plan.changes)
        if not isinstance(change, UpdateCells | DeleteRows | AppendRows):
            continue
        sheet = tabs[change.sheet.tab.sheet_id]
        if not (sheet.spec.key_column == "LeadNumber" or sheet.spec.by_key) or not len(sheet.frame):
            continue
        if isinstance(change, AppendRows) and change.sheet.header:
            checks.append(_of_columns(sheet.tab.title, change.sheet.header, change.sheet.column_index))
        checks += [_check(sheet, start, end) for start, end in _checked(change, sheet)]
    return checks + _of_control(plan.changes)


def _of_rows(change: RowCells, changes: Sequence[Change]) -> Iterator[Check]:
    """The checks of rows of a two-way table: their keys, and in rows that get their keys the operators' cells."""
    sheets = (
        one for one in changes if isinstance(one, DeleteRows) and one.sheet.tab.sheet_id == change.tab.sheet_id
    )
    deleted = np.sort(np.concatenate([np.zeros(0, dtype=int), *(one.sheet.rows[one.positions] for one in sheets)]))
    pushed = pushed_down(change.tab.sheet_id, changes)
    places = {row: row - int(np.searchsorted(deleted, row)) + pushed for row in change.keys if row not in deleted}
    keys = {places[row]: key for row, key in change.keys.items() if row in places and row not in change.before}
    if change.header:
        yield _of_columns(change.tab.title, change.header, change.column_index)
    column, whole = change.column_index[change.spec.key_column], change.spec.column(change.spec.key_column).kind
    for start, end in runs(sorted(keys)):
        texts = (keys[row] for row in range(start, end))
        expected = tuple(int(text) if whole is Kind.WHOLE and text else text for text in texts)
        yield Check(a1(change.tab.title, start, column, end - start, 1), expected)
    written = {(cell.row, cell.header): cell.value for cell in change.cells}
    width = max(change.column_index.values()) + 1
    rows = {places[row]: _expected(change, row, written, width) for row in change.before if row in places}
    for start, end in runs(sorted(rows)):
        block = tuple(cell for row in range(start, end) for cell in rows[row])
        yield Check(a1(change.tab.title, start, 0, end - start, width), block, width)


def _of_columns(title: str, header: Sequence[str], places: Mapping[str, int]) -> Check:
    """The check of a two-way table's header: operators may move its columns, and add some."""
    declared = set(places.values())
    texts = tuple(text if place in declared else None for place, text in enumerate(header))
    return Check(a1(title, 0, 0, 1, len(texts)), texts, len(texts))


def _expected(
    change: RowCells, row: int, written: Mapping[tuple[int, str], Cell], width: int
) -> tuple[Cell | None, ...]:
    """The operators' cells of a row that gets its key; an error, or a blank checkbox, is read back in other ways."""
    cells: list[Cell | None] = [None] * width
    for header, cell in change.before[row].items():
        value = written.get((row, header), cell)
        vague = value is False or value == "" or (isinstance(value, str) and value.startswith("#"))
        cells[change.column_index[header]] = None if vague else value
    return tuple(cells)


def _of_control(changes: Sequence[Change]) -> list[Check]:
    """The checks of the ids beside the cells written to Control."""
    written = [change for change in changes if isinstance(change, PutCells) and change.tab.mark == PANEL]
    return ids_beside(written[0].tab.title, {change.row: change.what for change in written}) if written else []


def ids_beside(title: str, ids: Mapping[int, str]) -> list[Check]:
    """The checks of ids in rows of Control.

    Args:
        title: Title of Control.
        ids: The id that has to stand in each 0-based grid row.
    """
    return [
        Check(a1(title, start, ID, end - start, 1), tuple(ids[row] for row in range(start, end)))
        for start, end in runs(sorted(ids))
    ]


def _checked(change: UpdateCells | DeleteRows | AppendRows, sheet: Sheet) -> list[tuple[int, int]]:
    """The grid rows [start, end) to read back after a change; of new rows, only those copied from the Master."""
    if isinstance(change, UpdateCells):
        return _written(change, sheet)
    if isinstance(change, DeleteRows):
        return _around(change, sheet)
    if change.master is None and not sheet.spec.by_key:
        return []
    places = sheet.frame.index.get_indexer(change.frame.index)
    return _ranges(sorted(sheet.rows[places[places >= 0]].tolist()))


def _written(change: UpdateCells, sheet: Sheet) -> list[tuple[int, int]]:
    positions = np.unique(np.concatenate([places for places, _ in change.cells.values()]))
    keys = change.sheet.frame.index[positions]
    left = sheet.frame.index.get_indexer(keys)
    return _ranges(sorted(sheet.rows[left[left >= 0]].tolist()))


def _around(change: DeleteRows, sheet: Sheet) -> list[tuple[int, int]]:
    """The rows just above and below every gap that the deletion closes."""
    if len(sheet.rows) <= WHOLE:
        return [(int(sheet.rows.min()), int(sheet.rows.max()) + 1)]
    deleted = np.sort(change.sheet.rows[change.positions])
    # The nth deleted row has n deleted rows above it, so the row that takes its place stands n rows higher afterwards.
    # Adjacent deleted rows come out at the same place: one gap. Rows 5, 6 and 9 leave gaps at 5 and at 9 - 2 = 7.
    gaps = np.unique(deleted - np.arange(len(deleted)))
    edges = np.unique(np.concatenate([gaps - 1, gaps]))
    return _ranges(edges[np.isin(edges, sheet.rows)].tolist())


def _ranges(rows: Sequence[int]) -> list[tuple[int, int]]:
    spans = runs(rows)
    return spans if len(spans) <= RANGES else [(spans[0][0], spans[-1][1])]


def _check(sheet: Sheet, start: int, end: int) -> Check:
    inside = np.flatnonzero((sheet.rows >= start) & (sheet.rows < end))
    keys = dict(zip(sheet.rows[inside].tolist(), sheet.frame.index[inside], strict=True))
    expected = tuple(keys.get(row, "") for row in range(start, end))
    return Check(a1(sheet.tab.title, start, sheet.column_index[sheet.spec.key_column], end - start, 1), expected)


def misplaced(checks: Sequence[Check], read_back: Sequence[Rows]) -> int:
    """How many keys are not where they were planned; each range that could not be read back counts as one.

    Ranges cannot be read back when somebody renames their tab in the second of the write.
    """
    wrong = max(len(checks) - len(read_back), 0)
    for check, rows in zip(checks, read_back, strict=False):
        actual = [row[n] if len(row) > n else "" for row in rows for n in range(check.width)]
        # Blank cells at the end of a range are left out of the answer.
        actual += [""] * (len(check.expected) - len(actual))
        wrong += sum(
            expected is not None and expected != key for expected, key in zip(check.expected, actual, strict=False)
        )
    return wrong
