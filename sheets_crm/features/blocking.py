"""Blocked leads: who stands on Do not contact is ready for no step that contacts leads.

The state of each lead is kept in the Master, so most runs need not know the list: only a lead that becomes ready, or
whose addresses change, is compared with all of it, and an entry that was just typed with all ready leads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.table_edits import held_by_now
from sheets_crm.engine.table_rows import ReadTable
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.do_not_contact_rows import (
    DO_NOT_CONTACT,
    bring_back,
    country,
    edits_read,
    former,
    is_whole,
    remembers,
    standing_after,
    standings,
    standings_of,
)
from sheets_crm.pipeline.do_not_contact import CONTACT, EMAIL, DoNotContact, normal_form
from sheets_crm.pipeline.imports.contacts.phones import country_of
from sheets_crm.pipeline.leads import put
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.states import BLOCKED, READY

CAUSE: Final = "do not contact"


def prepare(working: WorkingState) -> None:
    """Block the ready leads that the list names as far as it was read, before ticks are obeyed."""
    if DO_NOT_CONTACT in working.snapshot.tabs:
        _block(working, _entries(working))


def conclude(working: WorkingState) -> None:
    """Block the ready leads that the list names, and let those go whom it names no more.

    Where rows may have been deleted that nobody remembers, who is blocked and whom no row names comes back on the list.

    Raises:
        ReadTable: The edited rows alone were read, and that takes the whole list.
    """
    if not is_whole(working) and _needs_the_list(working):
        raise ReadTable(DO_NOT_CONTACT)
    entries = _entries(working)
    _block(working, entries)
    if is_whole(working) and not held_by_now(working, DO_NOT_CONTACT):
        _let_go(working, entries)


def _entries(working: WorkingState) -> DoNotContact:
    return DoNotContact.of(one.form for one in standings(working).values() if one.counts)


def _block(working: WorkingState, entries: DoNotContact) -> None:
    for step in working.schema.sending_steps if entries else ():
        ready = _in_state(working.leads, step, READY)
        named = ready[entries.names(working.leads.loc[ready], country(working))]
        _set(working, step, named, BLOCKED, "do_not_contact.blocked")


def _let_go(working: WorkingState, entries: DoNotContact) -> None:
    lifted = DoNotContact.of(one.form for one in standings(working).values() if one.lifted_at is not None)
    for step in working.schema.sending_steps:
        blocked = _in_state(working.leads, step, BLOCKED)
        free = blocked[~entries.names(working.leads.loc[blocked], country(working))]
        if not remembers(working):
            explained = lifted.names(working.leads.loc[free], country(working))
            for number in free[~explained]:
                _list_again(working, int(number))
            free = free[explained]
        _set(working, step, free, READY, "do_not_contact.let_go")


def _list_again(working: WorkingState, number: int) -> None:
    address = normal_form(str(working.leads.loc[number, EMAIL]))
    bring_back(working, address if "@" in address else str(number))


def _in_state(leads: pd.DataFrame, step: Step, *states: str) -> pd.Index[int]:
    cells = leads[step.status].to_numpy(dtype=object)
    mask = np.logical_or.reduce([cells == state for state in states])
    return leads.index[np.asarray(mask, dtype=bool)]


def _set(working: WorkingState, step: Step, numbers: pd.Index[int], state: str, code: str) -> None:
    if not len(numbers):
        return
    working.leads = put(working.leads, numbers, {step.status: state})
    working.cause((number for number in numbers if int(number) not in working.causes), CAUSE)
    working.log(code, step=step.name, count=len(numbers))


def _needs_the_list(working: WorkingState) -> bool:
    """Whether the states of leads do not follow from the edited rows alone."""
    pairs = ((former(working, edit), standing_after(working, edit)[0]) for edit in edits_read(working))
    if any(before.counts and before != after for before, after in pairs):
        return True
    # The sum over the rows' keys is 0, or blank, where there are none.
    return bool(working.snapshot.orders.get(DO_NOT_CONTACT)) and any(
        _may_be_named(working, step) for step in working.schema.sending_steps
    )


def _may_be_named(working: WorkingState, step: Step) -> bool:
    """Whether a lead became ready in this write, or one that is ready or blocked got another address."""
    leads, before = working.leads, working.snapshot.leads
    fit = _in_state(leads, step, READY, BLOCKED)
    places = before.index.get_indexer(fit)
    if (places < 0).any():
        return True
    was = before.iloc[places]
    if len(_in_state(was, step, READY, BLOCKED)) < len(fit):
        return True
    present = (name for name in CONTACT if name in leads.columns and name in before.columns)
    return any((leads.loc[fit, name].to_numpy() != was[name].to_numpy()).any() for name in present)


@dataclass(frozen=True, slots=True)
class Check:
    """What the list and the states of the leads come to beside each other.

    Attributes:
        entries: How many entries count.
        blocked: How many leads are blocked.
        wrong: How many leads are ready whom the list names, or blocked whom it does not name.
    """

    entries: int
    blocked: int
    wrong: int


def check(snapshot: Snapshot, schema: Schema) -> Check | None:
    """Compare the states of the leads with the list; None without one."""
    if DO_NOT_CONTACT not in snapshot.sheets:
        return None
    forms = {one.form for _, one in standings_of(snapshot) if one.counts}
    entries = DoNotContact.of(forms)
    blocked = wrong = 0
    for step in schema.sending_steps:
        leads = snapshot.leads.loc[_in_state(snapshot.leads, step, READY, BLOCKED)]
        is_blocked = leads[step.status].to_numpy(dtype=object) == BLOCKED
        named = entries.names(leads, country_of(snapshot.info.locale))
        blocked += int(is_blocked.sum())
        wrong += int((is_blocked != named).sum())
    return Check(len(forms), blocked, wrong)
