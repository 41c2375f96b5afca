"""Probing: the throwaway workbook, the client that asks, and the recording, around `sheets_crm.operations.probe`."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import gspread

from sheets_crm import __version__
from sheets_crm.engine.report import Report
from sheets_crm.google import throwaway
from sheets_crm.google.client import Wire, connect
from sheets_crm.google.credentials import ServiceAccount
from sheets_crm.google.raw_client import RawClient
from sheets_crm.google.recording_file import RecordingFile, recording_file
from sheets_crm.google.redaction import own_values
from sheets_crm.messages import said
from sheets_crm.operations import probe


class Probing:
    """Asks a server what the documentation leaves open, on a workbook that may be altered.

    Args:
        account: Asks.
        endpoint: Base URL used instead of Google's hosts; "" for Google itself.
        wire: Makes the quota and retries of one client.
        in_use: Ids of workbooks that are never probed on.
        progress: Receives a line on each probe.
    """

    def __init__(
        self,
        account: ServiceAccount,
        endpoint: str,
        wire: Callable[[], Wire],
        *,
        in_use: Collection[str],
        progress: Callable[[str], None],
    ) -> None:
        self._progress = progress
        self._account = account
        self._endpoint = endpoint
        self._wire = wire
        self._in_use = {workbook for workbook in in_use if workbook}

    @contextmanager
    def opened(self, save: Path | None, on: str) -> Iterator[Callable[[], Report]]:
        """Reserve the file and check the workbook, before anything is asked; the value runs the probes.

        Args:
            save: File of the recording; None for none.
            on: Id of a blank workbook; "" for one that is made and deleted.

        Raises:
            SettingsError: The file cannot be written, or the workbook is in use or not blank.
            CrmError: Google refused the workbook, or did not answer.
        """
        with ExitStack() as stack:
            about = {
                "made_by": f"sheets_crm {__version__}",
                "locale": throwaway.LOCALE,
                "time_zone": throwaway.TIME_ZONE,
            }
            file = stack.enter_context(recording_file(save, self._own_values(on), about)) if save else None
            tab = self._checked(on) if on else 0
            yield lambda: self._probed(file, on, tab)

    def _checked(self, on: str) -> int:
        with self._client() as client:
            return throwaway.check_blank(client, on, in_use=self._in_use, email=self._account.email)

    def _probed(self, file: RecordingFile | None, on: str, tab: int) -> Report:
        with self._client(file, creating=not on) as client, ExitStack() as stack:
            if on:
                throwaway.prepare(client, on, tab=tab, email=self._account.email)
            spreadsheet = on or stack.enter_context(throwaway.created(client))

            def began(name: str) -> None:
                self._progress(said("progress.probing", name=name))
                if file:
                    file.begin(name)

            report = probe.run(RawClient(client, spreadsheet), began, own_file=not on)
            if file:
                file.begin("")  # what deletes the workbook belongs to no probe
        return _told(report, file, on)

    @contextmanager
    def _client(self, file: RecordingFile | None = None, *, creating: bool = False) -> Iterator[gspread.Client]:
        wire = self._wire()
        wire.see = file.recorder.see if file else None
        client = connect(self._account, endpoint=self._endpoint, creating=creating, wire=wire)
        try:
            yield client
        finally:
            client.http_client.session.close()

    def _own_values(self, on: str) -> dict[str, str]:
        """The account's own values, which no recording may hold."""
        credentials = self._account.unscoped
        parts = urlsplit(self._endpoint)
        pairs = [
            ("person", self._account.email),
            ("project", credentials.project_id),
            ("key", credentials.signer.key_id),
            ("host", parts.netloc),
            ("host", urlsplit(self._account.token_uri).netloc),
            ("file", on),
            *(("file", workbook) for workbook in self._in_use),
        ]
        return own_values(pairs)


_GIVEN = "The workbook after --on was altered and is of no further use: delete it."


def _told(report: Report, file: RecordingFile | None, on: str) -> Report:
    """The report with what became of the workbook and of the file."""
    notes = [_GIVEN] if on else []
    if file is None:
        return replace(report, notes=[*report.notes, *notes])
    file.save(complete=True)
    requests, removed = len(file.recorder), file.recorder.removed
    counted = ", ".join(f"{kind} {count}" for kind, count in sorted(removed.items())) or "none"
    notes.append(
        f"Saved in {file.path}: {requests} requests with their answers. Removed: tokens, keys, e-mail addresses, names "
        f"of people, ids of files and projects, links and hosts; stand-ins in their place: {counted}."
    )
    notes.append(
        "Read it if you like, and send it to the project. Its place there is tests/emulator/recordings, where the "
        f"tests replay it. This compares it at once: python -m sheets_crm.emulator.replay {shlex.quote(str(file.path))}"
    )
    saved = {"file": str(file.path), "requests": requests, "removed": dict(removed)}
    return replace(report, notes=[*report.notes, *notes], json={**report.json, "saved": saved})
