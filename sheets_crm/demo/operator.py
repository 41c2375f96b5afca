"""A person at work in the spreadsheet: ticks, types and pastes, bound by the protections like anybody else.

It works on gspread's Spreadsheet, opened with the operator's account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sheets_crm.features.batches import COLUMNS
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.tabs import begins_block

Cells = list[list[str]]


class Worksheet(Protocol):
    """The part of ``gspread.Worksheet`` that is used."""

    @property
    def row_count(self) -> int:
        """Rows of the grid, header included."""
        ...

    def get_all_values(self) -> Any:
        """Cells as displayed."""
        ...

    def update(self, values: Any, range_name: str, *, raw: bool) -> Any:
        """Write a block of cells from its first one."""
        ...


class Spreadsheet(Protocol):
    """The part of ``gspread.Spreadsheet`` that is used."""

    def worksheet(self, title: str) -> Any:
        """The tab of that name."""
        ...

    def add_worksheet(self, title: str, rows: int, cols: int) -> Any:
        """Add a tab."""
        ...


class Operator:
    """The actions of an operator, one method each.

    Args:
        spreadsheet: Opened with the operator's account.
    """

    def __init__(self, spreadsheet: Spreadsheet) -> None:
        self._spreadsheet = spreadsheet

    def shown(self, tab: str) -> Cells:
        """A tab's cells as displayed, the header row first."""
        cells: Cells = self._tab(tab).get_all_values()
        return cells

    def available(self, tab: str) -> int:
        """Count the leads of an input tab."""
        return sum(1 for row in self.shown(tab)[1:] if any(row[1:]))

    def tick(self, tab: str, count: int) -> None:
        """Tick ``send`` of the first leads of an input tab."""
        if count:
            self._type(tab, "A2", [[True]] * count)

    def take(self, step: str, count: int) -> None:
        """Ask on Control for the first leads of a step: ``take N`` and ``send N now``."""
        self._type("Control", f"D{self._control_row(f'step.{step}')}", [[count, True]])

    def split(self, step: str, parts: int) -> None:
        """Set on Control in how many batch tabs a step's batch is shown."""
        self._type("Control", f"F{self._control_row(f'step.{step}')}", [[parts]])

    def set(self, setting: str, value: str) -> None:
        """Set one of Control's settings, such as ``box1_version``."""
        self._type("Control", f"B{self._control_row(setting)}", [[value]])

    def paste(self, header: Sequence[str], rows: Sequence[Sequence[str]], *, tab: str = "Inbox") -> None:
        """Paste an output with its header row into an import tab's first cell."""
        self._type(tab, "A1", [list(header), *map(list, rows)])

    def add_tab(self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a tab with an output in it, as File > Import does."""
        self._spreadsheet.add_worksheet(title, rows=len(rows) + 1, cols=len(header))
        self.paste(header, rows, tab=title)

    def batch_box(self, batch: str, column: str) -> None:
        """Tick ``show``, ``close`` or ``undo`` of a batch."""
        cells = self.shown("Batches")
        names = next({one.header, one.name("es")} for one in COLUMNS if one.header == column)
        place = next(n for n, header in enumerate(cells[0]) if header in names)
        self._type("Batches", f"{column_letters(place)}{_row(cells, 0, batch)}", [[True]])

    def reopen(self, step: str, reason: str) -> str:
        """Ask on Storage for another attempt of its first lead; the result is the LeadNumber."""
        header, first = self.shown("Storage")[:2]
        self._type("Storage", "A2", [[step, reason]])
        return first[header.index("LeadNumber")]

    def correct(self, wrong: str, right: str) -> None:
        """Correct a cell of a row in Rejected and tick its ``retry``."""
        cells = self.shown("Rejected")
        row = next(n for n, line in enumerate(cells) if wrong in line[_FIXED:])
        self._type("Rejected", f"{column_letters(cells[row].index(wrong, _FIXED))}{row + 1}", [[right]])
        self._type("Rejected", f"A{row + 1}", [[True]])

    def discard(self, suits: Callable[[list[str]], bool]) -> int:
        """Tick ``discard`` of the rows in Rejected that suit; the result is their number."""
        cells = self.shown("Rejected")
        rows = [
            n for n, line in enumerate(cells) if n and not begins_block(line) and any(line[2:]) and suits(line)
        ]
        for row in rows:
            self._type("Rejected", f"B{row + 1}", [[True]])
        return len(rows)

    def _tab(self, title: str) -> Worksheet:
        worksheet: Worksheet = self._spreadsheet.worksheet(title)
        return worksheet

    def _type(self, tab: str, cell: str, values: Sequence[Sequence[object]]) -> None:
        self._tab(tab).update(values, cell, raw=False)

    def _control_row(self, row_id: str) -> int:
        return _row(self.shown("Control"), -1, row_id)


_FIXED = 6  # columns before the original cells: retry, discard, reason, remedy, source, row


def _row(cells: Cells, column: int, text: str) -> int:
    """The 1-based row that has a text in a column."""
    return next(n for n, line in enumerate(cells, start=1) if line[column] == text)
