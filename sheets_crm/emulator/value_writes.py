"""Writing a block of values, and what the answer counts of it.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/UpdateValuesResponse
"""

from dataclasses import dataclass
from typing import Any

from sheets_crm.emulator.a1 import Area
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.evaluation import Evaluator
from sheets_crm.emulator.inputs import enter, put_raw
from sheets_crm.emulator.ranges import Place
from sheets_crm.emulator.rendering import Rendering, read_block
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["Writing", "Written", "filled_rows", "is_cell", "read_place", "totals", "write_block"]


@dataclass(frozen=True, slots=True)
class Writing:
    """How to write, and what to answer.

    Attributes:
        entered: USER_ENTERED rather than RAW.
        echo: How to show the written values in the answer, or None not to.
    """

    entered: bool
    echo: Rendering | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An `UpdateValuesResponse`, and which rows and columns of which tab it counts."""

    answer: dict[str, Any]
    sheet_id: int
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def read_place(book: Spreadsheet, evaluator: Evaluator, place: Place, rendering: Rendering) -> dict[str, Any]:
    """Read a place as a `ValueRange`."""
    bounds = place.bounds()
    computed = evaluator.computed(
        book,
        place.sheet,
        bounds=bounds,
        formulas=rendering.values == "FORMULA",
        looks=[bounds] if rendering.needs_looks else (),
    )
    block = read_block(place.sheet, bounds, rendering, computed)
    dimension = "COLUMNS" if rendering.by_columns else "ROWS"
    answer: dict[str, Any] = {"range": place.name(), "majorDimension": dimension}
    if block:
        answer["values"] = block
    return answer


def is_cell(area: Area) -> bool:
    """Tell whether an area is a single cell, which is only where a write begins."""
    return area.bottom == area.top + 1 and area.right == area.left + 1


def write_block(
    batch: Batch, asked: Place, start: tuple[int, int], rows: list[list[Any]], writing: Writing
) -> Written:  # fmt: skip
    """Write what is not null, and count it as Google does.

    A null leaves its cell alone: rows and columns that hold nothing else are not counted, and the named range, which
    begins where the data do, ends with the last that is written (the guide's sample of a selective write, and a
    recorded append: grade A).
    """
    top, left = start
    filled = filled_rows(rows)
    columns = frozenset(
        left + column for _, row in filled for column, value in enumerate(row) if value is not None
    )
    if not columns:
        name = asked.name()
        answer: dict[str, Any] = {"spreadsheetId": batch.book.id, "updatedRange": name}
        return Written(_echoed(answer, batch, asked, asked, writing), asked.sheet.id)
    area = Area(top, top + filled[-1][0] + 1, left, max(columns) + 1)
    batch.guard.check(asked.sheet, area)
    sheet = batch.book.edit(asked.sheet.id)
    count = _enter_rows(batch, sheet, start, filled, entered=writing.entered)
    written = Place(sheet, area)
    answer = {
        "spreadsheetId": batch.book.id,
        "updatedRange": written.name(),
        "updatedRows": len(filled),
        "updatedColumns": len(columns),
        "updatedCells": count,
    }
    answer = _echoed(answer, batch, Place(sheet, asked.area), written, writing)
    return Written(answer, sheet.id, frozenset(top + index for index, _ in filled), columns)


def filled_rows(rows: list[list[Any]]) -> list[tuple[int, list[Any]]]:
    """List the rows, with their index, in which something is not null."""
    return [(index, row) for index, row in enumerate(rows) if any(value is not None for value in row)]


def _enter_rows(
    batch: Batch, sheet: Sheet, start: tuple[int, int], filled: list[tuple[int, list[Any]]], *, entered: bool
) -> int:
    """Enter the values and count them."""
    count = 0
    locale, now = batch.book.locale, batch.now
    for index, row in filled:
        for column, value in enumerate(row, start[1]):
            if value is None:
                continue
            count += 1
            if entered:
                enter(sheet, start[0] + index, column, value, locale=locale, now=now)
            else:
                put_raw(sheet, start[0] + index, column, value)
    batch.cells_written += count
    return count


def _echoed(
    answer: dict[str, Any], batch: Batch, asked: Place, written: Place, writing: Writing
) -> dict[str, Any]:  # fmt: skip
    """Add the values that are asked for: of the range that was asked to write, or from a single cell on (A)."""
    if writing.echo is not None:
        shown = written if is_cell(asked.area) else asked
        answer["updatedData"] = read_place(batch.book, batch.evaluator, shown, writing.echo)
    return answer


def totals(batch: Batch, written: list[Written], responses: list[dict[str, Any]]) -> dict[str, Any]:
    """Sum up a batch: each row and column of a tab counts once, however many ranges wrote to it (A).

    Of nothing written, no zero is told and no empty list (proto3's JSON, A).
    """
    rows = {(one.sheet_id, row) for one in written for row in one.rows}
    columns = {(one.sheet_id, column) for one in written for column in one.columns}
    counts = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(int(one.answer.get("updatedCells", 0)) for one in written),
        "totalUpdatedSheets": len({one.sheet_id for one in written}),
    }
    found = {"spreadsheetId": batch.book.id, **counts, "responses": responses}
    return {name: value for name, value in found.items() if value}
