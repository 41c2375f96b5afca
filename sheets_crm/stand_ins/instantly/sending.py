"""Campaigns send their steps, when tests say so."""

import re
from typing import Any

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import conflict
from sheets_crm.stand_ins.instantly import events
from sheets_crm.stand_ins.instantly.block_list import blocked_values, is_blocked
from sheets_crm.stand_ins.instantly.campaigns import ACTIVE as SENDS
from sheets_crm.stand_ins.instantly.campaigns import COMPLETED as DONE
from sheets_crm.stand_ins.instantly.campaigns import steps_of
from sheets_crm.stand_ins.instantly.emails import SENT, new_mail
from sheets_crm.stand_ins.instantly.leads import ACTIVE, COMPLETED, SKIPPED, change_lead, leads_of
from sheets_crm.stand_ins.instantly.workspace import ACCOUNT
from sheets_crm.stand_ins.world import World

__all__ = ["send_next_steps"]

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TAG = re.compile(r"<[^>]+>")


def send_next_steps(world: World, campaign: Document, only: Document | None = None) -> int:
    """Send its next step to each lead of a campaign that is active, whatever its waits say; give how many mails left.

    Args:
        world: The world.
        campaign: An active campaign with steps.
        only: The one lead to send to; None for all.

    Raises:
        RefusedError: 409 where the campaign does not send.
    """
    if campaign["status"] != SENDS:
        raise conflict(f"The campaign has status {campaign['status']}: only an active one sends")
    if not steps_of(campaign):
        raise conflict("The campaign has no steps")
    blocked, sent = blocked_values(world), 0
    for lead in [only] if only else leads_of(world, campaign=campaign["id"]):
        if lead["status"] != ACTIVE:
            continue
        if is_blocked(blocked, lead["email"]):
            change_lead(world, lead, {"status": SKIPPED})
            continue
        _send(world, campaign, lead)
        sent += 1
    _complete(world, campaign)
    return sent


def _send(world: World, campaign: Document, lead: Document) -> None:
    steps, number = steps_of(campaign), lead["_next_step"]
    variant = (steps[number].get("variants") or [{}])[0]
    markup = _filled(variant.get("body", ""), lead)
    account = next(iter(campaign["email_list"]), ACCOUNT)
    mail = new_mail(
        world, lead, SENT, _TAG.sub("", markup), markup,
        subject=_filled(variant.get("subject", ""), lead), eaccount=account, from_address_email=account,
        to_address_email_list=lead["email"], _step=number,
    )  # fmt: skip
    world.note_sent("instantly", "campaign_email", None, to=lead["email"], email_id=mail["id"], step=number + 1)
    changed = change_lead(world, lead, _after(world, number, is_last=number + 1 >= len(steps)))
    events.tell(
        world, "email_sent", campaign, changed,
        email_account=account, step=number + 1, variant=1, is_first=number == 0, email_id=mail["id"],
        email_subject=mail["subject"], email_text=mail["body"]["text"], email_html=markup,
    )  # fmt: skip


def _after(world: World, number: int, *, is_last: bool) -> dict[str, Any]:
    """What a lead is after a step was sent to it."""
    now = world.now()
    last = {"from": "campaign", "stepID": f"0_{number}_0", "timestamp_executed": now}
    return {
        "timestamp_last_contact": now,
        "status_summary": {"lastStep": last},
        "_next_step": number + 1,
        **({"status": COMPLETED} if is_last else {}),
    }


def _filled(text: str, lead: Document) -> str:
    """A text with the lead's variables in it; one that it does not have is left empty (C)."""
    payload = lead["payload"]
    return _VARIABLE.sub(lambda found: str(payload.get(found[1], "")), text)


def _complete(world: World, campaign: Document) -> None:
    """End a campaign that has nobody left to send to."""
    if any(lead["status"] == ACTIVE for lead in leads_of(world, campaign=campaign["id"])):
        return
    done = world.documents.put("campaigns", {**campaign, "status": DONE, "timestamp_updated": world.now()})
    events.tell(world, "campaign_completed", done)
