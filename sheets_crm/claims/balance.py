"""Counts of messages that must add up, by message id, at the end of a pass.

planned = waiting + claimed + cancelled; claimed = in hand + accepted + refused + failed + unknown. What is claimed is
counted from the store, what became of it from the workbook where it still shows the message: a claim that only one of
them has puts the counts out of balance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.message import message_id, next_message
from sheets_crm.claims.values import StoreClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The messages of a campaign."""

    planned: int
    waiting: int
    claimed: int
    cancelled: int
    in_hand: int
    accepted: int
    refused: int
    failed: int
    unknown: int

    @property
    def balanced(self) -> bool:
        """Whether the counts add up."""
        ended = self.in_hand + self.accepted + self.refused + self.failed + self.unknown
        return self.planned == self.waiting + self.claimed + self.cancelled and self.claimed == ended


def counted(rows: Mapping[str, Enrolment], claims: Iterable[StoreClaim]) -> dict[str, Counts]:
    """The counts of each campaign."""
    every = list(claims)
    campaigns = {row.campaign_id for row in rows.values()} | {claim.row.campaign_id for claim in every}
    return {campaign: _of_campaign(campaign, rows, every) for campaign in sorted(campaigns)}


def _of_campaign(campaign: str, rows: Mapping[str, Enrolment], claims: list[StoreClaim]) -> Counts:
    own = {claim.message_id: claim for claim in claims if claim.row.campaign_id == campaign}
    shown = {message_id(row): row.claim for row in rows.values() if row.campaign_id == campaign}
    shown = {message: claim for message, claim in shown.items() if claim is not ClaimState.BLANK}
    waiting = {
        message_id(next_message(row)) for row in rows.values() if row.campaign_id == campaign and _waits(row)
    }
    states = {message: claim.closed or ClaimState.CLAIMED for message, claim in own.items()} | shown
    tally = Counter(states.values())
    cancelled = sum(states[message] is ClaimState.CANCELLED for message in own)
    return Counts(
        planned=len(own.keys() | shown.keys() | waiting),
        waiting=len(waiting),
        claimed=len(own) - cancelled,
        cancelled=cancelled,
        in_hand=tally[ClaimState.CLAIMED],
        accepted=tally[ClaimState.ACCEPTED],
        refused=tally[ClaimState.REFUSED],
        failed=tally[ClaimState.FAILED],
        unknown=tally[ClaimState.UNKNOWN],
    )


def _waits(row: Enrolment) -> bool:
    """Whether another message of the row is to be claimed."""
    return row.open and row.next_at is not None and row.claim not in {ClaimState.CLAIMED, ClaimState.UNKNOWN}
