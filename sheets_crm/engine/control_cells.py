"""Answers to operators: Control's cells that change, and the ticks that are cleared."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sheets_crm.engine import tabs_shown
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.plan.changes import Change, PutCells, UpdateCells
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import CellIn, Formula
from sheets_crm.workbook.control import PROBLEMS, SAID, VALUE, rows
from sheets_crm.workbook.tabs import CONTROL


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


def control_cells(working: WorkingState) -> list[Change]:
    """The cells of Control that change: messages of steps, problems, status, cleared ticks, and cells put back."""
    control, tab = working.snapshot.control, working.snapshot.tabs[CONTROL]
    texts: dict[tuple[str, int], CellIn] = dict(working.control)
    for step, text in working.said.items():
        if control.texts.get(f"said.{step}", "") != text:
            texts[(f"step.{step}", SAID)] = text
    shown = [*working.problems[:PROBLEMS], *[""] * PROBLEMS][:PROBLEMS]
    for n, text in enumerate(shown, start=1):
        if control.texts.get(f"problem.{n}", "") != text:
            texts[(f"problem.{n}", VALUE)] = text
    status = working.message("ok") if not working.problems else working.problems[0]
    if control.texts.get("status", "") != status:
        texts[("status", VALUE)] = status
    if control.sync_now:
        texts[("sync_now", VALUE)] = False
    if control.confirm and working.more is False:
        texts[("confirm", VALUE)] = False
    # By place, so that what this run says there replaces what is put back.
    written: dict[tuple[int, int], PutCells] = {(row, column): put for row, column, put in _put_back(working)}
    for (row, column), value in texts.items():
        if row in control.rows:
            place = control.rows[row]
            written[place, column] = PutCells(tab, place, column, ((value,),), row)
    return list(written.values())


def _put_back(working: WorkingState) -> Iterator[tuple[int, int, PutCells]]:
    """Yield the writes that restore overwritten cells of Control, by place; a formula is restored as `init` writes it.

    The values that a read gives are results, so the formula itself comes from the declaration of the row.
    """
    snapshot = working.snapshot
    if not snapshot.control_put_back:
        return
    declared = {row.id: row for row in rows(working.schema, working.settings.language, _addresses(working), {})}
    for cell in snapshot.control_put_back:
        declared_cell = declared[cell.id].cells[cell.column] if cell.id in declared else ""
        if tabs_shown.is_link(cell):
            declared_cell = tabs_shown.link_of(snapshot, cell.id)
        value = declared_cell if isinstance(declared_cell, Formula) else cell.value
        put = PutCells(snapshot.tabs[CONTROL], cell.row, cell.column, ((value,),), cell.id)
        yield cell.row, cell.column, put


def _addresses(working: WorkingState) -> Addresses:
    """The columns of every table tab where they were read, for formulas that refer to them."""
    sheets = working.snapshot.sheets
    headers: dict[str, list[str]] = {}
    for key, sheet in sheets.items():
        headers[key] = [""] * (max(sheet.column_index.values(), default=-1) + 1)
        for name, place in sheet.column_index.items():
            headers[key][place] = name
    titles = {key: tab.title for key, tab in working.snapshot.tabs.items()}
    return Addresses(titles, {key: sheet.spec for key, sheet in sheets.items()}, headers)


def last_run(working: WorkingState) -> list[Change]:
    """The writes of Control's times: the last run, and the heartbeat, which every write counts as."""
    control, tab = working.snapshot.control, working.snapshot.tabs[CONTROL]
    time = ((working.clock.serial,),)
    return [
        PutCells(tab, control.rows[name], VALUE, time, name)
        for name in ("last_run_at", "heartbeat")
        if name in control.rows
    ]
