"""One turn of fetching: each list that is due, whatever became of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from sheets_crm.engine.fetching import Cursors
from sheets_crm.engine.intake import Intake
from sheets_crm.errors import CrmError, Retryable, SettingsError
from sheets_crm.instantly.client import Client
from sheets_crm.instantly.fetching.mails import fetch_mails
from sheets_crm.instantly.fetching.missed import fetch_missed
from sheets_crm.instantly.fetching.ports import Failed, Ports
from sheets_crm.instantly.fetching.sweep import sweep_leads
from sheets_crm.messages import said


class InstantlyFetcher:
    """Implements `sheets_crm.engine.fetching.Fetcher`.

    Args:
        client: Makes the client, for each turn: a key that was put right meanwhile is read then.
        intake: Stores what came.
        cursors: How far each list was read.
        clock: Seconds since 1970.
        campaigns: Ids of the campaigns whose leads are listed; none means all of the workspace.
    """

    def __init__(
        self,
        client: Callable[[], AbstractContextManager[Client]],
        intake: Intake,
        cursors: Cursors,
        clock: Callable[[], float],
        campaigns: Sequence[str] = (),
    ) -> None:
        self._client = client
        self._intake = intake
        self._cursors = cursors
        self._clock = clock
        self._campaigns = tuple(campaigns)

    def fetch(self, check: Callable[[], None]) -> None:
        """Fetch what was missed, once an hour all leads, and new mails.

        Args:
            check: Called between two pages; it may raise to end there.

        Raises:
            SettingsError: The key or the plan is wrong: nothing more was asked.
            CrmError: A part failed; what else could be fetched is in the intake.
        """
        with self._client() as client:
            ports = Ports(client, self._intake, self._cursors, self._clock, check)
            failed = [
                *_attempted("instantly.missed_posts", fetch_missed, ports),
                *_swept(ports, self._campaigns),
                *_attempted("instantly.received_mails", fetch_mails, ports),
            ]
        if failed:
            raise _failure(failed)


def _attempted(what: str, part: Callable[[Ports], None], ports: Ports) -> Failed:
    """Fetch a list; what is wrong with the settings is wrong with every list."""
    ports.check()
    try:
        part(ports)
    except SettingsError:
        raise
    except CrmError as error:
        return [(said(what), error)]
    return []


def _swept(ports: Ports, campaigns: Sequence[str]) -> Failed:
    ports.check()
    try:
        return sweep_leads(ports, campaigns)
    except SettingsError:
        raise
    except CrmError as error:
        return [(said("instantly.leads"), error)]


def _failure(failed: Failed) -> CrmError:
    """The failures of some lists as one."""
    (what, first), *others = failed
    lines = [said("instantly.part", what=what, reason=error.message) for what, error in failed]
    code = "instantly.not_fetched" if others else "instantly.only_not_fetched"
    words = said(code, what=what, count=len(others), reason=first.message)
    return Retryable(words, remedy=first.remedy, state=said("instantly.rest_fetched"), details=lines)
