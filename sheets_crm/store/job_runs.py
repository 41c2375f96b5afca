"""The runs of jobs: when each ended, and how, and from when the next turn counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from sheets_crm.messages import said
from sheets_crm.store.access import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection

APART: Final = 60.0
"""Seconds: the success of an interval that goes on as before is recorded no more often than this."""

KEPT_DAYS: Final = 90.0
"""Runs that ended longer ago are deleted; the latest of each job stays."""

WAITING, DONE, FAILED = "waiting", "done", "failed"
"""Outcomes: it waits for its first run, or how it ended."""


class Recorded(Protocol):
    """What is recorded of a job: `jobs.records.Record`."""

    @property
    def ran_at(self) -> float:
        """When its last run ended, in seconds since 1970; 0 before the first."""

    @property
    def error(self) -> str:
        """Message of its last run's failure; "" for a success."""

    @property
    def since(self) -> float:
        """The moment from which its next turn counts."""


R = TypeVar("R", bound=Recorded)


class StoredRecords(Generic[R]):
    """Implements `jobs.records.Records` in the store.

    Args:
        store: The store.
        make: Makes a record of `ran_at`, `error` and `since`.
    """

    def __init__(self, store: Store, make: Callable[[float, str, float], R]) -> None:
        self._store = store
        self._make = make

    def load(self, key: str) -> R | None:
        """The record of a job on a workbook; None when there is none."""
        row = self._store.read(lambda connection: _latest(connection, key))
        if row is None:
            return None
        ran_at = 0.0 if row.ended_at is None else row.ended_at.timestamp()
        return self._make(ran_at, row.detail, row.counts_from.timestamp())

    def save(self, key: str, record: R, *, repeats: bool = False) -> None:
        """Record a run; runs of an interval that go on as before are one row, the time of which is the latest's."""
        values = _values(record)
        now = dt.datetime.fromtimestamp(self._store.clock(), tz=dt.UTC)

        def work(connection: Connection) -> None:
            latest = _latest(connection, key) if repeats else None
            if latest is not None and (latest.outcome, latest.detail) == (values["outcome"], values["detail"]):
                _renew(connection, latest, values)
            else:
                _insert(connection, key, values)
                _trim(connection, key, now - dt.timedelta(days=KEPT_DAYS))

        self._store.write(work)


def erase_details(connection: Connection) -> None:
    """Take the texts of failures out: a message may quote what could not be done to whom."""
    from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415 - SQLAlchemy waits until it is needed

    failed = JOB_RUNS.update().where(JOB_RUNS.c.outcome == FAILED)
    connection.execute(failed.values(detail=str(said("job.error_erased"))))


def _values(record: Recorded) -> dict[str, Any]:
    ran = bool(record.ran_at)
    return {
        "ended_at": dt.datetime.fromtimestamp(record.ran_at, tz=dt.UTC) if ran else None,
        "outcome": (FAILED if record.error else DONE) if ran else WAITING,
        "detail": record.error,
        "counts_from": dt.datetime.fromtimestamp(record.since, tz=dt.UTC),
    }


def _latest(connection: Connection, key: str) -> Any:
    from sqlalchemy import select  # noqa: PLC0415

    from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415

    newest_first = select(JOB_RUNS).where(_of(key)).order_by(JOB_RUNS.c.job_run_id.desc())
    return connection.execute(newest_first.limit(1)).first()


def _renew(connection: Connection, latest: Any, values: dict[str, Any]) -> None:
    from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415

    before, now = latest.ended_at, values["ended_at"]
    if before is None or now is None or not 0 <= (now - before).total_seconds() < APART:
        connection.execute(JOB_RUNS.update().where(JOB_RUNS.c.job_run_id == latest.job_run_id).values(values))


def _insert(connection: Connection, key: str, values: dict[str, Any]) -> None:
    from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415

    name, _, workbook = key.partition(" ")
    connection.execute(JOB_RUNS.insert().values(name=name, workbook=workbook, **values))


def _trim(connection: Connection, key: str, until: dt.datetime) -> None:
    from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415

    latest = _latest(connection, key)
    old = (JOB_RUNS.c.ended_at < until) & (JOB_RUNS.c.job_run_id != latest.job_run_id)
    connection.execute(JOB_RUNS.delete().where(_of(key), old))


def _of(key: str) -> Any:
    """The condition on the runs of a job on a workbook, such as ``alerts 1C-Ug6…``."""
    from sheets_crm.store.schema import JOB_RUNS  # noqa: PLC0415

    name, _, workbook = key.partition(" ")
    return (JOB_RUNS.c.name == name) & (JOB_RUNS.c.workbook == workbook)
