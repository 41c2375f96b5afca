"""The closed set of changes that a plan is made of.

Each change names its tab and is a value; `sheets_crm.plan.compiler` turns it into requests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sheets_crm.workbook.cells import Cell, CellIn
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.writes import CellWrite


@dataclass(frozen=True, slots=True)
class UpdateCells:
    """Cells of existing rows of a table: for each header, positions in the sheet's frame and their new values."""

    sheet: Sheet
    cells: Mapping[str, tuple[np.ndarray, np.ndarray]]

    @property
    def rows(self) -> int:
        """How many rows have a changed cell."""
        touched = [positions for positions, _ in self.cells.values()]
        return len(np.unique(np.concatenate(touched))) if touched else 0

    @property
    def count(self) -> int:
        """How many cells change."""
        return sum(len(positions) for positions, _ in self.cells.values())


@dataclass(frozen=True, slots=True)
class AppendRows:
    """New rows at the end of a table.

    Attributes:
        sheet: The table.
        frame: Every declared header, the key included.
        master: The Master, if the rows show leads and may be copied from it.
    """

    sheet: Sheet
    frame: pd.DataFrame
    master: Sheet | None = None


@dataclass(frozen=True, slots=True)
class DeleteRows:
    """Rows of a table to delete, by position in the sheet's frame."""

    sheet: Sheet
    positions: np.ndarray


@dataclass(frozen=True, slots=True)
class RowCells:
    """Cells of rows of a two-way table, by grid row: a row that an operator typed has no key by which to name it.

    Attributes:
        tab: The tab.
        spec: Its declaration.
        column_index: 0-based grid column of each declared header that is there.
        cells: The cells to write.
        keys: The key that each row has after the write, by 0-based grid row.
        before: The operators' cells of each row that gets its key by this write, by 0-based grid row and header: by
            them, and not by the key just written, it shows whether the row was still there.
        blank: Rows to add at the end of the grid, for operators to type into.
        former: The keys of all rows before the write from the top down, as far as they were read.
        shown: The worker's cells of edited rows as they were read, by 0-based grid row and header.
        header: The texts of row 1 when it was read; empty where nobody looks whether columns were moved.
        grid: The cells of rows as they were read, own columns too, by 0-based grid row.
        former_seen: The `_seen` of each of the rows of `former`, as far as they were read.
    """

    tab: TabInfo
    spec: TabSpec
    column_index: Mapping[str, int]
    cells: tuple[CellWrite, ...]
    keys: Mapping[int, str] = field(default_factory=dict)
    before: Mapping[int, Mapping[str, Cell]] = field(default_factory=dict)
    blank: int = 0
    former: tuple[str, ...] = ()
    shown: Mapping[int, Mapping[str, Cell]] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    grid: Mapping[int, Sequence[Cell]] = field(default_factory=dict)
    former_seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PutCells:
    """A block of cells at a fixed place: Control, System."""

    tab: TabInfo
    row: int
    column: int
    rows: tuple[tuple[CellIn, ...], ...]
    what: str = ""


@dataclass(frozen=True, slots=True)
class GridRows:
    """Rows of a tab that is no table (Rejected): grid rows to delete, and rows to append.

    Attributes:
        tab: The tab.
        delete: 0-based grid rows to delete.
        start: Grid row of the first appended row, before the deletion.
        append: The appended rows.
        boxes: (row offset, column) of appended cells that are checkboxes.
        put: (grid row, column, value) of single cells to rewrite.
        marked: (grid row, column) of cells to colour, of appended rows as they come to stand before the deletion.
        unmarked: Grid rows of which no other cell stays coloured.
    """

    tab: TabInfo
    delete: tuple[int, ...] = ()
    start: int = 0
    append: tuple[tuple[CellIn, ...], ...] = ()
    boxes: tuple[tuple[int, int], ...] = ()
    put: tuple[tuple[int, int, CellIn], ...] = ()
    marked: tuple[tuple[int, int], ...] = ()
    unmarked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveTab:
    """A tab to delete: that of an import that is merged and archived."""

    tab: TabInfo


@dataclass(frozen=True, slots=True)
class ShowTab:
    """A tab to show or hide, for everybody."""

    tab: TabInfo
    shown: bool


@dataclass(frozen=True, slots=True)
class ShowColumn:
    """A column (0-based) of a tab to show or hide, for everybody."""

    tab: TabInfo
    column: int
    shown: bool


@dataclass(frozen=True, slots=True)
class BlockMark:
    """The mark of a block in an import tab: a note on its first cell, and the colour of its first row.

    Attributes:
        tab: The tab.
        row: 0-based row.
        width: How many cells are coloured.
        text: The note; "" for none, and None to leave the one that is there.
        coloured: Whether the row is coloured; a mark that is taken away has no colour, and the note that was there.
    """

    tab: TabInfo
    row: int
    width: int
    text: str | None
    coloured: bool = True


@dataclass(frozen=True, slots=True)
class MarkBlocks:
    """Marks to set and to take away; no value changes."""

    marks: tuple[BlockMark, ...]


@dataclass(frozen=True, slots=True)
class FoldRows:
    """An outermost group of rows [start, end) to fold or unfold."""

    tab: TabInfo
    start: int
    end: int
    folded: bool


@dataclass(frozen=True, slots=True)
class ShowRow:
    """A row (0-based) of a tab to show or hide, for everybody."""

    tab: TabInfo
    row: int
    shown: bool


Change = (
    UpdateCells
    | AppendRows
    | DeleteRows
    | RowCells
    | PutCells
    | GridRows
    | RemoveTab
    | ShowTab
    | ShowColumn
    | FoldRows
    | ShowRow
    | MarkBlocks
)
