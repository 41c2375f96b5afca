"""How values are shown: value and date render options, trimming, major dimension.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/ValueRenderOption
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.evaluation import Computed, ComputedRow
from sheets_crm.emulator.formats import render
from sheets_crm.emulator.formulas.number_formats import NumberFormat
from sheets_crm.emulator.rows import Row
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.styles import Style

__all__ = ["Rendering", "plain_number", "read_block"]

_DATE_TYPES = {"DATE", "TIME", "DATE_TIME"}


def plain_number(value: Any) -> Any:
    """Give a whole number as an integer, so that JSON shows 2 and not 2.0."""
    if type(value) is float and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a reader asked for.

    Attributes:
        locale: The spreadsheet's locale.
        values: FORMATTED_VALUE, UNFORMATTED_VALUE or FORMULA.
        dates: SERIAL_NUMBER or FORMATTED_STRING; ignored for FORMATTED_VALUE.
        by_columns: Whether the answer lists columns instead of rows.
    """

    locale: str
    values: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"
    by_columns: bool = False

    @property
    def needs_looks(self) -> bool:
        """Whether numbers are shown by their formats, also by those that formulas imply."""
        return self.values == "FORMATTED_VALUE" or self.dates == "FORMATTED_STRING"

    def show(self, value: CellValue, style: Style | None, implied: NumberFormat | None = None) -> Any:
        """Show one value; blank is an empty text.

        Args:
            value: The cell's value.
            style: The cell's style.
            implied: The number format that the cell's formula implies, for a style without one.
        """
        if value is None:
            return ""
        if isinstance(value, str):
            pattern = style.text_pattern if style is not None and self.values == "FORMATTED_VALUE" else None
            return value if pattern is None else render(value, {"pattern": pattern}, self.locale)
        if isinstance(value, ErrorValue):
            # Brackets stand there even without a reason: "#N/A ()" is what NA() reads as (B).
            plain = self.values == "FORMATTED_VALUE"
            return value.type if plain else f"{value.type} ({value.message})"
        form = (style.number_format if style else None) or implied
        if self.values == "FORMATTED_VALUE":
            return render(value, form, self.locale)
        if isinstance(value, bool):
            return value
        if self.dates == "FORMATTED_STRING" and form and form.get("type") in _DATE_TYPES:
            return render(value, form, self.locale)
        return plain_number(value)


def read_block(
    sheet: Sheet, bounds: tuple[int, int, int, int], rendering: Rendering, computed: Computed
) -> list[list[Any]]:
    """Read a rectangle, without the empty rows and cells at its ends."""
    top, bottom, left, right = bounds
    plain = rendering.values != "FORMATTED_VALUE" and rendering.dates == "SERIAL_NUMBER"
    block: list[list[Any]] = []
    for index in range(top, min(bottom, max(len(sheet.rows), max(computed, default=-1) + 1))):
        row = sheet.row(index)
        over = computed.get(index)
        if over is None and plain:
            block.append(_plain_cells(row, left, right))
        else:
            block.append(_shown_cells(row, computed.of_row(index), (left, right), rendering))
    while block and not block[-1]:
        block.pop()
    return _columns(block) if rendering.by_columns else block


def _plain_cells(row: Row | None, left: int, right: int) -> list[Any]:
    if row is None:
        return []
    cells = row.values[left:right]
    while cells and cells[-1] is None:
        cells.pop()
    if None in cells:
        return ["" if cell is None else cell for cell in cells]
    return cells


def _shown_cells(
    row: Row | None, computed: ComputedRow, span: tuple[int, int], rendering: Rendering
) -> list[Any]:  # fmt: skip
    left, right = span
    over: Mapping[int, CellValue] = computed.values
    cells: list[Any] = row.values[left:right] if row is not None else []
    if rendering.values == "FORMULA" and row is not None and row.formulas:
        over = {**over, **row.formulas}
    for column, value in over.items():
        if left <= column < right:
            cells.extend([None] * (column - left + 1 - len(cells)))
            cells[column - left] = value
    while cells and cells[-1] is None:
        cells.pop()
    styles = row.styles if row is not None else None
    texts_as_they_are = not styles or rendering.values != "FORMATTED_VALUE"
    formats = computed.formats
    shown = []
    for place, value in enumerate(cells, left):
        if value is None:
            shown.append("")
        elif texts_as_they_are and type(value) is str:
            shown.append(value)
        else:
            shown.append(rendering.show(value, styles.get(place) if styles else None, formats.get(place)))
    return shown


def _columns(block: list[list[Any]]) -> list[list[Any]]:
    columns = [list(column) for column in zip_longest(*block, fillvalue="")]
    for column in columns:
        while column and column[-1] == "":
            column.pop()
    while columns and not columns[-1]:
        columns.pop()
    return columns
