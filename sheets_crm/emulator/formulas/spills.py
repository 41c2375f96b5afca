"""Lay formulas' results over the grid: a block spills to the right and down, where nothing stands in its way."""

from dataclasses import dataclass, field

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.a1 import column_letters
from sheets_crm.emulator.formulas.columns import Columns
from sheets_crm.emulator.formulas.graph import Cell
from sheets_crm.emulator.formulas.values import Area, Block

__all__ = ["Spills"]


@dataclass
class Spills:
    """What each formula gave, and which cells its spill covers.

    Attributes:
        columns: Where values are laid.
        values: Each formula's own value.
        spilled: Each covered cell's value, by formula.
        owners: Which formula covers a cell.
    """

    columns: Columns
    values: dict[Cell, CellValue] = field(default_factory=dict)
    spilled: dict[Cell, dict[Cell, CellValue]] = field(default_factory=dict)
    owners: dict[Cell, Cell] = field(default_factory=dict)

    def lay(self, cell: Cell, result: CellValue | Block) -> tuple[Area | None, bool]:
        """Lay a result over its cells.

        Returns:
            The area that the result wanted, `None` for one cell; and whether any covered cell changed.
        """
        if not isinstance(result, Block):
            changed = self._uncover(cell)
            self._put(cell, result)
            return None, bool(changed)
        title, row, column = cell
        area = Area(title, row, column, row + result.rows - 1, column + result.columns - 1)
        problem = self._obstacle(cell, area)
        before = self._uncover(cell)
        if problem is not None:
            self._put(cell, problem)
            return self._clipped(area), bool(before)
        covered = self._cover(cell, result)
        self._put(cell, result.at(0, 0))
        return area, covered != before

    def remove(self, cell: Cell) -> None:
        """Take a formula's values away."""
        self._uncover(cell)
        self.values.pop(cell, None)
        self.columns.uncompute(*cell)

    def clear(self) -> None:
        """Take everything away."""
        self.values.clear()
        self.spilled.clear()
        self.owners.clear()
        self.columns.clear_computed()

    def _put(self, cell: Cell, value: CellValue) -> None:
        self.values[cell] = value
        self.columns.compute(*cell, value)

    def _uncover(self, cell: Cell) -> dict[Cell, CellValue]:
        covered = self.spilled.pop(cell, {})
        for place in covered:
            del self.owners[place]
            self.columns.uncompute(*place)
        return covered

    def _cover(self, cell: Cell, block: Block) -> dict[Cell, CellValue]:
        title, top, left = cell
        covered: dict[Cell, CellValue] = {}
        for down, line in enumerate(block.grid()):
            for right, value in enumerate(line):
                covered[title, top + down, left + right] = value
        del covered[cell]
        for place, value in covered.items():
            self.owners[place] = cell
            self.columns.compute(*place, value)
        if covered:
            self.spilled[cell] = covered
        return covered

    def _clipped(self, area: Area) -> Area:
        rows, columns = self.columns.size(area.title) or (1, 1)
        return Area(area.title, area.top, area.left, min(area.bottom, rows - 1), min(area.right, columns - 1))

    def _obstacle(self, cell: Cell, area: Area) -> ErrorValue | None:
        rows, columns = self.columns.size(area.title) or (0, 0)
        if area.bottom >= rows or area.right >= columns:
            what, count = (
                ("rows", area.bottom - rows + 1) if area.bottom >= rows else ("columns", area.right - columns + 1)
            )
            return ErrorValue(
                "#REF!", f"Result was not automatically expanded, please insert more {what} ({count})."
            )
        for column in range(area.left, area.right + 1):
            for row in range(area.top, area.bottom + 1):
                if (row, column) != cell[1:] and self._taken(cell, (area.title, row, column)):
                    place = f"{column_letters(column)}{row + 1}"
                    # Two blanks stand before the cell (A).
                    return ErrorValue(
                        "#REF!", f"Array result was not expanded because it would overwrite data in  {place}."
                    )
        return None

    def _taken(self, cell: Cell, place: Cell) -> bool:
        if self.owners.get(place, cell) != cell or self.columns.formula(*place) is not None:
            return True
        return self.columns.literal(*place) is not None
