"""Headers of an answer, which any proxy on the way may have written: what cannot be read counts as absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_WAIT: Final = 86_400.0
"""Seconds: a longer pause than a day is cut to a day."""


def header_date(text: str) -> datetime | None:
    """The date of a header; None when the text is not a date."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    # "-0000" means UTC with the sender's zone unknown (RFC 5322); the library returns it without a zone.
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait, a day at most; None when it does not ask.

    A date is compared with the server's own clock, not with ours.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)
    until, sent = header_date(text), header_date(headers.get("Date", ""))
    if until is None or sent is None:
        return None
    return min(max(0.0, (until - sent).total_seconds()), LONGEST_WAIT)
