"""What the service has beside leads, as values: unknown fields are passed over, a wrong type is a `WrongField`.

Numbers of states stay the service's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from sheets_crm.instantly.fields import Fields, WrongField


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The workspace of the key."""

    id: str
    name: str = ""

    @classmethod
    def of(cls, given: Any) -> Workspace:
        """Read one."""
        fields = Fields.of(given, "workspace")
        return cls(id=fields.needed("id"), name=fields.text("name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign; status 0 draft, 1 active, 2 paused, 3 completed, others see the service's page."""

    id: str
    name: str
    status: int

    @classmethod
    def of(cls, given: Any) -> Campaign:
        """Read one."""
        fields = Fields.of(given, "campaign")
        status = fields.whole("status")
        if status is None:
            raise WrongField(fields.what, "status", "null", "integer")
        return cls(id=fields.needed("id"), name=fields.text("name"), status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingStatus:
    """Whether a campaign sends, and the service's word for why or why not."""

    sends: bool
    status: str

    @classmethod
    def of(cls, given: Any) -> SendingStatus:
        """Read one: it stands under ``diagnostics`` while the campaign sends, else under ``summary``."""
        fields = Fields.of(given, "sending-status")
        running = fields.inner("diagnostics")
        stopped = fields.inner("summary")
        told = running if running.given else stopped
        return cls(sends=bool(running.given), status=told.text("status"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label of the workspace's own, and the number that leads have in its place."""

    id: str
    label: str
    interest: int | None
    kind: str

    @classmethod
    def of(cls, given: Any) -> Label:
        """Read one; its kind is positive, negative or neutral."""
        fields = Fields.of(given, "label")
        return cls(
            id=fields.needed("id"),
            label=fields.needed("label"),
            interest=fields.whole("interest_status"),
            kind=fields.text("interest_status_label"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail of the unified inbox.

    Attributes:
        account: The address of ours that it left from or came to.
        lead: The lead's address.
        kind: 1 of a campaign, 2 received, 3 by hand, 4 scheduled.
        sent_at: When it was sent; `stored_at` is when the service kept it.
    """

    id: str
    thread: str = ""
    message_id: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    preview: str = ""
    sender: str = ""
    receivers: str = ""
    account: str = ""
    lead: str = ""
    campaign: str = ""
    kind: int | None = None
    unread: bool = False
    automatic: bool = False
    interest: int | None = None
    sent_at: datetime | None = None
    stored_at: datetime | None = None

    @classmethod
    def of(cls, given: Any) -> Mail:
        """Read one."""
        fields = Fields.of(given, "email")
        body = fields.inner("body")
        return cls(
            id=fields.needed("id"),
            thread=fields.text("thread_id"),
            message_id=fields.text("message_id"),
            subject=fields.text("subject"),
            text=body.text("text"),
            html=body.text("html"),
            preview=fields.text("content_preview"),
            sender=fields.text("from_address_email"),
            receivers=fields.text("to_address_email_list"),
            account=fields.text("eaccount"),
            lead=fields.text("lead"),
            campaign=fields.text("campaign_id"),
            kind=fields.whole("ue_type"),
            unread=fields.flag("is_unread"),
            automatic=fields.flag("is_auto_reply"),
            interest=fields.whole("i_status"),
            sent_at=fields.moment("timestamp_email"),
            stored_at=fields.moment("timestamp_created"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A try to deliver an event, with what was to be delivered."""

    id: str
    payload: Mapping[str, Any]
    success: bool
    tries: int = 0
    will_retry: bool = False
    status_code: int | None = None
    created: datetime | None = None

    @classmethod
    def of(cls, given: Any) -> Delivery:
        """Read one; the event may stand there as an object, or as its text."""
        fields = Fields.of(given, "webhook-event")
        payload = fields.given.get("payload")
        if isinstance(payload, str):
            try:
                payload = orjson.loads(payload)
            except orjson.JSONDecodeError:
                raise WrongField(fields.what, "payload", "string", "object") from None
        return cls(
            id=fields.needed("id"),
            payload=Fields.of(payload, f"{fields.what}, payload").given,
            success=fields.flag("success"),
            tries=fields.count("retry_count"),
            will_retry=fields.flag("will_retry"),
            status_code=fields.whole("status_code"),
            created=fields.moment("timestamp_created"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEntry:
    """An address or a domain that no campaign writes to."""

    id: str
    value: str

    @classmethod
    def of(cls, given: Any) -> BlockEntry:
        """Read one."""
        fields = Fields.of(given, "block-list entry")
        return cls(id=fields.needed("id"), value=fields.needed("bl_value"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A webhook; its headers hold a secret and are left out.

    Attributes:
        status: 1 works; -1 was switched off after failures.
    """

    id: str
    url: str = field(repr=False)  # it may hold a token
    event_type: str = ""
    campaign: str = ""
    status: int | None = None

    @classmethod
    def of(cls, given: Any) -> Subscription:
        """Read one."""
        fields = Fields.of(given, "webhook")
        return cls(
            id=fields.needed("id"),
            url=fields.text("target_hook_url"),
            event_type=fields.text("event_type"),
            campaign=fields.text("campaign"),
            status=fields.whole("status"),
        )
