"""What somebody reads of a workbook's formulas, and what these come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.graph import Cell

__all__ = ["Read", "Results"]


@dataclass(frozen=True)
class Read:
    """What somebody reads of a workbook's results.

    Attributes:
        title: The tab.
        bounds: The rectangle of it: top, bottom, left, right, counted from 0, ends excluded; `None` for all of it.
        formulas: Whether formulas are shown for themselves: then of results only what is spilled matters.
    """

    title: str
    bounds: tuple[int, int, int, int] | None = None
    formulas: bool = False

    def wants(self, cell: Cell) -> bool:
        """Whether a formula's own result is read."""
        if self.formulas or cell[0] != self.title:
            return False
        if self.bounds is None:
            return True
        top, bottom, left, right = self.bounds
        return top <= cell[1] < bottom and left <= cell[2] < right


@dataclass(frozen=True)
class Results:
    """What the formulas that were read come to; later changes do not reach it."""

    cells: Mapping[str, Mapping[tuple[int, int], CellValue]] = field(default_factory=dict)
    covered: Mapping[str, Mapping[tuple[int, int], CellValue]] = field(default_factory=dict)

    def value(self, title: str, row: int, column: int) -> CellValue:
        """Give the value of a formula's cell or of one that a formula spills into; `None` for all others."""
        place = (row, column)
        own = self.cells.get(title, {})
        return own[place] if place in own else self.covered.get(title, {}).get(place)

    def spilled(self, title: str) -> Mapping[tuple[int, int], CellValue]:
        """Give the cells of a tab that formulas spill into, without the formulas' own cells, by (row, column)."""
        return self.covered.get(title, {})
