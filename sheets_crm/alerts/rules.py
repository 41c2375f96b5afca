"""The rules of the core: from facts of a workbook and its worker to causes of alerts; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sheets_crm.alerts.values import Cause, Severity
from sheets_crm.messages import localize, number_in

SHORT_DAYS: Final = 2
"""Days of feed below which somebody has to act: as on the Dashboard."""
FULL_SHARE: Final = 0.8
"""Share of a workbook's cells in use from which it is nearly full."""

BATCHES, FEED, REJECTED, SOURCES, JOBS, CELLS = "batches", "feed", "rejected", "sources", "jobs", "cells"
"""What links lead to, by `Facts.links`."""


@dataclass(frozen=True, slots=True)
class LateBatch:
    """A batch that has been out for too long.

    Attributes:
        batch: Its id.
        days: Days since it was sent.
        outstanding: Leads that have not come back.
        link: Address of its row.
    """

    batch: str
    days: int
    outstanding: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class SilentSource:
    """A source that used to bring something, and brings nothing any more: its name, and for how many days."""

    source: str
    days: int


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that fails: its name, and the message of its last failure."""

    job: str
    message: str


@dataclass(frozen=True, slots=True)
class StoppedCampaign:
    """A campaign of a service that sends, and does not send: its name, and the service's reason."""

    campaign: str
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules judge by.

    Attributes:
        late_batches: Batches that are stale.
        feed_days: Days for which leads are ready to be sent; None while that cannot be told.
        rejected: Rows of Rejected that wait.
        silent: Sources that have fallen silent.
        failed_jobs: Jobs that fail.
        campaigns: Campaigns that do not send.
        cells_share: Share of the workbook's cells that are in use.
        links: Addresses in the workbook, by what they lead to.
    """

    late_batches: tuple[LateBatch, ...] = ()
    feed_days: float | None = None
    rejected: int = 0
    silent: tuple[SilentSource, ...] = ()
    failed_jobs: tuple[FailedJob, ...] = ()
    campaigns: tuple[StoppedCampaign, ...] = ()
    cells_share: float = 0.0
    links: Mapping[str, str] = field(default_factory=dict)


Rule = Callable[[Facts, str], Iterator[Cause]]


def _cause(
    code: str, language: str, *, subject: str = "", urgent: bool = False, link: str = "", **params: object
) -> Cause:
    severity = Severity.URGENT if urgent else Severity.WARNING
    text = localize(f"alert.{code}", language, **params)
    return Cause(code, subject, severity, text, localize(f"alert.{code}.remedy", language, **params), link)


def stale_batch(facts: Facts, language: str) -> Iterator[Cause]:
    """Yield a cause for each batch that is stale."""
    for late in facts.late_batches:
        yield _cause(
            "stale_batch",
            language,
            subject=late.batch,
            link=late.link,
            batch=late.batch,
            days=late.days,
            out=late.outstanding,
        )


def low_feed(facts: Facts, language: str) -> Iterator[Cause]:
    """Yield the cause that ready leads last for less than two days."""
    if facts.feed_days is not None and facts.feed_days < SHORT_DAYS:
        days = number_in(f"{facts.feed_days:.1f}", language)
        yield _cause("low_feed", language, link=facts.links.get(FEED, ""), days=days)


def rejected_waiting(facts: Facts, language: str) -> Iterator[Cause]:
    """Yield the cause that rows of Rejected wait."""
    if facts.rejected:
        yield _cause("rejected_waiting", language, link=facts.links.get(REJECTED, ""), count=facts.rejected)


def source_silent(facts: Facts, language: str) -> Iterator[Cause]:
    """Yield a cause for each source that has fallen silent."""
    for one in facts.silent:
        link = facts.links.get(SOURCES, "")
        yield _cause("source_silent", language, subject=one.source, link=link, source=one.source, days=one.days)


def job_failed(facts: Facts, language: str) -> Iterator[Cause]:
    """Yield a cause for each job that fails: nothing else comes in or goes out meanwhile."""
    for one in facts.failed_jobs:
        given = {"job": one.job, "message": one.message.removesuffix(".")}
        yield _cause("job_failed", language, subject=one.job, urgent=True, link=facts.links.get(JOBS, ""), **given)


def campaign_stopped(facts: Facts, language: str) -> Iterator[Cause]:
    """Yield a cause for each campaign that does not send."""
    for one in facts.campaigns:
        yield _cause(
            "campaign_stopped",
            language,
            subject=one.campaign,
            urgent=True,
            campaign=one.campaign,
            reason=one.reason,
        )


def cells_80(facts: Facts, language: str) -> Iterator[Cause]:
    """Yield the cause that the workbook is nearly full."""
    if facts.cells_share >= FULL_SHARE:
        share = number_in(f"{facts.cells_share:.0%}", language)
        yield _cause("cells_80", language, link=facts.links.get(CELLS, ""), share=share)


RULES: Final[Mapping[str, Rule]] = {
    "stale_batch": stale_batch,
    "low_feed": low_feed,
    "rejected_waiting": rejected_waiting,
    "source_silent": source_silent,
    "job_failed": job_failed,
    "campaign_stopped": campaign_stopped,
    "cells_80": cells_80,
}
"""The rules by the code of what they find."""

AT_ONCE: Final = frozenset({"job_failed"})
"""Codes whose facts need no look at the workbook."""


def causes(facts: Facts, language: str, codes: Collection[str] = RULES.keys()) -> list[Cause]:
    """The causes that rules find, by default all of them."""
    return [cause for code, rule in RULES.items() if code in codes for cause in rule(facts, language)]
