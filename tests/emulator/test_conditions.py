"""Conditions of validation, of filters and of conditional formats: what they take, refuse and mean for each cell."""

from types import SimpleNamespace

import pytest
from emulator_client import Raw, client, start
from page_visitor import Visitor

from sheets_crm.emulator.addresses import is_email, is_link, is_url
from sheets_crm.emulator.conditional_formats import conditional_formats
from sheets_crm.emulator.geometry import clip
from sheets_crm.emulator.validation_rules import kept_rule, shown_rule


@pytest.fixture
def visitor(server, sheet):
    return Visitor(server, sheet)


def box(top, bottom, left=0, right=1):
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    return {"sheetId": 0, **dict(zip(names, (top, bottom, left, right), strict=True))}


def condition(kind, *values):
    given = [value if isinstance(value, dict) else {"userEnteredValue": value} for value in values]
    return {"type": kind, "values": given} if given else {"type": kind}


def validation(place, *wanted, **more):
    rule = {"condition": condition(*wanted), "strict": True, **more}
    return {"setDataValidation": {"range": place, "rule": rule}}


def filtered(*wanted, place=None, **more):
    criteria = {"condition": condition(*wanted)} if wanted else more
    specs = [{"columnIndex": 0, "filterCriteria": criteria}]
    return {"setBasicFilter": {"filter": {"range": place or box(0, 6), "filterSpecs": specs}}}


def formatted(*wanted):
    rule = {"condition": condition(*wanted), "format": {"backgroundColor": {"red": 1}}}
    return {"addConditionalFormatRule": {"rule": {"ranges": [box(0, 6)], "booleanRule": rule}, "index": 0}}


def rules(raw, place):
    rows = raw.get(ranges=place, fields="sheets.data.rowData.values.dataValidation")["sheets"][0]["data"][0]
    cells = (cell for row in rows.get("rowData", []) for cell in row.get("values", []))
    return [
        [value["userEnteredValue"] for value in cell["dataValidation"]["condition"]["values"]] if cell else None
        for cell in cells
    ]


def shown(raw, last=6):
    lines = raw.get(fields="sheets.data.rowMetadata.hiddenByFilter", ranges=f"A1:A{last}")
    return [n for n, line in enumerate(lines["sheets"][0]["data"][0]["rowMetadata"]) if n and not line]


# -- rules of cells -------------------------------------------------------------------------------------------------


def test_a_rule_is_read_from_the_cell_that_it_stands_in(visitor, raw, sheet):
    raw.ok(validation(box(1, 10), "CUSTOM_FORMULA", "=ISNUMBER(A2)"))
    raw.ok(validation(box(1, 10, 1, 2), "NUMBER_GREATER", "=$A$1+A2"))
    assert rules(raw, "A5:B5") == [["=ISNUMBER(A5)"], ["=$A$1+A5"]]
    assert visitor.type(4, 0, [["7", "8"]]).status_code == 200
    assert "A6" in visitor.type(5, 0, [["text"]]).json()["error"]["message"]
    assert "B5" in visitor.type(4, 1, [["7"]]).json()["error"]["message"]


def test_what_does_not_meet_the_cells_own_rule_is_marked(visitor, raw, sheet):
    sheet.sheet1.update([["h"], [1], [5], [3]], "A1")
    raw.ok(validation(box(2, 4), "NUMBER_GREATER", "=A2", strict=False))
    assert [row.get("invalid") for row in visitor.cells()["rows"]] == [None, None, None, {"0": ""}]


def test_rules_keep_their_distances_when_cells_are_copied_filled_and_moved(raw):
    raw.ok(validation(box(3, 4, 1, 2), "CUSTOM_FORMULA", "=B4>A3"))
    paste = {"source": box(3, 4, 1, 2), "destination": box(6, 7, 2, 3)}
    raw.ok({"copyPaste": paste | {"pasteType": "PASTE_DATA_VALIDATION"}})
    assert rules(raw, "C7") == [["=C7>B6"]]
    raw.ok({"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}}})
    assert rules(raw, "B6") == [["=B6>A5"]]
    raw.ok({"copyPaste": paste | {"source": box(5, 6, 1, 2), "destination": box(0, 1)}})
    assert rules(raw, "A1") == [["=A1>#REF!"]]


def test_updates_write_rules_for_their_own_cells_and_repeats_for_the_first(raw):
    def cell(text):
        return {"dataValidation": {"condition": condition("CUSTOM_FORMULA", text)}}

    rows = [{"values": [cell(f"=A{n}>$B$1")]} for n in (2, 3)]
    start = {"sheetId": 0, "rowIndex": 1, "columnIndex": 0}
    raw.ok({"updateCells": {"start": start, "rows": rows, "fields": "dataValidation"}})
    raw.ok({"repeatCell": {"range": box(1, 3, 2, 3), "cell": cell("=C2>B2"), "fields": "dataValidation"}})
    both = cell("=D1>0") | {"note": "n"}
    raw.ok({"repeatCell": {"range": box(1, 3, 3, 4), "cell": both, "fields": "note,dataValidation"}})
    assert rules(raw, "A3:D3") == [["=A3>$B$1"], None, ["=C3>B3"], ["=D2>0"]]
    strict = {"repeatCell": {"range": box(1, 3), "cell": {"dataValidation": {"strict": True}}}}
    strict["repeatCell"]["fields"] = "dataValidation.strict"
    raw.ok(strict)
    assert rules(raw, "A2:A3") == [["=A2>$B$1"], ["=A3>$B$1"]]


@pytest.mark.long
def test_rules_are_kept_over_a_restart_and_on_copies_of_their_tab(tmp_path):
    server = start(tmp_path)
    made = client(server).create("rules")
    raw = Raw(server, made.id)
    raw.ok(validation(box(1, 10), "CUSTOM_FORMULA", "=A2>A1"))
    server.stop()
    server = start(tmp_path)
    raw = Raw(server, made.id)
    assert rules(raw, "A5") == [["=A5>A4"]]
    raw.ok({"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "copy"}})
    assert rules(raw, "copy!A7") == [["=A7>A6"]]
    server.stop()


def test_cells_that_are_given_the_same_rule_one_by_one_share_it():
    for texts in (("=B3>A2", "=B9>A8"), ("=B3", "=B9"), ("=COUNTIF($A$1:A3;A3)=1", "=COUNTIF($A$1:A9;A9)=1")):
        places = ((2, 1), (8, 1))
        rules = [{"condition": condition("CUSTOM_FORMULA", text)} for text in texts]
        kept = [kept_rule(rule, place, "es_ES") for rule, place in zip(rules, places, strict=True)]
        assert kept[0] == kept[1]
        assert [shown_rule(one, place) for one, place in zip(kept, places, strict=True)] == rules
    plain = {"condition": condition("NUMBER_GREATER", "=$A$1")}
    assert kept_rule(plain, (5, 5), "en_US") == plain


@pytest.mark.parametrize("source", ["='My words'!A1:A3", "=words", "=$F$1:$F$3"])
def test_a_list_is_found_by_its_quoted_tab_and_by_name_and_read_back_with_dollars(visitor, raw, sheet, source):
    raw.ok({"addSheet": {"properties": {"sheetId": 7, "title": "My words"}}})
    named = {"name": "words", "range": {"sheetId": 7, "startRowIndex": 0, "endRowIndex": 3, "endColumnIndex": 1}}
    raw.ok({"addNamedRange": {"namedRange": named}})
    sheet.worksheet("My words").update([["one"], ["two"]], "A1")
    sheet.sheet1.update([["one"], ["two"]], "F1")
    raw.ok(validation(box(0, 2), "ONE_OF_RANGE", source))
    assert rules(raw, "A2") == [["='My words'!$A$1:$A$3" if source.startswith("='") else source]]
    assert visitor.type(0, 0, [["one"], ["two"]]).status_code == 200
    assert visitor.type(1, 0, [["three"]]).status_code == 400
    page = visitor.cells()
    assert page["looks"][str(page["rows"][0]["looks"][0])]["choices"] == ["one", "two"]


def test_every_word_of_a_long_list_is_valid_and_one_of_a_tab_that_left_unknown(visitor, raw, sheet):
    raw.ok({"addSheet": {"properties": {"sheetId": 7, "title": "Gone"}}})
    sheet.sheet1.update([[f"w{n}"] for n in range(700)], "B1")
    raw.ok(validation(box(0, 1), "ONE_OF_RANGE", "=$B$1:$B$700"))
    raw.ok(validation(box(1, 2), "ONE_OF_RANGE", "=Gone!$B$1:$B$700"))
    raw.ok({"deleteSheet": {"sheetId": 7}})
    assert visitor.type(0, 0, [["w699"], ["whatever"]]).status_code == 200
    assert visitor.type(0, 0, [["w700"]]).status_code == 400
    page = visitor.cells()
    assert [len(page["looks"][str(row["looks"][0])]["choices"]) for row in page["rows"][:2]] == [500, 0]


def test_a_list_of_dates_that_formulas_give_is_met_by_what_they_show(visitor, raw, sheet):
    sheet.sheet1.update([["=DATE(2026,5,4)"]], "C1", raw=False)
    raw.ok(validation(box(0, 1), "ONE_OF_RANGE", "=$C$1:$C$9"))
    raw.ok(validation(box(1, 2), "ONE_OF_LIST", "5/4/2026"))
    assert visitor.type(0, 0, [["5/4/2026"], ["=C1+0"]]).status_code == 200
    assert visitor.type(1, 0, [["=C1+1"]]).status_code == 400


# -- filters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        (("CUSTOM_FORMULA", "=A2>B2"), [2, 4]),
        (("CUSTOM_FORMULA", "=MOD(ROW();2)=0"), [1, 3, 5]),
        (("NUMBER_GREATER", "=$B$2"), [2, 4]),
        (("NUMBER_LESS_THAN_EQ", "1,5"), [1, 3]),
        (("TEXT_STARTS_WITH", "ANA"), [5]),
        (("TEXT_NOT_CONTAINS", ","), [2, 4, 5]),
    ],
)
def test_a_filter_shows_the_rows_that_meet_its_condition(raw, sheet, wanted, rows):
    sheet.update_locale("es_ES")
    lines = [["n", "m"], ["1,5", 2], [3, 1], ["0,5", 1], [4, 3], ["ana@example.com", "x"]]
    sheet.sheet1.update(lines, "A1", raw=False)
    raw.ok(filtered(*wanted))
    assert shown(raw) == rows


def test_a_filter_compares_what_formulas_show(raw, sheet):
    sheet.sheet1.update([["day"], ["=DATE(2026,5,4)"], ["=DATE(2026,5,5)"], ["5/4/2026"]], "A1", raw=False)
    raw.ok(filtered(hiddenValues=["5/4/2026"], place=box(0, 4)))
    assert shown(raw, 4) == [2]
    raw.ok(filtered("TEXT_CONTAINS", "5/5", place=box(0, 4)))
    assert shown(raw, 4) == [2]


@pytest.mark.parametrize(
    "name",
    [
        "visibleBackgroundColor",
        "visibleBackgroundColorStyle",
        "visibleForegroundColor",
        "visibleForegroundColorStyle",
    ],
)
def test_filters_by_colour_and_of_tables_are_refused_by_name(raw, name):
    criteria = {name: {"rgbColor": {"red": 1}} if name.endswith("Style") else {"red": 1}}
    made = raw.ok({"addFilterView": {"filter": {"range": box(0, 6)}}})["replies"][0]["addFilterView"]["filter"]
    specs = [{"columnIndex": 0, "filterCriteria": criteria}]
    for wish in (
        filtered(**criteria),
        {"setBasicFilter": {"filter": {"range": box(0, 6), "criteria": {"0": criteria}}}},
        {"addFilterView": {"filter": {"range": box(0, 6), "filterSpecs": specs}}},
        {
            "updateFilterView": {
                "filter": {"filterViewId": made["filterViewId"], "filterSpecs": specs},
                "fields": "filterSpecs",
            }
        },
    ):
        assert f"{name} is not implemented by the emulator." in raw.refused(wish)
    for kind in ("setBasicFilter", "addFilterView"):
        words = raw.refused({kind: {"filter": {"range": box(0, 6), "tableId": "t"}}})
        assert "tableId in filters is not implemented by the emulator." in words


# -- what is refused everywhere -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (("NUMBER_GREATER",), "ConditionType 'NUMBER_GREATER' requires exactly one ConditionValue, but 0 values"),
        (("DATE_EQ",), "ConditionType 'DATE_EQ' requires exactly one ConditionValue, but 0 values were supplied."),
        (("TEXT_CONTAINS", "a", "b"), "requires exactly one ConditionValue, but 2 values were supplied."),
        (("NUMBER_BETWEEN", "1"), "requires exactly two ConditionValues, but 1 values were supplied."),
        (("NUMBER_EQ", "many"), "Invalid ConditionValue.userEnteredValue: many for ConditionType: NUMBER_EQ"),
        (("DATE_AFTER", "soon"), "Invalid ConditionValue.userEnteredValue: soon for ConditionType: DATE_AFTER"),
        (
            ("CUSTOM_FORMULA", "=SUM(A1"),
            "Invalid ConditionValue.userEnteredValue: =SUM(A1 for ConditionType: CUSTOM",
        ),
    ],
)
def test_conditions_that_cannot_be_read_are_refused_everywhere(raw, wanted, words):
    for wish in (validation(box(0, 6), *wanted), filtered(*wanted), formatted(*wanted)):
        assert words in raw.refused(wish)


def test_addresses_are_one_thing_everywhere():
    assert [is_email(text) for text in ("ana@example.com", "a@b", "a b@example.com")] == [True, False, False]
    urls = ("example.com", "https://example.com/a", "mailto:ana@example.com", "example", "HTTP://EXAMPLE.COM")
    assert [is_url(text) for text in urls] == [True, True, True, False, True]
    assert [is_link(text) for text in urls] == [False, True, True, False, True]


class Counted:
    """Cells of numbers that say how often they were read."""

    def __init__(self):
        self.read = 0

    def value(self, row, _column):
        self.read += 1
        return row

    def cell(self, row, column):
        raise AssertionError((row, column))


@pytest.mark.parametrize(
    ("bounds", "read", "cells"), [((0, 50, 1, 9), 0, 0), ((100, 200, 0, 1), 0, 0), ((40, 60, 0, 2), 70, 20)]
)
def test_a_colour_scale_reads_values_alone_and_only_where_a_cell_of_it_is_asked(bounds, read, cells):
    rule = {"ranges": [box(0, 100)], "gradientRule": {"minpoint": {"type": "MIN"}, "maxpoint": {"type": "MAX"}}}
    tab = SimpleNamespace(
        attachments=lambda name: [rule] * (name == "conditionalFormats"),
        bounds=lambda area: clip(area, 200, 9),
        column_count=9,
        rows=[0] * 50,
    )
    counted = Counted()
    painted = list(conditional_formats(tab, bounds, None, counted))
    assert (counted.read, len(painted)) == (read, cells)
