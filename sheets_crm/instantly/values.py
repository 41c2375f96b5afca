"""What the service has, as values: unknown fields are passed over, a wrong type is a `WrongField`.

Numbers of states stay the service's own; their meaning is in `sheets_crm.instantly.events`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from sheets_crm.instantly.fields import Fields, Scalar, WrongField


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
class Lead:
    """A lead as the service lists it.

    Attributes:
        email: Its address as it stands there; "" without one.
        status: 1 active, 2 paused, 3 completed, -1 bounced, -2 unsubscribed, -3 skipped.
        interest: The number of its interest status or label; None for a plain lead.
        variables: Its custom variables, among them what the service puts there itself.
    """

    id: str
    email: str = ""
    campaign: str = ""
    status: int | None = None
    interest: int | None = None
    verification: int | None = None
    opens: int = 0
    clicks: int = 0
    replies: int = 0
    variables: Mapping[str, Scalar] = field(default_factory=dict)
    created: datetime | None = None
    updated: datetime | None = None
    last_contact: datetime | None = None
    last_open: datetime | None = None
    last_click: datetime | None = None
    last_reply: datetime | None = None
    last_interest_change: datetime | None = None

    @classmethod
    def of(cls, given: Any) -> Lead:
        """Read one."""
        fields = Fields.of(given, "lead")
        return cls(
            id=fields.needed("id"),
            email=fields.text("email"),
            campaign=fields.text("campaign"),
            status=fields.whole("status"),
            interest=fields.whole("lt_interest_status"),
            verification=fields.whole("verification_status"),
            opens=fields.count("email_open_count"),
            clicks=fields.count("email_click_count"),
            replies=fields.count("email_reply_count"),
            variables=fields.scalars("payload"),
            created=fields.moment("timestamp_created"),
            updated=fields.moment("timestamp_updated"),
            last_contact=fields.moment("timestamp_last_contact"),
            last_open=fields.moment("timestamp_last_open"),
            last_click=fields.moment("timestamp_last_click"),
            last_reply=fields.moment("timestamp_last_reply"),
            last_interest_change=fields.moment("timestamp_last_interest_change"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLead:
    """A lead that is to be added; ``key`` is ours, and proves that a lead in the campaign is this one."""

    email: str
    key: str
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    website: str = ""
    phone: str = ""
    variables: Mapping[str, Scalar] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The lead in the form of ``leads/add``; what is empty is left out."""
        named = ("first_name", "last_name", "company_name", "website", "phone")
        given = {name: value for name in named if (value := getattr(self, name))}
        return {"email": self.email, **given, "custom_variables": {**self.variables, KEY: self.key}}


KEY = "sc_key"
"""The custom variable with our key."""


@dataclass(frozen=True, slots=True)
class CreatedLead:
    """A lead that was added: its place among those that were sent, its id, its address."""

    index: int
    id: str
    email: str

    @classmethod
    def of(cls, given: Any) -> CreatedLead:
        """Read one."""
        fields = Fields.of(given, "created lead")
        index = fields.whole("index")
        if index is None:
            raise WrongField(fields.what, "index", "null", "integer")
        return cls(index, fields.needed("id"), fields.text("email"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedLeads:
    """The answer to a push: who was added, and how many others were left out under which count, without names."""

    total: int
    uploaded: int
    created: tuple[CreatedLead, ...] = ()
    blocked: int = 0
    duplicated: int = 0
    repeated: int = 0
    skipped: int = 0
    invalid: int = 0
    incomplete: int = 0
    left_in_plan: int | None = None

    @property
    def left_out(self) -> int:
        """How many were not added, by the counts."""
        return self.blocked + self.duplicated + self.repeated + self.skipped + self.invalid + self.incomplete

    @classmethod
    def of(cls, given: Any) -> AddedLeads:
        """Read one; without totals it is another answer, such as that of a job."""
        fields = Fields.of(given, "leads/add")
        for name in ("total_sent", "leads_uploaded"):
            if fields.whole(name) is None:
                raise WrongField(fields.what, name, "null", "integer")
        return cls(
            total=fields.count("total_sent"),
            uploaded=fields.count("leads_uploaded"),
            created=tuple(CreatedLead.of(one) for one in fields.items("created_leads")),
            blocked=fields.count("in_blocklist"),
            duplicated=fields.count("duplicated_leads"),
            repeated=fields.count("duplicate_email_count"),
            skipped=fields.count("skipped_count"),
            invalid=fields.count("invalid_email_count"),
            incomplete=fields.count("incomplete_count"),
            left_in_plan=fields.whole("remaining_in_plan"),
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
