"""What a tab of a two-way table gets once, and what the emulator makes of it."""

import pytest
from scratch import KEYED, SCRATCH
from workbench import Desk

from sheets_crm.workbook.setup.two_way_tab import blank_rows, content, grid


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Both scratch tables in a Spanish workbook, as the API describes them."""
    desk = Desk(tmp_path_factory.mktemp("tab"))
    for number, spec in ((11, SCRATCH), (12, KEYED)):
        properties = {"sheetId": number, "title": spec.name("es"), "gridProperties": grid(spec)}
        desk.structure({"addSheet": {"properties": properties}}, *content(spec, number, "es"), who="service")
    fields = (
        "sheets(properties,protectedRanges,basicFilter,data(columnMetadata,rowData(values(formattedValue,note,"
        "dataValidation,userEnteredFormat(numberFormat)))))"
    )
    sheets = desk.book("owner").fetch_sheet_metadata({"fields": fields, "includeGridData": True})["sheets"]
    yield desk, {sheet["properties"]["title"]: sheet for sheet in sheets}
    desk.close(wait=False)


def cell(sheet, row, header, spec=SCRATCH):
    return sheet["data"][0]["rowData"][row]["values"][spec.headers.index(header)]


def test_headers_are_in_the_workbooks_language_with_notes(made):
    sheet = made[1]["Borrador"]
    header = sheet["data"][0]["rowData"][0]["values"]
    assert [one["formattedValue"] for one in header] == [column.name("es") for column in SCRATCH.columns]
    assert cell(sheet, 0, "word")["note"] == "Lo escribes tú; el sistema no lo cambia."
    assert "una vez" in cell(sheet, 0, "close")["note"]
    assert "repone" in cell(sheet, 0, "shown")["note"]
    assert (
        len({cell(sheet, 0, name)["note"] for name in ("word", "active", "close", "stage", "shown", "problem")})
        == 6
    )
    assert "note" not in cell(sheet, 0, "_key")


def test_drop_downs_and_checkboxes_are_not_strict(made):
    sheet = made[1]["Borrador"]
    rule = cell(sheet, 1, "stage")["dataValidation"]
    assert rule["condition"]["type"] == "ONE_OF_LIST"
    assert [one["userEnteredValue"] for one in rule["condition"]["values"]] == ["nueva", "ganada", "perdida"]
    assert not rule.get("strict")
    for header in ("active", "close"):
        rule = cell(sheet, 1, header)["dataValidation"]
        assert rule["condition"]["type"] == "BOOLEAN"
        assert not rule.get("strict")
    assert "dataValidation" not in cell(sheet, 1, "enrol"), "an act in words is no checkbox"


def test_formats_go_by_kind(made):
    sheet = made[1]["Borrador"]
    types = {
        name: cell(sheet, 1, name)["userEnteredFormat"]["numberFormat"]["type"]
        for name in ("word", "count", "ratio", "value", "due_on", "call_at", "stage")
    }
    assert types == {
        "word": "TEXT", "count": "NUMBER", "ratio": "NUMBER", "value": "NUMBER",
        "due_on": "DATE", "call_at": "DATE_TIME", "stage": "TEXT",
    }  # fmt: skip


@pytest.mark.parametrize(("title", "spec", "hidden"), [("Borrador", SCRATCH, [0, 1]), ("Keyed", KEYED, [1])])
def test_key_and_seen_are_hidden_and_a_key_that_people_see_is_not(made, title, spec, hidden):
    columns = made[1][title]["data"][0]["columnMetadata"]
    assert [n for n, column in enumerate(columns) if column.get("hiddenByUser")] == hidden


def test_header_and_workers_columns_warn_and_nobody_is_kept_out(made):
    desk, sheets = made
    ranges = sheets["Borrador"]["protectedRanges"]
    assert all(one["warningOnly"] for one in ranges)
    blocks = [one["range"] for one in ranges]
    assert [block for block in blocks if block.get("endRowIndex") == 1], "the header row"
    warned = {
        n for block in blocks if block.get("startRowIndex") == 1
        for n in range(block["startColumnIndex"], block["endColumnIndex"])
    }  # fmt: skip
    own = {"_key", "_seen", "closed_at", "shown", "problem"}
    assert warned == {SCRATCH.headers.index(name) for name in own}
    desk.put("Borrador", "A2", [["S-0001", "", "typed by an operator"]])
    assert desk.cells("Borrador")[1][2] == "typed by an operator"


def test_a_filter_spans_the_table_and_blank_rows_stand_below(made):
    sheet = made[1]["Borrador"]
    block = sheet["basicFilter"]["range"]
    assert (block.get("startRowIndex", 0), block["endColumnIndex"]) == (0, len(SCRATCH.columns))
    assert sheet["properties"]["gridProperties"]["rowCount"] == 51
    assert [blank_rows(rows) for rows in (0, 999, 1_000, 1_001, 10_000)] == [50, 50, 50, 51, 500]
