"""From changes to requests, and what a plan weighs and tells, as values."""

import numpy as np
import pandas as pd
import pytest
from snapshots import Budget, workbook

from sheets_crm.plan.changes import (
    AppendRows,
    DeleteRows,
    FoldRows,
    GridRows,
    PutCells,
    RemoveTab,
    ShowRow,
    ShowTab,
    UpdateCells,
)
from sheets_crm.plan.compiler import compiled, runs
from sheets_crm.plan.diff import after, diff
from sheets_crm.plan.plan import PAYLOAD, SCATTERED, Cost, Plan, cost, counted
from sheets_crm.workbook.cells import Formula, RowFormula
from sheets_crm.workbook.info import TabInfo


def tab(**values):
    given = {"sheet_id": 9, "title": "T", "index": 0, "hidden": False, "rows": 10, "columns": 6, "frozen_rows": 1}
    return TabInfo(**(given | values))


def kinds(found):
    return [next(iter(request)) for request in found]


def written(request):
    """Start (row, column) and the values of a write."""
    body = request["updateCells"]
    start = body["start"]
    values = [
        [next(iter(cell.get("userEnteredValue", {"": ""}).values())) for cell in row.get("values", [])]
        for row in body["rows"]
    ]
    return (start["rowIndex"], start["columnIndex"]), values


def deleted(request):
    found = request["deleteDimension"]["range"]
    return found["startIndex"], found["endIndex"]


def appended(request):
    return request["appendDimension"]["dimension"], request["appendDimension"]["length"]


# -- runs


@pytest.mark.parametrize(
    ("places", "expected"),
    [([], []), ([4], [(4, 5)]), ([1, 2, 3], [(1, 4)]), ([1, 3, 4, 7], [(1, 2), (3, 5), (7, 8)])],
)
def test_whole_numbers_as_runs(places, expected):
    assert runs(places) == expected


# -- Rejected, which is no table


def test_cells_of_a_grid_come_before_its_new_rows_and_those_before_deletions():
    change = GridRows(
        tab(), (5, 2, 3), 8, (("a",), ("b", "c")), ((0, 0), (0, 1), (1, 0), (1, 1)), ((4, 0, False),)
    )
    found = compiled([change])
    assert kinds(found) == [
        "updateCells",
        "repeatCell",
        "updateCells",
        "setDataValidation",
        "repeatCell",
        "deleteDimension",
        "deleteDimension",
    ]
    assert written(found[0]) == ((4, 0), [[False]])
    assert written(found[2]) == ((8, 0), [["a"], ["b", "c"]])
    assert [deleted(one) for one in found[5:]] == [(5, 6), (2, 4)]
    boxes = found[3]["setDataValidation"]["range"]
    assert (boxes["startRowIndex"], boxes["endRowIndex"]) == (8, 10)
    assert (boxes["startColumnIndex"], boxes["endColumnIndex"]) == (0, 2)


def test_boxes_of_rows_that_stand_apart_are_apart():
    change = GridRows(tab(), (), 5, (("a",), ("b",), ("c",)), ((0, 0), (0, 1), (2, 0), (2, 1)))
    found = [one["setDataValidation"]["range"] for one in compiled([change]) if "setDataValidation" in one]
    assert [(one["startRowIndex"], one["endRowIndex"]) for one in found] == [(5, 6), (7, 8)]


@pytest.mark.parametrize(("start", "more"), [(8, []), (9, [("ROWS", 1)]), (12, [("ROWS", 4)])])
def test_a_grid_becomes_as_high_as_its_new_rows_need(start, more):
    found = compiled([GridRows(tab(), (), start, (("a",), ("b",)))])
    assert [appended(one) for one in found if "appendDimension" in one] == more


@pytest.mark.parametrize(("width", "more"), [(6, []), (7, [("COLUMNS", 1)]), (9, [("COLUMNS", 3)])])
def test_a_grid_becomes_as_wide_as_its_new_rows_need(width, more):
    found = compiled([GridRows(tab(), (), 2, (("x",) * width, ("y",)))])
    assert [appended(one) for one in found if "appendDimension" in one] == more


@pytest.mark.parametrize(("gone", "more"), [(8, 0), (9, 1)])
def test_a_grid_keeps_a_row_below_its_frozen_ones(gone, more):
    found = compiled([GridRows(tab(rows=10), tuple(range(1, gone + 1)))])
    assert kinds(found) == ["appendDimension"] * more + ["deleteDimension"]


def test_rows_that_come_make_room_for_rows_that_go():
    found = compiled([GridRows(tab(rows=3), (1, 2), 3, (("a",),))])
    assert kinds(found)[-1] == "deleteDimension"
    assert [appended(one) for one in found if "appendDimension" in one] == [("ROWS", 1)]


# -- tabs, and groups of rows


def test_tabs_are_shown_before_others_are_hidden_and_after_their_cells_are_written():
    log, inbox = tab(sheet_id=1), tab(sheet_id=2, hidden=True)
    found = compiled([ShowTab(log, shown=False), PutCells(log, 3, 0, (("a",),)), ShowTab(inbox, shown=True)])
    assert kinds(found) == ["updateCells", "updateSheetProperties", "updateSheetProperties"]
    assert [one["updateSheetProperties"] for one in found[1:]] == [
        {"properties": {"sheetId": 2, "hidden": False}, "fields": "hidden"},
        {"properties": {"sheetId": 1, "hidden": True}, "fields": "hidden"},
    ]


@pytest.mark.parametrize("folded", [True, False])
def test_a_group_of_rows_folds_and_opens(folded):
    (found,) = compiled([FoldRows(tab(), 4, 9, folded)])
    assert found["updateDimensionGroup"] == {
        "dimensionGroup": {
            "range": {"sheetId": 9, "dimension": "ROWS", "startIndex": 4, "endIndex": 9},
            "depth": 1,
            "collapsed": folded,
        },
        "fields": "collapsed",
    }


def test_tabs_that_are_shown_and_groups_that_fold_are_no_changed_rows():
    (found,) = compiled([ShowRow(tab(), 4, shown=False)])
    assert found["updateDimensionProperties"]["range"]["startIndex"] == 4
    assert found["updateDimensionProperties"]["properties"] == {"hiddenByUser": True}
    assert (
        counted(
            Plan((ShowTab(tab(), shown=True), ShowRow(tab(), 4, shown=True), FoldRows(tab(), 4, 9, folded=True)))
        )
        == []
    )


# -- tables of a workbook


def test_the_master_comes_first_and_what_it_holds_is_copied_not_sent():
    header = ["firstName", "lastName", "title", "companyName", "vmid", "linkedInProfileUrl", "timestamp"]
    outcome = workbook().lead(7).pending(header, ["Ana", "Ay", "", "One", "ACwAAA1", "", ""]).decide()
    found = compiled(outcome.plan.changes)
    master = outcome.before.master.tab.sheet_id
    (copy,) = [one["copyPaste"] for one in found if "copyPaste" in one]
    assert copy["source"]["sheetId"] == master
    assert copy["source"]["startRowIndex"] == 2
    first_write = next(
        n for n, one in enumerate(found) if one.get("updateCells", {}).get("start", {}).get("sheetId") == master
    )
    assert first_write < found.index({"copyPaste": copy})
    assert kinds(found)[-1] == "deleteSheet"


@pytest.mark.long
def test_new_rows_of_the_master_are_inserted_so_that_nothing_typed_below_is_overwritten():
    header = ["firstName", "lastName", "title", "companyName", "vmid", "linkedInProfileUrl", "timestamp"]
    row = ["Ana", "Ay", "", "One", "ACwAAA1", "", ""]
    filled = compiled(workbook().lead(7).pending(header, row).decide().plan.changes)
    (insert,) = [one["insertDimension"]["range"] for one in filled if "insertDimension" in one]
    assert (insert["startIndex"], insert["endIndex"]) == (2, 3)
    empty = compiled(workbook().pending(header, row).decide().plan.changes)
    assert not [one for one in empty if "insertDimension" in one]


@pytest.mark.long
def test_new_rows_of_a_full_tab_make_it_higher():
    outcome = workbook().lead(1).grid("batches", rows=1).tick("verification", 1).decide()
    found = compiled(outcome.plan.changes)
    batches = outcome.before.tabs["batches"].sheet_id
    assert [
        one["appendDimension"]["length"]
        for one in found
        if one.get("appendDimension", {}).get("sheetId") == batches
    ] == [1]
    roomy = compiled(workbook().lead(1).grid("batches", rows=2).tick("verification", 1).decide().plan.changes)
    assert not [one for one in roomy if one.get("appendDimension", {}).get("sheetId") == batches]


@pytest.mark.long
def test_new_rows_get_checkboxes_dates_and_formulas_of_their_own_row():
    outcome = workbook().sent("verification", 9).lead(1).tick("verification", 1).decide()
    batches = outcome.before.tabs["batches"].sheet_id
    found = [one for one in compiled(outcome.plan.changes) if str(batches) in str(one)]
    boxes = [
        one["setDataValidation"]["range"]
        for one in found
        if one.get("setDataValidation", {}).get("range", {}).get("sheetId") == batches
    ]
    assert [(b["startRowIndex"], b["endRowIndex"], b["startColumnIndex"], b["endColumnIndex"]) for b in boxes] == [
        (1, 2, 8, 11)
    ]
    formats = [
        one["repeatCell"] for one in found if one.get("repeatCell", {}).get("range", {}).get("sheetId") == batches
    ]
    assert [(f["range"]["startColumnIndex"], f["range"]["endColumnIndex"]) for f in formats] == [(3, 4), (6, 7)]
    kinds = [f["cell"]["userEnteredFormat"]["numberFormat"]["type"] for f in formats]
    assert kinds == ["DATE_TIME", "NUMBER"]  # the time of the send, and its age in whole days
    texts = str(
        [written(one) for one in found if one.get("updateCells", {}).get("start", {}).get("sheetId") == batches]
    )
    assert "$D2" in texts
    assert "{row}" not in texts


def test_a_day_of_history_has_no_time():
    outcome = workbook().lead(1).row("history", date=5).decide()
    history = outcome.before.tabs["history"].sheet_id
    (found,) = [
        one["repeatCell"]
        for one in compiled(outcome.plan.changes)
        if one.get("repeatCell", {}).get("range", {}).get("sheetId") == history
    ]
    assert found["cell"]["userEnteredFormat"]["numberFormat"]["type"] == "DATE"


@pytest.mark.long
def test_texts_of_the_master_are_formatted_as_text():
    header = ["firstName", "lastName", "title", "companyName", "vmid", "linkedInProfileUrl", "timestamp"]
    outcome = workbook().pending(header, ["Ana", "Ay", "", "One", "ACwAAA1", "", ""]).decide()
    master = outcome.before.master.tab.sheet_id
    found = [
        one["repeatCell"]
        for one in compiled(outcome.plan.changes)
        if one.get("repeatCell", {}).get("range", {}).get("sheetId") == master
    ]
    texts = [one for one in found if "TEXT" in str(one["cell"])]
    assert texts[0]["range"]["startColumnIndex"] == 1
    assert all(one["range"]["startRowIndex"] == 1 and one["range"]["endRowIndex"] == 2 for one in texts)


def test_blank_columns_of_new_rows_are_not_sent():
    outcome = workbook().lead(1).tick("verification", 1).decide()
    log = outcome.before.tabs["log"].sheet_id
    blank = AppendRows(
        outcome.before.sheets["log"], outcome.before.sheets["log"].frame.reindex([0], fill_value="")
    )
    assert not [
        one for one in compiled([blank]) if one.get("updateCells", {}).get("start", {}).get("sheetId") == log
    ]


def test_writes_of_one_column_in_rows_that_stand_apart_are_apart():
    sheet = workbook().leads(1, 2, 3, 4, 5).snapshot().master
    one = UpdateCells(sheet, {"phone": (np.array([0, 1, 3]), np.array(["a", "b", "c"], dtype=object))})
    column = sheet.column_index["phone"]
    assert [written(request) for request in compiled([one])] == [
        ((1, column), [["a"], ["b"]]),
        ((4, column), [["c"]]),
    ]
    assert (one.rows, one.count) == (3, 3)
    assert UpdateCells(sheet, {}).rows == 0


def test_a_block_of_control_is_written_where_it_belongs():
    (found,) = compiled([PutCells(tab(), 4, 1, (("a", Formula("=1")), (True, 2)))])
    assert written(found) == ((4, 1), [["a", "=1"], [True, 2]])
    assert RowFormula("=A{row}").at(4) == Formula("=A5")


# -- the height that is foretold


@pytest.mark.parametrize(("rows", "gone", "height"), [(50, 1, 49), (3, 1, 2), (3, 2, 2)])
def test_a_table_keeps_a_blank_row(rows, gone, height):
    sheet = workbook().leads(1, 2).grid("input.verification", rows=rows).snapshot().sheets["input.verification"]
    change = DeleteRows(sheet, np.arange(gone))
    assert after(sheet, [change]).tab.rows == height
    assert ("appendDimension" in kinds(compiled([change]))) is (rows - gone < 2)


def test_rows_that_come_count_when_a_table_would_be_emptied():
    sheet = workbook().leads(1).grid("input.verification", rows=2).snapshot().sheets["input.verification"]
    desired = pd.DataFrame(index=pd.Index([2], name="LeadNumber"), dtype=object)
    found = compiled(diff(sheet, desired))
    assert [appended(one) for one in found if "appendDimension" in one] == [("ROWS", 1)]


def test_a_header_that_the_desired_rows_lack_is_left_alone_and_blank_in_new_ones():
    sheet = workbook().lead(1, firstName="Ana").snapshot().sheets["input.verification"]
    desired = pd.DataFrame({"lastName": ["", "B"]}, index=pd.Index([1, 2], name="LeadNumber"), dtype=object)
    (append,) = diff(sheet, desired)
    assert append.frame.to_dict("records")[0] | {} == dict.fromkeys(sheet.spec.headers, "") | {
        "LeadNumber": 2,
        "lastName": "B",
    }


def test_a_column_that_is_not_in_the_tab_is_not_written():
    sheet = workbook().lead(1).snapshot().sheets["input.verification"]
    without = type(sheet)(
        sheet.spec,
        sheet.tab,
        {k: v for k, v in sheet.column_index.items() if k != "firstName"},
        sheet.frame,
        sheet.rows,
    )
    desired = sheet.frame.assign(firstName="x", lastName="y").astype(object)
    (update,) = diff(without, desired)
    assert list(update.cells) == ["lastName"]


def test_a_column_that_is_not_in_the_tab_is_not_written_in_new_rows_either():
    outcome = workbook().lead(1).tick("verification", 1).decide()
    sheet = outcome.before.sheets["batches"]
    places = {name: place for name, place in sheet.column_index.items() if name != "version"}
    without = type(sheet)(sheet.spec, sheet.tab, places, sheet.frame, sheet.rows)
    (append,) = [c for c in outcome.plan.changes if isinstance(c, AppendRows) and c.sheet is sheet]
    found = [written(one) for one in compiled([AppendRows(without, append.frame)]) if "updateCells" in one]
    assert [(start, len(rows[0])) for start, rows in found] == [((1, 0), 11), ((1, 12), 3)]


def test_formulas_of_existing_rows_are_never_written_again():
    sheet = workbook().sent("verification", 1).snapshot().sheets["batches"]
    assert diff(sheet, sheet.frame.assign(age=RowFormula("=1"), stale="x", show=True).astype(object)) == []


# -- what a plan weighs and tells


def test_an_empty_plan_changes_nothing():
    assert Plan(()).empty
    assert not Plan((RemoveTab(tab()),)).empty


def test_a_plan_weighs_its_bytes_and_the_rows_that_go_apart():
    sheet = workbook().leads(1, 2, 3, 4, 5).snapshot().master
    plan = Plan((DeleteRows(sheet, np.array([0, 2, 3])), GridRows(tab(), (1, 2, 5, 7))))
    found = cost(plan, [{"a": 1}])
    assert (found.payload, found.scattered) == (len(b'[{"a":1}]'), 5)


@pytest.mark.parametrize(
    ("payload", "scattered", "over"),
    [(PAYLOAD, 0, 1), (PAYLOAD * 2, 0, 2), (0, SCATTERED, 1), (PAYLOAD, SCATTERED * 3, 3)],
)
def test_the_heavier_of_both_counts(payload, scattered, over):
    assert Cost(payload, scattered).over == over


def test_a_plan_is_counted_tab_by_tab():
    outcome = (
        workbook().leads(1, 2).rejected(["x", "y"], ["a", "b"], discard=True).tick("verification", 1).decide()
    )
    found = {title: counts for title, *counts in counted(outcome.plan)}
    assert found["Master"] == [0, 1, 0]
    assert found["Batches"] == [1, 0, 0]
    assert found["Verification Input"] == [0, 0, 1]
    assert found["Rejected"] == [0, 0, 2]
    assert found["Control"][1] > 1
    grid = Plan((GridRows(tab(), (1,), 2, (("a",), ("b",), ("c",)), (), ((0, 0, "x"), (1, 0, "y"))),))
    assert counted(grid) == [("T", 3, 2, 1)]


def test_what_is_told_of_a_plan_holds_none_of_its_tables():
    told = workbook().leads(1, 2).tick("verification", 1).decide(budget=Budget(9, 9)).plan.for_report()
    assert told.journal == ()
    for change in told.changes:
        if isinstance(change, UpdateCells | AppendRows | DeleteRows):
            assert len(change.sheet.frame) == len(change.sheet.rows) == 0
        if isinstance(change, AppendRows):
            assert (len(change.frame), len(change.frame.columns), change.master) == (1, 0, None)
    assert told.summary.sent == {"V-0001": 1}
