"""The desired tables that follow from the leads: input tabs, batch tabs, Storage, Batches, History; and metrics."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.engine.decide import batches, storage
from sheets_crm.engine.decide.working_state import WorkingState
from sheets_crm.engine.snapshot import as_text
from sheets_crm.pipeline.columns import LEAD_NUMBER, NOTES, SEND
from sheets_crm.pipeline.leads import ready, with_column
from sheets_crm.pipeline.metric_list import metrics
from sheets_crm.pipeline.metrics import Figure, MetricContext, Runway, figures, lead_days
from sheets_crm.pipeline.schema import Step
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff, different
from sheets_crm.workbook.tabs import (
    BATCHES,
    BOX1_HISTORY,
    HISTORY,
    IMPORTS,
    MASTER,
    STORAGE,
    batch_key,
    input_key,
)

DAYS_AHEAD: Final = 3
"""At most so many rows of future days are taken for what a clock that ran ahead has left in History."""


def carry_notes(working: WorkingState) -> None:
    """Copy the operators' notes from the input tabs into the leads: a note follows its lead."""
    for step in working.schema.steps:
        frame = working.snapshot.input(step).frame
        if not len(frame) or not len(working.leads):
            continue
        places = working.leads.index.get_indexer(frame.index)
        rows = np.flatnonzero((places >= 0) & ~frame.index.duplicated())
        notes = working.leads[NOTES].to_numpy(dtype=object)
        typed = frame[NOTES].to_numpy(dtype=object)
        differing = rows[different(notes[places[rows]], typed[rows])]
        # The comparison of whole columns is a first sieve: a typed 5 differs from the note "5" and is the same text.
        texts = {int(row): as_text(typed[row]) for row in differing}
        changed = [row for row in texts if notes[places[row]] != texts[row]]
        if changed:
            new_notes = notes.copy()
            new_notes[places[changed]] = np.array([texts[row] for row in changed], dtype=object)
            working.leads = with_column(working.leads, NOTES, new_notes)
            working.cause(frame.index[changed], f"note in {working.snapshot.input(step).tab.title}")


def input_rows(working: WorkingState, step: Step) -> pd.DataFrame:
    """The desired rows of a step's input tab: the ready leads, in the step's columns, with an empty tick and notes."""
    return _shown(working, step, ready(working.leads, step), notes=True)


def _shown(working: WorkingState, step: Step, numbers: pd.Index[int], *, notes: bool) -> pd.DataFrame:
    if numbers.empty:
        headers = [header for header, name in step.columns if name != LEAD_NUMBER]
        return _no_rows((SEND, *headers, NOTES) if notes else tuple(headers))
    # When all leads are shown their columns are used as they are: selecting rows would copy every one.
    every_lead = len(numbers) == len(working.leads)
    leads = working.leads if every_lead else working.leads.loc[numbers]
    pairs = [(header, name) for header, name in step.columns if name != LEAD_NUMBER]
    columns = {header: leads[name] for header, name in pairs}
    if notes:
        columns = {SEND: pd.Series(np.full(len(leads), False, dtype=object), index=leads.index), **columns}
        columns[NOTES] = leads[NOTES]
    return pd.DataFrame(columns, index=leads.index, dtype=object)


@cache
def _no_rows(headers: tuple[str, ...]) -> pd.DataFrame:
    """The table of a tab that shows nobody: most are empty most of the time."""
    return pd.DataFrame(index=pd.Index([], dtype="int64", name=LEAD_NUMBER), columns=list(headers), dtype=object)


def desired_tables(working: WorkingState) -> list[Change]:
    """The changes that bring every table tab to what the working state asks for."""
    sheets = working.snapshot.sheets
    changes: list[Change] = diff(
        sheets[MASTER], working.leads, delete=bool(working.erased or working.snapshot.undeleted)
    )
    for step in working.schema.steps:
        changes += diff(sheets[input_key(step)], input_rows(working, step), master=sheets[MASTER])
        changes += _batch_tabs(working, step)
    changes += diff(sheets[BATCHES], working.batches, delete=False)
    changes += diff(sheets[IMPORTS], working.imports, delete=False)
    if STORAGE in sheets:
        changes += diff(sheets[STORAGE], storage.stored(working))
    changes += _box1_history(working)
    return changes


def _batch_tabs(working: WorkingState, step: Step) -> list[Change]:
    """The changes of a step's batch tabs: the shown batch in as many equal parts as Control asks for."""
    batch = batches.shown(working, step)
    of_batch = (
        working.leads[step.batch].to_numpy(dtype=object) == batch if batch else np.zeros(len(working.leads), bool)
    )
    numbers = working.leads.index[of_batch]
    part_count = working.snapshot.control.parts.get(step.name, 1)
    pieces = np.array_split(np.asarray(numbers, dtype="int64"), part_count)
    changes: list[Change] = []
    part = 1
    while batch_key(step, part) in working.snapshot.sheets:
        numbers_of_part = pieces[part - 1] if part <= part_count else np.zeros(0, dtype="int64")
        desired = _shown(working, step, pd.Index(numbers_of_part, dtype="int64", name=LEAD_NUMBER), notes=False)
        changes += diff(working.snapshot.sheets[batch_key(step, part)], desired, master=working.snapshot.master)
        part += 1
    return changes


def _box1_history(working: WorkingState) -> list[Change]:
    """The changes of Box1 History: rows of earlier results, and the deletion of erased people's rows."""
    if BOX1_HISTORY not in working.snapshot.sheets or not (working.history_rows or working.erased):
        return []
    sheet = working.snapshot.sheets[BOX1_HISTORY]
    # Rows are compared by position: a lead that was reopened twice has two of them, so LeadNumber is no key here.
    existing = sheet.frame.reset_index(drop=True)
    rows = pd.concat([existing[:0], *working.history_rows], ignore_index=True).reindex(
        columns=existing.columns, fill_value=""
    )
    rows.index = pd.RangeIndex(len(existing), len(existing) + len(rows))
    desired = pd.concat([existing, rows]) if len(rows) else existing
    kept = ~desired[LEAD_NUMBER].isin(list(working.erased)).to_numpy()
    by_position = sheet.resized(sheet.tab.rows, existing, sheet.rows)
    return diff(by_position, desired[kept].astype(object))


def metric_figures(working: WorkingState) -> dict[str, Figure]:
    """Every metric of the workbook as it is after the write, by id."""
    steps = working.schema.steps
    cells = working.stored.get("cells_used", working.snapshot.info.cells)
    last = working.stored.get("last_run_at", working.snapshot.system.cells.get("last_run_at", ""))
    context = MetricContext(
        today=float(int(working.clock.serial)),
        runway=Runway(working.snapshot.control.schedule, working.settings.lead_days),
        last_run_at=float(last) if isinstance(last, int | float) else None,
        cells_used=int(cells) if isinstance(cells, int | float) else 0,
        input_rows={step.name: len(ready(working.leads, step)) for step in steps},
    )
    return figures(working.leads, working.schema, context)


def history_day(working: WorkingState) -> list[Change]:
    """The changes of History: one row a day with every metric; a run later on the same day changes nothing."""
    sheet = working.snapshot.sheets[HISTORY]
    today = int(working.clock.serial)
    days = [int(day) if isinstance(day, int | float) else 0 for day in sheet.frame.index]
    if today in days and working.snapshot.system.number("last_day", -1) == today:
        return []
    values = metric_figures(working)
    row = {metric.id: _cell(values[metric.id]) for metric in metrics(working.schema)}
    # A clock that ran ahead left a row of a future day: it is deleted, and written anew when its day comes. Many
    # future days mean that the clock is behind now, and they are left alone.
    ahead = [day > today for day in days]
    kept = [
        day != today and not (future and sum(ahead) <= DAYS_AHEAD) for day, future in zip(days, ahead, strict=True)
    ]
    added = pd.DataFrame([row], index=pd.Index([today], name="date", dtype=object), dtype=object)
    past = sheet.frame[np.array(kept, dtype=bool)]
    return diff(sheet, pd.concat([past, added]) if len(past) else added)


def _cell(figure: Figure) -> float | bool | str:
    value = figure.value
    if value is None:
        return ""
    return bool(value) if isinstance(value, bool | np.bool_) else float(value)


def known_lead_days(working: WorkingState) -> float:
    """The median days from import to Box 1; the setting while no lead has got there."""
    median = lead_days(working.leads, working.schema)
    return working.settings.lead_days if median is None else round(float(median), 6)
