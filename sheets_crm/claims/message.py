"""The id of a message and the key that travels with it."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import replace
from typing import Final

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment

_ID: Final = re.compile(r"(?P<enrolment>(?:N|push)-\d+)\.(?P<position>\d+)\.(?P<attempt>\d+)")
_KEY_DIGITS: Final = 16


def message_id(row: Enrolment) -> str:
    """The id of the message of a row's position and attempt, such as ``N-0042.2.1``.

    Of a lead that is pushed to a service in a batch, ``push-42.7.1``: lead 42, in the step's batch 7, the first time.
    """
    return f"{row.enrolment}.{row.position}.{row.attempt}"


def parsed_id(text: str) -> tuple[str, int, int]:
    """Enrolment, position and attempt of a message id.

    Raises:
        ValueError: The text is no message id.
    """
    match = _ID.fullmatch(text)
    if match is None:
        raise ValueError(f"invalid message id: {text} (expected e.g. N-0042.2.1)")
    return match["enrolment"], int(match["position"]), int(match["attempt"])


def travelling_key(message: str, *, salt: str, workbook: str) -> str:
    """The key in headers and custom variables: the id and 16 hex digits that only this workbook can have made.

    A copy of the workbook has the same ids and the same salt; the workbook's own id keeps their keys apart.
    """
    digest = hmac.new(salt.encode(), f"{workbook}\n{message}".encode(), hashlib.sha256).hexdigest()
    return f"{message}-{digest[:_KEY_DIGITS]}"


def message_of_key(key: str, *, salt: str, workbook: str) -> str | None:
    """The message id of a key that came back, or None where it is not of this workbook."""
    message, _, _ = key.rpartition("-")
    expected = travelling_key(message, salt=salt, workbook=workbook)
    return message if hmac.compare_digest(expected.encode(), key.encode()) else None


def next_message(row: Enrolment) -> Enrolment:
    """The row at the message that comes next, blank: positions go in order, and no id is used twice."""
    match row.claim:
        case ClaimState.BLANK:
            return row
        case ClaimState.ACCEPTED:
            return replace(row, position=row.position + 1, attempt=1, claim=ClaimState.BLANK)
        case _:
            return replace(row, attempt=row.attempt + 1, claim=ClaimState.BLANK)
