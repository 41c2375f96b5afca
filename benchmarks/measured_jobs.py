"""What is measured at each size: the worker's runs, and the same jobs as people do them today."""

import resource
import subprocess
import sys
import time

import orjson

from benchmarks.station import HERE, Station, wire
from sheets_crm import sample

TICKS = (20, 200, 2_000)
OUTPUT = 10_000
WAYS = {
    "dataframe": "gspread-dataframe, whole tab",
    "pygsheets": "pygsheets, whole tab",
    "rows": "gspread, row by row",
}


def ours(leads, cache, scratch, say):
    """Measure the worker's runs on a workbook of so many leads; yield a row for each."""
    station = Station(leads, cache, scratch, say)
    try:
        yield {"job": "first fill (`import`)", "leads": leads, **station.fill}
        station.operator.tick("Verification Input", 1)
        station.worker.do("sync")  # the first run of a process loads what it keeps of the leads
        yield measured(station, "idle", "sync")
        for ticks in TICKS:
            if ticks < leads:
                station.operator.tick("Verification Input", ticks)
                yield measured(station, f"{ticks:,} ticks", "sync")
        station.operator.tick("Verification Input", 20)
        yield {"job": "20 ticks", "leads": leads, **station.worker.do("sync", profile=True)}
        station.operator.take("verification", min(OUTPUT, leads - 300))
        yield measured(station, "send of `take N`", "sync")
        header, *rows = station.operator.shown("Verification Batch")
        station.paste(*sample.verification_output(header, rows))
        yield measured(station, f"an output of {len(rows):,} rows", "sync", output=True)
        yield measured(station, "idle, after all that", "sync")
        station.restarted_worker()
        station.operator.tick("Verification Input", 20)
        yield measured(station, "20 ticks, first run of a new process", "sync")
        yield measured(station, "everything read again (`--force`)", "sync", force=True)
        yield {
            "job": "everything read again",
            "leads": leads,
            **station.worker.do("sync", force=True, profile=True),
        }
    finally:
        station.close()


def measured(station, job, verb, *, output=False, **options):
    """Do one piece of work and give its row."""
    before, began = station.emulator.stats(), time.perf_counter()
    cost = station.worker.do(verb, **options)
    seconds = time.perf_counter() - began
    spent = wire(before, station.emulator.stats())
    return {"job": job, "leads": station.leads, "seconds": seconds, "output": output, **cost, **spent}


def theirs(way, rows, ticks, emulator, python):
    """Measure one of the ways of today; None when what it needs is not installed."""
    command = [python, "-m", "benchmarks.peers", str(emulator.directory), emulator.url, way, str(rows), str(ticks)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=HERE)
    if not process.stdout.readline():
        return None
    before = emulator.stats()
    process.stdin.write("go\n")
    process.stdin.flush()
    said = process.stdout.readline()
    process.wait(60)
    return {"way": way, "leads": rows, "ticks": ticks, **wire(before, emulator.stats()), **orjson.loads(said)}


def start_up(statement, times=3):
    """Give the processor seconds of a fresh interpreter that runs a statement, the best of some."""
    best = float("inf")
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", statement], check=True, env=HERE)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best
