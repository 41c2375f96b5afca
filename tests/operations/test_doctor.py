"""What the doctor finds in workbooks that something is wrong with, and what it says to do."""

import time
from dataclasses import replace

import pytest
from gspread.exceptions import APIError


def findings(desk):
    found = {one["check"]: one for one in desk.app.doctor(probe=False).json["findings"]}
    return {name: one for name, one in found.items() if name != "clock"}  # the desk's clock is not the machine's


def bad(desk):
    return {name for name, one in findings(desk).items() if not one["ok"]}


@pytest.mark.long
@pytest.mark.parametrize("locale", ["es_ES", pytest.param("en_US", marks=pytest.mark.long)])
def test_a_workbook_in_order_has_every_check_in_order(open_desk, locale):
    found = findings(open_desk("sent", locale))
    assert [name for name, one in found.items() if not one["ok"]] == []
    assert {"credentials", "sharing", "locale", "time zone", "protections", "formulas", "cells"} <= set(found)


@pytest.mark.long
@pytest.mark.parametrize(
    ("title", "cell", "value"),
    [
        ("Dashboard", "F40", 17),
        pytest.param("Dashboard", "A3", "Nada", marks=pytest.mark.long),
        pytest.param("Versiones", "A5", "v1", marks=pytest.mark.long),
        ("Control", "B6", "=1+1"),
        pytest.param("System", "B35", 0, marks=pytest.mark.long),
        pytest.param("Lead Profile", "B6", "Ana", marks=pytest.mark.long),
    ],
)
def test_a_formula_written_over_is_named_and_init_puts_it_back(open_desk, title, cell, value):
    desk = open_desk("sent")
    assert str(desk.tab(title, "owner").acell(cell, value_render_option="FORMULA").value).startswith("=")
    desk.put(title, cell, [[value]], who="owner")

    found = findings(desk)["formulas"]
    assert not found["ok"]
    assert f"'{title}'!{cell}" in found["found"]
    assert "sheets-crm init" in found["remedy"]
    desk.init()
    assert bad(desk) == set()


@pytest.mark.long
def test_a_batch_tab_more_and_renamed_tabs_are_in_order_too(open_desk):
    desk = open_desk("sent")
    desk.set_control("step.verification", "F", 2)
    desk.sync(force=True)
    properties = {"sheetId": desk.tab_id("Verification Input"), "title": "Verificar ahora"}
    desk.structure({"updateSheetProperties": {"properties": properties, "fields": "title"}})
    assert bad(desk) == set()


@pytest.mark.long
def test_a_protection_taken_away_is_found_and_init_puts_it_back(open_desk):
    desk = open_desk("sent")
    info = desk.app.context.gateway.info()
    master = next(tab for tab in info.tabs if tab.title == "Master")
    desk.structure({"deleteProtectedRange": {"protectedRangeId": master.protected[0].protection_id}})
    found = findings(desk)["protections"]
    assert not found["ok"]
    assert "Master" in found["found"]
    desk.init()
    assert bad(desk) == set()


@pytest.mark.long
def test_a_locale_that_was_not_proven_is_told(open_desk):
    desk = open_desk("sent")
    desk.structure({"updateSpreadsheetProperties": {"properties": {"locale": "fr_FR"}, "fields": "locale"}})
    assert "locale" in bad(desk)


@pytest.mark.long
def test_an_operator_cannot_write_over_formulas(open_desk):
    with pytest.raises(APIError):
        open_desk("sent").put("Dashboard", "F40", [[17]])


@pytest.mark.long
@pytest.mark.parametrize(("behind", "right"), [(0, True), (30, True), (600, False), (-600, False)])
def test_the_clock_is_held_against_the_servers(open_desk, behind, right):
    desk = open_desk("sent")
    # The server's Date header tells the machine's time, whatever clock the desk's worker is given.
    desk.app.context = replace(desk.app.context, clock=lambda: time.time() - behind)
    found = {one["check"]: one for one in desk.app.doctor(probe=False).json["findings"]}
    assert found["clock"]["ok"] is right
