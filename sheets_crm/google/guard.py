"""The guard of a write: the first request of its batch takes the next number, which only one writer can have.

Developer metadata can be created with an id of our choice, ids are unique in a spreadsheet, and one refused request
fails the whole batch (https://developers.google.com/sheets/api/guides/metadata). So a batch whose first request
creates the metadata ``GUARD_BASE + sequence + 1`` is applied at most once, however often it is sent, and not at all
when another writer came first. Its outcome is read from the stamps, never from the text of an error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

from sheets_crm.workbook.info import GUARD_BASE, GUARD_KEY, JsonObject, Stamp

KEPT = 200
"""Number of the newest stamps that stay in the workbook."""

PRUNED_AT_ONCE = 20

_LAST_ID = 2**31 - 1
"""Metadata ids are int32."""

Fate = Literal["applied", "lost", "refused"]


def stamp_request(sequence: int, token: str, at: float) -> JsonObject:
    """The request that takes a number.

    Args:
        sequence: The number to take.
        token: The run that takes it; contains no ``@``.
        at: Now, in seconds since 1970.
    """
    when = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return {
        "createDeveloperMetadata": {
            "developerMetadata": {
                "metadataId": GUARD_BASE + sequence,
                "metadataKey": GUARD_KEY,
                "metadataValue": f"{sequence}@{when}@{token}",
                "location": {"spreadsheet": True},
                "visibility": "DOCUMENT",
            }
        }
    }


def metadata_id(entry: JsonObject) -> int | None:
    """The id of developer metadata as received; None when it is not an id that Google would give."""
    given = entry.get("metadataId")
    number = _number(given) if isinstance(given, str) else given
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def parse_stamp(entry: JsonObject) -> Stamp | None:
    """Read a stamp from developer metadata as received; None when it is not a stamp, or has no number."""
    if entry.get("metadataKey") != GUARD_KEY:
        return None
    text, _, rest = str(entry.get("metadataValue", "")).partition("@")
    when, _, token = rest.partition("@")
    number, own_id = _number(text), metadata_id(entry)
    # Any program that may edit the workbook may write this text: the id stands in for a number that cannot be one.
    if number is None or number > _LAST_ID - GUARD_BASE:
        number = own_id - GUARD_BASE if own_id is not None else None
    if number is None:
        return None
    own_id = GUARD_BASE + number if own_id is None else own_id
    return Stamp(metadata_id=own_id, sequence=number, at=_seconds(when), token=token)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_ID)) else None


def _seconds(when: str) -> float:
    try:
        return datetime.fromisoformat(when).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def prune_requests(stamps: Sequence[Stamp]) -> list[JsonObject]:
    """Requests that delete the oldest stamps beyond the `KEPT` newest, a few at a time."""
    oldest = sorted(stamps, key=lambda stamp: stamp.sequence)[: max(0, len(stamps) - KEPT)]
    return [
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": stamp.metadata_id}}}}
        for stamp in oldest[:PRUNED_AT_ONCE]
    ]


def next_number(sequence: int, taken: Collection[int]) -> int:
    """The first number after `sequence` whose metadata id no other application has taken."""
    number = sequence + 1
    while GUARD_BASE + number in taken:
        number += 1
    return number


def fate(stamps: Iterable[Stamp], number: int, token: str) -> Fate:
    """The outcome of a refused or unanswered write, by the stamps read after it.

    Returns:
        ``applied`` when our token has the number, ``lost`` when another writer has it or a later one, and
        ``refused`` when nobody wrote: then Google objects to our own request.
    """
    later = [stamp for stamp in stamps if stamp.sequence >= number]
    if any(stamp.sequence == number and stamp.token == token for stamp in later):
        return "applied"
    return "lost" if later else "refused"
