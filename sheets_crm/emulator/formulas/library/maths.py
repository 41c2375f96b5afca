"""Numbers: rounding, roots, remainders, ranks, chance, and the operators under their function names."""

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.library.aggregates import numbers_of
from sheets_crm.emulator.formulas.operators import apply_infix
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import DIV0, NUM, Failure, Value

__all__: list[str] = []


def _of_one(names: str, compute: Callable[[float], Any]) -> None:
    def body(context: Context, value: CellValue) -> float:
        try:
            return normal(float(compute(to_number(value, context.language))))
        except (ValueError, OverflowError) as problem:
            raise Failure(NUM) from problem

    function(names, "s")(body)


_NUMERIC: dict[str, Callable[[float], Any]] = {
    "ABS": abs,
    "INT": math.floor,
    "SQRT": math.sqrt,
    "EXP": math.exp,
    "LN": math.log,
    "LOG10": math.log10,
    "SIN": math.sin,
    "COS": math.cos,
    "TAN": math.tan,
    "ASIN": math.asin,
    "ACOS": math.acos,
    "ATAN": math.atan,
    "DEGREES": math.degrees,
    "RADIANS": math.radians,
    "SIGN": lambda number: (number > 0) - (number < 0),
    "FACT": lambda number: math.factorial(int(number)),
    "EVEN": lambda number: math.copysign(math.ceil(abs(number) / 2) * 2, number),
    "ODD": lambda number: math.copysign(max(1, math.ceil((abs(number) - 1) / 2) * 2 + 1), number),
}

for _name, _compute in _NUMERIC.items():
    _of_one(_name, _compute)


def _rounded(number: float, places: int, way: Callable[[float], float]) -> float:
    """Round by decimal places, undoing first the noise that binary fractions leave."""
    scale = 10.0**places
    scaled = float(f"{abs(number) * scale:.12g}") if places < 300 else abs(number)
    return math.copysign(way(scaled) / scale, number) if scaled else 0.0


def _places(context: Context, value: CellValue) -> int:
    return int(to_number(value, context.language))


@function("ROUND", "ss", least=1)
def _round(context: Context, value: CellValue, places: CellValue = 0.0) -> float:
    return _rounded(to_number(value, context.language), _places(context, places), lambda x: math.floor(x + 0.5))


@function("ROUNDUP", "ss", least=1)
def _roundup(context: Context, value: CellValue, places: CellValue = 0.0) -> float:
    return _rounded(to_number(value, context.language), _places(context, places), math.ceil)


@function("ROUNDDOWN TRUNC", "ss", least=1)
def _rounddown(context: Context, value: CellValue, places: CellValue = 0.0) -> float:
    return _rounded(to_number(value, context.language), _places(context, places), math.floor)


@function("CEILING CEILING.MATH", "ss", least=1)
def _ceiling(context: Context, value: CellValue, step: CellValue = 1.0) -> float:
    return _stepped(context, value, step, math.ceil)


@function("FLOOR FLOOR.MATH", "ss", least=1)
def _floor(context: Context, value: CellValue, step: CellValue = 1.0) -> float:
    if to_number(step, context.language) == 0 != to_number(value, context.language):
        raise Failure(DIV0)
    return _stepped(context, value, step, math.floor)


def _stepped(context: Context, value: CellValue, step: CellValue, way: Callable[[float], float]) -> float:
    number, by = to_number(value, context.language), to_number(step, context.language)
    if by == 0:
        return 0.0
    if number > 0 > by:
        raise Failure(NUM)
    return normal(way(float(f"{number / by:.12g}")) * by)


@function("MROUND", "ss")
def _mround(context: Context, value: CellValue, step: CellValue) -> float:
    if to_number(value, context.language) * to_number(step, context.language) < 0:
        raise Failure(NUM)
    return _stepped(context, value, step, lambda x: math.floor(x + 0.5))


@function("MOD", "ss")
def _mod(context: Context, value: CellValue, by: CellValue) -> float:
    divisor = to_number(by, context.language)
    if divisor == 0:
        raise Failure(DIV0)
    return to_number(value, context.language) % divisor


@function("QUOTIENT", "ss")
def _quotient(context: Context, value: CellValue, by: CellValue) -> float:
    divisor = to_number(by, context.language)
    if divisor == 0:
        raise Failure(DIV0)
    return float(math.trunc(to_number(value, context.language) / divisor))


@function("LOG", "ss", least=1)
def _log(context: Context, value: CellValue, base: CellValue = 10.0) -> float:
    number, root = to_number(value, context.language), to_number(base, context.language)
    if number <= 0 or root <= 0:
        raise Failure(NUM)
    if root == 1:
        raise Failure(DIV0)
    return math.log10(number) if root == 10 else math.log(number, root)


@function("PI", "")
def _pi(_context: Context) -> float:
    return math.pi


@function("ATAN2", "ss")
def _atan2(context: Context, x: CellValue, y: CellValue) -> float:
    return math.atan2(to_number(y, context.language), to_number(x, context.language))


@function("ISEVEN", "s")
def _iseven(context: Context, value: CellValue) -> bool:
    return int(to_number(value, context.language)) % 2 == 0


@function("ISODD", "s")
def _isodd(context: Context, value: CellValue) -> bool:
    return int(to_number(value, context.language)) % 2 == 1


@function("RAND", "")
def _rand(_context: Context) -> float:
    return random.random()  # noqa: S311 - a spreadsheet's RAND


@function("RANDBETWEEN", "ss")
def _randbetween(context: Context, low: CellValue, high: CellValue) -> float:
    first, last = (to_number(value, context.language) for value in (low, high))
    if first > last:
        raise Failure(NUM)
    return float(random.randint(math.ceil(first), math.floor(last)))  # noqa: S311 - a spreadsheet's RANDBETWEEN


@function("LARGE", "rs")
def _large(context: Context, cells: Value, place: CellValue) -> float:
    return _ranked(context, cells, place, largest=True)


@function("SMALL", "rs")
def _small(context: Context, cells: Value, place: CellValue) -> float:
    return _ranked(context, cells, place, largest=False)


def _ranked(context: Context, cells: Value, place: CellValue, *, largest: bool) -> float:
    numbers = np.sort(numbers_of(context, (cells,)))
    index = int(to_number(place, context.language))
    if not 1 <= index <= len(numbers):
        raise Failure(ErrorValue("#NUM!", "There are not so many numbers."))
    return float(numbers[-index] if largest else numbers[index - 1])


@function("RANK RANK.EQ", "srs", least=2)
def _rank(context: Context, value: CellValue, cells: Value, ascending: CellValue = 0.0) -> float:
    number, numbers = to_number(value, context.language), numbers_of(context, (cells,))
    if number not in numbers:
        raise Failure(ErrorValue("#N/A", "The value is not among the numbers."))
    before = numbers < number if to_number(ascending, context.language) else numbers > number
    return float(np.count_nonzero(before) + 1)


def _operator(name: str, operator: str) -> None:
    def body(context: Context, left: CellValue, right: CellValue) -> Value:
        return apply_infix(operator, left, right, context.language)

    function(name, "ss")(body)


for _name, _sign in {
    "ADD": "+",
    "MINUS": "-",
    "MULTIPLY": "*",
    "DIVIDE": "/",
    "POW": "^",
    "POWER": "^",
    "EQ": "=",
    "NE": "<>",
    "GT": ">",
    "GTE": ">=",
    "LT": "<",
    "LTE": "<=",
}.items():
    _operator(_name, _sign)


@function("SUMSQ", "r", repeat="r")
def _sumsq(context: Context, *values: Value) -> float:
    return normal(float((numbers_of(context, values) ** 2).sum()))


@function("ISBETWEEN", "sssss", least=3)
def _isbetween(
    context: Context,
    value: CellValue,
    low: CellValue,
    high: CellValue,
    low_too: CellValue = True,
    high_too: CellValue = True,
) -> bool:
    above = apply_infix(">=" if low_too else ">", value, low, context.language)
    below = apply_infix("<=" if high_too else "<", value, high, context.language)
    return bool(above) and bool(below)
