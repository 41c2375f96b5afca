"""Vendors' timestamps, parsed for comparing; the text itself is stored unchanged."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)
"""Day 0 of Sheets' serial numbers (developers.google.com/workspace/sheets/api/guides/formats)."""
PLAUSIBLE_DAYS: Final = (20_000.0, 80_000.0)


@lru_cache(maxsize=8192)
def instant(text: str) -> datetime | None:
    """A vendor's timestamp in UTC, or None if it is ambiguous or no timestamp.

    Accepted are ISO 8601 (``2024-07-11T18:03:01.973Z``), ``YYYY-MM-DD HH:MM:SS`` (taken as UTC, as PhantomBuster
    writes it) and Sheets' serial numbers. ``11/07/2024`` is not: the order of day and month is ambiguous.
    """
    text = text.strip()
    if len(text) >= 10 and text[4:5] == "-":
        try:
            moment = datetime.fromisoformat(text.removesuffix(" UTC"))
        except ValueError:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return _from_serial(text)


def _from_serial(text: str) -> datetime | None:
    try:
        days = float(text)
    except ValueError:
        return None
    if not math.isfinite(days) or not PLAUSIBLE_DAYS[0] < days < PLAUSIBLE_DAYS[1]:
        return None
    return EPOCH + timedelta(days=days)


def _zone(name: str) -> ZoneInfo:
    """A time zone; one unknown to this machine counts as UTC, as Control reports."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def serial(moment: datetime, time_zone: str) -> float:
    """A time as Sheets' serial number in a workbook's time zone, to the second."""
    local = moment.astimezone(_zone(time_zone)).replace(tzinfo=UTC)
    return round((local - EPOCH).total_seconds()) / 86_400
