"""A workbook on an emulator of its own, a worker whose clock the test moves, and operators who type into it.

Everything goes over HTTP with gspread's client. The emulator's directory of a workbook that has come so far is kept
for the session and copied, so that a test begins with a workbook of its own without playing the steps before it.
"""

import asyncio
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from threading import Thread
from typing import Any

import requests
import uvicorn
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from google.auth.crypt import RSASigner
from gspread.utils import absolute_range_name, fill_gaps
from gspread.worksheet import Worksheet

from sheets_crm import bootstrap, sample
from sheets_crm.bootstrap import Application
from sheets_crm.config import Settings
from sheets_crm.emulator import accounts
from sheets_crm.emulator.server import Server
from sheets_crm.emulator.store import Store
from sheets_crm.engine import cache_file
from sheets_crm.features.registry import FEATURES
from sheets_crm.files import write_csv
from sheets_crm.google.client import connect, default_wire
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet
from sheets_crm.pipeline.steps import SCHEMA
from sheets_crm.store import durability
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.two_way.columns import header_ids

START = 1_780_000_000.0  # 2026-05-28
QUOTA = 1_000_000  # the emulator has none, and tests do not wait


def one_key(patch: Any) -> None:
    """Give all accounts one private key, checked once: to make one, and to check one, takes longer than most tests."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    patch.setattr(accounts, "generate_private_key", lambda **_: key)
    patch.setattr(RSASigner, "from_string", cache(RSASigner.from_string))


def no_waiting_for_disks(patch: Any) -> None:
    """Let workers and emulators of this process write without waiting for the disk: no test here cuts the power."""
    patch.setattr(os, "fsync", lambda _number: None)
    patch.setattr(durability, "SYNCHRONOUS", "OFF")
    patch.setattr(cache_file, "SYNCHRONOUS", "OFF")
    made = Store.__init__

    def opened(self: Store, path: Path) -> None:
        made(self, path)
        self._connection.execute("PRAGMA synchronous=OFF")

    patch.setattr(Store, "__init__", opened)


def no_waiting_for_servers(patch: Any) -> None:
    """Let servers of this process see at once that they are to end: theirs is a look each tenth of a second."""

    class Hurried:
        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio, name)

        async def sleep(self, seconds: float) -> None:
            await asyncio.sleep(seconds / 8)

    patch.setattr(uvicorn.server, "asyncio", Hurried())


OF_THE_OWNER = partial(FEATURES.specs, SCHEMA)


def in_ids(
    title: str,
    cells: list[list[Any]],
    specs: Callable[[dict[str, int]], Iterable[TabSpec]] = OF_THE_OWNER,
) -> list[list[Any]]:
    """A table's cells with its headers as ids, in whatever language they are."""
    header, *rows = cells or [[]]
    spec = next((spec for spec in specs({}) if spec.title == title and spec.table), None)
    return [header_ids(spec, header) if spec is not None else header, *rows]


class Desk:
    """One workbook and the people around it."""

    def __init__(self, directory: Path, *, sheet_id: str = "", locale: str = "es_ES", **settings: Any) -> None:
        self.directory = directory
        self.now = START
        self.server = Server(directory / "emulator", clock=lambda: self.now)
        self.server.application.tokens._clock = time.time  # google-auth asks by the machine's clock
        self.server.start()
        self.slept: list[float] = []
        self._clients: dict[str, Any] = {}
        self._books: dict[str, Any] = {}
        self._accounts = directory / "emulator"
        self.sheet_id = sheet_id or create_spreadsheet(
            self.client("service", creating=True), "CRM", locale=locale, time_zone="Europe/Madrid"
        )
        self.settings = Settings(
            spreadsheet_id=self.sheet_id,
            credentials=self._accounts / "service_account.json",
            endpoint=self.server.url,
            state_dir=directory / "state",
            database=f"sqlite:///{directory / 'state' / 'crm.db'}",
            **{"reads_per_minute": QUOTA, "writes_per_minute": QUOTA} | settings,
        )
        self.app = self.worker()

    def client(self, who: str, *, creating: bool = False) -> Any:
        if creating or who not in self._clients:
            account = load_service_account(self._accounts / f"{who}_account.json")
            wire = default_wire(reads_per_minute=QUOTA, writes_per_minute=QUOTA)
            made = connect(account, endpoint=self.server.url, creating=creating, wire=wire)
            if creating:
                self._clients["creating"] = made
                return made
            self._clients[who] = made
        return self._clients[who]

    def worker(self, state: str = "state", wrap: Callable[[Any], Any] = lambda gateway: gateway) -> Application:
        """A worker; another ``state`` makes it one of another machine, ``wrap`` stands before its gateway."""
        folder = self.directory / state
        database = f"sqlite:///{folder / 'crm.db'}"
        settings = self.settings.model_copy(update={"state_dir": folder, "database": database})
        app = bootstrap.application(settings, sleep=self._sleep)
        self._clients[f"worker {len(self._clients)}"] = app.context.gateway
        context = replace(
            app.context, clock=lambda: self.now, sleep=self._sleep, gateway=wrap(app.context.gateway)
        )
        return Application(context, app._account, app.store)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    # -- the worker

    def sync(self, **options: Any) -> dict[str, Any]:
        report = self.app.sync(**{"plan": False, "now": True, "force": False} | options)
        return dict(report.as_json())

    def init(self, *, adopt: bool = False) -> dict[str, Any]:
        return dict(self.app.init(adopt=adopt).as_json())

    def load(self, header: list[str], rows: Iterable[list[str]], name: str = "export.csv", **options: Any) -> dict:
        """Import a CSV file with these rows."""
        path = write_csv(self.directory / name, header, list(rows))
        chosen = {"step": None, "target_id": "T1", "plan": False} | options
        return dict(self.app.import_tables([str(path)], **chosen).as_json())

    # -- people

    def book(self, who: str) -> Any:
        """The spreadsheet as gspread opens it, once for each person."""
        if who not in self._books:
            self._books[who] = self.client(who).open_by_key(self.sheet_id)
        return self._books[who]

    def tab(self, title: str, who: str = "operator") -> Any:
        """A tab as it is now: gspread asks for all tabs' properties each time."""
        return self.book(who).worksheet(title)

    def _values_of(self, title: str, who: str) -> Any:
        """A tab for nothing but its values, which need its title alone: gspread asks for no properties."""
        return Worksheet(None, {"title": title}, self.sheet_id, self.client(who).http_client)

    def titles(self) -> list[str]:
        return [tab.title for tab in self.book("owner").worksheets()]

    def cells(self, title: str) -> list[list[Any]]:
        """Every cell as it is stored, dates as numbers; headers of a table as ids, in whatever language they are."""
        return in_ids(title, self.stored(title), self.app.context.settings.specs)

    def stored(self, title: str) -> list[list[Any]]:
        """Every cell as it is stored, headers too."""
        return list(
            self._values_of(title, "owner").get_all_values(
                value_render_option="UNFORMATTED_VALUE", date_time_render_option="SERIAL_NUMBER"
            )
        )

    def formulas(self, title: str) -> list[list[Any]]:
        return self._values_of(title, "owner").get_all_values(value_render_option="FORMULA")

    def rows(self, title: str) -> list[dict[str, Any]]:
        """The filled rows of a table tab by the id of the header."""
        header, *body = self.cells(title)
        return [
            dict(zip(header, row, strict=True)) for row in body if any(cell not in {"", False} for cell in row)
        ]

    def leads(self) -> dict[int, dict[str, Any]]:
        return {row["LeadNumber"]: row for row in self.rows("Master")}

    def everything(self, *but: str) -> dict[str, list[list[Any]]]:
        """Formulas and values of all tabs, but for those named."""
        titles = [title for title in self.titles() if title not in but]
        ranges = [absolute_range_name(title) for title in titles]
        answer = self.book("owner").values_batch_get(ranges, {"valueRenderOption": "FORMULA"})
        return {
            title: fill_gaps(part.get("values", [[]]))
            for title, part in zip(titles, answer["valueRanges"], strict=True)
        }

    def put(
        self, title: str, place: str, rows: list[list[Any]], *, raw: bool = False, who: str = "operator"
    ) -> None:
        self._values_of(title, who).update(rows, place, raw=raw)

    def tick(self, title: str, count: int | None = None, column: str = "A", value: Any = True) -> None:
        """Tick the first rows of an input tab."""
        total = len(self.rows(title)) if count is None else count
        self.put(title, f"{column}2", [[value]] * total)

    def paste(self, header: list[str], rows: list[list[str]], title: str = "Inbox", place: str = "A1") -> None:
        """Paste as a person does: Sheets reads what it gets."""
        self.put(title, place, [header, *rows])

    def control(self, row_id: str) -> tuple[int, list[Any]]:
        """The 1-based row of Control with an id, and its cells."""
        for n, row in enumerate(self.cells("Control"), start=1):
            if len(row) > 7 and row[7] == row_id:
                return n, row
        raise KeyError(row_id)

    def set_control(self, row_id: str, column: str, value: Any, *, raw: bool = False) -> None:
        self.put("Control", f"{column}{self.control(row_id)[0]}", [[value]], raw=raw)

    def problems(self) -> list[str]:
        rows = {row[7]: row for row in self.cells("Control") if len(row) > 7}
        return [rows[f"problem.{n}"][1] for n in range(1, 9) if rows[f"problem.{n}"][1]]

    def batch(self, step: str) -> tuple[list[str], list[list[str]]]:
        """The shown batch of a step as its first batch tab displays it."""
        header, *rows = self._values_of(f"{step} Batch", "operator").get_all_values()
        return header, rows

    def structure(self, *requests_: dict[str, Any], who: str = "owner") -> Any:
        """Structural changes that a person makes in the browser."""
        return self.book(who).batch_update({"requests": list(requests_)})

    def tab_id(self, title: str) -> int:
        return int(self.tab(title, "owner").id)

    def hidden_columns(self, title: str) -> list[bool]:
        """Whether each column of a tab is hidden, from the left."""
        fields = "sheets(data(columnMetadata(hiddenByUser)))"
        (sheet,) = self.book("owner").fetch_sheet_metadata({"fields": fields, "ranges": title})["sheets"]
        return [bool(column.get("hiddenByUser")) for column in sheet["data"][0]["columnMetadata"]]

    def hidden_of_control(self) -> set[str]:
        """Ids of the rows of Control that are hidden and in no group."""
        fields = "sheets(data(rowMetadata(hiddenByUser)),rowGroups(range))"
        params = {"fields": fields, "ranges": "Control", "includeGridData": True}
        (sheet,) = self.book("owner").fetch_sheet_metadata(params)["sheets"]
        ranges = [group["range"] for group in sheet.get("rowGroups", [])]
        folded = {n for one in ranges for n in range(one["startIndex"], one["endIndex"])}
        rows = zip(self.cells("Control"), sheet["data"][0]["rowMetadata"], strict=False)
        return {row[7] for n, (row, seen) in enumerate(rows) if seen.get("hiddenByUser") and n not in folded}

    # -- faults and counts

    def fault(self, **fault: Any) -> None:
        requests.post(f"{self.server.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()

    def requests_made(self) -> dict[str, int]:
        answer = requests.get(f"{self.server.url}/_emulator/stats", timeout=5).json()
        return {name: count for name, count in answer["requests"].items() if "token" not in name}

    def spent(self, work: Callable[[], Any]) -> dict[str, int]:
        """The requests that a piece of work costs, by kind; asking for a token apart."""
        before = self.requests_made()
        work()
        after = self.requests_made()
        found = {name: after[name] - before.get(name, 0) for name in after}
        return {name: count for name, count in found.items() if count and "/_emulator" not in name}

    def close(self, *, wait: bool = True) -> None:
        """Stop the emulator; it takes 0.2 seconds, in which the next test may begin unless asked to wait."""
        for client in self._clients.values():
            http = getattr(client, "http_client", None) or getattr(client, "_http", None)
            if http is not None:
                http.session.close()
        stopping = Thread(target=self.server.stop)
        stopping.start()
        if wait:
            stopping.join()


# -- how far a workbook has come


def _initialised(desk: Desk) -> None:
    desk.init()


def _imported(desk: Desk) -> None:
    desk.load(*sample.export_rows(40))


def _sent(desk: Desk) -> None:
    desk.tick("Verification Input")
    desk.sync()


def _verified(desk: Desk) -> None:
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))
    desk.sync()


def _scraped(desk: Desk) -> None:
    desk.tick("CompScrap Input")
    desk.sync()
    desk.paste(*sample.company_output(*desk.batch("CompScrap"), seed=0))
    desk.sync()
    desk.app.batch_close("C-0001")


def _boxed(desk: Desk) -> None:
    desk.tick("Box1 Input")
    desk.sync()
    desk.paste(*sample.box1_output(*desk.batch("Box1"), seed=0))
    desk.sync()


def _contacted(desk: Desk) -> None:
    desk.tick("Instantly Input")
    desk.sync()


STAGES: dict[str, Callable[[Desk], None]] = {
    "initialised": _initialised,
    "imported": _imported,
    "sent": _sent,
    "verified": _verified,
    "scraped": _scraped,
    "boxed": _boxed,
    "contacted": _contacted,
}


class Stages:
    """Workbooks that have come so far, each made once from the one before it.

    Args:
        directory: Keeps the copies that tests work on.
        shared: Keeps the stages themselves; several processes may have it in common, and the first that needs a
            stage makes it.
    """

    def __init__(self, directory: Path, shared: Path | None = None) -> None:
        self._directory = directory
        self._shared = shared or directory / "stages"
        self._copies = 0

    def desk(
        self,
        stage: str = "initialised",
        locale: str = "es_ES",
        *,
        then: Callable[[Desk], None] | None = None,
        **settings: Any,
    ) -> Desk:
        """A workbook of one's own that has come to a stage, and ``then`` a little further, which is played once too."""
        source, sheet_id, now = self._stage(stage, locale, then)
        self._copies += 1
        target = self._directory / f"copy-{self._copies}"
        shutil.copytree(source, target)
        desk = Desk(target, sheet_id=sheet_id, **settings)
        desk.now = now
        return desk

    def _stage(
        self, stage: str, locale: str, then: Callable[[Desk], None] | None = None
    ) -> tuple[Path, str, float]:
        name = f"{stage} {locale}" + (f" {then.__module__}.{then.__qualname__}" if then else "")
        made = self._shared / name
        self._shared.mkdir(parents=True, exist_ok=True)
        with (self._shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                self._make(stage, locale, then).rename(made)
        sheet_id, now = json.loads((made / "stage.json").read_text())
        return made, sheet_id, now

    def _make(self, stage: str, locale: str, then: Callable[[Desk], None] | None) -> Path:
        names = list(STAGES)
        place = names.index(stage)
        if then:
            desk = self.desk(stage, locale)
            then(desk)
        elif place:
            desk = self.desk(names[place - 1], locale)
            desk.now += 600
            STAGES[stage](desk)
        else:
            self._copies += 1
            desk = Desk(self._directory / f"copy-{self._copies}", locale=locale)
            desk.now += 600
            STAGES[stage](desk)
        desk.close()
        (desk.directory / "stage.json").write_text(json.dumps([desk.sheet_id, desk.now]))
        return desk.directory
