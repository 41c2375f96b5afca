"""Dates, times and durations shown by a pattern's tokens (Sheets API guide "Date & number formats")."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sheets_crm.emulator.dates import EPOCH
from sheets_crm.emulator.format_patterns import Tokens, kept, literal
from sheets_crm.emulator.languages import Language

__all__ = ["shown_moment", "shows_moment"]

_DAY = 86_400_000
_UNITS = {"h": 3_600_000, "m": 60_000, "s": 1000}
_LARGEST_DURATION = 1e10
_TENTHS = re.compile(r"(\.?)(0+)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Traits:
    """What a section's tokens are together.

    Attributes:
        elapsed: The units that divide a duration; empty for a moment.
        minutes: Which tokens are minutes.
        half: Whether hours go to twelve.
        step: The milliseconds that the time is rounded to: the last place of seconds, 1 without seconds.
    """

    elapsed: frozenset[str]
    minutes: frozenset[int]
    half: bool
    step: int


@dataclass(frozen=True, slots=True)
class _Clock:
    """A moment as its pattern's precision rounds it, and the milliseconds of its time or duration."""

    moment: datetime
    milliseconds: int
    half: bool
    language: Language


@kept
def shows_moment(tokens: Tokens) -> bool:
    """Whether a section is one for dates, times or durations."""
    return any(kind in ("date", "elapsed", "half") for kind, _ in tokens)


def shown_moment(value: float, tokens: Tokens, language: Language) -> str | None:
    """Show a serial number as its section says; `None` for one outside the years 1 to 9999.

    Where seconds are shown, the moment is rounded to their last place, and the rounding carries into minutes,
    hours and days (to hundredths documented, A; to whole seconds as spreadsheets do, C). Without seconds, a time
    is cut, not rounded: 16:08:53 is 16:08 (A). A negative duration has a minus before it (C).
    """
    if abs(value) > _LARGEST_DURATION:
        return None
    traits = _traits(tokens)
    elapsed = traits.elapsed
    rounded = _rounded(value, traits.step)
    size = abs(rounded) if elapsed else rounded % _DAY
    try:
        moment = EPOCH + timedelta(milliseconds=rounded)
    except OverflowError:
        if not elapsed:
            return None
        moment = EPOCH
    clock = _Clock(moment, size, traits.half, language)
    parts = []
    for place, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            parts.append(_elapsed(size, text, elapsed))
        elif kind == "date":
            parts.append(_date_part(clock, text, minutes=place in traits.minutes))
        else:
            parts.append(_other_part(clock, kind, text))
    body = "".join(parts)
    negative = bool(elapsed) and rounded < 0 and any(sign in body for sign in "123456789")
    return "-" + body if negative else body


@kept
def _traits(tokens: Tokens) -> _Traits:
    elapsed = {text[0].lower() for kind, text in tokens if kind == "elapsed"}
    minutes = _minutes(tokens)
    if "h" in elapsed and minutes:
        elapsed.add("m")
    half = any(kind == "half" for kind, _ in tokens)
    return _Traits(frozenset(elapsed), frozenset(minutes), half, _step(tokens))


def _step(tokens: Tokens) -> int:
    if not any(kind in ("date", "elapsed") and text[0] in "sS" for kind, text in tokens):
        return 1
    places = max((_places_of_second(text) for kind, text in tokens if kind == "digits"), default=0)
    return (1000, 100, 10, 1)[min(places, 3)]


def _rounded(value: float, step: int) -> int:
    """The milliseconds since the epoch, rounded half away from it."""
    milliseconds = round(value * _DAY)
    size = (abs(milliseconds) + step // 2) // step * step
    return size if milliseconds >= 0 else -size


def _places_of_second(text: str) -> int:
    tenths = _TENTHS.match(text)
    return len(tenths[2]) if tenths else 0


def _other_part(clock: _Clock, kind: str, text: str) -> str:
    if kind == "half":
        return _half_day(clock.moment, text)
    return _fraction_of_second(clock, text) if kind == "digits" else literal(kind, text)


def _minutes(tokens: Tokens) -> set[int]:
    """Which tokens are minutes: an ``m`` after hours or before seconds; ``M`` is always the month."""
    parts = [(place, *token) for place, token in enumerate(tokens) if token[0] in ("date", "elapsed")]
    found = set()
    for index, (place, kind, text) in enumerate(parts):
        before = parts[index - 1][2][0] if index else ""
        after = parts[index + 1][2][0] if index + 1 < len(parts) else ""
        if kind == "date" and text[0] == "m" and (before in ("h", "H") or after in ("s", "S")):
            found.add(place)
    return found


def _elapsed(milliseconds: int, text: str, elapsed: frozenset[str]) -> str:
    """The whole units of a duration that the larger units shown leave (C; of one alone, all: A)."""
    letter = text[0].lower()
    larger = [unit for unit in "hms"[: "hms".index(letter)] if unit in elapsed]
    if larger:
        milliseconds %= _UNITS[larger[-1]]
    return str(milliseconds // _UNITS[letter]).rjust(len(text), "0")


def _half_day(moment: datetime, text: str) -> str:
    """``AM`` or ``PM``, always in capitals; of ``a/p`` the letter as it is written."""
    morning = moment.hour < 12
    if text.lower() == "a/p":
        return text[0] if morning else text[2]
    return "AM" if morning else "PM"


def _fraction_of_second(clock: _Clock, text: str) -> str:
    tenths = _TENTHS.match(text)
    if tenths is None:
        return text
    point, places, rest = tenths.groups()
    digits = f"{clock.milliseconds % 1000:03d}"[: len(places)].ljust(len(places), "0")
    return (clock.language.decimal if point else "") + digits + rest


def _date_part(clock: _Clock, text: str, *, minutes: bool) -> str:
    letter, count = text[0].lower(), len(text)
    if minutes or letter in "hs":
        return _time_part(clock, "m" if minutes else letter, min(count, 2))
    moment, language = clock.moment, clock.language
    if letter == "y":
        return f"{moment.year:04d}" if count > 2 else f"{moment.year % 100:02d}"
    names, number = (language.months, moment.month) if letter == "m" else (language.days, moment.weekday() + 1)
    if count <= 2:
        return f"{moment.month if letter == 'm' else moment.day:0{count}d}"
    return _named(names[number - 1], letter, count, language)


def _time_part(clock: _Clock, letter: str, places: int) -> str:
    amount = clock.milliseconds // _UNITS[letter] % (24 if letter == "h" else 60)
    if letter == "h" and clock.half:
        amount = amount % 12 or 12
    return f"{amount:0{places}d}"


def _named(name: str, letter: str, count: int, language: Language) -> str:
    name = name.capitalize() if language.capital_names else name
    if letter == "m" and count == 5:
        return name[0].upper()
    return name[:3] if count == 3 else name
