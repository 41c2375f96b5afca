"""Positions: what has to stand where after a write, read back in the same atomic request.

The guard orders the workers; the file's owner may still sort a tab between a read and a write. Then the LeadNumbers
beside the written cells are others than planned, and the run reads again and puts right what went to another row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, PutCells, UpdateCells
from sheets_crm.plan.compiler import runs
from sheets_crm.plan.plan import Plan
from sheets_crm.sync.snapshot import Snapshot
from sheets_crm.workbook.cells import Cell, a1
from sheets_crm.workbook.control import ID
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.tabs import CONTROL

RANGES = 40
WHOLE = 5_000


@dataclass(frozen=True, slots=True)
class Check:
    """LeadNumbers, or ids of rows of Control, that have to stand in a range after a write."""

    range: str
    expected: tuple[Cell, ...]


def expectations(plan: Plan, after: Snapshot) -> list[Check]:
    """Return what to read back of a plan's write: the keys of rows it wrote to, and those around rows it deleted."""
    found: list[Check] = []
    tabs = {sheet.tab.sheet_id: sheet for sheet in after.sheets.values()}
    for change in plan.changes:
        if not isinstance(change, UpdateCells | DeleteRows | AppendRows):
            continue
        sheet = tabs[change.sheet.tab.sheet_id]
        if sheet.spec.key_column != "LeadNumber" or not len(sheet.frame):
            continue
        found += [_check(sheet, start, end) for start, end in _checked(change, sheet)]
    return found + _of_control(plan.changes)


def _of_control(changes: Sequence[Change]) -> list[Check]:
    """Return the ids that have to stand beside the cells written to Control."""
    written = [change for change in changes if isinstance(change, PutCells) and change.tab.mark == CONTROL]
    return ids_beside(written[0].tab.title, {change.row: change.what for change in written}) if written else []


def ids_beside(title: str, ids: Mapping[int, str]) -> list[Check]:
    """Return the ids that have to stand in rows of Control, by 0-based grid row."""
    return [
        Check(a1(title, start, ID, end - start, 1), tuple(ids[row] for row in range(start, end)))
        for start, end in runs(sorted(ids))
    ]


def _checked(change: UpdateCells | DeleteRows | AppendRows, sheet: Sheet) -> list[tuple[int, int]]:
    """Return the grid rows [start, end) to look at after a change; new rows only where they were copied."""
    if isinstance(change, UpdateCells):
        return _written(change, sheet)
    if isinstance(change, DeleteRows):
        return _around(change, sheet)
    if change.master is None:
        return []
    places = sheet.frame.index.get_indexer(change.frame.index)
    return _ranges(sorted(sheet.rows[places[places >= 0]].tolist()))


def _written(change: UpdateCells, sheet: Sheet) -> list[tuple[int, int]]:
    positions = np.unique(np.concatenate([places for places, _ in change.cells.values()]))
    keys = change.sheet.frame.index[positions]
    kept = sheet.frame.index.get_indexer(keys)
    return _ranges(sorted(sheet.rows[kept[kept >= 0]].tolist()))


def _around(change: DeleteRows, sheet: Sheet) -> list[tuple[int, int]]:
    """Return the rows just above and below every gap that the deletion closes."""
    if len(sheet.rows) <= WHOLE:
        return [(int(sheet.rows.min()), int(sheet.rows.max()) + 1)]
    gone = np.sort(change.sheet.rows[change.positions])
    gaps = np.unique(gone - np.arange(len(gone)))
    edges = np.unique(np.concatenate([gaps - 1, gaps]))
    return _ranges(edges[np.isin(edges, sheet.rows)].tolist())


def _ranges(rows: Sequence[int]) -> list[tuple[int, int]]:
    found = runs(rows)
    return found if len(found) <= RANGES else [(found[0][0], found[-1][1])]


def _check(sheet: Sheet, start: int, end: int) -> Check:
    inside = np.flatnonzero((sheet.rows >= start) & (sheet.rows < end))
    there = dict(zip(sheet.rows[inside].tolist(), sheet.frame.index[inside], strict=True))
    expected = tuple(there.get(row, "") for row in range(start, end))
    return Check(a1(sheet.tab.title, start, sheet.column_index[sheet.spec.key_column], end - start, 1), expected)


def misplaced(checks: Sequence[Check], read_back: Sequence[Rows]) -> int:
    """Return how many keys stand elsewhere than planned, or could not be read back: of those nobody knows.

    Somebody who renames a tab in the second of the write makes its answer unreadable.
    """
    wrong = max(len(checks) - len(read_back), 0)
    for check, rows in zip(checks, read_back, strict=False):
        found = [row[0] if row else "" for row in rows]
        found += [""] * (len(check.expected) - len(found))
        wrong += sum(one != other for one, other in zip(check.expected, found, strict=False))
    return wrong
