"""What Google makes of text typed into a cell (`valueInputOption=USER_ENTERED`).

Numbers, percentages, money, dates, times, TRUE and FALSE are recognised in the spreadsheet's locale, and the
cell gets the number format that shows them as they were typed; the rest stays text. The Sheets API guide,
"Reading & writing values", says that the input is parsed exactly as if it were entered into the user
interface.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sheets_crm.emulator.dates import read_moment
from sheets_crm.emulator.languages import Language, language_of

__all__ = ["Entry", "parse_entry", "read_number"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a typed text becomes.

    Attributes:
        value: The literal value; `None` for a formula and for an emptied cell.
        formula: The formula's text, beginning with ``=``.
        number_format: The format that Google gives the cell, as the API's `NumberFormat`; `None` leaves it
            as it is.
    """

    value: bool | float | str | None = None
    formula: str | None = None
    number_format: dict[str, str] | None = None


def parse_entry(text: str, locale: str, now: datetime) -> Entry:
    """Read a text as if a person typed it into a cell.

    Args:
        text: The text; one leading apostrophe makes the rest text whatever it looks like.
        locale: The spreadsheet's locale, such as ``es_ES``; unlisted ones are read as en_US.
        now: The moment in the spreadsheet's time zone, for dates without a year.

    Returns:
        The value, or the formula. ``+`` begins a formula unless a number follows: ``+34600`` is a number,
        ``+34 600 123`` a formula that cannot be parsed.
    """
    if text.startswith("'"):
        return Entry(text[1:])
    bare = text.strip()
    if bare.startswith("=") and len(bare) > 1:
        return Entry(formula=bare)
    if not bare:
        return Entry(text or None)
    language = language_of(locale)
    word = bare.upper()
    if word in ("TRUE", "FALSE", *language.words):
        return Entry(word in ("TRUE", language.words[0]))
    found = _read(bare, language, now)
    if found is not None:
        return Entry(found[0], number_format=found[1])
    if bare.startswith("+") and len(bare) > 1:
        return Entry(formula="=" + bare)
    return Entry(text)


def read_number(text: str, language: Language) -> float | None:
    """Read a text as a number, as formulas do with ``"5"+1``: percentages, money, whole dates and times too."""
    found = _read(text.strip(), language, None)
    return None if found is None else found[0]


_DIGIT = re.compile("[0-9]")


@lru_cache(maxsize=64)
def _month_starts(language: Language) -> tuple[str, ...]:
    return tuple(name[:3] for name in language.months)


_Found = tuple[float, dict[str, str] | None]


def _read(text: str, language: Language, now: datetime | None) -> _Found | None:
    if _DIGIT.search(text) is None:
        return None
    if text[0].isalpha() and not text[:3].lower().startswith(_month_starts(language)):
        return None
    return _amount(text, language) or read_moment(text, language, now)


_SIGNS = "$€£¥"
_AMOUNT = r"(?P<number>{digits}(?:{decimal}\d*)?|{decimal}\d+)(?P<power>[eE][+-]?\d{{1,3}})?"


def _number_pattern(language: Language) -> re.Pattern[str]:
    group, decimal = re.escape(language.group), re.escape(language.decimal)
    return re.compile(_AMOUNT.format(digits=rf"(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)", decimal=decimal) + r"\Z")


_PATTERNS: dict[tuple[str, str], re.Pattern[str]] = {}


def _amount(text: str, language: Language) -> _Found | None:
    """A plain number, a percentage, money, or a negative one in brackets."""
    negative, body = _sign(text)
    body, percent = (body[:-1].rstrip(), True) if body.endswith("%") else (body, False)
    body, currency = _money(body)
    if currency and not negative:
        negative, body = _sign(body)
    marks = (language.group, language.decimal)
    pattern = _PATTERNS.get(marks) or _PATTERNS.setdefault(marks, _number_pattern(language))
    match = pattern.match(body)
    if match is None or (percent and currency):
        return None
    digits = match["number"]
    number = float(digits.replace(language.group, "").replace(language.decimal, ".") + (match["power"] or ""))
    if number == float("inf"):
        return None
    number = -number if negative else number
    return (number / 100 if percent else number), _amount_format(
        match, language, percent=percent, currency=currency
    )


def _sign(text: str) -> tuple[bool, str]:
    if text[:1] in ("-", "+"):
        return text[0] == "-", text[1:].lstrip()
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    return False, text


def _money(text: str) -> tuple[str, str]:
    """Take a currency sign off; give the rest, and the sign with where it stood."""
    if text[:1] and text[0] in _SIGNS:
        return text[1:].lstrip(), text[0] + "<"
    if text[-1:] and text[-1] in _SIGNS:
        return text[:-1].rstrip(), text[-1] + ">"
    return text, ""


def _amount_format(
    match: re.Match[str], language: Language, *, percent: bool, currency: str
) -> dict[str, str] | None:
    decimals = ".00" if language.decimal in match["number"] else ""
    if percent:
        return {"type": "PERCENT", "pattern": f"0{decimals}%"}
    if currency:
        sign = f'"{currency[0]}"' if currency[0] == language.currency[0] else f"[${currency[0]}]"
        digits = f"#,##0{decimals}"
        return {"type": "CURRENCY", "pattern": sign + digits if currency[1] == "<" else f"{digits} {sign}"}
    if match["power"]:
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if language.group in match["number"]:
        return {"type": "NUMBER", "pattern": f"#,##0{decimals}"}
    return None
