"""Functions that bring many cells down to one number: COUNT, SUM, AVERAGE, MAX, SUMPRODUCT and their like."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.reasons import divided_by_zero, sizes_differ
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import (
    BLANK,
    BOOL,
    NUMBER,
    TEXT,
    Area,
    Block,
    Failure,
    Floats,
    Uncoerced,
    Value,
)

__all__ = ["numbers_of", "with_texts"]


def numbers_of(context: Context, values: tuple[Any, ...]) -> Floats:
    """Collect the numbers among arguments: of ranges and arrays only NUMBER cells, single values as numbers.

    Raises:
        Failure: The first error among them; #VALUE! for a single text that is no number, empty text too
            (B: SUM and AVERAGE refuse ``""``, which is 0 in arithmetic).
    """
    return _collected(context, values, lambda block: block.numbers[block.kinds == NUMBER], empty_text=False)


def with_texts(context: Context, values: tuple[Any, ...]) -> Floats:
    """Collect as the functions whose names end in A do: of ranges, text counts as 0, TRUE and FALSE as 1 and 0.

    Raises:
        Failure: The first error among them; #VALUE! for a single text that is no number (not for empty text, B).
    """
    return _collected(context, values, lambda block: block.numbers[block.kinds != BLANK], empty_text=True)


def _collected(
    context: Context, values: tuple[Any, ...], counted: Callable[[Block], Floats], *, empty_text: bool
) -> Floats:
    found: list[Floats] = []
    for value in values:
        if isinstance(value, Area | Block):
            block = context.block(value)
            error = block.first_error()
            if error is not None:
                raise Failure(error)
            found.append(counted(block))
        elif value == "" and not empty_text:
            raise Uncoerced(value, "number")
        else:
            found.append(np.array([to_number(value, context.language)]))
    return np.concatenate(found) if found else np.zeros(0)


@function("SUM", "r", repeat="r")
def _sum(context: Context, *values: Value) -> float:
    return normal(float(numbers_of(context, values).sum()))


@function("AVERAGE", "r", repeat="r")
def _average(context: Context, *values: Value) -> float:
    numbers = numbers_of(context, values)
    if not numbers.size:
        raise Failure(divided_by_zero("AVERAGE"))
    return float(numbers.mean())


@function("MAX", "r", repeat="r")
def _max(context: Context, *values: Value) -> float:
    numbers = numbers_of(context, values)
    return float(numbers.max()) if numbers.size else 0.0


@function("MIN", "r", repeat="r")
def _min(context: Context, *values: Value) -> float:
    numbers = numbers_of(context, values)
    return float(numbers.min()) if numbers.size else 0.0


@function("PRODUCT", "r", repeat="r")
def _product(context: Context, *values: Value) -> float:
    numbers = numbers_of(context, values)
    return normal(float(numbers.prod())) if numbers.size else 0.0


@function("MEDIAN", "r", repeat="r")
def _median(context: Context, *values: Value) -> float:
    numbers = numbers_of(context, values)
    if not numbers.size:
        raise Failure(ErrorValue("#NUM!", "MEDIAN has no valid input data."))
    return float(np.median(numbers))


@function("COUNT", "r", repeat="r", errors=True)
def _count(context: Context, *values: Value) -> float:
    total = 0
    for value in values:
        if isinstance(value, Area | Block):
            total += int(np.count_nonzero(context.block(value).kinds == NUMBER))
        elif not isinstance(value, ErrorValue):
            # An empty text is no number here, though it counts as 0 elsewhere (B).
            total += int(value != "" and _is_number(context, value))
    return float(total)


def _is_number(context: Context, value: CellValue) -> bool:
    try:
        to_number(value, context.language)
    except Failure:
        return False
    return value is not None


@function("COUNTA", "r", repeat="r", errors=True)
def _counta(context: Context, *values: Value) -> float:
    total = 0
    for value in values:
        if isinstance(value, Area):
            total += context.source.filled(value)
        elif isinstance(value, Block):
            total += int(np.count_nonzero(value.kinds != BLANK))
        else:
            total += 1
    return float(total)


@function("COUNTBLANK", "r", repeat="r", errors=True)
def _countblank(context: Context, *values: Value) -> float:
    total = 0
    for value in values:
        block = context.block(value)
        total += int(np.count_nonzero(block.kinds == BLANK))
        if block.objects is not None:
            total += sum(text == "" for text in block.objects[block.kinds == TEXT].tolist())
    return float(total)


@function("COUNTUNIQUE", "r", repeat="r", errors=True)
def _countunique(context: Context, *values: Value) -> float:
    seen: set[Any] = set()
    for value in values:
        block = context.block(value)
        # Empty text is no value here (B).
        seen.update((type(cell), cell) for cell in block.values() if cell is not None and cell != "")
    return float(len(seen))


@function("SUMPRODUCT", "r", repeat="r", arrays=True)
def _sumproduct(context: Context, *values: Value) -> float:
    """Multiply cell by cell and add up; what is no number counts as 0, except inside an expression."""
    blocks = [context.block(value) for value in values]
    for block in blocks:
        if block.kinds.shape != blocks[0].kinds.shape:
            sizes = (blocks[0].rows, blocks[0].columns), (block.rows, block.columns)
            raise Failure(sizes_differ("SUMPRODUCT", *sizes, "#VALUE!"))
    product = np.ones(blocks[0].kinds.shape)
    for block in blocks:
        error = block.first_error()
        if error is not None:
            raise Failure(error)
        counted = (block.kinds == NUMBER) | (block.kinds == BOOL)
        product = product * np.where(counted, block.numbers, 0.0)
    return normal(float(product.sum()))
