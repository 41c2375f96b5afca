"""What a person's gestures do to merged cells: only the first one is seen, so only that one is written."""

import pytest
from page_visitor import Visitor, checkboxes

MERGED = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 4, "endColumnIndex": 6}


@pytest.fixture
def visitor(server, sheet, raw):
    raw.ok({"mergeCells": {"range": MERGED, "mergeType": "MERGE_ALL"}})
    return Visitor(server, sheet)


def filled(sheet):
    """The cells that hold something, by name."""
    rows = sheet.sheet1.get("A1:J10", value_render_option="UNFORMATTED_VALUE")
    return {
        f"{chr(65 + column)}{row}": value
        for row, line in enumerate(rows, 1)
        for column, value in enumerate(line)
        if value != ""
    }


def test_one_value_for_a_selection_is_written_once_into_merged_cells(visitor, sheet):
    block = {"kind": "values", "row": 1, "column": 4, "key": None, "fill": True}
    visitor.edit({**block, "values": [["5", "5"], ["5", "5"]]})
    assert filled(sheet) == {"E2": 5}
    visitor.edit({**block, "values": [["6", "6", "6"], ["6", "6", "6"]]})
    assert filled(sheet) == {"E2": 6, "G2": 6, "G3": 6}


def test_what_is_typed_behind_merged_cells_goes_to_the_first_one(visitor, sheet):
    visitor.type(2, 5, [["x"]])
    assert filled(sheet) == {"E2": "x"}


def test_a_block_over_a_part_of_merged_cells_or_with_texts_behind_them_is_refused(visitor, sheet):
    for row, column, values in (
        (1, 4, [["1", "2"]]),
        (0, 4, [["1", "", "3"], ["", "", ""]]),
        (1, 4, [["1", "2"], ["3", "4"]]),
    ):
        answer = visitor.type(row, column, values)
        assert answer.status_code == 400
        assert answer.json()["error"]["message"] == "A block cannot be pasted over a part of merged cells."
    assert filled(sheet) == {}
    visitor.type(0, 4, [["a", "b"], ["c", ""], ["", ""], ["d", "e"]])
    assert filled(sheet) == {"E1": "a", "F1": "b", "E2": "c", "E4": "d", "F4": "e"}


def test_ticks_and_deleting_leave_checkboxes_behind_merged_cells_alone(visitor, raw, sheet):
    for column in (4, 5):
        checkboxes(raw, 1, 3, column)
    box = {"top": 1, "bottom": 3, "left": 4, "right": 6}
    visitor.edit({"kind": "tick", **box, "value": True})
    assert filled(sheet) == {"E2": True}
    visitor.edit({"kind": "clear", **box})
    assert filled(sheet) == {"E2": False}
