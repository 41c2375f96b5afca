"""What a run takes of a poll and remembers of it, as values: quiet polls, and edited rows that stand still."""

import itertools
from dataclasses import replace

import pytest
from snapshots import settings

from sheets_crm.engine import preflight
from sheets_crm.engine.poll import PollResult
from sheets_crm.engine.preflight import debounced, polled_before, save_quiet_poll
from sheets_crm.engine.session import RunPorts, RunRequest, Session
from sheets_crm.plan.plan import Plan
from sheets_crm.workbook.system import SystemState
from sheets_crm.workbook.two_way.rows import UNREADABLE, Spill

LISTED = 200
"""Rows that a poll lists of a table."""


@pytest.fixture
def session(tmp_path):
    """A run that has polled."""
    ports = RunPorts(None, lambda: 1_000.0, lambda _seconds: None, itertools.count(1), "run-1", None)
    return Session.of(ports, settings(state_dir=tmp_path), RunRequest())


def polled(count: int, listed: int | None = None) -> PollResult:
    """A poll that shows so many edited rows of a table, of which the first are listed."""
    shown = min(count, LISTED) if listed is None else listed
    joins = {row: f"S-{row:04}␟word" for row in range(1, shown + 1)}
    return PollResult(SystemState(edits={"scratch": Spill(count, joins)}), ("edits.scratch",))


# -- a poll that asked for something about which nothing could be done


def test_a_quiet_poll_is_remembered_so_that_the_next_run_need_not_read(session):
    save_quiet_poll(session, polled(1))
    assert polled_before(session, polled(1))
    assert not polled_before(session, polled(2))


def test_a_poll_with_rows_that_are_being_typed_is_not_quiet(session):
    """The same list of edits asks again: the row may have stood still by the next poll, and then it counts."""
    session.save_facts(rows_moving={"scratch": {"S-0001": 990.0}})
    save_quiet_poll(session, polled(1))
    assert not polled_before(session, polled(1))
    session.save_facts(rows_moving={"scratch": {}})
    save_quiet_poll(session, polled(1))
    assert polled_before(session, polled(1))


def test_a_poll_that_asks_for_nothing_or_led_to_a_plan_is_not_remembered(session):
    save_quiet_poll(session, replace(polled(1), asked=()))
    session.request = RunRequest(plan_only=True)
    save_quiet_poll(session, polled(1))
    session.request = RunRequest()
    session.result.plans.append(Plan(()))
    save_quiet_poll(session, polled(1))
    assert "quiet" not in session.remembered


# -- tables with more edited rows than a poll lists


def settled(session, monkeypatch, *polls: PollResult):
    """The edits that a run takes after so many polls, the first of which made it run."""
    later = iter(polls[1:])
    monkeypatch.setattr(preflight, "poll_workbook", lambda _session: next(later))
    debounced(session, polls[0])
    return session.edited


def test_more_edited_rows_than_are_listed_count_once_their_number_stands_still(session, monkeypatch):
    """The listed rows are the same in both polls, while a block is still being pasted below them."""
    assert settled(session, monkeypatch, polled(250), polled(251)).everything == frozenset()
    assert settled(session, monkeypatch, polled(250), polled(250)).everything == {"scratch"}


def test_rows_that_are_all_listed_are_never_read_with_the_whole_table(session, monkeypatch):
    edited = settled(session, monkeypatch, polled(LISTED), polled(LISTED))
    assert edited.everything == frozenset()
    assert len(edited.still["scratch"]) == LISTED


def test_a_list_that_shows_an_error_counts_once_it_did_so_in_two_polls(session, monkeypatch):
    broken = polled(UNREADABLE, 0)
    assert settled(session, monkeypatch, polled(1), broken, broken).everything == {"scratch"}


def test_a_run_that_does_not_wait_takes_what_it_polled(session, monkeypatch):
    session.request = RunRequest(now=True)
    assert settled(session, monkeypatch, polled(250)).everything == {"scratch"}
