"""The rows of the list of tabs on Control: they are inserted and deleted where they belong, and folded by group.

All other rows keep their cells, formats and rules, and so do rows of the owner's own below Control's. When rows of the
list are not where they belong, because somebody moved them, all of Control is laid out anew instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from sheets_crm.workbook import control, panel, requests, tab_list
from sheets_crm.workbook.cells import Cell, grid_range
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import control_looks, control_tab, earlier_control
from sheets_crm.workbook.setup.control_order import Order, order
from sheets_crm.workbook.setup.layout import Layout, Room
from sheets_crm.workbook.tabs import CONTROL

Rows = Sequence[Sequence[Cell]]
LATER: Final = frozenset({"import_kind", "enters"})
"""Ids of settings that workbooks of earlier versions lack: their rows are inserted like those of the list."""


def with_room(layout: Layout) -> Layout:
    """The layout with the rows that Control gets and loses, and with Control's cells as they stand after that."""
    existing, tab = layout.existing, layout.tabs[CONTROL]
    if tab is None or not existing.control:
        return layout
    ids = [_id(row) for row in existing.control]
    foldable = {row.id for row in control_tab.rows(layout) if row.id and (row.under or _is_of_list(row.id))}
    groups = tuple(_groups(tab, [n for n, name in enumerate(ids) if name in foldable or _is_of_list(name)]))
    if existing.control_was:
        return replace(layout, room=Room(groups=groups))
    wanted = [row.id for row in control_tab.rows(layout)]
    if control.STATE_LINE not in ids:
        found = order(existing.control, wanted, earlier_control.examples(layout.schema))
        return _ordered(layout, tab, found, groups)
    deleted = tuple(n for n, name in enumerate(ids) if _is_of_list(name) and name not in wanted)
    kept = [name for n, name in enumerate(ids) if n not in deleted]
    inserted = tuple(_insertions(kept, wanted))
    places = [n for place, count in inserted for n in range(place, place + count)]
    room = Room(deleted, inserted, frozenset(places), groups)
    cells, formulas = (_after(rows, room) for rows in (existing.control, existing.control_formulas))
    return replace(
        layout,
        room=room,
        tabs={**layout.tabs, CONTROL: replace(tab, rows=tab.rows + len(places) - len(deleted))},
        existing=replace(existing, control=cells, control_formulas=formulas),
    )


def _ordered(layout: Layout, tab: TabInfo, found: Order, groups: tuple[tuple[int, int], ...]) -> Layout:
    """The layout of a workbook that an earlier version has laid out, with the rows where this one wants them."""
    existing = layout.existing
    rules = tuple(control_looks.own_rules(tab, existing.control))
    height = tab.rows + len(found.new) - len(found.deleted)
    cells, formulas = (
        found.apply(rows) if rows else rows for rows in (existing.control, existing.control_formulas)
    )
    return replace(
        layout,
        room=Room(found.deleted, (), found.new, groups, found, rules),
        tabs={**layout.tabs, CONTROL: replace(tab, rows=height)},
        existing=replace(existing, control=cells, control_formulas=formulas),
    )


def _id(row: Sequence[Cell]) -> str:
    return str(row[panel.ID]) if len(row) > panel.ID else ""


def _is_of_list(name: str) -> bool:
    return name == tab_list.HEADING or name.startswith((tab_list.ROW, tab_list.GROUP))


def _groups(tab: TabInfo, listed: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the groups of rows [start, end) inside the list and the sections below, which stand in some rows."""
    for group in tab.row_groups:
        if listed and group.depth == 1 and min(listed) <= group.start and group.end <= max(listed) + 1:
            yield group.start, group.end


def _insertions(present: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield place and number of the rows to insert: each lacking row of the list below the row that it follows.

    Places go downwards, for the list is read from its first row on; each counts the insertions above it.
    """
    standing = list(present)
    inserted = (n for n, name in enumerate(wanted) if _is_of_list(name) or name in LATER)
    lacking = [n for n in inserted if wanted[n] not in present]
    lowest = 0
    for start, end in _runs(lacking):
        before = wanted[start - 1]
        place = standing.index(before) + 1 if before in standing else 0
        if place <= lowest:
            return  # rows were moved or deleted: Control is laid out anew
        standing[place:place] = wanted[start:end]
        lowest = place
        yield place, end - start


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Group sorted integers into runs [start, end) of consecutive ones."""
    grouped = groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
    return [(run[0], run[-1] + 1) for run in ([place for _, place in pairs] for _, pairs in grouped)]


def _after(rows: Rows, room: Room) -> Rows:
    """Rows of Control after the deletions and insertions."""
    standing = [row for n, row in enumerate(rows) if n not in room.deleted]
    for place, count in room.inserted if rows else ():
        standing[place:place] = [[]] * count
    return standing


def requests_before(layout: Layout) -> list[Request]:
    """The requests that dissolve the list's groups and make room, before Control is written."""
    if not _changes(layout):
        return []
    number, room = layout.ids[CONTROL], layout.room
    dissolved = requests.ungroup_rows(number, room.groups)
    if room.order is not None:
        rules = [requests.remove_highlight(number, place) for place in reversed(room.rules)]
        dissolved += [*rules, *room.order.requests(number)]
    deleted = room.deleted if room.order is None else ()
    shorter = [requests.delete_rows(number, start, end) for start, end in reversed(_runs(deleted))]
    longer = [requests.make_room(number, place, count) for place, count in room.inserted]
    blocks = [grid_range(number, start, 0, end - start, panel.WIDTH) for start, end in _runs(sorted(room.new))]
    return [*dissolved, *shorter, *longer, *map(requests.plain, blocks)]


def _changes(layout: Layout) -> bool:
    """Whether rows of an existing Control come, go or move."""
    return layout.tabs[CONTROL] is not None and control_tab.unmoved_rows(layout) != control_tab.ids(layout)


def folded(layout: Layout) -> list[Request]:
    """The requests that group the rows of each group of the list, when Control is made or its rows change.

    Groups that operators had opened are not folded again.
    """
    tab, number = layout.tabs[CONTROL], layout.ids[CONTROL]
    if tab is not None and not _changes(layout):
        return []
    if tab is not None and set(layout.room.groups) != {(group.start, group.end) for group in tab.row_groups}:
        return []  # the owner's own groups may enclose the list, and a group inside another has another depth
    headings = [row.under for row in control_tab.rows(layout)]
    blocks = ((under, list(block)) for under, block in groupby(range(len(headings)), key=headings.__getitem__))
    spans = {under: (block[0], block[-1] + 1) for under, block in blocks if under}
    opened = _opened(layout)
    grouped = [requests.group_rows(number, *span) for span in spans.values()]
    grouped += [requests.fold(number, *span, folded=True) for under, span in spans.items() if under not in opened]
    # The + stands beside the group's heading, above its rows.
    return [*grouped, requests.tab_properties(number, gridProperties={"rowGroupControlAfter": False})]


def _opened(layout: Layout) -> set[str]:
    """Ids of the groups that are recorded as open."""
    existing = layout.existing.control_was or layout.existing.control
    return {_id(row) for row in existing if _id(row) and row[tab_list.STATE] == tab_list.OPEN}
