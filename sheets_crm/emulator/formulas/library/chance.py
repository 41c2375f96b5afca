"""Numbers by chance."""

import math
import random

import numpy as np

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.coercion import to_number
from sheets_crm.emulator.formulas.reasons import at_least
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.stacking import check_room
from sheets_crm.emulator.formulas.values import Block, Failure

__all__: list[str] = []


@function("RAND", "")
def _rand(_context: Context) -> float:
    return random.random()  # noqa: S311 - a spreadsheet's RAND


@function("RANDBETWEEN", "ss")
def _randbetween(context: Context, low: CellValue, high: CellValue) -> float:
    first, last = (to_number(value, context.language) for value in (low, high))
    if first > last:
        raise Failure(at_least("RANDBETWEEN", 2, last, first))
    if math.ceil(first) > math.floor(last):
        raise Failure(at_least("RANDBETWEEN", 2, last, math.ceil(first)))
    return float(random.randint(math.ceil(first), math.floor(last)))  # noqa: S311 - a spreadsheet's RANDBETWEEN


@function("RANDARRAY", "ss", least=0)
def _randarray(context: Context, rows: CellValue = 1.0, columns: CellValue = 1.0) -> Block:
    height, width = (int(to_number(count, context.language)) for count in (rows, columns))
    for place, count in ((1, height), (2, width)):
        if count < 1:
            raise Failure(at_least("RANDARRAY", place, count, 1))
    check_room(height, width)
    return Block.of_numbers(np.random.default_rng().random((height, width)))
