"""Whole numbers: even and odd, divisors and multiples, combinations, number bases."""

import math
import string

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.coercion import to_number
from sheets_crm.emulator.formulas.library.aggregates import numbers_of
from sheets_crm.emulator.formulas.reasons import at_least, between
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import NUM, Failure, Uncoerced, Value

__all__: list[str] = []

#: Combinations of more things than these are no numbers that a cell could hold.
_MANY = 10_000
_DIGITS = string.digits + string.ascii_uppercase


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


def _as_number(whole: int) -> float:
    """A whole number of any size as a cell holds it.

    Raises:
        Failure: #NUM!, when it is too large.
    """
    try:
        return float(whole)
    except OverflowError as problem:
        raise Failure(NUM) from problem


@function("GCD", "r", repeat="r")
def _gcd(context: Context, *values: Value) -> float:
    return float(math.gcd(*_whole_numbers(context, "GCD", values)))


@function("LCM", "r", repeat="r")
def _lcm(context: Context, *values: Value) -> float:
    return _as_number(math.lcm(*_whole_numbers(context, "LCM", values)))


@function("MULTINOMIAL", "r", repeat="r")
def _multinomial(context: Context, *values: Value) -> float:
    given = tuple(0.0 if value == "" else value for value in values)
    numbers = _whole_numbers(context, "MULTINOMIAL", given)
    if sum(numbers) > _MANY:
        raise Failure(NUM)
    return _as_number(math.factorial(sum(numbers)) // math.prod(math.factorial(number) for number in numbers))


@function("COMBINA", "ss")
def _combina(context: Context, among: CellValue, count: CellValue) -> float:
    """Ways to choose so many, each as often as one likes; of nothing there is one way (B)."""
    kinds, chosen = int(to_number(among, context.language)), int(to_number(count, context.language))
    for place, given in ((1, kinds), (2, chosen)):
        if given < 0:
            raise Failure(at_least("COMBINA", place, given, 0))
    if min(kinds, chosen) > _MANY:
        raise Failure(NUM)
    return _as_number(math.comb(kinds + chosen - 1, chosen)) if kinds else 1.0


@function("FACTDOUBLE", "s")
def _factdouble(context: Context, value: CellValue) -> float:
    number = int(to_number(value, context.language))
    if number < 0:
        raise Failure(at_least("FACTDOUBLE", 1, number, 0))
    if number > _MANY:
        raise Failure(NUM)
    return _as_number(math.prod(range(number, 0, -2)))


@function("BASE", "sss", least=2)
def _base(context: Context, value: CellValue, base: CellValue, length: CellValue = 0.0) -> str:
    # What is below 0 by a fraction is negative too (B).
    number = math.floor(to_number(value, context.language))
    by, least = (int(to_number(part, context.language)) for part in (base, length))
    for place, given, ends in ((1, number, (0, 2**53)), (2, by, (2, 36)), (3, least, (0, 255))):
        if not ends[0] <= given <= ends[1]:
            raise Failure(between("BASE", place, given, ends, "#NUM!"))
    digits = ""
    while number:
        number, digit = divmod(number, by)
        digits = _DIGITS[digit] + digits
    return digits.rjust(max(least, 1), "0")
