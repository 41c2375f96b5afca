"""A disk that is full, read-only or somebody else's: reported in the same words by the worker and by the commands."""

import errno
import json
import logging
import os
import stat
from pathlib import Path

import pytest
from test_worker import Runs, play

from jobs import heartbeat_job
from jobs.context import JobContext
from jobs.ports import WorkerPorts
from jobs.stopper import Stopper
from jobs.task import Health, Task
from jobs.triggers import Every
from jobs.turns import Turns
from sheets_crm.cli import failures, run
from sheets_crm.cli.commands import cli
from sheets_crm.errors import machine_refused

NUMBERS = [errno.ENOSPC, errno.EROFS, errno.EACCES]
WORDS = "This machine refused a file operation: {} (/state/x)."


def beating(path: Path, health=dict) -> JobContext:
    """The context of a heartbeat that is to be written there."""
    return JobContext(None, path.parent, health=health)


def refusal(number: int) -> OSError:
    return OSError(number, os.strerror(number), "/state/x")


@pytest.mark.parametrize("number", NUMBERS, ids=errno.errorcode.get)
def test_the_worker_explains_what_the_machine_refuses_and_lives_on(caplog, number):
    runs = Runs(refusal(number), refusal(number))
    with caplog.at_level(logging.INFO, "jobs"):
        turns = play(Task("sync", Every(5), runs, at_start=True), until=19)
    words = WORDS.format(os.strerror(number))
    assert runs.times == [0, 5, 15]
    assert caplog.records[0].getMessage().startswith(f"sync failed: {words} Check the path, its permissions")
    assert "free space" in caplog.records[0].getMessage()
    assert caplog.records[1].getMessage() == "sync: working again; failed runs before: 2"
    assert "unexpected error" not in caplog.text
    assert turns.health.failures == 0


@pytest.mark.parametrize("number", NUMBERS, ids=errno.errorcode.get)
def test_a_command_explains_it_in_the_same_words(monkeypatch, capsys, caplog, number):
    def refused(**_options):
        raise refusal(number)

    monkeypatch.setattr(cli, "main", refused)
    assert run.exit_status(["sync"]) == 1
    told = capsys.readouterr().err
    play(Task("sync", Every(5), Runs(refusal(number)), at_start=True), until=4)
    assert WORDS.format(os.strerror(number)) in told
    assert WORDS.format(os.strerror(number)) in caplog.text


def test_an_error_without_words_or_path_is_named():
    assert machine_refused(OSError()).message == "This machine refused a file operation: OSError."


def test_a_path_that_is_no_text_is_told_all_the_same(capsys):
    path = os.fsdecode(b"/state/\xff")
    error = machine_refused(OSError(errno.ENOSPC, "No space left on device", path))
    assert failures.report(error, wants_json=True, trace=False) == 1
    assert json.loads(capsys.readouterr().out)["error"]["message"] == error.message
    assert "/state/" in error.message
    failures._print_json({"message": path})
    assert json.loads(capsys.readouterr().out)["error"]["message"] == path


def test_the_heartbeat_is_for_its_owner_alone_whatever_was_there(tmp_path: Path):
    path = tmp_path / "state" / "worker.json"
    heartbeat_job.run(beating(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    heartbeat_job.run(beating(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_heartbeat_that_fails_is_told_and_leaves_the_last_one_alone(tmp_path: Path, monkeypatch, caplog):
    path = tmp_path / "worker.json"
    heartbeat_job.run(beating(path, lambda: {"sync": Health(succeeded_at=1.0)}))
    before = path.read_bytes()

    def full(_self: Path, _target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    stopper = Stopper()
    beat = Task("heartbeat", Every(60), lambda: heartbeat_job.run(beating(path)), at_start=True)
    turns = Turns(beat, WorkerPorts(stopper, clock=lambda: 0.0))
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR, "jobs"):
        patch.setattr(Path, "replace", full)
        turns.run_due()
    assert [record.getMessage().partition(". ")[0] for record in caplog.records] == [
        f"heartbeat failed: This machine refused a file operation: No space left on device ({path})"
    ]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_whose_words_are_no_text_does_not_stop_the_heartbeat(tmp_path: Path):
    path = tmp_path / "worker.json"
    words = os.fsdecode(b"/state/\xff")
    heartbeat_job.run(beating(path, lambda: {"sync": Health(1, words)}))
    assert json.loads(path.read_bytes())["tasks"]["sync"]["error"] == words
