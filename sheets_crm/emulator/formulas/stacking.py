"""Put blocks beside and under one another."""

from collections.abc import Sequence

import numpy as np

from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.formulas.reasons import MISSING_IN_LITERAL
from sheets_crm.emulator.formulas.values import ERROR, NA, Block, Failure, Objects

__all__ = ["beside", "check_room", "stack_grid", "under"]

#: What a spreadsheet can hold.
_MOST_CELLS = 10_000_000
#: The kind B for SEQUENCE, the words C.
_TOO_LARGE = ErrorValue("#VALUE!", "Result too large.")


def check_room(rows: int, columns: int) -> None:
    """Refuse an array that no spreadsheet could hold, before it is made.

    Raises:
        Failure: #VALUE!.
    """
    if rows * columns > _MOST_CELLS:
        raise Failure(_TOO_LARGE)


def _objects(blocks: Sequence[Block], axis: int) -> Objects | None:
    if all(block.objects is None for block in blocks):
        return None
    return np.concatenate(
        [
            np.empty(block.kinds.shape, dtype=object) if block.objects is None else block.objects
            for block in blocks
        ],
        axis=axis,
    )


def _joined(blocks: Sequence[Block], axis: int) -> Block:
    kinds = np.concatenate([block.kinds for block in blocks], axis=axis)
    return Block(kinds, np.concatenate([block.numbers for block in blocks], axis=axis), _objects(blocks, axis))


def under(blocks: Sequence[Block], *, fill: bool = False) -> Block:
    """Put blocks under one another; of unequal widths only with `fill`, which leaves #N/A in what is short.

    Raises:
        Failure: #VALUE!, for unequal widths.
    """
    width = max(block.columns for block in blocks)
    if fill:
        blocks = [_widened(block, block.rows, width) for block in blocks]
    elif any(block.columns != width for block in blocks):
        raise Failure(MISSING_IN_LITERAL)
    return _joined(blocks, 0)


def beside(blocks: Sequence[Block], *, fill: bool = False) -> Block:
    """Put blocks beside one another; of unequal heights only with `fill`, which leaves #N/A in what is short.

    Raises:
        Failure: #VALUE!, for unequal heights.
    """
    height = max(block.rows for block in blocks)
    if fill:
        blocks = [_widened(block, height, block.columns) for block in blocks]
    elif any(block.rows != height for block in blocks):
        raise Failure(MISSING_IN_LITERAL)
    return _joined(blocks, 1)


def stack_grid(grid: Sequence[Sequence[Block]]) -> Block:
    """Put together an array in braces."""
    return under([beside(row) for row in grid])


def _widened(block: Block, rows: int, columns: int) -> Block:
    if block.kinds.shape == (rows, columns):
        return block
    kinds, numbers = np.full((rows, columns), ERROR, np.uint8), np.zeros((rows, columns))
    objects = np.full((rows, columns), NA, dtype=object)
    place = (slice(0, block.rows), slice(0, block.columns))
    kinds[place], numbers[place] = block.kinds, block.numbers
    objects[place] = None if block.objects is None else block.objects
    return Block(kinds, numbers, objects)
