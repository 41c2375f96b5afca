"""Copy, cut, paste and fill."""

import csv
import io
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.formulas.references import relocate
from sheets_crm.emulator.geometry import Bounds
from sheets_crm.emulator.inputs import enter
from sheets_crm.emulator.ranges import bounded, check_coordinate, sheet_of, without_cells
from sheets_crm.emulator.rendering import plain_number
from sheets_crm.emulator.requests.blocks import Block, Cell, cut_block, lay_cell
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet

__all__: list[str] = []


def _lift(batch: Batch, sheet: Sheet, box: Bounds, paste: str) -> Block:
    """Copy a rectangle; for PASTE_VALUES formulas become their results."""
    block = cut_block(sheet, box)
    if paste != "PASTE_VALUES":
        return block
    computed = batch.evaluator.computed(batch.book, sheet)
    for row, over in computed.items():
        for column, value in over.items():
            place = (row - box[0], column - box[2])
            if 0 <= place[0] < block.height and 0 <= place[1] < block.width:
                shown = value.type if isinstance(value, ErrorValue) else plain_number(value)
                block.cells[place] = Cell(shown)
    return block


def _transposed(block: Block) -> Block:
    return Block(block.width, block.height, {(c, r): cell for (r, c), cell in block.cells.items()})


@answers("copyPaste")
def _copy_paste(batch: Batch, request: dict[str, Any]) -> None:
    paste = request.get("pasteType") or "PASTE_NORMAL"
    if paste == "PASTE_CONDITIONAL_FORMATTING":
        raise invalid("pasteType PASTE_CONDITIONAL_FORMATTING is not implemented by the emulator.")
    source = sheet_of(batch.book, request.get("source") or {})
    box = bounded(source, request.get("source") or {})
    if without_cells(box):
        return
    block = _lift(batch, source, box, paste)
    transpose = request.get("pasteOrientation") == "TRANSPOSE"
    if transpose:
        block = _transposed(block)
    found = request.get("destination") or {}
    target = sheet_of(batch.book, found)
    top, bottom, left, right = bounded(target, found)
    height = max(block.height, (bottom - top) // block.height * block.height)
    width = max(block.width, (right - left) // block.width * block.width)
    _grow(batch, target, top + height, left + width)
    batch.guard.check_bounds(target, (top, top + height, left, left + width))
    for row in range(top, top + height):
        for column in range(left, left + width):
            place = ((row - top) % block.height, (column - left) % block.width)
            _lay(batch, target, (row, column), block, (place, box, transpose), paste)


def _lay(
    batch: Batch,
    target: Sheet,
    to: tuple[int, int],
    block: Block,
    origin: tuple[tuple[int, int], Bounds, bool],
    paste: str,
) -> None:
    place, box, transpose = origin
    inner = (place[1], place[0]) if transpose else place
    by = (to[0] - box[0] - inner[0], to[1] - box[2] - inner[1])
    cell = block.cells.get(place, Cell())
    lay_cell(target, to, cell, paste, lambda text: relocate(text, *by))
    batch.cells_written += 1


def _grow(batch: Batch, sheet: Sheet, bottom: int, right: int) -> None:
    if bottom > sheet.row_count:
        batch.append_dimension(sheet, "ROWS", bottom - sheet.row_count)
    if right > sheet.column_count:
        batch.append_dimension(sheet, "COLUMNS", right - sheet.column_count)


@answers("cutPaste")
def _cut_paste(batch: Batch, request: dict[str, Any]) -> None:
    paste = request.get("pasteType") or "PASTE_NORMAL"
    source = sheet_of(batch.book, request.get("source") or {})
    box = bounded(source, request.get("source") or {})
    if without_cells(box):
        return
    batch.guard.check_bounds(source, box)
    block = _lift(batch, source, box, paste)
    found = request.get("destination") or {}
    target = sheet_of(batch.book, found)
    top, left = int(found.get("rowIndex") or 0), int(found.get("columnIndex") or 0)
    check_coordinate(target, top, left)
    _grow(batch, target, top + block.height, left + block.width)
    batch.guard.check_bounds(target, (top, top + block.height, left, left + block.width))
    for row in range(box[0], box[1]):
        for column in range(box[2], box[3]):
            lay_cell(source, (row, column), Cell(), paste, str)
    for place in block.places():
        lay_cell(target, (top + place[0], left + place[1]), block.cells.get(place, Cell()), paste, str)
        batch.cells_written += 1


@answers("pasteData")
def _paste_data(batch: Batch, request: dict[str, Any]) -> None:
    if request.get("html"):
        raise invalid("html is not implemented by the emulator.")
    paste = request.get("type") or "PASTE_NORMAL"
    if paste in ("PASTE_FORMAT", "PASTE_DATA_VALIDATION", "PASTE_CONDITIONAL_FORMATTING"):
        return
    rows = _pasted_rows(request)
    found = request.get("coordinate") or {}
    sheet = sheet_of(batch.book, found)
    corner = (int(found.get("rowIndex") or 0), int(found.get("columnIndex") or 0))
    check_coordinate(sheet, *corner)
    _enter_rows(batch, sheet, corner, rows)


def _pasted_rows(request: dict[str, Any]) -> list[list[str]]:
    delimiter = request.get("delimiter") or "\t"
    if len(delimiter) > 1 or delimiter in '"\r\n':
        raise invalid(
            "A delimiter of several characters, a quote or a line break is not implemented by the emulator."
        )
    try:
        return list(csv.reader(io.StringIO(request.get("data") or "", newline=""), delimiter=delimiter))
    except csv.Error as problem:  # such as a field that is longer than any cell
        raise invalid(f"The data cannot be read: {problem}.") from None


def _enter_rows(batch: Batch, sheet: Sheet, corner: tuple[int, int], rows: list[list[str]]) -> None:
    top, left = corner
    right = left + max((len(row) for row in rows), default=0)
    _grow(batch, sheet, top + len(rows), right)
    batch.guard.check(sheet, Area(top, top + len(rows), left, right))
    for index, row in enumerate(rows, top):
        for column, text in enumerate(row, left):
            enter(sheet, index, column, text, locale=batch.book.locale, now=batch.now)
            batch.cells_written += 1


@answers("textToColumns")
def _text_to_columns(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("source") or {}
    sheet = sheet_of(batch.book, found)
    top, bottom, left, right = box = bounded(sheet, found)
    if without_cells(box):
        return
    if right - left != 1:
        raise invalid("source must span exactly one column.")
    for row in range(top, bottom):
        line = sheet.row(row)
        value = line.value(left) if line is not None else None
        if isinstance(value, str):
            _enter_rows(batch, sheet, (row, left), [value.split(_delimiter(request, value))])


def _delimiter(request: dict[str, Any], text: str) -> str:
    known = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}
    kind = request.get("delimiterType") or "COMMA"
    if kind == "CUSTOM":
        return request.get("delimiter") or ","
    if kind == "AUTODETECT":
        return max(known.values(), key=text.count)
    return known.get(kind, ",")


@answers("autoFill")
def _auto_fill(batch: Batch, request: dict[str, Any]) -> None:
    """Fill on by repeating, and by counting on where the source counts evenly."""
    given = request.get("sourceAndDestination")
    if given is None:
        raise invalid("autoFill by range is not implemented by the emulator: use sourceAndDestination.")
    sheet = sheet_of(batch.book, given.get("source") or {})
    top, bottom, left, right = box = bounded(sheet, given.get("source") or {})
    length = int(given.get("fillLength") or 0)
    if length <= 0:
        raise invalid("autoFill with a fillLength that is not positive is not implemented by the emulator.")
    if without_cells(box):
        return
    rows = (given.get("dimension") or "ROWS") == "ROWS"
    _grow(batch, sheet, bottom + (length if rows else 0), right + (0 if rows else length))
    target = (bottom, bottom + length, left, right) if rows else (top, bottom, right, right + length)
    batch.guard.check_bounds(sheet, target)
    block = cut_block(sheet, (top, bottom, left, right))
    for row in range(target[0], target[1]):
        for column in range(target[2], target[3]):
            _fill(sheet, (row, column), block, (top, left), rows=rows)
            batch.cells_written += 1


def _fill(sheet: Sheet, to: tuple[int, int], block: Block, corner: tuple[int, int], *, rows: bool) -> None:
    by = (to[0] - corner[0], to[1] - corner[1])
    place = (by[0] % block.height, by[1] % block.width)
    cell = block.cells.get(place, Cell())
    series = [block.cells.get((i, place[1]) if rows else (place[0], i), Cell()).value
              for i in range(block.height if rows else block.width)]  # fmt: skip
    step = _step(series)
    if step is not None:
        first = series[0]
        cell = Cell(plain_number(first + step * by[0 if rows else 1]), None, cell.style, cell.note)  # type: ignore[operator]
    change: Callable[[str], str] = lambda text: relocate(text, by[0] - place[0], by[1] - place[1])  # noqa: E731
    lay_cell(sheet, to, cell, "PASTE_NORMAL", change)


def _step(series: list[Any]) -> float | None:
    """Find the even step of numbers; a single number repeats."""
    if len(series) < 2 or any(isinstance(v, bool) or not isinstance(v, (int, float)) for v in series):
        return None
    steps = {after - before for before, after in pairwise(series)}
    return steps.pop() if len(steps) == 1 else None
