"""Storage: the leads that are FIT but no HIT, and reopening them.

Source: the owner's document, section 9 (Almacenamiento).
"""

from __future__ import annotations

import pandas as pd

from sheets_crm.engine.decide.working_state import WorkingState
from sheets_crm.engine.snapshot import as_text
from sheets_crm.pipeline.columns import NOTES
from sheets_crm.pipeline.imports.row_updates import earlier_results
from sheets_crm.pipeline.leads import is_true, reopened
from sheets_crm.workbook.tabs import STORAGE

REOPENABLE = ("instantly", "box1")


def answer_requests(working: WorkingState) -> None:
    """Reopen the leads for which operators name a step and a reason in Storage; report requests that lack either."""
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
            reopen(working, int(number), requested, as_text(reason).strip())


def reopen(working: WorkingState, number: int, step: str, reason: str) -> None:
    """Reopen one lead at a step and record why; an earlier result of Box 1 goes to Box1 History."""
    if step == "box1":
        earlier = earlier_results(working.leads, [number], working.schema)
        working.history_rows += [earlier] if len(earlier) else []
    working.leads = reopened(working.leads, working.schema.step(step), [number], now=working.clock.serial)
    working.reopened += 1
    working.cause([number], f"reopen {step}: {reason}")
    working.log("log_reopened", lead=number, step=step, reason=reason)


def reopen_many(working: WorkingState, numbers: list[int], version: str, reason: str) -> None:
    """Reopen the leads of a version at Box 1; their earlier results go to Box1 History."""
    earlier = earlier_results(working.leads, numbers, working.schema)
    working.history_rows += [earlier] if len(earlier) else []
    working.leads = reopened(working.leads, working.schema.step("box1"), numbers, now=working.clock.serial)
    working.reopened += len(numbers)
    working.cause(numbers, f"reopen box1 {version}: {reason}")
    working.log("log_version_reopened", version=version, count=len(numbers), reason=reason)


def stored(working: WorkingState) -> pd.DataFrame:
    """The desired rows of Storage: its leads in the worker's columns and notes, without the operators' cells."""
    leads = working.leads[is_true(working.leads["storage"]).to_numpy()]
    own_columns = [
        column.header for column in working.snapshot.sheets[STORAGE].spec.columns if not column.operator
    ]
    headers = [name for name in own_columns if name in leads.columns]
    return leads[[*headers, *([] if NOTES in headers else [NOTES])]]
