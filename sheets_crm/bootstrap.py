"""The composition root: the only place that knows all parts and puts them together."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sheets_crm.config import Settings
from sheets_crm.errors import SettingsError
from sheets_crm.google.client import connect, default_wire
from sheets_crm.google.credentials import ServiceAccount, load_service_account
from sheets_crm.google.gateway import SheetsGateway
from sheets_crm.operations import batches, doctor, forget, imports, runs, standing
from sheets_crm.operations.context import Context
from sheets_crm.pipeline.steps import Schema, Step
from sheets_crm.sync.report import Report
from sheets_crm.sync.settings import RunSettings

Progress = Callable[[str], None]


class Application:
    """Every verb of the command line on one workbook; each method returns a report.

    Args:
        context: The workbook and what a run needs of the world.
        account: The service account in use.
    """

    def __init__(self, context: Context, account: ServiceAccount) -> None:
        self.context = context
        self._account = account

    def init(self, *, adopt: bool) -> Report:
        """Create or repair every tab."""
        return runs.init(self.context, adopt=adopt)

    def sync(self, *, plan: bool, now: bool, force: bool) -> Report:
        """Make one run."""
        return runs.sync(self.context, plan=plan, now=now, force=force)

    def import_tables(self, sources: list[str], *, step: str | None, target_id: str | None, plan: bool) -> Report:
        """Merge files or shared spreadsheets."""
        return imports.import_tables(self.context, sources, step=step, target_id=target_id, plan=plan)

    def batches(self) -> Report:
        """List the batches."""
        return batches.listed(self.context)

    def batch_export(self, batch: str, *, parts: int, out: Path, excel_safe: bool) -> Report:
        """Write a batch as CSV files."""
        return batches.export(self.context, batch, parts=parts, out=out, excel_safe=excel_safe)

    def batch_show(self, batch: str) -> Report:
        """Put a batch into the batch tabs."""
        return batches.act_on(self.context, batch, batches.show)

    def batch_close(self, batch: str) -> Report:
        """Complete what never came back."""
        return batches.act_on(self.context, batch, batches.close)

    def batch_undo(self, batch: str) -> Report:
        """Make the outstanding leads available again."""
        return batches.act_on(self.context, batch, batches.undo)

    def reopen(self, lead: str, *, step: str, reason: str) -> Report:
        """Open a further attempt."""
        return batches.reopen(self.context, lead, step=step, reason=reason)

    def status(self) -> Report:
        """Tell every metric."""
        return standing.status(self.context)

    def doctor(self, *, probe: bool) -> Report:
        """Check everything."""
        if probe:
            raise SettingsError("doctor --probe is not available yet in this version.")
        return doctor.doctor(self.context, warnings=self._account.warnings)

    def forget(self, lead: str) -> Report:
        """Erase one person."""
        return forget.forget(self.context, lead)

    def history(self, lead: str) -> Report:
        """Tell one lead's journal."""
        return standing.history(self.context, lead)


def application(
    settings: Settings,
    *,
    progress: Progress = lambda _text: None,
    sleep: Callable[[float], None] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
    before: Callable[[], None] = lambda: None,
) -> Application:
    """Connect the parts for one workbook.

    Args:
        settings: Checked settings; spreadsheet_id and credentials have to be there.
        progress: Told what is being done.
        sleep: Waits some seconds; may raise to end a wait.
        stop: Whether the process was asked to end.
        before: Called before every request; may raise to end between two.

    Raises:
        CredentialsError: The service-account file is missing or not one.
        SettingsError: No spreadsheet or credentials are set.
    """
    account = load_service_account(_credentials(settings))
    wire = default_wire(
        reads_per_minute=settings.reads_per_minute,
        writes_per_minute=settings.writes_per_minute,
        sleep=sleep,
        before=before,
    )
    client = connect(account, endpoint=settings.endpoint, wire=wire)

    def open_other(spreadsheet_id: str) -> SheetsGateway:
        return SheetsGateway(client, spreadsheet_id, email=account.email)

    gateway = open_other(settings.spreadsheet_id)
    run = run_settings(settings, account.email)
    return Application(Context(run, gateway, time.time, sleep, progress, stop, open_other), account)


def _credentials(settings: Settings) -> Path:
    if settings.credentials is None:
        raise SettingsError("credentials is not set: the path of a service-account file.")
    return settings.credentials


def run_settings(settings: Settings, account: str) -> RunSettings:
    """Return what a run needs to know of the settings."""
    return RunSettings(
        schema=schema(settings),
        language=settings.language,
        account=account,
        workbook=settings.spreadsheet_id,
        state_dir=settings.state_dir,
        settle_seconds=settings.settle_seconds,
        interval_seconds=int(settings.interval_seconds),
        heartbeat_minutes=settings.heartbeat_minutes,
        stale_days=int(settings.stale_days),
        lead_days=settings.lead_days,
        max_change_share=settings.max_change_share,
        parts=settings.parts,
    )


def schema(settings: Settings) -> Schema:
    """Return columns and steps with what the settings add to them."""
    known = Schema().steps
    names = set(Schema(prompts=settings.prompts).names)
    steps = tuple(_with_extra(step, settings.extra_columns.get(step.name, [])) for step in known)
    added = [name for columns in settings.extra_columns.values() for name in columns if name not in names]
    return Schema(steps, settings.prompts, tuple(dict.fromkeys(added)))


def _with_extra(step: Step, columns: list[str]) -> Step:
    own = {header for header, _ in step.columns}
    extra = tuple((name, name) for name in columns if name not in own)
    return Step(step.name, step.title, step.letter, (*step.columns, *extra), step.needs, step.sets)


def serve_emulator(directory: Path, *, port: int, quota: bool = False) -> None:
    """Serve the emulator until a signal comes."""
    from sheets_crm.emulator.server import serve  # noqa: PLC0415 - the emulator is needed by two verbs only

    serve(directory, port, quota=quota)
