"""The operators between values, over single cells and over blocks.

Comparison in Google: numbers come before text, text before FALSE and TRUE; a blank cell equals 0, empty text
and FALSE alike; text is compared without regard to case.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.arithmetic import blocks_computed, cells_computed, fit
from sheets_crm.emulator.formulas.coercion import to_text
from sheets_crm.emulator.formulas.values import (
    BLANK,
    BOOL,
    ERROR,
    NUMBER,
    TEXT,
    Block,
    Failure,
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
    return blocks_computed(operator, first, second, (rows, columns), language)


def apply_prefix(operator: str, value: CellValue | Block, language: Language) -> CellValue | Block:
    """Work out a sign before a value, or a percent sign after it; a ``+`` changes nothing.

    Raises:
        Failure: A single cell, and it is no number.
    """
    if operator == "+":
        return value
    sign, other, name = ("*", -1.0, "UMINUS") if operator == "-" else ("/", 100.0, "UNARY_PERCENT")
    if isinstance(value, Block):
        return blocks_computed(sign, value, Block.of(other), (value.rows, value.columns), language, name)
    return cells_computed(sign, value, other, language, name)


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
    return cells_computed(operator, left, right, language)


def _compared(operator: str, left: Block, right: Block, shape: tuple[int, int]) -> Block:
    left, right = left.fitted(*fit(left, shape)), right.fitted(*fit(right, shape))
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
