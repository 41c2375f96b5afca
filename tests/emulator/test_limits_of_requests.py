"""Requests whose numbers are out of bounds, refused before anything is built, and answers of nothing done."""

import time

import pytest

BOX = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 2}
MOST_CELLS = "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
MOST_COLUMNS = "This action would increase the number of columns above the limit of 18278 columns."


def span(start, end, dimension="COLUMNS", sheet_id=0):
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}


def duplicates(*spans):
    return {"deleteDuplicates": {"range": BOX, "comparisonColumns": list(spans)}}


def test_columns_to_compare_are_those_of_the_range(raw):
    raw.put("A1:B5", [["x", "1"], ["x", "2"], ["y", "1"], ["y", "1"], ["z", "3"]])
    begun = time.monotonic()
    assert raw.ok(duplicates(span(0, 2**31 - 1)))["replies"] == [
        {"deleteDuplicates": {"duplicatesRemovedCount": 1}}
    ]
    assert time.monotonic() - begun < 5
    assert raw.values("A1:B5") == [["x", "1"], ["x", "2"], ["y", "1"], ["z", "3"]]
    raw.ok(duplicates(span(0, 1)))
    assert raw.values("A1:B5") == [["x", "1"], ["y", "1"], ["z", "3"]]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (span(-1, 1), "DimensionRange indexes must be >= 0"),
        (span(-(2**31), 2**31 - 1), "DimensionRange indexes must be >= 0"),
        (span(1, 1), "range.endIndex must be greater than range.startIndex (1)."),
        (span(0, 1, "ROWS"), "comparisonColumns must be columns of the range's own sheet."),
        (span(0, 1, sheet_id=7), "No grid with id: 7"),
        (span(2, 9), "comparisonColumns must be columns of the range."),
        ({"sheetId": 0, "startIndex": 0, "endIndex": 1}, "range.dimension must be specified."),
    ],
)
def test_columns_to_compare_that_are_none_are_refused(raw, wrong, message):
    assert raw.refused(duplicates(wrong)) == f"Invalid requests[0].deleteDuplicates: {message}"


def test_columns_to_compare_of_another_sheet_are_refused(raw):
    raw.ok({"addSheet": {"properties": {"sheetId": 7}}})
    message = raw.refused(duplicates(span(0, 1, sheet_id=7)))
    assert message.endswith("comparisonColumns must be columns of the range's own sheet.")


@pytest.mark.parametrize(
    ("kind", "request_", "message"),
    [
        ("insertDimension", {"range": span(1, 30_000_001, "ROWS"), "inheritFromBefore": True}, MOST_CELLS),
        ("insertDimension", {"range": span(0, 30_000_000, "ROWS")}, MOST_CELLS),
        ("insertDimension", {"range": span(0, 30_000_000)}, MOST_COLUMNS),
        ("insertDimension", {"range": span(0, 18_000)}, MOST_CELLS),
        ("appendDimension", {"sheetId": 0, "dimension": "ROWS", "length": 2**31 - 1}, MOST_CELLS),
        ("appendDimension", {"sheetId": 0, "dimension": "COLUMNS", "length": 2**31 - 1}, MOST_COLUMNS),
        (
            "autoFill",
            {"sourceAndDestination": {"source": BOX, "dimension": "ROWS", "fillLength": 2**31 - 1}},
            MOST_CELLS,
        ),
        (
            "updateSheetProperties",
            {
                "properties": {"sheetId": 0, "gridProperties": {"rowCount": 2**31 - 1}},
                "fields": "gridProperties.rowCount",
            },
            MOST_CELLS,
        ),
        ("addSheet", {"properties": {"gridProperties": {"rowCount": 2**31 - 1}}}, MOST_CELLS),
    ],
)
def test_growth_past_a_limit_is_refused_before_anything_is_built(raw, kind, request_, message):
    everywhere = {"repeatCell": {
        "range": {"sheetId": 0},
        "cell": {"userEnteredFormat": {"textFormat": {"bold": True}}},
        "fields": "userEnteredFormat",
    }}  # fmt: skip
    sized = {"updateDimensionProperties": {
        "range": span(0, 5, "ROWS"), "properties": {"pixelSize": 40}, "fields": "pixelSize",
    }}  # fmt: skip
    raw.ok(everywhere, sized)
    begun = time.monotonic()
    assert raw.refused({kind: request_}) == f"Invalid requests[0].{kind}: {message}"
    assert time.monotonic() - begun < 3


def test_a_range_without_a_title_means_the_first_visible_sheet(raw):
    raw.put("A1", [["hidden"]])
    raw.ok(
        {"addSheet": {"properties": {"sheetId": 5, "title": "Seen"}}},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}},
    )
    assert raw.put("A1", [["seen"]])["updatedRange"] == "Seen!A1"
    assert raw.values("A1") == raw.values("Seen!A1") == [["seen"]]
    appended = raw.session.post(
        f"{raw.url}/values/A1:append", params={"valueInputOption": "RAW"}, json={"values": [["more"]]}
    )
    assert appended.json()["tableRange"] == "Seen!A1"
    body = {"valueInputOption": "RAW", "data": [{"range": "B1", "values": [["b"]]}]}
    answer = raw.session.post(f"{raw.url}/values:batchUpdate", json=body).json()
    assert answer["responses"][0]["updatedRange"] == "Seen!B1"
    assert [sheet["properties"]["title"] for sheet in raw.get(ranges="A1")["sheets"]] == ["Seen"]
    assert raw.values("Sheet1!A1") == [["hidden"]]


def test_an_apostrophe_in_quotes_may_stand_alone(raw):
    raw.ok({"addSheet": {"properties": {"title": "Jon's_Data"}}})
    raw.put("'Jon''s_Data'!A1", [["x"]])
    for spelled in ("'Jon's_Data'!A1:D5", "'Jon''s_Data'!A1:D5", "'Jon's_Data'"):
        assert raw.values(spelled) == [["x"]]


def slicer(**found):
    anchor = {"overlayPosition": {"anchorCell": {"sheetId": 0}}}
    return {"slicer": {"spec": {"title": "S", "columnIndex": 0, "dataRange": found}, "position": anchor}}


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ({**BOX, "startRowIndex": -1}, "GridRange indexes must be >= 0"),
        (
            {**BOX, "startRowIndex": 9},
            "GridRange.endRowIndex[5] must be greater than or equal to startRowIndex[9].",
        ),
        ({**BOX, "sheetId": 9}, "No grid with id: 9"),
        (
            {"startRowIndex": 5000},
            "Range (Sheet1!A5001:Z) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
    ],
)
def test_a_slicer_takes_no_range_that_others_refuse(raw, found, message):
    assert raw.refused({"addSlicer": slicer(**found)}) == f"Invalid requests[0].addSlicer: {message}"
    made = raw.ok({"addSlicer": slicer(**{**BOX, "endRowIndex": 5000})})["replies"][0]["addSlicer"]["slicer"]
    assert made["spec"]["dataRange"]["endRowIndex"] == 1000
    changed = {"slicerId": made["slicerId"], "spec": {"dataRange": found}, "fields": "dataRange"}
    assert raw.refused({"updateSlicerSpec": changed}) == f"Invalid requests[0].updateSlicerSpec: {message}"


@pytest.mark.parametrize("position", [{"newSheet": True}, {"sheetId": 0}])
def test_a_chart_is_not_moved_to_a_sheet_of_its_own(raw, position):
    made = raw.ok({"addSlicer": slicer(**BOX)})["replies"][0]["addSlicer"]["slicer"]
    message = raw.refused(
        {"updateEmbeddedObjectPosition": {"objectId": made["slicerId"], "newPosition": position}}
    )
    assert message.endswith("A position on a sheet of its own is not implemented by the emulator.")


def test_of_nothing_written_no_zero_is_told(raw):
    file_id = raw.get(fields="spreadsheetId")["spreadsheetId"]
    for call, body in (
        ("values:batchUpdate", {"valueInputOption": "RAW", "data": []}),
        ("values:batchUpdateByDataFilter", {"valueInputOption": "RAW", "data": []}),
        ("values:batchClear", {"ranges": []}),
        ("values:batchClearByDataFilter", {"dataFilters": []}),
    ):
        assert raw.session.post(f"{raw.url}/{call}", json=body).json() == {"spreadsheetId": file_id}


def test_a_colour_is_bounded(raw):
    loud = {"red": 255, "green": -1, "blue": 0.5, "alpha": 7}
    kept = {"red": 1, "blue": 0.49803922}
    raw.ok(
        {"repeatCell": {
            "range": BOX,
            "cell": {"userEnteredFormat": {
                "backgroundColor": loud, "textFormat": {"foregroundColorStyle": {"rgbColor": loud}},
            }},
            "fields": "userEnteredFormat",
        }},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "tabColor": loud}, "fields": "tabColor"}},
        {"updateBorders": {"range": BOX, "top": {"style": "SOLID", "color": loud}}},
        {"addBanding": {"bandedRange": {"range": BOX, "rowProperties": {"firstBandColor": loud}}}},
    )  # fmt: skip
    found = raw.get(includeGridData="true", ranges="A1")["sheets"][0]
    form = found["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
    for colour in (
        form["backgroundColor"],
        form["textFormat"]["foregroundColor"],
        form["borders"]["top"]["color"],
        found["properties"]["tabColor"],
        found["bandedRanges"][0]["rowProperties"]["firstBandColor"],
    ):
        assert colour == kept
