"""Jobs on the store: which of them it keeps, two workers on one store, a store that is away."""

import datetime as dt
import logging

import pytest

from jobs.context import JobContext
from jobs.once import run_once
from jobs.ports import WorkerPorts
from jobs.records import Record
from jobs.registry import JOBS, SYNC, Job
from jobs.stopper import Stopper
from jobs.task import Task
from jobs.triggers import At
from jobs.turns import Turns
from sheets_crm.engine.report import Report
from sheets_crm.errors import Retryable
from sheets_crm.job_memory import leases_and_records
from sheets_crm.store.job_runs import StoredRecords

NIGHT = dt.datetime(2026, 6, 2, 3, tzinfo=dt.UTC).timestamp()
RUNS = []
REPORT = Job("report", "03:00", f"{__name__}:report")


class Book:
    """A workbook whose runs do nothing."""

    def sync(self, **_how):
        return Report("done")


def report(context):
    """A job of the tests."""
    RUNS.append(context.clock())


@pytest.fixture(autouse=True)
def runs():
    RUNS.clear()
    return RUNS


def kept(place, folder="state"):
    """Leases and records as a process sees them."""
    return leases_and_records(place.store(), place.state_dir.parent / folder)


def turns(place, run, folder="state"):
    """The nightly task of a worker."""
    ports = WorkerPorts(Stopper(), *kept(place, folder), clock=lambda: place.now, wall_clock=lambda: place.now)
    made = Turns(Task("report", At(3, 0), run, key="report 1a"), ports)
    made.begin()
    return made


def test_a_run_of_the_workbook_and_the_worker_s_own_jobs_need_no_store(place):
    leases, records = kept(place)
    for job in (job for job in JOBS if job is SYNC or job.of_worker):
        assert leases.hold(f"{job.name} 1a", "a", 60)
        records.save(f"{job.name} 1a", Record(5.0, "", 5.0))
        assert records.load(f"{job.name} 1a") == Record(5.0, "", 5.0)
    assert [store._engine for store in place.stores] == [None]


def test_any_other_job_is_kept_by_the_store(place):
    leases, records = kept(place, "one")
    assert leases.hold("alerts 1a", "a", 60)
    records.save("alerts 1a", Record(5.0, "", 5.0))
    elsewhere, known = kept(place, "other")
    assert not elsewhere.hold("alerts 1a", "b", 60)
    assert known.load("alerts 1a") == Record(5.0, "", 5.0)


def test_a_job_runs_on_one_of_two_machines_with_one_store(place):
    """With SQLite they are two processes of one machine."""
    (one, _), (other, records) = kept(place, "one"), kept(place, "other")
    context = JobContext(Book(), place.state_dir, name="report", spreadsheet_id="1a", clock=lambda: 7.0)
    assert one.hold("report 1a", "worker", 300)
    with pytest.raises(Retryable, match="report"):
        run_once(REPORT, context, other, records, lambda: place.now)
    place.now += 301
    run_once(REPORT, context, other, records, lambda: place.now)
    assert RUNS == [7.0]
    assert one.hold("report 1a", "worker", 300)  # it was given back


@pytest.mark.long
def test_a_night_that_one_worker_worked_is_not_worked_by_the_other(place):
    place.now = NIGHT - 3_600
    done = []
    workers = [turns(place, lambda name=name: done.append(name), name) for name in ("one", "other")]
    for minutes in range(0, 180, 5):
        place.now = NIGHT - 3_600 + minutes * 60
        for worker in workers:
            worker._scheduler.run_all()
    assert done == ["one"]
    assert kept(place)[1].load("report 1a").since == pytest.approx(NIGHT, abs=301)


def test_a_night_that_was_missed_is_made_up_for_once_by_whoever_comes(place):
    place.now = NIGHT - 3_600
    turns(place, lambda: None)  # waits for the first time, and its process ends
    place.now = NIGHT + 5 * 3_600
    done = []
    for folder in ("one", "other"):
        turns(place, lambda folder=folder: done.append(folder), folder)._scheduler.run_all()
    assert done == ["one"]


def test_a_store_that_is_away_is_said_and_the_job_goes_on(file_place, monkeypatch, caplog):
    def away(*_given, **_options):
        raise Retryable("The store cannot be used")

    monkeypatch.setattr(StoredRecords, "save", away)
    monkeypatch.setattr(StoredRecords, "load", away)
    file_place.now = NIGHT - 60
    done = []
    worker = turns(file_place, lambda: done.append(1))
    file_place.now = NIGHT + 60
    with caplog.at_level(logging.ERROR):
        worker._scheduler.run_all()
    assert done == [1]
    assert "The store cannot be used" in caplog.text
    monkeypatch.undo()
    leases, _ = kept(file_place)
    assert leases.hold("report 1a", "another", 60)


def test_a_lease_that_cannot_be_given_back_runs_out(file_place, monkeypatch):
    leases, _ = kept(file_place)
    assert leases.hold("report 1a", "a", 60)

    def away(*_given):
        raise Retryable("The store cannot be used")

    monkeypatch.setattr("sheets_crm.store.access.Store.write", away)
    leases.release("report 1a", "a")
    monkeypatch.undo()
    assert not leases.hold("report 1a", "b", 60)
    file_place.now += 61
    assert leases.hold("report 1a", "b", 60)
