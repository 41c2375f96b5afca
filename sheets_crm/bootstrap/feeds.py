"""The feeds of the modules that are on, put together from the settings; imported by the first turn of their job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sheets_crm.bootstrap.instantly import client_of
from sheets_crm.config import Settings
from sheets_crm.engine.feeds import Feed
from sheets_crm.instantly.feed.ports import NAME
from sheets_crm.instantly.feed.turn import InstantlyFeed
from sheets_crm.store.access import Store
from sheets_crm.store.feed_cursors import StoredCursors
from sheets_crm.store.stored_intake import StoredIntake


def feeds_of(
    settings: Settings, store: Store, *, clock: Callable[[], float], sleep: Callable[[float], None]
) -> Sequence[Feed]:
    """The feeds of one workbook.

    Args:
        settings: Its settings.
        store: Has its intake.
        clock: Seconds since 1970.
        sleep: Waits some seconds; may raise to end a wait.
    """
    if "instantly" not in settings.modules:
        return ()
    workbook = settings.spreadsheet_id
    campaigns = settings.instantly.campaigns if settings.instantly else ()
    return (
        InstantlyFeed(
            partial(client_of, settings, sleep=sleep),
            StoredIntake(store, workbook),
            StoredCursors(store, workbook, NAME),
            clock,
            campaigns,
        ),
    )
