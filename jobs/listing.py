"""What ``sheets-crm job list`` shows: each job, when it runs, how it last went, when it is due next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jobs.records import Record, Records
from jobs.triggers import Every, Trigger, next_due
from sheets_crm.engine.clocks import SKEW_SECONDS
from sheets_crm.engine.report import Report, Table
from sheets_crm.messages import said
from sheets_crm.workbook.cells import zone_of

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
    rows = [_row(job, records.load(job.key) or Record(), now) for job in jobs]
    header = [said(f"column.job_{name}") for name in COLUMNS]
    table = Table("", header, [tuple(_shown(row, name) for name in COLUMNS) for row in rows])
    return Report(said("jobs.title"), {}, [table], json={"rows": rows})


def _row(job: Listed, record: Record, now: float) -> dict[str, Any]:
    ran = bool(record.ran_at)
    return {
        "name": job.name,
        "trigger": str(job.trigger),
        "last_run": _moment(record.ran_at, job.zone) if ran else "",
        "outcome": ("failed" if record.error else "done") if ran else "",
        "next_due": _due(job, record, now),
        "error": record.error,
    }


def _due(job: Listed, record: Record, now: float) -> str:
    """When a job is due; a moment that has passed is when it should have run. Blank: when the worker next starts."""
    since = record.ran_at if isinstance(job.trigger, Every) else record.since or now
    if since > now + SKEW_SECONDS:  # by a clock that was ahead; the worker counts from now too
        since = now
    if not since:
        return ""
    due = next_due(job.trigger, dt.datetime.fromtimestamp(since, dt.UTC), zone_of(job.zone))
    return "" if due is None else _moment(due.timestamp(), job.zone)


def _moment(seconds: float, zone: str) -> str:
    return dt.datetime.fromtimestamp(round(seconds), zone_of(zone)).isoformat()


def _shown(row: Mapping[str, Any], name: str) -> Any:
    if name == "outcome" and row[name]:
        return said(f"job.outcome.{row[name]}", error=row["error"])
    return row[name].replace("T", " ") if name in {"last_run", "next_due"} else row[name]
