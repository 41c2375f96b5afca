"""Put arrays together, take them apart, and lay them out anew: HSTACK, TOCOL, TAKE, CHOOSECOLS, WRAPROWS."""

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool, to_number
from sheets_crm.emulator.formulas.reasons import NO_REFERENCE, at_least, between, out_of_range
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.stacking import beside, check_room, under
from sheets_crm.emulator.formulas.values import BLANK, ERROR, Block, Failure, Value

__all__: list[str] = []

#: A for WRAPROWS.
_UNFILLED = ErrorValue(
    "#N/A",
    "There is no value for this cell. "
    "Consider using the pad_with argument to replace #N/A with the value of your choice.",
)


@function("FLATTEN", "r", repeat="r", errors=True)
def _flatten(context: Context, *values: Value) -> Block:
    blocks = [context.block(value) for value in values]
    return under([block.reshape(block.size, 1) for block in blocks])


@function("TOCOL", "rss", least=1, errors=True)
def _tocol(context: Context, cells: Value, ignore: CellValue = 0.0, by_column: CellValue = False) -> Block:
    _refuse_errors(ignore, by_column)
    block = context.block(cells)
    block = block.transposed() if to_bool(by_column, context.language) else block
    column = block.reshape(block.size, 1)
    mode = int(to_number(ignore, context.language))
    if mode not in (0, 1, 2, 3):
        raise Failure(between("TOCOL", 2, mode, (0, 3), "#VALUE!"))
    kept = np.ones(column.rows, dtype=bool)
    if mode & 1:
        kept &= column.kinds[:, 0] != BLANK
    if mode & 2:
        kept &= column.kinds[:, 0] != ERROR
    if not kept.any():
        raise Failure(ErrorValue("#N/A", "No value is left"))
    return column.pick(kept)


@function("TOROW", "rss", least=1, errors=True)
def _torow(context: Context, cells: Value, ignore: CellValue = 0.0, by_column: CellValue = False) -> Block:
    return _tocol(context, cells, ignore, by_column).transposed()


@function("VSTACK", "r", repeat="r", errors=True)
def _vstack(context: Context, *values: Value) -> Block:
    return under([context.block(value) for value in values], fill=True)


@function("HSTACK", "r", repeat="r", errors=True)
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
    for place, size in ((2, height), (3, width)):
        if size < 0:
            raise Failure(at_least("ARRAY_CONSTRAIN", place, size, 0))
    if 0 in (height, width):
        # Nothing is left: #REF!, unlike a negative number (B).
        raise Failure(NO_REFERENCE)
    return context.block(cells).pick(slice(0, height), slice(0, width))


@function("CHOOSECOLS", "rr", repeat="r")
def _choosecols(context: Context, cells: Value, *columns: Value) -> Block:
    block = context.block(cells)
    return block.pick(columns=_lines_at(context, "CHOOSECOLS", columns, block.columns))


@function("CHOOSEROWS", "rr", repeat="r")
def _chooserows(context: Context, cells: Value, *rows: Value) -> Block:
    block = context.block(cells)
    return block.pick(_lines_at(context, "CHOOSEROWS", rows, block.rows))


def _lines_at(context: Context, name: str, numbers: tuple[Value, ...], count: int) -> list[int]:
    """Places of lines, counted from 1 or back from the end as -1; arrays of numbers count too."""
    places: list[int] = []
    for argument, number in enumerate(numbers, 2):
        for cell in context.block(number).values():
            place = int(to_number(cell, context.language))
            if not 1 <= abs(place) <= count:
                raise Failure(out_of_range(name, argument, place, "#VALUE!"))
            places.append(place - 1 if place > 0 else count + place)
    return places


def _refuse_errors(*values: CellValue) -> None:
    for value in values:
        if isinstance(value, ErrorValue):
            raise Failure(value)


@function("WRAPROWS", "rss", least=2, errors=True)
def _wraprows(context: Context, cells: Value, count: CellValue, filler: CellValue = _UNFILLED) -> Block:
    """Break one row or column into rows of so many cells; the last is filled with #N/A or what is given."""
    return _wrapped(context, "WRAPROWS", cells, count, filler)


@function("WRAPCOLS", "rss", least=2, errors=True)
def _wrapcols(context: Context, cells: Value, count: CellValue, filler: CellValue = _UNFILLED) -> Block:
    return _wrapped(context, "WRAPCOLS", cells, count, filler).transposed()


def _wrapped(context: Context, name: str, cells: Value, count: CellValue, filler: CellValue) -> Block:
    _refuse_errors(count)
    block, width = context.block(cells), int(to_number(count, context.language))
    if width < 1:
        raise Failure(at_least(name, 2, width, 1))
    if block.rows > 1 and block.columns > 1:
        raise Failure(ErrorValue("#VALUE!", f"{name} range must be a single row or a single column."))
    check_room(-(-block.size // width), width)
    values = block.values()
    values += [filler] * (-len(values) % width)
    return Block.from_values(values, len(values) // width, width)
