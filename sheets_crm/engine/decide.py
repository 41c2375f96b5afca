"""Decide: from a snapshot to a plan, and to the snapshot that the plan leaves behind. No clock, no I/O.

What is decided belongs to the features; here stand the order, and what every plan has whatever is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sheets_crm.engine import table_changes, table_edits
from sheets_crm.engine.commands import Command
from sheets_crm.engine.hand_edits import put_back
from sheets_crm.engine.journal import journal, log_row, summary
from sheets_crm.engine.next_snapshot import next_snapshot
from sheets_crm.engine.panel_cells import last_run, panel_cells, resets
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.system_cells import cells_after, stored_values, watched
from sheets_crm.engine.working_state import Budget, RunClock, WorkingState
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.leads import with_states
from sheets_crm.plan.changes import Change, PutCells
from sheets_crm.plan.diff import diff
from sheets_crm.plan.plan import Plan
from sheets_crm.workbook.cells import zone_known
from sheets_crm.workbook.roles import SYSTEM
from sheets_crm.workbook.system import GRID_ROWS, HASHES_IN_A_CELL

CELLS_WARNINGS = (0.6, 0.8)


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan and what follows from it.

    Attributes:
        plan: What one write changes; empty when there is nothing to do.
        next: The workbook as it is after that write, to decide the next part on.
        problems: The problems that Control shows.
        waiting: The given commands of which something is left for the next write.
        index: The keys of the leads after that write, when an import was merged.
        answers: What the commands answer, for the report of a verb.
    """

    plan: Plan
    next: Snapshot
    problems: tuple[str, ...]
    waiting: tuple[Command, ...] = ()
    index: LeadIndex | None = None
    answers: tuple[str, ...] = ()


def decide(
    snapshot: Snapshot,
    settings: RunSettings,
    clock: RunClock,
    *,
    budget: Budget | None = None,
    problems: Sequence[str] = (),
    commands: Sequence[Command] = (),
    begun: bool = False,
    index: LeadIndex | None = None,
    refused: Sequence[str] = (),
) -> Decision:
    """Decide what one write changes.

    The order is: what the cells of each feature ask for, feature by feature (`Features`), then the commands given, then
    the step states and all that follows from them. So a lead that is ticked and whose output comes back in the same run
    ends as returned.

    Args:
        snapshot: The workbook as read.
        settings: The run's settings, with its features.
        clock: The time.
        budget: How much to take on; the rest waits for the next part.
        problems: Problems found earlier in the run, for Control.
        commands: What verbs and jobs ask for, made after what the workbook asks for.
        begun: Whether an earlier write of the run has begun them.
        index: The keys of the leads from the part before, so that they are not computed from every lead again.
        refused: Lines for Log about imports that were set aside.
    """
    working = WorkingState.of(snapshot, settings, clock, budget or Budget())
    working.index = None if snapshot.put_right else index
    working.begun = begun
    working.problems += problems
    working.refused += refused
    _prepare(working)
    for command in settings.features.commands(working):
        _obey(working, command)
    waiting = tuple(command for command in commands if not _obey(working, command))
    working.more |= bool(waiting)
    working.leads = with_states(working.leads, settings.schema)
    for feature in settings.features:
        feature.conclude(working)
    table_edits.conclude(working)
    return _planned(working, waiting)


def _obey(working: WorkingState, command: Command) -> bool:
    """Do what a command asks for, and take its cell back when nothing is left of it for the next write."""
    done = working.settings.features.handler(command)(working, command)
    asked = command.asked
    if done and asked is not None:
        working.untick(asked.table, asked.header, asked.row, asked.value)
    return done


def _prepare(working: WorkingState) -> None:
    """Bring the working state to where commands may begin: what is odd is reported, what went astray is put right."""
    zone = working.snapshot.info.time_zone
    if not zone_known(zone):
        working.problem("zone_unknown", zone=zone)
    _odd_rows(working)
    _hand_added(working)
    _confirmed_count(working)
    working.leads = put_back(working.leads, working.snapshot.put_right)
    working.cause((edit.lead for edit in working.snapshot.put_right), "put right after rows had moved")
    for lead in working.snapshot.lost:
        working.log("brought_back", lead=lead)
    for feature in working.settings.features:
        feature.prepare(working)
    table_edits.prepare(working)


def _odd_rows(working: WorkingState) -> None:
    """Report the rows of a table that repeat the key of a row above; they are left alone."""
    for sheet in working.snapshot.sheets.values():
        for row in () if sheet.spec.by_key else sheet.repeated[:1]:
            working.problem("row_repeated", tab=sheet.tab.title, row=row + 1, count=len(sheet.repeated))


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


def _confirmed_count(working: WorkingState) -> None:
    """Store the number of leads when somebody deleted some and confirmed it, though nothing else follows from it.

    Without it every run that nobody confirms would be refused again.
    """
    count = len(working.snapshot.leads)
    if count < working.snapshot.system.number("leads_known"):
        working.stored["leads_known"] = count


def _planned(working: WorkingState, waiting: tuple[Command, ...]) -> Decision:
    features = working.settings.features
    erased = bool(working.erased or working.snapshot.undeleted)
    changes: list[Change] = diff(working.snapshot.master, working.leads, delete=erased)
    changes += [change for feature in features for change in feature.changes(working)]
    changes += table_changes.changes(working, changes)
    changes += resets(working)
    changes += _erased_hashes(working)
    changes += [*working.extra, *watched(working)]
    if working.more is False:
        changes += [change for feature in features for change in feature.last_changes(working, changes)]
    _cells_problem(working, changes)
    # The order matters: the cell count in System's values includes Log's new row, and the last run's time is written
    # only beside something else, or every run would write.
    written = [*changes, *panel_cells(working)]
    if written or working.stored or working.refused:
        written += log_row(working)
        written.append(stored_values(working, written))
        written += last_run(working)
    plan = Plan(
        tuple(written),
        summary(working),
        working.more,
        tuple(journal(working)),
        tuple(table_edits.row_journal(working)),
    )
    return Decision(
        plan,
        next_snapshot(working, written),
        tuple(working.problems),
        waiting,
        None if working.erased else working.index,
        tuple(working.answers),
    )


def _cells_problem(working: WorkingState, changes: Sequence[Change]) -> None:
    """Warn when the workbook, as it is after this write, nears the cell limit."""
    if working.snapshot.info.cells < CELLS_LIMIT * CELLS_WARNINGS[0] / 2:
        return  # no single write doubles the workbook, so the changes need not be counted
    share = cells_after(working, changes) / CELLS_LIMIT
    if share >= CELLS_WARNINGS[0]:
        code = "cells_80" if share >= CELLS_WARNINGS[1] else "cells_60"
        working.problem(code, share=f"{share:.0%}")


def _erased_hashes(working: WorkingState) -> list[Change]:
    """The changes that put the keyed hashes of erased people into System."""
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
