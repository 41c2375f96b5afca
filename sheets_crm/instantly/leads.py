"""Leads as the service lists and adds them: unknown fields are passed over, a wrong type is a `WrongField`.

Numbers of states stay the service's own; their meaning is in `sheets_crm.instantly.events`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sheets_crm.instantly.fields import Fields, Scalar, WrongField

KEY: Final = "sc_key"
"""The custom variable with our key."""


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
