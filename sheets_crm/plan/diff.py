"""The changes from an existing table to the desired one.

Rows are identified by key, never by position. Cells that operators own and live formulas are written when a row is
appended and never again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from sheets_crm.pipeline.leads import object_ids
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, RowCells, UpdateCells
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.sheet import Sheet


def diff(sheet: Sheet, desired: pd.DataFrame, *, delete: bool = True, master: Sheet | None = None) -> list[Change]:
    """The changes that make a table equal to the desired one.

    Args:
        sheet: The table as read.
        desired: Index by key, unique; object columns for the declared headers but the key. Headers it lacks stay
            unchanged in existing rows and are blank in new ones.
        delete: Whether to delete rows that are not desired.
        master: The Master, if the table shows leads: new rows may be copied from it.
    """
    changes: list[Change] = []
    existing = sheet.frame.index
    if existing.empty and desired.index.empty:
        return []
    positions = desired.index.get_indexer(existing)
    if len(sheet.frame):
        cells = dict(_changed(sheet, desired, positions))
        if cells:
            changes.append(UpdateCells(sheet, cells))
    added = desired.index[~desired.index.isin(existing)]
    if len(added):
        changes.append(AppendRows(sheet, _whole(sheet, desired.loc[added]), master))
    deleted = np.flatnonzero(positions < 0)
    # Of rows with the same key the first is kept.
    doubled = np.flatnonzero(existing.duplicated(keep="first"))
    deleted = np.union1d(deleted, doubled)
    if delete and len(deleted):
        changes.append(DeleteRows(sheet, deleted))
    return changes


def _changed(
    sheet: Sheet, desired: pd.DataFrame, positions: np.ndarray
) -> Iterator[tuple[str, tuple[np.ndarray, np.ndarray]]]:
    kept = np.flatnonzero(positions >= 0)
    whole = len(kept) == len(desired) == len(positions) and np.array_equal(positions, np.arange(len(positions)))
    for column in sheet.spec.columns:
        name = column.header
        if column.operator or column.live or name not in desired.columns or name not in sheet.column_index:
            continue
        existing = sheet.frame[name].to_numpy(dtype=object)
        wanted = desired[name].to_numpy(dtype=object)
        if whole and existing is wanted:
            continue
        old, new = existing[kept], wanted[positions[kept]]
        differs = different(old, new)
        if differs.any():
            yield name, (kept[differs], new[differs])


def different(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Mask of the rows where two columns of cells differ; TRUE is not 1, and text is not a number."""
    # Unchanged cells of the desired table are the very objects of the existing one, which one vectorised comparison of
    # ids tells for all leads at once. Only the others need ==, object by object.
    differs: np.ndarray = np.not_equal(object_ids(old), object_ids(new))
    others = np.flatnonzero(differs)
    differs[others] = _unequal(old[others], new[others])
    return differs


def _unequal(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    unequal = np.asarray(old != new, dtype=bool)
    # In Python True == 1 and False == 0, but a flag that became a number is a change.
    alike = np.flatnonzero(~unequal & ((new == 0) | (new == 1)))
    kinds = np.fromiter((isinstance(old[n], bool) != isinstance(new[n], bool) for n in alike), dtype=bool)
    unequal[alike[kinds]] = True
    return unequal


def _whole(sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
    """New rows with every declared header, the key included."""
    columns: dict[str, object] = {}
    for header in sheet.spec.headers:
        if header == sheet.spec.key_column:
            columns[header] = np.asarray(rows.index, dtype=object)
        elif header in rows.columns:
            columns[header] = rows[header].to_numpy(dtype=object)
        else:
            columns[header] = np.full(len(rows), "", dtype=object)
    return pd.DataFrame(columns, index=rows.index, dtype=object)


def after(sheet: Sheet, changes: list[Change]) -> Sheet:
    """The table after its changes: its rows, their grid rows, the height of the grid."""
    frame, rows, end, height = sheet.frame, sheet.rows, sheet.end, sheet.tab.rows
    deleted, pushed = np.zeros(0, dtype=int), 0
    beside = sheet.unkeyed_cells
    for change in changes:
        if isinstance(change, UpdateCells) and change.sheet is sheet:
            frame = _updated(frame, change)
        elif isinstance(change, AppendRows) and change.sheet is sheet:
            added = change.frame.drop(columns=[sheet.spec.key_column] if sheet.spec.key_column else [])
            parts = [frame, added[list(frame.columns)]]
            height = sheet.height_with(len(added))
            if sheet.on_top:
                pushed, parts = len(added), parts[::-1]
                rows = np.concatenate([np.arange(1, 1 + pushed), rows + pushed])
            else:
                rows = np.concatenate([rows, np.arange(end, end + len(added))])
                end += len(added)
            frame = pd.concat(parts) if len(frame) else added[list(frame.columns)]
        elif isinstance(change, DeleteRows) and change.sheet is sheet:
            deleted = change.positions + pushed
    if len(deleted):
        deleted_rows = rows[deleted]
        stay = np.ones(len(rows), dtype=bool)
        stay[deleted] = False
        # A row moves up by the number of deleted rows above it.
        frame, rows = frame[stay], rows[stay] - np.searchsorted(np.sort(deleted_rows), rows[stay])
        height = max(height - len(deleted), 2)
        gone = np.sort(deleted_rows)
        beside = {row - int(np.searchsorted(gone, row)): cells for row, cells in beside.items()}
        sheet = replace(sheet, unkeyed=tuple(sorted(beside)) if beside else sheet.unkeyed, unkeyed_cells=beside)
    sheet = replace(sheet, tab=replace(sheet.tab, rows=height), frame=frame, rows=rows)
    if not pushed:
        return sheet
    unkeyed, repeated = (tuple(row + pushed for row in of_kind) for of_kind in (sheet.unkeyed, sheet.repeated))
    beside = {row + pushed: cells for row, cells in sheet.unkeyed_cells.items()}
    return replace(sheet, unkeyed=unkeyed, repeated=repeated, unkeyed_cells=beside)


def pushed_down(sheet_id: int, changes: Iterable[Change]) -> int:
    """By how many rows the new rows on top of a tab push down those that are there."""
    added = (change for change in changes if isinstance(change, AppendRows))
    return sum(len(one.frame) for one in added if one.sheet.tab.sheet_id == sheet_id and one.sheet.on_top)


def _updated(frame: pd.DataFrame, change: UpdateCells) -> pd.DataFrame:
    updated = frame.copy(deep=False)
    for name, (positions, values) in change.cells.items():
        column = frame[name].to_numpy(dtype=object, copy=True)
        column[positions] = values
        updated[name] = pd.Series(column, index=frame.index, dtype=object)
    return updated


def with_row_cells(sheet: Sheet, change: RowCells) -> Sheet:
    """A two-way table after cells of its rows were written: a row of the frame is one that has a key by then."""
    key_column = sheet.spec.key_column
    columns = {str(name): sheet.frame[name].to_numpy(dtype=object, copy=True) for name in sheet.frame.columns}
    by_row: dict[int, dict[str, Cell]] = {}
    for cell in change.cells:
        by_row.setdefault(cell.row, {})[cell.header] = cell.value
    place_of = {int(row): n for n, row in enumerate(sheet.rows)}
    added: dict[int, dict[str, Cell]] = {}
    for row, cells in by_row.items():
        if row not in place_of:
            added[row] = {**dict.fromkeys(columns, ""), **change.before.get(row, {}), **cells}
            continue
        for header, value in cells.items():
            if header in columns:
                columns[header][place_of[row]] = value
    frame = pd.DataFrame(columns, index=sheet.frame.index, dtype=object)
    emptied = [place_of[row] for row, cells in by_row.items() if cells.get(key_column) == "" and row in place_of]
    stay = np.setdiff1d(np.arange(len(frame)), emptied)
    frame, kept = frame.iloc[stay], sheet.rows[stay]
    new = {row: cells for row, cells in added.items() if cells.get(key_column)}
    if new:
        index = pd.Index([cells.pop(key_column) for cells in new.values()], name=key_column)
        frame = pd.concat(
            [frame, pd.DataFrame(list(new.values()), index=index, columns=frame.columns, dtype=object)]
        )
    rows = np.concatenate([kept, np.array(list(new), dtype=sheet.rows.dtype)]).astype(sheet.rows.dtype)
    tab = replace(sheet.tab, rows=sheet.tab.rows + change.blank)
    unkeyed = tuple(row for row in sheet.unkeyed if row not in new)
    return replace(sheet, tab=tab, frame=frame, rows=rows, unkeyed=unkeyed)
