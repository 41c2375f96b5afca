"""The composition root: the only room that knows all parts; here it puts together what works on one workbook.

The verbs on it are in `verbs`, what needs the emulator is in `local`.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sheets_crm.starting import uncollected

with uncollected():
    from jobs.registry import ALERTS
    from sheets_crm.bootstrap.verbs import Application
    from sheets_crm.clock import process_clock
    from sheets_crm.config import Settings
    from sheets_crm.engine import state_files, state_migrations
    from sheets_crm.engine.features import Features
    from sheets_crm.engine.lead_cache import LeadCache
    from sheets_crm.engine.retries import RetryBudget
    from sheets_crm.engine.settings import RunSettings
    from sheets_crm.errors import SettingsError
    from sheets_crm.features import modules
    from sheets_crm.features.registry import FEATURES
    from sheets_crm.google.client import Wire, connect, default_wire
    from sheets_crm.google.credentials import ServiceAccount, load_service_account
    from sheets_crm.google.gateway import SheetsGateway
    from sheets_crm.google.new_workbook import LOCALES, Created, Wanted, create, settled
    from sheets_crm.google.probing import Probing
    from sheets_crm.messages import Said, said
    from sheets_crm.operations.context import Context
    from sheets_crm.operations.findings import Finding
    from sheets_crm.store.access import Store
    from sheets_crm.store.journal import StoredJournal
    from sheets_crm.store.mirror import StoredMirror
    from sheets_crm.store.stored_intake import StoredIntake
    from sheets_crm.workbook.cells import zone_known

if TYPE_CHECKING:
    from sheets_crm.bootstrap.pushing import Pushing

__all__ = [
    "Application",
    "Progress",
    "application",
    "new_workbook",
    "run_settings",
    "store_of",
    "wire_of",
    "workbook_named",
]

Progress = Callable[[str], None]

_LOG = logging.getLogger(__name__)


def _warned(text: str) -> None:
    """Say what a command waits for even where progress is not shown."""
    _LOG.warning(text)


def _logged(text: str) -> None:
    _LOG.info(text)


def application(
    settings: Settings,
    *,
    progress: Progress = _logged,
    sleep: Callable[[float], None] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
    before: Callable[[], None] = lambda: None,
    wire: Wire | None = None,
    clock: Callable[[], float] | None = None,
    migrates: bool = False,
) -> Application:
    """Connect the parts for one workbook.

    Args:
        settings: Checked settings; spreadsheet_id and credentials have to be there.
        progress: Receives a line on each piece of work.
        sleep: Waits some seconds; may raise to end a wait.
        stop: Whether the process was asked to end.
        before: Called before every request; may raise to stop the process between two requests.
        wire: Quota, retry budget and counts; a new one by default. Workbooks of one account share the quota.
        clock: Seconds since 1970; that of the process by default.
        migrates: Whether a store of an older version is migrated when it is opened.

    Raises:
        CredentialsError: The service-account file is missing or not one.
        SettingsError: No spreadsheet or credentials are set.
    """
    account = load_service_account(_credentials(settings))
    if not settings.spreadsheet_id:
        raise SettingsError(
            said("not_for_several"),
            remedy=said("not_for_several.remedy"),
        )
    wire, clock = wire or wire_of(settings, sleep, before), clock or process_clock()
    client = connect(account, endpoint=settings.endpoint, wire=wire)

    def open_other(spreadsheet_id: str) -> SheetsGateway:
        return SheetsGateway(client, spreadsheet_id, email=account.email, clock=clock)

    gateway = open_other(settings.spreadsheet_id)
    run = run_settings(settings, account.email)
    state_files.sweep(run.state_dir)  # files that killed processes left half written
    state_migrations.migrate(run.state_dir)
    cache = LeadCache(run.state_dir, run.workbook)
    store = store_of(settings, migrates=migrates)
    journal, leads = StoredJournal(store, run.workbook), StoredMirror(store, run.workbook)
    # One budget for requests and for runs that are made again, or their retries would multiply.
    retries = wire.retrier.budget or RetryBudget()
    intake = StoredIntake(store, run.workbook) if run.features.feeds else None
    context = Context(
        run, gateway, clock, sleep, progress, stop, open_other, cache, journal, leads, retries, intake
    )
    probing = _probing(account, settings, sleep, progress)
    found = partial(_found_of_parts, settings, store, clock)
    return Application(context, account, store, probing, found, _pushing(settings, store, clock, sleep))


def _found_of_parts(settings: Settings, store: Store, clock: Callable[[], float]) -> Iterator[Finding]:
    """Yield what the doctor finds of the parts that are on; what that needs is imported when it is asked for."""
    if settings.modules:
        from sheets_crm.bootstrap.module_checks import module_checks  # noqa: PLC0415

        yield from module_checks(settings, store)
    if settings.alerts is not None:
        from sheets_crm.bootstrap import alerts_checks  # noqa: PLC0415

        yield from alerts_checks.findings(settings, store, clock)


def _pushing(
    settings: Settings, store: Store, clock: Callable[[], float], sleep: Callable[[float], None]
) -> Callable[[], Pushing] | None:
    """Makes what pushes batches; None when the settings push none."""
    if not settings.pushes:
        return None

    def made() -> Pushing:
        from sheets_crm.bootstrap.instantly import client_of  # noqa: PLC0415 - only where something is pushed
        from sheets_crm.bootstrap.pushing import Pushing  # noqa: PLC0415

        connect = partial(client_of, settings, sleep=sleep)
        return Pushing(connect, store, settings.spreadsheet_id, clock, sleep)

    return made


def store_of(settings: Settings, *, migrates: bool = False) -> Store:
    """The store of a settings file, which is opened when it is used."""
    return Store(settings.store_address, settings.state_dir, migrates=migrates)


def new_workbook(
    settings: Settings, title: str, *, share: Sequence[str], progress: Callable[[Said], None]
) -> Created:
    """Create the workbook that a settings file is to name.

    Args:
        settings: Checked settings with credentials.
        title: Its name.
        share: E-mail addresses of its editors.
        progress: Told the id as soon as it is known.

    Raises:
        CrmError: The account may not create any, or Google did not answer.
    """
    account = load_service_account(_credentials(settings))
    wanted = Wanted(title, LOCALES[settings.language], _local_zone(), share)
    wire = wire_of(settings, time.sleep, lambda: None)
    return create(
        account, wanted, endpoint=settings.endpoint, state_dir=settings.state_dir, wire=wire, progress=progress
    )


def workbook_named(settings: Settings) -> None:
    """Forget that a workbook was created: the settings file names it now."""
    settled(settings.state_dir)


def _local_zone() -> str:
    """This machine's time zone by its IANA name; UTC when it has none."""
    link = Path("/etc/localtime")
    named = os.environ.get("TZ", "").removeprefix(":") or str(link.resolve()).partition("/zoneinfo/")[2]
    return named if zone_known(named) else "Etc/UTC"


def _probing(
    account: ServiceAccount, settings: Settings, sleep: Callable[[float], None], progress: Progress
) -> Probing:
    """The means to probe, with a quota of their own: they have nothing to do with a run."""
    workbooks = {settings.spreadsheet_id, *(workbook.spreadsheet_id for workbook in settings.workbooks)}

    def wire() -> Wire:
        return default_wire(
            reads_per_minute=settings.reads_per_minute, writes_per_minute=settings.writes_per_minute, sleep=sleep
        )

    return Probing(account, settings.endpoint, wire, in_use=workbooks, progress=progress)


def wire_of(
    settings: Settings,
    sleep: Callable[[float], None],
    before: Callable[[], None],
    waiting: Callable[[str], None] = _warned,
) -> Wire:
    """Quota, retry budget and counts of a connection.

    Args:
        settings: Have the quota.
        sleep: Waits some seconds.
        before: Called before every request; may raise.
        waiting: Told of what is waited for.
    """
    return default_wire(
        reads_per_minute=settings.reads_per_minute,
        writes_per_minute=settings.writes_per_minute,
        budget=RetryBudget(),
        sleep=sleep,
        before=before,
        waiting=waiting,
    )


def _credentials(settings: Settings) -> Path:
    if settings.credentials is None:
        raise SettingsError(said("no_credentials"))
    return settings.credentials


def run_settings(settings: Settings, account: str) -> RunSettings:
    """The settings of a run: those of the file under the same names, with the schema, account and workbook id."""
    derived: dict[str, Any] = {
        "schema": settings.schema_of_workbook,
        "account": account,
        "workbook": settings.spreadsheet_id,
        "features": _features(settings),
    }
    given = {
        field.name: getattr(settings, field.name) for field in fields(RunSettings) if field.name not in derived
    }
    return RunSettings(**derived, **given)


def _features(settings: Settings) -> Features:
    """The features of the core and of the modules that are switched on."""
    loaded = modules.load(settings.modules)
    added = [feature for module in loaded.values() for feature in module.features]
    if ALERTS in settings.parts_on:
        from sheets_crm.features import alerts_on_control  # noqa: PLC0415 - where somebody is told of alerts alone

        added.append(alerts_on_control.FEATURE)
    return FEATURES.with_modules(added)
