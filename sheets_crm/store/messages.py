"""Claimed messages of a workbook: put there when their write is confirmed, read, handed over, answered, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, Select, bindparam, case, func, literal, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.message import parsed_id
from sheets_crm.claims.values import Answer, StoreClaim
from sheets_crm.store.claim_values import answer_kind, answer_word, dumped, kept_text, row_json, row_of
from sheets_crm.store.schema import HAND_OVERS, MESSAGE_CAPS, MESSAGES, Utc

AT_ONCE: Final = 500
"""Values in one statement: SQLite takes a bounded number."""

KEY: Final = ("workbook", "enrolment", "position", "attempt")


# -- read


def open_claims(connection: Connection, workbook: str) -> dict[str, StoreClaim]:
    """Claims by message id that are not closed."""
    is_open = (MESSAGES.c.workbook == workbook) & MESSAGES.c.closed.is_(None)
    return _claims(connection, is_open)


def latest(connection: Connection, workbook: str) -> dict[str, StoreClaim]:
    """The claim with the highest message id of each enrolment, closed or not."""
    later = MESSAGES.alias("later")
    is_later = (
        (later.c.workbook == MESSAGES.c.workbook)
        & (later.c.enrolment == MESSAGES.c.enrolment)
        & (tuple_(later.c.position, later.c.attempt) > tuple_(MESSAGES.c.position, MESSAGES.c.attempt))
    )
    is_latest = (MESSAGES.c.workbook == workbook) & ~select(later.c.workbook).where(is_later).exists()
    return {claim.row.enrolment: claim for claim in _claims(connection, is_latest).values()}


def spent(connection: Connection, workbook: str, keys: Iterable[str]) -> dict[str, int]:
    """How many claims that did not end cancelled spent each cap."""
    counts = dict.fromkeys(keys, 0)
    for some in _batched(counts):
        asked = select(MESSAGE_CAPS.c.cap_key, func.count()).join(MESSAGES, is_of_message(MESSAGE_CAPS))
        asked = asked.where(
            MESSAGE_CAPS.c.workbook == workbook,
            MESSAGE_CAPS.c.cap_key.in_(some),
            MESSAGES.c.closed.is_distinct_from(ClaimState.CANCELLED.value),
        )
        counts |= {row[0]: row[1] for row in connection.execute(asked.group_by(MESSAGE_CAPS.c.cap_key))}
    return counts


def used(connection: Connection, workbook: str, claims: Iterable[StoreClaim]) -> bool:
    """Whether one of the ids stands already for a message that was not released, or is closed."""
    noted = _noted(connection, workbook, claims)
    return any(row.closed is not None or not row.released for row in noted.values())


def _claims(connection: Connection, condition: Any) -> dict[str, StoreClaim]:
    asked: Select[Any] = select(MESSAGES, HAND_OVERS.c.handing_over_at).outerjoin(
        HAND_OVERS, is_of_message(HAND_OVERS)
    )
    caps = _caps(connection, condition)
    rows = connection.execute(asked.where(condition))
    claims = (_claim(row, caps.get((row.enrolment, row.position, row.attempt), ())) for row in rows)
    return {claim.message_id: claim for claim in claims}


def _caps(connection: Connection, condition: Any) -> dict[tuple[Any, ...], tuple[str, ...]]:
    asked = select(MESSAGE_CAPS).join(MESSAGES, is_of_message(MESSAGE_CAPS)).where(condition)
    caps: dict[tuple[Any, ...], tuple[str, ...]] = {}
    for row in connection.execute(asked.order_by(*(MESSAGE_CAPS.c[name] for name in KEY), MESSAGE_CAPS.c.place)):
        key = row.enrolment, row.position, row.attempt
        caps[key] = (*caps.get(key, ()), row.cap_key)
    return caps


def _claim(row: Row[Any], caps: tuple[str, ...]) -> StoreClaim:
    return StoreClaim(
        row=row_of(orjson.loads(row.enrolment_row)),
        caps=caps,
        handing_at=row.handing_over_at,
        answer=None if row.answer is None else Answer(answer_kind(row.answer), row.answer_reason),
        released=row.released,
        closed=None if row.closed is None else ClaimState(row.closed),
    )


# -- put there


def put_claims(connection: Connection, workbook: str, claims: Iterable[StoreClaim]) -> None:
    """Put claims in, over released ones of the same ids; a message whose hand-over began stays as it is."""
    every = {claim.message_id: claim for claim in claims}
    begun = {
        key for key, row in _noted(connection, workbook, every.values()).items() if row.handing_over_at is not None
    }
    _put(connection, workbook, [claim for key, claim in every.items() if key not in begun])


def put_adopted(connection: Connection, workbook: str, claims: Iterable[StoreClaim]) -> None:
    """Put claims of another or lost store in, where this one has none under their ids."""
    every = {claim.message_id: claim for claim in claims}
    noted = _noted(connection, workbook, every.values())
    _put(connection, workbook, [claim for key, claim in every.items() if key not in noted])


def _put(connection: Connection, workbook: str, claims: list[StoreClaim]) -> None:
    if not claims:
        return
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = insert(MESSAGES)
    written = {column.name: new.excluded[column.name] for column in MESSAGES.c if column.name not in KEY}
    upsert = new.on_conflict_do_update(index_elements=list(KEY), set_=written)
    connection.execute(upsert, [_columns(workbook, claim) for claim in claims])
    of_claim = MESSAGE_CAPS.delete().where(*(MESSAGE_CAPS.c[name] == bindparam(f"of_{name}") for name in KEY))
    connection.execute(of_claim, [_bound(_key(workbook, claim)) for claim in claims])
    caps = [
        {**_key(workbook, claim), "place": place, "cap_key": cap}
        for claim in claims
        for place, cap in enumerate(claim.caps)
    ]
    begun = [
        {**_key(workbook, claim), "handing_over_at": claim.handing_at} for claim in claims if claim.handing_at
    ]
    for table, rows in ((MESSAGE_CAPS, caps), (HAND_OVERS, begun)):
        if rows:
            connection.execute(table.insert(), rows)


def _columns(workbook: str, claim: StoreClaim) -> dict[str, Any]:
    row, answer = claim.row, claim.answer
    return {
        **_key(workbook, claim),
        **person_columns(row),
        "campaign_id": row.campaign_id,
        "version": row.version,
        "mailbox": row.mailbox,
        "epoch": row.epoch,
        "claimed_at": row.claimed_at,
        "answer": None if answer is None else answer_word(answer.kind),
        "answer_reason": None if answer is None else kept_text(answer.reason),
        "released": claim.released,
        "closed": None if claim.closed is None else claim.closed.value,
        "enrolment_row": dumped(row_json(row)),
    }


def person_columns(row: Enrolment) -> dict[str, str]:
    """The columns of a message that tell whom it is for."""
    return {"lead_number": row.lead_number, "address": row.address, "thread_key": row.thread_key}


# -- what becomes of them


def begin_hand_over(connection: Connection, workbook: str, message: str, epoch: int, at: dt.datetime) -> bool:
    """Insert under the primary key; False if it is there, or no open, unreleased claim of this epoch is."""
    key = _parts(workbook, message)
    may_leave = (MESSAGES.c.epoch == epoch) & MESSAGES.c.released.is_(False) & MESSAGES.c.closed.is_(None)
    claim = select(*(MESSAGES.c[name] for name in KEY), literal(at, Utc)).where(is_key(MESSAGES, key), may_leave)
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = insert(HAND_OVERS).from_select([*KEY, "handing_over_at"], claim)
    new = new.on_conflict_do_nothing(index_elements=list(KEY)).returning(HAND_OVERS.c.enrolment)
    return connection.execute(new).first() is not None


def answer(connection: Connection, workbook: str, message: str, said: Answer) -> None:
    """Record what the provider said; the first answer stands."""
    unanswered = MESSAGES.update().where(is_key(MESSAGES, _parts(workbook, message)), MESSAGES.c.answer.is_(None))
    # What a provider says of an erased person may name them.
    reason = case((MESSAGES.c.address == "", ""), else_=kept_text(said.reason))
    connection.execute(unanswered.values(answer=answer_word(said.kind), answer_reason=reason))


def release(connection: Connection, workbook: str, ids: Iterable[str]) -> frozenset[str]:
    """Release the claims whose hand-over did not begin; the ids that are released now."""
    free = []
    for message in dict.fromkeys(ids):
        key = _parts(workbook, message)
        begun = select(HAND_OVERS.c.workbook).where(is_key(HAND_OVERS, key)).exists()
        claim = MESSAGES.update().where(is_key(MESSAGES, key), MESSAGES.c.released.is_(False), ~begun)
        made = connection.execute(claim.values(released=True).returning(MESSAGES.c.enrolment)).first()
        free += [message] if made is not None else []
    return frozenset(free)


def close(connection: Connection, workbook: str, states: Mapping[str, ClaimState]) -> None:
    """Record what became of claims in the workbook."""
    if not states:
        return
    of_claim = MESSAGES.update().where(*(MESSAGES.c[name] == bindparam(f"of_{name}") for name in KEY))
    connection.execute(
        of_claim.values(closed=bindparam("state")),
        [{**_bound(_parts(workbook, message)), "state": state.value} for message, state in states.items()],
    )


# -- keys


def _noted(connection: Connection, workbook: str, claims: Iterable[StoreClaim]) -> dict[str, Row[Any]]:
    """What stands under the ids of claims, by id."""
    ids = {claim.message_id: claim.row.enrolment for claim in claims}
    columns = (MESSAGES.c[name] for name in (*KEY, "released", "closed"))
    asked: Select[Any] = select(*columns, HAND_OVERS.c.handing_over_at).outerjoin(
        HAND_OVERS, is_of_message(HAND_OVERS)
    )
    noted: dict[str, Row[Any]] = {}
    for some in _batched(set(ids.values())):
        rows = connection.execute(asked.where(MESSAGES.c.workbook == workbook, MESSAGES.c.enrolment.in_(some)))
        noted |= {f"{row.enrolment}.{row.position}.{row.attempt}": row for row in rows}
    return {key: row for key, row in noted.items() if key in ids}


def _key(workbook: str, claim: StoreClaim) -> dict[str, Any]:
    row = claim.row
    return dict(zip(KEY, (workbook, row.enrolment, row.position, row.attempt), strict=True))


def _parts(workbook: str, message: str) -> dict[str, Any]:
    return dict(zip(KEY, (workbook, *parsed_id(message)), strict=True))


def _bound(key: dict[str, Any]) -> dict[str, Any]:
    """A key as the parameters of a statement that is made many times."""
    return {f"of_{name}": value for name, value in key.items()}


def is_key(table: Any, key: dict[str, Any]) -> Any:
    """Whether a row is of the message with a key."""
    condition = table.c.workbook == key["workbook"]
    for name in KEY[1:]:
        condition &= table.c[name] == key[name]
    return condition


def is_of_message(table: Any) -> Any:
    """Whether a row is of the message whose row stands beside it."""
    condition = table.c.workbook == MESSAGES.c.workbook
    for name in KEY[1:]:
        condition &= table.c[name] == MESSAGES.c[name]
    return condition


def _batched(keys: Iterable[str]) -> Iterator[list[str]]:
    every = list(keys)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
