"""The port between a run and its workbook: what a run may ask of a spreadsheet, and what it gets back.

A run speaks only to `Gateway`; over HTTP it is met by `sheets_crm.google.gateway`. Nothing here knows of HTTP,
and all values are plain: rows are lists, requests are the JSON objects of ``spreadsheets.batchUpdate``
(https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sheets_crm.workbook.info import (
    Columns,
    JsonObject,
    Rows,
    WorkbookInfo,
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What a guarded write did.

    Attributes:
        sequence: The number it took: give this as `sequence` of the next write made on the same state.
        replies: One reply for each request that was given, ``{}`` where the kind has none; empty when `replayed`.
        read_back: The rows of each range asked for, after the write; when `replayed`, read afterwards.
        replayed: True when the first answer was lost and the workbook's stamps showed that it had been applied.
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
            ranges: Such as ``'Inbox'!A1:Z`` ; no request is made when empty.

        Raises:
            SheetError: When a range names a tab that is not there.
        """
        ...

    def columns(self, title: str, rows: int, progress: Callable[[int], None]) -> Columns:
        """Read a tall tab unformatted, column by column, in requests whose answers stay near 2 MB on their way.

        The tab may change between two of the requests: whoever reads so has to check that it did not.

        Args:
            title: The tab's title.
            rows: Height of its grid.
            progress: Called after each request with the number of rows read so far.

        Returns:
            The columns from A to the last that holds anything, all equally long, the empty rows at the end left out.

        Raises:
            SheetError: The tab is not there, or no longer that tall.
        """
        ...

    def displayed(self, ranges: Sequence[str]) -> list[Rows]:
        """Read ranges in one request as they are shown on screen, all text."""
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

        An answer that is lost is found out from the workbook's stamps, so a write happens at most once.

        Args:
            requests: ``spreadsheets.batchUpdate`` requests, in order; may be empty.
            sequence: `WorkbookInfo.sequence` of the state that the requests were made from, or
                `Applied.sequence` of this writer's latest write.
            token: Unique to the writer and free of ``@``, such as a random hex string for each run.
            read_back: Ranges in A1 notation to read, unformatted, in the same request after the write.

        Raises:
            Conflict: Another writer took the number; nothing was applied.
            SheetError: Google refused a request; nothing was applied. The message has Google's words.
            UnknownOutcome: No answer until the attempts were used up; the stamp in the next `info` tells.
        """
        ...

    def server_time(self) -> float | None:
        """Return the time of the server's last answer by its own clock, in seconds since 1970; None if unknown."""
        ...

    def requests_made(self) -> Mapping[str, int]:
        """Count since the start: ``reads``, ``writes``, ``retries``, ``bytes_sent``, ``bytes_received``."""
        ...
