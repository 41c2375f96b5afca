"""Which locales and time zones a spreadsheet may have.

Source: `SpreadsheetProperties` in https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets
(A: the forms of both). What Google says of others is not known; the emulator's words are its own (C).
"""

import re
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from locale import locale_alias
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sheets_crm.emulator.errors import invalid

__all__ = ["check_regional", "zone_of"]

_LOCALE = re.compile(r"([a-z]{2,3})(?:_[A-Z]{2})?")
_CUSTOM = re.compile(r"GMT([+-])([01]?[0-9]|2[0-3]):?([0-5][0-9])?")


@cache
def _languages() -> frozenset[str]:
    """List the languages that some system has a locale of, by their codes."""
    return frozenset(re.split("[_.@]", alias)[0] for alias in locale_alias)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def check_regional(properties: Mapping[str, Any]) -> None:
    """Check the locale and the time zone among a spreadsheet's properties, as far as they are given.

    Raises:
        ApiError: 400 for a locale or a time zone that is none; nothing could be shown of the file afterwards.
    """
    locale, zone = properties.get("locale"), properties.get("timeZone")
    if locale:
        form = _LOCALE.fullmatch(locale)
        if form is None or form[1] not in _languages():
            raise invalid(f"Invalid locale: {locale:.80}")
    if zone and _zone(zone) is None:
        raise invalid(f"Invalid time zone: {zone:.80}")


def zone_of(name: str) -> tzinfo:
    """Find a time zone such as ``Europe/Madrid`` or ``GMT-07:00``; UTC where a file from elsewhere has none."""
    return _zone(name) or UTC


def _zone(name: str) -> tzinfo | None:
    custom = _CUSTOM.fullmatch(name)
    if custom is not None:
        shift = timedelta(hours=int(custom[2]), minutes=int(custom[3] or 0))
        return timezone(-shift if custom[1] == "-" else shift)
    return ZoneInfo(name) if name in _zones() else None
