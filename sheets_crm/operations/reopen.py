"""Reopening from the command line: one lead at a step, or every lead of a Box 1 version."""

from __future__ import annotations

from typing import Any

from sheets_crm.engine.decide.storage import reopen as reopen_lead
from sheets_crm.engine.decide.storage import reopen_many
from sheets_crm.engine.decide.working_state import WorkingState
from sheets_crm.engine.report import Report
from sheets_crm.engine.session import RunRequest
from sheets_crm.engine.snapshot import Snapshot, as_text
from sheets_crm.errors import SettingsError, SheetError
from sheets_crm.operations.context import Context
from sheets_crm.operations.runs import run_report
from sheets_crm.operations.step_names import refuse_unknown
from sheets_crm.pipeline.imports.keys import email_key, email_keys
from sheets_crm.pipeline.imports.matching import lead_number
from sheets_crm.pipeline.states import COMPLETED


def reopen(context: Context, lead: str, *, step: str, reason: str) -> Report:
    """Open another attempt of one lead at a step.

    Raises:
        SettingsError: The step is unknown or the reason is blank.
        SheetError: The lead is unknown, or was never sent to that step.
    """
    refuse_unknown(step, context.settings.schema)
    if not reason:
        raise SettingsError("--reason is blank; say why, it is recorded.")

    def command(working: WorkingState) -> bool:
        number = find_lead(working.snapshot, lead)
        _refuse_unsent(working, number, step)
        reopen_lead(working, number, step, reason)
        return True

    return run_report(context.run(RunRequest(now=True, command=command)), context)


def reopen_version(context: Context, version: str, *, reason: str) -> Report:
    """Open another Box 1 attempt for every lead whose result is of one version; Box1 History keeps the results.

    Leads that are still out at Box 1 under that version are left alone: they have no result yet.

    Raises:
        SettingsError: Box 1 is not in use, or the version or the reason is blank.
        SheetError: No lead has a result of that version.
    """
    refuse_unknown("box1", context.settings.schema)
    if not version or not reason:
        raise SettingsError("--version and --reason must not be blank; both are recorded.")
    begun = False

    def command(working: WorkingState) -> bool:
        nonlocal begun
        # A command is called again for each plan until it returns True: only its first call may find no lead at all.
        numbers = of_version(working.snapshot, version)
        if not numbers and not begun:
            _refuse_version(working, version)
        begun = True
        chunk = numbers[: working.budget.leads]
        if chunk:
            reopen_many(working, chunk, version, reason)
        return len(chunk) == len(numbers)

    return run_report(context.run(RunRequest(now=True, command=command)), context)


def of_version(snapshot: Snapshot, version: str) -> list[int]:
    """LeadNumbers of the leads whose completed Box 1 result is of a version."""
    leads = snapshot.leads
    same_version = leads["box1_version"].map(as_text).str.strip().str.casefold() == version.casefold()
    done = leads["box1_status"] == COMPLETED
    return [int(number) for number in leads.index[(same_version & done).to_numpy(dtype=bool)]]


def _refuse_version(working: WorkingState, version: str) -> None:
    versions = working.snapshot.leads["box1_version"].map(as_text)
    listed = ", ".join(sorted(set(versions[versions != ""]))) or "none yet"
    raise SheetError(
        f"No lead has a Box 1 result of version {version!r}.",
        where="Master",
        remedy=f"Versions with results: {listed}.",
        state="Nothing was changed.",
    )


def _refuse_unsent(working: WorkingState, number: int, step: str) -> None:
    declared = working.schema.step(step)
    line: dict[str, Any] = dict(working.leads.loc[number])
    stored = step == "instantly" and line["storage"] is True
    if line[declared.sent] is not True and not stored:
        raise SheetError(
            f"Lead {number} was not sent to {step}, so there is nothing to reopen.",
            where="Master",
            remedy=f"See what happened to it: sheets-crm history {number}",
            state="Nothing was changed.",
        )


def find_lead(snapshot: Snapshot, lead: str) -> int:
    """The LeadNumber of a lead, given the number or its e-mail.

    Raises:
        SheetError: No lead has it, or several leads have the e-mail.
    """
    number = lead_number(lead)
    if number is not None and number in snapshot.leads.index:
        return number
    numbers = leads_by_email(snapshot, lead)
    if len(numbers) != 1:
        many = "several leads have" if numbers else "no lead has"
        raise SheetError(
            f"{lead}: {many} this LeadNumber or e-mail.",
            where="Master",
            remedy="Use the LeadNumber; the Lead Profile tab shows it.",
            state="Nothing was changed.",
        )
    return numbers[0]


def leads_by_email(snapshot: Snapshot, email: str) -> list[int]:
    """LeadNumbers of the leads that have an e-mail."""
    key = email_key(email)
    return (
        [int(number) for number in snapshot.leads.index[email_keys(snapshot.leads["email"]) == key]] if key else []
    )
