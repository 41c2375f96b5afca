"""Jobs put together: the worker, the list of jobs, and one run of one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from sheets_crm.bootstrap import application, store_of, wire_of
from sheets_crm.bootstrap.webhooks import served_beside
from sheets_crm.starting import uncollected

with uncollected():
    from jobs.assembly import Plan, task_key, task_name, tasks
    from jobs.context import JobContext
    from jobs.failing import failing
    from jobs.leases import Leases
    from jobs.listing import Listed, listed
    from jobs.once import run_once
    from jobs.ports import WorkerPorts
    from jobs.records import Records
    from jobs.registry import ALERTS, switched_on
    from jobs.stopper import Stopper
    from jobs.worker import Worker
    from sheets_crm.clock import clock_from, process_clock
    from sheets_crm.config import Settings
    from sheets_crm.engine import state
    from sheets_crm.engine.fetching import Fetcher
    from sheets_crm.engine.report import Report
    from sheets_crm.job_memory import leases_and_records
    from sheets_crm.store.access import Store
    from sheets_crm.store.stored_intake import StoredIntake

if TYPE_CHECKING:
    from sheets_crm.alerts.rules import FailedJob
    from sheets_crm.google.client import Wire
    from sheets_crm.operations.alerting import Alerting
    from sheets_crm.store.access import Store

_LOG = logging.getLogger(__name__)


def run_worker(settings: Settings, *, stopper: Stopper | None = None) -> None:
    """Run jobs on a schedule until a signal comes, each in its thread.

    Several workbooks share one quota, because it is the account's, and wait for each other in nothing else.

    Args:
        settings: Checked settings with credentials, and a workbook or several.
        stopper: Stops it; a new one by default.

    Raises:
        CredentialsError: The service-account file is missing or not one.
        SettingsError: A module receives, and what it needs is missing, or its port is taken.
    """
    flag = stopper or Stopper()
    plan, clock = _job_plan(settings), process_clock()
    quota = wire_of(settings, flag.sleep, flag.check, _LOG.info)
    leases, records = _leases_and_records(settings, migrates=True)
    worker = Worker(WorkerPorts(flag, leases, records, wall_clock=clock))
    for name, workbook in _workbooks(settings).items():
        # Each workbook has a retry budget of its own: threads that shared one would refill and spend each other's.
        wire = replace(
            wire_of(settings, flag.sleep, flag.check, _LOG.info), reads=quota.reads, writes=quota.writes
        )
        app = application(
            workbook, sleep=flag.sleep, stop=lambda: flag.stopping, wire=wire, clock=clock, migrates=True
        )
        alone = replace(
            wire_of(settings, flag.sleep, flag.check, _LOG.info), reads=quota.reads, writes=quota.writes
        )
        several = "" if workbook is settings else name
        listed_jobs = _listed(plan, workbook, several)
        context = JobContext(
            app,
            settings.state_dir,
            spreadsheet_id=workbook.spreadsheet_id,
            clock=clock,
            health=worker.health,
            fetchers=partial(_fetchers, workbook, app.store, clock, flag.sleep),
            check=flag.check,
            alerting=_alerting(
                workbook, app.store, alone, records, listed_jobs, clock=clock, sleep=flag.sleep, check=flag.check
            ),
            delete_old_bodies=StoredIntake(app.store, workbook.spreadsheet_id).delete_old_bodies,
        )
        for task in tasks(plan, context, partial(_zone, workbook), several):
            worker.add(task)
        receiver = served_beside(workbook, app.store, clock)
        if receiver is not None:
            worker.add_service("receiver", receiver)
    for task in tasks(plan, context, partial(_zone, settings), of_worker=True):
        worker.add(task)
    with flag.listening():
        worker.run()


def _job_plan(settings: Settings) -> Plan:
    return Plan(settings.interval_seconds, settings.jobs, settings.parts_on)


def _leases_and_records(settings: Settings, *, migrates: bool = False) -> tuple[Leases, Records]:
    """The leases and records of jobs."""
    return leases_and_records(store_of(settings, migrates=migrates), settings.state_dir)


def list_jobs(settings: Settings) -> Report:
    """List the jobs of every workbook, and the worker's own; no request is made."""
    plan, (_, records) = _job_plan(settings), _leases_and_records(settings)
    rows = [
        one
        for name, workbook in _workbooks(settings).items()
        for one in _listed(plan, workbook, "" if workbook is settings else name)
    ]
    rows += [
        Listed(job.name, trigger, _zone(settings), task_key(job, "")) for job, trigger in plan.jobs(of_worker=True)
    ]
    return listed(rows, records, process_clock()())


def _listed(plan: Plan, workbook: Settings, name: str) -> list[Listed]:
    """The jobs of one workbook."""
    return [
        Listed(task_name(job, name), trigger, _zone(workbook), task_key(job, workbook.spreadsheet_id))
        for job, trigger in plan.jobs(of_worker=False)
    ]


def _alerting(
    settings: Settings,
    store: Store,
    wire: Wire,
    records: Records,
    jobs: Sequence[Listed],
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None] = time.sleep,
    check: Callable[[], None] = lambda: None,
) -> Callable[[], Alerting] | None:
    """What gives the alerts of a workbook, made when they are first asked for; None where nobody is told of any."""
    if ALERTS not in settings.parts_on:
        return None
    judged = [job for job in jobs if job.key.partition(" ")[0] != ALERTS]  # it tells of the others

    def failed_jobs() -> tuple[FailedJob, ...]:
        from sheets_crm.alerts.rules import FailedJob  # noqa: PLC0415 - as below

        return tuple(FailedJob(name, error) for name, error in failing(judged, records, process_clock()()))

    @cache
    def made() -> Alerting:
        from sheets_crm.bootstrap import alerts  # noqa: PLC0415 - where somebody is told of alerts alone

        return alerts.alerting(
            settings, store, wire, clock=clock, sleep=sleep, failed_jobs=failed_jobs, check=check
        )

    return made


def run_job(settings: Settings, name: str, *, as_of: float | None = None) -> Report:
    """Run one job of a workbook, and then the workbook, which is always a run of now.

    Args:
        settings: Checked settings; spreadsheet_id and credentials have to be there.
        name: Name of a job that is switched on and not the worker's own.
        as_of: The moment that the job's own clock starts at, in seconds since 1970; None for now.

    Raises:
        CrmError: The job is running elsewhere, or it failed.
    """
    (job,) = (one for one in switched_on(settings.parts_on) if one.name == name)
    clock = process_clock()
    works = clock if as_of is None else clock_from(as_of)
    leases, records = _leases_and_records(settings)
    # A run as of another time would tell false days: in History, of the feed, of what is overdue.
    app = application(settings, clock=clock)
    wire = wire_of(settings, time.sleep, lambda: None)
    context = JobContext(
        app,
        settings.state_dir,
        name=name,
        spreadsheet_id=settings.spreadsheet_id,
        clock=works,
        fetchers=partial(_fetchers, settings, app.store, works, time.sleep),
        alerting=_alerting(
            settings, app.store, wire, records, _listed(_job_plan(settings), settings, ""), clock=works
        ),
        delete_old_bodies=StoredIntake(app.store, settings.spreadsheet_id).delete_old_bodies,
    )
    return run_once(job, context, leases, records, clock)


def _fetchers(
    settings: Settings, store: Store, clock: Callable[[], float], sleep: Callable[[float], None]
) -> Sequence[Fetcher]:
    """What fetches for a workbook; all that it needs is imported by the first turn of its job."""
    from sheets_crm.bootstrap.fetchers import fetchers_of  # noqa: PLC0415

    return fetchers_of(settings, store, clock=clock, sleep=sleep)


def _zone(settings: Settings) -> str:
    """The time zone of a workbook, as its last run or set-up left it in the state folder; UTC before."""
    facts = state.load_facts(settings.state_dir, settings.spreadsheet_id)
    return str(facts.get("time_zone", "UTC"))


def _workbooks(settings: Settings) -> dict[str, Settings]:
    """Settings of each workbook by name: the one of ``spreadsheet_id`` first, then those listed in ``workbooks``."""
    single = {"sync": settings} if settings.spreadsheet_id else {}
    return single | {
        workbook.name: settings.model_copy(update={"spreadsheet_id": workbook.spreadsheet_id, "workbooks": []})
        for workbook in settings.workbooks
    }
