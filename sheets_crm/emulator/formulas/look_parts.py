"""The parts of one formula, worked out again to see what it chooses and what it refers to."""

from collections.abc import Iterator
from contextlib import contextmanager

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool
from sheets_crm.emulator.formulas.evaluator import Evaluation
from sheets_crm.emulator.formulas.nodes import Call, Name, Node, RangeNode, descendants
from sheets_crm.emulator.formulas.registry import FUNCTIONS
from sheets_crm.emulator.formulas.values import Area, Block, Failure, Refusal, Value

__all__ = ["PartValues"]

_CHANCE = {"RAND", "RANDBETWEEN", "RANDARRAY"}


class PartValues:
    """Values of a formula's parts; a part that cannot be worked out has none.

    Attributes:
        evaluation: Works parts out in the formula's cell.
        bound: What the names that LET binds stand for.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.bound: dict[str, Node] = {}
        self._values: dict[tuple[int, bool], Value | Failure | None] = {}
        self._blocks: dict[tuple[int, bool], Block] = {}
        self._by_chance: dict[int, bool] = {}

    def value(self, node: Node) -> Value | Failure | None:
        """Work a part out, once; the failure that it comes to, and `None` where it cannot be worked out here."""
        key = (id(node), self.evaluation.arrays)  # the formula keeps its parts alive
        if key not in self._values:
            self._values[key] = self._worked_out(node)
        return self._values[key]

    def _worked_out(self, node: Node) -> Value | Failure | None:
        try:
            return self.evaluation.evaluate(node)
        except Failure as failure:
            return failure
        except (Refusal, RecursionError):
            return None

    def _block(self, node: Node, area: Area) -> Block:
        key = (id(node), self.evaluation.arrays)
        if key not in self._blocks:
            self._blocks[key] = self.evaluation.block(area)
        return self._blocks[key]

    def cell(self, node: Node) -> CellValue:
        """Bring a part down to one cell; blank where it comes to an error."""
        value = self.value(node)
        try:
            return None if isinstance(value, Failure) else self.evaluation.cell(value)
        except Failure:
            return None

    def number(self, node: Node, default: int) -> int:
        """Give a part as a whole number, such as the index of a column."""
        value = self.cell(node)
        return int(value) if isinstance(value, (int, float)) else default

    def at(self, node: Node, down: int, right: int) -> CellValue:
        """Give one cell of what a part comes to; an error is a value."""
        value = self.value(node)
        if isinstance(value, Failure):
            return value.error
        if isinstance(value, Area):
            if not self.evaluation.arrays or value.single:
                return self.cell(node)
            value = self._block(node, value)
        if isinstance(value, Block):
            return value.at(min(down, value.rows - 1), min(right, value.columns - 1))
        return value

    def true(self, node: Node, down: int, right: int) -> bool:
        """Whether a condition holds, in one of its cells."""
        try:
            return to_bool(self.at(node, down, right), self.evaluation.language)
        except Failure:
            return False

    def area(self, node: Node) -> Area | None:
        """Give the cells that a part refers to, if it is a reference."""
        if isinstance(node, Name) and node.name.lower() in self.bound:
            return self.area(self.bound[node.name.lower()])
        if not isinstance(node, RangeNode | Name) and not (
            isinstance(node, Call) and node.function in ("INDIRECT", "OFFSET")
        ):
            return None
        value = self.value(node)
        return value if isinstance(value, Area) else None

    def size(self, node: Node) -> tuple[int, int]:
        """Count the rows and columns that a part comes to."""
        value = self.value(node)
        return (value.rows, value.columns) if isinstance(value, Block | Area) else (1, 1)

    def chosen(self, call: Call, down: int, right: int) -> Node | None:
        """Give the argument whose value a choosing function takes; none where chance decides anew each time."""
        arguments = call.arguments
        if self._is_by_chance(call):
            return None
        match call.function:
            case "IF":
                place = 1 if self.true(arguments[0], down, right) else 2
            case "IFERROR" | "IFNA":
                place = 1 if isinstance(self.at(arguments[0], down, right), ErrorValue) else 0
            case "CHOOSE":
                place = self.number(arguments[0], 0)
            case "IFS":
                pairs = range(0, len(arguments) - 1, 2)
                place = next((at + 1 for at in pairs if self.true(arguments[at], down, right)), len(arguments))
            case _:  # SWITCH: value, then pairs, then perhaps a default
                value, cases = self.cell(arguments[0]), range(1, len(arguments) - 1, 2)
                default = len(arguments) - 1 if len(arguments) % 2 == 0 else len(arguments)
                place = next((at + 1 for at in cases if self.cell(arguments[at]) == value), default)
        return arguments[place] if 0 <= place < len(arguments) else None

    def _is_by_chance(self, call: Call) -> bool:
        key = id(call)
        if key not in self._by_chance:
            parts = (part for argument in call.arguments for part in descendants(argument))
            self._by_chance[key] = any(isinstance(part, Call) and part.function in _CHANCE for part in parts)
        return self._by_chance[key]

    @contextmanager
    def arrays_of(self, function: str) -> Iterator[None]:
        """Let ranges inside some functions be whole blocks, as they are when values are worked out."""
        known, before = FUNCTIONS.get(function), self.evaluation.arrays
        self.evaluation.arrays = before or (known is not None and known.arrays)
        try:
            yield
        finally:
            self.evaluation.arrays = before

    @contextmanager
    def let(self, call: Call) -> Iterator[Node]:
        """Bind the names of a LET; give the part that it comes to."""
        names, before, values = call.arguments[:-1], dict(self.bound), self.evaluation.bind({})
        try:
            for name, node in zip(names[::2], names[1::2], strict=False):
                if isinstance(name, Name):
                    value = self.value(node)
                    self.evaluation.bind({name.name.lower(): value.error if isinstance(value, Failure) else value})
                    self.bound[name.name.lower()] = node
            yield call.arguments[-1]
        finally:
            self.bound = before
            self.evaluation.restore(values)
