"""What alerts need of the world, as the parts that know it implement it."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sheets_crm.alerts.notices import Notice, Recent
from sheets_crm.alerts.values import Alert, Message


class Answer(enum.Enum):
    """What became of a message that was sent off.

    Attributes:
        SENT: It was taken.
        LATER: It certainly was not taken, and may be later.
        REVOKED: Nothing is taken at this address any more.
        REFUSED: This message is not taken, however often it is sent.
        UNKNOWN: No answer came, and it may have been taken.
    """

    SENT = "sent"
    LATER = "later"
    REVOKED = "revoked"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Posted:
    """The answer to a message.

    Attributes:
        answer: What became of it.
        words: The service's own words, or what went wrong, without the address.
        retry_after: Seconds that the service asks to wait; None when it says nothing.
    """

    answer: Answer
    words: str = ""
    retry_after: float | None = None


Post = Callable[[str], Posted]
"""Sends a text off; it never raises."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that waits to be sent.

    Attributes:
        number: Its number.
        text: Its words.
        attempts: How often it was tried.
        made_at: When it was queued.
        urgent: Whether it is sent in quiet hours too.
    """

    number: int
    text: str
    attempts: int
    made_at: dt.datetime
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How the messages of a workbook stand.

    Attributes:
        answer: The service's last answer; "" when it never answered.
        answered_at: When that was; None for never.
        unknown: How many were sent off without an answer in the last days, and may have been taken.
    """

    answer: str = ""
    answered_at: dt.datetime | None = None
    unknown: int = 0


Fold = Callable[[list[Alert]], tuple[list[Alert], list[Message]]]
"""The alerts of a workbook as they are going to be, and what is told, given them as they are."""
Bundle = Callable[[Sequence[Notice], Recent], list[tuple[Message, Sequence[Notice]]]]
"""The messages that tell notices, each with those that it tells."""


class AlertBook(Protocol):
    """The alerts, notices and messages of one workbook. Each method is one transaction, on the disk when it returns."""

    def fold(self, decide: Fold, now: dt.datetime) -> list[Alert]:
        """Bring the alerts up to date and queue what is told, together; one process at a time."""
        ...

    def note(self, notice: Notice, now: dt.datetime) -> bool:
        """Note what happened; return whether it was not noted before."""
        ...

    def waiting(self) -> list[Notice]:
        """The notices that nobody was told of, the oldest first."""
        ...

    def bundle(self, events: frozenset[str], decide: Bundle, now: dt.datetime) -> None:
        """Queue what is told of the notices of some events, and drop those of all others."""
        ...

    def due(self, now: dt.datetime) -> list[Queued]:
        """The messages that may be sent now, the oldest first."""
        ...

    def claim(self, message: Queued, now: dt.datetime) -> bool:
        """Claim a message; of several who try, one gets it."""
        ...

    def settle(self, message: Queued, posted: Posted, now: dt.datetime, next_at: dt.datetime | None) -> None:
        """Record the answer to a claimed message.

        Args:
            message: The message.
            posted: The answer.
            now: The moment.
            next_at: When it is sent again; None for never.
        """
        ...

    def tidy(self, now: dt.datetime) -> None:
        """Note that the outcome of old claims is not known, and delete what was settled long ago."""
        ...

    def standing(self, now: dt.datetime) -> Standing:
        """How the messages stand."""
        ...
