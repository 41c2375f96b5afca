"""Every verb of the command line on one workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_crm.engine.commands import Command
from sheets_crm.engine.report import Report
from sheets_crm.errors import SettingsError
from sheets_crm.google.credentials import ServiceAccount
from sheets_crm.google.probing import Probing
from sheets_crm.messages import said
from sheets_crm.operations import (
    batches,
    doctor,
    erased_again,
    forget,
    imports,
    lead_story,
    mirror,
    reopen,
    restore,
    retry,
    runs,
    status,
)
from sheets_crm.operations.context import Context
from sheets_crm.operations.findings import Finding
from sheets_crm.store import keeping
from sheets_crm.store.access import Store

if TYPE_CHECKING:
    from sheets_crm.bootstrap.pushing import Pushing


class Application:
    """Every verb of the command line on one workbook; each method returns a report.

    Args:
        context: The workbook, and the ports that a run uses.
        account: The service account in use.
        store: The store.
        probing: Tests assumptions about Google on a throwaway workbook; None for an application without the means.
        of_modules: Makes what the doctor finds of the modules that are on.
        pushing: Makes what pushes batches; None when the settings push none.
    """

    def __init__(
        self,
        context: Context,
        account: ServiceAccount,
        store: Store,
        probing: Probing | None = None,
        of_modules: Callable[[], Iterable[Finding]] = tuple,
        pushing: Callable[[], Pushing] | None = None,
    ) -> None:
        self.context = context
        self.store = store
        self._account = account
        self._probing = probing
        self._of_modules = of_modules
        self._pushing = pushing

    def _begin(self) -> Context:
        """Begin a command with a full retry budget."""
        self.context.retries.refill()
        return self.context

    def init(self, *, adopt: bool) -> Report:
        """Create or repair every tab, and migrate the store; of a workbook that is adopted, the claims are, too."""
        self.context.journal.migrate()
        report = runs.init(self._begin(), adopt=adopt)
        if adopt and self._pushing is not None:
            self._pushing().adopt(self._obey)
        return report

    def sync(
        self, *, plan: bool, now: bool, force: bool, scheduled: bool = False, commands: Sequence[Command] = ()
    ) -> Report:
        """Make one run, with the commands that jobs have handed in."""
        return runs.sync(self._begin(), plan=plan, now=now, force=force, scheduled=scheduled, commands=commands)

    def push(self, obey: Callable[[Command], bool]) -> None:
        """Push the batches that wait, if the settings say so.

        Args:
            obey: Has a run do a command, and tells whether one went through with it.
        """
        if self._pushing is not None:
            self._pushing().one_pass(obey)

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
            return self._checked()
        if self._probing is None:
            raise SettingsError("This application was put together without the means to probe.")
        with self._probing.opened(save, on) as probed:
            return doctor.with_probes(self._checked(), probed())

    def _checked(self) -> Report:
        return doctor.doctor(self._begin(), warnings=self._account.warnings, of_modules=self._of_modules())

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
            SettingsError: Nothing is sent by itself, so no store claims anything.
            Retryable: Somebody else is at it.
        """
        if self._pushing is None:
            raise SettingsError(
                said("store.nothing_to_adopt"),
                remedy=said("store.nothing_to_adopt.remedy"),
                state=said("unchanged"),
            )
        self._begin()
        unknown = self._pushing().adopt(self._obey)
        return Report(said("store.adopted", count=len(unknown)), json={"adopted": True, "unknown": list(unknown)})

    def _obey(self, command: Command) -> bool:
        """Make a run for a command."""
        self.sync(plan=False, now=True, force=False, commands=[command])
        return True

    def lead_show(self, lead: str, *, most: int) -> Report:
        """Show one lead's cells and story."""
        return lead_story.show(self._begin(), lead, most=most)

    def history(self, lead: str) -> Report:
        """Show one lead's journal."""
        return status.history(self._begin(), lead)
