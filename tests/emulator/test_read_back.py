"""What is kept comes back as Google gives it: without what is at its default, with what Google fills in."""

import pytest

from sheets_crm.emulator.defaults import without_defaults
from sheets_crm.emulator.formulas.looks import Looks

RANGE = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 3}
SHOWN = {name: index for name, index in RANGE.items() if name != "sheetId"}
WHITE, RED = {"red": 1, "green": 1, "blue": 1}, {"red": 1}
ANCHOR = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 0, "columnIndex": 6}, "offsetXPixels": 0}}


def back(raw, name):
    return raw.get(fields=f"sheets.{name}")["sheets"][0][name]


@pytest.mark.parametrize(
    ("value", "spec", "expected"),
    [
        ({"filterSpecs": [], "sortSpecs": [], "criteria": {}, "tableId": ""}, "$BasicFilter", {}),
        (
            {"sortSpecs": [{"dimensionIndex": 0, "sortOrder": "SORT_ORDER_UNSPECIFIED"}]},
            "$BasicFilter",
            {"sortSpecs": [{"dimensionIndex": 0}]},
        ),
        (
            {"criteria": {"0": {"hiddenValues": [], "condition": {"type": "BLANK", "values": []}}}},
            "$FilterView",
            {"criteria": {"0": {"condition": {"type": "BLANK"}}}},
        ),
        ({"strict": False, "showCustomUi": False, "inputMessage": ""}, "$DataValidationRule", {}),
        ({"textFormat": {"bold": False, "fontFamily": ""}}, "$CellFormat", {"textFormat": {"bold": False}}),
        (
            {"viewWindowOptions": {"viewWindowMin": 0}},
            "$BasicChartAxis",
            {"viewWindowOptions": {"viewWindowMin": 0}},
        ),
        (
            {"viewWindowOptions": {"viewWindowMode": "DEFAULT_VIEW_WINDOW_MODE"}},
            "$BasicChartAxis",
            {"viewWindowOptions": {}},
        ),
        ({"pieHole": 0, "threeDimensional": False, "domain": {}}, "$PieChartSpec", {"domain": {}}),
        ({"headerCount": 0, "lineSmoothing": False}, "$BasicChartSpec", {"headerCount": 0}),
        ({"range": {"startRowIndex": 0}, "collapsed": False, "depth": 1}, "$DimensionGroup", None),
        ({"sheetId": 0, "index": 0, "hidden": False}, "$SheetProperties", {"sheetId": 0, "index": 0}),
        ({"numberValue": 0}, "$ExtendedValue", {"numberValue": 0}),
        ([{"red": 0, "green": 1}, {}], ["$Color"], [{"green": 1}, {}]),
    ],
)
def test_fields_at_their_default_are_left_out_and_messages_stay(value, spec, expected):
    expected = {"range": {"startRowIndex": 0}, "depth": 1} if expected is None else expected
    assert without_defaults(value, spec) == expected


def test_a_basic_filter_comes_back_without_empty_lists(raw):
    raw.ok({"setBasicFilter": {"filter": {"range": RANGE, "filterSpecs": [], "sortSpecs": []}}})
    assert back(raw, "basicFilter") == {"range": SHOWN}
    raw.ok({"setBasicFilter": {"filter": {"range": {"sheetId": 0, "startRowIndex": 0}}}})
    assert back(raw, "basicFilter")["range"] == {**SHOWN, "endRowIndex": 1000, "endColumnIndex": 26}


@pytest.mark.parametrize("kind", ["setBasicFilter", "addFilterView"])
def test_criteria_come_back_both_by_column_and_as_a_list(raw, kind):
    wanted = {"hiddenValues": ["x"]}
    both = {
        "criteria": {"0": wanted, "2": {"condition": {"type": "BLANK"}}},
        "filterSpecs": [
            {"columnIndex": 0, "filterCriteria": wanted},
            {"columnIndex": 2, "filterCriteria": {"condition": {"type": "BLANK"}}},
        ],
    }
    name = "basicFilter" if kind == "setBasicFilter" else "filterViews"
    for half in ("criteria", "filterSpecs"):
        raw.ok({kind: {"filter": {"range": RANGE, half: both[half]}}})
        found = back(raw, name)
        found = found if isinstance(found, dict) else found[-1]
        assert {part: found[part] for part in both} == both


def test_a_filter_views_criteria_are_replaced_in_both_forms(raw):
    view = {"range": RANGE, "filterSpecs": [{"columnIndex": 1, "filterCriteria": {"hiddenValues": ["x"]}}]}
    made = raw.ok({"addFilterView": {"filter": view}})["replies"][0]["addFilterView"]["filter"]
    change = {"filterViewId": made["filterViewId"], "criteria": {"2": {"hiddenValues": ["y"]}}}
    raw.ok({"updateFilterView": {"filter": change, "fields": "criteria"}})
    found = back(raw, "filterViews")[0]
    assert found["filterSpecs"] == [{"columnIndex": 2, "filterCriteria": {"hiddenValues": ["y"]}}]
    assert found["criteria"] == {"2": {"hiddenValues": ["y"]}}


def test_a_basic_filter_by_dates_hides_the_other_days(raw):
    raw.put("A1:A5", [["day"], ["=TODAY()+1"], ["=TODAY()"], ["=TODAY()-1"], ["text"]], "USER_ENTERED")
    for kind, bound, shown in (
        ("DATE_AFTER", {"relativeDate": "TODAY"}, [1]),
        ("DATE_BEFORE", {"relativeDate": "TODAY"}, [3]),
        ("DATE_EQ", {"relativeDate": "YESTERDAY"}, [3]),
        ("DATE_BEFORE", {"userEnteredValue": "1/1/2020"}, []),
    ):
        specs = [{"columnIndex": 0, "filterCriteria": {"condition": {"type": kind, "values": [bound]}}}]
        raw.ok({"setBasicFilter": {"filter": {"range": {**RANGE, "endColumnIndex": 1}, "filterSpecs": specs}}})
        found = raw.get(fields="sheets.data.rowMetadata.hiddenByFilter", ranges="A1:A5")
        lines = found["sheets"][0]["data"][0]["rowMetadata"]
        assert [n for n, line in enumerate(lines) if n and not line.get("hiddenByFilter")] == shown, kind


def test_rules_bands_slicers_and_groups_lose_what_is_at_its_default(raw):
    rule = {"ranges": [RANGE], "booleanRule": {
        "condition": {"type": "NOT_BLANK", "values": []},
        "format": {"textFormat": {"bold": False, "fontFamily": ""}, "backgroundColor": {"red": 0}},
    }}  # fmt: skip
    span = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}
    collapse = {"range": span, "depth": 1, "collapsed": False}
    slicer = {"dataRange": RANGE, "columnIndex": 1, "applyToPivotTables": False, "title": "", "filterCriteria": {}}
    reply = raw.ok(
        {"addConditionalFormatRule": {"rule": rule}},
        {"addBanding": {"bandedRange": {"range": RANGE, "rowProperties": {"headerColor": {"red": 0}}}}},
        {"addSlicer": {"slicer": {"spec": slicer, "position": ANCHOR}}},
        {"addDimensionGroup": {"range": span}},
        {"updateDimensionGroup": {"dimensionGroup": collapse, "fields": "collapsed"}},
        {"updateConditionalFormatRule": {"sheetId": 0, "index": 0, "rule": rule}},
    )["replies"]
    black = {"backgroundColor": {}, "backgroundColorStyle": {"rgbColor": {}}}
    kept = {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": False}, **black}}
    assert back(raw, "conditionalFormats") == [{"ranges": [SHOWN], "booleanRule": kept}]
    assert reply[5]["updateConditionalFormatRule"].keys() == {"oldRule", "newRule"}
    band = reply[1]["addBanding"]["bandedRange"]
    assert band["rowProperties"] == {"headerColor": {}, "headerColorStyle": {"rgbColor": {}}}
    assert reply[2]["addSlicer"]["slicer"]["spec"] == {
        "dataRange": SHOWN, "columnIndex": 1, "applyToPivotTables": False, "filterCriteria": {},
    }  # fmt: skip
    shown_span = {name: value for name, value in span.items() if name != "sheetId"}
    assert back(raw, "rowGroups") == [{"range": shown_span, "depth": 1}]


def test_validation_comes_back_without_what_is_false(raw):
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "y"}]}, "inputMessage": ""}
    given = {**rule, "strict": False, "showCustomUi": False}
    cell = {"dataValidation": given}
    row = {"rows": [{"values": [cell]}], "fields": "dataValidation"}
    raw.ok(
        {"setDataValidation": {"range": {**RANGE, "endRowIndex": 1, "endColumnIndex": 1}, "rule": given}},
        {"updateCells": {"start": {"sheetId": 0, "columnIndex": 1}, **row}},
    )
    found = raw.get(ranges="A1:B1", fields="sheets.data.rowData.values.dataValidation")
    expected = {"condition": rule["condition"]}
    assert found["sheets"][0]["data"][0]["rowData"][0]["values"] == [{"dataValidation": expected}] * 2


def source(column):
    return {"sourceRange": {"sources": [{**RANGE, "startColumnIndex": column, "endColumnIndex": column + 1}]}}


def test_a_chart_comes_back_with_the_fonts_that_google_fills_in(raw):
    basic = {
        "chartType": "COLUMN", "headerCount": 1, "interpolateNulls": False,
        "axis": [{"position": "BOTTOM_AXIS", "title": "Day"}, {"position": "LEFT_AXIS"}],
        "domains": [{"domain": source(0)}], "series": [{"series": source(1), "targetAxis": "LEFT_AXIS"}],
    }  # fmt: skip
    chart = {"spec": {"title": "T", "basicChart": basic}, "position": ANCHOR}
    reply = raw.ok({"addChart": {"chart": chart}})["replies"][0]["addChart"]["chart"]
    assert back(raw, "charts") == [reply]
    spec = reply["spec"]
    assert (spec["fontName"], spec["titleTextFormat"]) == ("Roboto", {"fontFamily": "Roboto"})
    assert spec["hiddenDimensionStrategy"] == "SKIP_HIDDEN_ROWS_AND_COLUMNS"
    assert "interpolateNulls" not in spec["basicChart"]
    assert spec["basicChart"]["axis"] == [
        {"position": "BOTTOM_AXIS", "title": "Day", "format": {"fontFamily": "Roboto"}}, {"position": "LEFT_AXIS"},
    ]  # fmt: skip
    assert reply["position"] == {
        "overlayPosition": {"anchorCell": {"columnIndex": 6}, "widthPixels": 600, "heightPixels": 371}
    }
    own = {"title": "T", "fontName": "Arial", "titleTextFormat": {"bold": True}, "pieChart": {"pieHole": 0.5}}
    raw.ok({"updateChartSpec": {"chartId": reply["chartId"], "spec": own}})
    assert back(raw, "charts")[0]["spec"] == {
        **own, "titleTextFormat": {"bold": True, "fontFamily": "Arial"},
        "hiddenDimensionStrategy": "SKIP_HIDDEN_ROWS_AND_COLUMNS",
    }  # fmt: skip
    raw.ok({"updateChartSpec": {"chartId": reply["chartId"], "spec": {"pieChart": {}}}})
    assert "titleTextFormat" not in back(raw, "charts")[0]["spec"]


def test_a_chart_at_the_first_cell_still_follows_inserted_rows(raw):
    chart = {"spec": {"pieChart": {}}, "position": {"overlayPosition": {"anchorCell": {}}}}
    raw.ok({"addChart": {"chart": chart}})
    assert back(raw, "charts")[0]["position"]["overlayPosition"]["anchorCell"] == {}
    span = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 3}
    raw.ok({"insertDimension": {"range": span}})
    assert back(raw, "charts")[0]["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 3}


def test_only_cells_that_are_read_are_looked_at(raw, sheet, monkeypatch):
    """How results look is worked out for who reads what cells show, and of no other cells."""
    raw.put("A1:B3", [["=DATE(2026,1,1)", "=A1+1"], ["=B1", "=A2"], ["text", "=A1"]], "USER_ENTERED")
    asked = []
    look = Looks.number_format
    monkeypatch.setattr(
        Looks, "number_format", lambda self, cell, value: (asked.append(cell), look(self, cell, value))[1]
    )
    assert raw.values("B1:B2") == [["1/2/2026"], ["1/2/2026"]]
    assert sorted(asked) == [("Sheet1", 0, 1), ("Sheet1", 1, 1)]
    asked.clear()
    assert raw.values("A3") == [["text"]]
    assert raw.values("A1:B3", valueRenderOption="UNFORMATTED_VALUE")[0] == [46023, 46024]
    assert asked == []
