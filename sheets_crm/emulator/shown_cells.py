"""Cells as a reader sees them: what they hold, and the text that it shows as."""

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.conditions import Tested
from sheets_crm.emulator.evaluation import Computed
from sheets_crm.emulator.formulas.number_formats import NumberFormat
from sheets_crm.emulator.rendering import Rendering
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.styles import Style

__all__ = ["ShownCells"]


class ShownCells:
    """Reads cells of a tab, by rows and columns that count from 0.

    Args:
        sheet: The tab.
        computed: Results of its formulas, with their looks: a date that a formula gives shows as a date.
        locale: The spreadsheet's locale.
    """

    def __init__(self, sheet: Sheet, computed: Computed, locale: str) -> None:
        self._sheet, self._computed = sheet, computed
        self._rendering = Rendering(locale)

    def value(self, row: int, column: int) -> CellValue:
        """Give what a cell holds, or what its formula comes to; None of a blank one."""
        over = self._computed.get(row)
        if over is not None and column in over:
            return over[column]
        line = self._sheet.row(row)
        return line.value(column) if line is not None else None

    def style(self, row: int, column: int) -> Style | None:
        """Give a cell's own style."""
        line = self._sheet.row(row)
        return line.styles.get(column) if line is not None and line.styles else None

    def implied(self, row: int, column: int) -> NumberFormat | None:
        """Give the number format that a cell's formula implies."""
        formats = self._computed.formats.get(row)
        return formats.get(column) if formats else None

    def cell(self, row: int, column: int) -> Tested:
        """Give a cell as conditions test it."""
        return Tested((row, column), self.value(row, column), self.text(row, column))

    def text(self, row: int, column: int) -> str:
        """Give what a cell shows: its value by its own number format, else by the one that its formula implies."""
        value = self.value(row, column)
        if value is None:
            return ""
        return str(self._rendering.show(value, self.style(row, column), self.implied(row, column)))
