"""Undo and redo on the page: one's own last actions, on the file as others have left it since."""

import random

import gspread.utils
import pytest
from page_visitor import Visitor, checkboxes, protect

UNFORMATTED = gspread.utils.ValueRenderOption.unformatted


@pytest.fixture
def visitor(server, sheet):
    return Visitor(server, sheet)


def delete_rows(raw, start, end, tab=0):
    span = {"sheetId": tab, "dimension": "ROWS", "startIndex": start, "endIndex": end}
    raw.ok({"deleteDimension": {"range": span}})


def insert(raw, dimension, start, end):
    span = {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end}
    raw.ok({"insertDimension": {"range": span, "inheritFromBefore": False}})


def import_tab(visitor, title, rows):
    return visitor.order("import", title=title, rows=rows)["sheet"]


def area(top, bottom, left=0, right=1, keys=(None, None)):
    return {"top": top, "bottom": bottom, "left": left, "right": right, "topKey": keys[0], "bottomKey": keys[1]}


def test_nothing_to_undo_is_no_error_and_no_change(visitor):
    version = visitor.get("outline").json()["version"]
    assert visitor.undo() == {"done": False, "version": version}
    assert visitor.redo() == {"done": False, "version": version}


def test_typed_cells_go_back_and_come_again_step_by_step(visitor, sheet):
    for text in ("one", "two", "three"):
        visitor.type(1, 1, [[text]])
    assert visitor.undo() | {"version": 0} == {
        "done": True, "cells": 1, "parts": 0, "already": 0, "others": 0, "left": 0, "shut": 0, "kept": 0,
        "sheet": 0, "box": [1, 2, 1, 2], "version": 0,
    }  # fmt: skip
    assert sheet.sheet1.acell("B2").value == "two"
    visitor.undo()
    visitor.undo()
    assert sheet.sheet1.acell("B2").value is None
    assert visitor.undo()["done"] is False
    for text in ("one", "two", "three"):
        visitor.redo()
        assert sheet.sheet1.acell("B2").value == text
    assert visitor.redo()["done"] is False


def test_something_new_ends_what_can_be_done_again(visitor, sheet):
    visitor.type(0, 0, [["a"]])
    visitor.undo()
    visitor.type(0, 0, [["b"]])
    assert visitor.redo()["done"] is False
    assert sheet.sheet1.acell("A1").value == "b"


def test_what_was_there_comes_back_with_its_format(visitor, sheet):
    visitor.type(0, 0, [["12%", "=1+1", "x"]])
    visitor.type(0, 0, [["5 €", "TRUE", "2026-05-04"]])
    before = visitor.cells()
    visitor.type(1, 0, [["$5.50", "3%"]])
    assert [cell["userEnteredFormat"]["numberFormat"]["type"] for cell in _cells(sheet, "A2:B2")] == [
        "CURRENCY",
        "PERCENT",
    ]
    visitor.undo()
    assert not any("userEnteredFormat" in cell for cell in _cells(sheet, "A2:B2"))
    assert visitor.cells()["rows"][:1] == before["rows"][:1]
    visitor.undo()
    assert sheet.sheet1.get("A1:C1") == [["12%", "2", "x"]]
    assert sheet.sheet1.get("B1", value_render_option="FORMULA") == [["=1+1"]]
    assert "userEnteredFormat" not in _cells(sheet, "C1")[0]
    visitor.redo()
    assert sheet.sheet1.get("B1:C1") == [["TRUE", "2026-05-04"]]


def _cells(sheet, name):
    found = sheet.client.fetch_sheet_metadata(sheet.id, {"ranges": name, "includeGridData": True})
    rows = found["sheets"][0]["data"][0].get("rowData", [])
    return rows[0].get("values", [{}]) if rows else [{}]


def test_a_one_is_not_a_tick(visitor, sheet):
    sheet.sheet1.update([[1]], "A1", raw=True)
    visitor.type(0, 0, [["TRUE"]])
    visitor.undo()
    assert repr(sheet.sheet1.get("A1", value_render_option=UNFORMATTED)) == "[[1]]"


def test_ticks_and_cleared_cells_come_back_all_at_once(visitor, raw, sheet):
    sheet.sheet1.update([[False, "a"], [True, "b"], [False, "=1+2"]], "A1", raw=False)
    checkboxes(raw, 0, 3)
    visitor.edit({"kind": "tick", **area(0, 3), "value": True})
    visitor.edit({"kind": "clear", **area(0, 3, 0, 2)})
    assert sheet.sheet1.get("A1:B3") == [["FALSE"], ["FALSE"], ["FALSE"]]
    assert visitor.undo()["cells"] == 6
    assert sheet.sheet1.get("A1:B3") == [["TRUE", "a"], ["TRUE", "b"], ["TRUE", "3"]]
    visitor.undo()
    assert sheet.sheet1.get("A1:A3") == [["FALSE"], ["TRUE"], ["FALSE"]]


def test_each_page_undoes_only_what_it_did_itself(server, sheet, visitor):
    colleague = Visitor(server, sheet, "another page")
    visitor.type(0, 0, [["mine"]])
    colleague.type(0, 1, [["hers"]])
    sheet.sheet1.update([["the worker's"]], "C1")
    assert visitor.undo()["cells"] == 1
    assert sheet.sheet1.get("A1:C1") == [["", "hers", "the worker's"]]
    assert visitor.undo()["done"] is False
    nameless = Visitor(server, sheet, "")
    nameless.type(5, 5, [["x"]])
    assert nameless.undo()["done"] is False


def test_an_undo_lands_on_its_row_and_column_after_others_moved_them(visitor, raw, sheet):
    sheet.sheet1.update([[f"r{row}c{column}" for column in range(3)] for row in range(6)], "A1")
    visitor.type(4, 1, [["typed"]])
    delete_rows(raw, 0, 2)
    insert(raw, "COLUMNS", 0, 1)
    insert(raw, "ROWS", 1, 2)
    assert sheet.sheet1.acell("C4").value == "typed"
    assert visitor.undo()["box"] == [3, 4, 2, 3]
    assert sheet.sheet1.get("A4:D4") == [["", "r4c0", "r4c1", "r4c2"]]
    visitor.redo()
    assert sheet.sheet1.acell("C4").value == "typed"


def test_a_formula_comes_back_as_it_would_read_by_now(visitor, raw, sheet):
    sheet.sheet1.update([[1], [2], [3], ["=SUM(A2:A3)*$A$1"]], "A1", raw=False)
    visitor.type(3, 0, [["gone"]])
    insert(raw, "ROWS", 1, 2)
    raw.ok({"updateSheetProperties": {"properties": {"sheetId": 0, "title": "Other"}, "fields": "title"}})
    visitor.undo()
    assert sheet.sheet1.get("A5", value_render_option="FORMULA") == [["=SUM(A3:A4)*$A$1"]]
    visitor.redo()
    assert sheet.sheet1.acell("A5").value == "gone"


def test_what_somebody_else_wrote_since_stays_and_is_told(visitor, sheet):
    sheet.sheet1.update([["old", "old"], ["old", "old"]], "A1")
    visitor.type(0, 0, [["mine", "mine"], ["mine", "mine"]])
    sheet.sheet1.update([["the worker's"]], "B1")
    outcome = visitor.undo()
    assert (outcome["cells"], outcome["others"]) == (2, 2)
    assert sheet.sheet1.get("A1:B2") == [["mine", "the worker's"], ["old", "old"]]
    assert visitor.redo()["cells"] == 2
    assert sheet.sheet1.get("A1:B2") == [["mine", "the worker's"], ["mine", "mine"]]


def test_what_somebody_else_has_taken_back_already_is_told(visitor, sheet):
    visitor.type(0, 0, [["a", "b"]])
    sheet.sheet1.batch_clear(["A1:B1"])
    outcome = visitor.undo()
    assert (outcome["cells"], outcome["already"], outcome["others"]) == (0, 2, 0)


def test_somebody_elses_colour_stays_under_ones_own_old_value(visitor, raw, sheet):
    visitor.type(0, 0, [["5%"]])
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    raw.ok(
        {"repeatCell": {"range": {"sheetId": 0, "endRowIndex": 1}, "cell": bold, "fields": "userEnteredFormat"}}
    )
    assert visitor.undo()["cells"] == 1
    found = _cells(sheet, "A1")[0]
    assert "userEnteredValue" not in found
    assert found["userEnteredFormat"]["textFormat"]["bold"] is True


def test_a_tick_whose_row_has_left_is_told_and_ticks_nobody_else(visitor, raw, sheet):
    sheet.sheet1.update([["send", "lead"], *[[False, number] for number in range(1, 6)]], "A1", raw=True)
    checkboxes(raw, 1, 6)
    visitor.edit({"kind": "tick", **area(2, 4), "value": True})
    delete_rows(raw, 2, 3)
    outcome = visitor.undo()
    assert (outcome["cells"], outcome["left"], outcome["others"]) == (1, 1, 0)
    assert sheet.sheet1.get("A2:B9") == [[*("FALSE", lead)] for lead in ("1", "3", "4", "5")]
    assert visitor.redo()["cells"] == 1
    assert [row[1] for row in sheet.sheet1.get("A2:B9") if row[0] == "TRUE"] == ["3"]


def test_cells_that_are_protected_by_now_stay(visitor, raw, sheet):
    visitor.type(0, 0, [["a", "b"]])
    protect(raw, {"sheetId": 0, "startColumnIndex": 1, "endColumnIndex": 2})
    outcome = visitor.undo()
    assert (outcome["cells"], outcome["shut"]) == (1, 1)
    assert sheet.sheet1.get("A1:B1") == [["a"]]


def test_rows_and_columns_that_a_paste_added_go_and_come_with_it(visitor, raw, sheet):
    visitor.type(0, 0, [["=SUM(A998:A1005)"]])
    visitor.type(998, 25, [["1", "2"], ["3", "4"], ["5", "=AA1000+1"]])
    visitor.type(1000, 26, [["later"]])
    assert _size(sheet) == (1001, 27)
    visitor.undo()
    visitor.undo()
    assert _size(sheet) == (1000, 26)
    assert sheet.sheet1.get("Z990:Z1000") == [[]]
    visitor.redo()
    assert _size(sheet) == (1001, 27)
    assert sheet.worksheets()[0].get("Z999:AA1001") == [["1", "2"], ["3", "4"], ["5", "5"]]
    visitor.redo()
    assert sheet.worksheets()[0].acell("AA1001").value == "later"
    for _ in range(3):
        assert visitor.undo()["others"] == 0
    assert (visitor.undo()["done"], _size(sheet)) == (False, (1000, 26))


def _size(sheet):
    tab = sheet.worksheets()[0]
    return (tab.row_count, tab.col_count)


def test_added_rows_stay_once_somebody_else_has_written_there(visitor, raw, sheet):
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    raw.ok({"repeatCell": {"range": {"sheetId": 0}, "cell": bold, "fields": "userEnteredFormat"}})
    visitor.type(999, 0, [["a"], ["b"]])
    sheet.sheet1.update([["hers"]], "C1001")
    outcome = visitor.undo()
    assert (outcome["cells"], outcome["kept"]) == (2, 1)
    assert (_size(sheet)[0], sheet.sheet1.get("A1000:C1001")) == (1001, [[], ["", "", "hers"]])
    assert _cells(sheet, "A1001")[0]["userEnteredFormat"] == bold["userEnteredFormat"]


def test_added_rows_of_a_partly_protected_tab_stay(visitor, raw, sheet):
    protect(raw, {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1})
    visitor.type(999, 0, [["a"], ["b"]])
    outcome = visitor.undo()
    assert (outcome["cells"], outcome["kept"]) == (2, 1)
    assert sheet.sheet1.get("A1000:A1001") == [[]]


def test_a_tab_that_was_brought_in_goes_and_comes_whole(visitor, sheet):
    sheet.sheet1.update([["=A1"]], "B1", raw=False)
    number = import_tab(visitor, "List", [["a", "007"], ["b", "=1+1"]])
    visitor.type(2, 2, [["='List'!B2*10"]])
    visitor.undo()
    visitor.undo()
    assert [tab.title for tab in sheet.worksheets()] == ["Sheet1"]
    visitor.redo()
    tab = sheet.worksheet("List")
    assert (tab.id, tab.get_all_values()) == (number, [["a", "7"], ["b", "2"]])
    visitor.redo()
    assert sheet.sheet1.acell("C3").value == "20"
    visitor.undo()
    assert visitor.undo()["kept"] == 0
    assert [tab.title for tab in sheet.worksheets()] == ["Sheet1"]


def test_a_tab_that_came_back_is_still_there_after_a_restart(tmp_path, visitor, server, sheet):
    import_tab(visitor, "List", [["a", "b"], ["c", "=1+1"]])
    visitor.undo()
    visitor.redo()
    stored = server.application.api.library._store.load()
    rows = next(book for book in stored if book.id == sheet.id).titled("List").rows
    assert [(row.values, row.formulas) for row in rows] == [(["a", "b"], None), (["c"], {1: "=1+1"})]


@pytest.mark.parametrize("change", ["a cell", "the title", "hidden", "metadata", "deleted"])
def test_a_tab_that_somebody_else_took_in_hand_stays(visitor, raw, sheet, change):
    number = import_tab(visitor, "List", [["a"]])
    visitor.tab = number
    properties = {"sheetId": number, "title": "Claimed", "hidden": True}
    wanted = {
        "the title": {"updateSheetProperties": {"properties": properties, "fields": "title"}},
        "hidden": {"updateSheetProperties": {"properties": properties, "fields": "hidden"}},
        "metadata": {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataKey": "k",
                    "location": {"sheetId": number},
                    "visibility": "DOCUMENT",
                }
            }
        },
        "deleted": {"deleteSheet": {"sheetId": number}},
    }
    if change == "a cell":
        sheet.worksheet("List").update([["x"]], "A1")
    else:
        raw.ok(wanted[change])
    outcome = visitor.undo()
    assert (outcome["left"], outcome["kept"]) == ((1, 0) if change == "deleted" else (0, 1))
    assert len(sheet.worksheets()) == (1 if change == "deleted" else 2)


def test_a_new_name_goes_back_unless_somebody_else_gave_another(visitor, raw, sheet):
    def rename(title):
        return {"updateSheetProperties": {"properties": {"sheetId": 0, "title": title}, "fields": "title"}}

    other = sheet.add_worksheet("Other", 5, 5)
    other.update([["=Sheet1!A1+1"]], "A1", raw=False)
    protect_other = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": other.id}}}}
    raw.ok(protect_other)
    assert visitor.update(rename("Mine")).status_code == 200
    outcome = visitor.undo()
    assert (outcome["shut"], outcome["others"]) == (0, 0)
    assert sheet.get_worksheet_by_id(0).title == "Sheet1"
    assert other.get("A1", value_render_option="FORMULA") == [["=Sheet1!A1+1"]]
    visitor.redo()
    assert sheet.get_worksheet_by_id(0).title == "Mine"
    raw.ok(rename("Hers"))
    assert visitor.undo()["kept"] == 1
    assert sheet.get_worksheet_by_id(0).title == "Hers"


def test_a_column_is_as_wide_as_before_unless_somebody_else_has_dragged_it(visitor, raw):
    def drag(column, size):
        span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
        properties = {"pixelSize": size}
        return {"updateDimensionProperties": {"range": span, "properties": properties, "fields": "pixelSize"}}

    def widths():
        columns = visitor.get("outline").json()["sheets"][0]["columns"]
        return {int(column): found["pixelSize"] for column, found in columns.items()}

    raw.ok(drag(1, 70))
    visitor.update(drag(1, 200))
    visitor.update(drag(3, 300))
    insert(raw, "COLUMNS", 0, 1)
    assert visitor.undo()["parts"] == 1
    assert widths() == {2: 200}
    visitor.undo()
    assert widths() == {2: 70}
    visitor.redo()
    raw.ok(drag(2, 99))
    assert visitor.undo()["kept"] == 1
    assert widths() == {2: 99}


def test_rows_deleted_amid_others_through_the_page_end_its_history(visitor, sheet):
    visitor.type(0, 0, [["a"], ["b"], ["c"]])
    span = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    assert visitor.update({"deleteDimension": {"range": span}}).status_code == 200
    assert visitor.undo()["done"] is False
    assert sheet.sheet1.col_values(1) == ["a", "c"]
    visitor.type(5, 0, [["d"]])
    assert visitor.undo()["cells"] == 1


def test_the_oldest_pages_and_steps_are_forgotten_where_they_grow_too_large(server, sheet, visitor, monkeypatch):
    monkeypatch.setattr("sheets_crm.emulator.page.history._MOST_CELLS", 10)
    other = Visitor(server, sheet, "an older page")
    other.type(0, 0, [["a", "b"]])
    for row in range(1, 5):
        visitor.type(row, 0, [["1", "2", "3", "4"]])
    assert other.undo()["done"] is False
    assert [visitor.undo()["done"] for _ in range(3)] == [True, True, False]
    visitor.type(9, 0, [["x"] * 20])
    assert visitor.undo()["cells"] == 20


def test_a_name_that_is_taken_by_now_is_refused_and_the_step_is_over(visitor, raw, sheet):
    visitor.update({"updateSheetProperties": {"properties": {"sheetId": 0, "title": "Mine"}, "fields": "title"}})
    sheet.add_worksheet("Sheet1", 5, 5)
    url = f"{visitor.url}/page/undo"
    answer = visitor.session.post(url, json={"id": visitor.id}, timeout=5)
    assert answer.status_code == 400
    assert "already exists" in answer.json()["error"]["message"]
    assert visitor.undo()["done"] is False


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_any_gestures_undone_and_redone_give_the_same_cells(visitor, raw, sheet, seed):
    """Without others in between, all the way back is the beginning and all the way forth the end."""
    dice = random.Random(seed)
    sheet.sheet1.resize(12, 6)
    sheet.sheet1.update([[False, "a", 1], [True, "b", "=C1*2"]], "A1", raw=False)
    checkboxes(raw, 0, 2)
    states = [_state(sheet)]
    for _ in range(12):
        assert visitor.edit(_gesture(dice)).status_code == 200
        if (state := _state(sheet)) != states[-1]:  # a gesture that changes nothing leaves no step
            states.append(state)
    for state in reversed(states[:-1]):
        assert visitor.undo()["others"] == 0
        assert _state(sheet) == state
    for state in states[1:]:
        assert visitor.redo()["others"] == 0
        assert _state(sheet) == state


@pytest.mark.parametrize("seed", range(4))
def test_all_of_ones_own_goes_back_among_what_others_do(visitor, raw, sheet, seed):
    """Others move, insert and delete rows and columns and write in columns of theirs; one's own cells go all back."""
    dice = random.Random(seed)
    sheet.sheet1.update(
        [[f"{row}a", f"=E{row}+1", row % 2 == 0, "", row] for row in range(1, 13)], "A1", raw=False
    )
    own = {row[4]: row[:4] for row in sheet.sheet1.get("A1:E12", value_render_option=UNFORMATTED)}
    left = 0  # columns that others have put before one's own
    for _ in range(14):
        if dice.random() < 0.5:
            row, column = dice.randrange(10), left + dice.randrange(3)
            block = [[f"=SUM(E{row + 1}:E12)", "5%"], [f"n{dice.random()}", ""]]
            assert visitor.type(row, column, block).status_code == 200
        else:
            left += _others_change(dice, raw, sheet, left)
    undone = visitor.undo()
    while undone["done"]:
        assert (undone["others"], undone["shut"], undone["kept"]) == (0, 0, 0)
        undone = visitor.undo()
    for row in sheet.sheet1.get(f"A1:{gspread.utils.rowcol_to_a1(20, left + 5)}", value_render_option=UNFORMATTED):
        if len(row) == left + 5 and row[-1] in own:
            assert row[left : left + 4] == own[row[-1]]


def _others_change(dice, raw, sheet, left):
    """Do one thing that others may do, giving how many columns came before the operator's."""
    kind = dice.choice(["write", "insert rows", "delete row", "insert column", "move row"])
    row = dice.randrange(11)
    if kind == "write":
        sheet.sheet1.update([["theirs"]], gspread.utils.rowcol_to_a1(row + 1, left + 9))
    elif kind == "insert rows":
        insert(raw, "ROWS", row, row + 2)
    elif kind == "delete row":
        delete_rows(raw, row, row + 1)
    elif kind == "move row":
        span = {"sheetId": 0, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
        raw.ok({"moveDimension": {"source": span, "destinationIndex": dice.choice([0, 15])}})
    else:
        insert(raw, "COLUMNS", 0, 1)
    return kind == "insert column"


def _gesture(dice):
    top, left = dice.randrange(12), dice.randrange(6)
    kind = dice.choice(["values", "values", "clear", "tick"])
    if kind == "values":
        texts = ["x", "5%", "=SUM(A1:C12)", "", "TRUE", "3"]
        width = dice.randint(1, 3)
        block = [[dice.choice(texts) for _ in range(width)] for _ in range(dice.randint(1, 3))]
        return {"kind": kind, "row": top, "column": left, "values": block}
    if kind == "clear":
        return {"kind": kind, **area(top, min(top + 3, 12), left, min(left + 2, 6))}
    return {"kind": kind, **area(0, 2), "value": dice.random() < 0.5}


def _state(sheet):
    found = sheet.client.fetch_sheet_metadata(
        sheet.id, {"includeGridData": True, "fields": "sheets(properties,data.rowData.values(userEnteredValue,userEnteredFormat))"}
    )  # fmt: skip
    for tab in found["sheets"]:
        for data in tab.get("data", ()):
            data["rowData"] = _trimmed([_trimmed(row.get("values", [])) for row in data.get("rowData", [])])
    return found


def _trimmed(items):
    while items and not items[-1]:
        items.pop()
    return items


def rich(text, *starts):
    cell = {
        "userEnteredValue": {"stringValue": text},
        "textFormatRuns": [{"startIndex": start, "format": {"bold": True}} for start in starts],
    }
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    wish = {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue,textFormatRuns"}
    return {"updateCells": wish}


def bold_from(raw):
    found = raw.get(ranges="A1", fields="sheets.data.rowData.values.textFormatRuns")["sheets"][0]["data"][0]
    cells = (found.get("rowData") or [{}])[0].get("values") or [{}]
    return [run.get("startIndex", 0) for run in cells[0].get("textFormatRuns", [])]


def test_a_rich_text_comes_back_with_the_formats_of_its_parts(visitor, raw, sheet):
    raw.ok(rich("one two", 4))
    visitor.type(0, 0, [["plain"]])
    assert bold_from(raw) == []
    assert visitor.undo()["cells"] == 1
    assert (sheet.sheet1.acell("A1").value, bold_from(raw)) == ("one two", [4])
    visitor.redo()
    assert (sheet.sheet1.acell("A1").value, bold_from(raw)) == ("plain", [])
    visitor.undo()
    assert bold_from(raw) == [4]


def test_formats_of_parts_alone_are_a_change_and_others_are_kept(visitor, raw):
    raw.ok(rich("one two", 4))
    assert visitor.update(rich("one two", 0)).status_code == 200
    assert visitor.undo()["cells"] == 1
    assert bold_from(raw) == [4]
    visitor.type(0, 0, [["one two"]])
    raw.ok(rich("one two", 2))
    assert visitor.undo()["others"] == 1
    assert bold_from(raw) == [2]
