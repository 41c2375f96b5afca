"""From what is in a table and what should be in it to the changes between them.

Rows are known by their key, never by their place. Cells that operators own and live formulas are written when a
row is appended and never again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from sheets_crm.pipeline.leads import addresses
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, UpdateCells
from sheets_crm.workbook.sheet import Sheet


def diff(sheet: Sheet, desired: pd.DataFrame, *, delete: bool = True, master: Sheet | None = None) -> list[Change]:
    """Return the changes that make a table what is desired.

    Args:
        sheet: The table as read.
        desired: Index by key, unique; object columns for the declared headers but the key. Headers it lacks are
            left alone in existing rows and blank in new ones.
        delete: Whether rows that are not desired go.
        master: The Master, when the table shows leads: new rows may be copied from it.
    """
    found: list[Change] = []
    existing = sheet.frame.index
    if existing.empty and desired.index.empty:
        return []
    place = desired.index.get_indexer(existing)
    if len(sheet.frame):
        cells = dict(_changed(sheet, desired, place))
        if cells:
            found.append(UpdateCells(sheet, cells))
    fresh = desired.index[~desired.index.isin(existing)]
    if len(fresh):
        found.append(AppendRows(sheet, _whole(sheet, desired.loc[fresh]), master))
    gone = np.flatnonzero(place < 0)
    # A key that stands twice keeps its first row.
    doubled = np.flatnonzero(existing.duplicated(keep="first"))
    gone = np.union1d(gone, doubled)
    if delete and len(gone):
        found.append(DeleteRows(sheet, gone))
    return found


def _changed(
    sheet: Sheet, desired: pd.DataFrame, place: np.ndarray
) -> Iterator[tuple[str, tuple[np.ndarray, np.ndarray]]]:
    kept = np.flatnonzero(place >= 0)
    whole = len(kept) == len(desired) == len(place) and np.array_equal(place, np.arange(len(place)))
    for column in sheet.spec.columns:
        name = column.header
        if column.operator or column.live or name not in desired.columns or name not in sheet.column_index:
            continue
        now = sheet.frame[name].to_numpy(dtype=object)
        wanted = desired[name].to_numpy(dtype=object)
        if whole and now is wanted:
            continue
        before, after = now[kept], wanted[place[kept]]
        differs = different(before, after)
        if differs.any():
            yield name, (kept[differs], after[differs])


def different(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return where two columns of cells differ; TRUE is not 1, and a text is not a number."""
    # Most cells are the very same objects as before: only the others are looked at one by one.
    found: np.ndarray = np.not_equal(addresses(before), addresses(after))
    others = np.flatnonzero(found)
    found[others] = _unequal(before[others], after[others])
    return found


def _unequal(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    unequal = np.asarray(before != after, dtype=bool)
    # Python holds True == 1 and False == 0: a flag that became a number is a change all the same.
    alike = np.flatnonzero(~unequal & ((after == 0) | (after == 1)))
    kinds = np.fromiter((isinstance(before[n], bool) != isinstance(after[n], bool) for n in alike), dtype=bool)
    unequal[alike[kinds]] = True
    return unequal


def _whole(sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
    """Return new rows with every declared header, the key included."""
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
    """Return the table as it is once its changes were applied: its rows, their places, the height of the grid."""
    frame, rows, end, height = sheet.frame, sheet.rows, sheet.end, sheet.tab.rows
    gone = np.zeros(0, dtype=int)
    for change in changes:
        if isinstance(change, UpdateCells) and change.sheet is sheet:
            frame = _updated(frame, change)
        elif isinstance(change, AppendRows) and change.sheet is sheet:
            added = change.frame.drop(columns=[sheet.spec.key_column] if sheet.spec.key_column else [])
            rows = np.concatenate([rows, np.arange(end, end + len(added))])
            frame = pd.concat([frame, added[list(frame.columns)]]) if len(frame) else added[list(frame.columns)]
            end += len(added)
            height = sheet.height_with(len(added))
        elif isinstance(change, DeleteRows) and change.sheet is sheet:
            gone = change.positions
    if len(gone):
        gone_rows = sheet.rows[gone]
        stay = np.ones(len(rows), dtype=bool)
        stay[gone] = False
        frame, rows = frame[stay], rows[stay] - np.searchsorted(np.sort(gone_rows), rows[stay])
        height = max(height - len(gone), 2)
    return replace(sheet, tab=replace(sheet.tab, rows=height), frame=frame, rows=rows)


def _updated(frame: pd.DataFrame, change: UpdateCells) -> pd.DataFrame:
    fresh = frame.copy(deep=False)
    for name, (positions, values) in change.cells.items():
        column = frame[name].to_numpy(dtype=object, copy=True)
        column[positions] = values
        fresh[name] = pd.Series(column, index=frame.index, dtype=object)
    return fresh
