"""What webhooks have to deliver, and what becomes of each try.

Three tries within 30 seconds (B), then the subscription is switched off (A that it may be, C that the first delivery
which fails for good does it). Each try is an entry of the history; those of one delivery share `retry_group_id`.
"""

from dataclasses import dataclass
from typing import Any, Final

from sheets_crm.stand_ins.clock import iso
from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.instantly.workspace import WORKSPACE_ID
from sheets_crm.stand_ins.world import World

__all__ = ["WORKING", "Outcome", "due", "enqueue", "next_due", "note_try"]

WORKING, SWITCHED_OFF = 1, -1

_TRIES: Final = 3
_WAIT: Final = 10.0
"""Seconds between two tries (C)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try.

    Attributes:
        status: The status that was answered; None where nothing was.
        error: What went wrong where nothing was answered.
        milliseconds: How long it took.
    """

    status: int | None
    error: str = ""
    milliseconds: int = 0

    @property
    def success(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


def enqueue(world: World, webhook: Document, payload: dict[str, Any]) -> None:
    """Have a payload delivered to a webhook."""
    delivery = {
        "id": world.new_id(),
        "webhook": webhook["id"],
        "payload": payload,
        "tries": 0,
        "due": world.clock(),
        "undelivered": False,
    }
    world.documents.put("deliveries", delivery)
    world.wake()


def due(world: World) -> list[Document]:
    """The deliveries whose next try is due, in the order in which they came up."""
    now = world.clock()
    return [delivery for delivery in world.documents.all("deliveries") if delivery["due"] <= now]


def next_due(world: World) -> float | None:
    """When the next try is due, or None."""
    return min((delivery["due"] for delivery in world.documents.all("deliveries")), default=None)


def note_try(world: World, delivery: Document, webhook: Document, outcome: Outcome) -> None:
    """Enter a try into the history, and have the next one made or the subscription switched off."""
    tries = delivery["tries"] + 1
    again = not outcome.success and tries < _TRIES
    next_try = world.clock() + _WAIT
    world.documents.put(
        "webhook_events",
        {
            **_entry(world, delivery, webhook, outcome),
            "retry_count": tries - 1,
            "will_retry": again,
            "timestamp_next_retry": iso(next_try) if again else None,
            "retry_successful": None,
        },
    )
    if again:
        world.documents.put("deliveries", {**delivery, "tries": tries, "due": next_try})
        return
    world.documents.remove("deliveries", delivery["id"])
    if outcome.success:
        _note_success(world, delivery)
    else:
        off = {**webhook, "status": SWITCHED_OFF, "timestamp_error": world.now()}
        world.documents.put("webhooks", off)


def _entry(world: World, delivery: Document, webhook: Document, outcome: Outcome) -> Document:
    now = world.now()
    return {
        "id": world.new_id(),
        "timestamp_created": now,
        "timestamp_created_date": now[:10],
        "organization_id": WORKSPACE_ID,
        "payload": delivery["payload"],
        "success": outcome.success,
        "webhook_url": webhook["target_hook_url"],
        "status_code": outcome.status,
        "error_message": outcome.error or None,
        "retry_group_id": delivery["id"],
        "lead_email": delivery["payload"].get("lead_email"),
        "response_time_ms": outcome.milliseconds,
    }


def _note_success(world: World, delivery: Document) -> None:
    """Say of the earlier tries that a later one went through."""
    if delivery["tries"] == 0:
        return
    for event in world.documents.all("webhook_events"):
        if event["retry_group_id"] == delivery["id"] and not event["success"]:
            world.documents.put("webhook_events", {**event, "retry_successful": True})
