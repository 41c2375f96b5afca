"""Dates, times and durations as text, and as the serial numbers that cells hold.

A serial number counts days since 1899-12-30; its fraction is the time of day (Sheets API, `SERIAL_NUMBER`).
"""

import re
from datetime import date, datetime, timedelta

from sheets_crm.emulator.languages import Language

__all__ = ["EPOCH", "date_serial", "moment_of", "read_moment", "serial_of"]

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers have no time zone
_LAST_YEAR = 9999
_TWO_DIGIT_PIVOT = 30

_DAY_PARTS = re.compile(r"(\d{1,4})([/.-])(\d{1,4})(?:\2(\d{1,4}))?\Z")
_TIME = re.compile(
    r"(\d{1,4}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?(?:\s*([ap])\.?m\.?)?\Z|(\d{1,2})\s*([ap])m\Z", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:(\d{1,2})[\s-]+(?:de\s+)?)?([^\W\d]{3,12})\.?(?:[\s-]+(?:de\s+)?(\d{1,4}))?(?:,?[\s-]+(?:de\s+)?(\d{4}))?\Z"
)


def serial_of(moment: datetime) -> float:
    """Give the serial number of a moment, whose time zone is left out of account."""
    return (moment.replace(tzinfo=None) - EPOCH) / timedelta(days=1)


def moment_of(serial: float) -> datetime:
    """Give the moment of a serial number, to the millisecond.

    Raises:
        OverflowError: It lies outside the years 1 to 9999.
    """
    return EPOCH + timedelta(milliseconds=round(serial * 86_400_000))


def date_serial(year: int, month: int, day: int) -> float | None:
    """Give a day's serial number; `None` when there is no such day."""
    try:
        return float((date(year, month, day) - EPOCH.date()).days)
    except ValueError:
        return None


def read_moment(text: str, language: Language, now: datetime | None) -> tuple[float, dict[str, str]] | None:
    """Read a date, a time, a date with a time, or a duration, in the locale's order or as ISO writes it.

    Args:
        text: The text, without spaces around it.
        language: How the locale writes.
        now: For dates without a year; `None` refuses them.

    Returns:
        The serial number and the format that shows it as it was written, or `None`.
    """
    day = _read_day(text, language, now)
    if day is not None:
        return day[0], {"type": "DATE", "pattern": day[1]}
    time = _read_time(text)
    if time is not None:
        return time[0], {"type": "TIME", "pattern": time[1]}
    return _read_both(text, language, now)


def _read_both(text: str, language: Language, now: datetime | None) -> tuple[float, dict[str, str]] | None:
    for gap in re.finditer(r"\s+", text):
        day = _read_day(text[: gap.start()].rstrip(","), language, now)
        time = _read_time(text[gap.end() :])
        if day is not None and time is not None and time[0] < 1:
            return day[0] + time[0], {"type": "DATE_TIME", "pattern": f"{day[1]} {time[1]}"}
    return None


def _read_time(text: str) -> tuple[float, str] | None:
    match = _TIME.match(text)
    if match is None:
        return None
    hour_text, minute, second, fraction, half, bare_hour, bare_half = match.groups()
    hour, half = int(hour_text or bare_hour), (half or bare_half or "").lower()
    minutes, seconds = int(minute or 0), int(second or 0) + float(f"0.{fraction or 0}")
    if minutes > 59 or seconds >= 60 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    pattern = ("[h]" if hour > 23 else "h") + ":mm" + (":ss" if second else "") + (" am/pm" if half else "")
    return (hour * 3600 + minutes * 60 + seconds) / 86_400, pattern


def _read_day(text: str, language: Language, now: datetime | None) -> tuple[float, str] | None:
    match = _DAY_PARTS.match(text)
    if match is None:
        return _read_named(text, language, now)
    first, mark, second, third = match.groups()
    if mark == "." and not language.comma_decimal:
        return None
    if third is None:
        return _two_parts(first, mark, second, language, now)
    if len(first) == 4:
        order, parts = "ymd", (first, second, third)
    else:
        order, parts = ("dmy" if language.day_first else "mdy"), (first, second, third)
    return _assembled(dict(zip(order, parts, strict=True)), order, mark)


def _assembled(parts: dict[str, str], order: str, mark: str) -> tuple[float, str] | None:
    year = _year(parts["y"])
    if year is None or len(parts["m"]) > 2 or len(parts["d"]) > 2:
        return None
    serial = date_serial(year, int(parts["m"]), int(parts["d"]))
    if serial is None:
        return None
    letters = {"y": "yyyy" if len(parts["y"]) == 4 else "yy"}
    for letter in "md":
        letters[letter] = letter * 2 if parts[letter].startswith("0") or order == "ymd" else letter
    return serial, mark.join(letters[letter] for letter in order)


def _two_parts(
    first: str, mark: str, second: str, language: Language, now: datetime | None
) -> tuple[float, str] | None:
    """``1/2`` is a day of this year; where that is no day, ``11-50`` and ``1/2020`` are a month of a year."""
    if now is None:
        return None
    day, month = (first, second) if language.day_first else (second, first)
    serial = date_serial(now.year, int(month), int(day)) if max(len(day), len(month)) <= 2 else None
    if serial is not None:
        return serial, f"d{mark}m" if language.day_first else f"m{mark}d"
    if len(first) == 4:
        first, second, order = second, first, "yyyy{}m"
    else:
        order = "m{}yyyy" if len(second) == 4 else "m{}yy"
    year = _year(second)
    if mark == "." or year is None or len(first) > 2:
        return None
    serial = date_serial(year, int(first), 1)
    return None if serial is None else (serial, order.format(mark))


def _year(text: str) -> int | None:
    if len(text) == 4:
        return int(text) if int(text) > 99 else None
    if len(text) > 2:
        return None
    return int(text) + (2000 if int(text) < _TWO_DIGIT_PIVOT else 1900)


def _month_named(word: str, language: Language) -> tuple[int, str] | None:
    lowered = word.lower()
    for index, name in enumerate(language.months):
        if lowered == name:
            return index + 1, "mmmm"
        if lowered in (name[:3], name[:4]):
            return index + 1, "mmm"
    return None


def _read_named(text: str, language: Language, now: datetime | None) -> tuple[float, str] | None:
    """``5 Jan 2020``, ``January 5, 2020``, ``Jan 5``, ``Jan 2020``, ``5 de enero de 2020``."""
    match = _NAMED.match(text)
    month = _month_named(match[2], language) if match else None
    if match is None or month is None:
        return None
    before, after, last = match[1], match[3], match[4]
    if before:
        day, year, pattern = before, last or after, f"d {month[1]}" + (" yyyy" if last or after else "")
    elif after and len(after) == 4:
        day, year, pattern = "1", after, f"{month[1]} yyyy"
    else:
        day, year, pattern = after or "", last, f"{month[1]} d" + (", yyyy" if last else "")
    if not day or len(day) > 2 or (before and after and last) or (now is None and not year):
        return None
    whole = _year(year) if year else (now.year if now else None)
    serial = date_serial(whole, month[0], int(day)) if whole else None
    return None if serial is None else (serial, pattern)
