"""Load what a run decides on: the workbook as read, compared with what this worker last left there."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sheets_crm.errors import CrmError, RefusedPlan
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.leads import cells_of, ready
from sheets_crm.plan.plan import LeadChange
from sheets_crm.sync import archive
from sheets_crm.sync.checks import refuse_suspicious
from sheets_crm.sync.control_rows import overwritten
from sheets_crm.sync.control_rows import put_back as put_back_cells
from sheets_crm.sync.erased import known_hashes
from sheets_crm.sync.figures import formula_differences
from sheets_crm.sync.hand_edits import compare, put_back, refuse_unexplained
from sheets_crm.sync.incremental_read import incremental_read, unmoved
from sheets_crm.sync.layout_cache import load_layout
from sheets_crm.sync.lead_cache import CachedLeads
from sheets_crm.sync.poll import PollResult, ticked
from sheets_crm.sync.preflight import reconcile_due
from sheets_crm.sync.reading import read
from sheets_crm.sync.refusals import write_refusal
from sheets_crm.sync.session import Session
from sheets_crm.sync.setting_up import widen
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import Edit, Snapshot
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.control import parse

_LOG = logging.getLogger(__name__)


def load(session: Session, polled: PollResult) -> Snapshot:
    """Read what a decision needs: little when the look proves that nothing moved, else everything.

    Raises:
        RefusedPlan: The read was suspicious; the message stands on Control once.
    """
    little = _light(session, polled)
    if little is not None:
        return (
            little
            if session.request.now or session.request.plan_only
            else _only_debounced(session, little, polled)
        )
    session.everything = True
    try:
        snapshot = read(session.ports.gateway, session.settings, session.ports.clock, session.ports.progress)
        snapshot = _control_put_back(session, snapshot)
        confirmed = session.request.force or snapshot.control.confirm
        refuse_suspicious(snapshot, session.remembered, confirmed=confirmed)
        snapshot = _compared(session, snapshot, confirmed=confirmed)
    except RefusedPlan as refusal:
        if not session.request.plan_only:
            write_refusal(session, refusal)  # what was known before is what the next run compares with
        raise
    return (
        snapshot
        if session.request.now or session.request.plan_only
        else _only_debounced(session, snapshot, polled)
    )


def _only_debounced(session: Session, snapshot: Snapshot, polled: PollResult) -> Snapshot:
    return replace(snapshot, ticked=ticked(polled, session.settings.schema))


def _light(session: Session, polled: PollResult) -> Snapshot | None:
    """Read only what operators may have changed, when the look proves that nothing else did."""
    if session.everything or reconcile_due(session) or session.cache.waiting():
        return None
    layout = load_layout(session.settings.state_dir, session.settings.workbook)
    known = session.cache.load() if layout is not None else None
    if layout is None or known is None or not unmoved(polled, layout, known, session.settings.schema):
        return None
    gateway, now = session.ports.gateway, session.ports.clock()
    merging = bool(session.request.files or session.request.command)
    try:
        snapshot = incremental_read(gateway, session.settings, polled, layout, known, now, merging=merging)
    except CrmError:
        raise
    except Exception:  # noqa: BLE001 - whatever does not fit, reading everything puts it right
        _LOG.exception("cached facts do not match the workbook: reading everything")
        session.cache.forget()
        return None
    if snapshot is not None:
        confirmed = snapshot.control.confirm
        refuse_suspicious(snapshot, session.remembered, confirmed=confirmed)
    return snapshot


def _compared(session: Session, snapshot: Snapshot, *, confirmed: bool) -> Snapshot:
    """Compare the Master with what this worker last left there; put right what its own write misplaced."""
    stamps = {(stamp.sequence, stamp.token) for stamp in snapshot.info.stamps}
    moved = frozenset() if session.request.plan_only else session.cache.resume(stamps)
    known = session.cache.load()
    if known is not None:
        snapshot = _restore_misplaced(session, snapshot, known)
    if known is None or known.sequence != snapshot.sequence:
        _keep(session, snapshot)
        if not snapshot.repairs and not session.request.plan_only:
            session.cache.clear_pending()
        return snapshot
    found = compare(snapshot, known)
    wrong = tuple(edit for edit in found.edits if edit.column in moved)
    rest = replace(found, edits=tuple(edit for edit in found.edits if edit.column not in moved))
    if not confirmed:
        refuse_unexplained(rest, snapshot, session.settings.max_change_share)
    if rest.edits:
        _report_edits(session, snapshot, rest.edits)
    if found.strange and not session.request.plan_only:
        _note_hand_added(session, snapshot, found.strange)
    # Sorted by hand, the cache would go on holding another order than the places, and never fit them again.
    reordered = not known.leads.index.equals(snapshot.leads.index)
    if found.edits or found.gone or found.strange or reordered or snapshot.undeleted:
        _keep(session, replace(snapshot, leads=put_back(snapshot.leads, wrong)))
    snapshot = replace(snapshot, put_right=wrong)
    if not snapshot.repairs and not session.request.plan_only:
        session.cache.clear_pending()
    return snapshot


def _control_put_back(session: Session, snapshot: Snapshot) -> Snapshot:
    """See Control as it was before a write of this worker went to another row of it."""
    prepared = session.cache.pending_control({(stamp.sequence, stamp.token) for stamp in snapshot.info.stamps})
    if prepared is None:
        return snapshot
    sequence, write = prepared
    now = [list(row) for row in snapshot.control.cells]
    found = overwritten(now, write, latest=sequence == snapshot.sequence)
    if not found:
        return snapshot
    control = parse(put_back_cells(now, found), session.settings.schema)
    return replace(snapshot, control=control, control_put_back=found)


def _restore_misplaced(session: Session, snapshot: Snapshot, known: CachedLeads) -> Snapshot:
    """See the leads as they should be when an erasure's deletion went to other rows, sorted in that very second.

    Leads that are known and not there get their rows back, but for those whom another worker erased meanwhile; those
    that were to go, and are there, go now.
    """
    there, before = snapshot.leads.index, known.leads.index
    undeleted = tuple(
        sorted(number for number in session.cache.doomed() if number in there and number not in before)
    )
    if not undeleted:
        return snapshot
    people = ((int(n), Person.of_cells(int(n), cells_of(known.leads, int(n)))) for n in before.difference(there))
    lost = [number for number, person in people if not known_hashes(snapshot.system, person)]
    back = known.leads.loc[lost].reindex(columns=snapshot.leads.columns, fill_value="")
    kept = snapshot.leads.drop(index=list(undeleted))
    leads = pd.concat([kept, back]) if lost else kept
    return replace(snapshot, leads=leads, lost=tuple(lost), undeleted=undeleted)


def _keep(session: Session, snapshot: Snapshot) -> None:
    if not session.request.plan_only:
        session.cache.save(snapshot.sequence, snapshot.leads)


def _note_hand_added(session: Session, snapshot: Snapshot, numbers: Sequence[int]) -> None:
    """Note in the change journal the leads that somebody typed into the Master; Control is told when they are kept."""
    when = session.moment().isoformat(timespec="seconds")
    rows = snapshot.leads.loc[list(numbers)].to_dict("records")
    changes = [
        LeadChange(number, "*", "", {str(name): cell for name, cell in row.items() if cell != ""}, "typed by hand")
        for number, row in zip(numbers, rows, strict=True)
    ]
    archive.note_changes(
        session.settings.state_dir, when, session.ports.run, snapshot.sequence, changes, session.settings.workbook
    )


def _report_edits(session: Session, snapshot: Snapshot, edits: Sequence[Edit]) -> None:
    """Say that cells of the Master were changed by hand, and note it in the change journal."""
    first = edits[0]
    row = int(snapshot.master.rows[snapshot.master.frame.index.get_loc(first.lead)]) + 1
    cell = f"{column_letters(snapshot.master.column_index[first.column])}{row}"
    old, new = str(first.expected)[:30], str(first.found)[:30]
    session.report("hand_edit", count=len(edits), cell=cell, old=old, new=new)
    if not session.request.plan_only:
        when = session.moment().isoformat(timespec="seconds")
        changes = [LeadChange(e.lead, e.column, e.expected, e.found, "changed by hand") for e in edits]
        archive.note_changes(
            session.settings.state_dir,
            when,
            session.ports.run,
            snapshot.sequence,
            changes,
            session.settings.workbook,
        )


def compare_figures(session: Session, snapshot: Snapshot) -> None:
    """Report the metrics whose formula shows another value than the worker counts."""
    if snapshot.repairs or not _inputs_follow(snapshot, session.settings):
        return
    for name, shown, counted in formula_differences(snapshot, session.settings, session.moment())[:3]:
        session.report("metric_differs", metric=name, shown=shown, counted=counted)


def with_batch_tabs(session: Session, snapshot: Snapshot, polled: PollResult) -> Snapshot:
    """Add the batch tabs that Control asks for and that are not there yet."""
    ports = session.ports
    made = widen(ports.gateway, session.settings, snapshot, ports.new_ids, ports.run, ports.retries)
    if not made:
        return snapshot
    session.everything = True  # the look and the memory are of the workbook before
    return load(session, polled)


def _inputs_follow(snapshot: Snapshot, settings: RunSettings) -> bool:
    """Return whether the input tabs hold the ready leads; where they do not, this run puts them right first."""
    return all(
        np.array_equal(np.unique(snapshot.input(step).frame.index), np.unique(ready(snapshot.leads, step)))
        for step in settings.schema.steps
    )
