"""What selected cells come to, as the bottom of the grid tells it: all of them, however few the page has fetched.

Rows that a filter hides are left out (C: as Google's own totals do); rows hidden by hand count.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.evaluation import Computed
from sheets_crm.emulator.formats import render
from sheets_crm.emulator.formulas.number_formats import NumberFormat
from sheets_crm.emulator.geometry import Bounds
from sheets_crm.emulator.page.boxes import box_state
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.styles import Style

__all__ = ["cells_in", "hidden_by_filter", "hidden_lines", "totals"]

#: What a cell holds, its style, and the number format that its formula implies.
Held: TypeAlias = tuple[CellValue, Style | None, NumberFormat | None]


def hidden_by_filter(sheet: Sheet, index: int) -> bool:
    """Tell whether a filter hides a row: what is done to a selection leaves it out."""
    row = sheet.row(index)
    return bool(row and row.meta and row.meta.get("hiddenByFilter"))


def hidden_lines(sheet: Sheet) -> tuple[set[int], set[int]]:
    """Give the rows and the columns that are hidden, by hand or by a filter."""
    rows = ((index, row.meta) for index, row in enumerate(sheet.rows) if row is not None and row.meta)
    hidden = {index for index, meta in rows if meta.get("hiddenByUser") or meta.get("hiddenByFilter")}
    return hidden, {column for column, given in sheet.columns.items() if given.get("hiddenByUser")}


def cells_in(sheet: Sheet, bounds: Bounds, computed: Computed) -> Iterator[Held]:
    """Walk the cells of a rectangle that are not blank, spilled ones too."""
    top, bottom, left, right = bounds
    for index in range(top, min(bottom, max(len(sheet.rows), max(computed, default=-1) + 1))):
        if hidden_by_filter(sheet, index):
            continue
        row, over = sheet.row(index), computed.get(index) or {}
        styles, formats = (row.styles if row else None) or {}, computed.formats.get(index) or {}
        values: list[CellValue] = list(row.values[left:right]) if row else []
        for column, value in over.items():
            if left <= column < right:
                values.extend([None] * (column - left + 1 - len(values)))
                values[column - left] = value
        for column, value in enumerate(values, left):
            if value is not None and value != "":
                yield value, styles.get(column), formats.get(column)


def totals(sheet: Sheet, bounds: Bounds, computed: Computed, locale: str) -> dict[str, Any]:
    """Sum up a rectangle.

    Returns:
        ``count`` of cells that are not blank, ``numbers`` of them, ``ticked`` boxes; and where there are numbers
        ``sum``, ``average``, ``min`` and ``max``: as texts in the format of the first of them, else as numbers.
    """
    count = ticked = 0
    numbers: list[float] = []
    form: Mapping[str, Any] | None = None
    for value, style, implied in cells_in(sheet, bounds, computed):
        count += 1
        if style is not None and style.validation and box_state(value, style, locale) is not None:
            ticked += box_state(value, style, locale) is True
        elif isinstance(value, int | float) and not isinstance(value, bool):
            form = form or (None if numbers else (style.number_format if style else None) or implied)
            numbers.append(float(value))
    result: dict[str, Any] = {"count": count, "numbers": len(numbers), "ticked": ticked}
    if numbers:
        total = sum(numbers)
        shown = {"sum": total, "average": total / len(numbers), "min": min(numbers), "max": max(numbers)}
        result |= {name: render(value, form, locale) if form else value for name, value in shown.items()}
    return result
