"""Triggers as values: what is understood, and the next due moment in every zone, through clock changes."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.triggers import At, Every, Off, next_due, parse_trigger

ZONES = sorted(available_timezones())
MADRID = "Europe/Madrid"

triggers = st.builds(At, st.integers(0, 23), st.integers(0, 59), st.none() | st.integers(0, 6))
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.integers(31_536_000, 2_840_140_800).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)
)  # 1971 to 2060


def due(text, last, zone=MADRID):
    """The next due moment, as local clocks show it with their offset."""
    moment = next_due(parse_trigger(text), dt.datetime.fromisoformat(last), ZoneInfo(zone))
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("15s", Every(15)),
        ("10m", Every(600)),
        ("6h", Every(21_600)),
        ("03:00", At(3, 0)),
        ("7:05", At(7, 5)),
        ("mon 07:00", At(7, 0, 0)),
        (" SUN  23:59 ", At(23, 59, 6)),
        ("off", Off()),
    ],
)
def test_what_is_allowed_is_understood_and_written_back(text, trigger):
    assert parse_trigger(text) == trigger
    assert parse_trigger(str(trigger)) == trigger


@pytest.mark.parametrize(
    "text", ["", "15", "0s", "-5m", "1.5h", "1d", "24:00", "12:60", "lun 07:00", "mon", "on", "٣s"]
)
def test_anything_else_is_an_error_that_says_what_is_allowed(text):
    with pytest.raises(ValueError, match="allowed: 15s, 10m, 6h, 03:00, mon 07:00, off"):
        parse_trigger(text)


@pytest.mark.parametrize(("seconds", "text"), [(90, "90s"), (120, "2m"), (3_600, "1h"), (2.5, "2.5s")])
def test_an_interval_is_written_in_its_largest_whole_unit(seconds, text):
    assert str(Every(seconds)) == text


def test_an_interval_counts_seconds_whatever_the_clocks_do():
    assert due("6h", "2026-10-24T23:00:00+00:00") == "2026-10-25T06:00+01:00"


def test_off_is_never_due():
    assert next_due(Off(), dt.datetime.now(dt.UTC), ZoneInfo(MADRID)) is None


@pytest.mark.parametrize(
    ("text", "last", "moment"),
    [
        ("03:00", "2026-06-01T02:59:59+02:00", "2026-06-01T03:00+02:00"),
        ("03:00", "2026-06-01T03:00:00+02:00", "2026-06-02T03:00+02:00"),
        ("mon 07:00", "2026-06-01T06:00:00+02:00", "2026-06-01T07:00+02:00"),
        ("mon 07:00", "2026-06-01T07:00:00+02:00", "2026-06-08T07:00+02:00"),
        # After a week of missed turns and one run at eleven the next is tomorrow's.
        ("03:00", "2026-06-09T11:00:00+02:00", "2026-06-10T03:00+02:00"),
    ],
)
def test_a_time_of_day_is_of_the_workbooks_zone(text, last, moment):
    assert due(text, last) == moment


def test_a_time_that_the_spring_night_leaves_out_is_the_next_that_exists():
    assert due("02:30", "2026-03-28T12:00:00+01:00") == "2026-03-29T03:00+02:00"
    assert due("02:30", "2026-03-29T03:00:00+02:00") == "2026-03-30T02:30+02:00"


def test_a_time_that_comes_twice_in_the_autumn_night_runs_once():
    assert due("02:30", "2026-10-24T12:00:00+02:00") == "2026-10-25T02:30+02:00"
    assert due("02:30", "2026-10-25T02:30:00+02:00") == "2026-10-26T02:30+01:00"
    assert due("02:30", "2026-10-25T02:45:00+02:00") == "2026-10-26T02:30+01:00"


def test_a_gap_of_half_an_hour_and_one_of_a_day():
    assert due("02:15", "2026-10-03T12:00:00+10:30", "Australia/Lord_Howe") == "2026-10-04T02:30+11:00"
    assert due("12:00", "2011-12-29T13:00:00-10:00", "Pacific/Apia") == "2011-12-31T00:00+14:00"


@pytest.mark.long
@given(triggers, moments, zones)
def test_the_due_moment_shows_the_time_or_ends_the_gap_that_leaves_it_out(trigger, last, zone):
    moment = next_due(trigger, last, zone)
    assert moment > last
    local, before = (one.astimezone(zone) for one in (moment, moment - dt.timedelta(seconds=1)))
    if (local.hour, local.minute, local.second) == (trigger.hour, trigger.minute, 0):
        assert trigger.weekday in {None, local.weekday()}
    else:
        assert local.utcoffset() > before.utcoffset()
        wanted = dt.time(trigger.hour, trigger.minute)
        skipped = before.replace(tzinfo=None), local.replace(tzinfo=None)
        days = {skipped[0].date() + dt.timedelta(days=n) for n in range(3)}
        assert any(skipped[0] < dt.datetime.combine(day, wanted) < skipped[1] for day in days)


@pytest.mark.long
@given(triggers, moments, zones)
def test_each_day_of_the_calendar_has_one_turn_and_no_turn_is_passed_over(trigger, last, zone):
    """Of twenty turns in a row no two are of one day, and none is further away than its day."""
    turns = [last]
    for _ in range(20):
        turns.append(next_due(trigger, turns[-1], zone))
    days = [turn.astimezone(zone).date() for turn in turns[1:]]
    period = 1 if trigger.weekday is None else 7
    gaps = [(b - a).days for a, b in pairwise(days)]
    # A day that the calendar left out (Samoa, 2011) has its turn as the next begins, which may have one of its own.
    assert all(period - 1 <= gap <= period + 1 for gap in gaps)
    assert sum(gap != period for gap in gaps) <= 2
    assert turns[1] - last <= dt.timedelta(days=period + 1, hours=3)


@pytest.mark.long
@given(triggers, moments, zones, st.floats(0, 1))
def test_a_run_between_two_turns_moves_neither(trigger, last, zone, share):
    first = next_due(trigger, last, zone)
    between = last + (first - last) * share * 0.999
    assert next_due(trigger, between, zone) == first
