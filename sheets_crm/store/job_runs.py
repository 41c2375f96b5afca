"""The runs of jobs: when each began and ended, and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sheets_crm.store.access import Store


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job.

    Attributes:
        name: The job's name.
        started_at: When it began, in UTC.
        ended_at: When it ended; None while it runs, and of one that was killed.
        outcome: Such as ``ok`` or ``failed``; "" while it runs.
        detail: What it says of itself, for people.
    """

    name: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: str
    detail: str


class StoredJobRuns:
    """The runs of the jobs of one workbook, in the store.

    Args:
        store: The store.
        workbook: Id of the spreadsheet; "" for jobs of no workbook.
        clock: Seconds since 1970.
    """

    def __init__(self, store: Store, workbook: str, clock: Callable[[], float]) -> None:
        self._store = store
        self._workbook = workbook
        self._clock = clock

    def begin(self, name: str) -> int:
        """Record that a job begins; return the run's number."""
        from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415 - SQLAlchemy waits until it is needed

        row = {"workbook": self._workbook, "name": name, "started_at": self._now(), "outcome": "", "detail": ""}
        insert = JOB_RUNS.insert().values(row).returning(JOB_RUNS.c.job_run_id)
        return int(self._store.write(lambda connection: connection.execute(insert).scalar_one()))

    def end(self, number: int, outcome: str, detail: str = "") -> None:
        """Record how a run ended."""
        from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415

        ended = {"ended_at": self._now(), "outcome": outcome, "detail": detail}
        update = JOB_RUNS.update().where(JOB_RUNS.c.job_run_id == number).values(ended)
        self._store.write(lambda connection: connection.execute(update))

    def latest(self) -> dict[str, JobRun]:
        """The latest run of each job, by name."""
        from sqlalchemy import func, select  # noqa: PLC0415

        from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415

        newest = (
            select(func.max(JOB_RUNS.c.job_run_id))
            .where(JOB_RUNS.c.workbook == self._workbook)
            .group_by(JOB_RUNS.c.name)
        )
        statement = select(JOB_RUNS).where(JOB_RUNS.c.job_run_id.in_(newest)).order_by(JOB_RUNS.c.name)
        return {row.name: _run(row) for row in self._store.read(lambda c: c.execute(statement).all())}

    def trim(self, days: float) -> int:
        """Delete the runs that began longer ago; return their number."""
        from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415

        old = JOB_RUNS.c.started_at < self._now() - dt.timedelta(days=days)
        delete = JOB_RUNS.delete().where(JOB_RUNS.c.workbook == self._workbook, old)
        return self._store.write(lambda connection: connection.execute(delete).rowcount)

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self._clock(), tz=dt.UTC)


def _run(row: Any) -> JobRun:
    return JobRun(row.name, row.started_at, row.ended_at, row.outcome, row.detail)
