"""Statistics of one set of numbers: spread, shape, quantiles, means of other kinds."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.library.aggregates import numbers_of, with_texts
from sheets_crm.emulator.formulas.library.maths import rank
from sheets_crm.emulator.formulas.reasons import (
    at_least,
    between,
    divided_by_zero,
    greater_than,
    out_of_range,
)
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Block, Failure, Floats, Value

__all__ = ["quantile"]

_MOST_DIGITS = 15
#: Newer names whose errors tell the older one (A for STDEV.S and VAR.S, the others C).
_ALIASES = {"STDEV.S": "STDEV", "STDEV.P": "STDEVP", "VAR.S": "VAR", "VAR.P": "VARP"}


def _of_numbers(names: str, least: int, compute: Callable[[Floats], Any], *, texts: bool = False) -> None:
    """Declare a function of one set of numbers; with fewer than `least` of them it divides by zero."""
    for name in names.split():
        _declare(name, least, compute, with_texts if texts else numbers_of)


def _declare(name: str, least: int, compute: Callable[[Floats], Any], collect: Callable[..., Floats]) -> None:
    def body(context: Context, *values: Value) -> float:
        numbers = collect(context, values)
        if numbers.size < least:
            raise Failure(divided_by_zero(_ALIASES.get(name, name)))
        return normal(float(compute(numbers)))

    function(name, "r", repeat="r")(body)


def _variance(sample: int) -> Callable[[Floats], Any]:
    return lambda numbers: numbers.var(ddof=sample)


def _deviation(sample: int) -> Callable[[Floats], Any]:
    return lambda numbers: numbers.std(ddof=sample)


_of_numbers("VAR VAR.S", 2, _variance(1))
_of_numbers("VARP VAR.P", 1, _variance(0))
_of_numbers("STDEV STDEV.S", 2, _deviation(1))
_of_numbers("STDEVP STDEV.P", 1, _deviation(0))
_of_numbers("VARA", 2, _variance(1), texts=True)
_of_numbers("VARPA", 1, _variance(0), texts=True)
_of_numbers("STDEVA", 2, _deviation(1), texts=True)
_of_numbers("STDEVPA", 1, _deviation(0), texts=True)
_of_numbers("AVERAGEA", 1, lambda numbers: numbers.mean(), texts=True)
_of_numbers("MAXA", 0, lambda numbers: numbers.max() if numbers.size else 0, texts=True)
_of_numbers("MINA", 0, lambda numbers: numbers.min() if numbers.size else 0, texts=True)
_of_numbers("AVEDEV", 1, lambda numbers: np.abs(numbers - numbers.mean()).mean())
_of_numbers("DEVSQ", 0, lambda numbers: ((numbers - numbers.mean()) ** 2).sum() if numbers.size else 0)


def _skew(numbers: Floats) -> float:
    count, spread = numbers.size, numbers.std(ddof=1)
    return float(count / ((count - 1) * (count - 2)) * (((numbers - numbers.mean()) / spread) ** 3).sum())


def _kurtosis(numbers: Floats) -> float:
    count, spread = numbers.size, numbers.std(ddof=1)
    fourth = (((numbers - numbers.mean()) / spread) ** 4).sum()
    factor = count * (count + 1) / ((count - 1) * (count - 2) * (count - 3))
    return float(factor * fourth - 3 * (count - 1) ** 2 / ((count - 2) * (count - 3)))


def _spread(least: int, compute: Callable[[Floats], float], name: str) -> Callable[[Floats], float]:
    def checked(numbers: Floats) -> float:
        if numbers.size < least or numbers.std() == 0:
            raise Failure(divided_by_zero(name))
        return compute(numbers)

    return checked


_of_numbers("SKEW", 1, _spread(3, _skew, "SKEW"))
_of_numbers("SKEW.P", 1, _spread(3, lambda x: float((((x - x.mean()) / x.std()) ** 3).mean()), "SKEW.P"))
_of_numbers("KURT", 1, _spread(4, _kurtosis, "KURT"))


def _positive(name: str, compute: Callable[[Floats], Any]) -> None:
    def checked(numbers: Floats) -> float:
        if not numbers.size or (numbers <= 0).any():
            smallest = float(numbers.min()) if numbers.size else 0.0
            raise Failure(greater_than(name, 1, smallest, 0))
        return float(compute(numbers))

    _of_numbers(name, 0, checked)


_positive("GEOMEAN", lambda numbers: np.exp(np.log(numbers).mean()))
_positive("HARMEAN", lambda numbers: numbers.size / (1 / numbers).sum())


def _modes(context: Context, values: tuple[Value, ...]) -> Floats:
    """The numbers that come most often, in the order in which they come; none that comes once."""
    numbers = numbers_of(context, values)
    _, first, counts = np.unique(numbers, return_index=True, return_counts=True)
    if not numbers.size or counts.max() < 2:
        # All three functions say MODE, and two blanks stand between the sentences (A).
        raise Failure(ErrorValue("#N/A", "MODE cannot produce a result.  No values occur more than once."))
    commonest: Floats = numbers[np.sort(first[counts == counts.max()])]
    return commonest


@function("MODE MODE.SNGL", "r", repeat="r")
def _mode(context: Context, *values: Value) -> float:
    return float(_modes(context, values)[0])


@function("MODE.MULT", "r", repeat="r")
def _mode_mult(context: Context, *values: Value) -> Block:
    return Block.of_numbers(_modes(context, values).reshape(-1, 1))


def quantile(
    name: str, numbers: Floats, part: float, *, exclusive: bool = False, given: float | None = None
) -> float:
    """Interpolate between the numbers in order, the ends inside it or, `exclusive`, beyond them.

    Raises:
        Failure: #NUM!, when `part` lies outside what the numbers reach; it names `given` where that is not the part.
    """
    ordered, count = np.sort(numbers), numbers.size
    place = part * (count + 1) - 1 if exclusive else part * (count - 1)
    if not count or not 0 <= part <= 1 or not -1e-12 <= place <= count - 1 + 1e-12:
        # A for QUARTILE and QUARTILE.EXC.
        raise Failure(out_of_range(name, 2, part if given is None else given))
    low = min(max(int(np.floor(place + 1e-12)), 0), count - 1)
    high = min(low + 1, count - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def _quantiles(name: str, parts: float, *, exclusive: bool) -> None:
    def body(context: Context, cells: Value, part: CellValue) -> float:
        given = to_number(part, context.language)
        share = int(given) / parts if parts > 1 else given
        return quantile(name, numbers_of(context, (cells,)), share, exclusive=exclusive, given=given)

    function(name, "rs")(body)


for _name in ("PERCENTILE", "PERCENTILE.INC", "PERCENTILE.EXC"):
    _quantiles(_name, 1, exclusive=_name.endswith("EXC"))
for _name in ("QUARTILE", "QUARTILE.INC", "QUARTILE.EXC"):
    _quantiles(_name, 4, exclusive=_name.endswith("EXC"))


def _share_below(name: str, *, exclusive: bool) -> None:
    def body(context: Context, cells: Value, value: CellValue, digits: CellValue = 3.0) -> float:
        ordered, wanted = np.sort(numbers_of(context, (cells,))), to_number(value, context.language)
        if not ordered.size or not ordered[0] <= wanted <= ordered[-1]:
            raise Failure(ErrorValue("#N/A", f"Did not find value '{wanted:g}' in {name} evaluation."))
        place = float(np.interp(wanted, ordered, np.arange(ordered.size)))
        # One number alone has them all below it (B).
        share = (
            (place + 1) / (ordered.size + 1 if ordered.size > 1 else 1)
            if exclusive
            else place / max(ordered.size - 1, 1)
        )
        places = int(to_number(digits, context.language))
        if places < 1:
            raise Failure(at_least(name, 3, places, 1))
        scale = 10.0 ** min(places, _MOST_DIGITS)
        # Rounded, not cut off: A for PERCENTRANK.EXC.
        return float(np.floor(share * scale + 0.5) / scale)

    function(name, "rss", least=2)(body)


for _name in ("PERCENTRANK", "PERCENTRANK.INC", "PERCENTRANK.EXC"):
    _share_below(_name, exclusive=_name.endswith("EXC"))


@function("TRIMMEAN", "rs")
def _trimmean(context: Context, cells: Value, share: CellValue) -> float:
    """The mean without the same number of cells at both ends."""
    ordered, part = np.sort(numbers_of(context, (cells,))), to_number(share, context.language)
    if not 0 <= part < 1:
        raise Failure(between("TRIMMEAN", 2, part, (0, 1), "#NUM!"))
    if not ordered.size:
        raise Failure(ErrorValue("#NUM!", "TRIMMEAN has no valid input data."))
    cut = int(ordered.size * part / 2)
    return float(ordered[cut : ordered.size - cut].mean())


@function("RANK.AVG", "srs", least=2)
def _rank_avg(context: Context, value: CellValue, cells: Value, ascending: CellValue = 0.0) -> float:
    first, shared = rank(context, "RANK.AVG", value, cells, ascending)
    return first + (shared - 1) / 2
