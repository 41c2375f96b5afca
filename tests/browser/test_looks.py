"""What the page shows and counts in a real browser, beside plain cells."""

from pathlib import Path

import pytest
from browser_page import Page, until
from office import Office
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from sheets_crm.emulator.server import Server
from sheets_crm.google.client import connect
from sheets_crm.google.credentials import load_service_account

pytestmark = pytest.mark.long


def _area(tab, top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    ends = {"startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}
    return {"sheetId": tab.id, **ends}


def _hover(page: Page, cell: str) -> str:
    page.point(cell)
    ActionChains(page.driver).move_by_offset(2, 2).perform()
    return str(page.driver.find_element("id", "hover").text)


def _selected(page: Page) -> str:
    return str(page.driver.find_element("id", "place").get_attribute("value"))


def _sum(page: Page) -> str:
    return str(page.driver.find_element("id", "sum").text)


def test_errors_links_merges_and_rules_are_shown(quiet_page: Page, quiet_office: Office) -> None:
    page, book = quiet_page, quiet_office.book()
    tab = book.add_worksheet("Aspecto", 40, 12)
    cells = [
        ["=1/0", '=HYPERLINK("https://example.com/a";"Ver")', '=HYPERLINK("javascript:alert(1)";"No")'],
        ["título", "", "x"],
    ]
    tab.update(cells, "A1", raw=False)
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "x"}]}
    form = {"backgroundColorStyle": {"rgbColor": {"red": 1}}}
    rule = {"ranges": [_area(tab, 0, 9, 0, 9)], "booleanRule": {"condition": condition, "format": form}}
    book.batch_update(
        {
            "requests": [
                {"mergeCells": {"range": _area(tab, 1, 4, 0, 2), "mergeType": "MERGE_ALL"}},
                {"addConditionalFormatRule": {"rule": rule, "index": 0}},
            ]
        }
    )
    until(lambda: "Aspecto" in page.tab_names(), "the tab is there")
    page.open("Aspecto")
    until(lambda: page.text("C2") == "x", "the cells are shown")
    assert "Error" in _hover(page, "A1")
    assert "https://example.com/a" in _hover(page, "B1")
    names = ("href", "target", "rel")
    assert page.read("#hover a", lambda link: [link.get_attribute(name) for name in names]) == [
        "https://example.com/a",
        "_blank",
        "noopener noreferrer",
    ]
    assert _hover(page, "C1") == ""
    paper = page.read(".cell[data-cell=C2]", lambda cell: cell.value_of_css_property("background-color"))
    assert paper == "rgba(255, 0, 0, 1)"
    merged = page.read(".cell.merged[data-cell=A2]", lambda cell: cell.size)
    assert (merged["width"], merged["height"]) == (200, 63)
    page.click("A2")
    assert _selected(page) == "A2:B4"
    page.keys(Keys.ARROW_DOWN)
    assert _selected(page) == "A5"
    page.keys(Keys.ARROW_UP, Keys.ARROW_RIGHT)
    assert _selected(page) == "C2"
    page.click("A2")
    page.keys("otro", Keys.ENTER)
    until(lambda: page.text("A2") == "otro", "merged cells are written in their first one")
    page.saved()
    assert tab.acell("A2").value == "otro"


def test_far_cells_are_counted_found_ticked_and_reached(quiet_page: Page, quiet_office: Office) -> None:
    page, book = quiet_page, quiet_office.book()
    tab = book.add_worksheet("Lejos", 5_000, 40)
    tab.update([[False, number] for number in range(1, 4_001)], "A2", raw=True)
    rule = {"condition": {"type": "BOOLEAN"}}
    book.batch_update({"requests": [{"setDataValidation": {"range": _area(tab, 1, 4_001, 0, 1), "rule": rule}}]})
    until(lambda: "Lejos" in page.tab_names(), "the tab is there")
    page.open("Lejos")
    until(lambda: page.text("B2") == "1", "the cells are shown")
    page.go("A1:B5000")
    until(lambda: "Suma: 8.002.000" in _sum(page), "all numbers are summed up")
    page.driver.find_element("id", "sum").click()
    until(lambda: "Recuento: 8.000" in [item.text for item in page.all(".popup button")], "the count is offered")
    page.keys(Keys.ESCAPE)
    page.go("A1:A5000")
    page.keys(" ")
    until(lambda: "✓ 4.000" in _sum(page), "all boxes are ticked, though most were never shown")
    assert set(tab.col_values(1)[1:]) == {"VERDADERO"}
    page.chord(Keys.CONTROL, "z")
    until(lambda: "✓" not in _sum(page), "all boxes are as they were")
    page.go("B2")
    page.chord(Keys.CONTROL, Keys.ARROW_DOWN)
    until(lambda: _selected(page) == "B4001", "Ctrl and an arrow reach the last filled cell")
    page.chord(Keys.CONTROL, Keys.END)
    until(lambda: _selected(page) == "B4001", "Ctrl+End is the end of what is filled")
    page.chord(Keys.CONTROL, Keys.HOME)
    assert _selected(page) == "A1"
    page.go("B7")
    page.chord(Keys.CONTROL, " ")
    assert _selected(page) == "B:B"
    page.go("B7")
    page.chord(Keys.SHIFT, " ")
    assert _selected(page) == "7:7"
    page.go("A1")
    page.chord(Keys.CONTROL, "f")
    page.keys("399")
    until(lambda: "1 de 14" in page.driver.find_element("id", "search").text, "every cell with it is counted")
    page.keys(Keys.ENTER, Keys.ENTER)
    until(lambda: _selected(page) == "B2400", "the third one is gone to")


def test_the_first_spreadsheet_is_made_on_the_page(driver, tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        driver.get("about:blank")
        driver.get(server.url)
        until(lambda: driver.find_element("css selector", "#first button").is_displayed(), "it is offered")
        driver.find_element("css selector", "#first button").click()
        until(lambda: driver.execute_script("return document.body.dataset.ready"), "the new spreadsheet is opened")
        page = Page(driver, server.url)
        page.keys("hola", Keys.ENTER)
        until(lambda: page.text("A1") == "hola", "one can type there")
        page.saved()
        operator = load_service_account(tmp_path / "operator_account.json")
        file_id = driver.current_url.split("#")[1].split("/")[0]
        assert connect(operator, endpoint=server.url).open_by_key(file_id).sheet1.acell("A1").value == "hola"
        page.leave()


def test_a_link_to_a_tab_of_the_file_leads_there(quiet_page: Page, quiet_office: Office) -> None:
    page, book = quiet_page, quiet_office.book()
    aim = book.add_worksheet("Meta", 5, 5)
    book.add_worksheet("Enlaces", 5, 5).update([[f'=HYPERLINK("#gid={aim.id}";"Ir")']], "A1", raw=False)
    until(lambda: "Enlaces" in page.tab_names(), "the tab is there")
    page.open("Enlaces")
    until(lambda: page.text("A1") == "Ir", "the link is shown")
    assert f"#gid={aim.id}" in _hover(page, "A1")
    page.read("#hover a", lambda link: link.click())
    until(lambda: page.current_tab() == "Meta", "the other tab is shown")
