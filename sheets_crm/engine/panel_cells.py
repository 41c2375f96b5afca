"""Answers to operators: cells of the panel that change, and the ticks that are cleared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from sheets_crm.engine.working_state import WorkingState
from sheets_crm.plan.changes import Change, PutCells, ShowRow, UpdateCells
from sheets_crm.workbook.cells import Cell, CellIn, Formula
from sheets_crm.workbook.panel import PROBLEM, PROBLEMS, SAID, STEP, VALUE, shown_for
from sheets_crm.workbook.roles import PANEL


def resets(working: WorkingState) -> list[Change]:
    """The writes that clear answered ticks."""
    updates: list[Change] = []
    for key, by_header in working.reset.items():
        sheet = working.snapshot.sheets[key]
        cells = {}
        for header, values in by_header.items():
            positions = sheet.frame.index.get_indexer(pd.Index(list(values), dtype=object))
            cells[header] = (positions, np.array(list(values.values()), dtype=object))
        updates.append(UpdateCells(sheet, cells))
    return updates


def panel_cells(working: WorkingState) -> list[Change]:
    """The cells of the panel that change: messages of steps, problems, status, cleared ticks, and cells put back."""
    panel, tab = working.snapshot.panel, working.snapshot.tabs[PANEL]
    texts: dict[tuple[str, int], CellIn] = dict(working.panel)
    texts |= {(f"{STEP}{step}", SAID): text for step, text in working.said.items() if panel.said(step) != text}
    shown = [*working.problems[:PROBLEMS], *[""] * PROBLEMS][:PROBLEMS]
    status = working.message("ok") if not working.problems else working.problems[0]
    values = {**{f"{PROBLEM}{n}": text for n, text in enumerate(shown, start=1)}, "status": status}
    texts |= {(row_id, VALUE): text for row_id, text in values.items() if panel.value(row_id) != text}
    if isinstance(panel.value("next_run"), int | float):
        # A time stands in a row that `init` writes: one that went astray when rows moved, and whose note was lost.
        seconds = int(working.settings.interval_seconds)
        texts[("next_run", VALUE)] = working.message("control.next_run.value", seconds=seconds)
    if panel.sync_now:
        texts[("sync_now", VALUE)] = False
    if panel.confirm and working.more is False:
        texts[("confirm", VALUE)] = False
    rows = list(_shown_rows(working, values))
    # By place, so that what this run says there replaces what is put back.
    written: dict[tuple[int, int], PutCells] = {(row, column): put for row, column, put in _put_back(working)}
    for (row, column), value in texts.items():
        if row in panel.rows:
            place = panel.rows[row]
            written[place, column] = PutCells(tab, place, column, ((value,),), row)
    return [*written.values(), *rows]


def _shown_rows(working: WorkingState, texts: Mapping[str, Cell]) -> Iterator[ShowRow]:
    """Yield the rows of problems that appear and go; after rows went astray, every row that should be seen or not."""
    panel, tab = working.snapshot.panel, working.snapshot.tabs[PANEL]
    wanted = shown_for(texts)
    before = shown_for({row_id: panel.value(row_id) for row_id in wanted})
    if working.snapshot.control_put_back:
        # The write that went to other rows may have hidden one of them. Rows of folded groups stay out of sight.
        folded = {n for group in tab.row_groups if group.collapsed for n in range(group.start, group.end)}
        seen = {row_id: True for row_id, n in panel.rows.items() if n not in folded}
        wanted, before = {**seen, **wanted}, {}
    for row_id, shown in wanted.items():
        if row_id in panel.rows and before.get(row_id) is not shown:
            yield ShowRow(tab, panel.rows[row_id], shown)


def _put_back(working: WorkingState) -> Iterator[tuple[int, int, PutCells]]:
    """Yield the writes that restore overwritten cells of the panel, by place; a formula is restored as declared.

    The values that a read gives are results, so the formula itself comes from the declaration of the row.
    """
    snapshot = working.snapshot
    if not snapshot.control_put_back:
        return
    declared = working.settings.features.panel_rows(working)
    for cell in snapshot.control_put_back:
        declared_cell = declared.get(cell.id, {}).get(cell.column, "")
        value = declared_cell if isinstance(declared_cell, Formula) else cell.value
        put = PutCells(snapshot.tabs[PANEL], cell.row, cell.column, ((value,),), cell.id)
        yield cell.row, cell.column, put


def last_run(working: WorkingState) -> list[Change]:
    """The writes of the panel's times: the last run, and the heartbeat, which every write counts as."""
    panel, tab = working.snapshot.panel, working.snapshot.tabs[PANEL]
    time = ((working.clock.serial,),)
    return [
        PutCells(tab, panel.rows[name], VALUE, time, name)
        for name in ("last_run_at", "heartbeat")
        if name in panel.rows
    ]
