"""Load the snapshot that a run decides on: the workbook as read, compared with the cached leads."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from sheets_crm.engine import table_memory
from sheets_crm.engine.checks import refuse_suspicious
from sheets_crm.engine.control_rows import overwritten
from sheets_crm.engine.control_rows import put_back as put_back_cells
from sheets_crm.engine.erased import known_hashes
from sheets_crm.engine.hand_edits import compare, put_back, refuse_unexplained
from sheets_crm.engine.incremental_read import incremental_read, require_unmoved
from sheets_crm.engine.layout_cache import CannotReadIncrementally, load_layout
from sheets_crm.engine.lead_cache import CachedLeads
from sheets_crm.engine.poll import PollResult, ticked
from sheets_crm.engine.preflight import reconcile_due
from sheets_crm.engine.reading import read
from sheets_crm.engine.refusals import write_refusal
from sheets_crm.engine.session import Session
from sheets_crm.engine.setting_up import widen
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Edit, Snapshot
from sheets_crm.engine.table_memory import TableMemory, compared
from sheets_crm.engine.table_reads import held, row_problems
from sheets_crm.engine.table_repairs import TableRepair, TableWrite, combined, grid_of, repair, repair_columns
from sheets_crm.errors import CrmError, RefusedPlan
from sheets_crm.messages import said
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.leads import cells_of, ready
from sheets_crm.plan.plan import LeadChange
from sheets_crm.workbook import migrations
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.panel import PanelState
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.columns import put_back_columns

_LOG = logging.getLogger(__name__)

UNEXPECTED: Final = "the incremental read failed: reading everything"
"""Logged as an error when an incremental read fails for no reason that was to be expected; a defect."""


def load(session: Session, polled: PollResult) -> Snapshot:
    """Read the workbook: incrementally when the poll proves that nothing moved, else everything.

    Raises:
        RefusedPlan: The read was suspicious; the message stands on Control once.
    """
    snapshot = _with_memory(session, _incremental(session, polled) or _read_everything(session))
    snapshot = replace(snapshot, problems_shown=frozenset(session.remembered.get("problems_shown") or ()))
    return (
        snapshot
        if session.request.now or session.request.plan_only
        else _only_debounced(session, snapshot, polled)
    )


def _read_everything(session: Session) -> Snapshot:
    session.everything = True
    if session.cache.waiting():
        _forget_memory(session)  # it may lack the write that is waiting, which may have been made
    try:
        ports = session.ports
        snapshot = read(ports.gateway, session.settings, ports.clock, ports.progress, session.edited)
        snapshot = _tables_put_back(session, _control_put_back(session, snapshot))
        confirmed = session.request.force or snapshot.panel.confirm
        refuse_suspicious(snapshot, session.remembered, confirmed=confirmed)
        return _compared(session, snapshot, confirmed=confirmed)
    except RefusedPlan as refusal:
        if not session.request.plan_only:
            write_refusal(session, refusal)  # the cache stays as it was: the next run compares with it again
        raise


def _only_debounced(session: Session, snapshot: Snapshot, polled: PollResult) -> Snapshot:
    # Ticks set between the poll and the read have not stood unchanged yet; the next run sends them.
    return replace(snapshot, ticked=ticked(polled, session.settings.schema))


def _incremental(session: Session, polled: PollResult) -> Snapshot | None:
    """Read only what operators may have changed; None when everything has to be read, and the log says why."""
    try:
        _refuse_incremental(session, polled)
        snapshot = _read_incrementally(session, polled)
    except CannotReadIncrementally as reason:
        _LOG.info(said("progress.everything", why=reason.args[0]))
        return None
    except CrmError:
        raise
    except Exception:  # noqa: BLE001 - whatever in the cache does not fit, a full read puts it right
        _LOG.exception(UNEXPECTED)
        session.cache.forget()
        return None
    refuse_suspicious(snapshot, session.remembered, confirmed=snapshot.panel.confirm)
    return snapshot


def _refuse_incremental(session: Session, polled: PollResult) -> None:
    """Stop when everything is to be read whatever the poll proves.

    Raises:
        CannotReadIncrementally: Says why.
    """
    if session.everything:
        raise CannotReadIncrementally(said("why.asked"))
    if reconcile_due(session):
        raise CannotReadIncrementally(said("why.due"))
    if session.cache.waiting():
        raise CannotReadIncrementally(said("why.uncertain"))
    if not migrations.up_to_date(polled.state.text(migrations.APPLIED)):
        raise CannotReadIncrementally(said("why.layout"))  # which a full read refuses


def _read_incrementally(session: Session, polled: PollResult) -> Snapshot:
    layout = load_layout(session.settings.state_dir, session.settings.workbook)
    cached = session.cache.load() if layout is not None else None
    if layout is None or cached is None:
        raise CannotReadIncrementally(said("why.uncached"))
    require_unmoved(polled, layout, cached, session.settings)
    gateway, read_at = session.ports.gateway, session.ports.clock()
    merging = bool(session.request.files or session.request.commands or session.feeding)
    snapshot = incremental_read(
        gateway, session.settings, polled, layout, cached, read_at, merging=merging, edited=session.edited
    )
    return replace(snapshot, row_problems=_problems_remembered(session) | dict(snapshot.row_problems))


def _problems_remembered(session: Session) -> dict[str, dict[str, tuple[int, str]]]:
    """The problems of rows of two-way tables that this worker saw last; the columns themselves are not read."""
    remembered: dict[str, dict[str, Any]] = session.remembered.get("row_problems") or {}
    return {
        table: {key: (int(row), str(text)) for key, (row, text) in rows.items()}
        for table, rows in remembered.items()
    }


def _compared(session: Session, snapshot: Snapshot, *, confirmed: bool) -> Snapshot:
    """Compare the Master with the cached leads: report hand edits, put right what this worker's write misplaced."""
    stamps = {(stamp.sequence, stamp.token) for stamp in snapshot.info.stamps}
    moved = frozenset() if session.request.plan_only else session.cache.resume(stamps)
    cached = session.cache.load()
    if cached is not None:
        snapshot = _restore_misplaced(session, snapshot, cached)
    # At another number somebody else wrote since: the cache says nothing about hand edits and is replaced.
    if cached is None or cached.sequence != snapshot.sequence:
        # Before the leads are saved: should this process die in between, the cells count as they stand.
        _forget_memory(session)
        _save_leads(session, snapshot)
        if not snapshot.repairs and not session.request.plan_only:
            session.cache.clear_pending()
        return snapshot
    compared = compare(snapshot, cached)
    # In the columns of a write that went to other rows, a difference is that write's doing and no hand edit.
    misplaced = tuple(edit for edit in compared.edits if edit.column in moved)
    by_hand = replace(compared, edits=tuple(edit for edit in compared.edits if edit.column not in moved))
    if not confirmed:
        refuse_unexplained(by_hand, snapshot, session.settings.max_change_share)
    if by_hand.edits:
        _report_edits(session, snapshot, by_hand.edits)
    if compared.added and not session.request.plan_only:
        _note_hand_added(session, snapshot, compared.added)
    # After a sort by hand the cached leads would keep another order than the cached layout and never fit it again.
    reordered = not cached.leads.index.equals(snapshot.leads.index)
    if compared.edits or compared.deleted or compared.added or reordered or snapshot.undeleted:
        _save_leads(session, replace(snapshot, leads=put_back(snapshot.leads, misplaced)))
    snapshot = replace(snapshot, put_right=misplaced)
    if not snapshot.repairs and not session.request.plan_only:
        session.cache.clear_pending()
    return snapshot


def _control_put_back(session: Session, snapshot: Snapshot) -> Snapshot:
    """The snapshot with Control as it was before a write of this worker went to other rows of it."""
    prepared = session.cache.pending_control({(stamp.sequence, stamp.token) for stamp in snapshot.info.stamps})
    if prepared is None:
        return snapshot
    sequence, write = prepared
    cells = [list(row) for row in snapshot.panel.cells]
    repairs = overwritten(cells, write, latest=sequence == snapshot.sequence)
    if not repairs:
        return snapshot
    panel = PanelState.of(put_back_cells(cells, repairs))
    return replace(snapshot, panel=panel, control_put_back=repairs)


def _tables_put_back(session: Session, snapshot: Snapshot) -> Snapshot:
    """The snapshot with what puts right the two-way tables of which a write of this worker went to other rows."""
    writes = session.cache.pending_tables({(stamp.sequence, stamp.token) for stamp in snapshot.info.stamps})
    repairs: dict[str, list[TableRepair]] = {}
    for write in writes:
        sheet = snapshot.sheets.get(write.table)
        made = _repair(sheet, snapshot, write) if sheet is not None else None
        if made is not None:
            repairs.setdefault(write.table, []).append(made)
    if not repairs:
        return snapshot
    right = {key: one for key, made in repairs.items() if (one := combined(made)) is not None}
    return replace(snapshot, table_repairs=right, edits={})


def _repair(sheet: Sheet, snapshot: Snapshot, write: TableWrite) -> TableRepair | None:
    cells = snapshot.edits[write.table].cells
    # Where columns were moved, rows cannot be told by what was written: those are put right first, and read again.
    return repair_columns(sheet, cells, write) or repair(sheet, grid_of(sheet, cells), write)


def _forget_memory(session: Session) -> None:
    """Let the worker's cells of two-way tables count as they stand: another worker may have written some."""
    if session.settings.system.tables and not session.request.plan_only:
        table_memory.forget(session.settings.state_dir, session.settings.workbook)


def _with_memory(session: Session, snapshot: Snapshot) -> Snapshot:
    """The snapshot with worker's cells of two-way tables as this worker left them, where they were edited by hand.

    While rows that moved in the second of a write are put right, they stay as they were read.
    """
    if session.request.plan_only and not _is_own(session, snapshot):
        return snapshot
    settings = session.settings
    remembered = table_memory.load(
        settings.state_dir, settings.workbook, snapshot.sequence, settings.system.tables
    )
    if snapshot.repairs:
        return replace(snapshot, memory=TableMemory(remembered))
    # Of a table that waits for `confirm`, cells may stand beside other keys.
    read = {
        key: compared(one, snapshot.sheets.get(key), remembered.get(key, {}))
        for key, one in snapshot.edits.items()
        if put_back_columns(one.spec) and not held(snapshot.system, key)
    }
    sheets = {key: one.sheet for key, one in read.items() if one.sheet is not None}
    return replace(
        snapshot,
        sheets={**snapshot.sheets, **sheets},
        edits={**snapshot.edits, **{key: one.read for key, one in read.items()}},
        row_problems={**snapshot.row_problems, **{key: row_problems(sheet) for key, sheet in sheets.items()}},
        memory=TableMemory(
            remembered,
            {key: read[key].present for key in sheets},
            {key: one.put_back for key, one in read.items() if one.put_back},
        ),
    )


def _is_own(session: Session, snapshot: Snapshot) -> bool:
    """Whether nobody else has written since this worker's last write, as far as is known without taking it up."""
    cached = session.cache.load()
    return cached is not None and cached.sequence == snapshot.sequence and not session.cache.waiting()


def _restore_misplaced(session: Session, snapshot: Snapshot, cached: CachedLeads) -> Snapshot:
    """The snapshot with the right leads when rows were sorted in the very second of an erasure's deletion.

    Cached leads that the Master lacks get their rows back, except those whom another worker erased meanwhile; leads
    that were to be deleted and are still there are deleted now.
    """
    in_master, in_cache = snapshot.leads.index, cached.leads.index
    undeleted = tuple(
        sorted(number for number in session.cache.doomed() if number in in_master and number not in in_cache)
    )
    if not undeleted:
        return snapshot
    missing = (int(number) for number in in_cache.difference(in_master))
    people = ((number, Person.of_cells(number, cells_of(cached.leads, number))) for number in missing)
    lost = [number for number, person in people if not known_hashes(snapshot.system, person)]
    restored = cached.leads.loc[lost].reindex(columns=snapshot.leads.columns, fill_value="")
    kept = snapshot.leads.drop(index=list(undeleted))
    leads = pd.concat([kept, restored]) if lost else kept
    return replace(snapshot, leads=leads, lost=tuple(lost), undeleted=undeleted)


def _save_leads(session: Session, snapshot: Snapshot) -> None:
    if not session.request.plan_only:
        session.cache.save(snapshot.sequence, snapshot.leads)


def _note_hand_added(session: Session, snapshot: Snapshot, numbers: Sequence[int]) -> None:
    """Journal the leads that somebody typed into the Master; the decision that keeps them reports them on Control."""
    when = session.moment().isoformat(timespec="seconds")
    rows = snapshot.leads.loc[list(numbers)].to_dict("records")
    changes = [
        LeadChange(number, "*", "", {str(name): cell for name, cell in row.items() if cell != ""}, "typed by hand")
        for number, row in zip(numbers, rows, strict=True)
    ]
    session.ports.journal.note(when, session.ports.run, snapshot.sequence, changes)


def _report_edits(session: Session, snapshot: Snapshot, edits: Sequence[Edit]) -> None:
    """Report hand edits of the Master on Control, with the first as the example, and journal all of them."""
    example = edits[0]
    row = int(snapshot.master.rows[snapshot.master.frame.index.get_loc(example.lead)]) + 1
    cell = f"{column_letters(snapshot.master.column_index[example.column])}{row}"
    old, new = str(example.expected)[:30], str(example.actual)[:30]
    session.report("hand_edit", count=len(edits), cell=cell, old=old, new=new)
    if not session.request.plan_only:
        when = session.moment().isoformat(timespec="seconds")
        changes = [LeadChange(e.lead, e.column, e.expected, e.actual, "changed by hand") for e in edits]
        session.ports.journal.note(when, session.ports.run, snapshot.sequence, changes)


def report_differences(session: Session, snapshot: Snapshot) -> None:
    """Report results of formulas that differ from what the worker counts, three at most."""
    if snapshot.repairs or not _inputs_follow(snapshot, session.settings):
        return
    moment = session.moment()
    found = (
        difference
        for feature in session.settings.features
        for difference in feature.differences(snapshot, session.settings, moment)
    )
    session.problems += [problem.localized(session.settings.language) for problem in itertools.islice(found, 3)]


def with_batch_tabs(session: Session, snapshot: Snapshot, polled: PollResult) -> Snapshot:
    """Add the batch tabs that Control asks for, or finish a set-up that was cut off; then the snapshot is read anew."""
    ports = session.ports
    made = widen(ports.gateway, session.settings, snapshot, ports.new_ids, ports.run, ports.retries)
    if not made:
        return snapshot
    session.everything = True  # the poll and the caches describe the workbook without the new tabs
    return load(session, polled)


def _inputs_follow(snapshot: Snapshot, settings: RunSettings) -> bool:
    """Whether the input tabs hold exactly the ready leads; where they do not, this run corrects them first."""
    return all(
        np.array_equal(np.unique(snapshot.input(step).frame.index), np.unique(ready(snapshot.leads, step)))
        for step in settings.schema.steps
    )
