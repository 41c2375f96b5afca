"""The protections: the worker's cells are closed to everybody else, the operators' cells stay open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

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
    """Return the protection of a tab that lacks it, or whose operators' cells stand elsewhere by now."""
    stale = _stale(layout, spec)
    if not stale and not lacking(layout, spec):
        return []
    number = layout.ids[spec.key]
    fresh = requests.protect(number, layout.setup.account, _open_cells(layout, spec, number))
    return [*(requests.unprotect(one) for one in stale), fresh]


def _stale(layout: Layout, spec: TabSpec) -> list[int]:
    """Return the ids of the protections that leave other cells open than they should.

    Rows of Control may have moved, and a table may get columns where operators had theirs to themselves.
    """
    tab = layout.tabs[spec.key]
    moved = spec.key in layout.fresh or (spec.key == CONTROL and bool(layout.existing.control))
    if tab is None or not moved:
        return []
    wanted = set(map(_corners, _open_cells(layout, spec, tab.sheet_id)))
    owned = [item for item in tab.protected if item.description == requests.OWNED]
    return [item.protection_id for item in owned if set(map(_corners, item.unprotected)) != wanted]


def _corners(block: Mapping[str, int]) -> tuple[int | None, ...]:
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    return tuple(block.get(name, 0 if name.startswith("start") else None) for name in names)


def _open_cells(layout: Layout, spec: TabSpec, number: int) -> list[dict[str, int]]:
    if spec.key == CONTROL:
        rows = enumerate(control_tab.rows(layout))
        return [grid_range(number, n, place, 1, 1) for n, row in rows for place in row.operator]
    if spec.key == LEAD_PROFILE:
        return [grid_range(number, lead_profile.ASK_ROW, 1, 1, 1)]
    places = [layout.where.column_index(spec.key, column.header) for column in spec.columns if column.operator]
    found = [grid_range(number, 1, place, None, 1) for place in places]
    if spec.headers[:1] == (SEND,):
        found += _beside(number, {layout.where.column_index(spec.key, header) for header in spec.headers})
    return found


def _beside(number: int, declared: Iterable[int]) -> list[dict[str, int]]:
    """Return the columns of an input tab that are the operators' own: all between and right of the declared ones."""
    ends = [-1, *sorted(declared)]
    gaps = [(before + 1, after - before - 1) for before, after in pairwise(ends) if after - before > 1]
    found = [grid_range(number, 0, column, None, width) for column, width in gaps]
    return [*found, grid_range(number, 0, ends[-1] + 1, None, None)]
