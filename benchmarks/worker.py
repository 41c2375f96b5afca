"""The worker's process: `python -m benchmarks.worker FOLDER URL WORKBOOK`, then a line of JSON for each piece of work.

Answers each with the seconds of its own processor time, its peak memory meanwhile in bytes (Linux counts it), the
bytes of the new values of the Master's cells that it changed, and what the run said.
"""

import sys
import time
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
        began = time.process_time()
        try:
            report = work(app, asked)
        except Exception as error:  # noqa: BLE001 - told to the process that asked
            print(orjson.dumps({"failed": f"{type(error).__name__}: {error}"}).decode(), flush=True)
            continue
        used = time.process_time() - began
        changed = changed_bytes(folder, journal)
        answer = {"cpu": used, "peak": peak(), "said": report.title, **changed}
        print(orjson.dumps(answer).decode(), flush=True)


def work(app, asked):
    if asked["verb"] == "init":
        return app.init(adopt=False)
    if asked["verb"] == "import":
        target = asked.get("target_id")
        return app.import_tables([asked["file"]], step=asked.get("step"), target_id=target, plan=False)
    return app.sync(plan=False, now=True, force=bool(asked.get("force")))


def reset_peak():
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak():
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def journal_size(folder):
    return {path.name: path.stat().st_size for path in (folder / "state" / "journal").glob("*.jsonl")}


def changed_bytes(folder, before):
    """Add up the new values in the change journal since then: what had to travel at the very least."""
    cells = total = 0
    for path in (folder / "state" / "journal").glob("*.jsonl"):
        with path.open("rb") as file:
            file.seek(before.get(path.name, 0))
            for line in file:
                if line.strip():
                    cells += 1
                    total += len(orjson.dumps(orjson.loads(line)["new"]))
    return {"changed_cells": cells, "changed_bytes": total}


if __name__ == "__main__":
    main()
