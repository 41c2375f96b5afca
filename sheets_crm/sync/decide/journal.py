"""What is told of a plan: Log's row, the summary for people, and the change journal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sheets_crm.pipeline.drops.text import fitted
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff, different
from sheets_crm.plan.plan import LeadChange, Summary
from sheets_crm.sync.decide.draft import Draft
from sheets_crm.workbook.cells import CellIn
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.tabs import LOG

LOG_KEPT = 1000
"""Rows of Log; the oldest ones go."""


def log_row(draft: Draft) -> list[Change]:
    """Return Log's new row, and the oldest rows that go."""
    if not (draft.logged or draft.drops or draft.refused):
        return []
    sheet = draft.snapshot.sheets[LOG]
    counts = [sum(draft.sent.values()), sum(int(drop["rows"]) for drop in draft.drops)]
    rejected = sum(int(drop["rejected"]) for drop in draft.drops)
    what = fitted(" · ".join([*draft.refused, *draft.logged, *_drop_lines(draft)]))
    result = "refused" if draft.refused else "ok"
    values: tuple[CellIn, ...] = (draft.moment.serial, draft.moment.run, result, what, *counts, rejected)
    row: dict[str, CellIn] = dict(zip(sheet.spec.headers, values, strict=True))
    return _logged(sheet, row)


def _logged(sheet: Sheet, row: dict[str, CellIn]) -> list[Change]:
    """Return the changes that add a row to Log and trim it."""
    start = len(sheet.frame)
    known = sheet.resized(sheet.tab.rows, sheet.frame.reset_index(drop=True), sheet.rows)
    added = pd.DataFrame([row], index=[start], dtype=object)
    whole = pd.concat([known.frame, added]) if start else added
    return diff(known, whole.iloc[max(0, start + 1 - LOG_KEPT) :].astype(object))


def _drop_lines(draft: Draft) -> list[str]:
    return [draft.say("log_drop", count=drop["rows"], **drop) for drop in draft.drops]


def summary(draft: Draft) -> Summary:
    """Return what the plan amounts to, for the report."""
    return Summary(
        sent=dict(draft.sent),
        drops=tuple(draft.drops),
        said=(*draft.logged, *_drop_lines(draft)),
        undone=dict(draft.undone),
        closed=dict(draft.closed),
        reopened=draft.reopened,
    )


def journal(draft: Draft) -> list[LeadChange]:
    """Return every changed cell of every lead that was there before, and the new leads as one line each."""
    before, now = draft.snapshot.leads, draft.leads
    if draft.erased:
        before = before.drop(index=list(draft.erased), errors="ignore")
    found: list[LeadChange] = []
    kept = now.index.isin(before.index)
    old = now if kept.all() else now[kept]
    for name in old.columns:
        one, other = before[name].to_numpy(dtype=object), old[name].to_numpy(dtype=object)
        if one is other or name == "updated_at":
            continue
        for place in np.flatnonzero(different(one, other)):
            lead = int(old.index[int(place)])
            cause = draft.causes.get(lead, draft.moment.run)
            found.append(LeadChange(lead, name, one[place], other[place], cause))
    return [*found, *_new_leads(draft, now[~kept])]


def _new_leads(draft: Draft, leads: pd.DataFrame) -> Iterator[LeadChange]:
    """Yield the new leads' lines of the journal: all that each holds, so that it can be brought back."""
    for lead, cells in zip(leads.index, leads.to_dict("records"), strict=True):
        row = {str(name): cell for name, cell in cells.items() if cell != ""}
        yield LeadChange(int(lead), "*", "", row, draft.causes.get(int(lead), ""))
