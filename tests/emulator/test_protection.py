"""Protection binds the operator, never the file's creator or the owner."""

import pytest
from emulator_client import Raw

PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


def box(top, bottom, left, right):
    return {
        "sheetId": 0,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def write(row, column, text):
    values = [{"userEnteredValue": {"stringValue": text}}]
    start = {"sheetId": 0, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "fields": "userEnteredValue", "rows": [{"values": values}]}}


def rows(first, last):
    return {"sheetId": 0, "dimension": "ROWS", "startIndex": first, "endIndex": last}


@pytest.fixture
def tab(raw):
    """A protected tab whose column A, below the header, is the operators'."""
    raw.put("A1:C4", [["send", "name", "n"], [False, "b", 2], [False, "a", 1], [False, "c", 3]])
    holes = [box(1, None, 0, 1)]
    del holes[0]["endRowIndex"]
    answer = raw.ok(
        {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "unprotectedRanges": holes}}}
    )
    return answer["replies"][0]["addProtectedRange"]["protectedRange"]


def test_operators_write_only_where_they_may(tab, operator):
    operator.put("A2", [[True]])
    operator.ok(write(2, 0, "x"))
    assert operator.refused(write(2, 1, "x")) == f"Invalid requests[0].updateCells: {PROTECTED}"
    assert operator.values("A2:B3") == [["TRUE", "b"], ["x", "a"]]


@pytest.mark.parametrize("range_", ["A1", "A2:B2", "B2", "A1:A3"])
def test_values_obey_too(tab, operator, range_):
    asked = {"valueInputOption": "RAW"}
    width, height = (2 if ":B" in range_ else 1), (3 if range_ == "A1:A3" else 1)
    body = {"values": [["x"] * width] * height}
    answer = operator.session.put(f"{operator.url}/values/{range_}", params=asked, json=body)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, PROTECTED)
    answer = operator.session.post(f"{operator.url}/values/{range_}:clear")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, PROTECTED)


@pytest.mark.parametrize(
    "request_",
    [
        {"sortRange": {"range": box(1, 4, 0, 3), "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]}},
        {"deleteDimension": {"range": rows(1, 2)}},
        {"insertDimension": {"range": rows(2, 3), "inheritFromBefore": True}},
        {"moveDimension": {"source": rows(1, 2), "destinationIndex": 4}},
        {"setBasicFilter": {"filter": {"range": box(0, 4, 0, 3)}}},
        {"copyPaste": {"source": box(1, 2, 0, 1), "destination": box(1, 2, 1, 2)}},
        {"cutPaste": {"source": box(1, 2, 1, 2), "destination": {"sheetId": 0, "rowIndex": 3}}},
        {"findReplace": {"find": "b", "replacement": "z", "allSheets": True}},
        {"repeatCell": {"range": box(0, 1, 0, 1), "cell": {"note": "x"}, "fields": "note"}},
        {"setDataValidation": {"range": box(1, 2, 1, 2)}},
        {"mergeCells": {"range": box(1, 2, 0, 2)}},
        {"deleteSheet": {"sheetId": 0}},
        {"appendCells": {"sheetId": 0, "fields": "*", "rows": [{"values": [{"note": "a"}, {"note": "b"}]}]}},
    ],
    ids=lambda request: next(iter(request)),
)
def test_operators_may_not_touch_protected_cells_by(tab, operator, raw, request_):
    before = raw.get(includeGridData="true")
    assert operator.refused(request_).endswith(PROTECTED)
    assert raw.get(includeGridData="true") == before


def test_sorting_inside_the_open_column_is_allowed(tab, operator):
    """As in Google: it detaches ticks from their rows, which the worker must notice."""
    operator.put("A3", [["z"]])
    specs = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    operator.ok({"sortRange": {"range": box(1, 4, 0, 1), "sortSpecs": specs}})
    assert operator.values("A2:B4", valueRenderOption="UNFORMATTED_VALUE") == [
        ["z", "b"],
        [False, "a"],
        [False, "c"],
    ]


@pytest.mark.parametrize("account", ["service", "owner"])
def test_creator_and_owner_edit_everything(tab, server, sheet, account):
    Raw(server, sheet.id, account).ok(write(1, 1, "free"), {"deleteDimension": {"range": rows(2, 3)}})


def test_only_editors_change_a_protection(tab, operator, raw):
    number = tab["protectedRangeId"]
    assert operator.refused({"deleteProtectedRange": {"protectedRangeId": number}}).endswith(PROTECTED)
    change = {"protectedRange": {"protectedRangeId": number, "description": "x"}, "fields": "description"}
    assert operator.refused({"updateProtectedRange": change}).endswith(PROTECTED)
    users = {"editors": {"users": ["operator@sheets-emulator.iam.gserviceaccount.com"]}}
    raw.ok(
        {"updateProtectedRange": {"protectedRange": {"protectedRangeId": number, **users}, "fields": "editors"}}
    )
    operator.ok({"updateProtectedRange": change}, write(0, 0, "now"))


def test_editors_are_shown_only_to_who_may_edit(tab, operator, raw):
    mine = raw.get(fields="sheets.protectedRanges")["sheets"][0]["protectedRanges"][0]
    theirs = operator.get(fields="sheets.protectedRanges")["sheets"][0]["protectedRanges"][0]
    assert mine["requestingUserCanEdit"] is True
    assert mine["editors"] == {"users": ["worker@sheets-emulator.iam.gserviceaccount.com"]}
    assert not theirs.keys() & {"requestingUserCanEdit", "editors"}


def test_a_warning_binds_nobody_and_has_no_editors(raw, operator):
    raw.ok({"addProtectedRange": {"protectedRange": {"range": box(0, 1, 0, 1), "warningOnly": True}}})
    operator.ok(write(0, 0, "x"))
    both = {"range": box(0, 1, 0, 1), "warningOnly": True, "editors": {"users": ["a@b.c"]}}
    assert raw.refused({"addProtectedRange": {"protectedRange": both}}) == (
        "Invalid requests[0].addProtectedRange: ProtectedRange is warningOnly. Editors cannot be set on it."
    )


def test_one_protection_for_a_whole_sheet(tab, raw):
    assert raw.refused({"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}}}}) == (
        'Invalid requests[0].addProtectedRange: Sheet "Sheet1" already has sheet protection.'
    )


def test_operators_may_rename_and_reorder_protected_tabs(tab, operator):
    title = {"properties": {"sheetId": 0, "title": "Mine"}, "fields": "title"}
    operator.ok({"updateSheetProperties": title})


def test_shrinking_the_grid_deletes_protected_rows(tab, operator):
    smaller = {
        "properties": {"sheetId": 0, "gridProperties": {"rowCount": 2}},
        "fields": "gridProperties.rowCount",
    }
    assert operator.refused({"updateSheetProperties": smaller}).endswith(PROTECTED)
