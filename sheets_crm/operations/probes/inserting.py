"""What new rows and columns inherit, how references move, and which ranges a request may name."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.operations.probes.asking import (
    JsonObject,
    Outcome,
    Probe,
    RawClient,
    Request,
    cell,
    put,
    refused,
    tab,
    values,
    write,
)

INSERT: Final = 7151
MOVED: Final = 7160
REFERENCES: Final = 7159

REFERRING: Final = (
    "{}!A2:A", "{}!A1:A", "{}!A:A", "{}!A2:A5", "{}!A1:A5", "{}!$A$2:$A$5", "{}!A2:A20", "{}!A5:B", "{}!2:2",
    "{}!A2", "{}!A:B", "{}!A2:B5",
)  # fmt: skip

CHANGES: Final[tuple[tuple[str, str, Any], ...]] = (
    ("a row before row 1", "insertDimension", ("ROWS", 0, 1, False)),
    ("a row before row 2", "insertDimension", ("ROWS", 1, 2, False)),
    ("a row after row 1", "insertDimension", ("ROWS", 1, 2, True)),
    ("a row before row 4", "insertDimension", ("ROWS", 3, 4, False)),
    ("a row after row 5", "insertDimension", ("ROWS", 5, 6, True)),
    ("a row after the last", "insertDimension", ("ROWS", 20, 21, True)),
    ("a row appended", "appendDimension", None),
    ("row 2 deleted", "deleteDimension", ("ROWS", 1, 2, None)),
    ("row 5 deleted", "deleteDimension", ("ROWS", 4, 5, None)),
    ("rows 2 to 5 deleted", "deleteDimension", ("ROWS", 1, 5, None)),
    ("row 2 moved below row 5", "moveDimension", 5),
    ("a column before A", "insertDimension", ("COLUMNS", 0, 1, False)),
    ("a column before B", "insertDimension", ("COLUMNS", 1, 2, False)),
)


def change(kind: str, number: int, how: Any) -> Request:
    """The request of one of `CHANGES` on a tab."""
    if kind == "appendDimension":
        return {kind: {"sheetId": number, "dimension": "ROWS", "length": 1}}
    if kind == "moveDimension":
        source = {"sheetId": number, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
        return {kind: {"source": source, "destinationIndex": how}}
    dimension, start, end, before = how
    place = {"sheetId": number, "dimension": dimension, "startIndex": start, "endIndex": end}
    return {kind: {"range": place} | ({} if before is None else {"inheritFromBefore": before})}


def _references(client: RawClient) -> Outcome:
    """One tab for each change, with formulas that refer to it: all are changed in one batch and read at once."""
    tabs = [tab(MOVED + n, f"Moved{n}", 20, 3) for n in range(len(CHANGES))]
    formulas = [
        ["=COUNTA(" + reference.format(f"Moved{n}") + ")" for reference in REFERRING] for n in range(len(CHANGES))
    ]
    size = tab(REFERENCES, "References", len(CHANGES), len(REFERRING))
    write(client, *tabs, size, put(REFERENCES, 0, 0, formulas))
    answer = write(client, *(change(kind, MOVED + n, how) for n, (_, kind, how) in enumerate(CHANGES)))
    if answer[0] != 200:
        return refused(answer)
    rows = values(client, f"References!A1:L{len(CHANGES)}", "FORMULA")
    return {
        f"{reference.format('T')} after {name}": text.removeprefix("=COUNTA(")
        .removesuffix(")")
        .replace(f"Moved{n}", "T")
        for n, ((name, _, _), row) in enumerate(zip(CHANGES, rows, strict=True))
        for reference, text in zip(REFERRING, row, strict=True)
    }


def _dressed(words: str, kind: str, color: str, condition: JsonObject) -> JsonObject:
    """A cell with everything that a new row could inherit."""
    return {
        **cell(words, kind="DATE" if color == "red" else "PERCENT"),
        "note": words,
        "dataValidation": {"condition": condition, "strict": True},
        "userEnteredFormat": {
            "backgroundColor": {color: 1},
            "textFormat": {kind: True},
            "numberFormat": {"type": "DATE" if color == "red" else "PERCENT"},
            "borders": {"bottom": {"style": "SOLID"}},
        },
    }


def _inherited(client: RawClient) -> Outcome:
    above = _dressed("above", "bold", "red", {"type": "BOOLEAN"})
    below = _dressed("below", "italic", "green", {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "x"}]})
    rows = [{"values": [item]} for item in (above, below)]
    pairs = [
        {"updateCells": {"start": _at(row), "rows": rows, "fields": "*"}} for row in (0, 10, 18)
    ]  # the last two rows of the grid too
    heights = [
        {
            "updateDimensionProperties": {
                "range": _rows(row),
                "properties": {"pixelSize": 40},
                "fields": "pixelSize",
            }
        }
        for row in (0, 10, 19)
    ]
    write(client, tab(INSERT, "Inherited", 20, 2), *pairs, *heights)
    inserts = (
        {"appendDimension": {"sheetId": INSERT, "dimension": "ROWS", "length": 1}},
        {"insertDimension": {"range": _rows(11), "inheritFromBefore": True}},
        {"insertDimension": {"range": _rows(1), "inheritFromBefore": False}},
        {"insertDimension": {"range": _rows(0), "inheritFromBefore": False}},
    )
    answer = write(client, *inserts)
    if answer[0] != 200:
        return refused(answer)
    fields = (
        "sheets(data(rowMetadata(pixelSize),rowData(values(userEnteredValue,note,dataValidation(condition(type)),"
        "userEnteredFormat(backgroundColor,textFormat,numberFormat,borders(bottom(style)))))))"
    )
    _, body = client.get("", {"fields": fields, "ranges": "Inherited!A1:A24"})
    data = body["sheets"][0]["data"][0]
    places = {"the first row": 0, "not before": 2, "before": 13, "appended": 23}
    return {name: _inheritance(data, row) for name, row in places.items()}


def _at(row: int) -> JsonObject:
    return {"sheetId": INSERT, "rowIndex": row, "columnIndex": 0}


def _rows(start: int) -> JsonObject:
    return {"sheetId": INSERT, "dimension": "ROWS", "startIndex": start, "endIndex": start + 1}


def _inheritance(data: JsonObject, row: int) -> str:
    lines = data.get("rowData", [])
    item = (lines[row].get("values") or [{}])[0] if row < len(lines) else {}
    look = item.get("userEnteredFormat", {})
    parts = {
        "value": bool(item.get("userEnteredValue")),
        "note": bool(item.get("note")),
        "validation": item.get("dataValidation", {}).get("condition", {}).get("type"),
        "colour": next(iter(look.get("backgroundColor", {})), None),
        "text": ",".join(sorted(key for key, on in look.get("textFormat", {}).items() if on is True)) or None,
        "number": look.get("numberFormat", {}).get("type"),
        "border": bool(look.get("borders")),
        "height": data.get("rowMetadata", [])[row].get("pixelSize"),
    }
    return ", ".join(f"{name} {part}" for name, part in parts.items())


PROBES: Final = (
    Probe("what inserted and appended rows inherit", "rows that are added below a table", _inherited),
    Probe(
        "references when rows are inserted, deleted and moved",
        "the formulas of System and the Dashboard",
        _references,
    ),
)
