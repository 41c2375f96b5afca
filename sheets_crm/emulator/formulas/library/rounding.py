"""Round numbers: to places, to multiples, to even and odd."""

import math
from collections.abc import Callable

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.reasons import zero_divisor
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Failure

__all__: list[str] = []

_Way = Callable[[float], float]
_MOST_PLACES = 300


def _half_up(number: float) -> float:
    return math.floor(number + 0.5)


def _rounded(number: float, places: int, way: _Way) -> float:
    """Round by decimal places, undoing first the noise that binary fractions leave."""
    scale = 10.0 ** max(-_MOST_PLACES, min(places, _MOST_PLACES))
    scaled = float(f"{abs(number) * scale:.15g}")
    if math.isinf(scaled):
        return number
    # There is no zero below zero in a cell.
    return math.copysign(way(scaled) / scale, number) + 0.0


def _by_places(name: str, way: _Way) -> None:
    def body(context: Context, value: CellValue, places: CellValue = 0.0) -> float:
        number = to_number(value, context.language)
        return _rounded(number, int(to_number(places, context.language)), way)

    function(name, "ss", least=1)(body)


_by_places("ROUND", _half_up)
_by_places("ROUNDUP", math.ceil)
for _name in ("ROUNDDOWN", "TRUNC"):
    _by_places(_name, math.floor)


def _stepped(number: float, step: float, way: _Way) -> float:
    if step == 0 or number == 0:
        return 0.0
    return normal(way(float(f"{number / step:.15g}")) * step)


def _signs_differ(name: str) -> Failure:
    """A positive number has no multiple of a negative step. A for CEILING."""
    words = f"Parameters of {name} must have same signs (both positive or both negative)."
    return Failure(ErrorValue("#NUM!", words))


@function("CEILING", "ss", least=1)
def _ceiling(context: Context, value: CellValue, step: CellValue = 1.0) -> float:
    number, by = to_number(value, context.language), to_number(step, context.language)
    if number > 0 > by:
        raise _signs_differ("CEILING")
    return _stepped(number, by, math.ceil)


@function("FLOOR", "ss", least=1)
def _floor(context: Context, value: CellValue, step: CellValue = 1.0) -> float:
    number, by = to_number(value, context.language), to_number(step, context.language)
    if number > 0 > by:
        raise _signs_differ("FLOOR")
    if by == 0 != number:
        raise Failure(zero_divisor("FLOOR"))
    return _stepped(number, by, math.floor)


@function("MROUND", "ss")
def _mround(context: Context, value: CellValue, step: CellValue) -> float:
    number, by = to_number(value, context.language), to_number(step, context.language)
    if number * by < 0:
        raise _signs_differ("MROUND")
    return _stepped(number, by, _half_up)


def _without_sign(name: str, way: _Way, other_way: _Way, fixed: str) -> None:
    """Round to a multiple whose sign does not matter; with a mode that is not 0, negative numbers the other way."""

    def body(context: Context, value: CellValue, step: CellValue = 1.0, mode: CellValue = 0.0) -> float:
        number, by = to_number(value, context.language), abs(to_number(step, context.language))
        turned = number < 0 and to_number(mode, context.language) != 0
        return _stepped(number, by, other_way if turned else way)

    function(name, fixed, least=1)(body)


_without_sign("CEILING.MATH", math.ceil, math.floor, "sss")
_without_sign("FLOOR.MATH", math.floor, math.ceil, "sss")
for _name in ("CEILING.PRECISE", "ISO.CEILING"):
    _without_sign(_name, math.ceil, math.floor, "ss")
_without_sign("FLOOR.PRECISE", math.floor, math.ceil, "ss")


@function("EVEN", "s")
def _even(context: Context, value: CellValue) -> float:
    number = to_number(value, context.language)
    return math.copysign(math.ceil(abs(number) / 2) * 2, number) if number else 0.0


@function("ODD", "s")
def _odd(context: Context, value: CellValue) -> float:
    number = to_number(value, context.language)
    return math.copysign(max(1, math.ceil((abs(number) - 1) / 2) * 2 + 1), number or 1.0)
