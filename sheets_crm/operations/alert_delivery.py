"""Sending the messages that are due: each is claimed on the disk, leaves, and its answer is recorded.

Whoever dies between the claim and the record leaves a claim of which nobody knows whether it left. It is shown, and
never sent again by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sheets_crm.alerts.ports import AlertBook, Answer, Post, Posted, Queued

EXPIRES: Final = dt.timedelta(hours=24)
"""A message that could not be sent for so long is not sent any more."""
REVOKED_PAUSE: Final = 3_600.0
"""Seconds until an address is tried again at which nothing was taken any more."""
LONGEST_PAUSE: Final = 1_800.0
WAITED_FOR: Final = 10.0
"""Seconds: a pause that is no longer is waited for; after a longer one the message waits for a later turn."""
WAITS_IN_ALL: Final = 30.0
"""Seconds that one turn waits at most."""


def deliver(
    book: AlertBook,
    post: Post,
    now: Callable[[], dt.datetime],
    sleep: Callable[[float], None],
    check: Callable[[], None],
    *,
    quiet: bool = False,
) -> Posted | None:
    """Send the messages that are due, the oldest first.

    Args:
        book: Has the messages.
        post: Sends one off.
        now: The moment.
        sleep: Waits some seconds.
        check: Stops here if the process was asked to end; never between a claim and its record.
        quiet: Whether only urgent ones are sent.

    Returns:
        The answer that is in the way of the others; None when nothing is.
    """
    sender = _Sender(book, post, now, sleep, check)
    left = WAITS_IN_ALL
    for message in book.due(now()):
        if quiet and not message.urgent:
            continue
        posted, left = sender.send(message, left)
        if posted is not None and posted.answer in {Answer.LATER, Answer.REVOKED}:
            return posted
    return None


@dataclass(frozen=True)
class _Sender:
    """What a message is sent with."""

    book: AlertBook
    post: Post
    now: Callable[[], dt.datetime]
    sleep: Callable[[float], None]
    check: Callable[[], None]

    def send(self, message: Queued, left: float) -> tuple[Posted | None, float]:
        """Send a message, again after short pauses; its last answer, and the seconds that may still be waited.

        None for an answer: another process has claimed it.
        """
        while True:
            self.check()
            if not self.book.claim(message, self.now()):
                return None, left
            posted = self.post(message.text)
            message = replace(message, attempts=message.attempts + 1)
            pause = pause_after(message, posted)
            self.book.settle(message, posted, self.now(), self._next_time(message, pause))
            if posted.answer is not Answer.LATER or pause is None or pause > min(WAITED_FOR, left):
                return posted, left
            left -= pause
            self.sleep(pause)

    def _next_time(self, message: Queued, pause: float | None) -> dt.datetime | None:
        now = self.now()
        return None if pause is None or now - message.made_at >= EXPIRES else now + dt.timedelta(seconds=pause)


def pause_after(message: Queued, posted: Posted) -> float | None:
    """Seconds until a message is sent again; None for never.

    Args:
        message: The message, with the attempt that was answered.
        posted: The answer.
    """
    if posted.answer is Answer.REVOKED:
        return REVOKED_PAUSE
    if posted.answer is not Answer.LATER:
        return None
    grown = min(2.0 ** min(message.attempts - 1, 16), LONGEST_PAUSE)
    return max(grown, posted.retry_after or 0.0)
