"""What the doctor asks Instantly: whether it answers, which campaigns send, whether events come to our address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from sheets_crm.errors import CrmError
from sheets_crm.instantly.client import Client
from sheets_crm.instantly.values import Campaign, Subscription
from sheets_crm.messages import Said, said
from sheets_crm.operations.findings import Finding, refused

SENDING: Final = frozenset({1, 4})
"""Statuses of campaigns that send: active, and running subsequences."""
SWITCHED_OFF: Final = -1
"""Status of a webhook that failed too often."""
MOST_ASKED: Final = 20
"""Active campaigns that are asked whether they send; each is a request."""
EVERY_EVENT: Final = "all_events"


def service_checks(client: Client, wanted: Sequence[str]) -> Iterator[Finding]:
    """Whether the service answers the key, and what the campaigns do.

    Args:
        client: Asks.
        wanted: Ids of the campaigns of the settings; none means all.
    """
    workspace = client.workspace()
    shown = workspace.name or workspace.id
    yield Finding(said("check.instantly"), True, said("instantly.workspace", name=shown))
    pages = list(client.campaigns())
    there = {item.get("id") for page in pages for item in page.raw if isinstance(item, dict)}
    absent = [key for key in wanted if key not in there]
    if absent:
        observed = said("instantly.absent_campaigns", campaigns=absent)
        yield Finding(said("check.campaigns"), False, observed, said("instantly.absent_campaigns.remedy"))
    chosen = [campaign for page in pages for campaign in page if not wanted or campaign.id in wanted]
    yield from _sending(client, chosen)


def _sending(client: Client, campaigns: Sequence[Campaign]) -> Iterator[Finding]:
    """Which campaigns do not send, and why: some were stopped by the service, others by people or by their schedule."""
    stopped = [campaign for campaign in campaigns if campaign.status < 0]
    for campaign in stopped:
        observed = said("instantly.campaign_stopped", name=campaign.name, reason=_status(campaign.status))
        yield Finding(said("check.campaigns"), False, observed, said("instantly.campaign_stopped.remedy"))
    idle = [
        said("instantly.campaign_idle", name=campaign.name, reason=_status(campaign.status))
        for campaign in campaigns
        if campaign.status >= 0 and campaign.status not in SENDING
    ]
    active = [campaign for campaign in campaigns if campaign.status in SENDING]
    for campaign in islice(active, MOST_ASKED):
        sending = client.sending_status(campaign.id)
        if not sending.sends:
            reason = sending.status or said("instantly.no_reason")
            idle.append(said("instantly.campaign_idle", name=campaign.name, reason=reason))
    observed = said("instantly.campaigns", count=len(campaigns), active=len(active))
    if idle:
        observed = said("instantly.campaigns_idle", count=len(campaigns), active=len(active), idle=idle)
    yield Finding(said("check.campaigns"), True, observed)


_STATUSES: Final = {
    0: "instantly.campaign.draft",
    2: "instantly.campaign.paused",
    3: "instantly.campaign.completed",
    -1: "instantly.campaign.accounts",
    -2: "instantly.campaign.bounces",
    -99: "instantly.campaign.suspended",
}


def _status(status: int) -> Said:
    """A campaign's status in words."""
    code = _STATUSES.get(status)
    return said(code) if code else said("instantly.campaign.other", status=status)


def webhook_checks(client: Client, address: str) -> Iterator[Finding]:
    """Whether events come to an address.

    Args:
        client: Asks.
        address: Where events are to come; it holds a token, so it is not shown.
    """
    subscriptions = [one for page in client.subscriptions() for one in page]
    own = [one for one in subscriptions if _same(one.url, address)]
    if not own:
        elsewhere = any(_same(_without_token(one.url), _without_token(address)) for one in subscriptions)
        code = "instantly.webhook_of_another_token" if elsewhere else "instantly.no_webhook"
        yield Finding(said("check.webhook"), False, said(code), said("instantly.no_webhook.remedy"))
        return
    working = [one for one in own if one.status != SWITCHED_OFF]
    if not working:
        ids = [one.id for one in own]
        observed = said("instantly.webhook_off", ids=ids)
        yield Finding(said("check.webhook"), False, observed, said("instantly.webhook_off.remedy", ids=ids))
        return
    yield _complete(working)


def _complete(working: Sequence[Subscription]) -> Finding:
    if any(one.event_type == EVERY_EVENT and not one.campaign for one in working):
        return Finding(said("check.webhook"), True, said("instantly.webhook_works"))
    observed = said("instantly.webhook_of_some", types=sorted({one.event_type for one in working}))
    return Finding(said("check.webhook"), False, observed, said("instantly.webhook_of_some.remedy"))


def _same(one: str, other: str) -> bool:
    return one.rstrip("/") == other.rstrip("/")


def _without_token(url: str) -> str:
    parts = urlsplit(url.rstrip("/"))
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}"


def attempted(check: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Findings as far as the service answers, and then why it does not."""
    try:
        yield from findings
    except CrmError as error:
        yield refused(check, error)
