"""What a plan writes into System: stored values, hashes of erased people, and the signal over the drop tabs."""

from __future__ import annotations

from collections.abc import Sequence

from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, GridRows, PutCells, RemoveTab, UpdateCells
from sheets_crm.plan.diff import after
from sheets_crm.sync.decide import derive
from sheets_crm.sync.decide.draft import Draft
from sheets_crm.sync.reading import drop_tabs, is_claimed
from sheets_crm.workbook import system
from sheets_crm.workbook.tabs import INBOX, SYSTEM


def watched(draft: Draft) -> list[Change]:
    """Return the signal over the tabs that outputs are put in, when there are others than it counts.

    Tabs that were added or removed are noted too, or every look would ask for a run because of them.
    """
    snapshot, gone = draft.snapshot, _removed(draft)
    tabs = [tab for tab in drop_tabs(snapshot.info) if tab.sheet_id not in gone]
    drops = [tab for tab in tabs if tab.mark == INBOX or not is_claimed(tab)]
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


def stored_values(draft: Draft, changes: Sequence[Change]) -> PutCells:
    """Return the write of System's stored values; they go with every plan that changes something."""
    schema, known = draft.schema, draft.snapshot.system
    draft.stored["last_run_at"] = draft.stored["heartbeat"] = draft.moment.serial
    draft.stored["sequence"] = draft.snapshot.sequence + 1
    draft.stored["leads_known"] = len(draft.leads)
    draft.stored["lead_days"] = derive.known_lead_days(draft)
    draft.stored["refusal"] = ""
    draft.stored["cells_used"] = cells_after(draft, changes)
    draft.stored["tabs_known"] = len(draft.snapshot.info.tabs) - len(_removed(draft))
    stored = [key for key in system.keys(schema) if not key.startswith(("signal.", "feed."))]
    rows = tuple((draft.stored.get(key, known.cells.get(key, "")),) for key in stored)
    return PutCells(draft.snapshot.tabs[SYSTEM], 1, 1, rows, "System")


def cells_after(draft: Draft, changes: Sequence[Change]) -> int:
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
