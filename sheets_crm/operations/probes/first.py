"""The first probes: metadata and its ids, atomicity, separators, validation and reads, on one tab together."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.operations.probes.asking import (
    TAB,
    JsonObject,
    Probe,
    RawClient,
    Request,
    block,
    grid,
    one_value,
    refused,
    values,
    write,
)

METADATA_ID: Final = 1_200_000_001
COPY: Final = 7002


def _put(row: int, column: int, content: JsonObject) -> Request:
    rows = [{"values": [{"userEnteredValue": content}]}]
    return {"updateCells": {"range": block(row, column), "rows": rows, "fields": "userEnteredValue"}}


def _cells(client: RawClient, where: str, option: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
    return values(client, f"Probe!{where}", option)


def _cell(client: RawClient, where: str, option: str = "UNFORMATTED_VALUE") -> str:
    return one_value(client, f"Probe!{where}", option)


def _first(line: list[Any]) -> str:
    return repr(line[0]) if line else "blank"


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
    return refused(write(client, _stamp()))


def _rollback(client: RawClient) -> str:
    text = {"stringValue": "written"}
    status, _ = write(client, _put(0, 0, text), _stamp(), _put(1, 0, text))
    lines = [*_cells(client, "A1:A2"), [], []]
    return f"{status}; the cells beside it: {_first(lines[0])}, {_first(lines[1])}"


def _unknown_metadata(client: RawClient) -> str:
    lookup = {"dataFilter": {"developerMetadataLookup": {"metadataId": 999_999}}}
    return refused(write(client, {"deleteDeveloperMetadata": lookup}))


def _unknown_named_range(client: RawClient) -> str:
    return refused(write(client, {"deleteNamedRange": {"namedRangeId": "nobody"}}))


def _same_tab_id(client: RawClient) -> str:
    return refused(write(client, {"addSheet": {"properties": {"sheetId": TAB, "title": "Another"}}}))


def _half_bad_values(client: RawClient) -> str:
    data = [{"range": "Probe!B1", "values": [["first"]]}, {"range": "Probe!A9999", "values": [["second"]]}]
    status, _ = client.post("/values:batchUpdate", {"valueInputOption": "RAW", "data": data})
    return f"{status}; the first range: {_cell(client, 'B1')}"


def _separators(client: RawClient) -> str:
    texts = ("=SUM(1,2)", "=SUM(1;2)", "=1,5*2", "=15/10")
    # One by one: a formula that is refused would take the others along.
    statuses = [write(client, _put(row, 2, {"formulaValue": text}))[0] for row, text in enumerate(texts)]
    lines = _cells(client, "C1:C4")
    results = [_first(line) for line in [*lines, [], [], [], []]]
    told = zip(texts, statuses, results, strict=False)
    return " | ".join(f"{text} {result if status == 200 else status}" for text, status, result in told)


def _formula_back(client: RawClient) -> str:
    return _cell(client, "C2", "FORMULA")


def _checkboxes(tab_rows: int = 3) -> Request:
    rule = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    return {"setDataValidation": {"range": block(0, 3, tab_rows), "rule": rule}}


def _strict_checkbox(client: RawClient) -> str:
    write(client, _checkboxes())
    worker = refused(write(client, _put(0, 3, {"stringValue": "no flag"})))
    data = [{"range": "Probe!D2", "values": [["no flag"]]}]
    status, _ = client.post("/values:batchUpdate", {"valueInputOption": "USER_ENTERED", "data": data})
    lines = [*_cells(client, "D1:D2"), [], []]
    return f"updateCells {worker}, values {status}: {_first(lines[0])}, {_first(lines[1])}"


def _append_below_flags(client: RawClient) -> str:
    flags = [{"values": [{"userEnteredValue": {"boolValue": False}}]} for _ in range(3)]
    last = {"updateCells": {"range": block(12, 3, 3), "rows": flags, "fields": "userEnteredValue"}}
    row = [{"values": [{"userEnteredValue": {"stringValue": "appended"}}]}]
    write(client, last, {"appendCells": {"sheetId": TAB, "rows": row, "fields": "userEnteredValue"}})
    places = [n for n, line in enumerate(_cells(client, "A1:A30"), start=1) if line[:1] == ["appended"]]
    return f"row {places[0] if places else '?'}"


def _duplicate(client: RawClient) -> str:
    mark = {
        "metadataId": 7_002_001,
        "metadataKey": "probe.tab",
        "metadataValue": "x",
        "location": {"sheetId": TAB},
        "visibility": "DOCUMENT",
    }
    protected = {"protectedRange": {"protectedRangeId": TAB, "range": {"sheetId": TAB}, "description": "probe"}}
    write(
        client,
        _checkboxes(),
        {"createDeveloperMetadata": {"developerMetadata": mark}},
        {"addProtectedRange": protected},
        {"duplicateSheet": {"sourceSheetId": TAB, "newSheetId": COPY, "newSheetName": "Copy"}},
        # It names the account as an editor, in every later answer that shows the tab.
        {"deleteProtectedRange": {"protectedRangeId": TAB}},
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
    counted = _cell(client, "E7")
    return "the number of tabs" if counted == str(len(body["sheets"])) else counted


def _last_row(client: RawClient) -> str:
    small = {"sheetId": 7003, "title": "Small", "gridProperties": {**grid(2, 2), "frozenRowCount": 1}}
    rows = {"sheetId": 7003, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    write(client, {"addSheet": {"properties": small}})
    return refused(write(client, {"deleteDimension": {"range": rows}}))


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
    lines = [*_cells(client, "E12:E13", "FORMATTED_VALUE"), [], []]
    return f"{_first(lines[0])}, {_first(lines[1])}"


def _sorted_metadata(client: RawClient) -> str:
    place = {"sheetId": TAB, "dimension": "ROWS", "startIndex": 16, "endIndex": 17}
    mark = {
        "metadataId": 77,
        "metadataKey": "probe.row",
        "metadataValue": "x",
        "location": {"dimensionRange": place},
        "visibility": "DOCUMENT",
    }
    order = {"range": block(16, 5, 2), "sortSpecs": [{"dimensionIndex": 5, "sortOrder": "ASCENDING"}]}
    write(
        client,
        _put(16, 5, {"numberValue": 2}),
        _put(17, 5, {"numberValue": 1}),
        {"createDeveloperMetadata": {"developerMetadata": mark}},
        {"sortRange": order},
    )
    _, body = client.get("/developerMetadata/77", {})
    return f"at row {body.get('location', {}).get('dimensionRange', {}).get('startIndex')}"


PROBES: Final = (
    Probe("createDeveloperMetadata with an id that is taken", "the guard of every write", _same_metadata_id),
    Probe("the cells beside it in the batch", "a refused write changes nothing", _rollback),
    Probe("deleteDeveloperMetadata that finds nothing", "old stamps are deleted", _unknown_metadata),
    Probe("deleteNamedRange with an unknown id", "told apart from a conflict", _unknown_named_range),
    Probe("addSheet with an id that is taken", "ids of new tabs are random", _same_tab_id),
    Probe("values.batchUpdate with one bad range", "not used for writing; operators' tools may", _half_bad_values),
    Probe("formulas with , ; and decimals in es_ES", "every formula is written with ;", _separators),
    Probe("a formula read back", "hand edits of formulas are found", _formula_back),
    Probe("strict checkboxes against text", "ticks in words", _strict_checkbox),
    Probe("appendCells below FALSE checkboxes", "rows are written by place, not appended", _append_below_flags),
    Probe("what duplicateSheet copies", "claims are right either way", _duplicate),
    Probe("COUNTA over columns beyond the grid", "the signal of the Inbox", _beyond_the_grid),
    Probe("SHEETS()", "the signal of new tabs", _sheets),
    Probe("deleting the last row that is not frozen", "an input tab can be emptied", _last_row),
    Probe("the answer's read-back", "positions are checked in the same request", _read_back),
    Probe("text that begins with =", "nothing scraped becomes a formula", _formulas_as_text),
    Probe("flags and decimals as displayed in es_ES", "doubtful cells take the displayed text", _shown),
    Probe("row metadata after sortRange", "rows are known by LeadNumber, not by metadata", _sorted_metadata),
)
