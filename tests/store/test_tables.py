"""The tables with the functions on them, on SQLite and PostgreSQL alike."""

import datetime as dt

import pytest

from sheets_crm.plan.plan import LeadChange, RowChange
from sheets_crm.store.job_runs import StoredJobRuns
from sheets_crm.store.journal import StoredJournal
from sheets_crm.store.leases import StoredLeases

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


def test_a_journal_has_its_workbook_s_entries_and_those_of_a_lead_in_order(place):
    store = place.store()
    journal, other = StoredJournal(store, "book"), StoredJournal(store, "another")
    other.note(WHEN, "run", 1, [LeadChange(5, "notes", "", "theirs", "r")])
    journal.note(WHEN, "run", 1, [LeadChange(n % 2, "notes", "", n, "r") for n in range(12_000)])
    assert [entry["new"] for entry in journal.entries()] == list(range(12_000))
    assert [entry["new"] for entry in journal.entries(1)] == list(range(1, 12_000, 2))


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


def test_the_latest_run_of_each_job_is_told(place):
    runs = StoredJobRuns(place.store(), "book", lambda: place.now)
    runs.end(runs.begin("report"), "failed", "no address")
    started = dt.datetime.fromtimestamp(place.now, tz=dt.UTC)
    place.now += 30
    number = runs.begin("report")
    StoredJobRuns(place.store(), "another", lambda: place.now).begin("report")
    assert runs.latest()["report"].ended_at is None
    place.now += 5
    runs.end(number, "ok")
    latest = runs.latest()
    assert list(latest) == ["report"]
    assert (latest["report"].outcome, latest["report"].detail) == ("ok", "")
    assert latest["report"].started_at == started + dt.timedelta(seconds=30)
    assert latest["report"].ended_at == started + dt.timedelta(seconds=35)


def test_old_runs_are_trimmed(place):
    runs = StoredJobRuns(place.store(), "book", lambda: place.now)
    runs.begin("report")
    place.now += 91 * 86_400
    runs.begin("alerts")
    assert runs.trim(90) == 1
    assert list(runs.latest()) == ["alerts"]


@pytest.mark.parametrize("moment", ["2026-05-28T12:00:00+02:00", "2026-05-28T10:00:00"])
def test_moments_are_in_utc(place, moment):
    journal = StoredJournal(place.store(), "book")
    journal.note(moment, "run", 1, [LeadChange(1, "notes", "", "x", "r")])
    assert [entry["when"] for entry in journal.entries()] == [WHEN]
