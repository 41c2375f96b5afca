"""`GridData`: cells with their values, formats, notes and validation, only as far as the field mask asks."""

from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.evaluation import Computed
from sheets_crm.emulator.formats_of_cells import effective_format
from sheets_crm.emulator.masks import Mask, apply_mask, covers
from sheets_crm.emulator.rendering import Rendering, plain_number
from sheets_crm.emulator.rows import Row
from sheets_crm.emulator.sheet import Sheet

__all__ = ["extended_value", "grid_data"]

Bounds = tuple[int, int, int, int]


def grid_data(sheet: Sheet, bounds: Bounds, mask: Mask, locale: str, computed: Computed) -> dict[str, Any]:
    """Describe a rectangle of cells.

    Args:
        sheet: The tab.
        bounds: (top, bottom, left, right), inside the grid.
        mask: The part of the field mask below `sheets.data`; empty for everything.
        locale: The spreadsheet's locale.
        computed: Results of the tab's formulas.
    """
    top, bottom, left, right = bounds
    found: dict[str, Any] = {}
    if top:
        found["startRow"] = top
    if left:
        found["startColumn"] = left
    if covers(mask, "rowData"):
        rows = _row_data(sheet, bounds, _below(mask, "rowData", "values"), Rendering(locale), computed)
        if rows:
            found["rowData"] = rows
    if covers(mask, "rowMetadata"):
        found["rowMetadata"] = [_row_meta(sheet, index) for index in range(top, bottom)]
    if covers(mask, "columnMetadata"):
        found["columnMetadata"] = [{"pixelSize": 100, **sheet.columns.get(c, {})} for c in range(left, right)]
    return found


def _row_meta(sheet: Sheet, index: int) -> dict[str, Any]:
    row = sheet.row(index)
    return {"pixelSize": 21, **((row.meta if row is not None else None) or {})}


def _below(mask: Mask, *path: str) -> Mask:
    for name in path:
        if not mask or "*" in mask:
            return {}
        mask = mask.get(name, {})
    return mask


def _row_data(
    sheet: Sheet, bounds: Bounds, mask: Mask, rendering: Rendering, computed: Computed
) -> list[dict[str, Any]]:
    top, bottom, left, right = bounds
    rows: list[dict[str, Any]] = []
    last = max(len(sheet.rows), max(computed, default=-1) + 1)
    for index in range(top, min(bottom, last)):
        cells = _cells(sheet.row(index), (left, right), mask, rendering, computed.get(index) or {})
        rows.append({"values": cells} if cells else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cells(row: Row | None, span: tuple[int, int], mask: Mask, rendering: Rendering, over: Any) -> list[Any]:
    left, right = span
    used = [max(over, default=-1) + 1]
    if row is not None:
        used += [row.width(), max(row.styles or (), default=-1) + 1, max(row.notes or (), default=-1) + 1]
    cells = [_cell(row, column, mask, rendering, over) for column in range(left, min(right, max(used)))]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _cell(row: Row | None, column: int, mask: Mask, rendering: Rendering, over: Any) -> dict[str, Any]:
    literal = row.value(column) if row is not None else None
    formula = row.formula(column) if row is not None else None
    style = row.styles.get(column) if row is not None and row.styles else None
    effective: CellValue = over.get(column, literal)
    cell: dict[str, Any] = {}
    if formula is not None:
        cell["userEnteredValue"] = {"formulaValue": formula}
    elif literal is not None:
        cell["userEnteredValue"] = extended_value(literal)
    if effective is not None:
        cell["effectiveValue"] = extended_value(effective)
        cell["formattedValue"] = rendering.show(effective, style)
    if style is not None and style.format:
        cell["userEnteredFormat"] = style.format
    if cell and covers(mask, "effectiveFormat"):
        cell["effectiveFormat"] = effective_format(style.format if style else None)
    if row is not None and row.notes and column in row.notes:
        cell["note"] = row.notes[column]
    if style is not None and style.validation:
        cell["dataValidation"] = style.validation
    shown: dict[str, Any] = apply_mask(cell, mask)
    return shown


def extended_value(value: CellValue) -> dict[str, Any]:
    """Give a value as an `ExtendedValue`."""
    if isinstance(value, ErrorValue):
        error = {"type": value.api_type}
        return {"errorValue": {**error, "message": value.message} if value.message else error}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"numberValue": plain_number(value)}
