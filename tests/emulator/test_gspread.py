"""What unmodified gspread does with a spreadsheet, over HTTP."""

import gspread
import pytest
from gspread.utils import DateTimeOption, MergeType, ValueInputOption, ValueRenderOption


def test_create_open_list_and_delete(gc):
    made = gc.create("Leads")
    assert gc.open_by_key(made.id).title == "Leads"
    assert gc.open("Leads").id == made.id
    assert made.id in [found["id"] for found in gc.list_spreadsheet_files()]
    gc.del_spreadsheet(made.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        gc.open_by_key(made.id)


def test_file_not_shared_with_the_caller_is_refused(gc):
    with pytest.raises(PermissionError):
        gc.open_by_key("1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc")


def test_copy_takes_values_formats_and_tabs_along(gc, sheet):
    sheet.sheet1.update([["a", "=1+1"]], "A1", raw=False)
    sheet.add_worksheet("Second", 5, 5)
    copied = gc.copy(sheet.id, title="The copy")
    assert [found.title for found in copied.worksheets()] == ["Sheet1", "Second"]
    assert copied.sheet1.get("A1:B1", value_render_option=ValueRenderOption.formula) == [["a", "=1+1"]]


def test_values_are_trimmed_and_the_range_is_clipped(sheet):
    tab = sheet.sheet1
    tab.update([["a", "", "c", ""], ["", "", "", ""], ["x"]], "B2")
    answer = sheet.values_get("Sheet1!A1:ZZ2000")
    assert answer["range"] == "Sheet1!A1:Z1000"
    assert answer["values"] == [[], ["", "a", "", "c"], [], ["", "x"]]
    assert "values" not in sheet.values_get("Sheet1!H1:H5")
    assert sheet.values_get("'Sheet1'!B2")["range"] == "Sheet1!B2"


def test_columns_as_major_dimension(sheet):
    sheet.sheet1.update([["a", "b"], ["", "c"], ["d", ""]], "A1")
    assert sheet.sheet1.get("A1:C4", major_dimension="COLUMNS") == [["a", "", "d"], ["b", "c"]]


def test_raw_keeps_texts_and_user_entered_reads_them(sheet):
    tab = sheet.sheet1
    typed = ["007", "1-2", "TRUE", "=1+1", "5.10", "12345678901234567"]
    tab.update([typed], "A1", value_input_option=ValueInputOption.raw)
    assert tab.get("A1:F1", value_render_option=ValueRenderOption.unformatted) == [typed]
    tab.update([typed], "A2", value_input_option=ValueInputOption.user_entered)
    read = tab.get("A2:F2", value_render_option=ValueRenderOption.unformatted)[0]
    assert read[0] == 7
    assert read[2] is True
    assert read[3] == 2
    assert read[4] == 5.1


def test_text_format_keeps_what_is_typed(sheet):
    tab = sheet.sheet1
    tab.format("A1:D1", {"numberFormat": {"type": "TEXT"}})
    tab.update([["007", "=1+1", "TRUE", "1-2"]], "A1", raw=False)
    assert tab.get("A1:D1", value_render_option=ValueRenderOption.unformatted) == [["007", "=1+1", "TRUE", "1-2"]]


def test_dates_are_serial_numbers_with_a_format(sheet):
    tab = sheet.sheet1
    tab.update([["2020-01-01", 53]], "A1", raw=False)
    options = {"value_render_option": ValueRenderOption.unformatted}
    assert tab.get("A1:B1", **options) == [[43831, 53]]
    assert tab.get("A1:B1", date_time_render_option=DateTimeOption.formatted_string, **options) == [
        ["2020-01-01", 53]
    ]


def test_null_skips_a_cell_and_empty_text_clears_it(sheet):
    tab = sheet.sheet1
    tab.update([["a", "b", "c"]], "A1")
    answer = tab.update([[None, "", "z"]], "A1")
    assert tab.get("A1:C1") == [["a", "", "z"]]
    assert answer["updatedRange"] == "Sheet1!A1:C1"


def test_batch_update_counts_distinct_rows_and_columns(sheet):
    answer = sheet.values_batch_update(
        {
            "valueInputOption": "RAW",
            "data": [
                {"range": "Sheet1!A1:D1", "values": [["1", "2", "", "4"]]},
                {"range": "Sheet1!A3:D3", "values": [["1", "2", "3", "4"]]},
            ],
        }
    )
    totals = {name: count for name, count in answer.items() if name.startswith("total")}
    assert totals == {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 4,
        "totalUpdatedCells": 8,
        "totalUpdatedSheets": 1,
    }


def test_append_finds_the_table_as_google_documents_it(sheet):
    """https://developers.google.com/workspace/sheets/api/guides/values#append_values"""
    tab = sheet.sheet1
    tab.update([["x", "y", "z"], ["x", "y", "z"]], "A1")
    tab.update([["x", "y", "z"], ["x", "y"], ["x", "y", "z"]], "B4")
    ends = {"Sheet1": "B7", "C5:D5": "B7", "B2:D4": "B7", "A3:G10": "B7", "A1": "A3", "E4": "E4", "A4": "A4"}
    for asked, written in ends.items():
        name = asked if asked == "Sheet1" else f"Sheet1!{asked}"
        answer = sheet.values_append(name, {"valueInputOption": "RAW"}, {"values": [["new"]]})
        assert answer["updates"]["updatedRange"] == f"Sheet1!{written}", asked
        tab.batch_clear([written])


def test_cells_that_touch_at_a_corner_are_one_table(sheet):
    sheet.sheet1.update([["x", ""], ["", "y"]], "A1")
    answer = sheet.values_append("Sheet1!A1", {"valueInputOption": "RAW"}, {"values": [["new"]]})
    assert (answer["tableRange"], answer["updates"]["updatedRange"]) == ("Sheet1!A1:B2", "Sheet1!A3")


def test_append_adds_rows_to_a_full_grid(sheet):
    tab = sheet.add_worksheet("small", 2, 2)
    tab.append_rows([["a", "b"], ["c", "d"], ["e", "f"]])
    assert tab.get_all_values() == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert sheet.worksheet("small").row_count == 3


def test_append_with_insert_rows_pushes_what_is_below(sheet):
    tab = sheet.sheet1
    tab.update([["a"], ["b"], [""], ["below"]], "A1")
    tab.append_row(["c"], table_range="A1", insert_data_option="INSERT_ROWS")
    assert tab.col_values(1) == ["a", "b", "c", "", "below"]


def test_worksheets_come_go_move_and_hide(sheet):
    tab = sheet.add_worksheet("Second", 10, 5)
    third = sheet.add_worksheet("Third", 10, 5, index=0)
    assert [found.title for found in sheet.worksheets()] == ["Third", "Sheet1", "Second"]
    sheet.reorder_worksheets([tab, third, sheet.worksheet("Sheet1")])
    assert [found.title for found in sheet.worksheets()] == ["Second", "Third", "Sheet1"]
    tab.hide()
    assert [found.title for found in sheet.worksheets(exclude_hidden=True)] == ["Third", "Sheet1"]
    tab.update_title("Renamed")
    sheet.del_worksheet(third)
    assert [found.title for found in sheet.worksheets()] == ["Renamed", "Sheet1"]


def test_duplicate_sheet(sheet):
    sheet.sheet1.update([["a", "b"]], "A1")
    sheet.sheet1.format("A1", {"textFormat": {"bold": True}})
    copied = sheet.sheet1.duplicate(new_sheet_name="Copied")
    assert copied.get("A1:B1") == [["a", "b"]]
    assert [found.title for found in sheet.worksheets()] == ["Copied", "Sheet1"]


def test_rows_and_columns_are_inserted_and_deleted(sheet):
    tab = sheet.sheet1
    tab.update([["a", "b"], ["c", "d"]], "A1")
    tab.insert_row(["n1", "n2"], 2)
    assert tab.get_all_values() == [["a", "b"], ["n1", "n2"], ["c", "d"]]
    tab.delete_rows(1)
    tab.insert_cols([["x", "y"]], 2)
    assert tab.get_all_values() == [["n1", "x", "n2"], ["c", "y", "d"]]
    tab.delete_columns(1, 2)
    assert tab.get_all_values() == [["n2"], ["d"]]
    assert (sheet.sheet1.row_count, sheet.sheet1.col_count) == (1000, 25)


def test_resize_cuts_what_lies_outside(sheet):
    tab = sheet.sheet1
    tab.update([["a", "b"], ["c", "d"]], "A1")
    tab.resize(1, 1)
    tab.resize(3, 3)
    assert tab.get_values() == [["a"]]


def test_notes_merges_freezes_and_filters(sheet):
    tab = sheet.sheet1
    tab.insert_note("B2", "a note")
    assert tab.get_note("B2") == "a note"
    tab.clear_note("B2")
    assert tab.get_note("B2") == ""
    tab.merge_cells("A1:B2", MergeType.merge_all)
    assert sheet.fetch_sheet_metadata()["sheets"][0]["merges"] == [
        {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    ]
    tab.unmerge_cells("A1:B2")
    tab.freeze(rows=1, cols=1)
    assert (sheet.sheet1.frozen_row_count, sheet.sheet1.frozen_col_count) == (1, 1)
    tab.set_basic_filter("A1:B10")
    assert "basicFilter" in sheet.fetch_sheet_metadata()["sheets"][0]
    tab.clear_basic_filter()
    assert "basicFilter" not in sheet.fetch_sheet_metadata()["sheets"][0]


def test_named_ranges(sheet):
    sheet.sheet1.define_named_range("A1:B2", "Mine")
    sheet.sheet1.update([["a", "b"]], "A1")
    assert sheet.values_get("Mine")["values"] == [["a", "b"]]
    found = sheet.list_named_ranges()
    assert found[0]["name"] == "Mine"
    sheet.sheet1.delete_named_range(found[0]["namedRangeId"])
    assert sheet.list_named_ranges() == []


def test_find_and_sort(sheet):
    tab = sheet.sheet1
    tab.update([["b", 2], ["a", 10], ["c", 1]], "A1", raw=False)
    tab.sort((2, "des"), range="A1:B3")
    assert tab.get("A1:B3") == [["a", "10"], ["b", "2"], ["c", "1"]]
    assert tab.find("b").address == "A2"


def test_sort_puts_numbers_before_texts_and_blanks_last(sheet):
    tab = sheet.sheet1
    tab.update([["b"], [10], [""], ["a"], [True], [2]], "A1")
    tab.sort((1, "asc"), range="A1:A6")
    assert tab.get("A1:A6", value_render_option="UNFORMATTED_VALUE") == [[2], [10], ["a"], ["b"], [True]]
    tab.sort((1, "des"), range="A1:A6")
    assert tab.get("A1:A6", value_render_option="UNFORMATTED_VALUE") == [[True], ["b"], ["a"], [10], [2]]


def test_import_csv_replaces_the_tabs(gc, sheet):
    gc.import_csv(sheet.id, "a,b\n1,2")
    assert gc.open_by_key(sheet.id).sheet1.get_all_values() == [["a", "b"], ["1", "2"]]


def test_share_is_remembered(gc, sheet):
    sheet.share("somebody@example.com", perm_type="user", role="writer", notify=False)
    assert "somebody@example.com" in [found.get("emailAddress") for found in sheet.list_permissions()]
    sheet.remove_permissions("somebody@example.com")
    (owner,) = sheet.list_permissions()
    with pytest.raises(gspread.exceptions.APIError, match="The owner of a file cannot be removed"):
        gc.remove_permission(sheet.id, owner["id"])
    assert sheet.list_permissions() == [owner]


def test_locale_decides_how_entries_are_read(sheet):
    sheet.update_locale("es_ES")
    tab = sheet.sheet1
    tab.update([["1,5", "VERDADERO", "=SUMA_NO(1)", '=IF(TRUE;"sí";"no")']], "A1", raw=False)
    assert tab.get("A1:B1", value_render_option="UNFORMATTED_VALUE") == [[1.5, True]]
    assert tab.get("A1:B1") == [["1,5", "VERDADERO"]]
    assert tab.get("D1", value_render_option="FORMULA") == [['=IF(TRUE;"sí";"no")']]
    assert tab.get("D1") == [["sí"]]
