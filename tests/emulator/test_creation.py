"""`spreadsheets.create` with contents: a spreadsheet that was read can be made again."""

import pytest
from emulator_client import Raw, session

FORM = {"backgroundColor": {"red": 1}, "numberFormat": {"type": "PERCENT", "pattern": "0%"}}


def created(server, body):
    answer = session(server).post(f"{server.url}/v4/spreadsheets", json=body)
    assert answer.status_code == 200, answer.text
    return Raw(server, answer.json()["spreadsheetId"])


def test_cells_formats_notes_and_validation_are_there(server):
    cells = [
        {"userEnteredValue": {"stringValue": "share"}, "note": "of all"},
        {"userEnteredValue": {"numberValue": 0.5}, "userEnteredFormat": FORM, "formattedValue": "lost"},
        {"userEnteredValue": {"formulaValue": "=C4*2"}, "dataValidation": {"condition": {"type": "BOOLEAN"}}},
    ]
    data = [
        {"startRow": 3, "startColumn": 1, "rowData": [{"values": cells}], "columnMetadata": [{"pixelSize": 55}]}
    ]
    raw = created(
        server, {"properties": {"title": "made"}, "sheets": [{"properties": {"title": "A"}, "data": data}]}
    )
    assert raw.values("A!B4:D4") == [["share", "50%", "100%"]]
    found = raw.get(
        ranges="A!B4:D4",
        fields="sheets.data(rowData.values(note,dataValidation,userEnteredFormat),columnMetadata.pixelSize)",
    )
    shown = found["sheets"][0]["data"][0]
    assert shown["rowData"][0]["values"][0] == {"note": "of all"}
    assert shown["rowData"][0]["values"][1]["userEnteredFormat"]["numberFormat"] == FORM["numberFormat"]
    assert shown["rowData"][0]["values"][2]["dataValidation"] == {"condition": {"type": "BOOLEAN"}}
    assert shown["columnMetadata"][0]["pixelSize"] == 55


def test_what_hangs_on_tabs_comes_along(server):
    area = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    rule = {
        "ranges": [area],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"backgroundColor": {"green": 1}}},
    }
    body = {
        "sheets": [
            {"properties": {"sheetId": 7, "title": "A", "gridProperties": {"rowCount": 20, "columnCount": 5}}},
            {
                "properties": {"sheetId": 9, "title": "B"},
                "merges": [area],
                "conditionalFormats": [rule],
                "protectedRanges": [{"range": area, "description": "kept", "warningOnly": True}],
                "basicFilter": {"range": {**area, "startRowIndex": 5, "endRowIndex": 9}},
                "rowGroups": [{"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 3}}],
                "developerMetadata": [{"metadataKey": "k", "metadataValue": "v", "visibility": "DOCUMENT"}],
            },
        ],
        "namedRanges": [{"name": "Both", "range": {"sheetId": 7, **area}}],
    }
    raw = created(server, body)
    found = raw.get(
        fields="namedRanges(name,range),sheets(properties(sheetId,gridProperties),merges,conditionalFormats.ranges,protectedRanges(description,range),basicFilter.range,rowGroups.range,developerMetadata.metadataKey)"
    )
    first, second = found["sheets"]
    assert first["properties"]["gridProperties"] == {"rowCount": 20, "columnCount": 5}
    placed = {"sheetId": 9, **area}
    assert second["merges"] == [placed]
    assert second["conditionalFormats"] == [{"ranges": [placed]}]
    assert second["protectedRanges"] == [{"description": "kept", "range": placed}]
    assert second["basicFilter"]["range"]["sheetId"] == 9
    assert second["rowGroups"][0]["range"] == {"sheetId": 9, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}
    assert second["developerMetadata"] == [{"metadataKey": "k"}]
    assert found["namedRanges"] == [{"name": "Both", "range": {"sheetId": 7, **area}}]


def test_a_file_that_was_read_can_be_made_again(server, raw):
    """What `get` answers with its cells is a body for `create`."""
    raw.put("Sheet1!A1:B2", [["https://example.com", "5%"], ["=A1", "3/1/2026"]], option="USER_ENTERED")
    whole = raw.get(includeGridData="true")
    copy = created(server, {name: whole[name] for name in ("properties", "sheets")})
    assert copy.values("Sheet1!A1:B2") == raw.values("Sheet1!A1:B2")
    again = copy.get(includeGridData="true")
    assert again["sheets"] == whole["sheets"]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"sheets": [{"tables": [{"name": "T"}]}]}, "with tables is not implemented by the emulator"),
        (
            {"sheets": [{"data": [{"rowData": [{"values": [{"pivotTable": {}}]}]}]}]},
            "not implemented by the emulator",
        ),
        ({"sheets": [{"merges": [{"startRowIndex": 5, "endRowIndex": 2}]}]}, "endRowIndex"),
    ],
)
def test_what_cannot_be_made_leaves_no_file(server, body, complaint):
    caller = session(server)

    def files():
        return len(caller.get(f"{server.url}/drive/v3/files").json()["files"])

    before = files()
    answer = caller.post(f"{server.url}/v4/spreadsheets", json=body)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]["message"]
    assert files() == before


def test_conditions_of_a_new_spreadsheet_are_checked_in_its_locale_and_know_its_named_ranges(server):
    def body(text, bound):
        choices = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": text}]}}
        area = {"endRowIndex": 2, "endColumnIndex": 2}
        points = {"minpoint": {"type": "NUMBER", "value": bound}, "maxpoint": {"type": "MAX"}}
        return {
            "properties": {"locale": "es_ES"},
            "sheets": [
                {
                    "properties": {"sheetId": 7, "title": "A"},
                    "data": [{"rowData": [{"values": [{"dataValidation": choices}]}]}],
                    "conditionalFormats": [{"ranges": [area], "gradientRule": points}],
                }
            ],
            "namedRanges": [{"name": "Towns", "range": {"sheetId": 7, **area}}],
        }

    created(server, body("=Towns", "1,5"))
    caller = session(server)
    for wrong, message in (
        (body("Towns", "1,5"), "Invalid ConditionValue.userEnteredValue: Towns for ConditionType: ONE_OF_RANGE"),
        (body("=Towns", "1.5"), "Invalid InterpolationPoint.value: 1.5"),
    ):
        answer = caller.post(f"{server.url}/v4/spreadsheets", json=wrong)
        assert answer.status_code == 400
        assert message in answer.json()["error"]["message"]
