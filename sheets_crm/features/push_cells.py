"""What became of a lead's push, as its cell of the Master holds it, and as the kernel of claims has it.

``due 7`` is written with the send of batch 7; what follows is the claim of the message
``push-<LeadNumber>.7.<attempt>``: ``claimed 7.1 @12 2026-11-30T09:00:00Z CAMPAIGN``.
A blank cell is of a lead that nobody pushes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sheets_crm.claims.answers import PAUSES
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment, EnrolmentState, Pause, Stop
from sheets_crm.pipeline.push_words import ACCEPTED, IN_DOUBT, REFUSED, Word

LETTER: Final = "push"
"""What the enrolments of pushed leads begin with."""
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


_CLAIMS: Final = {
    Word.DUE: ClaimState.BLANK,
    Word.STOPPED: ClaimState.BLANK,
    Word.CLAIMED: ClaimState.CLAIMED,
    Word.UNKNOWN: ClaimState.UNKNOWN,
    Word.FAILED: ClaimState.FAILED,
    Word.CANCELLED: ClaimState.CANCELLED,
    **dict.fromkeys(ACCEPTED, ClaimState.ACCEPTED),
    **dict.fromkeys(REFUSED, ClaimState.REFUSED),
}
_SAME_WORD: Final = {
    ClaimState.BLANK: Word.DUE,
    ClaimState.CLAIMED: Word.CLAIMED,
    ClaimState.FAILED: Word.FAILED,
    ClaimState.CANCELLED: Word.CANCELLED,
    ClaimState.UNKNOWN: Word.UNKNOWN,
    ClaimState.ACCEPTED: Word.ADDED,
    ClaimState.REFUSED: Word.SKIPPED,
}
_CELL: Final = re.compile(
    r"(?P<word>[a-z]+) (?P<batch>\d{1,9})"
    r"(?:\.(?P<attempt>\d{1,4}) @(?P<epoch>\d{1,12}) (?P<at>\S+)(?: (?P<campaign>\S+))?)?(?P<blocked> !)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushCell:
    """A lead's cell.

    Attributes:
        word: What became of it.
        batch: Number of the batch that it was sent in.
        attempt: Counts the message ids of the batch.
        epoch: The epoch of the write that claimed it.
        at: When it was claimed.
        campaign: The campaign that it was claimed for.
        blocked: Whether the lead may not be contacted any more, while its claim is in doubt.
    """

    word: Word
    batch: int
    attempt: int = 1
    epoch: int = 0
    at: datetime | None = None
    campaign: str = ""
    blocked: bool = False

    @property
    def text(self) -> str:
        """The cell."""
        mark = " !" if self.blocked else ""
        if self.at is None:
            return f"{self.word} {self.batch}{mark}"
        claimed = f"{self.word} {self.batch}.{self.attempt} @{self.epoch} {_moment(self.at)}"
        return f"{claimed} {self.campaign}".rstrip() + mark


def parsed(cell: object) -> PushCell | None:
    """What a cell says; None for a blank one. What nobody can read is unknown, and never pushed by itself."""
    text = str(cell).strip()
    if not text:
        return None
    match = _CELL.fullmatch(text)
    if match is None or match["word"] not in set(Word):
        return PushCell(word=Word.UNKNOWN, batch=0, at=LONG_AGO)
    claimed = match["attempt"] is not None
    return PushCell(
        word=Word(match["word"]),
        batch=int(match["batch"]),
        attempt=int(match["attempt"] or 1),
        epoch=int(match["epoch"] or 0),
        at=_read_moment(match["at"]) if claimed else None,
        campaign=match["campaign"] or "",
        blocked=match["blocked"] is not None,
    )


def enrolment_of(lead: int) -> str:
    """The id of the enrolment of a pushed lead."""
    return f"{LETTER}-{lead}"


def row_of(lead: int, address: str, cell: PushCell, *, in_batch: bool) -> Enrolment:
    """The lead's enrolment.

    Args:
        lead: Its LeadNumber.
        address: Its normalised address.
        cell: What its cell says.
        in_batch: Whether it is still out in the cell's batch: a lead that came back or was taken out of it is not
            pushed any more, and what was claimed of it is only settled.
    """
    row = Enrolment(
        enrolment=enrolment_of(lead),
        lead_number=str(lead),
        address=address,
        campaign_id=cell.campaign,
        position=cell.batch,
        attempt=cell.attempt,
        claim=_CLAIMS[cell.word],
        claimed_at=cell.at,
        epoch=cell.epoch,
        next_at=_next_at(cell),
    )
    if cell.word is Word.STOPPED or cell.blocked:
        return replace(row, state=EnrolmentState.STOPPED, cause=Stop.DO_NOT_CONTACT, next_at=None)
    if not in_batch or (row.next_at is None and cell.word not in IN_DOUBT):
        return replace(row, state=EnrolmentState.FINISHED, next_at=None)
    if cell.word is Word.UNKNOWN:
        return replace(row, state=EnrolmentState.PAUSED, cause=Pause.UNKNOWN)
    return row


def _next_at(cell: PushCell) -> datetime | None:
    """When the next message of the batch is due; None: there is none, or the last one is not settled."""
    if cell.word in {Word.DUE, Word.CANCELLED, Word.CLAIMED, Word.UNKNOWN}:
        return cell.at or LONG_AGO
    if cell.word is Word.FAILED and cell.at is not None and cell.attempt <= len(PAUSES):
        return cell.at + PAUSES[cell.attempt - 1]
    return None


def cell_of(row: Enrolment, word: str = "") -> PushCell:
    """The cell of an enrolment.

    Args:
        row: The enrolment.
        word: What the service said of it, where it was accepted or refused.
    """
    said = Word(word) if word in set(Word) and _CLAIMS[Word(word)] is row.claim else _SAME_WORD[row.claim]
    stopped = row.state is EnrolmentState.STOPPED
    if stopped and row.claim in {ClaimState.BLANK, ClaimState.CANCELLED, ClaimState.FAILED}:
        said, stopped = Word.STOPPED, False
    return PushCell(
        word=said,
        batch=row.position,
        attempt=row.attempt,
        epoch=row.epoch,
        at=row.claimed_at,
        campaign=row.campaign_id if row.claimed_at else "",
        blocked=stopped and said in IN_DOUBT,
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return LONG_AGO
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
