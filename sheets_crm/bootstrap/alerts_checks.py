"""What doctor says of alerts: whether somebody can be told, and how it went last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from sheets_crm.bootstrap.alerts import time_zone
from sheets_crm.config import Settings
from sheets_crm.config_alerts import VARIABLE
from sheets_crm.errors import CrmError
from sheets_crm.messages import said
from sheets_crm.operations.findings import Finding
from sheets_crm.slack.webhook import given_webhook, load_webhook
from sheets_crm.store.access import Store
from sheets_crm.store.stored_alerts import StoredAlerts
from sheets_crm.workbook.cells import spelled_time, zone_of

TAKEN = "200"
"""The first word of an answer with which a message was taken."""


def findings(settings: Settings, store: Store, clock: Callable[[], float]) -> Iterator[Finding]:
    """Yield what is found; nothing where nobody is told outside of the workbook. Nothing is posted."""
    told = settings.alerts
    if told is None or not told.tells:
        return
    try:
        if told.slack_webhook:
            webhook = given_webhook(told.slack_webhook, VARIABLE)
        else:
            assert told.slack_webhook_file is not None
            webhook = load_webhook(told.slack_webhook_file)
        for warning in webhook.warnings:
            yield Finding(said("check.alerts"), False, warning, said("doctor.warnings"))
        yield from _standing(settings, store, clock)
    except CrmError as error:
        yield Finding(said("check.alerts"), False, error.message, error.remedy)


def _standing(settings: Settings, store: Store, clock: Callable[[], float]) -> Iterator[Finding]:
    now = dt.datetime.fromtimestamp(clock(), tz=dt.UTC)
    standing = StoredAlerts(store, settings.spreadsheet_id).standing(now)
    if standing.answered_at is None:
        yield Finding(said("check.alerts"), True, said("doctor.slack_never"))
    else:
        local = standing.answered_at.astimezone(zone_of(time_zone(settings)))
        observed = said("doctor.slack_answered", answer=standing.answer, when=spelled_time(local))
        yield Finding(
            said("check.alerts"), standing.answer.startswith(TAKEN), observed, said("doctor.slack_remedy")
        )
    if standing.unknown:
        observed = said("slack.unknown", count=standing.unknown)
        yield Finding(said("check.alerts"), False, observed, said("doctor.slack_unknown_remedy"))
