"""What System holds of claims: which store may claim, the epoch, and the writes that claimed or settled.

The kernel's *sequence* is the number of those writes here, not the guard's: a job's write is a command of whatever run
comes next, so it is bound to what the job read of claims, and compared inside the guarded write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from sheets_crm.claims.epochs import STAMPS_KEPT
from sheets_crm.claims.values import Change, System
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.workbook.system import CLAIMS, STORE_EPOCH, STORE_ID

_BOOK, _WRITES, _STAMPS = "spreadsheet", "writes", "stamps"
_SALT: Final = "salt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecord:
    """What System holds of claims.

    Attributes:
        store_id: The store that may claim; "" while nobody has claimed.
        epoch: The epoch of the last write that claimed.
        spreadsheet_id: The file that claims are made in; "" while nobody is to be pushed.
        writes: How many writes claimed or settled.
        stamps: Tokens of the newest of them.
    """

    store_id: str = ""
    epoch: int = 0
    spreadsheet_id: str = ""
    writes: int = 0
    stamps: tuple[str, ...] = ()

    def after(self, change: Change) -> ClaimRecord:
        """The record after a write."""
        return replace(
            self,
            store_id=self.store_id if change.store_id is None else change.store_id,
            epoch=self.epoch if change.epoch is None else change.epoch,
            spreadsheet_id=self.spreadsheet_id if change.spreadsheet_id is None else change.spreadsheet_id,
            writes=change.becomes or self.writes + 1,
            stamps=(*self.stamps, change.token)[-STAMPS_KEPT:],
        )


def claim_record(working: WorkingState) -> ClaimRecord:
    """What System holds of claims, as this plan has left it so far."""
    system = working.snapshot.system
    record = _read(working.stored.get(CLAIMS)) if CLAIMS in working.stored else system.record(CLAIMS)
    stamps = record.get(_STAMPS, [])
    writes = record.get(_WRITES, 0)
    return ClaimRecord(
        store_id=str(working.stored.get(STORE_ID, system.text(STORE_ID))),
        epoch=_number(working, STORE_EPOCH),
        spreadsheet_id=str(record.get(_BOOK, "")),
        writes=writes if isinstance(writes, int) else 0,
        stamps=tuple(map(str, stamps)) if isinstance(stamps, list) else (),
    )


def _number(working: WorkingState, key: str) -> int:
    value = working.stored.get(key)
    return int(value) if isinstance(value, int | float) else working.snapshot.system.number(key, 0)


def _read(cell: object) -> Mapping[str, Any]:
    record = orjson.loads(str(cell or "{}"))
    return record if isinstance(record, dict) else {}


def put_record(working: WorkingState, record: ClaimRecord) -> None:
    """Write what System holds of claims."""
    body = {_BOOK: record.spreadsheet_id, _WRITES: record.writes, _STAMPS: list(record.stamps)}
    working.stored[STORE_ID] = record.store_id
    working.stored[STORE_EPOCH] = record.epoch
    working.stored[CLAIMS] = orjson.dumps(body).decode()


def system_of(working: WorkingState, record: ClaimRecord) -> System:
    """What the kernel of claims reads of System."""
    return System(
        store_id=record.store_id,
        store_epoch=record.epoch,
        sequence=record.writes,
        spreadsheet_id=record.spreadsheet_id,
        salt=working.snapshot.system.text(_SALT),
    )
