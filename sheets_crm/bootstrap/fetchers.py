"""What fetches for the modules that are on, put together from the settings; the job imports it in its first turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sheets_crm.bootstrap.instantly import client_of
from sheets_crm.config import Settings
from sheets_crm.engine.fetching import Fetcher
from sheets_crm.instantly.fetching.turn import InstantlyFetcher
from sheets_crm.instantly.kinds import SOURCE
from sheets_crm.store.access import Store
from sheets_crm.store.feed_cursors import StoredCursors
from sheets_crm.store.stored_intake import StoredIntake


def fetchers_of(
    settings: Settings, store: Store, *, clock: Callable[[], float], sleep: Callable[[float], None]
) -> Sequence[Fetcher]:
    """What fetches for one workbook.

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
        InstantlyFetcher(
            partial(client_of, settings, sleep=sleep),
            StoredIntake(store, workbook),
            StoredCursors(store, workbook, SOURCE),
            clock,
            campaigns,
        ),
    )
