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


def test_groups_keep_their_depths_and_are_folded(server):
    spans = [(1, 9), (2, 5), (3, 4), (6, 8)]
    groups = [
        {"range": {"dimension": "ROWS", "startIndex": start, "endIndex": end}, "collapsed": start in (2, 6)}
        for start, end in spans
    ]
    columns = [{"range": {"dimension": "COLUMNS", "endIndex": 2}, "depth": 1, "collapsed": True}]
    raw = created(
        server, {"sheets": [{"properties": {"sheetId": 7}, "rowGroups": groups, "columnGroups": columns}]}
    )
    asked = "sheets(rowGroups,columnGroups)"
    (made,) = raw.get(fields=asked)["sheets"]
    shown = {(one["range"]["startIndex"], one["depth"], one.get("collapsed", False)) for one in made["rowGroups"]}
    assert shown == {(1, 1, False), (2, 2, True), (3, 3, False), (6, 2, True)}
    assert made["columnGroups"][0]["collapsed"] is True
    again = created(server, {"sheets": [{"properties": {"sheetId": 7}, **made}]})
    assert again.get(fields=asked)["sheets"] == [made]


def test_metadata_of_rows_and_columns_is_made(server):
    entry = {"metadataKey": "k", "metadataValue": "v", "visibility": "DOCUMENT"}
    data = {
        "startRow": 2,
        "rowMetadata": [{}, {"developerMetadata": [entry, {**entry, "metadataId": 77}]}],
        "columnMetadata": [{"developerMetadata": [entry]}],
    }
    raw = created(server, {"sheets": [{"properties": {"sheetId": 7}, "data": [data]}]})
    url = f"{raw.url}/developerMetadata:search"
    asked = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}]}
    matches = [
        one["developerMetadata"] for one in raw.session.post(url, json=asked).json()["matchedDeveloperMetadata"]
    ]
    places = [one["location"]["dimensionRange"] for one in matches]
    assert [(place["dimension"], place["startIndex"], place["endIndex"]) for place in places] == [
        ("ROWS", 3, 4), ("ROWS", 3, 4), ("COLUMNS", 0, 1)
    ]  # fmt: skip
    assert matches[1]["metadataId"] == 77


def test_the_filter_hides_its_rows_again(server):
    rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]} for text in ("head", "x", "y")]
    body = {
        "sheets": [
            {
                "properties": {"sheetId": 7, "title": "A"},
                "data": [{"rowData": rows, "rowMetadata": [{}, {"hiddenByFilter": True}]}],
                "basicFilter": {
                    "range": {"endRowIndex": 3, "endColumnIndex": 1},
                    "criteria": {"0": {"hiddenValues": "x"}},
                },
            }
        ]
    }
    raw = created(server, body)
    (data,) = raw.get(ranges="A!A1:A3", fields="sheets.data.rowMetadata.hiddenByFilter")["sheets"][0]["data"]
    assert data["rowMetadata"] == [{}, {"hiddenByFilter": True}, {}]


def test_a_new_spreadsheet_keeps_what_an_older_one_may_be_given(server):
    kept = {"iterativeCalculationSettings": {"maxIterations": 7, "convergenceThreshold": 0.5}, "autoRecalc": "HOUR",
            "spreadsheetTheme": {"primaryFontFamily": "Lora"}}  # fmt: skip
    assert created(server, {"properties": kept}).get()["properties"].items() >= kept.items()


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Etc/GMT+3", "GMT-07:00", "GMT+5", "US/Pacific"])
@pytest.mark.parametrize("locale", ["es_ES", "en", "fil", "zh_HK", "iw_IL"])
def test_locales_and_time_zones_of_the_documented_forms_are_taken(server, locale, zone):
    raw = created(server, {"properties": {"locale": locale, "timeZone": zone}})
    raw.put("A1", [["=NOW()-NOW()"]], option="USER_ENTERED")
    assert raw.values("A1", valueRenderOption="UNFORMATTED_VALUE") == [[0]]


@pytest.mark.parametrize(
    ("name", "value"),
    [("timeZone", "Foo/Bar"), ("timeZone", "../etc"), ("timeZone", "GMT-25:00"), ("timeZone", "Europe"),
     ("locale", "xx_YY"), ("locale", "english"), ("locale", "es_es"), ("locale", "qq")],
)  # fmt: skip
def test_unknown_locales_and_time_zones_are_refused_before_they_spoil_a_file(server, raw, name, value):
    answer = session(server).post(f"{server.url}/v4/spreadsheets", json={"properties": {name: value}})
    what = {"timeZone": "time zone", "locale": "locale"}[name]
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, f"Invalid {what}: {value}")
    before = raw.get()["properties"]
    change = {"updateSpreadsheetProperties": {"properties": {name: value}, "fields": name}}
    where = "Invalid requests[0].updateSpreadsheetProperties: "
    assert raw.refused(change) == f"{where}Invalid {what}: {value}"
    assert raw.get()["properties"] == before
    raw.ok({"updateSpreadsheetProperties": {"properties": {name: value, "title": "T"}, "fields": "title"}})


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (
            {"sheets": [{"rowGroups": [{"range": {"dimension": "ROWS", "endIndex": 2}, "depth": 2}]}]},
            "depth that is not that of its nesting is not implemented by the emulator",
        ),
        (
            {"sheets": [{"data": [{"rowMetadata": [{"dataSourceColumnReference": {"name": "x"}}]}]}]},
            "with dataSourceColumnReference is not implemented by the emulator",
        ),
        (
            {"properties": {"importFunctionsExternalUrlAccessAllowed": True}},
            "with importFunctionsExternalUrlAccessAllowed is not implemented by the emulator",
        ),
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
