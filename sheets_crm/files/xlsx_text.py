"""The text that a cell of an XLSX workbook shows.

Numbers keep digits that Excel would round for display, and have no thousands separator; dates are in ISO form, because
Excel's form depends on the reader's country, which the file does not tell.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel, from_ISO8601

GENERAL: Final = "General"
_LONGEST_FORMAT = 255  # nobody writes a longer one, and matching it takes the square of its length
_PLAIN = re.compile(r"(?:#,##)?#?(0{0,30})(?:\.(0{1,30}))?(%?)(?:_\)|_-)?")  # Excel knows 30 decimals
_HUGE = 1e30  # from here on numbers are shown with an exponent: 1e308 would be 309 digits
_ESCAPE = re.compile(r"_x((?!D[89A-F])[0-9A-F]{4})_", re.IGNORECASE)  # but no lone surrogate


@dataclass(frozen=True, slots=True)
class _Format:
    """The effect of a number format.

    Attributes:
        date: It is a date or a time.
        span: It is a duration, which may exceed 24 hours.
        digits: Whole digits, decimals, and the percent sign, for plain formats.
    """

    date: bool
    span: bool
    digits: tuple[int, int, str] | None


def unescaped(text: str) -> str:
    """Undo XLSX's escapes of characters that XML does not allow: ``_x000D_``."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def number_shown(text: str, code: str, epoch: dt.datetime) -> str:
    """A stored number in its number format; dates count from the epoch.

    Raises:
        ValueError: Not a number.
    """
    value = float(text) if "." in text or "e" in text or "E" in text else int(text)
    shape = _format(code)
    if shape.date:
        try:
            return _moment(from_excel(value, epoch, timedelta=shape.span))
        except (OverflowError, ValueError):
            return "#VALUE!"  # as Excel shows a number beyond its calendar
    if shape.digits is None or not abs(value) < _HUGE:
        return _general(value)
    whole, decimals, percent = shape.digits
    shown = f"{value * 100 if percent else value:.{decimals}f}"
    digits, point, rest = shown.lstrip("-").partition(".")
    return "-" * shown.startswith("-") + digits.zfill(whole) + point + rest + percent


def moment_shown(text: str) -> str:
    """A date or a time that is stored in ISO form.

    Raises:
        ValueError: Neither a date nor a time.
    """
    return _moment(from_ISO8601(text))  # type: ignore[no-untyped-call]


@lru_cache(maxsize=1024)
def _format(code: str) -> _Format:
    if code == GENERAL or not code or len(code) > _LONGEST_FORMAT:
        return _Format(date=False, span=False, digits=None)
    plain = _PLAIN.fullmatch(code)
    if plain is None:
        return _Format(is_date_format(code), is_timedelta_format(code), None)
    whole, decimals, percent = plain.groups(default="")
    return _Format(date=False, span=False, digits=(len(whole), len(decimals), percent))


def _general(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    exact = float(f"{value:.15g}")  # as many digits as Excel knows: 0.1 + 0.2 shows as 0.3
    return str(int(exact)) if exact.is_integer() and abs(exact) < 1e17 else str(exact)


def _moment(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
