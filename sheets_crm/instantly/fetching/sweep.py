"""The leads of each campaign, from the first to the last, once an hour: what no post told is seen there.

A sweep that is broken off goes on at the page where it was; nothing else is kept between two. A campaign that is
completed, or that everybody was moved out of, is swept like any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from sheets_crm.errors import CrmError, Retryable, SettingsError
from sheets_crm.instantly.fetching.labels import fetch_labels, labels_of
from sheets_crm.instantly.fetching.ports import Failed, Ports, moment_in, page_delivery
from sheets_crm.instantly.fields import iso_of, moment_of
from sheets_crm.instantly.kinds import LEADS
from sheets_crm.messages import said

LISTED: Final = "campaigns"
"""The cursor that says when the campaigns were listed."""
PREFIX: Final = "leads "
"""Begins the cursor of a campaign's sweep, before its id."""

EVERY: Final = dt.timedelta(minutes=59)
"""An hour, less what the starts of two turns may differ by."""
OLDEST: Final = dt.timedelta(hours=12)
"""A sweep that began longer ago is not gone on with: its page may be gone, and the others are out of date."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """How far the sweep of a campaign is.

    Attributes:
        begun_at: When it began.
        after: The cursor of the page that comes next; "" before the first.
        ended: Whether it came to the end.
    """

    begun_at: dt.datetime
    after: str = ""
    ended: bool = False

    @classmethod
    def of(cls, text: str) -> Sweep | None:
        """Read a cursor; None for one that is none."""
        try:
            body: Any = orjson.loads(text)
            begun_at = moment_of(body["begun_at"])
            return cls(begun_at, str(body["after"]), bool(body["ended"])) if begun_at else None
        except (KeyError, TypeError, ValueError):
            return None

    def as_cursor(self) -> str:
        """The sweep as a cursor."""
        body = {"begun_at": iso_of(self.begun_at), "after": self.after, "ended": self.ended}
        return orjson.dumps(body).decode()

    def next(self, now: dt.datetime) -> Sweep | None:
        """What is due: the rest of it, a new one, or None."""
        age = now - self.begun_at
        if dt.timedelta(0) <= age < (EVERY if self.ended else OLDEST):
            return None if self.ended else self
        return Sweep(now)


def sweep_leads(ports: Ports, wanted: Sequence[str]) -> Failed:
    """Store the leads of each campaign whose sweep is due, or was broken off.

    Args:
        ports: What fetching is given.
        wanted: Ids of campaigns; none means all of the workspace.

    Returns:
        What failed, and why; the other campaigns are swept all the same.

    Raises:
        SettingsError: The key or the plan is wrong, so every campaign would fail.
        Retryable: The service does not answer at all.
    """
    now, cursors = ports.now(), ports.cursors.load()
    saved = dict(_sweeps(cursors))
    campaigns = wanted or _campaigns(ports, saved, moment_in(cursors, LISTED, now), now)
    sweeps = {campaign: _due(saved.get(campaign), now) for campaign in campaigns}
    due = {campaign: sweep for campaign, sweep in sweeps.items() if sweep is not None}
    if not due:
        return []
    labels, failed = fetch_labels(ports), []
    for campaign, sweep in due.items():
        try:
            _sweep(ports, campaign, sweep, labels)
        except SettingsError:
            raise
        except CrmError as error:
            failed.append((said("instantly.leads_of", campaign=campaign), error))
            _after_failure(ports, campaign, error)
    return failed


def _due(saved: Sweep | None, now: dt.datetime) -> Sweep | None:
    return saved.next(now) if saved else Sweep(now)


def _sweeps(cursors: Mapping[str, str]) -> Iterator[tuple[str, Sweep]]:
    for name, value in cursors.items():
        sweep = Sweep.of(value) if name.startswith(PREFIX) else None
        if sweep is not None:
            yield name.removeprefix(PREFIX), sweep


def _campaigns(
    ports: Ports, saved: Mapping[str, Sweep], listed_at: dt.datetime | None, now: dt.datetime
) -> Collection[str]:
    """The campaigns of the workspace; they are listed once an hour, and those whose sweep is broken off are known."""
    if listed_at is not None and now - listed_at < EVERY:
        return [campaign for campaign, sweep in saved.items() if not sweep.ended]
    found: dict[str, None] = {}
    for page in ports.client.campaigns():
        ids = (item.get("id") for item in page.raw if isinstance(item, dict))
        found.update((key, None) for key in ids if isinstance(key, str) and key)
        ports.check()
    ports.cursors.delete([PREFIX + campaign for campaign in saved if campaign not in found])
    # A sweep of each is noted before the list is: who is killed in between sweeps them all the same.
    ports.cursors.save({PREFIX + campaign: Sweep(now).as_cursor() for campaign in found if campaign not in saved})
    ports.cursors.save({LISTED: iso_of(now)})
    return list(found)


def _sweep(ports: Ports, campaign: str, sweep: Sweep, labels: Sequence[Any]) -> None:
    """Store page after page; each is stored before the cursor that is behind it."""
    ports.cursors.save({PREFIX + campaign: sweep.as_cursor()})
    for page in ports.client.leads(campaign, after=sweep.after):
        if page.raw:
            own = labels_of(page.raw, labels)
            ports.intake.add([page_delivery(LEADS, page.raw, ports.now(), of=campaign, labels=own)])
        sweep = replace(sweep, after=page.after, ended=not page.after)
        ports.cursors.save({PREFIX + campaign: sweep.as_cursor()})
        ports.check()


def _after_failure(ports: Ports, campaign: str, error: CrmError) -> None:
    """Begin a refused sweep anew next time, as it may be the page that is refused; ask whether the service answers."""
    if isinstance(error, Retryable):
        ports.client.workspace()
        return
    sweep = Sweep.of(ports.cursors.load().get(PREFIX + campaign, ""))
    if sweep is not None and sweep.after:
        ports.cursors.save({PREFIX + campaign: replace(sweep, after="").as_cursor()})
