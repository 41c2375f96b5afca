"""COUNTIF, COUNTIFS, COUNTUNIQUEIFS, PERCENTIF, SUMIF, SUMIFS, AVERAGEIF, AVERAGEIFS, MAXIFS, MINIFS."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.criteria import count_matches, matches, read_criterion
from sheets_crm.emulator.formulas.reasons import NOT_A_RANGE, divided_by_zero, wrong_count
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import ERROR, NUMBER, Area, Block, Failure, Floats, Mask, Value

__all__ = ["countif", "countifs"]


@function("COUNTIF", "rs", errors=True)
def countif(context: Context, cells: Value, condition: CellValue) -> float:
    """Count the cells that meet one condition."""
    _refuse(cells)
    return float(count_matches(context.block(cells), read_criterion(condition, context.language)))


@function("COUNTIFS", "rs", repeat="rs", errors=True)
def countifs(context: Context, *pairs: Any) -> float:
    """Count the rows whose cells meet every condition."""
    return float(np.count_nonzero(_all_met(context, "COUNTIFS", pairs)))


@function("PERCENTIF", "rs", errors=True)
def _percentif(context: Context, cells: Value, condition: CellValue) -> float:
    """The share of a range's cells that meet a condition."""
    return countif(context, cells, condition) / context.block(cells).size


@function("COUNTUNIQUEIFS", "r", repeat="rs", least=3, errors=True)
def _countuniqueifs(context: Context, cells: Value, *pairs: Any) -> float:
    block, met = _tested(context, "COUNTUNIQUEIFS", cells, pairs)
    chosen = [cell for cell, holds in zip(block.values(), met.ravel().tolist(), strict=True) if holds]
    return float(len({(type(cell), cell) for cell in chosen if cell is not None}))


def _refuse(cells: Value) -> None:
    if isinstance(cells, ErrorValue):
        raise Failure(cells)


def _all_met(context: Context, name: str, pairs: tuple[Any, ...], shape: tuple[int, int] | None = None) -> Mask:
    if not pairs or len(pairs) % 2:
        least = 2 if shape is None else 3
        raise Failure(wrong_count(name, least, None, len(pairs) + least - 2))
    met: Mask | None = None
    for cells, condition in zip(pairs[::2], pairs[1::2], strict=True):
        _refuse(cells)
        block = context.block(cells)
        if shape is not None and block.kinds.shape != shape:
            raise Failure(ErrorValue("#VALUE!", f"Array arguments to {name} are of different size."))
        shape = (block.rows, block.columns)
        holds = matches(block, read_criterion(condition, context.language))
        met = holds if met is None else met & holds
    return np.zeros((0, 0), dtype=bool) if met is None else met


def _tested(context: Context, name: str, cells: Value, pairs: tuple[Any, ...]) -> tuple[Block, Mask]:
    _refuse(cells)
    block = context.block(cells)
    return block, _all_met(context, name, pairs, (block.rows, block.columns))


def _chosen(context: Context, name: str, numbers: Value, pairs: tuple[Any, ...]) -> Floats:
    """The numbers of the rows that meet every condition.

    Raises:
        Failure: What is added up is no range (B); an error among what is.
    """
    _refuse(numbers)
    if not isinstance(numbers, Area):
        raise Failure(NOT_A_RANGE)
    block, met = _tested(context, name, numbers, pairs)
    wrong = met & (block.kinds == ERROR)
    if block.objects is not None and wrong.any():
        raise Failure(block.objects[wrong][0])
    chosen: Floats = block.numbers[met & (block.kinds == NUMBER)]
    return chosen


def _of_one(context: Context, name: str, cells: Value, condition: CellValue, numbers: Value) -> Floats:
    """The numbers for one condition: of the range that is tested, which may be an array, or of one as large."""
    if numbers is None:
        if isinstance(cells, Area | ErrorValue):
            return _chosen(context, name, cells, (cells, condition))
        block, met = _tested(context, name, cells, (cells, condition))
        own: Floats = block.numbers[met & (block.kinds == NUMBER)]
        return own
    return _chosen(context, name, _beside(context, cells, numbers), (cells, condition))


def _beside(context: Context, cells: Value, numbers: Value) -> Value:
    """The range that SUMIF adds up: as large as the one it tests, from the given one's first cell."""
    if isinstance(cells, Area | Block) and isinstance(numbers, Area):
        size = context.source.size(numbers.title) or (0, 0)
        bottom, right = numbers.top + cells.rows - 1, numbers.left + cells.columns - 1
        if bottom < size[0] and right < size[1]:
            return Area(numbers.title, numbers.top, numbers.left, bottom, right)
    return numbers


def _mean(name: str, numbers: Floats) -> float:
    if not numbers.size:
        raise Failure(divided_by_zero(name))
    return float(numbers.mean())


_COMBINED: dict[str, Callable[[str, Floats], float]] = {
    "SUM": lambda _name, numbers: float(numbers.sum()),
    "AVERAGE": _mean,
    "MAX": lambda _name, numbers: float(numbers.max()) if numbers.size else 0.0,
    "MIN": lambda _name, numbers: float(numbers.min()) if numbers.size else 0.0,
}


def _declare_for_one(name: str, combined: Callable[[str, Floats], float]) -> None:
    def body(context: Context, cells: Value, condition: CellValue, numbers: Value = None) -> float:
        return combined(name, _of_one(context, name, cells, condition, numbers))

    function(name, "rsr", least=2, errors=True)(body)


def _declare_for_many(name: str, combined: Callable[[str, Floats], float]) -> None:
    def body(context: Context, numbers: Value, *pairs: Any) -> float:
        return combined(name, _chosen(context, name, numbers, pairs))

    function(name, "r", repeat="rs", least=3, errors=True)(body)


for _start in ("SUM", "AVERAGE"):
    _declare_for_one(_start + "IF", _COMBINED[_start])
for _start, _way in _COMBINED.items():
    _declare_for_many(_start + "IFS", _way)
