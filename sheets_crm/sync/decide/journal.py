"""What is told of a plan: Log's row, the summary for people, and the change journal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sheets_crm.pipeline.imports.text import fitted
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff, different
from sheets_crm.plan.plan import LeadChange, Summary
from sheets_crm.sync.decide.working_state import WorkingState
from sheets_crm.workbook.cells import CellIn
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.tabs import LOG

LOG_KEPT = 1000
"""Rows of Log; the oldest ones go."""


def log_row(working: WorkingState) -> list[Change]:
    """Return Log's new row, and the oldest rows that go."""
    if not (working.logged or working.imported or working.refused):
        return []
    sheet = working.snapshot.sheets[LOG]
    counts = [sum(working.sent.values()), sum(int(drop["rows"]) for drop in working.imported)]
    rejected = sum(int(drop["rejected"]) for drop in working.imported)
    what = fitted(" · ".join([*working.refused, *working.logged, *_import_lines(working)]))
    result = "refused" if working.refused else "ok"
    values: tuple[CellIn, ...] = (working.clock.serial, working.clock.run, result, what, *counts, rejected)
    row: dict[str, CellIn] = dict(zip(sheet.spec.headers, values, strict=True))
    return _logged(sheet, row)


def _logged(sheet: Sheet, row: dict[str, CellIn]) -> list[Change]:
    """Return the changes that add a row to Log and trim it."""
    start = len(sheet.frame)
    known = sheet.resized(sheet.tab.rows, sheet.frame.reset_index(drop=True), sheet.rows)
    added = pd.DataFrame([row], index=[start], dtype=object)
    whole = pd.concat([known.frame, added]) if start else added
    return diff(known, whole.iloc[max(0, start + 1 - LOG_KEPT) :].astype(object))


def _import_lines(working: WorkingState) -> list[str]:
    return [working.say("log_drop", count=drop["rows"], **drop) for drop in working.imported]


def summary(working: WorkingState) -> Summary:
    """Return what the plan amounts to, for the report."""
    return Summary(
        sent=dict(working.sent),
        imported=tuple(working.imported),
        said=(*working.logged, *_import_lines(working)),
        undone=dict(working.undone),
        closed=dict(working.closed),
        reopened=working.reopened,
    )


def journal(working: WorkingState) -> list[LeadChange]:
    """Return every changed cell of every lead that was there before, and the new leads as one line each."""
    before, now = working.snapshot.leads, working.leads
    if working.erased:
        before = before.drop(index=list(working.erased), errors="ignore")
    found: list[LeadChange] = []
    kept = now.index.isin(before.index)
    old = now if kept.all() else now[kept]
    for name in old.columns:
        one, other = before[name].to_numpy(dtype=object), old[name].to_numpy(dtype=object)
        if one is other or name == "updated_at":
            continue
        for place in np.flatnonzero(different(one, other)):
            lead = int(old.index[int(place)])
            cause = working.causes.get(lead, working.clock.run)
            found.append(LeadChange(lead, name, one[place], other[place], cause))
    return [*found, *_new_leads(working, now[~kept])]


def _new_leads(working: WorkingState, leads: pd.DataFrame) -> Iterator[LeadChange]:
    """Yield the new leads' lines of the journal: all that each holds, so that it can be brought back."""
    if leads.empty:  # records of no rows still cost every column
        return
    for lead, cells in zip(leads.index, leads.to_dict("records"), strict=True):
        row = {str(name): cell for name, cell in cells.items() if cell != ""}
        yield LeadChange(int(lead), "*", "", row, working.causes.get(int(lead), ""))
