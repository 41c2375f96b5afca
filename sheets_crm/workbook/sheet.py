"""What was read of a table tab: its rows by key, where each stands, and how it looks after a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import Kind
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.tabs import TabSpec


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
        unkeyed: Grid rows that hold something but have no key.
    """

    spec: TabSpec
    tab: TabInfo
    places: dict[str, int]
    frame: pd.DataFrame
    rows: np.ndarray
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    unkeyed: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        """The 0-based grid row below the last row of the table."""
        last = int(self.rows.max()) if len(self.rows) else 0
        return max(last, max(self.unkeyed, default=0)) + 1

    def resized(self, tab_rows: int, frame: pd.DataFrame, rows: np.ndarray) -> Sheet:
        """Return the sheet after a write: other rows, another grid height."""
        return replace(self, tab=replace(self.tab, rows=tab_rows), frame=frame, rows=rows)


def read_sheet(spec: TabSpec, tab: TabInfo, cells: Sequence[Sequence[Cell]]) -> Sheet:
    """Return a table tab from its cells (from A1, short rows as they came).

    Columns are found by header, so operators' own columns and another order do no harm.
    """
    header = [str(cell).strip() for cell in (cells[0] if cells else [])]
    places = {name: header.index(name) for name in spec.headers if name in header}
    doubled = tuple(name for name in spec.headers if header.count(name) > 1)
    missing = tuple(name for name in spec.headers if name not in places)
    body = cells[1:]
    columns = {column.header: _column(body, places.get(column.header)) for column in spec.columns}
    rows = np.arange(1, len(body) + 1)
    if spec.key_column:
        keyed = np.array([_is_key(cell, spec) for cell in columns[spec.key_column]], dtype=bool)
    else:
        keyed = np.array([any(cell != "" for cell in row) for row in body], dtype=bool)
    keyed = keyed if len(body) else np.zeros(0, dtype=bool)
    frame = pd.DataFrame({name: pd.Series(values[keyed], dtype=object) for name, values in columns.items()})
    used = [n + 1 for n, row in enumerate(body) if not keyed[n] and any(cell not in {"", False} for cell in row)]
    return Sheet(spec, tab, places, _keyed(frame, spec), rows[keyed], missing, doubled, tuple(used))


def _column(body: Sequence[Sequence[Cell]], place: int | None) -> np.ndarray:
    found = np.empty(len(body), dtype=object)
    found[:] = ""
    if place is not None:
        found[:] = [row[place] if len(row) > place else "" for row in body]
    return found


def _is_key(cell: Cell, spec: TabSpec) -> bool:
    kind = next(column.kind for column in spec.columns if column.header == spec.key_column)
    if kind is Kind.WHOLE:
        return (
            isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer() and cell > 0
        )
    return cell != ""


def _keyed(frame: pd.DataFrame, spec: TabSpec) -> pd.DataFrame:
    if not spec.key_column:
        return frame
    key = frame[spec.key_column]
    kind = next(column.kind for column in spec.columns if column.header == spec.key_column)
    if kind is Kind.WHOLE:
        index = pd.Index(key.astype("int64"), name=spec.key_column)
    else:
        index = pd.Index(key.astype(object), name=spec.key_column)
    return frame.drop(columns=[spec.key_column]).set_axis(index, axis=0)
