"""Where the normal distribution reaches a probability: NORM.S.INV, NORM.INV, LOGNORM.INV, CONFIDENCE.

Google reckons it with the rational functions of P. J. Acklam, unrefined, which are right to nine digits: its answers
for 0.975 and 0.99 are theirs to the last digit (A).
"""

import math
from collections.abc import Callable, Sequence

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.reasons import at_least, between, greater_than
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Failure

__all__: list[str] = []

_MIDDLE = (
    (
        -39.69683028665376,
        220.9460984245205,
        -275.9285104469687,
        138.3577518672690,
        -30.66479806614716,
        2.506628277459239,
    ),
    (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1.0),
)
_TAIL = (
    (
        -7.784894002430293e-3,
        -0.3223964580411365,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ),
    (7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1.0),
)
_TAIL_ENDS = 0.02425


def _polynomial(coefficients: Sequence[float], at: float) -> float:
    result = 0.0
    for coefficient in coefficients:
        result = result * at + coefficient
    return result


def _reached(share: float) -> float:
    if share > 1 - _TAIL_ENDS:
        return -_reached(1 - share)
    if share < _TAIL_ENDS:
        far = math.sqrt(-2 * math.log(share))
        return _polynomial(_TAIL[0], far) / _polynomial(_TAIL[1], far)
    off = share - 0.5
    return _polynomial(_MIDDLE[0], off * off) * off / _polynomial(_MIDDLE[1], off * off)


def _read(context: Context, name: str, share: CellValue, deviation: CellValue, place: int) -> tuple[float, float]:
    """The probability, inside 0 and 1, and the deviation, above 0, which stands at `place`."""
    part, spread = to_number(share, context.language), to_number(deviation, context.language)
    if not 0 < part < 1:
        raise Failure(between(name, 1, part, (0, 1), "#NUM!", "within"))
    if spread <= 0:
        raise Failure(greater_than(name, place, spread, 0))
    return part, spread


def _declare(name: str, shown: Callable[[float], float]) -> None:
    def body(context: Context, share: CellValue, mean: CellValue, deviation: CellValue) -> float:
        part, spread = _read(context, name, share, deviation, 3)
        return normal(shown(to_number(mean, context.language) + spread * _reached(part)))

    function(name, "sss")(body)


def _declare_standard(name: str) -> None:
    def body(context: Context, share: CellValue) -> float:
        return _reached(_read(context, name, share, 1.0, 1)[0])

    function(name, "s")(body)


def _declare_confidence(name: str) -> None:
    def body(context: Context, share: CellValue, deviation: CellValue, size: CellValue) -> float:
        part, spread = _read(context, name, share, deviation, 2)
        count = int(to_number(size, context.language))
        if count < 1:
            raise Failure(at_least(name, 3, count, 1))
        return normal(_reached(1 - part / 2) * spread / math.sqrt(count))

    function(name, "sss")(body)


def _exponential(number: float) -> float:
    return math.exp(number) if number < math.log(1.7e308) else math.inf


for _name in ("NORM.INV", "NORMINV"):
    _declare(_name, lambda number: number)
for _name in ("LOGNORM.INV", "LOGINV"):
    _declare(_name, _exponential)
for _name in ("NORM.S.INV", "NORMSINV"):
    _declare_standard(_name)
for _name in ("CONFIDENCE", "CONFIDENCE.NORM"):
    _declare_confidence(_name)
