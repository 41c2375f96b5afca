"""Whether anything is to be done of the pushes of a workbook, by what the store knows: no request is made for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sheets_crm.pipeline.columns import PUSH, status_column
from sheets_crm.pipeline.push_words import Word
from sheets_crm.pipeline.states import PROCESSING
from sheets_crm.store.access import Store
from sheets_crm.store.lead_columns import BY_HEADER

if TYPE_CHECKING:
    from sqlalchemy import Connection

_UNSETTLED: Final = (Word.DUE, Word.CLAIMED, Word.UNKNOWN, Word.FAILED, Word.CANCELLED)
_STATUS: Final = BY_HEADER[status_column("instantly")]


def pushes_wait(store: Store, workbook: str) -> bool:
    """Whether a lead is due or not settled, a claim is open, or the store does not know the workbook's leads."""
    return store.read(lambda connection: _wait(connection, workbook))


def _wait(connection: Connection, workbook: str) -> bool:
    from sqlalchemy import or_, select  # noqa: PLC0415 - SQLAlchemy waits until it is needed

    from sheets_crm.store.schema import EPOCHS, LEADS, MESSAGES, MIRRORS  # noqa: PLC0415

    cells = (LEADS.c.other_cells.contains(f'"{PUSH}":"{word} ', autoescape=True) for word in _UNSETTLED)
    out = (LEADS.c.workbook == workbook) & (LEADS.c[_STATUS] == PROCESSING) & or_(*cells)
    complete = (MIRRORS.c.workbook == workbook) & MIRRORS.c.reconciled_at.is_not(None)
    if connection.execute(select(MIRRORS.c.workbook).where(complete)).first() is None:
        return True
    pending = (EPOCHS.c.workbook == workbook) & (EPOCHS.c.state == "pending")
    is_open = (MESSAGES.c.workbook == workbook) & MESSAGES.c.closed.is_(None)
    waiting = (
        select(LEADS.c.lead_number).where(out),
        select(EPOCHS.c.epoch).where(pending),
        select(MESSAGES.c.enrolment).where(is_open),
    )
    return any(connection.execute(asked.limit(1)).first() is not None for asked in waiting)
