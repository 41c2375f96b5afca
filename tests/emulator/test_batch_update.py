"""spreadsheets.batchUpdate: whole or not at all, and what each family of requests does."""

import pytest

SHEET_FIELDS = (
    "sheets(properties,merges,basicFilter,charts,conditionalFormats,bandedRanges,rowGroups,protectedRanges)"
)


def cell(row, column, sheet_id=0):
    return {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}


def box(top, bottom, left, right, sheet_id=0):
    return {
        "sheetId": sheet_id, "startRowIndex": top, "endRowIndex": bottom,
        "startColumnIndex": left, "endColumnIndex": right,
    }  # fmt: skip


def write(row, column, *texts):
    values = [{"userEnteredValue": {"stringValue": text}} for text in texts]
    return {
        "updateCells": {"start": cell(row, column), "fields": "userEnteredValue", "rows": [{"values": values}]}
    }


def rows(first, last, sheet_id=0):
    return {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": first, "endIndex": last}


def test_one_bad_request_undoes_the_whole_batch(raw):
    raw.put("A1:B2", [["a", "b"], ["c", "d"]])
    before = raw.get(includeGridData="true")
    message = raw.refused(
        write(0, 0, "changed"),
        {"deleteDimension": {"range": rows(1, 2)}},
        {"addSheet": {"properties": {"title": "New"}}},
        {"addNamedRange": {"namedRange": {"name": "N", "range": box(0, 1, 0, 1)}}},
        {"addProtectedRange": {"protectedRange": {"range": box(0, 1, 0, 1)}}},
        {"createDeveloperMetadata": {"developerMetadata": {
            "metadataKey": "k", "visibility": "DOCUMENT", "location": {"spreadsheet": True}}}},
        {"updateSpreadsheetProperties": {"properties": {"title": "T", "locale": "es_ES"}, "fields": "title,locale"}},
        {"updateDimensionProperties": {"range": rows(0, 1), "properties": {"pixelSize": 9}, "fields": "pixelSize"}},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "T"}, "fields": "title"}},
        {"deleteSheet": {"sheetId": 99}},
    )  # fmt: skip
    assert message == "Invalid requests[9].deleteSheet: No sheet with id: 99"
    assert raw.get(includeGridData="true") == before


def test_requests_run_in_order_and_may_use_fresh_ids(raw):
    answer = raw.ok(
        {"addSheet": {"properties": {"sheetId": 5, "title": "New", "gridProperties": {"rowCount": 1}}}},
        {"appendDimension": {"sheetId": 5, "dimension": "ROWS", "length": 2}},
        {"updateCells": {"start": cell(2, 0, 5), "fields": "*", "rows": [{"values": [{"note": "hi"}]}]}},
    )
    assert answer["replies"][0]["addSheet"]["properties"]["gridProperties"] == {"rowCount": 1, "columnCount": 26}
    assert answer["replies"][1:] == [{}, {}]


def test_texts_that_look_like_formulas_stay_texts_in_update_cells(raw):
    raw.ok(write(0, 0, "=1+1", "007", "TRUE", "'x"))
    assert raw.values("A1:D1", valueRenderOption="UNFORMATTED_VALUE") == [["=1+1", "007", "TRUE", "'x"]]


def test_update_cells_with_a_range_clears_what_the_rows_do_not_cover(raw):
    raw.put("A1:B3", [["a", "b"], ["c", "d"], ["e", "f"]])
    values = [{"userEnteredValue": {"stringValue": "only"}}]
    raw.ok({"updateCells": {"range": box(0, 2, 0, 2), "fields": "userEnteredValue", "rows": [{"values": values}]}})
    assert raw.values("A1:B3") == [["only"], [], ["e", "f"]]


def test_a_mask_leaves_the_rest_of_a_format(raw):
    style = {"userEnteredFormat": {"textFormat": {"bold": True}, "horizontalAlignment": "CENTER"}}
    raw.ok({"repeatCell": {"range": box(0, 1, 0, 1), "cell": style, "fields": "userEnteredFormat"}})
    italic = {"userEnteredFormat": {"textFormat": {"italic": True}}}
    raw.ok(
        {"repeatCell": {"range": box(0, 1, 0, 1), "cell": italic, "fields": "userEnteredFormat/textFormat/italic"}}
    )
    found = raw.get(ranges="A1", fields="sheets.data.rowData.values.userEnteredFormat")
    form = found["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
    assert form == {"textFormat": {"bold": True, "italic": True}, "horizontalAlignment": "CENTER"}


@pytest.mark.parametrize(
    "mask", ["sheets(properties(title))", "sheets/properties/title", "sheets.properties.title"]
)
def test_three_spellings_of_a_mask(raw, mask):
    assert raw.get(fields=mask) == {"sheets": [{"properties": {"title": "Sheet1"}}]}


def test_a_mask_must_name_a_field(raw):
    message = raw.refused({"updateSheetProperties": {"properties": {"sheetId": 0, "title": "x"}}})
    assert message.endswith("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")


def test_checkboxes_are_validation_and_stay_when_values_are_written(raw):
    rule = {"condition": {"type": "BOOLEAN"}, "strict": True}
    raw.ok({"setDataValidation": {"range": box(0, 3, 0, 1), "rule": rule}})
    raw.put("A1:A3", [[True], [False], ["x"]])
    found = raw.get(ranges="A1:A3", fields="sheets.data.rowData.values(dataValidation,userEnteredValue)")
    cells = [row["values"][0] for row in found["sheets"][0]["data"][0]["rowData"]]
    assert [found["dataValidation"] for found in cells] == [rule] * 3
    assert cells[0]["userEnteredValue"] == {"boolValue": True}


# -- rows and columns ----------------------------------------------------------------------------------------------


def test_the_last_unfrozen_row_cannot_be_deleted(raw):
    raw.ok({"updateSheetProperties": {
        "properties": {"sheetId": 0, "gridProperties": {"rowCount": 3, "frozenRowCount": 1}},
        "fields": "gridProperties(rowCount,frozenRowCount)",
    }})  # fmt: skip
    message = raw.refused({"deleteDimension": {"range": rows(1, 3)}})
    assert message == (
        "Invalid requests[0].deleteDimension: Sorry, it is not possible to delete all non-frozen rows."
    )
    raw.ok({"deleteDimension": {"range": rows(1, 2)}})


def test_everything_follows_inserted_and_deleted_rows(raw):
    raw.put("A1:A5", [["h"], ["1"], ["2"], ["3"], ["=SUM(A2:A4)"]], "USER_ENTERED")
    series = [{"series": {"sourceRange": {"sources": [box(1, 4, 0, 1)]}}}]
    position = {"overlayPosition": {"anchorCell": cell(4, 3)}}
    raw.ok(
        {"addNamedRange": {"namedRange": {"name": "Body", "range": box(1, 4, 0, 1)}}},
        {"mergeCells": {"range": box(2, 3, 1, 3), "mergeType": "MERGE_ALL"}},
        {"addProtectedRange": {"protectedRange": {"range": box(3, 4, 0, 1)}}},
        {"addChart": {"chart": {"spec": {"basicChart": {"series": series}}, "position": position}}},
        {"createDeveloperMetadata": {"developerMetadata": {
            "metadataId": 7, "metadataKey": "row", "visibility": "DOCUMENT",
            "location": {"dimensionRange": rows(3, 4)},
        }}},
    )  # fmt: skip
    raw.ok({"insertDimension": {"range": rows(1, 3), "inheritFromBefore": False}})
    found = raw.get(fields="namedRanges,sheets(merges,protectedRanges.range,charts)")
    assert found["namedRanges"][0]["range"]["startRowIndex"] == 3
    tab = found["sheets"][0]
    assert tab["merges"][0]["startRowIndex"] == 4
    assert tab["protectedRanges"][0]["range"]["startRowIndex"] == 5
    source = tab["charts"][0]["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"][0]
    assert (source["startRowIndex"], source["endRowIndex"]) == (3, 6)
    assert tab["charts"][0]["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 6, "columnIndex": 3}
    assert raw.values("A7", valueRenderOption="FORMULA") == [["=SUM(A4:A6)"]]
    raw.ok({"deleteDimension": {"range": rows(1, 5)}})
    assert raw.values("A1:A3", valueRenderOption="FORMULA") == [["h"], [3], ["=SUM(A2:A2)"]]
    answer = raw.session.get(f"{raw.url}/developerMetadata/7").json()
    assert answer["location"]["dimensionRange"]["startIndex"] == 1
    raw.ok({"deleteDimension": {"range": rows(1, 2)}})
    assert raw.session.get(f"{raw.url}/developerMetadata/7").status_code == 404
    assert raw.get(fields="namedRanges") == {}


def test_formulas_of_other_tabs_follow_to_the_very_row(raw):
    raw.ok({"addSheet": {"properties": {"sheetId": 5, "title": "Other"}}})
    raw.put("Other!A1:C1", [["=Sheet1!A5", "=Sheet1!A6", "=SUM(Sheet1!A2:A)"]], "USER_ENTERED")
    raw.ok({"deleteDimension": {"range": rows(5, 6)}})
    assert raw.values("Other!A1:C1", valueRenderOption="FORMULA") == [
        ["=Sheet1!A5", "=#REF!", "=SUM(Sheet1!A2:A)"]
    ]
    raw.ok({"insertDimension": {"range": rows(4, 5), "inheritFromBefore": False}})
    assert raw.values("Other!A1", valueRenderOption="FORMULA") == [["=Sheet1!A6"]]


def test_rows_and_columns_move(raw):
    raw.put("A1:C4", [[f"{row}{column}" for column in "abc"] for row in range(4)])
    raw.ok({"moveDimension": {"source": rows(0, 2), "destinationIndex": 4}})
    assert [row[0] for row in raw.values("A1:A4")] == ["2a", "3a", "0a", "1a"]
    columns = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    raw.ok({"moveDimension": {"source": columns, "destinationIndex": 0}})
    assert raw.values("A1:C1") == [["2c", "2a", "2b"]]


def test_insert_dimension_at_the_end_needs_inherit_from_before(raw):
    ask = {"range": rows(1000, 1001), "inheritFromBefore": False}
    assert raw.refused({"insertDimension": ask}) == (
        "Invalid requests[0].insertDimension: range.startIndex must be less than the grid size (1000) "
        "if inheritFromBefore is false."
    )
    raw.ok({"insertDimension": {**ask, "inheritFromBefore": True}})


def test_cell_limit(raw):
    message = raw.refused(
        {"addSheet": {"properties": {"gridProperties": {"rowCount": 100000, "columnCount": 100}}}}
    )
    assert "above the limit of 10000000 cells" in message


def test_fifty_thousand_characters(raw):
    raw.ok(write(0, 0, "x" * 50_000))
    assert raw.refused(write(0, 0, "x" * 50_001)) == (
        "Invalid requests[0].updateCells: "
        "Your input contains more than the maximum of 50000 characters in a single cell."
    )


def test_rows_are_hidden_and_sized(raw):
    raw.ok({"updateDimensionProperties": {
        "range": rows(1, 3), "properties": {"hiddenByUser": True, "pixelSize": 30}, "fields": "*",
    }})  # fmt: skip
    found = raw.get(ranges="A1:A3", fields="sheets.data.rowMetadata")["sheets"][0]["data"][0]["rowMetadata"]
    assert found == [{"pixelSize": 21}, *[{"pixelSize": 30, "hiddenByUser": True}] * 2]


def test_hidden_rows_stay_when_others_are_sorted(raw):
    raw.put("A1:A4", [["d"], ["c"], ["b"], ["a"]])
    raw.ok({"updateDimensionProperties": {
        "range": rows(1, 2), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}})  # fmt: skip
    raw.ok(
        {"sortRange": {"range": box(0, 4, 0, 26), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}}
    )
    assert raw.values("A1:A4") == [["a"], ["c"], ["b"], ["d"]]


# -- copying, finding ----------------------------------------------------------------------------------------------


def test_copy_paste_moves_relative_references_and_repeats(raw):
    raw.put("A1:B1", [[1, "=A1+$A$1"]], "USER_ENTERED")
    raw.ok({"copyPaste": {"source": box(0, 1, 0, 2), "destination": box(1, 3, 0, 2)}})
    assert raw.values("A1:B3", valueRenderOption="FORMULA") == [
        [1, "=A1+$A$1"], [1, "=A2+$A$1"], [1, "=A3+$A$1"],
    ]  # fmt: skip
    raw.ok({"copyPaste": {"source": box(0, 3, 1, 2), "destination": box(0, 1, 5, 6), "pasteType": "PASTE_VALUES"}})
    assert raw.values("F1:F3", valueRenderOption="FORMULA") == [[2], [2], [2]]


def test_copy_paste_of_values_keeps_texts_texts(raw):
    raw.put("A1:C1", [["007", "=x", "TRUE"]])
    raw.ok({"copyPaste": {"source": box(0, 1, 0, 3), "destination": box(4, 5, 0, 3), "pasteType": "PASTE_VALUES"}})
    assert raw.values("A5:C5", valueRenderOption="UNFORMATTED_VALUE") == [["007", "=x", "TRUE"]]


def test_cut_paste_data_and_find_replace(raw):
    raw.ok({"pasteData": {"coordinate": cell(0, 0), "data": "a\tb\n1\t2", "delimiter": "\t"}})
    raw.ok({"cutPaste": {"source": box(0, 1, 0, 2), "destination": cell(5, 0)}})
    assert raw.values("A1:B6") == [[], ["1", "2"], [], [], [], ["a", "b"]]
    answer = raw.ok({"findReplace": {"find": "a", "replacement": "z", "sheetId": 0, "matchEntireCell": True}})
    assert answer["replies"][0]["findReplace"] == {
        "valuesChanged": 1, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 1,
    }  # fmt: skip


def test_remove_duplicates_and_trim(raw):
    raw.put("A1:A4", [["x"], [" y "], ["x"], ["y"]])
    answer = raw.ok(
        {"trimWhitespace": {"range": box(0, 4, 0, 1)}}, {"deleteDuplicates": {"range": box(0, 4, 0, 1)}}
    )
    assert answer["replies"] == [
        {"trimWhitespace": {"cellsChangedCount": 1}}, {"deleteDuplicates": {"duplicatesRemovedCount": 2}},
    ]  # fmt: skip
    assert raw.values("A1:A4") == [["x"], ["y"]]


def test_auto_fill_counts_on_and_ranges_shift(raw):
    raw.put("A1:A2", [[1], [3]])
    fill = {"source": box(0, 2, 0, 1), "dimension": "ROWS", "fillLength": 2}
    raw.ok({"autoFill": {"sourceAndDestination": fill}})
    assert raw.values("A1:A4", valueRenderOption="UNFORMATTED_VALUE") == [[1], [3], [5], [7]]
    raw.ok({"insertRange": {"range": box(0, 1, 0, 1), "shiftDimension": "ROWS"}})
    raw.ok({"deleteRange": {"range": box(2, 3, 0, 1), "shiftDimension": "ROWS"}})
    assert raw.values("A1:A4", valueRenderOption="UNFORMATTED_VALUE") == [[], [1], [5], [7]]


def test_cleared_rows_do_not_count_when_cells_are_appended(raw):
    raw.put("A1:B3", [["a", "b"], ["c", "d"], ["e", "f"]])
    raw.put("A2:B3", [["", ""], ["", ""]])
    values = [{"userEnteredValue": {"stringValue": "new"}}]
    raw.ok({"appendCells": {"sheetId": 0, "fields": "userEnteredValue", "rows": [{"values": values}]}})
    assert raw.values("A1:B3") == [["a", "b"], ["new"]]


# -- attachments ----------------------------------------------------------------------------------------------------


def test_filters_hide_rows_until_cleared(raw):
    raw.put("A1:A4", [["h"], ["x"], ["y"], ["x"]])
    criteria = {"0": {"hiddenValues": ["x"]}}
    raw.ok({"setBasicFilter": {"filter": {"range": box(0, 4, 0, 1), "criteria": criteria}}})
    found = raw.get(ranges="A1:A4", fields="sheets.data.rowMetadata.hiddenByFilter")
    assert [bool(row) for row in found["sheets"][0]["data"][0]["rowMetadata"]] == [False, True, False, True]
    raw.ok({"clearBasicFilter": {"sheetId": 0}})
    found = raw.get(ranges="A1:A4", fields="sheets.data.rowMetadata.hiddenByFilter")
    assert not any(found["sheets"][0]["data"][0]["rowMetadata"])


def test_rules_bands_groups_and_views_are_listed_as_sent(raw):
    rule = {"ranges": [box(0, 5, 0, 1)], "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {}}}
    color = {"red": 1}
    answer = raw.ok(
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"addBanding": {"bandedRange": {"range": box(0, 5, 0, 2), "rowProperties": {"headerColor": color}}}},
        {"addDimensionGroup": {"range": rows(1, 3)}},
        {"addFilterView": {"filter": {"title": "Mine", "range": box(0, 5, 0, 2)}}},
    )
    found = raw.get(fields="sheets(conditionalFormats,bandedRanges,rowGroups,filterViews)")["sheets"][0]
    assert found["conditionalFormats"][0]["booleanRule"]["condition"] == {"type": "NOT_BLANK"}
    assert found["bandedRanges"][0]["rowProperties"]["headerColorStyle"] == {"rgbColor": {"red": 1}}
    assert found["rowGroups"] == [{"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 3}, "depth": 1}]
    view = answer["replies"][3]["addFilterView"]["filter"]["filterViewId"]
    band = answer["replies"][1]["addBanding"]["bandedRange"]["bandedRangeId"]
    answer = raw.ok(
        {"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}},
        {"deleteBanding": {"bandedRangeId": band}},
        {"deleteDimensionGroup": {"range": rows(1, 3)}},
        {"duplicateFilterView": {"filterId": view}},
        {"deleteFilterView": {"filterId": view}},
    )
    assert answer["replies"][3]["duplicateFilterView"]["filter"]["title"] == "Copy of Mine"
    found = raw.get(fields="sheets(conditionalFormats,bandedRanges,rowGroups)")
    assert found == {"sheets": [{}]}


def test_folding_a_group_hides_its_rows_and_unfolding_shows_them(raw):
    """The group moves with rows that are inserted above it, and stays folded."""
    raw.ok({"addDimensionGroup": {"range": rows(1, 3)}})

    def fold(span, *, folded):
        group = {"range": span, "depth": 1, "collapsed": folded}
        raw.ok({"updateDimensionGroup": {"dimensionGroup": group, "fields": "collapsed"}})

    def hidden():
        found = raw.get(ranges="A1:A6", fields="sheets.data.rowMetadata.hiddenByUser")["sheets"][0]["data"][0]
        return [n for n, row in enumerate(found["rowMetadata"]) if row.get("hiddenByUser")]

    fold(rows(1, 3), folded=True)
    assert hidden() == [1, 2]
    raw.ok({"insertDimension": {"range": rows(0, 1), "inheritFromBefore": False}})
    (group,) = raw.get(fields="sheets.rowGroups")["sheets"][0]["rowGroups"]
    assert (group["range"]["startIndex"], group["range"]["endIndex"], group["collapsed"]) == (2, 4, True)
    assert hidden() == [2, 3]
    fold(rows(2, 4), folded=False)
    assert hidden() == []
    columns = {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    folded = {"range": columns, "depth": 1, "collapsed": True}
    raw.ok({"addDimensionGroup": {"range": columns}})
    raw.ok({"updateDimensionGroup": {"dimensionGroup": folded, "fields": "collapsed"}})
    found = raw.get(ranges="A1:C1", fields="sheets.data.columnMetadata.hiddenByUser")["sheets"][0]["data"][0]
    assert [bool(one.get("hiddenByUser")) for one in found["columnMetadata"]] == [False, True, False]


def test_charts_move_change_and_go(raw):
    chart = {"spec": {"title": "A", "pieChart": {}}, "position": {"overlayPosition": {"anchorCell": cell(1, 1)}}}
    made = raw.ok({"addChart": {"chart": chart}})["replies"][0]["addChart"]["chart"]
    assert made["position"]["overlayPosition"]["widthPixels"] == 600
    answer = raw.ok(
        {"updateChartSpec": {"chartId": made["chartId"], "spec": {"title": "B", "pieChart": {}}}},
        {"updateEmbeddedObjectPosition": {
            "objectId": made["chartId"], "fields": "anchorCell",
            "newPosition": {"overlayPosition": {"anchorCell": cell(9, 9)}},
        }},
    )  # fmt: skip
    moved = answer["replies"][1]["updateEmbeddedObjectPosition"]["position"]["overlayPosition"]
    assert moved["anchorCell"] == {"rowIndex": 9, "columnIndex": 9}
    assert raw.get(fields="sheets.charts.spec.title") == {"sheets": [{"charts": [{"spec": {"title": "B"}}]}]}
    raw.ok({"deleteEmbeddedObject": {"objectId": made["chartId"]}})
    assert raw.get(fields="sheets.charts") == {"sheets": [{}]}


def test_borders_and_dimension_groups_leave_values(raw):
    raw.put("A1", [["x"]])
    line = {"style": "SOLID", "color": {"red": 1}}
    raw.ok({"updateBorders": {"range": box(0, 2, 0, 2), "top": line, "innerHorizontal": line}})
    found = raw.get(ranges="A1:A2", fields="sheets.data.rowData.values.userEnteredFormat.borders")
    cells = [row["values"][0]["userEnteredFormat"]["borders"] for row in found["sheets"][0]["data"][0]["rowData"]]
    assert [sorted(found) for found in cells] == [["bottom", "top"], ["top"]]
    assert raw.values("A1") == [["x"]]


# -- what comes back ------------------------------------------------------------------------------------------------


def test_the_spreadsheet_can_come_back_with_the_answer(raw):
    answer = raw.session.post(
        f"{raw.url}:batchUpdate",
        params={
            "fields": "replies,updatedSpreadsheet.sheets(properties.title,data.rowData.values.formattedValue)"
        },
        json={
            "requests": [write(0, 0, "new"), write(4, 4, "outside")],
            "includeSpreadsheetInResponse": True,
            "responseRanges": ["Sheet1!A1:B2"],
            "responseIncludeGridData": True,
        },
    ).json()
    assert answer == {
        "replies": [{}, {}],
        "updatedSpreadsheet": {"sheets": [
            {"properties": {"title": "Sheet1"}, "data": [{"rowData": [{"values": [{"formattedValue": "new"}]}]}]},
        ]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"addSheet": {"properties": {"title": "Sheet1"}}},
         'addSheet: A sheet with the name "Sheet1" already exists. Please enter another name.'),
        ({"updateCells": {"start": {"sheetId": 9}, "fields": "*", "rows": []}}, "updateCells: No grid with id: 9"),
        ({"deleteSheet": {"sheetId": 0}}, "deleteSheet: You can't remove all the sheets in a document."),
        ({"updateNamedRange": {"namedRange": {"namedRangeId": "x"}, "fields": "name"}},
         "updateNamedRange: No NamedRange with id: x"),
        ({"deleteProtectedRange": {"protectedRangeId": 3}},
         "deleteProtectedRange: No protected range with id: 3"),
        ({"addDataSource": {}}, "addDataSource: not implemented by the emulator."),
    ],
)  # fmt: skip
def test_refusals_in_googles_words(raw, request_, message):
    assert raw.refused(request_) == f"Invalid requests[0].{message}"


def test_a_mask_may_clear_what_no_cell_has(raw, sheet):
    """pygsheets' mask for a cell's formats names pivot tables too."""
    fields = "userEnteredFormat,note,pivotTable,chipRuns"
    raw.ok({"repeatCell": {"range": {"sheetId": 0, "endRowIndex": 2}, "cell": {"note": "n"}, "fields": fields}})


@pytest.mark.parametrize(
    "request_",
    [
        {"updateCells": {"start": cell(0, 0), "fields": "*", "rows": [{"values": [{"pivotTable": {}}]}]}},
        {"updateCells": {"start": cell(0, 0), "fields": "chipRuns", "rows": [{"values": [{"chipRuns": [{}]}]}]}},
        {"sortRange": {"range": box(0, 2, 0, 1), "sortSpecs": [{"backgroundColor": {"red": 1}}]}},
        {"addSheet": {"properties": {"sheetType": "OBJECT"}}},
        {"updateSpreadsheetProperties": {"properties": {}, "fields": "defaultFormat"}},
        {"pasteData": {"coordinate": cell(0, 0), "data": "<b>x</b>", "html": True}},
        {"pasteData": {"coordinate": cell(0, 0), "data": "a||b", "delimiter": "||"}},
        {"pasteData": {"coordinate": cell(0, 0), "data": "ab", "delimiter": '"'}},
        {"pasteData": {"coordinate": cell(0, 0), "data": "ab", "delimiter": "\n"}},
        {"addTable": {}},
    ],
)
def test_what_is_not_there_is_said_and_not_ignored(raw, request_):
    assert raw.refused(request_).endswith("not implemented by the emulator.")


def test_pasted_lines_end_as_lines_of_any_system_do_and_have_bounds(raw):
    raw.ok({"pasteData": {"coordinate": cell(0, 0), "data": "a|b\rc|d\r\ne", "delimiter": "|"}})
    assert raw.values("A1:B3") == [["a", "b"], ["c", "d"], ["e"]]
    long = {"coordinate": cell(0, 0), "data": "x" * 200_000, "delimiter": ","}
    assert "requests[0].pasteData" in raw.refused({"pasteData": long})


@pytest.mark.parametrize("request_", ["setBasicFilter", "addFilterView"])
@pytest.mark.parametrize("criteria", [{"criteria": {"-30": {}}}, {"filterSpecs": [{"columnIndex": -1}]}], ids=str)
def test_a_filter_has_no_column_before_the_first(raw, request_, criteria):
    raw.put("A1:A3", [["x"], ["y"], ["z"]])
    wanted = {"range": box(0, 3, 0, 1), **criteria}
    assert "counted from 0" in raw.refused({request_: {"filter": wanted}})


def test_an_empty_batch_is_refused(raw):
    assert raw.refused() == "Must specify at least one request."


def test_named_range_names_are_unique(raw):
    ask = {"addNamedRange": {"namedRange": {"name": "Range1", "range": box(0, 1, 0, 1)}}}
    raw.ok(ask)
    assert raw.refused(ask) == (
        "Invalid requests[0].addNamedRange: Cannot add named range with name: Range1, "
        "a named range with that name already exists."
    )


def test_vertical_merges_cannot_be_sorted(raw):
    raw.ok({"mergeCells": {"range": box(2, 4, 10, 11), "mergeType": "MERGE_ALL"}})
    ask = {"range": box(0, 5, 0, 26), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}
    assert raw.refused({"sortRange": ask}).endswith(
        "You can't sort a range containing vertical merges. There is a vertical merge at K3:K4"
    )
