"""Control: its rows with the cells that operators and the worker had filled, formats and data validation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from sheets_crm.messages import localize
from sheets_crm.pipeline.imports.entry import entry_names
from sheets_crm.pipeline.imports.formats import kind_names
from sheets_crm.pipeline.selection import ALL_WORDS
from sheets_crm.workbook import breakdown, control, panel, requests, tab_list
from sheets_crm.workbook.cells import Cell, CellIn, Formula, column_letters, grid_range, same_formula
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.control_looks import looks as looks_of
from sheets_crm.workbook.setup.control_looks import looks_anew
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.state_line import silent_minutes
from sheets_crm.workbook.tabs import CONTROL

GROUP_HEADING = 3
CARRIED = frozenset({"status", "last_run_at", "heartbeat"})
"""Ids of rows whose value the worker wrote and ``init`` keeps."""


def rows(layout: Layout) -> tuple[control.Row, ...]:
    """Every row of Control as ``init`` lays it out."""
    cells = layout.existing.control_was or layout.existing.control
    present = panel.rows_of_ids(cells)
    setup, silent = layout.setup, silent_minutes(layout.setup.heartbeat, layout.setup.interval)
    return control.rows(layout.schema, layout.language, layout.where, setup.parts, layout.listed, present, silent)


def places(layout: Layout) -> dict[str, int]:
    """The 0-based grid row of each id of Control."""
    return {row.id: n for n, row in enumerate(rows(layout)) if row.id}


def unmoved_rows(layout: Layout) -> dict[int, str]:
    """Ids of the rows of Control that stay where they are, by 0-based grid row.

    Their ids are not written, so that ids read back after the write show whether somebody moved rows in between. If so,
    all of Control is written anew from the cells read before, and no row counts as unmoved.
    """
    if layout.existing.control_was:
        return {}
    present = {n: str(row[panel.ID]) for n, row in enumerate(layout.existing.control) if len(row) > panel.ID}
    return {
        n: row.id
        for n, row in enumerate(rows(layout))
        if present.get(n, "") == row.id and n not in layout.room.new
    }


def ids(layout: Layout) -> dict[int, str]:
    """Id of every row of Control after the set-up, by 0-based grid row."""
    return {n: row.id for n, row in enumerate(rows(layout))}


def written(layout: Layout) -> tuple[tuple[str, int, Cell], ...]:
    """The cells that are written, without the operators': id of the row, 0-based column, value."""
    return tuple(
        (row.id, column, value)
        for row, cells, theirs in _laid_out(layout)
        for column, value in enumerate(cells)
        if column not in (*theirs, *row.operator) and isinstance(value, str | bool | int | float)
    )


def content(layout: Layout) -> list[Request]:
    """The requests that write Control and keep the values of existing rows.

    Of an unmoved row neither operators' cells are written, for somebody may be typing there, nor cells that hold
    already what they are to hold: if the row is moved just before the write, nothing falls into another row's cells.
    """
    number, laid_out = layout.ids[CONTROL], _laid_out(layout)
    wanted = [row for row, _, _ in laid_out]
    cells, theirs = [cells for _, cells, _ in laid_out], [theirs for _, _, theirs in laid_out]
    looks = looks_anew(layout, wanted) if _is_moved(layout, wanted) else []
    if layout.room.order is not None:
        looks = looks_of(layout, wanted)
    return [
        *_fit_grid(layout, wanted),
        *looks,
        *(requests.write(number, *block) for block in _blocks_around(cells, theirs)),
        *(request for n, row in enumerate(wanted) for request in _formatting(number, n, row)),
        *_choices(layout, wanted, number),
        requests.faint(grid_range(number, 0, panel.ID, len(wanted), 1)),
    ]


def _laid_out(layout: Layout) -> list[tuple[control.Row, list[CellIn], tuple[int, ...]]]:
    """Each row of Control with its cells and the columns that are not written."""
    unmoved = unmoved_rows(layout)
    cells = layout.existing.control_was or layout.existing.control
    old = {str(row[panel.ID]): row for row in cells if len(row) > panel.ID}
    laid_out = []
    for n, row in enumerate(rows(layout)):
        wanted = _carried_over(layout, row, old)
        left_out = {*row.operator, panel.ID, *_in_place(layout, n, wanted)} if n in unmoved else set()
        laid_out.append((row, wanted, tuple(sorted(left_out))))
    return laid_out


def _in_place(layout: Layout, n: int, wanted: Sequence[CellIn]) -> Iterator[int]:
    """The columns of a row whose cells hold what is wanted; none when the formulas were not read."""
    values, formulas = (
        rows[n] if n < len(rows) else () for rows in (layout.existing.control, layout.existing.control_formulas)
    )
    if not layout.existing.control_formulas:
        return
    for column, cell in enumerate(wanted):
        formula = formulas[column] if column < len(formulas) else ""
        if isinstance(cell, Formula):
            same = same_formula(formula, cell.text)
        else:
            value = values[column] if column < len(values) else ""
            same = value == cell and not _is_formula(formula)  # a formula with the wanted result is no constant
        if same:
            yield column


def _is_formula(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.startswith("=")


def _fit_grid(layout: Layout, wanted: Sequence[control.Row]) -> list[Request]:
    """The requests that lengthen the grid and, when rows have moved, remove formats and cells of the old rows."""
    tab, number, existing = layout.tabs[CONTROL], layout.ids[CONTROL], layout.existing.control
    if tab is None or not existing:
        return []
    short = len(wanted) + 2 - tab.rows
    fitting = [requests.append_rows(number, short)] if short > 0 else []
    if not _is_moved(layout, wanted):
        return fitting
    height = max(len(wanted), len(existing))
    fitting.append(requests.plain(grid_range(number, 0, 0, height, panel.WIDTH)))
    below = len(existing) - len(wanted)
    return fitting + ([requests.clear(number, len(wanted), 0, below, panel.WIDTH)] if below > 0 else [])


def _is_moved(layout: Layout, wanted: Sequence[control.Row]) -> bool:
    """Whether rows of an existing Control do not stand where they are wanted, the inserted ones apart."""
    existing = layout.existing.control
    if layout.tabs[CONTROL] is None or not existing:
        return False
    if any(len(row) > panel.ID and row[panel.ID] for row in existing[len(wanted) :]):
        return True
    ids = [row[panel.ID] if len(row) > panel.ID else "" for row in existing]
    places = ((n, row.id) for n, row in enumerate(wanted) if row.id and n not in layout.room.new)
    return any(n >= len(ids) or ids[n] != row_id for n, row_id in places)


def _carried_over(layout: Layout, row: control.Row, existing: Mapping[str, Sequence[Cell]]) -> list[CellIn]:
    """A row's cells: those laid out, except for the kept values of the existing row with the same id."""
    values = list(row.cells)
    old = existing.get(row.id) if row.id else None
    if old is not None:
        kept = list(row.operator)
        if row.id in CARRIED or row.id.startswith("problem."):
            kept.append(panel.VALUE)
        if row.id.startswith("step."):
            kept.append(panel.SAID)
        if row.id.startswith(tab_list.GROUP) and old[tab_list.STATE] == tab_list.OPEN:
            values[tab_list.STATE] = tab_list.OPEN
        if row.id.startswith(tab_list.ROW) and old[tab_list.STATE] in tab_list.STATES:
            # The record of what the worker last saw, in the workbook's language of today.
            seen = tab_list.state(layout.language, shown=old[tab_list.STATE] == tab_list.VISIBLE)
            values[tab_list.STATE] = seen
        for column in kept:
            values[column] = old[column]
    if row.id == "next_run":
        values[panel.VALUE] = localize(
            "control.next_run.value", layout.language, seconds=int(layout.setup.interval)
        )
    return values


def _blocks_around(
    cells: Sequence[Sequence[CellIn]], left_out: Sequence[Sequence[int]]
) -> Iterator[tuple[int, int, list[Sequence[CellIn]]]]:
    """Split rows into blocks (first row, first column, cells) that skip some columns of each row.

    Consecutive rows that skip the same columns share blocks, so that a write of Control stays a few requests.
    """
    for out, group in groupby(range(len(cells)), key=lambda n: tuple(left_out[n])):
        block = list(group)
        # Between two neighbours of this list lies a gap of columns to write; -1 and the width close the first and last.
        ends = [-1, *sorted(out), max(len(cells[n]) for n in block)]
        for left, right in pairwise(ends):
            if right - left > 1:
                yield block[0], left + 1, [cells[n][left + 1 : right] for n in block]


def _formatting(number: int, n: int, row: control.Row) -> Iterator[Request]:
    """The formats of a row: checkboxes, heading, the operators' cells in yellow, times, texts."""
    value = grid_range(number, n, panel.VALUE, 1, 1)
    for column in row.checkboxes:
        yield requests.checkboxes(grid_range(number, n, column, 1, 1))
    if row.heading:
        yield _heading(number, n, row.heading)
    yellow = {"backgroundColorStyle": {"rgbColor": requests.colour(0xFFF8E1)}}
    for column in row.operator:
        yield requests.style(grid_range(number, n, column, 1, 1), yellow, "backgroundColorStyle")
    if row.id in {"last_run_at", "heartbeat"}:
        yield requests.number_format(value, requests.DATE_TIME)
    if row.id in {"box1_version", control.CAMPAIGN, "target_id"}:
        yield requests.number_format(value, requests.TEXT)
    if row.id.startswith(control.ONLY):
        yield requests.number_format(grid_range(number, n, panel.VALUE, 1, len(control.CRITERIA)), requests.TEXT)
    if row.id.startswith(panel.STEP):
        looks = {"wrapStrategy": "WRAP", "verticalAlignment": "MIDDLE"}
        yield requests.style(grid_range(number, n, 0, 1, panel.ID), looks, "wrapStrategy,verticalAlignment")


def _heading(number: int, n: int, level: int) -> Request:
    style: dict[str, Any] = {"textFormat": {"bold": True, "fontSize": 16 if level == 1 else 11}}
    if level == GROUP_HEADING:
        style["textFormat"]["fontSize"] = 10
    elif level > 1:
        style["backgroundColorStyle"] = {"rgbColor": requests.colour(0xE8EAED)}
    paths = "textFormat.bold,textFormat.fontSize,backgroundColorStyle"
    return requests.style(grid_range(number, n, 0, 1, panel.ID), style, paths)


def _choices(layout: Layout, wanted: Sequence[control.Row], number: int) -> Iterator[Request]:
    """The data validation of the settings' cells: numbers, K from a list, the versions and TargetIDs in use."""
    listed = {"target_id": breakdown.targets_listed(layout.schema, layout.language, layout.where)}
    if layout.schema.has("box1_version"):
        listed["box1_version"] = breakdown.versions_listed(layout.where)
    words = {
        "import_kind": kind_names(layout.schema, layout.language),
        "enters": entry_names(layout.schema, layout.language),
    }
    for n, row in enumerate(wanted):
        value = grid_range(number, n, panel.VALUE, 1, 1)
        if words.get(row.id):
            yield requests.choices(value, words[row.id])
        elif row.id.startswith("schedule."):
            yield requests.at_least(value, 0, localize("control.schedule.hint", layout.language))
        elif row.id.startswith("step."):
            yield from _step_choices(number, n, layout.language)
        elif row.id in listed:
            yield requests.choices_of(value, listed[row.id])


def _whole_or_all(cell: str) -> str:
    """The formula of a cell that takes a whole number from 1 on, or a word for all; Sheets compares without case."""
    words = ";".join(f'TRIM({cell})="{word}"' for word in sorted(ALL_WORDS))
    # Comparing a text with a number is no error in Sheets, rounding it is: so texts never get there.
    return f"=IF(ISNUMBER({cell});AND({cell}>=1;INT({cell})={cell});OR({words}))"


def _step_choices(number: int, n: int, language: str) -> Iterator[Request]:
    take, parts = (grid_range(number, n, column, 1, 1) for column in (control.TAKE, control.PARTS))
    taken = _whole_or_all(f"{column_letters(control.TAKE)}{n + 1}")
    yield requests.expect(take, taken, localize("control.take.hint", language))
    yield requests.choices(parts, [str(k) for k in range(1, control.MOST_PARTS + 1)])
    # The drop-down's arrow stands at the right and would cover a right-aligned number.
    yield requests.style(parts, {"horizontalAlignment": "LEFT"}, "horizontalAlignment")
