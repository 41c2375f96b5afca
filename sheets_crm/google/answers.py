"""Read Google's answers into the values of the port (``spreadsheets.get``, ``values.batchGet``, ``batchUpdate``).

Google leaves out what is zero, false or empty: the id of tab 0 in a GridRange, the first row of a GridData, an
empty value. Resource: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sheets_crm.google.guard import parse_stamp
from sheets_crm.sync.ports import (
    MARK_KEY,
    Cell,
    JsonObject,
    NamedRange,
    ProtectionInfo,
    Rows,
    TabInfo,
    WorkbookInfo,
    mark_name,
)

_METADATA = "developerMetadata(metadataId,metadataKey,metadataValue,visibility)"

STAMPS_FIELDS = _METADATA
"""Field mask that reads the stamps alone."""

TITLES_FIELDS = "sheets.properties(sheetId,title)"
"""Field mask that reads the tabs' titles alone."""

INFO_FIELDS = (
    "spreadsheetId,properties(title,locale,timeZone),namedRanges," + _METADATA + ",sheets("
    "properties(sheetId,title,index,hidden,gridProperties),developerMetadata(metadataId,metadataKey,metadataValue),"
    "protectedRanges,conditionalFormats(ranges),filterViews(filterViewId,title),basicFilter(range),"
    "bandedRanges(bandedRangeId),charts(chartId,spec(title)))"
)
"""Field mask that reads everything of a workbook but its cells."""

READ_BACK_FIELDS = (
    "replies,updatedSpreadsheet(sheets(properties(title),data(startRow,startColumn,"
    "rowData(values(effectiveValue)))))"
)
"""Field mask of a guarded write that reads ranges back."""

_ERRORS = {
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
    "ERROR": "#ERROR!",
}

_A1 = re.compile(r"(?:(?:'((?:[^']|'')*)'|([^'!]*))!)?(?:([A-Za-z]{1,3})?(\d+)?(?::.*)?)?$")


def workbook_info(body: JsonObject) -> WorkbookInfo:
    """Read the answer to ``spreadsheets.get`` with `INFO_FIELDS`."""
    properties = body.get("properties", {})
    metadata = body.get("developerMetadata", [])
    stamps = [stamp for entry in metadata if (stamp := parse_stamp(entry))]
    return WorkbookInfo(
        spreadsheet_id=body.get("spreadsheetId", ""),
        title=properties.get("title", ""),
        locale=properties.get("locale", ""),
        time_zone=properties.get("timeZone", ""),
        tabs=tuple(sorted((_tab(sheet) for sheet in body.get("sheets", [])), key=lambda tab: tab.index)),
        stamps=tuple(sorted(stamps, key=lambda stamp: stamp.sequence)),
        other_metadata=tuple(entry for entry in metadata if parse_stamp(entry) is None),
        named_ranges=tuple(
            NamedRange(entry.get("namedRangeId", ""), entry.get("name", ""), entry.get("range", {}))
            for entry in body.get("namedRanges", [])
        ),
    )


def _tab(sheet: JsonObject) -> TabInfo:
    properties = sheet.get("properties", {})
    grid = properties.get("gridProperties", {})
    sheet_id = properties.get("sheetId", 0)
    marks = [entry for entry in sheet.get("developerMetadata", []) if entry.get("metadataKey") == MARK_KEY]
    own = [entry for entry in marks if mark_name(entry.get("metadataValue", ""), sheet_id)]
    return TabInfo(
        sheet_id=sheet_id,
        title=properties.get("title", ""),
        index=properties.get("index", 0),
        hidden=properties.get("hidden", False),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        frozen_rows=grid.get("frozenRowCount", 0),
        frozen_columns=grid.get("frozenColumnCount", 0),
        mark=mark_name(own[0]["metadataValue"], sheet_id) if own else None,
        mark_id=own[0]["metadataId"] if own else None,
        stale_marks=tuple(entry["metadataId"] for entry in marks if entry not in own[:1]),
        protected=tuple(_protection(entry) for entry in sheet.get("protectedRanges", [])),
        conditional_formats=len(sheet.get("conditionalFormats", [])),
        filter_views=tuple((v.get("filterViewId", 0), v.get("title", "")) for v in sheet.get("filterViews", [])),
        banded=tuple(entry.get("bandedRangeId", 0) for entry in sheet.get("bandedRanges", [])),
        charts=tuple((c.get("chartId", 0), c.get("spec", {}).get("title", "")) for c in sheet.get("charts", [])),
        basic_filter="basicFilter" in sheet,
    )


def _protection(entry: JsonObject) -> ProtectionInfo:
    return ProtectionInfo(
        protection_id=entry.get("protectedRangeId", 0),
        range=entry.get("range", {}),
        unprotected=tuple(entry.get("unprotectedRanges", [])),
        description=entry.get("description", ""),
        editors=tuple(entry.get("editors", {}).get("users", [])),
        warning_only=entry.get("warningOnly", False),
        can_edit=entry.get("requestingUserCanEdit", False),
    )


def value_ranges(body: JsonObject, count: int) -> list[Rows]:
    """Read the answer to ``values.batchGet`` for `count` ranges, in their order."""
    ranges = body.get("valueRanges", [])
    assert len(ranges) == count, "values.batchGet answers each range"
    return [entry.get("values", []) for entry in ranges]


def read_back(body: JsonObject, ranges: Sequence[str]) -> tuple[Rows, ...]:
    """Find each range asked for in a ``batchUpdate`` answer with grid data.

    Google groups the answer by tab; within a tab a range is known by its first cell.
    """
    found: dict[tuple[str, int, int], Rows] = {}
    for sheet in body.get("updatedSpreadsheet", {}).get("sheets", []):
        title = sheet.get("properties", {}).get("title", "")
        for block in sheet.get("data", []):
            rows = list(_trimmed(block.get("rowData", [])))
            while rows and not rows[-1]:
                rows.pop()
            found[title, block.get("startRow", 0), block.get("startColumn", 0)] = rows
    return tuple(found.get(first_cell(text), []) for text in ranges)


def _trimmed(row_data: list[JsonObject]) -> Iterator[list[Cell]]:
    for row in row_data:
        cells = [_cell(value.get("effectiveValue", {})) for value in row.get("values", [])]
        while cells and cells[-1] == "":
            cells.pop()
        yield cells


def _cell(value: JsonObject) -> Cell:
    if "errorValue" in value:
        return _ERRORS.get(value["errorValue"].get("type", ""), "#ERROR!")
    cell: Cell = next((value[kind] for kind in ("stringValue", "numberValue", "boolValue") if kind in value), "")
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def first_cell(text: str) -> tuple[str, int, int]:
    """Give tab title, row and column (from 0) of a range in A1 notation; a bare title is the whole tab."""
    match = _A1.match(text)
    if match is None or "!" not in text:
        return text.removeprefix("'").removesuffix("'").replace("''", "'"), 0, 0
    quoted, plain, letters, row = match.groups()
    title = quoted.replace("''", "'") if quoted is not None else (plain or "")
    return title, int(row or 1) - 1, column_index(letters or "A")


def column_index(letters: str) -> int:
    """Give the column's index from 0: A is 0, AA is 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
