"""What a pass hands over of its claims, and what it tells of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from sheets_crm.claims.answers import CLAIM_AGE
from sheets_crm.claims.judgement import Judgement
from sheets_crm.claims.message import travelling_key
from sheets_crm.claims.values import Handover, StoreClaim, View


class Became(enum.Enum):
    """What became of a claim in its pass."""

    HANDED_OVER = "handed over"
    RELEASED = "released"
    LEFT = "left to the next pass"


@dataclass(frozen=True, slots=True)
class PassReport:
    """What a pass did.

    Attributes:
        judgement: How store and workbook stood; None: another worker has the lease, or a write is still in doubt.
        claimed: Ids that were claimed.
        handed: Ids that were handed over.
        released: Ids that were not, because somebody may not be contacted any more since they were claimed.
    """

    judgement: Judgement | None
    claimed: tuple[str, ...] = ()
    handed: tuple[str, ...] = ()
    released: tuple[str, ...] = ()


def report(became: Mapping[str, Became]) -> PassReport:
    """The report of a pass in which something became of each claim, by message id."""
    handed = tuple(message for message, end in became.items() if end is Became.HANDED_OVER)
    released = tuple(message for message, end in became.items() if end is Became.RELEASED)
    return PassReport(Judgement.IN_ORDER, tuple(became), handed, released)


def handover(view: View, claim: StoreClaim) -> Handover:
    """A claim as the outlet gets it, with the key that travels and the time until which it may leave."""
    message = claim.message_id
    key = travelling_key(message, salt=view.system.salt, workbook=view.spreadsheet_id)
    claimed_at = claim.row.claimed_at
    assert claimed_at is not None
    return Handover(message_id=message, key=key, row=claim.row, not_after=claimed_at + CLAIM_AGE)
