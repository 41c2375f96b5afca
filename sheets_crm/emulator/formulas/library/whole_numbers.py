"""Whole numbers: even and odd, common divisors and multiples."""

import math

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.library.aggregates import numbers_of
from sheets_crm.emulator.formulas.reasons import at_least
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Failure, Uncoerced, Value

__all__: list[str] = []


def _parity(context: Context, value: CellValue) -> int:
    """The remainder of a whole number by 2; empty text is no number here (B)."""
    if value == "":
        raise Uncoerced(value, "number")
    return int(to_number(value, context.language)) % 2


@function("ISEVEN", "s")
def _iseven(context: Context, value: CellValue) -> bool:
    return _parity(context, value) == 0


@function("ISODD", "s")
def _isodd(context: Context, value: CellValue) -> bool:
    return _parity(context, value) == 1


def _whole_numbers(context: Context, name: str, values: tuple[Value, ...]) -> list[int]:
    """Numbers without their fractions.

    Raises:
        Failure: #NUM!, when one is negative.
    """
    numbers = [int(number) for number in numbers_of(context, values).tolist()]
    for place, number in enumerate(numbers, 1):
        if number < 0:
            raise Failure(at_least(name, place, number, 0))
    return numbers


@function("GCD", "r", repeat="r")
def _gcd(context: Context, *values: Value) -> float:
    return float(math.gcd(*_whole_numbers(context, "GCD", values)))


@function("LCM", "r", repeat="r")
def _lcm(context: Context, *values: Value) -> float:
    return normal(float(math.lcm(*_whole_numbers(context, "LCM", values))))


@function("MULTINOMIAL", "r", repeat="r")
def _multinomial(context: Context, *values: Value) -> float:
    given = tuple(0.0 if value == "" else value for value in values)
    numbers = _whole_numbers(context, "MULTINOMIAL", given)
    return normal(float(math.factorial(sum(numbers)) // math.prod(math.factorial(number) for number in numbers)))
