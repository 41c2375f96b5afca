"""What follows from the leads: input tabs, batch tabs, Storage, Batches, History, and System's figures."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import LEAD_NUMBER, NOTES, SEND
from sheets_crm.pipeline.leads import ready, with_column
from sheets_crm.pipeline.metric_list import metrics
from sheets_crm.pipeline.metrics import Figure, MetricContext, Runway, figures, lead_days
from sheets_crm.pipeline.steps import Step
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff, different
from sheets_crm.sync.decide import batches, storage
from sheets_crm.sync.decide.working_state import WorkingState
from sheets_crm.sync.snapshot import as_text
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
"""So many rows of days to come a clock that was ahead may have left in History."""


def carry_notes(working: WorkingState) -> None:
    """Take the operators' notes of the input tabs into the leads: a note follows its lead."""
    for step in working.schema.steps:
        frame = working.snapshot.input(step).frame
        if not len(frame) or not len(working.leads):
            continue
        places = working.leads.index.get_indexer(frame.index)
        known = np.flatnonzero((places >= 0) & ~frame.index.duplicated())
        notes = working.leads[NOTES].to_numpy(dtype=object)
        typed = frame[NOTES].to_numpy(dtype=object)
        others = known[different(notes[places[known]], typed[known])]
        said = {int(n): as_text(typed[n]) for n in others}
        changed = [n for n in said if notes[places[n]] != said[n]]
        if changed:
            fresh = notes.copy()
            fresh[places[changed]] = np.array([said[n] for n in changed], dtype=object)
            working.leads = with_column(working.leads, NOTES, fresh)
            working.cause(frame.index[changed], f"note in {working.snapshot.input(step).tab.title}")


def input_rows(working: WorkingState, step: Step) -> pd.DataFrame:
    """Return what a step's input tab should hold: the ready leads in the owner's exact columns."""
    return _shown(working, step, ready(working.leads, step), notes=True)


def _shown(working: WorkingState, step: Step, numbers: pd.Index[int], *, notes: bool) -> pd.DataFrame:
    if numbers.empty:
        headers = [header for header, name in step.columns if name != LEAD_NUMBER]
        return _no_rows((SEND, *headers, NOTES) if notes else tuple(headers))
    whole = len(numbers) == len(working.leads)
    leads = working.leads if whole else working.leads.loc[numbers]
    pairs = [(header, name) for header, name in step.columns if name != LEAD_NUMBER]
    found = {header: leads[name] for header, name in pairs}
    if notes:
        found = {SEND: pd.Series(np.full(len(leads), False, dtype=object), index=leads.index), **found}
        found[NOTES] = leads[NOTES]
    return pd.DataFrame(found, index=leads.index, dtype=object)


@cache
def _no_rows(headers: tuple[str, ...]) -> pd.DataFrame:
    """Return what a tab holds that shows nobody: most are empty most of the time."""
    return pd.DataFrame(index=pd.Index([], dtype="int64", name=LEAD_NUMBER), columns=list(headers), dtype=object)


def tables(working: WorkingState) -> list[Change]:
    """Return the changes of every table tab that follow from the draft."""
    sheets = working.snapshot.sheets
    found: list[Change] = diff(
        sheets[MASTER], working.leads, delete=bool(working.erased or working.snapshot.undeleted)
    )
    for step in working.schema.steps:
        found += diff(sheets[input_key(step)], input_rows(working, step), master=sheets[MASTER])
        found += _batch_tabs(working, step)
    found += diff(sheets[BATCHES], working.batches, delete=False)
    found += diff(sheets[IMPORTS], working.imports, delete=False)
    found += diff(sheets[STORAGE], storage.stored(working))
    found += _earlier(working)
    return found


def _batch_tabs(working: WorkingState, step: Step) -> list[Change]:
    """Return the changes of a step's batch tabs: the shown batch in as many equal parts as Control asks for."""
    batch = batches.shown(working, step)
    of_batch = (
        working.leads[step.batch].to_numpy(dtype=object) == batch if batch else np.zeros(len(working.leads), bool)
    )
    numbers = working.leads.index[of_batch]
    wanted = working.snapshot.control.parts.get(step.name, 1)
    pieces = np.array_split(np.asarray(numbers, dtype="int64"), wanted)
    found: list[Change] = []
    part = 1
    while batch_key(step, part) in working.snapshot.sheets:
        own = pieces[part - 1] if part <= wanted else np.zeros(0, dtype="int64")
        desired = _shown(working, step, pd.Index(own, dtype="int64", name=LEAD_NUMBER), notes=False)
        found += diff(working.snapshot.sheets[batch_key(step, part)], desired, master=working.snapshot.master)
        part += 1
    return found


def _earlier(working: WorkingState) -> list[Change]:
    """Return the rows that Box1 History gets, and those of erased people that go."""
    if not working.history_rows and not working.erased:
        return []
    sheet = working.snapshot.sheets[BOX1_HISTORY]
    known = sheet.frame.reset_index(drop=True)
    rows = pd.concat([known[:0], *working.history_rows], ignore_index=True).reindex(
        columns=known.columns, fill_value=""
    )
    rows.index = pd.RangeIndex(len(known), len(known) + len(rows))
    whole = pd.concat([known, rows]) if len(rows) else known
    kept = ~whole[LEAD_NUMBER].isin(list(working.erased)).to_numpy()
    fresh = sheet.resized(sheet.tab.rows, known, sheet.rows)
    return diff(fresh, whole[kept].astype(object))


def metric_figures(working: WorkingState) -> dict[str, Figure]:
    """Return every metric of the workbook as it is going to be."""
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
    """Return the row that History gets once a day."""
    sheet = working.snapshot.sheets[HISTORY]
    today = int(working.clock.serial)
    days = [int(day) if isinstance(day, int | float) else 0 for day in sheet.frame.index]
    if today in days and working.snapshot.system.number("last_day", -1) == today:
        return []
    found = metric_figures(working)
    row = {metric.id: _cell(found[metric.id]) for metric in metrics(working.schema)}
    # A clock that was ahead left a row of a day to come: it goes, and on its day it is written anew. When there are
    # many such days the clock is behind now, and they are left alone.
    ahead = [day > today for day in days]
    kept = [
        day != today and not (later and sum(ahead) <= DAYS_AHEAD) for day, later in zip(days, ahead, strict=True)
    ]
    added = pd.DataFrame([row], index=pd.Index([today], name="date", dtype=object), dtype=object)
    known = sheet.frame[np.array(kept, dtype=bool)]
    return diff(sheet, pd.concat([known, added]) if len(known) else added)


def _cell(figure: Figure) -> float | bool | str:
    value = figure.value
    if value is None:
        return ""
    return bool(value) if isinstance(value, bool | np.bool_) else float(value)


def known_lead_days(working: WorkingState) -> float:
    """Return the median days from import to Box 1, or the setting while there is no sample."""
    found = lead_days(working.leads)
    return working.settings.lead_days if found is None else round(float(found), 6)
