"""Statistics of two sets of numbers that belong together, cell by cell."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number
from sheets_crm.emulator.formulas.reasons import divided_by_zero, sizes_differ
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import BOOL, NUMBER, TEXT, Area, Block, Failure, Floats, Value

__all__: list[str] = []


def _paired(context: Context, name: str, first: Value, second: Value) -> tuple[Floats, Floats]:
    """The numbers of both, where both cells are numbers.

    Raises:
        Failure: #N/A for unequal sizes (B for SUMX2MY2), the first error among the cells.
    """
    one, other = context.block(first), context.block(second)
    for block in (one, other):
        error = block.first_error()
        if error is not None:
            raise Failure(error)
    if one.size != other.size:
        sizes = (one.rows, one.columns), (other.rows, other.columns)
        raise Failure(sizes_differ(name, *sizes, "#N/A"))
    both = (one.kinds.ravel() == NUMBER) & (other.kinds.ravel() == NUMBER)
    return one.numbers.ravel()[both], other.numbers.ravel()[both]


def _of_pairs(names: str, compute: Callable[[Floats, Floats], Any]) -> None:
    for name in names.split():
        _declare(name, compute)


def _declare(name: str, compute: Callable[[Floats, Floats], Any]) -> None:
    def body(context: Context, first: Value, second: Value) -> float:
        paired = _paired(context, name, first, second)
        if not paired[0].size and not name.startswith(("SUMX", "CORREL", "PEARSON")):
            # Without any pair of numbers, not even #DIV/0! (B); a correlation is (B).
            raise Failure(ErrorValue("#N/A", f"{name} has no valid input data."))
        with np.errstate(all="ignore"):
            result = float(compute(*paired))
        if not np.isfinite(result):
            raise Failure(divided_by_zero(name))
        return normal(result)

    function(name, "rr", arrays=True)(body)


def _products(y: Floats, x: Floats) -> tuple[float, float, float]:
    """Sums of the squares of x and y and of their products, about their means."""
    if not x.size:
        return 0.0, 0.0, 0.0
    dx, dy = x - x.mean(), y - y.mean()
    return float((dx * dx).sum()), float((dy * dy).sum()), float((dx * dy).sum())


def _ratio(above: float, below: float) -> float:
    return above / below if below else float("nan")


def _slope(y: Floats, x: Floats) -> float:
    xx, _, xy = _products(y, x)
    return _ratio(xy, xx)


def _correlation(y: Floats, x: Floats) -> float:
    xx, yy, xy = _products(y, x)
    return _ratio(xy, (xx * yy) ** 0.5)


def _intercept(y: Floats, x: Floats) -> float:
    return float(y.mean() - _slope(y, x) * x.mean()) if x.size else float("nan")


def _standard_error(y: Floats, x: Floats) -> float:
    xx, yy, xy = _products(y, x)
    return float(_ratio(max(yy - _ratio(xy * xy, xx), 0.0), x.size - 2) ** 0.5) if x.size > 2 else float("nan")


_of_pairs("SUMX2MY2", lambda x, y: (x * x - y * y).sum())
_of_pairs("SUMX2PY2", lambda x, y: (x * x + y * y).sum())
_of_pairs("SUMXMY2", lambda x, y: ((x - y) ** 2).sum())
_of_pairs("CORREL PEARSON", _correlation)
_of_pairs("RSQ", lambda y, x: _correlation(y, x) ** 2)
_of_pairs("SLOPE", _slope)
_of_pairs("INTERCEPT", _intercept)
_of_pairs("STEYX", _standard_error)
_of_pairs("COVAR COVARIANCE.P", lambda y, x: _ratio(_products(y, x)[2], x.size))
_of_pairs("COVARIANCE.S", lambda y, x: _ratio(_products(y, x)[2], x.size - 1))


@function("FORECAST FORECAST.LINEAR", "srr")
def _forecast(context: Context, at: CellValue, y: Value, x: Value) -> float:
    ys, xs = _paired(context, "FORECAST", y, x)
    slope = _slope(ys, xs)
    if not np.isfinite(slope):
        raise Failure(divided_by_zero("FORECAST"))
    return float(ys.mean() + slope * (to_number(at, context.language) - xs.mean()))


@function("AVERAGE.WEIGHTED", "rr", repeat="rr")
def _average_weighted(context: Context, *values: Value) -> float:
    """Values and their weights in turn; whatever is no number is #VALUE! (B)."""
    total, weights = 0.0, 0.0
    for value, weight in zip(values[::2], values[1::2], strict=False):
        numbers, shares = (_only_numbers(context, cells) for cells in (value, weight))
        if numbers.size != shares.size or (shares < 0).any():
            raise Failure(ErrorValue("#VALUE!", "AVERAGE.WEIGHTED has mismatched or negative weights."))
        total, weights = total + float((numbers * shares).sum()), weights + float(shares.sum())
    if weights == 0:
        raise Failure(divided_by_zero("AVERAGE.WEIGHTED"))
    return total / weights


def _only_numbers(context: Context, cells: Value) -> Floats:
    block = (
        context.block(cells) if isinstance(cells, Area | Block) else Block.of(to_number(cells, context.language))
    )
    error = block.first_error()
    if error is not None:
        raise Failure(error)
    if block.has(TEXT) or block.has(BOOL):
        raise Failure(ErrorValue("#VALUE!", "AVERAGE.WEIGHTED expects number values."))
    return block.numbers.ravel()
