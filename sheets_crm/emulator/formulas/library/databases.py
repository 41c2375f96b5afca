"""Functions of a table and conditions, both with headers: DSUM, DGET, DCOUNT and their like."""

from typing import Any

import numpy as np

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_number
from sheets_crm.emulator.formulas.criteria import matches, read_criterion
from sheets_crm.emulator.formulas.registry import FUNCTIONS, Context, function
from sheets_crm.emulator.formulas.values import BLANK, Block, Failure, Mask, Value

__all__: list[str] = []

#: What each does with the chosen cells: the function of that name.
_COMBINED = {
    "DAVERAGE": "AVERAGE",
    "DCOUNT": "COUNT",
    "DCOUNTA": "COUNTA",
    "DMAX": "MAX",
    "DMIN": "MIN",
    "DPRODUCT": "PRODUCT",
    "DSTDEV": "STDEV",
    "DSTDEVP": "STDEVP",
    "DSUM": "SUM",
    "DVAR": "VAR",
    "DVARP": "VARP",
}


def _column_of(table: Block, header: CellValue) -> int | None:
    """The column under a header; case does not matter."""
    wanted = header.lower() if isinstance(header, str) else header
    for column, name in enumerate(table.pick(slice(0, 1)).values()):
        if (name.lower() if isinstance(name, str) else name) == wanted:
            return column
    return None


def _field(context: Context, name: str, table: Block, field: CellValue) -> int:
    """The column that a header or a number from 1 names.

    Raises:
        Failure: #VALUE!, when there is none (B).
    """
    column = _column_of(table, field) if isinstance(field, str) else int(to_number(field, context.language)) - 1
    if column is None or not 0 <= column < table.columns:
        raise Failure(ErrorValue("#VALUE!", f"Function {name} parameter 2 value is {field}. It is no field."))
    return column


def _met(context: Context, table: Block, conditions: Block) -> Mask:
    """The rows of a table that meet one row of conditions whole; a blank condition is met by all."""
    if conditions.rows == 1:
        # One row alone is a header and its condition side by side (B).
        conditions = conditions.transposed()
    rows = table.pick(slice(1, None))
    met = np.zeros(rows.rows, dtype=bool)
    columns = [_column_of(table, header) for header in conditions.pick(slice(0, 1)).values()]
    for line in conditions.grid()[1:]:
        held = np.ones(rows.rows, dtype=bool)
        for column, condition in zip(columns, line, strict=True):
            if condition is not None and condition != "":
                held &= _holds(context, rows, column, condition)
        met |= held
    return met


def _holds(context: Context, rows: Block, column: int | None, condition: CellValue) -> Mask:
    if column is None:
        return np.zeros(rows.rows, dtype=bool)
    cells = rows.pick(columns=slice(column, column + 1))
    return matches(cells, read_criterion(condition, context.language)).ravel()


def _chosen(context: Context, name: str, arguments: tuple[Any, CellValue, Any]) -> Block:
    table, conditions = context.block(arguments[0]), context.block(arguments[2])
    column = _field(context, name, table, arguments[1])
    return table.pick(slice(1, None), slice(column, column + 1)).pick(_met(context, table, conditions))


def _declare(name: str, combined: str) -> None:
    def body(context: Context, table: Value, field: CellValue, conditions: Value) -> Value:
        chosen = _chosen(context, name, (table, field, conditions))
        if name == "DPRODUCT" and not chosen.size:
            return 0.0
        result: Value = FUNCTIONS[combined].body(context, chosen)
        return result

    function(name, "rsr")(body)


for _name, _function in _COMBINED.items():
    _declare(_name, _function)


@function("DGET", "rsr")
def _dget(context: Context, table: Value, field: CellValue, conditions: Value) -> CellValue:
    """The one cell that meets the conditions: of none #VALUE!, of several #NUM! (B)."""
    chosen = _chosen(context, "DGET", (table, field, conditions))
    if chosen.size > 1:
        raise Failure(ErrorValue("#NUM!", "More than one match found in DGET evaluation."))
    if not chosen.size or chosen.kinds[0, 0] == BLANK:
        raise Failure(ErrorValue("#VALUE!", "No matches are found in DGET evaluation."))
    return chosen.at(0, 0)
