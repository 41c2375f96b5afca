"""The job that deletes what is kept for a time only."""

import datetime as dt

from jobs import retention_job
from jobs.context import JobContext
from sheets_crm.engine.intake import Delivery
from sheets_crm.store.access import Store
from sheets_crm.store.stored_intake import StoredIntake

NOW = 1_780_000_000.0


def test_bodies_of_more_than_thirty_days_go_and_what_became_of_them_stays(tmp_path):
    intake = StoredIntake(Store(f"sqlite:///{tmp_path / 'crm.db'}", tmp_path, clock=lambda: NOW), "book")
    for days in (1, 29, 31, 90):
        at = dt.datetime.fromtimestamp(NOW, tz=dt.UTC) - dt.timedelta(days=days)
        intake.add([Delivery("instantly", "email_sent", at, b"{}", f"key {days}")])
    context = JobContext(
        None, tmp_path, name="retention", clock=lambda: NOW, delete_old_bodies=intake.delete_old_bodies
    )
    retention_job.run(context)
    assert [waiting.delivery.key for waiting in intake.page(rows=9, size=99)] == ["key 1", "key 29"]
    assert {(count.state, count.number) for count in intake.counts()} == {("waiting", 2), ("refused", 2)}
    retention_job.run(context)
    assert sum(count.number for count in intake.counts()) == 4


def test_without_a_store_of_deliveries_there_is_nothing_to_delete(tmp_path):
    retention_job.run(JobContext(None, tmp_path, name="retention"))
