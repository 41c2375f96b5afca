"""Where a cell stands and what stands there: ROW, COLUMN, ROWS, SHEET, ADDRESS, FORMULATEXT, CELL."""

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.a1 import column_letters, quote_title
from sheets_crm.emulator.formulas.coercion import to_bool, to_number, to_text
from sheets_crm.emulator.formulas.r1c1 import r1c1_point
from sheets_crm.emulator.formulas.reasons import NOT_A_RANGE, at_least, between
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Area, Block, Failure, Refusal, Value

__all__: list[str] = []


def _whole(context: Context, value: CellValue) -> int:
    return int(to_number(value, context.language))


@function("ADDRESS", "sssss", least=2)
def _address(
    context: Context,
    row: CellValue,
    column: CellValue,
    mode: CellValue = 1.0,
    plain: CellValue = True,
    title: CellValue = None,
) -> str:
    kind, down, right = _whole(context, mode), _whole(context, row), _whole(context, column)
    for place, given in ((1, down), (2, right)):
        if given < 1:
            raise Failure(at_least("ADDRESS", place, given, 1, "#VALUE!"))
    if not 1 <= kind <= 4:
        raise Failure(between("ADDRESS", 3, kind, (1, 4), "#NUM!"))
    prefix = "" if title is None else quote_title(to_text(title, context.language)) + "!"
    row_fixed, column_fixed = kind in (1, 2), kind in (1, 3)
    if not to_bool(plain, context.language):
        return prefix + r1c1_point(down, right, row_fixed=row_fixed, column_fixed=column_fixed)
    letters, digits = column_letters(right - 1), str(down)
    return prefix + ("$" if column_fixed else "") + letters + ("$" if row_fixed else "") + digits


def _place(context: Context, value: Value) -> Area:
    if value is None:
        return Area(context.title, context.row, context.column, context.row, context.column)
    if not isinstance(value, Area):
        raise Failure(NOT_A_RANGE)
    return value


@function("ROW", "r", least=0)
def _row(context: Context, value: Value = None) -> Value:
    area = _place(context, value)
    if not context.arrays or area.rows == 1:
        return float(area.top + 1)
    return Block.of_numbers(np.arange(area.top + 1, area.bottom + 2, dtype=np.float64).reshape(-1, 1))


@function("COLUMN", "r", least=0)
def _column(context: Context, value: Value = None) -> Value:
    area = _place(context, value)
    if not context.arrays or area.columns == 1:
        return float(area.left + 1)
    return Block.of_numbers(np.arange(area.left + 1, area.right + 2, dtype=np.float64).reshape(1, -1))


@function("ROWS", "r")
def _rows(context: Context, value: Value) -> float:
    return float(value.rows if isinstance(value, Area) else context.block(value).rows)


@function("COLUMNS", "r")
def _columns(context: Context, value: Value) -> float:
    return float(value.columns if isinstance(value, Area) else context.block(value).columns)


@function("SHEETS", "")
def _sheets(context: Context) -> float:
    """Count the workbook's tabs, hidden ones included."""
    return float(len(context.source.titles()))


@function("SHEET", "r", least=0)
def _sheet(context: Context, value: Value = None) -> float:
    title = value.title if isinstance(value, Area) else value
    if title is None:
        title = context.title
    titles = list(context.source.titles())
    if title not in titles:
        raise Failure(ErrorValue("#REF!", f"Unresolved sheet name '{title}'."))
    return float(titles.index(title) + 1)


@function("FORMULATEXT", "r")
def _formulatext(context: Context, value: Value) -> str:
    text = context.source.formula(value.title, value.top, value.left) if isinstance(value, Area) else None
    if text is None:
        # A: whatever stands there, a value or nothing.
        raise Failure(ErrorValue("#N/A", "Invalid formula parse result."))
    return text


#: What CELL can tell of a cell's look and its tab, which formulas here do not see.
_UNSEEN = frozenset(("color", "prefix", "sheet", "width"))
#: What Google's message lists.
_TOLD = "'ADDRESS', 'COL', 'COLOR', 'CONTENTS', 'PREFIX', 'ROW', 'TYPE', 'WIDTH', 'SHEET'"


@function("CELL", "sr")
def _cell(context: Context, what: CellValue, value: Value) -> CellValue:
    area, kind = _place(context, value), to_text(what, context.language).lower()
    contents = context.source.cell(area.title, area.top, area.left)
    told: dict[str, CellValue] = {
        "row": float(area.top + 1),
        "col": float(area.left + 1),
        "address": f"${column_letters(area.left)}${area.top + 1}",
        "contents": contents,
        # b for a blank cell, and for a formula that gives a blank (A); l, a label, for text; v for the rest.
        "type": "b" if contents is None else "l" if isinstance(contents, str) else "v",
    }
    if kind in _UNSEEN:
        raise Refusal(f'CELL("{kind}") is not implemented by the emulator.')
    if kind not in told:
        # A, with the two blanks.
        words = (
            f"Function CELL parameter 1 value is {to_text(what, context.language)}.  It should be one of: {_TOLD}."
        )
        raise Failure(ErrorValue("#VALUE!", words))
    return told[kind]
