"""What a plan writes into System: stored values, and the signal over the import tabs."""

from __future__ import annotations

from collections.abc import Sequence

from sheets_crm.engine.reading import find_import_tabs, is_claimed
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.metrics import lead_days
from sheets_crm.plan.changes import (
    AppendRows,
    Change,
    DeleteRows,
    GridRows,
    PutCells,
    RemoveTab,
    RowCells,
    UpdateCells,
)
from sheets_crm.plan.diff import after
from sheets_crm.workbook.roles import INBOX, SYSTEM
from sheets_crm.workbook.signals import import_signal


def watched(working: WorkingState) -> list[Change]:
    """The formula of the signal over the import tabs, when these are others than it counts.

    The number of tabs is stored too, or every poll would ask for a run because tabs were added or removed.
    """
    snapshot, removed = working.snapshot, _removed(working)
    tabs = [tab for tab in find_import_tabs(snapshot.info) if tab.sheet_id not in removed]
    import_tabs = [tab for tab in tabs if tab.mark == INBOX or not is_claimed(tab)]
    listed = " ".join(str(tab.sheet_id) for tab in import_tabs)
    count = len(snapshot.info.tabs) - len(removed)
    if snapshot.system.number("tabs_known") != count:
        working.stored["tabs_known"] = count
    if snapshot.system.text("drops_watched") == listed:
        return []
    working.stored["drops_watched"] = listed
    row = working.settings.system.row("signal.inbox")
    formula = import_signal([tab.title for tab in import_tabs])
    return [PutCells(snapshot.tabs[SYSTEM], row, 1, ((formula,),), "signal.inbox")]


def _removed(working: WorkingState) -> set[int]:
    return {change.tab.sheet_id for change in working.extra if isinstance(change, RemoveTab)}


def stored_values(working: WorkingState, changes: Sequence[Change]) -> PutCells:
    """The write of System's stored values, all in one range; it is part of every plan that changes something."""
    existing = working.snapshot.system
    working.stored["last_run_at"] = working.stored["heartbeat"] = working.clock.serial
    working.stored["sequence"] = working.snapshot.sequence + 1
    working.stored["leads_known"] = len(working.leads)
    working.stored["lead_days"] = known_lead_days(working)
    working.stored["refusal"] = ""
    working.stored["cells_used"] = cells_after(working, changes)
    working.stored["tabs_known"] = len(working.snapshot.info.tabs) - len(_removed(working))
    stored = working.settings.system.stored
    rows = tuple((working.stored.get(key, existing.cells.get(key, "")),) for key in stored)
    return PutCells(working.snapshot.tabs[SYSTEM], 1, 1, rows, SYSTEM)


def known_lead_days(working: WorkingState) -> float:
    """The median days from import to Box 1; the setting while no lead has got there."""
    median = lead_days(working.leads, working.schema)
    return working.settings.lead_days if median is None else round(float(median), 6)


def cells_after(working: WorkingState, changes: Sequence[Change]) -> int:
    """How many cells the workbook's grids take once the changes are made."""
    total = working.snapshot.info.cells
    # Grouped by object, not by tab: one tab may be changed through two Sheets that differ in their index.
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
        elif isinstance(change, RowCells):
            total += change.blank * change.tab.columns
        elif isinstance(change, GridRows):
            total += _grid_growth(change)
    return total


def _grid_growth(change: GridRows) -> int:
    """How many cells the grid of Rejected, or of another tab that is no table, gains."""
    tab, width = change.tab, max(map(len, change.append), default=0)
    rows = max(tab.rows, change.start + len(change.append)) if change.append else tab.rows
    rows = max(rows - len(change.delete), tab.frozen_rows + 1) if change.delete else rows
    return rows * max(tab.columns, width) - tab.cells
