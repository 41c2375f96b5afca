"""One run of one job, as ``sheets-crm job NAME`` asks for it; cron and the like call it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread

from jobs.assembly import task_key
from jobs.context import JobContext
from jobs.failures import words_of
from jobs.leases import RENEW_SECONDS, Leases, RunLease
from jobs.records import Record, Records
from jobs.registry import SYNC, Job
from jobs.sync_job import make_run
from sheets_crm.engine.report import Report
from sheets_crm.errors import CrmError, Retryable
from sheets_crm.messages import said

_LOG = logging.getLogger(__name__)


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
    key = task_key(job, context.spreadsheet_id)
    lease = RunLease(None if job is SYNC else leases, key)
    with lease.taken() as free:
        if not free:
            raise Retryable(
                said("job.runs_elsewhere", name=context.name),
                state=said("nothing_done"),
                remedy=said("job.runs_elsewhere.remedy"),
            )
        with _renewed(lease):
            try:
                report = _run(job, context)
            except Exception as error:
                _record(records, key, context.name, Record(clock(), words_of(error)[0], _since(records, key)))
                raise
            _record(records, key, context.name, Record(clock(), "", clock()))
            return report


def _run(job: Job, context: JobContext) -> Report:
    if job is not SYNC:
        job.load()(replace(context, runs=lambda: make_run(context, scheduled=False)))
    return make_run(context, scheduled=False)


def _since(records: Records, key: str) -> float:
    """The moment from which the next turn counts, which a failure leaves as it is; 0, long ago, when none is known."""
    with suppress(OSError, CrmError):
        return (records.load(key) or Record()).since
    return 0.0


def _record(records: Records, key: str, name: str, record: Record) -> None:
    """Record a run; that this cannot be written is reported, and changes nothing of how the run went."""
    try:
        records.save(key, record)
    except (OSError, CrmError) as error:
        _LOG.error(said("job.unrecorded", name=name, reason=words_of(error)[0]))


@contextmanager
def _renewed(lease: RunLease) -> Iterator[None]:
    """Hold a lease again and again, from a thread, while a run lasts."""
    ended = Event()

    def renew() -> None:
        while not ended.wait(RENEW_SECONDS):
            lease.renew()

    Thread(target=renew, daemon=True).start()
    try:
        yield
    finally:
        ended.set()
