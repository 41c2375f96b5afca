"""Asks the emulator every probe and writes its outcomes as the expected ones; run it after a change of the emulator.

`git diff` then shows which observations changed: each is a statement about Google, so look at it before it is kept.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sheets_crm.emulator.server import Server
from sheets_crm.google.client import connect, default_wire
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.raw_client import RawClient
from sheets_crm.google.throwaway import created
from sheets_crm.operations import probe

EXPECTED = Path(probe.__file__).parent / "probes" / "expected.json"


def outcomes() -> dict[str, object]:
    """What the emulator answers to each probe, by name."""
    with TemporaryDirectory() as folder, Server(Path(folder)) as emulator:
        account = load_service_account(Path(folder) / "service_account.json")
        wire = default_wire(reads_per_minute=10_000, writes_per_minute=10_000)
        client = connect(account, endpoint=emulator.url, creating=True, wire=wire)
        with created(client) as spreadsheet:
            report = probe.run(RawClient(client, spreadsheet))
        sys.stderr.write(f"{wire.traffic.reads} reads, {wire.traffic.writes} writes\n")
    return {one["probe"]: one["found"] for one in report.json["probes"]}


def main() -> None:
    """Write the file."""
    EXPECTED.write_text(json.dumps(outcomes(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
