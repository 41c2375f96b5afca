"""``sheets-crm job``: the list, one run for cron, its lease and record; the clock that the environment asks for."""

import datetime as dt
import json
import re
import threading
import time
from contextlib import nullcontext

import pytest

from jobs import registry
from jobs.context import JobContext
from jobs.leases import FileLeases
from jobs.listing import Listed, listed
from jobs.once import run_once
from jobs.records import LocalRecords, Record
from jobs.triggers import At, Every, Off
from sheets_crm import clock
from sheets_crm.bootstrap import local
from sheets_crm.cli.run import exit_status
from sheets_crm.config import load_settings
from sheets_crm.demo.folder import Folder
from sheets_crm.emulator.server import Server
from sheets_crm.engine.commands import Command
from sheets_crm.engine.report import Report
from sheets_crm.errors import Retryable, SettingsError
from sheets_crm.job_memory import leases_and_records
from sheets_crm.messages import in_language

NOON = dt.datetime(2026, 10, 24, 12, tzinfo=dt.UTC).timestamp()


class Book:
    """Notes its runs."""

    def __init__(self):
        self.runs = []

    def sync(self, **how):
        self.runs.append(how)
        return Report("done")


class Wish(Command):
    """What a job hands over."""


def wishing(context):
    """A job of the tests."""
    context.commands.hand(Wish())
    assert context.clock() == 5.0


def failing(_context):
    """A job of the tests that fails."""
    raise Retryable("no answer")


def quoting(_context):
    """A job of the tests that fails unforeseen."""
    raise ZeroDivisionError("ana@example.com")


WISHING = registry.Job("wishing", "03:00", f"{__name__}:wishing")
FAILING = registry.Job("failing", "03:00", f"{__name__}:failing")


@pytest.fixture
def once(tmp_path):
    """Runs a job once; the book that it runs on, and what is recorded."""

    def of(job, leases=None):
        book = Book()
        context = JobContext(book, tmp_path, name=job.name, clock=lambda: 5.0)
        run_once(job, context, leases or FileLeases(tmp_path), LocalRecords(tmp_path), lambda: NOON)
        return book

    return of


# -- one run


def test_a_job_ends_with_a_run_that_does_what_it_asks_for(once, tmp_path):
    (run,) = once(WISHING).runs
    assert [type(command) for command in run["commands"]] == [Wish]
    assert not run["now"]
    assert run["scheduled"] is False  # somebody asked for it
    assert LocalRecords(tmp_path).load("wishing") == Record(NOON, "", NOON)


def test_sync_is_that_run_alone(once):
    (run,) = once(registry.SYNC).runs
    assert run["commands"] == ()


def test_a_job_that_runs_elsewhere_is_not_run_twice_at_once(once, tmp_path):
    worker = FileLeases(tmp_path)
    worker.hold("wishing", "the worker", 60)
    with pytest.raises(Retryable, match="wishing: already running elsewhere"):
        once(WISHING)
    assert LocalRecords(tmp_path).load("wishing") is None
    worker.release("wishing", "the worker")
    assert len(once(WISHING).runs) == 1
    assert len(once(WISHING).runs) == 1  # its lease was given back


def test_a_failure_is_recorded_and_the_turn_stays_due(once, tmp_path):
    LocalRecords(tmp_path).save("failing", Record(1.0, "", 1.0))
    with pytest.raises(Retryable):
        once(FAILING)
    assert LocalRecords(tmp_path).load("failing") == Record(NOON, "no answer", 1.0)


class Unwritable(LocalRecords):
    """LocalRecords that are neither read nor written."""

    def load(self, key):
        raise OSError(5, "Input/output error", key)

    def save(self, key, record, *, repeats=False):
        raise OSError(28, "No space left on device", key)


@pytest.mark.parametrize(("job", "error"), [(WISHING, None), (FAILING, Retryable)])
def test_a_record_that_is_neither_read_nor_written_is_reported_and_the_outcome_is_the_runs(
    tmp_path, caplog, job, error
):
    leases, context = FileLeases(tmp_path), JobContext(Book(), tmp_path, name=job.name, clock=lambda: 5.0)
    with pytest.raises(error) if error else nullcontext():
        run_once(job, context, leases, Unwritable(tmp_path), lambda: NOON)
    assert "when it ran cannot be recorded" in caplog.text
    assert FileLeases(tmp_path).hold(job.name, "another", 1)  # the lease was given back


def test_a_failure_that_was_not_foreseen_is_recorded_by_its_kind(once, tmp_path):
    """Its message may quote cells."""
    with pytest.raises(ZeroDivisionError):
        once(registry.Job("quoting", "03:00", f"{__name__}:quoting"))
    assert LocalRecords(tmp_path).load("quoting").error == "unexpected error: ZeroDivisionError"


def test_a_long_run_holds_its_lease_for_longer(tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.once.RENEW_SECONDS", 0.01)
    holds, held = [], threading.Event()

    class Counted(FileLeases):
        def hold(self, key, owner, seconds):
            holds.append(key)
            if len(holds) == 3:
                held.set()
            return super().hold(key, owner, seconds)

    class LongBook(Book):
        def sync(self, **how):
            assert held.wait(5)
            return super().sync(**how)

    context = JobContext(LongBook(), tmp_path, name="wishing", spreadsheet_id="1abc", clock=lambda: 5.0)
    run_once(WISHING, context, Counted(tmp_path), LocalRecords(tmp_path), lambda: NOON)
    assert set(holds) == {"wishing 1abc"}
    assert len(holds) >= 3


# -- the list


def test_a_record_of_a_clock_that_was_ahead_does_not_put_off_what_is_due(tmp_path):
    LocalRecords(tmp_path).save("nightly", Record(NOON + 9e8, "", NOON + 9e8))
    (row,) = listed([Listed("nightly", At(2, 30), "Europe/Madrid", "nightly")], LocalRecords(tmp_path), NOON).json[
        "rows"
    ]
    assert row["next_due"] == "2026-10-25T02:30:00+02:00"


def test_the_list_says_when_each_ran_how_it_went_and_when_it_is_due(tmp_path):
    records = LocalRecords(tmp_path)
    records.save("sync", Record(NOON, "", NOON))
    records.save("nightly", Record(NOON - 9e4, "no answer", NOON - 9e4))
    jobs = [
        Listed("sync", Every(15), "Europe/Madrid", "sync"),
        Listed("nightly", At(2, 30), "Europe/Madrid", "nightly"),
        Listed("weekly", At(7, 0, 0), "Europe/Madrid", "weekly"),
        Listed("never", Off(), "Europe/Madrid", "never"),
        Listed("new", Every(60), "Nowhere/Unknown", "new"),
    ]
    report = listed(jobs, records, NOON)
    assert report.json["rows"] == [
        {
            "name": "sync",
            "trigger": "15s",
            "last_run": "2026-10-24T14:00:00+02:00",
            "outcome": "done",
            "next_due": "2026-10-24T14:00:15+02:00",
            "error": "",
        },
        {
            "name": "nightly",
            "trigger": "02:30",
            "last_run": "2026-10-23T13:00:00+02:00",
            "outcome": "failed",
            "next_due": "2026-10-24T02:30:00+02:00",
            "error": "no answer",
        },
        {
            "name": "weekly",
            "trigger": "mon 07:00",
            "last_run": "",
            "outcome": "",
            "next_due": "2026-10-26T07:00:00+01:00",
            "error": "",
        },
        {"name": "never", "trigger": "off", "last_run": "", "outcome": "", "next_due": "", "error": ""},
        {"name": "new", "trigger": "1m", "last_run": "", "outcome": "", "next_due": "", "error": ""},
    ]


def cells(tmp_path, trigger, record, now=NOON):
    """The cells of the only job in a list, and its row for scripts."""
    records = LocalRecords(tmp_path)
    records.save("one", record)
    report = listed([Listed("one", trigger, "Europe/Madrid", "one")], records, now)
    return report.tables[0].rows[0], report.json["rows"][0]


@pytest.mark.parametrize("age", [0, 1, 15, 16, 30, 44, 59])
def test_the_next_run_of_an_interval_that_goes_on_is_never_past(tmp_path, age):
    """The record may be a minute old: it is not renewed at each run."""
    _, row = cells(tmp_path, Every(15), Record(NOON - age, "", NOON - age))
    due = dt.datetime.fromisoformat(row["next_due"]).timestamp()
    assert 0 <= due - NOON <= 15
    assert (due - (NOON - age)) % 15 == 0


@pytest.mark.parametrize(
    ("trigger", "record"),
    [
        (Every(15), Record(NOON - 90, "", NOON - 90)),  # no worker runs
        (Every(15), Record(NOON - 30, "no answer", NOON - 30)),
        (At(2, 30), Record(NOON - 9e4, "no answer", NOON - 9e4)),
    ],
)
def test_what_should_have_run_is_due_now_for_people_and_at_its_moment_for_scripts(tmp_path, trigger, record):
    shown, row = cells(tmp_path, trigger, record)
    assert in_language(shown[-1], "es") == "ahora"
    assert in_language(shown[-1], "en") == "now"
    assert dt.datetime.fromisoformat(row["next_due"]).timestamp() < NOON


def test_moments_are_shown_as_the_language_has_them_in_the_workbooks_zone(tmp_path):
    shown, row = cells(tmp_path, At(2, 30), Record(NOON, "", NOON))
    assert [in_language(shown[n], "es") for n in (2, 4)] == ["24/10/2026 14:00", "25/10/2026 02:30"]
    assert [in_language(shown[n], "en") for n in (2, 4)] == ["2026-10-24 14:00", "2026-10-25 02:30"]
    assert (row["last_run"], row["next_due"]) == ("2026-10-24T14:00:00+02:00", "2026-10-25T02:30:00+02:00")


# -- the verb


def command(desk, *words):
    """Give a command on the workbook of a desk in this process."""
    settings = desk.directory / "jobs.toml"
    settings.write_text(
        f'spreadsheet_id = "{desk.sheet_id}"\ncredentials = "{desk.settings.credentials}"\n'
        f'endpoint = "{desk.server.url}"\nstate_dir = "{desk.settings.state_dir}"\nsettle_seconds = 0\n',
        encoding="utf-8",
    )
    return exit_status(["--config", str(settings), *words])


@pytest.mark.long
def test_a_job_run_by_cron_is_done_and_listed_without_a_request(open_desk, capsys):
    desk = open_desk("imported")
    desk.tick("Verification Input")
    assert command(desk, "job", "sync", "--json") == 0
    assert sum(json.loads(capsys.readouterr().out)["sent"].values()) > 0
    before = dict(desk.server.application.stats._requests)
    assert command(desk, "job", "list", "--json") == 0
    body = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["trigger"], row["outcome"]) for row in body["rows"]] == [
        ("sync", "15s", "done"),
        ("heartbeat", "1m", ""),
    ]
    assert body["rows"][0]["last_run"].endswith(("+01:00", "+02:00"))  # the workbook's zone
    assert dict(desk.server.application.stats._requests) == before
    assert command(desk, "job", "list") == 0
    out = capsys.readouterr().out
    assert out.startswith("Trabajos\n")
    assert "hecho" in out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("dance",), "unknown job: dance (known: list, sync)"),
        (("heartbeat",), "heartbeat is the worker's own; it runs within sheets-crm run"),
        (
            ("sync", "--as-of", "yesterday"),
            "--as-of: not an ISO time: yesterday (expected e.g. 2026-11-30T03:00+01:00;",
        ),
        (("list", "--as-of", "2026-11-30"), "--as-of is for running a job, not for the list"),
        (
            ("sync", "--as-of", "2026-11-30"),
            "sync does not take --as-of: a run of the workbook is always one of now",
        ),
    ],
)
def test_wrong_use_is_said_with_what_is_right(tmp_path, capsys, words, problem):
    settings = tmp_path / "s.toml"
    settings.write_text('spreadsheet_id = "b"\ncredentials = "k"\nlanguage = "en"\n', encoding="utf-8")
    assert exit_status(["--config", str(settings), "job", *words]) == 2
    assert problem in capsys.readouterr().err


def test_a_moment_that_is_none_is_said_in_the_language_of_the_terminal(tmp_path, capsys):
    settings = tmp_path / "s.toml"
    settings.write_text('spreadsheet_id = "b"\ncredentials = "k"\n', encoding="utf-8")
    assert exit_status(["--config", str(settings), "job", "sync", "--as-of", "ayer"]) == 2
    assert "Error: --as-of: no es una hora ISO: ayer (p. ej. 2026-11-30T03:00+01:00" in capsys.readouterr().err


# -- another time


def test_the_clock_starts_where_it_is_told_and_runs_on(monkeypatch):
    monkeypatch.setenv("SHEETS_CRM_NOW", "2031-01-01T00:00+01:00")
    shown = clock.process_clock()
    machine = [time.time()]
    monkeypatch.setattr(time, "time", lambda: machine[0])
    start = dt.datetime(2030, 12, 31, 23, tzinfo=dt.UTC).timestamp()
    assert shown() == pytest.approx(start, abs=5)
    first = shown()
    machine[0] += 60
    assert shown() - first == pytest.approx(60)


@pytest.mark.parametrize(("text", "seconds"), [("1970-01-01T01:00+01:00", 0), ("1970-01-02", 86_400)])
def test_a_time_without_an_offset_is_utc(text, seconds):
    assert clock.moment_of(text) == seconds


def test_a_time_that_is_none_is_a_problem_of_the_environment(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("SHEETS_CRM_NOW", "tomorrow")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="SHEETS_CRM_NOW: not an ISO time"):
        load_settings()
    for words in (["emulator", "--dir", "e"], ["demo", "--dir", "d"]):
        assert exit_status([*words, "--port", "0"]) == 2
        assert re.search("^Error: SHEETS_CRM_NOW: (not an ISO time|no es una hora ISO)", capsys.readouterr().err)


@pytest.mark.long
def test_workbook_worker_and_emulator_live_at_that_time_and_tokens_at_the_machines(open_desk, monkeypatch, capsys):
    """A token of another year would be refused, or would have run out."""
    desk = open_desk("imported")
    monkeypatch.setenv("SHEETS_CRM_NOW", "2031-03-04T12:00Z")
    port = int(desk.server.url.rpartition(":")[2])
    desk.server.stop()
    desk.server = Server(desk.directory / "emulator", port, shown_clock=clock.process_clock()).start()
    assert command(desk, "sync", "--now", "--json") == 0
    desk.tick("Verification Input")
    assert command(desk, "sync", "--now", "--json") == 0
    (batch,) = desk.rows("Batches")
    assert str(batch["when"]).startswith("479")  # 2031 as a serial number
    capsys.readouterr()
    command(desk, "doctor", "--json")
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [one["ok"] for one in findings if one["check"] == "clock"] == [True]


@pytest.mark.parametrize(
    "serving",
    [lambda path: local.serve_emulator(path, port=0), lambda path: local._demo_server(Folder(path), 0)],
    ids=["emulator", "demo"],
)
def test_emulator_and_demo_show_the_time_that_the_environment_names(monkeypatch, tmp_path, serving):
    shown = []

    class SeenError(Exception):
        """Ends the verb where its emulator would be."""

    def server(*_where, shown_clock, **_how):
        shown.append(shown_clock())
        raise SeenError

    monkeypatch.setenv("SHEETS_CRM_NOW", "2031-03-04T12:00Z")
    monkeypatch.setattr("sheets_crm.emulator.server.Server", server)
    with pytest.raises(SeenError):
        serving(tmp_path)
    assert shown == [pytest.approx(dt.datetime(2031, 3, 4, 12, tzinfo=dt.UTC).timestamp(), abs=60)]


def looking(context):
    """A job of the tests that notes what time it is for it."""
    SEEN.append(context.clock())


SEEN: list[float] = []
LOOKING = registry.Job("looking", "03:00", f"{__name__}:looking")


@pytest.mark.long
@pytest.mark.parametrize("year", [2020, 2031])
def test_a_job_works_as_of_the_time_that_is_given_and_its_run_is_one_of_now(open_desk, capsys, monkeypatch, year):
    desk = open_desk("imported")
    monkeypatch.setattr(registry, "JOBS", (*registry.JOBS, LOOKING))
    monkeypatch.setattr("sheets_crm.scheduling.process_clock", lambda: lambda: desk.now)
    desk.tick("Verification Input")
    SEEN.clear()
    assert command(desk, "job", "looking", "--as-of", f"{year}-03-04T12:00Z", "--json") == 0
    (seen,) = SEEN
    assert seen == pytest.approx(dt.datetime(year, 3, 4, 12, tzinfo=dt.UTC).timestamp(), abs=60)
    (batch,) = desk.rows("Batches")
    assert abs(batch["when"] - (desk.now / 86_400 + 25_569)) < 1
    assert all(abs(row["date"] - (desk.now / 86_400 + 25_569)) < 2 for row in desk.rows("History"))
    _, records = leases_and_records(desk.app.store, desk.settings.state_dir)
    assert records.load(f"looking {desk.sheet_id}").ran_at == pytest.approx(desk.now, abs=60)
