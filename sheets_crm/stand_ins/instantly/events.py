"""Events: what happened, as webhooks tell it to those who subscribed."""

from typing import Any, Final

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.instantly import deliveries
from sheets_crm.stand_ins.instantly.workspace import WORKSPACE_ID, label_of
from sheets_crm.stand_ins.world import World

__all__ = ["tell", "tell_interest"]

#: Events that are told under another name than they are subscribed to by (A). An automatic reply has no subscription of
#: its own: it comes with all events (C).
_SUBSCRIBED_AS: Final = {"link_clicked": "email_link_clicked", "auto_reply_received": "all_events"}

#: What an interest status is told as; a lost lead has no event (A).
_INTERESTS: Final[dict[float | None, str]] = {
    None: "lead_neutral",
    0: "lead_out_of_office",
    1: "lead_interested",
    2: "lead_meeting_booked",
    3: "lead_meeting_completed",
    4: "lead_closed",
    -1: "lead_not_interested",
    -2: "lead_wrong_person",
    -4: "lead_no_show",
}


def tell(
    world: World,
    event_type: str,
    campaign: Document | None,
    lead: Document | None = None,
    *,
    label: float | None = None,
    **more: Any,
) -> None:
    """Have an event delivered to all who subscribed to it.

    Args:
        world: The world.
        event_type: What the payload calls it.
        campaign: Where it happened; None for leads that are in no campaign.
        lead: Whom it is about. Custom variables stand beside the other keys; one of the same name gives way (C).
        label: The number of the workspace's own label that it is about.
        more: Further keys of the payload.
    """
    payload = {
        **(lead["_variables"] if lead else {}),
        "timestamp": world.now(),
        "event_type": event_type,
        "workspace": WORKSPACE_ID,
        "campaign_id": campaign["id"] if campaign else None,
        "campaign_name": campaign["name"] if campaign else None,
        **({"lead_email": lead["email"]} if lead else {}),
        **more,
    }
    for webhook in world.documents.all("webhooks"):
        if webhook["status"] == deliveries.WORKING and _is_for(webhook, event_type, campaign, label):
            deliveries.enqueue(world, webhook, payload)


def tell_interest(world: World, lead: Document, value: float | None) -> None:
    """Tell an interest status: by the event that it has, or by the text of the workspace's own label."""
    campaign = world.documents.get("campaigns", lead.get("campaign") or "")
    label = None if value is None else label_of(world, value)
    if label is not None:
        tell(world, label["label"], campaign, lead, label=value)
    elif value in _INTERESTS:
        tell(world, _INTERESTS[value], campaign, lead)


def _is_for(webhook: Document, event_type: str, campaign: Document | None, label: float | None) -> bool:
    """Whether a webhook is subscribed to an event; one with a campaign, to that one's only."""
    if webhook["campaign"] is not None and (campaign is None or webhook["campaign"] != campaign["id"]):
        return False
    if webhook["event_type"] == "all_events":
        return True
    if label is not None:
        return bool(webhook["custom_interest_value"] == label)
    return bool(webhook["event_type"] == _SUBSCRIBED_AS.get(event_type, event_type))
