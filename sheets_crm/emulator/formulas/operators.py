"""The operators between values, over single cells and over blocks.

Comparison in Google: numbers come before text, text before FALSE and TRUE; a blank cell equals 0, empty text
and FALSE alike; text is compared without regard to case.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import normal, to_number, to_text
from sheets_crm.emulator.formulas.values import (
    BLANK,
    BOOL,
    DIV0,
    ERROR,
    NUM,
    NUMBER,
    TEXT,
    Block,
    Failure,
    Floats,
    Objects,
    kind_of,
)
from sheets_crm.emulator.languages import Language

__all__ = ["apply_infix", "apply_prefix", "compare", "equal"]

_RANK = {NUMBER: 1, TEXT: 2, BOOL: 3}
_EMPTY: dict[int, CellValue] = {NUMBER: 0.0, TEXT: "", BOOL: False}
_TESTS: dict[str, Callable[[Any], Any]] = {
    "=": lambda sign: sign == 0,
    "<>": lambda sign: sign != 0,
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def apply_infix(
    operator: str, left: CellValue | Block, right: CellValue | Block, language: Language
) -> CellValue | Block:
    """Work out ``left operator right``; where either is a block, cell by cell.

    Raises:
        Failure: Both are single cells and the result is an error.
    """
    if not isinstance(left, Block) and not isinstance(right, Block):
        return _of_cells(operator, left, right, language)
    first = left if isinstance(left, Block) else Block.of(left)
    second = right if isinstance(right, Block) else Block.of(right)
    rows, columns = max(first.rows, second.rows), max(first.columns, second.columns)
    if operator in _TESTS:
        return _compared(operator, first, second, (rows, columns))
    if operator == "&":
        return _joined(first.fitted(rows, columns), second.fitted(rows, columns), language)
    return _computed(operator, first, second, (rows, columns), language)


def apply_prefix(operator: str, value: CellValue | Block, language: Language) -> CellValue | Block:
    """Work out a sign before a value, or a percent sign after it; a ``+`` changes nothing.

    Raises:
        Failure: A single cell, and it is no number.
    """
    if operator == "+":
        return value
    return apply_infix("*", value, -1.0, language) if operator == "-" else apply_infix("/", value, 100.0, language)


def compare(left: CellValue, right: CellValue) -> int:
    """Order two cells: negative, 0 or positive.

    Raises:
        Failure: Either is an error.
    """
    for value in (left, right):
        if isinstance(value, ErrorValue):
            raise Failure(value)
    first, second = kind_of(left), kind_of(right)
    if first == BLANK and second == BLANK:
        return 0
    if first == BLANK:
        left, first = _EMPTY[second], second
    elif second == BLANK:
        right, second = _EMPTY[first], first
    if first != second:
        return _RANK[first] - _RANK[second]
    a: Any = left.lower() if isinstance(left, str) else left
    b: Any = right.lower() if isinstance(right, str) else right
    return int(a > b) - int(a < b)


def equal(left: CellValue, right: CellValue) -> bool:
    """Whether two cells are equal as ``=`` says; errors equal nothing."""
    if isinstance(left, ErrorValue) or isinstance(right, ErrorValue):
        return False
    return compare(left, right) == 0


def _of_cells(operator: str, left: CellValue, right: CellValue, language: Language) -> CellValue:
    if operator in _TESTS:
        return bool(_TESTS[operator](compare(left, right)))
    if operator == "&":
        return to_text(left, language) + to_text(right, language)
    return _arithmetic(operator, to_number(left, language), to_number(right, language))


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
                raise Failure(DIV0)
            return normal(x / y)
        case _:
            return _power(x, y)


def _power(x: float, y: float) -> float:
    if x == 0 and y < 0:
        raise Failure(DIV0)
    try:
        result = math.pow(x, y)
    except (OverflowError, ValueError) as problem:
        raise Failure(NUM) from problem
    if x == 0 and y == 0:
        raise Failure(NUM)
    return normal(result)


def _numbers(block: Block, language: Language) -> tuple[Floats, Objects | None]:
    """Each cell as a number, and the errors where there is none."""
    if block.objects is None or not (block.has(TEXT) or block.has(ERROR)):
        return block.numbers, None
    numbers, errors = block.numbers.copy(), np.empty(block.kinds.shape, dtype=object)
    for place in zip(*np.nonzero((block.kinds == TEXT) | (block.kinds == ERROR)), strict=True):
        try:
            numbers[place] = to_number(block.objects[place], language)
        except Failure as failure:
            errors[place] = failure.error
    return numbers, errors


def _computed(operator: str, left: Block, right: Block, shape: tuple[int, int], language: Language) -> Block:
    x, left_errors = _numbers(left.fitted(*_fit(left, shape)), language)
    y, right_errors = _numbers(right.fitted(*_fit(right, shape)), language)
    with np.errstate(all="ignore"):
        match operator:
            case "+":
                out = x + y
            case "-":
                out = x - y
            case "*":
                out = x * y
            case "/":
                out = x / y
            case _:
                out = np.power(x, y)
    return _with_errors(out, y if operator == "/" else None, left_errors, right_errors)


def _fit(block: Block, shape: tuple[int, int]) -> tuple[int, int]:
    """Leave what arrays repeat by themselves; fill the rest with #N/A."""
    return (1 if block.rows == 1 else shape[0], 1 if block.columns == 1 else shape[1])


def _with_errors(out: Floats, divisor: Floats | None, *found: Objects | None) -> Block:
    bad = ~np.isfinite(out)
    if not bad.any() and all(errors is None for errors in found):
        return Block.of_numbers(out)
    objects = np.empty(out.shape, dtype=object)
    objects[bad] = NUM
    if divisor is not None:
        objects[np.broadcast_to(divisor == 0, out.shape)] = DIV0
    for errors in reversed(found):
        if errors is not None:
            spread = np.broadcast_to(errors, out.shape)
            there = spread != None  # noqa: E711 - cell by cell
            objects[there] = spread[there]
    wrong = objects != None  # noqa: E711 - cell by cell
    kinds = np.where(wrong, ERROR, NUMBER).astype(np.uint8)
    return Block(kinds, np.where(wrong, 0.0, out), objects)


def _compared(operator: str, left: Block, right: Block, shape: tuple[int, int]) -> Block:
    left, right = left.fitted(*_fit(left, shape)), right.fitted(*_fit(right, shape))
    first = np.where(left.kinds == BLANK, right.kinds, left.kinds)
    second = np.where(right.kinds == BLANK, left.kinds, right.kinds)
    # The codes of the kinds happen to stand in Google's order: number, text, boolean.
    sign = np.sign(first.astype(np.int8) - second.astype(np.int8)).astype(np.int8)
    same = sign == 0
    sign = np.where(same, np.sign(left.numbers - right.numbers), sign).astype(np.int8)
    texts = same & (first == TEXT)
    if texts.any():
        sign[texts] = _text_signs(left, right, texts, exact=operator in ("=", "<>"))
    out = Block.of_numbers(_TESTS[operator](sign), BOOL)
    if left.has(ERROR) or right.has(ERROR):
        return _error_marked(out, left, right)
    return out


def _text_signs(left: Block, right: Block, places: Any, *, exact: bool) -> Any:
    a, b = (_spread_texts(block, places) for block in (left, right))
    if exact:
        return (a != b).astype(np.int8)
    pairs = zip(a.tolist(), b.tolist(), strict=True)
    return np.fromiter(((x > y) - (x < y) for x, y in pairs), np.int8, len(a))


def _spread_texts(block: Block, places: Any) -> Objects:
    """The texts at some places of the result; a blank there counts as empty text."""
    texts: Objects = np.broadcast_to(block.lowered(), places.shape)[places]
    texts[texts == None] = ""  # noqa: E711 - cell by cell
    return texts


def _error_marked(out: Block, *sources: Block) -> Block:
    objects, kinds = np.empty(out.kinds.shape, dtype=object), out.kinds.copy()
    for block in reversed(sources):
        if block.objects is not None and block.has(ERROR):
            wrong = np.broadcast_to(block.kinds == ERROR, out.kinds.shape)
            objects[wrong] = np.broadcast_to(block.objects, out.kinds.shape)[wrong]
            kinds[wrong] = ERROR
    return Block(kinds, np.where(kinds == ERROR, 0.0, out.numbers), objects)


def _joined(left: Block, right: Block, language: Language) -> Block:
    def one(pair: tuple[CellValue, CellValue]) -> CellValue:
        try:
            return to_text(pair[0], language) + to_text(pair[1], language)
        except Failure as failure:
            return failure.error

    pairs = zip(left.values(), right.values(), strict=True)
    return Block.from_values([one(pair) for pair in pairs], left.rows, left.columns)
