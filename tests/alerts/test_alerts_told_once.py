"""One message for each cause, its end once, nothing in quiet hours but what is urgent: examples and a state machine."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sheets_crm.alerts.fold import CALM, fold
from sheets_crm.alerts.telling import tell
from sheets_crm.alerts.values import Cause, Mark, Severity, Telling

NOON = dt.datetime(2026, 5, 28, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
CODES = frozenset({"late", "failed"})
LATE = Cause("late", "V-0001", Severity.WARNING, "V-0001 is late", "Paste it.", "https://one.example/#1")
OTHER = Cause("late", "V-0002", Severity.WARNING, "V-0002 is late", "Paste it.")
FAILED = Cause("failed", "feeds", Severity.URGENT, "feeds fails", "Look.")


class Day:
    """Alerts from look to look."""

    def __init__(self):
        self.now, self.alerts, self.told = NOON, [], []

    def look(self, *causes, codes=CODES, marks=None, quiet=False, after=HOUR):
        self.now += after
        self.alerts = fold(self.alerts, causes, codes, marks, self.now)
        self.alerts, messages = tell(self.alerts, self.now, quiet=quiet, language="en")
        self.told += messages
        return [message.text for message in messages]

    def marks(self, **said):
        return {alert.key: Mark("A-0001", **said) for alert in self.alerts}


@pytest.fixture
def day():
    return Day()


def test_a_cause_that_stays_is_told_once_and_its_end_once(day):
    assert day.look(LATE) == ["Alert: V-0001 is late. Paste it. https://one.example/#1"]
    assert day.look(replace(LATE, text="V-0001 is later")) == []
    assert day.look() == ["Resolved: V-0001 is later."]
    assert day.look() == []
    assert [message.telling for message in day.told] == [Telling.OPENED, Telling.CLEARED]


def test_several_at_once_are_one_message(day):
    assert day.look(LATE, OTHER) == [
        "2 new alerts:\n• Alert: V-0001 is late. Paste it. https://one.example/#1\n• Alert: V-0002 is late. Paste it."
    ]
    assert day.look() == ["2 alerts are resolved:\n• Resolved: V-0001 is late.\n• Resolved: V-0002 is late."]


def test_quiet_hours_hold_everything_but_what_is_urgent(day):
    assert day.look(LATE, FAILED, quiet=True) == ["Urgent: feeds fails. Look."]
    assert day.look(LATE, quiet=True) == []
    assert day.look(LATE) == ["Alert: V-0001 is late. Paste it. https://one.example/#1", "Resolved: feeds fails."]


def test_what_came_and_went_in_quiet_hours_is_never_told(day):
    assert day.look(LATE, quiet=True) == []
    assert day.look(quiet=True) == []
    assert day.look() == []


def test_one_that_goes_on_in_quiet_hours_never_ended_for_those_who_were_told(day):
    day.look(LATE)
    assert day.look(quiet=True) == []
    assert day.look(LATE, quiet=True) == []
    assert day.look(LATE) == []
    assert day.look() == ["Resolved: V-0001 is late."]


def test_one_that_comes_and_goes_is_not_told_again_within_a_day_unless_it_is_urgent(day):
    for cause in (LATE, FAILED):
        day.look(cause)
        day.look()
    assert day.look(LATE, FAILED) == ["Urgent: feeds fails. Look."]
    assert day.look(LATE, FAILED, after=CALM) == ["Alert: V-0001 is late. Paste it. https://one.example/#1"]
    assert [alert.times for alert in day.alerts] == [2, 2]


def test_what_was_not_looked_for_stays_open(day):
    day.look(LATE)
    assert day.look(codes={"failed"}) == []
    assert day.alerts[0].open


def test_one_that_somebody_has_seen_is_not_told(day):
    day.look(LATE, quiet=True)
    assert day.look(LATE, marks=day.marks(seen=True)) == []
    assert day.look(marks=day.marks(seen=True)) == []


def test_nothing_is_told_of_one_that_is_snoozed_before_that_ends(day):
    day.look(LATE, quiet=True)
    until = day.now + 3 * HOUR
    assert day.look(LATE, marks=day.marks(snooze_until=until)) == []
    assert day.look(LATE, marks=day.marks(snooze_until=until), after=3 * HOUR) != []


def test_who_deletes_the_row_of_an_alert_has_seen_it(day):
    day.look(LATE, quiet=True, marks={})
    day.look(LATE, quiet=True, marks=day.marks())
    assert day.look(LATE, marks={}) == []
    assert day.alerts[0].seen


def test_a_message_of_the_same_openings_has_the_same_key_and_of_others_another(day):
    first = Day()
    first.look(LATE, OTHER)
    day.look(OTHER, LATE)
    assert day.told[0].key == first.told[0].key
    day.look()
    day.look(OTHER, LATE, after=2 * CALM)
    assert len({message.key for message in day.told}) == len(day.told) == 3


def test_a_digest_with_something_urgent_is_urgent(day):
    day.look(LATE, FAILED)
    day.look()
    assert [message.urgent for message in day.told] == [True, False]


class Months(RuleBasedStateMachine):
    """Causes come and go, people tick, snooze and delete, nights fall; what is told is counted by an own account."""

    SUBJECTS = ("a", "b", "c")

    def __init__(self):
        super().__init__()
        self.now, self.alerts = NOON, []
        self.here, self.marked = {}, {}
        self.believed = {}  # what who reads the channel holds for open

    @rule(subject=st.sampled_from(SUBJECTS), urgent=st.booleans())
    def comes(self, subject, urgent):
        severity = Severity.URGENT if urgent else Severity.WARNING
        self.here[subject] = Cause("late", subject, severity, f"{subject} is late", "Do it.")

    @rule(subject=st.sampled_from(SUBJECTS))
    def goes(self, subject):
        self.here.pop(subject, None)

    @rule(subject=st.sampled_from(SUBJECTS), seen=st.booleans(), hours=st.integers(0, 30))
    def marks(self, subject, seen, hours):
        until = self.now + hours * HOUR if hours else None
        self.marked["late", subject] = Mark("A-1", seen, until)

    @rule(minutes=st.integers(1, 2_000), quiet=st.booleans(), looks=st.booleans())
    def look(self, minutes, quiet, looks):
        self.now += dt.timedelta(minutes=minutes)
        codes = CODES if looks else frozenset({"failed"})
        before = {alert.key: alert for alert in self.alerts}
        self.alerts = fold(
            self.alerts, self.here.values() if looks else (), codes, self.marked if looks else None, self.now
        )
        folded = {alert.key: alert for alert in self.alerts}
        self.alerts, messages = tell(self.alerts, self.now, quiet=quiet, language="en")
        for alert in self.alerts:
            old = folded[alert.key]
            opened, cleared = alert.told != old.told, alert.cleared != old.cleared
            subject = alert.key[1]
            if opened:
                assert not self.believed.get(subject), "told that it opened, and nobody had said that it ended"
                assert subject in self.here or not looks
                assert not quiet or alert.cause.severity is Severity.URGENT
                assert not alert.seen
            if cleared:
                assert self.believed[subject], "told that it ended, and nobody had said that it opened"
                assert not quiet
            if opened or cleared:
                assert alert.snooze_until is None or alert.snooze_until <= self.now
                self.believed[subject] = opened
        told = sum(alert != folded[alert.key] for alert in self.alerts)
        assert len(messages) == len(
            {(alert.told != folded[alert.key].told) for alert in self.alerts if alert != folded[alert.key]}
        )
        assert bool(messages) == bool(told)
        assert set(before) <= set(folded)

    @rule()
    def two_calm_days(self):
        """By day, with nothing seen or snoozed, what is open is told, and what is not is cleared."""
        self.marked = {}
        for _ in range(2):
            self.now += 2 * CALM
            marks = {alert.key: Mark(alert.row or "A-1") for alert in self.alerts}
            self.alerts = fold(self.alerts, self.here.values(), CODES, marks, self.now)
            self.alerts, _ = tell(self.alerts, self.now, quiet=False, language="en")
        for alert in self.alerts:
            self.believed[alert.key[1]] = alert.open
            if alert.open:
                assert alert.told == alert.times
            else:
                assert alert.cleared == alert.times

    @invariant()
    def one_alert_for_each_cause(self):
        keys = [alert.key for alert in self.alerts]
        assert len(keys) == len(set(keys))
        for alert in self.alerts:
            assert 0 <= alert.cleared <= alert.times
            assert 0 <= alert.told <= alert.times


Months.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestMonths = Months.TestCase
