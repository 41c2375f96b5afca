"""Ctrl+Z in a real browser: what a person did goes back, also when the worker has been at it meanwhile."""

from typing import Any

import pytest
from browser_page import Page, until
from office import Office
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.long


def _undo(page: Page) -> None:
    page.chord(Keys.CONTROL, "z")
    page.saved()


def _redo(page: Page) -> None:
    page.chord(Keys.CONTROL, "y")
    page.saved()


def _new_tab(page: Page) -> str:
    count = len(page.tab_names())
    page.driver.find_element("id", "add").click()
    until(lambda: len(page.tab_names()) == count + 1, "a new tab is there")
    return page.current_tab()


def test_typed_pasted_and_cleared_cells_go_back_and_come_again(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    title = _new_tab(page)
    page.keys("uno", Keys.ENTER, "5%", Keys.ENTER)
    page.go("B999")
    page.paste("a\tb\nc\td\ne\tf")
    until(lambda: "3 filas" in page.toasts(), "the block was pasted")
    page.go("A1:C3")
    page.keys(Keys.DELETE)
    until(lambda: page.text("A1") == "", "the cells are cleared")
    _undo(page)
    until(lambda: (page.text("A1"), page.text("A2")) == ("uno", "5%"), "the cleared cells are back")
    assert page.driver.find_element("id", "place").get_attribute("value") == "A1:A2"
    _undo(page)
    tab = quiet_office.book().worksheet(title)
    assert (tab.row_count, tab.get_all_values()) == (1000, [["uno"], ["5%"]])
    page.go("A2")
    _undo(page)
    until(lambda: page.text("A2") == "", "what was typed is gone")
    page.chord(Keys.CONTROL, Keys.SHIFT, "z")
    until(lambda: page.text("A2") == "5%", "it is typed again")
    _redo(page)
    tab = quiet_office.book().worksheet(title)
    assert (tab.row_count, tab.get("B999:C1001")) == (1001, [["a", "b"], ["c", "d"], ["e", "f"]])
    page.go("A1")
    page.keys("y ", "sin terminar")
    page.chord(Keys.CONTROL, "z")  # in an open cell the browser's own undo takes back letters
    page.keys(Keys.ESCAPE)
    assert page.text("A1") == "uno"


def test_the_menu_undoes_a_new_name_and_a_new_tab(quiet_page: Page) -> None:
    page = quiet_page
    before = page.tab_names()
    _new_tab(page)
    page.driver.execute_script(
        "document.querySelector('.tab.current').dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))"
    )
    page.keys("Nombre mío", Keys.ENTER)
    until(lambda: "Nombre mío" in page.tab_names(), "the tab is renamed")
    for wanted in ([*before, "x"], before):
        page.all("#menu > button")[1].click()
        assert page.all(".popup button")[0].get_attribute("textContent") == "DeshacerCtrl+Z"
        page.all(".popup button")[0].click()
        until(lambda wanted=wanted: len(page.tab_names()) == len(wanted), "one step is taken back")
        until(lambda: "Nombre mío" not in page.tab_names(), "the name is gone")
    assert page.tab_names() == before


def test_keys_work_right_after_a_menu_and_undo_writes_what_is_open_first(quiet_page: Page) -> None:
    page = quiet_page
    _new_tab(page)
    page.keys("uno", Keys.ENTER)
    page.all("#menu > button")[1].click()
    page.all(".popup button")[0].click()
    until(lambda: page.text("A1") == "", "it is undone")
    _redo(page)
    until(lambda: page.text("A1") == "uno", "it is done again by key")
    page.driver.execute_script("document.activeElement.blur()")
    _undo(page)
    until(lambda: page.text("A1") == "", "it is undone though nothing had the keyboard")
    _redo(page)
    page.go("B1")
    page.keys("dos")
    page.all("#menu > button")[1].click()
    until(lambda: page.text("B1") == "dos", "the open cell is written")
    page.all(".popup button")[0].click()
    until(lambda: page.text("B1") == "", "it is the last step")
    assert page.text("A1") == "uno"


def test_a_tick_that_the_worker_has_obeyed_is_told(page: Page, office: Office) -> None:
    page.open("Verification Input")
    sent = page.text("B3")
    page.click("A3", ".box")
    page.saved()
    page.click("A6", ".box")
    page.saved()
    _undo(page)
    until(lambda: not page.is_ticked("A6"), "the second tick is taken back")
    office.start_worker()
    until(lambda: page.text("B3") not in {"", sent}, "the ticked lead has left")
    _undo(page)
    until(lambda: "ya no está" in page.toasts(), "it is told that the row has left")
    page.saved()
    assert "VERDADERO" not in {row[0] for row in office.cells("Verification Input")}


def test_an_undone_paste_is_gone_and_one_that_somebody_took_stays_away(page: Page, office: Office) -> None:
    page.open("Inbox")
    page.go("B2")
    page.paste("LeadNumber\tE-mail\n1\tx@example.com")
    until(lambda: page.text("C3") == "x@example.com", "the block is there")
    _undo(page)
    until(lambda: page.text("C3") == "" and page.text("B2") == "", "the block is gone")
    _redo(page)
    until(lambda: page.text("C3") == "x@example.com", "the block is there again")
    office.book().worksheet("Inbox").batch_clear(["A1:Z9"])
    until(lambda: page.text("C3") == "", "somebody else took it")
    page.keys("nota", Keys.ENTER)
    _undo(page)
    assert "después" not in page.toasts()
    _undo(page)
    until(lambda: "Ya estaba como antes" in page.toasts(), "it is told that somebody else took it")
    assert not any(any(row) for row in office.cells("Inbox"))


def test_a_dragged_column_keeps_its_width_until_it_is_undone(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    title = _new_tab(page)

    def width() -> int:
        return page.read(".tops .head", lambda head: int(head.size["width"]), place=1)

    def at_its_edge(head: Any) -> None:
        ActionChains(page.driver).move_to_element_with_offset(head, 49, 0).perform()

    assert width() == 100
    page.read(".tops .head", at_its_edge, place=1)
    ActionChains(page.driver).click_and_hold().move_by_offset(60, 0).release().perform()
    until(lambda: width() == 160, "the column is wider")
    page.saved()
    metadata = quiet_office.book().fetch_sheet_metadata({"ranges": f"'{title}'!B1", "includeGridData": True})
    assert metadata["sheets"][0]["data"][0]["columnMetadata"][0]["pixelSize"] == 160
    _undo(page)
    until(lambda: width() == 100, "it is as wide as before")
