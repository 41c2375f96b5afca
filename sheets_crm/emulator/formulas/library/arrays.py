"""Functions whose result is many cells: FILTER, SORT, UNIQUE, SEQUENCE and their like."""

from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool, to_number
from sheets_crm.emulator.formulas.library.ordering import order_rows, row_ranks
from sheets_crm.emulator.formulas.reasons import at_least, between, sizes_differ
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.stacking import check_room
from sheets_crm.emulator.formulas.values import BOOL, NUMBER, TEXT, Block, Failure, Mask, Value

__all__: list[str] = []


@function("ARRAYFORMULA", "r", arrays=True)
def _arrayformula(context: Context, value: Value) -> Value:
    return context.block(value)


@function("FILTER", "rr", repeat="r", arrays=True)
def _filter(context: Context, cells: Value, *conditions: Value) -> Block:
    """Keep the rows (or columns) for which every condition holds; #N/A when none is left, as in Google."""
    block = context.block(cells)
    tests = [context.block(condition) for condition in conditions]
    rowwise = _is_rowwise(block, tests[0])
    wanted = (block.rows, 1) if rowwise else (1, block.columns)
    for test in tests:
        # Every size is looked at before any condition is (A).
        if (test.rows, test.columns) != wanted:
            raise Failure(sizes_differ("FILTER", wanted, (test.rows, test.columns), "#N/A"))
    kept: Mask = np.logical_and.reduce([_held(context, test) for test in tests])
    if not kept.any():
        raise Failure(ErrorValue("#N/A", "No matches are found in FILTER evaluation."))
    return block.pick(kept) if rowwise else block.pick(columns=kept)


def _is_rowwise(block: Block, tests: Block) -> bool:
    """Whether rows are kept; what fits neither way was meant for rows."""
    across = tests.rows == 1 and tests.columns == block.columns
    return not across or (tests.columns == 1 and tests.rows == block.rows)


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
    wanted, mode = int(to_number(count, context.language)), int(to_number(ties, context.language))
    if wanted < 1:
        raise Failure(at_least("SORTN", 2, wanted, 1, "#VALUE!"))
    if mode not in (0, 1, 2, 3):
        raise Failure(between("SORTN", 3, mode, (0, 3), "#VALUE!"))
    block, order = context.block(cells), keys or (1.0, True)
    ranks = row_ranks(context, block, order)
    ordered = order_rows(context, block, order)
    return ordered.pick(_kept_of_ties(ranks, wanted, mode))


def _kept_of_ties(ranks: list[int], count: int, mode: int) -> list[int]:
    """Which rows stay: so many (0), with those that tie with the last (1), one of each (2), so many kinds (3)."""
    places = range(len(ranks))
    if mode == 0:
        return list(places[:count])
    if mode == 1:
        last = ranks[min(count, len(ranks)) - 1]
        return [place for place in places if ranks[place] <= last]
    if mode == 2:
        first = [place for place in places if place == 0 or ranks[place] != ranks[place - 1]]
        return first[:count]
    return [place for place in places if ranks[place] < count]


@function("TRANSPOSE", "r", arrays=True)
def _transpose(context: Context, cells: Value) -> Block:
    return context.block(cells).transposed()


@function("SEQUENCE", "ssss", least=1)
def _sequence(
    context: Context, rows: CellValue, columns: CellValue = 1.0, start: CellValue = 1.0, step: CellValue = 1.0
) -> Block:
    height, width = (int(to_number(count, context.language)) for count in (rows, columns))
    first, by = to_number(start, context.language), to_number(step, context.language)
    if height < 1 or width < 1:
        place, given = (1, height) if height < 1 else (2, width)
        raise Failure(at_least("SEQUENCE", place, given, 1))
    check_room(height, width)
    return Block.of_numbers((first + by * np.arange(height * width, dtype=np.float64)).reshape(height, width))


@function("FREQUENCY", "rr", arrays=True)
def _frequency(context: Context, cells: Value, classes: Value) -> Block:
    numbers, edges = (context.block(value) for value in (cells, classes))
    error = numbers.first_error() or edges.first_error()
    if error is not None:
        raise Failure(error)
    data = numbers.numbers[numbers.kinds == NUMBER]
    bounds = np.sort(edges.numbers[edges.kinds == NUMBER])
    counts = np.histogram(np.searchsorted(bounds, data, side="left"), bins=np.arange(len(bounds) + 2))[0]
    return Block.of_numbers(counts.astype(np.float64).reshape(-1, 1))
