"""A new spreadsheet with contents: the parts of `spreadsheets.create` as requests of `spreadsheets.batchUpdate`.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/create
"""

import math
from collections.abc import Iterator
from typing import Any

from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.geometry import map_ranges

__all__ = ["KEPT_PROPERTIES", "creation_requests"]

#: Properties that a new spreadsheet keeps as they are, beside its title.
KEPT_PROPERTIES = ("locale", "timeZone", "autoRecalc", "iterativeCalculationSettings", "spreadsheetTheme")

#: What a tab may bring along: the request that makes each, and the name it has there.
_PARTS = {
    "merges": ("mergeCells", "range"),
    "conditionalFormats": ("addConditionalFormatRule", "rule"),
    "bandedRanges": ("addBanding", "bandedRange"),
    "protectedRanges": ("addProtectedRange", "protectedRange"),
    "filterViews": ("addFilterView", "filter"),
    "charts": ("addChart", "chart"),
    "slicers": ("addSlicer", "slicer"),
}
_GROUPS = ("rowGroups", "columnGroups")
_HANDLED = {*_PARTS, *_GROUPS, "properties", "data", "basicFilter", "developerMetadata"}
_SPREADSHEET = {"properties", "sheets", "namedRanges", "developerMetadata", "spreadsheetId", "spreadsheetUrl"}
#: The default format is read-only.
_PROPERTIES = {*KEPT_PROPERTIES, "title", "defaultFormat"}
_LINE = {"pixelSize", "hiddenByUser", "hiddenByFilter", "developerMetadata"}
_CELL_FIELDS = "userEnteredValue,userEnteredFormat,note,dataValidation,textFormatRuns"
#: Fields of cells that are results: what is sent of them counts for nothing.
_READ_ONLY = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")


def creation_requests(body: dict[str, Any], new_numbers: Iterator[int]) -> list[dict[str, Any]]:
    """Give the requests that make the tabs of a `Spreadsheet` with all that hangs on them, and its named ranges.

    Args:
        body: The request's `Spreadsheet`.
        new_numbers: Ids for tabs that are given none.

    Raises:
        ApiError: 400 for parts that are not implemented, which would be lost in silence.
    """
    unknown = _not_made(body)
    if unknown:
        raise invalid(
            f"Creating a spreadsheet with {', '.join(sorted(unknown))} is not implemented by the emulator."
        )
    requests: list[dict[str, Any]] = []
    contents: list[dict[str, Any]] = []
    for sheet in body.get("sheets") or ():
        properties = dict(sheet.get("properties") or {})
        number = properties.setdefault("sheetId", next(new_numbers))
        requests.append({"addSheet": {"properties": properties}})
        contents.extend(_contents(sheet, number))
    named = [{"addNamedRange": {"namedRange": item}} for item in body.get("namedRanges") or ()]
    whole = [
        {"createDeveloperMetadata": {"developerMetadata": item}} for item in body.get("developerMetadata") or ()
    ]
    return [*requests, *named, *contents, *whole]  # contents may speak of named ranges


def _not_made(body: dict[str, Any]) -> set[str]:
    """Name the parts of a `Spreadsheet` that nothing here makes; what is empty or false says nothing."""
    tabs = body.get("sheets") or ()
    properties = body.get("properties") or {}
    lines = [line for sheet in tabs for data in sheet.get("data") or () for line in _lines(data)]
    return (
        (body.keys() - _SPREADSHEET)
        | {name for sheet in tabs for name in sheet.keys() - _HANDLED}
        | {name for name in properties.keys() - _PROPERTIES if properties[name]}
        | {name for line in lines for name in line.keys() - _LINE if line[name]}
    )


def _lines(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in ("rowMetadata", "columnMetadata"):
        yield from (line or {} for line in data.get(name) or ())


def _contents(sheet: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    for data in sheet.get("data") or ():
        yield from _cells(data, number)
        yield from _dimensions(data, number)
    for name, (request, field) in _PARTS.items():
        for item in sheet.get(name) or ():
            yield {
                request: {
                    field: _on_tab({"range": item}, number)["range"] if name == "merges" else _on_tab(item, number)
                }
            }
    if sheet.get("basicFilter"):
        yield {"setBasicFilter": {"filter": _on_tab(sheet["basicFilter"], number)}}
    for name in _GROUPS:
        yield from _groups(sheet.get(name) or [], number)
    for entry in sheet.get("developerMetadata") or ():
        yield {"createDeveloperMetadata": {"developerMetadata": {**entry, "location": {"sheetId": number}}}}


def _on_tab(item: dict[str, Any], number: int) -> dict[str, Any]:
    """Let ranges that name no tab lie on this one; a chart may well name another."""
    placed: dict[str, Any] = map_ranges(item, lambda place: {"sheetId": number, **place})
    return placed


def _cells(data: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    rows = [
        {
            "values": [
                {k: v for k, v in (cell or {}).items() if k not in _READ_ONLY} for cell in row.get("values") or ()
            ]
        }
        for row in data.get("rowData") or ()
    ]
    if any(row["values"] for row in rows):
        start = {
            "sheetId": number,
            "rowIndex": data.get("startRow") or 0,
            "columnIndex": data.get("startColumn") or 0,
        }
        others = {name for row in rows for cell in row["values"] for name in cell} - set(_CELL_FIELDS.split(","))
        fields = ",".join([_CELL_FIELDS, *sorted(others)])
        yield {"updateCells": {"start": start, "rows": rows, "fields": fields}}


def _groups(groups: list[dict[str, Any]], number: int) -> Iterator[dict[str, Any]]:
    """Make the groups of rows or of columns, then fold those that are collapsed."""
    ranges = [{**(group.get("range") or {}), "sheetId": number} for group in groups]
    for place in ranges:
        yield {"addDimensionGroup": {"range": place}}
    for index, group in enumerate(groups):
        depth = _depth(ranges, index)
        if group.get("depth") not in (None, depth):
            raise invalid(
                "A group with a depth that is not that of its nesting is not implemented by the emulator."
            )
        if group.get("collapsed"):
            folded = {"range": ranges[index], "depth": depth, "collapsed": True}
            yield {"updateDimensionGroup": {"dimensionGroup": folded, "fields": "collapsed"}}


def _depth(ranges: list[dict[str, Any]], index: int) -> int:
    """Count the ranges that a range lies in, itself among them; of equal ones a later lies in an earlier."""
    spans = [(place.get("startIndex") or 0, place.get("endIndex", math.inf)) for place in ranges]
    start, end = spans[index]
    return sum(
        first <= start and end <= last and (other <= index or (first, last) != (start, end))
        for other, (first, last) in enumerate(spans)
    )


def _dimensions(data: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    for name, dimension, first in (
        ("rowMetadata", "ROWS", data.get("startRow") or 0),
        ("columnMetadata", "COLUMNS", data.get("startColumn") or 0),
    ):
        for index, line in enumerate(data.get(name) or (), first):
            span = {"sheetId": number, "dimension": dimension, "startIndex": index, "endIndex": index + 1}
            yield from _line(line or {}, span)


def _line(line: dict[str, Any], span: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Make a row's or a column's own properties; `hiddenByFilter` is read-only (A), a filter hides its rows itself."""
    properties = {key: line[key] for key in ("pixelSize", "hiddenByUser") if line.get(key)}
    if properties:
        change = {"range": span, "properties": properties, "fields": ",".join(properties)}
        yield {"updateDimensionProperties": change}
    for entry in line.get("developerMetadata") or ():
        placed = {**entry, "location": {"dimensionRange": span}}
        yield {"createDeveloperMetadata": {"developerMetadata": placed}}
