"""What a restored store knows of the claims that its backup had open: that nobody knows what became of them.

The store that the backup was made of may have handed them over since. So each is noted as handed over without an
answer, with the pending ones, and is unknown to the kernel of claims: never sent again by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, func, literal, select

from sheets_crm.claims.values import StoreClaim
from sheets_crm.store import epochs
from sheets_crm.store.messages import KEY, is_of_message
from sheets_crm.store.schema import EPOCHS, HAND_OVERS, MESSAGES, Utc

_LONG_AGO: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When a claim was handed over of which nobody knows when it was made."""


def note(connection: Connection) -> None:
    """Note the open claims of every workbook as handed over, but for those that were released."""
    begun = select(HAND_OVERS.c.workbook).where(is_of_message(HAND_OVERS)).exists()
    in_doubt = MESSAGES.c.closed.is_(None) & MESSAGES.c.released.is_(False) & ~begun
    at: Any = func.coalesce(MESSAGES.c.claimed_at, literal(_LONG_AGO, Utc))
    claims = select(*(MESSAGES.c[name] for name in KEY), at).where(in_doubt)
    connection.execute(HAND_OVERS.insert().from_select([*KEY, "handing_over_at"], claims))
    for row in connection.execute(select(EPOCHS).where(EPOCHS.c.state == epochs.PENDING)).all():
        pending, adopted = epochs.claims_in(row.claims)
        body = epochs.claims_text(tuple(map(_in_doubt, pending)), adopted)
        of_epoch = (EPOCHS.c.workbook == row.workbook) & (EPOCHS.c.epoch == row.epoch)
        connection.execute(EPOCHS.update().where(of_epoch).values(claims=body))


def _in_doubt(claim: StoreClaim) -> StoreClaim:
    return replace(claim, handing_at=claim.handing_at or claim.row.claimed_at or _LONG_AGO)
