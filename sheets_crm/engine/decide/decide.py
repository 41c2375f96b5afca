"""Decide: from a snapshot to a plan, and to the snapshot that the plan leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sheets_crm.engine.decide import batches, derive, sends, storage, tabs_shown
from sheets_crm.engine.decide.control_cells import control_cells, last_run, resets
from sheets_crm.engine.decide.imports import Merging, merge_imports, merge_retries
from sheets_crm.engine.decide.journal import journal, log_row, summary
from sheets_crm.engine.decide.next_snapshot import next_snapshot
from sheets_crm.engine.decide.rejected import Rejects
from sheets_crm.engine.decide.system_cells import cells_after, stored_values, watched
from sheets_crm.engine.decide.working_state import Budget, RunClock, WorkingState
from sheets_crm.engine.hand_edits import put_back
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.leads import with_states
from sheets_crm.plan.changes import Change, PutCells
from sheets_crm.plan.plan import Plan
from sheets_crm.workbook.cells import zone_known
from sheets_crm.workbook.control import named
from sheets_crm.workbook.system import GRID_ROWS, HASHES_IN_A_CELL
from sheets_crm.workbook.tabs import REJECTED, SYSTEM

CELLS_WARNINGS = (0.6, 0.8)
Command = Callable[[WorkingState], bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan and what follows from it.

    Attributes:
        plan: What one write changes; empty when there is nothing to do.
        next: The workbook as it is after that write, to decide the next part on.
        problems: The problems that Control shows.
        commanded: Whether the command is done.
        index: The keys of the leads after that write, when an import was merged.
    """

    plan: Plan
    next: Snapshot
    problems: tuple[str, ...]
    commanded: bool = True
    index: LeadIndex | None = None


def decide(
    snapshot: Snapshot,
    settings: RunSettings,
    merging: Merging,
    clock: RunClock,
    *,
    budget: Budget | None = None,
    problems: Sequence[str] = (),
    command: Command | None = None,
    index: LeadIndex | None = None,
    refused: Sequence[str] = (),
) -> Decision:
    """Decide what one write changes.

    The order is: notes, sends, imports, retries, ticks of Batches, requests of Storage, then the step states and all
    that follows from them. So a lead that is ticked and whose output comes back in the same run ends as returned.

    Args:
        snapshot: The workbook as read.
        settings: The run's settings.
        merging: The vocabulary, and who was erased.
        clock: The time.
        budget: How much to take on; the rest waits for the next part.
        problems: Problems found earlier in the run, for Control.
        command: The change that a verb asks for (undo, reopen, …), made after everything else; returns whether it is
            done.
        index: The keys of the leads from the part before, so that they are not computed from every lead again.
        refused: Lines for Log about imports that were set aside.
    """
    working = WorkingState.of(snapshot, settings, clock, budget or Budget())
    working.index = None if snapshot.put_right else index
    working.problems += problems
    working.refused += refused
    rejects = Rejects.of(snapshot.tabs[REJECTED], snapshot.rejected, settings.language)
    _settings_problems(working)
    _odd_rows(working)
    _vocabulary_problems(working, merging)
    _hand_added(working)
    working.leads = put_back(working.leads, snapshot.put_right)
    working.cause((edit.lead for edit in snapshot.put_right), "put right after rows had moved")
    for lead in snapshot.lost:
        working.log("brought_back", lead=lead)
    derive.carry_notes(working)
    sends.send(working)
    merge_imports(working, merging, rejects)
    if snapshot.retries:
        merge_retries(working, merging, rejects)
    batches.answer_ticks(working)
    storage.answer_requests(working)
    commanded = command is None or command(working)
    working.more |= not commanded
    working.leads = with_states(working.leads, settings.schema)
    sends.report_left(working)
    batches.restore_rows(working)
    batches.recount(working)
    tabs_shown.answer_ticks(working)
    return _planned(working, rejects, commanded=commanded)


def _hand_added(working: WorkingState) -> None:
    """Keep a lead that somebody typed into the Master under a number not yet given; report it, and skip the number."""
    counter, next_free = working.number("next_lead_number"), working.next_lead_number()
    if next_free <= counter:
        return
    master = working.snapshot.master
    numbers = np.asarray(master.frame.index)
    for place in np.flatnonzero(numbers >= counter):
        row, number = int(master.rows[place]) + 1, int(numbers[place])
        working.problem("hand_added", tab=master.tab.title, row=row, lead=number)
        working.log("hand_added", tab=master.tab.title, row=row, lead=number)
    working.stored["next_lead_number"] = next_free


def _odd_rows(working: WorkingState) -> None:
    """Report the rows of a table that repeat the key of a row above; they are left alone."""
    for sheet in working.snapshot.sheets.values():
        for row in sheet.repeated[:1]:
            working.problem("row_repeated", tab=sheet.tab.title, row=row + 1, count=len(sheet.repeated))


def _settings_problems(working: WorkingState) -> None:
    if not zone_known(working.snapshot.info.time_zone):
        working.problem("zone_unknown", zone=working.snapshot.info.time_zone)
    for name in working.snapshot.control.unclear:
        label, used = named(name, working.settings.language)
        working.problem("setting_unclear", setting=label, used=used)


def _cells_problem(working: WorkingState, changes: Sequence[Change]) -> None:
    """Warn when the workbook, as it is after this write, nears the cell limit."""
    if working.snapshot.info.cells < CELLS_LIMIT * CELLS_WARNINGS[0] / 2:
        return  # no single write doubles the workbook, so the changes need not be counted
    share = cells_after(working, changes) / CELLS_LIMIT
    if share >= CELLS_WARNINGS[0]:
        code = "cells_80" if share >= CELLS_WARNINGS[1] else "cells_60"
        working.problem(code, share=f"{share:.0%}")


def _vocabulary_problems(working: WorkingState, merging: Merging) -> None:
    """Report the rows of Vocabulary that could not be read; the other rows count."""
    for problem in merging.vocabulary.problems:
        language = working.settings.language
        working.problem("vocabulary_row", problem=with_remedy(problem.code, language, **problem.params))


def _planned(working: WorkingState, rejects: Rejects, *, commanded: bool) -> Decision:
    changes = derive.desired_tables(working)
    changes += resets(working)
    changes += _erased(working, rejects)
    grid = rejects.change()
    changes += [*working.extra, *([grid] if grid else [])]
    changes += watched(working)
    if working.more is False:
        changes += _day(working, changes)
    _cells_problem(working, changes)
    # The order matters: the cell count in System's values includes Log's new row, and the last run's time is written
    # only beside something else, or every run would write.
    written = [*changes, *control_cells(working)]
    if written or working.stored or working.refused:
        written += log_row(working)
        written.append(stored_values(working, written))
        written += last_run(working)
    plan = Plan(tuple(written), summary(working), working.more, tuple(journal(working)))
    return Decision(
        plan,
        next_snapshot(working, written, grid),
        tuple(working.problems),
        commanded,
        None if working.erased else working.index,
    )


def _day(working: WorkingState, changes: Sequence[Change]) -> list[Change]:
    """The day's row of History; it has the figures of the last part, with everything else done."""
    today = int(working.clock.serial)
    if changes:  # before the row is made, which shows when the last run that changed something was: this one
        working.stored["last_run_at"] = working.clock.serial
    rows = derive.history_day(working)
    if working.snapshot.system.number("last_day", -1) != today:
        working.stored["last_day"] = today
    return rows


def _erased(working: WorkingState, rejects: Rejects) -> list[Change]:
    """Take erased people out of Rejected; the changes that put their hashes into System."""
    for person in working.erased.values():
        rejects.erase(person, working.schema)
    if not working.erased_hashes:
        return []
    system = working.snapshot.system
    if system.erased_end < GRID_ROWS:
        rows: tuple[tuple[str, ...], ...] = ((" ".join(working.erased_hashes),),)
        return [PutCells(working.snapshot.tabs[SYSTEM], system.erased_end, 2, rows, "erased")]
    # The column is full: all hashes are packed anew, as many to a cell as fit, and blank cells follow.
    hashes = (*system.erased, *working.erased_hashes)
    starts = range(0, len(hashes), HASHES_IN_A_CELL)
    packed = [" ".join(hashes[start : start + HASHES_IN_A_CELL]) for start in starts]
    rows = tuple((cell,) for cell in packed + [""] * (GRID_ROWS - 1 - len(packed)))
    return [PutCells(working.snapshot.tabs[SYSTEM], 1, 2, rows, "erased")]
