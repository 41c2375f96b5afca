"""SPARKLINE: a small chart in a cell. Its value is blank; what it draws is asked for beside the values.

Source: https://support.google.com/docs/answer/3093289. The types ``line``, ``bar`` and ``column`` are drawn, with the
options that are read here; ``winloss`` and further options are taken and change nothing (C).
"""

from collections.abc import Iterator
from typing import Any

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Block, Value

__all__ = ["drawing"]

_MOST_POINTS = 400


@function("SPARKLINE", "rr", least=1)
def _sparkline(_context: Context, _data: Value, _options: Value = None) -> CellValue:
    return None


def drawing(data: Block, options: Block | None) -> dict[str, Any]:
    """Give what a SPARKLINE draws: its numbers, None for a blank, and its options by name in small letters."""
    points = [_number(cell) for cell in data.values()[:_MOST_POINTS]]
    return {"points": points, **dict(_options(options))}


def _number(cell: CellValue) -> float | None:
    return None if isinstance(cell, bool) or not isinstance(cell, int | float) else float(cell)


def _options(options: Block | None) -> Iterator[tuple[str, CellValue]]:
    for row in options.grid() if options is not None else []:
        if len(row) > 1 and isinstance(row[0], str) and isinstance(row[1], str | int | float):
            yield row[0].lower(), row[1]
