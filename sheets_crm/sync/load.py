"""What a run decides on: the workbook as read, compared with what is known of it, and the drops it has claimed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sheets_crm.errors import CrmError, FileError, RefusedPlan, SheetError, TabGone
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import Problem, localize, with_remedy
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.leads import cells_of, ready
from sheets_crm.plan.plan import LeadChange
from sheets_crm.sync import archive, claim
from sheets_crm.sync.checks import refuse_suspicious
from sheets_crm.sync.control_rows import overwritten
from sheets_crm.sync.control_rows import put_back as put_back_cells
from sheets_crm.sync.erased import known_hashes, refuser, without_refused
from sheets_crm.sync.figures import formula_differences
from sheets_crm.sync.hand_edits import compare, put_back, refuse_unexplained
from sheets_crm.sync.incremental_read import incremental_read, unmoved
from sheets_crm.sync.layout_cache import load_layout
from sheets_crm.sync.lead_cache import CachedLeads
from sheets_crm.sync.poll import PollResult, ticked
from sheets_crm.sync.preflight import reconcile_due
from sheets_crm.sync.reading import read, read_import_tabs
from sheets_crm.sync.refusals import write_refusal
from sheets_crm.sync.session import Session
from sheets_crm.sync.setting_aside import set_aside
from sheets_crm.sync.setting_up import widen
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import Edit, ImportTab, PendingImport, Snapshot
from sheets_crm.workbook.cells import column_letters, quoted
from sheets_crm.workbook.control import parse
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.requests import Request

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
    session.say("hand_edit", count=len(edits), cell=cell, old=old, new=new)
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
        session.say("metric_differs", metric=name, shown=shown, counted=counted)


def with_batch_tabs(session: Session, snapshot: Snapshot, polled: PollResult) -> Snapshot:
    """Add the batch tabs that Control asks for and that are not there yet."""
    ports = session.ports
    made = widen(ports.gateway, session.settings, snapshot, ports.new_ids, ports.run, ports.retries)
    if not made:
        return snapshot
    session.everything = True  # the look and the memory are of the workbook before
    return load(session, polled)


def claim_imports(session: Session, snapshot: Snapshot) -> Snapshot:
    """Claim what can be taken and return the snapshot with the drops to merge, in order."""
    own = [tab for tab in snapshot.import_tabs if tab.claimed is None]
    waiting = _still_moving(session, own)
    session.result.unsettled = tuple(tab.tab.title for tab in waiting)
    still = [tab for tab in own if tab not in waiting]
    for tab in still:
        _not_understood(session, tab)
    for tab in waiting:
        session.say("settling", tab=tab.tab.title)
    session.latest = snapshot
    sources = _claimed_before(session, [tab for tab in snapshot.import_tabs if tab.claimed is not None])
    snapshot = session.latest
    if session.request.plan_only:
        sources += [_as_if_claimed(tab, claim.recognised(tab, session.settings.schema)[0]) for tab in still]
    else:
        snapshot, taken = _claim_blocks(session, snapshot, _fitting_claims(session, snapshot, still))
        sources += taken
    sources += _files_left(session, snapshot)
    return snapshot.with_pending([source for source in sources if source.blocks or source.tab is not None])


def _claimed_before(session: Session, import_tabs: Sequence[ImportTab]) -> list[PendingImport]:
    """Return the drops that an earlier run claimed; one that cannot be read as an output any more is set aside."""
    found = []
    for tab in import_tabs:
        source = PendingImport(f"tab:{tab.tab.sheet_id}", tab.source, (), tab.tab, progress=tab.progress)
        try:
            source = claim.as_source(tab, session.settings.schema)
            problem: Exception | None = (
                None if source.blocks or not any(map(any, source.cells)) else _unknown(session)
            )
        except Exception as error:  # noqa: BLE001 - one drop that cannot be read stops no other
            problem = error
        if problem is None:
            found.append(source)
        elif not session.request.plan_only:
            set_aside(session, source, problem)
    return found


def _unknown(session: Session) -> FileError:
    return FileError(localize("not_recognised", session.settings.language))


def _fitting_claims(session: Session, snapshot: Snapshot, import_tabs: Sequence[ImportTab]) -> list[claim.Claim]:
    """Return the claims whose copies the workbook has room for; the others stay where they are, and Control says so."""
    found, cells = [], snapshot.info.cells
    for one in claim.claims(import_tabs, session.settings.schema, session.ports.new_ids):
        more = 0 if one.whole else one.tab.tab.cells
        if cells + more > CELLS_LIMIT:
            session.say("claim_too_large", tab=one.tab.tab.title, cells=f"{more:,}")
        else:
            cells += more
            found.append(one)
    return found


def _still_moving(session: Session, import_tabs: Sequence[ImportTab]) -> list[ImportTab]:
    """Return the drop tabs whose content changed over the settling time."""
    if session.request.now or session.request.plan_only or not import_tabs:
        return []
    session.ports.sleep(session.settings.settle_seconds)
    answers = session.ports.gateway.values([quoted(tab.tab.title) for tab in import_tabs])
    return [tab for tab, cells in zip(import_tabs, answers, strict=True) if cells != tab.cells]


def _not_understood(session: Session, tab: ImportTab) -> None:
    for block in claim.recognised(tab, session.settings.schema)[1]:
        text = in_words(block.problem, session.settings.language)
        first, last = block.first_row + 1, block.last_row + 1
        if first == last:
            session.say("block_of_one_row", tab=tab.tab.title, row=first, problem=text)
        else:
            session.say("block_not_understood", tab=tab.tab.title, first=first, last=last, problem=text)


def _claim_blocks(
    session: Session, snapshot: Snapshot, wanted: Sequence[claim.Claim]
) -> tuple[Snapshot, list[PendingImport]]:
    """Claim tabs in one guarded write; when that is refused, one after another: one bad tab keeps no other waiting."""
    try:
        return _claim_together(session, snapshot, wanted)
    except SheetError as error:
        if isinstance(error, TabGone):
            raise
        if len(wanted) == 1:
            session.say("claim_refused", tab=wanted[0].tab.tab.title, reason=error.message)
            return snapshot, []
    found: list[PendingImport] = []
    for one in wanted:
        snapshot, taken = _claim_blocks(session, snapshot, [one])
        found += taken
    return snapshot, found


def _claim_together(
    session: Session, snapshot: Snapshot, wanted: Sequence[claim.Claim]
) -> tuple[Snapshot, list[PendingImport]]:
    """Claim tabs in one guarded write and read what was claimed: it is what the write took, not what was read."""
    if not wanted:
        return snapshot, []
    count = len(snapshot.info.tabs)
    requests: list[Request] = []
    for one in wanted:
        requests += claim.claim_requests(one, session.settings.account, count)
    requests += session.sequence_request(snapshot)
    applied = session.ports.gateway.apply(requests, sequence=snapshot.sequence, token=session.ports.run)
    session.save_facts(sequence=applied.sequence)
    session.cache.advance(applied.sequence)
    claimed = [claim.claimed_tab(one, count) for one in wanted]
    taken = {tab.sheet_id for tab in claimed}
    emptied = {one.tab.tab.sheet_id: claim.operators_tab(one) for one in wanted if not one.whole}
    kept = tuple(emptied.get(tab.sheet_id, tab) for tab in snapshot.info.tabs if tab.sheet_id not in taken)
    info = replace(snapshot.info, tabs=(*kept, *claimed))
    session.latest = replace(snapshot, info=info, sequence=applied.sequence)
    sources = _claimed_before(session, _claimed_tabs(session, claimed))
    return session.latest, sources


def _claimed_tabs(session: Session, tabs: Sequence[TabInfo]) -> tuple[ImportTab, ...]:
    answers = session.ports.gateway.values([quoted(tab.title) for tab in tabs])
    return read_import_tabs(session.ports.gateway, list(zip(tabs, answers, strict=True)))


def _files_left(session: Session, snapshot: Snapshot) -> list[PendingImport]:
    """Return the drops of files that are not merged yet: those of this command and those a crash left."""
    record = snapshot.system.record("open_drop")
    done = record.get("ref") if record.get("finished") else None
    found = []
    for source in session.request.files:
        if source.ref == done:
            archive_file(session, snapshot, source.ref)
        else:
            found.append(source)
    return found


def archive_file(session: Session, snapshot: Snapshot, ref: str) -> None:
    """Take a merged file out of the spool and archive it; rows of erased people are blank in the archive."""
    state_dir, name = session.settings.state_dir, ref.removeprefix("file:")
    refused = refuser(snapshot.system)
    for waiting in archive.spooled(state_dir):
        for table in waiting.tables if waiting.name == name else ():
            cells = without_refused(table["cells"], refused, session.settings.schema, table.get("step"))
            archive.archive(
                state_dir, f"file-{name}", cells, {"source": waiting.label, "workbook": session.settings.workbook}
            )
    archive.unspool(state_dir, name)


def in_words(problem: str | None, language: str) -> str:
    """Return why a block was not recognised and what to do about it, in a language."""
    if not isinstance(problem, Problem):
        return str(problem)
    return with_remedy(problem.code, language, **problem.params)


def _as_if_claimed(tab: ImportTab, good: Sequence[Block]) -> PendingImport:
    return PendingImport(f"tab:{tab.tab.sheet_id}", tab.source, tuple(good))


def _inputs_follow(snapshot: Snapshot, settings: RunSettings) -> bool:
    """Return whether the input tabs hold the ready leads; where they do not, this run puts them right first."""
    return all(
        np.array_equal(np.unique(snapshot.input(step).frame.index), np.unique(ready(snapshot.leads, step)))
        for step in settings.schema.steps
    )
