"""The other side: campaigns send, and leads open, click, answer, bounce and unsubscribe, when tests say so.

``POST /_standin/events`` takes one happening, or ``{"events": [...]}``.
"""

import html
import re
from collections.abc import Callable
from typing import Any, Final

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import bad_request, conflict, not_found
from sheets_crm.stand_ins.fields import Field, Fields, check
from sheets_crm.stand_ins.instantly import events
from sheets_crm.stand_ins.instantly.campaigns import STATUSES
from sheets_crm.stand_ins.instantly.emails import RECEIVED, SENT, mails_of, new_mail
from sheets_crm.stand_ins.instantly.lead_changes import set_interest
from sheets_crm.stand_ins.instantly.leads import BOUNCED, COMPLETED, UNSUBSCRIBED, change_lead, leads_of
from sheets_crm.stand_ins.instantly.sending import send_next_steps
from sheets_crm.stand_ins.instantly.workspace import ACCOUNT
from sheets_crm.stand_ins.world import World

__all__ = ["happen"]

Happening = dict[str, Any]


def happen(world: World, body: Any) -> list[Document]:
    """Let something happen, and give for each what came of it.

    Raises:
        RefusedError: 400 for what is no happening, 404 for one that is about nobody, 409 for one that cannot be.
    """
    several = body.get("events") if isinstance(body, dict) and "events" in body else [body]
    if not isinstance(several, list):
        raise bad_request("body/events must be array")
    return [_happen(world, check(happening, _FIELDS)) for happening in several]


def _happen(world: World, happening: Happening) -> Document:
    kind = happening["type"]
    if kind in _OF_CAMPAIGNS:
        return {"type": kind, **_OF_CAMPAIGNS[kind](world, happening)}
    lead = _lead_of(world, happening)
    return {"type": kind, "lead": lead["id"], **_OF_LEADS[kind](world, lead, happening)}


def _lead_of(world: World, happening: Happening) -> Document:
    """The lead that is meant: by id, or the last with an address."""
    named = happening.get("lead", "")
    found = world.documents.get("leads", named) or next(
        iter(reversed(leads_of(world, email=named.lower() or "?", campaign=happening.get("campaign")))), None
    )
    if found is None:
        raise not_found(f"There is no lead {named!r}")
    return found


def _campaign_of(world: World, lead: Document) -> Document | None:
    return world.documents.get("campaigns", lead.get("campaign") or "")


def _last_mail(world: World, lead: Document) -> Document:
    sent = mails_of(world, lead, SENT)
    if not sent:
        raise conflict(f"Nothing was sent to {lead['email']} yet")
    return sent[-1]


def _about(mail: Document) -> Happening:
    """What events about a mail that a campaign sent say of it."""
    step, variant = mail["_step"] + 1, 1
    return {
        "email_account": mail["eaccount"],
        "step": step,
        "variant": variant,
        "is_first": mail["_step"] == 0,
        "email_id": mail["id"],
        "email_subject": mail["subject"],
    }


def _seen(count: str, moment: str, step: str, event_type: str) -> Callable[..., Document]:
    """An opening or a click."""

    def seen(world: World, lead: Document, _happening: Happening) -> Document:
        mail = _last_mail(world, lead)
        changes = {count: lead[count] + 1, moment: world.now(), step: mail["_step"] + 1}
        events.tell(
            world, event_type, _campaign_of(world, lead), change_lead(world, lead, changes), **_about(mail)
        )
        return {"email_id": mail["id"]}

    return seen


def _stopped(status: int, event_type: str) -> Callable[..., Document]:
    """A bounce or an unsubscription."""

    def stopped(world: World, lead: Document, _happening: Happening) -> Document:
        mail = _last_mail(world, lead)
        changed = change_lead(world, lead, {"status": status})
        events.tell(world, event_type, _campaign_of(world, lead), changed, **_about(mail))
        return {"email_id": mail["id"]}

    return stopped


def _reply(world: World, lead: Document, happening: Happening) -> Document:
    mail, told = _received(world, lead, happening, automatic=False)
    counted = {
        "email_reply_count": lead["email_reply_count"] + 1,
        "timestamp_last_reply": world.now(),
        "email_replied_step": told.get("step"),
    }
    _answered(world, lead, told, "reply_received", "stop_on_reply", counted)
    return {"email_id": mail["id"]}


def _auto_reply(world: World, lead: Document, happening: Happening) -> Document:
    """An automatic reply is in no count of the lead's (C)."""
    mail, told = _received(world, lead, happening, automatic=True)
    _answered(world, lead, told, "auto_reply_received", "stop_on_auto_reply", {})
    return {"email_id": mail["id"]}


def _received(
    world: World, lead: Document, happening: Happening, *, automatic: bool
) -> tuple[Document, Happening]:
    """Keep a mail of a lead; give it, and what events say of it: its id is what is answered to (A)."""
    sent = next(iter(reversed(mails_of(world, lead, SENT))), None)
    text = happening.get("text", "")
    markup = happening.get("html", f"<p>{html.escape(text)}</p>")
    subject = happening.get("subject", f"Re: {sent['subject']}" if sent else "Re:")
    account = sent["eaccount"] if sent else ACCOUNT
    sender = happening.get("from", lead["email"])
    mail = new_mail(
        world,
        lead,
        RECEIVED,
        text or re.sub(r"<[^>]+>", "", markup),
        markup,
        subject=subject,
        eaccount=account,
        from_address_email=sender,
        to_address_email_list=account,
        is_auto_reply=int(automatic),
    )
    about = _about(sent) if sent else {"email_account": account}
    return mail, {
        **about,
        "email_id": mail["id"],
        "unibox_url": f"https://app.example.com/unibox?thread_search={mail['thread_id']}",
        "reply_subject": subject,
        "reply_text_snippet": mail["content_preview"],
        "reply_text": mail["body"]["text"],
        "reply_html": markup,
    }


def _answered(
    world: World, lead: Document, told: Happening, event_type: str, stops: str, counted: Happening
) -> None:
    """Tell a reply; where the campaign stops on one, the lead is done (C that its status is completed then)."""
    campaign = _campaign_of(world, lead)
    stop = campaign is not None and campaign.get(stops, stops == "stop_on_reply")
    changed = change_lead(world, lead, {**counted, **({"status": COMPLETED} if stop else {})})
    events.tell(world, event_type, campaign, changed, **told)


def _interest(world: World, lead: Document, happening: Happening) -> Document:
    if "value" not in happening:
        raise bad_request("body must have required property 'value'")
    set_interest(world, lead, happening["value"])
    return {}


def _label(world: World, lead: Document, happening: Happening) -> Document:
    labels = world.documents.all("labels")
    found = next((label for label in labels if label["label"] == happening.get("label")), None)
    if found is None:
        raise not_found(f"There is no label {happening.get('label')!r}")
    set_interest(world, lead, found["interest_status"])
    return {"value": found["interest_status"]}


def _send(world: World, happening: Happening) -> Document:
    lead = _lead_of(world, happening) if "lead" in happening else None
    return {"sent": send_next_steps(world, _named_campaign(world, happening), lead)}


def _account_error(world: World, happening: Happening) -> Document:
    account = happening.get("account", ACCOUNT)
    events.tell(world, "account_error", _named_campaign(world, happening), email_account=account)
    return {"account": account}


def _campaign_status(world: World, happening: Happening) -> Document:
    if happening.get("value") not in STATUSES:
        raise bad_request("body/value must be equal to one of the allowed values")
    campaign = _named_campaign(world, happening)
    world.documents.put("campaigns", {**campaign, "status": happening["value"], "timestamp_updated": world.now()})
    return {"campaign": campaign["id"]}


def _named_campaign(world: World, happening: Happening) -> Document:
    found = world.documents.get("campaigns", happening.get("campaign", ""))
    if found is None:
        raise not_found(f"There is no campaign {happening.get('campaign')!r}")
    return found


_OF_CAMPAIGNS: Final[dict[str, Callable[[World, Happening], Document]]] = {
    "send": _send,
    "account_error": _account_error,
    "campaign_status": _campaign_status,
}
_OF_LEADS: Final[dict[str, Callable[[World, Document, Happening], Document]]] = {
    "open": _seen("email_open_count", "timestamp_last_open", "email_opened_step", "email_opened"),
    "click": _seen("email_click_count", "timestamp_last_click", "email_clicked_step", "link_clicked"),
    "reply": _reply,
    "auto_reply": _auto_reply,
    "bounce": _stopped(BOUNCED, "email_bounced"),
    "unsubscribe": _stopped(UNSUBSCRIBED, "lead_unsubscribed"),
    "interest": _interest,
    "label": _label,
}
_FIELDS: Fields = {
    "type": Field("string", required=True, choices=(*_OF_CAMPAIGNS, *_OF_LEADS)),
    **dict.fromkeys(
        ("lead", "campaign", "subject", "text", "html", "from", "label", "account"),
        Field("string"),
    ),
    "value": Field("number", nullable=True),
}
