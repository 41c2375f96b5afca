"""Moments at which nobody claims messages: backups are taken between two passes.

A pass holds the lease of its workbook's claims from its first read to its last. A backup from the middle of one would
know of a claim, and not of what became of it; restored, that message would be unknown. So the copy is made while SQLite
keeps all writers out, at a moment when no such lease is held: nobody can take one before the copy is made, and there is
no lease of its own that a process which dies would leave behind. A pass that was killed holds its lease until that runs
out; what it left in doubt then is settled by the next pass, or is unknown after a restore, as after every kill.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from sheets_crm.errors import Retryable
from sheets_crm.messages import said
from sheets_crm.store import leases
from sheets_crm.store.access import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection

WAITS: Final = 120
"""Seconds for which the end of a pass is waited for."""


def when_still(store: Store, work: Callable[[], None], sleep: Callable[[float], None] = time.sleep) -> None:
    """Do work between two passes; one that is under way is waited for, up to a bound.

    Raises:
        Retryable: It lasts longer.
    """

    def attempt(connection: Connection) -> dt.datetime | None:
        until = leases.held_until(connection, leases.CLAIMS, store.clock())
        if until is None:
            work()
        return until

    for _ in range(WAITS):
        if store.write(attempt) is None:
            return
        sleep(1)
    refuse_in_pass(store.write(attempt))


def refuse_in_pass(until: dt.datetime | None) -> None:
    """Refuse what may not be done in a pass.

    Args:
        until: When the lease of the pass ends; None when there is none.

    Raises:
        Retryable: There is one.
    """
    if until is not None:
        raise Retryable(
            said("store.in_pass", until=f"{until:%H:%M} UTC"),
            remedy=said("store.in_pass.remedy"),
            state=said("unchanged"),
        )
