"""Find cells: INDEX, MATCH, XLOOKUP, VLOOKUP, HLOOKUP, LOOKUP, OFFSET, INDIRECT, CHOOSE."""

from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool, to_number, to_text
from sheets_crm.emulator.formulas.criteria import wildcard
from sheets_crm.emulator.formulas.operators import compare
from sheets_crm.emulator.formulas.r1c1 import parse_r1c1
from sheets_crm.emulator.formulas.reasons import (
    NOT_A_RANGE,
    at_least,
    between,
    missing_value,
    out_of_bounds,
    out_of_range,
)
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Area, Block, Failure, Value, kind_of

__all__: list[str] = []


def _whole(context: Context, value: CellValue) -> int:
    return int(to_number(value, context.language))


@function("INDEX", "rss", least=1, arrays=True)
def _index(context: Context, cells: Value, row: CellValue = None, column: CellValue = None) -> Value:
    down, right = _whole(context, row), _whole(context, column)
    area = cells if isinstance(cells, Area) else context.block(cells)
    if column is None and area.rows == 1 and down > 1:
        down, right = 1, down
    for place, given, most in ((2, down, area.rows), (3, right, area.columns)):
        if given < 0:
            raise Failure(between("INDEX", place, given, (0, most), "#VALUE!"))
        if given > most:
            # #NUM! of a range (A), #REF! of an array (B).
            kind = "#NUM!" if isinstance(area, Area) else "#REF!"
            raise Failure(out_of_range("INDEX", place, given, kind))
    top, height = (down - 1, 1) if down else (0, area.rows)
    left, width = (right - 1, 1) if right else (0, area.columns)
    if isinstance(area, Area):
        start = (area.top + top, area.left + left)
        return Area(area.title, *start, start[0] + height - 1, start[1] + width - 1)
    part = area.pick(slice(top, top + height), slice(left, left + width))
    return part.at(0, 0) if part.size == 1 else part


def _line(context: Context, value: Value) -> Block:
    """A lookup range as one column.

    Raises:
        Failure: #N/A, when it is neither one row nor one column.
    """
    return _line_of(context.block(value))


def _line_of(block: Block) -> Block:
    if block.columns != 1 and block.rows != 1:
        raise Failure(ErrorValue("#N/A", "MATCH range must be a single row or a single column."))
    return block if block.columns == 1 else block.transposed()


def _key(value: CellValue) -> tuple[int, Any]:
    return kind_of(value), value.lower() if isinstance(value, str) else value


def find_exact(block: Block, wanted: CellValue, *, wildcards: bool = False, last: bool = False) -> int | None:
    """Find a value in a column, by an index that is kept with the block; a blank finds nothing."""
    if wildcards and isinstance(wanted, str) and any(sign in wanted for sign in "*?~"):
        pattern = wildcard(wanted.lower())
        places = (
            place
            for place, cell in enumerate(block.values())
            if isinstance(cell, str) and pattern.match(cell.lower())
        )
        return next(places, None)
    name = "last places" if last else "first places"
    index: dict[tuple[int, Any], int] | None = block.memo.get(name)
    if index is None:
        index = {}
        for place, cell in enumerate(block.values()):
            if cell is not None and (last or _key(cell) not in index):
                index[_key(cell)] = place
        block.memo[name] = index
    return None if wanted is None else index.get(_key(wanted))


def _nearest(block: Block, wanted: CellValue, direction: int) -> int | None:
    """Find the largest value not above (direction 1), or the smallest not below (-1), in any order."""
    best: int | None = None
    cells = block.values()
    for place, cell in enumerate(cells):
        if cell is None or isinstance(cell, ErrorValue) or kind_of(cell) != kind_of(wanted):
            continue
        if compare(cell, wanted) * direction <= 0 and (best is None or compare(cell, cells[best]) * direction > 0):
            best = place
    return best


def _of_kind(block: Block, kind: int) -> list[tuple[int, CellValue]]:
    """The cells of one kind with their places, kept with the block for the next lookup."""
    known: list[tuple[int, CellValue]] | None = block.memo.get(("of kind", kind))
    if known is None:
        cells = enumerate(block.values())
        known = [(place, cell) for place, cell in cells if cell is not None and kind_of(cell) == kind]
        block.memo[("of kind", kind)] = known
    return known


def _sorted_place(block: Block, wanted: CellValue, direction: int) -> int | None:
    """Find the last value not above the wanted one in an ascending column (not below it in a descending one).

    The search halves the column, which tells where it is not in order (B for LOOKUP); cells of another kind do
    not count.
    """
    cells = _of_kind(block, kind_of(wanted))
    low, high = 0, len(cells)
    while low < high:
        middle = (low + high) // 2
        if compare(cells[middle][1], wanted) * direction > 0:
            high = middle
        else:
            low = middle + 1
    return cells[low - 1][0] if low else None


@function("MATCH", "srs", least=2)
def _match(context: Context, wanted: CellValue, cells: Value, kind: CellValue = 1.0) -> float:
    block, way = _line(context, cells), to_number(kind, context.language)
    if way == 0:
        place = find_exact(block, wanted, wildcards=True)
    else:
        place = _sorted_place(block, wanted, 1 if way > 0 else -1)
    return float(_there("MATCH", place, wanted) + 1)


def _there(name: str, place: int | None, wanted: CellValue) -> int:
    if place is None:
        raise Failure(missing_value(name, None if isinstance(wanted, ErrorValue) else wanted))
    return place


def _xplace(block: Block, wanted: CellValue, mode: int, last: bool) -> int | None:
    place = find_exact(block, wanted, wildcards=mode == 2, last=last)
    if place is None and mode in (1, -1):
        return _nearest(block, wanted, -mode)
    return place


@function("XMATCH", "srss", least=2)
def _xmatch(
    context: Context, wanted: CellValue, cells: Value, mode: CellValue = 0.0, order: CellValue = 1.0
) -> float:
    place = _xplace(_line(context, cells), wanted, _whole(context, mode), _whole(context, order) < 0)
    return float(_there("XMATCH", place, wanted) + 1)


@function("XLOOKUP", "srrrss", least=3, errors=True)
def _xlookup(
    context: Context,
    wanted: CellValue,
    cells: Value,
    results: Value,
    missing: Value = None,
    mode: CellValue = 0.0,
    order: CellValue = 1.0,
) -> Value:
    for value in (wanted, cells, results):
        if isinstance(value, ErrorValue):
            raise Failure(value)
    keys, answers = _line(context, cells), context.block(results)
    across = context.block(cells).columns != 1
    if keys.rows != (answers.columns if across else answers.rows):
        raise Failure(ErrorValue("#N/A", "Array arguments to XLOOKUP are of different size."))
    place = _xplace(keys, wanted, _whole(context, mode), _whole(context, order) < 0)
    if place is None and missing is not None:
        return missing
    place = _there("XLOOKUP", place, wanted)
    part = answers.pick(columns=slice(place, place + 1)) if across else answers.pick(slice(place, place + 1))
    return part.at(0, 0) if part.size == 1 else part


@function("VLOOKUP", "srss", least=3)
def _vlookup(
    context: Context, wanted: CellValue, cells: Value, column: CellValue, near: CellValue = True
) -> CellValue:
    return _table_lookup(context, "VLOOKUP", wanted, context.block(cells), _whole(context, column), near)


@function("HLOOKUP", "srss", least=3)
def _hlookup(
    context: Context, wanted: CellValue, cells: Value, row: CellValue, near: CellValue = True
) -> CellValue:
    table = context.block(cells).transposed()
    return _table_lookup(context, "HLOOKUP", wanted, table, _whole(context, row), near)


def _table_lookup(
    context: Context, name: str, wanted: CellValue, table: Block, number: int, near: CellValue
) -> CellValue:
    if number < 1:
        raise Failure(at_least(name, 3, number, 1, "#VALUE!"))
    if number > table.columns:
        raise Failure(out_of_bounds(name))
    first: Block | None = table.memo.get("first column")
    if first is None:
        first = table.memo["first column"] = table.pick(columns=slice(0, 1))
    if to_bool(near, context.language):
        place = _sorted_place(first, wanted, 1)
    else:
        place = find_exact(first, wanted, wildcards=True)
    return table.at(_there(name, place, wanted), number - 1)


@function("LOOKUP", "srr", least=2, arrays=True)
def _lookup(context: Context, wanted: CellValue, cells: Value, results: Value = None) -> CellValue:
    """Of a whole table, the first column is searched and the last one answers; the rows of one that is wider (B)."""
    keys, answers = context.block(cells), None if results is None else _line(context, results)
    if answers is None:
        keys = keys.transposed() if keys.columns > keys.rows else keys
        answers = keys.pick(columns=slice(keys.columns - 1, keys.columns))
        keys = keys.pick(columns=slice(0, 1))
    place = _there("LOOKUP", _sorted_place(_line_of(keys), wanted, 1), wanted)
    if place >= answers.rows:
        raise Failure(out_of_bounds("LOOKUP"))
    return answers.at(place, 0)


@function("OFFSET", "rssss", least=3)
def _offset(
    context: Context,
    start: Value,
    down: CellValue,
    right: CellValue,
    height: CellValue = None,
    width: CellValue = None,
) -> Area:
    if not isinstance(start, Area):
        raise Failure(NOT_A_RANGE)
    top, left = start.top + _whole(context, down), start.left + _whole(context, right)
    rows = start.rows if height is None else _whole(context, height)
    columns = start.columns if width is None else _whole(context, width)
    size = context.source.size(start.title) or (0, 0)
    for place, count in ((4, rows), (5, columns)):
        if count < 1:
            raise Failure(at_least("OFFSET", place, count, 1, "#VALUE!"))
    if min(top, left) < 0 or top + rows > size[0] or left + columns > size[1]:
        raise Failure(out_of_bounds("Function OFFSET"))
    return Area(start.title, top, left, top + rows - 1, left + columns - 1)


@function("INDIRECT", "ss", least=1)
def _indirect(context: Context, text: CellValue, plain: CellValue = True) -> Area:
    """A reference written as text; one past the grid is blank, as one in a formula is (A)."""
    written = to_text(text, context.language)
    try:
        if to_bool(plain, context.language):
            # No text at all is no reference either (B).
            return context.area(written or "?")
        return context.resolve(parse_r1c1(written.strip(), context.row, context.column))
    except (Failure, ValueError) as problem:
        words = f"Function INDIRECT parameter 1 value is '{written}'. It is not a valid cell/range reference."
        raise Failure(ErrorValue("#REF!", words)) from problem


@function("CHOOSE", "sn", repeat="n")
def _choose(context: Context, number: CellValue, *nodes: Any) -> Value:
    place = _whole(context, number)
    if not 1 <= place <= len(nodes):
        raise Failure(between("CHOOSE", 1, place, (1, len(nodes)), "#NUM!"))
    return context.evaluate(nodes[place - 1])
