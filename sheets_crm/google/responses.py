"""Convert Google's answers into the values of the port (``spreadsheets.get``, ``values.batchGet``, ``batchUpdate``).

Google leaves out what is zero, false or empty: the id of tab 0 in a GridRange, the first row of a GridData, an
empty value. So every field mask includes a field that Google never leaves out, and a body without it is not Google's
answer. Resource: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sheets_crm.google.failures import BadAnswer
from sheets_crm.google.guard import metadata_id, parse_stamp
from sheets_crm.google.shapes import ANYTHING, NUMBER, Shape, check
from sheets_crm.workbook.cells import Cell, column_index
from sheets_crm.workbook.info import (
    MARK_KEY,
    JsonObject,
    NamedRange,
    ProtectionInfo,
    RowGroup,
    Rows,
    Stamp,
    TabInfo,
    WorkbookInfo,
    mark_name,
)

_METADATA = "developerMetadata(metadataId,metadataKey,metadataValue,visibility)"

STAMPS_FIELDS = "spreadsheetId," + _METADATA
"""Field mask of the stamps alone; without the id, a workbook without stamps would answer ``{}``."""

TITLES_FIELDS = "sheets.properties(sheetId,title)"
"""Field mask of the tabs' titles alone."""

INFO_FIELDS = (
    "spreadsheetId,properties(title,locale,timeZone),namedRanges," + _METADATA + ",sheets("
    "properties(sheetId,title,index,hidden,gridProperties),developerMetadata(metadataId,metadataKey,metadataValue),"
    "protectedRanges,conditionalFormats(ranges),filterViews(filterViewId,title),basicFilter(range),"
    "bandedRanges(bandedRangeId),charts(chartId,spec(title)),rowGroups(range,depth,collapsed))"
)
"""Field mask of everything of a workbook but its cells."""

NOTES_FIELDS = "sheets(properties(sheetId),data(startRow,rowData(values(note))))"
"""Field mask of the notes of cells."""

READ_BACK_FIELDS = (
    "replies,updatedSpreadsheet(sheets(properties(title),data(startRow,startColumn,"
    "rowData(values(effectiveValue)))))"
)
"""Field mask of a guarded write that reads ranges back."""

_ANY_METADATA: Final[Shape] = [{"metadataId": ANYTHING, "metadataKey": ANYTHING, "metadataValue": ANYTHING}]

_STAMPS: Final[Shape] = {"spreadsheetId!": str, "developerMetadata": _ANY_METADATA}

_TITLES: Final[Shape] = {"sheets!": [{"properties!": {"sheetId": int, "title!": str}}]}

_NOTES: Final[Shape] = {
    "sheets!": [
        {"properties": {"sheetId": int}, "data": [{"startRow": int, "rowData": [{"values": [{"note": str}]}]}]}
    ]
}

_GRID: Final[Shape] = dict.fromkeys(("rowCount", "columnCount", "frozenRowCount", "frozenColumnCount"), int)

_PROTECTION: Final[Shape] = {
    "protectedRangeId": int,
    "range": dict,
    "unprotectedRanges": [dict],
    "description": str,
    "editors": {"users": [str]},
    "warningOnly": bool,
    "requestingUserCanEdit": bool,
}

_TAB: Final[Shape] = {
    "properties!": {"sheetId": int, "title!": str, "index": int, "hidden": bool, "gridProperties": _GRID},
    "developerMetadata": _ANY_METADATA,
    "protectedRanges": [_PROTECTION],
    "conditionalFormats": [{"ranges": [dict]}],
    "filterViews": [{"filterViewId": int, "title": str}],
    "bandedRanges": [{"bandedRangeId": int}],
    "charts": [{"chartId": int, "spec": {"title": str}}],
    "rowGroups": [{"range": {"startIndex": int, "endIndex": int}, "depth": int, "collapsed": bool}],
}

_INFO: Final[Shape] = {
    "spreadsheetId!": str,
    "properties!": {"title": str, "locale": str, "timeZone": str},
    "developerMetadata": _ANY_METADATA,
    "namedRanges": [{"namedRangeId": str, "name": str, "range": dict}],
    "sheets!": [_TAB],
}

_VALUES: Final[Shape] = {"valueRanges!": [{"values": [list]}]}

_EFFECTIVE: Final[Shape] = {
    "stringValue": str,
    "numberValue": NUMBER,
    "boolValue": bool,
    "errorValue": {"type": str},
}

_BLOCK: Final[Shape] = {
    "startRow": int,
    "startColumn": int,
    "rowData": [{"values": [{"effectiveValue": _EFFECTIVE}]}],
}

_APPLIED: Final[Shape] = {"replies!": [dict]}

_READ_BACK: Final[Shape] = {
    "updatedSpreadsheet!": {"sheets!": [{"properties!": {"title!": str}, "data": [_BLOCK]}]}
}

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
    """Convert the answer to ``spreadsheets.get`` with `INFO_FIELDS`.

    Raises:
        BadAnswer: The body has another shape.
    """
    check(body, _INFO)
    properties = body.get("properties", {})
    metadata = body.get("developerMetadata", [])
    all_stamps = _stamps(metadata)
    return WorkbookInfo(
        spreadsheet_id=body.get("spreadsheetId", ""),
        title=properties.get("title", ""),
        locale=properties.get("locale", ""),
        time_zone=properties.get("timeZone", ""),
        tabs=tuple(sorted((_tab(sheet) for sheet in body.get("sheets", [])), key=lambda tab: tab.index)),
        stamps=tuple(sorted(all_stamps, key=lambda stamp: stamp.sequence)),
        other_metadata=tuple(entry for entry in metadata if parse_stamp(entry) is None),
        named_ranges=tuple(
            NamedRange(entry.get("namedRangeId", ""), entry.get("name", ""), entry.get("range", {}))
            for entry in body.get("namedRanges", [])
        ),
    )


def stamps(body: JsonObject) -> tuple[Stamp, ...]:
    """Convert the answer to ``spreadsheets.get`` with `STAMPS_FIELDS`.

    Raises:
        BadAnswer: The body has another shape.
    """
    check(body, _STAMPS)
    return _stamps(body.get("developerMetadata", []))


def _stamps(metadata: Sequence[JsonObject]) -> tuple[Stamp, ...]:
    return tuple(stamp for entry in metadata if (stamp := parse_stamp(entry)))


def titles(body: JsonObject) -> Mapping[int, str]:
    """Convert the answer to ``spreadsheets.get`` with `TITLES_FIELDS`: the title of every tab by its id.

    Raises:
        BadAnswer: The body has another shape.
    """
    check(body, _TITLES)
    return {sheet["properties"].get("sheetId", 0): sheet["properties"]["title"] for sheet in body["sheets"]}


def _row_group(group: JsonObject) -> RowGroup:
    span = group.get("range", {})
    depth, collapsed = group.get("depth", 1), group.get("collapsed", False)
    return RowGroup(span.get("startIndex", 0), span.get("endIndex", 0), depth, collapsed)


def _tab(sheet: JsonObject) -> TabInfo:
    properties = sheet.get("properties", {})
    grid = properties.get("gridProperties", {})
    sheet_id = properties.get("sheetId", 0)
    marks = [
        (number, mark_name(str(entry.get("metadataValue", "")), sheet_id))
        for entry in sheet.get("developerMetadata", [])
        if entry.get("metadataKey") == MARK_KEY and (number := metadata_id(entry)) is not None
    ]
    current = next((mark for mark in marks if mark[1]), (None, None))
    return TabInfo(
        sheet_id=sheet_id,
        title=properties.get("title", ""),
        index=properties.get("index", 0),
        hidden=properties.get("hidden", False),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        frozen_rows=grid.get("frozenRowCount", 0),
        frozen_columns=grid.get("frozenColumnCount", 0),
        mark=current[1],
        mark_id=current[0],
        stale_marks=tuple(number for number, _ in marks if number != current[0]),
        protected=tuple(_protection(entry) for entry in sheet.get("protectedRanges", [])),
        conditional_formats=len(sheet.get("conditionalFormats", [])),
        filter_views=tuple((v.get("filterViewId", 0), v.get("title", "")) for v in sheet.get("filterViews", [])),
        banded=tuple(entry.get("bandedRangeId", 0) for entry in sheet.get("bandedRanges", [])),
        charts=tuple((c.get("chartId", 0), c.get("spec", {}).get("title", "")) for c in sheet.get("charts", [])),
        basic_filter="basicFilter" in sheet,
        row_groups=tuple(_row_group(group) for group in sheet.get("rowGroups", [])),
        highlighted=tuple(tuple(rule.get("ranges", [])) for rule in sheet.get("conditionalFormats", [])),
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
    """Convert the answer to ``values.batchGet`` for `count` ranges, in their order.

    Raises:
        BadAnswer: The body has another shape or number of ranges.
    """
    check(body, _VALUES)
    ranges = body["valueRanges"]
    if len(ranges) != count:
        raise BadAnswer(f"a response with {len(ranges)} of the {count} ranges requested")
    return [entry.get("values", []) for entry in ranges]


def notes(body: JsonObject) -> dict[tuple[int, int], str]:
    """Convert the answer to ``spreadsheets.get`` with `NOTES_FIELDS`: the first note of each row that has one.

    Raises:
        BadAnswer: The body has another shape.
    """
    check(body, _NOTES)
    found: dict[tuple[int, int], str] = {}
    for sheet in body["sheets"]:
        sheet_id = sheet.get("properties", {}).get("sheetId", 0)
        for block in sheet.get("data", []):
            for row, cells in enumerate(block.get("rowData", []), start=block.get("startRow", 0)):
                texts = [cell["note"] for cell in cells.get("values", []) if cell.get("note")]
                found |= {(sheet_id, row): texts[0]} if texts else {}
    return found


def check_applied(body: JsonObject, *, requests: int, read_back: bool) -> None:
    """Check the answer to a ``batchUpdate``: one reply for each request, and the cells to read back.

    Raises:
        BadAnswer: The body has another shape, so that the batch may or may not have been applied.
    """
    check(body, _APPLIED)
    if len(body["replies"]) != requests:
        raise BadAnswer(f"a response with {len(body['replies'])} replies to {requests} requests")
    if read_back:
        check(body, _READ_BACK)


def read_back(body: JsonObject, ranges: Sequence[str]) -> tuple[Rows, ...]:
    """The rows of each requested range, in order, from a ``batchUpdate`` answer with grid data.

    Google groups the answer by tab; within a tab, a range is identified by its first cell. Of ranges that begin in the
    same cell each gets all that was read from there on.
    """
    blocks: dict[tuple[str, int, int], Rows] = {}
    for sheet in body.get("updatedSpreadsheet", {}).get("sheets", []):
        title = sheet.get("properties", {}).get("title", "")
        for block in sheet.get("data", []):
            rows = list(_trimmed(block.get("rowData", [])))
            while rows and not rows[-1]:
                rows.pop()
            first = title, block.get("startRow", 0), block.get("startColumn", 0)
            other = blocks.get(first, [])
            nothing: list[Cell] = []
            pairs = itertools.zip_longest(rows, other, fillvalue=nothing)
            blocks[first] = [max(one, two, key=len) for one, two in pairs]
    return tuple(blocks.get(first_cell(text), []) for text in ranges)


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
    # One type for one number, whether the JSON says 3 or 3.0: cells of different reads are compared.
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def first_cell(text: str) -> tuple[str, int, int]:
    """Tab title, row and column (from 0) of the first cell of a range in A1 notation; a bare title is the whole tab."""
    match = _A1.match(text)
    if match is None or "!" not in text:
        return text.removeprefix("'").removesuffix("'").replace("''", "'"), 0, 0
    quoted, plain, letters, row = match.groups()
    title = quoted.replace("''", "'") if quoted is not None else (plain or "")
    return title, int(row or 1) - 1, column_index(letters or "A")
