"""Decide: from a snapshot to a plan, and to the snapshot that the plan leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.drops.identity import LeadIndex
from sheets_crm.pipeline.leads import with_states
from sheets_crm.plan.changes import Change, PutCells
from sheets_crm.plan.plan import Plan
from sheets_crm.sync.decide import batches, derive, sends, storage
from sheets_crm.sync.decide.control_cells import control_cells, last_run, resets
from sheets_crm.sync.decide.draft import Budget, Draft, Moment
from sheets_crm.sync.decide.drops import Merging, merge_retries, merge_sources
from sheets_crm.sync.decide.journal import journal, log_row, summary
from sheets_crm.sync.decide.next_snapshot import next_snapshot
from sheets_crm.sync.decide.rejected import Rejects
from sheets_crm.sync.decide.system_cells import cells_after, stored_values, watched
from sheets_crm.sync.hand_edits import put_back
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import Snapshot
from sheets_crm.workbook.cells import zone_known
from sheets_crm.workbook.control import named
from sheets_crm.workbook.system import GRID_ROWS, HASHES_IN_A_CELL
from sheets_crm.workbook.tabs import REJECTED, SYSTEM

CELLS_WARNINGS = (0.6, 0.8)
Act = Callable[[Draft], bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan and what follows from it.

    Attributes:
        plan: What one write changes; empty when there is nothing to do.
        next: The workbook as it is after that write, to decide the next part on.
        problems: What Control is told.
        acted: Whether the command's own change is done.
        index: The keys of the leads after that write, when a drop was merged.
    """

    plan: Plan
    next: Snapshot
    problems: tuple[str, ...]
    acted: bool = True
    index: LeadIndex | None = None


def decide(
    snapshot: Snapshot,
    settings: RunSettings,
    merging: Merging,
    moment: Moment,
    *,
    budget: Budget | None = None,
    problems: Sequence[str] = (),
    act: Act | None = None,
    index: LeadIndex | None = None,
    refused: Sequence[str] = (),
) -> Decision:
    """Return what a run would change.

    The order is: notes, sends, drops, retries, batches' ticks, Storage's requests, then the states and everything
    that follows from them. So a tick and the output of the same lead in one run end as sent and returned.

    Args:
        snapshot: What was read.
        settings: The run's settings.
        merging: Vocabulary and who must not come back.
        moment: The time.
        budget: How much to take on; the rest waits for the next part.
        problems: Problems found before, to be shown on Control.
        act: A command's own change (undo, reopen, …), made after everything else; it says whether it is done.
        index: The keys of the leads, from the part before, so that they are not read from every lead again.
        refused: What Log is told of imports that were set aside.
    """
    draft = Draft.of(snapshot, settings, moment, budget or Budget())
    draft.index = None if snapshot.put_right else index
    draft.problems += problems
    draft.refused += refused
    rejects = Rejects.of(snapshot.tabs[REJECTED], snapshot.rejected, settings.language)
    _settings_problems(draft)
    _odd_rows(draft)
    _vocabulary_problems(draft, merging)
    _hand_added(draft)
    draft.leads = put_back(draft.leads, snapshot.put_right)
    draft.cause((edit.lead for edit in snapshot.put_right), "put right after rows had moved")
    for lead in snapshot.lost:
        draft.log("brought_back", lead=lead)
    derive.carry_notes(draft)
    sends.send(draft)
    merge_sources(draft, merging, rejects)
    if snapshot.retries:
        merge_retries(draft, merging, rejects)
    batches.answer_ticks(draft)
    storage.answer_requests(draft)
    acted = act is None or act(draft)
    draft.more |= not acted
    draft.leads = with_states(draft.leads, settings.schema)
    sends.report_left(draft)
    batches.restore_rows(draft)
    batches.recount(draft)
    return _planned(draft, rejects, acted=acted)


def _hand_added(draft: Draft) -> None:
    """Keep a lead that somebody typed into the Master under a number not given yet: it counts, and it is told."""
    counter, following = draft.number("next_lead_number"), draft.next_lead_number()
    if following <= counter:
        return
    master = draft.snapshot.master
    numbers = np.asarray(master.frame.index)
    for place in np.flatnonzero(numbers >= counter):
        row, number = int(master.rows[place]) + 1, int(numbers[place])
        draft.problem("hand_added", tab=master.tab.title, row=row, lead=number)
        draft.log("hand_added", tab=master.tab.title, row=row, lead=number)
    draft.stored["next_lead_number"] = following


def _odd_rows(draft: Draft) -> None:
    """Name the rows of a table that repeat the key of a row above: they are left alone."""
    for sheet in draft.snapshot.sheets.values():
        for row in sheet.repeated[:1]:
            draft.problem("row_repeated", tab=sheet.tab.title, row=row + 1, count=len(sheet.repeated))


def _settings_problems(draft: Draft) -> None:
    if not zone_known(draft.snapshot.info.time_zone):
        draft.problem("zone_unknown", zone=draft.snapshot.info.time_zone)
    for name in draft.snapshot.control.unclear:
        label, used = named(name, draft.settings.language)
        draft.problem("setting_unclear", setting=label, used=used)


def _cells_problem(draft: Draft, changes: Sequence[Change]) -> None:
    """Warn of the cells that the workbook is going to have, not of those it had."""
    if draft.snapshot.info.cells < CELLS_LIMIT * CELLS_WARNINGS[0] / 2:
        return  # no one write doubles it
    share = cells_after(draft, changes) / CELLS_LIMIT
    if share >= CELLS_WARNINGS[0]:
        code = "cells_80" if share >= CELLS_WARNINGS[1] else "cells_60"
        draft.problem(code, share=f"{share:.0%}")


def _vocabulary_problems(draft: Draft, merging: Merging) -> None:
    """Name the rows of Vocabulary that could not be read; the other rows count."""
    for problem in merging.vocabulary.problems:
        language = draft.settings.language
        draft.problem("vocabulary_row", problem=with_remedy(problem.code, language, **problem.params))


def _planned(draft: Draft, rejects: Rejects, *, acted: bool) -> Decision:
    changes = derive.tables(draft)
    changes += resets(draft)
    changes += _erased(draft, rejects)
    grid = rejects.change()
    changes += [*draft.extra, *([grid] if grid else [])]
    changes += watched(draft)
    if draft.more is False:
        changes += _day(draft, changes)
    _cells_problem(draft, changes)
    found = [*changes, *control_cells(draft)]
    if found or draft.stored or draft.refused:
        found += log_row(draft)
        found.append(stored_values(draft, found))
        found += last_run(draft)
    plan = Plan(tuple(found), summary(draft), draft.more, tuple(journal(draft)))
    return Decision(
        plan,
        next_snapshot(draft, found, grid),
        tuple(draft.problems),
        acted,
        None if draft.erased else draft.index,
    )


def _day(draft: Draft, changes: Sequence[Change]) -> list[Change]:
    today = int(draft.moment.serial)
    found = derive.history_day(draft)
    if draft.snapshot.system.number("last_day", -1) != today:
        draft.stored["last_day"] = today
    if changes:
        draft.stored["last_run_at"] = draft.moment.serial
    return found


def _erased(draft: Draft, rejects: Rejects) -> list[Change]:
    """Return what else goes of erased people: rows of Rejected; and the hashes that stay in System."""
    for person in draft.erased.values():
        rejects.erase(person, draft.schema)
    if not draft.erased_hashes:
        return []
    system = draft.snapshot.system
    if system.erased_end < GRID_ROWS:
        rows: tuple[tuple[str, ...], ...] = ((" ".join(draft.erased_hashes),),)
        return [PutCells(draft.snapshot.tabs[SYSTEM], system.erased_end, 2, rows, "erased")]
    every = (*system.erased, *draft.erased_hashes)
    parts = range(0, len(every), HASHES_IN_A_CELL)
    packed = [" ".join(every[start : start + HASHES_IN_A_CELL]) for start in parts]
    rows = tuple((cell,) for cell in packed + [""] * (GRID_ROWS - 1 - len(packed)))
    return [PutCells(draft.snapshot.tabs[SYSTEM], 1, 2, rows, "erased")]
