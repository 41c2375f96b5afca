"""The alerts of a workbook, put together from the settings: the store, the workbook, Slack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sheets_crm.alerts.notices import Notice
from sheets_crm.alerts.ports import Post, Posted
from sheets_crm.alerts.rules import FailedJob
from sheets_crm.bootstrap import run_settings
from sheets_crm.config import Settings
from sheets_crm.config_alerts import VARIABLE, Alerts
from sheets_crm.engine import state
from sheets_crm.google.client import Wire, connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.gateway import SheetsGateway
from sheets_crm.operations.alert_facts import events_told, look
from sheets_crm.operations.alerting import Alerting
from sheets_crm.operations.answers_noticed import ANSWERS, RECENT, answers_noticed
from sheets_crm.store.access import Store
from sheets_crm.store.stored_alerts import StoredAlerts
from sheets_crm.store.stored_intake import StoredIntake
from sheets_crm.workbook.cells import zone_of


def alerting(
    settings: Settings,
    store: Store,
    wire: Wire,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    failed_jobs: Callable[[], tuple[FailedJob, ...]],
    check: Callable[[], None] = lambda: None,
) -> Alerting:
    """Put the alerts of one workbook together.

    Args:
        settings: Checked settings with credentials and a workbook.
        store: The store.
        wire: Of a connection of its own: a job looks at the workbook beside the runs.
        clock: Seconds since 1970.
        sleep: Waits some seconds.
        failed_jobs: Which jobs fail.
        check: Stops here if the process was asked to end.

    Raises:
        CredentialsError: The service-account file is missing or not one.
    """
    if settings.credentials is None:
        raise AssertionError("the settings were checked for credentials")
    account = load_service_account(settings.credentials)
    run = run_settings(settings, account.email)
    client = connect(account, endpoint=settings.endpoint, wire=wire)
    gateway = SheetsGateway(client, settings.spreadsheet_id, email=account.email, clock=clock)
    book = StoredAlerts(store, settings.spreadsheet_id)
    told = settings.alerts or Alerts()

    def deliveries() -> Mapping[str, dt.datetime]:
        return book.last_deliveries() if settings.modules else {}

    def happened(now: dt.datetime) -> Sequence[Notice]:
        if not run.features.feeds:
            return ()
        intake = StoredIntake(store, settings.spreadsheet_id)
        return answers_noticed(intake.recent_activities(now - RECENT, ANSWERS), settings.language)

    return Alerting(
        happened=happened,
        book=book,
        look=lambda: look(gateway, run, clock, deliveries),
        events=lambda: events_told(gateway, run),
        failed_jobs=failed_jobs,
        post=partial(_post, told) if told.tells else None,
        quiet=told.quiet_hours,
        zone=lambda: zone_of(time_zone(settings)),
        language=settings.language,
        clock=clock,
        sleep=sleep,
        check=check,
        has_tab=bool(settings.modules),
    )


def time_zone(settings: Settings) -> str:
    """The time zone of a workbook, as its last run or set-up left it in the state folder; UTC before."""
    facts = state.load_facts(settings.state_dir, settings.spreadsheet_id)
    return str(facts.get("time_zone", "UTC"))


def _post(told: Alerts) -> Post:
    """What sends a message off; the address is read anew, so that one that was replaced counts at once.

    Raises:
        CredentialsError: The address cannot be read, or is none.
    """
    from sheets_crm.slack import posting, webhook  # noqa: PLC0415 - where somebody is told of something alone

    if told.slack_webhook:
        given = webhook.given_webhook(told.slack_webhook, VARIABLE)
    elif told.slack_webhook_file is not None:
        given = webhook.load_webhook(told.slack_webhook_file)
    else:
        raise AssertionError("nobody is told outside of the workbook")

    def post(text: str) -> Posted:
        return posting.post(given, text)

    return post
