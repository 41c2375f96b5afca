"""Work out one formula, as Google does.

Outside ARRAYFORMULA and the few functions that imply it, an operator or function that wants one cell takes,
of a range, the cell in the formula's own row or column, and of an array its first cell. Inside, it works
cell by cell.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.a1 import Reference, parse_reference
from sheets_crm.emulator.formulas.bounds import bounded
from sheets_crm.emulator.formulas.engine import FunctionEngine
from sheets_crm.emulator.formulas.googles import is_googles
from sheets_crm.emulator.formulas.library import declared
from sheets_crm.emulator.formulas.lifting import lift
from sheets_crm.emulator.formulas.nodes import (
    Apply,
    ArrayNode,
    Call,
    Constant,
    Infix,
    Name,
    Node,
    Prefix,
    RangeNode,
)
from sheets_crm.emulator.formulas.number_formats import NumberFormat
from sheets_crm.emulator.formulas.operators import apply_infix, apply_prefix
from sheets_crm.emulator.formulas.reasons import NO_ARRAY_VALUE, unknown_function, unknown_name, wrong_count
from sheets_crm.emulator.formulas.registry import CellSource, Function, Lambda
from sheets_crm.emulator.formulas.stacking import stack_grid
from sheets_crm.emulator.formulas.values import REF, Area, Block, Failure, Refusal, Uncoerced, Value
from sheets_crm.emulator.languages import Language

__all__ = ["Evaluation"]

#: A.
_NO_LAMBDA = ErrorValue("#N/A", "Argument must be a LAMBDA.")
_NOT_CALLED = ErrorValue("#N/A", "Function LAMBDA should be followed by a call containing the actual values.")


class Evaluation:
    """The working out of one formula in its cell; the `Context` of the functions it calls."""

    def __init__(
        self,
        source: CellSource,
        origin: tuple[str, int, int],
        language: Language,
        now: datetime,
        names: dict[str, Any],
        engine: FunctionEngine,
        looks: Callable[["Evaluation", Node, int, int], NumberFormat | None] = lambda *_: None,
    ) -> None:
        self.source = source
        self.title, self.row, self.column = origin
        self.language = language
        self.now = now
        self.arrays = False
        self.refusal: str | None = None
        self._names = names
        self._engine = engine
        self._looks = looks

    def shown_format(self, node: Node, down: int = 0, right: int = 0) -> NumberFormat | None:
        """Give the number format in which a cell of what a part comes to is shown."""
        return self._looks(self, node, down, right)

    def result(self, node: Node) -> CellValue | Block:
        """Work out a whole formula: one cell's value, or the block that spills from its cell."""
        try:
            value = self.evaluate(node)
            if isinstance(value, Block) or (
                isinstance(value, Area) and isinstance(node, Call) and not value.single
            ):
                block = self.block(value)
                return block.at(0, 0) if block.size == 1 else block
            return self.cell(value)
        except Failure as failure:
            return failure.error
        except Refusal as refusal:
            self.refusal = str(refusal)
            return ErrorValue("#NAME?", self.refusal)
        except RecursionError:
            return ErrorValue("#ERROR!", "The emulator cannot work out a formula nested so deeply.")

    def evaluate(self, node: Node) -> Value:
        """Work out a part of the formula.

        Raises:
            Failure: It comes to an error that its surroundings may want to catch.
        """
        match node:
            case Constant(value=value):
                return value
            case RangeNode(reference=reference):
                return self.resolve(reference)
            case Name(name=name):
                return self._named(name)
            case Prefix(operator=operator, operand=operand):
                return apply_prefix(operator, self._operand(self.evaluate(operand)), self.language)
            case Infix(operator=operator, left=left, right=right):
                return self._infix(operator, left, right)
            case Call():
                return self._call(node)
            case Apply(function=function, arguments=arguments):
                made: Any = self.evaluate(function)
                return self.apply(made, *(self.evaluate(argument) for argument in arguments))
            case ArrayNode(rows=rows):
                return stack_grid([[self._part(part) for part in row] for row in rows])

    def _infix(self, operator: str, left: Node, right: Node) -> Value:
        """Two operands, the left one first: its error wins, and what stands on the right is not looked at (A)."""
        first = self._caught_operand(left)
        if isinstance(first, ErrorValue) and not self.arrays:
            raise Failure(first)
        return apply_infix(operator, first, self._caught_operand(right), self.language)

    def _caught_operand(self, node: Node) -> CellValue | Block:
        try:
            return self._operand(self.evaluate(node))
        except Failure as failure:
            return failure.error

    def _part(self, node: Node) -> Block:
        """One part of an array in braces; an error stands in its cell alone."""
        try:
            return self.block(self.evaluate(node))
        except Failure as failure:
            return Block.of(failure.error)

    def resolve(self, reference: Reference) -> Area:
        """Bound a reference to the grid it lies on.

        Raises:
            Failure: #REF!, when there is no such tab or nothing of it lies on the grid.
        """
        title = self.title if reference.title is None else self.source.known_title(reference.title)
        size = None if title is None else self.source.size(title)
        if title is None or size is None:
            raise Failure(ErrorValue("#REF!", f"Unresolved sheet name '{reference.title}'."))
        return bounded(reference, title, size)

    def area(self, text: str) -> Area:
        """Resolve a reference written as text, or the name of a range."""
        try:
            reference = parse_reference(text.strip())
        except ValueError:
            named = self._names.get(text.strip().lower())
            if isinstance(named, Area):
                return named
            raise Failure(ErrorValue("#REF!", f"'{text}' is not a valid cell/range reference.")) from None
        if reference is None:
            raise Failure(REF)
        return self.resolve(reference)

    def _named(self, name: str) -> Value:
        try:
            found: Value = self._names[name.lower()]
        except KeyError:
            raise Failure(unknown_name(name)) from None
        if isinstance(found, ErrorValue):
            raise Failure(found)
        return found

    def bind(self, names: dict[str, Any]) -> dict[str, Any]:
        """Put more names in scope; give those that were."""
        before = self._names
        self._names = {**before, **names}
        return before

    def restore(self, names: dict[str, Any]) -> None:
        """Put back the names that `bind` gave."""
        self._names = names

    def apply(self, function: Lambda, *arguments: Value) -> Value:
        """Call a LAMBDA."""
        if not isinstance(function, Lambda):
            raise Failure(_NO_LAMBDA)
        wanted = len(function.parameters)
        if len(arguments) != wanted:
            raise Failure(wrong_count("LAMBDA", wanted, wanted, len(arguments)))
        before, self._names = (
            self._names,
            {**function.names, **dict(zip(function.parameters, arguments, strict=True))},
        )
        try:
            return self.evaluate(function.body)
        finally:
            self._names = before

    def block(self, value: Value) -> Block:
        """Bring a value up to a block."""
        if isinstance(value, Block):
            return value
        if isinstance(value, Area):
            return self.source.block(value)
        if isinstance(value, Lambda):
            raise Failure(_NOT_CALLED)
        return Block.of(value)

    def cell(self, value: Value) -> CellValue:
        """Bring a value down to one cell.

        Raises:
            Failure: #VALUE!, when a range has no cell in the formula's row or column; the error that an
                array begins with.
        """
        if isinstance(value, Area):
            return self._intersected(value)
        if isinstance(value, Block):
            return value.at(0, 0)
        if isinstance(value, Lambda):
            raise Failure(_NOT_CALLED)
        return value

    def _intersected(self, area: Area) -> CellValue:
        row, column = area.top, area.left
        if area.rows > 1 and area.columns > 1:
            raise Failure(NO_ARRAY_VALUE)
        if area.rows > 1:
            row = self.row
        elif area.columns > 1:
            column = self.column
        if not (area.top <= row <= area.bottom and area.left <= column <= area.right):
            raise Failure(NO_ARRAY_VALUE)
        return self.source.cell(area.title, row, column)

    def _operand(self, value: Value) -> CellValue | Block:
        """One cell, or the whole block where arrays are evaluated."""
        if self.arrays and isinstance(value, Block | Area):
            if isinstance(value, Area) and value.single:
                return self.cell(value)
            return self.block(value)
        return self.cell(value)

    def _call(self, call: Call) -> Value:
        known = declared().get(call.function)
        if known is None:
            bound = self._names.get(call.function.lower())
            if isinstance(bound, Lambda):
                return self.apply(bound, *(self.evaluate(argument) for argument in call.arguments))
            if bound is not None and not isinstance(bound, Area):
                # A name bound to what is no LAMBDA is an error in its own cell (A: #N/A).
                raise Failure(bound if isinstance(bound, ErrorValue) else _NO_LAMBDA)
            if not is_googles(call.function):
                raise Failure(unknown_function(call.typed or call.function))
            known = self._engine.function(call.function)
        if not known.accepts(len(call.arguments)):
            raise Failure(wrong_count(call.function, known.least, known.most, len(call.arguments)))
        before = self.arrays
        self.arrays = before or known.arrays
        try:
            arguments = [self._argument(known, place, node) for place, node in enumerate(call.arguments)]
        finally:
            self.arrays = before
        return self._called(known, arguments)

    def _argument(self, known: Function, place: int, node: Node) -> Any:
        """One argument; the first that is an error ends the call, unless the function wants to see errors."""
        letter = known.letter(place)
        if letter == "n":
            return node
        try:
            value: Any = self.evaluate(node)
            value = self._operand(value) if letter == "s" else value
        except Failure as failure:
            value = failure.error
        if isinstance(value, Lambda) and letter != "l":
            value = _NOT_CALLED
        if isinstance(value, ErrorValue) and not known.errors:
            raise Failure(value)
        return value

    def _called(self, known: Function, arguments: list[Any]) -> Value:
        lifted = [place for place in range(len(arguments)) if known.letter(place) == "s"]
        blocks = {place for place in lifted if isinstance(arguments[place], Block)}
        if blocks:
            return lift(self, known, arguments, blocks)
        try:
            result: Value = known.body(self, *arguments)
        except Uncoerced as problem:
            raise Failure(problem.named(known.name, arguments)) from problem
        return result
