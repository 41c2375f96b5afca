"""Functions that call a LAMBDA for each cell, row or column: MAP, BYROW, REDUCE and their like."""

from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_number
from sheets_crm.emulator.formulas.reasons import at_least, wrong_count
from sheets_crm.emulator.formulas.registry import Context, Lambda, function
from sheets_crm.emulator.formulas.stacking import beside, check_room, under
from sheets_crm.emulator.formulas.values import Block, Failure, Value

__all__: list[str] = []

_NESTED = ErrorValue("#VALUE!", "Single value expected. Nested array results are not supported.")


def _checked(body: Any, count: int) -> Lambda:
    """Refuse at once what is no LAMBDA of so many parameters (B: #N/A)."""
    if not isinstance(body, Lambda):
        raise Failure(ErrorValue("#N/A", "Argument must be a LAMBDA."))
    if len(body.parameters) != count:
        raise Failure(wrong_count("LAMBDA", count, count, len(body.parameters)))
    return body


@function("MAP", "l", repeat="l", least=2)
def _map(context: Context, *values: Any) -> Block:
    *arrays, last = values
    body, blocks = _checked(last, len(arrays)), [context.block(array) for array in arrays]
    rows, columns = blocks[0].rows, blocks[0].columns
    if any((block.rows, block.columns) != (rows, columns) for block in blocks):
        raise Failure(ErrorValue("#VALUE!", "Array arguments to MAP are of different size."))
    cells = zip(*(block.values() for block in blocks), strict=True)
    return Block.from_values([_called(context, body, *row) for row in cells], rows, columns)


@function("BYROW", "ll")
def _byrow(context: Context, cells: Value, last: Any) -> Block:
    """One result for each row; a row that gives several cells takes several columns (B for the first of them)."""
    block, body = context.block(cells), _checked(last, 1)
    return under([_line(context, body, block.pick(slice(row, row + 1))) for row in range(block.rows)], fill=True)


@function("BYCOL", "ll")
def _bycol(context: Context, cells: Value, last: Any) -> Block:
    block, body = context.block(cells), _checked(last, 1)
    parts = (block.pick(columns=slice(column, column + 1)) for column in range(block.columns))
    return beside([_line(context, body, part) for part in parts], fill=True)


def _line(context: Context, body: Lambda, part: Block) -> Block:
    try:
        return context.block(context.apply(body, part))
    except Failure as failure:
        return Block.of(failure.error)


@function("REDUCE", "lll")
def _reduce(context: Context, start: Value, cells: Value, last: Any) -> Value:
    total, body = start, _checked(last, 2)
    for cell in context.block(cells).values():
        total = context.apply(body, total, cell)
    return total


@function("SCAN", "lll")
def _scan(context: Context, start: Value, cells: Value, last: Any) -> Block:
    block, body, total = context.block(cells), _checked(last, 2), start
    results: list[CellValue] = []
    for cell in block.values():
        total = _called(context, body, total, cell)
        results.append(total)
    return Block.from_values(results, block.rows, block.columns)


@function("MAKEARRAY", "ssl")
def _makearray(context: Context, rows: CellValue, columns: CellValue, last: Any) -> Block:
    height, width = (int(to_number(count, context.language)) for count in (rows, columns))
    for place, count in ((1, height), (2, width)):
        if count < 1:
            raise Failure(at_least("MAKEARRAY", place, count, 1, "#VALUE!"))
    check_room(height, width)
    body = _checked(last, 2)
    places = ((float(row + 1), float(column + 1)) for row in range(height) for column in range(width))
    return Block.from_values([_called(context, body, *place) for place in places], height, width)


def _called(context: Context, body: Lambda, *arguments: Value) -> CellValue:
    """Call a LAMBDA for one cell.

    Raises:
        Failure: It gave more than one cell.
    """
    try:
        result = context.apply(body, *arguments)
    except Failure as failure:
        return failure.error
    if isinstance(result, Block) and result.size > 1:
        raise Failure(_NESTED)
    return context.cell(result)
