"""An enrolment: one person in one campaign, a row of Enrolments, and what pauses, stops or resumes it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sheets_crm.claims.claim_states import ClaimState


class EnrolmentState(enum.StrEnum):
    """Where an enrolment is."""

    ACTIVE = "active"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


class Pause(enum.StrEnum):
    """Why an enrolment is paused."""

    OUT_OF_OFFICE = "out_of_office"
    UNKNOWN = "unknown"
    VERSION_LOST = "version_lost"
    MAILBOX_STOPPED = "mailbox_stopped"
    MANUAL = "manual"


class Stop(enum.StrEnum):
    """Why an enrolment was stopped, the strongest cause first."""

    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    DO_NOT_CONTACT = "do_not_contact"
    HARD_BOUNCE = "hard_bounce"
    MEETING_BOOKED = "meeting_booked"
    REPLIED = "replied"
    COMPANY_REPLIED = "company_replied"
    INBOUND = "inbound"
    DEAL_CLOSED = "deal_closed"
    MANUAL = "manual"


STRENGTH: Final = {cause: -place for place, cause in enumerate(Stop)}
"""How strong a cause is: a later, stronger one replaces a weaker one, never the reverse."""

FOR_EVER: Final = frozenset({Stop.COMPLAINED, Stop.UNSUBSCRIBED, Stop.DO_NOT_CONTACT, Stop.HARD_BOUNCE})
"""Causes after which nobody is enrolled again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A row of Enrolments, with its columns; it keeps the last claim only.

    Attributes:
        address: The normalised address.
        cause: Why it is paused or stopped.
        until: When a pause ends by itself.
        position: The place in the sequence of the last claim, or of the first one to come.
        attempt: Counts the message ids of a position: each id is handed over once at most.
        claim: What became of the message ``<enrolment>.<position>.<attempt>``; blank: not claimed yet.
        epoch: The epoch of the write that claimed it.
        next_at: When the next message is due.
    """

    enrolment: str
    lead_number: str
    address: str
    campaign_id: str
    version: str = ""
    state: EnrolmentState = EnrolmentState.ACTIVE
    cause: Pause | Stop | None = None
    until: datetime | None = None
    mailbox: str = ""
    position: int = 1
    attempt: int = 1
    claim: ClaimState = ClaimState.BLANK
    claimed_at: datetime | None = None
    epoch: int = 0
    thread_key: str = ""
    next_at: datetime | None = None
    last_in_at: datetime | None = None
    enrolled_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether anything more may be sent to the person by it."""
        return self.state in {EnrolmentState.ACTIVE, EnrolmentState.PAUSED}

    @property
    def holds_person(self) -> bool:
        """Whether the person may not be enrolled elsewhere: it is open, or its last message is not settled."""
        return self.open or self.claim in {ClaimState.CLAIMED, ClaimState.UNKNOWN}

    @property
    def place(self) -> tuple[int, int]:
        """Position and attempt: the order of the message ids of an enrolment."""
        return self.position, self.attempt


def stopped(row: Enrolment, cause: Stop) -> Enrolment:
    """The enrolment stopped; one that was stopped for a stronger cause stays as it is."""
    if (
        row.state is EnrolmentState.STOPPED
        and isinstance(row.cause, Stop)
        and STRENGTH[row.cause] >= STRENGTH[cause]
    ):
        return row
    return replace(row, state=EnrolmentState.STOPPED, cause=cause, until=None, next_at=None)


def stopped_by(row: Enrolment, causes: Iterable[Stop]) -> Enrolment:
    """The enrolment after several causes, in whatever order they came."""
    for cause in causes:
        row = stopped(row, cause)
    return row


def paused(row: Enrolment, cause: Pause, until: datetime | None = None) -> Enrolment:
    """The enrolment paused; an ended one stays ended, and no other pause gives way to that for an unknown message."""
    if not row.open or (cause is Pause.UNKNOWN and row.state is EnrolmentState.PAUSED):
        return row
    return replace(row, state=EnrolmentState.PAUSED, cause=cause, until=until)


def resumed(row: Enrolment, now: datetime) -> Enrolment:
    """The enrolment, active again when its pause had an end that has passed; only its own cause ends another one."""
    if row.state is not EnrolmentState.PAUSED or row.until is None or row.until > now:
        return row
    return replace(row, state=EnrolmentState.ACTIVE, cause=None, until=None)


def resumed_from_unknown(row: Enrolment) -> Enrolment:
    """The enrolment without the pause for its unknown message, which is settled."""
    if row.cause is not Pause.UNKNOWN:
        return row
    return replace(row, state=EnrolmentState.ACTIVE, cause=None, until=None)
