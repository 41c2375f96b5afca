"""The page without a browser: who may ask, what is read, and what a person's gestures do to the cells."""

import re

import pytest
import requests
from page_visitor import Visitor, checkboxes, protect

from sheets_crm.emulator.page import charts
from sheets_crm.emulator.server import Server


@pytest.fixture
def visitor(server, sheet):
    return Visitor(server, sheet)


# -- who may ask


def test_the_page_allows_no_address_but_its_own(server):
    answer = requests.get(f"{server.url}/", timeout=5)
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert not re.search(r"https?://(?!www\.w3\.org)", answer.text)


@pytest.mark.parametrize("name", ["files", "outline", "cells", "changes", "table", "edit", "api/drive/v3/files"])
def test_nothing_is_told_without_the_pages_token(server, visitor, name):
    for token in ({}, {"x-page-token": "guessed"}):
        send = requests.post if name == "edit" else requests.get
        answer = send(f"{server.url}/page/{name}", headers=token, timeout=5)
        assert answer.status_code == 403
        assert answer.json()["error"]["status"] == "PERMISSION_DENIED"


def test_other_sites_are_refused_even_with_the_token(visitor):
    for headers in ({"origin": "https://elsewhere.example"}, {"host": "elsewhere.example"}):
        answer = visitor.session.get(f"{visitor.url}/page/files", headers=headers, timeout=5)
        assert answer.status_code == 403


@pytest.mark.long
def test_another_start_has_another_token(tmp_path):
    tokens = set()
    for _ in range(2):
        with Server(tmp_path) as server:
            tokens.add(re.search('page-token" content="([^"]+)"', requests.get(server.url, timeout=5).text)[1])
    assert len(tokens) == 2


@pytest.mark.long
def test_without_the_extra_the_page_works_and_has_no_charts(monkeypatch, tmp_path):
    monkeypatch.setattr(charts, "find_spec", lambda _name: None)
    with Server(tmp_path) as server:
        assert 'name="page-charts" content="no"' in requests.get(server.url, timeout=5).text
        assert requests.get(f"{server.url}/page/echarts/index.js", timeout=5).status_code == 404


def test_with_the_extra_charts_come_from_the_installed_package(server):
    answer = requests.get(f"{server.url}/page/echarts/index.js", timeout=5)
    assert answer.status_code == 200
    assert "javascript" in answer.headers["content-type"]


def test_the_pages_own_requests_meet_no_faults_and_are_not_counted(server, visitor):
    requests.post(f"{server.url}/_emulator/faults", json={"match": "page", "status": 503, "times": 9}, timeout=5)
    before = requests.get(f"{server.url}/_emulator/stats", timeout=5).json()
    assert visitor.type(0, 0, [["x"]]).status_code == 200
    assert visitor.texts() == [["x"]]
    assert requests.get(f"{server.url}/_emulator/stats", timeout=5).json() == before


# -- reading


def test_cells_come_with_their_kinds_looks_formulas_and_notes(visitor, raw, sheet):
    sheet.sheet1.update([["a", 1.5, True, "=B1*2", "=1/0"], [], ["z"]], "A1", raw=False)
    raw.ok(
        {
            "repeatCell": {
                "range": {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 1},
                "cell": {"note": "n", "userEnteredFormat": {"textFormat": {"bold": True}}},
                "fields": "note,userEnteredFormat.textFormat.bold",
            }
        }
    )
    found = visitor.cells()
    first, blank, last = found["rows"]
    assert first["texts"] == ["a", "1.5", "TRUE", "3", "#DIV/0!"]
    assert first["kinds"] == "snbne"
    assert first["formulas"] == {"3": "=B1*2", "4": "=1/0"}
    assert first["notes"] == {"0": "n"}
    assert found["looks"][str(first["looks"][0])] == {"bold": True}
    assert blank.get("texts") is None
    assert last["texts"] == ["z"]


def test_a_drop_down_of_a_range_lists_what_stands_there_once(visitor, raw, sheet):
    sheet.sheet1.update(
        [["v1", "", "go"], ["v2", "", ""], ["v1", "", ""], ["", "", ""], ['=A1&"x"', "", ""]], "A1", raw=False
    )
    rule = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=$A$1:$A"}]}, "strict": False}
    place = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 2, "endColumnIndex": 3}
    raw.ok({"setDataValidation": {"range": place, "rule": rule}})
    found = visitor.cells()
    look = found["looks"][str(found["rows"][0]["looks"][2])]
    assert look == {"choices": ["v1", "v2", "v1x"], "choices_free": True}


def test_a_block_starts_where_it_is_asked_for(visitor, sheet):
    sheet.sheet1.update([[f"{row}-{column}" for column in range(9)] for row in range(9)], "A1")
    assert visitor.texts(top=2, bottom=4, left=3, right=5) == [["2-3", "2-4"], ["3-3", "3-4"]]


@pytest.mark.parametrize(
    ("typed", "opens_with"),
    [
        ("=1+1", "=1+1"),
        ("'007", "'007"),
        ("12.5%", "12.5%"),
        ("0.123456789", "0.123456789"),
        ("2026-05-04", "2026-05-04"),
        ("plain", "plain"),
        ("TRUE", "TRUE"),
    ],
)
def test_an_editor_opens_with_what_gives_the_same_cell_again(visitor, sheet, typed, opens_with):
    visitor.type(0, 0, [[typed]])
    opened = visitor.get("entry", row=0, column=0).json()["text"]
    assert opened == opens_with
    before = visitor.cells()
    visitor.type(0, 0, [[opened]])
    assert visitor.cells()["rows"] == before["rows"]


def test_the_outline_tells_what_the_operator_may_edit(visitor, raw):
    protect(raw, {"sheetId": 0, "startRowIndex": 1, "endColumnIndex": 1})
    found = visitor.get("outline").json()
    assert found["free"] is False
    assert [bool(item.get("requestingUserCanEdit")) for item in found["sheets"][0]["protectedRanges"]] == [False]


def test_a_tab_is_downloaded_as_it_is_shown(visitor, sheet):
    sheet.sheet1.update([["a", "b"], ['say "x"', "two\nlines"], ["1,5"]], "A1", raw=True)
    text = visitor.get("table").json()["text"]
    assert text == 'a,b\r\n"say ""x""","two\nlines"\r\n"1,5",\r\n'


def test_a_text_is_found_from_the_next_cell_on_and_around(visitor, sheet):
    sheet.sheet1.update([["Ana", ""], ["x", "Banana"]], "A1")

    def find(text, row, column, **more):
        found = visitor.get("find", text=text, row=row, column=column, **more).json()
        return [found.get(name) for name in ("count", "place", "row", "column", "hidden")]

    assert find("ANA", 0, 0) == [2, 2, 1, 1, 0]
    assert find("ana", 1, 1) == [2, 1, 0, 0, 0]
    assert find("ana", 1, 1, back="") == [2, 1, 0, 0, 0]
    assert find("ana", 0, 0, back="") == [2, 2, 1, 1, 0]
    assert find("nobody", 0, 0) == [0, None, None, None, 0]


@pytest.mark.long
def test_changes_are_told_as_another_version(visitor, sheet, monkeypatch):
    monkeypatch.setattr("sheets_crm.emulator.page.app._WAIT_SECONDS", 0.3)
    known = visitor.get("outline").json()["version"]
    assert visitor.get("changes", version=known).json()["version"] == known
    sheet.sheet1.update([["x"]], "A1")
    assert visitor.get("changes", version=known).json()["version"] > known


# -- writing


def test_typed_texts_are_read_as_typed_but_stay_text_in_text_cells(visitor, raw, sheet):
    area = {"sheetId": 0, "startColumnIndex": 1, "endColumnIndex": 2}
    text = {"userEnteredFormat": {"numberFormat": {"type": "TEXT", "pattern": "@"}}}
    raw.ok({"repeatCell": {"range": area, "cell": text, "fields": "userEnteredFormat.numberFormat"}})
    visitor.type(0, 0, [["007", "007"], ["=1+1", "=1+1"]])
    assert sheet.sheet1.get("A1:B2", value_render_option="UNFORMATTED_VALUE") == [[7, "007"], [2, "=1+1"]]


def test_the_grid_grows_under_a_block_and_keeps_its_format(visitor, raw, sheet):
    text = {"userEnteredFormat": {"numberFormat": {"type": "TEXT", "pattern": "@"}}}
    raw.ok({"repeatCell": {"range": {"sheetId": 0}, "cell": text, "fields": "userEnteredFormat.numberFormat"}})
    assert visitor.type(999, 25, [["1-2", "3-4"], ["007", "+34"]]).status_code == 200
    tab = sheet.worksheets()[0]
    assert (tab.row_count, tab.col_count) == (1001, 27)
    assert tab.get("Z1000:AA1001") == [["1-2", "3-4"], ["007", "+34"]]


def test_a_tick_stays_with_its_row_when_rows_above_it_leave(visitor, raw, sheet):
    sheet.sheet1.update([["send", "lead"], *[[False, number] for number in range(1, 6)]], "A1", raw=True)
    checkboxes(raw, 1, 6)
    key = visitor.keys()[4]
    raw.ok({"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}}})
    area = {"top": 4, "bottom": 5, "left": 0, "right": 1, "topKey": key, "bottomKey": key}
    assert visitor.edit({"kind": "tick", **area, "value": True}).status_code == 200
    assert [row[1] for row in sheet.sheet1.get("A2:B9") if row[0] == "TRUE"] == ["4"]


def test_an_edit_of_a_row_that_left_is_refused_and_writes_nothing(visitor, raw, sheet):
    sheet.sheet1.update([["a"], ["b"], ["c"]], "A1")
    key = visitor.keys()[1]
    raw.ok({"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}})
    assert visitor.type(1, 0, [["B"]], key).status_code == 409
    assert sheet.sheet1.get("A1:A3") == [["a"], ["c"]]


def test_ticking_a_column_touches_only_its_checkboxes(visitor, raw, sheet):
    sheet.sheet1.update([["send"], [False], [True], ["x"]], "A1", raw=True)
    checkboxes(raw, 1, 3)
    protect(raw, {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1})
    answer = visitor.edit({"kind": "tick", "top": 0, "bottom": 1000, "left": 0, "right": 1, "value": True})
    assert answer.json()["cells"] == 2
    assert sheet.sheet1.get("A1:A4") == [["send"], ["TRUE"], ["TRUE"], ["x"]]


def test_a_protected_checkbox_is_not_ticked(visitor, raw, sheet):
    sheet.sheet1.update([[False, False]], "A1", raw=True)
    checkboxes(raw, 0, 1, column=0)
    checkboxes(raw, 0, 1, column=1)
    protect(raw, {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1})
    answer = visitor.edit({"kind": "tick", "top": 0, "bottom": 1, "left": 0, "right": 2, "value": True})
    assert answer.status_code == 400
    assert sheet.sheet1.get("A1:B1") == [["FALSE", "FALSE"]]


def test_clearing_empties_cells_and_unticks_checkboxes(visitor, raw, sheet):
    sheet.sheet1.update([[True, "x", "=1"], [True, "y", "z"]], "A1", raw=False)
    checkboxes(raw, 0, 2)
    visitor.edit({"kind": "clear", "top": 0, "bottom": 1, "left": 0, "right": 3})
    assert sheet.sheet1.get("A1:C2") == [["FALSE"], ["TRUE", "y", "z"]]


def test_protected_cells_are_refused_in_googles_words_and_nothing_is_written(visitor, raw, sheet):
    sheet.sheet1.update([["a", "b"]], "A1")
    protect(raw, {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 2})
    area = {"top": 0, "bottom": 1, "left": 0, "right": 2}
    for answer in (
        visitor.type(0, 0, [["x"]]),
        visitor.type(0, 1, [["ok", "not"]]),
        visitor.edit({"kind": "clear", **area}),
        visitor.edit(
            {"kind": "values", "row": 0, "column": 1, "values": [["ok"]]},
            {"kind": "values", "row": 5, "column": 5, "values": [["not"]]},
        ),
    ):
        assert answer.status_code == 400
        assert "protected cell or object" in answer.json()["error"]["message"]
    assert sheet.sheet1.get("A1:B1") == [["a", "b"]]
    assert visitor.type(0, 1, [["ok"]]).status_code == 200


def test_a_strict_validation_refuses_what_is_typed_and_nothing_is_written(visitor, raw, sheet):
    def validate(column, kind, *values, strict=True):
        place = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 9, "startColumnIndex": column}
        rule = {"condition": {"type": kind, "values": [{"userEnteredValue": value} for value in values]}}
        place["endColumnIndex"] = column + 1
        raw.ok({"setDataValidation": {"range": place, "rule": rule | {"strict": strict}}})

    validate(0, "ONE_OF_LIST", "x", "y")
    validate(1, "NUMBER_GREATER", "=A9+1")
    validate(2, "ONE_OF_RANGE", "=$E$1:$E")
    validate(3, "BOOLEAN")
    validate(5, "ONE_OF_LIST", "x", strict=False)
    sheet.sheet1.update([["one"], ['=E1&"!"']], "E1", raw=False)
    assert visitor.type(0, 0, [["X", "2", "one!", "TRUE"], ["", "=1+1", "", ""]]).status_code == 200
    for row, column, text, cell in (
        (2, 0, "z", "A3"),
        (2, 1, "1", "B3"),
        (2, 2, "two", "C3"),
        (2, 3, "yes", "D3"),
    ):
        answer = visitor.edit(
            {"kind": "values", "row": 7, "column": 7, "values": [["unwritten"]]},
            {"kind": "values", "row": row, "column": column, "values": [[text]]},
        )
        assert answer.status_code == 400
        assert f"entered in cell {cell} violates" in answer.json()["error"]["message"]
    assert sheet.sheet1.acell("H8").value is None


def test_a_file_becomes_a_tab_of_its_own_at_once(visitor, sheet):
    body = {"id": visitor.id, "title": "Output X", "rows": [["id", "día"], ["007", "=1+1"], ["", "x", "y"]]}
    answer = visitor.session.post(f"{visitor.url}/page/import", json=body, timeout=5)
    tab = sheet.worksheet("Output X")
    assert tab.id == answer.json()["sheet"]
    assert (tab.row_count, tab.col_count) == (3, 3)
    assert tab.get_all_values() == [["id", "día", ""], ["7", "2", ""], ["", "x", "y"]]


def test_the_first_spreadsheet_belongs_to_the_owner_and_binds_the_operator(visitor, server):
    properties = {"title": "Mine", "locale": "es_ES", "timeZone": "Europe/Madrid"}
    visitor.id = visitor.order("create", **properties)["id"]
    outline = visitor.get("outline").json()
    assert (outline["properties"], outline["free"]) == (properties, False)
    assert server.application.api.library.open(visitor.id).file["owner"].startswith("owner@")
    url = f"{visitor.url}/page/create"
    refused = visitor.session.post(url, json=properties | {"timeZone": "Nowhere"}, timeout=5)
    assert refused.status_code == 400


def test_the_api_is_spoken_as_the_operator(visitor, raw, server):
    url = f"{server.url}/page/api/v4/spreadsheets/{visitor.id}:batchUpdate"
    added = visitor.session.post(
        url, json={"requests": [{"addSheet": {"properties": {"title": "mine"}}}]}, timeout=5
    )
    assert added.status_code == 200
    protect(raw)
    refused = visitor.session.post(url, json={"requests": [{"deleteSheet": {"sheetId": 0}}]}, timeout=5)
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("name", "asked"), [("cells", {"top": "x", "left": 0}), ("cells", {"left": 0}), ("entry", {"row": 1})]
)
def test_questions_that_make_no_sense_are_refused(visitor, name, asked):
    assert visitor.get(name, **asked).status_code == 400


def test_orders_that_make_no_sense_are_refused(visitor):
    assert visitor.edit({"kind": "explode"}).status_code == 400
    assert visitor.edit({"kind": "values"}).status_code == 400
