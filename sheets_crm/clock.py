"""The clock of a process: the machine's, or one that starts at ``SHEETS_CRM_NOW`` and runs on from there.

For trying what happens at another time. Only what the program decides by goes by it: tokens, TLS, quotas and the ages
of files go by the machine's clock.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from typing import Final

from sheets_crm.errors import SettingsError
from sheets_crm.messages import said

VARIABLE: Final = "SHEETS_CRM_NOW"


def moment_of(text: str) -> float:
    """Seconds since 1970 of an ISO time; one without an offset is UTC.

    Raises:
        ValueError: The text is no ISO time; the message says what is.
    """
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
    except (ValueError, OverflowError):
        raise ValueError(said("time.wrong", text=text.strip())) from None


def clock_from(start: float) -> Callable[[], float]:
    """A clock that shows a moment now and runs on."""
    ahead = start - time.time()
    return lambda: time.time() + ahead


def process_clock() -> Callable[[], float]:
    """The clock that the environment asks for.

    Raises:
        SettingsError: The variable holds no time.
    """
    text = os.environ.get(VARIABLE, "")
    if not text:
        return time.time
    try:
        return clock_from(moment_of(text))
    except ValueError as error:
        raise SettingsError(said("settings.wrong", where=VARIABLE, problem=error.args[0])) from None
