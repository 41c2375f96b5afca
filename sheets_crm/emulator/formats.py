"""How a cell shows its value (`FORMATTED_VALUE`): number formats, in the spreadsheet's locale.

Patterns are those of the Sheets API guide "Date & number formats"; they are written as in en_US whatever the
locale.
"""

from collections.abc import Mapping
from functools import lru_cache

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.format_patterns import LONGEST_KEPT, literal, number_section, text_section, tokens_of
from sheets_crm.emulator.languages import Language, language_of
from sheets_crm.emulator.numerals import plain_number
from sheets_crm.emulator.shown_moments import shown_moment, shows_moment
from sheets_crm.emulator.shown_numbers import shown_number

__all__ = ["pattern_of", "render", "render_pattern"]

_NOT_SHOWN = "###"
_DEFAULT_PATTERNS = {
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "SCIENTIFIC": "0.00E+00",
    "TEXT": "@",
}


def render(value: CellValue, number_format: Mapping[str, str] | None, locale: str) -> str:
    """Show a value as its cell does.

    Args:
        value: The cell's value; a date is its serial number.
        number_format: The cell's `NumberFormat`: `type` and, where given, `pattern`. `None` is automatic.
        locale: The spreadsheet's.

    Returns:
        The text; empty for a blank cell.
    """
    language = language_of(locale)
    if value is None:
        return ""
    if isinstance(value, ErrorValue):
        return value.type
    if isinstance(value, bool):
        return language.words[0 if value else 1]
    pattern = pattern_of(number_format, language)
    if not pattern:
        return value if isinstance(value, str) else plain_number(value, language)
    return render_pattern(value, pattern, language)


def pattern_of(number_format: Mapping[str, str] | None, language: Language) -> str:
    """Give the pattern of a number format, a type's own where it has none; empty for the automatic format."""
    if not number_format:
        return ""
    kind, pattern = number_format.get("type", ""), number_format.get("pattern", "")
    if pattern:
        return "" if pattern.lower() == "general" else pattern
    if kind == "CURRENCY":
        sign, before = language.currency
        return f'"{sign}"#,##0.00' if before else f'#,##0.00 "{sign}"'
    dates = {"DATE": language.date, "TIME": language.time, "DATE_TIME": language.moment}
    return dates.get(kind) or _DEFAULT_PATTERNS.get(kind, "")


def render_pattern(value: float | str, pattern: str, language: Language) -> str:
    """Show a number or a text by a pattern of up to four sections: positive, negative, zero, text."""
    if isinstance(value, str):
        if pattern == "@":
            return value
        return (_patterned_text if len(pattern) + len(value) > LONGEST_KEPT else _kept_text)(value, pattern)
    return (_patterned_number if len(pattern) > LONGEST_KEPT else _kept_number)(value, pattern, language)


def _patterned_text(value: str, pattern: str) -> str:
    section = text_section(pattern)
    if section is None:
        return value
    return "".join(value if kind == "text" else literal(kind, text) for kind, text in tokens_of(section))


def _patterned_number(value: float, pattern: str, language: Language) -> str:
    """A number that no section takes is shown as ``#`` signs: documented as filling the cell (A), here three (C)."""
    chosen = number_section(value, pattern)
    if chosen is None:
        return _NOT_SHOWN
    shown, section = chosen
    tokens = tokens_of(section)
    if any(kind == "text" for kind, _ in tokens):
        return "".join(
            plain_number(value, language) if kind == "text" else literal(kind, text) for kind, text in tokens
        )
    if shows_moment(tokens):
        moment = shown_moment(shown, tokens, language)
        return plain_number(value, language) if moment is None else moment
    return shown_number(shown, tokens, language)


_kept_text = lru_cache(maxsize=4096)(_patterned_text)

#: Many cells of a column share their dates and ratios: what was shown once is kept, long patterns aside.
_kept_number = lru_cache(maxsize=65_536)(_patterned_number)
