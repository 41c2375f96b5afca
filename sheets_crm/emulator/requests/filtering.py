"""Which rows a basic filter hides."""

from math import floor
from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.dates import serial_of
from sheets_crm.emulator.entry import parse_entry
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.geometry import area_of
from sheets_crm.emulator.rendering import Rendering
from sheets_crm.emulator.sheet import Sheet

__all__ = ["hide_filtered", "show_filtered", "with_both_forms"]


_DAYS_FROM_TODAY = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}


def with_both_forms(found: dict[str, Any]) -> dict[str, Any]:
    """Give a filter's criteria by column and as list, as Google shows them however they came (B: pygsheets' suite)."""
    by_column = _criteria(found)
    rest = {name: value for name, value in found.items() if name not in ("criteria", "filterSpecs")}
    if not by_column:
        return rest
    specs = [{"columnIndex": column, "filterCriteria": wanted} for column, wanted in by_column.items()]
    return {
        **rest,
        "criteria": {str(column): wanted for column, wanted in by_column.items()},
        "filterSpecs": specs,
    }


def _criteria(found: dict[str, Any]) -> dict[int, dict[str, Any]]:
    by_column = {int(column): criteria for column, criteria in (found.get("criteria") or {}).items()}
    for spec in found.get("filterSpecs") or ():
        by_column[int(spec.get("columnIndex") or 0)] = spec.get("filterCriteria") or {}
    return by_column


def show_filtered(sheet: Sheet) -> None:
    """Show the rows that the filter hid."""
    for index, row in enumerate(sheet.rows):
        if row is not None and row.meta and row.meta.get("hiddenByFilter"):
            kept = {name: value for name, value in row.meta.items() if name != "hiddenByFilter"}
            sheet.write(index).meta = kept or None


def hide_filtered(batch: Batch, sheet: Sheet, found: dict[str, Any]) -> None:
    """Hide the rows that the filter's criteria leave out."""
    criteria = _criteria(found)
    if not criteria:
        return
    top, bottom, _, _ = sheet.bounds(area_of(found["range"]))
    computed = batch.evaluator.computed(batch.book, sheet)
    rendering = Rendering(batch.book.locale)
    for index in range(top + 1, bottom):
        row, over = sheet.row(index), computed.get(index, {})
        for column, wanted in criteria.items():
            value = over.get(column, row.value(column) if row is not None else None)
            style = row.styles.get(column) if row is not None and row.styles else None
            if not _passes(batch, wanted, value, str(rendering.show(value, style))):
                fresh = sheet.write(index)
                fresh.meta = {**(fresh.meta or {}), "hiddenByFilter": True}
                break


def _passes(batch: Batch, wanted: dict[str, Any], value: CellValue, shown: str) -> bool:
    if shown in (wanted.get("hiddenValues") or ()):
        return False
    condition = wanted.get("condition")
    if condition is not None and str(condition.get("type")).startswith("DATE_"):
        return _meets_date(batch, condition, value)
    return condition is None or _meets(condition, value, shown)


def _meets(condition: dict[str, Any], value: CellValue, shown: str) -> bool:
    texts = [str(v.get("userEnteredValue") or "") for v in condition.get("values") or ()]
    first = texts[0] if texts else ""
    folded, wanted = shown.casefold(), first.casefold()
    kind = condition.get("type")
    tests = {
        "BLANK": shown == "",
        "NOT_BLANK": shown != "",
        "TEXT_EQ": folded == wanted,
        "TEXT_NOT_EQ": folded != wanted,
        "TEXT_CONTAINS": wanted in folded,
        "TEXT_NOT_CONTAINS": wanted not in folded,
        "TEXT_STARTS_WITH": folded.startswith(wanted),
        "TEXT_ENDS_WITH": folded.endswith(wanted),
    }
    if kind in tests:
        return tests[kind]
    return _meets_number(str(kind), value, texts)


def _meets_number(kind: str, value: CellValue, texts: list[str]) -> bool:
    try:
        bounds = [float(text) for text in texts]
    except ValueError as error:
        raise invalid(f"Condition values {texts} are not numbers.") from error
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not bounds:
        return False
    low, high = bounds[0], bounds[-1]
    tests = {
        "NUMBER_GREATER": value > low,
        "NUMBER_GREATER_THAN_EQ": value >= low,
        "NUMBER_LESS": value < low,
        "NUMBER_LESS_THAN_EQ": value <= low,
        "NUMBER_EQ": value == low,
        "NUMBER_NOT_EQ": value != low,
        "NUMBER_BETWEEN": low <= value <= high,
        "NUMBER_NOT_BETWEEN": not low <= value <= high,
    }
    if kind not in tests:
        raise invalid(f"Condition type {kind} in filters is not implemented by the emulator.")
    return tests[kind]


def _meets_date(batch: Batch, condition: dict[str, Any], value: CellValue) -> bool:
    """Compare whole days; a number that is no date counts as the day that it stands for (C)."""
    kind = condition["type"]
    days = [_day(batch, bound) for bound in condition.get("values") or ()]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if kind == "DATE_IS_VALID":
        return True
    low, high, day = days[0], days[-1], floor(value)
    tests = {
        "DATE_EQ": day == low,
        "DATE_NOT_EQ": day != low,
        "DATE_BEFORE": day < low,
        "DATE_AFTER": day > low,
        "DATE_ON_OR_BEFORE": day <= low,
        "DATE_ON_OR_AFTER": day >= low,
        "DATE_BETWEEN": low <= day <= high,
        "DATE_NOT_BETWEEN": not low <= day <= high,
    }
    return tests[kind]


def _day(batch: Batch, bound: dict[str, Any]) -> int:
    """Read a bound of a condition on dates as a serial number."""
    relative, text = bound.get("relativeDate"), str(bound.get("userEnteredValue") or "")
    if relative:
        if relative not in _DAYS_FROM_TODAY:
            raise invalid(f"relativeDate {relative} in filters is not implemented by the emulator.")
        return floor(serial_of(batch.now.replace(tzinfo=None))) + _DAYS_FROM_TODAY[relative]
    day = parse_entry(text, batch.book.locale, batch.now).value
    if isinstance(day, bool) or not isinstance(day, (int, float)):
        raise invalid(f"Invalid ConditionValue.userEnteredValue: {text}")
    return floor(day)
