"""Notices: that something happened, told within a minute, and as one message when much happens at once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.alerts.values import Message, Telling
from sheets_crm.messages import localize

MOST: Final = 5
WINDOW: Final = dt.timedelta(minutes=10)
"""More than so many in so long become one message."""
LISTED: Final = 20
"""Notices that one message lists; of the others it says how many they are."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened.

    Attributes:
        event: What kind of thing, as the table of notices calls it.
        key: What is the same when the same thing is noted twice.
        text: What happened, for people; of a person no more than LeadNumber and company.
        link: Where to look; "" for nowhere.
    """

    event: str
    key: str
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Recent:
    """The messages of notices of the last ten minutes: how many told one each, and whether one told several."""

    single: int = 0
    several: bool = False


def bundled(waiting: Sequence[Notice], recent: Recent, language: str) -> list[tuple[Message, Sequence[Notice]]]:
    """The messages that tell notices now, each with those that it tells; none while the rest has to wait.

    Args:
        waiting: The notices that nobody was told of, the oldest first.
        recent: What was told lately.
        language: Of the messages.
    """
    if not waiting or recent.several:
        return []
    if recent.single + len(waiting) <= MOST:
        return [(_message([one], _line(one)), [one]) for one in waiting]
    if recent.single >= MOST:
        return []  # the rest is told together when the first of the five is ten minutes old
    heading = localize("notice.several", language, count=len(waiting))
    lines = [f"• {_line(one)}" for one in waiting[:LISTED]]
    more = len(waiting) - len(lines)
    if more:
        lines.append(localize("notice.more", language, count=more))
    return [(_message(waiting, "\n".join([heading, *lines])), waiting)]


def _line(notice: Notice) -> str:
    return f"{notice.text} {notice.link}".rstrip()


def _message(notices: Sequence[Notice], text: str) -> Message:
    named = "\n\n".join(sorted(f"{one.event}\n{one.key}" for one in notices))
    return Message(f"notice:{hashlib.sha256(named.encode()).hexdigest()[:32]}", Telling.NOTICE, text)
