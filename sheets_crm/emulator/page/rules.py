"""Conditional formats that colour whole rows, by a custom formula of the simplest kinds.

They are ``=$A2=TRUE``, ``=$A2="x"`` and ``=$A2<>""``.

Others are kept for whoever reads the API, and not drawn.
"""

import re
from typing import Any

from sheets_crm.emulator.a1 import column_index
from sheets_crm.emulator.evaluation import Computed
from sheets_crm.emulator.geometry import area_of, clip
from sheets_crm.emulator.page.looks import hex_color
from sheets_crm.emulator.sheet import Sheet

__all__ = ["tints"]

_RULE = re.compile(r'=\$([A-Z]{1,3})(\d+)(=(?:TRUE|VERDADERO)|<>""|="[^"]*")')

#: A colour from one column up to another.
Tint = tuple[int, int, str]


def tints(sheet: Sheet, bounds: tuple[int, int, int, int], computed: Computed) -> dict[int, Tint]:
    """Find the rows of a rectangle that a rule colours; the first rule that holds counts."""
    found: dict[int, Tint] = {}
    for rule in sheet.attachments("conditionalFormats"):
        for index, tint in _rule_tints(sheet, bounds, computed, rule).items():
            found.setdefault(index, tint)
    return found


def _rule_tints(
    sheet: Sheet, bounds: tuple[int, int, int, int], computed: Computed, rule: dict[str, Any]
) -> dict[int, Tint]:
    boolean = rule.get("booleanRule") or {}
    values = (boolean.get("condition") or {}).get("values") or [{}]
    match = _RULE.fullmatch(values[0].get("userEnteredValue", ""))
    form = boolean.get("format") or {}
    color = hex_color(form.get("backgroundColorStyle"), form.get("backgroundColor"))
    if match is None or color is None:
        return {}
    found: dict[int, Tint] = {}
    for area in rule["ranges"]:
        top, bottom, left, right = clip(area_of(area), sheet.row_count, sheet.column_count)
        shift = int(match[2]) - 1 - top
        for index in range(max(top, bounds[0]), min(bottom, bounds[1])):
            if _holds(sheet, computed, index + shift, column_index(match[1]), match[3]):
                found[index] = (left, right, color)
    return found


def _holds(sheet: Sheet, computed: Computed, row: int, column: int, test: str) -> bool:
    line = sheet.row(row)
    value = (computed.get(row) or {}).get(column, line.value(column) if line is not None else None)
    if test.startswith("<>"):
        return value not in (None, "")
    return value is True if '"' not in test else value == test[2:-1]
