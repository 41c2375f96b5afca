"""Reading ticks in cells that people fill."""

from __future__ import annotations

from sheets_crm.pipeline.imports.text import flag


def is_tick(cell: object) -> bool:
    """Whether a cell is ticked: TRUE, 1, or a word that means yes in an output, such as x or sí."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return cell == 1
    return isinstance(cell, str) and flag(cell) is True


def is_understood(cell: object) -> bool:
    """Whether a cell is clearly a yes or a no; blank is a no."""
    if isinstance(cell, bool):
        return True
    if isinstance(cell, int | float):
        return cell in {0, 1}
    return isinstance(cell, str) and (not cell.strip() or flag(cell) is not None)
