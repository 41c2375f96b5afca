"""Dates and times; a date is its serial number, days since 1899-12-30."""

import calendar
from datetime import datetime, timedelta

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.dates import EPOCH, date_serial, moment_of, serial_of
from sheets_crm.emulator.formulas.coercion import to_number
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Failure

__all__: list[str] = []

_NO_DATE = ErrorValue("#NUM!", "There is no such date.")


def _moment(context: Context, value: CellValue) -> datetime:
    try:
        return moment_of(to_number(value, context.language))
    except (OverflowError, ValueError) as problem:
        raise Failure(_NO_DATE) from problem


def _whole(context: Context, value: CellValue) -> int:
    return int(to_number(value, context.language) // 1)


@function("TODAY", "")
def _today(context: Context) -> float:
    return float(int(serial_of(context.now)))


@function("NOW", "")
def _now(context: Context) -> float:
    return serial_of(context.now)


@function("DATE", "sss")
def _date(context: Context, year: CellValue, month: CellValue, day: CellValue) -> float:
    """Months and days beyond their count carry over; years below 1900 count from there."""
    years, months, days = (_whole(context, part) for part in (year, month, day))
    years += 1900 if 0 <= years < 1900 else 0
    years, months = years + (months - 1) // 12, (months - 1) % 12 + 1
    serial = date_serial(years, months, 1)
    if serial is None or serial + days - 1 < 0:
        raise Failure(_NO_DATE)
    return serial + days - 1


@function("TIME", "sss")
def _time(context: Context, hour: CellValue, minute: CellValue, second: CellValue) -> float:
    hours, minutes, seconds = (_whole(context, part) for part in (hour, minute, second))
    total = hours * 3600 + minutes * 60 + seconds
    if total < 0:
        raise Failure(_NO_DATE)
    return total % 86_400 / 86_400


@function("YEAR", "s")
def _year(context: Context, value: CellValue) -> float:
    return float(_moment(context, value).year)


@function("MONTH", "s")
def _month(context: Context, value: CellValue) -> float:
    return float(_moment(context, value).month)


@function("DAY", "s")
def _day(context: Context, value: CellValue) -> float:
    return float(_moment(context, value).day)


@function("HOUR", "s")
def _hour(context: Context, value: CellValue) -> float:
    return float(_moment(context, value).hour)


@function("MINUTE", "s")
def _minute(context: Context, value: CellValue) -> float:
    return float(_moment(context, value).minute)


@function("SECOND", "s")
def _second(context: Context, value: CellValue) -> float:
    return float(_moment(context, value).second)


@function("WEEKDAY", "ss", least=1)
def _weekday(context: Context, value: CellValue, kind: CellValue = 1.0) -> float:
    """Kind 1 counts from Sunday as 1, kind 2 from Monday as 1, kind 3 from Monday as 0."""
    monday = _moment(context, value).weekday()
    ways = {1: (monday + 1) % 7 + 1, 2: monday + 1, 3: monday}
    way = _whole(context, kind)
    if way not in ways:
        raise Failure(ErrorValue("#NUM!", f"Function WEEKDAY parameter 2 value is {way}."))
    return float(ways[way])


@function("ISOWEEKNUM", "s")
def _isoweeknum(context: Context, value: CellValue) -> float:
    return float(_moment(context, value).isocalendar().week)


@function("WEEKNUM", "ss", least=1)
def _weeknum(context: Context, value: CellValue, kind: CellValue = 1.0) -> float:
    moment, way = _moment(context, value), _whole(context, kind)
    if way == 21:
        return float(moment.isocalendar().week)
    first_days = {1: 6, 2: 0, 11: 0, 12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6}
    if way not in first_days:
        raise Failure(ErrorValue("#NUM!", f"Function WEEKNUM parameter 2 value is {way}."))
    start = datetime(moment.year, 1, 1)  # noqa: DTZ001 - serial numbers have no time zone
    shift = (start.weekday() - first_days[way]) % 7
    return float(((moment - start).days + shift) // 7 + 1)


def _months_on(context: Context, value: CellValue, months: CellValue) -> tuple[int, int, int]:
    moment = _moment(context, value)
    count = moment.year * 12 + moment.month - 1 + int(to_number(months, context.language))
    year, month = count // 12, count % 12 + 1
    if not 1899 <= year <= 9999:
        raise Failure(_NO_DATE)
    return year, month, moment.day


@function("EDATE", "ss")
def _edate(context: Context, value: CellValue, months: CellValue) -> float:
    year, month, day = _months_on(context, value, months)
    return date_serial(year, month, min(day, calendar.monthrange(year, month)[1])) or 0.0


@function("EOMONTH", "ss")
def _eomonth(context: Context, value: CellValue, months: CellValue) -> float:
    year, month, _ = _months_on(context, value, months)
    return date_serial(year, month, calendar.monthrange(year, month)[1]) or 0.0


@function("DAYS", "ss")
def _days(context: Context, end: CellValue, start: CellValue) -> float:
    return float(_whole(context, end) - _whole(context, start))


@function("DATEVALUE", "s")
def _datevalue(context: Context, value: CellValue) -> float:
    return float(_whole(context, value))


@function("TIMEVALUE", "s")
def _timevalue(context: Context, value: CellValue) -> float:
    return to_number(value, context.language) % 1


@function("DATEDIF", "sss")
def _datedif(context: Context, start: CellValue, end: CellValue, unit: CellValue) -> float:
    first, last = (_moment(context, value) for value in (start, end))
    if first > last:
        raise Failure(ErrorValue("#NUM!", "The start date lies after the end date."))
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    whole = {
        "Y": months // 12,
        "M": months,
        "D": (last.date() - first.date()).days,
        "YM": months % 12,
    }
    name = str(unit).upper()
    if name not in whole:
        raise Failure(ErrorValue("#NUM!", f"The emulator does not know DATEDIF's unit '{unit}'."))
    return float(whole[name])


@function("NETWORKDAYS", "ssr", least=2)
def _networkdays(context: Context, start: CellValue, end: CellValue, holidays: object = None) -> float:
    first, last = _whole(context, start), _whole(context, end)
    sign = 1 if first <= last else -1
    first, last = min(first, last), max(first, last)
    free = _holidays(context, holidays)
    return float(sign * sum(_works(day) and day not in free for day in range(first, last + 1)))


@function("WORKDAY", "ssr", least=2)
def _workday(context: Context, start: CellValue, count: CellValue, holidays: object = None) -> float:
    day, left = _whole(context, start), int(to_number(count, context.language))
    step, free = (1 if left > 0 else -1), _holidays(context, holidays)
    while left:
        day += step
        if _works(day) and day not in free:
            left -= step
    return float(day)


def _works(day: int) -> bool:
    return (EPOCH + timedelta(days=day)).weekday() < 5


def _holidays(context: Context, holidays: object) -> set[int]:
    cells = context.block(holidays).values()  # type: ignore[arg-type]
    return {int(cell) for cell in cells if isinstance(cell, float)}
