"""Box1 History: the earlier results of leads that were reopened, or that another version replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.columns import BODIES, BOX1, LEAD_NUMBER, Kind, prompt_columns
from sheets_crm.pipeline.schema import Schema
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.tabs import BOX1_HISTORY


def earlier_rows(_working: WorkingState) -> list[pd.DataFrame]:
    """The rows that Box1 History gets in this decision; none to begin with (`WorkingState.part`)."""
    return []


def keep(working: WorkingState, results: pd.DataFrame) -> None:
    """Keep earlier results of leads."""
    if len(results):
        working.part(earlier_rows).append(results)


def changes(working: WorkingState) -> list[Change]:
    """The changes of Box1 History: rows of earlier results, and the deletion of erased people's rows."""
    rows_kept = working.part(earlier_rows)
    if BOX1_HISTORY not in working.snapshot.sheets or not (rows_kept or working.erased):
        return []
    sheet = working.snapshot.sheets[BOX1_HISTORY]
    # Rows are compared by position: a lead that was reopened twice has two of them, so LeadNumber is no key here.
    existing = sheet.frame.reset_index(drop=True)
    rows = pd.concat([existing[:0], *rows_kept], ignore_index=True).reindex(
        columns=existing.columns, fill_value=""
    )
    rows.index = pd.RangeIndex(len(existing), len(existing) + len(rows))
    desired = pd.concat([existing, rows]) if len(rows) else existing
    kept = ~desired[LEAD_NUMBER].isin(list(working.erased)).to_numpy()
    by_position = sheet.resized(sheet.tab.rows, existing, sheet.rows)
    return diff(by_position, desired[kept].astype(object))


def columns(prompts: int) -> tuple[TabColumn, ...]:
    """The columns of Box1 History: the lead, the earlier result, its times."""
    names = (*BOX1, *prompt_columns(prompts))
    return (
        TabColumn(LEAD_NUMBER, Kind.WHOLE, width=90),
        *tuple(TabColumn(name, width=200 if name in BODIES else 120) for name in names),
        TabColumn("box1_batch", width=80),
        TabColumn("box1_sent_at", Kind.WHEN, width=140),
        TabColumn("box1_completed_at", Kind.WHEN, width=140),
        TabColumn("instantly_sent_at", Kind.WHEN, width=140),
    )


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Box1 History: one row an earlier result."""
    if not schema.has("box1_result"):
        return
    yield TabSpec(
        BOX1_HISTORY,
        "Box1 History",
        columns(schema.prompts),
        colour=0x8E24AA,
        policy=ReadPolicy.END,
        group=Group.PROSPECTING,
        rare=True,
    )


FEATURE: Final = Feature("box1 history", tables=tables, changes=changes)
