"""A workbook on a running emulator, a person with unmodified gspread, and the command line; for the whole job's tests."""

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import gspread
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from requests.adapters import HTTPAdapter
from workbench import in_ids

from sheets_crm.cli.run import exit_status
from sheets_crm.emulator.server import Server

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com")
STEPS = ("verification", "company_scrap", "box1", "instantly")
INPUTS = ("Verification Input", "CompScrap Input", "Box1 Input", "Instantly Input")


class ToEmulator(HTTPAdapter):
    """Sends what is meant for Google to the emulator, so that gspread and google-auth stay as they are."""

    def __init__(self, url):
        super().__init__()
        self._url = urlsplit(url)

    def send(self, request, **options):
        parts = urlsplit(request.url)
        request.url = urlunsplit((self._url.scheme, self._url.netloc, parts.path, parts.query, ""))
        return super().send(request, **options)


class Bench:
    """One workbook, its people and its worker.

    Args:
        directory: Keeps the emulator's data, the settings file and the worker's state.
        locale: Of a new workbook; one that the directory has already is opened.
    """

    def __init__(self, directory, locale="es_ES"):
        self.directory = directory
        self.server = Server(directory / "emulator").start()
        self.locale = locale
        known = directory / "spreadsheet_id"
        if not known.exists():
            made = self._client("owner").create("CRM")
            properties = {"locale": locale, "timeZone": "Europe/Madrid"}
            fields = {"properties": properties, "fields": "locale,timeZone"}
            made.batch_update({"requests": [{"updateSpreadsheetProperties": fields}]})
            known.write_text(made.id)
        self.spreadsheet_id = known.read_text()
        self.settings = directory / "sheets_crm.toml"
        self.settings.write_text(
            f'spreadsheet_id = "{self.spreadsheet_id}"\ncredentials = "emulator/service_account.json"\n'
            f'endpoint = "{self.server.url}"\nsettle_seconds = 0\n'
            "reads_per_minute = 6000\nwrites_per_minute = 6000\nheartbeat_minutes = 600\n"
        )
        self.book = self._client("operator").open_by_key(self.spreadsheet_id)

    def close(self):
        self.server.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def copy(self, directory):
        """Open a copy of the workbook and the worker's state; this one is closed."""
        self.close()
        shutil.copytree(self.directory, directory)
        return Bench(directory)

    def _client(self, who):
        path = self.directory / "emulator" / f"{who}_account.json"
        session = AuthorizedSession(Credentials.from_service_account_file(path, scopes=SCOPES))
        session.trust_env = False
        for address in GOOGLE:
            session.mount(address, ToEmulator(self.server.url))
        return gspread.Client(auth=session.credentials, session=session)

    # -- the worker -----------------------------------------------------------------------------------------------

    def cli(self, *words, status=0):
        """Run a command in this process and give what ``--json`` prints."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            found = exit_status(["--config", str(self.settings), *map(str, words), "--json"])
        assert found == status, printed.getvalue()
        return json.loads(printed.getvalue())

    def sync(self):
        return self.cli("sync", "--now")

    def start(self, *words):
        """Start a command as a process of its own."""
        command = [
            sys.executable,
            "-c",
            "from sheets_crm.cli import main; main()",
            "--config",
            self.settings,
            *words,
        ]
        where = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.Popen(command, env=where, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # -- the emulator ---------------------------------------------------------------------------------------------

    def stats(self):
        return requests.get(f"{self.server.url}/_emulator/stats", timeout=10).json()

    def arm(self, **fault):
        requests.post(f"{self.server.url}/_emulator/faults", json=fault, timeout=10).raise_for_status()

    def disarm(self):
        requests.delete(f"{self.server.url}/_emulator/faults", timeout=10).raise_for_status()

    # -- the person -----------------------------------------------------------------------------------------------

    def rows(self, tab):
        """The cells as they are shown, the header first, as ids."""
        return in_ids(tab, self.book.worksheet(tab).get_all_values())

    def raw(self, tab):
        """The cells' own values, short rows filled with blanks."""
        return in_ids(tab, self.book.worksheet(tab).get(value_render_option="UNFORMATTED_VALUE", pad_values=True))

    def records(self, tab):
        """The rows of a table by header."""
        header, *rows = self.raw(tab)
        return [
            dict(zip(header, row, strict=True)) for row in rows if any(cell not in {"", False} for cell in row)
        ]

    def master(self):
        """The leads by LeadNumber."""
        found = {int(lead["LeadNumber"]): lead for lead in self.records("Master")}
        assert len(found) == len(self.records("Master"))
        return found

    def type(self, tab, cell, *rows):
        self.book.worksheet(tab).update([list(row) for row in rows], cell, raw=False)

    def tick(self, tab, count):
        self.type(tab, "A2", *[[True]] * count)

    def take(self, step, count):
        row = [line[-1] for line in self.rows("Control")].index(f"step.{step}") + 1
        self.type("Control", f"D{row}", [count, True])

    def paste(self, header, rows, tab="Inbox"):
        self.type(tab, "A1", header, *rows)

    def dump(self):
        """Every tab's formulas and values by title."""
        titles = [sheet.title for sheet in self.book.worksheets()]
        ranges = [f"'{title}'" for title in titles]
        found = {}
        for option in ("FORMULA", "UNFORMATTED_VALUE"):
            answer = self.book.values_batch_get(ranges, {"valueRenderOption": option})
            found[option] = dict(
                zip(titles, (one.get("values", []) for one in answer["valueRanges"]), strict=True)
            )
        return found


def write_export(path, header, rows):
    """Write an export as PhantomBuster does: UTF-8 with BOM, CRLF, line breaks inside of quoted cells."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def read_export(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
