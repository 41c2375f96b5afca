"""What became of a claimed message, and which change of that is allowed."""

from __future__ import annotations

import enum
from types import MappingProxyType
from typing import Final


class ClaimState(enum.StrEnum):
    """The claim of a message, as it stands in Enrolments."""

    BLANK = ""
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


_SETTLED: Final = frozenset({ClaimState.ACCEPTED, ClaimState.REFUSED, ClaimState.FAILED, ClaimState.CANCELLED})

TRANSITIONS: Final = MappingProxyType(
    {
        ClaimState.BLANK: frozenset({ClaimState.CLAIMED}),
        # claimed -> claimed: anew under the same id, where it certainly did not leave
        ClaimState.CLAIMED: _SETTLED | {ClaimState.CLAIMED, ClaimState.UNKNOWN},
        # unknown -> cancelled, refused, failed: only by the store that made the claim and knows that it did not leave
        ClaimState.UNKNOWN: _SETTLED,
        ClaimState.ACCEPTED: frozenset[ClaimState](),
        ClaimState.REFUSED: frozenset[ClaimState](),
        ClaimState.FAILED: frozenset[ClaimState](),
        ClaimState.CANCELLED: frozenset[ClaimState](),
    }
)
"""What the claim of one message id may become. The next id of the enrolment begins blank again."""


def is_settled(claim: ClaimState) -> bool:
    """Whether nothing more can become of the message id."""
    return claim in _SETTLED
