"""Batches: show, close and undo as ticked, and count what has come back of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheets_crm.engine.decide.working_state import WorkingState
from sheets_crm.pipeline.leads import put, reopened
from sheets_crm.pipeline.schema import Step
from sheets_crm.pipeline.states import COMPLETED
from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.workbook.tabs import BATCHES


def answer_ticks(working: WorkingState) -> None:
    """Do what is ticked in Batches: show, then close, then undo."""
    sheet = working.snapshot.sheets[BATCHES]
    for header, command in (("show", show), ("close", close), ("undo", undo)):
        for batch, cell in sheet.frame[header].items():
            if not is_tick(cell):
                continue
            if _of_undeclared_step(working, str(batch)):
                working.problem("batch_of_gone_step", batch=batch, step=working.batches.loc[str(batch), "step"])
            elif command(working, str(batch)):
                working.untick(BATCHES, header, batch)


def _of_undeclared_step(working: WorkingState, batch: str) -> bool:
    """Whether a batch belongs to a step that the settings no longer declare: its leads are left alone."""
    return str(working.batches.loc[batch, "step"]) not in {step.name for step in working.schema.steps}


def _step(working: WorkingState, batch: str) -> Step:
    return working.schema.step(str(working.batches.loc[batch, "step"]))


def outstanding(working: WorkingState, step: Step, batch: str) -> list[int]:
    """The LeadNumbers of a batch that have not come back."""
    leads = working.leads
    states = [state.cell for state in working.schema.states if state.outstanding]
    out = (leads[step.batch].to_numpy(dtype=object) == batch) & leads[step.status].isin(states).to_numpy()
    return [int(number) for number in leads.index[out]]


def show(working: WorkingState, batch: str) -> bool:
    """Show a batch in its step's batch tabs; always done at once."""
    step = _step(working, batch)
    working.show(step, batch)
    working.opened.add(step.name)
    working.log("log_shown", batch=batch)
    return True


def close(working: WorkingState, batch: str) -> bool:
    """Complete the outstanding leads of a batch without an output; return whether none is left for the next part."""
    step = _step(working, batch)
    numbers = outstanding(working, step, batch)
    if not numbers:
        working.said[step.name] = working.message("close_nothing", batch=batch)
        return True
    chunk = numbers[: working.budget.leads]
    time = working.clock.serial
    values: dict[str, str | bool | float] = {step.status: COMPLETED, step.completed_at: time, "updated_at": time}
    working.leads = put(working.leads, chunk, values)
    if step.name == "verification":
        working.leads = _unverified(working.leads, chunk)
    working.closed[batch] = working.closed.get(batch, 0) + len(chunk)
    working.batches.loc[batch, "closed"] = working.batch_count(batch, "closed") + len(chunk)
    working.cause(chunk, f"close {batch}")
    working.log("log_closed", batch=batch, count=len(chunk))
    working.more |= len(numbers) > len(chunk)
    return len(numbers) == len(chunk)


def _unverified(leads: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    """The leads with blank verdicts of closed ones set to FALSE: an e-mail finder leaves out whom it did not find."""
    verdicts = leads.loc[numbers, "validation_success"]
    missed = [int(number) for number, cell in zip(verdicts.index, verdicts, strict=True) if cell == ""]
    return put(leads, missed, {"validation_success": False})


def undo(working: WorkingState, batch: str) -> bool:
    """Make a batch's outstanding leads ready again; return whether none is left for the next part."""
    step = _step(working, batch)
    numbers = outstanding(working, step, batch)
    if not numbers:
        working.said[step.name] = working.message("undo_nothing", batch=batch)
        return True
    chunk = numbers[: working.budget.leads]
    working.leads = reopened(working.leads, step, chunk, now=working.clock.serial)
    working.undone[batch] = working.undone.get(batch, 0) + len(chunk)
    working.batches.loc[batch, "undone"] = working.batch_count(batch, "undone") + len(chunk)
    working.cause(chunk, f"undo {batch}")
    working.log("log_undone", batch=batch, count=len(chunk))
    working.more |= len(numbers) > len(chunk)
    return len(numbers) == len(chunk)


def restore_rows(working: WorkingState) -> None:
    """Add a row for every batch that leads bear and Batches lacks, as after its row was deleted."""
    for step in working.schema.steps:
        ids = working.leads[step.batch].to_numpy(dtype=object)
        listed = set(map(str, working.batches.index))
        for batch in sorted({str(borne) for borne in np.unique(ids[ids != ""].astype(str))} - listed):
            of_batch = ids == batch
            sent_at = working.leads[step.sent_at].to_numpy(dtype=object)[of_batch]
            version = (
                working.leads["box1_version"].to_numpy(dtype=object)[of_batch][0] if step.name == "box1" else ""
            )
            working.add_batch(step, batch, int(of_batch.sum()), str(version))
            working.batches.loc[batch, "when"] = sent_at[0]


def recount(working: WorkingState) -> None:
    """Count the returned and the outstanding leads of every batch anew."""
    counted = {
        "returned": [state.cell for state in working.schema.states if state.returned],
        "outstanding": [state.cell for state in working.schema.states if state.outstanding],
    }
    for step in working.schema.steps:
        rows = working.batches.index[working.batches["step"] == step.name]
        if not len(rows):
            continue
        ids = working.leads[step.batch].to_numpy(dtype=object)
        for header, states in counted.items():
            counts = pd.Series(
                ids[working.leads[step.status].isin(states).to_numpy()], dtype=object
            ).value_counts()
            of_rows = counts.reindex(rows, fill_value=0)
            # Python integers, for numpy's own are no cell values.
            values = np.array([int(count) for count in of_rows], dtype=object)
            working.batches.loc[rows, header] = pd.Series(values, index=rows, dtype=object)


def shown(working: WorkingState, step: Step) -> str:
    """The id of the batch that a step's batch tabs show: the chosen one, else the newest; "" when there is none."""
    of_step = working.batches[working.batches["step"] == step.name]
    chosen = of_step.index[of_step["shown"].to_numpy(dtype=object) != ""]
    if len(chosen):
        return str(chosen[-1])
    return str(of_step.index[-1]) if len(of_step) else ""
