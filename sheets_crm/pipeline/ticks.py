"""What counts as a tick in a cell that a person fills."""

from __future__ import annotations

from typing import Final

TRUE_WORDS: Final = frozenset({"true", "verdadero", "x", "1", "sí", "si", "yes", "y", "s", "✓", "✔"})
FALSE_WORDS: Final = frozenset({"", "false", "falso", "0", "no", "n"})


def is_tick(cell: object) -> bool:
    """Return whether a cell is ticked: TRUE, VERDADERO, x, 1, sí, yes, in any case and with spaces around."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return cell == 1
    return isinstance(cell, str) and cell.strip().casefold() in TRUE_WORDS


def is_understood(cell: object) -> bool:
    """Return whether a cell clearly says yes or no."""
    if isinstance(cell, bool):
        return True
    if isinstance(cell, int | float):
        return cell in {0, 1}
    return isinstance(cell, str) and cell.strip().casefold() in TRUE_WORDS | FALSE_WORDS
