"""Typing in a real browser: merged cells, where Tab and Enter lead, references, and what does not fit."""

from typing import Any

import pytest
from browser_page import Page, until
from office import Office
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.long


def _selected(page: Page) -> str:
    return str(page.driver.find_element("id", "place").get_attribute("value"))


def _tab(page: Page, office: Office, title: str) -> Any:
    """Show a new tab of 20 rows and columns."""
    tab = office.book().add_worksheet(title, 20, 20)
    until(lambda: title in page.tab_names(), "the tab is there")
    page.open(title)
    return tab


def _width(element: Any) -> int:
    return int(element.size["width"])


def _letters(element: Any) -> tuple[str, str]:
    """Color and decoration of an element's letters."""
    return element.value_of_css_property("color"), element.value_of_css_property("text-decoration")


def _cells(tab: Any, area: str) -> list[list[Any]]:
    return [list(row) for row in tab.get(area, value_render_option="FORMULA")]


def test_merged_cells_are_written_once_however_they_are_reached(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    tab = _tab(page, quiet_office, "Combinadas")
    tab.merge_cells("E2:F3")
    until(lambda: page.all(".cell.merged[data-cell=E2]"), "the cells are merged")
    page.go("E2")
    assert _selected(page) == "E2:F3"
    page.paste("5")
    until(lambda: page.text("E2") == "5", "the value is shown")
    page.saved()
    assert _cells(tab, "E1:F4") == [[], [5]]
    assert "pegadas" not in page.toasts()
    page.go("F3")
    page.keys("x", Keys.ENTER)
    page.saved()
    assert _cells(tab, "E1:F4") == [[], ["x"]]
    page.go("F3")
    page.keys(Keys.F2)
    until(
        lambda: page.driver.find_element("id", "editor").get_attribute("value") == "x", "the first cell is opened"
    )
    page.keys("y", Keys.ENTER)
    page.saved()
    assert _cells(tab, "E1:F4") == [[], ["xy"]]
    page.go("D2")
    page.paste("1\t2\n3\t4")
    until(lambda: "celdas combinadas" in page.toasts(), "a block over a part of them is refused")
    page.go("D1:F4")
    page.paste("7")
    until(lambda: page.text("D4") == "7", "all of a selection is filled")
    page.saved()
    assert _cells(tab, "D1:F4") == [[7, 7, 7], [7, 7], [7], [7, 7, 7]]


def test_tab_and_enter_lead_on_as_in_a_table_and_inside_a_selection(
    quiet_page: Page, quiet_office: Office
) -> None:
    page = quiet_page
    tab = _tab(page, quiet_office, "Recorrido")
    page.go("B1")
    page.keys("Producto", Keys.TAB, "Uds", Keys.TAB, "Precio", Keys.TAB, "Total", Keys.ENTER)
    assert _selected(page) == "B2"
    page.keys("lápiz", Keys.TAB, "3", Keys.ENTER)
    assert _selected(page) == "B3"
    page.go("M1:N2")
    page.keys("1", Keys.ENTER, "2", Keys.ENTER, "3", Keys.ENTER)
    page.keys("4", Keys.TAB, "5", Keys.TAB)
    page.saved()
    assert _selected(page) == "M1:N2"
    assert _cells(tab, "M1:N2") == [[5, 3], [2, 4]]
    assert _cells(tab, "B1:E2") == [["Producto", "Uds", "Precio", "Total"], ["lápiz", 3]]


def test_formulas_take_cells_that_are_pointed_at_and_missing_brackets(
    quiet_page: Page, quiet_office: Office
) -> None:
    page = quiet_page
    tab = _tab(page, quiet_office, "Fórmulas")
    tab.update([[1, 2], [3, 4]], "A1")
    until(lambda: page.text("B2") == "4", "the numbers are shown")
    page.go("D1")
    page.keys("=SUM(A1:B2", Keys.ENTER)
    until(lambda: page.text("D1") == "10", "the bracket is added")
    page.keys("=")
    page.click("B1")
    page.keys("+")
    page.click("A1")
    page.click("B2")
    page.keys(Keys.ENTER)
    until(lambda: page.text("D2") == "6", "the cells that were clicked are added up")
    page.keys("=SUM(")
    page.drag("A1", "B2")
    page.keys(Keys.ENTER, "=", Keys.ARROW_LEFT, Keys.ARROW_LEFT, "*2", Keys.ENTER)
    page.saved()
    assert _cells(tab, "D1:D4") == [["=SUM(A1:B2)"], ["=B1+B2"], ["=SUM(A1:B2)"], ["=B4*2"]]


def test_addresses_look_like_links_and_numbers_fit_their_columns(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    tab = _tab(page, quiet_office, "Ancho")
    page.keys("https://example.com", Keys.ENTER)
    page.saved()
    tab.update([["https://example.org"]], "A2", raw=False)
    tab.update([["=1/3", 123456789012, -0.5, "1234567,00 €", "a\nb"]], "C1", raw=False)
    span = {"sheetId": tab.id, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 6}
    narrow = {"range": span, "properties": {"pixelSize": 80}, "fields": "pixelSize"}
    quiet_office.book().batch_update({"requests": [{"updateDimensionProperties": narrow}]})
    until(lambda: page.text("A2") and page.text("F1").startswith("#"), "the cells are shown")
    until(lambda: page.read(".cell[data-cell=F1]", _width) == 80, "they are shown in their widths")
    for cell in ("A1", "A2"):
        color, decoration = page.read(f".cell[data-cell={cell}]", _letters)
        assert color == "rgba(17, 85, 204, 1)"
        assert "underline" in decoration
    assert page.text("C1").startswith("0,33")
    assert page.text("D1").startswith("1,")
    assert page.text("D1").endswith("E+11")
    assert page.text("E1") == "-0,5"
    assert page.read(".cell[data-cell=G1] span", lambda text: text.size["height"]) > 25


# Answers about tabs wait, so that cells come before the widths that they were changed with.
_HOLD_OUTLINES = """
const send = window.fetch;
window.heldOutlines = 0;
window.fetch = async (path, options) => {
  const answer = await send(path, options);
  if (!String(path).startsWith("/page/outline")) return answer;
  window.heldOutlines += 1;
  await new Promise((done) => setTimeout(done, 1500));
  return answer;
};
"""


def test_widths_that_come_after_the_cells_are_shown(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    tab = _tab(page, quiet_office, "Después")
    tab.update([["a", "b"]], "A1")
    until(lambda: page.text("B1") == "b", "the cells are shown")
    page.driver.execute_script(_HOLD_OUTLINES)
    tab.update([["c"]], "B1")
    until(lambda: page.driver.execute_script("return window.heldOutlines"), "the page asked for the tabs")
    span = {"sheetId": tab.id, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    wide = {"range": span, "properties": {"pixelSize": 240}, "fields": "pixelSize"}
    quiet_office.book().batch_update({"requests": [{"updateDimensionProperties": wide}]})
    until(lambda: page.text("B1") == "c", "the cell is shown")
    until(lambda: page.read(".cell[data-cell=B1]", _width) == 240, "the cell has its width", seconds=10)


def test_the_name_box_goes_anywhere_and_says_where_it_cannot(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    tab = _tab(page, quiet_office, "Ir a")
    page.go("d:d")
    assert _selected(page) == "D:D"
    page.go("3:4")
    assert _selected(page) == "3:4"
    page.go("nada!")
    until(lambda: "no es un rango" in page.toasts(), "nonsense is told")
    assert _selected(page) == "3:4"
    page.go("'Control'!B10")
    until(lambda: page.current_tab() == "Control", "the other tab is shown")
    assert _selected(page) == "B10"
    assert "no es un rango" not in page.toasts()
    page.open("Ir a")
    page.chord(Keys.CONTROL, "f")
    page.keys("hallado")
    until(lambda: "Ninguna" in page.driver.find_element("id", "search").text, "nothing is found")
    tab.update([["hallado"]], "A5")
    until(lambda: "1 de 1" in page.driver.find_element("id", "search").text, "what others write is counted")
    page.keys(Keys.ESCAPE)
    quiet_office.book().del_worksheet(tab)
    until(lambda: "Ir a" in page.toasts(), "it is told that the tab is gone")


def test_formulas_numbers_and_places_are_read_and_written(quiet_page: Page) -> None:
    """The page's own functions, asked in the browser one by one."""

    def told(module: str, call: str) -> Any:
        script = "const [done] = [...arguments].slice(-1); import(`/page/static/${arguments[0]}.js`).then"
        return quiet_page.driver.execute_async_script(f"{script}((m) => done(m.{call}))", module)

    assert told("formulas", "closed('=SUM(A1:B2')") == "=SUM(A1:B2)"
    assert told("formulas", "closed('=SUM({1;MAX(2')") == "=SUM({1;MAX(2)})"
    for kept in ('=LEN("(")', '=LEN("(', "=(A1]})", "SUM(A1", "=SUM(A1))"):
        assert told("formulas", f"closed({kept!r})") == kept
    assert told("formulas", "awaitsReference('=B1+', 4)")
    assert told("formulas", "awaitsReference('=SUM(A1; )', 9)")
    assert not told("formulas", "awaitsReference('=B1', 3)")
    assert not told("formulas", "awaitsReference('=\"a+', 4)")
    assert not told("formulas", "awaitsReference('B1+', 3)")

    def fitted(text: str, letters: int) -> Any:
        return told("numbers", f"fittedNumber('{text}', ',', (shown) => shown.length <= {letters})")

    assert [fitted("0,3333333333", letters) for letters in (8, 4, 3)] == ["0,333333", "0,33", "0,3"]
    assert [fitted("123456789012", letters) for letters in (11, 8, 5, 4)] == [
        "1,23457E+11",
        "1,23E+11",
        "1E+11",
        None,
    ]
    assert fitted("0,00001234", 6) == "1E-05"
    assert fitted("-2,999", 4) == "-3"
    assert fitted("1.234", 4) is None
    assert fitted("29/11/2026", 4) is None
    assert told("names", "readPlace('b$2:A1')") == [0, 0, 1, 1]
    assert told("names", "readPlace('A2:B')[2] === Infinity")
    for nonsense in ("zzzz", "A0", "A", "7", "A1:", "A1:B2:C3", ""):
        assert told("names", f"readPlace('{nonsense}')") is None
    assert told("names", "readTab(\"'It''s'!A1\")") == ["It's", "A1"]
