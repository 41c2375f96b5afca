"""Choose between two values cell by cell, as IF does where arrays are evaluated."""

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_bool
from sheets_crm.emulator.formulas.registry import Context
from sheets_crm.emulator.formulas.values import Block, Failure, Value

__all__ = ["choose_cells"]


def choose_cells(context: Context, conditions: Block, then: Value, otherwise: Value) -> Block:
    """Take each cell from `then` where the condition holds and from `otherwise` where it does not."""
    first, second = context.block(then), context.block(otherwise)
    blocks = (conditions, first, second)
    rows, columns = max(block.rows for block in blocks), max(block.columns for block in blocks)
    cells = zip(*(block.fitted(rows, columns).values() for block in blocks), strict=True)
    return Block.from_values([_one(context, *row) for row in cells], rows, columns)


def _one(context: Context, condition: CellValue, then: CellValue, otherwise: CellValue) -> CellValue:
    if isinstance(condition, ErrorValue):
        return condition
    try:
        return then if to_bool(condition, context.language) else otherwise
    except Failure as failure:
        return failure.error
