"""Which formula reads which cells, and the order in which to work formulas out.

What must be worked out again is found by columns, which is coarse and quick; the order by cells, which is
exact.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from sheets_crm.emulator.formulas.columns import Column
from sheets_crm.emulator.formulas.values import Area

__all__ = ["Cell", "Graph"]

_ORDERS = 16

#: A cell: title, row, column.
Cell: TypeAlias = tuple[str, int, int]


class Graph:
    """The formulas of a workbook and what each of them reads."""

    def __init__(self) -> None:
        self.reads: dict[Cell, tuple[Area, ...]] = {}
        self.spans: dict[Cell, Area] = {}
        self._readers: dict[Column, set[Cell]] = defaultdict(set)
        self._anywhere: set[Cell] = set()
        self._tabs: dict[str, set[str]] = {}
        self._rows: dict[str, dict[int, list[int]]] = {}
        self._orders: dict[object, tuple[list[Cell], set[Cell]]] = {}

    def add(self, cell: Cell, areas: Sequence[Area], *, anywhere: bool = False) -> None:
        """Note a formula and the areas that it reads; ``anywhere``: it may read others too, of any tab."""
        self.reads[cell] = tuple(areas)
        if anywhere:
            self._anywhere.add(cell)
        for column in _columns(areas):
            self._readers[column].add(cell)
        self._rows.clear()
        self._tabs.clear()
        self._orders.clear()

    def remove(self, cell: Cell) -> None:
        """Forget a formula."""
        for column in _columns(self.reads.pop(cell, ())):
            self._readers[column].discard(cell)
        self.spans.pop(cell, None)
        self._anywhere.discard(cell)
        self._rows.clear()
        self._tabs.clear()
        self._orders.clear()

    def watched(self) -> set[Column]:
        """The columns whose literal cells matter: those that are read, and those that spills want to fill."""
        read = {column for column, cells in self._readers.items() if cells}
        return read | set(_columns(self.spans.values()))

    def readers_of_column(self, column: Column) -> set[Cell]:
        """The formulas that read of a column, or want to spill into it."""
        spilling = {cell for cell, span in self.spans.items() if _touches(span, column)}
        return self._readers.get(column, set()) | spilling

    def closure(self, seeds: Iterable[Cell]) -> set[Cell]:
        """Formulas and all that read, directly or not, a column in which one of them gives values."""
        found = set(seeds)
        waiting, seen = list(found), set[Column]()
        while waiting:
            cell = waiting.pop()
            given = {(cell[0], cell[2])}
            if cell in self.spans:
                given.update(_columns([self.spans[cell]]))
            for column in given - seen:
                seen.add(column)
                fresh = self._readers.get(column, set()) - found
                found |= fresh
                waiting.extend(fresh)
        return found

    def precedent_tabs(self, title: str) -> set[str] | None:
        """A tab and those that its formulas read, directly or through one another; `None` for all tabs."""
        read = self._tabs_read()
        found = {title}
        waiting = list(found)
        while waiting:
            fresh = read.get(waiting.pop(), set()) - found
            found |= fresh
            waiting.extend(fresh)
        return None if any(cell[0] in found for cell in self._anywhere) else found

    def _tabs_read(self) -> dict[str, set[str]]:
        """The tabs that each tab's formulas read."""
        if not self._tabs:
            for (title, _, _), areas in self.reads.items():
                self._tabs.setdefault(title, set()).update(area.title for area in areas)
        return self._tabs

    def with_precedents(self, wanted: Iterable[Cell], cells: set[Cell]) -> set[Cell]:
        """Formulas and those of some cells that they read, directly or through one another."""
        found = set(wanted)
        waiting = list(found)
        while waiting:
            fresh = {cell for cell, _ in self._precedents(waiting.pop(), cells)} - found
            found |= fresh
            waiting.extend(fresh)
        return found

    def order(self, cells: set[Cell], last: set[Cell]) -> tuple[list[Cell], set[Cell]]:
        """Order formulas so that each comes after those it reads; also give those that read themselves.

        The latest orders are kept: the same few columns change again and again.

        Args:
            cells: The formulas to order.
            last: Those of which what they read is unknown; they come after all that do not read them.
        """
        asked = (frozenset(cells), frozenset(last), frozenset(self.spans.items()))
        if asked not in self._orders:
            if len(self._orders) >= _ORDERS:
                self._orders.clear()
            self._orders[asked] = self._ordered(cells, last)
        return self._orders[asked]

    def _ordered(self, cells: set[Cell], last: set[Cell]) -> tuple[list[Cell], set[Cell]]:
        done: list[Cell] = []
        circular: set[Cell] = set()
        state: dict[Cell, int] = {}
        first = sorted(cells - last, key=lambda cell: (cell not in self.spans, cell))
        for start in [*first, *sorted(cells & last)]:
            self._visit(start, cells, state, done, circular)
        return done, circular

    def _visit(
        self, start: Cell, cells: set[Cell], state: dict[Cell, int], done: list[Cell], circular: set[Cell]
    ) -> None:
        """Walk the formulas below one, without recursion: chains may be thousands long.

        A way that leads over the cells of a spill is no circle: the next spill may cover others.
        """
        if start in state:
            return
        path, sure, rests = [start], [True], [iter(self._precedents(start, cells))]
        state[start] = 1
        while path:
            following, own_cell = next(rests[-1], (None, False))
            if following is None:
                rests.pop()
                sure.pop()
                done.append(path.pop())
                state[done[-1]] = 2
            elif state.get(following) == 1:
                place = path.index(following)
                if own_cell and all(sure[place + 1 :]):
                    circular.update(path[place:])
            elif following not in state:
                state[following] = 1
                path.append(following)
                sure.append(own_cell)
                rests.append(iter(self._precedents(following, cells)))

    def _precedents(self, cell: Cell, cells: set[Cell]) -> list[tuple[Cell, bool]]:
        """The formulas that one reads, and whether it reads their own cell or one that they spilled into."""
        found: list[tuple[Cell, bool]] = []
        for area in self.reads[cell]:
            found.extend((other, True) for other in self._formulas_in(area) if other in cells)
            found.extend(
                (other, False)
                for other, span in self.spans.items()
                if other in cells and other != cell and overlap(span, area)
            )
        return found

    def _formulas_in(self, area: Area) -> Iterable[Cell]:
        columns = self._formula_rows().get(area.title, {})
        for column, rows in columns.items():
            if area.left <= column <= area.right:
                for row in rows[bisect_left(rows, area.top) : bisect_left(rows, area.bottom + 1)]:
                    yield (area.title, row, column)

    def _formula_rows(self) -> dict[str, dict[int, list[int]]]:
        if not self._rows:
            for title, row, column in sorted(self.reads):
                self._rows.setdefault(title, {}).setdefault(column, []).append(row)
        return self._rows


def overlap(first: Area, second: Area) -> bool:
    """Whether two areas share a cell."""
    return (
        first.title == second.title
        and first.top <= second.bottom
        and second.top <= first.bottom
        and first.left <= second.right
        and second.left <= first.right
    )


def _touches(area: Area, column: Column) -> bool:
    return area.title == column[0] and area.left <= column[1] <= area.right


def _columns(areas: Iterable[Area]) -> list[Column]:
    return [(area.title, column) for area in areas for column in range(area.left, area.right + 1)]
