"""Text: cutting, joining, searching, showing values by a pattern."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.entry import read_number
from sheets_crm.emulator.formulas.coercion import to_bool, to_number, to_text
from sheets_crm.emulator.formulas.library.searching import counted
from sheets_crm.emulator.formulas.reasons import (
    NO_REFERENCE,
    at_least,
    cannot_be_parsed,
    no_text,
    not_coerced,
    out_of_range,
    too_long,
)
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import (
    BLANK,
    BOOL,
    ERROR,
    NUMBER,
    TEXT,
    Area,
    Block,
    Failure,
    Uncoerced,
    Value,
)

__all__: list[str] = []

#: 32,768 are too many for REPT (B); its own words name 32,000.
_LONGEST_REPEATED = 32_000
_LONGEST = 50_000
_LAST_CHARACTER = 0x10FFFF


@function("LEN", "s")
def _len(context: Context, value: CellValue) -> float:
    return float(len(to_text(value, context.language)))


@function("LEFT", "ss", least=1)
def _left(context: Context, value: CellValue, count: CellValue = 1.0) -> str:
    return to_text(value, context.language)[: counted(context, "LEFT", 2, count)]


@function("RIGHT", "ss", least=1)
def _right(context: Context, value: CellValue, count: CellValue = 1.0) -> str:
    text, length = to_text(value, context.language), counted(context, "RIGHT", 2, count)
    return text[max(0, len(text) - length) :]


@function("MID", "sss")
def _mid(context: Context, value: CellValue, start: CellValue, count: CellValue) -> str:
    first = int(to_number(start, context.language))
    if first < 1:
        raise Failure(at_least("MID", 2, first, 1))
    return to_text(value, context.language)[first - 1 : first - 1 + counted(context, "MID", 3, count)]


@function("UPPER", "s")
def _upper(context: Context, value: CellValue) -> str:
    return to_text(value, context.language).upper()


@function("LOWER", "s")
def _lower(context: Context, value: CellValue) -> str:
    return to_text(value, context.language).lower()


@function("PROPER", "s")
def _proper(context: Context, value: CellValue) -> str:
    shown, start = [], True
    for letter in to_text(value, context.language):
        shown.append(letter.upper() if start else letter.lower())
        start = not letter.isalpha()
    return "".join(shown)


@function("TRIM", "s")
def _trim(context: Context, value: CellValue) -> str:
    """Spaces at the ends go, tabs too (B), and of several between words all but one; a hard space stays."""
    text = to_text(value, context.language).strip(" \t\n\r\f\v")
    return " ".join(part for part in text.split(" ") if part)


@function("CLEAN", "s")
def _clean(context: Context, value: CellValue) -> str:
    return "".join(letter for letter in to_text(value, context.language) if ord(letter) >= 32)


def _exact_in_block(context: Context, arguments: Sequence[Any]) -> Block | None:
    """EXACT of the cells of one block with one value; None for two blocks, and where errors pass through."""
    blocks = [argument for argument in arguments if isinstance(argument, Block)]
    others = [argument for argument in arguments if not isinstance(argument, Block)]
    if len(blocks) != 1 or isinstance(others[0], ErrorValue) or blocks[0].has(ERROR):
        return None
    (block,), word = blocks, to_text(others[0], context.language)
    equal = (block.kinds == BLANK) & (word == "")
    if block.objects is not None:
        texts = block.kinds == TEXT
        equal[texts] = block.objects[texts] == word
    for row, column in np.argwhere((block.kinds == NUMBER) | (block.kinds == BOOL)).tolist():
        equal[row, column] = to_text(block.at(row, column), context.language) == word
    return Block.of_numbers(equal, BOOL)


@function("EXACT", "ss", whole=_exact_in_block)
def _exact(context: Context, first: CellValue, second: CellValue) -> bool:
    return to_text(first, context.language) == to_text(second, context.language)


@function("REPT", "ss")
def _rept(context: Context, value: CellValue, times: CellValue) -> str:
    text, count = to_text(value, context.language), counted(context, "REPT", 2, times)
    if len(text) * count > _LONGEST_REPEATED:
        raise Failure(too_long("REPT", _LONGEST_REPEATED))
    return text * count


def _of_code(name: str, kind: str) -> None:
    def body(context: Context, value: CellValue) -> str:
        code = int(to_number(value, context.language))
        if not 1 <= code <= _LAST_CHARACTER:
            raise Failure(out_of_range(name, 1, code, kind))
        return chr(code)

    function(name, "s")(body)


def _code_of(name: str) -> None:
    def body(context: Context, value: CellValue) -> float:
        text = to_text(value, context.language)
        if not text:
            raise Failure(no_text(name, 1))
        return float(ord(text[0]))

    function(name, "s")(body)


# CHAR(0) is #NUM!, UNICHAR(0) #VALUE! (B).
_of_code("CHAR", "#NUM!")
_of_code("UNICHAR", "#VALUE!")
for _name in ("CODE", "UNICODE"):
    _code_of(_name)


@function("VALUE", "s")
def _value(context: Context, value: CellValue) -> float:
    """Text as a number; TRUE and FALSE are none here (B)."""
    if isinstance(value, bool):
        raise Failure(not_coerced("VALUE", 1, value, "number"))
    try:
        return to_number(value, context.language)
    except Uncoerced as problem:
        raise Failure(cannot_be_parsed("VALUE", str(value), "number")) from problem


def _texts(context: Context, values: tuple[Value, ...], *, skip_empty: bool = False) -> list[str]:
    """Every cell as text.

    Raises:
        Failure: The first error among them.
    """
    found: list[str] = []
    for value in values:
        cells = context.block(value).values() if isinstance(value, Area | Block) else [value]
        found.extend(to_text(cell, context.language) for cell in cells)
    return [text for text in found if text] if skip_empty else found


def _bounded(name: str, text: str) -> str:
    """Refuse a text that no cell can hold."""
    if len(text) > _LONGEST:
        raise Failure(too_long(name, _LONGEST))
    return text


@function("CONCATENATE", "r", repeat="r")
def _concatenate(context: Context, *values: Value) -> str:
    return _bounded("CONCATENATE", "".join(_texts(context, values)))


@function("CONCAT", "ss")
def _concat(context: Context, first: CellValue, second: CellValue) -> str:
    return to_text(first, context.language) + to_text(second, context.language)


@function("JOIN", "sr", repeat="r")
def _join(context: Context, mark: CellValue, *values: Value) -> str:
    return _bounded("JOIN", to_text(mark, context.language).join(_texts(context, values)))


@function("TEXTJOIN", "ssr", repeat="r")
def _textjoin(context: Context, mark: CellValue, skip: CellValue, *values: Value) -> str:
    texts = _texts(context, values, skip_empty=to_bool(skip, context.language))
    return _bounded("TEXTJOIN", to_text(mark, context.language).join(texts))


@function("SPLIT", "ssss", least=2)
def _split(
    context: Context, value: CellValue, marks: CellValue, each: CellValue = True, skip: CellValue = True
) -> Block:
    text, mark = to_text(value, context.language), to_text(marks, context.language)
    for place, given in ((1, text), (2, mark)):
        if not given:
            raise Failure(no_text("SPLIT", place))
    if to_bool(each, context.language):
        for other in mark[1:]:
            text = text.replace(other, mark[0])
        mark = mark[0]
    parts = [part for part in text.split(mark) if part or not to_bool(skip, context.language)]
    if not parts:
        raise Failure(NO_REFERENCE)
    numbers = [read_number(part, context.language) for part in parts]
    cells: list[CellValue] = [
        (part or None) if number is None else number for part, number in zip(parts, numbers, strict=True)
    ]
    return Block.from_grid([cells])


@function("HYPERLINK", "ss", least=1)
def _hyperlink(_context: Context, address: CellValue, label: CellValue = None) -> CellValue:
    return address if label is None else label
