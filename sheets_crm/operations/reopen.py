"""Further attempts from the command line: of one lead at a step, or of a whole earlier Box 1 version."""

from __future__ import annotations

from typing import Any

from sheets_crm.errors import SettingsError, SheetError
from sheets_crm.operations.context import Context
from sheets_crm.operations.runs import run_report
from sheets_crm.pipeline.imports.keys import email_key, email_keys
from sheets_crm.pipeline.imports.matching import lead_number
from sheets_crm.pipeline.states import COMPLETED
from sheets_crm.sync.decide.storage import reopen as reopen_lead
from sheets_crm.sync.decide.storage import reopen_many
from sheets_crm.sync.decide.working_state import WorkingState
from sheets_crm.sync.report import Report
from sheets_crm.sync.session import RunRequest
from sheets_crm.sync.snapshot import Snapshot, as_text


def reopen(context: Context, lead: str, *, step: str, reason: str) -> Report:
    """Open a further attempt of one lead at a step.

    Raises:
        SettingsError: The step is unknown or the reason is blank.
        SheetError: There is no such lead, or it is not out of that step.
    """
    names = [known.name for known in context.settings.schema.steps]
    if step not in names:
        raise SettingsError(f"unknown step: {step} (known: {', '.join(names)})")
    if not reason:
        raise SettingsError("--reason is blank; say why, it is recorded.")

    def asked(working: WorkingState) -> bool:
        number = find_lead(working.snapshot, lead)
        _refuse_unsent(working, number, step)
        reopen_lead(working, number, step, reason)
        return True

    return run_report(context.run(RunRequest(now=True, command=asked)), context)


def reopen_version(context: Context, version: str, *, reason: str) -> Report:
    """Open Box 1 once more for every lead whose result is of one version; Box1 History keeps what it said.

    Leads of that version that are still out at Box 1 are left alone: their result has not come back.

    Raises:
        SettingsError: The version or the reason is blank.
        SheetError: No lead has a result of that version.
    """
    if not version or not reason:
        raise SettingsError("--version and --reason must not be blank; both are recorded.")
    begun = False

    def asked(working: WorkingState) -> bool:
        nonlocal begun
        numbers = of_version(working.snapshot, version)
        if not numbers and not begun:
            _refuse_version(working, version)
        begun = True
        chunk = numbers[: working.budget.leads]
        if chunk:
            reopen_many(working, chunk, version, reason)
        return len(chunk) == len(numbers)

    return run_report(context.run(RunRequest(now=True, command=asked)), context)


def of_version(snapshot: Snapshot, version: str) -> list[int]:
    """Return the LeadNumbers whose completed Box 1 result is of a version."""
    leads = snapshot.leads
    own = leads["box1_version"].map(as_text).str.strip().str.casefold() == version.casefold()
    done = leads["box1_status"] == COMPLETED
    return [int(number) for number in leads.index[(own & done).to_numpy(dtype=bool)]]


def _refuse_version(working: WorkingState, version: str) -> None:
    found = working.snapshot.leads["box1_version"].map(as_text)
    known = ", ".join(sorted(set(found[found != ""]))) or "none yet"
    raise SheetError(
        f"No lead has a Box 1 result of version {version!r}.",
        where="Master",
        remedy=f"Versions with results: {known}.",
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
    """Return the LeadNumber of a lead named by its number or its e-mail.

    Raises:
        SheetError: No lead, or more than one, is named so.
    """
    number = lead_number(lead)
    if number is not None and number in snapshot.leads.index:
        return number
    found = leads_by_email(snapshot, lead)
    if len(found) != 1:
        many = "several leads have" if found else "no lead has"
        raise SheetError(
            f"{lead}: {many} this LeadNumber or e-mail.",
            where="Master",
            remedy="Use the LeadNumber; the Lead Profile tab shows it.",
            state="Nothing was changed.",
        )
    return found[0]


def leads_by_email(snapshot: Snapshot, email: str) -> list[int]:
    """Return the LeadNumbers of the leads that have an e-mail."""
    key = email_key(email)
    return (
        [int(number) for number in snapshot.leads.index[email_keys(snapshot.leads["email"]) == key]] if key else []
    )
