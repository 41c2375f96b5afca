"""One budget bounds a command: requests and cycles of reading, planning and writing draw on it together."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm import sample
from sheets_crm.engine import applying, retries
from sheets_crm.engine.retries import ReadAgain, RetryBudget, read_again
from sheets_crm.engine.working_state import Budget
from sheets_crm.errors import Conflict, Retryable, SheetError, TabGone, WorkbookBusy
from sheets_crm.google.client import SheetsHTTPClient
from sheets_crm.google.failures import BadAnswer
from sheets_crm.google.retry import READ, Retrier
from sheets_crm.operations.context import Context

PACKAGE = Path(retries.__file__).parents[1]


class Time:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def budget():
    return RetryBudget()


class Attempt:
    """Raises what it is given, in order, then answers."""

    def __init__(self, *errors, time=None, takes=0.0):
        self.errors, self.made, self.time, self.takes = list(errors), 0, time, takes

    def __call__(self):
        self.made += 1
        if self.time:
            self.time.now += self.takes
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.mark.parametrize("error", [Conflict("x"), TabGone("x"), ReadAgain("x")])
def test_what_moved_is_read_again_three_times_at_most(budget, error):
    assert read_again(budget, Attempt(*[error] * 3)) == "done"
    budget.refill()
    attempt = Attempt(*[error] * 9)
    with pytest.raises((Conflict, TabGone, WorkbookBusy)):
        read_again(budget, attempt)
    assert attempt.made == 4


def test_any_other_failure_is_raised_at_once(budget):
    attempt = Attempt(SheetError("x"))
    with pytest.raises(SheetError):
        read_again(budget, attempt)
    assert attempt.made == 1


def test_only_another_writer_ends_in_a_conflict(budget):
    with pytest.raises(Conflict, match="number 7"):
        read_again(budget, Attempt(*[Conflict("Another writer took number 7 first")] * 9))
    budget.refill()
    with pytest.raises(WorkbookBusy) as caught:
        read_again(budget, Attempt(*[ReadAgain("Rows moved while they were written (2)", state="noted")] * 9))
    assert caught.value.message.startswith("Rows moved while they were written (2), and it did so each time")
    assert caught.value.state == "noted"
    assert "Run the same command again" in caught.value.remedy
    assert isinstance(caught.value, Retryable)
    assert not isinstance(caught.value, Conflict)


def test_what_led_to_reading_again_is_told_when_it_does_not_help(budget):
    def refused():
        error = SheetError("Google's words")
        error.__cause__ = KeyError("k")
        raise ReadAgain("A write was refused") from error

    with pytest.raises(SheetError, match="Google's words") as caught:
        read_again(budget, refused)
    assert isinstance(caught.value.__cause__, KeyError)


def test_cycles_within_a_cycle_do_not_multiply(budget):
    inner = Attempt(*[Conflict("x")] * 99)
    with pytest.raises(Conflict):
        read_again(budget, lambda: read_again(budget, lambda: read_again(budget, inner)))
    assert inner.made == 5  # four, and once more by the outermost


def test_one_after_another_draw_on_the_same_budget(budget):
    assert read_again(budget, Attempt(Conflict("x"), Conflict("x"))) == "done"
    attempt = Attempt(*[ReadAgain("x")] * 9)
    with pytest.raises(WorkbookBusy):
        read_again(budget, attempt)
    assert attempt.made == 2


def test_requests_within_cycles_do_not_multiply(time, budget):
    """Eight attempts at each of two requests of each of four cycles were sixty-four before."""
    retrier, request = Retrier(budget=budget, clock=time, sleep=time.sleep, jitter=lambda: 0.0), Attempt()

    def cycle():
        request.errors = [BadAnswer("x")] * 6
        retrier.call(READ, request)
        raise ReadAgain("x")

    with pytest.raises(Retryable):
        read_again(budget, cycle)
    assert budget.spent <= budget.repeats
    assert request.made <= 1 + budget.repeats


def test_one_request_is_not_given_all_of_it(time, budget):
    retrier, request = Retrier(budget=budget, clock=time, sleep=time.sleep), Attempt(*[BadAnswer("x")] * 99)
    with pytest.raises(Retryable):
        retrier.call(READ, request)
    assert request.made == 8


def test_requests_one_after_another_use_it_up(time, budget):
    retrier = Retrier(budget=budget, clock=time, sleep=time.sleep, jitter=lambda: 0.0)
    failed = 0
    for _ in range(30):
        try:
            retrier.call(READ, Attempt(BadAnswer("x")))
        except Retryable:
            failed += 1
    assert failed == 10
    budget.refill()
    assert retrier.call(READ, Attempt(BadAnswer("x"))) == "done"


def test_time_lost_is_bounded_over_all_calls(time, budget):
    retrier = Retrier(budget=budget, clock=time, sleep=time.sleep, jitter=lambda: 0.0)
    slow = Attempt(*[BadAnswer("x")] * 3, time=time, takes=100.0)
    with pytest.raises(Retryable):
        retrier.call(READ, slow)
    assert slow.made == 3
    # The second attempt at a call is made all the same: it decides a write whose response was lost.
    again = Attempt(*[BadAnswer("x")] * 9, time=time, takes=100.0)
    with pytest.raises(Retryable):
        retrier.call(READ, again)
    assert again.made == 2


def test_what_succeeds_takes_nothing_of_the_time(time, budget):
    assert read_again(budget, Attempt(time=time, takes=5_000.0)) == "done"
    assert budget.lost == 0
    # A cycle reads, waits for the quota and may have written parts: what it took is not lost.
    assert read_again(budget, Attempt(Conflict("x"), Conflict("x"), time=time, takes=100.0)) == "done"
    assert budget.lost == 0


def test_a_part_that_is_written_gives_back_what_requests_used_up_but_no_cycle(time, budget):
    retrier = Retrier(budget=budget, clock=time, sleep=time.sleep, jitter=lambda: 0.0)
    read_again(budget, Attempt(Conflict("x")))
    for _ in range(50):
        assert retrier.call(READ, Attempt(BadAnswer("x"))) == "done"
        budget.progressed()
    assert (budget.spent, budget.lost) == (retries.CYCLE, 0)
    budget.refill()
    assert budget.spent == 0


@pytest.mark.long
def test_an_import_of_many_parts_meets_a_failure_in_each(open_desk, monkeypatch):
    desk, once, writes = open_desk(), SheetsHTTPClient._once, []

    def failing(self, policy, *given):
        writes.extend([policy] * policy.writes)
        if policy.writes and len(writes) % 2:
            raise BadAnswer("half an answer")
        return once(self, policy, *given)

    ports = Context.ports
    monkeypatch.setattr(Context, "ports", lambda self: replace(ports(self), budget=Budget(rows=1, leads=1)))
    monkeypatch.setattr(SheetsHTTPClient, "_once", failing)
    desk.load(*sample.export_rows(30))
    assert len(writes) > 2 * retries.REPEATS
    assert len(desk.leads()) == 30


def test_a_cycle_may_be_made_once_more_whatever_requests_have_used_up(budget):
    budget.spend(budget.repeats, 1e9)
    assert read_again(budget, Attempt(Conflict("x"))) == "done"
    with pytest.raises(Conflict):
        read_again(budget, Attempt(Conflict("x"), Conflict("x")))


def test_what_requests_lost_within_a_cycle_counts_once(time, budget):
    retrier = Retrier(budget=budget, clock=time, sleep=time.sleep, jitter=lambda: 0.0)
    cycle = Attempt(Conflict("x"))

    def attempt():
        retrier.call(READ, Attempt(BadAnswer("x"), time=time, takes=10.0))
        return cycle()

    assert read_again(budget, attempt) == "done"
    assert budget.lost == pytest.approx(time.now - 2 * 10.0)  # all but the good answers


@pytest.mark.long
@given(st.lists(st.sampled_from(["request", "cycle", "nested"]), max_size=12), st.integers(0, 40))
def test_whatever_a_command_does_it_repeats_no_more_than_its_budget(kinds, repeats):
    time = Time()
    budget = RetryBudget(repeats=repeats)
    retrier = Retrier(budget=budget, clock=time, sleep=time.sleep, jitter=lambda: 0.0)
    made = 0

    def fails(error):
        nonlocal made
        made += 1
        raise error

    def nested():
        retrier.call(READ, lambda: None if made % 3 else fails(BadAnswer("x")))
        fails(Conflict("x"))

    calls = {
        "request": lambda: retrier.call(READ, lambda: fails(BadAnswer("x"))),
        "cycle": lambda: read_again(budget, lambda: fails(Conflict("x"))),
        "nested": lambda: read_again(budget, nested),
    }
    for kind in kinds:
        with pytest.raises((Retryable, Conflict)):
            calls[kind]()
    # A cycle is made once more in any case, with all that it asks for.
    assert made <= 4 * len(kinds) + repeats
    assert budget.spent <= repeats + retries.CYCLE * len(kinds)


def test_a_retrier_of_no_command_gives_each_call_a_budget_of_its_own(time):
    retrier = Retrier(clock=time, sleep=time.sleep)
    for _ in range(30):
        assert retrier.call(READ, Attempt(BadAnswer("x"))) == "done"


def test_nothing_else_repeats_what_collided():
    """`Conflict` is caught to tidy up or to leave a small thing undone; who repeats does it through `read_again`."""
    catching = {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8").count("except (Conflict")
        for path in PACKAGE.rglob("*.py")
        if "except (Conflict" in path.read_text("utf-8") or "except Conflict" in path.read_text("utf-8")
    }
    assert catching == {
        "engine/retries.py": 1,
        "engine/applying.py": 1,  # these three forget what was noted of a write that was not made
        "engine/control_writing.py": 1,
        "engine/setting_up.py": 1,
        "engine/preflight.py": 1,  # a heartbeat is left to the next poll
    }


# -- on a workbook


@pytest.mark.long
def test_a_command_begins_with_a_whole_budget_that_its_requests_share(open_desk):
    desk = open_desk("imported")
    budget = desk.app.context.retries
    assert desk.app.context.gateway._http._wire.retrier.budget is budget
    assert desk.app.context.ports().retries is budget
    budget.spend(budget.repeats, 1e9)
    desk.tick("Verification Input", 2)
    desk.server.application.faults.arm({"match": "batchUpdate", "status": 503, "times": 1})
    assert desk.sync()["writes"] == 1
    assert budget.spent == 1


@pytest.mark.long
def test_a_workbook_that_never_stands_still_is_told_so(open_desk, monkeypatch):
    """Somebody moves rows in the second of each write: that is no other writer, and the next run puts it right."""
    desk = open_desk("imported")
    desk.tick("Verification Input", 1)

    def moved(*_):
        desk.tick("Verification Input", 1)
        return 2

    with monkeypatch.context() as patch:
        patch.setattr(applying, "misplaced", moved)
        with pytest.raises(WorkbookBusy, match="Rows moved while they were written") as caught:
            desk.sync()
    assert "next run puts it right" in caught.value.state
    assert [row["size"] for row in desk.rows("Batches")] == [1] * 4
    desk.sync()
    assert desk.sync()["writes"] == 0
    assert len(desk.rows("Batches")) == 5


@pytest.mark.long
def test_a_plan_that_grew_old_is_made_again_and_not_applied(open_desk, monkeypatch):
    """What was read is two minutes old when it is to be written: somebody may have sorted meanwhile."""
    desk = open_desk("imported")
    desk.tick("Verification Input", 4)
    ages, decided = [130.0, 110.0], applying._decided

    def slow(session, snapshot, *others, **options):
        found = decided(session, snapshot, *others, **options)
        if ages:
            desk.now = snapshot.read_at + ages.pop(0)
        return found

    monkeypatch.setattr(applying, "_decided", slow)
    said = []
    context = replace(desk.app.context, progress=said.append)
    object.__setattr__(desk.app, "context", context)
    report = desk.sync()
    assert report["sent"] == {"V-0001": 4}
    assert ages == []
    assert [text for text in said if "too old" in text] == ["The plan grew too old to be applied: reading again"]
