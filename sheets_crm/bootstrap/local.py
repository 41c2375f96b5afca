"""What needs the emulator: the emulator itself, and the demo on it."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_crm.bootstrap import Application, Progress, application
from sheets_crm.clock import process_clock
from sheets_crm.config import Settings, load_alone
from sheets_crm.engine.report import Report, Table
from sheets_crm.errors import NotInstalled, RefusedPlan, SettingsError
from sheets_crm.google.client import connect, default_wire
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet
from sheets_crm.messages import localize, said
from sheets_crm.workbook.dashboard import END_COLUMN, FIRST_ROW, VALUE_COLUMN

if TYPE_CHECKING:
    from sheets_crm.demo import Folder, Operator
    from sheets_crm.emulator.server import Server
    from sheets_crm.stand_ins.server import StandIns

EMULATOR_PACKAGES = ("cryptography", "ironcalc", "re2", "starlette", "uvicorn")
"""Modules of the optional group ``emulator`` of pyproject.toml; only the emulator and the stand-ins import them."""


def serve_emulator(
    directory: Path, *, port: int, quota: bool = False, beside: Callable[[], None] | None = None
) -> None:
    """Serve the emulator until a signal comes; print its address, on one line, once it listens.

    Args:
        directory: Keeps its data.
        port: Its port, or 0 for any that is free.
        quota: Whether Google's quotas hold.
        beside: Called after its address is printed, to say what else is served.

    Raises:
        NotInstalled: This installation was made without the emulator's packages.
        SettingsError: The environment asks for a time that is none.
    """
    _need_emulator()
    from sheets_crm.emulator.server import Server  # noqa: PLC0415 - the emulator is needed by two verbs only

    def announce(url: str) -> None:
        print(url, flush=True)
        if beside is not None:
            beside()

    Server(directory, port, quota=quota, shown_clock=process_clock()).run(announce)


def stand_ins(directory: Path, *, port: int) -> StandIns:
    """The stand-ins of the services that leads are reached by, which do not listen yet.

    Raises:
        NotInstalled: This installation was made without the emulator's packages, which they need too.
        SettingsError: The environment asks for a time that is none.
    """
    _need_emulator()
    process_clock()  # says in the reader's language what is wrong with the time; the stand-ins read it themselves
    from sheets_crm.stand_ins.server import StandIns  # noqa: PLC0415 - they are needed by one verb only

    return StandIns(directory, port)


def _need_emulator() -> None:
    """Check, before the emulator is imported, that its packages are installed.

    Raises:
        NotInstalled: Some are missing; the remedy names the command that installs them.
    """
    missing = [name for name in EMULATOR_PACKAGES if find_spec(name) is None]
    if missing:
        raise NotInstalled(
            said("need_emulator", packages=missing),
            state=said("need_emulator.state"),
            remedy=said("install_emulator", command=f"{shlex.quote(sys.executable)} -m pip install '.[emulator]'"),
        )


def run_demo(
    *,
    directory: Path,
    port: int,
    work: Callable[[Settings], None] | None,
    progress: Progress,
    show: Callable[[Report], None],
) -> None:
    """Play the sample story on a local emulator, show the dashboard, and keep serving.

    Args:
        directory: Holds all files; a second start there continues with the same workbook.
        port: Port of the emulator; 0 for that of the last start, or any free one.
        work: Runs the worker until a signal comes, served meanwhile; None to exit when the dashboard is shown.
        progress: Receives a line on each step of the story.
        show: Receives the filled dashboard.

    Raises:
        NotInstalled: This installation was made without the emulator's packages.
        CrmError: A step of the story failed.
    """
    _need_emulator()
    from sheets_crm.demo import Folder, Story  # noqa: PLC0415 - the demo is needed by one verb only

    folder = Folder(directory)
    with _demo_server(folder, port) as server:
        settings = _demo_settings(folder, server.url, progress)
        app = application(settings)
        if folder.played:
            progress(said("demo.continuing", path=directory))
            _bring_up_to_date(app, progress)
        else:
            operator = open_as_operator(folder, settings)
            Story(app, operator, progress).play(folder.export)
            progress(said("demo.note", text=said("demo.weeks")))
            _invent_weeks(app, folder, settings)
            folder.mark_played()
        show(_demo_report(app, folder, settings, server.url, stay=work is not None))
        if work is not None:
            work(settings)


def _bring_up_to_date(app: Application, progress: Progress) -> None:
    """Migrate the workbook of a demo that an earlier version played."""
    try:
        app.status()
    except RefusedPlan as refusal:
        if not refusal.cause.startswith("older:"):
            raise
        progress(app.init(adopt=False).title)


def _demo_server(folder: Folder, port: int) -> Server:
    from sheets_crm.emulator.folder_lock import FolderServedError  # noqa: PLC0415 - the emulator is needed by two verbs
    from sheets_crm.emulator.server import Server  # noqa: PLC0415 - the emulator is needed by two verbs only

    chosen_port = port or folder.last_port()
    try:
        return Server(folder.emulator, chosen_port, shown_clock=process_clock())
    except FolderServedError as error:
        raise SettingsError(
            said("demo_runs", path=folder.path),
            state=said("unchanged"),
            remedy=said("demo_runs.remedy"),
        ) from error
    except OSError as error:
        raise SettingsError(
            said("port_closed", port=str(chosen_port), reason=error.strerror),
            remedy=said("port_closed.remedy"),
        ) from error


def _demo_settings(folder: Folder, url: str, progress: Progress) -> Settings:
    """Settings of the demo's workbook; a new workbook is created unless the story was already played here."""
    if folder.played:
        folder.move(url)
        return load_alone(folder.settings)
    account = load_service_account(folder.emulator / "service_account.json")
    client = connect(account, endpoint=url, creating=True)
    workbook = create_spreadsheet(client, "CRM demo", locale="es_ES", time_zone="Europe/Madrid")
    folder.write_settings(workbook, url)
    settings = load_alone(folder.settings)
    progress(application(settings).init(adopt=False).title)
    return settings


def open_as_operator(folder: Folder, settings: Settings) -> Operator:
    """Open a demo's workbook as the person who ticks and pastes."""
    from sheets_crm.demo import Operator  # noqa: PLC0415

    wire = default_wire(reads_per_minute=settings.reads_per_minute, writes_per_minute=settings.writes_per_minute)
    account = load_service_account(folder.emulator / "operator_account.json")
    return Operator(connect(account, endpoint=settings.endpoint, wire=wire).open_by_key(settings.spreadsheet_id))


def _invent_weeks(app: Application, folder: Folder, settings: Settings) -> None:
    """Put the sample weeks above the first day of a demo's History, marked as such."""
    from gspread.utils import ValueRenderOption  # noqa: PLC0415

    from sheets_crm.demo.weeks import invented  # noqa: PLC0415

    wire = default_wire(reads_per_minute=settings.reads_per_minute, writes_per_minute=settings.writes_per_minute)
    account = load_service_account(folder.emulator / "service_account.json")
    book = connect(account, endpoint=settings.endpoint, wire=wire).open_by_key(settings.spreadsheet_id)
    history = book.worksheet("History")
    today = history.get("2:2", value_render_option=ValueRenderOption.unformatted)[0]
    rows = invented(history.row_values(1), float(today[0]), app.status().json["metrics"])
    # Rows inserted above the first would move the ranges of formulas that begin there.
    history.add_rows(len(rows))
    history.update([*rows, today], "A2", raw=True)
    history.insert_note("A1", localize("demo.weeks.note", settings.language))


def _demo_report(app: Application, folder: Folder, settings: Settings, url: str, *, stay: bool) -> Report:
    """The Dashboard as operators see it, with notes on what to try next."""
    cells = open_as_operator(folder, settings).shown("Dashboard")
    header = [said(f"column.{name}") for name in ("metric", "value", "of", "range")]
    table = Table("", header, [_line(row) for row in cells[FIRST_ROW + 1 :] if row[0]])
    status = app.status()
    notes = _to_try(folder, f"{url}/#{settings.spreadsheet_id}") if stay else _to_go_on(folder)
    return Report(said("demo.dashboard"), {}, [table], notes, json=status.json)


def _line(row: Sequence[str]) -> tuple[str, str, str, str]:
    """A row of the Dashboard for a terminal; section titles are in capitals."""
    padded = (*row, *[""] * END_COLUMN)
    label, (value, above, below, low, high, metric) = row[0], padded[VALUE_COLUMN:END_COLUMN]
    if not metric:
        return label.upper(), "", "", ""
    return label, value, f"{above} / {below}" if below else "", f"{low} – {high}" if low else ""  # noqa: RUF001


def _to_try(folder: Folder, url: str) -> list[str]:
    return [
        said("demo.where", url=url),
        said("demo.try_tick"),
        said("demo.try_paste"),
        said("demo.try_take"),
        said("demo.others", command=f"{_command()} --config {folder.settings} status"),
        said("demo.ends"),
    ]


def _to_go_on(folder: Folder) -> list[str]:
    return [said("demo.open", command=f"{_command()} demo --dir {folder.path}")]


def _command() -> str:
    """The command as this process was started with: after the README's first line it is not on the PATH."""
    started = Path(sys.argv[0])
    if started.name != "sheets-crm" or shutil.which(started.name) == str(started):
        return "sheets-crm"
    return shlex.quote(str(started))
