"""The composition root: the only place that knows all parts and puts them together."""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sheets_crm.starting import uncollected
from sheets_crm.workbook.dashboard import END_COLUMN, FIRST_ROW, VALUE_COLUMN

with uncollected():
    from sheets_crm.clock import process_clock
    from sheets_crm.config import Settings, load_alone
    from sheets_crm.engine import state_files, state_migrations
    from sheets_crm.engine.commands import Command
    from sheets_crm.engine.features import Features
    from sheets_crm.engine.lead_cache import LeadCache
    from sheets_crm.engine.report import Report, Table
    from sheets_crm.engine.retries import RetryBudget
    from sheets_crm.engine.settings import RunSettings
    from sheets_crm.errors import NotInstalled, RefusedPlan, SettingsError
    from sheets_crm.features import modules
    from sheets_crm.features.registry import FEATURES
    from sheets_crm.google.client import Wire, connect, default_wire
    from sheets_crm.google.credentials import ServiceAccount, load_service_account
    from sheets_crm.google.files import create_spreadsheet
    from sheets_crm.google.gateway import SheetsGateway
    from sheets_crm.google.new_workbook import LOCALES, Created, Wanted, create, settled
    from sheets_crm.google.probing import Probing
    from sheets_crm.messages import Said, localize, said
    from sheets_crm.operations import (
        batches,
        doctor,
        erased_again,
        forget,
        imports,
        mirror,
        reopen,
        restore,
        retry,
        runs,
        status,
    )
    from sheets_crm.operations.context import Context
    from sheets_crm.store import keeping
    from sheets_crm.store.access import Store
    from sheets_crm.store.journal import StoredJournal
    from sheets_crm.store.mirror import StoredMirror
    from sheets_crm.workbook.cells import zone_known

if TYPE_CHECKING:
    from sheets_crm.demo import Folder, Operator
    from sheets_crm.emulator.server import Server

Progress = Callable[[str], None]

EMULATOR_PACKAGES = ("cryptography", "ironcalc", "re2", "starlette", "uvicorn")
"""Modules of the optional group ``emulator`` of pyproject.toml; only the emulator imports them."""

_LOG = logging.getLogger(__name__)


def _warned(text: str) -> None:
    """Say what a command waits for even where progress is not shown."""
    _LOG.warning(text)


def _logged(text: str) -> None:
    _LOG.info(text)


class Application:
    """Every verb of the command line on one workbook; each method returns a report.

    Args:
        context: The workbook, and the ports that a run uses.
        account: The service account in use.
        store: The store.
        probing: Tests assumptions about Google on a throwaway workbook; None for an application without the means.
    """

    def __init__(
        self, context: Context, account: ServiceAccount, store: Store, probing: Probing | None = None
    ) -> None:
        self.context = context
        self.store = store
        self._account = account
        self._probing = probing

    def _begin(self) -> Context:
        """Begin a command with a full retry budget."""
        self.context.retries.refill()
        return self.context

    def init(self, *, adopt: bool) -> Report:
        """Create or repair every tab, and migrate the store."""
        self.context.journal.migrate()
        return runs.init(self._begin(), adopt=adopt)

    def sync(
        self, *, plan: bool, now: bool, force: bool, scheduled: bool = False, commands: Sequence[Command] = ()
    ) -> Report:
        """Make one run, with the commands that jobs have handed in."""
        return runs.sync(self._begin(), plan=plan, now=now, force=force, scheduled=scheduled, commands=commands)

    def import_tables(
        self,
        sources: list[str],
        *,
        step: str | None,
        target_id: str | None,
        plan: bool,
        enters: str | None = None,
    ) -> Report:
        """Merge files or shared spreadsheets."""
        return imports.import_tables(
            self._begin(), sources, step=step, target_id=target_id, plan=plan, enters=enters
        )

    def batches(self) -> Report:
        """List the batches."""
        return batches.listed(self._begin())

    def batch_export(
        self, batch: str, *, parts: int, out: Path, excel_safe: bool, companies: bool = False
    ) -> Report:
        """Write a batch as CSV files."""
        return batches.export(
            self._begin(), batch, parts=parts, out=out, excel_safe=excel_safe, companies=companies
        )

    def batch_show(self, batch: str) -> Report:
        """Put a batch into the batch tabs."""
        return batches.act_on(self._begin(), batch, "show")

    def batch_close(self, batch: str) -> Report:
        """Complete as blank what never came back."""
        return batches.act_on(self._begin(), batch, "close")

    def batch_undo(self, batch: str) -> Report:
        """Make the outstanding leads available again."""
        return batches.act_on(self._begin(), batch, "undo")

    def reopen(self, lead: str, *, step: str, reason: str) -> Report:
        """Open another attempt of one lead at a step."""
        return reopen.reopen(self._begin(), lead, step=step, reason=reason)

    def reopen_version(self, version: str, *, reason: str, also_sent: bool = False) -> Report:
        """Open another Box 1 attempt for every lead with a result of one version."""
        return reopen.reopen_version(self._begin(), version, reason=reason, also_sent=also_sent)

    def reopen_version_plan(self, version: str, *, also_sent: bool = False) -> Report:
        """Whom the reopening of a version would touch."""
        return reopen.version_plan(self._begin(), version, also_sent=also_sent)

    def status(self) -> Report:
        """Show every metric."""
        return status.status(self._begin())

    def doctor(self, *, probe: bool, save: Path | None = None, on: str = "") -> Report:
        """Check everything; with ``probe`` also test assumptions about Google on a throwaway workbook.

        Args:
            probe: Whether to probe.
            save: File that keeps what the probes asked and what was answered; None for none.
            on: Id of a blank workbook to probe on; "" for one that is made and deleted.

        Raises:
            SettingsError: `save` cannot be written, or `on` is not blank; nothing was asked, or nothing changed.
        """
        if not probe:
            return doctor.doctor(self._begin(), warnings=self._account.warnings)
        if self._probing is None:
            raise SettingsError("This application was put together without the means to probe.")
        with self._probing.opened(save, on) as probed:
            report = doctor.doctor(self._begin(), warnings=self._account.warnings)
            return doctor.with_probes(report, probed())

    def forget(self, lead: str) -> Report:
        """Erase one person."""
        return forget.forget(self._begin(), lead)

    def restore(self, leads: list[str], *, everything: bool, plan: bool) -> Report:
        """Bring deleted leads back."""
        return restore.restore(self._begin(), leads, everything=everything, plan=plan)

    def retry(self) -> Report:
        """Try again the imports that were set aside."""
        return retry.retry(self._begin())

    def store_backup(self) -> Report:
        """Back up the store."""
        path = keeping.back_up(self.store)
        return Report(said("store.backed_up", path=path), json={"backup": str(path)})

    def store_restore(self, backup: Path) -> Report:
        """Put a backup in the place of the store, and erase again from it who was erased since.

        The workbook is read first: when that fails, nothing was changed.
        """
        context = self._begin()
        keeping.check(self.store, backup)
        snapshot = mirror.read_workbook(context)
        before = keeping.restore(self.store, backup)
        erased = erased_again.erase_again(context, snapshot)
        mirror.rebuild_from(context, snapshot)
        notes = [said("store.erased_again", count=erased)] if erased else []
        body = {"before": str(before), "erased_again": erased}
        return Report(said("store.restored", path=backup, before=before), {}, [], notes, json=body)

    def store_rebuild(self) -> Report:
        """Rebuild the mirror tables from the workbook; a store of an older version is migrated."""
        self.store.migrates = True
        return mirror.rebuild(self._begin())

    def store_adopt(self) -> Report:
        """Take over a workbook that another store claims in.

        Raises:
            SettingsError: No module that sends is there, so no store claims anything.
        """
        raise SettingsError(
            said("store.nothing_to_adopt"), remedy=said("store.nothing_to_adopt.remedy"), state=said("unchanged")
        )

    def history(self, lead: str) -> Report:
        """Show one lead's journal."""
        return status.history(self._begin(), lead)


def application(
    settings: Settings,
    *,
    progress: Progress = _logged,
    sleep: Callable[[float], None] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
    before: Callable[[], None] = lambda: None,
    wire: Wire | None = None,
    clock: Callable[[], float] | None = None,
    migrates: bool = False,
) -> Application:
    """Connect the parts for one workbook.

    Args:
        settings: Checked settings; spreadsheet_id and credentials have to be there.
        progress: Receives a line on each piece of work.
        sleep: Waits some seconds; may raise to end a wait.
        stop: Whether the process was asked to end.
        before: Called before every request; may raise to stop the process between two requests.
        wire: Quota, retry budget and counts; a new one by default. Workbooks of one account share the quota.
        clock: Seconds since 1970; that of the process by default.
        migrates: Whether a store of an older version is migrated when it is opened.

    Raises:
        CredentialsError: The service-account file is missing or not one.
        SettingsError: No spreadsheet or credentials are set.
    """
    account = load_service_account(_credentials(settings))
    if not settings.spreadsheet_id:
        raise SettingsError(
            said("not_for_several"),
            remedy=said("not_for_several.remedy"),
        )
    wire, clock = wire or wire_of(settings, sleep, before), clock or process_clock()
    client = connect(account, endpoint=settings.endpoint, wire=wire)

    def open_other(spreadsheet_id: str) -> SheetsGateway:
        return SheetsGateway(client, spreadsheet_id, email=account.email, clock=clock)

    gateway = open_other(settings.spreadsheet_id)
    run = run_settings(settings, account.email)
    state_files.sweep(run.state_dir)  # files that killed processes left half written
    state_migrations.migrate(run.state_dir)
    cache = LeadCache(run.state_dir, run.workbook)
    store = store_of(settings, migrates=migrates)
    journal, leads = StoredJournal(store, run.workbook), StoredMirror(store, run.workbook)
    # One budget for requests and for runs that are made again, or their retries would multiply.
    retries = wire.retrier.budget or RetryBudget()
    context = Context(run, gateway, clock, sleep, progress, stop, open_other, cache, journal, leads, retries)
    return Application(context, account, store, _probing(account, settings, sleep, progress))


def store_of(settings: Settings, *, migrates: bool = False) -> Store:
    """The store of a settings file, which is opened when it is used."""
    return Store(settings.store_address, settings.state_dir, migrates=migrates)


def new_workbook(
    settings: Settings, title: str, *, share: Sequence[str], progress: Callable[[Said], None]
) -> Created:
    """Create the workbook that a settings file is to name.

    Args:
        settings: Checked settings with credentials.
        title: Its name.
        share: E-mail addresses of its editors.
        progress: Told the id as soon as it is known.

    Raises:
        CrmError: The account may not create any, or Google did not answer.
    """
    account = load_service_account(_credentials(settings))
    wanted = Wanted(title, LOCALES[settings.language], local_zone(), share)
    wire = wire_of(settings, time.sleep, lambda: None)
    return create(
        account, wanted, endpoint=settings.endpoint, state_dir=settings.state_dir, wire=wire, progress=progress
    )


def workbook_named(settings: Settings) -> None:
    """Forget that a workbook was created: the settings file names it now."""
    settled(settings.state_dir)


def local_zone() -> str:
    """This machine's time zone by its IANA name; UTC when it has none."""
    link = Path("/etc/localtime")
    named = os.environ.get("TZ", "").removeprefix(":") or str(link.resolve()).partition("/zoneinfo/")[2]
    return named if zone_known(named) else "Etc/UTC"


def _probing(
    account: ServiceAccount, settings: Settings, sleep: Callable[[float], None], progress: Progress
) -> Probing:
    """The means to probe, with a quota of their own: they have nothing to do with a run."""
    workbooks = {settings.spreadsheet_id, *(workbook.spreadsheet_id for workbook in settings.workbooks)}

    def wire() -> Wire:
        return default_wire(
            reads_per_minute=settings.reads_per_minute, writes_per_minute=settings.writes_per_minute, sleep=sleep
        )

    return Probing(account, settings.endpoint, wire, in_use=workbooks, progress=progress)


def wire_of(
    settings: Settings,
    sleep: Callable[[float], None],
    before: Callable[[], None],
    waiting: Callable[[str], None] = _warned,
) -> Wire:
    """Quota, retry budget and counts of a connection.

    Args:
        settings: Have the quota.
        sleep: Waits some seconds.
        before: Called before every request; may raise.
        waiting: Told of what is waited for.
    """
    return default_wire(
        reads_per_minute=settings.reads_per_minute,
        writes_per_minute=settings.writes_per_minute,
        budget=RetryBudget(),
        sleep=sleep,
        before=before,
        waiting=waiting,
    )


def _credentials(settings: Settings) -> Path:
    if settings.credentials is None:
        raise SettingsError(said("no_credentials"))
    return settings.credentials


def run_settings(settings: Settings, account: str) -> RunSettings:
    """The settings of a run: those of the file under the same names, with the schema, account and workbook id."""
    derived: dict[str, Any] = {
        "schema": settings.schema_of_workbook,
        "account": account,
        "workbook": settings.spreadsheet_id,
        "features": _features(settings),
    }
    given = {
        field.name: getattr(settings, field.name) for field in fields(RunSettings) if field.name not in derived
    }
    return RunSettings(**derived, **given)


def _features(settings: Settings) -> Features:
    """The features of the core and of the modules that are switched on."""
    loaded = modules.load(settings.modules)
    return FEATURES.with_modules(feature for module in loaded.values() for feature in module.features)


def serve_emulator(directory: Path, *, port: int, quota: bool = False) -> None:
    """Serve the emulator until a signal comes.

    Raises:
        NotInstalled: This installation was made without the emulator's packages.
        SettingsError: The environment asks for a time that is none.
    """
    _need_emulator()
    from sheets_crm.emulator.server import serve  # noqa: PLC0415 - the emulator is needed by two verbs only

    serve(directory, port, quota=quota, shown_clock=process_clock())


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
