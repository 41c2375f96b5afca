"""One run: poll, debounce, read, claim, decide, apply, record.

Everything it needs comes from outside (the gateway, the clock, sleep, ids), so a run can be played in a test to the
last request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sheets_crm.engine.applying import apply_parts, save_titles
from sheets_crm.engine.claim_imports import claim_imports
from sheets_crm.engine.decide import Decision
from sheets_crm.engine.feeding import feeding_due, replay_understood, settle_fed
from sheets_crm.engine.kept_columns import make_columns
from sheets_crm.engine.layout_cache import save_layout
from sheets_crm.engine.load import load, report_differences, with_batch_tabs
from sheets_crm.engine.mirroring import mirror_read
from sheets_crm.engine.module_checks import modules_changed
from sheets_crm.engine.poll import PollResult, poll_workbook
from sheets_crm.engine.preflight import (
    answered_away,
    debounced,
    due,
    heartbeat,
    polled_before,
    refused_before,
    renamed,
    save_quiet_poll,
    save_recalled,
    save_refusal,
)
from sheets_crm.engine.refusals import write_refusal
from sheets_crm.engine.retries import ReadAgain, read_again
from sheets_crm.engine.session import RunPorts, RunRequest, RunResult, Session, UndecidedError
from sheets_crm.engine.setting_aside import apply_all, problems
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.table_rows import ReadTable
from sheets_crm.errors import RefusedPlan, SheetError, TabGone
from sheets_crm.messages import said
from sheets_crm.pipeline.ticks import is_tick


def run_once(ports: RunPorts, settings: RunSettings, request: RunRequest) -> RunResult:
    """Make one run.

    Raises:
        RefusedPlan: The read was suspicious; the message stands on Control once.
        CrmError: As the gateway raises them.
    """
    session = Session.of(ports, settings, request)
    polled = poll_workbook(session)
    session.settings = session.settings.of_workbook(polled.state)
    earlier_refusal = refused_before(session, polled) if request.scheduled else None
    if earlier_refusal is not None:
        raise earlier_refusal
    tab_renamed = renamed(session, polled)
    session.everything |= tab_renamed
    # A restored version has the signals of a quiet workbook: only its sequence shows it, and a full read refuses it.
    rolled_back = polled.state.number("sequence") < int(session.remembered.get("sequence", 0))
    session.everything |= rolled_back
    session.everything |= modules_changed(polled.state, settings)
    # No signal shows a tab that was hidden by hand: who asks to have everything checked gets a full read.
    session.everything |= is_tick(polled.state.signal("sync_now"))
    quiet = not tab_renamed and not rolled_back and (not polled.asked or polled_before(session, polled))
    quiet &= not answered_away(session, polled)
    session.feeding = feeding_due(session)
    quiet &= not session.feeding
    if quiet and not request.reads and not due(session, polled):
        session.result.idle = True
        heartbeat(session, polled)
        return session.result
    polled = debounced(session, polled)
    try:
        _attempts(session, polled)
    except RefusedPlan as refusal:
        save_refusal(session, polled, refusal)
        raise
    except UndecidedError as error:
        raise error.__cause__ or error from None
    return session.result


def _attempts(session: Session, polled: PollResult) -> None:
    """Read, plan and write; again when the workbook changed meanwhile."""

    def attempt() -> None:
        try:
            _read_and_apply(session, polled)
            save_quiet_poll(session, polled)
            save_recalled(session, polled)
        except TabGone:
            raise
        except SheetError as error:
            # After an incremental read the cache may be at fault: only a failure after a full read is the workbook's.
            if session.everything:
                raise
            raise ReadAgain(said("again.remembered")) from error

    def again(error: Exception) -> None:
        if isinstance(error, ReadTable) and not session.everything:
            whole = frozenset((*session.edited.whole, error.table))
            session.edited = replace(session.edited, whole=whole)
            session.ports.progress(said("progress.table", reason=error.reason))
            return
        session.everything = True
        why = error.reason if isinstance(error, ReadAgain) else said("again.changed")
        session.ports.progress(said("progress.again", reason=why))

    read_again(session.ports.retries, attempt, before=again)


def _read_and_apply(session: Session, polled: PollResult) -> None:
    session.ports.progress(said("progress.reading"))
    session.problems = []
    snapshot = load(session, polled)
    if snapshot.repairs and not session.request.plan_only:
        # The repair comes first: a claim in between would take a number and hide which write went to other rows.
        with _commands_kept(session):
            apply_parts(session, snapshot, session.problems)
        raise ReadAgain(said("again.put_right"))
    if not session.request.plan_only:
        snapshot = with_batch_tabs(session, snapshot, polled)
        if make_columns(session, snapshot):
            session.everything = True  # the poll and the caches describe the workbook without the new columns
            snapshot = load(session, polled)
    report_differences(session, snapshot)
    snapshot = claim_imports(session, snapshot)
    session.problems += [text for text in problems(session, snapshot) if text not in session.problems]
    try:
        decision = apply_all(session, snapshot, _apply)
    except RefusedPlan as refusal:
        if not session.request.plan_only:
            write_refusal(session, refusal)
        raise
    session.result.problems = decision.problems
    session.result.snapshot = decision.next
    if not session.request.plan_only:
        if session.everything:
            session.save_facts(whole_at=session.ports.clock())
        save_layout(session.settings.state_dir, session.settings.workbook, decision.next)
        save_titles(session, decision.next)
        save_tables(session, decision.next)
        mirror_read(session, decision.next)
    if not session.request.plan_only and not decision.plan.more:
        settle_fed(session)
        replay_understood(session, decision.next)
    session.result.idle = not session.result.plans


@contextmanager
def _commands_kept(session: Session) -> Iterator[None]:
    """Keep the request's commands for what is read next: changes to tables that are put right now would be lost."""
    kept, session.waiting = session.waiting, ()
    begun = session.begun
    try:
        yield
    finally:
        session.waiting, session.begun = kept, begun


def save_tables(session: Session, after: Snapshot) -> None:
    """Remember the order of the rows of two-way tables, and their problems, for the runs to come."""
    facts: dict[str, Any] = {"table_orders": dict(after.orders), "row_problems": after.row_problems}
    facts["problems_shown"] = sorted(after.problems_shown)
    columns = {key: one.column_index[one.spec.key_column] for key, one in after.sheets.items() if one.spec.by_key}
    facts["key_columns"] = {**(session.remembered.get("key_columns") or {}), **columns}
    if after.orders and facts != {name: session.remembered.get(name) for name in facts}:
        session.save_facts(**facts)


def _apply(session: Session, snapshot: Snapshot) -> Decision:
    return apply_parts(session, snapshot, session.problems)
