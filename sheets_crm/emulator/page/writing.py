"""What a person does to cells on the page: types, pastes, ticks, clears, imports a file as a tab.

A row is named by its key as well as by its index: when the worker takes rows away above it in the same moment,
the tick still lands on the row that the person saw.
"""

from operator import itemgetter
from typing import Any

from sheets_crm.emulator import values
from sheets_crm.emulator.a1 import Area, range_name
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import ApiError, invalid
from sheets_crm.emulator.page.boxes import box_state, box_values
from sheets_crm.emulator.page.merged import fitted, merges_of, seen_cell
from sheets_crm.emulator.page.totals import hidden_by_filter
from sheets_crm.emulator.requests import run_requests
from sheets_crm.emulator.rows import CellContent
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.validation_lists import refuse_invalid
from sheets_crm.emulator.values import Writing

__all__ = ["add_filled_tab", "apply_edits"]

_TYPED = Writing(entered=True)
_BEYOND = 1 << 31
_ROW_GONE = "The row is no longer there: it left the tab while you were editing it."


def apply_edits(batch: Batch, sheet_id: int, edits: list[dict[str, Any]]) -> int:
    """Make the edits of one gesture; give the number of cells.

    Args:
        batch: The change in the making; its person's protections bind.
        sheet_id: The tab.
        edits: Each has ``kind``: ``values`` (row, key, column, values) writes texts as if typed, growing the grid
            first, with ``fill`` one value into all cells of a selection, merged cells once; ``tick`` (an area,
            value) sets its checkboxes, without a value to the opposite of the first;
            ``clear`` (an area) empties cells and unticks checkboxes. Both leave out rows that a filter hides.
            An area has top, bottom, left and right, with topKey and bottomKey.

    Raises:
        ApiError: 400, also where a cell is protected or its validation strict; nothing is written then.
    """
    kinds = {"values": _write_values, "tick": _tick, "clear": _clear}
    for edit in edits:
        kind = str(edit.get("kind")) if isinstance(edit, dict) else type(edit).__name__
        run = kinds.get(kind)
        if run is None:
            raise invalid(f"Unknown kind of edit: {kind:.80}")
        run(batch, batch.book.sheet(sheet_id), edit)
    return batch.cells_written


def add_filled_tab(batch: Batch, title: str, rows: list[list[str]]) -> int:
    """Add a tab with the rows of a file, as File > Import > Insert new sheet does; give its id."""
    size = {"rowCount": max(len(rows), 1), "columnCount": max(map(len, rows), default=1) or 1}
    added = run_requests(batch, [{"addSheet": {"properties": {"title": title, "gridProperties": size}}}])
    number = int(added[0]["addSheet"]["properties"]["sheetId"])
    if any(map(len, rows)):
        _write_values(batch, batch.book.sheet(number), {"row": 0, "column": 0, "values": rows})
    return number


def _write_values(batch: Batch, sheet: Sheet, edit: dict[str, Any]) -> None:
    rows = edit["values"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise invalid("values must be rows of cells")
    top, left = _row(sheet, _place(edit, "row"), edit.get("key")), _place(edit, "column")
    merges, alone = merges_of(sheet), [len(row) for row in rows] == [1]
    if alone:
        top, left = seen_cell(merges, top, left)
    rows = fitted(merges, top, left, rows, fill=alone or edit.get("fill") is True)
    area = Area(top, top + len(rows), left, left + max(map(len, rows), default=0))
    sheet = _grown(batch, sheet, area)
    name = range_name(sheet.title, area.top, area.bottom or 0, area.left, area.right or 0)
    values.update(batch, name, {"range": name, "values": rows}, _TYPED)
    refuse_invalid(batch, batch.book.sheet(sheet.id), area)


def _grown(batch: Batch, sheet: Sheet, area: Area) -> Sheet:
    """Add the rows and columns that a block needs past the grid's edge; the cells' own protection still holds."""
    batch.guard.check(sheet, area)
    for dimension, wanted in (("ROWS", area.bottom or 0), ("COLUMNS", area.right or 0)):
        more = wanted - sheet.size(dimension)
        if more > 0:
            appended = {"sheetId": sheet.id, "dimension": dimension, "length": more}
            run_requests(batch, [{"appendDimension": appended}])
            sheet = batch.book.sheet(sheet.id)
    return sheet


def _tick(batch: Batch, sheet: Sheet, edit: dict[str, Any]) -> None:
    boxes = _checkboxes(sheet, _bounds(sheet, edit))
    for column in {column for _, column in boxes}:  # a header in the selection may be protected, its boxes not
        rows = [row for row, other in boxes if other == column]
        batch.guard.check_bounds(sheet, (rows[0], rows[-1] + 1, column, column + 1))
    sheet = batch.book.edit(sheet.id)
    ticked = edit.get("value")
    if ticked is None and boxes:  # all get the opposite of the first one
        ticked = not _is_ticked(batch, sheet, *boxes[0])
    for row, column in boxes:
        sheet.put(row, column, _box_value(batch, sheet, row, column, ticked=bool(ticked)))
    batch.cells_written += len(boxes)


def _is_ticked(batch: Batch, sheet: Sheet, row: int, column: int) -> bool:
    line = sheet.row(row)
    value, style = (line.value(column), (line.styles or {}).get(column)) if line is not None else (None, None)
    return box_state(value, style, batch.book.locale) is True


def _box_value(batch: Batch, sheet: Sheet, row: int, column: int, *, ticked: bool) -> CellContent:
    line = sheet.row(row)
    values = box_values((line.styles or {}).get(column) if line is not None else None, batch.book.locale)
    return (values or (True, False))[0 if ticked else 1]


def _clear(batch: Batch, sheet: Sheet, edit: dict[str, Any]) -> None:
    bounds = _bounds(sheet, edit)
    batch.guard.check_bounds(sheet, bounds)
    sheet = batch.book.edit(sheet.id)
    boxes = _checkboxes(sheet, bounds)
    for top, bottom in _shown_rows(sheet, bounds):
        batch.clear_values(sheet, (top, bottom, *bounds[2:]))
    for row, column in boxes:
        sheet.put(row, column, _box_value(batch, sheet, row, column, ticked=False))


def _shown_rows(sheet: Sheet, bounds: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Give the stretches of rows that no filter hides."""
    top, bottom = bounds[:2]
    hidden = [row for row in range(top, min(bottom, len(sheet.rows))) if hidden_by_filter(sheet, row)]
    starts = [top, *(row + 1 for row in hidden)]
    return list(zip(starts, [*hidden, bottom], strict=True))


def _checkboxes(sheet: Sheet, bounds: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    top, bottom, left, right = bounds
    found, merges = [], merges_of(sheet)
    for index in range(top, min(bottom, len(sheet.rows))):
        row = None if hidden_by_filter(sheet, index) else sheet.row(index)
        for column, style in sorted((row.styles or {}).items(), key=itemgetter(0)) if row is not None else ():
            condition = (style.validation or {}).get("condition") or {}
            is_box = left <= column < right and condition.get("type") == "BOOLEAN"
            if is_box and seen_cell(merges, index, column) == (index, column):
                found.append((index, column))
    return found


def _bounds(sheet: Sheet, edit: dict[str, Any]) -> tuple[int, int, int, int]:
    top = _row(sheet, _place(edit, "top"), edit.get("topKey"))
    bottom = 1 + _row(sheet, _place(edit, "bottom") - 1, edit.get("bottomKey"))
    return sheet.bounds(Area(top, max(bottom, top), _place(edit, "left"), _place(edit, "right")))


def _place(edit: dict[str, Any], name: str) -> int:
    """Read a row or a column; a negative one would count from the end and meet somebody else's cells."""
    place = int(edit[name])
    if not 0 <= place < _BEYOND:
        raise invalid(f"{name} is no place in a tab: {place!r:.80}")
    return place


def _row(sheet: Sheet, index: int, key: int | None) -> int:
    """Find where the row with a key is now; a row that never held anything has none, and stays at its index."""
    row = sheet.row(index)
    if key is None or (row is not None and row.key == key):
        return index
    for found, other in enumerate(sheet.rows):
        if other is not None and other.key == key:
            return found
    raise ApiError(409, _ROW_GONE)
