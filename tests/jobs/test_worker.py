"""The worker: each task in its turns, failures reported once and survived, ended between requests."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import schedule

from jobs import heartbeat_job, sync_job
from jobs.context import JobContext
from jobs.ports import WorkerPorts
from jobs.stopper import Stopped, Stopper
from jobs.task import Health, Task
from jobs.triggers import Every
from jobs.turns import Turns
from jobs.worker import Worker
from sheets_crm.emulator.server import Server
from sheets_crm.engine.report import Report
from sheets_crm.errors import Conflict, RefusedPlan, Retryable
from sheets_crm.google.client import connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet

ROOT = Path(__file__).resolve().parents[2]


class Time:
    """A clock that only sleeping moves; stops the worker at `until`."""

    def __init__(self, until: float) -> None:
        self.now = 0.0
        self.until = until
        self.stopper = Stopper(self.sleep)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now >= self.until:
            self.stopper.stop()


def sync_task(run, seconds=15):
    return Task("sync", Every(seconds), run, at_start=True)


def play(task, until: float, wall=lambda now: 1000.0 + now, **ports) -> Turns:
    """Take the turns of a task until then; ``wall`` says what the wall clock shows when so many seconds have passed."""
    clock = Time(until)
    if hasattr(task.run, "clock"):
        task.run.clock = clock

    class Local(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(wall(clock.now))  # noqa: DTZ006 - as schedule sees it

    seen_by_schedule = SimpleNamespace(datetime=Local, timedelta=timedelta)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "datetime", seen_by_schedule)
        given = WorkerPorts(clock.stopper, clock=clock, wall_clock=lambda: wall(clock.now), **ports)
        turns = Turns(task, given)
        turns.run()
    return turns


class Runs:
    """Notes when it runs, and fails as asked."""

    def __init__(self, *failures: Exception | None, takes: float = 0) -> None:
        self.failures = list(failures)
        self.times: list[float] = []
        self.takes = takes
        self.clock: Time | None = None

    def __call__(self) -> None:
        self.times.append(round(self.clock.now))
        self.clock.now += self.takes
        failure = self.failures.pop(0) if self.failures else None
        if failure:
            raise failure


def test_a_task_runs_at_once_and_then_on_its_interval():
    runs = Runs()
    play(sync_task(runs), until=50)
    assert runs.times == [0, 15, 30, 45]


def test_the_interval_counts_from_the_end_of_a_run():
    runs = Runs(takes=20)
    play(sync_task(runs), until=80)
    assert runs.times == [0, 35, 70]


def test_a_failing_run_is_told_once_and_the_loop_lives_on_with_growing_pauses(caplog):
    runs = Runs(*[Retryable("no answer", remedy="wait")] * 4)
    with caplog.at_level(logging.INFO, "jobs"):
        turns = play(sync_task(runs), until=260)
    assert runs.times == [0, 15, 45, 105, 225, 240, 255]
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "sync failed: no answer wait Next attempt in 15 s, then less and less often.",
        "sync: working again; failed runs before: 4",
    ]
    assert turns.health.failures == 0


def test_what_waits_for_people_is_looked_at_as_often_as_ever(caplog):
    """Somebody who ticks confirm is not to wait for ten minutes."""
    runs = Runs(*[RefusedPlan("shrunk", cause="master_shrank", remedy="confirm")] * 5)
    with caplog.at_level(logging.INFO, "jobs"):
        play(sync_task(runs), until=100)
    assert runs.times == [0, 15, 30, 45, 60, 75, 90]
    assert caplog.records[0].getMessage() == "sync failed: shrunk confirm"


def test_another_cause_is_told_again(caplog):
    runs = Runs(Retryable("a"), Conflict("b"), Retryable("a"))
    with caplog.at_level(logging.ERROR, "jobs"):
        play(sync_task(runs, 1), until=6)
    assert len(caplog.records) == 3


def test_the_pause_after_failures_is_bounded():
    runs = Runs(*[ValueError()] * 100)
    play(sync_task(runs), until=20_000)
    gaps = [b - a for a, b in zip(runs.times, runs.times[1:], strict=False)]
    assert max(gaps) == 600


def test_an_unforeseen_failure_is_survived_and_does_not_show_content(caplog):
    runs = Runs(ZeroDivisionError("ana@example.com"))
    with caplog.at_level(logging.INFO, "jobs"):
        turns = play(sync_task(runs, 5), until=4)
    assert "ZeroDivisionError" in caplog.text
    assert "example.com" not in caplog.text
    assert turns.health.failures == 1


def test_being_stopped_inside_a_run_ends_the_worker_and_is_no_failure():
    clock = Time(1e9)

    def run() -> None:
        clock.stopper.stop()
        try:
            clock.stopper.check()  # what the client does before each request
        except Exception:  # noqa: BLE001 - a run that swallows exceptions must not swallow this
            pytest.fail("swallowed")

    turns = Turns(sync_task(run, 5), WorkerPorts(clock.stopper, clock=clock))
    turns.run()
    assert turns.health.failures == 0
    assert turns.health.running_since == 0


def test_a_wait_ends_soon_after_the_stop():
    slept = []
    stopper = Stopper(lambda seconds: (slept.append(seconds), stopper.stop()))
    with pytest.raises(Stopped):
        stopper.sleep(3600)
    assert sum(slept) <= 0.5


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_worker_and_the_old_actions_come_back(number):
    before = signal.getsignal(number)
    stopper = Stopper()
    threading.Timer(0.1, os.kill, (os.getpid(), number)).start()
    started = time.monotonic()
    with stopper.listening():
        worker = Worker(WorkerPorts(stopper))
        worker.add(sync_task(lambda: None, 600))
        worker.run()
    assert time.monotonic() - started < 3
    assert signal.getsignal(number) == before


def test_a_second_signal_ends_at_once():
    stopper = Stopper()
    with stopper.listening():
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            stopper._signalled(signal.SIGTERM, None)


class App:
    def __init__(self, *titles: str) -> None:
        self.titles = list(titles)
        self.asked = []

    def sync(self, **how):
        self.asked.append(how)
        return Report(self.titles.pop(0), notes=["note"])


def test_the_sync_job_makes_a_plain_run_and_repeats_itself_quietly(caplog, tmp_path):
    app = App("nothing to do", "nothing to do", "sent 50")
    context = JobContext(app, tmp_path, name="ES")
    with caplog.at_level(logging.INFO, "jobs"):
        for _ in range(3):
            sync_job.run(context)
    assert app.asked == [{"plan": False, "now": False, "force": False, "scheduled": True, "commands": ()}] * 3
    told = [record.getMessage() for record in caplog.records]
    assert told == ["ES: nothing to do", "ES: note", "ES: sent 50", "ES: note"]


def test_the_heartbeat_is_a_file_replaced_whole(tmp_path):
    path = tmp_path / "state" / "worker.json"
    health = {"sync": Health(2, "no answer", 5.0, running_since=7.0)}
    context = JobContext(App(), path.parent, clock=lambda: 9.0, health=lambda: health)
    heartbeat_job.run(context)
    heartbeat_job.run(context)
    entry = {"failures": 2, "error": "no answer", "succeeded_at": 5.0, "for_people": False, "running_since": 7.0}
    assert json.loads(path.read_text()) == {"at": 9.0, "pid": os.getpid(), "tasks": {"sync": entry}}
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("leap", [-3_600, -86_400 * 400, 3_600, 86_400 * 400])
@pytest.mark.parametrize("at", [1, 14, 15, 16, 29])
def test_a_wall_clock_that_leaps_delays_no_run(leap, at):
    runs = Runs()
    play(sync_task(runs), until=40, wall=lambda now: 1e9 + now + (leap if now >= at else 0))
    assert runs.times == [0, 15, 30]


def test_a_wall_clock_put_back_while_a_task_runs_delays_no_turn():
    runs = Runs(takes=30)
    play(sync_task(runs), until=100, wall=lambda now: 1e9 + now - (3_600 if now >= 20 else 0))
    assert runs.times[:3] == [0, 30, 75]  # one early, since the clock leapt, and then as ever


def test_a_wall_clock_that_is_always_a_little_wrong_changes_nothing():
    runs = Runs()
    play(sync_task(runs), until=100, wall=lambda now: 1e9 + now * 1.001)
    assert runs.times == [0, 15, 30, 45, 60, 75, 90]


@pytest.mark.long
def test_a_worker_outlives_an_emulator_that_is_down_and_goes_on_at_its_next_turn(desk, caplog):
    port = int(desk.server.url.rpartition(":")[2])
    desk.server.stop()
    slept = len(desk.slept)
    context = JobContext(desk.app, desk.directory)

    def run() -> None:
        try:
            sync_job.run(context)
        except Retryable:
            desk.server = Server(desk.directory / "emulator", port).start()
            raise

    with caplog.at_level(logging.INFO, "jobs"):
        turns = play(sync_task(run), until=20)
    failed, *_, again = [record.message for record in caplog.records if record.message.startswith("sync")]
    assert failed.startswith(f"sync failed: Nothing answers at {desk.server.url}:")
    assert failed.endswith("Next attempt in 15 s, then less and less often.")
    assert again == "sync: working again; failed runs before: 1"
    assert turns.health.failures == 0
    assert sum(desk.slept[slept:]) < 2


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_process_syncs_a_workbook_of_the_emulator_and_ends_when_asked(tmp_path, number):
    account_path = tmp_path / "emulator" / "service_account.json"
    with Server(tmp_path / "emulator") as server:
        account = load_service_account(account_path)
        client = connect(account, endpoint=server.url, creating=True)
        workbook = create_spreadsheet(client, "W", locale="es_ES", time_zone="Europe/Madrid")
        (tmp_path / "sheets_crm.toml").write_text(
            f'spreadsheet_id = "{workbook}"\ncredentials = "{account_path}"\nendpoint = "{server.url}"\n'
            "interval_seconds = 1\nsettle_seconds = 0\n"
        )
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        start = [sys.executable, "-m", "jobs"]
        command = [sys.executable, "-c", "from sheets_crm.cli import main; main(['init'])"]
        made = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
        worker = subprocess.Popen(start, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
        heartbeat = tmp_path / "state" / "worker.json"
        deadline = time.monotonic() + 30
        while not heartbeat.exists() and worker.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        worker.send_signal(number)
        _, err = worker.communicate(timeout=20)
        client.http_client.session.close()
    assert worker.returncode == 0, err
    assert "parado como se pidió" in err
    assert "Traceback" not in err
    (name,) = set(json.loads(heartbeat.read_text())["tasks"]) - {"heartbeat"}
    assert json.loads(heartbeat.read_text())["tasks"][name]["failures"] == 0, err
