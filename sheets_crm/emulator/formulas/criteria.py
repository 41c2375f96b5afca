"""The conditions of COUNTIF, SUMIFS and their like."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.entry import read_number
from sheets_crm.emulator.formulas.values import BLANK, BOOL, NUMBER, TEXT, Block, Floats, Mask, Refusal
from sheets_crm.emulator.languages import Language

__all__ = ["Criterion", "count_matches", "matches", "read_criterion", "wildcard"]

_OPERATORS = ("<>", ">=", "<=", ">", "<", "=")
_NUMERAL = re.compile(r"[+-]?\d+(?:\.\d+)?\Z", re.ASCII)
_NUMERAL_STARTS = frozenset("+-0123456789")
_LONGEST_WILDCARD = 1_000


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition.

    Attributes:
        operator: One of ``= <> > >= < <=``.
        kind: Kind of the operand, as `values.kind_of` says; BLANK for an empty operand after an operator.
        operand: What cells are held against; text in lower case.
        plain: Text without wildcards, or no text at all.
    """

    operator: str
    kind: int
    operand: Any
    plain: bool = True


def read_criterion(value: CellValue, language: Language) -> Criterion:
    """Read a condition: ``5``, TRUE, ``"processing"``, ``"proc*"``, ``">=5"``, ``"<>"``, ``""``."""
    if isinstance(value, bool):
        return Criterion("=", BOOL, float(value))
    if isinstance(value, float | int) or value is None:
        # A condition taken from a blank cell is 0, not "blank".
        return Criterion("=", NUMBER, float(value or 0))
    if isinstance(value, ErrorValue):
        return Criterion("error", TEXT, value.type)
    return _of_text(value, language)


@lru_cache(maxsize=4096)
def _of_text(text: str, language: Language) -> Criterion:
    operator = next((sign for sign in _OPERATORS if text.startswith(sign)), "")
    operand = text[len(operator) :]
    if not operand:
        return Criterion(operator or "empty", BLANK, "")
    word = operand.upper()
    if word in ("TRUE", "FALSE", *language.words):
        return Criterion(operator or "=", BOOL, float(word in ("TRUE", language.words[0])))
    number = read_number(operand, language)
    if number is not None:
        return Criterion(operator or "=", NUMBER, number)
    return Criterion(operator or "=", TEXT, operand.lower(), not any(sign in operand for sign in "*?~"))


@lru_cache(maxsize=4096)
def wildcard(text: str) -> re.Pattern[str]:
    """Turn ``*``, ``?`` and ``~`` of a condition into a pattern for whole texts in lower case.

    What stands between two asterisks is taken where it first fits, and no other place is tried, as none could do
    better: so the time does not grow with the number of asterisks.

    Raises:
        Refusal: It is so long that the emulator could not end soon.
    """
    if len(text) > _LONGEST_WILDCARD:
        raise Refusal("A condition with wildcards as long as this is not implemented by the emulator.")
    first, *others = _between_asterisks(text)
    if not others:
        return re.compile(first + r"\Z", re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in others[:-1] if part)
    return re.compile(rf"{first}{middle}.*{others[-1]}\Z", re.DOTALL)


def _between_asterisks(text: str) -> list[str]:
    """Give what stands between the asterisks, each as a pattern of its own."""
    parts, place = [""], 0
    while place < len(text):
        sign = text[place]
        if sign == "~" and place + 1 < len(text):
            place += 1
            parts[-1] += re.escape(text[place])
        elif sign == "*":
            parts.append("")
        else:
            parts[-1] += "." if sign == "?" else re.escape(sign)
        place += 1
    return parts


def matches(block: Block, criterion: Criterion) -> Mask:
    """Give the cells that meet a condition; kept with the block for the next who asks."""
    key = ("matches", criterion)
    known: Mask | None = block.memo.get(key)
    if known is None:
        known = block.memo[key] = _matches(block, criterion)
    return known


def _matches(block: Block, criterion: Criterion) -> Mask:
    operator, kind = criterion.operator, criterion.kind
    if operator == "error":
        return _text_cells(block, lambda cell: str(cell) == criterion.operand, block.objects)
    if kind == BLANK:
        return _blank_condition(block, operator)
    if operator == "<>":
        return ~_matches(block, Criterion("=", kind, criterion.operand, criterion.plain))
    if kind == TEXT:
        return _text_condition(block, criterion)
    there = block.kinds == kind
    numbers = block.numbers
    tests = {
        "=": np.equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "<": np.less,
        "<=": np.less_equal,
    }
    met: Mask = there & tests[operator](numbers, criterion.operand)
    if operator == "=" and kind == NUMBER:
        met = met | (_numerals(block) == criterion.operand)
    return met


def _numerals(block: Block) -> Floats:
    """The numbers that a block's texts spell, as plain numerals; a number that is asked for finds them too (B)."""
    numbers: Floats | None = block.memo.get("numerals")
    if numbers is None:
        numbers = block.memo["numerals"] = np.full(block.kinds.shape, np.nan)
        if block.objects is not None and block.has(TEXT):
            texts = block.kinds == TEXT
            numbers[texts] = [_spelled_number(text) for text in block.objects[texts].tolist()]
    return numbers


def _spelled_number(text: str) -> float:
    return float(text) if text[:1] in _NUMERAL_STARTS and _NUMERAL.match(text) else math.nan


def _blank_condition(block: Block, operator: str) -> Mask:
    blank: Mask = block.kinds == BLANK
    if operator == "empty":
        return blank | _text_cells(block, lambda text: text == "", block.objects)
    if operator == "=":
        return blank
    return ~blank if operator == "<>" else np.zeros_like(blank)


def _text_condition(block: Block, criterion: Criterion) -> Mask:
    operand = criterion.operand
    if criterion.operator == "=" and not criterion.plain:
        pattern = wildcard(operand)
        return _text_cells(block, lambda text: pattern.match(text) is not None, block.lowered())
    tests: dict[str, Any] = {
        "=": lambda text: text == operand,
        ">": lambda text: text > operand,
        ">=": lambda text: text >= operand,
        "<": lambda text: text < operand,
        "<=": lambda text: text <= operand,
    }
    return _text_cells(block, tests[criterion.operator], block.lowered())


def _text_cells(block: Block, test: Any, texts: Any) -> Mask:
    found = np.zeros(block.kinds.shape, dtype=bool)
    if block.objects is not None:
        there = block.kinds >= TEXT if texts is block.objects else block.kinds == TEXT
        there = there & (block.kinds != BOOL)
        found[there] = [bool(test(text)) for text in texts[there].tolist()]
    return found


def count_matches(block: Block, criterion: Criterion) -> int:
    """Count the cells that meet a condition; equality goes through an index, so that COUNTIF(r;r) stays quick."""
    if criterion.operator != "=" or not criterion.plain or criterion.kind == BLANK:
        return int(np.count_nonzero(matches(block, criterion)))
    index: Counter[tuple[int, Any]] | None = block.memo.get("count index")
    if index is None:
        if not block.memo.get("counted"):
            block.memo["counted"] = True
            return int(np.count_nonzero(matches(block, criterion)))
        index = block.memo["count index"] = _count_index(block)
    return index[(criterion.kind, criterion.operand)]


def _count_index(block: Block) -> "Counter[tuple[int, Any]]":
    index: Counter[tuple[int, Any]] = Counter()
    for kind in (NUMBER, BOOL):
        index.update((kind, number) for number in block.numbers[block.kinds == kind].tolist())
    numerals = _numerals(block)
    index.update((NUMBER, number) for number in numerals[~np.isnan(numerals)].tolist())
    index.update((TEXT, text) for text in block.lowered()[block.kinds == TEXT].tolist())
    return index
