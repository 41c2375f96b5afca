"""Triggers: when a job runs, as a value, and the moment at which it is due next; pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sheets_crm.messages import said

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_EVERY: Final = re.compile(r"([1-9][0-9]{0,4})(s|m|h)")
_AT: Final = re.compile(rf"(?:({'|'.join(WEEKDAYS)})\s+)?([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600}
_DAY: Final = dt.timedelta(days=1)
_SECOND: Final = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Every:
    """So many seconds from the end of one run to the start of the next."""

    seconds: float

    def __str__(self) -> str:
        whole = [unit for unit, seconds in _SECONDS.items() if self.seconds % seconds == 0]
        unit = whole[-1] if whole else "s"
        return f"{self.seconds / _SECONDS[unit]:g}{unit}"


@dataclass(frozen=True, slots=True)
class At:
    """A time of day in the workbook's time zone, each day or on one weekday.

    Attributes:
        hour: 0 to 23.
        minute: 0 to 59.
        weekday: 0 for Monday; None for each day.
    """

    hour: int
    minute: int
    weekday: int | None = None

    def __str__(self) -> str:
        day = "" if self.weekday is None else f"{WEEKDAYS[self.weekday]} "
        return f"{day}{self.hour:02}:{self.minute:02}"


@dataclass(frozen=True, slots=True)
class Off:
    """Never."""

    def __str__(self) -> str:
        return "off"


Trigger = Every | At | Off


def parse_trigger(text: str) -> Trigger:
    """Read a trigger: ``15s``, ``10m``, ``6h``, ``03:00``, ``mon 07:00`` or ``off``.

    Raises:
        ValueError: The text is none; the message says what is allowed.
    """
    plain = text.strip().casefold()
    if plain == "off":
        return Off()
    if every := _EVERY.fullmatch(plain):
        return Every(int(every[1]) * _SECONDS[every[2]])
    if at := _AT.fullmatch(plain):
        return At(int(at[2]), int(at[3]), WEEKDAYS.index(at[1]) if at[1] else None)
    raise ValueError(said("trigger.wrong", text=text.strip()))


def next_due(trigger: Trigger, last: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """The first moment after the last run at which a job is due, in UTC; None for never.

    A time of day that the night of a clock change leaves out is the moment after the gap; one that comes twice counts
    the first time only.

    Args:
        trigger: When the job runs.
        last: When it last ran, with a time zone.
        zone: The workbook's time zone, which times of day are of.
    """
    if isinstance(trigger, Off):
        return None
    if isinstance(trigger, Every):
        return last.astimezone(dt.UTC) + dt.timedelta(seconds=trigger.seconds)
    return next(moment for moment in _moments(trigger, last.astimezone(zone).date(), zone) if moment > last)


def _moments(trigger: At, day: dt.date, zone: ZoneInfo) -> Iterator[dt.datetime]:
    """Yield the moments of a time of day from a date on, in UTC."""
    while True:
        if trigger.weekday in {None, day.weekday()}:
            yield _moment(dt.datetime.combine(day, dt.time(trigger.hour, trigger.minute)), zone)
        day += _DAY


def _moment(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first moment at which clocks of a zone show a time, or the end of the gap that leaves it out; in UTC."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    if first <= second:  # once, or twice: `fold` 0 is the first time
        return first
    return _gap_end(second, first, zone)


def _gap_end(before: dt.datetime, after: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment at which clocks are put forward, between one before and one after it."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
