"""Headers of an answer, which say what anybody between us and Google likes: read, or taken for absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_WAIT: Final = 86_400.0
"""Seconds: whoever asks for a longer pause than a day is taken to ask for a day."""


def moment(text: str) -> datetime | None:
    """Read the date of a header; None when it is none."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    # "-0000" is UTC from somebody who does not tell where they are; the library gives it without a zone.
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how many seconds a server asks to wait, a day at most; None when it does not say.

    A date counts from the server's own clock, not from ours.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)
    when, now = moment(text), moment(headers.get("Date", ""))
    if when is None or now is None:
        return None
    return min(max(0.0, (when - now).total_seconds()), LONGEST_WAIT)
