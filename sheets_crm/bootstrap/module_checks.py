"""What the doctor checks for the modules that are on: their keys, the services, the receiver, the job that fetches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from jobs.assembly import task_key
from jobs.records import Record
from jobs.registry import JOBS
from sheets_crm.bootstrap.instantly import client_of, key_of
from sheets_crm.bootstrap.webhooks import sources_of
from sheets_crm.clock import process_clock
from sheets_crm.config import Settings
from sheets_crm.config_webhooks import Webhooks
from sheets_crm.errors import CrmError, machine_refused
from sheets_crm.instantly.checks import attempted, service_checks, webhook_checks
from sheets_crm.instantly.kinds import SOURCE
from sheets_crm.messages import said
from sheets_crm.operations.findings import Finding, refused
from sheets_crm.store.access import Store
from sheets_crm.store.job_runs import StoredRecords

LATE: Final = dt.timedelta(hours=1)
"""The job has stopped running when its last run ended longer ago."""


def module_checks(settings: Settings, store: Store) -> Iterator[Finding]:
    """Yield what the doctor finds of the modules that are on.

    Args:
        settings: The settings.
        store: Has the runs of jobs.
    """
    if "instantly" in settings.modules:
        yield from _instantly(settings)
        yield from _last_run(settings, store, "feeds")


def _instantly(settings: Settings) -> Iterator[Finding]:
    check = said("check.instantly_key")
    try:
        key = key_of(settings)
    except CrmError as error:
        yield refused(check, error)
        yield from _receiver(settings)
        return
    warnings = said("together", texts=key.warnings) if key.warnings else said("in_order")
    yield Finding(check, not key.warnings, warnings, said("doctor.warnings"))
    wanted = settings.instantly.campaigns if settings.instantly else ()
    with client_of(settings) as client:
        found = list(attempted(said("check.instantly"), service_checks(client, wanted)))
        yield from found
        yield from _receiver(settings)
        address = _address(settings)
        if address and found[0].ok:
            yield from attempted(said("check.webhook"), webhook_checks(client, address))


def _receiver(settings: Settings) -> Iterator[Finding]:
    """What the receiver lacks: without it, what happens is seen by the job alone, minutes or an hour later."""
    given = settings.webhooks or Webhooks()
    names = ("port", "public_url", "token_file")
    missing = [name for name in names if getattr(given, name) in {None, ""}]
    check = said("check.receiver")
    if missing:
        observed = said("doctor.receiver_lacks", names=missing)
        yield Finding(check, False, observed, said("doctor.receiver_lacks.remedy"))
        return
    try:
        sources_of(settings)
    except CrmError as error:
        yield refused(check, error)
        return
    yield Finding(check, True, said("doctor.receiver", url=given.public_url))


def _address(settings: Settings) -> str:
    """The address that Instantly is to post to; "" while something is missing that it is made of."""
    given = settings.webhooks or Webhooks()
    if not given.public_url or given.token_file is None:
        return ""
    try:
        return next((given.public_url + one.address for one in sources_of(settings) if one.name == SOURCE), "")
    except CrmError:
        return ""


def _last_run(settings: Settings, store: Store, name: str) -> Iterator[Finding]:
    """When a job last ran, and how that ended."""
    (job,) = (job for job in JOBS if job.name == name)
    check = said("check.job", name=name)
    try:
        record = StoredRecords(store, Record).load(task_key(job, settings.spreadsheet_id))
    except CrmError as error:
        yield refused(check, error)
        return
    except OSError as error:
        yield refused(check, machine_refused(error))
        return
    if record is None or not record.ran_at:
        yield Finding(check, False, said("doctor.job_never_ran"), said("doctor.job.remedy", name=name))
        return
    minutes = (process_clock()() - record.ran_at) / 60
    if record.error:
        observed = said("doctor.job_failed", minutes=minutes, reason=record.error)
        yield Finding(check, False, observed, said("doctor.job_failed.remedy", name=name))
        return
    fresh = minutes * 60 < LATE.total_seconds()
    yield Finding(check, fresh, said("doctor.job_ran", minutes=minutes), said("doctor.job.remedy", name=name))
