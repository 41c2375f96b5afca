"""What was read of a table tab: its rows by key, where each stands, and how it looks after a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import Kind
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.tabs import MASTER, TabSpec

LARGEST_WHOLE: Final = 2**53
"""The largest whole number that Sheets tells from its neighbours."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table tab as it stands.

    Attributes:
        spec: Its declaration.
        tab: The tab itself: id, title, size of the grid.
        places: 0-based grid column of each declared header that was found.
        frame: One row per table row; object columns by declared header, in declared order, blank cells "".
        rows: 0-based grid row of each row of the frame.
        missing: Declared headers that are not in row 1.
        doubled: Declared headers that are there more than once.
        unkeyed: Grid rows that hold something but have no key, or the key of a row above (then in `repeated` too).
        repeated: Grid rows that have the key of a row above; not looked for where the key is a LeadNumber: of such
            a table the difference to what it should be takes the later row away.
    """

    spec: TabSpec
    tab: TabInfo
    column_index: dict[str, int]
    frame: pd.DataFrame
    rows: np.ndarray
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    unkeyed: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        """The 0-based grid row below the last row of the table."""
        last = int(self.rows.max()) if len(self.rows) else 0
        return max(last, max(self.unkeyed, default=0)) + 1

    @property
    def inserts(self) -> bool:
        """Whether new rows are inserted below the last one, so that what somebody types there meanwhile stays.

        Only people type rows into the Master; every other table follows from it and takes its blank rows as they are.
        Right below the header nothing is inserted: formulas over ``A2:A`` would begin below the new rows.
        """
        return self.spec.key == MASTER and self.end > 1

    def height_with(self, added: int) -> int:
        """Return the height of the grid once so many rows are added to the table."""
        return self.tab.rows + added if self.inserts else max(self.tab.rows, self.end + added)

    def resized(self, tab_rows: int, frame: pd.DataFrame, rows: np.ndarray) -> Sheet:
        """Return the sheet after a write: other rows, another grid height."""
        return replace(self, tab=replace(self.tab, rows=tab_rows), frame=frame, rows=rows)


def read_sheet(spec: TabSpec, tab: TabInfo, cells: Sequence[Sequence[Cell]]) -> Sheet:
    """Return a table tab from its cells (from A1, short rows as they came).

    Columns are found by header, so operators' own columns and another order do no harm.
    """
    width = max(map(len, cells), default=0)
    columns = [[row[n] if len(row) > n else "" for row in cells] for n in range(width)]
    return sheet_of_columns(spec, tab, columns, len(cells))


def sheet_of_columns(spec: TabSpec, tab: TabInfo, columns: Sequence[Sequence[Cell]], height: int) -> Sheet:
    """Return a table tab from its columns (from A1, each of that height)."""
    header = [str(column[0]).strip() if height else "" for column in columns]
    column_index = {name: header.index(name) for name in spec.headers if name in header}
    doubled = tuple(name for name in spec.headers if header.count(name) > 1)
    missing = tuple(name for name in spec.headers if name not in column_index)
    count = max(height - 1, 0)
    grid = [_cells(column[1:]) for column in columns]
    blank = _cells([""] * count)
    found = {
        one.header: grid[column_index[one.header]] if one.header in column_index else blank for one in spec.columns
    }
    keyed = _are_keys(found[spec.key_column], spec) if spec.key_column else _hold(grid, count, "")
    whole = _frame({name: values[keyed] for name, values in found.items()}, spec, int(keyed.sum()))
    rest = np.flatnonzero(~keyed)
    used = rest[_hold([column[rest] for column in grid], len(rest), "", False)] + 1
    rows = np.flatnonzero(keyed) + 1
    again = np.zeros(len(whole), dtype=bool)
    if spec.key_column and _kind_of_key(spec) is not Kind.WHOLE:
        again = np.asarray(whole.index.duplicated(keep="first"))
    repeated = tuple(rows[again].tolist())
    unkeyed = tuple(sorted((*used.tolist(), *repeated)))
    return Sheet(spec, tab, column_index, whole[~again], rows[~again], missing, doubled, unkeyed, repeated)


def _cells(column: Sequence[Cell]) -> np.ndarray:
    found = np.empty(len(column), dtype=object)
    found[:] = column
    return found


def _frame(columns: Mapping[str, np.ndarray], spec: TabSpec, height: int) -> pd.DataFrame:
    """Make the frame of one block, at once: of a Series for each column it would take 20 times as long."""
    names = [name for name in columns if name != spec.key_column]
    block = np.empty((len(names), height), dtype=object)
    for place, name in enumerate(names):
        block[place] = columns[name]
    index = None
    if spec.key_column:
        kind = "int64" if _kind_of_key(spec) is Kind.WHOLE else "object"
        index = pd.Index(columns[spec.key_column].astype(kind), dtype=kind, name=spec.key_column)
    return pd.DataFrame(block.T, index=index, columns=names, dtype=object)


def _hold(columns: Sequence[np.ndarray], count: int, *nothing: Cell) -> np.ndarray:
    """Return the rows that hold anything but the values that count as nothing."""
    found = np.zeros(count, dtype=bool)
    for column in columns:
        something = np.ones(count, dtype=bool)
        for value in nothing:
            something &= np.asarray(column != value, dtype=bool)
        found |= something
    return found


def _are_keys(cells: np.ndarray, spec: TabSpec) -> np.ndarray:
    if _kind_of_key(spec) is not Kind.WHOLE:
        return np.asarray(cells != "", dtype=bool)
    if pd.api.types.infer_dtype(cells, skipna=False) == "integer":
        return np.asarray((cells > 0) & (cells <= LARGEST_WHOLE), dtype=bool)
    return np.array([_is_whole(cell) for cell in cells], dtype=bool)


def _kind_of_key(spec: TabSpec) -> Kind:
    return next(column.kind for column in spec.columns if column.header == spec.key_column)


def _is_whole(cell: Cell) -> bool:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return 0 < cell <= LARGEST_WHOLE and float(cell).is_integer()
