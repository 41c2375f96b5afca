"""The conditional formats of a tab's cells, as `effectiveFormat` includes them."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sheets_crm.emulator.conditional_formats import conditional_formats
from sheets_crm.emulator.evaluation import Computed, Evaluator
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.shown_cells import ShownCells
from sheets_crm.emulator.spreadsheet import Spreadsheet
from sheets_crm.emulator.validation_lists import condition_tester

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
    cells = ShownCells(sheet, computed, book.locale)
    by_row: dict[int, dict[int, dict[str, Any]]] = {}
    with condition_tester(book, sheet, evaluator) as tester:
        for row, columns, form in conditional_formats(sheet, bounds, tester, cells):
            by_row.setdefault(row, {}).update(dict.fromkeys(columns, form))
    return by_row
