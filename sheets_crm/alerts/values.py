"""The values of alerts: a cause, the alert that stands for it, and the message that tells somebody."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Severity(enum.StrEnum):
    """How much an alert matters; only the urgent ones are told in quiet hours."""

    URGENT = "urgent"
    WARNING = "warning"


Key = tuple[str, str]
"""Code and subject: what tells one cause from another."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that somebody has to know of.

    Attributes:
        code: The rule that found it.
        subject: What it is about, such as a batch; "" when there is only one such thing.
        severity: How much it matters.
        text: What is the matter, as a sentence without its point.
        remedy: What to do.
        link: Address of the tab or cell where it is done; "" for none.
        owner: Whose it is; "" for nobody's in particular.
    """

    code: str
    subject: str
    severity: Severity
    text: str
    remedy: str
    link: str = ""
    owner: str = ""

    @property
    def key(self) -> Key:
        """What tells it from other causes."""
        return self.code, self.subject


@dataclass(frozen=True, slots=True)
class Alert:
    """A cause as it is remembered. It is opened, told, closed and cleared, and may be opened again.

    Attributes:
        cause: The cause as it was last seen.
        since: When it was last opened.
        times: How often it was opened.
        told: The number of the last opening that somebody was told of; 0 for none.
        cleared: The number of the last opening whose end was told, or was not worth telling.
        closed_at: When the cause was gone; None while it is there.
        tell_from: The opening is not told before; None for at once.
        row: Key of its row in the workbook's table; "" while it has none.
        seen: Whether an operator has ticked that he knows of it.
        snooze_until: Nothing is told of it before; None for no such moment.
    """

    cause: Cause
    since: dt.datetime
    times: int = 1
    told: int = 0
    cleared: int = 0
    closed_at: dt.datetime | None = None
    tell_from: dt.datetime | None = None
    row: str = ""
    seen: bool = False
    snooze_until: dt.datetime | None = None

    @property
    def key(self) -> Key:
        """What tells its cause from others."""
        return self.cause.key

    @property
    def open(self) -> bool:
        """Whether its cause is there."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Mark:
    """What operators say about an alert in its row.

    Attributes:
        row: The row's key.
        seen: Whether they know of it.
        snooze_until: They do not want to hear of it before; None for no such moment.
    """

    row: str
    seen: bool = False
    snooze_until: dt.datetime | None = None


Marks = Mapping[Key, Mark]


class Telling(enum.StrEnum):
    """What a message tells."""

    OPENED = "opened"
    CLEARED = "cleared"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Message:
    """What is told at once.

    Attributes:
        key: No two messages of a workbook have the same.
        telling: What it tells.
        text: Its words.
        urgent: Whether it is sent in quiet hours too.
    """

    key: str
    telling: Telling
    text: str
    urgent: bool = False
