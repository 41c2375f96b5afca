"""How Google turns one kind of value into another: text into numbers, numbers into text, both into truth."""

import math
from functools import lru_cache

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.entry import read_number
from sheets_crm.emulator.formulas.values import NUM, Failure, Uncoerced
from sheets_crm.emulator.languages import Language
from sheets_crm.emulator.numerals import plain_number

__all__ = ["normal", "to_bool", "to_number", "to_text"]


@lru_cache(maxsize=65_536)
def _parsed(text: str, language: Language) -> float | None:
    return read_number(text, language)


def to_number(value: CellValue, language: Language) -> float:
    """Read a value as a number: blank and empty text are 0, TRUE is 1, other text is read as if typed.

    Empty text is 0 and a space is none: a recorded answer of Google's (A).

    Raises:
        Failure: With the error itself, or #VALUE! for text that is no number.
    """
    if isinstance(value, float | int):
        return float(value)
    if value is None or value == "":
        return 0.0
    if isinstance(value, ErrorValue):
        raise Failure(value)
    number = _parsed(value, language)
    if number is None:
        raise Uncoerced(value, "number")
    return number


def to_text(value: CellValue, language: Language) -> str:
    """Write a value as text: at most 15 digits, the locale's decimal separator, TRUE and FALSE in its words.

    Raises:
        Failure: With the error itself.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, ErrorValue):
        raise Failure(value)
    if isinstance(value, bool):
        return language.words[0 if value else 1]
    return plain_number(value, language, digits=15)


def to_bool(value: CellValue, language: Language) -> bool:
    """Read a value as TRUE or FALSE: a number that is not 0 is TRUE, blank and empty text (B) are FALSE.

    Raises:
        Failure: With the error itself, or #VALUE! for other text.
    """
    if isinstance(value, bool):
        return value
    if value is None or value == "":
        return False
    if isinstance(value, ErrorValue):
        raise Failure(value)
    if isinstance(value, float | int):
        return value != 0
    word = value.upper()
    if word in ("TRUE", language.words[0]):
        return True
    if word in ("FALSE", language.words[1]):
        return False
    raise Uncoerced(value, "boolean")


def normal(number: float) -> float:
    """Refuse what is no finite number; there is no zero below zero in a cell.

    Raises:
        Failure: #NUM!.
    """
    if math.isfinite(number):
        return number + 0.0
    raise Failure(NUM)
