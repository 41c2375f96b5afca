"""`Gateway` over HTTP: one workbook of one service account, read in few requests and written under the guard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

import gspread
import orjson
from google.auth.exceptions import GoogleAuthError
from gspread.exceptions import APIError
from gspread.http_client import ParamsType
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL, SPREADSHEET_VALUES_BATCH_URL
from requests import RequestException

from sheets_crm.engine.ports import Applied
from sheets_crm.errors import Conflict, CrmError, Retryable, UnknownOutcome
from sheets_crm.google import guard, responses
from sheets_crm.google.blocks import Blocks
from sheets_crm.google.client import SheetsHTTPClient
from sheets_crm.google.failures import translate
from sheets_crm.google.headers import header_date
from sheets_crm.google.retry import Attempts
from sheets_crm.messages import said
from sheets_crm.workbook.cells import quoted
from sheets_crm.workbook.info import GUARD_BASE, Columns, JsonObject, Rows, Stamp, WorkbookInfo

_QUERY_CHARACTERS = 7_000
"""Longest query of one read; more ranges go into further requests, since servers refuse very long addresses."""


_SKIPS = 5
"""Refusals of the guard in a row, after which the cause must be something other than a taken number."""

_LAG_SECONDS = 2.0

_EMPTY_NUMBER = b'"numberValue":null'


class GuardTaken(Conflict):
    """The next number is taken by another application's metadata that we cannot see; it is skipped from now on."""


class SheetsGateway:
    """The workbook `spreadsheet_id` as the account of `client` sees it.

    Args:
        client: From `sheets_crm.google.client.connect`.
        spreadsheet_id: Google's id of the file.
        email: The account's address, named in the remedy when the workbook is not shared with it.
        clock: Seconds since 1970, for the time in a stamp.
    """

    def __init__(
        self,
        client: gspread.Client,
        spreadsheet_id: str,
        *,
        email: str = "the service account",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = cast("SheetsHTTPClient", client.http_client)
        self._id = spreadsheet_id
        self._email = email
        self._clock = clock
        self._stamps: tuple[Stamp, ...] = ()
        self._taken: set[int] = set()
        self._skipped = 0

    def info(self) -> WorkbookInfo:
        """Read everything but cells in one request, and keep the stamps for the next write."""
        with self._translated():
            info = self._http.read(
                SPREADSHEET_URL % self._id, {"fields": responses.INFO_FIELDS}, responses.workbook_info
            )
        self._stamps = info.stamps
        self._taken |= {
            number for entry in info.other_metadata if (number := guard.metadata_id(entry)) is not None
        }
        return info

    def titles(self) -> Mapping[int, str]:
        """Read the title of every tab, by its id."""
        with self._translated():
            return self._http.read(
                SPREADSHEET_URL % self._id, {"fields": responses.TITLES_FIELDS}, responses.titles
            )

    def values(self, ranges: Sequence[str]) -> list[Rows]:
        """Read ranges unformatted, dates as serial numbers."""
        return self._read(ranges, "UNFORMATTED_VALUE")

    def columns(self, title: str, rows: int, progress: Callable[[int], None]) -> Columns:
        """Read a large tab by columns, in requests whose answers stay near 2 MB on the wire."""
        rows_read, blocks = 0, Blocks()
        while rows_read < rows:
            end, bytes_before = min(rows_read + blocks.next_rows, rows), self._http.traffic.bytes_received
            (block,) = self._read_part([f"{quoted(title)}!{rows_read + 1}:{end}"], "UNFORMATTED_VALUE", "COLUMNS")
            blocks.add(block, end - rows_read, self._http.traffic.bytes_received - bytes_before)
            rows_read = end
            progress(rows_read)
        return blocks.trimmed()

    def displayed(self, ranges: Sequence[str]) -> list[Rows]:
        """Read ranges as shown on screen."""
        return self._read(ranges, "FORMATTED_VALUE")

    def notes(self, cells: Sequence[str]) -> Mapping[tuple[int, int], str]:
        """Read the notes of single cells."""
        found: dict[tuple[int, int], str] = {}
        for part in _parts(cells):
            with self._translated():
                found |= self._http.read(
                    SPREADSHEET_URL % self._id,
                    {"ranges": part, "fields": responses.NOTES_FIELDS},
                    responses.notes,
                )
        return found

    def formulas(self, ranges: Sequence[str]) -> list[Rows]:
        """Read ranges with formulas in place of results."""
        return self._read(ranges, "FORMULA")

    def _read(self, ranges: Sequence[str], option: str) -> list[Rows]:
        return [rows for part in _parts(ranges) for rows in self._read_part(part, option)]

    def _read_part(self, ranges: list[str], option: str, major: str | None = None) -> list[Rows]:
        # Serial numbers and rows are the API's documented defaults, which a query that is sent every few seconds omits.
        dimension = {"majorDimension": major} if major else {}
        with self._translated():
            return self._http.read(
                SPREADSHEET_VALUES_BATCH_URL % self._id,
                {
                    "ranges": ranges,
                    "valueRenderOption": option,
                    "fields": "valueRanges(values)",
                    **dimension,
                },
                partial(responses.value_ranges, count=len(ranges)),
            )

    def apply(
        self,
        requests: Sequence[Mapping[str, Any]],
        *,
        sequence: int,
        token: str,
        read_back: Sequence[str] = (),
    ) -> Applied:
        """Apply requests atomically, only if nobody wrote since `sequence`; see `Gateway.apply`."""
        number = guard.next_number(sequence, self._taken)
        stamp = guard.stamp_request(number, token, self._clock())
        # Prune only when the stamps are of the read that this plan is made from. Others may be deleted by now, and
        # Google does not document its answer to deleting missing metadata: it might refuse the whole batch.
        current = max((old.sequence for old in self._stamps), default=0) == sequence
        prune = guard.prune_requests(self._stamps) if current else []
        batch = [stamp, *requests, *prune]
        params, body = _batch(batch, read_back)
        seen = Attempts(partial(responses.check_applied, requests=len(batch), read_back=bool(read_back)))
        try:
            answer = self._http.write_guarded(SPREADSHEET_BATCH_UPDATE_URL % self._id, params, body, seen)
        except (APIError, GoogleAuthError, RequestException) as error:
            if isinstance(error, APIError) and error.response.status_code == 400:
                return self._outcome(error, number, token, read_back)
            raise self._failed(error, seen) from error
        self._skipped = 0
        self._update_stamps(stamp, prune)
        replies = answer["replies"][1 : 1 + len(requests)]
        return Applied(number, tuple(replies), responses.read_back(answer, read_back))

    def _outcome(self, error: APIError, number: int, token: str, read_back: Sequence[str]) -> Applied:
        """Find out from the stamps what a 400 means: applied by an attempt whose answer was lost, or not applied.

        A retry of an applied write is refused like a number that another writer took, since the id exists by then; only
        the token in the stamp tells the two apart.
        """
        stamps, fate = self._fate(number, token)
        if fate == "refused" and _names_guard(error):
            # The number is taken, but its stamp is not there: Google may show new metadata a moment later.
            self._http.pause(_LAG_SECONDS)
            stamps, fate = self._fate(number, token)
        if fate == "lost":
            raise Conflict(
                said("google.number_taken", number=number),
                remedy=said("google.number_taken.remedy"),
            ) from error
        if fate == "refused":
            raise self._refused(error, number) from error
        self._stamps = stamps
        return Applied(number, (), self._read_after(read_back), replayed=True)

    def _fate(self, number: int, token: str) -> tuple[tuple[Stamp, ...], guard.Fate]:
        try:
            stamps = self._read_stamps()
        except Retryable as failure:
            raise UnknownOutcome(
                said("google.no_stamps", reason=failure.message),
                state=said("google.no_stamps.state"),
                remedy=failure.remedy,
            ) from failure
        return stamps, guard.fate(stamps, number, token)

    def _failed(self, error: Exception, seen: Attempts) -> CrmError:
        failure = self._translate(error)
        if seen.unknown:
            failure.state = said("google.may_still")
        return failure

    def _refused(self, error: APIError, number: int) -> CrmError:
        if not _names_guard(error) or self._skipped >= _SKIPS:
            return self._translate(error)
        self._skipped += 1
        self._taken.add(GUARD_BASE + number)
        return GuardTaken(
            said("google.guard_taken", number=number),
            remedy=said("google.guard_taken.remedy"),
        )

    def _read_after(self, ranges: Sequence[str]) -> tuple[Rows, ...]:
        try:
            return tuple(self.values(ranges))
        except CrmError:
            return ()  # the write is applied, even if these ranges can no longer be read

    def _read_stamps(self) -> tuple[Stamp, ...]:
        with self._translated():
            return self._http.read(
                SPREADSHEET_URL % self._id, {"fields": responses.STAMPS_FIELDS}, responses.stamps
            )

    def _update_stamps(self, stamp: JsonObject, prune: Sequence[JsonObject]) -> None:
        new = guard.parse_stamp(stamp["createDeveloperMetadata"]["developerMetadata"])
        deleted = {
            request["deleteDeveloperMetadata"]["dataFilter"]["developerMetadataLookup"]["metadataId"]
            for request in prune
        }
        kept = [old for old in self._stamps if old.metadata_id not in deleted]
        self._stamps = (*kept, new) if new else tuple(kept)

    def server_time(self) -> float | None:
        """The server's own time of its last answer, in seconds since 1970; None when it sent none that can be read."""
        date = header_date(self._http.server_date)
        return None if date is None else date.timestamp()

    def requests_made(self) -> Mapping[str, int]:
        """Count requests and bytes since the client was opened."""
        return self._http.traffic.as_dict()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (APIError, GoogleAuthError, RequestException) as error:
            raise self._translate(error) from error

    def _translate(self, error: Exception) -> CrmError:
        return translate(error, spreadsheet_id=self._id, email=self._email)


def _names_guard(error: APIError) -> bool:
    return "requests[0]" in str(error.error.get("message", ""))


def _batch(requests: Sequence[Mapping[str, Any]], read_back: Sequence[str]) -> tuple[ParamsType, bytes]:
    body: JsonObject = {"requests": list(requests)}
    fields = "replies"
    if read_back:
        body |= {
            "includeSpreadsheetInResponse": True,
            "responseIncludeGridData": True,
            "responseRanges": list(read_back),
        }
        fields = responses.READ_BACK_FIELDS
    content = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)
    if _EMPTY_NUMBER in content:
        raise ValueError("a cell's number is not a number: writing it would clear the cell")
    return {"fields": fields}, content


def _parts(ranges: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    length = 0
    for text in ranges:
        cost = len(text.encode()) * 3 + len("&ranges=")  # every byte may be percent-encoded
        if part and length + cost > _QUERY_CHARACTERS:
            yield part
            part, length = [], 0
        part.append(text)
        length += cost
    if part:
        yield part
