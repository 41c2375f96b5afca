"""Guarded writes that raise the epoch, and what becomes of those that nobody knows the outcome of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sheets_crm.claims.effects import Steps, do
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.judgement import Judgement, judge
from sheets_crm.claims.ports import Ports
from sheets_crm.claims.values import Change, Pending, StoreClaim, StoreFacts, View, Written

_ROUNDS: Final = 3
STAMPS_KEPT: Final = 200
"""How many of the newest stamps a workbook keeps."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook and a store that were read together, with no write in doubt."""

    view: View
    facts: StoreFacts
    judgement: Judgement

    @property
    def next_epoch(self) -> int:
        """The epoch that a write on this reading raises; none is used twice."""
        return max(self.facts.raised, self.view.system.store_epoch) + 1


def read_settled(ports: Ports) -> Steps[Reading | None]:
    """Read store, workbook and store until the store stood still and no write is in doubt; None: it does not."""
    for _ in range(_ROUNDS):
        earlier = yield from do(ports.store.facts)
        view = yield from do(ports.workbook.read)
        facts = yield from do(ports.store.facts)
        if earlier == facts and not facts.pending:
            return Reading(view, facts, judge(facts, view))
        for pending in facts.pending:
            yield from _settle(ports, view, facts, pending)
    return None


def _settle(ports: Ports, view: View, facts: StoreFacts, pending: Pending) -> Steps[None]:
    """Confirm the epoch of a write that was applied, withdraw that of one which was not and cannot be any more."""
    if (yield from _applied(ports, view, facts, pending)):
        yield from do(ports.store.confirm, pending.epoch, pending.becomes)
    elif view.system.sequence != pending.sequence or (yield from _number_taken(ports, pending)):
        yield from do(ports.store.withdraw, pending.epoch)


def _applied(ports: Ports, view: View, facts: StoreFacts, pending: Pending) -> Steps[bool]:
    # An older stamp is gone. Under one store every write is settled before the next epoch, so its epoch still stands.
    if view.system.sequence - pending.sequence > STAMPS_KEPT and view.system.store_id == facts.store_id:
        return view.system.store_epoch == pending.epoch
    return (yield from do(ports.workbook.has_stamp, pending.token))


def _number_taken(ports: Ports, pending: Pending) -> Steps[bool]:
    """Write nothing under the number of a write that may still be on its way: that one is refused from now on."""
    token = f"{ports.worker}/instead of/{pending.epoch}"
    outcome = yield from do(ports.workbook.write, Change(sequence=pending.sequence, token=token))
    return outcome.written is Written.WRITTEN


def write_epoch(
    ports: Ports,
    reading: Reading,
    change: Change,
    claims: tuple[StoreClaim, ...] = (),
    adopted: tuple[StoreClaim, ...] = (),
) -> Steps[Mapping[str, Enrolment] | None]:
    """Raise the epoch in the store, write it with a change, confirm it: the rows as the workbook then shows them.

    None: nothing may be done that rests on the write. It was not applied, or is in doubt until the next pass.
    """
    epoch, sequence = reading.next_epoch, reading.view.system.sequence
    token = f"{ports.worker}/{epoch}"
    becomes = change.becomes or sequence + 1
    pending = Pending(epoch=epoch, token=token, sequence=sequence, becomes=becomes, claims=claims, adopted=adopted)
    if not (yield from do(ports.store.raise_epoch, pending)):
        return None
    outcome = yield from do(ports.workbook.write, replace(change, sequence=sequence, token=token, epoch=epoch))
    if outcome.written is Written.UNKNOWN:
        return (yield from _looked_up(ports, pending))
    if outcome.written is Written.REFUSED:
        yield from do(ports.store.withdraw, epoch)
        return None
    confirmed = yield from do(ports.store.confirm, epoch, becomes)
    return outcome.rows if confirmed else None


def _looked_up(ports: Ports, pending: Pending) -> Steps[Mapping[str, Enrolment] | None]:
    """The rows after a write without an answer, if its stamp is there; else it stays pending."""
    if not (yield from do(ports.workbook.has_stamp, pending.token)):
        return None
    confirmed = yield from do(ports.store.confirm, pending.epoch, pending.becomes)
    view = yield from do(ports.workbook.read)
    return view.rows if confirmed else None
