"""How formulas' results look in cells of automatic format: the number format and the link that they carry.

Worked out only where somebody reads what cells show, beside the values and after them: a formula is walked again, and
each part says how it would show. Values decide where a formula chooses (IF, VLOOKUP, INDEX).
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.evaluator import Evaluation
from sheets_crm.emulator.formulas.graph import Cell
from sheets_crm.emulator.formulas.look_walk import LookWalk, has_uniform_columns
from sheets_crm.emulator.formulas.nodes import Call, Node
from sheets_crm.emulator.formulas.number_formats import OF_ANY_VALUE, NumberFormat, settled
from sheets_crm.emulator.formulas.values import Area

__all__ = ["Looks"]

_log = logging.getLogger(__name__)


class _Needs(Exception):  # noqa: N818 - asks for another cell's format first; no error
    """A formula refers to a formula whose format is not yet known."""

    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self.cell = cell


class Looks:
    """The looks of one workbook's results, each worked out once.

    Args:
        node_of: Gives the parsed formula of a cell that has one.
        owners: The formula's cell of each cell that is spilled into.
        evaluation: Works out a formula's parts in its cell.
        own_format: The number format that a cell was given, if any.
    """

    def __init__(
        self,
        node_of: Callable[[Cell], Node | None],
        owners: Mapping[Cell, Cell],
        evaluation: Callable[[Cell], Evaluation],
        own_format: Callable[[str, int, int], NumberFormat | None],
    ) -> None:
        self._node_of = node_of
        self._owners = owners
        self._evaluation = evaluation
        self._own_format = own_format
        self._formats: dict[Cell, NumberFormat | None] = {}
        self._columns: dict[tuple[Cell, int], NumberFormat | None] = {}
        self._walks: dict[Cell, LookWalk] = {}
        self._areas: dict[Area, NumberFormat | None] = {}
        self._resolving = False

    def number_format(self, cell: Cell, value: CellValue) -> NumberFormat | None:
        """Give the format in which a formula's cell, or one that is spilled into, shows its value."""
        if isinstance(value, str | bool):
            node = self._node_of(cell)
            whole = isinstance(node, Call) and node.function in OF_ANY_VALUE
            return self.shown_format(cell) if whole else None
        if not isinstance(value, float | int):
            return None
        return settled(self.shown_format(cell), value)

    def link(self, cell: Cell) -> str | None:
        """Give the address that a formula's cell links to."""
        node = self._node_of(cell)
        return None if node is None else self.walk(cell).link(node)

    def drawing(self, cell: Cell) -> dict[str, Any] | None:
        """Give what a formula's cell draws in place of a value."""
        node = self._node_of(cell)
        return None if node is None else self.walk(cell).drawing(node)

    def walk(self, cell: Cell) -> LookWalk:
        """Give what walks a formula; it remembers the values of the formula's parts."""
        if cell not in self._walks:
            self._walks[cell] = LookWalk(self._evaluation(cell), self.shown_format, self._areas)
        return self._walks[cell]

    def shown_format(self, cell: Cell) -> NumberFormat | None:
        """Give the format of any cell: its own, or the one that its formula implies."""
        own = self._own_format(*cell)
        if own is not None:
            return None if own.get("type") == "TEXT" else own
        if cell in self._formats:
            return self._formats[cell]
        if self._node_of(cell) is None and cell not in self._owners:
            return None
        if self._resolving:
            raise _Needs(cell)
        self._resolve(cell)
        return self._formats[cell]

    def _resolve(self, wanted: Cell) -> None:
        """Work out formats in the order in which they need each other: chains may be longer than Python's stack."""
        waiting = {wanted: None}  # in order, the last one first
        self._resolving = True
        try:
            while waiting:
                cell = next(reversed(waiting))
                try:
                    self._formats[cell] = self._implied(cell)
                except _Needs as need:
                    if need.cell in waiting:
                        self._formats[need.cell] = None  # formulas that need each other imply nothing
                    waiting[need.cell] = None
                else:
                    del waiting[cell]
        finally:
            self._resolving = False

    def _implied(self, cell: Cell) -> NumberFormat | None:
        anchor = self._owners.get(cell, cell)
        node = self._node_of(anchor)
        if node is None:
            return None
        down, right = cell[1] - anchor[1], cell[2] - anchor[2]
        if not has_uniform_columns(node):
            return self._walked(anchor, node, down, right)
        if (anchor, right) not in self._columns:  # one look for a spilled column, however long
            self._columns[anchor, right] = self._walked(anchor, node, 0, right)
        return self._columns[anchor, right]

    def _walked(self, anchor: Cell, node: Node, down: int, right: int) -> NumberFormat | None:
        try:
            return self.walk(anchor).look(node, down, right)
        except _Needs:
            raise
        except Exception:  # noqa: BLE001 - how one formula looks must not keep anybody from its value
            _log.exception("no look for the formula at %s!R%dC%d", anchor[0], anchor[1] + 1, anchor[2] + 1)
            return None
