"""Turns: times of day, what is missed, leases, records, commands of jobs; threads that wait for nobody."""

import datetime as dt
import logging
import threading
import time
from collections import deque
from zoneinfo import ZoneInfo

import pytest
from cache_rows import change, put, rows_of
from test_worker import Runs, play

from jobs import registry, sync_job
from jobs.assembly import Plan, task_key, task_name, tasks
from jobs.context import HandedCommands, JobContext
from jobs.failing import failing
from jobs.leases import FileLeases
from jobs.listing import Listed
from jobs.ports import WorkerPorts
from jobs.records import LocalRecords, Record
from jobs.stopper import Stopper
from jobs.task import Task
from jobs.triggers import At, Every, Off
from jobs.turns import Turns
from jobs.worker import Worker
from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.cached_rows import JOB_RECORDS
from sheets_crm.engine.commands import Command
from sheets_crm.engine.report import Report
from sheets_crm.errors import RefusedPlan, Retryable, SettingsError

MADRID = ZoneInfo("Europe/Madrid")
HOUR = 3_600


class MemoryRecords:
    """Records that end with the process."""

    def __init__(self) -> None:
        self.saved = {}

    def load(self, key):
        return self.saved.get(key)

    def save(self, key, record, *, repeats=False):
        self.saved[key] = record


class MemoryLeases:
    """Leases that run out by a clock, as a store's do."""

    def __init__(self, clock=time.monotonic) -> None:
        self.clock = clock
        self.held = {}

    def hold(self, name, owner, seconds):
        holder, until = self.held.get(name, (owner, 0.0))
        if holder != owner and until > self.clock():
            return False
        self.held[name] = owner, self.clock() + seconds
        return True

    def release(self, name, owner):
        if self.held.get(name, ("", 0))[0] == owner:
            del self.held[name]


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=MADRID).timestamp()


def nightly(run, trigger=At(3, 0)):  # noqa: B008 - a value
    return Task("nightly", trigger, run, lambda: "Europe/Madrid")


def times_of(runs, start):
    return [dt.datetime.fromtimestamp(start + n, MADRID).isoformat(" ", "minutes")[:16] for n in runs.times]


# -- times of day


@pytest.mark.long
def test_a_time_of_day_runs_when_it_comes_and_not_at_the_start():
    runs, start = Runs(), at("2026-10-23 12:00")
    play(nightly(runs), until=4 * 24 * HOUR, wall=lambda now: start + now)
    assert times_of(runs, start) == [f"2026-10-{day} 03:00" for day in (24, 25, 26, 27)]


@pytest.mark.long
def test_a_time_that_comes_twice_or_never_in_a_night_runs_once():
    for first, times in (
        ("2026-10-24 12:00", ["2026-10-25 02:30", "2026-10-26 02:30"]),
        ("2026-03-28 12:00", ["2026-03-29 03:00", "2026-03-30 02:30"]),
    ):
        runs, start = Runs(), at(first)
        play(nightly(runs, At(2, 30)), until=44 * HOUR, wall=lambda now, start=start: start + now)
        assert times_of(runs, start) == times


@pytest.mark.long
def test_turns_that_a_sleeping_machine_missed_come_once_when_it_wakes():
    """The monotonic clock stands still while the machine sleeps; three nights are missed."""
    runs, start = Runs(), at("2026-06-01 12:00")
    asleep = 3 * 24 * HOUR
    play(nightly(runs), until=24 * HOUR, wall=lambda now: start + now + (asleep if now > 600 else 0))
    assert [round(n / 60) for n in runs.times] == [11, 15 * 60]  # within a minute of waking, and the next night


@pytest.mark.long
def test_a_turn_that_was_missed_while_no_worker_ran_comes_at_the_start(tmp_path):
    records, start = LocalRecords(tmp_path), at("2026-06-05 12:00")
    records.save("nightly", Record(since=at("2026-06-01 03:00")))
    runs = Runs()
    play(nightly(runs), until=20 * HOUR, wall=lambda now: start + now, records=records)
    assert times_of(runs, start) == ["2026-06-05 12:00", "2026-06-06 03:00"]


@pytest.mark.long
def test_a_turn_that_is_missed_before_the_first_run_is_missed_too(tmp_path):
    """A worker that is on from nine to five only would never reach three o'clock."""
    day, night, runs = at("2026-06-01 09:00"), at("2026-06-02 09:00"), Runs()
    play(nightly(runs), until=8 * HOUR, wall=lambda now: day + now, records=LocalRecords(tmp_path))
    assert runs.times == []
    play(nightly(runs), until=8 * HOUR, wall=lambda now: night + now, records=LocalRecords(tmp_path))
    assert times_of(runs, night) == ["2026-06-02 09:00"]


@pytest.mark.long
def test_what_another_process_did_meanwhile_is_not_done_again(tmp_path):
    records, start = LocalRecords(tmp_path), at("2026-06-01 02:00")
    runs = Runs()

    def wall(now):
        if 3_000 < now < 3_100:
            LocalRecords(tmp_path).save("nightly", Record(start + now, "", at("2026-06-01 03:00")))
        return start + now

    play(nightly(runs), until=30 * HOUR, wall=wall, records=records)
    assert times_of(runs, start) == ["2026-06-02 03:00"]


def test_a_time_of_day_that_fails_is_tried_again_less_and_less_often_until_it_succeeds():
    runs, start = Runs(*[Retryable("no answer")] * 3), at("2026-06-01 02:00")
    play(nightly(runs), until=4 * HOUR, wall=lambda now: start + now)
    assert times_of(runs, start) == [f"2026-06-01 {when}" for when in ("03:00", "03:01", "03:03", "03:07")]


def test_a_time_of_day_that_waits_for_people_is_tried_each_minute():
    runs, start = Runs(*[RefusedPlan("shrunk", cause="c", remedy="confirm")] * 3), at("2026-06-01 02:59")
    play(nightly(runs), until=10 * 60, wall=lambda now: start + now)
    assert times_of(runs, start) == [f"2026-06-01 03:0{n}" for n in range(4)]


@pytest.mark.long
@pytest.mark.parametrize("back", [HOUR, 400 * 24 * HOUR])
def test_a_clock_that_is_put_back_does_not_hold_a_time_of_day_for_long(back):
    runs, start = Runs(), at("2026-06-02 01:00")
    play(nightly(runs), until=30 * HOUR, wall=lambda now: start + now - (back if now > 4 * HOUR else 0))
    assert len(runs.times) in {2, 3}


def test_an_interval_of_hours_goes_on_where_the_last_worker_left_it(tmp_path):
    records, runs = LocalRecords(tmp_path), Runs()
    records.save("long", Record(since=1_000.0))
    play(Task("long", Every(6 * HOUR), runs), until=8 * HOUR, wall=lambda now: 1_000 + HOUR + now, records=records)
    assert runs.times == [5 * HOUR]


@pytest.mark.long
def test_a_record_from_a_clock_that_was_ahead_stops_no_time_of_day(tmp_path):
    """Another process, or a trial of another time, may write it at any moment."""
    records, runs, start = LocalRecords(tmp_path), Runs(), at("2026-06-01 12:00")
    records.save("nightly", Record(at("2031-01-01 00:00"), "", at("2031-01-01 00:00")))

    def wall(now):
        if 24 * HOUR < now < 24 * HOUR + 100:
            records.save("nightly", Record(at("2030-01-01 00:00"), "", at("2030-01-01 00:00")))
        return start + now

    play(nightly(runs), until=40 * HOUR, wall=wall, records=records)
    assert times_of(runs, start) == ["2026-06-02 03:00", "2026-06-03 03:00"]


@pytest.mark.long
def test_what_another_process_did_between_the_look_and_the_lease_is_not_done_again(tmp_path):
    records, runs, start = LocalRecords(tmp_path), Runs(), at("2026-06-01 02:00")

    class Late(MemoryLeases):
        def hold(self, name, owner, seconds):
            if not records.load("nightly").ran_at:
                records.save("nightly", Record(at("2026-06-01 03:00"), "", at("2026-06-01 03:00") + 5))
            return super().hold(name, owner, seconds)

    play(nightly(runs), until=30 * HOUR, wall=lambda now: start + now, records=records, leases=Late(lambda: 0.0))
    assert times_of(runs, start) == ["2026-06-02 03:00"]


def test_a_run_is_recorded_before_its_lease_is_given_back(tmp_path):
    told = []

    class Watched(MemoryLeases):
        def release(self, name, owner):
            told.append(LocalRecords(tmp_path).load("sync").ran_at)
            super().release(name, owner)

    records = LocalRecords(tmp_path)
    play(Task("sync", Every(90), Runs(), at_start=True), until=100, records=records, leases=Watched(lambda: 0.0))
    assert told == [1_000, 1_090]


def test_a_time_zone_that_cannot_be_read_is_waited_for_and_told_once(caplog):
    asked, runs, start = [], Runs(), at("2026-06-01 02:00")

    def zone():
        asked.append(1)
        if 20 < len(asked) < 130:
            raise OSError(5, "Input/output error", "/state/workbook-1.json")
        return "Europe/Madrid"

    with caplog.at_level(logging.INFO, "jobs"):
        play(Task("nightly", At(3, 0), runs, zone), until=4 * HOUR, wall=lambda now: start + now)
    assert len(runs.times) == 1
    (told,) = [one.getMessage() for one in caplog.records if "time zone" in one.getMessage()]
    assert told.startswith("nightly: the workbook's time zone cannot be read; waiting: This machine refused")


@pytest.mark.parametrize("before", ["UTC", "America/New_York"])
def test_a_time_zone_that_changes_is_heeded_within_a_minute(before):
    """It is 02:00 in Madrid when the workbook becomes one of Madrid; until then three o'clock was hours away."""
    runs, start = Runs(), at("2026-06-01 00:00")
    zones = iter([before] * 4)
    task = Task("nightly", At(3, 0), runs, lambda: next(zones, "Europe/Madrid"))
    play(task, until=4 * HOUR, wall=lambda now: start + now)
    assert times_of(runs, start) == ["2026-06-01 03:00"]


# -- records


def test_a_success_soon_after_another_process_did_the_same_is_recorded_too(tmp_path):
    """Left out, the time of day would count as missed, and come again."""
    records, start = LocalRecords(tmp_path), at("2026-06-01 03:00")
    records.save("nightly", Record(start - 10, "", start - 10))
    play(nightly(Runs()), until=30, wall=lambda now: start + now, records=records)
    assert records.load("nightly").since >= start


def test_a_run_is_recorded_with_its_outcome_and_a_frequent_one_at_most_each_minute(tmp_path, monkeypatch):
    written, write = [], CacheFile.write
    monkeypatch.setattr(CacheFile, "write", lambda file, work: (written.append(1), write(file, work))[1])
    runs = Runs(*[None] * 9, Retryable("no answer"))
    play(Task("sync", Every(15), runs, at_start=True), until=149, records=LocalRecords(tmp_path))
    assert len(runs.times) == 10
    assert len(written) == 4, "at each of three minutes, and the failure"
    monkeypatch.undo()
    play(
        Task("sync", Every(15), Runs(), at_start=True),
        until=134,
        records=LocalRecords(tmp_path),
        wall=lambda now: 5_000 + now,
    )
    assert LocalRecords(tmp_path).load("sync") == Record(5_120.0, "", 5_120.0)
    play(
        Task("sync", Every(15), Runs(Retryable("no answer")), at_start=True),
        until=1,
        records=LocalRecords(tmp_path),
        wall=lambda now: 5_130 + now,
    )
    assert LocalRecords(tmp_path).load("sync") == Record(5_130.0, "no answer", 5_120.0)


def test_a_record_that_is_damaged_counts_as_none_and_one_that_cannot_be_written_stops_nothing(tmp_path, caplog):
    LocalRecords(tmp_path).save("sync", Record(1.0))
    assert change(tmp_path, "UPDATE job_records SET value = '{}'") == 1
    assert LocalRecords(tmp_path).load("sync") is None
    put(tmp_path, JOB_RECORDS, ("sync",), b"{}")
    assert LocalRecords(tmp_path).load("sync") is None
    (tmp_path / "file").touch()
    runs = Runs()
    with caplog.at_level(logging.ERROR, "jobs"):
        play(Task("sync", Every(15), runs, at_start=True), until=50, records=FullDisk(tmp_path))
    assert runs.times == [0, 15, 30, 45]
    (record,) = [one for one in caplog.records if one.name == "jobs.turns"]
    assert record.getMessage().startswith("sync: when it ran cannot be recorded: This machine refused")


class FullDisk(LocalRecords):
    def save(self, name, record, *, repeats=False):
        raise OSError(28, "No space left on device", name)


@pytest.mark.parametrize("name", ["sync", "alerts 1a_b-C", "../x/y", "ñ?*"])
def test_any_name_of_a_workbook_has_a_record_and_a_file_in_the_folder(tmp_path, name):
    LocalRecords(tmp_path).save(name, Record(2.0))
    assert LocalRecords(tmp_path).load(name) == Record(2.0)
    assert FileLeases(tmp_path / "jobs").hold(name, "a", 1)
    assert {path.parent for path in tmp_path.rglob("*.lock")} == {tmp_path / "jobs"}


# -- leases


@pytest.fixture(params=["files", "memory"])
def two(request, tmp_path):
    """Leases as two processes see them."""
    if request.param == "files":
        return FileLeases(tmp_path), FileLeases(tmp_path)
    return (MemoryLeases(),) * 2


def test_a_lease_has_one_owner_who_may_hold_it_again_and_give_it_back(two):
    one, other = two
    assert one.hold("job", "a", 60)
    assert one.hold("job", "a", 60)
    assert not other.hold("job", "b", 60)
    assert other.hold("another job", "b", 60)
    other.release("job", "b")
    assert not other.hold("job", "b", 60)
    one.release("job", "a")
    assert other.hold("job", "b", 60)
    assert not one.hold("job", "a", 60)


def test_a_job_that_runs_elsewhere_waits_for_its_next_turn_and_is_no_failure():
    leases = MemoryLeases(lambda: 0.0)
    leases.hold("sync", "another", 1)
    runs = Runs()
    turns = play(Task("sync", Every(15), runs, at_start=True), until=20, leases=leases)
    assert runs.times == []
    assert turns.health.failures == 0
    leases.release("sync", "another")
    play(Task("sync", Every(15), runs, at_start=True), until=20, leases=leases)
    assert runs.times == [0, 15]
    assert leases.held == {}


def test_that_a_job_runs_elsewhere_is_told_once_until_it_runs_here_again(caplog):
    leases, runs = MemoryLeases(lambda: 0.0), Runs()

    def wall(now):
        if 50 < now < 70:
            leases.held.pop("key", None)
        else:
            leases.held["key"] = "another", 1.0
        return 1_000.0 + now

    task = Task("norte: alerts", Every(15), runs, at_start=True, key="key")
    with caplog.at_level(logging.INFO, "jobs"):
        play(task, until=130, wall=wall, leases=leases)
    assert runs.times == [60]
    assert [one.getMessage() for one in caplog.records] == ["norte: alerts: already running elsewhere"] * 2


def test_a_workbook_is_locked_and_recorded_by_its_id_whatever_the_settings_call_it(tmp_path):
    """One with a long name has a file as well, and two workers that name it otherwise mean the same one."""
    long = "ñ" * 200
    context = JobContext(Book(), tmp_path, spreadsheet_id="1a_b-C" * 7)
    keys = {task.key for name in ("", "norte", long) for task in tasks(Plan(15), context, str, name)}
    assert keys == {task_key(registry.SYNC, context.spreadsheet_id)} == {"sync " + "1a_b-C" * 7}
    turns = play(*tasks(Plan(15), context, str, long), until=1, **of_this_machine(tmp_path))
    assert turns.health.error == ""
    assert {path.name for path in (tmp_path / "jobs").iterdir()} == {f"{key}.lock" for key in keys}
    assert {key for key, *_ in rows_of(tmp_path, "job_records")} == keys


def of_this_machine(state_dir):
    return {"leases": FileLeases(state_dir / "jobs"), "records": LocalRecords(state_dir)}


def test_leases_that_cannot_be_asked_fail_the_turn_and_not_the_worker(caplog):
    class Full(MemoryLeases):
        def hold(self, name, owner, seconds):
            raise OSError(28, "No space left on device", name)

    runs = Runs()
    turns = play(Task("sync", Every(15), runs, at_start=True), until=20, leases=Full())
    assert runs.times == []
    assert turns.health.failures == 2
    assert "This machine refused a file operation" in caplog.text


def test_a_failed_run_gives_its_lease_back():
    leases = MemoryLeases(lambda: 0.0)
    play(Task("sync", Every(15), Runs(ValueError()), at_start=True), until=1, leases=leases)
    assert leases.held == {}


def test_a_lease_is_held_for_longer_while_its_run_lasts_and_not_after_it():
    now = [0.0]
    leases = MemoryLeases(lambda: now[0])

    def run():
        for _ in range(10):
            now[0] += 60
            turns.renew()
            assert not leases.hold("long", "another", 1)

    turns = Turns(Task("long", Every(15), run, at_start=True), WorkerPorts(Stopper(), leases))
    turns.run_due()
    assert turns.health.error == ""
    turns.renew()
    assert leases.held == {}


def test_the_worker_holds_the_leases_of_runs_under_way(monkeypatch):
    monkeypatch.setattr("jobs.worker.CHECK_SECONDS", 0.01)
    stopper, leases, again = Stopper(lambda _: time.sleep(0.005)), MemoryLeases(), threading.Event()
    holds = []

    def hold(name, owner, seconds):
        holds.append(name)
        if holds.count("slow") == 3:
            again.set()
        return MemoryLeases.hold(leases, name, owner, seconds)

    leases.hold = hold

    def run():
        try:
            assert again.wait(5)
        finally:
            stopper.stop()

    worker = Worker(WorkerPorts(stopper, leases))
    worker.add(Task("slow", Every(15), run, at_start=True))
    worker.add(Task("idle", At(3, 0), lambda: None))
    worker.run()
    assert worker.health()["slow"].error == ""
    assert set(holds) == {"slow"}


# -- commands


class Broken(Command):
    """What no run can do."""


class Fine(Command):
    """What any run can do."""


class Book:
    """Makes runs; one with a `Broken` command fails."""

    def __init__(self, *failures):
        self.failures = deque(failures)
        self.runs = []

    def sync(self, *, commands, **_how):
        failure = self.failures.popleft() if self.failures else None
        if failure:
            raise failure
        if any(isinstance(command, Broken) for command in commands):
            raise SettingsError("no such batch")
        self.runs.append(tuple(commands))
        return Report("done")


def test_commands_are_done_by_the_next_run_in_their_order(tmp_path):
    book, commands, fine = Book(), HandedCommands(), [Fine(), Fine()]
    context = JobContext(book, tmp_path, commands=commands)
    commands.hand(fine[0])
    commands.hand(fine[1])
    sync_job.run(context)
    sync_job.run(context)
    assert book.runs == [tuple(fine), ()]


@pytest.mark.parametrize(
    "failure", [Retryable("no answer"), RefusedPlan("shrunk", cause="c"), OSError(28, "full")]
)
def test_commands_wait_for_a_run_that_is_not_kept_from_them(tmp_path, failure):
    book, commands, fine = Book(failure), HandedCommands(), [Fine(), Fine()]
    context = JobContext(book, tmp_path, commands=commands)
    commands.hand(fine[0])
    with pytest.raises(type(failure)):
        sync_job.run(context)
    commands.hand(fine[1])
    sync_job.run(context)
    assert book.runs == [tuple(fine)]


def test_a_command_that_no_run_can_do_is_dropped_and_reported_and_holds_nothing_back(tmp_path, caplog):
    book, commands, fine = Book(), HandedCommands(), [Fine(), Fine()]
    context = JobContext(book, tmp_path, commands=commands)
    commands.hand(fine[0], Broken(), fine[1])
    with caplog.at_level(logging.ERROR, "jobs"):
        sync_job.run(context)
    assert book.runs == [(), (fine[0],), (fine[1],)]
    assert [record.getMessage() for record in caplog.records] == [
        "sync: a command that cannot be carried out is dropped (Broken); everything else goes on"
    ]
    sync_job.run(context)
    assert book.runs[-1] == ()


def test_a_run_that_fails_without_commands_too_drops_none(tmp_path):
    book, commands, fine = Book(ZeroDivisionError(), ZeroDivisionError()), HandedCommands(), Fine()
    context = JobContext(book, tmp_path, commands=commands)
    commands.hand(fine)
    with pytest.raises(ZeroDivisionError):
        sync_job.run(context)
    assert commands.take() == (fine,)


def test_what_was_not_done_waits_before_what_was_handed_in_meanwhile(tmp_path):
    commands, fine = HandedCommands(), [Fine(), Fine()]

    class Busy(Book):
        def sync(self, *, commands, **how):
            if len(self.failures) == 1:
                context.commands.hand(fine[1])
            return super().sync(commands=commands, **how)

    book = Busy(Retryable("no answer"))
    context = JobContext(book, tmp_path, commands=commands)
    commands.hand(fine[0])
    with pytest.raises(Retryable):
        sync_job.run(context)
    sync_job.run(context)
    ((first, second),) = book.runs
    assert (first is fine[0], second is fine[1]) == (True, True)


@pytest.mark.parametrize(
    "failure", [Retryable("no answer"), RefusedPlan("shrunk", cause="c"), OSError(28, "full")]
)
def test_one_by_one_too_commands_wait_for_a_run_that_is_not_kept_from_them(tmp_path, failure, caplog):
    """The run after the dropped one meets a failure that is no command's: that one and those after it wait."""
    book, fine = Book(ZeroDivisionError(), None, None, None, failure), [Fine(), Fine(), Fine()]
    context = JobContext(book, tmp_path)
    context.commands.hand(fine[0], Broken(), fine[1], fine[2])
    with pytest.raises(type(failure)):
        sync_job.run(context)
    assert book.runs == [(), (fine[0],)]
    assert context.commands.take() == (fine[1], fine[2])
    assert len([one for one in caplog.records if "dropped" in one.getMessage()]) == 1


def test_each_run_of_commands_one_by_one_is_told(tmp_path, caplog):
    class Telling(Book):
        def sync(self, **how):
            super().sync(**how)
            return Report(f"run {len(self.runs)}")

    context = JobContext(Telling(ZeroDivisionError()), tmp_path)
    context.commands.hand(Fine(), Broken(), Fine())
    with caplog.at_level(logging.INFO, "jobs"):
        sync_job.run(context)
    told = [one.getMessage() for one in caplog.records if one.levelno == logging.INFO]
    assert told == ["sync: run 1", "sync: run 2", "sync: run 3"]


# -- threads


@pytest.mark.long
def test_a_job_that_blocks_delays_no_other_and_a_stop_ends_all(tmp_path):
    """Neither another job of its workbook nor another workbook waits; only the stop waits for what is under way."""
    stopper, blocked, ran = Stopper(lambda _: time.sleep(0.01)), threading.Event(), threading.Event()
    count = []

    def block():
        blocked.set()
        while True:
            stopper.sleep(1)

    def quick():
        count.append(blocked.wait(5))
        if len(count) == 3:
            ran.set()

    worker = Worker(WorkerPorts(stopper, FileLeases(tmp_path)))
    worker.add(Task("slow", Every(0.01), block, at_start=True))
    worker.add(Task("quick", Every(0.01), quick, at_start=True))
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert ran.wait(5)
    assert worker.health()["slow"].running_since > 0
    stopper.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert count[:3] == [True] * 3
    assert [one.failures for one in worker.health().values()] == [0, 0]


def test_what_no_turn_survives_ends_the_worker_and_is_raised():
    def run():
        raise SystemExit(3)

    worker = Worker(WorkerPorts(Stopper(lambda _: time.sleep(0.01))))
    worker.add(Task("sync", Every(0.01), run, at_start=True))
    worker.add(Task("other", Every(0.01), lambda: None, at_start=True))
    with pytest.raises(SystemExit):
        worker.run()


def test_what_is_looked_after_between_runs_comes_each_minute_and_its_failure_moves_no_run(caplog):
    runs, looked = Runs(), []

    def between():
        looked.append(round(runs.clock.now))
        if len(looked) in {2, 3}:
            raise Retryable("no answer")

    task = Task("alerts", Every(7_200), runs, between=between)
    with caplog.at_level(logging.ERROR):
        play(task, until=7_290, wall=lambda now: 1e9 + now)
    assert runs.times == [0, 7_200]
    assert looked[:4] == [60, 120, 180, 240]
    assert 118 <= len(looked) <= 121
    assert caplog.text.count("no answer") == 1


# -- which jobs fail


@pytest.mark.parametrize(
    ("trigger", "record", "fails"),
    [
        (Every(7_200), Record(90.0, "no answer", 90.0), True),
        (At(3, 0), Record(90.0, "no answer", 0.0), True),
        (Every(15), Record(999.0, "no answer", 400.1), False),  # its next runs put it right
        (Every(15), Record(999.0, "no answer", 400.0), True),
        (Every(15), Record(999.0, "no answer", 0.0), True),
        (Every(7_200), Record(999.0, "", 999.0), False),
        (Every(7_200), None, False),
        (Off(), Record(90.0, "no answer", 90.0), False),
    ],
)
def test_a_job_fails_by_its_record_and_a_frequent_one_only_after_ten_minutes(trigger, record, fails):
    records = MemoryRecords()
    if record is not None:
        records.save("feeds 1a", record)
    found = list(failing([Listed("feeds", trigger, "UTC", "feeds 1a")], records, 1_000.0))
    assert found == ([("feeds", "no answer")] if fails else [])


def test_a_record_that_cannot_be_read_says_nothing():
    class Away(MemoryRecords):
        def load(self, key):
            raise Retryable("the store cannot be used")

    assert list(failing([Listed("feeds", Every(7_200), "UTC", "feeds 1a")], Away(), 1_000.0)) == []


# -- the registry


def test_every_job_of_the_registry_can_be_loaded_and_has_a_trigger_of_its_own():
    names = [job.name for job in registry.JOBS]
    assert len(set(names)) == len(names)
    assert "list" not in names  # a word of the command line
    for job in registry.JOBS:
        assert callable(job.load())
        assert registry.trigger_of(job, {}, 15)


def test_a_job_of_a_module_exists_only_with_it(monkeypatch):
    own = registry.Job("letters", "10m", "jobs.heartbeat_job:run", module="email")
    monkeypatch.setattr(registry, "JOBS", (*registry.JOBS, own))
    assert own not in registry.switched_on(())
    assert own in registry.switched_on(("email",))


def test_the_tasks_of_a_workbook_and_of_the_worker(tmp_path, monkeypatch):
    other = registry.Job("other", "mon 07:00", "jobs.heartbeat_job:run")
    monkeypatch.setattr(registry, "JOBS", (*registry.JOBS, other))
    plan, context = Plan(20.5, {"heartbeat": "5m"}), JobContext(Book(), tmp_path)
    of_workbook = list(tasks(plan, context, str, "norte"))
    assert [(task.name, task.trigger) for task in of_workbook] == [
        ("norte", Every(20.5)),
        ("norte: other", At(7, 0, 0)),
    ]
    assert [(task.name, task.trigger) for task in tasks(plan, context, str, of_worker=True)] == [
        ("heartbeat", Every(300))
    ]
    assert list(tasks(Plan(15, {"heartbeat": "off"}), context, str, of_worker=True)) == []
    assert task_name(other) == "other"
