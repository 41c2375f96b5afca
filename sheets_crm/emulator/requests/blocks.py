"""Rectangles of cells lifted out of a tab and laid down elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sheets_crm.emulator.rows import CellContent
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.styles import Style, intern_style

__all__ = ["Block", "Cell", "cut_block", "lay_block", "lay_cell"]


@dataclass(frozen=True, slots=True)
class Cell:
    """All that a cell holds."""

    value: CellContent = None
    formula: str | None = None
    style: Style | None = None
    note: str | None = None
    runs: list[dict[str, Any]] | None = None


@dataclass(slots=True)
class Block:
    """Cells by their place, counted from the rectangle's corner."""

    height: int
    width: int
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)

    def places(self) -> Iterator[tuple[int, int]]:
        """Walk all places, blank ones included."""
        return ((row, column) for row in range(self.height) for column in range(self.width))


_BLANK = Cell()


def cut_block(sheet: Sheet, bounds: tuple[int, int, int, int]) -> Block:
    """Copy a rectangle; the tab keeps it."""
    top, bottom, left, right = bounds
    block = Block(bottom - top, right - left)
    for index in range(top, min(bottom, len(sheet.rows))):
        row = sheet.row(index)
        if row is None:
            continue
        for column in range(left, right):
            style = row.styles.get(column) if row.styles else None
            note = row.notes.get(column) if row.notes else None
            runs = row.runs.get(column) if row.runs else None
            cell = Cell(row.value(column), row.formula(column), style, note, runs)
            if cell != _BLANK:
                block.cells[index - top, column - left] = cell
    return block


def lay_block(sheet: Sheet, corner: tuple[int, int], block: Block, *, change: Callable[[str], str]) -> None:
    """Lay a block down whole, blanks included; `change` rewrites its formulas."""
    for row, column in block.places():
        cell = block.cells.get((row, column), _BLANK)
        lay_cell(sheet, (corner[0] + row, corner[1] + column), cell, "PASTE_NORMAL", change)


def lay_cell(
    sheet: Sheet, place: tuple[int, int], cell: Cell, paste: str, change: Callable[[str], str]
) -> None:  # fmt: skip
    """Lay one cell down as far as a paste type says."""
    row, column = place
    if paste in ("PASTE_NORMAL", "PASTE_NO_BORDERS", "PASTE_VALUES", "PASTE_FORMULA"):
        if cell.formula is not None:
            sheet.put_formula(row, column, change(cell.formula))
        else:
            sheet.put(row, column, cell.value)
            if cell.runs and paste != "PASTE_VALUES":
                sheet.write(row).put_runs(column, cell.runs)
    target = sheet.row(row)
    if paste in ("PASTE_NORMAL", "PASTE_NO_BORDERS"):
        has_note = target is not None and bool(target.notes) and column in (target.notes or {})
        if cell.note or has_note:
            sheet.write(row).put_note(column, cell.note)
    old = target.styles.get(column) if target is not None and target.styles else None
    fresh = _pasted_style(old, cell.style, paste)
    if fresh is not old:
        sheet.write(row).restyle(column, fresh)


def _pasted_style(old: Style | None, new: Style | None, paste: str) -> Style | None:
    form, rule = (new.format, new.validation) if new else (None, None)
    kept_form, kept_rule = (old.format, old.validation) if old else (None, None)
    if paste == "PASTE_NORMAL":
        return new
    if paste == "PASTE_NO_BORDERS":
        return intern_style(_borders_of(kept_form, form), rule)
    if paste == "PASTE_FORMAT":
        return intern_style(form, kept_rule)
    if paste == "PASTE_DATA_VALIDATION":
        return intern_style(kept_form, rule)
    return old


def _borders_of(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    mixed = {name: value for name, value in (new or {}).items() if name != "borders"}
    return {**mixed, "borders": old["borders"]} if old and "borders" in old else mixed
