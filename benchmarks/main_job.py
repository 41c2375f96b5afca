"""Measure the main job on the emulator: python benchmarks/main_job.py [--leads 20000] [--ticks 1000] [--rows 10000].

The emulator is a process of its own. Prints a Markdown table: what was done, seconds by the clock, seconds of the
worker's own processor time, reads, writes, and megabytes sent and received by the worker.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sheets_crm import bootstrap, sample
from sheets_crm.config import Settings
from sheets_crm.demo import Operator
from sheets_crm.files import write_csv
from sheets_crm.google.client import connect, default_wire
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet

HEADINGS = ("what", "seconds", "worker's CPU", "reads", "writes", "MB sent", "MB received")
QUOTA = 60_000  # no quota: what is measured is the work


class Bench:
    """A workbook on an emulator, its worker and its operator.

    Args:
        directory: Keeps everything.
        url: The emulator's address.
        locale: Of the workbook.
    """

    def __init__(self, directory, url, locale):
        account = load_service_account(directory / "service_account.json")
        workbook = create_spreadsheet(
            connect(account, endpoint=url, creating=True), "CRM", locale=locale, time_zone="Europe/Madrid"
        )
        settings = Settings(
            spreadsheet_id=workbook,
            credentials=directory / "service_account.json",
            endpoint=url,
            state_dir=directory / "state",
            settle_seconds=0,
            heartbeat_minutes=600,
            reads_per_minute=QUOTA,
            writes_per_minute=QUOTA,
        )
        self.app = bootstrap.application(settings)
        person = load_service_account(directory / "operator_account.json")
        wire = default_wire(reads_per_minute=QUOTA, writes_per_minute=QUOTA)
        self.operator = Operator(connect(person, endpoint=url, wire=wire).open_by_key(workbook))

    def measure(self, name, work):
        """Do something, print its row, and give its report."""
        before, began, used = self._requests(), time.perf_counter(), time.process_time()
        report = work()
        seconds, used = time.perf_counter() - began, time.process_time() - used
        made = {key: count - before[key] for key, count in self._requests().items()}
        megabytes = [f"{made[key] / 1e6:.2f}" for key in ("bytes_sent", "bytes_received")]
        row = (name, f"{seconds:.2f}", f"{used:.2f}", made["reads"], made["writes"], *megabytes)
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
        return report

    def _requests(self):
        return dict(self.app.context.gateway.requests_made())

    def sync(self):
        return self.app.sync(plan=False, now=True, force=False)


def play(bench, directory, leads, ticks, count):
    """Play the main job's large moments."""
    bench.measure("`init` on an empty workbook", lambda: bench.app.init(adopt=False))
    export = write_csv(directory / "export.csv", *sample.export_rows(leads))
    name = f"`import` of an export with {leads:,} people"
    bench.measure(name, lambda: bench.app.import_tables([str(export)], step=None, target_id="B", plan=False))
    bench.measure("first `sync` after it", bench.sync)
    bench.measure("`sync` with nothing to do", bench.sync)
    bench.operator.tick("Verification Input", ticks)
    bench.measure(f"`sync` with {ticks:,} ticks", bench.sync)
    header, *rows = bench.operator.shown("Verification Batch")
    bench.operator.paste(*sample.verification_output(header, rows))
    bench.measure(f"`sync` with an output of {ticks:,} rows in Inbox", bench.sync)
    bench.operator.take("verification", count)
    bench.measure(f"`sync` with take N of {count:,}", bench.sync)
    header, *rows = bench.operator.shown("Verification Batch")
    answer = write_csv(directory / "answer.csv", *sample.verification_output(header, rows))
    name = f"`import` of an output of {count:,} rows"
    bench.measure(name, lambda: bench.app.import_tables([str(answer)], step=None, target_id=None, plan=False))
    bench.measure("`sync` with nothing to do, after all that", bench.sync)
    bench.measure("`status`", bench.app.status)


def main():
    """Start an emulator and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=20_000)
    parser.add_argument("--ticks", type=int, default=1_000)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--locale", default="es_ES")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        command = [sys.executable, "-m", "sheets_crm.emulator", "--dir", name, "--port", "0"]
        where = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=where)
        try:
            url = server.stdout.readline().strip()
            print("| " + " | ".join(HEADINGS) + " |\n|" + " --- |" * len(HEADINGS))
            play(Bench(directory, url, asked.locale), directory, asked.leads, asked.ticks, asked.rows)
        finally:
            server.terminate()
            server.wait(10)


if __name__ == "__main__":
    main()
