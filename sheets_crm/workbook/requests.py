"""The ``batchUpdate`` requests that the worker uses, one small function each.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sheets_crm.workbook.cells import CellIn, cell_value, grid_range, row_data
from sheets_crm.workbook.info import MARK_KEY, mark_value

Request = dict[str, Any]
Block = tuple[int, int, int, int]
OWNED = "sheets_crm"
"""Description of the protection of a whole tab."""
WARNED = "sheets_crm: warning"
"""Description of a protection that only warns, which stands for no protection of a tab."""
PERCENT = {"type": "PERCENT", "pattern": "0.0%"}
DATE = {"type": "DATE"}
DATE_TIME = {"type": "DATE_TIME"}
"""Without a pattern Sheets shows them as the workbook's locale writes them: 22/11/2026 in es_ES.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells#NumberFormat
"""
TEXT = {"type": "TEXT", "pattern": "@"}
MARKED = 0xFCE8B2
"""Colour behind the header row of a block that is not understood."""
WHOLE = {"type": "NUMBER", "pattern": "0"}
"""Whole numbers of formulas: without it, Sheets shows what is worked out from dates as a date or a duration."""


def colour(value: int) -> dict[str, float]:
    """A Color from 0xRRGGBB."""
    names = ("red", "green", "blue")
    return {name: ((value >> shift) & 255) / 255 for name, shift in zip(names, (16, 8, 0), strict=True)}


def add_tab(sheet_id: int, title: str, index: int, grid: Mapping[str, int], *, tint: int, hidden: bool) -> Request:
    """Add a tab; ``grid`` has rowCount, columnCount and the frozen counts."""
    properties = {
        "sheetId": sheet_id,
        "title": title,
        "index": index,
        "gridProperties": dict(grid),
        "tabColorStyle": {"rgbColor": colour(tint)},
        "hidden": hidden,
    }
    return {"addSheet": {"properties": properties}}


def tab_properties(sheet_id: int, **properties: Any) -> Request:
    """Change properties of a tab; nested ones are named ``gridProperties={...}``."""
    fields: list[str] = []
    for name, value in properties.items():
        fields += [f"{name}.{inner}" for inner in value] if isinstance(value, dict) else [name]
    return {
        "updateSheetProperties": {"properties": {"sheetId": sheet_id, **properties}, "fields": ",".join(fields)}
    }


def remove_tab(sheet_id: int) -> Request:
    """Delete a tab."""
    return {"deleteSheet": {"sheetId": sheet_id}}


def mark(sheet_id: int, key: str) -> Request:
    """Put the worker's mark on a tab."""
    metadata = {
        "metadataKey": MARK_KEY,
        "metadataValue": mark_value(key, sheet_id),
        "location": {"sheetId": sheet_id},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def unmark(metadata_id: int) -> Request:
    """Take a mark off a tab."""
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": metadata_id}}}}


def write(sheet_id: int, row: int, column: int, rows: Sequence[Sequence[CellIn]]) -> Request:
    """Write a block of values unchanged: text stays text."""
    return {
        "updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column},
            "rows": [row_data(values) for values in rows],
            "fields": "userEnteredValue",
        }
    }


def clear(sheet_id: int, row: int, column: int, rows: int, columns: int, *, text: bool = False) -> Request:
    """Clear a block; ``text`` also restores the text format."""
    if not text:
        block = grid_range(sheet_id, row, column, rows, columns)
        return {"updateCells": {"range": block, "fields": "userEnteredValue"}}
    cell = {"userEnteredFormat": {"numberFormat": TEXT}}
    return {
        "repeatCell": {
            "range": grid_range(sheet_id, row, column, rows, columns),
            "cell": cell,
            "fields": "userEnteredValue,userEnteredFormat.numberFormat",
        }
    }


def header_row(
    sheet_id: int, headers: Sequence[str], notes: Sequence[str], tint: int, *, column: int = 0
) -> Request:
    """Write a header row from a column on: bold, wrapped, coloured, with notes."""
    style = {
        "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": colour(0xFFFFFF)}},
        "backgroundColorStyle": {"rgbColor": colour(tint)},
        "wrapStrategy": "WRAP",
        "verticalAlignment": "MIDDLE",
    }
    values = [
        {**cell_value(header), "userEnteredFormat": style, **({"note": note} if note else {})}
        for header, note in zip(headers, notes, strict=True)
    ]
    return {
        "updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": column},
            "rows": [{"values": values}],
            "fields": "userEnteredValue,userEnteredFormat,note",
        }
    }


def plain(block: Mapping[str, int]) -> Request:
    """Remove formats and data validation from every cell of a range; values stay."""
    return {"repeatCell": {"range": dict(block), "cell": {}, "fields": "userEnteredFormat,dataValidation"}}


def style(block: Mapping[str, int], cell_format: Mapping[str, Any], fields: str) -> Request:
    """Set the format of every cell of a range; ``fields`` are paths below userEnteredFormat."""
    paths = ",".join(f"userEnteredFormat.{path}" for path in fields.split(","))
    return {
        "repeatCell": {"range": dict(block), "cell": {"userEnteredFormat": dict(cell_format)}, "fields": paths}
    }


FAULT: Final = 0xF9CB9C
"""Colour of a cell that somebody has to correct."""


def background(block: Mapping[str, int], tint: int | None) -> Request:
    """Colour the background of cells; None takes the colour away."""
    look = {} if tint is None else {"backgroundColorStyle": {"rgbColor": colour(tint)}}
    return style(block, look, "backgroundColorStyle")


def faint(block: Mapping[str, int]) -> Request:
    """Format cells that only programs read, such as the ids of rows: small, grey, clipped."""
    letters = {"fontSize": 8, "foregroundColorStyle": {"rgbColor": colour(0x9AA0A6)}}
    return style(
        block,
        {"textFormat": letters, "wrapStrategy": "CLIP"},
        "textFormat.fontSize,textFormat.foregroundColorStyle,wrapStrategy",
    )


def number_format(block: Mapping[str, int], pattern: Mapping[str, str]) -> Request:
    """Set the number format of every cell of a range."""
    return style(block, {"numberFormat": dict(pattern)}, "numberFormat")


def checkboxes(block: Mapping[str, int]) -> Request:
    """Make the cells of a range checkboxes."""
    rule = {"condition": {"type": "BOOLEAN"}, "strict": False}
    return {"setDataValidation": {"range": dict(block), "rule": rule}}


def choices(block: Mapping[str, int], words: Sequence[str]) -> Request:
    """Offer words in a drop-down; another word is accepted with a warning."""
    condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": word} for word in words]}
    rule = {"condition": condition, "strict": False, "showCustomUi": True}
    return {"setDataValidation": {"range": dict(block), "rule": rule}}


def at_least(block: Mapping[str, int], least: int, hint: str) -> Request:
    """Expect a number of at least `least`; another value is accepted with a warning and the hint."""
    condition = {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": str(least)}]}
    rule = {"condition": condition, "strict": False, "inputMessage": hint}
    return {"setDataValidation": {"range": dict(block), "rule": rule}}


def expect(block: Mapping[str, int], formula: str, hint: str) -> Request:
    """Expect what a formula for the first cell allows; another value is accepted with a warning and the hint."""
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    rule = {"condition": condition, "strict": False, "inputMessage": hint}
    return {"setDataValidation": {"range": dict(block), "rule": rule}}


def choices_of(block: Mapping[str, int], cells: str) -> Request:
    """Offer in a drop-down the cells of a range such as ``='Dashboard'!$I$37:$I$46``; other words are accepted."""
    condition = {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": cells}]}
    rule = {"condition": condition, "strict": False, "showCustomUi": True}
    return {"setDataValidation": {"range": dict(block), "rule": rule}}


def note(sheet_id: int, row: int, column: int, text: str) -> Request:
    """Put a note on one cell."""
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": [{"note": text}]}], "fields": "note"}}


def replace_text(block: dict[str, int], text: str, replacement: str) -> Request:
    """Write a text into the cells of a block that hold exactly another one; all others stay."""
    found = {"range": block, "find": text, "replacement": replacement, "matchCase": True, "matchEntireCell": True}
    return {"findReplace": found}


def block_mark(sheet_id: int, row: int, width: int, text: str | None, *, coloured: bool) -> list[Request]:
    """Put a note on the first cell of a row, and a colour behind its cells, or take either away; no text, no change."""
    look = {"backgroundColorStyle": {"rgbColor": colour(MARKED)}} if coloured else {}
    block = grid_range(sheet_id, row, 0, 1, width)
    noted = [note(sheet_id, row, 0, text)] if text is not None else []
    return [*noted, style(block, look, "backgroundColor,backgroundColorStyle")]


def without_marks(sheet_id: int) -> Request:
    """Take every note and background colour away from a tab."""
    fields = "note,userEnteredFormat.backgroundColor,userEnteredFormat.backgroundColorStyle"
    return {"repeatCell": {"range": {"sheetId": sheet_id}, "cell": {}, "fields": fields}}


def protect(sheet_id: int, account: str, open_ranges: Sequence[Mapping[str, int]] = ()) -> Request:
    """Protect a tab except for the operators' cells; the worker's account stays an editor."""
    protected: dict[str, Any] = {"range": {"sheetId": sheet_id}, "description": OWNED}
    if account:
        protected["editors"] = {"users": [account]}
    if open_ranges:
        protected["unprotectedRanges"] = [dict(block) for block in open_ranges]
    return {"addProtectedRange": {"protectedRange": protected}}


def warn(block: Mapping[str, int]) -> Request:
    """Ask everybody who edits a range whether they mean it; nobody is kept out."""
    return {
        "addProtectedRange": {"protectedRange": {"range": dict(block), "description": WARNED, "warningOnly": True}}
    }


def unprotect(protection_id: int) -> Request:
    """Remove a protection."""
    return {"deleteProtectedRange": {"protectedRangeId": protection_id}}


def widths(sheet_id: int, pixels: Sequence[int]) -> list[Request]:
    """Set the widths of columns, one request per run of equal widths."""
    requests: list[Request] = []
    start = 0
    for n in range(1, len(pixels) + 1):
        if n == len(pixels) or pixels[n] != pixels[start]:
            span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": start, "endIndex": n}
            size = {"range": span, "properties": {"pixelSize": pixels[start]}, "fields": "pixelSize"}
            requests.append({"updateDimensionProperties": size})
            start = n
    return requests


def append_rows(sheet_id: int, count: int) -> Request:
    """Add rows at the end of a grid."""
    return {"appendDimension": {"sheetId": sheet_id, "dimension": "ROWS", "length": count}}


def insert_rows(sheet_id: int, start: int, count: int, *, like_above: bool = True) -> Request:
    """Insert rows; they take the formats of the row above, or of the row below.

    Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#insertdimensionrequest
    """
    block = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": start, "endIndex": start + count}
    return {"insertDimension": {"range": block, "inheritFromBefore": like_above}}


def room_on_top(sheet_id: int, count: int, columns: int) -> list[Request]:
    """Make blank rows right below the header of a table that has rows.

    They are inserted below the first row, which is then copied to the last of them: a row inserted above it would push
    down the ranges of formulas, protections and rules that begin there.
    """
    first, last = (1, 0, 1, columns), (1 + count, 0, 1, columns)
    emptied = grid_range(sheet_id, *first)
    return [
        insert_rows(sheet_id, 2, count),
        copy(sheet_id, first, sheet_id, last),
        {"updateCells": {"range": emptied, "fields": "userEnteredValue,note"}},
    ]


def newest_first(sheet_id: int, column: int) -> Request:
    """Sort whole rows below the header by a column, the highest first.

    Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#sortrangerequest
    """
    order = {"dimensionIndex": column, "sortOrder": "DESCENDING"}
    return {"sortRange": {"range": grid_range(sheet_id, 1, 0, None, None), "sortSpecs": [order]}}


def insert_columns(sheet_id: int, start: int, count: int) -> Request:
    """Insert columns left of one that exists; they take the formats of the column before."""
    block = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": start, "endIndex": start + count}
    return {"insertDimension": {"range": block, "inheritFromBefore": True}}


def append_columns(sheet_id: int, count: int) -> Request:
    """Add columns at the right of a grid."""
    return {"appendDimension": {"sheetId": sheet_id, "dimension": "COLUMNS", "length": count}}


def group_rows(sheet_id: int, start: int, end: int) -> Request:
    """Group rows [start, end) of a tab, so that they can be folded away.

    Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#adddimensiongrouprequest
    """
    return {"addDimensionGroup": {"range": _row_span(sheet_id, start, end)}}


def fold(sheet_id: int, start: int, end: int, *, folded: bool) -> Request:
    """Fold or unfold an outermost group of rows, which also hides its rows or makes them visible."""
    group = {"range": _row_span(sheet_id, start, end), "depth": 1, "collapsed": folded}
    return {"updateDimensionGroup": {"dimensionGroup": group, "fields": "collapsed"}}


def ungroup_rows(sheet_id: int, spans: Sequence[tuple[int, int]]) -> list[Request]:
    """Dissolve outermost groups of rows [start, end) and make their rows visible.

    All are unfolded before the first is dissolved: groups that touch become one as soon as a group changes.
    """
    unfolded = [fold(sheet_id, start, end, folded=False) for start, end in spans]
    dissolved = [{"deleteDimensionGroup": {"range": _row_span(sheet_id, start, end)}} for start, end in spans]
    return [*unfolded, *dissolved]


def _row_span(sheet_id: int, start: int, end: int) -> dict[str, Any]:
    return {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def make_room(sheet_id: int, start: int, count: int) -> Request:
    """Insert rows that take the formats of the row below, which has to exist."""
    return {"insertDimension": {"range": _row_span(sheet_id, start, start + count), "inheritFromBefore": False}}


def move_row(sheet_id: int, row: int, place: int) -> Request:
    """Move a row up, with its cells, formats and what refers to them."""
    return {"moveDimension": {"source": _row_span(sheet_id, row, row + 1), "destinationIndex": place}}


def copy(source_tab: int, source: Block, target_tab: int, target: Block) -> Request:
    """Copy cells inside the spreadsheet, values and formats; blocks are (row, column, rows, columns)."""
    body = {
        "source": grid_range(source_tab, *source),
        "destination": grid_range(target_tab, *target),
        "pasteType": "PASTE_NORMAL",
    }
    return {"copyPaste": body}


def delete_rows(sheet_id: int, start: int, end: int) -> Request:
    """Delete rows [start, end)."""
    span = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": start, "endIndex": end}
    return {"deleteDimension": {"range": span}}


def duplicate_tab(source: int, sheet_id: int, title: str, index: int) -> Request:
    """Copy a tab under a given id."""
    body = {"sourceSheetId": source, "newSheetId": sheet_id, "newSheetName": title, "insertSheetIndex": index}
    return {"duplicateSheet": body}


def filter_view(sheet_id: int, title: str, columns: int) -> Request:
    """Add a filter view over a table: one person filters and sorts without changing the rows."""
    return {"addFilterView": {"filter": {"title": title, "range": grid_range(sheet_id, 0, 0, None, columns)}}}


def basic_filter(block: Mapping[str, int]) -> Request:
    """Put the tab's one filter, which everybody shares, over a range with its header row."""
    return {"setBasicFilter": {"filter": {"range": dict(block)}}}


def hide_columns(sheet_id: int, start: int, end: int, *, hidden: bool = True) -> Request:
    """Hide columns [start, end), or show them again."""
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": start, "endIndex": end}
    change = {"range": span, "properties": {"hiddenByUser": hidden}, "fields": "hiddenByUser"}
    return {"updateDimensionProperties": change}


def hide_rows(sheet_id: int, start: int, end: int, *, hidden: bool = True) -> Request:
    """Hide rows [start, end), or show them again."""
    change = {"range": _row_span(sheet_id, start, end), "properties": {"hiddenByUser": hidden}}
    return {"updateDimensionProperties": {**change, "fields": "hiddenByUser"}}


def row_heights(sheet_id: int, start: int, end: int, pixels: int) -> Request:
    """Give rows [start, end) a height."""
    change = {"range": _row_span(sheet_id, start, end), "properties": {"pixelSize": pixels}}
    return {"updateDimensionProperties": {**change, "fields": "pixelSize"}}


def fitting_heights(sheet_id: int, start: int, end: int) -> Request:
    """Make rows [start, end) as high as their texts."""
    return {"autoResizeDimensions": {"dimensions": _row_span(sheet_id, start, end)}}


def merge_rows(block: Mapping[str, int]) -> Request:
    """Merge the cells of each row of a range."""
    return {"mergeCells": {"range": dict(block), "mergeType": "MERGE_ROWS"}}


def unmerge(block: Mapping[str, int]) -> Request:
    """Part the merged cells of a range."""
    return {"unmergeCells": {"range": dict(block)}}


def remove_highlight(sheet_id: int, place: int) -> Request:
    """Remove one conditional format rule of a tab, by its place among them."""
    return {"deleteConditionalFormatRule": {"sheetId": sheet_id, "index": place}}


def recalculate_every_minute() -> Request:
    """Have Sheets work out formulas over the present time every minute, and not only when a cell changes."""
    return {"updateSpreadsheetProperties": {"properties": {"autoRecalc": "MINUTE"}, "fields": "autoRecalc"}}


def highlight(block: Mapping[str, int], formula: str, tint: int) -> Request:
    """Colour the cells of a range where a formula holds."""
    rule = {
        "ranges": [dict(block)],
        "booleanRule": {
            "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]},
            "format": {"backgroundColorStyle": {"rgbColor": colour(tint)}},
        },
    }
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}
