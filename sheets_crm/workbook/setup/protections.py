"""The protections: only the worker edits its cells; operators' cells stay open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from sheets_crm.pipeline.columns import SEND
from sheets_crm.workbook import lead_profile, requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import control_tab
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import CONTROL, LEAD_PROFILE


def is_unprotected(layout: Layout, spec: TabSpec) -> bool:
    """Whether a tab lacks the worker's protection that it should have."""
    tab = layout.tabs[spec.key]
    is_protected = tab is not None and any(item.description == requests.OWNED for item in tab.protected)
    return not spec.free and not spec.by_key and not is_protected


def protected(layout: Layout, spec: TabSpec) -> list[Request]:
    """The requests that protect a tab without protection, or one whose operators' cells have moved."""
    stale = _stale(layout, spec)
    if not stale and not is_unprotected(layout, spec):
        return []
    number = layout.ids[spec.key]
    renewed = requests.protect(number, layout.setup.account, _open_cells(layout, spec, number))
    gone = [requests.unprotect(protection) for protection in stale]
    return [*gone, *_own_column(layout, spec), renewed]


def _own_column(layout: Layout, spec: TabSpec) -> list[Request]:
    """A column for operators right of an input tab's declared ones, if it has none.

    What is right of them stays open, and Google refuses a range that begins at the grid's end.
    """
    tab = layout.tabs[spec.key]
    if tab is None or spec.headers[:1] != (SEND,):
        return []
    new = layout.new_headers.get(spec.key, ())
    declared = 1 + max(layout.where.column_index(spec.key, header) for header in spec.headers)
    columns = max(tab.columns, len(spec.headers) - len(new)) + len(new)
    return [requests.append_columns(tab.sheet_id, 1)] if declared >= columns else []


def _stale(layout: Layout, spec: TabSpec) -> list[int]:
    """Ids of the protections whose open cells are not the operators' cells.

    Rows of Control may have moved, and a table may get new columns among the operators' own.
    """
    tab = layout.tabs[spec.key]
    moved = spec.key in layout.new_headers or (spec.key == CONTROL and bool(layout.existing.control))
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
        return [grid_range(number, n, column, 1, 1) for n, row in rows for column in row.operator]
    if spec.key == LEAD_PROFILE:
        return [grid_range(number, lead_profile.ASK_ROW, 1, 1, 1)]
    columns = [layout.where.column_index(spec.key, column.header) for column in spec.columns if column.operator]
    blocks = [grid_range(number, 1, column, None, 1) for column in columns]
    if spec.headers[:1] == (SEND,):
        blocks += _undeclared(number, {layout.where.column_index(spec.key, header) for header in spec.headers})
    return blocks


def _undeclared(number: int, declared: Iterable[int]) -> list[dict[str, int]]:
    """Operators' own columns of an input tab: all between and right of the declared ones."""
    # A gap lies between neighbours that are more than 1 apart; -1 makes one of the columns left of the first.
    ends = [-1, *sorted(declared)]
    gaps = [(left + 1, right - left - 1) for left, right in pairwise(ends) if right - left > 1]
    between = [grid_range(number, 0, column, None, width) for column, width in gaps]
    return [*between, grid_range(number, 0, ends[-1] + 1, None, None)]
