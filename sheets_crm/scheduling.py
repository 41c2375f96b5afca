"""Jobs put together: the worker, the list of jobs, and one run of one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from sheets_crm.bootstrap import application, store_of, wire_of
from sheets_crm.bootstrap.webhooks import served_beside
from sheets_crm.starting import uncollected

with uncollected():
    from jobs.assembly import Plan, task_key, task_name, tasks
    from jobs.context import JobContext
    from jobs.leases import Leases
    from jobs.listing import Listed, listed
    from jobs.once import run_once
    from jobs.ports import WorkerPorts
    from jobs.records import Records
    from jobs.registry import switched_on
    from jobs.stopper import Stopper
    from jobs.worker import Worker
    from sheets_crm.clock import clock_from, process_clock
    from sheets_crm.config import Settings
    from sheets_crm.engine import state
    from sheets_crm.engine.fetching import Fetcher
    from sheets_crm.engine.report import Report
    from sheets_crm.job_memory import leases_and_records
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
    worker = Worker(WorkerPorts(flag, *_leases_and_records(settings, migrates=True), wall_clock=clock))
    for name, workbook in _workbooks(settings).items():
        # Each workbook has a retry budget of its own: threads that shared one would refill and spend each other's.
        wire = replace(
            wire_of(settings, flag.sleep, flag.check, _LOG.info), reads=quota.reads, writes=quota.writes
        )
        app = application(
            workbook, sleep=flag.sleep, stop=lambda: flag.stopping, wire=wire, clock=clock, migrates=True
        )
        context = JobContext(
            app,
            settings.state_dir,
            spreadsheet_id=workbook.spreadsheet_id,
            clock=clock,
            health=worker.health,
            fetchers=partial(_fetchers, workbook, app.store, clock, flag.sleep),
            check=flag.check,
        )
        several = "" if workbook is settings else name
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
    return Plan(settings.interval_seconds, settings.jobs, settings.modules)


def _leases_and_records(settings: Settings, *, migrates: bool = False) -> tuple[Leases, Records]:
    """The leases and records of jobs."""
    return leases_and_records(store_of(settings, migrates=migrates), settings.state_dir)


def list_jobs(settings: Settings) -> Report:
    """List the jobs of every workbook, and the worker's own; no request is made."""
    plan, (_, records) = _job_plan(settings), _leases_and_records(settings)
    rows = [
        Listed(
            task_name(job, "" if workbook is settings else name),
            trigger,
            _zone(workbook),
            task_key(job, workbook.spreadsheet_id),
        )
        for name, workbook in _workbooks(settings).items()
        for job, trigger in plan.jobs(of_worker=False)
    ]
    rows += [
        Listed(job.name, trigger, _zone(settings), task_key(job, "")) for job, trigger in plan.jobs(of_worker=True)
    ]
    return listed(rows, records, process_clock()())


def run_job(settings: Settings, name: str, *, as_of: float | None = None) -> Report:
    """Run one job of a workbook, and then the workbook, which is always a run of now.

    Args:
        settings: Checked settings; spreadsheet_id and credentials have to be there.
        name: Name of a job that is switched on and not the worker's own.
        as_of: The moment that the job's own clock starts at, in seconds since 1970; None for now.

    Raises:
        CrmError: The job is running elsewhere, or it failed.
    """
    (job,) = (one for one in switched_on(settings.modules) if one.name == name)
    clock = process_clock()
    of_job = clock if as_of is None else clock_from(as_of)
    # A run as of another time would tell false days: in History, of the feed, of what is overdue.
    app = application(settings, clock=clock)
    context = JobContext(
        app,
        settings.state_dir,
        name=name,
        spreadsheet_id=settings.spreadsheet_id,
        clock=of_job,
        fetchers=partial(_fetchers, settings, app.store, of_job, time.sleep),
    )
    return run_once(job, context, *_leases_and_records(settings), clock)


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
