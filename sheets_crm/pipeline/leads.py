"""The leads as a frame, and how sending, reopening and eligibility change their states.

A *leads frame* has one row per lead: the index is the LeadNumber (int, unique), the columns are the Master's
headers but LeadNumber, every column has dtype object and every cell the value the sheet holds: str, bool, float
or int, and "" for a blank. Moments are days since 1899-12-30 in the workbook's time zone (Google's serial number).
Functions return a new frame and never change their argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.pipeline.columns import LEAD_NUMBER, Cell
from sheets_crm.pipeline.schema import Form, Need, Schema, Step
from sheets_crm.pipeline.states import NOT_ELIGIBLE, PROCESSING, READY, Holder, fallback

ADDRESS: Final = r"[^\s@,;<>]+@(?:[^\s@,;<>.]+\.)+[^\W\d_][\w-]+"
"""A well-formed e-mail address; whether its domain takes mail is not asked."""


def no_leads(schema: Schema) -> pd.DataFrame:
    """The leads frame of an empty Master."""
    columns = [name for name in schema.names if name != LEAD_NUMBER]
    index = pd.Index([], dtype="int64", name=LEAD_NUMBER)
    return pd.DataFrame({name: pd.Series([], dtype=object, index=index) for name in columns}, index=index)


def cells_of(leads: pd.DataFrame, number: int) -> dict[str, Cell]:
    """One lead's cells by header."""
    return {str(name): leads[name].loc[number] for name in leads.columns}


def is_true(column: pd.Series) -> pd.Series:
    """Mask of the rows whose flag is TRUE (a text TRUE is not a flag)."""
    # True is a singleton: one vectorised comparison of ids tells it from 1, which == does not.
    return pd.Series(object_ids(column.to_numpy(dtype=object)) == id(True), index=column.index)


def object_ids(cells: np.ndarray) -> np.ndarray:
    """Object ids of a column of cells, so that unchanged cells compare without ``==``.

    Valid only while the cells are alive: CPython reuses the id of a deleted object.
    """
    # An object array stores pointers, and in CPython a pointer is the object's id.
    return np.frombuffer(cells.tobytes(), dtype=np.intp)


def filled(column: pd.Series) -> pd.Series:
    """Mask of the rows where a column is not blank."""
    return pd.Series(column.to_numpy(dtype=object) != "", index=column.index, dtype=bool)


def holds(leads: pd.DataFrame, need: Need) -> pd.Series:
    """Mask of the leads that meet one condition."""
    column = leads[need.column]
    if need.value is None:
        return filled(column)
    if need.value is True:
        return is_true(column)
    if need.value is False:
        return ~is_true(column)
    if need.value is Form.ADDRESS:
        return column.astype(str).str.fullmatch(ADDRESS)
    return pd.Series(column.to_numpy(dtype=object) == need.value, index=column.index, dtype=bool)


def eligible(leads: pd.DataFrame, step: Step) -> pd.Series:
    """Mask of the leads that meet the step's conditions, sent or not (the owner's sections 6 to 10)."""
    mask = pd.Series(False, index=leads.index)
    for alternative in step.needs:
        meets = pd.Series(True, index=leads.index)
        for need in alternative:
            meets &= holds(leads, need)
            if not meets.any():
                break
        mask |= meets
    return mask


def with_column(leads: pd.DataFrame, name: str, values: object) -> pd.DataFrame:
    """The leads with one column replaced; the other columns are shared, not copied."""
    replaced = leads.copy(deep=False)
    replaced[name] = pd.Series(np.asarray(values, dtype=object), index=leads.index, dtype=object)
    return replaced


def put(leads: pd.DataFrame, numbers: Iterable[int], values: Mapping[str, Cell]) -> pd.DataFrame:
    """The leads with the same values written into some of them, by LeadNumber."""
    rows = leads.index.get_indexer(pd.Index(list(numbers), dtype="int64"))
    written = leads.copy(deep=False)
    for name, value in values.items():
        column = leads[name].to_numpy(dtype=object, copy=True)
        column[rows] = value
        written[name] = pd.Series(column, index=leads.index, dtype=object)
    return written


def with_states(leads: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The leads with the state of each step derived anew: who is ready, who is no longer.

    A sent lead keeps its state whatever its other columns say now (the owner's rule: states are explicit, never
    inferred); an unsent one is ready or not yet eligible. A cell with a state that the lead may not hold gets the
    fallback of such leads.
    """
    order = list(Holder)
    first = [fallback(schema.states, holder) for holder in order]
    words = np.array([state.cell for state in first], dtype=object)
    unfit, fit, sent = map(order.index, (Holder.UNFIT, Holder.FIT, Holder.SENT))
    for step in schema.steps:
        cells = leads[step.status].to_numpy(dtype=object)
        waiting = np.where(eligible(leads, step).to_numpy(), fit, unfit)
        # np.where picks small integers, not words: with words numpy would convert a Python object for every lead.
        holders = np.where(is_true(leads[step.sent]).to_numpy(), sent, waiting)
        states = words[holders]
        for state in (state for state in schema.states_of(step) if state not in first):
            states[(cells == state.cell).astype(bool) & (holders == order.index(state.holder))] = state.cell
        if not np.array_equal(states, cells):
            leads = with_column(leads, step.status, states)
    return leads


def ready(leads: pd.DataFrame, step: Step) -> pd.Index[int]:
    """LeadNumbers of the leads that are ready for a step: the rows of its input tab."""
    numbers: pd.Index[int] = leads.index[leads[step.status].to_numpy(dtype=object) == READY]
    return numbers


def mark_sent(
    leads: pd.DataFrame,
    step: Step,
    numbers: Iterable[int],
    *,
    batch: str,
    now: float,
    box1_version: str,
) -> pd.DataFrame:
    """The leads after a batch of them is sent to a step.

    Args:
        leads: The leads frame.
        step: The step they are sent to.
        numbers: LeadNumbers of ready leads.
        batch: The batch's id, such as ``V-0007``.
        now: The time of the send (serial number).
        box1_version: The version that box 1 runs under, from Control.
    """
    placeholders: dict[str, Cell] = {"@now": now, "@box1_version": box1_version}
    values: dict[str, Cell] = {
        step.sent: True,
        step.sent_at: now,
        step.batch: batch,
        step.status: PROCESSING,
        step.completed_at: "",
        "updated_at": now,
    }
    values.update({column: placeholders.get(value, value) for column, value in step.sets})
    return put(leads, numbers, values)


def reopened(leads: pd.DataFrame, step: Step, numbers: Iterable[int], *, now: float) -> pd.DataFrame:
    """The leads after a further attempt at a step is opened for some of them.

    Their sent flag, batch and times of that step are cleared; what its output brought stays until a new output
    replaces it. A stored lead leaves Storage.
    """
    values: dict[str, Cell] = {
        step.sent: False,
        step.sent_at: "",
        step.batch: "",
        step.status: NOT_ELIGIBLE,
        step.completed_at: "",
        "updated_at": now,
    }
    cleared = {column: value for column, value in step.clears if column in leads.columns}
    return put(leads, numbers, {**values, **cleared})
