"""The rules of alerts as values: which facts are a cause, and what is said of it in both languages."""

import datetime as dt

import pytest

from sheets_crm.alerts.quiet import QuietHours
from sheets_crm.alerts.rules import (
    AT_ONCE,
    RULES,
    Facts,
    FailedJob,
    LateBatch,
    SilentSource,
    StoppedCampaign,
    causes,
)
from sheets_crm.alerts.values import Severity

URGENT, WARNING = Severity.URGENT, Severity.WARNING
LATE = LateBatch("V-0001", 8, 3, "https://one.example/#V1")
EACH = {
    "stale_batch": (Facts(late_batches=(LATE,)), "V-0001", WARNING, "Batch V-0001 has been out for 8 days"),
    "low_feed": (Facts(feed_days=1.94), "", WARNING, "Ready leads last for 1.9 days"),
    "rejected_waiting": (Facts(rejected=1), "", WARNING, "1 rejected row waits"),
    "source_silent": (Facts(silent=(SilentSource("instantly", 4),)), "instantly", WARNING, "for 4 days"),
    "job_failed": (Facts(failed_jobs=(FailedJob("feeds", "no answer."),)), "feeds", URGENT, "fails: no answer"),
    "campaign_stopped": (Facts(campaigns=(StoppedCampaign("Chile", "paused"),)), "Chile", URGENT, "paused"),
    "cells_80": (Facts(cells_share=0.8), "", WARNING, "80%"),
}


def test_each_rule_is_tried_here():
    assert set(EACH) == set(RULES)


@pytest.mark.parametrize("code", EACH)
def test_a_cause_has_what_it_is_about_how_much_it_matters_and_words(code):
    facts, subject, severity, words = EACH[code]
    (cause,) = causes(facts, "en")
    assert (cause.code, cause.subject, cause.severity) == (code, subject, severity)
    assert words in cause.text
    assert not cause.text.endswith(".")
    assert cause.remedy.endswith(".")
    (spanish,) = causes(facts, "es")
    assert spanish.key == cause.key
    assert spanish.text != cause.text
    assert spanish.remedy != cause.remedy


def test_nothing_wrong_is_no_cause():
    assert causes(Facts(), "en") == []
    assert causes(Facts(feed_days=2.0, cells_share=0.799), "en") == []


def test_each_thing_is_a_cause_of_its_own():
    facts = Facts(
        late_batches=(LATE, LateBatch("C-0002", 9, 1)), failed_jobs=(FailedJob("a", "x"), FailedJob("b", "x"))
    )
    keys = [cause.key for cause in causes(facts, "en")]
    assert keys == [("stale_batch", "V-0001"), ("stale_batch", "C-0002"), ("job_failed", "a"), ("job_failed", "b")]


def test_links_lead_where_the_thing_is_done():
    facts = Facts(late_batches=(LATE,), rejected=2, links={"rejected": "https://one.example/#rejected"})
    assert [cause.link for cause in causes(facts, "en")] == [LATE.link, "https://one.example/#rejected"]


def test_only_what_is_looked_for_is_found():
    facts = Facts(rejected=2, failed_jobs=(FailedJob("feeds", "x"),))
    assert [cause.code for cause in causes(facts, "en", AT_ONCE)] == ["job_failed"]


def test_numbers_are_written_as_the_language_writes_them():
    (cause,) = causes(Facts(feed_days=1.5), "es")
    assert "1,5 días" in cause.text


@pytest.mark.parametrize(
    ("begin", "end", "quiet", "loud"),
    [
        ("20:00", "08:00", ("20:00", "23:59", "00:00", "07:59"), ("08:00", "19:59")),
        ("13:00", "15:30", ("13:00", "15:29"), ("12:59", "15:30", "00:00")),
    ],
)
def test_quiet_hours_may_go_over_midnight_and_end_at_their_end(begin, end, quiet, loud):
    hours = QuietHours(dt.time.fromisoformat(begin), dt.time.fromisoformat(end))

    def at(clock):
        return hours.holds(dt.datetime.combine(dt.date(2026, 5, 28), dt.time.fromisoformat(clock), dt.UTC))

    assert all(map(at, quiet))
    assert not any(map(at, loud))
