"""A killed emulator keeps every change that it answered, and none by half."""

import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
import requests
from emulator_client import Raw
from google.auth.exceptions import TransportError

ROUNDS = 25


class Process:
    """The emulator as a process of its own."""

    def __init__(self, directory, port):
        command = [sys.executable, "-m", "sheets_crm.emulator", "--dir", str(directory), "--port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.directory = directory

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


def change(number):
    """One batch that leaves its number in two tabs, in the metadata and in the size of the grid."""
    values = [{"userEnteredValue": {"numberValue": number}}]
    cells = [
        {"updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": number, "columnIndex": 0}, "fields": "userEnteredValue",
            "rows": [{"values": values}] * 2,
        }}
        for sheet_id in (0, 1)
    ]  # fmt: skip
    stamp = {"metadataId": number, "metadataKey": "n", "visibility": "DOCUMENT", "location": {"spreadsheet": True}}
    grow = {"appendDimension": {"sheetId": 1, "dimension": "COLUMNS", "length": 1}}
    return [*cells, {"createDeveloperMetadata": {"developerMetadata": stamp}}, grow]


def write_until_killed(raw, number, acknowledged):
    """Send changes one after the other and note each that was answered."""
    while True:
        try:
            answer = raw.batch(*change(number))
        except (requests.RequestException, TransportError):
            return
        if answer.status_code == 200:
            acknowledged.append(number)
        number += 1


def found_in(raw):
    """The last number in each of the four places."""
    columns = [raw.values(f"{tab}!A1:A", valueRenderOption="UNFORMATTED_VALUE") for tab in ("Sheet1", "Two")]
    state = raw.get(fields="developerMetadata.metadataId,sheets.properties.gridProperties.columnCount")
    stamps = [entry["metadataId"] for entry in state.get("developerMetadata", [])]
    width = state["sheets"][1]["properties"]["gridProperties"]["columnCount"] - 26
    assert sorted(stamps) == list(range(1, len(stamps) + 1))
    for column in columns:
        if stamps:
            assert column == [[], *[[number] for number in range(1, len(stamps) + 1)], [len(stamps)]]
    return {len(stamps), width}


@pytest.mark.long
def test_every_answered_change_survives_and_none_by_half(tmp_path):
    emulator = Process(tmp_path, 0)
    port = int(emulator.url.rpartition(":")[2])
    made = Raw(emulator, "x").session.post(f"{emulator.url}/drive/v3/files", json={"name": "x"}).json()["id"]
    grid = {"rowCount": 100_000, "columnCount": 26}
    Raw(emulator, made).ok(
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 0, "gridProperties": grid},
                "fields": "gridProperties",
            }
        },
        {"addSheet": {"properties": {"sheetId": 1, "title": "Two", "gridProperties": {"rowCount": 100_000}}}},
    )
    last, rng = 0, random.Random(20)
    acknowledged = []
    for _ in range(ROUNDS):
        raw = Raw(emulator, made)
        raw.get()
        writer = threading.Thread(target=write_until_killed, args=(raw, last + 1, acknowledged))
        writer.start()
        time.sleep(rng.uniform(0.02, 0.3))
        emulator.kill()
        writer.join(timeout=20)
        emulator = Process(tmp_path, port)
        (last,) = found_in(Raw(emulator, made))
        done = acknowledged[-1] if acknowledged else 0
        assert last in (done, done + 1)
    emulator.kill()
    assert len(acknowledged) > ROUNDS
