"""The `spreadsheets.values` collection: read, update, append and clear.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values
"""

from dataclasses import dataclass
from typing import Any

from sheets_crm.emulator.a1 import Area, column_letters, range_name
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import ApiError, invalid, prefixed
from sheets_crm.emulator.evaluation import Evaluator
from sheets_crm.emulator.inputs import enter, put_raw
from sheets_crm.emulator.ranges import Place, beyond, find_range
from sheets_crm.emulator.rendering import Rendering, read_block
from sheets_crm.emulator.spreadsheet import Spreadsheet
from sheets_crm.emulator.tables import find_table

__all__ = ["Writing", "append", "batch_update", "clear", "read", "read_place", "update"]


@dataclass(frozen=True, slots=True)
class Writing:
    """How to write, and what to answer.

    Attributes:
        entered: USER_ENTERED rather than RAW.
        echo: How to show the written values in the answer, or None not to.
    """

    entered: bool
    echo: Rendering | None = None


def read(book: Spreadsheet, evaluator: Evaluator, text: str, rendering: Rendering) -> dict[str, Any]:
    """Answer `values.get`: the range clipped to the grid, and no `values` where all is blank."""
    return read_place(book, evaluator, find_range(book, text), rendering)


def read_place(book: Spreadsheet, evaluator: Evaluator, place: Place, rendering: Rendering) -> dict[str, Any]:
    """Read a place as a `ValueRange`."""
    computed = evaluator.computed(book, place.sheet, looks=rendering.needs_looks)
    block = read_block(place.sheet, place.bounds(), rendering, computed)
    dimension = "COLUMNS" if rendering.by_columns else "ROWS"
    answer: dict[str, Any] = {"range": place.name(), "majorDimension": dimension}
    if block:
        answer["values"] = block
    return answer


def update(batch: Batch, text: str, body: dict[str, Any], writing: Writing) -> dict[str, Any]:
    """Write a `ValueRange` at a range, or from a single cell on."""
    place = find_range(batch.book, text)
    rows = _rows(body)
    width = max((len(row) for row in rows), default=0)
    area = _fit(place, len(rows), width)
    if not rows or not width:
        answer = {"spreadsheetId": batch.book.id, "updatedRange": place.name()}
        return _echoed(answer, batch, place, writing)
    return _write(batch, Place(place.sheet, area), rows, writing)


def _rows(body: dict[str, Any]) -> list[list[Any]]:
    rows: list[list[Any]] = body.get("values") or []
    if body.get("majorDimension") != "COLUMNS":
        return rows
    longest = max((len(column) for column in rows), default=0)
    return [[column[i] if i < len(column) else None for column in rows] for i in range(longest)]


def _fit(place: Place, height: int, width: int) -> Area:
    """Find where the data goes, refusing what leaves the asked range or the grid."""
    sheet, area = place
    single = area.bottom == area.top + 1 and area.right == area.left + 1
    fits = Area(area.top, area.top + height, area.left, area.left + width)
    if not single:
        if area.right is not None and fits.right is not None and fits.right > area.right:
            what = f"column [{column_letters(area.right)}]"
            raise invalid(f"Requested writing within range [{_asked(place)}], but tried writing to {what}")
        if area.bottom is not None and fits.bottom is not None and fits.bottom > area.bottom:
            what = f"row [{area.bottom + 1}]"
            raise invalid(f"Requested writing within range [{_asked(place)}], but tried writing to {what}")
    if (fits.bottom or 0) > sheet.row_count or (fits.right or 0) > sheet.column_count:
        raise beyond(sheet, fits)
    return fits


def _asked(place: Place) -> str:
    sheet, area = place
    bottom = sheet.row_count if area.bottom is None else area.bottom
    right = sheet.column_count if area.right is None else area.right
    return range_name(sheet.title, area.top, bottom, area.left, right)


def _write(batch: Batch, place: Place, rows: list[list[Any]], writing: Writing) -> dict[str, Any]:
    batch.guard.check(place.sheet, place.area)
    sheet = batch.book.edit(place.sheet.id)
    count = 0
    locale, now = batch.book.locale, batch.now
    for index, row in enumerate(rows, place.area.top):
        for column, value in enumerate(row, place.area.left):
            if value is None:
                continue
            count += 1
            if writing.entered:
                enter(sheet, index, column, value, locale=locale, now=now)
            else:
                put_raw(sheet, index, column, value)
    batch.cells_written += count
    written = Place(sheet, place.area)
    answer = {
        "spreadsheetId": batch.book.id,
        "updatedRange": written.name(),
        "updatedRows": sum(1 for row in rows if row),
        "updatedColumns": max(len(row) for row in rows),
        "updatedCells": count,
    }
    return _echoed(answer, batch, written, writing)


def _echoed(answer: dict[str, Any], batch: Batch, place: Place, writing: Writing) -> dict[str, Any]:
    if writing.echo is not None:
        answer["updatedData"] = read_place(batch.book, batch.evaluator, place, writing.echo)
    return answer


def batch_update(batch: Batch, data: list[dict[str, Any]], writing: Writing) -> dict[str, Any]:
    """Write several `ValueRange`s; one that is refused lets none through."""
    responses: list[dict[str, Any]] = []
    rows: set[tuple[int, int]] = set()
    columns: set[tuple[int, int]] = set()
    sheets: set[int] = set()
    for index, body in enumerate(data):
        try:
            responses.append(update(batch, body.get("range") or "", body, writing))
            place = find_range(batch.book, body.get("range") or "")
        except ApiError as error:
            raise prefixed(error, f"data[{index}]") from error
        high = place.area.top + int(responses[-1].get("updatedRows", 0))
        wide = place.area.left + int(responses[-1].get("updatedColumns", 0))
        sheets.add(place.sheet.id)
        rows.update((place.sheet.id, row) for row in range(place.area.top, high))
        columns.update((place.sheet.id, column) for column in range(place.area.left, wide))
    return {
        "spreadsheetId": batch.book.id,
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(int(found.get("updatedCells", 0)) for found in responses),
        "totalUpdatedSheets": len(sheets),
        "responses": responses,
    }


def append(
    batch: Batch, text: str, body: dict[str, Any], writing: Writing, *, insert: bool
) -> dict[str, Any]:  # fmt: skip
    """Write under the table that is found at a range, adding rows to the grid as needed."""
    place = find_range(batch.book, text)
    rows = _rows(body)
    table = find_table(place.sheet, place.bounds())
    top, left = (table[1], table[2]) if table else (place.area.top, place.area.left)
    width = max((len(row) for row in rows), default=0)
    area = Area(top, top + len(rows), left, left + width)
    sheet = batch.book.edit(place.sheet.id)
    if insert and rows and top < sheet.row_count:
        batch.insert_dimension(sheet, "ROWS", top, len(rows), inherit_before=top > 0)
    _grow(batch, Place(sheet, area))
    answer: dict[str, Any] = {"spreadsheetId": batch.book.id}
    if table:
        answer["tableRange"] = range_name(sheet.title, *table)
    written = Place(sheet, area)
    if rows and width:
        answer["updates"] = _write(batch, written, rows, writing)
    else:
        answer["updates"] = {"spreadsheetId": batch.book.id, "updatedRange": written.name()}
    return answer


def _grow(batch: Batch, place: Place) -> None:
    sheet, area = place
    if (area.bottom or 0) > sheet.row_count:
        batch.append_dimension(sheet, "ROWS", (area.bottom or 0) - sheet.row_count)
    if (area.right or 0) > sheet.column_count:
        batch.append_dimension(sheet, "COLUMNS", (area.right or 0) - sheet.column_count)


def clear(batch: Batch, text: str) -> str:
    """Clear the values of a range, leaving formats, and name it as Google does."""
    return clear_place(batch, find_range(batch.book, text))


def clear_place(batch: Batch, place: Place) -> str:
    """Clear the values of a place."""
    bounds = place.bounds()
    batch.guard.check_bounds(place.sheet, bounds)
    batch.clear_values(batch.book.edit(place.sheet.id), bounds)
    return place.name()
