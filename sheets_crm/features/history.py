"""History: one row a day with every metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.control import controls
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.leads import ready
from sheets_crm.pipeline.metric_list import metrics
from sheets_crm.pipeline.metrics import Figure, MetricContext, Runway, figures
from sheets_crm.pipeline.schema import Schema
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.tabs import HISTORY

DAYS_AHEAD: Final = 3
"""At most so many rows of future days are taken for what a clock that ran ahead has left in History."""


def metric_figures(working: WorkingState) -> dict[str, Figure]:
    """Every metric of the workbook as it is after the write, by id."""
    steps = working.schema.steps
    cells = working.stored.get("cells_used", working.snapshot.info.cells)
    last = working.stored.get("last_run_at", working.snapshot.system.cells.get("last_run_at", ""))
    context = MetricContext(
        today=float(int(working.clock.serial)),
        runway=Runway(working.part(controls).schedule, working.settings.lead_days),
        last_run_at=float(last) if isinstance(last, int | float) else None,
        cells_used=int(cells) if isinstance(cells, int | float) else 0,
        input_rows={step.name: len(ready(working.leads, step)) for step in steps},
    )
    return figures(working.leads, working.schema, context)


def last_changes(working: WorkingState, changes: Sequence[Change]) -> list[Change]:
    """The day's row of History; it has the figures of the last part, with everything else done."""
    today = int(working.clock.serial)
    if changes:  # before the row is made, which shows when the last run that changed something was: this one
        working.stored["last_run_at"] = working.clock.serial
    rows = _day(working, today)
    if working.snapshot.system.number("last_day", -1) != today:
        working.stored["last_day"] = today
    return rows


def _day(working: WorkingState, today: int) -> list[Change]:
    """The changes of History: one row a day with every metric; a run later on the same day changes nothing."""
    sheet = working.snapshot.sheets[HISTORY]
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


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """History: the day, then every metric by its id."""
    columns = (
        TabColumn("date", Kind.WHEN, width=100, es="fecha"),
        *(TabColumn(metric.id, Kind.WHOLE) for metric in metrics(schema)),
    )
    yield TabSpec(
        HISTORY,
        "History",
        columns,
        "date",
        frozen_columns=1,
        policy=ReadPolicy.END,
        group=Group.SETUP,
        rare=True,
    )


FEATURE: Final = Feature("history", tables=tables, last_changes=last_changes)
