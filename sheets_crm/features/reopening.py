"""Reopening: another attempt of a lead at a step, or of every lead of a Box 1 version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sheets_crm.engine.commands import Command, Origin
from sheets_crm.engine.features import Feature
from sheets_crm.engine.finding import find_lead
from sheets_crm.engine.snapshot import Snapshot, as_text
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.errors import SheetError
from sheets_crm.features import box1_history
from sheets_crm.pipeline.imports.row_updates import earlier_results
from sheets_crm.pipeline.leads import reopened
from sheets_crm.pipeline.states import COMPLETED

BOX1: Final = "box1"


@dataclass(frozen=True)
class ReopenLead(Command):
    """Open another attempt of one lead at a step.

    Attributes:
        lead: Its LeadNumber or e-mail.
        step: Name of the step.
        reason: Why; it is recorded.
    """

    lead: str
    step: str
    reason: str


@dataclass(frozen=True)
class ReopenVersion(Command):
    """Open another Box 1 attempt for every lead whose result is of one version.

    Attributes:
        version: The version.
        reason: Why; it is recorded.
    """

    version: str
    reason: str


def reopen_lead(working: WorkingState, command: ReopenLead) -> bool:
    """Reopen one lead at a step and record why; an earlier result of Box 1 goes to Box1 History.

    Raises:
        SheetError: A verb names a lead that is unknown, or was never sent to that step.
    """
    number = find_lead(working.snapshot, command.lead)
    if command.origin is Origin.VERB:
        _refuse_unsent(working, number, command.step)
    if command.step == BOX1:
        box1_history.keep(working, earlier_results(working.leads, [number], working.schema))
    working.leads = reopened(working.leads, working.schema.step(command.step), [number], now=working.clock.serial)
    working.reopened += 1
    working.cause([number], f"reopen {command.step}: {command.reason}")
    working.log("log_reopened", lead=number, step=command.step, reason=command.reason)
    return True


def reopen_version(working: WorkingState, command: ReopenVersion) -> bool:
    """Reopen the leads of a version at Box 1, up to the budget; return whether none is left for the next part.

    Raises:
        SheetError: No lead has a result of that version.
    """
    numbers = of_version(working.snapshot, command.version)
    # It is called again for each part until it is done: only its first call may find no lead at all.
    if not numbers and not working.begun:
        _refuse_version(working, command.version)
    chunk = numbers[: working.budget.leads]
    if chunk:
        reopen_many(working, chunk, command.version, command.reason)
    return len(chunk) == len(numbers)


def reopen_many(working: WorkingState, numbers: list[int], version: str, reason: str) -> None:
    """Reopen the leads of a version at Box 1; their earlier results go to Box1 History."""
    box1_history.keep(working, earlier_results(working.leads, numbers, working.schema))
    working.leads = reopened(working.leads, working.schema.step(BOX1), numbers, now=working.clock.serial)
    working.reopened += len(numbers)
    working.cause(numbers, f"reopen box1 {version}: {reason}")
    working.log("log_version_reopened", version=version, count=len(numbers), reason=reason)


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


FEATURE: Final = Feature("reopening", handlers={ReopenLead: reopen_lead, ReopenVersion: reopen_version})
