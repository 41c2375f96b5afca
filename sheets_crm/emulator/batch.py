"""One change of a spreadsheet in the making: a working copy, who makes it, and what all kinds of changes share."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.evaluation import Evaluator
from sheets_crm.emulator.formulas import references
from sheets_crm.emulator.geometry import Dimension, Edit
from sheets_crm.emulator.protection import Guard
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet, check_columns

__all__ = ["Batch"]

#: A number that may be a row: after a letter, `$`, colon or space, or before a colon. More is found than is there.
_ROW = re.compile(r"(?<=[A-Za-z$:\s])(\d+)|(\d+)(?=\s*:)")


class Batch:
    """A working copy of a spreadsheet under change.

    Attributes:
        book: The working copy.
        guard: What the caller may do.
        evaluator: Computes formulas, where a change depends on results.
        now: The time of the request, UTC.
        copy_metadata: Whether a duplicated tab takes its developer metadata along.
        cells_written: How many cells were written so far.
        moves: What inserted, deleted, moved and renamed so far, in order: once as `geometry.Edit`, for places, and once
            as `references.Edit`, for formulas.
    """

    def __init__(
        self, book: Spreadsheet, guard: Guard, evaluator: Evaluator, now: datetime, *, copy_metadata: bool = False
    ) -> None:
        self.book = book
        self.guard = guard
        self.evaluator = evaluator
        self.now = now
        self.copy_metadata = copy_metadata
        self.cells_written = 0
        self.moves: list[Edit | references.Edit] = []

    # -- cells ----------------------------------------------------------------------------------------------------

    def clear_values(self, sheet: Sheet, bounds: tuple[int, int, int, int]) -> None:
        """Clear literals and formulas of a rectangle."""
        top, bottom, left, right = bounds
        for index in range(top, min(bottom, len(sheet.rows))):
            row = sheet.row(index)
            if row is None or row.width() <= left:
                continue
            for column in range(left, min(right, row.width())):
                if row.filled(column):
                    sheet.put(index, column, None)
                    self.cells_written += 1

    # -- rows and columns -----------------------------------------------------------------------------------------

    def insert_dimension(
        self, sheet: Sheet, dimension: str, start: int, length: int, *, inherit_before: bool
    ) -> None:  # fmt: skip
        """Insert rows or columns; they take the styles and the size of the one before or after.

        "Whether dimension properties should be extended from the dimensions before or after" (A); that only the
        size of them is meant, and that validation goes with the styles while notes stay, is inferred (C).
        """
        self.guard.check(sheet, _lines(dimension, max(start - 1, 0), start + 1))
        self._check_growth(sheet, dimension, length)
        model = start - 1 if inherit_before else start
        pixels = sheet.pixel_size(dimension, model)
        sheet.insert(dimension, start, length, model)
        if pixels:
            sheet.size_lines(dimension, range(start, start + length), pixels)
        self.follow(Edit("insert", sheet.id, cast("Dimension", dimension), start, length))

    def append_dimension(self, sheet: Sheet, dimension: str, length: int) -> None:
        """Add rows or columns at the end; they take the styles of the last one."""
        size = sheet.size(dimension)
        if length < 1:
            raise invalid("length must be greater than 0.")
        self._check_growth(sheet, dimension, length)
        sheet.insert(dimension, size, length, size - 1)

    def _check_growth(self, sheet: Sheet, dimension: str, length: int) -> None:
        """Refuse rows or columns past a limit before any is made: making them takes time and memory."""
        if dimension == "COLUMNS":
            check_columns(sheet.column_count + length)
        self.book.check_cells(more=length * (sheet.column_count if dimension == "ROWS" else sheet.row_count))

    def delete_dimension(self, sheet: Sheet, dimension: str, start: int, end: int) -> None:
        """Delete rows or columns; something unfrozen must stay."""
        self.guard.check(sheet, _lines(dimension, start, end))
        frozen = sheet.frozen(dimension)
        left = sheet.size(dimension) - (end - start)
        frozen_left = frozen - max(0, min(end, frozen) - start)
        what = "rows" if dimension == "ROWS" else "columns"
        if left < 1:
            raise invalid(f"You can't delete all the {what} on the sheet.")
        if left <= frozen_left:
            raise invalid(f"Sorry, it is not possible to delete all non-frozen {what}.")
        sheet.delete(dimension, start, end - start)
        self._unfreeze(sheet, dimension, frozen_left)
        self.follow(Edit("delete", sheet.id, cast("Dimension", dimension), start, end - start))

    def move_dimension(self, sheet: Sheet, edit: Edit) -> None:
        """Move rows or columns."""
        first, last = min(edit.start, edit.to), max(edit.start + edit.count, edit.to)
        self.guard.check(sheet, _lines(edit.dimension, first, last))
        sheet.move(edit)
        self.follow(edit)

    def follow(self, edit: Edit) -> None:
        """Let formulas, attachments, named ranges and metadata follow an edit of rows or columns."""
        self.book.shift(edit)
        self.moves.append(edit)
        title = self.book.sheet(edit.sheet_id).title
        first = min(edit.start, edit.to) if edit.kind == "move" else edit.start
        self.rewrite_formulas(_reference_edit(edit, title), first if edit.dimension == "ROWS" else 0)

    def rewrite_formulas(self, edit: references.Edit, first_row: int = 0) -> None:
        """Let the references of all formulas follow an edit; those that only name rows above `first_row` stay."""
        self.moves.append(edit)
        for sheet in list(self.book.sheets):
            fresh = {
                place: (text, references.shift(text, sheet.title, edit))
                for place, text in sheet.formulas().items()
                if _last_row(text) > first_row
            }
            changed = {place: after for place, (before, after) in fresh.items() if before != after}
            if changed:
                target = self.book.edit(sheet.id)
                for (row, column), text in changed.items():
                    target.put_formula(row, column, text)

    def _unfreeze(self, sheet: Sheet, dimension: str, frozen: int) -> None:
        name = "frozenRowCount" if dimension == "ROWS" else "frozenColumnCount"
        if sheet.grid.get(name, 0) == frozen:
            return
        grid: dict[str, Any] = {**sheet.grid, name: frozen}
        sheet.properties["gridProperties"] = {key: value for key, value in grid.items() if value}


@lru_cache(maxsize=16_384)
def _last_row(formula: str) -> int:
    """Give the last row, counted from 1, that a formula can name; a whole column has none."""
    return max((int(found[1] or found[2]) for found in _ROW.finditer(formula)), default=1 << 31)


def _lines(dimension: str, start: int, end: int) -> Area:
    return Area(start, end, 0, None) if dimension == "ROWS" else Area(0, None, start, end)


def _reference_edit(edit: Edit, title: str) -> references.Edit:
    rows = edit.dimension == "ROWS"
    if edit.kind == "insert":
        kind = references.InsertRows if rows else references.InsertColumns
        return kind(title, edit.start, edit.count)
    if edit.kind == "delete":
        gone = references.DeleteRows if rows else references.DeleteColumns
        return gone(title, edit.start, edit.count)
    move = references.MoveRows if rows else references.MoveColumns
    return move(title, edit.start, edit.count, edit.to)
