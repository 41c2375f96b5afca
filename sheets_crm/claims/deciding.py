"""What a pass claims: pure, from one reading of the workbook and what the store knows of its claims and caps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sheets_crm.claims.answers import answered, cancelled, of_row
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment, EnrolmentState, Stop, resumed, stopped
from sheets_crm.claims.message import next_message
from sheets_crm.claims.persons import blocked, holders, holds
from sheets_crm.claims.ports import Policy
from sheets_crm.claims.values import AnswerKind, StoreClaim, View

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_CLOSED_AS: Final = {
    ClaimState.ACCEPTED: AnswerKind.ACCEPTED,
    ClaimState.REFUSED: AnswerKind.REFUSED,
    ClaimState.FAILED: AnswerKind.NOT_SENT,
    ClaimState.UNKNOWN: AnswerKind.NO_ANSWER,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The rows that one write changes, and the claims among them."""

    rows: tuple[Enrolment, ...]
    claims: tuple[StoreClaim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """What a decision rests on.

    Attributes:
        latest: The store's claim with the highest id of each enrolment.
        spent: How many messages spent each cap so far; raised while claims are decided.
        most: How many claims one pass makes.
    """

    view: View
    latest: Mapping[str, StoreClaim]
    spent: Counter[str]
    policy: Policy
    now: datetime
    epoch: int
    most: int


def raised(row: Enrolment, claim: StoreClaim, policy: Policy, now: datetime) -> Enrolment:
    """A row that is behind the store's claim of it, brought up to it: a write did not reach it, or was set back."""
    if not _is_behind(row, claim):
        return row
    of_claim = claim.row
    row = replace(
        row,
        position=of_claim.position,
        attempt=of_claim.attempt,
        claim=ClaimState.CLAIMED,
        claimed_at=of_claim.claimed_at,
        epoch=of_claim.epoch,
        thread_key=row.thread_key or of_claim.thread_key,
    )
    return _as_closed(row, claim, policy, now)


def _as_closed(row: Enrolment, claim: StoreClaim, policy: Policy, now: datetime) -> Enrolment:
    """A row that shows a claim, as the workbook showed it when the claim was closed."""
    if claim.closed is ClaimState.CANCELLED:
        return cancelled(row)
    return row if claim.closed is None else answered(row, _CLOSED_AS[claim.closed], policy, now)


def _is_behind(row: Enrolment, claim: StoreClaim) -> bool:
    """Whether the store's claim is of a later message, or a later claim of the same one."""
    if row.place != claim.row.place:
        return row.place < claim.row.place
    earlier = row.claim is ClaimState.CLAIMED and row.epoch < claim.row.epoch
    return earlier or row.claim is ClaimState.BLANK


def decided(deciding: Deciding) -> Decision:
    """What a pass writes first: stops, ended pauses, claims anew or cancelled, new claims, the earliest due first."""
    rows: dict[str, Enrolment] = {}
    claims: list[StoreClaim] = []
    _count_others(deciding)
    owners = holders(deciding.view.rows.values())
    for row in _in_order(deciding.view.rows.values()):
        may_claim = len(claims) < deciding.most and holds(owners, row)
        after, claim = _of_row(deciding, row, may_claim=may_claim)
        if after != row:
            rows[row.enrolment] = after
        if claim is not None:
            claims.append(claim)
    return Decision(tuple(rows.values()), tuple(claims))


def _count_others(deciding: Deciding) -> None:
    """Count what the workbook shows and the store never knew: another store, or one that is lost, claimed it."""
    for row in deciding.view.rows.values():
        known = deciding.latest.get(row.enrolment)
        if row.claim in {ClaimState.BLANK, ClaimState.CANCELLED} or row.claimed_at is None:
            continue
        if known is None or known.row.place < row.place:
            deciding.spent.update(cap.key for cap in deciding.policy.caps(row, row.claimed_at))


def _in_order(rows: Iterable[Enrolment]) -> list[Enrolment]:
    """Claims in doubt first, then what is due, the earliest first."""
    return sorted(
        rows, key=lambda row: (row.claim is not ClaimState.CLAIMED, row.next_at or _NEVER, row.enrolment)
    )


def _of_row(deciding: Deciding, row: Enrolment, *, may_claim: bool) -> tuple[Enrolment, StoreClaim | None]:
    """A row after the decision, and its claim where it is claimed."""
    known = deciding.latest.get(row.enrolment)
    row = raised(row, known, deciding.policy, deciding.now) if known else row
    row = resumed(row, deciding.now)
    if row.open and blocked(row, deciding.view.do_not_contact):
        row = stopped(row, Stop.DO_NOT_CONTACT)
    if row.claim in {ClaimState.CLAIMED, ClaimState.UNKNOWN}:
        return _in_doubt(deciding, row, known, may_claim=may_claim)
    return _newly_claimed(deciding, next_message(row), row) if may_claim else (row, None)


def _in_doubt(
    deciding: Deciding, row: Enrolment, known: StoreClaim | None, *, may_claim: bool
) -> tuple[Enrolment, StoreClaim | None]:
    """A claimed row: unknown if the store has no such claim; anew or cancelled if it certainly did not leave."""
    if known is None or not of_row(row, known):
        return answered(row, AnswerKind.NO_ANSWER, deciding.policy, deciding.now), None
    if known.closed is not None:  # set back by no more than the write of the answers
        return _as_closed(row, known, deciding.policy, deciding.now), None
    if not known.released:
        return row, None
    deciding.spent.subtract(known.caps)
    after, claim = _newly_claimed(deciding, row, row) if may_claim else (row, None)
    return (after, claim) if claim else (cancelled(row), None)


def _newly_claimed(deciding: Deciding, message: Enrolment, row: Enrolment) -> tuple[Enrolment, StoreClaim | None]:
    """The row with its message claimed and its caps spent, or as it was where something holds it back."""
    now = deciding.now
    caps = deciding.policy.caps(message, now)
    if not _is_due(deciding, message) or any(deciding.spent[cap.key] >= cap.most for cap in caps):
        return row, None
    keys = tuple(cap.key for cap in caps)
    deciding.spent.update(keys)
    claimed = replace(message, claim=ClaimState.CLAIMED, claimed_at=now, epoch=deciding.epoch)
    return claimed, StoreClaim(row=claimed, caps=keys)


def _is_due(deciding: Deciding, message: Enrolment) -> bool:
    """Whether a message, its row at its position and attempt, may leave now as far as row, campaign and mailbox say."""
    if message.state is not EnrolmentState.ACTIVE or message.next_at is None or message.next_at > deciding.now:
        return False
    active = message.campaign_id in deciding.view.active_campaigns
    return active and not deciding.policy.held_back_by(message, deciding.now)
