"""A workbook of so many leads on an emulator of its own, filled through the product once and kept between runs."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import orjson
import requests

from sheets_crm import sample
from sheets_crm.demo import Operator
from sheets_crm.files import write_csv
from sheets_crm.google.client import connect, default_wire
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet

QUOTA = 1_000_000  # no quota: what is measured is the work
HERE = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}


class Emulator:
    """The emulator, a process of its own.

    Args:
        directory: Keeps its workbooks.
    """

    def __init__(self, directory):
        command = [sys.executable, "-m", "sheets_crm.emulator", "--dir", str(directory), "--port", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=HERE)
        self.url = self._process.stdout.readline().strip()
        self.directory = directory

    def stats(self):
        """Give the counts since the start."""
        return requests.get(f"{self.url}/_emulator/stats", timeout=600).json()

    def client(self, who, *, creating=False):
        """Connect as the worker's account (service) or as a person (operator)."""
        account = load_service_account(self.directory / f"{who}_account.json")
        wire = default_wire(reads_per_minute=QUOTA, writes_per_minute=QUOTA)
        return connect(account, endpoint=self.url, creating=creating, wire=wire)

    def close(self):
        self._process.terminate()
        self._process.wait(60)


class WorkerProcess:
    """The worker, a process of its own that lives on and takes its orders as lines of JSON.

    Args:
        folder: With the emulator's files and the worker's state.
        url: The emulator's.
        workbook: Id of the spreadsheet.
    """

    def __init__(self, folder, url, workbook):
        command = [sys.executable, "-m", "benchmarks.worker", str(folder), url, workbook]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=HERE
        )

    def do(self, verb, **options):
        """Do a piece of work and give what it cost this process."""
        self._process.stdin.write(orjson.dumps({"verb": verb, **options}).decode() + "\n")
        self._process.stdin.flush()
        answer = orjson.loads(self._process.stdout.readline() or b'{"failed": "the worker died"}')
        if "failed" in answer:
            raise RuntimeError(f"{verb}: {answer['failed']}")
        return answer

    def close(self):
        self._process.stdin.close()
        self._process.wait(60)


class Station:
    """A workbook of so many leads, its worker and its operator.

    Args:
        leads: How many people the Master holds at least.
        cache: Keeps filled workbooks between runs.
        scratch: The copy that is worked on.
        say: Called with what is being done.
    """

    def __init__(self, leads, cache, scratch, say):
        kept = cache / f"{leads}-leads"
        self.fill = self._fill(leads, kept, say)
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(kept, scratch)
        self.folder, self.leads = scratch, leads
        self.emulator = Emulator(scratch / "emulator")
        self.workbook = self.fill["workbook"]
        self.worker = WorkerProcess(scratch, self.emulator.url, self.workbook)
        spreadsheet = self.emulator.client("operator").open_by_key(self.workbook)
        self.operator, self._inbox = Operator(spreadsheet), spreadsheet.worksheet("Inbox")

    @staticmethod
    def _fill(leads, kept, say):
        """Import that many people through the product; give what it cost."""
        facts = kept / "fill.json"
        if facts.exists():
            return orjson.loads(facts.read_bytes())
        say(f"filling a workbook with {leads:,} leads, once; it is kept in {kept}")
        shutil.rmtree(kept, ignore_errors=True)
        (kept / "emulator").mkdir(parents=True)
        emulator = Emulator(kept / "emulator")
        client = emulator.client("service", creating=True)
        workbook = create_spreadsheet(client, "CRM", locale="es_ES", time_zone="Europe/Madrid")
        worker = WorkerProcess(kept, emulator.url, workbook)
        worker.do("init")
        export = write_csv(kept / "export.csv", *sample.export_rows(leads))
        before, began = emulator.stats(), time.perf_counter()
        cost = worker.do("import", file=str(export), target_id="B")
        cost |= {"seconds": time.perf_counter() - began, **wire(before, emulator.stats())}
        worker.do("sync")
        worker.close()
        emulator.close()
        facts.write_bytes(orjson.dumps(cost | {"workbook": workbook}))
        return cost | {"workbook": workbook}

    def paste(self, header, rows):
        """Paste into Inbox, whose grid grows as the browser makes it grow."""
        self._inbox.resize(rows=max(2_000, len(rows) + 1))
        self.operator.paste(header, rows)

    def restarted_worker(self):
        """End the worker's process and begin another on the same state."""
        self.worker.close()
        self.worker = WorkerProcess(self.folder, self.emulator.url, self.workbook)

    def close(self):
        self.worker.close()
        self.emulator.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def wire(before, after):
    """Give what went over the wire between two counts: requests by kind, bytes, cells; asking for a token apart."""
    found = {kind: count - before["requests"].get(kind, 0) for kind, count in after["requests"].items()}
    calls = {kind: count for kind, count in found.items() if count and "token" not in kind and "_emu" not in kind}
    reads = sum(count for kind, count in calls.items() if kind.startswith("GET "))
    return {
        "calls": calls,
        "reads": reads,
        "writes": sum(calls.values()) - reads,
        "sent": after["bytes_received"] - before["bytes_received"],
        "received": after["bytes_sent"] - before["bytes_sent"],
        "cells_read": after["cells_read"] - before["cells_read"],
        "cells_written": after["cells_written"] - before["cells_written"],
    }
