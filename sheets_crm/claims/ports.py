"""What the kernel needs of the world. Each method of the store is one commit, on the disk before it returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.values import Answer, Change, Handover, Outcome, Pending, StoreClaim, StoreFacts, View


class Workbook(Protocol):
    """The workbook."""

    def read(self) -> View:
        """Rows, System, Do not contact and the campaigns in one read."""

    def write(self, change: Change) -> Outcome:
        """Make one guarded write, which leaves the change's token as its stamp."""

    def has_stamp(self, token: str) -> bool:
        """Whether the write with this token was applied."""


class Store(Protocol):
    """What the store keeps of one workbook."""

    def facts(self) -> StoreFacts:
        """Its id, epochs and sequence."""

    def lease(self, worker: str, now: datetime, until: datetime) -> bool:
        """Take the lease of the workbook's claims, if it is free, expired or the worker's own."""

    def end_lease(self, worker: str) -> None:
        """Give the lease back, if it is the worker's."""

    def raise_epoch(self, pending: Pending) -> bool:
        """Note an epoch, its claims and its sequence before their write.

        Returns:
            False if the epoch, or an id that is not released, was used.
        """

    def confirm(self, epoch: int, sequence: int) -> bool:
        """Its write was applied, its claims stand, the sequence is noted if none is higher; False if withdrawn."""

    def withdraw(self, epoch: int) -> None:
        """The epoch's write was not applied and cannot be any more."""

    def open_claims(self) -> Mapping[str, StoreClaim]:
        """Claims by message id that are not closed."""

    def latest(self) -> Mapping[str, StoreClaim]:
        """The claim with the highest message id of each enrolment, closed or not."""

    def spent(self, keys: Iterable[str]) -> Mapping[str, int]:
        """How many claims that did not end cancelled spent each cap."""

    def begin_hand_over(self, message_id: str, epoch: int, at: datetime) -> bool:
        """Insert under a unique key; False if it is there, or no confirmed, unreleased claim of this epoch is."""

    def begin_hand_overs(self, ids: Iterable[str], epoch: int, at: datetime) -> frozenset[str]:
        """Begin the hand-over of several messages in one commit; those that `begin_hand_over` would begin."""

    def answer(self, message_id: str, answer: Answer) -> None:
        """Record what the provider said; the first answer stands."""

    def answer_all(self, answers: Mapping[str, Answer]) -> None:
        """Record what the provider said to several messages, by their ids, in one commit."""

    def release(self, ids: Iterable[str]) -> frozenset[str]:
        """Release the claims without a hand-over; the ids that are released now."""

    def close(self, states: Mapping[str, ClaimState]) -> None:
        """Record what became of claims in the workbook."""

    def rename(self, store_id: str) -> None:
        """Give the store another id, so that its twin is another store."""


class Outlet(Protocol):
    """Where messages leave, one after another."""

    def hand_over(self, message: Handover) -> Answer:
        """Hand one message to the provider. After its ``not_after`` nothing is handed over: it did not leave."""


@runtime_checkable
class Together(Protocol):
    """Where the messages of a campaign leave together."""

    def hand_over_together(self, messages: Sequence[Handover]) -> Mapping[str, Answer]:
        """Hand some over, by message id what is known of each. After their ``not_after`` nothing is handed over."""


class Suppressions(Protocol):
    """Everybody who may not be contacted, as known at this moment in the workbook and the store."""

    def entries(self) -> frozenset[str]:
        """Normalised addresses, ``@domains`` and LeadNumbers."""


class Evidence(Protocol):
    """Traces of our keys outside: events, replies, bounces, Sent folders, campaigns."""

    def left(self, ids: frozenset[str]) -> frozenset[str]:
        """Those of some message ids that are proved to have left."""


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """The time in UTC."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many messages under a key, such as ``mailbox ana@x.cl 2026-11-30``."""

    key: str
    most: int


class Policy(Protocol):
    """What campaigns, mailboxes and templates say, as pure functions of a row and a time."""

    def caps(self, row: Enrolment, at: datetime) -> tuple[Cap, ...]:
        """The caps that a message spends at a time, its row at its position; their keys name the local day."""

    def held_back_by(self, row: Enrolment, at: datetime) -> str:
        """Why a message, its row at its position, may not leave (window, approval, mailbox); blank: nothing."""

    def next_at(self, row: Enrolment, at: datetime) -> datetime | None:
        """When the position after the row's is due, its own accepted at a time; None: it was the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The ports of one worker, whose name is new at each start."""

    worker: str
    workbook: Workbook
    store: Store
    outlet: Outlet | Together
    suppressions: Suppressions
    evidence: Evidence
    clock: Clock
    policy: Policy
