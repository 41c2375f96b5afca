"""The ports of a run: the operations on its spreadsheet with their results, the change journal, the mirror.

Of the workbook it uses only `Gateway`, which `sheets_crm.google.gateway` implements over HTTP. Nothing here knows of
HTTP, and all values are plain: rows are lists, requests are the JSON objects of ``spreadsheets.batchUpdate``
(https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from sheets_crm.plan.plan import LeadChange, RowChange
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.info import (
    Columns,
    JsonObject,
    Rows,
    WorkbookInfo,
)


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of a guarded write.

    Attributes:
        sequence: The number that it took: the `sequence` of the next write made on the same state.
        replies: One reply for each request, ``{}`` where its kind has none; empty when `replayed`.
        read_back: The rows of each range to read back, after the write; when `replayed`, read in a request of its own.
        replayed: Whether the first response was lost, and the workbook's stamps showed that the write was applied.
    """

    sequence: int
    replies: tuple[JsonObject, ...] = ()
    read_back: tuple[Rows, ...] = ()
    replayed: bool = False


class Gateway(Protocol):
    """One spreadsheet, as a run sees it.

    Every method may raise `AccessError` (not shared, not found), `CredentialsError`, and `Retryable` when a
    passing failure outlasted its attempts.
    """

    def info(self) -> WorkbookInfo:
        """Read everything but cells, in one request."""
        ...

    def titles(self) -> Mapping[int, str]:
        """Read the title of every tab, by its id, in one small request."""
        ...

    def values(self, ranges: Sequence[str]) -> list[Rows]:
        """Read ranges in A1 notation in one request, unformatted; dates are serial numbers.

        Args:
            ranges: Such as ``'Inbox'!A1:Z``; no request is made when there are none.

        Raises:
            SheetError: A range names a tab that does not exist.
        """
        ...

    def columns(self, title: str, rows: int, progress: Callable[[int], None]) -> Columns:
        """Read a tall tab unformatted, column by column, in requests whose responses stay near 2 MB each.

        The tab may change between two of the requests; the caller has to check that it did not.

        Args:
            title: The tab's title.
            rows: Height of its grid.
            progress: Called after each request with the number of rows read so far.

        Returns:
            The columns from A to the last that holds anything, all of one length, without empty rows at the end.

        Raises:
            SheetError: The tab does not exist, or has become shorter.
        """
        ...

    def displayed(self, ranges: Sequence[str]) -> list[Rows]:
        """Read ranges in one request as displayed on screen, all text."""
        ...

    def notes(self, cells: Sequence[str]) -> Mapping[tuple[int, int], str]:
        """Read the notes of cells in one request, by id of the tab and 0-based row, as far as there are any."""
        ...

    def formulas(self, ranges: Sequence[str]) -> list[Rows]:
        """Read ranges in one request with formulas in place of their results."""
        ...

    def apply(
        self,
        requests: Sequence[Mapping[str, Any]],
        *,
        sequence: int,
        token: str,
        read_back: Sequence[str] = (),
    ) -> Applied:
        """Apply requests all together or not at all, and only if nobody has written since `sequence`.

        When the response is lost, the workbook's stamps tell whether the write was applied: it is applied at most once.

        Args:
            requests: ``spreadsheets.batchUpdate`` requests, in order; may be empty.
            sequence: `WorkbookInfo.sequence` of the state that the requests were made from, or
                `Applied.sequence` of this writer's latest write.
            token: Unique to the writer and free of ``@``, such as a random hex string for each run.
            read_back: Ranges in A1 notation to read, unformatted, in the same request after the write.

        Raises:
            Conflict: Another writer took the number; nothing was applied.
            SheetError: Google refused a request; nothing was applied. The message has Google's words.
            UnknownOutcome: No response until the attempts were used up; the stamps in the next `info` tell.
        """
        ...

    def server_time(self) -> float | None:
        """The time of the server's last response by its own clock, in seconds since 1970; None if unknown."""
        ...

    def requests_made(self) -> Mapping[str, int]:
        """Counts since the start: ``reads``, ``writes``, ``retries``, ``bytes_sent``, ``bytes_received``."""
        ...


class ChangeJournal(Protocol):
    """What the store has of one workbook's people: the change journal (`sheets_crm.store.journal`), and messages.

    Entries are JSON objects: ``when`` (ISO time), ``run``, ``sequence``, ``cause``, ``lead``, ``column``, ``old`` and
    ``new``, for a cell of a two-way table ``table`` and ``key``. A new lead's has the column ``*``, and all cells.

    Every method may raise `SettingsError` (a store of another version) and `Retryable` (it cannot be reached).
    """

    def migrate(self) -> None:
        """Open the store, and migrate one of an older version."""
        ...

    def prepare(self) -> None:
        """Open the store, so that what is wrong with it shows before the workbook is written."""
        ...

    def note(self, when: str, run: str, sequence: int, changes: Iterable[LeadChange | RowChange]) -> None:
        """Note changes, on the disk before this returns."""
        ...

    def entries(self, lead: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield the journal, or that of one lead, oldest first."""
        ...

    def addressees(self) -> Iterable[tuple[str, str]]:
        """LeadNumber and address of everybody whom a message was claimed for."""
        ...

    def erase(self, is_about: Callable[[dict[str, Any]], bool]) -> int:
        """Delete changes about a person, what came in, and whom messages were for; return how many changes."""
        ...


class LeadMirror(Protocol):
    """The leads of one workbook for SQL and reports, which `sheets_crm.store.mirror` keeps in the store.

    It is derived, and nothing of a run depends on it. Every method may raise `SettingsError`, `Retryable`, `OSError`.

    Attributes:
        tables: Keys of the two-way tables that it has too.
    """

    tables: frozenset[str]

    def update(self, leads: pd.DataFrame, time_zone: str, sequence: int, changed: Collection[int]) -> None:
        """Bring the rows of some leads up to date.

        Args:
            leads: All leads.
            time_zone: The workbook's, in which their moments are.
            sequence: The guard's number of the state that they are of.
            changed: LeadNumbers of those that changed; one that is not among `leads` is deleted.
        """
        ...

    def reconcile(self, leads: pd.DataFrame, time_zone: str, sequence: int) -> int:
        """Compare all rows, and put right those that differ; return their number."""
        ...

    def update_rows(
        self, table: str, rows: Mapping[str, Mapping[str, Cell]], gone: Collection[str], time_zone: str
    ) -> None:
        """Bring some rows of a two-way table up to date.

        Args:
            table: Key of the table.
            rows: Their cells by header, by key of the row.
            gone: Keys of the rows that are deleted.
            time_zone: The workbook's, in which their moments are.
        """
        ...

    def reconcile_rows(self, table: str, rows: Mapping[str, Mapping[str, Cell]], time_zone: str) -> int:
        """Compare all rows of a two-way table, and put right those that differ; return their number."""
        ...

    def rebuild(self, leads: pd.DataFrame, time_zone: str, sequence: int) -> int:
        """Make all rows of the leads anew, whatever stands in them, and delete those of tables; return their number."""
        ...

    def sequence(self) -> int:
        """The guard's number of the workbook that the mirror shows; 0 when there is none."""
        ...
