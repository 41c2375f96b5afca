"""Put rows in order, as SORT does: numbers, then text, then FALSE and TRUE, blanks last either way."""

from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool, to_number
from sheets_crm.emulator.formulas.reasons import between
from sheets_crm.emulator.formulas.registry import Context
from sheets_crm.emulator.formulas.values import Area, Block, Failure, kind_of

__all__ = ["order_rows", "row_ranks"]


def order_rows(context: Context, block: Block, keys: tuple[Any, ...]) -> Block:
    """Order rows by keys (a column's number, or a column of as many rows), each followed by TRUE for ascending."""
    pairs = [*keys, True] if len(keys) % 2 else list(keys)
    places = list(range(block.rows))
    for key, ascending in reversed(list(zip(pairs[::2], pairs[1::2], strict=True))):
        cells = _key_cells(context, block, key)
        _order(places, cells, ascending=to_bool(context.cell(ascending), context.language))
    return block.pick(places)


def row_ranks(context: Context, block: Block, keys: tuple[Any, ...]) -> list[int]:
    """For the rows in order, how many different ones come before each; rows with equal keys have the same rank."""
    pairs = [*keys, True] if len(keys) % 2 else list(keys)
    marks = Block.from_grid([[float(place)] for place in range(block.rows)])
    given = [_key_cells(context, block, key) for key in pairs[::2]]
    columns = [Block.from_values(cells, block.rows, 1) for cells in given]
    by = tuple(part for column, way in zip(columns, pairs[1::2], strict=True) for part in (column, way))
    order = [int(place) for place in order_rows(context, marks, by).numbers[:, 0].tolist()]
    ranks, last = [0] * len(order), [_alike(cells[order[0]]) for cells in given] if order else []
    for index, place in enumerate(order):
        key = [_alike(cells[place]) for cells in given]
        ranks[index] = (ranks[index - 1] if index else 0) + (key != last)
        last = key
    return ranks


def _alike(value: CellValue) -> Any:
    return value.lower() if isinstance(value, str) else (type(value), value)


def _key_cells(context: Context, block: Block, key: Any) -> list[CellValue]:
    if isinstance(key, Area | Block) and context.block(key).rows == block.rows and block.rows > 1:
        return context.block(key).pick(columns=slice(0, 1)).values()
    number = int(to_number(context.cell(key), context.language))
    if block.rows == 1:
        # One row is in order whatever the column (B).
        return [None]
    if not 1 <= number <= block.columns:
        raise Failure(between("SORT", 2, number, (1, block.columns), "#VALUE!"))
    return block.pick(columns=slice(number - 1, number)).values()


def _order(places: list[int], cells: list[CellValue], *, ascending: bool) -> None:
    """Order places in a stable way."""

    def key(place: int) -> tuple[int, Any]:
        value = cells[place]
        if isinstance(value, ErrorValue):
            return 4, value.type
        return kind_of(value), value.lower() if isinstance(value, str) else value

    filled = [place for place in places if cells[place] is not None]
    blank = [place for place in places if cells[place] is None]
    places[:] = sorted(filled, key=key, reverse=not ascending) + blank
