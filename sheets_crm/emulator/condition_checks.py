"""Which conditions are refused: of validation, of conditional formats and of filters alike.

How many values a kind takes: `ConditionType` of
https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType (A). Google's
words are reported for one value too many or too few, for a range without its ``=``, and for a formula that the
workbook's locale spells otherwise (B); of other numbers of values, and of texts where numbers belong, they are built
alike (C).
"""

from typing import Any

from sheets_crm.emulator.conditions import KINDS
from sheets_crm.emulator.dates import EPOCH
from sheets_crm.emulator.entry import parse_entry
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.formulas.compiled import compile_formula
from sheets_crm.emulator.formulas.nodes import Constant
from sheets_crm.emulator.formulas.reasons import PARSE_ERROR
from sheets_crm.emulator.inputs import local_formula

__all__ = ["check_condition"]

#: How many values a kind takes, at least and at most, where it is not one.
_COUNTS: dict[str, tuple[int, int | None]] = {
    **dict.fromkeys(("BLANK", "NOT_BLANK", "DATE_IS_VALID", "TEXT_IS_EMAIL", "TEXT_IS_URL"), (0, 0)),
    **dict.fromkeys(("NUMBER_BETWEEN", "NUMBER_NOT_BETWEEN", "DATE_BETWEEN", "DATE_NOT_BETWEEN"), (2, 2)),
    **dict.fromkeys(("TEXT_EQ", "TEXT_NOT_EQ", "ONE_OF_LIST"), (1, None)),
    "BOOLEAN": (0, 2),
}
_ONE = (1, 1)
_WORDS = {
    (0, 0): "no ConditionValues",
    _ONE: "exactly one ConditionValue",
    (2, 2): "exactly two ConditionValues",
    (1, None): "at least one ConditionValue",
    (0, 2): "at most two ConditionValues",
}


def check_condition(condition: dict[str, Any], locale: str) -> None:
    """Refuse a `BooleanCondition` that has the wrong number of values, or values that cannot be read.

    Args:
        condition: The condition.
        locale: The workbook's locale, in which numbers, dates and formulas are spelled.

    Raises:
        ApiError: 400.
    """
    kind, values = condition.get("type"), condition.get("values") or []
    if kind in (None, "CONDITION_TYPE_UNSPECIFIED"):
        return
    if kind not in KINDS and kind not in ("CUSTOM_FORMULA", "ONE_OF_RANGE"):
        raise invalid(f"Condition type {kind} is not implemented by the emulator.")
    least, most = limits = _COUNTS.get(kind, _ONE)
    if len(values) < least or (most is not None and len(values) > most):
        supplied = f"{len(values)} values were supplied"
        raise invalid(f"ConditionType '{kind}' requires {_WORDS[limits]}, but {supplied}.")
    for value in values:
        text = str(value.get("userEnteredValue", ""))
        if value.get("relativeDate") is None and not _is_readable(kind, text, locale):
            raise invalid(f"Invalid ConditionValue.userEnteredValue: {text} for ConditionType: {kind}")


def _is_readable(kind: str, text: str, locale: str) -> bool:
    if kind == "ONE_OF_RANGE":
        return text.startswith("=")
    if text.startswith("="):
        node = compile_formula(local_formula(text, locale), locale).node
        return not (isinstance(node, Constant) and node.value is PARSE_ERROR)
    if kind.startswith(("NUMBER_", "DATE_")):
        entry = parse_entry(text, locale, EPOCH)
        is_number = isinstance(entry.value, int | float) and not isinstance(entry.value, bool)
        return entry.formula is not None or is_number
    return True
