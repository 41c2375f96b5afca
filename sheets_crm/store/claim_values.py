"""Claims and enrolments as JSON, and back, with every field as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import orjson

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment, EnrolmentState, Pause, Stop
from sheets_crm.claims.values import Answer, AnswerKind, StoreClaim

_AS_THEY_ARE: Final = (
    "enrolment",
    "lead_number",
    "address",
    "campaign_id",
    "version",
    "mailbox",
    "position",
    "attempt",
    "epoch",
    "thread_key",
)
_MOMENTS: Final = ("until", "claimed_at", "next_at", "last_in_at", "enrolled_at")


def row_json(row: Enrolment) -> dict[str, Any]:
    """An enrolment as JSON."""
    moments = {name: _text(getattr(row, name)) for name in _MOMENTS}
    state = {"state": row.state.value, "claim": row.claim.value, "cause": _cause_json(row.cause)}
    return {name: getattr(row, name) for name in _AS_THEY_ARE} | moments | state


def row_of(body: dict[str, Any]) -> Enrolment:
    """The enrolment of its JSON."""
    fields: dict[str, Any] = {name: body[name] for name in _AS_THEY_ARE}
    fields |= {name: _moment(body[name]) for name in _MOMENTS}
    return Enrolment(
        **fields,
        state=EnrolmentState(body["state"]),
        claim=ClaimState(body["claim"]),
        cause=_cause(body["cause"]),
    )


def claim_json(claim: StoreClaim) -> dict[str, Any]:
    """A claim as JSON."""
    return {
        "row": row_json(claim.row),
        "caps": list(claim.caps),
        "handing_at": _text(claim.handing_at),
        "answer": None if claim.answer is None else [answer_word(claim.answer.kind), claim.answer.reason],
        "released": claim.released,
        "closed": None if claim.closed is None else claim.closed.value,
    }


def claim_of(body: dict[str, Any]) -> StoreClaim:
    """The claim of its JSON."""
    return StoreClaim(
        row=row_of(body["row"]),
        caps=tuple(body["caps"]),
        handing_at=_moment(body["handing_at"]),
        answer=None if body["answer"] is None else Answer(answer_kind(body["answer"][0]), body["answer"][1]),
        released=body["released"],
        closed=None if body["closed"] is None else ClaimState(body["closed"]),
    )


def dumped(body: object) -> str:
    """JSON as the tables keep it."""
    return orjson.dumps(body).decode()


def answer_word(kind: AnswerKind) -> str:
    """The word for an answer in the tables: accepted, refused, not_sent, no_answer."""
    return kind.name.lower()


def answer_kind(word: str) -> AnswerKind:
    """The kind of answer that a word of the tables is for."""
    return AnswerKind[word.upper()]


def kept_text(text: str) -> str:
    """A provider's words as every database can keep them: PostgreSQL refuses NUL, UTF-8 has no lone surrogates."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def _cause_json(cause: Pause | Stop | None) -> dict[str, str] | None:
    """Both kinds have the word *manual*."""
    if cause is None:
        return None
    return {"pause" if isinstance(cause, Pause) else "stop": cause.value}


def _cause(body: dict[str, str] | None) -> Pause | Stop | None:
    if body is None:
        return None
    return Pause(body["pause"]) if "pause" in body else Stop(body["stop"])


def _text(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(dt.UTC).isoformat()


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)
