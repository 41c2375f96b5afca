"""The worker's process: `python -m benchmarks.worker FOLDER URL WORKBOOK`, then a line of JSON for each piece of work.

Answers each with the seconds of its own processor time, its peak memory meanwhile in bytes (Linux counts it), the
bytes of the new values of the Master's cells that it changed, and what the run said.
"""

import cProfile
import pstats
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing, nullcontext
from pathlib import Path

import orjson

from sheets_crm import bootstrap
from sheets_crm.config import Settings

QUOTA = 1_000_000


def main():
    folder, url, workbook = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    app = bootstrap.application(
        Settings(
            spreadsheet_id=workbook,
            credentials=folder / "emulator" / "service_account.json",
            endpoint=url,
            state_dir=folder / "state",
            settle_seconds=0,
            heartbeat_minutes=6_000,
            full_reconcile_minutes=6_000,
            reads_per_minute=QUOTA,
            writes_per_minute=QUOTA,
        )
    )
    for line in sys.stdin:
        asked = orjson.loads(line)
        journal = journal_size(folder)
        reset_peak()
        profile = cProfile.Profile() if asked.get("profile") else nullcontext()
        began = time.process_time()
        try:
            with profile:
                report = work(app, asked)
        except Exception as error:  # noqa: BLE001 - reported to the process that asked
            print(orjson.dumps({"failed": f"{type(error).__name__}: {error}"}).decode(), flush=True)
            continue
        used = time.process_time() - began
        changed = changed_bytes(folder, journal)
        if asked.get("profile"):
            changed["by_package"] = by_package(profile)
        answer = {"cpu": used, "peak": peak(), "said": report.title, **changed}
        print(orjson.dumps(answer).decode(), flush=True)


def work(app, asked):
    if asked["verb"] == "init":
        return app.init(adopt=False)
    if asked["verb"] == "import":
        target = asked.get("target_id")
        return app.import_tables([asked["file"]], step=asked.get("step"), target_id=target, plan=False)
    return app.sync(plan=False, now=True, force=bool(asked.get("force")))


def by_package(profile):
    """Give the seconds spent in each package of ours and of others, what is called from C with whoever calls it."""
    seconds = Counter()
    for (file, _, name), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():
        if file == "~" and any(waits in name for waits in ("recv", "poll", "fsync")):
            seconds["waiting for the server and the disk"] += own
        elif file == "~":
            for (caller, _, _), (_, _, share, _) in callers.items():
                seconds[package(caller)] += share
        else:
            seconds[package(file)] += own
    return dict(seconds.most_common())


def package(file):
    parts = Path(file).parts
    if "sheets_crm" in parts:
        place = len(parts) - 1 - parts[::-1].index("sheets_crm")
        return "sheets_crm/" + parts[place + 1].removesuffix(".py")
    if "site-packages" in parts:
        name = parts[parts.index("site-packages") + 1]
        return name if name in {"pandas", "numpy"} else "gspread, google-auth, requests and what they use"
    return "Python's own library"


def reset_peak():
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak():
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def journal_size(folder):
    """The number of the latest change in the journal; 0 before there is a store."""
    (latest,) = journal(folder, "SELECT coalesce(max(change_id), 0) FROM changes") or [0]
    return latest


def changed_bytes(folder, before):
    """Add up the new values in the change journal since then: what had to travel at the very least."""
    new = journal(folder, f"SELECT new FROM changes WHERE change_id > {before:d}")
    return {"changed_cells": len(new), "changed_bytes": sum(len(cell.encode()) for cell in new)}


def journal(folder, query):
    """The first column of what the store answers; nothing where no run has made the store yet."""
    file = folder / "state" / "crm.db"
    if not file.exists():  # to connect would make an empty one
        return []
    with closing(sqlite3.connect(file)) as store:
        return [row[0] for row in store.execute(query)]


if __name__ == "__main__":
    main()
