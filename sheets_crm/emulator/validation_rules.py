"""Validation rules as cells keep them: their formulas are meant for a cell, and every other one reads them moved.

In Google each cell has its own rule: one set for A2:A10 with ``=ISNUMBER(A2)`` reads ``=ISNUMBER(A5)`` in A5 (C). Here
a rule that names cells without ``$`` says for which cell it is written, under `WRITTEN_FOR`, so that all cells of a
range share one rule and one style, and a rule that is copied or whose rows move keeps its distances.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeAlias

from sheets_crm.emulator.formulas.a1 import Reference, parse_reference
from sheets_crm.emulator.formulas.compiled import compile_formula
from sheets_crm.emulator.formulas.references import relocate
from sheets_crm.emulator.inputs import local_formula

__all__ = ["kept_rule", "moved_by", "shown_rule"]

#: A `DataValidationRule`.
Rule: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[int, int]

#: The one field of a kept rule that the API does not have: [row, column] of the cell for which it is written.
WRITTEN_FOR = "writtenFor"


def kept_rule(rule: Rule, place: Place, locale: str) -> Rule:
    """Give a rule as it is kept.

    Args:
        rule: The rule as a client sent it.
        place: (row, column) of the cell for which its formulas are written.
        locale: The workbook's locale.
    """
    condition = rule.get("condition") or {}
    if condition.get("type") == "ONE_OF_RANGE":
        return _with_texts(rule, _fixed_range)
    formulas = [text for text in _texts(condition) if text.startswith("=")]
    read = (compile_formula(local_formula(text, locale), locale).references for text in formulas)
    references = [reference for group in read for reference in group]
    if all(_is_fixed(reference) for reference in references):
        return rule
    # As far up and left as the references go: cells that were given the same rule one by one share it too.
    up, left = _room(references, place)
    moved = _with_texts(rule, lambda text: relocate(text, -up, -left))
    return {**moved, WRITTEN_FOR: [place[0] - up, place[1] - left]}


def moved_by(rule: Rule, place: Place) -> Place:
    """Tell how many rows down and columns right a cell is of the one for which its rule is written."""
    row, column = rule.get(WRITTEN_FOR, place)
    return place[0] - row, place[1] - column


def shown_rule(rule: Rule, place: Place) -> Rule:
    """Give a cell's rule as the API shows it, its formulas as they read in that cell."""
    if WRITTEN_FOR not in rule:
        return rule
    down, right = moved_by(rule, place)
    kept = {name: value for name, value in rule.items() if name != WRITTEN_FOR}
    return _with_texts(kept, lambda text: relocate(text, down, right))


def _texts(condition: dict[str, Any]) -> list[str]:
    return [str(value.get("userEnteredValue", "")) for value in condition.get("values") or ()]


def _with_texts(rule: Rule, change: Any) -> Rule:
    condition = rule["condition"]
    values = [
        {**value, "userEnteredValue": change(text)} if text.startswith("=") else value
        for value, text in zip(condition.get("values") or (), _texts(condition), strict=True)
    ]
    return {**rule, "condition": {**condition, "values": values}}


def _is_fixed(reference: Reference) -> bool:
    ends = (reference.top, reference.left, reference.bottom, reference.right)
    return all(end is None or stays for end, stays in zip(ends, reference.fixed, strict=True))


def _room(references: Iterable[Reference], place: Place) -> Place:
    """Tell how far a rule can move up and left before one of its references leaves the grid, or its cell does."""
    rows, columns = [place[0]], [place[1]]
    for one in references:
        for end, stays in ((one.top, one.fixed[0]), (one.bottom, one.fixed[2])):
            rows += [] if end is None or stays else [end]
        for end, stays in ((one.left, one.fixed[1]), (one.right, one.fixed[3])):
            columns += [] if end is None or stays else [end]
    return min(rows), min(columns)


def _fixed_range(text: str) -> str:
    """Put a drop-down's range after ``$``: ``=Data!A2:A5`` is read back as ``=Data!$A$2:$A$5`` (B)."""
    title, mark, cells = text[1:].rpartition("!")
    try:
        reference = parse_reference(cells)
    except ValueError:
        return text
    if reference is None or (reference.single and None in (reference.top, reference.left)):
        return text  # a named range
    return f"={title}{mark}{replace(reference, fixed=(True, True, True, True))}"
