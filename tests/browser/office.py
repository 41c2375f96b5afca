"""A workbook of sample leads on an emulator, and its worker."""

from pathlib import Path
from threading import Event, Thread
from typing import Any

from sheets_crm import bootstrap, sample
from sheets_crm.config import Settings
from sheets_crm.emulator.server import Server
from sheets_crm.files import write_csv
from sheets_crm.google.client import connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet

LEADS = 120


class Office:
    """An emulator with a workbook of sample leads, and a worker that polls it."""

    def __init__(self, directory: Path) -> None:
        self.server = Server(directory / "emulator").start()
        self.operator = load_service_account(directory / "emulator" / "operator_account.json")
        credentials = directory / "emulator" / "service_account.json"
        client = connect(load_service_account(credentials), endpoint=self.server.url, creating=True)
        self.sheet_id = create_spreadsheet(client, "CRM", locale="es_ES", time_zone="Europe/Madrid")
        settings = Settings(
            spreadsheet_id=self.sheet_id,
            credentials=credentials,
            endpoint=self.server.url,
            state_dir=directory / "state",
            settle_seconds=0.5,
            reads_per_minute=100_000,
            writes_per_minute=100_000,
        )
        self.app = bootstrap.application(settings)
        self.app.init(adopt=False)
        header, rows = sample.export_rows(LEADS)
        path = write_csv(directory / "export.csv", header, rows)
        self.app.import_tables([str(path)], step=None, target_id="T1", plan=False)
        self.failures: list[Exception] = []
        self._over = Event()
        self._thread = Thread(target=self._work, daemon=True)

    def start_worker(self) -> None:
        self._thread.start()

    def _work(self) -> None:
        while not self._over.wait(0.3):
            try:
                self.app.sync(plan=False, now=False, force=False)
            except Exception as error:  # noqa: BLE001 - the test that closes the office tells of it
                self.failures.append(error)
                return

    def cells(self, title: str) -> list[list[str]]:
        """What a tab shows, read by gspread as the operator."""
        return [list(map(str, row)) for row in self.book().worksheet(title).get_all_values()]

    def book(self) -> Any:
        """The workbook as gspread shows it to the operator."""
        return connect(self.operator, endpoint=self.server.url).open_by_key(self.sheet_id)

    def close(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        self.server.stop()
