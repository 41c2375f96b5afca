"""``+ - * / ^`` and the signs, over single cells and over blocks, with the errors that Google reports for them."""

import math

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.reasons import not_coerced, zero_divisor
from sheets_crm.emulator.formulas.values import (
    ERROR,
    NUM,
    NUMBER,
    TEXT,
    Block,
    Failure,
    Floats,
    Objects,
    Uncoerced,
)
from sheets_crm.emulator.languages import Language

__all__ = ["NAMES", "blocks_computed", "cells_computed", "fit"]

#: Google reports an operator's error under the name of the function that it stands for (A for ADD and DIVIDE).
NAMES = {"+": "ADD", "-": "MINUS", "*": "MULTIPLY", "/": "DIVIDE", "^": "POW"}
_DIVIDED = zero_divisor("DIVIDE")


def cells_computed(
    operator: str, left: CellValue, right: CellValue, language: Language, name: str | None = None
) -> float:
    """Work out two cells; `name` is what a sign calls itself in an error.

    Raises:
        Failure: The left cell's error, or the right one's; #VALUE! for text; what the operator itself gives.
    """
    function = name or NAMES[operator]
    x = _number(left, function, 1, language)
    return _arithmetic(operator, x, _number(right, function, 2, language))


def _number(value: CellValue, function: str, place: int, language: Language) -> float:
    try:
        return to_number(value, language)
    except Uncoerced as problem:
        raise Failure(not_coerced(function, place, str(problem.value), "number")) from problem


def _arithmetic(operator: str, x: float, y: float) -> float:
    match operator:
        case "+":
            return normal(x + y)
        case "-":
            return normal(x - y)
        case "*":
            return normal(x * y)
        case "/":
            if y == 0:
                raise Failure(_DIVIDED)
            return normal(x / y)
        case _:
            return _power(x, y)


def _power(x: float, y: float) -> float:
    """Raise to a power; 0^0 is 1, 0^-1 #NUM!, and a negative number has its odd roots: POWER(-8;1/3) is -2 (B)."""
    if x < 0 and y != int(y) and _is_odd_root(y):
        return -_power(-x, y)
    try:
        return normal(math.pow(x, y))
    except (OverflowError, ValueError) as problem:
        raise Failure(NUM) from problem


def _is_odd_root(power: float) -> bool:
    root = 1 / power
    return abs(root - round(root)) < 1e-9 and round(root) % 2 == 1


def blocks_computed(
    operator: str, left: Block, right: Block, shape: tuple[int, int], language: Language, name: str | None = None
) -> Block:
    """Work out two blocks cell by cell, in a few array operations."""
    function = name or NAMES[operator]
    x, left_errors = _numbers(left.fitted(*fit(left, shape)), function, 1, language)
    y, right_errors = _numbers(right.fitted(*fit(right, shape)), function, 2, language)
    with np.errstate(all="ignore"):
        match operator:
            case "+":
                out = x + y
            case "-":
                out = x - y
            case "*":
                # There is no zero below zero in a cell, as 0 * -1 would be.
                out = x * y + 0.0
            case "/":
                out = x / y + 0.0
            case _:
                return _with_errors(*_powers(x, y), left_errors, right_errors)
    return _with_errors(out, _unfinished(out, y if operator == "/" else None), left_errors, right_errors)


def fit(block: Block, shape: tuple[int, int]) -> tuple[int, int]:
    """Leave what arrays repeat by themselves; fill the rest with #N/A."""
    return (1 if block.rows == 1 else shape[0], 1 if block.columns == 1 else shape[1])


def _numbers(block: Block, function: str, place: int, language: Language) -> tuple[Floats, Objects | None]:
    """Each cell as a number, and the errors where there is none; empty text is 0 without being looked at."""
    if block.objects is None or not (block.has(TEXT) or block.has(ERROR)):
        return block.numbers, None
    wrong = (block.kinds == ERROR) | ((block.kinds == TEXT) & (block.objects != ""))
    if not wrong.any():
        return block.numbers, None
    numbers, errors = block.numbers.copy(), np.empty(block.kinds.shape, dtype=object)
    for where in zip(*np.nonzero(wrong), strict=True):
        try:
            numbers[where] = _number(block.objects[where], function, place, language)
        except Failure as failure:
            errors[where] = failure.error
    return numbers, errors


def _unfinished(out: Floats, divisor: Floats | None) -> Objects | None:
    bad = ~np.isfinite(out)
    if not bad.any():
        return None
    errors = np.empty(out.shape, dtype=object)
    errors[bad] = NUM
    if divisor is not None:
        errors[np.broadcast_to(divisor == 0, out.shape)] = _DIVIDED
    return errors


def _powers(x: Floats, y: Floats) -> tuple[Floats, Objects | None]:
    """Powers, one by one as for single cells: numpy's differ from them in the last digit."""
    bases, powers = np.broadcast_arrays(x, y)
    results: list[float] = []
    problems: dict[int, ErrorValue] = {}
    for place, (base, power) in enumerate(zip(bases.ravel().tolist(), powers.ravel().tolist(), strict=True)):
        try:
            results.append(_power(base, power))
        except Failure as failure:
            problems[place] = failure.error
            results.append(0.0)
    out = np.array(results, dtype=np.float64).reshape(bases.shape)
    if not problems:
        return out, None
    errors = np.empty(out.size, dtype=object)
    for place, error in problems.items():
        errors[place] = error
    return out, errors.reshape(out.shape)


def _with_errors(out: Floats, own: Objects | None, *given: Objects | None) -> Block:
    """The result, with an operand's error in place of the operator's own, and the left one's in place of both."""
    if own is None and all(errors is None for errors in given):
        return Block.of_numbers(out)
    objects = np.empty(out.shape, dtype=object)
    for errors in (own, *reversed(given)):
        if errors is not None:
            spread = np.broadcast_to(errors, out.shape)
            there = spread != None  # noqa: E711 - cell by cell
            objects[there] = spread[there]
    wrong = objects != None  # noqa: E711 - cell by cell
    kinds = np.where(wrong, ERROR, NUMBER).astype(np.uint8)
    return Block(kinds, np.where(wrong, 0.0, out), objects)
