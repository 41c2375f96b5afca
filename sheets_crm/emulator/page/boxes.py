"""Checkboxes: cells whose validation is BOOLEAN, with TRUE and FALSE or values of their own.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType (A): one
value means ticked, and blank unticked; two values mean ticked and unticked.
"""

from functools import lru_cache

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.dates import EPOCH
from sheets_crm.emulator.entry import parse_entry
from sheets_crm.emulator.rendering import plain_number
from sheets_crm.emulator.rows import CellContent
from sheets_crm.emulator.styles import Style

__all__ = ["box_state", "box_values"]


@lru_cache(maxsize=4096)
def box_values(style: Style | None, locale: str) -> tuple[CellContent, CellContent] | None:
    """Give what a checkbox holds when it is ticked and when it is not; None for a cell that is no checkbox."""
    condition = ((style.validation if style else None) or {}).get("condition") or {}
    if condition.get("type") != "BOOLEAN":
        return None
    given = [str(value.get("userEnteredValue", "")) for value in condition.get("values") or ()]
    if not given:
        return True, False
    read = [plain_number(parse_entry(text, locale, EPOCH).value) for text in given]
    return read[0], read[1] if len(read) > 1 else None


def box_state(value: CellValue, style: Style | None, locale: str) -> bool | None:
    """Tell whether a cell shows a ticked box (True), an unticked one (False), or none."""
    values = box_values(style, locale)
    if values is None:
        return None
    for state, wanted in zip((True, False), values, strict=True):
        if value == wanted and isinstance(value, bool) == isinstance(wanted, bool):
            return state
    return False if value is None else None
