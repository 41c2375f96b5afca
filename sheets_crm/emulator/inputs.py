"""What writing into a cell makes of it: RAW, as typed by a person, or as `ExtendedValue`.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/ValueInputOption
"""

from datetime import datetime
from typing import Any

from sheets_crm.emulator.entry import parse_entry
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.formulas.locales import to_canonical, to_locale
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError
from sheets_crm.emulator.rendering import plain_number
from sheets_crm.emulator.rows import CellContent
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.styles import Style, intern_style

__all__ = ["CHARACTER_LIMIT", "check_length", "enter", "local_formula", "put_extended", "put_raw"]

#: Characters that one cell may hold.
CHARACTER_LIMIT = 50_000
#: Whole numbers up to here are exact in a double.
_EXACT = 2**53


def check_length(text: str) -> None:
    """Refuse a text that no cell can hold."""
    if len(text) > CHARACTER_LIMIT:
        raise invalid(
            f"Your input contains more than the maximum of {CHARACTER_LIMIT} characters in a single cell."
        )


def local_formula(text: str, locale: str) -> str:
    """Spell a formula as the spreadsheet's locale does; one that cannot be read stays as it was sent."""
    try:
        return to_locale(to_canonical(text, locale), locale)
    except FormulaSyntaxError:
        return text


def put_raw(sheet: Sheet, row: int, column: int, value: Any) -> None:
    """Store a value as it is: texts stay texts."""
    if isinstance(value, str):
        check_length(value)
        sheet.put(row, column, value or None)
    else:
        sheet.put(row, column, _double(value))


def _double(value: Any) -> CellContent:
    """Keep a number as the double that it is in Google, and whole ones as integers."""
    if type(value) is int and abs(value) > _EXACT:
        return float(value)
    content: CellContent = plain_number(value)
    return content


def put_extended(sheet: Sheet, row: int, column: int, value: dict[str, Any] | None, locale: str) -> None:
    """Store an `ExtendedValue`; texts stay texts, a formula is read in the spreadsheet's locale."""
    if value is None or not value:
        sheet.put(row, column, None)
    elif value.get("formulaValue") is not None:
        check_length(value["formulaValue"])
        sheet.put_formula(row, column, local_formula(value["formulaValue"], locale))
    elif value.get("errorValue") is not None:
        raise invalid("userEnteredValue.errorValue cannot be set: it is the result of a formula.")
    else:
        put_raw(sheet, row, column, next((given for given in value.values() if given is not None), None))


def enter(sheet: Sheet, row: int, column: int, value: Any, *, locale: str, now: datetime) -> None:
    """Store what a person typed: it may become a number, a date, a boolean or a formula.

    A cell with the plain-text format keeps the text; an entry's number format is set only where the cell has none.
    """
    if not isinstance(value, str):
        put_raw(sheet, row, column, value)
        return
    check_length(value)
    style = _style_at(sheet, row, column)
    form = style.number_format if style else None
    if form and form.get("type") == "TEXT":
        sheet.put(row, column, value or None)
        return
    entry = parse_entry(value, locale, now)
    if entry.formula is not None:
        sheet.put_formula(row, column, local_formula(entry.formula, locale))
        return
    content: CellContent = plain_number(entry.value)
    sheet.put(row, column, content)
    if entry.number_format and not form:
        kept = style.format if style and style.format else {}
        fresh = intern_style({**kept, "numberFormat": entry.number_format}, style.validation if style else None)
        sheet.write(row).restyle(column, fresh)


def _style_at(sheet: Sheet, row: int, column: int) -> Style | None:
    found = sheet.row(row)
    return found.styles.get(column) if found is not None and found.styles else None
