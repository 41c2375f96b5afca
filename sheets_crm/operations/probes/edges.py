"""GridRanges and A1 ranges at and past the end of the grid."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.operations.probes.asking import Outcome, Probe, RawClient, Request, refused, tab, write

EDGES: Final = 7181
ROWS: Final = 10
COLUMNS: Final = 4

RANGES: Final[dict[str, dict[str, int]]] = {
    "open from the end of the grid": {"startRowIndex": ROWS},
    "closed past the end": {"startRowIndex": ROWS - 1, "endRowIndex": ROWS + 3},
    "wholly past the end": {"startRowIndex": ROWS + 2, "endRowIndex": ROWS + 4},
    "empty": {"startRowIndex": 3, "endRowIndex": 3},
    "open from the last column's end": {"startColumnIndex": COLUMNS},
}


def _repeat(place: dict[str, Any]) -> Request:
    return {"repeatCell": {"range": place, "cell": {"note": "x"}, "fields": "note"}}


def _sort(place: dict[str, Any]) -> Request:
    return {"sortRange": {"range": place, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}}


def _validate(place: dict[str, Any]) -> Request:
    return {"setDataValidation": {"range": place, "rule": {"condition": {"type": "BOOLEAN"}}}}


def _protect(place: dict[str, Any]) -> Request:
    return {"addProtectedRange": {"protectedRange": {"range": place, "warningOnly": True}}}


def _grid_ranges(client: RawClient) -> Outcome:
    """Each is a batch of its own: one refusal would hide the others."""
    write(client, tab(EDGES, "Edges", ROWS, COLUMNS))
    outcome = {
        f"repeatCell, {name}": refused(write(client, _repeat({"sheetId": EDGES, **place})))
        for name, place in RANGES.items()
    }
    end: dict[str, Any] = {"sheetId": EDGES, "startRowIndex": ROWS}
    for name, make in {"sortRange": _sort, "setDataValidation": _validate, "addProtectedRange": _protect}.items():
        outcome[f"{name}, open from the end of the grid"] = refused(write(client, make(end)))
    _, body = client.get("", {"fields": "sheets(properties(sheetId,gridProperties(rowCount,columnCount)))"})
    sizes = {sheet["properties"].get("sheetId"): sheet["properties"]["gridProperties"] for sheet in body["sheets"]}
    return outcome | {"the grid afterwards": f"{sizes[EDGES]['rowCount']} x {sizes[EDGES]['columnCount']}"}


def _a1_ranges(client: RawClient) -> Outcome:
    """Reads of ranges at the end, several at once, and one that is wholly past it."""
    inside = ["Edges!A10:A12", "Edges!A9:Z", "Edges!D:F", "Edges!10:20"]
    status, body = client.get("/values:batchGet", {"ranges": inside})
    told = [item.get("range", "?") for item in body.get("valueRanges", [])] if status == 200 else []
    outcome = dict(zip(inside, told, strict=True)) if told else {"at the end": refused((status, body))}
    answer = client.get("/values/Edges!A11:A12", {})
    return outcome | {"Edges!A11:A12": answer[1]["range"] if answer[0] == 200 else refused(answer)}


PROBES: Final = (
    Probe("GridRanges at and past the end of the grid", "formats and rules to the end of a table", _grid_ranges),
    Probe("A1 ranges at and past the end of the grid", "reads of tables that have shrunk", _a1_ranges),
)
