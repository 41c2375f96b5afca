"""Measure the emulator over HTTP: python benchmarks/emulator_throughput.py [--rows 20000] [--columns 70].

Prints a Markdown table: what was asked, seconds (the best of three), and megabytes of the answer before gzip.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from sheets_crm.emulator.server import Server

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]


class Bench:
    """One spreadsheet of an emulator in this process, and the table of what was measured."""

    def __init__(self, server, directory):
        path = directory / "service_account.json"
        self.session = AuthorizedSession(Credentials.from_service_account_file(path, scopes=SCOPES))
        made = self.ask("POST", f"{server.url}/v4/spreadsheets", {})
        self.url = f"{server.url}/v4/spreadsheets/{made.json()['spreadsheetId']}"

    def ask(self, method, url, body=None):
        answer = self.session.request(method, url, json=body)
        answer.raise_for_status()
        return answer

    def batch(self, *requests):
        return self.ask("POST", f"{self.url}:batchUpdate", {"requests": list(requests)})

    def measure(self, name, action, times=3):
        best, size = float("inf"), 0
        for _ in range(times):
            began = time.perf_counter()
            size = len(action().content)
            best = min(best, time.perf_counter() - began)
        print(f"| {name} | {best:.3f} | {size / 1e6:.1f} |", flush=True)


def filled(bench, rows, columns):
    """Fill a tab of the asked size and add one with formulas over it."""
    grid = {"rowCount": rows + 1, "columnCount": columns}
    bench.batch(
        {"updateSheetProperties": {"properties": {"gridProperties": grid}, "fields": "gridProperties"}},
        {"addSheet": {"properties": {"sheetId": 2, "title": "Dash"}}},
    )
    block = [[row, row % 7 == 0, *[f"text {row} {c}" for c in range(columns - 2)]] for row in range(rows)]
    bench.ask("PUT", f"{bench.url}/values/Sheet1!A2?valueInputOption=RAW", {"values": block})
    letters = [chr(65 + n) for n in range(2, 12)]
    formulas = [[f'=COUNTIFS(Sheet1!B2:B,TRUE,Sheet1!{x}2:{x},"text 7*")'] for x in letters for _ in range(6)]
    formulas.append(["=IFERROR(FILTER(Sheet1!A2:A,Sheet1!B2:B=TRUE),0)"])
    bench.ask("PUT", f"{bench.url}/values/Dash!A1?valueInputOption=USER_ENTERED", {"values": formulas})


def cells(height, width):
    """One updateCells request of height x width texts."""
    values = [{"userEnteredValue": {"stringValue": f"new {time.monotonic_ns()}"}} for _ in range(width)]
    start = {"sheetId": 0, "rowIndex": 5, "columnIndex": 3}
    return {"updateCells": {"start": start, "fields": "userEnteredValue", "rows": [{"values": values}] * height}}


def run(bench, rows, columns):
    """Measure."""
    filled(bench, rows, columns)
    every = f"{bench.url}/values:batchGet?ranges=Sheet1&valueRenderOption="
    print("| request | seconds | MB |\n| --- | --- | --- |")
    bench.measure(f"values:batchGet of {rows:,} x {columns}, unformatted",
                  lambda: bench.ask("GET", every + "UNFORMATTED_VALUE"))  # fmt: skip
    bench.measure(f"values:batchGet of {rows:,} x {columns}, formatted",
                  lambda: bench.ask("GET", every + "FORMATTED_VALUE"))  # fmt: skip
    bench.measure("batchUpdate of 10,000 cells in 1,000 rows", lambda: bench.batch(cells(1000, 10)))
    bench.measure(
        "batchUpdate of 10,000 cells in 10,000 rows", lambda: bench.batch(cells(min(rows - 5, 10_000), 1))
    )
    bench.measure("batchUpdate of one cell", lambda: bench.batch(cells(1, 1)))
    line = {"sheetId": 0, "dimension": "ROWS", "startIndex": 50, "endIndex": 51}
    bench.measure("batchUpdate that deletes 500 rows, one by one, under 61 formulas",
                  lambda: bench.batch(*[{"deleteDimension": {"range": line}}] * 500))  # fmt: skip
    dash = f"{bench.url}/values/Dash!A1:A60"
    bench.measure("first read of 61 formulas", lambda: bench.ask("GET", dash), times=1)
    tick = f"{bench.url}/values/Sheet1!B100?valueInputOption=RAW"

    def tick_and_read():
        bench.ask("PUT", tick, {"values": [[time.monotonic_ns() % 2 == 0]]})
        return bench.ask("GET", dash)

    bench.measure("a tick, then a read of the 61 formulas", tick_and_read)
    bench.measure(
        "spreadsheets.get of tabs only", lambda: bench.ask("GET", f"{bench.url}?fields=sheets.properties")
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--columns", type=int, default=70)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        run(Bench(server, Path(folder)), asked.rows, asked.columns)


if __name__ == "__main__":
    sys.exit(main())
