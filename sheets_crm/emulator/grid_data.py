"""`GridData`: cells with their values, formats, notes and validation, only as far as the field mask asks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.conditional_cells import ConditionalCells
from sheets_crm.emulator.evaluation import Computed, ComputedRow
from sheets_crm.emulator.formats_of_cells import effective_format, linked_format
from sheets_crm.emulator.formulas.number_formats import NumberFormat
from sheets_crm.emulator.geometry import Bounds
from sheets_crm.emulator.links import link_of
from sheets_crm.emulator.masks import Mask, apply_mask, covers
from sheets_crm.emulator.rendering import Rendering, plain_number
from sheets_crm.emulator.rich_text import link_of_runs, shown_runs
from sheets_crm.emulator.rows import Row
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.styles import Style
from sheets_crm.emulator.validation_rules import shown_rule

__all__ = ["below", "extended_value", "grid_data"]


def grid_data(
    sheet: Sheet, bounds: Bounds, mask: Mask, locale: str, computed: Computed, conditional: ConditionalCells
) -> dict[str, Any]:
    """Describe a rectangle of cells, masked but for what is inside of row and column metadata.

    Args:
        sheet: The tab.
        bounds: (top, bottom, left, right), inside the grid.
        mask: The part of the field mask below `sheets.data`; empty for everything.
        locale: The spreadsheet's locale.
        computed: Results of the tab's formulas.
        conditional: What conditional formatting gives the cells; empty where nobody asks for it.
    """
    top, bottom, left, right = bounds
    found: dict[str, Any] = {}
    if top and covers(mask, "startRow"):
        found["startRow"] = top
    if left and covers(mask, "startColumn"):
        found["startColumn"] = left
    if covers(mask, "rowData"):
        rows = _row_data(sheet, bounds, below(mask, "rowData", "values"), Rendering(locale), computed, conditional)
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
    sheet: Sheet,
    bounds: Bounds,
    mask: Mask,
    rendering: Rendering,
    computed: Computed,
    conditional: ConditionalCells,
) -> list[dict[str, Any]]:
    top, bottom, left, right = bounds
    rows: list[dict[str, Any]] = []
    last = max(len(sheet.rows), max(computed, default=-1) + 1)
    reader = _CellReader(mask, rendering)
    for index in range(top, min(bottom, last)):
        painted = conditional.get(index) or {}
        cells = reader.cells(sheet.row(index), index, (left, right), computed.of_row(index), painted)
        rows.append({"values": cells} if cells else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows


class _Content(NamedTuple):
    """What a cell holds and comes to."""

    literal: CellValue
    formula: str | None
    effective: CellValue
    is_computed: bool
    link: str | None

    @property
    def shows(self) -> bool:
        """Whether the API gives a value: of a formula's empty text it gives none (recorded, A)."""
        return self.effective is not None and not (self.is_computed and self.effective == "")

    @property
    def alignment(self) -> str | None:
        """How the value stands in its cell: texts left, numbers right, the rest in the middle."""
        if self.effective is None:
            return None
        if isinstance(self.effective, bool | ErrorValue):
            return "CENTER"
        return "LEFT" if isinstance(self.effective, str) else "RIGHT"


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
        self._links = covers(mask, "hyperlink") or self._effective_format
        self._notes = covers(mask, "note")
        self._runs = covers(mask, "textFormatRuns")
        self._styled = self._format or self._effective_format or self._validation

    def cells(
        self,
        row: Row | None,
        index: int,
        span: tuple[int, int],
        computed: ComputedRow,
        painted: Mapping[int, dict[str, Any]],
    ) -> list[dict[str, Any]]:
        """Read a stretch of a row, without the empty cells at its end."""
        left, right = span
        used = max(computed.values, default=-1) + 1
        if row is not None:
            used = max(used, row.width())
            if self._styled and row.styles:
                used = max(used, max(row.styles) + 1)
            if self._notes and row.notes:
                used = max(used, max(row.notes) + 1)
        cells = [
            self._cell(row, (index, column), computed, painted.get(column))
            for column in range(left, min(right, used))
        ]
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _cell(
        self, row: Row | None, place: tuple[int, int], computed: ComputedRow, painted: dict[str, Any] | None
    ) -> dict[str, Any]:
        cell: dict[str, Any] = {}
        column = place[1]
        style = row.styles.get(column) if row is not None and row.styles else None
        content = self._content(row, column, style, computed)
        implied = computed.formats.get(column)
        self._add_values(cell, content, style, implied)
        if style is not None:
            self._add_style(cell, style, place)
        if self._effective_format and (style or painted or content.is_computed or content.literal is not None):
            cell["effectiveFormat"] = effective_format(
                style.format if style else None,
                alignment=content.alignment,
                number_format=implied,
                link=content.link,
                filled=content.effective is not None,
                painted=painted,
            )
        if self._links and content.link is not None:
            cell["hyperlink"] = content.link
        elif self._links and row is not None and row.runs and (link := link_of_runs(row.runs.get(column) or [])):
            cell["hyperlink"] = link  # the text as a whole is no link: its effectiveFormat stays plain
        if self._notes and row is not None and row.notes and column in row.notes:
            cell["note"] = row.notes[column]
        if self._runs and row is not None and row.runs and column in row.runs:
            cell["textFormatRuns"] = shown_runs(row.runs[column])
        masked: dict[str, Any] = apply_mask(cell, self._mask) if self._mask else cell
        return masked

    def _content(self, row: Row | None, column: int, style: Style | None, computed: ComputedRow) -> _Content:
        literal: CellValue = None
        formula = None
        if row is not None:
            literal, formula = row.value(column), row.formula(column)
        is_computed = column in computed.values
        effective = computed.values[column] if is_computed else literal
        link = None
        if self._links and effective is not None:
            link = computed.links.get(column) or link_of(None if is_computed else literal, style)
        return _Content(literal, formula, effective, is_computed or formula is not None, link)

    def _add_values(
        self, cell: dict[str, Any], content: _Content, style: Style | None, implied: NumberFormat | None
    ) -> None:
        if self._entered and content.formula is not None:
            cell["userEnteredValue"] = {"formulaValue": content.formula}
        elif self._entered and content.literal is not None:
            cell["userEnteredValue"] = extended_value(content.literal)
        if not content.shows:
            return
        if self._effective:
            cell["effectiveValue"] = extended_value(content.effective)
        if self._formatted:
            cell["formattedValue"] = self._rendering.show(content.effective, style, implied)

    def _add_style(self, cell: dict[str, Any], style: Style, place: tuple[int, int]) -> None:
        if self._format and style.format:
            cell["userEnteredFormat"] = linked_format(style.format)
        if self._validation and style.validation:
            cell["dataValidation"] = shown_rule(style.validation, place)


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
