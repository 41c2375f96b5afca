"""Epochs of a workbook in the store: raised before their guarded write, confirmed after it, or withdrawn."""

from __future__ import annotations

from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects import postgresql, sqlite

from sheets_crm.claims.values import Pending, StoreClaim, StoreFacts
from sheets_crm.store import identity, messages
from sheets_crm.store.claim_values import claim_json, claim_of, dumped
from sheets_crm.store.schema import EPOCHS, WORKBOOK_EPOCHS

PENDING: Final = "pending"
CONFIRMED: Final = "confirmed"
WITHDRAWN: Final = "withdrawn"


def locked(connection: Connection, workbook: str) -> Row[Any]:
    """The row of a workbook, locked until the transaction ends: of two that read first and then write, one waits."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = insert(WORKBOOK_EPOCHS).values(workbook=workbook, confirmed=0, raised=0, sequence=0)
    connection.execute(new.on_conflict_do_nothing())
    of_workbook = select(WORKBOOK_EPOCHS).where(WORKBOOK_EPOCHS.c.workbook == workbook)
    return connection.execute(of_workbook.with_for_update()).one()


def facts(connection: Connection, workbook: str) -> StoreFacts:
    """The store's id, and what it knows of a workbook's epochs, all of one moment."""
    of_workbook = select(WORKBOOK_EPOCHS).where(WORKBOOK_EPOCHS.c.workbook == workbook)
    row = connection.execute(of_workbook).first()
    known = {} if row is None else {name: getattr(row, name) for name in ("confirmed", "raised", "sequence")}
    pending = select(EPOCHS).where(EPOCHS.c.workbook == workbook, EPOCHS.c.state == PENDING)
    rows = connection.execute(pending.order_by(EPOCHS.c.epoch))
    return StoreFacts(
        store_id=identity.store_id(connection), **known, pending=tuple(_pending(each) for each in rows)
    )


def raise_epoch(connection: Connection, workbook: str, pending: Pending) -> bool:
    """Note an epoch before its write; False if the epoch was raised, or an id is used that is not released."""
    row = locked(connection, workbook)
    if pending.epoch <= row.raised or messages.used(connection, workbook, pending.claims):
        return False
    connection.execute(EPOCHS.insert().values(workbook=workbook, state=PENDING, **_columns(pending)))
    _raise(connection, row, raised=pending.epoch, sequence=pending.sequence)
    return True


def confirm(connection: Connection, workbook: str, epoch: int, sequence: int) -> bool:
    """The epoch's write was applied, and its claims stand; False if it was withdrawn."""
    row = locked(connection, workbook)
    noted = connection.execute(select(EPOCHS).where(_is(workbook, epoch))).first()
    if noted is None or noted.state != PENDING:
        return noted is not None and noted.state == CONFIRMED
    pending = _pending(noted)
    _settle(connection, workbook, epoch, CONFIRMED)
    _raise(connection, row, confirmed=epoch, sequence=sequence)
    messages.put_claims(connection, workbook, pending.claims)
    messages.put_adopted(connection, workbook, pending.adopted)
    return True


def withdraw(connection: Connection, workbook: str, epoch: int) -> None:
    """The epoch's write was not applied; one that was confirmed stays confirmed."""
    locked(connection, workbook)
    _settle(connection, workbook, epoch, WITHDRAWN)


def _settle(connection: Connection, workbook: str, epoch: int, state: str) -> None:
    pending = EPOCHS.update().where(_is(workbook, epoch), EPOCHS.c.state == PENDING)
    connection.execute(pending.values(state=state, claims=None))


def _raise(connection: Connection, row: Row[Any], **numbers: int) -> None:
    """Raise numbers of a workbook's row; none of them falls."""
    values = {name: max(getattr(row, name), number) for name, number in numbers.items()}
    connection.execute(WORKBOOK_EPOCHS.update().where(WORKBOOK_EPOCHS.c.workbook == row.workbook).values(values))


def _is(workbook: str, epoch: int) -> Any:
    return (EPOCHS.c.workbook == workbook) & (EPOCHS.c.epoch == epoch)


def _columns(pending: Pending) -> dict[str, Any]:
    return {
        "epoch": pending.epoch,
        "token": pending.token,
        "sequence": pending.sequence,
        "becomes": pending.becomes,
        "claims": claims_text(pending.claims, pending.adopted),
    }


def claims_text(claims: tuple[StoreClaim, ...], adopted: tuple[StoreClaim, ...]) -> str:
    """What an epoch claims and adopts, as its row keeps it while it is pending."""
    return dumped({"claims": [*map(claim_json, claims)], "adopted": [*map(claim_json, adopted)]})


def claims_in(text: str) -> tuple[tuple[StoreClaim, ...], tuple[StoreClaim, ...]]:
    """What a pending epoch claims, and what it adopts."""
    body = orjson.loads(text)
    return tuple(map(claim_of, body["claims"])), tuple(map(claim_of, body["adopted"]))


def _pending(row: Row[Any]) -> Pending:
    claims, adopted = claims_in(row.claims)
    return Pending(
        epoch=row.epoch,
        token=row.token,
        sequence=row.sequence,
        becomes=row.becomes,
        claims=claims,
        adopted=adopted,
    )
