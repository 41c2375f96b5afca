"""Whether a cell meets a `BooleanCondition`: of conditional formats, of validation and of filters.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType (A). That
texts are compared without regard to case, and as they are shown, is inferred (C).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sheets_crm.emulator.addresses import is_email, is_url
from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.dates import serial_of
from sheets_crm.emulator.entry import parse_entry
from sheets_crm.emulator.formulas.loose import Loose
from sheets_crm.emulator.inputs import local_formula

__all__ = ["Tested", "Tester", "holds"]

Place = tuple[int, int]
Test = Callable[[list[Any]], bool]

_PAST = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
_SINCE = {"PAST_WEEK": 7, "PAST_MONTH": 30, "PAST_YEAR": 365}


@dataclass(frozen=True, slots=True)
class Tested:
    """A cell under test: where it is, what it holds, and how it is shown."""

    place: Place
    value: CellValue
    shown: str


class Tester:
    """Knows what the values of conditions mean in a workbook.

    Args:
        loose: Works formulas out.
        locale: The workbook's locale, in which values are read.
        listed: Gives the texts of a range such as ``=Data!$A$2:$A``; None where there is no such range.
    """

    def __init__(self, loose: Loose, locale: str, listed: Callable[[str], list[str] | None]) -> None:
        self.loose = loose
        self.listed = cache(listed)
        self._entry = cache(lambda text: parse_entry(text, locale, loose.moment))
        self.formula = cache(lambda text: local_formula(text, locale))  # as the workbook's locale spells it

    def given(self, value: dict[str, Any], place: Place, moved: Place) -> Any:
        """Read a `ConditionValue` for a cell: a literal, or what its formula comes to there."""
        name = value.get("relativeDate")
        if name in _PAST:
            return float(int(serial_of(self.loose.moment)) + _PAST[name])
        if name in _SINCE:
            return float(int(serial_of(self.loose.moment - timedelta(days=_SINCE[name]))))
        text = str(value.get("userEnteredValue", ""))
        entry = self._entry(text)
        if entry.formula is not None:
            return self.loose.value(self.formula(entry.formula), place, moved)
        return entry.value


def holds(tester: Tester, condition: dict[str, Any], cell: Tested, moved: Place = (0, 0)) -> bool | None:
    """Tell whether a cell meets a condition; None of a kind, or a range of words, that is not known.

    Args:
        tester: The workbook.
        condition: The condition.
        cell: The cell.
        moved: How far it is from the cell for which the condition's formulas are written.
    """
    kind, values = str(condition.get("type")), condition.get("values") or []
    if kind == "CUSTOM_FORMULA":
        text = tester.formula(str((values or [{}])[0].get("userEnteredValue", "")))
        return _is_true(tester.loose.value(text, cell.place, moved))
    if kind == "ONE_OF_RANGE":
        listed = tester.listed(str((values or [{}])[0].get("userEnteredValue", "")))
        return None if listed is None else cell.shown.casefold() in {text.casefold() for text in listed}
    if kind not in _KINDS:
        return None
    if kind in _TEXT_TESTS:  # the texts as they are given: "007" is not 7 there
        given = [_text_of(tester.given(value, cell.place, moved), value) for value in values]
    else:
        given = [tester.given(value, cell.place, moved) for value in values]
    return _KINDS[kind](cell, given)


def _text_of(given: Any, value: dict[str, Any]) -> str:
    text = str(value.get("userEnteredValue", ""))
    return (str(given) if text.startswith(("=", "+")) and given is not None else text.removeprefix("'")).casefold()


def _is_true(value: CellValue) -> bool:
    """Tell whether a formula's result paints: TRUE, or a number that is not 0, as ``=MOD(ROW(),2)`` is used."""
    return isinstance(value, bool | int | float) and bool(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers(
    test: Callable[[float, float, float], bool], *, days: bool = False
) -> Callable[[Tested, list[Any]], bool]:
    """Make a test of the cell's number against the first and the last one given; of dates only the day counts."""

    def run(cell: Tested, given: list[Any]) -> bool:
        numbers = [cell.value, *given]
        if not given or not all(map(_is_number, numbers)):
            return False
        value, *bounds = [float(int(number) if days else number) for number in numbers if number is not None]
        return test(value, min(bounds), max(bounds))

    return run


def _texts(test: Callable[[str, str], bool]) -> Callable[[Tested, list[Any]], bool]:
    return lambda cell, given: test(cell.shown.casefold(), given[0] if given else "")


def _one_of_list(cell: Tested, given: list[Any]) -> bool:
    return cell.shown.casefold() in {str(word).casefold() for word in given} or any(
        cell.value == word and isinstance(cell.value, bool) == isinstance(word, bool) for word in given
    )


_TEXT_TESTS: dict[str, Callable[[Tested, list[Any]], bool]] = {
    "TEXT_CONTAINS": _texts(lambda shown, word: word in shown),
    "TEXT_NOT_CONTAINS": _texts(lambda shown, word: word not in shown),
    "TEXT_STARTS_WITH": _texts(str.startswith),
    "TEXT_ENDS_WITH": _texts(str.endswith),
    "TEXT_EQ": lambda cell, given: cell.shown.casefold() in given,
    "TEXT_NOT_EQ": lambda cell, given: cell.shown.casefold() not in given,
    "ONE_OF_LIST": _one_of_list,
}

#: The kinds that are known by name, beside CUSTOM_FORMULA and ONE_OF_RANGE.
_KINDS: dict[str, Callable[[Tested, list[Any]], bool]] = {
    **_TEXT_TESTS,
    "NUMBER_GREATER": _numbers(lambda value, low, _: value > low),
    "NUMBER_GREATER_THAN_EQ": _numbers(lambda value, low, _: value >= low),
    "NUMBER_LESS": _numbers(lambda value, low, _: value < low),
    "NUMBER_LESS_THAN_EQ": _numbers(lambda value, low, _: value <= low),
    "NUMBER_EQ": _numbers(lambda value, low, _: value == low),
    "NUMBER_NOT_EQ": _numbers(lambda value, low, _: value != low),
    "NUMBER_BETWEEN": _numbers(lambda value, low, high: low <= value <= high),
    "NUMBER_NOT_BETWEEN": _numbers(lambda value, low, high: not low <= value <= high),
    "DATE_EQ": _numbers(lambda value, low, _: value == low, days=True),
    "DATE_NOT_EQ": _numbers(lambda value, low, _: value != low, days=True),
    "DATE_BEFORE": _numbers(lambda value, low, _: value < low, days=True),
    "DATE_AFTER": _numbers(lambda value, low, _: value > low, days=True),
    "DATE_ON_OR_BEFORE": _numbers(lambda value, low, _: value <= low, days=True),
    "DATE_ON_OR_AFTER": _numbers(lambda value, low, _: value >= low, days=True),
    "DATE_BETWEEN": _numbers(lambda value, low, high: low <= value <= high, days=True),
    "DATE_NOT_BETWEEN": _numbers(lambda value, low, high: not low <= value <= high, days=True),
    "DATE_IS_VALID": lambda cell, _: _is_number(cell.value),
    "TEXT_IS_EMAIL": lambda cell, _: is_email(cell.shown),
    "TEXT_IS_URL": lambda cell, _: is_url(cell.shown),
    "BLANK": lambda cell, _: cell.shown == "",
    "NOT_BLANK": lambda cell, _: cell.shown != "",
    "BOOLEAN": lambda cell, given: cell.value in given if given else isinstance(cell.value, bool),
}
