"""What the page counts, finds and reaches: all cells of a tab, spilled and far ones too, without those that a filter hides."""

import pytest
from page_visitor import Visitor, checkboxes


@pytest.fixture
def visitor(server, sheet):
    return Visitor(server, sheet)


def total(visitor, top, bottom, left, right):
    answer = visitor.get("totals", top=top, bottom=bottom, left=left, right=right)
    assert answer.status_code == 200, answer.text
    return answer.json()


def edge(visitor, row, column, down, right):
    found = visitor.get("edge", row=row, column=column, down=down, right=right).json()
    return found["row"], found["column"]


def hide(raw, start, end, **meta):
    span = {"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end}
    raw.ok({"updateDimensionProperties": {"range": span, "properties": meta, "fields": ",".join(meta)}})


def filter_out(raw, word):
    """Let a basic filter of A:C hide the rows that show a word in column A."""
    span = {"sheetId": 0, "startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": 3}
    raw.ok({"setBasicFilter": {"filter": {"range": span, "criteria": {"0": {"hiddenValues": [word]}}}}})


def test_a_selection_is_summed_up_over_every_kind_of_cell(visitor, sheet):
    sheet.sheet1.update(
        [["x", 1, "=1/0", True], ["", "2", '=""', "=B1*3"], ["=SEQUENCE(3)", "", "", "2026-05-04"]],
        "A1",
        raw=False,
    )
    assert total(visitor, 0, 5, 0, 3) == {
        "count": 7, "numbers": 5, "ticked": 0, "sum": 9, "average": 1.8, "min": 1, "max": 3,
    }  # fmt: skip
    assert total(visitor, 0, 1, 0, 4) == {
        "count": 4, "numbers": 1, "ticked": 0, "sum": 1, "average": 1, "min": 1, "max": 1,
    }  # fmt: skip
    assert total(visitor, 100, 900, 0, 26) == {"count": 0, "numbers": 0, "ticked": 0}


def test_sums_are_shown_like_the_first_number(visitor, sheet):
    sheet.sheet1.update([["x", 5], ["50%", "$1.50"], ["25%", "$2.00"]], "A1", raw=False)
    assert total(visitor, 0, 3, 0, 1)["sum"] == "75%"
    assert total(visitor, 1, 3, 1, 2)["average"] == "$1.75"
    assert total(visitor, 0, 3, 1, 2)["sum"] == 8.5


def test_every_ticked_box_counts_however_far_down(visitor, raw, sheet):
    sheet.sheet1.update([["send"], *[[row % 5 == 0] for row in range(999)]], "A1", raw=True)
    checkboxes(raw, 1, 1000)
    sheet.sheet1.update([[True]], "B1", raw=True)  # a truth value without a box
    found = total(visitor, 0, 1000, 0, 2)
    assert (found["count"], found["ticked"], found["numbers"]) == (1001, 200, 0)


def test_boxes_with_values_of_their_own_are_boxes(visitor, raw, sheet):
    sheet.sheet1.update([["sí"], ["no"], ["else"], [""], [1], [0]], "A1", raw=True)

    def boxes(top, bottom, *words):
        condition = {"type": "BOOLEAN", "values": [{"userEnteredValue": word} for word in words]}
        place = {
            "sheetId": 0,
            "startRowIndex": top,
            "endRowIndex": bottom,
            "startColumnIndex": 0,
            "endColumnIndex": 1,
        }
        raw.ok({"setDataValidation": {"range": place, "rule": {"condition": condition}}})

    boxes(0, 4, "sí", "no")
    boxes(4, 6, "1")
    kinds = [row.get("kinds", " ") for row in visitor.cells()["rows"]]
    assert kinds == ["t", "f", "s", " ", "t", "n"]
    assert total(visitor, 0, 6, 0, 1)["ticked"] == 2
    area = {"top": 0, "bottom": 6, "left": 0, "right": 1}
    visitor.edit({"kind": "tick", **area, "value": True})
    assert sheet.sheet1.col_values(1) == ["sí", "sí", "sí", "sí", "1", "1"]
    visitor.edit({"kind": "clear", **area})
    assert sheet.sheet1.col_values(1) == ["no", "no", "no", "no"]


def test_a_tick_without_a_value_is_the_opposite_of_the_first_box(visitor, raw, sheet):
    sheet.sheet1.update([["send"], [True], [False], [True]], "A1", raw=True)
    checkboxes(raw, 1, 4)
    area = {"top": 0, "bottom": 1000, "left": 0, "right": 26, "value": None}
    for wanted in ("FALSE", "TRUE"):
        assert visitor.edit({"kind": "tick", **area}).json()["cells"] == 3
        assert sheet.sheet1.col_values(1)[1:] == [wanted] * 3
    assert visitor.edit({"kind": "tick", **area, "left": 5}).json()["cells"] == 0


def test_what_a_filter_hides_is_left_out_and_what_a_person_hides_is_not(visitor, raw, sheet):
    sheet.sheet1.update([["kind", "n", "send"], *[["ab"[row % 2], row, False] for row in range(1, 7)]], "A1")
    checkboxes(raw, 1, 7, column=2)
    hide(raw, 6, 7, hiddenByUser=True)
    filter_out(raw, "b")
    assert total(visitor, 0, 1000, 1, 2)["sum"] == 12
    assert visitor.get("values", top=0, bottom=1000, left=1, right=2).json() == [["n"], ["2"], ["4"], ["6"]]
    visitor.edit({"kind": "tick", "top": 0, "bottom": 1000, "left": 2, "right": 3, "value": True})
    visitor.edit({"kind": "clear", "top": 1, "bottom": 1000, "left": 1, "right": 2})
    assert sheet.sheet1.get("B2:C7") == [
        ["1", "FALSE"], ["", "TRUE"], ["3", "FALSE"], ["", "TRUE"], ["5", "FALSE"], ["", "TRUE"],
    ]  # fmt: skip


def test_hidden_cells_are_found_apart_and_not_gone_to(visitor, raw, sheet):
    sheet.sheet1.update([["Ana", ""], ["ana", ""], ["x", "banana"]], "A1")
    hide(raw, 1, 2, hiddenByUser=True)
    found = visitor.get("find", text="ana", row=0, column=0).json()
    assert found == {"count": 2, "hidden": 1, "place": 2, "row": 2, "column": 1}
    hide(raw, 2, 3, hiddenByUser=True)
    hide(raw, 0, 1, hiddenByUser=True)
    assert visitor.get("find", text="ana", row=0, column=0).json() == {"count": 0, "hidden": 3}


@pytest.mark.long
def test_a_text_is_found_in_every_one_of_twenty_thousand_rows(visitor, sheet):
    sheet.sheet1.resize(20_000, 3)
    sheet.sheet1.update([[f"lead {row}", "", "=A1"] for row in range(1, 20_001)], "A1", raw=True)
    sheet.sheet1.update([['=A19999&"!"']], "C20000", raw=False)
    found = visitor.get("find", text="lead 19999", row=0, column=0).json()
    assert found == {"count": 2, "hidden": 0, "place": 1, "row": 19_998, "column": 0}


def test_ctrl_and_an_arrow_reach_the_ends_of_what_is_filled(visitor, sheet):
    sheet.sheet1.update([["a", "b", "", "d"], ["", "=SEQUENCE(4)"], ["x"]], "A1", raw=False)
    assert edge(visitor, 0, 0, 0, 1) == (0, 1)
    assert edge(visitor, 0, 1, 0, 1) == (0, 3)
    assert edge(visitor, 0, 3, 0, 1) == (0, 25)
    assert edge(visitor, 0, 1, 1, 0) == (4, 1)
    assert edge(visitor, 4, 1, 1, 0) == (999, 1)
    assert edge(visitor, 999, 1, 1, 0) == (999, 1)
    assert edge(visitor, 999, 1, -1, 0) == (4, 1)
    assert edge(visitor, 0, 0, 1, 0) == (2, 0)
    assert edge(visitor, 4, 1, 0, -1) == (4, 0)
    assert edge(visitor, 7, 7, 0, 0) == (4, 3)


def test_ctrl_and_an_arrow_pass_over_what_is_hidden(visitor, raw, sheet):
    sheet.sheet1.update([["a"], ["b"], [""], ["d"], [""], ["f"]], "A1")
    hide(raw, 2, 4, hiddenByUser=True)
    assert edge(visitor, 0, 0, 1, 0) == (1, 0)
    assert edge(visitor, 1, 0, 1, 0) == (5, 0)
    assert edge(visitor, 5, 0, -1, 0) == (1, 0)


def test_the_end_of_an_empty_tab_is_its_beginning(visitor):
    assert edge(visitor, 7, 7, 0, 0) == (0, 0)


def test_the_key_of_a_row_that_was_not_fetched_can_be_asked(visitor, sheet):
    sheet.sheet1.update([["x"]], "A900")
    assert visitor.get("key", row=899).json()["key"] is not None
    assert visitor.get("key", row=900).json() == {"key": None}


def test_sums_of_dates_that_formulas_give_are_shown_as_dates(visitor, sheet):
    sheet.sheet1.update([["=DATE(2026,5,4)"], ["=A1+2"], [3]], "A1", raw=False)
    assert {name: total(visitor, 0, 2, 0, 1)[name] for name in ("min", "max")} == {
        "min": "5/4/2026",
        "max": "5/6/2026",
    }
    assert total(visitor, 2, 3, 0, 1)["max"] == 3


def test_columns_fit_what_is_shown_and_rows_the_lines_of_it(raw, sheet):
    sheet.sheet1.update([["=DATE(2026,5,4)", "5/4/2026", "$1,234.50", "", '="a"&CHAR(10)&"b"']], "A1", raw=False)
    sheet.sheet1.update([["'5/4/2026", "", "'$1,234.50"]], "F1", raw=False)
    for dimension in ("COLUMNS", "ROWS"):
        span = {"sheetId": 0, "dimension": dimension, "startIndex": 0, "endIndex": 8}
        raw.ok({"autoResizeDimensions": {"dimensions": span}})
    found = raw.get(ranges="A1:H1", fields="sheets.data(columnMetadata,rowMetadata)")["sheets"][0]["data"][0]
    widths = [column["pixelSize"] for column in found["columnMetadata"]]
    assert widths[0] == widths[1] == widths[5]
    assert widths[2] == widths[7] != widths[0]
    assert widths[3] == 100
    assert found["rowMetadata"][0]["pixelSize"] > 21
