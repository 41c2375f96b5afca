"""Import what feeds brought: the deliveries that wait in the intake, folded into rows, page by page.

The rows are merged like those of a paste, slice by slice, with their progress in System's open record. The deliveries
are settled in the store after the last write; a process that dies in between leaves them waiting, and the record tells
the next run that their rows are merged already.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from sheets_crm.engine.clocks import seconds_since
from sheets_crm.engine.erased import refuser
from sheets_crm.engine.feeds import Fed, Folding
from sheets_crm.engine.intake import Outcome, Settled, Waiting
from sheets_crm.engine.session import Session
from sheets_crm.engine.snapshot import PendingImport, Snapshot
from sheets_crm.errors import Retryable
from sheets_crm.workbook.cells import serial, zone_of

FOLD_SECONDS: Final = 60
"""Deliveries that are not urgent are imported at most this often."""
PAGE_ROWS: Final = 1_000
PAGE_BYTES: Final = 4_000_000
PREFIX: Final = "feed:"
"""What the name of such an import in System's open record begins with."""

_LOG = logging.getLogger(__name__)


def feeding_due(session: Session) -> bool:
    """Whether deliveries wait that this run should import."""
    feeds, intake = session.settings.features.feeds, session.ports.intake
    if not feeds or intake is None:
        return False
    try:
        waiting = intake.kinds_waiting()
    except (OSError, Retryable) as error:
        # Nothing is lost: they wait, and what operators ask for goes on.
        _LOG.warning("the intake cannot be read: %s", error)
        return False
    kinds = [(source, kind) for source, kind in waiting if source in feeds]
    if not kinds:
        return False
    if session.request.now or any(kind in feeds[source].urgent for source, kind in kinds):
        return True
    return seconds_since(session.ports.clock(), session.remembered.get("fed_at")) >= FOLD_SECONDS


def fed_imports(session: Session, snapshot: Snapshot) -> tuple[Snapshot, list[PendingImport]]:
    """The imports of the deliveries that wait, and the snapshot with what else they tell."""
    session.fed = []
    if not session.feeding:
        return snapshot, []
    sources, told = [], dict(snapshot.fed)
    for name, feed in session.settings.features.feeds.items():
        folding = feed.begin(snapshot, session.settings, refuser(snapshot.system) or _nobody)
        fed = _read(session, name, folding)
        if not fed.settled:
            continue
        session.fed.append(fed)
        folded = folding.folded()
        if folded.told is not None:
            told[name] = folded.told
        # They may be merged already, if a run died before it settled them: then the open record has their name.
        if folded.blocks:
            sources.append(PendingImport(fed.ref, name, tuple(folded.blocks), row=_row(session, snapshot, name)))
    return replace(snapshot, fed=told), sources


def _nobody(_key: Mapping[str, str]) -> bool:
    return False


def _read(session: Session, name: str, folding: Folding) -> Fed:
    assert session.ports.intake is not None
    settled = []
    last = 0
    for page in _pages(session, name):
        settled += [_taken(folding, waiting) for waiting in page]
        last = page[-1].number
        activities = folding.activities()
        if activities and not session.request.plan_only:
            # Each has a key, so those of a run that dies are not stored twice.
            session.ports.intake.note(activities)
    return Fed(f"{PREFIX}{name}:{session.ports.intake.store_id()}:{last}:{len(settled)}", tuple(settled))


def _taken(folding: Folding, waiting: Waiting) -> Settled:
    """What a delivery was; one that the feed fails on is refused, and stops nothing: its body is kept."""
    try:
        return folding.add(waiting)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this delivery's
        _LOG.exception("delivery %d of %s cannot be read", waiting.number, waiting.delivery.source)
        return Settled(waiting.number, Outcome.REFUSED, f"failed: {type(error).__name__}")


def _pages(session: Session, name: str) -> Iterator[list[Waiting]]:
    """Yield the deliveries of a source that wait, in order; the bodies of one page are in memory."""
    assert session.ports.intake is not None
    after = 0
    while page := session.ports.intake.page(after, rows=PAGE_ROWS, size=PAGE_BYTES, sources=[name]):
        yield page
        after = page[-1].number


def _row(session: Session, snapshot: Snapshot, name: str) -> str:
    """Which imports share a row of Imports: those of a source in one hour of the workbook's time."""
    now = serial(session.moment(), zone_of(snapshot.info.time_zone))
    return f"{PREFIX}{name}:{int(now)}:{int(now % 1 * 24)}"


def settle_fed(session: Session) -> None:
    """Settle the deliveries that this run has imported, now that all of them are in the workbook.

    Those of an import that could not be merged are refused with the reason: their bodies are kept.
    """
    for fed in session.fed:
        failed = session.result.set_aside.get(fed.ref)
        settled = fed.settled if failed is None else _refused(fed, failed)
        assert session.ports.intake is not None
        session.ports.intake.settle(settled)
    if session.fed:
        session.save_facts(fed_at=session.ports.clock())
        session.fed = []


def replay_understood(session: Session, after: Snapshot) -> None:
    """Let deliveries wait again that operators' answers give another meaning, such as that of a label.

    The bodies of thirty days are kept for it; what has its meaning already comes to the same once more.
    """
    intake = session.ports.intake
    for name, feed in session.settings.features.feeds.items():
        digest = feed.understanding(after, session.settings)
        known = session.remembered.get("understood") or {}
        if digest is None or intake is None or known.get(name) == digest:
            continue
        if name in known:
            intake.replay(name, {count.kind for count in intake.counts() if feed.read_by_it(count.kind)})
        session.save_facts(understood={**known, name: digest})


def _refused(fed: Fed, error: Exception) -> tuple[Settled, ...]:
    reason = f"not imported: {type(error).__name__}"
    imported = Outcome.IMPORTED
    return tuple(
        replace(one, outcome=Outcome.REFUSED, reason=reason) if one.outcome is imported else one
        for one in fed.settled
    )
