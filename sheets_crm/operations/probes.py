"""The probes: each makes a few requests to a throwaway workbook and has the emulator's result as the expected one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

JsonObject = dict[str, Any]
Request = dict[str, Any]
METADATA_ID = 1_200_000_001
TAB = 7001
COPY = 7002


class RawClient(Protocol):
    """Raw calls on a throwaway spreadsheet, with refusals as results."""

    def get(self, path: str, params: Mapping[str, Any]) -> tuple[int, JsonObject]:
        """Read; the result is the status with the answer, or with the error's object."""
        ...

    def post(self, path: str, body: Mapping[str, Any]) -> tuple[int, JsonObject]:
        """Write; the result is as of `get`."""
        ...


@dataclass(frozen=True, slots=True)
class Probe:
    """One probe.

    Attributes:
        name: The behaviour that it tests.
        matters: The part of the product that depends on it.
        ask: Makes the requests; the result is the observation in words.
        expected: The result on the emulator.
    """

    name: str
    matters: str
    ask: Callable[[RawClient], str]
    expected: str


def grid(rows: int, columns: int) -> JsonObject:
    """The size of a grid."""
    return {"rowCount": rows, "columnCount": columns}


def _block(row: int, column: int, rows: int = 1, columns: int = 1, tab: int = TAB) -> JsonObject:
    return {
        "sheetId": tab,
        "startRowIndex": row,
        "endRowIndex": row + rows,
        "startColumnIndex": column,
        "endColumnIndex": column + columns,
    }


def write(client: RawClient, *requests: Request) -> tuple[int, JsonObject]:
    """Send requests as one batch; the result is the status with the answer, or with the error's object."""
    return client.post(":batchUpdate", {"requests": list(requests)})


def _put(row: int, column: int, value: JsonObject) -> Request:
    rows = [{"values": [{"userEnteredValue": value}]}]
    return {"updateCells": {"range": _block(row, column), "rows": rows, "fields": "userEnteredValue"}}


def _cells(client: RawClient, where: str, option: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
    _, body = client.get(f"/values/Probe!{where}", {"valueRenderOption": option})
    cells: list[list[Any]] = body.get("values", [])
    return cells


def _cell(client: RawClient, where: str, option: str = "UNFORMATTED_VALUE") -> str:
    cells = _cells(client, where, option)
    return repr(cells[0][0]) if cells and cells[0] else "blank"


def _refused(answer: tuple[int, JsonObject]) -> str:
    """The status and, of a refusal, Google's message without the numbers of ids."""
    status, body = answer
    words = re.sub(r"\d{3,}", "N", str(body.get("message", ""))) if status >= 400 else "accepted"
    return f"{status} {words}"


# -- the probes


def _stamp(number: int = METADATA_ID) -> Request:
    entry = {
        "metadataId": number,
        "metadataKey": "probe",
        "metadataValue": "x",
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def _same_metadata_id(client: RawClient) -> str:
    write(client, _stamp())
    return _refused(write(client, _stamp()))


def _rollback(client: RawClient) -> str:
    text = {"stringValue": "written"}
    status, _ = write(client, _put(0, 0, text), _stamp(), _put(1, 0, text))
    return f"{status}; the cells beside it: {_cell(client, 'A1')}, {_cell(client, 'A2')}"


def _unknown_metadata(client: RawClient) -> str:
    lookup = {"dataFilter": {"developerMetadataLookup": {"metadataId": 999_999}}}
    return _refused(write(client, {"deleteDeveloperMetadata": lookup}))


def _unknown_named_range(client: RawClient) -> str:
    return _refused(write(client, {"deleteNamedRange": {"namedRangeId": "nobody"}}))


def _same_tab_id(client: RawClient) -> str:
    return _refused(write(client, {"addSheet": {"properties": {"sheetId": TAB, "title": "Another"}}}))


def _half_bad_values(client: RawClient) -> str:
    data = [{"range": "Probe!B1", "values": [["first"]]}, {"range": "Probe!A9999", "values": [["second"]]}]
    status, _ = client.post("/values:batchUpdate", {"valueInputOption": "RAW", "data": data})
    return f"{status}; the first range: {_cell(client, 'B1')}"


def _separators(client: RawClient) -> str:
    results = []
    for row, text in enumerate(("=SUM(1,2)", "=SUM(1;2)", "=1,5*2", "=15/10")):
        status, _ = write(client, _put(row, 2, {"formulaValue": text}))
        results.append(f"{text} {_cell(client, f'C{row + 1}') if status == 200 else status}")
    return " | ".join(results)


def _formula_back(client: RawClient) -> str:
    return _cell(client, "C2", "FORMULA")


def _checkboxes(tab_rows: int = 3) -> Request:
    rule = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    return {"setDataValidation": {"range": _block(0, 3, tab_rows), "rule": rule}}


def _strict_checkbox(client: RawClient) -> str:
    write(client, _checkboxes())
    worker = _refused(write(client, _put(0, 3, {"stringValue": "no flag"})))
    data = [{"range": "Probe!D2", "values": [["no flag"]]}]
    status, _ = client.post("/values:batchUpdate", {"valueInputOption": "USER_ENTERED", "data": data})
    return f"updateCells {worker}, values {status}: {_cell(client, 'D1')}, {_cell(client, 'D2')}"


def _append_below_flags(client: RawClient) -> str:
    flags = [{"values": [{"userEnteredValue": {"boolValue": False}}]} for _ in range(3)]
    last = {"updateCells": {"range": _block(12, 3, 3), "rows": flags, "fields": "userEnteredValue"}}
    row = [{"values": [{"userEnteredValue": {"stringValue": "appended"}}]}]
    write(client, last, {"appendCells": {"sheetId": TAB, "rows": row, "fields": "userEnteredValue"}})
    places = [n for n, line in enumerate(_cells(client, "A1:A30"), start=1) if line[:1] == ["appended"]]
    return f"row {places[0] if places else '?'}"


def _duplicate(client: RawClient) -> str:
    mark = {
        "metadataKey": "probe.tab",
        "metadataValue": "x",
        "location": {"sheetId": TAB},
        "visibility": "DOCUMENT",
    }
    protected = {"protectedRange": {"range": {"sheetId": TAB}, "description": "probe"}}
    write(
        client,
        {"createDeveloperMetadata": {"developerMetadata": mark}},
        {"addProtectedRange": protected},
        {"duplicateSheet": {"sourceSheetId": TAB, "newSheetId": COPY, "newSheetName": "Copy"}},
    )
    fields = (
        "sheets(properties(sheetId),developerMetadata(metadataKey),protectedRanges(description),"
        "data(rowData(values(dataValidation(condition(type))))))"
    )
    _, body = client.get("", {"fields": fields, "ranges": "Copy!A1:D3"})
    copy: JsonObject = next(
        (sheet for sheet in body.get("sheets", []) if sheet["properties"].get("sheetId") == COPY), {}
    )
    validated = "BOOLEAN" in str(copy.get("data", ""))
    kept = {
        "metadata": bool(copy.get("developerMetadata")),
        "protection": bool(copy.get("protectedRanges")),
        "validation": validated,
    }
    return ", ".join(f"{name} {'copied' if copied else 'not copied'}" for name, copied in kept.items())


def _beyond_the_grid(client: RawClient) -> str:
    write(client, _put(4, 4, {"formulaValue": "=COUNTA($F$1:$EZ)"}), _put(5, 5, {"stringValue": "one"}))
    return _cell(client, "E5")


def _sheets(client: RawClient) -> str:
    write(client, _put(6, 4, {"formulaValue": "=SHEETS()"}))
    _, body = client.get("", {"fields": "sheets(properties(sheetId))"})
    return "the number of tabs" if _cell(client, "E7") == str(len(body["sheets"])) else _cell(client, "E7")


def _last_row(client: RawClient) -> str:
    small = {"sheetId": 7003, "title": "Small", "gridProperties": {**grid(2, 2), "frozenRowCount": 1}}
    rows = {"sheetId": 7003, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    write(client, {"addSheet": {"properties": small}})
    return _refused(write(client, {"deleteDimension": {"range": rows}}))


def _read_back(client: RawClient) -> str:
    body = {
        "requests": [_put(8, 4, {"numberValue": 20}), _put(9, 4, {"formulaValue": "=E9*2"})],
        "includeSpreadsheetInResponse": True,
        "responseIncludeGridData": True,
        "responseRanges": ["Probe!E9:E10"],
    }
    _, answer = client.post(":batchUpdate", body)
    sheets = answer.get("updatedSpreadsheet", {}).get("sheets", [])
    rows = [row for sheet in sheets for data in sheet.get("data", []) for row in data.get("rowData", [])]
    return ", ".join(str(row["values"][0].get("effectiveValue", {}).get("numberValue")) for row in rows)


def _formulas_as_text(client: RawClient) -> str:
    write(client, _put(10, 4, {"stringValue": "=1+1"}))
    return f"{_cell(client, 'E11')} shown {_cell(client, 'E11', 'FORMATTED_VALUE')}"


def _shown(client: RawClient) -> str:
    write(client, _put(11, 4, {"boolValue": True}), _put(12, 4, {"numberValue": 1.5}))
    return f"{_cell(client, 'E12', 'FORMATTED_VALUE')}, {_cell(client, 'E13', 'FORMATTED_VALUE')}"


def _sorted_metadata(client: RawClient) -> str:
    place = {"sheetId": TAB, "dimension": "ROWS", "startIndex": 16, "endIndex": 17}
    mark = {
        "metadataId": 77,
        "metadataKey": "probe.row",
        "metadataValue": "x",
        "location": {"dimensionRange": place},
        "visibility": "DOCUMENT",
    }
    order = {"range": _block(16, 5, 2), "sortSpecs": [{"dimensionIndex": 5, "sortOrder": "ASCENDING"}]}
    write(
        client,
        _put(16, 5, {"numberValue": 2}),
        _put(17, 5, {"numberValue": 1}),
        {"createDeveloperMetadata": {"developerMetadata": mark}},
        {"sortRange": order},
    )
    _, body = client.get("/developerMetadata/77", {})
    return f"at row {body.get('location', {}).get('dimensionRange', {}).get('startIndex')}"


PROBES: tuple[Probe, ...] = (
    Probe(
        "createDeveloperMetadata with an id that is taken",
        "the guard of every write",
        _same_metadata_id,
        "400 Invalid requests[0].createDeveloperMetadata: Cannot add developer metadata with ID [N] because "
        "developer metadata with that ID already exists.",
    ),
    Probe(
        "the cells beside it in the batch",
        "a refused write changes nothing",
        _rollback,
        "400; the cells beside it: blank, blank",
    ),
    Probe(
        "deleteDeveloperMetadata that finds nothing", "old stamps are deleted", _unknown_metadata, "200 accepted"
    ),
    Probe(
        "deleteNamedRange with an unknown id",
        "told apart from a conflict",
        _unknown_named_range,
        "400 Invalid requests[0].deleteNamedRange: No named range with id: nobody",
    ),
    Probe(
        "addSheet with an id that is taken",
        "ids of new tabs are random",
        _same_tab_id,
        "400 Invalid requests[0].addSheet: Sheet with id N already exists.",
    ),
    Probe(
        "values.batchUpdate with one bad range",
        "not used for writing; operators' tools may",
        _half_bad_values,
        "400; the first range: blank",
    ),
    Probe(
        "formulas with , ; and decimals in es_ES",
        "every formula is written with ;",
        _separators,
        "=SUM(1,2) 1.2 | =SUM(1;2) 3 | =1,5*2 3 | =15/10 1.5",
    ),
    Probe("a formula read back", "hand edits of formulas are found", _formula_back, "'=SUM(1;2)'"),
    Probe(
        "strict checkboxes against text",
        "ticks in words",
        _strict_checkbox,
        "updateCells 200 accepted, values 200: 'no flag', 'no flag'",
    ),
    Probe(
        "appendCells below FALSE checkboxes",
        "rows are written by place, not appended",
        _append_below_flags,
        "row 16",
    ),
    Probe(
        "what duplicateSheet copies",
        "claims are right either way",
        _duplicate,
        "metadata not copied, protection copied, validation copied",
    ),
    Probe("COUNTA over columns beyond the grid", "the signal of the Inbox", _beyond_the_grid, "1"),
    Probe("SHEETS()", "the signal of new tabs", _sheets, "the number of tabs"),
    Probe(
        "deleting the last row that is not frozen",
        "an input tab can be emptied",
        _last_row,
        "400 Invalid requests[0].deleteDimension: Sorry, it is not possible to delete all non-frozen rows.",
    ),
    Probe("the answer's read-back", "positions are checked in the same request", _read_back, "20, 40"),
    Probe(
        "text that begins with =", "nothing scraped becomes a formula", _formulas_as_text, "'=1+1' shown '=1+1'"
    ),
    Probe(
        "flags and decimals as displayed in es_ES",
        "doubtful cells take the displayed text",
        _shown,
        "'VERDADERO', '1,5'",
    ),
    Probe(
        "row metadata after sortRange",
        "rows are known by LeadNumber, not by metadata",
        _sorted_metadata,
        "at row 17",
    ),
)
