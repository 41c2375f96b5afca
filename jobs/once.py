"""One run of one job, as ``sheets-crm job NAME`` asks for it; cron and the like call it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from jobs.context import JobContext
from jobs.leases import LEASE_SECONDS, Leases
from jobs.records import Record, Records
from jobs.registry import SYNC, Job
from jobs.sync_job import make_run
from sheets_crm.engine.report import Report
from sheets_crm.errors import Retryable
from sheets_crm.messages import said


def run_once(
    job: Job, context: JobContext, leases: Leases, records: Records, clock: Callable[[], float]
) -> Report:
    """Run a job, then make a run of the workbook, so that its effect is there when this returns.

    Args:
        job: The job; of `SYNC` that run is all.
        context: What it is given; its clock shows the moment as of which it works.
        leases: Keep it from running twice at once. A run of the workbook needs none: its guard keeps it safe.
        records: Remember the run.
        clock: Seconds since 1970, for the record.

    Raises:
        Retryable: The job is running elsewhere; nothing was done.
        CrmError: It failed.
    """
    owner = secrets.token_hex(8)
    if job is not SYNC and not leases.hold(context.name, owner, LEASE_SECONDS):
        raise Retryable(
            said("job.runs_elsewhere", name=context.name),
            state=said("nothing_done"),
            remedy=said("job.runs_elsewhere.remedy"),
        )
    last = records.load(context.name) or Record()
    try:
        if job is not SYNC:
            job.load()(context)
        report = make_run(context, scheduled=False)
    except Exception as error:
        records.save(context.name, Record(clock(), str(error) or type(error).__name__, last.since))
        raise
    finally:
        leases.release(context.name, owner)
    records.save(context.name, Record(clock(), "", clock()))
    return report
