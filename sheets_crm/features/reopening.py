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
from sheets_crm.messages import Said, said
from sheets_crm.pipeline.imports.row_updates import earlier_results
from sheets_crm.pipeline.leads import is_true, reopened
from sheets_crm.pipeline.reply_words import CONVERSIONS
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.states import COMPLETED, READY

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
        also_sent: Whether leads that were already sent to the step that contacts them are reopened too.
    """

    version: str
    reason: str
    also_sent: bool = False


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom the reopening of a version touches.

    Attributes:
        version: The version.
        numbers: Leads with a result of it.
        sent: Those of them that were already sent to the step that contacts them: they are paid for again.
        waiting: How many of the others wait in that step's input tab, which they leave.
        converted: How many of them are conversions.
        sending: The step that contacts leads; None when it is not in use.
    """

    version: str
    numbers: tuple[int, ...]
    sent: frozenset[int]
    waiting: int
    converted: int
    sending: Step | None

    def opened(self, *, also_sent: bool) -> list[int]:
        """The leads that are reopened."""
        return [number for number in self.numbers if also_sent or number not in self.sent]

    def sentences(self, *, also_sent: bool) -> list[Said]:
        """Who is touched, and who is left out, in words."""
        step, tab = (self.sending.title, self.sending.input_tab) if self.sending else ("", "")
        leads = said("count.lead", count=len(self.numbers))
        sentences = [
            said(
                "reopen.touches",
                leads=leads,
                version=self.version,
                waiting=self.waiting,
                sent=len(self.sent),
                converted=self.converted,
                step=step or said("no_sending_step"),
                tab=tab or said("no_sending_step"),
            )
        ]
        if self.sent and not also_sent:
            sentences.append(said("reopen.left_out", leads=said("count.lead", count=len(self.sent)), step=step))
        return sentences


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
    title = working.schema.step(command.step).title
    working.log("log_reopened", lead=number, step=title, reason=command.reason)
    working.say(command.step, working.logged[-1])
    return True


def reopen_version(working: WorkingState, command: ReopenVersion) -> bool:
    """Reopen the leads of a version at Box 1, up to the budget; return whether none is left for the next part.

    Raises:
        SheetError: No lead has a result of that version.
    """
    whom = touched(working.snapshot, command.version, working.schema)
    # It is called again for each part until it is done: only its first call may find no lead at all.
    if not whom.numbers and not working.begun:
        refuse_version(working.snapshot, command.version)
    numbers = whom.opened(also_sent=command.also_sent)
    if not working.begun:
        working.answers += whom.sentences(also_sent=command.also_sent)
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
    working.say(BOX1, working.logged[-1])


def touched(snapshot: Snapshot, version: str, schema: Schema) -> Touched:
    """Whom the reopening of a version touches."""
    numbers, sending = of_version(snapshot, version), schema.sending
    if sending is None:
        return Touched(version, tuple(numbers), frozenset(), 0, 0, None)
    leads = snapshot.leads.loc[numbers]
    gone = leads.index[is_true(leads[sending.sent]).to_numpy(dtype=bool)]
    waiting = int((leads[sending.status].to_numpy(dtype=object) == READY).sum())
    converted = int(leads["instantly_status"].isin(CONVERSIONS).sum())
    return Touched(version, tuple(numbers), frozenset(map(int, gone)), waiting, converted, sending)


def of_version(snapshot: Snapshot, version: str) -> list[int]:
    """LeadNumbers of the leads whose completed Box 1 result is of a version."""
    leads = snapshot.leads
    same_version = leads["box1_version"].map(as_text).str.strip().str.casefold() == version.casefold()
    done = leads["box1_status"] == COMPLETED
    return [int(number) for number in leads.index[(same_version & done).to_numpy(dtype=bool)]]


def refuse_version(snapshot: Snapshot, version: str) -> None:
    """Stop because no lead has a result of a version.

    Raises:
        SheetError: Always; names the versions that there are.
    """
    versions = snapshot.leads["box1_version"].map(as_text)
    listed = ", ".join(sorted(set(versions[versions != ""]))) or said("none_yet")
    raise SheetError(
        said("no_version", version=version),
        where="Master",
        remedy=said("versions_there", versions=listed),
        state=said("unchanged"),
    )


def _refuse_unsent(working: WorkingState, number: int, step: str) -> None:
    declared = working.schema.step(step)
    line: dict[str, Any] = dict(working.leads.loc[number])
    stored = step == "instantly" and line["storage"] is True
    if line[declared.sent] is not True and not stored:
        raise SheetError(
            said("not_sent", lead=number, step=step),
            where="Master",
            remedy=said("not_sent.remedy", lead=number),
            state=said("unchanged"),
        )


FEATURE: Final = Feature("reopening", handlers={ReopenLead: reopen_lead, ReopenVersion: reopen_version})
