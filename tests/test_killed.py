"""A worker killed (SIGKILL) in the middle of a run: another run ends in the workbook of an undisturbed one.

A run with three things to do at once (a pasted output, ticks, a ``take N``) is a process of its own. The emulator
holds one of its requests back, before or after it is applied, and the process is killed meanwhile.
"""

import signal
import time

import pytest
from job_bench import Bench, write_export

from sheets_crm import sample

pytestmark = pytest.mark.long

TIMES = ("_at", "when", "heartbeat", "next_run", "date")
READ, WRITE = "GET /v4/spreadsheets/", ":batchUpdate"
MOMENTS = {
    "before the first read": {"match": READ, "mode": "delay", "skip": 0},
    "at the second read": {"match": READ, "mode": "delay", "skip": 1},
    "at the third read": {"match": READ, "mode": "delay", "skip": 2},
    "before the claim is applied": {"match": WRITE, "mode": "delay", "skip": 0},
    "when the claim was applied, before it is known": {"match": WRITE, "mode": "timeout", "skip": 0},
    "before the merge is applied": {"match": WRITE, "mode": "delay", "skip": 1},
    "when the merge was applied, before it is known": {"match": WRITE, "mode": "timeout", "skip": 1},
}


@pytest.fixture(scope="module")
def pending(tmp_path_factory):
    """A workbook in the middle of the day: 40 leads are out, their output is pasted, others are asked for."""
    directory = tmp_path_factory.mktemp("pending")
    with Bench(directory) as bench:
        bench.cli("init")
        write_export(directory / "export.csv", *sample.export_rows(120))
        bench.cli("import", directory / "export.csv")
        bench.tick("Verification Input", 40)
        bench.sync()
        header, *rows = bench.rows("Verification Batch")
        bench.paste(*sample.verification_output(header, rows))
        bench.tick("Verification Input", 15)
        bench.take("verification", 25)  # the fifteen that are ticked are among the first
    return directory


def copied(pending, directory):
    """Open a copy of the workbook in the middle of the day."""
    return Bench(pending).copy(directory)


def end_of(bench):
    """Run until nothing is left to do, and give the workbook without times, logs and the order of rows."""
    for _ in range(4):
        if bench.sync()["idle"]:
            break
    tabs = {}
    for sheet in bench.book.worksheets():
        title = sheet.title
        if title in {"Log", "System", "History", "Dashboard", "Control"}:
            continue
        header, *rows = bench.raw(title) or [[]]
        kept = [
            n
            for n, name in enumerate(header)
            if not str(name).endswith(TIMES) and name not in {"age", "content hash"}
        ]
        tabs[title] = (header, sorted(str([row[n] for n in kept]) for row in rows if any(row)))
    status = bench.cli("status")
    times = {"last_run_at", "next_export_by", "cells_used_ratio"}
    return tabs, {name: value for name, value in status["metrics"].items() if name not in times}


@pytest.fixture(scope="module")
def undisturbed(pending, tmp_path_factory):
    with copied(pending, tmp_path_factory.mktemp("undisturbed") / "copy") as bench:
        report = bench.sync()
        assert sum(report["sent"].values()) == 25
        assert report["drops"][0]["updated"] == 40
        return end_of(bench)


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_next_run_ends_in_the_same_workbook(moment, pending, undisturbed, tmp_path):
    with copied(pending, tmp_path / "copy") as bench:
        seconds = 3 if MOMENTS[moment]["mode"] == "delay" else 60
        bench.arm(**MOMENTS[moment], seconds=seconds)
        before = bench.stats()["requests"]
        process = bench.start("sync", "--now")
        assert held(bench, process, before), "the run ended before the moment came"
        process.kill()
        assert process.wait(10) == -signal.SIGKILL
        bench.disarm()
        if MOMENTS[moment]["mode"] == "delay":
            time.sleep(seconds)  # the request is on its way still, and is applied with nobody to hear the answer
        assert end_of(bench) == undisturbed


def held(bench, process, before):
    """Wait until the armed fault holds a request back; False when the process ended instead."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        if not bench.server.application.faults.armed:
            time.sleep(0.5)
            return process.poll() is None
        time.sleep(0.02)
    return False


def test_a_run_that_nobody_kills_is_the_same_as_two_runs(pending, undisturbed, tmp_path):
    with copied(pending, tmp_path / "copy") as bench:
        bench.sync()
        assert end_of(bench) == undisturbed
