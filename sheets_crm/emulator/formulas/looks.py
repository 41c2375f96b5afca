"""How formulas' results look in cells of automatic format: the number format and the link that they carry.

Worked out only where somebody reads what cells show, beside the values and after them: a formula is walked again, and
each part says how it would show. Values decide where a formula chooses (IF, VLOOKUP, INDEX).
"""

import logging
from collections.abc import Callable, Mapping

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.evaluator import Evaluation
from sheets_crm.emulator.formulas.graph import Cell
from sheets_crm.emulator.formulas.look_walk import LookWalk, has_uniform_columns
from sheets_crm.emulator.formulas.nodes import Call, Node
from sheets_crm.emulator.formulas.number_formats import OF_ANY_VALUE, NumberFormat, settled

__all__ = ["Looks"]

_log = logging.getLogger(__name__)


class Looks:
    """The looks of one workbook's results.

    Args:
        nodes: Each formula's cell, parsed.
        owners: The formula's cell of each cell that is spilled into.
        evaluation: Works out a formula's parts in its cell.
        own_format: The number format that a cell was given, if any.
    """

    def __init__(
        self,
        nodes: Mapping[Cell, Node],
        owners: Mapping[Cell, Cell],
        evaluation: Callable[[Cell], Evaluation],
        own_format: Callable[[str, int, int], NumberFormat | None],
    ) -> None:
        self._nodes = nodes
        self._owners = owners
        self._evaluation = evaluation
        self._own_format = own_format
        self._formats: dict[Cell, NumberFormat | None] = {}
        self._columns: dict[tuple[Cell, int], NumberFormat | None] = {}

    def number_format(self, cell: Cell, value: CellValue) -> NumberFormat | None:
        """Give the format in which a formula's cell, or one that is spilled into, shows its value."""
        if isinstance(value, str | bool):
            node = self._nodes.get(cell)
            whole = isinstance(node, Call) and node.function in OF_ANY_VALUE
            return self.shown_format(cell) if whole else None
        if not isinstance(value, float | int):
            return None
        return settled(self.shown_format(cell), value)

    def link(self, cell: Cell) -> str | None:
        """Give the address that a formula's cell links to."""
        node = self._nodes.get(cell)
        return None if node is None else self._walk(cell).link(node)

    def shown_format(self, cell: Cell) -> NumberFormat | None:
        """Give the format of any cell: its own, or the one that its formula implies."""
        own = self._own_format(*cell)
        if own is not None:
            return None if own.get("type") == "TEXT" else own
        if cell not in self._formats:
            self._formats[cell] = None  # a formula that comes back to itself implies nothing
            self._formats[cell] = self._implied(cell)
        return self._formats[cell]

    def _implied(self, cell: Cell) -> NumberFormat | None:
        anchor = cell if cell in self._nodes else self._owners.get(cell)
        if anchor is None:
            return None
        down, right = cell[1] - anchor[1], cell[2] - anchor[2]
        if not has_uniform_columns(self._nodes[anchor]):
            return self._walked(anchor, down, right)
        if (anchor, right) not in self._columns:  # one look for a spilled column, however long
            self._columns[anchor, right] = self._walked(anchor, 0, right)
        return self._columns[anchor, right]

    def _walked(self, anchor: Cell, down: int, right: int) -> NumberFormat | None:
        try:
            return self._walk(anchor).look(self._nodes[anchor], down, right)
        except Exception:  # noqa: BLE001 - how one formula looks must not keep anybody from its value
            _log.exception("no look for the formula at %s!R%dC%d", anchor[0], anchor[1] + 1, anchor[2] + 1)
            return None

    def _walk(self, cell: Cell) -> LookWalk:
        return LookWalk(self._evaluation(cell), self.shown_format)
