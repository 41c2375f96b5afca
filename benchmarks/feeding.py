"""Measure what a run does with a burst of events: python benchmarks/feeding.py [--leads 20000] [--burst 100000].

The events lie in the intake, in posts of one and of many, doubled and shuffled. Prints a Markdown table: processor time
and peak memory of the worker, requests and bytes; and says whether the Master, folded from another order, is the same.
"""

import argparse
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson

from sheets_crm import bootstrap
from sheets_crm.config import Settings
from sheets_crm.engine.intake import Delivery
from sheets_crm.files import write_csv
from sheets_crm.google.client import connect, default_wire
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet
from sheets_crm.receiver.instantly import describe
from sheets_crm.store.stored_intake import StoredIntake

QUOTA = 60_000
ROOT = Path(__file__).resolve().parents[1]
START = dt.datetime(2026, 8, 14, 10, tzinfo=dt.UTC)
KINDS = ("email_sent", "email_opened", "link_clicked", "email_bounced", "reply_received", "lead_interested")


def people(count):
    """Give a contact list of so many people."""
    rows = [[f"Name{n}", f"Surname{n}", f"Company {n}", f"p{n}@company{n}.example"] for n in range(count)]
    return ["First name", "Last name", "Company", "Email"], rows


def bodies(leads, burst, seed):
    """Give the posts of a burst: one event or a hundred in each, a tenth of the events twice, in any order."""
    chance = random.Random(seed)
    events = [
        {
            "event_type": KINDS[min(n // leads, len(KINDS) - 1)],
            "timestamp": (START + dt.timedelta(seconds=n)).isoformat(),
            "lead_email": f"p{n % leads}@company{n % leads}.example",
            "campaign_id": "campaign-1",
            "email_subject": "A subject of the usual length",
            "reply_text": "x" * 300,
        }
        for n in range(burst)
    ]
    events += chance.sample(events, burst // 10)
    chance.shuffle(events)
    half = len(events) // 2
    posts = [orjson.dumps(event) for event in events[:half]]
    posts += [orjson.dumps(events[n : n + 100]) for n in range(half, len(events), 100)]
    return posts


class Bench:
    """A workbook with leads, and its worker in this process."""

    def __init__(self, folder, url, emulator):
        account = load_service_account(emulator / "service_account.json")
        workbook = create_spreadsheet(
            connect(account, endpoint=url, creating=True), "CRM", locale="es_ES", time_zone="Europe/Madrid"
        )
        self.settings = Settings(
            spreadsheet_id=workbook,
            credentials=emulator / "service_account.json",
            endpoint=url,
            state_dir=folder / "state",
            database=f"sqlite:///{folder / 'state' / 'crm.db'}",
            settle_seconds=0,
            modules=["instantly"],
            reads_per_minute=QUOTA,
            writes_per_minute=QUOTA,
        )
        self.app = bootstrap.application(self.settings)
        person = load_service_account(emulator / "operator_account.json")
        wire = default_wire(reads_per_minute=QUOTA, writes_per_minute=QUOTA)
        self.book = connect(person, endpoint=url, wire=wire).open_by_key(workbook)

    def fill(self, folder, leads):
        self.app.init(adopt=False)
        listed = write_csv(folder / "people.csv", *people(leads))
        self.app.import_tables([str(listed)], step="contacts", target_id="B", plan=False, enters="sending")
        self.sync()

    def store(self, posts):
        intake = StoredIntake(self.app.store, self.settings.spreadsheet_id)
        for start in range(0, len(posts), 500):
            moment = dt.datetime.now(dt.UTC)
            intake.add(
                [
                    Delivery("instantly", said.kind, moment, body, said.key)
                    for body in posts[start : start + 500]
                    for said in [describe(body)]
                ]
            )
        return intake

    def sync(self):
        return self.app.sync(plan=False, now=True, force=False)

    def statuses(self):
        header, *rows = self.book.worksheet("Master").get_all_values()
        places = [header.index(name) for name in ("LeadNumber", "instantly_status", "instantly_status_at")]
        return sorted([row[place] for place in places] for row in rows)


def memory():
    """Give the resident bytes of this process now, and the most since they were last reset."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return tuple(
        next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name)) for name in ("VmRSS", "VmHWM")
    )


def play(folder, url, emulator, leads, burst, seed):
    """Fill a workbook, store a burst, import it; print a row and give what became of the leads."""
    folder.mkdir()
    bench = Bench(folder, url, emulator)
    bench.fill(folder, leads)
    intake = bench.store(bodies(leads, burst, seed))
    Path("/proc/self/clear_refs").write_text("5")
    before, (resident, _) = dict(bench.app.context.gateway.requests_made()), memory()
    began, used = time.perf_counter(), time.process_time()
    bench.sync()
    seconds, used, (_, peak) = time.perf_counter() - began, time.process_time() - used, memory()
    made = {key: count - before[key] for key, count in bench.app.context.gateway.requests_made().items()}
    waiting = sum(count.number for count in intake.counts() if count.state == "waiting")
    cells = (
        f"{seconds:.1f}",
        f"{used:.1f}",
        f"{resident / 1e6:.0f}",
        f"{peak / 1e6:.0f}",
        made["reads"],
        made["writes"],
        f"{made['bytes_sent'] / 1e6:.2f}",
        waiting,
    )
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    return bench.statuses()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--leads", type=int, default=20_000)
    parser.add_argument("--burst", type=int, default=100_000)
    given = parser.parse_args()
    print("| seconds | CPU | MB before | MB at most | reads | writes | MB sent | waiting after |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        emulator = folder / "emulator"
        command = [sys.executable, "-m", "sheets_crm.emulator", "--dir", str(emulator), "--port", "0"]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        url = process.stdout.readline().strip()
        try:
            orders = [play(folder / f"{seed}", url, emulator, given.leads, given.burst, seed) for seed in (1, 2)]
        finally:
            process.terminate()
    print(f"\nThe same Master in another order: {orders[0] == orders[1]}")


if __name__ == "__main__":
    main()
