"""Rows of two-way tables that the worker adds, changes and deletes by itself, and the keys of new rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheets_crm.engine.retries import ReadAgain
from sheets_crm.messages import said
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import Owner, TabSpec
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.system import NEXT_KEY

if TYPE_CHECKING:
    from sheets_crm.engine.working_state import WorkingState


class ReadTable(ReadAgain):
    """A two-way table has to be read whole, because the worker changes rows of it that nobody has edited.

    Attributes:
        table: Its key.
    """

    def __init__(self, table: str) -> None:
        super().__init__(said("why.table", tab=table))
        self.table = table


@dataclass(slots=True)
class TableRows:
    """The rows of one table, as the worker is going to leave them.

    Attributes:
        sheet: The table as read.
        working: The working state, which keeps the counter of its keys.
        added: Cells by header of each new row, by key.
        cells: Worker's and shared cells that change, by key and header.
        deleted: Keys of the rows to delete.
    """

    sheet: Sheet
    working: WorkingState
    added: dict[str, dict[str, Cell]] = field(default_factory=dict)
    cells: dict[str, dict[str, Cell]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    @property
    def keys(self) -> list[str]:
        """The keys of all rows, new ones last."""
        present = [shown(key) for key in self.sheet.frame.index]
        return [key for key in (*present, *self.added) if key not in self.deleted]

    def row(self, key: str) -> dict[str, Cell]:
        """The cells of a row by header, with what was set in this run.

        Raises:
            KeyError: There is no such row.
        """
        if key in self.added:
            return dict(self.added[key])
        return {**self.present(key), **self.cells.get(key, {})}

    def present(self, key: str) -> dict[str, Cell]:
        """The cells of a row by header, as they were read.

        Raises:
            KeyError: There is no such row.
        """
        row = self.sheet.frame.iloc[self.position(key)]
        return {str(header): cell for header, cell in row.items()}

    def position(self, key: str) -> int:
        """The position of a row in the table's frame.

        Raises:
            KeyError: There is no such row.
        """
        return int(self.sheet.frame.index.get_loc(stored_key(self.sheet.spec, key)))  # type: ignore[arg-type]

    def append(self, cells: Mapping[str, Cell], key: str = "") -> str:
        """Add a row below the last one; blank operators' cells get their defaults.

        Args:
            cells: Its cells by header, of any owner, choices as ids.
            key: Its key, if it has one already; else the next of the table.
        """
        name = key or next_key(self.working, self.sheet.spec, lambda: self.keys)
        self.added[name] = dict(cells)
        return name

    def set(self, key: str, cells: Mapping[str, Cell]) -> None:
        """Change worker's or shared cells of a row.

        In a row with an edit that waits a shared cell stays as it is: ask again in the next run.

        Raises:
            KeyError: There is no such row.
            ValueError: A cell is an operator's.
        """
        spec = self.sheet.spec
        refused = [name for name in cells if spec.column(name).owner is Owner.OPERATOR]
        if refused:
            raise ValueError(f"operators' cells of {spec.key} are never overwritten: {', '.join(refused)}")
        if key in self.added:
            self.added[key].update(cells)
            return
        self.position(key)
        self.cells.setdefault(key, {}).update(cells)

    def delete(self, keys: Collection[str]) -> None:
        """Delete rows."""
        self.deleted |= {key for key in keys if key not in self.added}
        for key in keys:
            self.added.pop(key, None)

    def saved(self) -> TableRows:
        """A copy to come back to (`WorkingState.row_work`)."""
        cells = {key: dict(by_header) for key, by_header in self.cells.items()}
        added = {key: dict(by_header) for key, by_header in self.added.items()}
        return TableRows(self.sheet, self.working, added, cells, set(self.deleted))


def stored_key(spec: TabSpec, key: str) -> Cell:
    """A key as its cell holds it."""
    return int(key) if spec.column(spec.key_column).kind is Kind.WHOLE else key


def rows_of(working: WorkingState, table: str) -> TableRows:
    """The rows of a two-way table.

    Raises:
        ReadTable: It was not read whole.
    """
    if table not in working.row_work:
        if table not in working.snapshot.sheets:
            raise ReadTable(table)
        working.row_work[table] = TableRows(working.snapshot.sheets[table], working)
    return working.row_work[table]


def next_key(working: WorkingState, spec: TabSpec, keys: Callable[[], Collection[str]]) -> str:
    """A key that no row of a table ever had: above the counter, and above every key that somebody typed."""
    name = f"{NEXT_KEY}{spec.key}"
    number = working.number(name)
    if name not in working.stored:  # the first key of this write: the next ones follow it
        number = max(number, *(key_number(spec, key) + 1 for key in keys()), 1)
    working.stored[name] = number + 1
    return f"{spec.letter}-{number:04d}" if spec.letter else str(number)


def key_number(spec: TabSpec, key: str) -> int:
    """The number in a key that the worker gave; 0 in any other."""
    digits = key.removeprefix(f"{spec.letter}-") if spec.letter else key
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else 0
