"""Pushes: the batches of the step instantly go to the service by themselves; here is what they are in the workbook.

A send of a run that pushes makes its leads *due*. A job claims, hands over and settles them by the kernel of claims;
what it reads and writes of the workbook are the commands of this file, in whatever run comes next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment, EnrolmentState
from sheets_crm.claims.message import message_id
from sheets_crm.claims.values import Change
from sheets_crm.engine.commands import Command
from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.do_not_contact_rows import country, listing, standings
from sheets_crm.features.push_cells import PushCell, cell_of, enrolment_of
from sheets_crm.features.push_rows import STEP, PushView, counted, due_text, push_rows, pushed_leads
from sheets_crm.features.push_system import claim_record, put_record, system_of
from sheets_crm.messages import Said, in_language
from sheets_crm.pipeline.columns import PUSH
from sheets_crm.pipeline.do_not_contact import DoNotContact
from sheets_crm.pipeline.imports.text import fitted
from sheets_crm.pipeline.leads import put, with_column
from sheets_crm.pipeline.push_words import HELD, REFUSED, Word, first_word
from sheets_crm.pipeline.reply_words import NOT_CONTACTED
from sheets_crm.pipeline.schema import Step
from sheets_crm.pipeline.states import COMPLETED, PROCESSING
from sheets_crm.workbook.control import CAMPAIGN
from sheets_crm.workbook.panel import VALUE

CAUSE: Final = "push"
"""Why leads change, for the journal."""


@dataclass(frozen=True, kw_only=True)
class ReadPushes(Command):
    """Show a job what of the pushes stands in the workbook.

    Attributes:
        told: Given the view; it may be called several times, and the last call of a run that went through counts.
        also: LeadNumbers that it has to see whatever stands in their cells.
        suppressed: Entries of Do not contact that the job knows of, beside those that the run does.
    """

    told: Callable[[PushView], None]
    also: frozenset[int] = frozenset()
    suppressed: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class WritePushes(Command):
    """Claim or settle pushes, if nobody has since the job read them.

    Attributes:
        change: The kernel's write.
        told: Given the view that the write leaves, or None when it is refused; called as `ReadPushes.told` is.
        words: What the service said of messages, by their ids.
        also: As of `ReadPushes`.
    """

    change: Change
    told: Callable[[PushView | None], None]
    words: Mapping[str, str] = field(default_factory=dict)
    also: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class SayOfPushes(Command):
    """Say on Control why pushes wait.

    Attributes:
        reason: Why.
    """

    reason: Said


def view(
    working: WorkingState, also: frozenset[int] = frozenset(), suppressed: frozenset[str] = frozenset()
) -> PushView:
    """What of the pushes stands in the workbook, as this plan has left it so far."""
    record = claim_record(working)
    rows = push_rows(working.leads, working.schema.step(STEP), also)
    claimable = [
        int(row.lead_number)
        for row in rows.values()
        if row.state is EnrolmentState.ACTIVE or row.claim is ClaimState.CLAIMED
    ]
    told = pushed_leads(working.leads, claimable)
    return PushView(
        system=system_of(working, record),
        spreadsheet_id=working.snapshot.info.spreadsheet_id,
        rows=rows,
        leads={enrolment_of(number): lead for number, lead in told.items()},
        campaign=str(working.snapshot.panel.value(CAMPAIGN)).strip(),
        stopped=_stopped(working, claimable, suppressed),
        stamps=record.stamps,
    )


def _stopped(working: WorkingState, numbers: Sequence[int], suppressed: frozenset[str]) -> frozenset[str]:
    """Those of some leads that an entry of Do not contact names, as far as the run knows the list, or the job does."""
    listed = {form for form, keys in working.part(listing).keys.items() if keys}
    listed |= {one.form for one in standings(working).values() if one.counts}
    named = DoNotContact.of(listed | suppressed).names(working.leads.loc[list(numbers)], country(working))
    return frozenset(str(number) for number, stops in zip(numbers, named, strict=True) if stops)


def read(working: WorkingState, command: ReadPushes) -> bool:
    """Show what stands there; always done at once."""
    command.told(view(working, command.also, command.suppressed))
    return True


def write(working: WorkingState, command: WritePushes) -> bool:
    """Write a change of the kernel's on the very writes that it was made on; always done at once.

    The command may come a second time, when the answer to its write was lost: its stamp is there then.
    """
    record, change = claim_record(working), command.change
    if change.token in record.stamps:
        command.told(view(working, command.also))
        return True
    if record.writes != change.sequence:
        command.told(None)
        return True
    step = working.schema.step(STEP)
    rows = push_rows(working.leads, step, frozenset(int(row.lead_number) for row in change.rows))
    still = [row for row in change.rows if _still(row, rows.get(row.enrolment))]
    _put(
        working,
        step,
        {int(row.lead_number): cell_of(row, command.words.get(message_id(row), "")) for row in still},
    )
    put_record(working, record.after(change))
    if change.pause_campaigns:
        working.panel[(CAMPAIGN, VALUE)] = ""
    _say_counts(working, step, change)
    command.told(view(working, command.also))
    return True


def _still(row: Enrolment, now: Enrolment | None) -> bool:
    """Whether a lead still stands where the write expects it; it is out in the same batch if it is to be claimed.

    One that an earlier version of the workbook, put back, shows as never pushed is told what became of it.
    """
    if now is None:
        return row.claim not in {ClaimState.BLANK, ClaimState.CLAIMED}
    if now.position != row.position:
        return False
    if row.claim is ClaimState.CLAIMED and now.claim is not ClaimState.CLAIMED:
        return now.open and now.address == row.address
    return True


def _put(working: WorkingState, step: Step, cells: Mapping[int, PushCell]) -> None:
    """Put cells of leads; who is refused, or may not be contacted, and is still out, is completed as not contacted."""
    places = working.leads.index.get_indexer(pd.Index(list(cells), dtype="int64"))
    column = working.leads[PUSH].to_numpy(dtype=object, copy=True)
    column[places] = np.array([cell.text for cell in cells.values()], dtype=object)
    working.leads = with_column(working.leads, PUSH, column)
    out = working.leads[step.status].to_numpy(dtype=object) == PROCESSING
    ended = [
        number
        for (number, cell), place in zip(cells.items(), places, strict=True)
        if cell.word in {*REFUSED, Word.STOPPED} and out[place]
    ]
    now = working.clock.serial
    completed: dict[str, str | bool | float] = {
        step.status: COMPLETED,
        step.completed_at: now,
        "instantly_status": NOT_CONTACTED,
        "instantly_status_at": now,
        "updated_at": now,
    }
    working.leads = put(working.leads, ended, completed)
    working.cause(cells, CAUSE)


def _say_counts(working: WorkingState, step: Step, change: Change) -> None:
    """Say on Control and in Log what became of the batches that a write settled something of."""
    settled = {row.position for row in change.rows if row.claim is not ClaimState.CLAIMED}
    for batch, counts in sorted(counted(working.leads, step).items()):
        if int(batch.rpartition("-")[2]) not in settled:
            continue
        numbers = {
            "batch": batch,
            "added": counts[Word.ADDED],
            "there": counts[Word.DUPLICATE],
            "refused": sum(counts[word] for word in (*REFUSED, Word.STOPPED)),
            "failed": counts[Word.FAILED],
            "unknown": counts[Word.UNKNOWN],
        }
        code = "push.counts.unknown" if counts[Word.UNKNOWN] else "push.counts"
        working.say(step.name, working.message(code, **numbers))
        working.log(code, **numbers)


def say(working: WorkingState, command: SayOfPushes) -> bool:
    """Say why pushes wait; always done at once."""
    working.say(STEP, fitted(in_language(command.reason, working.settings.language)))
    return True


def mark_due(working: WorkingState) -> None:
    """Make the leads due that this plan sends, where runs push; not who stands in the campaign or is on the way there.

    Such a lead is ready only in a workbook that was set back; another attempt begins with a blank cell. The first time
    the workbook notes which spreadsheet it is: a copy made from then on is known as one.
    """
    if not working.settings.pushes or not working.sent:
        return
    step = working.schema.step(STEP)
    batches = working.leads[step.batch].to_numpy(dtype=object)
    sent = np.isin(batches.astype(str), list(working.sent))
    cells = working.leads[PUSH].to_numpy(dtype=object, copy=True)
    held = np.array([first_word(cell) in HELD for cell in cells], dtype=bool)
    due = np.flatnonzero(sent & ~held)
    if not len(due):
        return
    cells[due] = np.array([due_text(str(batches[place])) for place in due], dtype=object)
    working.leads = with_column(working.leads, PUSH, cells)
    record = claim_record(working)
    if not record.spreadsheet_id:
        put_record(working, replace(record, spreadsheet_id=working.snapshot.info.spreadsheet_id))


FEATURE: Final = Feature(
    "pushes",
    handlers={ReadPushes: read, WritePushes: write, SayOfPushes: say},
    conclude=mark_due,
)
