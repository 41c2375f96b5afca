"""Cells and ranges in Google's terms."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from sheets_crm.workbook.cells import (
    Formula,
    RowFormula,
    a1,
    cell_value,
    column_index,
    column_letters,
    grid_range,
    moment,
    quoted,
    serial,
    spelled,
)


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (18_277, "ZZZ")]
)
def test_columns_are_lettered_as_sheets_does(index, letters):
    assert column_letters(index) == letters
    assert column_index(letters) == index


def test_a_title_with_an_apostrophe_is_doubled():
    assert quoted("Ana's tab") == "'Ana''s tab'"


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ((0, 0, 1, 1), "'T'!A1:A1"),
        ((1, 2, 3, 2), "'T'!C2:D4"),
        ((4, 1, None, 1), "'T'!B5:B"),
        ((0, 0, 2, None), "'T'!A1:ZZZ2"),
    ],
)
def test_a_block_is_spelled_in_a1(block, text):
    assert a1("T", *block) == text


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("=1+1", {"userEnteredValue": {"stringValue": "=1+1"}}),
        ("007", {"userEnteredValue": {"stringValue": "007"}}),
        ("TRUE", {"userEnteredValue": {"stringValue": "TRUE"}}),
        ("", {}),
        (True, {"userEnteredValue": {"boolValue": True}}),
        (False, {"userEnteredValue": {"boolValue": False}}),
        (0, {"userEnteredValue": {"numberValue": 0}}),
        (Formula("=A1"), {"userEnteredValue": {"formulaValue": "=A1"}}),
    ],
)
def test_text_stays_text_and_only_a_formula_is_a_formula(value, stored):
    assert cell_value(value) == stored


def test_a_formula_that_speaks_of_its_row():
    assert RowFormula("=D{row}+{row}").at(4) == Formula("=D5+5")


def test_an_open_side_is_left_out_of_a_grid_range():
    assert grid_range(7, 1, 2, None, None) == {"sheetId": 7, "startRowIndex": 1, "startColumnIndex": 2}
    assert grid_range(7, 1, 2, 3, 4) == {
        "sheetId": 7,
        "startRowIndex": 1,
        "startColumnIndex": 2,
        "endRowIndex": 4,
        "endColumnIndex": 6,
    }


@pytest.mark.parametrize(
    ("utc", "number"),
    [((2026, 1, 1, 0, 0), 46023 + 1 / 24), ((2026, 7, 1, 0, 0), 46204 + 2 / 24), ((2026, 7, 1, 22, 0), 46205)],
)
def test_a_moment_is_stored_in_the_workbooks_time_zone_summer_and_winter(utc, number):
    found = serial(dt.datetime(*utc, tzinfo=dt.UTC), ZoneInfo("Europe/Madrid"))
    assert found == pytest.approx(number, abs=1e-8)


def test_a_serial_number_comes_back_to_the_second():
    when = dt.datetime(2026, 11, 20, 9, 41, 7, tzinfo=dt.UTC)
    number = serial(when, ZoneInfo("UTC"))
    assert moment(number) == when.replace(tzinfo=None)
    assert spelled(number) == "2026-11-20 09:41"
    assert spelled("text") == "text"
    assert spelled(True) == "True"
