"""How Control looks beyond its cells: which rows are hidden, merged and high, and what is coloured when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sheets_crm.workbook import control, panel, requests
from sheets_crm.workbook.cells import Cell, grid_range
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.state_line import FINE, STOPPED, WAITING
from sheets_crm.workbook.tabs import CONTROL

WIDTHS = (220, 150, 150, 110, 105, 85, 500, 60)
"""Column widths: all but the ids are in sight at 1440 pixels."""
PROBLEM_HEIGHT = 58
"""Pixels of a problem's row: three lines, for merged cells do not grow with their text."""
RED, AMBER, GREEN = 0xFCE8E6, 0xFEF7E0, 0xE6F4EA
FROZEN = 2
"""Rows kept in sight: the title and the state of the system."""


def looks(layout: Layout, wanted: Sequence[control.Row]) -> list[Request]:
    """The requests for a Control without any looks: widths, merged cells, heights, colours, hidden rows."""
    number = layout.ids[CONTROL]
    rows = {row.id: n for n, row in enumerate(wanted) if row.id}
    first = rows[f"{panel.PROBLEM}1"]
    texts = grid_range(number, first, panel.VALUE, panel.PROBLEMS, panel.SAID - panel.VALUE + 1)
    middle = {"verticalAlignment": "MIDDLE"}
    return [
        requests.recalculate_every_minute(),
        *requests.widths(number, WIDTHS),
        requests.tab_properties(number, gridProperties={"frozenRowCount": FROZEN}),
        requests.merge_rows(texts),
        requests.style(texts, {"wrapStrategy": "WRAP"}, "wrapStrategy"),
        requests.style(grid_range(number, first, 0, panel.PROBLEMS, panel.ID), middle, "verticalAlignment"),
        requests.row_heights(number, first, first + panel.PROBLEMS, PROBLEM_HEIGHT),
        *_alarms(number, rows),
        *_hidden(number, rows, _problems(layout)),
    ]


def looks_anew(layout: Layout, wanted: Sequence[control.Row]) -> list[Request]:
    """The requests for a Control whose rows stand elsewhere than before: what marked the old rows goes first."""
    number, tab = layout.ids[CONTROL], layout.tabs[CONTROL]
    height = max(len(wanted), len(layout.existing.control))
    stale = reversed(list(own_rules(tab, layout.existing.control))) if tab is not None else ()
    return [
        requests.unmerge(grid_range(number, 0, 0, height, panel.WIDTH)),
        requests.hide_rows(number, 0, height, hidden=False),
        requests.fitting_heights(number, 0, height),
        *(requests.remove_highlight(number, place) for place in stale),
        *looks(layout, wanted),
    ]


def _problems(layout: Layout) -> dict[str, Cell]:
    """The texts of the problems that stand on Control, by id."""
    state = panel.PanelState.of(layout.existing.control_was or layout.existing.control)
    return {name: state.value(name) for name in panel.own_ids() if name.startswith(panel.PROBLEM)}


def _hidden(number: int, rows: Mapping[str, int], texts: Mapping[str, Cell]) -> Iterator[Request]:
    for name, shown in panel.shown_for(texts).items():
        if not shown:
            yield requests.hide_rows(number, rows[name], rows[name] + 1)


def _alarms(number: int, rows: Mapping[str, int]) -> Iterator[Request]:
    """Yield the colours of the state, by the sign that it begins with, and of every problem."""
    line, first = rows[control.STATE_LINE], rows[f"{panel.PROBLEM}1"]
    state = grid_range(number, line, 0, 1, panel.ID)
    for sign, tint in ((FINE, GREEN), (WAITING, AMBER), (STOPPED, RED)):
        yield requests.highlight(state, f'=LEFT($A${line + 1};1)="{sign}"', tint)
    problems = grid_range(number, first, 0, panel.PROBLEMS, panel.ID)
    yield requests.highlight(problems, f'=$B{first + 1}<>""', RED)


def own_rules(tab: TabInfo, cells: Sequence[Sequence[Cell]]) -> Iterator[int]:
    """Yield the places of the rules that this program has made: those over the rows of its state and problems."""
    rows = panel.rows_of_ids(cells)
    heights = {"status": 1, control.STATE_LINE: 1, f"{panel.PROBLEM}1": panel.PROBLEMS}
    own = {(rows[name], rows[name] + height) for name, height in heights.items() if name in rows}
    for place, ranges in enumerate(tab.highlighted):
        spans = [(one.get("startRowIndex", 0), one.get("endRowIndex")) for one in ranges]
        if len(spans) == 1 and spans[0] in own and ranges[0].get("endColumnIndex") == panel.ID:
            yield place
