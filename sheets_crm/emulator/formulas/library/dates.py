"""Dates and times; a date is its serial number, days since 1899-12-30."""

import calendar
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.dates import date_serial, moment_of, serial_of
from sheets_crm.emulator.formulas.coercion import to_number
from sheets_crm.emulator.formulas.reasons import at_least, between, cannot_be_parsed
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Failure, Uncoerced
from sheets_crm.emulator.numerals import plain_number

__all__: list[str] = []

_NO_DATE = ErrorValue("#NUM!", "There is no such date.")
_LAST_DAY, _LAST_YEAR = 2_958_465, 9_999
_SECONDS = 86_400


def _moment(context: Context, value: CellValue) -> datetime:
    try:
        return moment_of(to_number(value, context.language))
    except (OverflowError, ValueError) as problem:
        raise Failure(_NO_DATE) from problem


def _clock(context: Context, value: CellValue) -> int:
    """The second of the day, rounded: SECOND(40909.0004) is 35 (B)."""
    return round(to_number(value, context.language) * _SECONDS) % _SECONDS


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
    serial = date_serial(years, months, 1) if 1 <= years <= _LAST_YEAR else None
    if serial is None or not 0 <= serial + days - 1 <= _LAST_DAY:
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
    return float(_clock(context, value) // 3600)


@function("MINUTE", "s")
def _minute(context: Context, value: CellValue) -> float:
    return float(_clock(context, value) // 60 % 60)


@function("SECOND", "s")
def _second(context: Context, value: CellValue) -> float:
    return float(_clock(context, value) % 60)


@function("WEEKDAY", "ss", least=1)
def _weekday(context: Context, value: CellValue, kind: CellValue = 1.0) -> float:
    """Kind 1 counts from Sunday as 1, 2 from Monday as 1, 3 from Monday as 0; 11 to 17 from Monday to Sunday as 1."""
    monday = _moment(context, value).weekday()
    ways = {1: (monday + 1) % 7 + 1, 2: monday + 1, 3: monday}
    ways |= {11 + first: (monday - first) % 7 + 1 for first in range(7)}
    way = _whole(context, kind)
    if way not in ways:
        raise Failure(between("WEEKDAY", 2, way, (1, 3), "#NUM!"))
    return float(ways[way])


@function("ISOWEEKNUM", "s")
def _isoweeknum(context: Context, value: CellValue) -> float:
    if to_number(value, context.language) < 0:
        raise Failure(_NO_DATE)
    return float(_moment(context, value).isocalendar().week)


@function("WEEKNUM", "ss", least=1)
def _weeknum(context: Context, value: CellValue, kind: CellValue = 1.0) -> float:
    moment, way = _moment(context, value), _whole(context, kind)
    if way == 21:
        return float(moment.isocalendar().week)
    first_days = {1: 6, 2: 0, 11: 0, 12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6}
    if way not in first_days:
        raise Failure(between("WEEKNUM", 2, way, (1, 2), "#NUM!"))
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


def _parsed(context: Context, name: str, value: CellValue) -> float:
    """A text as a date or a time; of a date that a cell holds as a number, that number (C)."""
    if value == "":
        raise Failure(cannot_be_parsed(name, value))
    try:
        return to_number(value, context.language)
    except Uncoerced as problem:
        raise Failure(cannot_be_parsed(name, str(value))) from problem


@function("DATEVALUE", "s")
def _datevalue(context: Context, value: CellValue) -> float:
    return float(_parsed(context, "DATEVALUE", value) // 1)


@function("TIMEVALUE", "s")
def _timevalue(context: Context, value: CellValue) -> float:
    return _parsed(context, "TIMEVALUE", value) % 1


#: Ticks of a second for each unit of EPOCHTODATE: seconds, milliseconds, microseconds.
_TICKS = {1: 1, 2: 1_000, 3: 1_000_000}
_EPOCH_1970 = 25_569


@function("EPOCHTODATE", "ss", least=1)
def _epochtodate(context: Context, value: CellValue, unit: CellValue = 1.0) -> float:
    """The moment, in UTC, so many seconds (or as the unit says) after the first of January 1970."""
    ticks, kind = to_number(value, context.language), _whole(context, unit)
    if ticks < 0:
        raise Failure(at_least("EPOCHTODATE", 1, ticks, 0))
    if kind not in _TICKS:
        raise Failure(between("EPOCHTODATE", 2, kind, (1, 3), "#NUM!"))
    return _EPOCH_1970 + ticks / (_SECONDS * _TICKS[kind])


@function("DATEDIF", "sss")
def _datedif(context: Context, start: CellValue, end: CellValue, unit: CellValue) -> float:
    first, last = (_moment(context, value) for value in (start, end))
    if first > last:
        ends = [plain_number(to_number(value, context.language), context.language) for value in (start, end)]
        words = "parameter 1 ({}) should be on or before Function DATEDIF parameter 2 ({})."
        raise Failure(ErrorValue("#NUM!", "Function DATEDIF " + words.format(*ends)))
    name = str(unit).upper()
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    counts: dict[str, Callable[[], int]] = {
        "Y": lambda: months // 12,
        "M": lambda: months,
        "D": lambda: (last.date() - first.date()).days,
        "MD": lambda: _days_beyond_months(first, last),
        "YM": lambda: months % 12,
        "YD": lambda: _days_beyond_years(first, last),
    }
    if name not in counts:
        words = 'Valid values are "Y", "M", "D", "MD", "YM" and "YD".'
        raise Failure(ErrorValue("#NUM!", f"Function DATEDIF parameter 3 value is {unit}. {words}"))
    return float(counts[name]())


def _days_beyond_months(first: datetime, last: datetime) -> int:
    """Days after the whole months, by the length of the month before the end: -2 from January 31 to March 1 (B)."""
    days = last.day - first.day
    if days >= 0:
        return days
    before = last.replace(day=1) - timedelta(days=1)
    return days + before.day


def _days_beyond_years(first: datetime, last: datetime) -> int:
    """Days since the start's day of the year came last; a February 29 comes on the 28th in other years (C)."""
    for year in (last.year, last.year - 1):
        day = min(first.day, calendar.monthrange(year, first.month)[1])
        birthday = date(year, first.month, day)
        if birthday <= last.date():
            return (last.date() - birthday).days
    return 0
