"""`GridData`: cells with their values, formats, notes and validation, only as far as the field mask asks."""

from collections.abc import Mapping
from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.evaluation import Computed
from sheets_crm.emulator.formats_of_cells import effective_format
from sheets_crm.emulator.masks import Mask, apply_mask, covers
from sheets_crm.emulator.rendering import Rendering, plain_number
from sheets_crm.emulator.rows import Row
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.styles import Style

__all__ = ["below", "extended_value", "grid_data"]

Bounds = tuple[int, int, int, int]


def grid_data(sheet: Sheet, bounds: Bounds, mask: Mask, locale: str, computed: Computed) -> dict[str, Any]:
    """Describe a rectangle of cells, masked but for what is inside of row and column metadata.

    Args:
        sheet: The tab.
        bounds: (top, bottom, left, right), inside the grid.
        mask: The part of the field mask below `sheets.data`; empty for everything.
        locale: The spreadsheet's locale.
        computed: Results of the tab's formulas.
    """
    top, bottom, left, right = bounds
    found: dict[str, Any] = {}
    if top and covers(mask, "startRow"):
        found["startRow"] = top
    if left and covers(mask, "startColumn"):
        found["startColumn"] = left
    if covers(mask, "rowData"):
        rows = _row_data(sheet, bounds, below(mask, "rowData", "values"), Rendering(locale), computed)
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


def below(mask: Mask, *path: str) -> Mask:
    """Give the part of a mask below a field; an empty one asks for everything."""
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
    reader = _CellReader(mask, rendering)
    for index in range(top, min(bottom, last)):
        cells = reader.cells(sheet.row(index), (left, right), computed.get(index) or {})
        rows.append({"values": cells} if cells else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows


class _CellReader:
    """Reads cells as `CellData`, only the fields that a mask asks for."""

    def __init__(self, mask: Mask, rendering: Rendering) -> None:
        self._rendering = rendering
        self._mask = (
            mask if any(mask.values()) else {}
        )  # only masks below a field's own level remain to be applied
        self._entered = covers(mask, "userEnteredValue")
        self._effective = covers(mask, "effectiveValue")
        self._formatted = covers(mask, "formattedValue")
        self._format = covers(mask, "userEnteredFormat")
        self._effective_format = covers(mask, "effectiveFormat")
        self._validation = covers(mask, "dataValidation")
        self._notes = covers(mask, "note")
        self._styled = self._format or self._effective_format or self._validation

    def cells(self, row: Row | None, span: tuple[int, int], over: Mapping[int, CellValue]) -> list[dict[str, Any]]:
        """Read a stretch of a row, without the empty cells at its end."""
        left, right = span
        used = max(over, default=-1) + 1
        if row is not None:
            used = max(used, row.width())
            if self._styled and row.styles:
                used = max(used, max(row.styles) + 1)
            if self._notes and row.notes:
                used = max(used, max(row.notes) + 1)
        cells = [self._cell(row, column, over) for column in range(left, min(right, used))]
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _cell(self, row: Row | None, column: int, over: Mapping[int, CellValue]) -> dict[str, Any]:
        cell: dict[str, Any] = {}
        literal = formula = style = None
        if row is not None:
            literal, formula = row.value(column), row.formula(column)
            style = row.styles.get(column) if row.styles else None
        self._add_values(cell, literal, formula, style, over.get(column, literal) if over else literal)
        if style is not None:
            self._add_style(cell, style)
        if self._effective_format and (style is not None or literal is not None or formula is not None):
            cell["effectiveFormat"] = effective_format(style.format if style else None)
        if self._notes and row is not None and row.notes and column in row.notes:
            cell["note"] = row.notes[column]
        masked: dict[str, Any] = apply_mask(cell, self._mask) if self._mask else cell
        return masked

    def _add_values(
        self,
        cell: dict[str, Any],
        literal: CellValue,
        formula: str | None,
        style: Style | None,
        effective: CellValue,
    ) -> None:
        if self._entered and formula is not None:
            cell["userEnteredValue"] = {"formulaValue": formula}
        elif self._entered and literal is not None:
            cell["userEnteredValue"] = extended_value(literal)
        if effective is None:
            return
        if self._effective:
            cell["effectiveValue"] = extended_value(effective)
        if self._formatted:
            cell["formattedValue"] = self._rendering.show(effective, style)

    def _add_style(self, cell: dict[str, Any], style: Style) -> None:
        if self._format and style.format:
            cell["userEnteredFormat"] = style.format
        if self._validation and style.validation:
            cell["dataValidation"] = style.validation


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
