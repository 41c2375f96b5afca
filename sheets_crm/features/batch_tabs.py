"""The batch tabs: the batch that is shown, in as many equal parts as Control asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features import batches
from sheets_crm.features.control import controls
from sheets_crm.features.lead_rows import lead_rows, step_colour, step_columns
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabSpec
from sheets_crm.workbook.tabs import batch_key


def changes(working: WorkingState) -> list[Change]:
    """The changes of every batch tab."""
    return [change for step in working.schema.steps for change in _of_step(working, step)]


def _of_step(working: WorkingState, step: Step) -> list[Change]:
    """The changes of a step's batch tabs: the shown batch in as many equal parts as Control asks for."""
    batch = batches.shown(working, step)
    of_batch = (
        working.leads[step.batch].to_numpy(dtype=object) == batch if batch else np.zeros(len(working.leads), bool)
    )
    numbers = working.leads.index[of_batch]
    part_count = working.part(controls).parts.get(step.name, 1)
    pieces = np.array_split(np.asarray(numbers, dtype="int64"), part_count)
    changes_of_step: list[Change] = []
    part = 1
    while batch_key(step, part) in working.snapshot.sheets:
        numbers_of_part = pieces[part - 1] if part <= part_count else np.zeros(0, dtype="int64")
        index = pd.Index(numbers_of_part, dtype="int64", name=LEAD_NUMBER)
        desired = lead_rows(working, step, index, operators=False)
        sheet = working.snapshot.sheets[batch_key(step, part)]
        changes_of_step += diff(sheet, desired, master=working.snapshot.master)
        part += 1
    return changes_of_step


def tables(schema: Schema, parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """The batch tabs of each step: the owner's exact columns, ready for File > Download > CSV."""
    for step in schema.steps:
        for part in range(1, max(1, parts.get(step.name, 1)) + 1):
            yield TabSpec(
                batch_key(step, part),
                step.batch_tab if part == 1 else f"{step.batch_tab} {part}",
                step_columns(schema, step),
                LEAD_NUMBER,
                colour=step_colour(schema, step),
                policy=ReadPolicy.LEADS,
                group=Group.PROSPECTING,
            )


FEATURE: Final = Feature("batch tabs", tables=tables, changes=changes)
