"""What an answer, or the lack of one, makes of an enrolment; and the write that brings answers into the workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sheets_crm.claims.claim_states import TRANSITIONS, ClaimState, is_settled
from sheets_crm.claims.effects import Steps, do
from sheets_crm.claims.enrolment import Enrolment, EnrolmentState, Pause, paused, resumed_from_unknown
from sheets_crm.claims.message import message_id
from sheets_crm.claims.ports import Policy, Ports
from sheets_crm.claims.values import AnswerKind, Change, StoreClaim, View, Written

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 120, 480, 1440))
"""How long after the n-th attempt that certainly did not leave the next one follows; after these it has failed."""

CLAIM_AGE: Final = timedelta(minutes=10)
"""How old a claim may be when it is handed over; an older one that was not is claimed anew or cancelled."""

_CLAIMS: Final = {
    AnswerKind.ACCEPTED: ClaimState.ACCEPTED,
    AnswerKind.REFUSED: ClaimState.REFUSED,
    AnswerKind.NOT_SENT: ClaimState.FAILED,
    AnswerKind.NO_ANSWER: ClaimState.UNKNOWN,
}


def answered(row: Enrolment, kind: AnswerKind, policy: Policy, at: datetime) -> Enrolment:
    """The enrolment after an answer to its message; one that was stopped meanwhile stays stopped."""
    claim = _CLAIMS[kind]
    if claim is row.claim or claim not in TRANSITIONS[row.claim]:
        return row
    if kind is AnswerKind.NO_ANSWER:
        return paused(replace(row, claim=claim), Pause.UNKNOWN)
    row = resumed_from_unknown(replace(row, claim=claim))
    if not row.open:
        return row
    next_at = _next_at(row, kind, policy, at)
    return replace(row, next_at=next_at, state=EnrolmentState.FINISHED if next_at is None else row.state)


def _next_at(row: Enrolment, kind: AnswerKind, policy: Policy, at: datetime) -> datetime | None:
    """When the next message is due: the next position, or another attempt of one that certainly did not leave."""
    if kind is AnswerKind.ACCEPTED:
        return policy.next_at(row, at)
    if kind is AnswerKind.NOT_SENT and row.attempt <= len(PAUSES):
        return at + PAUSES[row.attempt - 1]
    return None


def cancelled(row: Enrolment) -> Enrolment:
    """The enrolment whose claimed message certainly did not and will not leave; its cap is given back."""
    return resumed_from_unknown(replace(row, claim=ClaimState.CANCELLED))


def of_row(row: Enrolment | None, claim: StoreClaim) -> bool:
    """Whether a row shows this very claim, not settled yet."""
    if row is None or is_settled(row.claim) or row.claim is ClaimState.BLANK:
        return False
    return message_id(row) == claim.message_id and row.epoch == claim.row.epoch


def settled(row: Enrolment, claim: StoreClaim, policy: Policy, now: datetime) -> Enrolment:
    """The row of a claim after what the store knows of it: answered, handed over without an answer, or released."""
    if claim.answer is not None:
        return answered(row, claim.answer.kind, policy, now)
    if claim.handing_at is not None:
        return answered(row, AnswerKind.NO_ANSWER, policy, now)
    return cancelled(row) if claim.released else row


def stale(claims: Iterable[StoreClaim], now: datetime) -> tuple[str, ...]:
    """Ids of claims that nobody began to hand over in time."""
    return tuple(claim.message_id for claim in claims if _is_stale(claim, now))


def _is_stale(claim: StoreClaim, now: datetime) -> bool:
    if claim.handing_at is not None or claim.released:
        return False
    return claim.row.claimed_at is None or now - claim.row.claimed_at > CLAIM_AGE


def closings(rows: Mapping[str, Enrolment], claims: Iterable[StoreClaim]) -> dict[str, ClaimState]:
    """What the workbook shows of claims that are still open in the store: settled, or left behind as unknown."""
    states = {}
    for claim in claims:
        row = rows.get(claim.row.enrolment)
        if row is None:
            continue
        if message_id(row) == claim.message_id and is_settled(row.claim):
            states[claim.message_id] = row.claim
        elif row.place > claim.row.place:
            states[claim.message_id] = _left_behind(claim)
    return states


def _left_behind(claim: StoreClaim) -> ClaimState:
    """What a claim ends as whose enrolment has gone on to another id."""
    if claim.answer is not None:
        return _CLAIMS[claim.answer.kind]
    return ClaimState.CANCELLED if claim.released else ClaimState.UNKNOWN


def write_answers(ports: Ports, view: View, *, cancel: bool) -> Steps[bool]:
    """Write the answers of this store's claims, and evidence of others; False: the workbook must be read again.

    Args:
        ports: The worker's ports.
        view: The workbook.
        cancel: Whether released claims end cancelled here: a store that may not claim cannot claim them anew.

    Returns:
        Whether there was nothing to write.
    """
    now = yield from do(ports.clock.now)
    claims = yield from do(ports.store.open_claims)
    rows = _answered_rows(view, claims, ports.policy, now, cancel=cancel)
    rows |= yield from _proved_rows(ports, {**view.rows, **rows}, now)
    wrote = bool(rows)
    if wrote:
        token = f"{ports.worker}/answers/{view.system.sequence}"
        change = Change(sequence=view.system.sequence, token=token, rows=tuple(rows.values()))
        outcome = yield from do(ports.workbook.write, change)
        if outcome.written is not Written.WRITTEN:
            return False
        rows = dict(outcome.rows)  # as they were read back: a row that the write missed is written again
    states = closings({**view.rows, **rows}, claims.values())
    if states:
        yield from do(ports.store.close, states)
    return not wrote


def _answered_rows(
    view: View, claims: Mapping[str, StoreClaim], policy: Policy, now: datetime, *, cancel: bool
) -> dict[str, Enrolment]:
    """The rows that what the store knows of its open claims changes."""
    rows = {}
    for claim in claims.values():
        row = view.rows.get(claim.row.enrolment)
        if row is None or not of_row(row, claim) or (claim.released and not cancel):
            continue
        after = settled(row, claim, policy, now)
        if after != row:
            rows[row.enrolment] = after
    return rows


def _proved_rows(ports: Ports, rows: Mapping[str, Enrolment], now: datetime) -> Steps[dict[str, Enrolment]]:
    """The rows of unknown messages that are proved to have left."""
    unknown = {message_id(row): row for row in rows.values() if row.claim is ClaimState.UNKNOWN}
    if not unknown:
        return {}
    left = yield from do(ports.evidence.left, frozenset(unknown))
    proved = (unknown[message] for message in sorted(left & unknown.keys()))
    return {row.enrolment: answered(row, AnswerKind.ACCEPTED, ports.policy, now) for row in proved}
