"""Storage: the leads that are FIT but no HIT, and reopening them.

Source: the owner's document, section 9 (Almacenamiento).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from sheets_crm.engine.commands import Origin
from sheets_crm.engine.features import Feature
from sheets_crm.engine.snapshot import as_text
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.lead_rows import WIDTHS
from sheets_crm.features.reopening import ReopenLead
from sheets_crm.pipeline.columns import LEAD_NUMBER, NOTES, Kind
from sheets_crm.pipeline.leads import is_true
from sheets_crm.pipeline.schema import Schema
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff
from sheets_crm.workbook.declaration import Group, Owner, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.signals import Signal
from sheets_crm.workbook.tabs import STORAGE

REOPENABLE = ("instantly", "box1")


def commands(working: WorkingState) -> Iterator[ReopenLead]:
    """Yield the leads for which operators name a step and a reason; report requests that lack either."""
    if STORAGE not in working.snapshot.sheets:
        return
    frame = working.snapshot.sheets[STORAGE].frame
    steps = [name for name in REOPENABLE if any(step.name == name for step in working.schema.steps)]
    for number, word, reason in zip(frame.index, frame["reopen"], frame["reason"], strict=True):
        requested = as_text(word).strip().casefold().replace(" ", "")
        if not requested or number not in working.leads.index:
            continue
        if requested not in steps:
            working.problem("reopen_word", lead=number, value=as_text(word)[:40], steps=" / ".join(steps))
        elif not as_text(reason).strip():
            working.problem("reopen_reason", lead=number, value=requested)
        else:
            yield ReopenLead(str(number), requested, as_text(reason).strip(), origin=Origin.CELL)


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


COLUMNS: Final = (
    TabColumn("reopen", owner=Owner.OPERATOR, width=90),
    TabColumn("reason", owner=Owner.OPERATOR, width=200),
    TabColumn(LEAD_NUMBER, Kind.WHOLE, width=90),
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
    TabColumn(NOTES, width=200),
)


REOPENED: Final = Signal("storage", lambda where, _panel: f"=COUNTA({where.column(STORAGE, 'reopen')})")
"""For how many leads operators name a step."""


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Storage: one row a stored lead."""
    if not schema.has("storage"):
        return
    yield TabSpec(
        STORAGE,
        "Storage",
        COLUMNS,
        LEAD_NUMBER,
        colour=0xB06000,
        frozen_columns=3,
        policy=ReadPolicy.LEADS,
        signals=(REOPENED,),
        group=Group.PROSPECTING,
    )


FEATURE: Final = Feature("storage", tables=tables, commands=commands, changes=changes)
