"""Erasing a person from the claims: their messages stay as used ids, without whom they were for.

A used id never comes back, caps of a day hold, and what became of a message is known on; but address, LeadNumber,
thread and the provider's words go, from pending epochs too. A claim whose hand-over has not begun is released: it does
not leave any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, select

from sheets_crm.claims.enrolment import Enrolment, EnrolmentState, Stop
from sheets_crm.claims.message import message_id
from sheets_crm.claims.values import StoreClaim
from sheets_crm.store import epochs, messages
from sheets_crm.store.claim_values import dumped, row_json, row_of
from sheets_crm.store.schema import EPOCHS, MESSAGE_CAPS, MESSAGES

IsAbout = Callable[[dict[str, Any]], bool]
"""Whether an entry of the change journal is about the person."""

_NOBODY: Final = -1


def addressees(connection: Connection, workbook: str) -> list[tuple[str, str]]:
    """LeadNumber and address of everybody whom a message of a workbook was claimed for."""
    asked = select(MESSAGES.c.lead_number, MESSAGES.c.address).where(MESSAGES.c.workbook == workbook).distinct()
    return [(row.lead_number, row.address) for row in connection.execute(asked) if row.address]


def erase(connection: Connection, workbook: str, is_about: IsAbout) -> None:
    """Erase the person from the messages and the pending epochs of a workbook."""
    epochs.locked(connection, workbook)
    rows = connection.execute(select(MESSAGES).where(MESSAGES.c.workbook == workbook)).all()
    for row in rows:
        if is_about(_entry(row.lead_number, row.address)):
            _erase_message(connection, row)
        elif row.answer_reason and is_about(_quoted(row.answer_reason)):
            connection.execute(_update(row).values(answer_reason=""))
    _erase_pending(connection, workbook, is_about)


def erased_row(row: Enrolment) -> Enrolment:
    """An enrolment without its person, stopped: nothing is ever sent by it."""
    return replace(
        row,
        lead_number="",
        address="",
        thread_key="",
        state=EnrolmentState.STOPPED,
        cause=Stop.DO_NOT_CONTACT,
        until=None,
        next_at=None,
        last_in_at=None,
    )


def _erase_message(connection: Connection, row: Row[Any]) -> None:
    claimed = row_of(orjson.loads(row.enrolment_row))
    erased = erased_row(claimed)
    reason = None if row.answer is None else ""
    columns = {
        **messages.person_columns(erased),
        "enrolment_row": dumped(row_json(erased)),
        "answer_reason": reason,
    }
    connection.execute(_update(row).values(columns))
    of_message = messages.is_key(MESSAGE_CAPS, _key(row))
    for cap in connection.execute(select(MESSAGE_CAPS).where(of_message)).all():
        if _names(cap.cap_key, claimed):
            connection.execute(MESSAGE_CAPS.delete().where(of_message, MESSAGE_CAPS.c.place == cap.place))
    if row.closed is None:
        messages.release(connection, row.workbook, [message_id(erased)])


def _erase_pending(connection: Connection, workbook: str, is_about: IsAbout) -> None:
    """What a pending epoch claims for the person is recorded as released, if its write turns out to be applied."""

    def erased(claim: StoreClaim) -> StoreClaim:
        if not is_about(_entry(claim.row.lead_number, claim.row.address)):
            return claim
        caps = tuple(cap for cap in claim.caps if not _names(cap, claim.row))
        may_leave = claim.handing_at is None and claim.closed is None
        return replace(claim, row=erased_row(claim.row), caps=caps, released=claim.released or may_leave)

    pending = (EPOCHS.c.workbook == workbook) & (EPOCHS.c.state == epochs.PENDING)
    for row in connection.execute(select(EPOCHS).where(pending)).all():
        claims, adopted = epochs.claims_in(row.claims)
        body = epochs.claims_text(tuple(map(erased, claims)), tuple(map(erased, adopted)))
        connection.execute(EPOCHS.update().where(pending, EPOCHS.c.epoch == row.epoch).values(claims=body))


def _update(row: Row[Any]) -> Any:
    return MESSAGES.update().where(messages.is_key(MESSAGES, _key(row)))


def _key(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in messages.KEY}


def _entry(lead_number: str, address: str) -> dict[str, Any]:
    """A message's person as an entry of the journal is about one."""
    number = int(lead_number) if lead_number.isascii() and lead_number.isdecimal() else _NOBODY
    return {"lead": number, "old": "", "new": address}


def _quoted(words: str) -> dict[str, Any]:
    """Words that may name anybody, as an entry of the journal has them."""
    return {"table": "messages", "lead": _NOBODY, "old": "", "new": words}


def _names(cap: str, row: Enrolment) -> bool:
    """Whether a cap is the person's own: its key has the address or LeadNumber as a word."""
    return not {row.address, row.lead_number}.isdisjoint(cap.split())
