"""Tabs on Control: hide and show them as ticked, and let the list follow what was done by hand."""

from __future__ import annotations

from sheets_crm.engine.control_rows import PutBack
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.plan.changes import FoldRows, ShowTab
from sheets_crm.workbook import tab_list
from sheets_crm.workbook.cells import Cell, CellIn
from sheets_crm.workbook.tabs import CONTROL, step_of


def answer_ticks(working: WorkingState) -> None:
    """Hide and show tabs as ticked on Control, and bring the cells of its list up to date."""
    snapshot = working.snapshot
    rows = tab_list.rows_read(snapshot.control.cells, snapshot.control.rows)
    opened = frozenset(key for key in rows if key.startswith("batch.") and step_of(key) in working.opened)
    given = tab_list.answers(snapshot.tabs, rows, working.settings.language, opened)
    for answer in given:
        row_id = f"{tab_list.ROW}{answer.tab.mark}"
        working.control |= {(row_id, column): value for column, value in answer.cells.items()}
        if answer.changes_tab:
            working.extra.append(ShowTab(answer.tab, answer.shown))
            working.log("log_tab_shown" if answer.shown else "log_tab_hidden", tab=answer.tab.title)
    _fold(working)
    if tab_list.leave_none_visible(snapshot.info.tabs, given):
        # Somebody has hidden Control by hand, and now the last other tab goes: the ticks to undo it are on Control.
        working.extra.append(ShowTab(snapshot.tabs[CONTROL], shown=True))


def _fold(working: WorkingState) -> None:
    """Open and fold the groups of the list as ticked."""
    control, tab = working.snapshot.control, working.snapshot.tabs[CONTROL]
    for answer in tab_list.group_answers(control.cells, control.rows, tab.row_groups):
        working.control |= {(answer.row_id, column): value for column, value in answer.cells.items()}
        if answer.span:
            working.extra.append(FoldRows(tab, *answer.span, folded=not answer.opened))


def is_link(cell: PutBack) -> bool:
    """Whether a cell of Control that is put back is a link to a tab."""
    return cell.id.startswith(tab_list.ROW) and cell.column == tab_list.LINK


def link_of(snapshot: Snapshot, row_id: str) -> CellIn:
    """The link of a row of the list; blank when its tab is gone, of which only the title is known."""
    tab = snapshot.tabs.get(row_id.removeprefix(tab_list.ROW))
    return tab_list.link(tab.sheet_id, tab.title) if tab is not None else ""


def shown_text(snapshot: Snapshot, row_id: str, column: int) -> Cell | None:
    """The text that a written link shows; None for every other cell."""
    tab = snapshot.tabs.get(row_id.removeprefix(tab_list.ROW)) if row_id.startswith(tab_list.ROW) else None
    return tab.title if tab is not None and column == tab_list.LINK else None
