"""Numbers: roots, remainders, ranks, and the operators under their function names."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.library.aggregates import numbers_of
from sheets_crm.emulator.formulas.operators import apply_infix, apply_prefix
from sheets_crm.emulator.formulas.reasons import (
    at_least,
    between,
    divided_by_zero,
    greater_than,
    no_value,
    out_of_range,
    zero_divisor,
)
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import NUM, Failure, Value

__all__ = ["rank"]

#: MOD refuses what has a larger quotient: 10^15 by 7 is #NUM! (B); where exactly it begins is not known (C).
_LARGEST_QUOTIENT = 1_125_900_000_000
#: 171! is no number that a cell could hold.
_FIRST_TOO_LARGE = 171


def _of_one(name: str, compute: Callable[[float], Any], check: Callable[[str, float], ErrorValue | None]) -> None:
    def body(context: Context, value: CellValue) -> float:
        number = to_number(value, context.language)
        problem = check(name, number)
        if problem is not None:
            raise Failure(problem)
        try:
            return normal(float(compute(number)))
        except (ValueError, OverflowError) as problem_:
            raise Failure(NUM) from problem_

    function(name, "s")(body)


def _any(_name: str, _number: float) -> ErrorValue | None:
    return None


def _above_zero(name: str, number: float) -> ErrorValue | None:
    return None if number > 0 else greater_than(name, 1, number, 0)


def _from_zero(name: str, number: float) -> ErrorValue | None:
    return None if number >= 0 else at_least(name, 1, number, 0)


def _within_one(name: str, number: float) -> ErrorValue | None:
    return None if -1 <= number <= 1 else between(name, 1, number, (-1, 1), "#NUM!")


def _factorial(number: float) -> int:
    if number >= _FIRST_TOO_LARGE:
        raise OverflowError
    return math.factorial(int(number))


_NUMERIC: dict[str, tuple[Callable[[float], Any], Callable[[str, float], ErrorValue | None]]] = {
    "ABS": (abs, _any),
    "INT": (math.floor, _any),
    "SQRT": (math.sqrt, _from_zero),
    "EXP": (math.exp, _any),
    "LN": (math.log, _above_zero),
    "LOG10": (math.log10, _above_zero),
    "SIN": (math.sin, _any),
    "COS": (math.cos, _any),
    "TAN": (math.tan, _any),
    "ASIN": (math.asin, _within_one),
    "ACOS": (math.acos, _within_one),
    "ATAN": (math.atan, _any),
    # Of negative numbers negative (A).
    "ACOT": (lambda number: math.atan(1 / number) if number else math.pi / 2, _any),
    "ERF.PRECISE": (math.erf, _any),
    "ERFC": (math.erfc, _any),
    "ERFC.PRECISE": (math.erfc, _any),
    "DEGREES": (math.degrees, _any),
    "RADIANS": (math.radians, _any),
    "SIGN": (lambda number: (number > 0) - (number < 0), _any),
    "FACT": (_factorial, _from_zero),
    # Negative numbers have no result at Google, even where the function has (B).
    "GAMMA": (math.gamma, _above_zero),
}

for _name, (_compute, _check) in _NUMERIC.items():
    _of_one(_name, _compute, _check)


@function("ERF", "ss", least=1)
def _erf(context: Context, value: CellValue, upper: CellValue = None) -> float:
    """From 0 to a number, or from one to the other."""
    first = math.erf(to_number(value, context.language))
    return first if upper is None else math.erf(to_number(upper, context.language)) - first


@function("MOD", "ss")
def _mod(context: Context, value: CellValue, by: CellValue) -> float:
    number, divisor = to_number(value, context.language), to_number(by, context.language)
    if divisor == 0:
        raise Failure(zero_divisor("MOD"))
    if abs(number / divisor) > _LARGEST_QUOTIENT:
        raise Failure(NUM)
    return number % divisor


@function("QUOTIENT", "ss")
def _quotient(context: Context, value: CellValue, by: CellValue) -> float:
    divisor = to_number(by, context.language)
    if divisor == 0:
        raise Failure(zero_divisor("QUOTIENT"))
    return float(math.trunc(to_number(value, context.language) / divisor))


@function("LOG", "ss", least=1)
def _log(context: Context, value: CellValue, base: CellValue = 10.0) -> float:
    number, root = to_number(value, context.language), to_number(base, context.language)
    for place, given in ((1, number), (2, root)):
        if given <= 0:
            raise Failure(greater_than("LOG", place, given, 0))
    if root == 1:
        raise Failure(divided_by_zero("LOG"))
    return math.log10(number) if root == 10 else math.log(number, root)


@function("PI", "")
def _pi(_context: Context) -> float:
    return math.pi


@function("ATAN2", "ss")
def _atan2(context: Context, x: CellValue, y: CellValue) -> float:
    across, up = to_number(x, context.language), to_number(y, context.language)
    if across == 0 == up:
        raise Failure(divided_by_zero("ATAN2"))
    return math.atan2(up, across)


@function("LARGE", "rs")
def _large(context: Context, cells: Value, place: CellValue) -> float:
    return _ranked(context, "LARGE", cells, place, largest=True)


@function("SMALL", "rs")
def _small(context: Context, cells: Value, place: CellValue) -> float:
    return _ranked(context, "SMALL", cells, place, largest=False)


def _ranked(context: Context, name: str, cells: Value, place: CellValue, *, largest: bool) -> float:
    numbers = np.sort(numbers_of(context, (cells,)))
    index = int(to_number(place, context.language))
    if not 1 <= index <= len(numbers):
        raise Failure(out_of_range(name, 2, index))
    return float(numbers[-index] if largest else numbers[index - 1])


@function("RANK RANK.EQ", "srs", least=2)
def _rank(context: Context, value: CellValue, cells: Value, ascending: CellValue = 0.0) -> float:
    first, _ = rank(context, "RANK", value, cells, ascending)  # A for RANK; that RANK.EQ says RANK too is C
    return float(first)


def rank(context: Context, name: str, value: CellValue, cells: Value, ascending: CellValue) -> tuple[int, int]:
    """Give the place of a number among others, from 1, and how many share it."""
    number, numbers = to_number(value, context.language), numbers_of(context, (cells,))
    shared = np.count_nonzero(numbers == number)
    if not shared:
        raise Failure(no_value(name, "#N/A"))
    before = numbers < number if to_number(ascending, context.language) else numbers > number
    return int(np.count_nonzero(before)) + 1, int(shared)


def _operator(name: str, operator: str) -> None:
    def body(context: Context, left: CellValue, right: CellValue) -> Value:
        try:
            return apply_infix(operator, left, right, context.language)
        except Failure as failure:
            # POWER and POW are one operator under two names.
            message = failure.error.message.replace("Function POW ", f"Function {name} ")
            raise Failure(ErrorValue(failure.error.type, message)) from failure

    function(name, "ss")(body)


def _prefix(name: str, operator: str) -> None:
    def body(context: Context, value: CellValue) -> Value:
        return apply_prefix(operator, value, context.language)

    function(name, "s")(body)


for _name, _sign in {"UMINUS": "-", "UPLUS": "+", "UNARY_PERCENT": "%"}.items():
    _prefix(_name, _sign)


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
