"""Functions whose result is many cells: FILTER, SORT, UNIQUE, SEQUENCE, stacking, MAP and their like."""

from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool, to_number
from sheets_crm.emulator.formulas.library.ordering import order_rows
from sheets_crm.emulator.formulas.registry import Context, Lambda, function
from sheets_crm.emulator.formulas.stacking import beside, under
from sheets_crm.emulator.formulas.values import (
    BLANK,
    BOOL,
    ERROR,
    NUMBER,
    TEXT,
    Block,
    Failure,
    Mask,
    Refusal,
    Value,
)

__all__: list[str] = []


@function("ARRAYFORMULA", "r", arrays=True)
def _arrayformula(context: Context, value: Value) -> Value:
    return context.block(value)


@function("FILTER", "rr", repeat="r", arrays=True)
def _filter(context: Context, cells: Value, *conditions: Value) -> Block:
    """Keep the rows (or columns) for which every condition holds; #N/A when none is left, as in Google."""
    block = context.block(cells)
    rowwise = True
    kept: Mask | None = None
    for condition in conditions:
        tests = context.block(condition)
        rowwise = _is_rowwise(block, tests)
        held = _held(context, tests)
        kept = held if kept is None else kept & held
    if kept is None or not kept.any():
        raise Failure(ErrorValue("#N/A", "No matches are found in FILTER evaluation."))
    return block.pick(kept) if rowwise else block.pick(columns=kept)


def _is_rowwise(block: Block, tests: Block) -> bool:
    if tests.columns == 1 and tests.rows == block.rows:
        return True
    if tests.rows == 1 and tests.columns == block.columns:
        return False
    raise Failure(
        ErrorValue(
            "#N/A",
            f"FILTER has mismatched range sizes. Expected row count: {block.rows}. column count: 1. "
            f"Actual row count: {tests.rows}, column count: {tests.columns}.",
        )
    )


def _held(context: Context, tests: Block) -> Mask:
    """Which conditions hold; an error among them holds not, text that is no TRUE or FALSE neither."""
    held = ((tests.kinds == NUMBER) | (tests.kinds == BOOL)) & (tests.numbers != 0)
    if tests.objects is not None:
        for place in zip(*np.nonzero(tests.kinds == TEXT), strict=True):
            held[place] = str(tests.objects[place]).upper() in ("TRUE", context.language.words[0])
    flat: Mask = held.ravel()
    return flat


@function("UNIQUE", "rss", least=1)
def _unique(context: Context, cells: Value, by_column: CellValue = False, once: CellValue = False) -> Block:
    block = context.block(cells)
    across = to_bool(by_column, context.language)
    lines = (block.transposed() if across else block).grid()
    places: dict[Any, list[int]] = {}
    for place, line in enumerate(lines):
        places.setdefault(tuple((type(cell), cell) for cell in line), []).append(place)
    only_once = to_bool(once, context.language)
    kept = [found[0] for found in places.values() if len(found) == 1 or not only_once]
    if not kept:
        raise Failure(ErrorValue("#N/A", "No unique values"))
    return block.pick(columns=kept) if across else block.pick(kept)


@function("SORT", "r", repeat="rs", arrays=True)
def _sort(context: Context, cells: Value, *keys: Any) -> Block:
    return order_rows(context, context.block(cells), keys or (1.0, True))


@function("SORTN", "rss", repeat="rs", least=1, arrays=True)
def _sortn(context: Context, cells: Value, count: CellValue = 1.0, ties: CellValue = 0.0, *keys: Any) -> Block:
    if to_number(ties, context.language) != 0:
        raise Refusal("The emulator knows SORTN without ties only")
    ordered = order_rows(context, context.block(cells), keys or (1.0, True))
    return ordered.pick(slice(0, max(1, int(to_number(count, context.language)))))


@function("TRANSPOSE", "r", arrays=True)
def _transpose(context: Context, cells: Value) -> Block:
    return context.block(cells).transposed()


@function("FLATTEN", "r", repeat="r")
def _flatten(context: Context, *values: Value) -> Block:
    blocks = [context.block(value) for value in values]
    return under([block.reshape(block.size, 1) for block in blocks])


@function("TOCOL", "rss", least=1)
def _tocol(context: Context, cells: Value, ignore: CellValue = 0.0, by_column: CellValue = False) -> Block:
    block = context.block(cells)
    block = block.transposed() if to_bool(by_column, context.language) else block
    column = block.reshape(block.size, 1)
    mode = int(to_number(ignore, context.language))
    kept = np.ones(column.rows, dtype=bool)
    if mode & 1:
        kept &= column.kinds[:, 0] != BLANK
    if mode & 2:
        kept &= column.kinds[:, 0] != ERROR
    if not kept.any():
        raise Failure(ErrorValue("#N/A", "No value is left"))
    return column.pick(kept)


@function("TOROW", "rss", least=1)
def _torow(context: Context, cells: Value, ignore: CellValue = 0.0, by_column: CellValue = False) -> Block:
    return _tocol(context, cells, ignore, by_column).transposed()


@function("VSTACK", "r", repeat="r")
def _vstack(context: Context, *values: Value) -> Block:
    return under([context.block(value) for value in values], fill=True)


@function("HSTACK", "r", repeat="r")
def _hstack(context: Context, *values: Value) -> Block:
    return beside([context.block(value) for value in values], fill=True)


@function("TAKE", "rss", least=2)
def _take(context: Context, cells: Value, rows: CellValue, columns: CellValue = None) -> Block:
    return context.block(cells).pick(_taken(context, rows), _taken(context, columns))


@function("DROP", "rss", least=2)
def _drop(context: Context, cells: Value, rows: CellValue, columns: CellValue = None) -> Block:
    part = context.block(cells).pick(_dropped(context, rows), _dropped(context, columns))
    if not part.size:
        raise Failure(ErrorValue("#REF!", "Nothing is left"))
    return part


def _taken(context: Context, count: CellValue) -> slice:
    number = int(to_number(count, context.language))
    if count is None:
        return slice(None)
    return slice(0, number) if number > 0 else slice(number, None)


def _dropped(context: Context, count: CellValue) -> slice:
    number = int(to_number(count, context.language))
    return slice(number, None) if number >= 0 else slice(0, number)


@function("ARRAY_CONSTRAIN", "rss")
def _array_constrain(context: Context, cells: Value, rows: CellValue, columns: CellValue) -> Block:
    height, width = (int(to_number(count, context.language)) for count in (rows, columns))
    if height < 1 or width < 1:
        raise Failure(ErrorValue("#NUM!", "ARRAY_CONSTRAIN needs at least one row and column"))
    return context.block(cells).pick(slice(0, height), slice(0, width))


@function("CHOOSECOLS", "rs", repeat="s")
def _choosecols(context: Context, cells: Value, *columns: CellValue) -> Block:
    block = context.block(cells)
    return block.pick(columns=[_line_at(context, column, block.columns) for column in columns])


@function("CHOOSEROWS", "rs", repeat="s")
def _chooserows(context: Context, cells: Value, *rows: CellValue) -> Block:
    block = context.block(cells)
    return block.pick([_line_at(context, row, block.rows) for row in rows])


def _line_at(context: Context, number: CellValue, count: int) -> int:
    place = int(to_number(number, context.language))
    if not 1 <= abs(place) <= count:
        raise Failure(ErrorValue("#VALUE!", "There is no such row or column"))
    return place - 1 if place > 0 else count + place


@function("SEQUENCE", "ssss", least=1)
def _sequence(
    context: Context, rows: CellValue, columns: CellValue = 1.0, start: CellValue = 1.0, step: CellValue = 1.0
) -> Block:
    height, width = (int(to_number(count, context.language)) for count in (rows, columns))
    first, by = to_number(start, context.language), to_number(step, context.language)
    if height < 1 or width < 1:
        raise Failure(ErrorValue("#NUM!", "SEQUENCE needs at least one row and column"))
    return Block.of_numbers((first + by * np.arange(height * width, dtype=np.float64)).reshape(height, width))


@function("MAP", "r", repeat="r", least=2)
def _map(context: Context, *values: Any) -> Block:
    *arrays, body = values
    blocks = [context.block(array) for array in arrays]
    rows, columns = max(block.rows for block in blocks), max(block.columns for block in blocks)
    cells = zip(*(block.fitted(rows, columns).values() for block in blocks), strict=True)
    return Block.from_values([_called(context, body, *row) for row in cells], rows, columns)


@function("BYROW", "rr")
def _byrow(context: Context, cells: Value, body: Lambda) -> Block:
    block = context.block(cells)
    results = [_called(context, body, block.pick(slice(row, row + 1))) for row in range(block.rows)]
    return Block.from_values(results, block.rows, 1)


@function("BYCOL", "rr")
def _bycol(context: Context, cells: Value, body: Lambda) -> Block:
    block = context.block(cells)
    parts = (block.pick(columns=slice(column, column + 1)) for column in range(block.columns))
    return Block.from_values([_called(context, body, part) for part in parts], 1, block.columns)


@function("REDUCE", "rrr")
def _reduce(context: Context, start: Value, cells: Value, body: Lambda) -> Value:
    total = start
    for cell in context.block(cells).values():
        total = context.apply(body, total, cell)
    return total


@function("SCAN", "rrr")
def _scan(context: Context, start: Value, cells: Value, body: Lambda) -> Block:
    block, total, results = context.block(cells), start, []
    for cell in block.values():
        total = _called(context, body, total, cell)
        results.append(total)
    return Block.from_values([context.cell(result) for result in results], block.rows, block.columns)


@function("MAKEARRAY", "ssr")
def _makearray(context: Context, rows: CellValue, columns: CellValue, body: Lambda) -> Block:
    height, width = (int(to_number(count, context.language)) for count in (rows, columns))
    if height < 1 or width < 1:
        raise Failure(ErrorValue("#NUM!", "MAKEARRAY needs at least one row and column"))
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
        raise Failure(ErrorValue("#VALUE!", "Single value expected. Nested array results are not supported."))
    return context.cell(result)


@function("FREQUENCY", "rr", arrays=True)
def _frequency(context: Context, cells: Value, classes: Value) -> Block:
    numbers, edges = (context.block(value) for value in (cells, classes))
    data = numbers.numbers[numbers.kinds == NUMBER]
    bounds = np.sort(edges.numbers[edges.kinds == NUMBER])
    counts = np.histogram(np.searchsorted(bounds, data, side="left"), bins=np.arange(len(bounds) + 2))[0]
    return Block.of_numbers(counts.astype(np.float64).reshape(-1, 1))


@function("MMULT", "rr", arrays=True)
def _mmult(context: Context, left: Value, right: Value) -> Block:
    first, second = context.block(left), context.block(right)
    for block in (first, second):
        if (block.kinds == TEXT).any() or (block.kinds == BLANK).any() or block.has(ERROR):
            raise Failure(ErrorValue("#VALUE!", "Function MMULT expects number values."))
    if first.columns != second.rows:
        raise Failure(ErrorValue("#VALUE!", "MMULT has incompatible sizes."))
    return Block.of_numbers(first.numbers @ second.numbers)
