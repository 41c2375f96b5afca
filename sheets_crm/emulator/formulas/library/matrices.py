"""Matrices: product, determinant, inverse; and the lines and curves fitted by least squares."""

from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool, to_number
from sheets_crm.emulator.formulas.reasons import at_least
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.stacking import check_room
from sheets_crm.emulator.formulas.values import NUMBER, Block, Failure, Floats, Value

__all__: list[str] = []


def matrix(context: Context, name: str, value: Value) -> Floats:
    """A block's numbers.

    Raises:
        Failure: An error in it; #VALUE! when a cell is no number, TRUE and FALSE included (B).
    """
    block = context.block(value)
    error = block.first_error()
    if error is not None:
        raise Failure(error)
    if (block.kinds != NUMBER).any():
        raise Failure(ErrorValue("#VALUE!", f"Function {name} parameter 1 expects number values."))
    return block.numbers


def _square(context: Context, name: str, value: Value) -> Floats:
    numbers = matrix(context, name, value)
    if numbers.shape[0] != numbers.shape[1]:
        raise Failure(ErrorValue("#VALUE!", f"Function {name} parameter 1 should be a square matrix."))
    return numbers


@function("MMULT", "rr", arrays=True)
def _mmult(context: Context, left: Value, right: Value) -> Block:
    first, second = (matrix(context, "MMULT", value) for value in (left, right))
    if first.shape[1] != second.shape[0]:
        sizes = f"Expected row count: {first.shape[1]}. Actual row count: {second.shape[0]}."
        raise Failure(ErrorValue("#VALUE!", f"MMULT has incompatible matrix sizes. {sizes}"))
    return Block.of_numbers(first @ second)


@function("MDETERM", "r", arrays=True)
def _mdeterm(context: Context, value: Value) -> float:
    """The determinant, by elimination with the largest pivot, whose last digits are Google's (B)."""
    rows = [list(line) for line in _square(context, "MDETERM", value).tolist()]
    result = 1.0
    for step in range(len(rows)):
        best = max(range(step, len(rows)), key=lambda row: abs(rows[row][step]))
        if rows[best][step] == 0:
            return 0.0
        if best != step:
            rows[step], rows[best], result = rows[best], rows[step], -result
        result *= rows[step][step]
        for row in rows[step + 1 :]:
            part = row[step] / rows[step][step]
            row[step:] = [cell - part * above for cell, above in zip(row[step:], rows[step][step:], strict=True)]
    return result


@function("MINVERSE", "r", arrays=True)
def _minverse(context: Context, value: Value) -> Block:
    try:
        inverse = np.asarray(np.linalg.inv(_square(context, "MINVERSE", value)), dtype=np.float64)
    except np.linalg.LinAlgError as problem:
        raise Failure(ErrorValue("#NUM!", "Function MINVERSE parameter 1 is not invertible.")) from problem
    return Block.of_numbers(inverse)


@function("MUNIT", "s")
def _munit(context: Context, size: CellValue) -> Block:
    count = int(to_number(size, context.language))
    if count < 1:
        raise Failure(at_least("MUNIT", 1, count, 1))
    check_room(count, count)
    return Block.of_numbers(np.eye(count))


def _data(context: Context, name: str, y: Value, x: Value | None) -> tuple[Floats, Floats]:
    """The known values as one column, and what they depend on, a column for each variable; 1, 2, 3 if left out.

    Raises:
        Failure: #REF! for unequal sizes, #N/A for fewer than two points (B).
    """
    values = matrix(context, name, y)
    sizes = ErrorValue("#REF!", f"{name} has mismatched range sizes.")
    count = values.size
    given = np.arange(1.0, count + 1).reshape(values.shape) if x is None else matrix(context, name, x)
    if given.shape == values.shape:
        given = given.reshape(-1, 1)
    elif values.shape[0] == 1 and given.shape[1] == count:
        given = given.T
    elif not (values.shape[1] == 1 and given.shape[0] == count):
        raise Failure(sizes)
    if count < 2:
        raise Failure(ErrorValue("#N/A", f"{name} needs at least two points."))
    return values.reshape(-1), given


def _fit(y: Floats, x: Floats, *, intercept: bool) -> Floats:
    """Coefficients, the intercept last; 0 where there is none."""
    if intercept and x.shape[1] == 1:
        return _line_through(y, x[:, 0])
    design = np.hstack([x, np.ones((x.shape[0], 1))]) if intercept else x
    solution: Floats = np.asarray(np.linalg.lstsq(design, y, rcond=None)[0], dtype=np.float64)
    return solution if intercept else np.append(solution, 0.0)


def _line_through(y: Floats, x: Floats) -> Floats:
    """Slope and intercept for one variable, by sums, which leave less noise than a solver."""
    across, up = x - x.mean(), y - y.mean()
    spread = float((across * across).sum())
    slope = float((across * up).sum()) / spread if spread else 0.0
    return np.array([slope, float(y.mean()) - slope * float(x.mean())])


def _logarithms(name: str, y: Floats) -> Floats:
    if (y <= 0).any():
        raise Failure(ErrorValue("#NUM!", f"Function {name} parameter 1 expects positive numbers."))
    return np.log(y)


def _flag(context: Context, value: CellValue) -> bool:
    return True if value is None else to_bool(value, context.language)


def _predicted(
    context: Context, name: str, values: tuple[Any, Any, Any, CellValue], *, exponential: bool
) -> Block:
    y, x, new, constant = values
    known, given = _data(context, name, y, x)
    known = _logarithms(name, known) if exponential else known
    coefficients = _fit(known, given, intercept=_flag(context, constant))
    shape_of = context.block(y if new is None else new)
    at = given if new is None else matrix(context, name, new)
    if new is not None:
        at = at.reshape(-1, 1) if given.shape[1] == 1 else at
    result = at @ coefficients[:-1] + coefficients[-1]
    result = np.exp(result) if exponential else result
    shape = (shape_of.rows, shape_of.columns) if result.size == shape_of.size else (-1, 1)
    return Block.of_numbers(result.reshape(shape))


@function("TREND", "rrrs", least=1, arrays=True)
def _trend(context: Context, y: Value, x: Any = None, new: Any = None, constant: CellValue = None) -> Block:
    return _predicted(context, "TREND", (y, x, new, constant), exponential=False)


@function("GROWTH", "rrrs", least=1, arrays=True)
def _growth(context: Context, y: Value, x: Any = None, new: Any = None, constant: CellValue = None) -> Block:
    return _predicted(context, "GROWTH", (y, x, new, constant), exponential=True)


def _statistics(y: Floats, x: Floats, coefficients: Floats, *, intercept: bool) -> Block:
    """The five rows that LINEST gives: coefficients, their errors, fit, F with its freedom, sums of squares."""
    width = coefficients.size
    design = np.hstack([x, np.ones((x.shape[0], 1))]) if intercept else x
    residual = float(((y - x @ coefficients[:-1] - coefficients[-1]) ** 2).sum())
    centre = y.mean() if intercept else 0.0
    regression = float(((y - centre) ** 2).sum()) - residual
    free = y.size - design.shape[1]
    spread = residual / free if free else 0.0
    errors = np.sqrt(np.maximum(np.diag(np.linalg.pinv(design.T @ design)) * spread, 0.0))
    fit = regression / (regression + residual) if regression + residual else 1.0
    ratio = regression / x.shape[1] / spread if spread else 0.0
    grid: list[list[CellValue]] = [[ErrorValue("#N/A")] * width for _ in range(5)]
    grid[0] = [*coefficients[:-1][::-1].tolist(), float(coefficients[-1])]
    tail = [float(errors[-1])] if intercept else [ErrorValue("#N/A")]
    grid[1] = [*errors[: x.shape[1]][::-1].tolist(), *tail]
    for row, pair in ((2, (fit, spread**0.5)), (3, (ratio, float(free))), (4, (regression, residual))):
        grid[row][:2] = pair
    return Block.from_grid(grid)


def _fitted(context: Context, name: str, values: tuple[Any, Any, CellValue, CellValue]) -> Block:
    y, x, constant, verbose = values
    known, given = _data(context, name, y, x)
    exponential, intercept = name == "LOGEST", _flag(context, constant)
    known = _logarithms(name, known) if exponential else known
    coefficients = _fit(known, given, intercept=intercept)
    block = _statistics(known, given, coefficients, intercept=intercept)
    if exponential:
        block.numbers[0] = np.exp(block.numbers[0])
    return block if to_bool(verbose, context.language) else block.pick(slice(0, 1))


@function("LINEST", "rrss", least=1, arrays=True)
def _linest(
    context: Context, y: Value, x: Any = None, constant: CellValue = None, verbose: CellValue = False
) -> Block:
    return _fitted(context, "LINEST", (y, x, constant, verbose))


@function("LOGEST", "rrss", least=1, arrays=True)
def _logest(
    context: Context, y: Value, x: Any = None, constant: CellValue = None, verbose: CellValue = False
) -> Block:
    return _fitted(context, "LOGEST", (y, x, constant, verbose))
