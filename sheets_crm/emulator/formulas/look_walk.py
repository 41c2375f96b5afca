"""Walks a formula's parts and says in which number format each shows, where it links to, and what it draws."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sheets_crm.emulator.formulas.evaluator import Evaluation
from sheets_crm.emulator.formulas.graph import Cell
from sheets_crm.emulator.formulas.library.sparklines import drawing
from sheets_crm.emulator.formulas.look_parts import PartValues
from sheets_crm.emulator.formulas.nodes import ArrayNode, Call, Infix, Name, Node, Prefix, RangeNode
from sheets_crm.emulator.formulas.number_formats import NumberFormat, combined, led, of_function
from sheets_crm.emulator.formulas.values import NUMBER, Area, Failure

__all__ = ["LookWalk", "has_uniform_columns"]

#: Functions that show as the numbers they are worked out from: by the place of that argument.
_FROM_NUMBERS = {
    "SUM": 0,
    "AVERAGE": 0,
    "MAX": 0,
    "MIN": 0,
    "MEDIAN": 0,
    "MODE": 0,
    "MODE.SNGL": 0,
    "LARGE": 0,
    "SMALL": 0,
    "PERCENTILE": 0,
    "PERCENTILE.INC": 0,
    "PERCENTILE.EXC": 0,
    "QUARTILE": 0,
    "QUARTILE.INC": 0,
    "QUARTILE.EXC": 0,
    "STDEV": 0,
    "STDEV.S": 0,
    "STDEV.P": 0,
    "STDEVP": 0,
    "MAXA": 0,
    "MINA": 0,
    "AVERAGEA": 0,
    "SUMIFS": 0,
    "AVERAGEIFS": 0,
    "MAXIFS": 0,
    "MINIFS": 0,
    "TRIMMEAN": 0,
    "FLATTEN": 0,
    "TOCOL": 0,
    "TOROW": 0,
    "SUMPRODUCT": 0,
    "SUBTOTAL": 1,
}
#: Functions that show as their first argument does, cell by cell.
_LIKE_FIRST = {
    "ARRAYFORMULA",
    "ABS",
    "ROUND",
    "ROUNDUP",
    "ROUNDDOWN",
    "CEILING",
    "CEILING.MATH",
    "FLOOR",
    "FLOOR.MATH",
    "MROUND",
    "TRUNC",
    "INT",
    "MOD",
    "EVEN",
    "ODD",
    "N",
    "UPLUS",
    "UMINUS",
}
#: Functions whose columns are columns of their first argument, with other rows.
_ROWS_OF_FIRST = {"FILTER", "SORT", "SORTN", "UNIQUE", "QUERY", "TAKE", "DROP", "ARRAY_CONSTRAIN", "CHOOSEROWS"}
_OPERATORS = {"ADD": "+", "MINUS": "-", "MULTIPLY": "*", "DIVIDE": "/"}
#: Functions that take one of their arguments.
_CHOOSING = {"IF", "IFERROR", "IFNA", "IFS", "SWITCH", "CHOOSE"}
#: Numbers of a range whose formats are looked at, and rows that are searched for them at once.
_LOOKED_AT = 50
_AT_ONCE = 512


def has_uniform_columns(node: Node) -> bool:
    """Whether each column of a formula's spill shows alike, however long it is."""
    return isinstance(node, Call) and node.function in _ROWS_OF_FIRST


class LookWalk(PartValues):
    """Walks one formula; `down` and `right` say which cell of a part's result is meant.

    Args:
        evaluation: Works out the formula's parts in its cell.
        shown_format: Gives the number format of any cell of the workbook.
        areas: Formats of whole areas that were worked out before; kept for other formulas too.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        shown_format: Callable[[Cell], NumberFormat | None],
        areas: dict[Area, NumberFormat | None],
    ) -> None:
        super().__init__(evaluation)
        self._shown_format = shown_format
        self._areas = areas

    # -- links ------------------------------------------------------------------------------------------------------

    def link(self, node: Node) -> str | None:
        """Give the address of the HYPERLINK that a formula comes to."""
        if not isinstance(node, Call):
            return None
        if node.function == "HYPERLINK" and node.arguments:
            address = self.cell(node.arguments[0])
            return address if isinstance(address, str) and address else None
        if node.function in _CHOOSING:
            chosen = self.chosen(node, 0, 0)
            return None if chosen is None else self.link(chosen)
        return self.link(node.arguments[0]) if node.function == "ARRAYFORMULA" and node.arguments else None

    def drawing(self, node: Node) -> dict[str, Any] | None:
        """Give what the SPARKLINE that a formula comes to draws."""
        if not isinstance(node, Call):
            return None
        if node.function == "SPARKLINE":
            values = [value for one in node.arguments if not isinstance(value := self.value(one), Failure)]
            if len(values) < len(node.arguments):
                return None
            data, *options = map(self.evaluation.block, values)
            return drawing(data, options[0] if options else None)
        chosen = self.chosen(node, 0, 0) if node.function in _CHOOSING else None
        return None if chosen is None else self.drawing(chosen)

    # -- number formats ---------------------------------------------------------------------------------------------

    def look(self, node: Node, down: int = 0, right: int = 0) -> NumberFormat | None:
        """Give the format of a cell of what a part comes to."""
        match node:
            case RangeNode() | Name():
                return self._referred(node, down, right)
            case Prefix(operator=operator, operand=operand):
                return None if operator == "%" else self.look(operand, down, right)
            case Infix(operator=operator, left=first, right=second):
                return combined(operator, self.look(first, down, right), self.look(second, down, right))
            case ArrayNode(rows=rows):
                return self._stacked([list(row) for row in rows], down, right)
            case Call():
                with self.arrays_of(node.function):
                    return self._called(node, down, right)
            case _:
                return None

    def _referred(self, node: RangeNode | Name, down: int, right: int) -> NumberFormat | None:
        if isinstance(node, Name) and node.name.lower() in self.bound:
            return self.look(self.bound[node.name.lower()], down, right)
        area = self.area(node)
        if area is None:
            return None
        row, column = area.top + min(down, area.rows - 1), area.left + min(right, area.columns - 1)
        if not self.evaluation.arrays and not area.single:  # the cell in the formula's own row or column
            row = self.evaluation.row if area.columns == 1 else row
            column = self.evaluation.column if area.rows == 1 else column
        return self._shown_format((area.title, row, column))

    def _numbers(self, node: Node, column: int | None = None) -> NumberFormat | None:
        """Give the format that the numbers of a part have together; of one of its columns only, if asked."""
        area = self.area(node)
        if area is None:
            return self.look(node, 0, column or 0)
        if column is not None:
            place = min(area.left + column, area.right)
            area = Area(area.title, area.top, place, area.bottom, place)
        if area not in self._areas:
            self._areas[area] = led(self._shown_format(cell) for cell in self._first_numbers(area))
        return self._areas[area]

    def _first_numbers(self, area: Area) -> list[Cell]:
        """Find the first numbers of an area, without a look at all of a long column."""
        kinds = self.evaluation.source.block(area).kinds
        numbers: list[Cell] = []
        for start in range(0, area.rows, _AT_ONCE):
            places = np.argwhere(kinds[start : start + _AT_ONCE] == NUMBER)[: _LOOKED_AT - len(numbers)].tolist()
            numbers += [(area.title, area.top + start + row, area.left + right) for row, right in places]
            if len(numbers) >= _LOOKED_AT:
                break
        return numbers

    def _called(self, call: Call, down: int, right: int) -> NumberFormat | None:
        name, arguments = call.function, call.arguments
        own = of_function(name, self.evaluation.language)
        if own is not None or not arguments:
            return own
        if name in _FROM_NUMBERS:
            numbers = arguments[_FROM_NUMBERS[name] :][: 1 if name.endswith("IFS") else None]
            return led(self._numbers(argument) for argument in numbers)
        if name in ("SUMIF", "AVERAGEIF"):
            return self._numbers(arguments[2] if len(arguments) > 2 else arguments[0])
        if name in _LIKE_FIRST:
            return self.look(arguments[0], down, right)
        if name in _ROWS_OF_FIRST:
            return self._numbers(arguments[0], right)
        if name in _OPERATORS and len(arguments) == 2:
            sides = [self.look(argument, down, right) for argument in arguments]
            return combined(_OPERATORS[name], *sides)
        if name == "LET":
            with self.let(call) as result:
                return self.look(result, down, right)
        if name in _CHOOSING:
            chosen = self.chosen(call, down, right)
            return None if chosen is None else self.look(chosen, down, right)
        return self._looked_up(call, down, right)

    def _looked_up(self, call: Call, down: int, right: int) -> NumberFormat | None:
        arguments = call.arguments
        match call.function:
            case "VLOOKUP" if len(arguments) > 2:
                return self._numbers(arguments[1], self.number(arguments[2], 1) - 1)
            case "XLOOKUP" if len(arguments) > 2:
                return self._numbers(arguments[2], right)
            case "LOOKUP" | "HLOOKUP" if len(arguments) > 1:
                return self._numbers(arguments[1 if call.function == "HLOOKUP" else -1])
            case "INDEX" | "OFFSET" | "INDIRECT":
                return self._picked(call, down, right)
            case "TRANSPOSE":
                return self.look(arguments[0], right, down)
            case "HSTACK":
                return self._stacked([list(arguments)], down, right)
            case "VSTACK":
                return self._stacked([[argument] for argument in arguments], down, right)
            case "CHOOSECOLS" if right + 1 < len(arguments):
                return self._numbers(arguments[0], self.number(arguments[right + 1], 1) - 1)
            case _:
                return None

    def _picked(self, call: Call, down: int, right: int) -> NumberFormat | None:
        """Give the format of the cell that INDEX picks, or that OFFSET and INDIRECT refer to."""
        if call.function != "INDEX":
            area = self.area(call)
            return None if area is None else self._shown_format((area.title, area.top + down, area.left + right))
        wanted, area = call.arguments[0], self.area(call.arguments[0])
        row = self.number(call.arguments[1], 0) if len(call.arguments) > 1 else 0
        column = self.number(call.arguments[2], 0) if len(call.arguments) > 2 else 0
        if area is not None and area.rows == 1 and len(call.arguments) == 2:
            row, column = 0, row
        if area is None or row == 0:
            return self._numbers(wanted, max(column - 1, 0) if column else right)
        return self._shown_format((area.title, area.top + row - 1, area.left + (column - 1 if column else right)))

    def _stacked(self, rows: list[list[Node]], down: int, right: int) -> NumberFormat | None:
        """Give the format of a cell of parts that stand beside and below one another."""
        for parts in rows:
            height = max(self.size(part)[0] for part in parts)
            if down >= height:
                down -= height
                continue
            for part in parts:
                width = self.size(part)[1]
                if right < width:
                    area = self.area(part)
                    if area is not None:
                        return self._shown_format((area.title, area.top + down, area.left + right))
                    return self.look(part, down, right)
                right -= width
        return None
