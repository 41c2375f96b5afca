"""The mails that were received, with their whole texts: a post may have but the beginning of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from sheets_crm.instantly.fetching.ports import FURTHEST, Ports, moment_in, page_delivery
from sheets_crm.instantly.fields import iso_of, moment_of
from sheets_crm.instantly.kinds import MAILS

CURSOR: Final = "mails"
"""When the service stored the mail from which on is read."""

OVERLAP: Final = dt.timedelta(minutes=5)
"""Read once more after the last mail: one that was stored before it may be listed after it."""
MOST_PAGES: Final = 30
"""In a turn: ten a minute are allowed, and the other lists are not to wait for a long one. The next turn goes on."""


def fetch_mails(ports: Ports) -> None:
    """Store the mails received since the last time; in a new store, in the last 30 days."""
    now = ports.now()
    saved = moment_in(ports.cursors.load(), CURSOR, now)
    start = max(saved, now - FURTHEST) if saved else now - FURTHEST
    last = start
    for number, page in enumerate(ports.client.mails(since=start), 1):
        if page.raw:
            ports.intake.add([page_delivery(MAILS, page.raw, now)])
        last = min(now, max([last, *_stored_at(page.raw)]))
        ended = not page.after
        # Not before `start`: the overlap is behind the last mail, and is not to grow while none comes.
        ports.cursors.save({CURSOR: iso_of(max(start, last - OVERLAP) if ended else last)})
        ports.check()
        if number == MOST_PAGES:
            return


def _stored_at(items: tuple[Any, ...]) -> Iterator[dt.datetime]:
    for item in items:
        text = item.get("timestamp_created") if isinstance(item, dict) else None
        moment = moment_of(text) if isinstance(text, str) else None
        if moment is not None:
            yield moment
