"""To accept, by a person's order, a workbook that was set back or copied, or one of another, lost or restored store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sheets_crm.claims.answers import answered, of_row, settled
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.deciding import raised
from sheets_crm.claims.effects import Steps, do
from sheets_crm.claims.enrolling import LETTER, number
from sheets_crm.claims.enrolment import Enrolment, Stop, stopped
from sheets_crm.claims.epochs import Reading, read_settled, write_epoch
from sheets_crm.claims.judgement import Judgement
from sheets_crm.claims.leasing import under_lease
from sheets_crm.claims.message import message_id
from sheets_crm.claims.ports import Policy, Ports
from sheets_crm.claims.values import AnswerKind, Change, StoreClaim, View


@dataclass(frozen=True, slots=True)
class AdoptReport:
    """What was adopted; not done: somebody else wrote at the same time or holds the lease, so try again."""

    judgement: Judgement | None
    done: bool
    unknown: tuple[str, ...] = ()


def adopt(ports: Ports, new_store_id: str) -> Steps[AdoptReport]:
    """Take over the workbook in one guarded write; nothing is claimed by it.

    Args:
        ports: The worker's ports.
        new_store_id: An id for a store that turns out to be an earlier state of another one.

    Returns:
        What the workbook was judged as before.
    """
    return (yield from under_lease(ports, _adopt(ports, new_store_id), otherwise=AdoptReport(None, done=False)))


def _adopt(ports: Ports, new_store_id: str) -> Steps[AdoptReport]:
    reading = yield from read_settled(ports)
    if reading is None:
        return AdoptReport(None, done=False)
    if reading.judgement is Judgement.IN_ORDER:
        return AdoptReport(reading.judgement, done=True)
    if reading.judgement is Judgement.RESTORED:
        # Its twin may still run somewhere: from here on it is another store to this workbook.
        yield from do(ports.store.rename, new_store_id)
        reading = replace(reading, facts=replace(reading.facts, store_id=new_store_id))
    return (yield from _take_over(ports, reading))


def _take_over(ports: Ports, reading: Reading) -> Steps[AdoptReport]:
    now = yield from do(ports.clock.now)
    latest = yield from do(ports.store.latest)
    rows = dict(reading.view.rows)
    if reading.judgement is Judgement.SET_BACK:
        rows = _raised_rows(rows, latest, ports.policy, now)
    left = yield from _left(ports, rows)
    rows = {key: _taken_over(row, latest.get(key), reading, ports.policy, now, left) for key, row in rows.items()}
    entries = yield from do(ports.suppressions.entries)
    change = replace(_change(reading, rows, latest), do_not_contact=entries)
    written = yield from write_epoch(ports, reading, change, adopted=_adopted(rows, ports.policy))
    unknown = tuple(message_id(row) for row in rows.values() if row.claim is ClaimState.UNKNOWN)
    return AdoptReport(reading.judgement, written is not None, unknown)


def _raised_rows(
    rows: Mapping[str, Enrolment], latest: Mapping[str, StoreClaim], policy: Policy, now: datetime
) -> dict[str, Enrolment]:
    """Every enrolment at the last claim that the store knows; those that are gone come back."""
    blank = {key: replace(claim.row, claim=ClaimState.BLANK) for key, claim in latest.items()}
    every = {**blank, **rows}
    return {key: raised(row, latest[key], policy, now) if key in latest else row for key, row in every.items()}


def _left(ports: Ports, rows: Mapping[str, Enrolment]) -> Steps[frozenset[str]]:
    """Which messages in doubt are proved to have left: Sent folders and campaigns are asked before anything else."""
    doubtful = {ClaimState.CLAIMED, ClaimState.UNKNOWN}
    ids = frozenset(message_id(row) for row in rows.values() if row.claim in doubtful)
    if not ids:
        return ids
    return (yield from do(ports.evidence.left, ids))


def _taken_over(
    row: Enrolment,
    known: StoreClaim | None,
    reading: Reading,
    policy: Policy,
    now: datetime,
    left: frozenset[str],
) -> Enrolment:
    """A row after the take-over: proved, answered or unknown; of a copy every open enrolment is stopped."""
    if reading.judgement is Judgement.COPIED and row.open:
        row = stopped(row, Stop.MANUAL)
    if row.claim not in {ClaimState.CLAIMED, ClaimState.UNKNOWN}:
        return row
    if message_id(row) in left:
        return answered(row, AnswerKind.ACCEPTED, policy, now)
    if known is not None and of_row(row, known):
        row = settled(row, known, policy, now)
    keeps = reading.judgement is Judgement.SET_BACK and known is not None
    return (
        row if keeps or row.claim is not ClaimState.CLAIMED else answered(row, AnswerKind.NO_ANSWER, policy, now)
    )


def _change(reading: Reading, rows: Mapping[str, Enrolment], latest: Mapping[str, StoreClaim]) -> Change:
    """The write: changed rows, whose the workbook is now, counters that no store nor row is above, campaigns paused.

    It leaves a number above all that the store wrote on: what is still on its way to a version since gone is refused.
    """
    view: View = reading.view
    highest = max([view.system.counters.get(LETTER, 0), *(number(key) for key in {**rows, **latest})])
    return Change(
        becomes=max(view.system.sequence, reading.facts.sequence) + 1,
        rows=tuple(row for key, row in rows.items() if row != view.rows.get(key)),
        store_id=reading.facts.store_id,
        spreadsheet_id=view.spreadsheet_id,
        counters={LETTER: highest},
        pause_campaigns=reading.judgement in {Judgement.SET_BACK, Judgement.COPIED},
    )


def _adopted(rows: Mapping[str, Enrolment], policy: Policy) -> tuple[StoreClaim, ...]:
    """Claims as far as Enrolments tell, for caps and used ids: every attempt counts, on the day of the last one."""
    claims = []
    for row in rows.values():
        if row.claim is ClaimState.BLANK or row.claimed_at is None:
            continue
        caps = tuple(cap.key for cap in policy.caps(row, row.claimed_at))
        in_doubt = row.claim in {ClaimState.CLAIMED, ClaimState.UNKNOWN}
        last = StoreClaim(row=row, caps=caps, handing_at=row.claimed_at, closed=None if in_doubt else row.claim)
        earlier = (replace(row, attempt=attempt) for attempt in range(1, row.attempt))
        claims += [*(StoreClaim(row=each, caps=caps, closed=ClaimState.FAILED) for each in earlier), last]
    return tuple(claims)
