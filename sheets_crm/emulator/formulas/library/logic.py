"""IF and its like, which work out only what they need; LET and LAMBDA."""

from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool
from sheets_crm.emulator.formulas.library.choosing import choose_cells
from sheets_crm.emulator.formulas.nodes import Name, Node
from sheets_crm.emulator.formulas.operators import equal
from sheets_crm.emulator.formulas.reasons import NO_MATCH, no_value, wrong_count
from sheets_crm.emulator.formulas.registry import Context, Lambda, function
from sheets_crm.emulator.formulas.values import BLANK, ERROR, NA, TEXT, Area, Block, Failure, Value

__all__: list[str] = []

#: C.
_NO_NAME = ErrorValue("#NAME?", "Argument must be a name.")


def _caught(context: Context, node: Node) -> Value:
    """Work out a part; an error is a value."""
    try:
        value = context.evaluate(node)
        return context.cell(value) if isinstance(value, Area) and value.single else value
    except Failure as failure:
        return failure.error


@function("IF", "nnn", least=2)
def _if(context: Context, condition: Node, then: Node, otherwise: Node | None = None) -> Value:
    value = context.evaluate(condition)
    if context.arrays and isinstance(value, Area | Block) and context.block(value).size > 1:
        chosen = _caught(context, then)
        other = False if otherwise is None else _caught(context, otherwise)
        return choose_cells(context, context.block(value), chosen, other)
    if to_bool(context.cell(value), context.language):
        return context.evaluate(then)
    return False if otherwise is None else context.evaluate(otherwise)


@function("IFERROR", "nn", least=1)
def _iferror(context: Context, node: Node, otherwise: Node | None = None) -> Value:
    return _without_errors(context, node, otherwise, ("#",))


@function("IFNA", "nn", least=1)
def _ifna(context: Context, node: Node, otherwise: Node | None = None) -> Value:
    return _without_errors(context, node, otherwise, ("#N/A",))


def _without_errors(context: Context, node: Node, otherwise: Node | None, types: tuple[str, ...]) -> Value:
    value = _caught(context, node)
    if isinstance(value, ErrorValue):
        if not value.type.startswith(types):
            raise Failure(value)
        return None if otherwise is None else context.evaluate(otherwise)
    if isinstance(value, Area) and not context.arrays:
        return _without_error(context, context.cell(value), otherwise, types)
    if isinstance(value, Area | Block):
        return _replaced(context, context.block(value), otherwise, types)
    return value


def _without_error(context: Context, value: CellValue, otherwise: Node | None, types: tuple[str, ...]) -> Value:
    if isinstance(value, ErrorValue) and value.type.startswith(types):
        return None if otherwise is None else context.evaluate(otherwise)
    return value


def _replaced(context: Context, block: Block, otherwise: Node | None, types: tuple[str, ...]) -> Block:
    if not block.has(ERROR):
        return block
    other = context.block(None if otherwise is None else context.evaluate(otherwise))
    fitted = other.fitted(block.rows, block.columns).values()
    cells = [
        fitted[place] if isinstance(cell, ErrorValue) and cell.type.startswith(types) else cell
        for place, cell in enumerate(block.values())
    ]
    return Block.from_values(cells, block.rows, block.columns)


@function("IFS", "nn", repeat="nn")
def _ifs(context: Context, *nodes: Node) -> Value:
    if len(nodes) % 2:
        raise Failure(wrong_count("IFS", 2, None, len(nodes)))
    for condition, then in zip(nodes[::2], nodes[1::2], strict=True):
        value = context.evaluate(condition)
        if context.arrays and isinstance(value, Area | Block) and context.block(value).size > 1:
            rest = nodes[nodes.index(then) + 1 :]
            other = _ifs(context, *rest) if rest else NO_MATCH
            return choose_cells(context, context.block(value), _caught(context, then), other)
        if to_bool(context.cell(value), context.language):
            return context.evaluate(then)
    raise Failure(NO_MATCH)


@function("SWITCH", "nnn", repeat="n")
def _switch(context: Context, *nodes: Node) -> Value:
    wanted, cases = context.cell(context.evaluate(nodes[0])), nodes[1:]
    if isinstance(wanted, ErrorValue):
        raise Failure(wanted)
    for place in range(0, len(cases) - 1, 2):
        if equal(wanted, context.cell(context.evaluate(cases[place]))):
            return context.evaluate(cases[place + 1])
    if len(cases) % 2:
        return context.evaluate(cases[-1])
    raise Failure(NO_MATCH)


@function("LET", "nnn", repeat="n")
def _let(context: Context, *nodes: Node) -> Value:
    if len(nodes) % 2 == 0:
        raise Failure(wrong_count("LET", 3, None, len(nodes)))
    before = context.bind({})
    try:
        for name, node in zip(nodes[:-1:2], nodes[1:-1:2], strict=True):
            if not isinstance(name, Name):
                raise Failure(_NO_NAME)
            context.bind({name.name.lower(): _caught(context, node)})
        return context.evaluate(nodes[-1])
    finally:
        context.restore(before)


@function("LAMBDA", "n", repeat="n")
def _lambda(context: Context, *nodes: Node) -> Any:
    names = [node.name.lower() for node in nodes[:-1] if isinstance(node, Name)]
    if len(names) != len(nodes) - 1:
        raise Failure(_NO_NAME)
    return Lambda(tuple(names), nodes[-1], context.bind({}))


@function("AND", "r", repeat="r")
def _and(context: Context, *values: Value) -> bool:
    return all(_truths(context, "AND", values))


@function("OR", "r", repeat="r")
def _or(context: Context, *values: Value) -> bool:
    return any(_truths(context, "OR", values))


@function("XOR", "r", repeat="r")
def _xor(context: Context, *values: Value) -> bool:
    return sum(_truths(context, "XOR", values)) % 2 == 1


def _truths(context: Context, name: str, values: tuple[Value, ...]) -> list[bool]:
    """Each value as TRUE or FALSE; texts and blanks in ranges are not looked at, nor arguments left out (B).

    Raises:
        Failure: The first error among them; #VALUE!, when nothing is left.
    """
    truths: list[bool] = []
    for value in values:
        if isinstance(value, Area | Block):
            block = context.block(value)
            error = block.first_error()
            if error is not None:
                raise Failure(error)
            counted = (block.kinds != BLANK) & (block.kinds != TEXT)
            truths.extend(number != 0 for number in block.numbers[counted].tolist())
        elif value is not None:
            truths.append(to_bool(value, context.language))
    if not truths:
        raise Failure(no_value(name))
    return truths


@function("NOT", "s")
def _not(context: Context, value: CellValue) -> bool:
    return not to_bool(value, context.language)


@function("TRUE", "")
def _true(_context: Context) -> bool:
    return True


@function("FALSE", "")
def _false(_context: Context) -> bool:
    return False


@function("NA", "")
def _na(_context: Context) -> Value:
    raise Failure(NA)
