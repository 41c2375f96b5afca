"""Rows that show leads, in the owner's columns of a step: those of input tabs and of batch tabs."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.columns import LEAD_NUMBER, NOTES, SEND, Kind
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.workbook.declaration import TabColumn

STEP_COLOURS: Final = (0x4285F4, 0x00ACC1, 0x8E24AA, 0x34A853, 0xF4511E, 0x6D4C41)
WIDTHS: Final = {
    LEAD_NUMBER: 105,
    "companyName_fromP": 185,
    **dict.fromkeys(("firstName_cleaned", "lastName_cleaned", "companyTagLine"), 150),
    "TargetID": 110,
    "personTitle": 220,
    "personSummary": 260,
    "personTitleDescription": 260,
    "companyDescription": 260,
    "email": 220,
    "Email": 220,
    **dict.fromkeys(("Body 1", "Body 2", "Body 3", "Body 4"), 260),
}


def lead_rows(working: WorkingState, step: Step, numbers: pd.Index[int], *, operators: bool) -> pd.DataFrame:
    """The desired rows of leads in a step's columns.

    Args:
        working: The working state, with the leads as they are going to be.
        step: The step.
        numbers: LeadNumbers, in the order of the rows.
        operators: Whether the rows have operators' cells: an empty tick, and the notes.
    """
    if numbers.empty:
        headers = [header for header, name in step.columns if name != LEAD_NUMBER]
        return _no_rows((SEND, *headers, NOTES) if operators else tuple(headers))
    # When all leads are shown their columns are used as they are: selecting rows would copy every one.
    every_lead = len(numbers) == len(working.leads)
    leads = working.leads if every_lead else working.leads.loc[numbers]
    pairs = [(header, name) for header, name in step.columns if name != LEAD_NUMBER]
    columns = {header: leads[name] for header, name in pairs}
    if operators:
        columns = {SEND: pd.Series(np.full(len(leads), False, dtype=object), index=leads.index), **columns}
        columns[NOTES] = leads[NOTES]
    return pd.DataFrame(columns, index=leads.index, dtype=object)


@cache
def _no_rows(headers: tuple[str, ...]) -> pd.DataFrame:
    """The table of a tab that shows nobody: most are empty most of the time."""
    return pd.DataFrame(index=pd.Index([], dtype="int64", name=LEAD_NUMBER), columns=list(headers), dtype=object)


def step_columns(schema: Schema, step: Step) -> tuple[TabColumn, ...]:
    """The owner's exact columns of a step."""
    kinds = {column.name: column.kind for column in schema.columns}
    return tuple(
        TabColumn(header, kinds.get(name, Kind.TEXT), width=WIDTHS.get(header, 130))
        for header, name in step.columns
    )


def step_colour(schema: Schema, step: Step) -> int:
    """The colour of a step's tabs."""
    return STEP_COLOURS[schema.steps.index(step) % len(STEP_COLOURS)]
