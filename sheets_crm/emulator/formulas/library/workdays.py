"""Working days: NETWORKDAYS, WORKDAY, and the same with other weekends."""

from datetime import timedelta

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.dates import EPOCH
from sheets_crm.emulator.formulas.coercion import to_number
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Area, Block, Failure, Uncoerced, Value

__all__: list[str] = []

_SATURDAY_SUNDAY = frozenset((5, 6))
_DAYS = 7
#: The years 1 to 9999.
_FIRST_DAY, _LAST_DAY = -693_593, 2_958_465


def _whole(context: Context, value: CellValue) -> int:
    number = to_number(value, context.language) // 1
    if not _FIRST_DAY <= number <= _LAST_DAY:
        raise Failure(ErrorValue("#NUM!", "There is no such date."))
    return int(number)


def _weekend(context: Context, name: str, value: CellValue) -> frozenset[int]:
    """The free days from Monday as 0: of a number (1 to 7 two days, 11 to 17 one), or of a text such as ``0000011``."""
    if isinstance(value, str):
        if len(value) == _DAYS and set(value) <= {"0", "1"} and "0" in value:
            return frozenset(day for day, sign in enumerate(value) if sign == "1")
    else:
        code = 1 if value is None else _whole(context, value)
        if 1 <= code <= _DAYS:
            return frozenset(((code + 4) % _DAYS, (code + 5) % _DAYS))
        if 11 <= code <= 17:
            return frozenset(((code - 12) % _DAYS,))
    raise Failure(ErrorValue("#NUM!", f"Function {name} parameter 3 value is invalid."))


def _holidays(context: Context, holidays: Value) -> set[int]:
    if isinstance(holidays, Area | Block):
        block = context.block(holidays)
        error = block.first_error()
        if error is not None:
            raise Failure(error)
        return {int(cell) for cell in block.values() if isinstance(cell, float)}
    if isinstance(holidays, str):
        # Text is no holiday, even where it reads as a date (A).
        raise Uncoerced(holidays, "number")
    return set() if holidays is None else {_whole(context, holidays)}


def _works(day: int, weekend: frozenset[int]) -> bool:
    return (EPOCH + timedelta(days=day)).weekday() not in weekend


def _between(context: Context, start: CellValue, end: CellValue, weekend: frozenset[int], free: set[int]) -> float:
    first, last = _whole(context, start), _whole(context, end)
    sign = 1 if first <= last else -1
    days = range(min(first, last), max(first, last) + 1)
    return float(sign * sum(_works(day, weekend) and day not in free for day in days))


def _after(context: Context, start: CellValue, count: CellValue, weekend: frozenset[int], free: set[int]) -> float:
    day, left = _whole(context, start), _whole(context, count)
    step = 1 if left > 0 else -1
    while left:
        day = _day_after(day, step)
        if _works(day, weekend) and day not in free:
            left -= step
    return float(day)


def _day_after(day: int, step: int) -> int:
    if not _FIRST_DAY <= day + step <= _LAST_DAY:
        raise Failure(ErrorValue("#NUM!", "There is no such date."))
    return day + step


@function("NETWORKDAYS", "ssr", least=2)
def _networkdays(context: Context, start: CellValue, end: CellValue, holidays: Value = None) -> float:
    return _between(context, start, end, _SATURDAY_SUNDAY, _holidays(context, holidays))


@function("NETWORKDAYS.INTL", "sssr", least=2)
def _networkdays_intl(
    context: Context, start: CellValue, end: CellValue, weekend: CellValue = None, holidays: Value = None
) -> float:
    free_days = _weekend(context, "NETWORKDAYS.INTL", weekend)
    return _between(context, start, end, free_days, _holidays(context, holidays))


@function("WORKDAY", "ssr", least=2)
def _workday(context: Context, start: CellValue, count: CellValue, holidays: Value = None) -> float:
    return _after(context, start, count, _SATURDAY_SUNDAY, _holidays(context, holidays))


@function("WORKDAY.INTL", "sssr", least=2)
def _workday_intl(
    context: Context, start: CellValue, count: CellValue, weekend: CellValue = None, holidays: Value = None
) -> float:
    free_days = _weekend(context, "WORKDAY.INTL", weekend)
    return _after(context, start, count, free_days, _holidays(context, holidays))
