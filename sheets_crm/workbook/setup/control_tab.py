"""Control: its rows with what operators and the worker had put into them, its looks, and what its cells accept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from sheets_crm.messages import localize
from sheets_crm.workbook import breakdown, control, requests
from sheets_crm.workbook.cells import Cell, CellIn, grid_range
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import CONTROL

CARRIED = frozenset({"status", "last_run_at", "heartbeat"})
"""Ids of rows whose value the worker wrote and still holds."""


def rows(layout: Layout) -> tuple[control.Row, ...]:
    """Return every row of Control as ``init`` lays it out."""
    return control.rows(layout.schema, layout.language, layout.where, layout.setup.parts)


def places(layout: Layout) -> dict[str, int]:
    """Return the 0-based grid row of each id of Control."""
    return {row.id: n for n, row in enumerate(rows(layout)) if row.id}


def standing(layout: Layout) -> dict[int, str]:
    """Return the ids of the rows of Control that stay where they are, by 0-based grid row.

    Their ids are not written, so that they tell when the owner moved rows between the read and the write. Then all of
    Control is written from what was read before, and no row counts as standing.
    """
    if layout.existing.control_was:
        return {}
    now = {n: str(row[control.ID]) for n, row in enumerate(layout.existing.control) if len(row) > control.ID}
    return {n: row.id for n, row in enumerate(rows(layout)) if now.get(n, "") == row.id}


def ids(layout: Layout) -> dict[int, str]:
    """Return the id of every row of Control as it is going to be, by 0-based grid row."""
    return {n: row.id for n, row in enumerate(rows(layout))}


def written(layout: Layout) -> tuple[tuple[str, int, Cell], ...]:
    """Return the cells that are written, operators' own left out: id of the row, 0-based column, value."""
    return tuple(
        (row.id, column, value)
        for row, cells, theirs in _laid_out(layout)
        for column, value in enumerate(cells)
        if column not in (*theirs, *row.operator) and isinstance(value, str | bool | int | float)
    )


def content(layout: Layout) -> list[Request]:
    """Write Control, carrying over what operators and the worker had put into rows that are already there.

    Operators' cells of a row that stays where it is are not written at all: somebody may be typing there.
    """
    number, laid_out = layout.ids[CONTROL], _laid_out(layout)
    wanted = [row for row, _, _ in laid_out]
    cells, theirs = [cells for _, cells, _ in laid_out], [theirs for _, _, theirs in laid_out]
    return [
        *_made_room(layout, wanted),
        *(requests.write(number, *block) for block in _blocks_around(cells, theirs)),
        *(look for n, row in enumerate(wanted) for look in _looks(number, n, row)),
        *_choices(layout, wanted, number),
        requests.faint(grid_range(number, 0, control.ID, len(wanted), 1)),
    ]


def _laid_out(layout: Layout) -> list[tuple[control.Row, list[CellIn], tuple[int, ...]]]:
    """Return each row of Control, its cells, and the columns that are not written."""
    stand = standing(layout)
    known = layout.existing.control_was or layout.existing.control
    before = {str(row[control.ID]): row for row in known if len(row) > control.ID}
    return [
        (row, _carried_over(layout, row, before), (*row.operator, control.ID) if n in stand else ())
        for n, row in enumerate(rows(layout))
    ]


def _made_room(layout: Layout, wanted: Sequence[control.Row]) -> list[Request]:
    """Return what makes the grid long enough, and where rows have moved takes off what belongs to others by now."""
    tab, number, there = layout.tabs[CONTROL], layout.ids[CONTROL], layout.existing.control
    if tab is None or not there:
        return []
    short = len(wanted) + 2 - tab.rows
    found = [requests.append_rows(number, short)] if short > 0 else []
    if not any(len(row) > control.ID and row[control.ID] for row in there[len(wanted) :]) and all(
        not row.id or (n < len(there) and len(there[n]) > control.ID and there[n][control.ID] == row.id)
        for n, row in enumerate(wanted)
    ):
        return found
    height = max(len(wanted), len(there))
    found.append(requests.plain(grid_range(number, 0, 0, height, control.WIDTH)))
    below = len(there) - len(wanted)
    return found + ([requests.clear(number, len(wanted), 0, below, control.WIDTH)] if below > 0 else [])


def _carried_over(layout: Layout, row: control.Row, before: Mapping[str, Sequence[Cell]]) -> list[CellIn]:
    """Return a row's cells: those laid out, but for what the row with the same id held already."""
    values = list(row.cells)
    old = before.get(row.id) if row.id else None
    if old is not None:
        kept = list(row.operator)
        if row.id in CARRIED or row.id.startswith("problem."):
            kept.append(control.VALUE)
        if row.id.startswith("step."):
            kept.append(control.SAID)
        for place in kept:
            values[place] = old[place]
    if row.id == "next_run":
        values[control.VALUE] = localize(
            "control.next_run.value", layout.language, seconds=int(layout.setup.interval)
        )
    return values


def _blocks_around(
    cells: Sequence[Sequence[CellIn]], left_out: Sequence[Sequence[int]]
) -> Iterator[tuple[int, int, list[Sequence[CellIn]]]]:
    """Part rows into blocks (first row, first column, cells) that leave out some columns of each row."""
    for out, group in groupby(range(len(cells)), key=lambda n: tuple(left_out[n])):
        block = list(group)
        ends = [-1, *sorted(out), max(len(cells[n]) for n in block)]
        for before, after in pairwise(ends):
            if after - before > 1:
                yield block[0], before + 1, [cells[n][before + 1 : after] for n in block]


def _looks(number: int, n: int, row: control.Row) -> Iterator[Request]:
    """Yield how a row looks: checkboxes, heading, the operators' cells in yellow, times and texts as such."""
    value = grid_range(number, n, control.VALUE, 1, 1)
    for place in row.checkboxes:
        yield requests.checkboxes(grid_range(number, n, place, 1, 1))
    if row.heading:
        yield _heading(number, n, row.heading)
    yellow = {"backgroundColorStyle": {"rgbColor": requests.colour(0xFFF8E1)}}
    for place in row.operator:
        yield requests.style(grid_range(number, n, place, 1, 1), yellow, "backgroundColorStyle")
    if row.id in {"last_run_at", "heartbeat"}:
        yield requests.number_format(value, requests.DATE_TIME)
    if row.id in {"box1_version", "target_id"}:
        yield requests.number_format(value, requests.TEXT)


def _heading(number: int, n: int, level: int) -> Request:
    look: dict[str, Any] = {"textFormat": {"bold": True, "fontSize": 16 if level == 1 else 11}}
    if level > 1:
        look["backgroundColorStyle"] = {"rgbColor": requests.colour(0xE8EAED)}
    paths = "textFormat.bold,textFormat.fontSize,backgroundColorStyle"
    return requests.style(grid_range(number, n, 0, 1, control.ID), look, paths)


def _choices(layout: Layout, wanted: Sequence[control.Row], number: int) -> Iterator[Request]:
    """Yield what the settings' cells accept: numbers, K from a list, versions and TargetIDs known so far."""
    listed = {
        "box1_version": breakdown.versions_listed(layout.where),
        "target_id": breakdown.targets_listed(layout.where),
    }
    for n, row in enumerate(wanted):
        value = grid_range(number, n, control.VALUE, 1, 1)
        if row.id.startswith("schedule."):
            yield requests.at_least(value, 0, localize("control.schedule.hint", layout.language))
        elif row.id.startswith("step."):
            yield from _step_choices(number, n, layout.language)
        elif row.id in listed:
            yield requests.choices_of(value, listed[row.id])


def _step_choices(number: int, n: int, language: str) -> Iterator[Request]:
    take, parts = (grid_range(number, n, place, 1, 1) for place in (control.TAKE, control.PARTS))
    yield requests.at_least(take, 1, localize("control.take.hint", language))
    yield requests.choices(parts, [str(k) for k in range(1, control.MOST_PARTS + 1)])
    # The drop-down's arrow stands at the right, where numbers do.
    yield requests.style(parts, {"horizontalAlignment": "LEFT"}, "horizontalAlignment")
