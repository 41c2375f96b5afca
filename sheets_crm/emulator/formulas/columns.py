"""The workbook's cells as formulas read them: literal columns kept as blocks, computed cells laid over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.number_formats import NumberFormat
from sheets_crm.emulator.formulas.stacking import beside
from sheets_crm.emulator.formulas.values import BLANK, Area, Block, column_block
from sheets_crm.emulator.formulas.view import TabView

__all__ = ["Columns"]

_SMALL = 64
_TABLES = 16

Column: TypeAlias = tuple[str, int]


@dataclass(slots=True)
class _Kept:
    """A column's blocks: the literal cells of one version, and slices of what formulas see of it."""

    version: tuple[int, int] = (-1, -1)
    literals: Block | None = None
    slices: dict[tuple[int, int], Block] = field(default_factory=dict)


class Columns:
    """A `CellSource` over the tabs' literal columns and the computed cells.

    A column's block is built when a range over it is first read, and dropped when the column's version
    changes or another value is computed in it.
    """

    def __init__(self) -> None:
        self._tabs: dict[str, TabView] = {}
        self._folded: dict[str, str] = {}
        self._kept: dict[Column, _Kept] = {}
        self._tables: dict[Area, tuple[list[Block], Block]] = {}
        self._computed: dict[Column, dict[int, CellValue]] = {}
        self._formulas: dict[str, Mapping[tuple[int, int], str]] = {}

    def look(self, tabs: Sequence[TabView], formulas: dict[str, Mapping[tuple[int, int], str]]) -> None:
        """Read from these tabs from now on."""
        self._tabs = {tab.title: tab for tab in tabs}
        self._folded = {tab.title.lower(): tab.title for tab in tabs}
        self._formulas = formulas
        for column in [column for column in self._kept if column[0] not in self._tabs]:
            del self._kept[column]

    def titles(self) -> list[str]:
        """Give the tabs' names in order."""
        return list(self._tabs)

    def known_title(self, title: str) -> str | None:
        """Give a tab's name as the workbook spells it."""
        return title if title in self._tabs else self._folded.get(title.lower())

    def size(self, title: str) -> tuple[int, int] | None:
        """Give a tab's rows and columns."""
        tab = self._tabs.get(title)
        return None if tab is None else (tab.row_count, tab.column_count)

    def formula(self, title: str, row: int, column: int) -> str | None:
        """Give the text of a cell's formula."""
        return self._formulas.get(title, {}).get((row, column))

    def hidden_rows(self, title: str) -> tuple[frozenset[int], frozenset[int]]:
        """Give the rows that a filter hides, and those that a person hides."""
        return self._tabs[title].hidden_rows()

    def version(self, column: Column) -> int:
        """Give the version of a column's literal cells; -1 when there is no such column."""
        tab = self._tabs.get(column[0])
        return -1 if tab is None or column[1] >= tab.column_count else tab.column_version(column[1])

    def cell(self, title: str, row: int, column: int) -> CellValue:
        """Give one cell."""
        computed = self._computed.get((title, column))
        if computed is not None and row in computed:
            return computed[row]
        tab = self._tabs[title]
        value = tab.column(column).get(row) if column < tab.column_count else None
        return float(value) if type(value) is int else value

    def literal(self, title: str, row: int, column: int) -> CellValue:
        """Give one cell's literal value, whatever is computed there."""
        return self._tabs[title].column(column).get(row)

    def number_format(self, title: str, row: int, column: int) -> NumberFormat | None:
        """Give the number format that a cell was given."""
        tab = self._tabs.get(title)
        return None if tab is None else tab.number_format(row, column)

    def compute(self, title: str, row: int, column: int, value: CellValue) -> None:
        """Lay a computed value over a cell."""
        self._computed.setdefault((title, column), {})[row] = value
        self._forget(title, column)

    def uncompute(self, title: str, row: int, column: int) -> None:
        """Take a computed value away."""
        self._computed.get((title, column), {}).pop(row, None)
        self._forget(title, column)

    def clear_computed(self) -> None:
        """Take all computed values away."""
        self._computed.clear()
        self._kept.clear()
        self._tables.clear()

    def forget(self, column: Column) -> None:
        """Drop what is kept of a column."""
        self._kept.pop(column, None)

    def _forget(self, title: str, column: int) -> None:
        kept = self._kept.get((title, column))
        if kept is not None:
            kept.slices.clear()

    def block(self, area: Area) -> Block:
        """Give the values of an area."""
        if self.outside(area):
            return Block.blank(area.rows, area.columns)
        if area.rows * area.columns <= _SMALL:
            return self._small(area)
        parts = [self._slice(area, column) for column in range(area.left, area.right + 1)]
        return parts[0] if len(parts) == 1 else self._beside(area, parts)

    def outside(self, area: Area) -> bool:
        """Whether an area lies past the grid; Google reads blank cells there (A)."""
        tab = self._tabs[area.title]
        return area.top >= tab.row_count or area.left >= tab.column_count

    def _beside(self, area: Area, parts: list[Block]) -> Block:
        """Put columns beside one another; the latest such blocks are kept, for lookups that come again and again."""
        known = self._tables.get(area)
        if known is not None and all(was is part for was, part in zip(known[0], parts, strict=True)):
            return known[1]
        if len(self._tables) >= _TABLES:
            self._tables.clear()
        whole = beside(parts)
        self._tables[area] = (parts, whole)
        return whole

    def _small(self, area: Area) -> Block:
        rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
        return Block.from_grid([[self.cell(area.title, row, column) for column in columns] for row in rows])

    def _slice(self, area: Area, column: int) -> Block:
        kept = self._fresh(area.title, column)
        rows = (area.top, area.bottom)
        known = kept.slices.get(rows)
        if known is None:
            known = kept.slices[rows] = self._whole(kept, area.title, column).pick(
                slice(area.top, area.bottom + 1)
            )
        return known

    def _fresh(self, title: str, column: int) -> _Kept:
        tab = self._tabs[title]
        kept = self._kept.setdefault((title, column), _Kept())
        version = (tab.column_version(column), tab.row_count)
        if kept.version != version:
            kept.version, kept.literals = version, None
            kept.slices.clear()
        return kept

    def _whole(self, kept: _Kept, title: str, column: int) -> Block:
        tab = self._tabs[title]
        if kept.literals is None:
            kept.literals = column_block(tab.column(column), tab.row_count)
        computed = self._computed.get((title, column))
        return _overlaid(kept.literals, computed) if computed else kept.literals

    def filled(self, area: Area) -> int:
        """Count the cells of an area that are not blank."""
        if self.outside(area):
            return 0
        return sum(self._filled(area, column) for column in range(area.left, area.right + 1))

    def _filled(self, area: Area, column: int) -> int:
        cells = self._tabs[area.title].column(column)
        computed = self._computed.get((area.title, column), {})
        if not cells and not computed:
            return 0
        if not computed and area.top == 0 and area.bottom + 1 == self._tabs[area.title].row_count:
            return len(cells)
        if area.rows <= _SMALL:
            rows = range(area.top, area.bottom + 1)
            return sum((computed[row] if row in computed else cells.get(row)) is not None for row in rows)
        return int(np.count_nonzero(self._slice(area, column).kinds != BLANK))


def _overlaid(block: Block, computed: Mapping[int, CellValue]) -> Block:
    rows = sorted(row for row in computed if row < block.rows)
    patch = Block.from_values([computed[row] for row in rows], len(rows), 1)
    kinds, numbers = block.kinds.copy(), block.numbers.copy()
    kinds[rows], numbers[rows] = patch.kinds, patch.numbers
    if block.objects is None and patch.objects is None:
        return Block(kinds, numbers)
    objects = np.empty(kinds.shape, dtype=object) if block.objects is None else block.objects.copy()
    objects[rows] = None if patch.objects is None else patch.objects
    return Block(kinds, numbers, objects)
