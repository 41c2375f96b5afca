"""The stand-ins' own time: the machine's, or one that starts at ``SHEETS_CRM_NOW``; tests move it forward."""

import datetime as dt
import os
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

__all__ = ["VARIABLE", "Clock", "WrongTimeError", "iso", "seconds_of"]

VARIABLE: Final = "SHEETS_CRM_NOW"


class WrongTimeError(ValueError):
    """A text that is no ISO time."""


def seconds_of(text: str) -> float:
    """Seconds since 1970 of an ISO date or time; one without an offset is UTC.

    Raises:
        WrongTimeError: The text is neither.
    """
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
    except (ValueError, OverflowError):
        raise WrongTimeError(f"{text!r} is no ISO time, such as 2026-08-14T12:00:00Z.") from None


def iso(seconds: float) -> str:
    """A moment as Instantly writes it: UTC, milliseconds, Z."""
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Clock:
    """Seconds since 1970.

    Args:
        machine: The machine's clock.
        ahead: By how much this one is ahead of it.
    """

    def __init__(self, machine: Callable[[], float] = time.time, ahead: float = 0.0) -> None:
        self._machine = machine
        self._ahead = ahead
        self._lock = Lock()

    @classmethod
    def of_environment(cls) -> "Clock":
        """The clock that the environment asks for.

        Raises:
            WrongTimeError: The variable holds no time.
        """
        text = os.environ.get(VARIABLE, "")
        return cls(ahead=seconds_of(text) - time.time()) if text else cls()

    def __call__(self) -> float:
        """The time."""
        return self._machine() + self._ahead

    def forward(self, seconds: float) -> float:
        """Move forward, and give the time then."""
        with self._lock:
            self._ahead += seconds
        return self()
