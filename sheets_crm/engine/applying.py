"""Decide and write, part after part: each is a guarded write that leaves a correct workbook and is then recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from sheets_crm.engine import archive, table_memory
from sheets_crm.engine.claim_imports import archive_file
from sheets_crm.engine.commands import Command
from sheets_crm.engine.control_rows import ControlWrite
from sheets_crm.engine.decide import Decision, decide
from sheets_crm.engine.erased import refuser, without_refused
from sheets_crm.engine.mirroring import mirror_write
from sheets_crm.engine.reading import find_import_tabs, set_aside_tabs
from sheets_crm.engine.retries import ReadAgain
from sheets_crm.engine.session import Session, UndecidedError
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.table_repairs import table_writes
from sheets_crm.engine.verify import expectations, misplaced
from sheets_crm.engine.working_state import Budget, RunClock
from sheets_crm.errors import Conflict, CrmError, SheetError, refusal_of
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import said
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.plan.changes import DeleteRows, RemoveTab
from sheets_crm.plan.plan import Plan, cost
from sheets_crm.workbook.cells import serial, zone_of
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.roles import PANEL, SYSTEM

PLAN_SECONDS: Final = 120.0
"""A plan made from a read older than this is not applied: the run reads and plans again."""


def apply_parts(session: Session, snapshot: Snapshot, problems: Sequence[str]) -> Decision:
    """Decide and apply part after part until nothing is left."""
    budget, made_at = session.ports.budget, snapshot.read_at
    # A command is obeyed once, however often its run begins anew.
    waiting = session.waiting
    index: LeadIndex | None = None
    while True:
        with _undecided_errors():
            decision = _decided(session, snapshot, budget, problems, waiting, index)
            requests = decision.plan.requests()
            weight = cost(decision.plan, requests)
        session.begun = True
        if decision.plan.empty:
            session.result.answers += decision.answers
            after = replace(snapshot, memory=decision.next.memory)
            _remember_cells(session, snapshot, after)
            return replace(decision, next=after)
        _refuse_unread_notes(snapshot, decision.plan)
        if weight.over > 1 and max(budget.rows, budget.leads) > 1:
            # A plan's cost grows about as its budget does; a margin of a tenth, and 30 % off at least, keep tries few.
            budget = budget.times(min(0.9 / weight.over, 0.7))
            continue
        if session.request.plan_only:
            session.result.plans.append(decision.plan)
            snapshot = decision.next
        else:
            if session.ports.clock() - made_at > PLAN_SECONDS:
                # Rows may have moved since: the guard detects writes of workers, not of people who sort.
                raise ReadAgain(said("again.old_plan"))
            snapshot = _apply_one(session, snapshot, decision, requests)
            made_at = session.ports.clock()
        session.result.answers += decision.answers
        # A command may have given a lead other keys, so its index is not carried on.
        waiting, index = decision.waiting, None if session.request.commands else decision.index
        if not decision.plan.more or session.ports.stop():
            return replace(decision, next=snapshot)
        session.ports.retries.progressed()


@contextmanager
def _undecided_errors() -> Iterator[None]:
    """Set an unforeseen failure of the decision apart from a failure of the write.

    Raises:
        UndecidedError: With what was raised as its cause.
    """
    try:
        yield
    except (CrmError, ReadAgain):
        raise
    except Exception as error:
        raise UndecidedError(type(error).__name__) from error


def _refuse_unread_notes(snapshot: Snapshot, plan: Plan) -> None:
    """After an incremental read, read everything before a row is deleted whose note was not read: it would be lost."""
    if snapshot.notes_read is None:
        return
    for change in plan.changes:
        key = change.sheet.spec.key if isinstance(change, DeleteRows) else ""
        if isinstance(change, DeleteRows) and key.startswith("input."):
            leaving = {int(lead) for lead in change.sheet.frame.index[change.positions]}
            if leaving - snapshot.notes_read[key.removeprefix("input.")]:
                raise ReadAgain(said("again.notes"))


def _decided(
    session: Session,
    snapshot: Snapshot,
    budget: Budget,
    problems: Sequence[str],
    waiting: Sequence[Command],
    index: LeadIndex | None,
) -> Decision:
    return decide(
        snapshot,
        session.settings,
        RunClock(serial(session.moment(), zone_of(snapshot.info.time_zone)), session.ports.run),
        budget=budget,
        problems=problems,
        commands=waiting,
        begun=session.begun,
        index=index,
        refused=session.to_log,
    )


def _apply_one(session: Session, snapshot: Snapshot, decision: Decision, requests: list[Request]) -> Snapshot:
    plan = decision.plan
    _refuse_too_many_cells(decision)
    with _undecided_errors():
        _archive_imports(session, snapshot, plan)
    checks = expectations(plan, decision.next)
    repairing = {edit.column for edit in snapshot.put_right}
    pending = session.cache.pending_control({(s.sequence, s.token) for s in snapshot.info.stamps})
    # Should this repair miss its rows too, the next read still has to know what the write before it misplaced.
    misplaced_before = (*pending[1].cells, *pending[1].earlier) if pending and snapshot.control_put_back else ()
    control = ControlWrite.of_changes(plan.changes, [list(row) for row in snapshot.panel.cells], misplaced_before)
    tables, missed = table_writes(plan.changes), session.cache.pending_table_writes() if snapshot.repairs else []
    session.cache.save_pending(
        snapshot.sequence + 1, session.ports.run, plan.changes, repairing, control, tables, missed
    )
    if plan.journal or plan.row_journal:
        session.ports.journal.prepare()
    session.ports.progress(_progress(plan))
    try:
        applied = session.ports.gateway.apply(
            requests,
            sequence=snapshot.sequence,
            token=session.ports.run,
            read_back=[check.range for check in checks],
        )
    except (Conflict, SheetError):
        if not snapshot.repairs:
            # The run's next write may take the same number with the same token; its stamp would vouch for this one.
            session.cache.clear_pending()
        raise
    when = session.moment().isoformat(timespec="seconds")
    session.ports.journal.note(when, session.ports.run, applied.sequence, [*plan.journal, *plan.row_journal])
    session.result.plans.append(plan.for_report())
    after = replace(decision.next, sequence=applied.sequence)
    mirror_write(session, plan.changes, after)
    session.latest = after
    session.to_log = []
    session.waiting = decision.waiting
    _record(session, after)
    _archive_merged_file(session, after)
    misplaced_keys = misplaced(checks, applied.read_back)
    if misplaced_keys:
        # The pending write stays on disk until a read has put the rows right: this process may die before that.
        session.ports.progress(said("progress.repair"))
        raise ReadAgain(
            said("again.misplaced", rows=misplaced_keys),
            state=said("again.misplaced.state"),
        )
    _remember_cells(session, snapshot, after)
    session.cache.append(applied.sequence, plan.changes, after.leads, settled=True)
    return after


def _refuse_too_many_cells(decision: Decision) -> None:
    cells = decision.next.system.number("cells_used")
    if cells > CELLS_LIMIT:
        raise refusal_of("cells_full", cells=cells)


def _archive_imports(session: Session, snapshot: Snapshot, plan: Plan) -> None:
    """Archive the raw cells of imports whose claimed tabs this write deletes, before it does."""
    deleted = {change.tab.sheet_id for change in plan.changes if isinstance(change, RemoveTab)}
    for source in snapshot.sources:
        if source.tab is not None and source.tab.sheet_id in deleted:
            named = {"step": source.kind} if source.kind else {}
            facts = {"source": source.label, "workbook": snapshot.info.spreadsheet_id, **named}
            schema, step = session.settings.schema, source.kind or None
            cells = without_refused(source.cells, refuser(snapshot.system), schema, step, session.answers)
            archive.archive(session.settings.state_dir, f"drop-{source.tab.sheet_id}", cells, facts)


def _archive_merged_file(session: Session, after: Snapshot) -> None:
    record = after.system.record("open_drop")
    ref = str(record.get("ref", ""))
    if record.get("finished") and ref.startswith("file:"):
        archive_file(session, after, ref)


def _record(session: Session, after: Snapshot) -> None:
    """Remember the latest write and LeadNumber, by which a later run detects that the workbook was rolled back."""
    session.save_facts(sequence=after.sequence, next_lead_number=after.system.number("next_lead_number", 1))


def _remember_cells(session: Session, before: Snapshot, after: Snapshot) -> None:
    """Remember the worker's cells of two-way tables, by which the next reads tell hand edits.

    That comes before the pending write is cleared: a process that dies in between leaves that note, and the next one
    then takes the cells as they stand. So it does after rows were put right.
    """
    if session.request.plan_only or before.table_repairs or table_memory.unchanged(before.memory, after.memory):
        return
    state_dir, workbook = session.settings.state_dir, session.settings.workbook
    table_memory.save(state_dir, workbook, after.sequence, after.memory)


def save_titles(session: Session, after: Snapshot) -> None:
    """Remember the titles and ids that the next poll and heartbeat need; another layout makes a run read again."""
    import_tabs = {tab.sheet_id for tab in find_import_tabs(after.info)}
    operators_tabs = [tab for tab in after.info.tabs if tab.mark is None and tab.sheet_id not in import_tabs]
    operators_tabs += [tab for tab, _ in set_aside_tabs(after.info)]  # renamed, they are import tabs again
    session.save_facts(
        own_tabs=[[tab.sheet_id, tab.title] for tab in operators_tabs],
        system_title=after.tabs[SYSTEM].title,
        system_tab=after.tabs[SYSTEM].sheet_id,
        system_keys=list(session.settings.system.polled_keys),
        control_title=after.tabs[PANEL].title,
        control_tab=after.tabs[PANEL].sheet_id,
        time_zone=after.info.time_zone,
    )


def _progress(plan: Plan) -> str:
    lines = "; ".join(plan.summary.sentences)
    return f"writing: {lines}" if lines else "writing"
