"""Call a function of single cells for every cell of a block."""

from collections.abc import Iterable
from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.registry import Context, Function
from sheets_crm.emulator.formulas.stacking import under
from sheets_crm.emulator.formulas.values import Area, Block, Failure, Uncoerced, Value

__all__ = ["lift"]


def lift(context: Context, known: Function, arguments: list[Any], places: set[int]) -> Block:
    """Call a function once for each different combination of the cells of its block arguments.

    A block of one row or column is repeated over the others; where a block is shorter than the longest, #N/A
    stands in.
    """
    made = known.whole(context, arguments) if known.whole is not None else None
    if made is not None:
        return made
    blocks = {place: arguments[place] for place in sorted(places)}
    rows = max(block.rows for block in blocks.values())
    columns = max(block.columns for block in blocks.values())
    cells = [block.fitted(rows, columns).values() for block in blocks.values()]
    known_results: dict[tuple[Any, ...], Any] = {}
    results: list[Any] = []
    for combination in zip(*cells, strict=True):
        key = tuple((type(value), value) for value in combination)
        if key not in known_results:
            known_results[key] = _one(context, known, arguments, dict(zip(blocks, combination, strict=True)))
        results.append(known_results[key])
    if any(isinstance(result, Block) for result in results):
        return under([result if isinstance(result, Block) else Block.of(result) for result in results], fill=True)
    return Block.from_values(results, rows, columns)


def _one(
    context: Context, known: Function, arguments: list[Any], cells: dict[int, CellValue]
) -> CellValue | Block:
    whole = [cells.get(place, argument) for place, argument in enumerate(arguments)]
    try:
        if not known.errors:
            _refuse_errors(cells.values())
        return _flat(context, known.body(context, *whole))
    except Uncoerced as problem:
        return problem.named(known.name, whole)
    except Failure as failure:
        return failure.error


def _refuse_errors(cells: Iterable[CellValue]) -> None:
    for value in cells:
        if isinstance(value, ErrorValue):
            raise Failure(value)


def _flat(context: Context, value: Value) -> CellValue | Block:
    """A result that can stand in one row of the whole."""
    if isinstance(value, Area):
        value = context.block(value)
    if isinstance(value, Block):
        return value.at(0, 0) if value.size == 1 or value.rows > 1 else value
    return value
