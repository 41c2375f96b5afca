"""COUNTIF, COUNTIFS, SUMIF, SUMIFS, AVERAGEIF, AVERAGEIFS, MAXIFS, MINIFS."""

from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.criteria import count_matches, matches, read_criterion
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import DIV0, ERROR, NUMBER, Area, Failure, Floats, Mask, Value

__all__ = ["countif", "countifs"]


@function("COUNTIF", "rs", errors=True)
def countif(context: Context, cells: Value, condition: CellValue) -> float:
    """Count the cells that meet one condition."""
    _refuse(cells)
    return float(count_matches(context.block(cells), read_criterion(condition, context.language)))


@function("COUNTIFS", "rs", repeat="rs", errors=True)
def countifs(context: Context, *pairs: Any) -> float:
    """Count the rows whose cells meet every condition."""
    return float(np.count_nonzero(_all_met(context, pairs)))


def _refuse(cells: Value) -> None:
    if isinstance(cells, ErrorValue):
        raise Failure(cells)


def _all_met(context: Context, pairs: tuple[Any, ...], shape: tuple[int, int] | None = None) -> Mask:
    if len(pairs) % 2:
        raise Failure(ErrorValue("#N/A", "Every range needs its condition"))
    met: Mask | None = None
    for cells, condition in zip(pairs[::2], pairs[1::2], strict=True):
        _refuse(cells)
        block = context.block(cells)
        if shape is not None and block.kinds.shape != shape:
            raise Failure(ErrorValue("#VALUE!", "Array arguments to *IFS are of different size."))
        shape = (block.rows, block.columns)
        found = matches(block, read_criterion(condition, context.language))
        met = found if met is None else met & found
    if met is None:
        raise Failure(ErrorValue("#N/A", "Wrong number of arguments"))
    return met


def _chosen(context: Context, numbers: Value, pairs: tuple[Any, ...]) -> Floats:
    """The numbers of the rows that meet every condition."""
    _refuse(numbers)
    block = context.block(numbers)
    met = _all_met(context, pairs, (block.rows, block.columns))
    wrong = met & (block.kinds == ERROR)
    if block.objects is not None and wrong.any():
        raise Failure(block.objects[wrong][0])
    found: Floats = block.numbers[met & (block.kinds == NUMBER)]
    return found


def _beside(context: Context, cells: Value, numbers: Value) -> Value:
    """The range that SUMIF adds up: as large as the one it tests, from the given one's first cell."""
    if numbers is None:
        return cells
    if isinstance(cells, Area) and isinstance(numbers, Area):
        size = context.source.size(numbers.title) or (0, 0)
        bottom, right = numbers.top + cells.rows - 1, numbers.left + cells.columns - 1
        if bottom < size[0] and right < size[1]:
            return Area(numbers.title, numbers.top, numbers.left, bottom, right)
    return numbers


@function("SUMIF", "rsr", least=2, errors=True)
def _sumif(context: Context, cells: Value, condition: CellValue, numbers: Value = None) -> float:
    return float(_chosen(context, _beside(context, cells, numbers), (cells, condition)).sum())


@function("SUMIFS", "r", repeat="rs", least=3, errors=True)
def _sumifs(context: Context, numbers: Value, *pairs: Any) -> float:
    return float(_chosen(context, numbers, pairs).sum())


@function("AVERAGEIF", "rsr", least=2, errors=True)
def _averageif(context: Context, cells: Value, condition: CellValue, numbers: Value = None) -> float:
    return _mean(_chosen(context, _beside(context, cells, numbers), (cells, condition)))


@function("AVERAGEIFS", "r", repeat="rs", least=3, errors=True)
def _averageifs(context: Context, numbers: Value, *pairs: Any) -> float:
    return _mean(_chosen(context, numbers, pairs))


def _mean(numbers: Floats) -> float:
    if not numbers.size:
        raise Failure(DIV0)
    return float(numbers.mean())


@function("MAXIFS", "r", repeat="rs", least=3, errors=True)
def _maxifs(context: Context, numbers: Value, *pairs: Any) -> float:
    found = _chosen(context, numbers, pairs)
    return float(found.max()) if found.size else 0.0


@function("MINIFS", "r", repeat="rs", least=3, errors=True)
def _minifs(context: Context, numbers: Value, *pairs: Any) -> float:
    found = _chosen(context, numbers, pairs)
    return float(found.min()) if found.size else 0.0
