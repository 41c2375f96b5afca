"""The protections: the worker's cells are closed to everybody else, the operators' cells stay open."""

from __future__ import annotations

from sheets_crm.pipeline.columns import SEND
from sheets_crm.workbook import lead_profile, requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import control_tab
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import CONTROL, LEAD_PROFILE, TabSpec


def lacking(layout: Layout, spec: TabSpec) -> bool:
    """Return whether a tab should be protected by the worker and is not."""
    tab = layout.tabs[spec.key]
    there = tab is not None and any(item.description == requests.OWNED for item in tab.protected)
    return not spec.free and not there


def protected(layout: Layout, spec: TabSpec) -> list[Request]:
    """Return the protection of a tab that lacks it."""
    if not lacking(layout, spec):
        return []
    number = layout.ids[spec.key]
    return [requests.protect(number, layout.setup.account, _open_cells(layout, spec, number))]


def _open_cells(layout: Layout, spec: TabSpec, number: int) -> list[dict[str, int]]:
    if spec.key == CONTROL:
        rows = enumerate(control_tab.rows(layout))
        return [grid_range(number, n, place, 1, 1) for n, row in rows for place in row.operator]
    if spec.key == LEAD_PROFILE:
        return [grid_range(number, lead_profile.ASK_ROW, 1, 1, 1)]
    places = [layout.where.place(spec.key, column.header) for column in spec.columns if column.operator]
    found = [grid_range(number, 1, place, None, 1) for place in places]
    if spec.headers[:1] == (SEND,):
        found.append(grid_range(number, 0, len(spec.columns), None, None))
    return found


__all__ = ["lacking", "protected"]
