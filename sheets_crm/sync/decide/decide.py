"""Decide: from a snapshot to a plan, and to the snapshot that the plan leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sheets_crm.pipeline.drops.identity import LeadIndex
from sheets_crm.pipeline.drops.messages import reason, remedy
from sheets_crm.pipeline.leads import with_states
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, GridRows, PutCells, RemoveTab, UpdateCells
from sheets_crm.plan.diff import after, diff, different
from sheets_crm.plan.plan import LeadChange, Plan, Summary
from sheets_crm.sync.decide import batches, derive, sends, storage
from sheets_crm.sync.decide.draft import Budget, Draft, Moment
from sheets_crm.sync.decide.drops import Merging, merge_retries, merge_sources
from sheets_crm.sync.decide.rejected import Rejects
from sheets_crm.sync.erased import about
from sheets_crm.sync.hand_edits import put_back
from sheets_crm.sync.reading import drop_tabs
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import Snapshot, Source, as_cell, leads_of
from sheets_crm.workbook import system
from sheets_crm.workbook.cells import CellIn
from sheets_crm.workbook.control import PROBLEMS, SAID, SEND_NOW, VALUE, named
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.tabs import BATCHES, CONTROL, HISTORY, INBOX, LOG, MASTER, REJECTED, SYSTEM

LOG_KEPT = 1000
CELLS_LIMIT = 10_000_000
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
    """
    draft = Draft.of(snapshot, settings, moment, budget or Budget())
    draft.index = None if snapshot.put_right else index
    draft.problems += problems
    rejects = Rejects.of(snapshot.tabs[REJECTED], snapshot.rejected, settings.language)
    _settings_problems(draft)
    _vocabulary_problems(draft, merging)
    draft.leads = put_back(draft.leads, snapshot.put_right)
    draft.cause((edit.lead for edit in snapshot.put_right), "put right after rows had moved")
    derive.carry_notes(draft)
    sends.send(draft)
    merge_sources(draft, merging, rejects)
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


def _settings_problems(draft: Draft) -> None:
    for name in draft.snapshot.control.unclear:
        label, used = named(name, draft.settings.language)
        draft.problem("setting_unclear", setting=label, used=used)
    share = draft.snapshot.info.cells / CELLS_LIMIT
    if share >= CELLS_WARNINGS[0]:
        code = "cells_80" if share >= CELLS_WARNINGS[1] else "cells_60"
        draft.problem(code, share=f"{share:.0%}")


def _vocabulary_problems(draft: Draft, merging: Merging) -> None:
    """Name the rows of Vocabulary that could not be read; the other rows count."""
    for problem in merging.vocabulary.problems:
        language = draft.settings.language
        text = f"{reason(problem.code, language, **problem.params)} {remedy(problem.code, language, **problem.params)}"
        draft.problem("vocabulary_row", problem=text)


def _planned(draft: Draft, rejects: Rejects, *, acted: bool) -> Decision:
    changes = derive.tables(draft)
    changes += _resets(draft)
    changes += _erased(draft, rejects)
    grid = rejects.change()
    changes += [*draft.extra, *([grid] if grid else [])]
    changes += _watched(draft)
    if draft.more is False:
        changes += _day(draft, changes)
    found = [*changes, *_control(draft)]
    if found or draft.stored:
        found += _log(draft)
        found.append(_stored(draft, found))
        found += _last_run(draft)
    plan = Plan(tuple(found), _summary(draft), draft.more, tuple(_journal(draft)))
    return Decision(
        plan, _next(draft, found, grid), tuple(draft.problems), acted, None if draft.erased else draft.index
    )


def _watched(draft: Draft) -> list[Change]:
    """Return the signal over the tabs that outputs are put in, when there are others than it counts.

    Tabs that were added or removed are noted too, or every look would ask for a run because of them.
    """
    snapshot, gone = draft.snapshot, _removed(draft)
    tabs = [tab for tab in drop_tabs(snapshot.info) if tab.sheet_id not in gone]
    drops = [tab for tab in tabs if tab.mark in {None, INBOX}]
    listed = " ".join(str(tab.sheet_id) for tab in drops)
    count = len(snapshot.info.tabs) - len(gone)
    if snapshot.system.number("tabs_known") != count:
        draft.stored["tabs_known"] = count
    if snapshot.system.text("drops_watched") == listed:
        return []
    draft.stored["drops_watched"] = listed
    row = 1 + system.keys(draft.schema).index("signal.inbox")
    formula = system.inbox_signal([tab.title for tab in drops])
    return [PutCells(snapshot.tabs[SYSTEM], row, 1, ((formula,),), "signal.inbox")]


def _removed(draft: Draft) -> set[int]:
    return {change.tab.sheet_id for change in draft.extra if isinstance(change, RemoveTab)}


def _day(draft: Draft, changes: Sequence[Change]) -> list[Change]:
    today = int(draft.moment.serial)
    if draft.snapshot.system.number("last_day", -1) != today:
        draft.stored["last_day"] = today
    if changes:
        draft.stored["last_run_at"] = draft.moment.serial
    return derive.history_day(draft)


def _resets(draft: Draft) -> list[Change]:
    """Return the writes that take back ticks that were answered."""
    found: list[Change] = []
    for key, by_header in draft.reset.items():
        sheet = draft.snapshot.sheets[key]
        cells = {}
        for header, values in by_header.items():
            positions = sheet.frame.index.get_indexer(pd.Index(list(values), dtype=object))
            cells[header] = (positions, np.array(list(values.values()), dtype=object))
        found.append(UpdateCells(sheet, cells))
    return found


def _erased(draft: Draft, rejects: Rejects) -> list[Change]:
    """Return what else goes of erased people: rows of Rejected; and the hashes that stay in System."""
    for keys in draft.erased.values():
        rejects.gone |= {row.row for row in rejects.rows if about(row.cells, keys)}
    if not draft.erased_hashes:
        return []
    place = 1 + len(draft.snapshot.system.erased)
    rows = tuple((one,) for one in draft.erased_hashes)
    return [PutCells(draft.snapshot.tabs[SYSTEM], place, 2, rows, "erased")]


def _control(draft: Draft) -> list[Change]:
    """Return the cells of Control that change: what was said of a step, problems, ticks taken back."""
    control, tab = draft.snapshot.control, draft.snapshot.tabs[CONTROL]
    wanted: dict[tuple[str, int], CellIn] = dict(draft.control)
    for step, text in draft.said.items():
        if control.texts.get(f"said.{step}", "") != text:
            wanted[(f"step.{step}", SAID)] = text
    shown = [*draft.problems[:PROBLEMS], *[""] * PROBLEMS][:PROBLEMS]
    for n, text in enumerate(shown, start=1):
        if control.texts.get(f"problem.{n}", "") != text:
            wanted[(f"problem.{n}", VALUE)] = text
    status = draft.say("ok") if not draft.problems else draft.problems[0]
    if control.texts.get("status", "") != status:
        wanted[("status", VALUE)] = status
    if control.sync_now:
        wanted[("sync_now", VALUE)] = False
    if control.confirm and draft.more is False:
        wanted[("confirm", VALUE)] = False
    return [
        PutCells(tab, control.rows[row], column, ((value,),), row)
        for (row, column), value in wanted.items()
        if row in control.rows
    ]


def _last_run(draft: Draft) -> list[Change]:
    """Return Control's times; a write is a sign of life too."""
    control, tab = draft.snapshot.control, draft.snapshot.tabs[CONTROL]
    now = ((draft.moment.serial,),)
    return [
        PutCells(tab, control.rows[name], VALUE, now, name)
        for name in ("last_run_at", "heartbeat")
        if name in control.rows
    ]


def _stored(draft: Draft, changes: Sequence[Change]) -> PutCells:
    """Return the write of System's stored values; they go with every plan that changes something."""
    schema, known = draft.schema, draft.snapshot.system
    draft.stored["last_run_at"] = draft.stored["heartbeat"] = draft.moment.serial
    draft.stored["sequence"] = draft.snapshot.sequence + 1
    draft.stored["leads_known"] = len(draft.leads)
    draft.stored["lead_days"] = derive.known_lead_days(draft)
    draft.stored["refusal"] = ""
    draft.stored["cells_used"] = _cells(draft, changes)
    draft.stored["tabs_known"] = len(draft.snapshot.info.tabs) - len(_removed(draft))
    stored = [key for key in system.keys(schema) if not key.startswith(("signal.", "feed."))]
    rows = tuple((draft.stored.get(key, known.cells.get(key, "")),) for key in stored)
    return PutCells(draft.snapshot.tabs[SYSTEM], 1, 1, rows, "System")


def _cells(draft: Draft, changes: Sequence[Change]) -> int:
    """Return how many cells the workbook's grids take once the changes are made."""
    total = draft.snapshot.info.cells
    sheets = {
        id(change.sheet): change.sheet
        for change in changes
        if isinstance(change, UpdateCells | AppendRows | DeleteRows)
    }
    for sheet in sheets.values():
        own = [change for change in changes if getattr(change, "sheet", None) is sheet]
        total += (after(sheet, own).tab.rows - sheet.tab.rows) * sheet.tab.columns
    for change in changes:
        if isinstance(change, RemoveTab):
            total -= change.tab.cells
        elif isinstance(change, GridRows):
            total += _grid_growth(change)
    return total


def _grid_growth(change: GridRows) -> int:
    """Return by how many cells the grid of a tab that is no table grows."""
    tab, width = change.tab, max(map(len, change.append), default=0)
    rows = max(tab.rows, change.start + len(change.append)) if change.append else tab.rows
    rows = max(rows - len(change.delete), tab.frozen_rows + 1) if change.delete else rows
    return rows * max(tab.columns, width) - tab.cells


def _log(draft: Draft) -> list[Change]:
    """Return Log's new row, and the oldest rows that go."""
    if not (draft.logged or draft.drops):
        return []
    sheet = draft.snapshot.sheets[LOG]
    counts = [sum(draft.sent.values()), sum(int(drop["rows"]) for drop in draft.drops)]
    rejected = sum(int(drop["rejected"]) for drop in draft.drops)
    what = " · ".join([*draft.logged, *_drop_lines(draft)])
    values: tuple[CellIn, ...] = (draft.moment.serial, draft.moment.run, "ok", what, *counts, rejected)
    row: dict[str, CellIn] = dict(zip(sheet.spec.headers, values, strict=True))
    return logged(sheet, row)


def logged(sheet: Sheet, row: dict[str, CellIn]) -> list[Change]:
    """Return the changes that add a row to Log and trim it."""
    start = len(sheet.frame)
    known = sheet.resized(sheet.tab.rows, sheet.frame.reset_index(drop=True), sheet.rows)
    added = pd.DataFrame([row], index=[start], dtype=object)
    whole = pd.concat([known.frame, added]) if start else added
    return diff(known, whole.iloc[max(0, start + 1 - LOG_KEPT) :].astype(object))


def _drop_lines(draft: Draft) -> list[str]:
    return [draft.say("log_drop", **drop) for drop in draft.drops]


def _summary(draft: Draft) -> Summary:
    return Summary(
        sent=dict(draft.sent),
        drops=tuple(draft.drops),
        said=(*draft.logged, *_drop_lines(draft)),
        undone=dict(draft.undone),
        closed=dict(draft.closed),
        reopened=draft.reopened,
    )


def _journal(draft: Draft) -> list[LeadChange]:
    """Return every changed cell of every lead that was there before, and the new leads as one line each."""
    before, now = draft.snapshot.leads, draft.leads
    if draft.erased:
        before = before.drop(index=list(draft.erased))
    found: list[LeadChange] = []
    kept = now.index.isin(before.index)
    old = now if kept.all() else now[kept]
    for name in old.columns:
        one, other = before[name].to_numpy(dtype=object), old[name].to_numpy(dtype=object)
        if one is other or name == "updated_at":
            continue
        for place in np.flatnonzero(different(one, other)):
            lead = int(old.index[int(place)])
            cause = draft.causes.get(lead, draft.moment.run)
            found.append(LeadChange(lead, name, one[place], other[place], cause))
    return [*found, *_new_leads(draft, now[~kept])]


def _new_leads(draft: Draft, leads: pd.DataFrame) -> Iterator[LeadChange]:
    """Yield the new leads' lines of the journal: all that each holds, so that it can be brought back."""
    for lead, cells in zip(leads.index, leads.to_dict("records"), strict=True):
        row = {str(name): cell for name, cell in cells.items() if cell != ""}
        yield LeadChange(int(lead), "*", "", row, draft.causes.get(int(lead), ""))


def _next(draft: Draft, changes: Sequence[Change], grid: GridRows | None) -> Snapshot:
    """Return the snapshot as it is after the plan's write."""
    snapshot = draft.snapshot
    sheets = {key: _advanced(sheet, changes) for key, sheet in snapshot.sheets.items()}
    tabs = {key: sheets[key].tab if key in sheets else tab for key, tab in snapshot.tabs.items()}
    tabs[REJECTED] = _grown(tabs[REJECTED], grid)
    gone = {change.tab.sheet_id for change in changes if isinstance(change, RemoveTab)}
    heights = {tab.sheet_id: tab for tab in tabs.values()}
    info = replace(
        snapshot.info,
        tabs=tuple(heights.get(tab.sheet_id, tab) for tab in snapshot.info.tabs if tab.sheet_id not in gone),
    )
    cells = {**snapshot.system.cells, **{key: as_cell(value) for key, value in draft.stored.items()}}
    control = snapshot.control
    unticked = {row.removeprefix("step.") for (row, column), _ in draft.control.items() if column == SEND_NOW}
    texts = {**control.texts, **{f"said.{step}": text for step, text in draft.said.items()}}
    for n in range(1, PROBLEMS + 1):
        texts[f"problem.{n}"] = draft.problems[n - 1] if n <= len(draft.problems) else ""
    texts["status"] = draft.say("ok") if not draft.problems else draft.problems[0]
    finished = {source.ref for source in snapshot.sources if _finished(draft, gone, source)}
    return replace(
        snapshot,
        info=info,
        tabs=tabs,
        sheets=sheets,
        leads=leads_of(sheets[MASTER], draft.schema),
        system=replace(snapshot.system, cells=cells, erased=(*snapshot.system.erased, *draft.erased_hashes)),
        control=replace(
            control,
            send_now=control.send_now - unticked,
            texts=texts,
            sync_now=False,
            confirm=control.confirm and draft.more,
        ),
        rejected=_rejected_after(snapshot.rejected, grid),
        sources=tuple(source for source in snapshot.sources if source.ref not in finished),
        put_right=(),
        sequence=snapshot.sequence + 1,
    )


def _grown(tab: TabInfo, grid: GridRows | None) -> TabInfo:
    """Return the tab of Rejected with the grid that the plan leaves it, which the next part goes on from."""
    if grid is None:
        return tab
    height = max(tab.rows, grid.start + len(grid.append) if grid.append else 0)
    width = max((len(row) for row in grid.append), default=0)
    return replace(tab, rows=max(height - len(grid.delete), tab.frozen_rows + 1), columns=max(tab.columns, width))


def _finished(draft: Draft, gone: set[int], source: Source) -> bool:
    if source.tab is not None:
        return source.tab.sheet_id in gone
    record = draft.stored.get("open_drop", "")
    return isinstance(record, str) and f'"ref":"{source.ref}"' in record and '"finished":true' in record


def _advanced(sheet: Sheet, changes: Sequence[Change]) -> Sheet:
    """Return a table after its own changes; they may have been made on a twin of it with another index."""
    rebased: list[Change] = [
        replace(change, sheet=sheet)
        for change in changes
        if isinstance(change, UpdateCells | AppendRows | DeleteRows)
        and change.sheet.tab.sheet_id == sheet.tab.sheet_id
    ]
    return after(sheet, rebased) if rebased else sheet


def _rejected_after(
    cells: list[list[str | bool | int | float]], grid: GridRows | None
) -> list[list[str | bool | int | float]]:
    if grid is None:
        return cells
    rows = [list(row) for row in cells]
    for row, column, value in grid.put:
        if isinstance(value, str | bool | int | float):
            rows[row][column] = value
    rows += [[] for _ in range(grid.start - len(rows))]
    appended = [[cell for cell in row if isinstance(cell, str | bool | int | float)] for row in grid.append]
    rows = [*rows[: grid.start], *appended]
    gone = set(grid.delete)
    return [row for n, row in enumerate(rows) if n not in gone]


__all__ = ["BATCHES", "HISTORY", "Decision", "decide"]
