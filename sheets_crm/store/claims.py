"""The claims of one workbook, as the kernel of claims asks for them; each method is one transaction on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.values import Answer, Pending, StoreClaim, StoreFacts
from sheets_crm.store.access import Store
from sheets_crm.store.leases import CLAIMS, give_up, take

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")


class StoredClaims:
    """Implements `sheets_crm.claims.ports.Store` in the store.

    It raises an epoch only in the store whose facts it read last: the store may have been restored, or set aside as
    damaged, in the middle of a pass, and knows then less of claims and caps than the pass rests on.

    Args:
        store: The store.
        workbook: Id of the spreadsheet.
    """

    def __init__(self, store: Store, workbook: str) -> None:
        self._store = store
        self._workbook = workbook
        self._lease = f"{CLAIMS} {workbook}"
        self._read_in: str | None = None

    def facts(self) -> StoreFacts:
        """Its id, epochs and sequence."""
        from sheets_crm.store import epochs  # noqa: PLC0415 - SQLAlchemy waits until it is needed

        facts = self._read(lambda connection: epochs.facts(connection, self._workbook))
        self._read_in = facts.store_id
        return facts

    def lease(self, worker: str, now: datetime, until: datetime) -> bool:
        """Take the lease of the workbook's claims, if it is free, expired or the worker's own."""
        return self._store.write(lambda connection: take(connection, self._lease, worker, now, until))

    def end_lease(self, worker: str) -> None:
        """Give the lease back, if it is the worker's."""
        self._store.write(lambda connection: give_up(connection, self._lease, worker))

    def raise_epoch(self, pending: Pending) -> bool:
        """Note an epoch, its claims and its sequence before their write.

        Returns:
            False if the epoch, or an id that is not released, was used.
        """
        from sheets_crm.store import epochs, identity  # noqa: PLC0415

        def work(connection: Connection) -> bool:
            if self._read_in not in {None, identity.store_id(connection)}:
                return False
            return epochs.raise_epoch(connection, self._workbook, pending)

        return self._store.write(work)

    def confirm(self, epoch: int, sequence: int) -> bool:
        """Its write was applied, its claims stand, the sequence is noted if none is higher; False if withdrawn."""
        from sheets_crm.store import epochs  # noqa: PLC0415

        return self._store.write(lambda connection: epochs.confirm(connection, self._workbook, epoch, sequence))

    def withdraw(self, epoch: int) -> None:
        """The epoch's write was not applied and cannot be any more."""
        from sheets_crm.store import epochs  # noqa: PLC0415

        self._store.write(lambda connection: epochs.withdraw(connection, self._workbook, epoch))

    def open_claims(self) -> Mapping[str, StoreClaim]:
        """Claims by message id that are not closed."""
        from sheets_crm.store import messages  # noqa: PLC0415

        return self._read(lambda connection: messages.open_claims(connection, self._workbook))

    def latest(self) -> Mapping[str, StoreClaim]:
        """The claim with the highest message id of each enrolment, closed or not."""
        from sheets_crm.store import messages  # noqa: PLC0415

        return self._read(lambda connection: messages.latest(connection, self._workbook))

    def spent(self, keys: Iterable[str]) -> Mapping[str, int]:
        """How many claims that did not end cancelled spent each cap."""
        from sheets_crm.store import messages  # noqa: PLC0415

        return self._read(lambda connection: messages.spent(connection, self._workbook, keys))

    def begin_hand_over(self, message_id: str, epoch: int, at: datetime) -> bool:
        """Insert under a unique key; False if it is there, or no confirmed, unreleased claim of this epoch is."""
        from sheets_crm.store import messages  # noqa: PLC0415

        return self._change(
            lambda connection: messages.begin_hand_over(connection, self._workbook, message_id, epoch, at)
        )

    def begin_hand_overs(self, ids: Iterable[str], epoch: int, at: datetime) -> frozenset[str]:
        """Begin the hand-over of several messages in one commit; those that `begin_hand_over` would begin."""
        from sheets_crm.store import messages  # noqa: PLC0415

        def work(connection: Connection) -> frozenset[str]:
            asked = dict.fromkeys(ids)
            return frozenset(
                one for one in asked if messages.begin_hand_over(connection, self._workbook, one, epoch, at)
            )

        return self._change(work)

    def answer(self, message_id: str, answer: Answer) -> None:
        """Record what the provider said; the first answer stands."""
        self.answer_all({message_id: answer})

    def answer_all(self, answers: Mapping[str, Answer]) -> None:
        """Record what the provider said to several messages, by their ids, in one commit."""
        from sheets_crm.store import messages  # noqa: PLC0415

        def work(connection: Connection) -> None:
            for message, answer in answers.items():
                messages.answer(connection, self._workbook, message, answer)

        self._change(work)

    def release(self, ids: Iterable[str]) -> frozenset[str]:
        """Release the claims without a hand-over; the ids that are released now."""
        from sheets_crm.store import messages  # noqa: PLC0415

        return self._change(lambda connection: messages.release(connection, self._workbook, ids))

    def close(self, states: Mapping[str, ClaimState]) -> None:
        """Record what became of claims in the workbook."""
        from sheets_crm.store import messages  # noqa: PLC0415

        self._change(lambda connection: messages.close(connection, self._workbook, states))

    def rename(self, store_id: str) -> None:
        """Give the store another id, so that its twin is another store."""
        from sheets_crm.store import identity  # noqa: PLC0415

        self._store.write(lambda connection: identity.rename(connection, store_id))
        self._read_in = store_id

    def _read(self, work: Callable[[Connection], T]) -> T:
        """Do work whose statements all see one moment."""

        def of_one_moment(connection: Connection) -> T:
            if connection.dialect.name == "postgresql":  # there each statement sees what was committed before it
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return work(connection)

        return self._store.read(of_one_moment)

    def _change(self, work: Callable[[Connection], T]) -> T:
        """Do work on the messages, with the workbook's row locked."""
        from sheets_crm.store import epochs  # noqa: PLC0415

        def alone(connection: Connection) -> T:
            epochs.locked(connection, self._workbook)
            return work(connection)

        return self._store.write(alone)
