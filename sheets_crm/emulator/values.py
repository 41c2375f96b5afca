"""The `spreadsheets.values` collection: read, update, append and clear.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values
"""

from typing import Any

from sheets_crm.emulator.a1 import Area, column_letters, range_name
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.developer_metadata import places_of, shown_filter
from sheets_crm.emulator.errors import ApiError, invalid, prefixed
from sheets_crm.emulator.evaluation import Evaluator
from sheets_crm.emulator.ranges import Place, beyond, find_range
from sheets_crm.emulator.rendering import Rendering
from sheets_crm.emulator.spreadsheet import Spreadsheet
from sheets_crm.emulator.tables import find_table
from sheets_crm.emulator.value_writes import (
    Writing,
    Written,
    filled_rows,
    is_cell,
    read_place,
    totals,
    write_block,
)

__all__ = [
    "Writing",
    "append",
    "batch_clear",
    "batch_update",
    "batch_update_by_filter",
    "clear",
    "clear_place",
    "read",
    "read_place",
    "update",
]


def read(book: Spreadsheet, evaluator: Evaluator, text: str, rendering: Rendering) -> dict[str, Any]:
    """Answer `values.get`: the range clipped to the grid, and no `values` where all is blank."""
    return read_place(book, evaluator, find_range(book, text), rendering)


def update(batch: Batch, text: str, body: dict[str, Any], writing: Writing) -> dict[str, Any]:
    """Write a `ValueRange` at a range, or from a single cell on."""
    return _update(batch, find_range(batch.book, text), body, writing).answer


def _update(batch: Batch, place: Place, body: dict[str, Any], writing: Writing) -> Written:
    rows = _rows(body)
    width = max((len(row) for row in rows), default=0)
    start = _fit(place, len(rows), width)
    return write_block(batch, place, start, rows, writing)


def _rows(body: dict[str, Any]) -> list[list[Any]]:
    rows: list[list[Any]] = body.get("values") or []
    if body.get("majorDimension") != "COLUMNS":
        return rows
    longest = max((len(column) for column in rows), default=0)
    return [[column[i] if i < len(column) else None for column in rows] for i in range(longest)]


def _fit(place: Place, height: int, width: int) -> tuple[int, int]:
    """Find where the data goes, refusing what leaves the asked range or the grid.

    A single cell is only where to begin: what leaves the grid from there is told like what leaves a range (B).
    """
    sheet, area = place
    bottom, right = area.top + height, area.left + width
    last_row = sheet.row_count if is_cell(area) or area.bottom is None else area.bottom
    last_column = sheet.column_count if is_cell(area) or area.right is None else area.right
    asked = f"Requested writing within range [{_asked(place)}], but tried writing to"
    if right > last_column:
        raise invalid(f"{asked} column [{column_letters(last_column)}]")
    if bottom > last_row:
        raise invalid(f"{asked} row [{last_row + 1}]")
    if bottom > sheet.row_count or right > sheet.column_count:
        raise beyond(sheet, area)
    return area.top, area.left


def _asked(place: Place) -> str:
    sheet, area = place
    bottom = sheet.row_count if area.bottom is None else area.bottom
    right = sheet.column_count if area.right is None else area.right
    return range_name(sheet.title, area.top, bottom, area.left, right)


def batch_update(batch: Batch, data: list[dict[str, Any]], writing: Writing) -> dict[str, Any]:
    """Write several `ValueRange`s; one that is refused lets none through."""
    written: list[Written] = []
    for index, body in enumerate(data):
        try:
            place = find_range(batch.book, body.get("range") or "")
            written.append(_update(batch, place, body, writing))
        except ApiError as error:
            raise prefixed(error, f"data[{index}]") from error
    return totals(batch, written, [one.answer for one in written])


def batch_update_by_filter(batch: Batch, data: list[dict[str, Any]], writing: Writing) -> dict[str, Any]:
    """Write `DataFilterValueRange`s: each at every place that its filter means, with the filter in its response."""
    written: list[Written] = []
    responses: list[dict[str, Any]] = []
    for index, body in enumerate(data):
        try:
            for place in places_of(batch.book, body.get("dataFilter") or {}):
                written.append(_update(batch, place, body, writing))
                counts = {name: value for name, value in written[-1].answer.items() if name != "spreadsheetId"}
                responses.append({**counts, "dataFilter": shown_filter(body.get("dataFilter") or {})})
        except ApiError as error:
            raise prefixed(error, f"data[{index}]") from error
    return totals(batch, written, responses)


def append(
    batch: Batch, text: str, body: dict[str, Any], writing: Writing, *, insert: bool
) -> dict[str, Any]:  # fmt: skip
    """Write under the table that is found at a range, adding rows to the grid as needed."""
    place = find_range(batch.book, text)
    rows = _rows(body)
    table = find_table(place.sheet, place.bounds())
    top, left = (table[1], table[2]) if table else (place.area.top, place.area.left)
    height = max((index + 1 for index, _ in filled_rows(rows)), default=0)
    width = max((column + 1 for row in rows for column, value in enumerate(row) if value is not None), default=0)
    area = Area(top, top + height, left, left + width)
    sheet = batch.book.edit(place.sheet.id)
    if insert and rows and top < sheet.row_count:
        batch.insert_dimension(sheet, "ROWS", top, len(rows), inherit_before=top > 0)
    _grow(batch, Place(sheet, area))
    answer: dict[str, Any] = {"spreadsheetId": batch.book.id}
    if table:
        answer["tableRange"] = range_name(sheet.title, *table)
    named = Area(top, top + max(height, 1), left, left + max(width, 1))
    answer["updates"] = write_block(batch, Place(sheet, named), (top, left), rows, writing).answer
    return answer


def _grow(batch: Batch, place: Place) -> None:
    sheet, area = place
    if (area.bottom or 0) > sheet.row_count:
        batch.append_dimension(sheet, "ROWS", (area.bottom or 0) - sheet.row_count)
    if (area.right or 0) > sheet.column_count:
        batch.append_dimension(sheet, "COLUMNS", (area.right or 0) - sheet.column_count)


def batch_clear(batch: Batch, texts: list[str]) -> list[str]:
    """Clear several ranges; one that is refused is named by its number, as ``Invalid range[0]: …`` (B)."""
    cleared = []
    for index, text in enumerate(texts):
        try:
            cleared.append(clear(batch, text))
        except ApiError as error:
            raise prefixed(error, f"range[{index}]") from error
    return cleared


def clear(batch: Batch, text: str) -> str:
    """Clear the values of a range, leaving formats, and name it as Google does."""
    return clear_place(batch, find_range(batch.book, text))


def clear_place(batch: Batch, place: Place) -> str:
    """Clear the values of a place."""
    bounds = place.bounds()
    batch.guard.check_bounds(place.sheet, bounds)
    batch.clear_values(batch.book.edit(place.sheet.id), bounds)
    return place.name()
