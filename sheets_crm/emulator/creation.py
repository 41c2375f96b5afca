"""A new spreadsheet with contents: the parts of `spreadsheets.create` as requests of `spreadsheets.batchUpdate`.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/create
"""

from collections.abc import Iterator
from typing import Any

from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.geometry import map_ranges

__all__ = ["creation_requests"]

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
    unknown = body.keys() - {
        "properties",
        "sheets",
        "namedRanges",
        "developerMetadata",
        "spreadsheetId",
        "spreadsheetUrl",
    }
    unknown |= {name for sheet in body.get("sheets") or () for name in sheet.keys() - _HANDLED}
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
    for group in (group for name in _GROUPS for group in sheet.get(name) or ()):
        yield {"addDimensionGroup": {"range": {**(group.get("range") or {}), "sheetId": number}}}
    for entry in sheet.get("developerMetadata") or ():
        yield {"createDeveloperMetadata": {"developerMetadata": {**entry, "location": {"sheetId": number}}}}


def _on_tab(item: dict[str, Any], number: int) -> dict[str, Any]:
    """Let ranges that name no tab lie on this one; a chart may well name another."""
    placed: dict[str, Any] = map_ranges(item, lambda found: {"sheetId": number, **found})
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


def _dimensions(data: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    for name, dimension, first in (
        ("rowMetadata", "ROWS", data.get("startRow") or 0),
        ("columnMetadata", "COLUMNS", data.get("startColumn") or 0),
    ):
        for index, found in enumerate(data.get(name) or (), first):
            properties = {key: found[key] for key in ("pixelSize", "hiddenByUser") if (found or {}).get(key)}
            if properties:
                span = {"sheetId": number, "dimension": dimension, "startIndex": index, "endIndex": index + 1}
                change = {"range": span, "properties": properties, "fields": ",".join(properties)}
                yield {"updateDimensionProperties": change}
