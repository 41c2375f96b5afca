"""Sorting and copying: what of a cell goes along and what stays where it was."""

from __future__ import annotations

from typing import Final

from sheets_crm.operations.probes.asking import (
    JsonObject,
    Outcome,
    Probe,
    RawClient,
    Request,
    block,
    cell,
    put,
    refused,
    tab,
    write,
)
from sheets_crm.operations.probes.cells import at, read_one

SORTED: Final = 7192
COPIED: Final = 7193

KINDS: Final = (
    "PASTE_NORMAL",
    "PASTE_VALUES",
    "PASTE_FORMAT",
    "PASTE_NO_BORDERS",
    "PASTE_FORMULA",
    "PASTE_DATA_VALIDATION",
)


def _sorted(client: RawClient) -> Outcome:
    """What stays where it was and what goes with its row when a range is sorted."""
    marks: list[Request] = [
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataId": 7_192_001 + row,
                    "metadataKey": f"row.{row}",
                    "location": {
                        "dimensionRange": {
                            "sheetId": SORTED,
                            "dimension": "ROWS",
                            "startIndex": row,
                            "endIndex": row + 1,
                        }
                    },
                    "visibility": "DOCUMENT",
                }
            }
        }
        for row in range(3)
    ]
    first: JsonObject = {
        **cell(3),
        "note": "of 3",
        "userEnteredFormat": {"textFormat": {"bold": True}},
        "dataValidation": {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "0"}]}},
    }
    dressed = {
        "updateCells": {
            "start": {"sheetId": SORTED, "rowIndex": 0, "columnIndex": 0},
            "rows": [{"values": [first]}],
            "fields": "*",
        }
    }
    height = {
        "updateDimensionProperties": {
            "range": {"sheetId": SORTED, "dimension": "ROWS", "startIndex": 0, "endIndex": 1},
            "properties": {"pixelSize": 44},
            "fields": "pixelSize",
        }
    }
    rest = put(SORTED, 1, 0, [[1], [2]])
    beside = put(SORTED, 0, 1, [["=A1*10"], ["=A2*10"], ["=$A$1"]])
    order = {
        "sortRange": {
            "range": block(0, 0, 3, 2, SORTED),
            "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}],
        }
    }
    answer = write(client, tab(SORTED, "Sorted", 4, 3), dressed, rest, beside, height, *marks, order)
    if answer[0] != 200:
        return refused(answer)
    mask = (
        "sheets(data(rowMetadata(pixelSize,developerMetadata(metadataKey)),"
        "rowData(values(userEnteredValue,note,dataValidation(condition(type)),userEnteredFormat(textFormat(bold))))))"
    )
    _, body = client.get("", {"ranges": "Sorted!A1:B3", "fields": mask})
    data = body["sheets"][0]["data"][0]
    return {f"row {row + 1}": _row_words(data, row) for row in range(3)}


def _row_words(data: JsonObject, row: int) -> str:
    cells = data["rowData"][row]["values"]
    about = data.get("rowMetadata", [{}] * 3)[row]
    parts = {
        "holds": " ".join(str(next(iter(item.get("userEnteredValue", {"": "blank"}).values()))) for item in cells),
        "note": cells[0].get("note"),
        "bold": cells[0].get("userEnteredFormat", {}).get("textFormat", {}).get("bold"),
        "validation": cells[0].get("dataValidation", {}).get("condition", {}).get("type"),
        "height": about.get("pixelSize"),
        "metadata": ",".join(mark["metadataKey"] for mark in about.get("developerMetadata", [])) or None,
    }
    return ", ".join(f"{name} {part}" for name, part in parts.items())


def _copied(client: RawClient) -> Outcome:
    source: JsonObject = {
        **cell("=1+1"),
        "note": "n",
        "userEnteredFormat": {"textFormat": {"bold": True}, "borders": {"top": {"style": "SOLID"}}},
        "dataValidation": {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "0"}]}},
    }
    first = {
        "updateCells": {
            "start": {"sheetId": COPIED, "rowIndex": 0, "columnIndex": 0},
            "rows": [{"values": [source]}],
            "fields": "*",
        }
    }
    copies: list[Request] = [
        {
            "copyPaste": {
                "source": block(0, 0, tab=COPIED),
                "destination": block(row, 1, tab=COPIED),
                "pasteType": kind,
            }
        }
        for row, kind in enumerate(KINDS)
    ]
    answer = write(client, tab(COPIED, "Copied", 8, 3), first, *copies)
    other: Request = {
        "copyPaste": {
            "source": block(0, 0, tab=COPIED),
            "destination": block(7, 1, tab=COPIED),
            "pasteType": "PASTE_CONDITIONAL_FORMATTING",
        }
    }
    outcome = {"PASTE_CONDITIONAL_FORMATTING": refused(write(client, other))}
    if answer[0] != 200:
        return outcome | {"all": refused(answer)}
    mask = "userEnteredValue,note,dataValidation(condition(type)),userEnteredFormat"
    rows = read_one(client, f"Copied!B1:B{len(KINDS)}", mask)
    return outcome | {kind: _copy_words(at(rows, n)) for n, kind in enumerate(KINDS)}


def _copy_words(item: JsonObject) -> str:
    look = item.get("userEnteredFormat", {})
    parts = {
        "value": next(iter(item.get("userEnteredValue", {"": None}).values())),
        "note": item.get("note"),
        "bold": look.get("textFormat", {}).get("bold"),
        "borders": bool(look.get("borders")),
        "validation": item.get("dataValidation", {}).get("condition", {}).get("type"),
    }
    return ", ".join(f"{name} {part}" for name, part in parts.items())


PROBES: Final = (
    Probe(
        "what goes with a row when a range is sorted", "rows are known by LeadNumber, not by their marks", _sorted
    ),
    Probe("the kinds of copyPaste", "operators' own tools", _copied),
)
