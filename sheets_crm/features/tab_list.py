"""Tabs on Control: hide and show them as ticked, and let the list follow what was done by hand."""

from __future__ import annotations

from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.plan.changes import FoldRows, ShowTab
from sheets_crm.workbook import tab_list
from sheets_crm.workbook.cells import CellIn
from sheets_crm.workbook.tabs import CONTROL, step_of


def answer_ticks(working: WorkingState) -> None:
    """Hide and show tabs as ticked on Control, and bring the cells of its list up to date."""
    snapshot = working.snapshot
    rows = tab_list.rows_read(snapshot.panel.cells, snapshot.panel.rows)
    opened = frozenset(key for key in rows if key in working.opened or _is_opened_batch(key, working))
    given = tab_list.answers(
        snapshot.tabs, rows, working.settings.language, opened, frozenset(working.closed_tabs)
    )
    for answer in given:
        row_id = f"{tab_list.ROW}{answer.tab.mark}"
        working.panel |= {(row_id, column): value for column, value in answer.cells.items()}
        if answer.changes_tab:
            working.extra.append(ShowTab(answer.tab, answer.shown))
            working.log("log_tab_shown" if answer.shown else "log_tab_hidden", tab=answer.tab.title)
    _fold(working)
    if tab_list.leave_none_visible(snapshot.info.tabs, given):
        # Somebody has hidden Control by hand, and now the last other tab goes: the ticks to undo it are on Control.
        working.extra.append(ShowTab(snapshot.tabs[CONTROL], shown=True))


def _is_opened_batch(key: str, working: WorkingState) -> bool:
    return key.startswith("batch.") and step_of(key) in working.opened


def _fold(working: WorkingState) -> None:
    """Open and fold the groups of the list as ticked."""
    panel, tab = working.snapshot.panel, working.snapshot.tabs[CONTROL]
    for answer in tab_list.group_answers(panel.cells, panel.rows, tab.row_groups):
        working.panel |= {(answer.row_id, column): value for column, value in answer.cells.items()}
        if answer.span:
            working.extra.append(FoldRows(tab, *answer.span, folded=not answer.opened))


def panel_rows(working: WorkingState) -> dict[str, dict[int, CellIn]]:
    """The links of the list, by id of the row and column: a cell that is overwritten gets its link back."""
    tabs = working.snapshot.tabs
    return {
        f"{tab_list.ROW}{key}": {tab_list.LINK: tab_list.link(tab.sheet_id, tab.title)}
        for key, tab in tabs.items()
    }


FEATURE: Final = Feature("tab list", conclude=answer_ticks, panel_rows=panel_rows)
"""The list of tabs; its ticks are answered when all other features are done."""
