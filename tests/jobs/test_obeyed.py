"""A job that waits for what a run does with its command: beside a worker, alone, and when no run comes."""

import pytest

from jobs import context as of_jobs
from jobs import once
from jobs.context import JobContext
from jobs.leases import FileLeases
from jobs.records import LocalRecords
from jobs.registry import Job
from jobs.sync_job import make_run
from sheets_crm.engine.commands import Command
from sheets_crm.engine.report import Report
from sheets_crm.errors import Retryable


class Wish(Command):
    """What a job asks for."""


class Book:
    """Notes the commands of its runs, which fail as they are told."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.obeyed = []

    def sync(self, *, commands, **_how):
        failure = self.failures.pop(0) if self.failures else None
        if failure:
            raise failure
        self.obeyed += commands
        return Report("done")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(of_jobs, "WAIT_SECONDS", 0.001)


def beside_a_worker(book, tmp_path):
    """A context whose worker makes a run each time that the job looks whether it is to end."""
    context = JobContext(book, tmp_path)
    context.check = lambda: make_run(context, scheduled=True)
    return context


def test_a_job_goes_on_when_a_run_went_through_with_its_command(tmp_path):
    context, wish = beside_a_worker(book := Book(), tmp_path), Wish()
    assert context.obeyed(wish, 5)
    assert book.obeyed == [wish]


def test_a_run_that_fails_gives_the_command_to_the_next_one(tmp_path):
    context = JobContext(book := Book(Retryable("no answer")), tmp_path)

    def run():
        try:
            make_run(context, scheduled=True)
        except Retryable:
            return

    context.check = run
    assert context.obeyed(Wish(), 5)
    assert len(book.obeyed) == 1


def test_a_command_that_makes_its_run_fail_is_dropped_and_did_not_go_through(tmp_path, caplog):
    context = beside_a_worker(book := Book(ValueError("odd"), None, ValueError("odd")), tmp_path)
    assert not context.obeyed(Wish(), 5)
    assert book.obeyed == []
    assert "Wish" in caplog.text


def test_a_command_that_no_run_comes_to_in_time_does_not_wait_for_ever(tmp_path):
    context = JobContext(Book(), tmp_path)
    assert not context.obeyed(Wish(), 0.002)
    assert context.commands.take() == ()


def test_others_commands_stay_when_one_is_taken_back(tmp_path):
    context, other = JobContext(Book(), tmp_path), Wish()
    context.commands.hand(other)
    assert not context.obeyed(Wish(), 0.002)
    assert context.commands.take() == (other,)


def test_a_job_that_runs_alone_makes_the_runs_itself(tmp_path):
    book, answers = Book(), []
    context = JobContext(book, tmp_path, name="waiting")

    class Loaded(Job):
        def load(self):
            return lambda given: answers.append(given.obeyed(Wish(), 5))

    once.run_once(Loaded("waiting", "2m", ""), context, FileLeases(tmp_path), LocalRecords(tmp_path), lambda: 1.0)
    assert answers == [True]
    assert [type(one) for one in book.obeyed] == [Wish]
