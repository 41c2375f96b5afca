"""Find cells: INDEX, MATCH, XLOOKUP, VLOOKUP, HLOOKUP, LOOKUP, OFFSET, INDIRECT, CHOOSE."""

from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool, to_number, to_text
from sheets_crm.emulator.formulas.criteria import wildcard
from sheets_crm.emulator.formulas.operators import compare
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import REF, Area, Block, Failure, Refusal, Value, kind_of

__all__: list[str] = []

_MISSING = ErrorValue("#N/A", "Did not find the value in the lookup.")


def _whole(context: Context, value: CellValue) -> int:
    return int(to_number(value, context.language))


@function("INDEX", "rss", least=1, arrays=True)
def _index(context: Context, cells: Value, row: CellValue = None, column: CellValue = None) -> Value:
    down, right = _whole(context, row), _whole(context, column)
    area = cells if isinstance(cells, Area) else context.block(cells)
    if column is None and area.rows == 1 and down > 1:
        down, right = 1, down
    if down < 0 or right < 0 or down > area.rows or right > area.columns:
        raise Failure(ErrorValue("#REF!", "INDEX is out of range."))
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
    block = context.block(value)
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


def _sorted_place(block: Block, wanted: CellValue, direction: int) -> int | None:
    """Find the last value not above the wanted one in an ascending column (not below it in a descending one)."""
    found: int | None = None
    for place, cell in enumerate(block.values()):
        if cell is None or kind_of(cell) != kind_of(wanted):
            continue
        if compare(cell, wanted) * direction > 0:
            break
        found = place
    return found


@function("MATCH", "srs", least=2)
def _match(context: Context, wanted: CellValue, cells: Value, kind: CellValue = 1.0) -> float:
    block, way = _line(context, cells), to_number(kind, context.language)
    if way == 0:
        place = find_exact(block, wanted, wildcards=True)
    else:
        place = _sorted_place(block, wanted, 1 if way > 0 else -1)
    if place is None:
        raise Failure(
            ErrorValue("#N/A", f"Did not find value '{to_text(wanted, context.language)}' in MATCH evaluation.")
        )
    return float(place + 1)


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
    if place is None:
        raise Failure(_MISSING)
    return float(place + 1)


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
        raise Failure(ErrorValue("#N/A", "XLOOKUP needs ranges of equal size."))
    place = _xplace(keys, wanted, _whole(context, mode), _whole(context, order) < 0)
    if place is None:
        if missing is None:
            raise Failure(_MISSING)
        return missing
    part = answers.pick(columns=slice(place, place + 1)) if across else answers.pick(slice(place, place + 1))
    return part.at(0, 0) if part.size == 1 else part


@function("VLOOKUP", "srss", least=3)
def _vlookup(
    context: Context, wanted: CellValue, cells: Value, column: CellValue, near: CellValue = True
) -> CellValue:
    return _table_lookup(context, wanted, context.block(cells), _whole(context, column), near)


@function("HLOOKUP", "srss", least=3)
def _hlookup(
    context: Context, wanted: CellValue, cells: Value, row: CellValue, near: CellValue = True
) -> CellValue:
    return _table_lookup(context, wanted, context.block(cells).transposed(), _whole(context, row), near)


def _table_lookup(context: Context, wanted: CellValue, table: Block, number: int, near: CellValue) -> CellValue:
    if not 1 <= number <= table.columns:
        kind = "#REF!" if number > table.columns else "#VALUE!"
        raise Failure(ErrorValue(kind, "VLOOKUP evaluates to an out of bounds range."))
    first: Block | None = table.memo.get("first column")
    if first is None:
        first = table.memo["first column"] = table.pick(columns=slice(0, 1))
    if to_bool(near, context.language):
        place = _sorted_place(first, wanted, 1)
    else:
        place = find_exact(first, wanted, wildcards=True)
    if place is None:
        raise Failure(_MISSING)
    return table.at(place, number - 1)


@function("LOOKUP", "srr", least=2, arrays=True)
def _lookup(context: Context, wanted: CellValue, cells: Value, results: Value = None) -> CellValue:
    place = _sorted_place(_line(context, cells), wanted, 1)
    if place is None:
        raise Failure(_MISSING)
    answers = _line(context, cells if results is None else results)
    if place >= answers.rows:
        raise Failure(REF)
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
        raise Failure(ErrorValue("#N/A", "Argument must be a range."))
    top, left = start.top + _whole(context, down), start.left + _whole(context, right)
    rows = start.rows if height is None else _whole(context, height)
    columns = start.columns if width is None else _whole(context, width)
    size = context.source.size(start.title) or (0, 0)
    if min(top, left) < 0 or rows < 1 or columns < 1 or top + rows > size[0] or left + columns > size[1]:
        raise Failure(ErrorValue("#REF!", "OFFSET evaluates to an out of bounds range."))
    return Area(start.title, top, left, top + rows - 1, left + columns - 1)


@function("INDIRECT", "ss", least=1)
def _indirect(context: Context, text: CellValue, plain: CellValue = True) -> Area:
    if not to_bool(plain, context.language):
        raise Refusal("The emulator does not read R1C1 references")
    return context.area(to_text(text, context.language))


@function("CHOOSE", "sn", repeat="n")
def _choose(context: Context, number: CellValue, *nodes: Any) -> Value:
    place = _whole(context, number)
    if not 1 <= place <= len(nodes):
        raise Failure(ErrorValue("#NUM!", f"Function CHOOSE parameter 1 value is {place}."))
    return context.evaluate(nodes[place - 1])
