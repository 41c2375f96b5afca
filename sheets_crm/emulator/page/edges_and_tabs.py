"""Takes back that rows, columns and tabs came, or went: unless somebody else has used them since."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import ApiError
from sheets_crm.emulator.page.outcome import Outcome
from sheets_crm.emulator.requests import run_requests
from sheets_crm.emulator.rows import Row
from sheets_crm.emulator.sheet import Sheet

__all__ = ["remove_grown", "remove_tab", "restore_rows", "restore_tab"]

Box = tuple[int, int, int, int]


def restore_rows(sheet: Sheet, rows: list[Row | None]) -> None:
    """Put back rows that went from the end, under their own keys: older steps name them."""
    top = sheet.row_count - len(rows)
    for index, row in enumerate(rows, top):
        if row is None:
            continue
        made = sheet.write(index)
        sheet.gone.add(made.key)
        sheet.rows[index] = row.copy(sheet.owner)
        sheet.gone.discard(row.key)
        sheet.touched.add(row.key)
    sheet.reordered = True
    sheet.mark_all()


def remove_grown(batch: Batch, sheet_id: int, dimension: str, span: tuple[int, int], outcome: Outcome) -> None:
    """Delete the rows or columns that a paste added, as long as nothing stands in them."""
    sheet, (start, count) = batch.book.edit(sheet_id), span
    end = min(start + count, sheet.size(dimension))
    if start >= end:
        return
    by_row = dimension == "ROWS"
    box = (start, end, 0, sheet.column_count) if by_row else (0, sheet.row_count, start, end)
    if _holds_anything(sheet, box):
        outcome.kept += end - start
        return
    try:
        batch.delete_dimension(sheet, dimension, start, end)
    except ApiError:  # protected rows of this tab reach into them, or no other row is left unfrozen
        outcome.kept += end - start
    else:
        outcome.parts += 1


def _holds_anything(sheet: Sheet, box: Box) -> bool:
    top, bottom, left, right = box
    rows = (row for row in sheet.rows[top:bottom] if row is not None)
    return any(
        any(row.filled(column) for column in range(left, min(right, row.width())))
        or any(left <= column < right for column in row.notes or ())
        for row in rows
    )


def remove_tab(batch: Batch, sheet: Sheet, outcome: Outcome) -> None:
    """Delete a tab that the step made, unless somebody else has changed it since."""
    present = next((tab for tab in batch.book.sheets if tab.id == sheet.id), None)
    if present is None:
        outcome.left += 1
    elif _state(present) != _state(sheet) or _is_marked(batch, sheet.id):
        outcome.kept += 1
        outcome.sheet = sheet.id
    else:
        run_requests(batch, [{"deleteSheet": {"sheetId": sheet.id}}])
        outcome.parts += 1


def _state(sheet: Sheet) -> list[Any]:
    rows = [(row.values, row.formulas or {}) for row in sheet.rows if row is not None and row.width()]
    return [sheet.properties, sheet.attached, sheet.row_count, sheet.column_count, rows]


def _is_marked(batch: Batch, sheet_id: int) -> bool:
    """Tell whether developer metadata lies on a tab: then a program has taken it in hand."""
    places = (entry["location"] for entry in batch.book.metadata.values())
    spans = [place.get("dimensionRange") or place for place in places]
    return any("sheetId" in span and span["sheetId"] == sheet_id for span in spans)


def restore_tab(batch: Batch, index: int, sheet: Sheet) -> None:
    """Bring a tab back with its id and all that was in it."""
    made = run_requests(batch, [{"addSheet": {"properties": {"title": sheet.title, "sheetId": sheet.id}}}])
    batch.book.remove(batch.book.sheet(int(made[0]["addSheet"]["properties"]["sheetId"])))
    back = sheet.copy(batch.book.token)
    back.touched = {row.key for row in back.rows if row is not None}
    back.reordered = True
    back.mark_all()
    batch.book.add(back, min(index, len(batch.book.sheets)))
    batch.book.check_cells()
