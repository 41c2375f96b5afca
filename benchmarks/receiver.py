"""Measure the receiver with a SQLite store: python benchmarks/receiver.py [--seconds 10] [--burst 100000].

Prints two Markdown tables: what is stored and answered in a second with posts of 1 to 1,000 events, and a burst, which
is counted in the store afterwards. The receiver is a process of its own, the senders another; both share the machine.
"""

import argparse
import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import orjson

from sheets_crm.receiver.instantly import instantly
from sheets_crm.receiver.server import Receiver
from sheets_crm.receiver.tokens import token
from sheets_crm.store.access import Store
from sheets_crm.store.stored_intake import StoredIntake

ROOT = Path(__file__).resolve().parents[1]
SECRET = b"the secret of the benchmark"
PATH = f"/webhooks/instantly/{token(SECRET, 'instantly')}"
SIZES = (1, 10, 100, 1_000)
CONNECTIONS = 64


def serve(folder):
    """Be the receiver, until a signal comes."""
    store = Store(f"sqlite:///{folder}/crm.db", folder)
    receiver = Receiver(StoredIntake(store, "book").add, [instantly(SECRET)])
    receiver.run(lambda url: print(url, flush=True))


class Served:
    """A receiver in a process of its own, with an empty store."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        command = [sys.executable, __file__, "--serve", str(folder)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    def cpu(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak(self):
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM"))

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def events(self):
        """The events in the store."""
        with closing(sqlite3.connect(self.folder / "crm.db")) as file:
            bodies = file.execute("SELECT body FROM intake")
            return sum(len(content) if isinstance(content := orjson.loads(row[0]), list) else 1 for row in bodies)


def post(first, count):
    """A post of so many events, each of which is another."""
    events = [
        {
            "timestamp": f"2026-08-14T12:00:01.{n}Z",
            "workspace": "019ffad2-0000-7000-8000-000000000001",
            "campaign_id": "019ffad2-0000-7000-8000-00000000c001",
            "campaign_name": "Los Lagos 1",
            "lead_email": f"persona{n}@ejemplo.cl",
            "email_account": "equipo@ventas.example.com",
            "step": 1,
            "variant": 1,
            "is_first": True,
            "email_id": f"019ffad2-0000-7000-8000-{n:012}",
            "LeadNumber": str(n),
            "event_type": "reply_received",
            "reply_text": "Me interesa, hablemos. " * 8,
        }
        for n in range(first, first + count)
    ]
    body = orjson.dumps(events[0] if count == 1 else events)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Senders:
    """Connections that post one event after another, and again what was refused with 503.

    Args:
        port: The receiver's.
        size: Events in a post.
        most: Events of all posts; None for as many as `seconds` allow.
        seconds: How long posts are begun.
    """

    def __init__(self, port, size, most=None, seconds=10**9):
        self.port, self.size, self.most, self.seconds = port, size, most, seconds
        self.next, self.answered, self.refused, self.slowest = 0, 0, 0, 0.0

    async def run(self):
        began = time.perf_counter()
        await asyncio.gather(*(self.connection(began + self.seconds) for _ in range(CONNECTIONS)))
        return time.perf_counter() - began

    async def connection(self, end):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while time.perf_counter() < end and (self.most is None or self.next < self.most):
            count = self.size if self.most is None else min(self.size, self.most - self.next)
            first, self.next = self.next, self.next + count
            sent = post(first, count)
            while not await self.stored(reader, writer, sent):
                self.refused += 1
                await asyncio.sleep(0.2)
            self.answered += count
        writer.close()

    async def stored(self, reader, writer, sent):
        began = time.perf_counter()
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.split(b":")[1]))
        self.slowest = max(self.slowest, time.perf_counter() - began)
        return head.startswith(b"HTTP/1.1 200")


def measured(folder, size, **limits):
    served = Served(folder)
    senders = Senders(served.port, size, **limits)
    before = served.cpu()
    seconds = asyncio.run(senders.run())
    cpu, peak = served.cpu() - before, served.peak()
    served.kill()
    stored = served.events()
    assert stored >= senders.answered, (stored, senders.answered)
    return senders, seconds, cpu, peak, stored


def table(*header):
    row(*header)
    row(*["---"] * len(header))


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def rates(folder, seconds):
    table(
        "events in a post",
        "events/s stored and answered",
        "posts/s",
        "CPU, of one core",
        "slowest answer",
    )
    for size in SIZES:
        senders, took, cpu, _, _ = measured(folder / f"rate-{size}", size, seconds=seconds)
        rate = senders.answered / took
        row(f"{size:,}", f"{rate:,.0f}", f"{rate / size:,.0f}", f"{cpu / took:.0%}", f"{senders.slowest:.2f} s")


def bursts(folder, burst):
    table("burst of", "in posts of", "seconds", "503, then repeated", "in the store afterwards", "peak memory")
    for size in SIZES:
        senders, took, _, peak, stored = measured(folder / f"burst-{size}", size, most=burst)
        assert stored == burst, stored
        row(f"{burst:,}", f"{size:,}", f"{took:.1f}", f"{senders.refused:,}", f"{stored:,}", f"{peak:.0f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--burst", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the stores are made; a temporary one by default")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        return serve(asked.serve)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        rates(Path(folder), asked.seconds)
        print()
        bursts(Path(folder), asked.burst)
    return None


if __name__ == "__main__":
    sys.exit(main())
