"""The functions that are worked out here, by subject; importing this package declares them all."""

from sheets_crm.emulator.formulas.library import (
    aggregates,
    arrays,
    chance,
    complexes,
    conditions,
    databases,
    dates,
    finance,
    information,
    lambdas,
    logic,
    lookup,
    maths,
    matrices,
    pairs,
    patterns,
    places,
    reshaping,
    rounding,
    searching,
    showing,
    statistics,
    subtotals,
    text,
    trials,
    whole_numbers,
    workdays,
)
from sheets_crm.emulator.formulas.registry import FUNCTIONS, Function

__all__ = [
    "aggregates",
    "arrays",
    "chance",
    "complexes",
    "conditions",
    "databases",
    "dates",
    "declared",
    "finance",
    "information",
    "lambdas",
    "logic",
    "lookup",
    "maths",
    "matrices",
    "pairs",
    "patterns",
    "places",
    "reshaping",
    "rounding",
    "searching",
    "showing",
    "statistics",
    "subtotals",
    "text",
    "trials",
    "whole_numbers",
    "workdays",
]


def declared() -> dict[str, Function]:
    """Give every function that is worked out here, by name."""
    return FUNCTIONS
