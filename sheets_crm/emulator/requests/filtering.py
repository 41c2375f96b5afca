"""Which rows a basic filter hides."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.conditions import Tested, Tester, holds
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.geometry import area_of
from sheets_crm.emulator.sheet import Sheet
from sheets_crm.emulator.shown_cells import ShownCells
from sheets_crm.emulator.validation_lists import condition_tester

__all__ = ["check_filter", "hide_filtered", "show_filtered", "with_both_forms"]

_COLORS = (
    "visibleBackgroundColor",
    "visibleBackgroundColorStyle",
    "visibleForegroundColor",
    "visibleForegroundColorStyle",
)


def check_filter(given: dict[str, Any]) -> None:
    """Refuse a `BasicFilter` or `FilterView` that asks for what is not implemented.

    Raises:
        ApiError: 400.
    """
    if given.get("tableId"):
        raise invalid("tableId in filters is not implemented by the emulator.")
    for criteria in _criteria(given).values():
        for name in _COLORS:
            if criteria.get(name) is not None:
                raise invalid(f"{name} is not implemented by the emulator.")


def with_both_forms(given: dict[str, Any]) -> dict[str, Any]:
    """Give a filter's criteria by column and as list, as Google shows them however they came (B: pygsheets' suite)."""
    by_column = _criteria(given)
    rest = {name: value for name, value in given.items() if name not in ("criteria", "filterSpecs")}
    if not by_column:
        return rest
    specs = [{"columnIndex": column, "filterCriteria": wanted} for column, wanted in by_column.items()]
    return {
        **rest,
        "criteria": {str(column): wanted for column, wanted in by_column.items()},
        "filterSpecs": specs,
    }


def _criteria(given: dict[str, Any]) -> dict[int, dict[str, Any]]:
    by_column = {int(column): criteria or {} for column, criteria in (given.get("criteria") or {}).items()}
    for spec in given.get("filterSpecs") or ():
        by_column[int(spec.get("columnIndex") or 0)] = spec.get("filterCriteria") or {}
    return by_column


def show_filtered(sheet: Sheet) -> None:
    """Show the rows that the filter hid."""
    for index, row in enumerate(sheet.rows):
        if row is not None and row.meta and row.meta.get("hiddenByFilter"):
            kept = {name: value for name, value in row.meta.items() if name != "hiddenByFilter"}
            sheet.write(index).meta = kept or None


def hide_filtered(batch: Batch, sheet: Sheet, given: dict[str, Any]) -> None:
    """Hide the rows that the filter's criteria leave out: by what their cells show, as `hiddenValues` lists it.

    Formulas of conditions are written for the first row under the header, and move along with the rows (C).
    """
    criteria = _criteria(given)
    if not criteria:
        return
    top, bottom, _, _ = sheet.bounds(area_of(given["range"]))
    judged = [(top + 1, bottom, column, column + 1) for column in criteria]
    computed = batch.evaluator.computed(batch.book, sheet, looks=judged)
    cells = ShownCells(sheet, computed, batch.book.locale)
    with condition_tester(batch.book, sheet, batch.evaluator) as tester:
        hidden = [
            index
            for index in range(top + 1, bottom)
            if not all(
                _passes(tester, wanted, cells.cell(index, column), index - top - 1)
                for column, wanted in criteria.items()
            )
        ]
    for index in hidden:
        row = sheet.write(index)
        row.meta = {**(row.meta or {}), "hiddenByFilter": True}


def _passes(tester: Tester, wanted: dict[str, Any], cell: Tested, down: int) -> bool:
    if cell.shown in (wanted.get("hiddenValues") or ()):
        return False
    condition = wanted.get("condition")
    return not condition or holds(tester, condition, cell, (down, 0)) is not False
