"""What conditional formats make of cells, in the API's `effectiveFormat` as on the page.

Sources: `ConditionalFormatRule` of
https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets, and that `effectiveFormat`
includes the results of conditional formatting: `CellData` of the same reference (A). Only bold, italic, strikethrough,
text colour and fill can be conditional (A: the guide's samples). The first rule that holds for a cell gives its format
(C).
"""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeAlias

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.conditions import Tested, Tester, holds
from sheets_crm.emulator.geometry import Bounds, area_of, clip, intersection
from sheets_crm.emulator.gradients import gradient
from sheets_crm.emulator.sheet import Sheet

__all__ = ["Cells", "conditional_formats"]

#: A `CellFormat` with fill and letters alone.
Format: TypeAlias = dict[str, Any]

_FILL = ("backgroundColor", "backgroundColorStyle")
_LETTERS = ("bold", "italic", "strikethrough", "foregroundColor", "foregroundColorStyle")


class Cells(Protocol):
    """The cells of a tab, by row and column."""

    def value(self, row: int, column: int) -> CellValue:
        """Give what a cell holds."""

    def cell(self, row: int, column: int) -> Tested:
        """Give what a cell holds and how it is shown."""


def conditional_formats(
    sheet: Sheet, bounds: Bounds, tester: Tester, cells: Cells
) -> Iterator[tuple[int, list[int], Format]]:
    """Find the cells of a rectangle to which conditional formats give a format; each cell comes once.

    Args:
        sheet: The tab.
        bounds: (top, bottom, left, right), inside the grid.
        tester: Knows the workbook's values.
        cells: Gives cells.

    Yields:
        A row, some of its columns in ascending order, and their format.
    """
    taken: dict[int, set[int]] = {}
    for rule in sheet.attachments("conditionalFormats"):
        for row, columns, form in _hits(sheet, bounds, tester, cells, rule):
            free = [column for column in columns if column not in taken.setdefault(row, set())]
            taken[row].update(free)
            if free:
                yield row, free, form


def _hits(
    sheet: Sheet, bounds: Bounds, tester: Tester, cells: Cells, rule: dict[str, Any]
) -> Iterable[tuple[int, Iterable[int], Format]]:
    boxes = [intersection(sheet.bounds(area_of(grid_range)), bounds) for grid_range in rule["ranges"]]
    boxes = [box for box in boxes if box[0] < box[1] and box[2] < box[3]]
    if not boxes:
        return
    if "gradientRule" in rule:
        color_of = gradient(rule["gradientRule"], _numbers_of(sheet, rule, cells), tester)
        for row, column in _places(boxes):
            fill = color_of(cells.value(row, column))
            if fill is not None:
                yield row, (column,), {"backgroundColor": fill, "backgroundColorStyle": {"rgbColor": fill}}
        return
    boolean = rule.get("booleanRule") or {}
    condition, form = boolean.get("condition") or {}, _fill_and_letters(boolean.get("format") or {})
    origin = _origin(rule)
    by_row = condition.get("type") == "CUSTOM_FORMULA" and _is_alike_along_rows(tester, condition)
    for top, bottom, left, right in boxes:
        for row in range(top, bottom):
            tried = range(left, min(left + 1, right)) if by_row else range(left, right)
            columns = [column for column in tried if _is_met(tester, condition, cells, row, column, origin)]
            if by_row and columns:  # one answer for the whole row
                columns = list(range(left, right))
            if columns:
                yield row, columns, form


def _is_met(
    tester: Tester, condition: dict[str, Any], cells: Cells, row: int, column: int, origin: tuple[int, int]
) -> bool:
    cell = (
        Tested((row, column), None, "") if condition.get("type") == "CUSTOM_FORMULA" else cells.cell(row, column)
    )
    return holds(tester, condition, cell, (row - origin[0], column - origin[1])) is True


def _is_alike_along_rows(tester: Tester, condition: dict[str, Any]) -> bool:
    """Tell whether a formula reads the same in all columns: it names only columns after ``$``, and not its own."""
    text = tester.formula(str((condition.get("values") or [{}])[0].get("userEnteredValue", "")))
    compiled = tester.loose.compiled(text)
    fixed = all(
        (ref.left is None or ref.fixed[1]) and (ref.right is None or ref.fixed[3]) for ref in compiled.references
    )
    return fixed and "COLUMN" not in text.upper() and "CELL" not in text.upper() and not compiled.dynamic


def _origin(rule: dict[str, Any]) -> tuple[int, int]:
    """The cell for which a rule's formulas are written: the top left one of its ranges."""
    areas = [area_of(grid_range) for grid_range in rule["ranges"]]
    return min(area.top for area in areas), min(area.left for area in areas)


def _places(boxes: Iterable[Bounds]) -> Iterable[tuple[int, int]]:
    for top, bottom, left, right in boxes:
        yield from ((row, column) for row in range(top, bottom) for column in range(left, right))


def _numbers_of(sheet: Sheet, rule: dict[str, Any], cells: Cells) -> list[float]:
    """The numbers of all cells that a gradient spans, seen or not."""
    boxes = [clip(area_of(grid_range), len(sheet.rows), sheet.column_count) for grid_range in rule["ranges"]]
    values: Iterable[CellValue] = (cells.value(*place) for place in _places(boxes))
    return [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]


def _fill_and_letters(given: Format) -> Format:
    form = {name: given[name] for name in _FILL if given.get(name) is not None}
    letters = {name: given["textFormat"][name] for name in _LETTERS if name in (given.get("textFormat") or {})}
    return {**form, "textFormat": letters} if letters else form
