"""Tabs that the owner cut down to their header, or of their spare columns: Google refuses ranges that begin there."""

import pytest

from sheets_crm import sample

TABLES = (
    "Verification Input", "Box1 Input", "Instantly Input", "Master", "Batches", "Imports", "Storage", "History", "Log",
    "Rejected", "Vocabulary", "Verification Batch",
)  # fmt: skip
INPUT = "Verification Input"


def info(desk):
    found = desk.book("owner").fetch_sheet_metadata({"fields": "sheets(properties,protectedRanges)"})["sheets"]
    return {sheet["properties"]["title"]: sheet for sheet in found}


def grid(desk, title):
    return info(desk)[title]["properties"]["gridProperties"]


def unprotect(desk, titles):
    tabs = info(desk)
    numbers = [item["protectedRangeId"] for title in titles for item in tabs[title].get("protectedRanges", [])]
    desk.structure(*({"deleteProtectedRange": {"protectedRangeId": number}} for number in numbers))


def cut_down(desk, titles):
    """Delete all rows below the header, which must not be frozen for that."""
    tabs = info(desk)
    size = {"rowCount": 1, "frozenRowCount": 0}
    properties = [{"sheetId": tabs[title]["properties"]["sheetId"], "gridProperties": size} for title in titles]
    fields = "gridProperties(rowCount,frozenRowCount)"
    desk.structure(*({"updateSheetProperties": {"properties": one, "fields": fields}} for one in properties))


@pytest.mark.long
def test_tables_cut_down_to_their_header_take_an_import_without_a_set_up(desk):
    cut_down(desk, TABLES)

    report = desk.load(*sample.export_rows(5))

    assert report["drops"][0]["new"] == 5
    assert len(desk.rows(INPUT)) == 5
    desk.tick(INPUT)
    assert desk.sync()["sent"] == {"V-0001": 5}


@pytest.mark.long
def test_a_set_up_protects_and_formats_tables_that_were_cut_down_to_their_header(desk):
    unprotect(desk, TABLES)
    cut_down(desk, TABLES)

    assert set(TABLES) - {"Rejected", "Vocabulary"} <= set(desk.init()["repaired"]), "these two are free"

    assert {grid(desk, title)["rowCount"] for title in TABLES} == {2}
    desk.load(*sample.export_rows(5))
    desk.tick(INPUT)
    assert desk.sync()["sent"] == {"V-0001": 5}
    assert desk.init()["repaired"] == []


@pytest.mark.long
def test_a_set_up_writes_system_again_that_was_cut_down_to_its_header(desk):
    before = desk.cells("System")
    cut_down(desk, ["System"])

    desk.init()

    assert len(desk.cells("System")) == len(before)
    assert desk.load(*sample.export_rows(2))["drops"][0]["new"] == 2


@pytest.mark.long
def test_operators_have_a_column_of_their_own_though_none_is_left(desk):
    unprotect(desk, [INPUT])
    tab = info(desk)[INPUT]["properties"]
    columns = len(desk.cells(INPUT)[0])
    span = {"sheetId": tab["sheetId"], "dimension": "COLUMNS", "startIndex": columns}
    desk.structure({"deleteDimension": {"range": span}})
    assert grid(desk, INPUT)["columnCount"] == columns

    desk.init()

    assert grid(desk, INPUT)["columnCount"] == columns + 1
    (protection,) = info(desk)[INPUT]["protectedRanges"]
    assert {"sheetId": tab["sheetId"], "startRowIndex": 0, "startColumnIndex": columns} in protection[
        "unprotectedRanges"
    ]
    desk.init()
    assert grid(desk, INPUT)["columnCount"] == columns + 1
