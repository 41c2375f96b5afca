"""SUBTOTAL: another function over the cells that are to be seen."""

import re

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_number
from sheets_crm.emulator.formulas.registry import FUNCTIONS, Context, function
from sheets_crm.emulator.formulas.values import BLANK, Area, Block, Failure, Value

__all__: list[str] = []

_NAMES = ("AVERAGE", "COUNT", "COUNTA", "MAX", "MIN", "PRODUCT", "STDEV", "STDEVP", "SUM", "VAR", "VARP")
_WITHOUT_HIDDEN = 100
_NESTED = re.compile(r"\bSUBTOTAL\s*\(", re.IGNORECASE)


@function("SUBTOTAL", "s", repeat="r")
def _subtotal(context: Context, code: CellValue, *areas: Value) -> Value:
    """Work out a function, by its number, over what is to be seen.

    Rows that a filter hides are left out, from 101 on those hidden by a person too, and other subtotals always
    (Google's page on SUBTOTAL, A). An array is no range to it (B).
    """
    number = int(to_number(code, context.language))
    place = number - _WITHOUT_HIDDEN if number > _WITHOUT_HIDDEN else number
    if not 1 <= place <= len(_NAMES):
        words = "Valid values are between 1 and 11 or 101 and 111 inclusive."
        raise Failure(ErrorValue("#VALUE!", f"Function SUBTOTAL parameter 1 value is {number}. {words}"))
    blocks = [_seen(context, area, by_person=number > _WITHOUT_HIDDEN) for area in areas]
    result: Value = FUNCTIONS[_NAMES[place - 1]].body(context, *blocks)
    return result


def _seen(context: Context, area: Value, *, by_person: bool) -> Block:
    if not isinstance(area, Area):
        raise Failure(ErrorValue("#VALUE!", "Argument must be a range."))
    block = _without_subtotals(context, area)
    by_filter, by_hand = context.source.hidden_rows(area.title)
    hidden = by_filter | by_hand if by_person else by_filter
    if not hidden:
        return block
    return block.pick(np.array([row not in hidden for row in range(area.top, area.bottom + 1)]))


def _without_subtotals(context: Context, area: Area) -> Block:
    block = context.block(area)
    kinds = block.kinds.copy()
    for column in range(area.columns):
        for row in np.flatnonzero(kinds[:, column] != BLANK).tolist():
            text = context.source.formula(area.title, area.top + row, area.left + column)
            if text is not None and _NESTED.search(text):
                kinds[row, column] = BLANK
    return Block(kinds, np.where(kinds == BLANK, 0.0, block.numbers), block.objects)
