"""What ``sheets-crm job list`` shows: each job, when it runs, how it last went, when it is due next."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jobs.records import APART, Record, Records
from jobs.triggers import Every, Trigger, next_due
from sheets_crm.engine.clocks import SKEW_SECONDS
from sheets_crm.engine.report import Report, Table
from sheets_crm.messages import Moment, said
from sheets_crm.workbook.cells import spelled_time, zone_of

COLUMNS = ("name", "trigger", "last_run", "outcome", "next_due")


@dataclass(frozen=True, slots=True)
class Listed:
    """One job of one workbook, or of the worker.

    Attributes:
        name: The name of its task.
        trigger: When it runs.
        zone: Name of the workbook's time zone.
        key: What its record is called.
    """

    name: str
    trigger: Trigger
    zone: str
    key: str


def listed(jobs: Iterable[Listed], records: Records, now: float) -> Report:
    """List jobs.

    Args:
        jobs: The jobs, in order.
        records: What is recorded of them.
        now: Seconds since 1970.
    """
    known = [(job, records.load(job.key) or Record()) for job in jobs]
    dues = [_due(job, record, now) for job, record in known]
    rows = [_row(job, record, due) for (job, record), due in zip(known, dues, strict=True)]
    cells = [_cells(job, record, due, now) for (job, record), due in zip(known, dues, strict=True)]
    return Report(
        said("jobs.title"),
        tables=[Table("", [said(f"column.job_{name}") for name in COLUMNS], cells)],
        json={"rows": rows},
    )


def _row(job: Listed, record: Record, due: float | None) -> dict[str, Any]:
    """A job as scripts read it."""
    return {
        "name": job.name,
        "trigger": str(job.trigger),
        "last_run": _iso(record.ran_at, job.zone) if record.ran_at else "",
        "outcome": _outcome(record),
        "next_due": "" if due is None else _iso(due, job.zone),
        "error": record.error,
    }


def _cells(job: Listed, record: Record, due: float | None, now: float) -> tuple[str, ...]:
    """A job as people read it: one whose moment has passed is due now, whenever it should have run."""
    outcome = _outcome(record)
    return (
        job.name,
        str(job.trigger),
        _shown(record.ran_at, job.zone) if record.ran_at else "",
        said(f"job.outcome.{outcome}", error=record.error) if outcome else "",
        "" if due is None else said("job.due_now") if due <= now else _shown(due, job.zone),
    )


def _outcome(record: Record) -> str:
    if not record.ran_at:
        return ""
    return "failed" if record.error else "done"


def _due(job: Listed, record: Record, now: float) -> float | None:
    """When a job is due; a moment that has passed is when it should have run. None: when the worker next starts."""
    since = record.ran_at if isinstance(job.trigger, Every) else record.since or now
    if since > now + SKEW_SECONDS:  # by a clock that was ahead; the worker counts from now too
        since = now
    if not since:
        return None
    if isinstance(job.trigger, Every) and not record.error and since < now < since + APART:
        # Of successes that go on as before one a minute is recorded: there were others since.
        since += (math.ceil((now - since) / job.trigger.seconds) - 1) * job.trigger.seconds
    due = next_due(job.trigger, dt.datetime.fromtimestamp(since, dt.UTC), zone_of(job.zone))
    return None if due is None else due.timestamp()


def _iso(seconds: float, zone: str) -> str:
    return _local(seconds, zone).isoformat()


def _shown(seconds: float, zone: str) -> Moment:
    return spelled_time(_local(seconds, zone))


def _local(seconds: float, zone: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(round(seconds), zone_of(zone))
