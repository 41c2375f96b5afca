"""A table tab as read: its rows by key, and the place of each row and column in the grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import Kind
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import ReadPolicy, TabSpec
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.roles import LEADS
from sheets_crm.workbook.two_way.columns import header_ids

LARGEST_WHOLE: Final = 2**53
"""The largest whole number that a double, and so a cell, represents exactly."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table tab as read.

    Attributes:
        spec: Its declaration.
        tab: The tab itself: id, title, size of the grid.
        column_index: 0-based grid column of each declared header that is there.
        frame: One row per table row; object columns by declared header, in declared order, blank cells "".
        rows: 0-based grid row of each row of the frame.
        missing: Declared headers that are not in row 1.
        doubled: Declared headers that are there more than once.
        unkeyed: Grid rows with content but without a key, and those of `repeated`.
        repeated: Grid rows that have the key of a row above. They are not collected where the key is a LeadNumber: in
            such a table the diff against the desired rows deletes the later row.
        header: The texts of row 1 of a two-way table, own columns too.
        unkeyed_cells: In a table of leads, what the `unkeyed` rows hold in any column, by grid row and column.
        names: What row 1 calls the declared columns that it calls by another name than a new Spanish workbook does.
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
    header: tuple[str, ...] = ()
    unkeyed_cells: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, header: str, language: str) -> str:
        """What a column is called in messages: as it is in the sheet, where people look for it."""
        return self.names.get(header) or self.spec.column(header).name(language)

    @property
    def end(self) -> int:
        """The 0-based grid row below the last row of the table."""
        last = int(self.rows.max()) if len(self.rows) else 0
        return max(last, max(self.unkeyed, default=0)) + 1

    @property
    def inserts(self) -> bool:
        """Whether new rows are inserted below the last one, to keep what somebody types there between read and write.

        That is for the tables that people type rows into: two-way tables, and the Master. The others use their blank
        rows. In the Master never right below the header: formulas over ``A2:A`` would then begin below the new rows.
        """
        return self.spec.by_key or (self.spec.key == LEADS and self.end > 1)

    @property
    def on_top(self) -> bool:
        """Whether new rows come right below the header, above those that are there, which they push down."""
        return self.spec.newest_first and self.end > 1

    @property
    def start(self) -> int:
        """The 0-based grid row of the first new row."""
        return 1 if self.on_top else self.end

    def height_with(self, added: int) -> int:
        """Height of the grid once rows are added to the table."""
        grows = self.inserts or self.on_top
        return self.tab.rows + added if grows else max(self.tab.rows, self.end + added)

    def resized(self, tab_rows: int, frame: pd.DataFrame, rows: np.ndarray) -> Sheet:
        """The sheet after a write: new rows and grid height."""
        return replace(self, tab=replace(self.tab, rows=tab_rows), frame=frame, rows=rows)


def read_sheet(spec: TabSpec, tab: TabInfo, cells: Sequence[Sequence[Cell]]) -> Sheet:
    """A table tab from its cells (from A1, rows as received, without trailing blanks).

    Columns are found by header, so operators' own columns and another order do no harm.
    """
    width = max(map(len, cells), default=0)
    columns = [[row[n] if len(row) > n else "" for row in cells] for n in range(width)]
    return sheet_of_columns(spec, tab, columns, len(cells))


def sheet_of_columns(spec: TabSpec, tab: TabInfo, columns: Sequence[Sequence[Cell]], height: int) -> Sheet:
    """A table tab from its columns (from A1, each of the given height)."""
    header = [str(column[0]).strip() if height else "" for column in columns]
    written, texts = header, tuple(header) if spec.by_key else ()
    header = header_ids(spec, written)
    column_index = {name: header.index(name) for name in spec.headers if name in header}
    doubled = tuple(name for name in spec.headers if header.count(name) > 1)
    missing = tuple(name for name in spec.headers if name not in column_index)
    count = max(height - 1, 0)
    grid = [_cells(column[1:]) for column in columns]
    blank = _cells([""] * count)
    values = {
        column.header: grid[column_index[column.header]] if column.header in column_index else blank
        for column in spec.columns
    }
    keyed = _are_keys(values[spec.key_column], spec) if spec.key_column else _hold(grid, count, "")
    whole = _frame({name: column[keyed] for name, column in values.items()}, spec, int(keyed.sum()))
    rest = np.flatnonzero(~keyed)
    # An unticked checkbox is FALSE: a row of nothing else is as blank as it looks.
    used = rest[_hold([column[rest] for column in grid], len(rest), "", False)] + 1
    rows = np.flatnonzero(keyed) + 1
    is_repeated = np.zeros(len(whole), dtype=bool)
    if spec.key_column and _kind_of_key(spec) is not Kind.WHOLE:
        is_repeated = np.asarray(whole.index.duplicated(keep="first"))
    repeated = tuple(rows[is_repeated].tolist())
    unkeyed = tuple(sorted((*used.tolist(), *repeated)))
    return Sheet(
        spec,
        tab,
        column_index,
        whole[~is_repeated],
        rows[~is_repeated],
        missing,
        doubled,
        unkeyed,
        repeated,
        texts,
        _filled(columns, unkeyed) if spec.policy is ReadPolicy.LEADS else {},
        {
            column.header: written[column_index[column.header]]
            for column in spec.columns
            if column.es and column.header in column_index and written[column_index[column.header]] != column.es
        },
    )


def _filled(columns: Sequence[Sequence[Cell]], rows: Sequence[int]) -> dict[int, dict[int, Cell]]:
    """The cells of grid rows that are neither blank nor FALSE, by row and column."""
    return {
        row: {n: column[row] for n, column in enumerate(columns) if column[row] != "" and column[row] is not False}
        for row in rows
    }


def _cells(column: Sequence[Cell]) -> np.ndarray:
    cells = np.empty(len(column), dtype=object)
    cells[:] = column
    return cells


def _frame(columns: Mapping[str, np.ndarray], spec: TabSpec, height: int) -> pd.DataFrame:
    """Build the frame from one block of objects: from a Series per column it takes 20 times as long."""
    names = [name for name in columns if name != spec.key_column]
    block = np.empty((len(names), height), dtype=object)
    for n, name in enumerate(names):
        block[n] = columns[name]
    index = None
    if spec.key_column:
        kind = "int64" if _kind_of_key(spec) is Kind.WHOLE else "object"
        index = pd.Index(columns[spec.key_column].astype(kind), dtype=kind, name=spec.key_column)
    return pd.DataFrame(block.T, index=index, columns=names, dtype=object)


def _hold(columns: Sequence[np.ndarray], count: int, *blanks: Cell) -> np.ndarray:
    """A mask of the rows that have a cell other than the values that count as blank."""
    filled = np.zeros(count, dtype=bool)
    for column in columns:
        differs = np.ones(count, dtype=bool)
        for value in blanks:
            differs &= np.asarray(column != value, dtype=bool)
        filled |= differs
    return filled


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
