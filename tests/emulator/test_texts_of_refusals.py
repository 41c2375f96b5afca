"""Google's words for what it refuses, as they were reported; `docs/emulator.md` says which are in our own."""

import pytest

BOX = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
ANCHOR = {"overlayPosition": {"anchorCell": {"sheetId": 0}}}
NO_KIND = "One of basicChart, pieChart, bubbleChart, candelstickChart, histogramChart, or orgChart must be set on chartSpec."


def properties(**given):
    return {"updateSheetProperties": {"properties": {"sheetId": 0, **given}, "fields": ",".join(given)}}


def gradient(**points):
    return {"addConditionalFormatRule": {"rule": {"ranges": [BOX], "gradientRule": points}}}


def span(dimension, start, end):
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (properties(title="x" * 101), "The sheet name cannot be greater than 100 characters."),
        (properties(title=""), "The sheet name cannot be empty."),
        (
            {"addSheet": {"properties": {"title": "x" * 101}}},
            "The sheet name cannot be greater than 100 characters.",
        ),
        (
            {"addSheet": {"properties": {"title": "sheet1"}}},
            'A sheet with the name "sheet1" already exists. Please enter another name.',
        ),
        ({"addSheet": {"properties": {"sheetId": 0}}}, "Sheet with id 0 already exists."),
        ({"addSheet": {"properties": {"sheetId": -4}}}, "Sheet id must be non-negative."),
        ({"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 0}}, "Sheet with id 0 already exists."),
        (properties(gridProperties={"rowCount": 0}), "You can't delete all the rows on the sheet."),
        ({"deleteDimension": {"range": span("COLUMNS", 0, 26)}}, "You can't delete all the columns on the sheet."),
        (
            {"addNamedRange": {"namedRange": {"name": "a band", "range": BOX}}},
            "The name given to this range is invalid.",
        ),
        ({"addNamedRange": {"namedRange": {"name": "Q1", "range": BOX}}}, "The name given to this range is invalid."),
        ({"deleteProtectedRange": {"protectedRangeId": 5}}, "No protected range with id: 5"),
        ({"updateNamedRange": {"namedRange": {"namedRangeId": "x"}, "fields": "name"}}, "No NamedRange with id: x"),
        ({"addChart": {"chart": {"spec": {"title": "T"}, "position": ANCHOR}}}, NO_KIND),
        (
            {"addChart": {"chart": {"spec": {"pieChart": {}}}}},
            "One of EmbeddedObjectPosition.overlayPosition or EmbeddedObjectPosition.sheetId must be set",
        ),
        (
            {"addChart": {"chart": {
                "spec": {"pieChart": {}},
                "position": {"overlayPosition": {"anchorCell": {"rowIndex": 1000}}},
            }}},
            "GridCoordinate.rowIndex[1000] is after last row in grid[999]",
        ),
        ({"deleteEmbeddedObject": {"objectId": 5}}, "No embedded object with id: 5"),
        (gradient(minpoint={"type": "MIN"}), "No interpolationPointType specified."),
        (
            gradient(minpoint={"type": "NUMBER"}, maxpoint={"type": "MAX"}),
            "InterpolationPoint.value is required.",
        ),
        (
            gradient(minpoint={"type": "MIN"}, midpoint={"type": "PERCENTILE"}, maxpoint={"type": "MAX"}),
            "InterpolationPoint.value is required.",
        ),
        (
            {"createDeveloperMetadata": {"developerMetadata": {
                "metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": span("ROWS", 1, 3)},
            }}},
            "DimensionRange must represent a single row or column.",
        ),
    ],
)  # fmt: skip
def test_what_google_says(raw, request_, message):
    (kind,) = request_
    assert raw.refused(request_) == f"Invalid requests[0].{kind}: {message}"


def test_no_range_has_two_bandings(raw):
    band = {"rowProperties": {"firstBandColor": {"red": 1}}}
    made = raw.ok({"addBanding": {"bandedRange": {**band, "range": BOX}}})["replies"][0]["addBanding"][
        "bandedRange"
    ]
    raw.ok({"addBanding": {"bandedRange": {**band, "range": {**BOX, "startRowIndex": 3, "endRowIndex": 9}}}})
    message = (
        "You cannot add alternating background colors to a range that already has alternating background colors."
    )
    again = {"addBanding": {"bandedRange": {**band, "range": {**BOX, "startRowIndex": 2}}}}
    assert raw.refused(again) == f"Invalid requests[0].addBanding: {message}"
    longer = {"bandedRangeId": made["bandedRangeId"], "range": {**BOX, "endRowIndex": 4}}
    change = {"updateBanding": {"bandedRange": longer, "fields": "range"}}
    assert raw.refused(change) == f"Invalid requests[0].updateBanding: {message}"
    change["updateBanding"]["bandedRange"]["range"]["endRowIndex"] = 2
    raw.ok(change)


def test_a_basic_chart_without_data_breaks_google_and_names_no_request(raw):
    chart = {"spec": {"basicChart": {"chartType": "BAR"}}, "position": ANCHOR}
    assert raw.refused({"addChart": {"chart": chart}}, status=500) == "Internal error encountered."


def test_a_merge_neither_spans_the_frozen_edge_nor_is_torn_by_a_move(raw):
    frozen = {"frozenRowCount": 1, "frozenColumnCount": 1}
    raw.ok({"updateSheetProperties": {"properties": {"gridProperties": frozen}, "fields": "gridProperties(" + ",".join(frozen) + ")"}})  # fmt: skip
    asked = "Invalid requests[0].mergeCells: You can't merge frozen and non-frozen"
    assert raw.refused({"mergeCells": {"range": {**BOX, "startRowIndex": 1}}}) == f"{asked} columns."
    assert raw.refused({"mergeCells": {"range": {**BOX, "startColumnIndex": 1}}}) == f"{asked} rows."
    raw.ok({"mergeCells": {"range": {**BOX, "startRowIndex": 1, "endRowIndex": 4, "endColumnIndex": 1}}})
    torn = (
        "Invalid requests[0].moveDimension: Sorry, it is not possible to move a row to a position that crosses a "
        "merged cell. Please unmerge and try again."
    )
    for source, to in ((span("ROWS", 2, 3), 9), (span("ROWS", 6, 7), 2), (span("ROWS", 3, 6), 9)):
        assert raw.refused({"moveDimension": {"source": source, "destinationIndex": to}}) == torn
    raw.ok({"moveDimension": {"source": span("ROWS", 1, 4), "destinationIndex": 9}})
    assert raw.get(fields="sheets.merges")["sheets"][0]["merges"][0]["startRowIndex"] == 6


def mark(raw, number, row):
    raw.ok({"createDeveloperMetadata": {"developerMetadata": {
        "metadataId": number, "metadataKey": "row", "visibility": "DOCUMENT",
        "location": {"dimensionRange": span("ROWS", row, row + 1)},
    }}})  # fmt: skip


def test_the_metadata_of_a_row_goes_with_its_values_when_they_are_sorted(raw):
    raw.put("A1:B3", [[3, "c"], [1, "a"], [2, "b"]])
    mark(raw, 1, 0)
    mark(raw, 2, 1)
    mark(raw, 3, 7)
    raw.ok({"sortRange": {"range": BOX, "sortSpecs": [{"dimensionIndex": 0}]}})
    assert raw.values("A1:B3") == [["1", "a"], ["2", "b"], ["3", "c"]]
    places = [
        raw.session.get(f"{raw.url}/developerMetadata/{number}").json()["location"]["dimensionRange"]["startIndex"]
        for number in (1, 2, 3)
    ]
    assert places == [2, 0, 7]


def test_a_search_needs_a_filter_and_nothing_intersects_the_spreadsheet(raw):
    whole = {"metadataLocation": {"spreadsheet": True}, "locationMatchingStrategy": "INTERSECTING_LOCATION"}
    for filters, message in (
        ([], "At least one data filter must be specified."),
        (
            [{"developerMetadataLookup": whole}],
            "DeveloperMetadataLookup.spreadsheet is true, but locationMatchingStrategy was specified as INTERSECTING.",
        ),
    ):
        answer = raw.session.post(f"{raw.url}/developerMetadata:search", json={"dataFilters": filters})
        assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)
