"""Answers of leads as notices."""

import datetime as dt

import pytest

from sheets_crm.engine.intake import Activity
from sheets_crm.operations.answers_noticed import answers_noticed
from sheets_crm.store.access import Store
from sheets_crm.store.stored_intake import StoredIntake

AT = dt.datetime(2026, 8, 14, 10, tzinfo=dt.UTC)


def activity(kind, text="", key="k", at=AT):
    return Activity(key=key, lead_number=7, at=at, kind=kind, channel="instantly", text=text)


@pytest.mark.parametrize(
    ("kind", "text", "event"),
    [
        ("replied", "Vale", "reply"),
        ("replied", "¿Cuánto cuesta? ", "question"),
        ("replied", "", "reply"),
        ("labelled", "lead_interested", "positive reply"),
        ("labelled", "lead_not_interested", None),
    ],
)
def test_each_answer_is_one_notice_that_names_the_lead_alone(kind, text, event):
    notices = answers_noticed([activity(kind, text)], "es")
    assert [notice.event for notice in notices] == ([event] if event else [])
    assert all("7" in notice.text and "Vale" not in notice.text for notice in notices)


def test_only_answers_since_a_moment_are_recent(tmp_path):
    intake = StoredIntake(Store(f"sqlite:///{tmp_path / 'crm.db'}", tmp_path), "book")
    intake.note(
        [
            activity("replied", key="old", at=AT - dt.timedelta(hours=2)),
            activity("replied", key="new"),
            activity("opened", key="other"),
        ]
    )
    recent = intake.recent_activities(AT - dt.timedelta(hours=1), ("replied", "labelled"))
    assert [one.key for one in recent] == ["new"]
