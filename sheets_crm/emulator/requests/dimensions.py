"""Rows and columns: append, insert, delete, move, size and hide."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import ApiError, invalid
from sheets_crm.emulator.geometry import Dimension, Edit, area_of
from sheets_crm.emulator.masks import merge_masked, required_mask
from sheets_crm.emulator.ranges import sheet_of
from sheets_crm.emulator.requests.registry import answers
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.shown_cells import ShownCells
from sheets_crm.emulator.text_width import fitting_width

__all__ = ["span_of"]


def span_of(sheet: Sheet, found: dict[str, Any]) -> tuple[str, int, int]:
    """Read a DimensionRange as (dimension, start, end); the end may lie past the grid.

    Raises:
        ApiError: 400 if it has no dimension, is negative, empty or upside down.
    """
    dimension = found.get("dimension") or ""
    if dimension not in ("ROWS", "COLUMNS"):
        raise invalid("range.dimension must be specified.")
    size = sheet.size(dimension)
    start, end = found.get("startIndex") or 0, found.get("endIndex")
    end = max(size, start + 1) if end is None else end
    if start < 0 or end < 0:
        raise invalid("DimensionRange indexes must be >= 0")
    if end <= start:
        raise invalid(f"range.endIndex must be greater than range.startIndex ({start}).")
    return dimension, start, end


def _lines(sheet: Sheet, found: dict[str, Any]) -> tuple[str, range]:
    """Read a DimensionRange as (dimension, indices of the grid); one that starts past the grid is refused (C)."""
    dimension, start, end = span_of(sheet, found)
    size = sheet.size(dimension)
    if start >= size:
        raise _past_grid(size)
    return dimension, range(start, min(end, size))


def _past_grid(size: int) -> ApiError:
    """Say that a span starts past the grid: Google's words for `insertDimension` (B)."""
    return invalid(f"range.startIndex is larger than current grid size ({size})")


@answers("appendDimension")
def _append_dimension(batch: Batch, request: dict[str, Any]) -> None:
    sheet = sheet_of(batch.book, request)
    batch.append_dimension(sheet, request.get("dimension") or "ROWS", int(request.get("length") or 0))


@answers("insertDimension")
def _insert_dimension(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    if found.get("endIndex") is None:
        raise invalid("DimensionRange must specify both a startIndex and an endIndex.")
    dimension, start, end = span_of(sheet, found)
    before, size = bool(request.get("inheritFromBefore")), sheet.size(dimension)
    if before and start == 0:
        raise invalid("Cannot inherit from before when inserting at index 0: inheritFromBefore cannot be true.")
    if start > size:
        raise _past_grid(size)
    if not before and start == size:
        raise invalid(f"range.startIndex must be less than the grid size ({size}) if inheritFromBefore is false.")
    batch.insert_dimension(sheet, dimension, start, end - start, inherit_before=before)


@answers("deleteDimension")
def _delete_dimension(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    dimension, start, end = span_of(sheet, found)
    size = sheet.size(dimension)
    if start >= size:
        what = "row" if dimension == "ROWS" else "column"
        tried = f"Tried to delete {what} index {start} but there are only {size} {what}s."
        raise invalid(f"Cannot delete a {what} that doesn't exist. {tried}")
    batch.delete_dimension(sheet, dimension, start, min(end, size))


@answers("moveDimension")
def _move_dimension(batch: Batch, request: dict[str, Any]) -> None:
    found = request.get("source") or {}
    sheet = sheet_of(batch.book, found)
    dimension, start, end = span_of(sheet, found)
    to = int(request.get("destinationIndex") or 0)
    if end > sheet.size(dimension) or not 0 <= to <= sheet.size(dimension):
        raise invalid(f"destinationIndex must be within the grid ({sheet.size(dimension)}).")
    if start <= to <= end:
        if start < to < end:
            raise invalid("destinationIndex cannot be within the source range.")
        return
    _refuse_torn_merges(sheet, dimension, (start, end), to)
    kind: Dimension = "ROWS" if dimension == "ROWS" else "COLUMNS"
    batch.move_dimension(sheet, Edit("move", sheet.id, kind, start, end - start, to))


def _refuse_torn_merges(sheet: Sheet, dimension: str, span: tuple[int, int], to: int) -> None:
    """Refuse to move a part of a merge, or into one, in words that are reported for rows (B)."""
    for merge in sheet.attachments("merges"):
        top, bottom, left, right = sheet.bounds(area_of(merge))
        first, last = (top, bottom) if dimension == "ROWS" else (left, right)
        is_part = first < span[1] and span[0] < last and not (span[0] <= first and last <= span[1])
        if last - first > 1 and (is_part or first < to < last):
            what = "row" if dimension == "ROWS" else "column"
            raise invalid(
                f"Sorry, it is not possible to move a {what} to a position that crosses a merged cell. "
                "Please unmerge and try again."
            )


@answers("updateDimensionProperties")
def _update_dimension_properties(batch: Batch, request: dict[str, Any]) -> None:
    mask = required_mask(request)
    found = request.get("range") or {}
    sheet = sheet_of(batch.book, found)
    dimension, lines = _lines(sheet, found)
    given = {key: value for key, value in (request.get("properties") or {}).items() if key != "developerMetadata"}
    for index in lines:
        if dimension == "ROWS":
            row = sheet.write(index)
            row.meta = _kept(merge_masked(row.meta, given, mask))
        else:
            kept = _kept(merge_masked(sheet.columns.get(index), given, mask))
            sheet.columns.pop(index, None)
            if kept:
                sheet.columns[index] = kept


def _kept(properties: dict[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in properties.items() if value} or None


@answers("autoResizeDimensions")
def _auto_resize(batch: Batch, request: dict[str, Any]) -> None:
    """Fit columns to their widest text, and rows to their number of lines."""
    found = request.get("dimensions") or {}
    sheet = sheet_of(batch.book, found)
    dimension, lines = _lines(sheet, found)
    start, end = lines.start, lines.stop
    fitted = (start, end, 0, sheet.column_count) if dimension == "ROWS" else (0, sheet.row_count, start, end)
    computed = batch.evaluator.computed(batch.book, sheet, looks=[fitted])
    cells = ShownCells(sheet, computed, batch.book.locale)
    if dimension == "ROWS":
        _fit_rows(sheet, lines, cells)
        return
    last = max(len(sheet.rows), max(computed, default=-1) + 1)
    for column in lines:
        texts = (cells.text(row, column) for row in range(last))
        widest = max((fitting_width(text) for text in texts if text), default=0)
        if widest:
            sheet.columns[column] = {**sheet.columns.get(column, {}), "pixelSize": widest}


def _fit_rows(sheet: Sheet, indices: range, cells: ShownCells) -> None:
    for index in indices:
        row = sheet.row(index)
        values = (cells.value(index, column) for column in range(row.width() if row is not None else 0))
        lines = max((value.count("\n") + 1 for value in values if isinstance(value, str)), default=1)
        if lines > 1 or (row is not None and row.meta):
            resized = sheet.write(index)
            kept = {name: value for name, value in (resized.meta or {}).items() if name != "pixelSize"}
            resized.meta = {**kept, "pixelSize": 15 * lines + 6} if lines > 1 else kept or None
