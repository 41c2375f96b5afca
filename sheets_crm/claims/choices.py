"""What a person may say of a message whose end is not known, or that certainly did not leave."""

from __future__ import annotations

import enum
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sheets_crm.claims.answers import answered
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.effects import Steps, do
from sheets_crm.claims.enrolment import Enrolment, EnrolmentState
from sheets_crm.claims.message import message_id, parsed_id
from sheets_crm.claims.ports import Policy, Ports
from sheets_crm.claims.values import AnswerKind, Change, Written

OFFERED_AFTER: Final = timedelta(hours=24)
"""How long after its claim an unknown message may be sent again: by then a slow provider has said what it did."""


class Choice(enum.StrEnum):
    """The two ticks of an unknown message."""

    WAS_SENT = "was_sent"
    SEND_AGAIN = "send_again"


def offered(row: Enrolment, now: datetime) -> frozenset[Choice]:
    """What a person may choose for the message of a row."""
    if row.claim is ClaimState.UNKNOWN:
        aged = row.claimed_at is not None and now - row.claimed_at >= OFFERED_AFTER
        return frozenset({Choice.WAS_SENT, Choice.SEND_AGAIN} if aged and row.open else {Choice.WAS_SENT})
    ended_unsent = row.claim in {ClaimState.REFUSED, ClaimState.FAILED} and row.state is EnrolmentState.FINISHED
    return frozenset({Choice.SEND_AGAIN}) if ended_unsent else frozenset()


def chosen(row: Enrolment, choice: Choice, policy: Policy, now: datetime) -> Enrolment:
    """The row after a choice; sent again means the next attempt, and the old one stays as it was."""
    if choice is Choice.WAS_SENT:
        return answered(row, AnswerKind.ACCEPTED, policy, now)
    again = replace(row, attempt=row.attempt + 1, claim=ClaimState.BLANK, claimed_at=None, epoch=0, next_at=now)
    return replace(again, state=EnrolmentState.ACTIVE, cause=None, until=None)


def choose(ports: Ports, message: str, choice: Choice) -> Steps[bool]:
    """Write a person's choice; False where it is not offered (any more), or somebody else wrote at the same time."""
    now = yield from do(ports.clock.now)
    view = yield from do(ports.workbook.read)
    row = view.rows.get(parsed_id(message)[0])
    if row is None or message_id(row) != message or choice not in offered(row, now):
        return False
    sequence = view.system.sequence
    token = f"{ports.worker}/{choice}/{message}/{sequence}"
    change = Change(sequence=sequence, token=token, rows=(chosen(row, choice, ports.policy, now),))
    outcome = yield from do(ports.workbook.write, change)
    return outcome.written is Written.WRITTEN
