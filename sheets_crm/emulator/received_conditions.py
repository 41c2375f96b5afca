"""Conditions as they are received: what Google refuses of validation, of conditional formats and of filters.

Which kinds go where and how many values each takes is the `ConditionType` reference's (A); that the kinds of the
other uses are refused, and the texts for conditional formats, filters, ranges and "exactly one", were told by others
(B); that a list needs a choice, and the texts for validation and for other counts, are inferred (C).

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType
"""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.entry import Entry, parse_entry
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.formulas.a1 import Reference, parse_reference
from sheets_crm.emulator.formulas.parser import parse
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["check_conditional_format", "check_filter_conditions", "check_filter_criteria", "check_validation"]


class _Use(Enum):
    """What a condition is for, as refusals name it."""

    FORMATS = "conditional formats"
    FILTERS = "filters"
    VALIDATION = "data validation"


_ONE_NUMBER = {
    *("NUMBER_GREATER", "NUMBER_GREATER_THAN_EQ", "NUMBER_LESS", "NUMBER_LESS_THAN_EQ"),
    *("NUMBER_EQ", "NUMBER_NOT_EQ"),
}
_TWO_NUMBERS = {"NUMBER_BETWEEN", "NUMBER_NOT_BETWEEN"}
_TWO_DATES = {"DATE_BETWEEN", "DATE_NOT_BETWEEN"}
_EVERYWHERE = {
    *_ONE_NUMBER,
    *_TWO_NUMBERS,
    *("TEXT_CONTAINS", "TEXT_NOT_CONTAINS", "TEXT_EQ", "DATE_EQ", "DATE_BEFORE", "DATE_AFTER", "CUSTOM_FORMULA"),
}
_IN_FORMATS = {*_EVERYWHERE, "TEXT_STARTS_WITH", "TEXT_ENDS_WITH", "BLANK", "NOT_BLANK"}
_SUPPORTED = {
    _Use.FORMATS: _IN_FORMATS,
    _Use.FILTERS: {*_IN_FORMATS, "TEXT_NOT_EQ", "DATE_NOT_EQ"},
    _Use.VALIDATION: {
        *_EVERYWHERE,
        *_TWO_DATES,
        *("TEXT_IS_EMAIL", "TEXT_IS_URL", "DATE_ON_OR_BEFORE", "DATE_ON_OR_AFTER", "DATE_IS_VALID"),
        *("ONE_OF_RANGE", "ONE_OF_LIST", "BOOLEAN"),
    },
}
_NO_VALUE = {"TEXT_IS_EMAIL", "TEXT_IS_URL", "DATE_IS_VALID", "BLANK", "NOT_BLANK"}
#: The kinds that do not take exactly one value: least, most, and how a refusal says so.
_COUNTS: dict[str, tuple[int, float, str]] = {
    **dict.fromkeys(_NO_VALUE, (0, 0, "no ConditionValues")),
    **dict.fromkeys(_TWO_NUMBERS | _TWO_DATES, (2, 2, "exactly two ConditionValues")),
    **dict.fromkeys(
        ("TEXT_NOT_EQ", "DATE_NOT_EQ", "ONE_OF_LIST"), (1, float("inf"), "at least one ConditionValue")
    ),
    "BOOLEAN": (0, 2, "at most two ConditionValues"),
}
_EXACTLY_ONE = (1, 1, "exactly one ConditionValue")
_DATE_FORMATS = ("DATE", "TIME", "DATE_TIME")
#: What a conditional format may set (A). That underlining, which the editor offers too, is taken is inferred (C).
_FORMAT_FIELDS = {"backgroundColor", "backgroundColorStyle"}
_TEXT_FIELDS = {"bold", "italic", "strikethrough", "underline", "foregroundColor", "foregroundColorStyle"}


def check_validation(batch: Batch, rule: dict[str, Any]) -> None:
    """Check a validation rule's condition.

    Raises:
        ApiError: 400 for a condition that Google refuses in validation.
    """
    _check(batch, rule.get("condition") or {}, _Use.VALIDATION)


def check_conditional_format(batch: Batch, rule: dict[str, Any]) -> None:
    """Check what a `ConditionalFormatRule` asks and paints (the texts of rules without a kind and of formats: C).

    Raises:
        ApiError: 400 for a rule of no kind, a condition, a point of a colour scale or a format that Google refuses.
    """
    boolean, gradient = rule.get("booleanRule"), rule.get("gradientRule")
    if boolean is None and gradient is None:
        raise invalid("One of booleanRule or gradientRule must be set on rule.")
    if boolean is not None:
        _check(batch, boolean.get("condition") or {}, _Use.FORMATS)
        for name in _unsupported_fields(boolean.get("format") or {}):
            raise invalid(f"CellFormat.{name} is not supported in conditional formats.")
    for point in (gradient or {}).values():
        _check_point(batch, point or {})


def check_filter_conditions(batch: Batch, given: dict[str, Any]) -> None:
    """Check the criteria of a basic filter or a filter view, in either form.

    Raises:
        ApiError: 400 for a condition that Google refuses in filters.
    """
    for criteria in (given.get("criteria") or {}).values():
        check_filter_criteria(batch, criteria)
    for spec in given.get("filterSpecs") or ():
        check_filter_criteria(batch, (spec or {}).get("filterCriteria"))


def check_filter_criteria(batch: Batch, criteria: dict[str, Any] | None) -> None:
    """Check the condition of a filter's column or of a slicer.

    Raises:
        ApiError: 400 for a condition that Google refuses in filters.
    """
    condition = (criteria or {}).get("condition")
    if condition:
        _check(batch, condition, _Use.FILTERS)


def _check(batch: Batch, condition: dict[str, Any], use: _Use) -> None:
    kind, values = condition.get("type"), condition.get("values") or []
    if kind in (None, "CONDITION_TYPE_UNSPECIFIED"):
        raise invalid("condition.type must be specified.")
    if (
        kind == "FILTER_EXPRESSION" and use is _Use.FILTERS
    ):  # where it belongs, unlike in formats (B) and validation
        raise invalid("Condition type FILTER_EXPRESSION is not implemented by the emulator.")
    if kind not in _SUPPORTED[use]:
        raise invalid(f"ConditionType '{kind}' is not supported in {use.value}.")
    least, most, words = _COUNTS.get(kind, _EXACTLY_ONE)
    if not least <= len(values) <= most:
        raise invalid(f"ConditionType '{kind}' requires {words}, but {len(values)} values were supplied.")
    for value in values:
        _check_value(batch, kind, value or {}, use)


def _check_value(batch: Batch, kind: str, value: dict[str, Any], use: _Use) -> None:
    """Check one `ConditionValue`; relative dates are for dates outside validation only (A, text C)."""
    if value.get("relativeDate") not in (None, "RELATIVE_DATE_UNSPECIFIED"):
        if use is _Use.VALIDATION:
            raise invalid("ConditionValue.relativeDate is not supported in data validation.")
        if not kind.startswith("DATE_"):
            raise invalid(f"ConditionValue.relativeDate is not supported for ConditionType: {kind}")
        return
    text = str(value.get("userEnteredValue") or "")
    if not _is_readable(batch, kind, text):
        raise invalid(f"Invalid ConditionValue.userEnteredValue: {text} for ConditionType: {kind}")


def _is_readable(batch: Batch, kind: str, text: str) -> bool:
    if kind == "ONE_OF_RANGE":
        return _is_range(batch.book, text)
    if kind in ("ONE_OF_LIST", "BOOLEAN"):
        return True
    entry = parse_entry(text, batch.book.locale, batch.now)
    if kind.startswith("TEXT_"):  # a text such as "+34 600" is looked for, though typed it would be a formula
        return not text.startswith("=") or _is_literal_or_formula(entry, batch.book.locale)
    if entry.formula is not None:
        return _is_formula(entry.formula, batch.book.locale)
    if kind == "CUSTOM_FORMULA":
        return False
    return _is_number(entry.value) if kind.startswith("DATE_") else _is_plain_number(entry)


def _is_literal_or_formula(entry: Entry, locale: str) -> bool:
    return entry.formula is None or _is_formula(entry.formula, locale)


def _is_formula(text: str, locale: str) -> bool:
    """Tell whether a text is a formula in the workbook's locale: ``=AND(A1,B1)`` is none in es_ES (B)."""
    try:
        parse(text, locale)
    except (FormulaSyntaxError, RecursionError):
        return False
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_plain_number(entry: Entry) -> bool:
    """Tell a number from a date: 1.5 is the first of May where the decimal mark is a comma, and is refused (B)."""
    return _is_number(entry.value) and (entry.number_format or {}).get("type") not in _DATE_FORMATS


def _check_point(batch: Batch, point: dict[str, Any]) -> None:
    """Check the value of a colour scale's point, a number or formula in the workbook's locale (B)."""
    text = str(point.get("value") or "")
    if not text or point.get("type") not in ("NUMBER", "PERCENT", "PERCENTILE"):
        return
    entry = parse_entry(text, batch.book.locale, batch.now)
    is_formula = entry.formula is not None and _is_formula(entry.formula, batch.book.locale)
    if not is_formula and not _is_plain_number(entry):
        raise invalid(f"Invalid InterpolationPoint.value: {text}")


def _unsupported_fields(form: dict[str, Any]) -> Iterator[str]:
    """Name the fields that are set to something and that no conditional format can set."""
    letters = form.get("textFormat") or {}
    yield from (name for name, value in form.items() if value and name not in {*_FORMAT_FIELDS, "textFormat"})
    yield from (f"textFormat.{name}" for name, value in letters.items() if value and name not in _TEXT_FIELDS)


def _range(text: str) -> Reference | None:
    """Read ``=Sales!A2:A5``; None for what is no range."""
    try:
        found = parse_reference(text.removeprefix("="))
    except ValueError:
        return None
    if found is None or (found.single and (found.top is None or found.left is None)):
        return None
    return None if found.top is None and found.left is None else found


def _is_range(book: Spreadsheet, text: str) -> bool:
    """Tell whether choices are listed in a range of a tab that exists, or in a named one; only after ``=`` (B)."""
    if not text.startswith("="):
        return False
    found = _range(text)
    if found is None:
        return book.named_area(text.removeprefix("=")) is not None
    return found.title is None or book.titled(found.title) is not None
