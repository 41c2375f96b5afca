"""Reads single values of a request as protobuf reads JSON (`datapiece.cc`), and spells those that it refuses.

Every function gives None for what does not fit; JSON's null never comes here. That Sheets reads words for
booleans, numbers as texts and enumerations in any case is grade B: measured by others in October 2026.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

from sheets_crm.emulator.errors import invalid

__all__ = ["as_boolean", "as_enum", "as_number", "as_single", "as_text", "as_whole", "spelled_value"]

_WHOLE = re.compile(r"[\t\n\v\f\r]*([+-]?[0-9]+)[\t\n\v\f\r]*")
_NUMBER = re.compile(r"[\t\n\v\f\r]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[\t\n\v\f\r]*")
_LARGEST_SINGLE = float.fromhex("0x1.fffffep+127")
_LEAST, _BEYOND = -(2**31), 2**31
_TRUE = frozenset({"true", "t", "yes", "y", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "0"})
_ENDLESS = frozenset({"NaN", "Infinity", "-Infinity"})


def as_text(value: Any) -> str | None:
    """Read a text; a number is none."""
    return value if isinstance(value, str) else None


def as_whole(value: Any) -> int | None:
    """Read a whole number of 32 bits: ``5``, ``5.0`` and ``"5"``, not ``"5.0"``."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        match = _WHOLE.fullmatch(value)
        value = int(match[1]) if match and len(value) < len(str(_BEYOND)) + 9 else None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return value if isinstance(value, int) and _LEAST <= value < _BEYOND else None


def as_number(value: Any) -> float | int | None:
    """Read a number, also from a text.

    Raises:
        ApiError: 400 for ``"NaN"`` and the two infinities: protobuf takes them, no cell here can hold them.
    """
    if isinstance(value, str):
        if value in _ENDLESS:
            raise invalid(f"The number {value} is not implemented by the emulator.")
        match = _NUMBER.fullmatch(value)
        value = float(match[1]) if match else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if math.isfinite(value) else None


def as_single(value: Any) -> float | int | None:
    """Read a number that a float of 32 bits can hold (C: `DoubleToFloat` of `datapiece.cc` refuses larger ones)."""
    number = as_number(value)
    return number if number is None or abs(number) <= _LARGEST_SINGLE else None


def as_boolean(value: Any) -> bool | None:
    """Read a boolean: also 0 and 1, and the words of `safe_strtob` in any case of their ASCII letters."""
    if isinstance(value, str):
        word = value.lower() if value.isascii() else value
        return word in _TRUE if word in _TRUE or word in _FALSE else None
    return bool(value) if isinstance(value, (bool, int, float)) and value in (0, 1) else None


def as_enum(value: Any, words: Sequence[str]) -> str | None:
    """Read a word of an enumeration: its name in any case and with ``-`` for ``_``, or its number.

    The number of a word is its place in the discovery document (C).
    """
    if isinstance(value, str):
        if value in words:
            return value
        word = value.upper().replace("-", "_") if value.isascii() else value
        if word in words:
            return word
    number = as_whole(value)
    return words[number] if number is not None and 0 <= number < len(words) else None


def spelled_value(value: Any) -> str:
    """Spell a refused value as messages quote it: a text in quotes and with nothing escaped, a number shortest."""
    if isinstance(value, str):
        return f'"{value}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        short = f"{value:.15g}"
        return short if float(short) == value else f"{value:.17g}"
    return str(value)
