"""What a webhook tells, and what a listed lead shows, as events of one vocabulary.

An event that comes twice has the same key (`sheets_crm.instantly.posts`). Nothing that comes in is an error: a type
that nobody knows is an `unknown` event, and what has another form than its field should have counts as absent.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sheets_crm.claims.events import Fact, Rank
from sheets_crm.instantly.fields import moment_of
from sheets_crm.instantly.leads import KEY, Lead
from sheets_crm.instantly.posts import event_key, key_of
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.imports.words import instantly_status, interest_status, lead_status
from sheets_crm.pipeline.reply_words import SENT


class EventKind(enum.StrEnum):
    """What happened, in the words that all services share."""

    ACCEPTED = "accepted"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    AUTO_REPLIED = "auto_replied"
    BOUNCED_HARD = "bounced_hard"
    UNSUBSCRIBED = "unsubscribed"
    LABELLED = "labelled"
    LISTED = "listed"
    CAMPAIGN_COMPLETED = "campaign_completed"
    ACCOUNT_ERROR = "account_error"
    UNKNOWN = "unknown"


OF_A_MESSAGE: Final[Mapping[EventKind, Rank | Fact]] = MappingProxyType(
    {
        EventKind.ACCEPTED: Rank.ACCEPTED,
        EventKind.OPENED: Rank.OPENED,
        EventKind.CLICKED: Rank.CLICKED,
        EventKind.REPLIED: Rank.REPLIED,
        EventKind.AUTO_REPLIED: Fact.AUTO_REPLIED,
        EventKind.BOUNCED_HARD: Fact.BOUNCED_HARD,
        EventKind.UNSUBSCRIBED: Fact.UNSUBSCRIBED,
    }
)
"""What the kinds say of a message; the others say nothing of one."""

_KINDS: Final[Mapping[str, EventKind]] = MappingProxyType(
    {
        "email_sent": EventKind.ACCEPTED,
        "email_opened": EventKind.OPENED,
        "link_clicked": EventKind.CLICKED,
        "email_link_clicked": EventKind.CLICKED,  # as it is subscribed to
        "reply_received": EventKind.REPLIED,
        "auto_reply_received": EventKind.AUTO_REPLIED,
        "email_bounced": EventKind.BOUNCED_HARD,
        "lead_unsubscribed": EventKind.UNSUBSCRIBED,
        "campaign_completed": EventKind.CAMPAIGN_COMPLETED,
        "account_error": EventKind.ACCOUNT_ERROR,
        "lead_neutral": EventKind.LABELLED,
        "lead_interested": EventKind.LABELLED,
        "lead_not_interested": EventKind.LABELLED,
        "lead_meeting_booked": EventKind.LABELLED,
        "lead_meeting_completed": EventKind.LABELLED,
        "lead_closed": EventKind.LABELLED,
        "lead_out_of_office": EventKind.LABELLED,
        "lead_wrong_person": EventKind.LABELLED,
        "lead_no_show": EventKind.LABELLED,
    }
)

_INTERESTS: Final[Mapping[int, str]] = MappingProxyType(
    {
        0: "lead_out_of_office",
        1: "lead_interested",
        2: "lead_meeting_booked",
        3: "lead_meeting_completed",
        4: "lead_closed",
        -1: "lead_not_interested",
        -2: "lead_wrong_person",
        -3: "lead_lost",  # no event is named so
        -4: "lead_no_show",
    }
)
"""The interest statuses of listed leads, by the events that tell them."""

_ENDED: Final = {
    -1: (EventKind.BOUNCED_HARD, "email_bounced"),
    -2: (EventKind.UNSUBSCRIBED, "lead_unsubscribed"),
}
_ON_ITS_WAY: Final = frozenset({1, 2})
_HIGHEST_NUMBER: Final = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened.

    Attributes:
        key: The same for the same event, however often it comes.
        kind: What happened.
        event_type: The service's word for it; of a label of the workspace's own, its text.
        at: When.
        address: The lead's address, in lower case; "" for an event that is about none.
        lead_number: The LeadNumber of its custom variables; None without one, or with contradicting ones.
        message_key: The key of ours in its custom variables.
        campaign: The campaign's id.
        step: The step of the campaign.
        email_id: The mail's id, which an answer to it names.
        account: The address of ours.
        word: The word of ``instantly_status`` that it means; "" when it means none by itself.
        subject: Subject of a reply.
        text: Text of a reply.
        html: A reply that has no text.
    """

    key: str
    kind: EventKind
    event_type: str
    at: datetime
    address: str = ""
    lead_number: int | None = None
    message_key: str = ""
    campaign: str = ""
    step: str = ""
    email_id: str = ""
    account: str = ""
    word: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""


def kind_of(event_type: str) -> EventKind:
    """What an event of a type tells, without the labels of a workspace's own."""
    return _KINDS.get(event_type, EventKind.UNKNOWN)


def from_webhook(body: Any, received_at: datetime, *, labels: Collection[str] = ()) -> Event:
    """The event of a webhook's body, or of a missed one's payload.

    Args:
        body: The JSON that came, whatever it is.
        received_at: When it came; its time where the body has none.
        labels: The texts of the workspace's own labels, by which their events are told from unknown ones.
    """
    given: Mapping[str, Any] = body if isinstance(body, dict) else {}
    event_type = _text(given, "event_type")
    kind = _KINDS.get(event_type, EventKind.LABELLED if event_type in labels else EventKind.UNKNOWN)
    text = _text(given, "reply_text") or _text(given, "reply_text_snippet")
    return Event(
        key=event_key(given),
        kind=kind,
        event_type=event_type,
        at=moment_of(_text(given, "timestamp")) or received_at,
        address=_text(given, "lead_email").lower(),
        lead_number=lead_number(given),
        message_key=_text(given, KEY),
        campaign=_text(given, "campaign_id"),
        step=_text(given, "step"),
        email_id=_text(given, "email_id"),
        account=_text(given, "email_account"),
        word=(instantly_status(event_type) or "") if event_type in _KINDS else "",
        subject=_text(given, "reply_subject"),
        text=text,
        html="" if text else _text(given, "reply_html"),
    )


def from_lead(lead: Lead, seen_at: datetime, *, labels: Mapping[int, str] | None = None) -> tuple[Event, ...]:
    """What a listed lead shows to have happened.

    Args:
        lead: The lead.
        seen_at: When it was listed; the time of what the lead has no time for.
        labels: The texts of the workspace's own labels, by the number that leads have.
    """
    # Bounces and refusals of mail have no time of their own; a later one errs on the side of not writing again.
    changed = lead.updated or lead.created or seen_at
    return tuple(
        Event(
            key=key_of([f"listed {event_type}", own.isoformat() if own else None, lead.email, lead.campaign]),
            kind=kind,
            event_type=event_type,
            at=own or changed,
            address=lead.email.strip().lower(),
            lead_number=lead_number(lead.variables),
            message_key=_text(lead.variables, KEY),
            campaign=lead.campaign,
            word=word,
        )
        for kind, event_type, own, word in _shown(lead, labels or {})
    )


_Shown = tuple[EventKind, str, datetime | None, str]


def _shown(lead: Lead, labels: Mapping[int, str]) -> Iterator[_Shown]:
    """Kind, type, own time and word of each thing that a lead shows."""
    word = (lead_status(str(lead.status)) or "") if lead.status is not None else ""
    if lead.status not in _ENDED:
        # One that is on its way is *sent*: an export at the end of a campaign would call it *not contacted*.
        yield EventKind.LISTED, f"status {lead.status}", None, SENT if lead.status in _ON_ITS_WAY else word
    happened = (
        (lead.last_contact is not None, "email_sent", lead.last_contact),
        (lead.opens > 0, "email_opened", lead.last_open),
        (lead.clicks > 0, "link_clicked", lead.last_click),
        (lead.replies > 0, "reply_received", lead.last_reply),
    )
    for true, event_type, moment in happened:
        if true:
            yield _KINDS[event_type], event_type, moment, instantly_status(event_type) or ""
    if lead.status in _ENDED:
        kind, event_type = _ENDED[lead.status]
        yield kind, event_type, None, word
    if lead.interest is not None:
        told = _INTERESTS.get(lead.interest) or labels.get(lead.interest) or f"interest {lead.interest}"
        interest = interest_status(str(lead.interest))
        yield EventKind.LABELLED, told, lead.last_interest_change, interest or ""


def lead_number(variables: Mapping[str, Any]) -> int | None:
    """The LeadNumber among custom variables, under its own name or a spelling of it."""
    if LEAD_NUMBER in variables:
        return _number(variables[LEAD_NUMBER])
    wanted = header_key(LEAD_NUMBER)
    found = {_number(value) for name, value in variables.items() if header_key(name) == wanted}
    return next(iter(found)) if len(found) == 1 else None


def _number(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    digits = str(value).strip().removesuffix(".0") if isinstance(value, str | int) else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        return None
    return int(digits) if 0 < int(digits) < _HIGHEST_NUMBER else None


def _text(given: Mapping[str, Any], name: str) -> str:
    """A text or number, as text; "" for anything else."""
    value = given.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
