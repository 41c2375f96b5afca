"""A plan too large for one write goes in parts; whoever goes on after a crash ends where an undisturbed run does."""

from dataclasses import replace

import pytest
import requests

from sheets_crm import sample
from sheets_crm.engine.run import run_once
from sheets_crm.engine.session import RunRequest
from sheets_crm.engine.working_state import Budget
from sheets_crm.errors import Conflict, Retryable

pytestmark = pytest.mark.long

SMALL = Budget(rows=7, leads=6)


def seldom(*cases):
    return [pytest.param(*case, marks=pytest.mark.long) for case in cases]


class DiedError(BaseException):
    """The process is gone."""


class Mortal:
    """A gateway whose process dies around one of its writes."""

    def __init__(self, gateway, after, *, applied=True):
        self._gateway, self._left, self._applied = gateway, after, applied

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    def apply(self, *args, **options):
        self._left -= 1
        if self._left < 0 and not self._applied:
            raise DiedError
        answer = self._gateway.apply(*args, **options)
        if self._left < 0:
            raise DiedError
        return answer


def run(desk, request=None, *, app=None, budget=SMALL):
    context = (app or desk.app).context
    return run_once(replace(context.ports(), budget=budget), context.settings, request or RunRequest(now=True))


def compared(desk):
    """Everything but times, runs and the order of appended rows."""
    found = {}
    for title in desk.titles():
        if title in {"Log", "System", "Control", "Dashboard", "History", "Lead Profile"}:
            continue
        header, *rows = desk.cells(title)
        timed = [n for n, name in enumerate(header) if str(name).endswith("_at") or name in {"when", "age"}]
        found[title] = sorted([str(cell) for n, cell in enumerate(row) if n not in timed] for row in rows)
    return found


def test_a_send_over_several_writes_is_one_batch(open_desk):
    desk = open_desk("imported")
    desk.tick("Verification Input")
    total = len(desk.rows("Verification Input"))

    result = run(desk)

    assert len(result.plans) == -(-total // SMALL.leads)
    (batch,) = desk.rows("Batches")
    assert (batch["id"], batch["size"], batch["outstanding"]) == ("V-0001", total, total)
    assert len(desk.rows("Verification Batch")) == total
    assert len({lead["verification_sent_at"] for lead in desk.leads().values()}) == 1
    assert desk.sync()["idle"] is True


@pytest.mark.long
def test_take_n_over_several_writes_sends_the_first_n(open_desk):
    desk = open_desk("imported")
    listed = [row["LeadNumber"] for row in desk.rows("Verification Input")]
    desk.set_control("step.verification", "D", 17)
    desk.set_control("step.verification", "E", True)

    run(desk)

    assert sorted(row["LeadNumber"] for row in desk.rows("Verification Batch")) == sorted(listed[:17])
    assert desk.control("step.verification")[1][4] is False
    assert [row["size"] for row in desk.rows("Batches")] == [17]
    assert desk.sync()["idle"] is True


@pytest.mark.parametrize(
    ("after", "applied"), [(1, True), *seldom((0, True), (0, False), (1, False), (3, True), (3, False))]
)
def test_a_send_killed_between_its_parts_is_continued_as_the_same_batch(open_desk, after, applied):
    undisturbed, killed = open_desk("imported"), open_desk("imported")
    for desk in (undisturbed, killed):
        desk.tick("Verification Input", 20)
    run(undisturbed)
    dying = killed.worker(wrap=lambda gateway: Mortal(gateway, after, applied=applied))
    with pytest.raises(DiedError):
        run(killed, app=dying)

    run(killed, app=killed.worker("state of another machine"))

    assert [row["size"] for row in killed.rows("Batches")] == [20]
    assert compared(killed) == compared(undisturbed)


@pytest.mark.parametrize(
    ("after", "applied"), [(2, True), *seldom((0, True), (0, False), (1, True), (2, False), (4, True))]
)
def test_a_drop_killed_between_its_parts_is_continued_with_its_counts(open_desk, after, applied):
    undisturbed, killed = open_desk("sent"), open_desk("sent")
    header, rows = sample.verification_output(*killed.batch("Verification"), seed=3)
    bad = [["99999", *row[1:]] for row in rows[:3]]
    for desk in (undisturbed, killed):
        desk.paste(header, [*rows[:5], *bad, *rows[5:]])
    run(undisturbed)
    dying = killed.worker(wrap=lambda gateway: Mortal(gateway, after, applied=applied))
    with pytest.raises(DiedError):
        run(killed, app=dying)

    run(killed, app=killed.worker("state of another machine"))

    (drop,) = [row for row in killed.rows("Imports") if row["step"] == "verification"]
    assert drop["rows"] == len(rows) + 3
    assert drop["rejected"] == 3
    assert sum(drop[name] for name in ("new", "updated", "unchanged", "duplicate", "rejected")) == drop["rows"]
    assert compared(killed) == compared(undisturbed)
    assert not [title for title in killed.titles() if title.startswith("Claim")]


@pytest.mark.parametrize("after", [2, pytest.param(0, marks=pytest.mark.long)])
def test_an_import_killed_between_its_parts_is_finished_by_the_next_run(open_desk, after):
    undisturbed, killed = open_desk("initialised"), open_desk("initialised")
    header, rows = sample.export_rows(30)
    undisturbed.load(header, rows)
    dying = killed.worker(wrap=lambda gateway: Mortal(gateway, after))
    alive, killed.app = killed.app, dying
    slow = dying.context
    object.__setattr__(
        slow, "run", lambda request: run_once(replace(slow.ports(), budget=SMALL), slow.settings, request)
    )
    with pytest.raises(DiedError):
        killed.load(header, rows)
    killed.app = alive

    killed.sync()

    assert compared(killed) == compared(undisturbed)
    (drop,) = killed.rows("Imports")
    assert drop["rows"] == len(rows)
    assert sum(drop[name] for name in ("new", "updated", "unchanged", "duplicate", "rejected")) == drop["rows"]
    assert killed.sync()["idle"] is True


@pytest.mark.long
def test_undo_and_close_over_several_writes(open_desk):
    for act, state in (("batch_undo", "ready"), ("batch_close", "completed")):
        desk = open_desk("sent")
        context = desk.app.context
        object.__setattr__(
            context,
            "run",
            lambda request, own=context: run_once(replace(own.ports(), budget=SMALL), own.settings, request),
        )
        total = len(desk.rows("Verification Batch"))
        getattr(desk.app, act)("V-0001")
        assert {lead["verification_status"] for lead in desk.leads().values()} == {state}
        (batch,) = desk.rows("Batches")
        assert (batch["outstanding"], batch["undone"] + batch["closed"]) == (0, total)


class Rival:
    """A gateway that another worker outruns at its first writes."""

    def __init__(self, gateway, other, times):
        self._gateway, self._other, self._times = gateway, other, times

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    def apply(self, *args, **options):
        if self._times:
            self._times -= 1
            self._other()
        return self._gateway.apply(*args, **options)


def test_the_loser_of_two_workers_plans_again_and_sends_nobody_twice(open_desk):
    desk = open_desk("imported")
    desk.tick("Verification Input", 10)
    winner = desk.worker("other")
    loser = desk.worker("mine", wrap=lambda gateway: Rival(gateway, lambda: run(desk, app=winner), 1))

    result = run(desk, app=loser)

    assert result.plans == []
    assert [row["size"] for row in desk.rows("Batches")] == [10]
    assert len(desk.rows("Verification Input")) == len(desk.leads()) - 10


@pytest.mark.long
def test_a_worker_that_always_loses_gives_up_with_a_conflict(open_desk):
    desk = open_desk("imported")
    desk.tick("Verification Input", 10)
    winner = desk.worker("other")

    def outrun():
        run(desk, app=winner)
        desk.tick("Verification Input", 2)

    loser = desk.worker("mine", wrap=lambda gateway: Rival(gateway, outrun, 9))
    with pytest.raises(Conflict):
        loser.sync(plan=False, now=True, force=False)
    assert sum(row["size"] for row in desk.rows("Batches")) == 10 + 3 * 2


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"match": "batchUpdate", "status": 429, "times": 2}, marks=pytest.mark.long),
        pytest.param({"match": "batchUpdate", "status": 503, "times": 2}, marks=pytest.mark.long),
        {"match": "batchUpdate", "mode": "drop_response", "times": 1},
        pytest.param({"match": "values:batchGet", "status": 500, "times": 2}, marks=pytest.mark.long),
    ],
    ids=["429", "503", "cut", "read"],
)
def test_passing_failures_leave_no_trace(open_desk, fault):
    undisturbed, troubled = open_desk("imported"), open_desk("imported")
    for desk in (undisturbed, troubled):
        desk.tick("Verification Input", 8)
    undisturbed.sync()
    troubled.fault(**fault)

    troubled.sync()

    assert compared(troubled) == compared(undisturbed)
    assert troubled.sync()["idle"] is True


@pytest.mark.long
def test_a_failure_that_stays_is_told_and_the_next_run_ends_the_same(open_desk):
    undisturbed, troubled = open_desk("imported"), open_desk("imported")
    for desk in (undisturbed, troubled):
        desk.tick("Verification Input", 8)
    undisturbed.sync()
    troubled.fault(match="batchUpdate", status=503, times=99)
    with pytest.raises(Retryable) as caught:
        troubled.sync()
    assert caught.value.remedy
    requests.delete(f"{troubled.server.url}/_emulator/faults", timeout=5)

    troubled.sync()

    assert compared(troubled) == compared(undisturbed)


def test_rejected_grows_by_the_rows_it_gets_whatever_the_parts(open_desk):
    desk = open_desk("sent")
    strangers = [[f"https://www.linkedin.com/in/nobody-{n}", f"nobody{n}@example.com", "valid"] for n in range(60)]
    desk.paste(["personLinkedinUrl", "email", "email status"], strangers)

    result = run(desk)

    filled = len(desk.cells("Rejected"))
    assert len(result.plans) > 2
    assert filled > len(strangers)
    assert desk.tab("Rejected", "owner").row_count == filled
