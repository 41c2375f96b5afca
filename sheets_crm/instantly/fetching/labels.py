"""The labels of the workspace's own: leads have their numbers, and posts their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sheets_crm.instantly.fetching.ports import Ports, page_delivery
from sheets_crm.instantly.kinds import LABELS
from sheets_crm.instantly.posts import key_of

CURSOR: Final = "labels"
"""The hash of the labels that were stored last, and the key that they had."""


def fetch_labels(ports: Ports) -> Sequence[Any]:
    """Read all labels, and store them when they have changed."""
    labels: list[Any] = []
    for page in ports.client.labels():
        labels += page.raw
        ports.check()
    found = key_of(labels)
    stored, _, last_key = ports.cursors.load().get(CURSOR, "").partition(" ")
    if found != stored:
        # Labels may become again what they were: the key also says after which ones they came.
        key = key_of([LABELS, last_key, found])
        ports.intake.add([page_delivery(LABELS, labels, ports.now(), key=key)])
        ports.cursors.save({CURSOR: f"{found} {key}"})
    return labels


def labels_of(items: Iterable[Any], labels: Iterable[Any]) -> list[Any]:
    """The labels that leads have, so that a page says what its numbers mean."""
    numbers = {item.get("lt_interest_status") for item in items if isinstance(item, dict)} - {None}
    return [each for each in labels if isinstance(each, dict) and each.get("interest_status") in numbers]
