"""The conditional formats of a tab's cells, as `effectiveFormat` includes them."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sheets_crm.emulator.conditional_formats import conditional_formats
from sheets_crm.emulator.conditions import Tested, Tester
from sheets_crm.emulator.evaluation import Computed, Evaluator
from sheets_crm.emulator.rendering import Rendering
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet
from sheets_crm.emulator.validation_lists import listed

__all__ = ["ConditionalCells", "conditional_cells"]

#: By row, then column: a `CellFormat` with fill and letters.
ConditionalCells: TypeAlias = Mapping[int, Mapping[int, dict[str, Any]]]


def conditional_cells(
    book: Spreadsheet, sheet: Sheet, bounds: tuple[int, int, int, int], evaluator: Evaluator, computed: Computed
) -> ConditionalCells:
    """Find the formats that conditional formatting gives the cells of a rectangle.

    Args:
        book: The spreadsheet.
        sheet: The tab.
        bounds: (top, bottom, left, right), inside the grid.
        evaluator: Works formulas out.
        computed: Results of the tab's formulas, with their looks.
    """
    if not sheet.attachments("conditionalFormats"):
        return {}
    rendering = Rendering(book.locale)

    def read(row: int, column: int) -> Tested:
        line, over = sheet.row(row), computed.of_row(row)
        value = over.values[column] if column in over.values else line.value(column) if line else None
        style = line.styles.get(column) if line and line.styles else None
        shown = "" if value is None else str(rendering.show(value, style, over.formats.get(column)))
        return Tested((row, column), value, shown)

    found: dict[int, dict[int, dict[str, Any]]] = {}
    with evaluator.loose(book, sheet) as loose:
        tester = Tester(loose, book.locale, lambda source: listed(book, sheet, evaluator, source))
        for row, columns, form in conditional_formats(sheet, bounds, tester, read):
            found.setdefault(row, {}).update(dict.fromkeys(columns, form))
    return found
