"""Measure everything: `python -m benchmarks [--leads 1000 20000 75000] [--out benchmarks/RESULTS.md]`."""

import argparse
import sys
import tempfile
from pathlib import Path

import orjson

from benchmarks import measured_jobs, report
from benchmarks.station import Emulator

IMPORTS = "import sheets_crm.cli, sheets_crm.bootstrap, sheets_crm.engine.run"


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    asked = arguments()
    ours, peers = [], []
    start = {"bare": measured_jobs.start_up("pass"), "all": measured_jobs.start_up(IMPORTS)}
    with tempfile.TemporaryDirectory() as scratch:
        for leads in asked.leads:
            for row in measured_jobs.ours(leads, asked.cache, Path(scratch) / "ours", say):
                say(f"{leads:,} leads, {row['job']}: {row['cpu']:.2f} s of CPU, {row['said']}")
                ours.append(row)
        for leads in [] if asked.no_peers else asked.peers_leads:
            peers += of_today(leads, Path(scratch) / f"today-{leads}", asked.peers_python)
    if asked.raw:
        asked.raw.write_bytes(orjson.dumps({"ours": ours, "peers": peers, "start": start}))
    write(report.whole(ours, peers, start), asked.out)


def of_today(leads, directory, python):
    directory.mkdir()
    emulator = Emulator(directory)
    for way in measured_jobs.WAYS:
        row = measured_jobs.theirs(way, leads, 20, emulator, python)
        say(f"{leads:,} leads, {way}: {'not installed' if row is None else round(row['seconds'], 1)}")
        if row is not None:
            yield row
    emulator.close()


def write(text, out):
    if out is None:
        print(text)
        return
    page = out.read_text(encoding="utf-8")
    before, _, rest = page.partition(report.BEGIN)
    out.write_text(before + text + rest.partition(report.END)[2], encoding="utf-8")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--leads", type=int, nargs="+", default=[1_000, 20_000, 75_000])
    kept = Path.home() / ".cache" / "sheets-crm-benchmarks"
    parser.add_argument("--cache", type=Path, default=kept, help="keeps filled workbooks between runs")
    parser.add_argument("--no-peers", action="store_true", help="leave out the ways of today")
    parser.add_argument("--peers-leads", type=int, nargs="+", default=[1_000, 20_000])
    parser.add_argument("--peers-python", default=sys.executable, help="has gspread-dataframe and pygsheets")
    parser.add_argument("--out", type=Path, help="page whose measured part is replaced; without it, printed")
    parser.add_argument("--raw", type=Path, help="where the numbers go as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
