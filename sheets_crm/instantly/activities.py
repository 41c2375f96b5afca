"""What events and mails of Instantly tell of a lead's story."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

from sheets_crm.engine.intake import Activity
from sheets_crm.features.conversation_rows import HeardMail, suggested_class
from sheets_crm.instantly.events import Event, EventKind
from sheets_crm.instantly.values import Mail
from sheets_crm.workbook.cells import serial

CHANNEL: Final = "instantly"
IN, OUT = "in", "out"
_DIRECTION: Final = {EventKind.REPLIED: IN, EventKind.AUTO_REPLIED: IN, EventKind.ACCEPTED: OUT}
_TOLD: Final = frozenset(EventKind) - {
    EventKind.LISTED,
    EventKind.UNKNOWN,
    EventKind.CAMPAIGN_COMPLETED,
    EventKind.ACCOUNT_ERROR,
}
"""What belongs to a lead's story."""
_RECEIVED: Final = 2
_BY_HAND: Final = 3
_SCHEDULED: Final = 4


@dataclass(frozen=True, slots=True)
class People:
    """Who has which address, in lower case; an address of several leads is that of none without a number.

    Attributes:
        numbers: The LeadNumber by address.
        shared: The LeadNumbers of the addresses that several leads have.
    """

    numbers: Mapping[str, int]
    shared: Mapping[str, frozenset[int]]

    @classmethod
    def of(cls, leads: pd.DataFrame) -> People:
        """The addresses of a leads frame."""
        addresses = leads["email"].astype(str).str.strip().str.lower()
        addresses = addresses[addresses != ""]
        twice = addresses.duplicated(keep=False)
        single = addresses[~twice]
        numbers = dict(zip(single.tolist(), single.index.tolist(), strict=True))
        shared = addresses[twice].groupby(addresses[twice]).groups
        return cls(numbers, {str(address): frozenset(map(int, found)) for address, found in shared.items()})

    def lead(self, address: str, number: int | None = None) -> int | None:
        """The lead of an address; of several the one that a number names."""
        address = address.strip().lower()
        if number is not None and number in self.shared.get(address, ()):
            return number
        return self.numbers.get(address)


def activities_of(event: Event, people: People) -> list[Activity]:
    """What an event tells of a lead's story; nothing of somebody who is no lead."""
    lead = people.lead(event.address, event.lead_number)
    if lead is None or event.kind not in _TOLD:
        return []
    text = event.text or (event.event_type if event.kind is EventKind.LABELLED else "")
    return [
        Activity(
            key=_key(
                event.kind, event.address, event.campaign, event.email_id or event.at.isoformat(timespec="minutes")
            ),
            lead_number=lead,
            at=event.at,
            kind=event.kind,
            channel=CHANNEL,
            direction=_DIRECTION.get(event.kind, ""),
            campaign=event.campaign,
            subject=event.subject,
            text=text,
        )
    ]


def mail_activities(mail: Mail, people: People) -> list[Activity]:
    """What a mail tells of a lead's story: that of a reply which an event told already is the same."""
    lead = people.lead(mail.lead)
    at = mail.sent_at or mail.stored_at
    if lead is None or at is None or mail.kind == _SCHEDULED:
        return []
    received = mail.kind == _RECEIVED
    kind = (EventKind.AUTO_REPLIED if mail.automatic else EventKind.REPLIED) if received else EventKind.ACCEPTED
    return [
        Activity(
            key=_key(kind, mail.lead.strip().lower(), mail.campaign, mail.id),
            lead_number=lead,
            at=at,
            kind=kind,
            channel=CHANNEL,
            direction=IN if received else OUT,
            campaign=mail.campaign,
            subject=mail.subject,
            text=mail.text or mail.preview,
        )
    ]


@dataclass(frozen=True, slots=True)
class LeadMail:
    """A mail of a lead's conversation, at a moment in UTC."""

    lead: int
    at: datetime
    received: bool
    automatic: bool
    text: str

    def on_the_clock_of(self, zone: ZoneInfo) -> HeardMail:
        """The mail as a workbook in a time zone has it."""
        return HeardMail(
            channel=CHANNEL,
            lead=self.lead,
            at=serial(self.at, zone),
            received=self.received,
            automatic=self.automatic,
            text=self.text,
            suggested=suggested_class(self.text, automatic=self.automatic) if self.received else "",
        )


def mails_of(event: Event, people: People) -> list[LeadMail]:
    """The reply that an event tells; nothing of somebody who is no lead."""
    lead = people.lead(event.address, event.lead_number)
    if lead is None or event.kind not in {EventKind.REPLIED, EventKind.AUTO_REPLIED}:
        return []
    return [LeadMail(lead, event.at, True, event.kind is EventKind.AUTO_REPLIED, event.text)]


def mails_of_inbox(mail: Mail, people: People) -> list[LeadMail]:
    """A mail of the unified inbox, if it belongs to a conversation: one that came, or was written by hand."""
    lead = people.lead(mail.lead)
    at = mail.sent_at or mail.stored_at
    if lead is None or at is None or mail.kind not in {_RECEIVED, _BY_HAND}:
        return []
    return [LeadMail(lead, at, mail.kind == _RECEIVED, mail.automatic, mail.text or mail.preview)]


def _key(kind: EventKind, address: str, campaign: str, told: str) -> str:
    return hashlib.sha256(f"{kind}\n{address}\n{campaign}\n{told}".encode()).hexdigest()
