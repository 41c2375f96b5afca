"""The labels of the workspace's own: leads have their numbers, and posts their words."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sheets_crm.instantly.feed.ports import Ports, moment_in, page_delivery
from sheets_crm.instantly.fields import iso_of
from sheets_crm.instantly.posts import key_of

KIND: Final = "labels"
READ: Final = "labels read"
"""The cursor that says when they were read."""
CHANGED: Final = "labels"
"""The cursor with the hash of the labels that were stored last, and the key that they had."""

EVERY: Final = dt.timedelta(minutes=59)


def fetch_labels(ports: Ports) -> None:
    """Store all labels when they have changed; they are read once an hour."""
    now, cursors = ports.now(), ports.cursors.load()
    read_at = moment_in(cursors, READ, now)
    if read_at is not None and now - read_at < EVERY:
        return
    labels: list[Any] = []
    for page in ports.client.labels():
        labels += page.raw
        ports.check()
    found = key_of(labels)
    stored, _, last_key = cursors.get(CHANGED, "").partition(" ")
    if found == stored:
        ports.cursors.save({READ: iso_of(now)})
        return
    # Labels may become again what they were: the key also says after which ones they came.
    key = key_of([KIND, last_key, found])
    ports.intake.add([page_delivery(KIND, labels, now, key=key)])
    ports.cursors.save({READ: iso_of(now), CHANGED: f"{found} {key}"})
