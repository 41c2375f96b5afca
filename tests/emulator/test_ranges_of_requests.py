"""What a GridRange may be, in every kind of request that takes one: outside, past the end, open, empty, upside down."""

import pytest
from emulator_client import Raw

from sheets_crm.emulator.a1 import quote_title

GRID = {"gridProperties": {"rowCount": 6, "columnCount": 4}}
BORDER = {"style": "SOLID"}
BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}
RULE = {"condition": {"type": "BOOLEAN"}}
SORTED = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]


def block(top=None, bottom=None, left=0, right=2):
    """A GridRange of tab 7; a side of None is left out."""
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    sides = zip(names, (top, bottom, left, right), strict=True)
    return {"sheetId": 7, **{name: side for name, side in sides if side is not None}}


def corner(row, column):
    return {"sheetId": 7, "rowIndex": row, "columnIndex": column}


#: Each kind of request as a function of the range that it is about.
KINDS = {
    "repeatCell": lambda r: {"range": r, "cell": BOLD, "fields": "userEnteredFormat.textFormat.bold"},
    "updateCells": lambda r: {"range": r, "fields": "userEnteredValue"},
    "setDataValidation": lambda r: {"range": r, "rule": RULE},
    "updateBorders": lambda r: {"range": r, "top": BORDER},
    "mergeCells": lambda r: {"range": r, "mergeType": "MERGE_ALL"},
    "unmergeCells": lambda r: {"range": r},
    "copyPaste": lambda r: {"source": r, "destination": block(0, 1)},
    "cutPaste": lambda r: {"source": r, "destination": corner(0, 0)},
    "findReplace": lambda r: {"range": r, "find": "x", "replacement": "y"},
    "trimWhitespace": lambda r: {"range": r},
    "deleteDuplicates": lambda r: {"range": r},
    "randomizeRange": lambda r: {"range": r},
    "insertRange": lambda r: {"range": r, "shiftDimension": "ROWS"},
    "deleteRange": lambda r: {"range": r, "shiftDimension": "ROWS"},
    "setBasicFilter": lambda r: {"filter": {"range": r}},
    "addFilterView": lambda r: {"filter": {"range": r}},
    "addNamedRange": lambda r: {"namedRange": {"name": "Name_", "range": r}},
    "addProtectedRange": lambda r: {"protectedRange": {"range": r}},
    "addBanding": lambda r: {"bandedRange": {"range": r, "rowProperties": {"firstBandColor": {"red": 1}}}},
    "addConditionalFormatRule": lambda r: {
        "rule": {"ranges": [r], "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {}}}
    },
}


@pytest.fixture
def tab(raw):
    """The spreadsheet with a tab `T` of 6 rows and 4 columns."""
    raw.ok({"addSheet": {"properties": {"sheetId": 7, "title": "T", **GRID}}})
    return raw


def size(raw):
    found = raw.get(fields="sheets.properties")["sheets"][1]["properties"]["gridProperties"]
    return found["rowCount"], found["columnCount"]


OUTSIDE = [
    (block(6, None), "A7:B"),
    (block(9, None), "A10:B"),
    (block(6, 7), "A7:B7"),
    (block(6, 6), "A7:B6"),
    (block(0, 2, 4, 5), "E1:E2"),
    (block(0, 2, 4, None), "E1:2"),
    (block(6, 7, 1, 2), "B7"),
]
PAST = [
    block(5, None),
    block(4, 9),
    block(5, 6),
    block(0, 2, 3, 9),
    block(4, 9, 2, None),
    block(None, None, 3, 99),
]
EMPTY = [block(3, 3), block(0, 2, 3, 3), block(2, 2, 1, 1), block(0, 0), block(5, 5)]


def asked(kind, found, number=0):
    """A request of a kind about a range; sorting takes the range's first column."""
    if kind == "sortRange":
        return {kind: {"range": found, "sortSpecs": [{"dimensionIndex": found["startColumnIndex"]}]}}
    body = KINDS[kind](found)
    if kind == "addNamedRange":
        body["namedRange"]["name"] += str(number)
    return {kind: body}


def anew(raw):
    """Make tab `T` again, with some cells and a merge."""
    tab = {"addSheet": {"properties": {"sheetId": 7, "title": "T", **GRID}}}
    raw.ok({"deleteSheet": {"sheetId": 7}}, tab, {"mergeCells": {"range": block(4, 6, 0, 2)}})
    raw.put("T!A1:B4", [["b", "b"], ["a ", "a"], ["x", "x"], ["x", "x"]])


@pytest.mark.long
def test_a_range_that_starts_at_the_grids_end_is_refused_whatever_is_asked(tab):
    limits = "exceeds grid limits. Max rows: 6, max columns: 4"
    for kind in KINDS:
        for found, name in OUTSIDE:
            message = f"Invalid requests[0].{kind}: Range (T!{name}) {limits}"
            assert tab.refused(asked(kind, found)) == message
    assert size(tab) == (6, 4)


def unbanded(raw):
    """Requests that take the bands off tab `T`, of which no two may overlap."""
    bands = raw.get(fields="sheets.bandedRanges.bandedRangeId")["sheets"][1].get("bandedRanges", [])
    return [{"deleteBanding": {"bandedRangeId": band["bandedRangeId"]}} for band in bands]


@pytest.mark.long
def test_a_range_that_ends_past_the_grid_is_taken_for_the_cells_there_are(tab):
    for kind in (*KINDS, "sortRange"):
        anew(tab)
        for number, found in enumerate(PAST):
            tab.ok({"unmergeCells": {"range": {"sheetId": 7}}}, *unbanded(tab), asked(kind, found, number))
            # Inserted cells push others down, which may need rows of their own.
            assert size(tab) == (6, 4) or (kind == "insertRange" and size(tab)[1] == 4), kind


@pytest.mark.long
def test_a_range_without_cells_is_taken_and_changes_no_cell(tab):
    for kind in (*KINDS, "sortRange"):
        anew(tab)
        params = {"fields": "sheets(merges,data)", "includeGridData": "true"}
        before = tab.get(**params)
        tab.ok(*(asked(kind, found, number) for number, found in enumerate(EMPTY)))
        assert tab.get(**params) == before, kind


def test_no_protection_is_touched_by_a_range_without_cells(tab, server, sheet):
    tab.ok({"addProtectedRange": {"protectedRange": {"range": {"sheetId": 7}}}})
    operator = Raw(server, sheet.id, "operator")
    operator.ok(asked("repeatCell", block(3, 3)))
    assert "protected cell" in operator.refused(asked("repeatCell", block(3, 4)))


def test_a_range_that_is_upside_down_or_negative_is_refused(tab):
    for kind in KINDS:
        assert "GridRange indexes must be >= 0" in tab.refused(asked(kind, block(-1, 2))), kind
        assert "endRowIndex[2] must be greater than" in tab.refused(asked(kind, block(3, 2))), kind


def test_what_is_done_past_the_grid_reaches_its_last_cells_and_no_others(tab):
    tab.ok({"repeatCell": {"range": block(4, 9, 2, 9), "cell": {"note": "n"}, "fields": "note"}})
    data = tab.get(fields="sheets.data.rowData.values.note", ranges="T")["sheets"][0]["data"][0]["rowData"]
    assert data == [{}] * 4 + [{"values": [{}, {}, {"note": "n"}, {"note": "n"}]}] * 2


def test_ranges_that_are_kept_are_cut_at_the_grids_end_and_stay_open_where_they_were(tab):
    reply = tab.ok(
        {"addNamedRange": {"namedRange": {"name": "N", "range": block(2, 99, 1, 50)}}},
        {"addNamedRange": {"namedRange": {"name": "M", "range": block(2, None, 1, 50)}}},
        {"addProtectedRange": {"protectedRange": {"range": block(2, 99)}}},
        {"setBasicFilter": {"filter": {"range": block(0, 99)}}},
    )["replies"]
    assert reply[0]["addNamedRange"]["namedRange"]["range"] == block(2, 6, 1, 4)
    assert reply[1]["addNamedRange"]["namedRange"]["range"] == block(2, None, 1, 4)
    assert reply[2]["addProtectedRange"]["protectedRange"]["range"] == block(2, 6)
    assert tab.get(fields="sheets.basicFilter")["sheets"][1]["basicFilter"] == {"range": block(0, 6)}


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (block(6, None), "range.startRowIndex is larger than current grid size (6)"),
        (block(8, 9), "range.startRowIndex is larger than current grid size (6)"),
        (block(0, 2, 4, None), "range.startColumnIndex is larger than current grid size (4)"),
    ],
)
def test_sorting_below_the_grid_has_its_own_words(tab, found, message):
    asked = {"sortRange": {"range": found, "sortSpecs": SORTED}}
    assert tab.refused(asked) == f"Invalid requests[0].sortRange: {message}"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"updateCells": {"start": corner(6, 0), "fields": "note", "rows": [{"values": [{"note": "n"}]}]}},
            "GridCoordinate.rowIndex[6] is after last row in grid[5]",
        ),
        (
            {"updateCells": {"start": corner(0, 4), "fields": "note", "rows": []}},
            "GridCoordinate.columnIndex[4] is after last column in grid[3]",
        ),
        (
            {"updateCells": {"start": corner(0, 3), "fields": "note", "rows": [{"values": [{}, {}]}]}},
            "Attempting to write column: 4, beyond the last requested column of: 3",
        ),
        (
            {"cutPaste": {"source": block(0, 1), "destination": corner(0, 9)}},
            "GridCoordinate.columnIndex[9] is after last column in grid[3]",
        ),
        (
            {"pasteData": {"coordinate": corner(6, 0), "data": "x"}},
            "GridCoordinate.rowIndex[6] is after last row in grid[5]",
        ),
    ],
)
def test_a_coordinate_outside_the_grid(tab, request_, message):
    (kind,) = request_
    assert tab.refused(request_) == f"Invalid requests[0].{kind}: {message}"


def rows(first, last=None):
    return {"sheetId": 7, "dimension": "ROWS", "startIndex": first, **({} if last is None else {"endIndex": last})}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"insertDimension": {"range": rows(-1, 1)}}, "DimensionRange indexes must be >= 0"),
        (
            {"insertDimension": {"range": rows(2)}},
            "DimensionRange must specify both a startIndex and an endIndex.",
        ),
        (
            {"insertDimension": {"range": rows(6, 7)}},
            "range.startIndex must be less than the grid size (6) if inheritFromBefore is false.",
        ),
        ({"insertDimension": {"range": rows(7, 8)}}, "range.startIndex is larger than current grid size (6)"),
        (
            {"deleteDimension": {"range": rows(6, 7)}},
            "Cannot delete a row that doesn't exist. Tried to delete row index 6 but there are only 6 rows.",
        ),
        ({"deleteDimension": {"range": rows(0)}}, "You can't delete all the rows on the sheet."),
        (
            {"autoResizeDimensions": {"dimensions": rows(6)}},
            "range.startIndex is larger than current grid size (6)",
        ),
        ({"addDimensionGroup": {"range": rows(6, 8)}}, "range.startIndex is larger than current grid size (6)"),
        (
            {
                "updateDimensionProperties": {
                    "range": rows(6),
                    "properties": {"pixelSize": 9},
                    "fields": "pixelSize",
                }
            },
            "range.startIndex is larger than current grid size (6)",
        ),
    ],
)
def test_rows_outside_the_grid(tab, request_, message):
    (kind,) = request_
    assert tab.refused(request_) == f"Invalid requests[0].{kind}: {message}"


def test_all_rows_below_the_frozen_ones_cannot_go(tab):
    frozen = {"properties": {"sheetId": 7, "gridProperties": {"frozenRowCount": 1}}}
    tab.ok({"updateSheetProperties": {**frozen, "fields": "gridProperties.frozenRowCount"}})
    message = tab.refused({"deleteDimension": {"range": rows(1, 6)}})
    assert (
        message == "Invalid requests[0].deleteDimension: Sorry, it is not possible to delete all non-frozen rows."
    )


def test_reading_by_data_filter_outside_the_grid_is_refused(tab):
    outside = {"dataFilters": [{"gridRange": block(0, 1)}, {"gridRange": block(6, None)}]}
    message = "Invalid dataFilter[1]: Range (T!A7:B) exceeds grid limits. Max rows: 6, max columns: 4"
    methods = (":getByDataFilter", "/values:batchGetByDataFilter", "/values:batchClearByDataFilter")
    for method in methods:
        answer = tab.session.post(f"{tab.url}{method}", json=outside)
        assert (answer.status_code, answer.json()["error"]["message"]) == (400, message), method
    body = {"valueInputOption": "RAW", "data": [{"dataFilter": {"gridRange": block(6, None)}, "values": [["x"]]}]}
    answer = tab.session.post(f"{tab.url}/values:batchUpdateByDataFilter", json=body)
    assert answer.json()["error"]["message"] == message.replace("dataFilter[1]", "data[0]")


@pytest.mark.parametrize(
    ("asked", "name"),
    [("A7:ZZ", "A7:ZZ"), ("A7", "A7"), ("A7:B8", "A7:B8"), ("E:F", "E:F"), ("7:8", "7:8"), ("E1:E2", "E1:E2")],
)
def test_ranges_of_values_outside_the_grid_are_named_as_they_were_asked(tab, asked, name):
    text = f"Range (T!{name}) exceeds grid limits. Max rows: 6, max columns: 4"
    answer = tab.session.get(f"{tab.url}/values/T!{asked}")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, text)
    answer = tab.session.post(f"{tab.url}/values:batchClear", json={"ranges": ["T!A1", f"T!{asked}"]})
    assert answer.json()["error"]["message"] == f"Invalid range[1]: {text}"


def columns(first, last):
    return {"sheetId": 7, "dimension": "COLUMNS", "startIndex": first, "endIndex": last}


@pytest.mark.parametrize(("before", "sizes"), [(True, [40, 40, 60]), (False, [40, 60, 60])])
def test_inserted_rows_and_columns_take_the_size_of_a_neighbour(tab, before, sizes):
    for span in (rows, columns):
        set_size = [
            {"updateDimensionProperties": {"range": span(n, n + 1), "properties": {"pixelSize": s}, "fields": "pixelSize"}}
            for n, s in ((0, 40), (1, 60))
        ]  # fmt: skip
        tab.ok(*set_size, {"insertDimension": {"range": span(1, 2), "inheritFromBefore": before}})
    data = tab.get(ranges="T!A1:C3", fields="sheets.data(rowMetadata.pixelSize,columnMetadata.pixelSize)")
    (found,) = data["sheets"][0]["data"]
    assert [line["pixelSize"] for line in found["rowMetadata"]] == sizes
    assert [line["pixelSize"] for line in found["columnMetadata"]] == sizes


def test_what_begins_at_the_inserted_rows_moves_and_what_they_fall_into_grows(tab):
    rule = {"condition": {"type": "NOT_BLANK"}, "format": {}}
    kinds = ("addBanding", "addProtectedRange", "setBasicFilter")
    tab.put("T!D1:D4", [["=SUM(A2:A)"], ["=SUM(A1:A)"], ["=SUM(A:A)"], ["=SUM(A2:A4)"]], "USER_ENTERED")
    tab.ok(
        *({kind: KINDS[kind](block(1, 4))} for kind in kinds),
        {"addNamedRange": {"namedRange": {"namedRangeId": "open", "name": "Open", "range": block(1, None)}}},
        {"addNamedRange": {"namedRange": {"namedRangeId": "whole", "name": "Whole", "range": block(0, None)}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [block(0, 4)], "booleanRule": rule}}},
        {"insertDimension": {"range": rows(1, 3)}},
    )
    found = tab.get(fields="namedRanges,sheets(basicFilter,bandedRanges,protectedRanges,conditionalFormats)")
    sheet = found["sheets"][1]
    assert sheet["bandedRanges"][0]["range"] == block(3, 6)
    assert sheet["protectedRanges"][0]["range"] == block(3, 6)
    assert sheet["basicFilter"]["range"] == block(3, 6)
    assert sheet["conditionalFormats"][0]["ranges"] == [block(0, 6)]
    assert [named["range"] for named in found["namedRanges"]] == [block(3, None), block(0, None)]
    shown = tab.values("T!D1:D6", valueRenderOption="FORMULA")
    assert shown == [["=SUM(A4:A)"], [], [], ["=SUM(A1:A)"], ["=SUM(A:A)"], ["=SUM(A4:A6)"]]
    # At the end nothing grows: what ends there stays, what is open reaches the new rows anyway.
    tab.ok({"insertDimension": {"range": rows(6, 7), "inheritFromBefore": True}})
    assert tab.get(fields="sheets.bandedRanges.range")["sheets"][1]["bandedRanges"][0]["range"] == block(3, 6)


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        ("Sales", "Sales"), ("Sheet_1", "Sheet_1"), ("TRUE", "TRUE"), ("x.y", "x.y"), ("Sales2", "Sales2"),
        ("Probe Tab", "'Probe Tab'"), ("A1", "'A1'"), ("ABC1234", "'ABC1234'"), ("R1C1", "'R1C1'"),
        ("2026", "'2026'"), ("Ünï", "'Ünï'"), ("a-b", "'a-b'"), ("It's", "'It''s'"),
    ],
)  # fmt: skip
def test_titles_are_quoted_where_google_quotes_them(title, quoted):
    assert quote_title(title) == quoted
