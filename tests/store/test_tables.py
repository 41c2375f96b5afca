"""The tables with the functions on them, on SQLite and PostgreSQL alike."""

from functools import partial

import pytest
from sqlalchemy import select

from jobs.records import Record
from sheets_crm.plan.plan import LeadChange, RowChange
from sheets_crm.store.job_runs import StoredRecords
from sheets_crm.store.journal import StoredJournal
from sheets_crm.store.leases import StoredLeases
from sheets_crm.store.schema import JOB_RUNS

NOW = 1_780_000_000.0
WHEN = "2026-05-28T10:00:00+00:00"


# -- the change journal


def test_an_entry_comes_back_as_it_was_noted(place):
    journal = StoredJournal(place.store(), "book")
    cells = {
        "firstName": "Zoë",
        "email": "z@one.example",
        "employeeCount": 12,
        "validation_success": True,
        "share": 0.25,
    }
    journal.note(WHEN, "run-1", 7, [LeadChange(5, "*", "", cells, "D-0001")])
    journal.note(WHEN, "run-1", 8, [RowChange("vocabulary", "W-0001", "word", False, "1", "typed")])
    common = {"workbook": "book", "when": WHEN, "run": "run-1"}
    assert list(StoredJournal(place.store(), "book").entries()) == [
        {**common, "sequence": 7, "cause": "D-0001", "lead": 5, "column": "*", "old": "", "new": cells},
        {
            **common,
            "sequence": 8,
            "cause": "typed",
            "lead": 0,
            "table": "vocabulary",
            "key": "W-0001",
            "column": "word",
            "old": False,
            "new": "1",
        },
    ]


@pytest.mark.long
def test_a_journal_has_its_workbook_s_entries_and_those_of_a_lead_in_order(place):
    store = place.store()
    journal, other = StoredJournal(store, "book"), StoredJournal(store, "another")
    other.note(WHEN, "run", 1, [LeadChange(5, "notes", "", "theirs", "r")])
    journal.note(WHEN, "run", 1, [LeadChange(n % 2, "notes", "", n, "r") for n in range(12_000)])
    assert [entry["new"] for entry in journal.entries()] == list(range(12_000))
    assert [entry["new"] for entry in journal.entries(1)] == list(range(1, 12_000, 2))


@pytest.mark.long
def test_what_is_about_a_person_is_erased_and_nothing_else(place):
    journal = StoredJournal(place.store(), "book")
    journal.note(WHEN, "run", 1, [LeadChange(n, "notes", "", "x", "r") for n in range(1, 1_203)])
    assert journal.erase(lambda entry: entry["lead"] != 7) == 1_201
    assert [entry["lead"] for entry in journal.entries()] == [7]


# -- leases


def test_a_lease_is_one_owner_s_until_it_runs_out(place):
    leases = StoredLeases(place.store(), lambda: place.now)
    others = StoredLeases(place.store(), lambda: place.now)
    assert leases.hold("report", "a", 60)
    assert not others.hold("report", "b", 60)
    assert others.hold("alerts", "b", 60)
    assert leases.hold("report", "a", 60)
    place.now += 59.9
    assert not others.hold("report", "b", 60)
    place.now += 0.1
    assert others.hold("report", "b", 60)
    assert not leases.renew("report", "a", 60)
    assert not leases.hold("report", "a", 60)


def test_a_renewed_lease_lasts_and_one_that_ran_out_cannot_be_renewed(place):
    leases = StoredLeases(place.store(), lambda: place.now)
    leases.hold("report", "a", 10)
    place.now += 9
    assert leases.renew("report", "a", 10)
    place.now += 9
    assert leases.renew("report", "a", 10)
    place.now += 10
    assert not leases.renew("report", "a", 10)


def test_a_lease_is_given_up_by_its_owner_alone(place):
    leases = StoredLeases(place.store(), lambda: place.now)
    leases.hold("report", "a", 60)
    leases.release("report", "b")
    assert not leases.hold("report", "b", 60)
    leases.release("report", "a")
    assert leases.hold("report", "b", 60)


# -- runs of jobs


@pytest.fixture
def records(place):
    return StoredRecords(place.store(), Record)


def ends(place):
    """How each run ended that the store has, oldest first."""
    asked = select(JOB_RUNS).order_by(JOB_RUNS.c.job_run_id)
    return [(row.name, row.workbook, row.outcome) for row in place.store().read(lambda c: c.execute(asked).all())]


def test_a_record_comes_back_as_it_was_saved_for_each_job_and_workbook(place, records):
    assert records.load("report 1a") is None
    waits, failed, done = Record(since=NOW), Record(NOW + 5.5, "no address", NOW), Record(NOW + 9, "", NOW + 9)
    for record in (waits, failed, done):
        records.save("report 1a", record)
        assert StoredRecords(place.store(), Record).load("report 1a") == record
    records.save("report 2b", failed)
    records.save("watch", done)
    assert records.load("report 1a") == done
    assert ends(place) == [
        ("report", "1a", "waiting"),
        ("report", "1a", "failed"),
        ("report", "1a", "done"),
        ("report", "2b", "failed"),
        ("watch", "", "done"),
    ]


def test_runs_of_an_interval_that_go_on_as_before_are_one_row_at_most_a_minute_old(place, records):
    save = partial(records.save, "feeds 1a", repeats=True)
    save(Record(NOW, "", NOW))
    save(Record(NOW + 59, "", NOW + 59))
    assert records.load("feeds 1a").ran_at == NOW
    save(Record(NOW + 61, "", NOW + 61))
    assert records.load("feeds 1a") == Record(NOW + 61, "", NOW + 61)
    assert ends(place) == [("feeds", "1a", "done")]
    save(Record(NOW + 62, "no answer", NOW + 61))
    save(Record(NOW + 63, "", NOW + 63))
    assert ends(place) == [("feeds", "1a", outcome) for outcome in ("done", "failed", "done")]
    records.save("feeds 1a", Record(NOW + 64, "", NOW + 64))
    assert len(ends(place)) == 4


def test_old_runs_go_and_the_latest_of_each_job_stays(place, records):
    records.save("report 1a", Record(NOW, "", NOW))
    records.save("alerts 1a", Record(NOW, "", NOW))
    place.now += 91 * 86_400
    records.save("report 1a", Record(place.now, "", place.now))
    assert ends(place) == [("alerts", "1a", "done"), ("report", "1a", "done")]


def test_what_a_job_failed_with_goes_when_a_person_is_erased(place, records):
    records.save("alerts 1a", Record(NOW, "no mailbox: ana@one.example", NOW))
    StoredJournal(place.store(), "book").erase(lambda _entry: False)
    assert records.load("alerts 1a") == Record(NOW, "reason erased by forget", NOW)


@pytest.mark.parametrize("moment", ["2026-05-28T12:00:00+02:00", "2026-05-28T10:00:00"])
def test_moments_are_in_utc(place, moment):
    journal = StoredJournal(place.store(), "book")
    journal.note(moment, "run", 1, [LeadChange(1, "notes", "", "x", "r")])
    assert [entry["when"] for entry in journal.entries()] == [WHEN]
