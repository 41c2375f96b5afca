"""The functions that are worked out here, by subject; importing this package declares them all."""

from sheets_crm.emulator.formulas.library import (
    aggregates,
    arrays,
    conditions,
    dates,
    logic,
    lookup,
    maths,
    patterns,
    places,
    text,
)
from sheets_crm.emulator.formulas.registry import FUNCTIONS, Function

__all__ = [
    "aggregates",
    "arrays",
    "conditions",
    "dates",
    "declared",
    "logic",
    "lookup",
    "maths",
    "patterns",
    "places",
    "text",
]


def declared() -> dict[str, Function]:
    """Give every function that is worked out here, by name."""
    return FUNCTIONS
