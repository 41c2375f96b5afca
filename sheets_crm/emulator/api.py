"""Each method of the Sheets API as a function of a call; Drive's are beside.

Nothing here knows HTTP beyond method, path, query and body.
"""

from collections.abc import Callable, Iterator
from secrets import randbelow
from typing import Any

from sheets_crm.emulator import values
from sheets_crm.emulator.creation import KEPT_PROPERTIES, creation_requests
from sheets_crm.emulator.defaults import without_defaults
from sheets_crm.emulator.developer_metadata import filter_places, find_entry, search, shown_filter
from sheets_crm.emulator.drive_calls import DriveCalls
from sheets_crm.emulator.errors import ApiError, invalid, prefixed
from sheets_crm.emulator.geometry import public_ranges
from sheets_crm.emulator.library import Library
from sheets_crm.emulator.masks import apply_mask, parse_mask
from sheets_crm.emulator.ranges import find_range
from sheets_crm.emulator.regional import check_regional
from sheets_crm.emulator.rendering import Rendering
from sheets_crm.emulator.requests import run_requests
from sheets_crm.emulator.requests.sheets import copy_sheet
from sheets_crm.emulator.resources import describe, sheet_properties
from sheets_crm.emulator.routes import Answer, Call, Route
from sheets_crm.emulator.schema import check_body, check_query, check_response_mask
from sheets_crm.emulator.spreadsheet import Spreadsheet
from sheets_crm.emulator.stats import Stats
from sheets_crm.emulator.values import Writing

__all__ = ["Api"]


class Api:
    """The methods."""

    def __init__(self, library: Library, stats: Stats) -> None:
        self.library = library
        self.stats = stats
        self.drive = DriveCalls(library)

    def answer(self, route: Route, call: Call) -> Answer:
        """Check a call against the schema, run it and apply the mask of its `fields`."""
        if route.name not in ("drive", "upload"):
            call.query, bound = check_query(route.name, call.query)
            call.body = bound | check_body(route.name, call.body)
            check_response_mask(route.name, call.query.get("fields") or "")
        else:
            call.query = {name: texts[0] for name, texts in call.query.items()}
        run: Callable[[Call], Answer] = getattr(self.drive if route.run.startswith("drive") else self, route.run)
        answer = run(call)
        fields = call.query.get("fields")
        if fields and isinstance(answer, dict) and not route.run.startswith(("drive", "get")):
            masked: dict[str, Any] = apply_mask(answer, parse_mask(fields))
            return masked
        return answer

    # -- spreadsheets ---------------------------------------------------------------------------------------------

    def create(self, call: Call) -> Answer:
        """`spreadsheets.create`: with title, locale, time zone, tabs and what they hold; whole or not at all."""
        requests = creation_requests(call.body, _numbers())
        properties = call.body.get("properties") or {}
        check_regional(properties)
        kept = {name: properties[name] for name in KEPT_PROPERTIES if properties.get(name)}
        book = self.library.create(properties.get("title") or "Untitled spreadsheet", call.email, kept)
        try:
            self._fill(book, call, requests)
        except ApiError:
            self.library.delete(book.id)
            raise
        book = self.library.open(book.id)
        return describe(book, self.library.guard(book, call.email), self.library.evaluator, {})

    def _fill(self, book: Spreadsheet, call: Call, requests: list[dict[str, Any]]) -> None:
        """Give a new spreadsheet its tabs in place of the first one, and their contents."""
        if requests:
            with self.library.change(book.id, call.email) as batch:
                if call.body.get("sheets"):
                    batch.book.sheets.clear()
                run_requests(batch, requests)

    def get(self, call: Call) -> Answer:
        """`spreadsheets.get`."""
        book = self.library.open(call.path["spreadsheetId"])
        ranges = call.query.get("ranges")
        return self._described(call, book, ranges, grid=bool(call.query.get("includeGridData")))

    def _described(self, call: Call, book: Spreadsheet, ranges: list[str] | None, *, grid: bool) -> dict[str, Any]:
        mask = parse_mask(call.query.get("fields") or "")
        places = [find_range(book, text) for text in ranges] if ranges else None
        guard = self.library.guard(book, call.email)
        found = describe(book, guard, self.library.evaluator, mask, places=places, grid=grid)
        self.stats.cells(read=_count_cells(found))
        return found

    def get_by_data_filter(self, call: Call) -> Answer:
        """`spreadsheets.getByDataFilter`."""
        book = self.library.open(call.path["spreadsheetId"])
        places = [place for _, place in filter_places(book, call.body.get("dataFilters") or [])]
        mask = parse_mask(call.query.get("fields") or "")
        guard = self.library.guard(book, call.email)
        grid = bool(call.body.get("includeGridData"))
        return describe(book, guard, self.library.evaluator, mask, places=places or None, grid=grid)

    def batch_update(self, call: Call) -> Answer:
        """`spreadsheets.batchUpdate`: all requests or none."""
        with self.library.change(call.path["spreadsheetId"], call.email) as batch:
            replies = run_requests(batch, call.body.get("requests") or [])
            answer: dict[str, Any] = {"spreadsheetId": batch.book.id, "replies": replies}
        self.stats.cells(written=batch.cells_written)
        answer["replies"] = [_public_reply(reply) for reply in replies]
        if call.body.get("includeSpreadsheetInResponse"):
            answer["updatedSpreadsheet"] = self._updated(call)
        return answer

    def _updated(self, call: Call) -> dict[str, Any]:
        """Describe the spreadsheet after a batchUpdate, as far as the query's mask asks."""
        book = self.library.open(call.path["spreadsheetId"])
        mask = parse_mask(call.query.get("fields") or "")
        below = mask.get("updatedSpreadsheet", {}) if mask else {}
        if mask and "updatedSpreadsheet" not in mask and "*" not in mask:
            return {}
        ranges = call.body.get("responseRanges")
        places = [find_range(book, text) for text in ranges] if ranges else None
        grid = bool(call.body.get("responseIncludeGridData"))
        if below and "sheets" in below and not grid:
            below = {**below, "sheets": {name: under for name, under in below["sheets"].items() if name != "data"}}
        guard = self.library.guard(book, call.email)
        found = describe(book, guard, self.library.evaluator, below, places=places, grid=grid)
        self.stats.cells(read=_count_cells(found))
        return found

    def copy_to(self, call: Call) -> Answer:
        """`spreadsheets.sheets.copyTo`."""
        source = self.library.open(call.path["spreadsheetId"])
        sheet = source.sheet(_number(call.path["sheetId"]))
        with self.library.change(call.body.get("destinationSpreadsheetId") or "", call.email) as batch:
            title, number = f"Copy of {sheet.title}", 2
            while batch.book.titled(title):
                title, number = f"Copy of {sheet.title} {number}", number + 1
            fresh = copy_sheet(batch, sheet, batch.book.new_number(), title)
            batch.book.add(fresh, None)
            batch.book.check_cells()
            return sheet_properties(batch.book, fresh)

    def metadata_get(self, call: Call) -> Answer:
        """`developerMetadata.get`."""
        return find_entry(self.library.open(call.path["spreadsheetId"]), _number(call.path["metadataId"]))

    def metadata_search(self, call: Call) -> Answer:
        """`developerMetadata.search`."""
        return search(self.library.open(call.path["spreadsheetId"]), call.body.get("dataFilters") or [])

    # -- values ---------------------------------------------------------------------------------------------------

    def values_get(self, call: Call) -> Answer:
        """`values.get`."""
        book = self.library.open(call.path["spreadsheetId"])
        found = values.read(book, self.library.evaluator, call.path["range"], _rendering(book.locale, call.query))
        self.stats.cells(read=_count_values(found))
        return found

    def values_batch_get(self, call: Call) -> Answer:
        """`values.batchGet`."""
        book = self.library.open(call.path["spreadsheetId"])
        how = _rendering(book.locale, call.query)
        found = [values.read(book, self.library.evaluator, text, how) for text in call.query.get("ranges") or ()]
        self.stats.cells(read=sum(map(_count_values, found)))
        return {"spreadsheetId": book.id, "valueRanges": found} if found else {"spreadsheetId": book.id}

    def values_update(self, call: Call) -> Answer:
        """`values.update`."""
        with self.library.change(call.path["spreadsheetId"], call.email) as batch:
            _same_range(batch.book, call)
            answer = values.update(batch, call.path["range"], call.body, _writing(batch.book.locale, call.query))
        self.stats.cells(written=batch.cells_written)
        return answer

    def values_batch_update(self, call: Call) -> Answer:
        """`values.batchUpdate`."""
        with self.library.change(call.path["spreadsheetId"], call.email) as batch:
            writing = _writing(batch.book.locale, call.body)
            answer = values.batch_update(batch, call.body.get("data") or [], writing)
        self.stats.cells(written=batch.cells_written)
        return answer

    def values_append(self, call: Call) -> Answer:
        """`values.append`."""
        with self.library.change(call.path["spreadsheetId"], call.email) as batch:
            _same_range(batch.book, call)
            writing = _writing(batch.book.locale, call.query)
            insert = call.query.get("insertDataOption") == "INSERT_ROWS"
            answer = values.append(batch, call.path["range"], call.body, writing, insert=insert)
        self.stats.cells(written=batch.cells_written)
        return answer

    def values_clear(self, call: Call) -> Answer:
        """`values.clear`."""
        with self.library.change(call.path["spreadsheetId"], call.email) as batch:
            cleared = values.clear(batch, call.path["range"])
        self.stats.cells(written=batch.cells_written)
        return {"spreadsheetId": batch.book.id, "clearedRange": cleared}

    def values_batch_clear(self, call: Call) -> Answer:
        """`values.batchClear`."""
        with self.library.change(call.path["spreadsheetId"], call.email) as batch:
            cleared = values.batch_clear(batch, call.body.get("ranges") or [])
        self.stats.cells(written=batch.cells_written)
        return _cleared(batch.book.id, cleared)

    def filter_get(self, call: Call) -> Answer:
        """`values.batchGetByDataFilter`."""
        book = self.library.open(call.path["spreadsheetId"])
        how = _rendering(book.locale, call.body)
        found: list[dict[str, Any]] = [
            {
                "valueRange": values.read_place(book, self.library.evaluator, place, how),
                "dataFilters": [shown_filter(f)],
            }
            for f, place in filter_places(book, call.body.get("dataFilters") or [])
        ]
        self.stats.cells(read=sum(_count_values(match["valueRange"]) for match in found))
        return {"spreadsheetId": book.id, "valueRanges": found} if found else {"spreadsheetId": book.id}

    def filter_update(self, call: Call) -> Answer:
        """`values.batchUpdateByDataFilter`."""
        with self.library.change(call.path["spreadsheetId"], call.email) as batch:
            writing = _writing(batch.book.locale, call.body)
            answer = values.batch_update_by_filter(batch, call.body.get("data") or [], writing)
        self.stats.cells(written=batch.cells_written)
        return answer

    def filter_clear(self, call: Call) -> Answer:
        """`values.batchClearByDataFilter`."""
        with self.library.change(call.path["spreadsheetId"], call.email) as batch:
            places = filter_places(batch.book, call.body.get("dataFilters") or [])
            cleared = [values.clear_place(batch, place) for _, place in places]
        return _cleared(batch.book.id, cleared)


def _cleared(file_id: str, ranges: list[str]) -> Answer:
    """Name what was cleared; a list without any is left out (proto3's JSON, A)."""
    return {"spreadsheetId": file_id, "clearedRanges": ranges} if ranges else {"spreadsheetId": file_id}


def _numbers() -> Iterator[int]:
    """Make up ids for tabs, as of 31 bits; none twice."""
    given: set[int] = set()
    while True:
        number = 1 + randbelow(2**31 - 2)
        if number not in given:
            given.add(number)
            yield number


def _rendering(locale: str, asked: dict[str, Any]) -> Rendering:
    return Rendering(
        locale,
        asked.get("valueRenderOption") or "FORMATTED_VALUE",
        asked.get("dateTimeRenderOption") or "SERIAL_NUMBER",
        by_columns=asked.get("majorDimension") == "COLUMNS",
    )


def _writing(locale: str, asked: dict[str, Any]) -> Writing:
    option = asked.get("valueInputOption")
    if option not in ("RAW", "USER_ENTERED"):
        raise invalid("'valueInputOption' is required but not specified")
    echo = None
    if asked.get("includeValuesInResponse"):
        shown = asked.get("responseValueRenderOption") or "FORMATTED_VALUE"
        echo = Rendering(locale, shown, asked.get("responseDateTimeRenderOption") or "SERIAL_NUMBER")
    return Writing(entered=option == "USER_ENTERED", echo=echo)


def _same_range(book: Spreadsheet, call: Call) -> None:
    inner, outer = call.body.get("range"), call.path["range"]
    if inner and inner != outer and find_range(book, inner) != find_range(book, outer):
        raise invalid(f"Request range[{outer}] does not match value's range[{inner}]")


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise prefixed(invalid(f"{text} is not a number"), "path") from None


def _public_reply(reply: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = public_ranges(without_defaults(reply, "$Response"))
    return shown


def _count_values(found: dict[str, Any]) -> int:
    return sum(map(len, found.get("values") or ()))


def _count_cells(found: dict[str, Any]) -> int:
    grids = (data for sheet in found.get("sheets") or () for data in sheet.get("data") or ())
    return sum(len(row.get("values") or ()) for data in grids for row in data.get("rowData") or ())
