"""The compact schema says what Google's discovery document says, and the emulator's answers fit it."""

import pytest
from emulator_client import SCHEMA, Raw, violations
from make_schema import compact, discovery

from sheets_crm.emulator.requests import HANDLERS
from sheets_crm.emulator.schema import kinds_of_requests

#: Kinds that Google knows and the emulator refuses by name.
NOT_IMPLEMENTED = {
    "addCommentReply", "addDataSource", "addTable", "cancelDataSourceRefresh", "deleteComment", "deleteCommentReply",
    "deleteDataSource", "deleteTable", "insertComment", "refreshDataSource", "updateCommentPost", "updateDataSource",
    "updateEmbeddedObjectBorder", "updateTable",
}  # fmt: skip


def test_the_compact_schema_agrees_with_the_discovery_document():
    pytest.importorskip("googleapiclient", reason="google-api-python-client holds the document")
    document = discovery()
    if document["revision"] != SCHEMA["revision"]:
        pytest.skip(f"the installed document is of {document['revision']}, the schema of {SCHEMA['revision']}")
    assert compact(document) == SCHEMA


def test_every_kind_is_either_answered_or_refused_by_name():
    assert HANDLERS.keys() <= kinds_of_requests()
    assert kinds_of_requests() - HANDLERS.keys() == NOT_IMPLEMENTED


def test_a_full_spreadsheet_fits_the_schema(raw):
    box = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 3}
    span = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    anchor = {"overlayPosition": {"anchorCell": {"sheetId": 0}}}
    raw.put("A1:C3", [[1, "=1/0", '=A1&"x"'], [True, "2020-01-01", "50%"], ["text", 1.5, ""]], "USER_ENTERED")
    answer = raw.ok(
        {"repeatCell": {"range": box, "fields": "userEnteredFormat,note",
                        "cell": {"note": "n", "userEnteredFormat": {"backgroundColor": {"red": 0.5}}}}},
        {"setDataValidation": {"range": box, "rule": {"condition": {"type": "BOOLEAN"}}}},
        {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "unprotectedRanges": [box]}}},
        {"addNamedRange": {"namedRange": {"name": "N", "range": box}}},
        {"mergeCells": {"range": {**box, "startRowIndex": 2}}},
        {"setBasicFilter": {"filter": {"range": box}}},
        {"addFilterView": {"filter": {"range": box}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [box], "booleanRule": {"condition": {"type": "BLANK"}}}}},
        {"addBanding": {"bandedRange": {"range": box, "rowProperties": {"headerColor": {"blue": 1}}}}},
        {"addChart": {"chart": {"spec": {"title": "C", "pieChart": {}}, "position": anchor}}},
        {"addSlicer": {"slicer": {"spec": {"dataRange": box}, "position": anchor}}},
        {"addDimensionGroup": {"range": span}},
        {"createDeveloperMetadata": {"developerMetadata": {
            "metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": span}}}},
        {"updateDimensionProperties": {"range": span, "properties": {"pixelSize": 30}, "fields": "pixelSize"}},
        {"duplicateSheet": {"sourceSheetId": 0}},
        includeSpreadsheetInResponse=True, responseIncludeGridData=True,
    )  # fmt: skip
    assert violations(answer, "$BatchUpdateSpreadsheetResponse") == []
    assert len(answer["updatedSpreadsheet"]["sheets"]) == 2
    assert violations(raw.get(includeGridData="true"), "$Spreadsheet") == []


def test_the_checker_of_this_test_can_fail():
    assert violations({"replies": [{}], "x": 1}, "$BatchUpdateSpreadsheetResponse") == [".x?"]
    assert violations({"rowCount": True}, "$GridProperties") == [".rowCount: True is no int32"]


def test_values_answers_fit_the_schema(raw, server, sheet):
    other = Raw(server, sheet.id)
    body = {
        "valueInputOption": "RAW",
        "data": [{"range": "A1", "values": [["x", 1]]}],
        "includeValuesInResponse": True,
    }
    answer = other.session.post(f"{other.url}/values:batchUpdate", json=body).json()
    assert violations(answer, "$BatchUpdateValuesResponse") == []
    answer = other.session.get(f"{other.url}/values:batchGet", params={"ranges": ["A1:B1", "C1"]}).json()
    assert violations(answer, "$BatchGetValuesResponse") == []
    url = f"{other.url}/values/A1:append?valueInputOption=RAW"
    assert violations(other.session.post(url, json={"values": [["y"]]}).json(), "$AppendValuesResponse") == []
