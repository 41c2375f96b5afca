"""The records of a plan: Log's row, the summary for the report, and the change journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.imports.text import fitted
from sheets_crm.pipeline.step_words import kind_word
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff, different
from sheets_crm.plan.plan import LeadChange, Summary
from sheets_crm.workbook.cells import Cell, CellIn
from sheets_crm.workbook.roles import LOG
from sheets_crm.workbook.sheet import Sheet

LOG_KEPT = 1000
"""Rows that Log keeps; older ones are deleted."""


def log_row(working: WorkingState) -> list[Change]:
    """The changes that add the run's row to Log and delete its oldest rows; none when there is nothing to log."""
    if not (working.logged or working.imported or working.refused):
        return []
    sheet = working.snapshot.sheets[LOG]
    merged = sum(int(counted["new"]) + int(counted["updated"]) for counted in working.imported)
    counts = [sum(working.sent.values()), merged]
    rejected = sum(int(counted["rejected"]) for counted in working.imported)
    what = fitted(" · ".join([*working.refused, *working.logged, *_import_lines(working)]))
    result = "refused" if working.refused else "ok"
    values: tuple[CellIn, ...] = (working.clock.serial, working.clock.run, result, what, *counts, rejected)
    row: dict[str, CellIn] = dict(zip(sheet.spec.headers, values, strict=True))
    return _logged(sheet, row)


def _logged(sheet: Sheet, row: dict[str, CellIn]) -> list[Change]:
    """The changes that add a row to Log and trim it."""
    # Rows are compared by position: two runs may have logged in the same second, so the time is no key.
    start = len(sheet.frame)
    by_position = sheet.resized(sheet.tab.rows, sheet.frame.reset_index(drop=True), sheet.rows)
    added = pd.DataFrame([row], index=[start], dtype=object)
    desired = pd.concat([added, by_position.frame]) if start else added
    return diff(by_position, desired.iloc[:LOG_KEPT].astype(object))


def _import_lines(working: WorkingState) -> list[str]:
    return [imported_line(working, counted) for counted in working.imported]


def imported_line(working: WorkingState, counted: Mapping[str, Cell]) -> str:
    """What became of the rows of an import, as Log says it."""
    titles = {step.name: step.title for step in working.schema.steps}
    kind = str(counted["step"])
    step = titles.get(kind) or kind_word(kind, working.settings.language)
    return working.message("log_drop", count=counted["rows"], **{**counted, "step": step})


def summary(working: WorkingState) -> Summary:
    """The plan in counts and sentences, for the report."""
    return Summary(
        sent=dict(working.sent),
        imported=tuple(working.imported),
        sentences=(*working.logged, *_import_lines(working)),
        undone=dict(working.undone),
        closed=dict(working.closed),
        reopened=working.reopened,
    )


def journal(working: WorkingState) -> list[LeadChange]:
    """Every changed cell of the leads that existed before, and one line for each new lead."""
    existing, desired = working.snapshot.leads, working.leads
    if working.erased:
        existing = existing.drop(index=list(working.erased), errors="ignore")
    changes: list[LeadChange] = []
    kept = desired.index.isin(existing.index)
    of_existing = desired if kept.all() else desired[kept]
    # Rows pair by position: leads keep their order, new ones come last, and the erased are left out of both.
    for name in of_existing.columns:
        old, new = existing[name].to_numpy(dtype=object), of_existing[name].to_numpy(dtype=object)
        # A column that nothing wrote to is still the very same array: it is passed over without comparing its cells.
        if old is new or name == "updated_at":
            continue
        for place in np.flatnonzero(different(old, new)):
            lead = int(of_existing.index[int(place)])
            cause = working.causes.get(lead, working.clock.run)
            changes.append(LeadChange(lead, name, old[place], new[place], cause))
    return [*changes, *_new_leads(working, desired[~kept])]


def _new_leads(working: WorkingState, leads: pd.DataFrame) -> Iterator[LeadChange]:
    """Yield the new leads' lines of the journal, each with all cells of its lead, so that it can be restored."""
    if leads.empty:  # records of no rows still cost every column
        return
    for lead, cells in zip(leads.index, leads.to_dict("records"), strict=True):
        row = {str(name): cell for name, cell in cells.items() if cell != ""}
        yield LeadChange(int(lead), "*", "", row, working.causes.get(int(lead), ""))
