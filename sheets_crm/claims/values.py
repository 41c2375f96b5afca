"""What the kernel reads and writes: the workbook, the store's claims and epochs, hand-overs and their answers."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.message import message_id


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What System says of claims.

    Attributes:
        store_id: The store that may claim.
        store_epoch: The epoch of the last write that claimed.
        sequence: The number of guarded writes so far.
        spreadsheet_id: The spreadsheet that the workbook was last adopted in.
        counters: The highest number given out, by the letter of the ids.
    """

    store_id: str
    store_epoch: int
    sequence: int
    spreadsheet_id: str
    counters: Mapping[str, int] = field(default_factory=dict)
    salt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The workbook as one read saw it; ``spreadsheet_id`` is that of the file which was read."""

    system: System
    spreadsheet_id: str
    rows: Mapping[str, Enrolment]
    do_not_contact: frozenset[str]
    active_campaigns: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One guarded write, applied whole or not at all, only on the sequence that was read; ``token`` is its stamp.

    ``becomes`` is the sequence that it leaves; None: the next one.
    """

    sequence: int = 0
    token: str = ""
    becomes: int | None = None
    rows: tuple[Enrolment, ...] = ()
    epoch: int | None = None
    store_id: str | None = None
    spreadsheet_id: str | None = None
    counters: Mapping[str, int] = field(default_factory=dict)
    do_not_contact: frozenset[str] = frozenset()
    pause_campaigns: bool = False


class Written(enum.Enum):
    """What is known of a guarded write."""

    WRITTEN = "written"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a guarded write; ``rows`` are those that it wrote, as they were read back in the same request."""

    written: Written
    rows: Mapping[str, Enrolment] = field(default_factory=dict)


class AnswerKind(enum.Enum):
    """What a provider says to a message."""

    ACCEPTED = "accepted"
    REFUSED = "refused for good"
    NOT_SENT = "certainly did not leave, for a passing cause"
    NO_ANSWER = "no answer: nobody knows"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one message, and the reason in the provider's words."""

    kind: AnswerKind
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A message for a provider, which must not begin with it from ``not_after`` on: a machine may have slept."""

    message_id: str
    key: str
    row: Enrolment
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreClaim:
    """A claim as the store has it.

    Attributes:
        row: The enrolment as it was claimed.
        caps: The keys of the caps that it spent.
        handing_at: When its hand-over began; it can begin once only.
        answer: What the provider said.
        released: It certainly did not leave and will not under this epoch; to be claimed anew or cancelled.
        closed: What became of it in the workbook; None while that is open.
    """

    row: Enrolment
    caps: tuple[str, ...] = ()
    handing_at: datetime | None = None
    answer: Answer | None = None
    released: bool = False
    closed: ClaimState | None = None

    @property
    def message_id(self) -> str:
        """The id of the claimed message."""
        return message_id(self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An epoch that was raised before its guarded write.

    Attributes:
        epoch: The epoch.
        token: The stamp of its write.
        sequence: The one that the write was made on.
        becomes: The one that it leaves.
        claims: What the write claims.
        adopted: Claims of another or lost store, recorded where this one has none under their ids.
    """

    epoch: int
    token: str
    sequence: int
    becomes: int
    claims: tuple[StoreClaim, ...] = ()
    adopted: tuple[StoreClaim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """What the store knows of a workbook's epochs.

    Attributes:
        store_id: Its id.
        confirmed: The highest epoch whose write was applied.
        raised: The highest that was ever raised, withdrawn ones too: none is used twice.
        sequence: The highest that the workbook is known to have had, when an epoch was raised or confirmed.
        pending: Those whose write is not settled.
    """

    store_id: str
    confirmed: int = 0
    raised: int = 0
    sequence: int = 0
    pending: tuple[Pending, ...] = ()
