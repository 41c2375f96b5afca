"""One run: look, settle, read, claim, decide, apply, record.

Everything it needs comes from outside (the gateway, the clock, sleep, ids), so a run can be played in a test to the
last request.
"""

from __future__ import annotations

from sheets_crm.errors import RefusedPlan, SheetError, TabGone
from sheets_crm.sync.applying import apply_parts, know_places
from sheets_crm.sync.decide.decide import Decision
from sheets_crm.sync.gathering import compare_figures, read_all, widened, with_drops
from sheets_crm.sync.look import Look
from sheets_crm.sync.looking import (
    due,
    heartbeat,
    keep_refusal,
    look_at,
    quiet,
    quieten,
    refused_before,
    renamed,
    settled,
)
from sheets_crm.sync.memory import memorise
from sheets_crm.sync.refusals import write_refusal
from sheets_crm.sync.retries import ReadAgain, read_again
from sheets_crm.sync.session import RunResult, Session, Tools, UndecidedError, Wish
from sheets_crm.sync.setting_aside import apply_all, problems
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import Snapshot


def run_once(tools: Tools, settings: RunSettings, wish: Wish) -> RunResult:
    """Make one run.

    Raises:
        RefusedPlan: The read was suspicious; the message stands on Control once.
        CrmError: As the gateway raises them.
    """
    session = Session.of(tools, settings, wish)
    seen = look_at(session)
    standing = refused_before(session, seen) if wish.scheduled else None
    if standing is not None:
        raise standing
    tab_renamed = renamed(session, seen)
    session.everything |= tab_renamed
    # A version that was restored has the signals of a quiet workbook: only its number tells, and a read refuses it.
    went_back = seen.state.number("sequence") < int(session.remembered.get("sequence", 0))
    session.everything |= went_back
    still = not tab_renamed and not went_back and (not seen.asked or quiet(session, seen))
    if still and not wish.reads and not due(session, seen):
        session.result.idle = True
        heartbeat(session, seen)
        return session.result
    before = settled(session, seen)
    try:
        _attempts(session, before)
    except RefusedPlan as refusal:
        keep_refusal(session, before, refusal)
        raise
    except UndecidedError as error:
        raise error.__cause__ or error from None
    return session.result


def _attempts(session: Session, before: Look) -> None:
    """Read, plan and write, again when the workbook changed meanwhile."""

    def attempt() -> None:
        try:
            _read_and_apply(session, before)
            quieten(session, before)
        except TabGone:
            raise
        except SheetError as error:
            if session.everything:
                raise
            raise ReadAgain("What was remembered of the workbook did not fit it") from error

    def again(error: Exception) -> None:
        session.everything = True
        why = f"{error}: reading" if isinstance(error, ReadAgain) else "the workbook changed meanwhile: planning"
        session.tools.progress(f"{why} again")

    read_again(session.tools.retries, attempt, before=again)


def _read_and_apply(session: Session, seen: Look) -> None:
    session.tools.progress("reading the workbook")
    session.problems = []
    snapshot = read_all(session, seen)
    if snapshot.repairs and not session.wish.plan_only:
        # Nothing comes before the repair: a claim in between would hide which write went to other rows.
        apply_parts(session, snapshot, session.problems)
        raise ReadAgain("Rows moved while they were written, and were put right")
    if not session.wish.plan_only:
        snapshot = widened(session, snapshot, seen)
    compare_figures(session, snapshot)
    snapshot = with_drops(session, snapshot)
    session.problems += [text for text in problems(session, snapshot) if text not in session.problems]
    try:
        decision = apply_all(session, snapshot, _apply)
    except RefusedPlan as refusal:
        if not session.wish.plan_only:
            write_refusal(session, refusal)
        raise
    session.result.problems = decision.problems
    session.result.snapshot = decision.next
    if not session.wish.plan_only:
        if session.everything:
            session.remember(whole_at=session.tools.clock())
        memorise(session.settings.state_dir, session.settings.workbook, decision.next)
        know_places(session, decision.next)
    session.result.idle = not session.result.plans


def _apply(session: Session, snapshot: Snapshot) -> Decision:
    return apply_parts(session, snapshot, session.problems)
