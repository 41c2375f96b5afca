"""The calls that are made of Instantly (https://developer.instantly.ai/api/v2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote

from sheets_crm.errors import Retryable
from sheets_crm.instantly.fields import Page, iso_of, page_of
from sheets_crm.instantly.leads import AddedLeads, Lead, NewLead
from sheets_crm.instantly.service import Call, Service, WriteAnswer
from sheets_crm.instantly.values import (
    BlockEntry,
    Campaign,
    Delivery,
    Label,
    Mail,
    SendingStatus,
    Subscription,
    Workspace,
)
from sheets_crm.messages import said

T = TypeVar("T")

A_PAGE: Final = 100
MOST_CONTACTS: Final = 100
MOST_LEADS: Final = 1_000


class Client:
    """The calls of one workspace; threads may share it.

    Reads, and writes that may be done twice, raise by what the caller does next; the two that may not, `add_leads`
    and `reply`, and `subscribe` with them, answer with what is known of them.

    Args:
        service: Where they go.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def workspace(self) -> Workspace:
        """The workspace of the key: the cheapest check of one."""
        return self._service.read(Call("GET", "workspaces/current"), Workspace.of)

    def campaigns(self) -> Iterator[Page[Campaign]]:
        """All campaigns."""
        return self._listed("campaigns", Campaign.of)

    def sending_status(self, campaign: str) -> SendingStatus:
        """Whether a campaign sends, and why not."""
        return self._service.read(Call("GET", f"campaigns/{_part(campaign)}/sending-status"), SendingStatus.of)

    def labels(self) -> Iterator[Page[Label]]:
        """The labels of the workspace's own."""
        return self._listed("lead-labels", Label.of)

    def leads(self, campaign: str, *, after: str = "") -> Iterator[Page[Lead]]:
        """The leads of a campaign, by id.

        Args:
            campaign: Its id.
            after: The cursor of a page, to go on where a sweep broke off.
        """
        return self._pages(lambda cursor: self._leads_page(cursor, campaign=campaign), after)

    def leads_by_contacts(self, campaign: str, emails: Sequence[str]) -> tuple[Lead, ...]:
        """Those of some addresses that are in a campaign.

        Raises:
            Retryable: One that is listed cannot be read: then nobody may take it for missing.
        """
        found: list[Lead] = []
        for start in range(0, len(emails), MOST_CONTACTS):
            contacts = list(emails[start : start + MOST_CONTACTS])
            asked = self._contacts_asked(campaign, contacts)
            for page in self._pages(asked, ""):
                if page.problems:
                    raise Retryable(
                        said("instantly.failed", reason=page.problems[0]), remedy=said("instantly.shape.remedy")
                    )
                found += page.items
        return tuple(found)

    def _contacts_asked(self, campaign: str, contacts: list[str]) -> Callable[[str], Page[Lead]]:
        return lambda cursor: self._leads_page(cursor, campaign=campaign, contacts=contacts)

    def add_leads(self, campaign: str, leads: Sequence[NewLead]) -> WriteAnswer[AddedLeads]:
        """Add at most 1,000 leads; who is in the campaign already is skipped.

        Raises:
            ValueError: None, or too many.
        """
        if not 0 < len(leads) <= MOST_LEADS:
            raise ValueError(len(leads))
        body = {
            "campaign_id": campaign,
            "skip_if_in_campaign": True,
            "leads": [lead.as_json() for lead in leads],
        }
        return self._service.write(Call("POST", "leads/add", body), AddedLeads.of)

    def missed_deliveries(self, start: datetime, end: datetime) -> Iterator[Page[Delivery]]:
        """The tries between two moments that failed, the newest first.

        One that failed may have come with a later try: events are the same then, and so are their keys.
        """
        return self._listed(
            "webhook-events", Delivery.of, success="false", **{"from": iso_of(start), "to": iso_of(end)}
        )

    def mails(
        self, *, kind: str = "received", campaign: str = "", lead: str = "", since: datetime | None = None
    ) -> Iterator[Page[Mail]]:
        """Mails of the unified inbox, the oldest first; ten pages a minute at most.

        Args:
            kind: ``received``, ``sent`` or ``manual``.
            campaign: Only of that campaign.
            lead: Only with that address.
            since: Only those stored since then; the last one's `stored_at`, to go on where a reading broke off.
        """
        asked = {
            "email_type": kind,
            "sort_order": "asc",
            "campaign_id": campaign,
            "lead": lead,
            "min_timestamp_created": iso_of(since) if since else "",
        }
        query = {name: value for name, value in asked.items() if value}
        return self._listed("emails", Mail.of, **query)

    def reply(self, *, account: str, reply_to: str, subject: str, text: str) -> WriteAnswer[Mail]:
        """Answer a mail in its thread.

        Args:
            account: The address of ours that it leaves from.
            reply_to: The id of the mail that it answers.
            subject: Its subject.
            text: Its text.
        """
        body = {"eaccount": account, "reply_to_uuid": reply_to, "subject": subject, "body": {"text": text}}
        return self._service.write(Call("POST", "emails/reply", body), Mail.of)

    def block(self, value: str) -> BlockEntry:
        """Put an address or a domain on the block list; what is there stays there."""
        call = Call("POST", "block-lists-entries", {"bl_value": value})
        return self._service.read(call, BlockEntry.of, writes=True)

    def subscriptions(self) -> Iterator[Page[Subscription]]:
        """All webhooks."""
        return self._listed("webhooks", Subscription.of)

    def subscribe(
        self, url: str, *, headers: Mapping[str, str], event_type: str = "all_events", campaign: str = ""
    ) -> WriteAnswer[Subscription]:
        """Make a webhook.

        Args:
            url: Where events go.
            headers: What they carry, such as a secret: the service signs nothing.
            event_type: Which ones.
            campaign: Only those of that campaign.
        """
        body = {"target_hook_url": url, "event_type": event_type, "headers": dict(headers)}
        more = {"campaign": campaign} if campaign else {}
        return self._service.write(Call("POST", "webhooks", {**body, **more}), Subscription.of)

    def resume(self, subscription: str) -> Subscription:
        """Switch a webhook on again."""
        return self._service.read(
            Call("POST", f"webhooks/{_part(subscription)}/resume"), Subscription.of, writes=True
        )

    def _leads_page(self, cursor: str, **asked: Any) -> Page[Lead]:
        more = {"starting_after": cursor} if cursor else {}
        call = Call("POST", "leads/list", {**asked, "limit": A_PAGE, **more})
        return self._service.read(call, lambda given: page_of(given, "leads/list", Lead.of))

    def _listed(self, path: str, item: Callable[[Any], T], **query: str) -> Iterator[Page[T]]:
        def one(cursor: str) -> Page[T]:
            more = {"starting_after": cursor} if cursor else {}
            call = Call("GET", path, query={**query, "limit": str(A_PAGE), **more})
            return self._service.read(call, lambda given: page_of(given, path, item))

        return self._pages(one, "")

    @staticmethod
    def _pages(one: Callable[[str], Page[T]], after: str) -> Iterator[Page[T]]:
        """Page after page, until one has no cursor; the last may be empty.

        Raises:
            Retryable: A cursor comes a second time, so the list would never end.
        """
        seen = {after} - {""}
        while True:
            page = one(after)
            if page.after in seen:
                raise Retryable(said("instantly.goes_round"), remedy=said("google.later"))
            yield page
            if not page.after:
                return
            after = page.after
            seen.add(after)


def _part(key: str) -> str:
    """An id as a part of a path, whatever people typed for one."""
    return quote(key, safe="")
