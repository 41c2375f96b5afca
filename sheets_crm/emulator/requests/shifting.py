"""Insert or delete a range: the cells beside it make room or close up."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.geometry import Bounds
from sheets_crm.emulator.ranges import bounded, sheet_of, without_cells
from sheets_crm.emulator.requests.blocks import Cell, cut_block, lay_block, lay_cell
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet

__all__: list[str] = []


def _place(batch: Batch, request: dict[str, Any]) -> tuple[Sheet, Bounds, bool]:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    box = bounded(sheet, found)
    dimension = request.get("shiftDimension")
    if dimension not in ("ROWS", "COLUMNS"):
        raise invalid("shiftDimension must be specified.")
    rows = dimension == "ROWS"
    rest = (box[0], sheet.row_count, box[2], box[3]) if rows else (box[0], box[1], box[2], sheet.column_count)
    if not without_cells(box):
        batch.guard.check_bounds(sheet, rest)
    return sheet, box, rows


def _move(sheet: Sheet, source: Bounds, to: tuple[int, int]) -> None:
    """Move a rectangle; formulas keep their text, as cells that are cut and pasted do."""
    block = cut_block(sheet, source)
    for row, column in block.places():
        lay_cell(sheet, (source[0] + row, source[2] + column), Cell(), "PASTE_NORMAL", str)
    lay_block(sheet, to, block, change=str)


@answers("insertRange")
def _insert_range(batch: Batch, request: dict[str, Any]) -> None:
    sheet, (top, bottom, left, right), rows = _place(batch, request)
    if without_cells((top, bottom, left, right)):
        return
    if rows:
        last = sheet.last_filled_row()
        if max(last, top) + bottom - top > sheet.row_count:
            batch.append_dimension(sheet, "ROWS", max(last, top) + bottom - top - sheet.row_count)
        _move(sheet, (top, max(last, top), left, right), (bottom, left))
    else:
        last = max((row.width() for _, row in sheet.filled_rows()), default=left)
        if max(last, left) + right - left > sheet.column_count:
            batch.append_dimension(sheet, "COLUMNS", max(last, left) + right - left - sheet.column_count)
        _move(sheet, (top, bottom, left, max(last, left)), (top, right))


@answers("deleteRange")
def _delete_range(batch: Batch, request: dict[str, Any]) -> None:
    sheet, (top, bottom, left, right), rows = _place(batch, request)
    if without_cells((top, bottom, left, right)):
        return
    gone = cut_block(sheet, (top, bottom, left, right))
    for row, column in gone.places():
        lay_cell(sheet, (top + row, left + column), Cell(), "PASTE_NORMAL", str)
    if rows:
        _move(sheet, (bottom, max(sheet.last_filled_row(), bottom), left, right), (top, left))
    else:
        last = max((row.width() for _, row in sheet.filled_rows()), default=right)
        _move(sheet, (top, bottom, right, max(last, right)), (top, left))
