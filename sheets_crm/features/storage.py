"""Storage: the leads that are FIT but no HIT, and reopening them.

Source: the owner's document, section 9 (Almacenamiento).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from sheets_crm.engine.commands import Origin
from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.lead_rows import WIDTHS
from sheets_crm.features.reopening import ReopenLead, reopen_lead
from sheets_crm.pipeline.columns import LEAD_NUMBER, NOTES, Kind
from sheets_crm.pipeline.leads import is_true
from sheets_crm.pipeline.schema import Schema
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, Choice, Group, Owner, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.tabs import STORAGE
from sheets_crm.workbook.two_way.columns import HIDDEN_PROBLEM, HIDDEN_SEEN
from sheets_crm.workbook.two_way.edits import RowEdit


def edited(working: WorkingState, edit: RowEdit) -> Mapping[str, Cell]:
    """Reopen a lead at the step that stands beside it with a reason; without one its row says so."""
    step, reason = (str(edit.values.get(name, "")).strip() for name in ("reopen", "reason"))
    number = int(edit.key)
    if not step or "reopen" in edit.problems or number not in working.leads.index:
        return {}
    if working.leads.loc[number, "storage"] is not True:
        return {}  # its row is leaving
    if not reason:
        return {PROBLEM: working.message("reopen_reason", value=step)}
    reopen_lead(working, ReopenLead(edit.key, step, reason, origin=Origin.CELL))
    return {}


def reopenable(schema: Schema) -> tuple[str, ...]:
    """The steps at which a stored lead can be reopened, the last first: those whose next attempt ends its storage."""
    return tuple(step.name for step in reversed(schema.steps) if ("storage", False) in step.clears)


def stored(working: WorkingState) -> pd.DataFrame:
    """The desired rows of Storage: its leads in the worker's columns and notes, without the operators' cells."""
    leads = working.leads[is_true(working.leads["storage"]).to_numpy()]
    own_columns = [
        column.header for column in working.snapshot.sheets[STORAGE].spec.columns if not column.operator
    ]
    headers = [name for name in own_columns if name in leads.columns]
    return leads[[*headers, *([] if NOTES in headers else [NOTES])]]


def changes(working: WorkingState) -> list[Change]:
    """The changes of Storage; a lead that was reopened leaves it."""
    sheet = working.snapshot.sheets.get(STORAGE)
    return diff(sheet, stored(working)) if sheet is not None else []


REOPEN: Final = TabColumn("reopen", owner=Owner.OPERATOR, width=90, es="reabrir")
COLUMNS: Final = (
    TabColumn("reason", owner=Owner.OPERATOR, width=200, es="motivo"),
    TabColumn(LEAD_NUMBER, Kind.WHOLE, width=105),
    *tuple(
        TabColumn(name, width=WIDTHS.get(name, 140))
        for name in (
            "TargetID",
            "firstName",
            "lastName",
            "personTitle",
            "companyName",
            "email",
            "box1_version",
            "subject",
        )
    ),
    TabColumn("box1_completed_at", Kind.WHEN, width=140),
    TabColumn(NOTES, width=200, es="notas"),
    HIDDEN_SEEN,
    HIDDEN_PROBLEM,
)


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Storage: one row a stored lead."""
    if not schema.has("storage"):
        return
    steps = tuple(map(Choice, reopenable(schema)))
    yield TabSpec(
        STORAGE,
        "Storage",
        (replace(REOPEN, choices=steps), *COLUMNS),
        LEAD_NUMBER,
        colour=0xB06000,
        frozen_columns=3,
        policy=ReadPolicy.LEADS,
        two_way=True,
        classic=True,
        closed=True,
        group=Group.PROSPECTING,
    )


FEATURE: Final = Feature("storage", tables=tables, changes=changes, two_way={STORAGE: TwoWay(edited)})
