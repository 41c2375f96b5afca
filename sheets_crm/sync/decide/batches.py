"""Batches: show, close and undo as ticked, and what has come back of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheets_crm.pipeline.leads import put, reopened
from sheets_crm.pipeline.states import COMPLETED
from sheets_crm.pipeline.steps import Step
from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.sync.decide.draft import Draft
from sheets_crm.workbook.tabs import BATCHES


def answer_ticks(draft: Draft) -> None:
    """Do what is ticked in Batches: show, then close, then undo."""
    sheet = draft.snapshot.sheets[BATCHES]
    for header, act in (("show", show), ("close", close), ("undo", undo)):
        for batch, cell in sheet.frame[header].items():
            if not is_tick(cell):
                continue
            if _of_gone_step(draft, str(batch)):
                draft.problem("batch_of_gone_step", batch=batch, step=draft.batches.loc[str(batch), "step"])
            elif act(draft, str(batch)):
                draft.untick(BATCHES, header, batch)


def _of_gone_step(draft: Draft, batch: str) -> bool:
    """Return whether a batch is of a step that the settings no longer declare: its leads are left alone."""
    return str(draft.batches.loc[batch, "step"]) not in {step.name for step in draft.schema.steps}


def _step(draft: Draft, batch: str) -> Step:
    return draft.schema.step(str(draft.batches.loc[batch, "step"]))


def outstanding(draft: Draft, step: Step, batch: str) -> list[int]:
    """The LeadNumbers of a batch that have not come back."""
    leads = draft.leads
    states = [state.cell for state in draft.schema.states if state.outstanding]
    out = (leads[step.batch].to_numpy(dtype=object) == batch) & leads[step.status].isin(states).to_numpy()
    return [int(number) for number in leads.index[out]]


def show(draft: Draft, batch: str) -> bool:
    """Put a batch into its step's batch tabs."""
    draft.show(_step(draft, batch), batch)
    draft.log("log_shown", batch=batch)
    return True


def close(draft: Draft, batch: str) -> bool:
    """Complete what never came back of a batch, blank; return whether all of it is done."""
    step = _step(draft, batch)
    numbers = outstanding(draft, step, batch)
    if not numbers:
        draft.said[step.name] = draft.say("close_nothing", batch=batch)
        return True
    chunk = numbers[: draft.budget.leads]
    now = draft.moment.serial
    values: dict[str, str | bool | float] = {step.status: COMPLETED, step.completed_at: now, "updated_at": now}
    draft.leads = put(draft.leads, chunk, values)
    if step.name == "verification":
        draft.leads = _unverified(draft.leads, chunk)
    draft.closed[batch] = draft.closed.get(batch, 0) + len(chunk)
    draft.batches.loc[batch, "closed"] = draft.batch_count(batch, "closed") + len(chunk)
    draft.cause(chunk, f"close {batch}")
    draft.log("log_closed", batch=batch, count=len(chunk))
    draft.more |= len(numbers) > len(chunk)
    return len(numbers) == len(chunk)


def _unverified(leads: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    """Return the leads with blank verdicts of closed ones set to FALSE: an e-mail finder leaves misses out."""
    blank = leads.loc[numbers, "validation_success"]
    missed = [int(number) for number, cell in zip(blank.index, blank, strict=True) if cell == ""]
    return put(leads, missed, {"validation_success": False})


def undo(draft: Draft, batch: str) -> bool:
    """Make a batch's outstanding leads available again; return whether all of it is done."""
    step = _step(draft, batch)
    numbers = outstanding(draft, step, batch)
    if not numbers:
        draft.said[step.name] = draft.say("undo_nothing", batch=batch)
        return True
    chunk = numbers[: draft.budget.leads]
    draft.leads = reopened(draft.leads, step, chunk, now=draft.moment.serial)
    draft.undone[batch] = draft.undone.get(batch, 0) + len(chunk)
    draft.batches.loc[batch, "undone"] = draft.batch_count(batch, "undone") + len(chunk)
    draft.cause(chunk, f"undo {batch}")
    draft.log("log_undone", batch=batch, count=len(chunk))
    draft.more |= len(numbers) > len(chunk)
    return len(numbers) == len(chunk)


def restore_rows(draft: Draft) -> None:
    """Give every batch that leads bear a row again, should Batches have been set back or lost it."""
    for step in draft.schema.steps:
        borne = draft.leads[step.batch].to_numpy(dtype=object)
        known = set(map(str, draft.batches.index))
        for batch in sorted({str(one) for one in np.unique(borne[borne != ""].astype(str))} - known):
            own = borne == batch
            sent_at = draft.leads[step.sent_at].to_numpy(dtype=object)[own]
            version = draft.leads["box1_version"].to_numpy(dtype=object)[own][0] if step.name == "box1" else ""
            draft.add_batch(step, batch, int(own.sum()), str(version))
            draft.batches.loc[batch, "when"] = sent_at[0]


def recount(draft: Draft) -> None:
    """Bring returned and outstanding of every batch up to date."""
    counted = {
        "returned": [state.cell for state in draft.schema.states if state.returned],
        "outstanding": [state.cell for state in draft.schema.states if state.outstanding],
    }
    for step in draft.schema.steps:
        rows = draft.batches.index[draft.batches["step"] == step.name]
        if not len(rows):
            continue
        ids = draft.leads[step.batch].to_numpy(dtype=object)
        for header, states in counted.items():
            counts = pd.Series(ids[draft.leads[step.status].isin(states).to_numpy()], dtype=object).value_counts()
            found = counts.reindex(rows, fill_value=0)
            values = np.array([int(count) for count in found], dtype=object)
            draft.batches.loc[rows, header] = pd.Series(values, index=rows, dtype=object)


def shown(draft: Draft, step: Step) -> str:
    """Return the id of the batch that stands in a step's batch tabs: the chosen one, else the newest."""
    of_step = draft.batches[draft.batches["step"] == step.name]
    chosen = of_step.index[of_step["shown"].to_numpy(dtype=object) != ""]
    if len(chosen):
        return str(chosen[-1])
    return str(of_step.index[-1]) if len(of_step) else ""
