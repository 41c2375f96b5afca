"""The posts that the receiver missed: the service keeps what it could not deliver."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import orjson

from sheets_crm.engine.intake import Delivery
from sheets_crm.instantly.fetching.ports import FURTHEST, Ports, moment_in
from sheets_crm.instantly.fields import iso_of
from sheets_crm.instantly.kinds import SOURCE
from sheets_crm.instantly.posts import kind_and_key

CURSOR: Final = "missed"
OVERLAP: Final = dt.timedelta(minutes=15)
"""Read once more each time: the service's clock may be another, and a try be listed late."""
WINDOW: Final = dt.timedelta(days=1)
"""Read at once; the cursor moves after each, so that what is broken off begins with the day that it broke off in."""


def fetch_missed(ports: Ports) -> None:
    """Store what was missed since the last time; in a new store, in the last 30 days."""
    now = ports.now()
    saved = moment_in(ports.cursors.load(), CURSOR, now)
    start = max(saved - OVERLAP, now - FURTHEST) if saved else now - FURTHEST
    while start < now:
        end = min(start + WINDOW, now)
        for page in ports.client.missed_deliveries(start, end):
            ports.intake.add([missed(item, now) for item in page.raw])
            ports.check()
        ports.cursors.save({CURSOR: iso_of(end)})
        start = end


def missed(item: Any, at: dt.datetime) -> Delivery:
    """A failed try as the delivery that would have come: the same body, kind and key, whoever brings it."""
    payload = item.get("payload") if isinstance(item, dict) else None
    content = (
        item if payload is None else payload
    )  # a try without an event is refused by the import, with a reason
    body = content.encode() if isinstance(content, str) else orjson.dumps(content)
    kind, key = kind_and_key(body)
    return Delivery(SOURCE, kind, at, body, key)
