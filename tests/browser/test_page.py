"""The page in a real browser: what a person does there reaches the worker, and what the worker does is seen there."""

import pytest
from browser_page import Page, until
from office import Office
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from sheets_crm import sample
from sheets_crm.google.client import connect

pytestmark = pytest.mark.long


def _block(header: list[str], rows: list[list[str]]) -> str:
    """A block as spreadsheets put it on the clipboard."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in '\t\n"') else text

    return "\n".join("\t".join(map(cell, row)) for row in [header, *rows])


def _metric(page: Page, name: str) -> str:
    """The value of a metric on the Dashboard, found by its id in column K."""
    page.go("K60")
    for row in range(39, 70):
        if page.text(f"K{row}") == name:
            return page.text(f"F{row}")
    return ""


def test_twenty_ticks_and_a_pasted_answer_change_the_dashboard(page: Page, office: Office) -> None:
    """The whole round: tick twenty leads, let the worker send them, paste the answer, read the Dashboard."""
    page.open("Dashboard")
    until(lambda: _metric(page, "verification_sent") == "0", "nothing was sent yet")
    page.open("Verification Input")
    first = page.text("B2")
    for row in range(2, 22):
        page.click(f"A{row}", ".box")
    page.saved()
    assert all(page.is_ticked(f"A{row}") for row in range(2, 22))
    office.start_worker()
    until(lambda: page.text("B2") not in {"", first}, "the sent leads have left the input tab")
    assert not page.is_ticked("A2")
    header, *batch = office.cells("Verification Batch")
    assert [row[0] for row in batch] == [str(number) for number in range(int(first), int(first) + 20)]
    page.open("Inbox")
    page.go("A1")
    page.paste(_block(*sample.verification_output(header, batch, seed=0)))
    until(lambda: "21 filas" in page.toasts(), "the block was pasted")
    until(lambda: page.text("A1") == "", "the worker took the block")
    page.open("Dashboard")
    until(lambda: _metric(page, "verification_sent") == "20", "the Dashboard counts the sent leads")
    until(lambda: int(_metric(page, "verification_verified") or 0) > 0, "the Dashboard counts verified leads")
    page.go("E20")
    until(lambda: page.all(".spark rect"), "the funnel's bars are drawn")


def test_protected_cells_are_refused_in_googles_words_and_stay(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    page.open("Verification Input")
    before = page.text("C2")
    page.click("C2")
    page.keys("x", Keys.ENTER)
    until(lambda: "celda o un objeto protegidos" in page.toasts(), "the refusal is told")
    page.click("C3")
    page.keys(Keys.DELETE)
    page.saved()
    assert page.text("C2") == before
    assert quiet_office.cells("Verification Input")[1][2] == before


def test_text_stays_text_in_the_inbox_and_the_grid_grows(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    page.open("Inbox")
    page.go("CA1999")
    block = [["007", "+34600123456", "=1+1"], ["1-2", 'dos\nlíneas "así"', "TRUE"], ["x", "", "5.10"]]
    page.paste(_block(block[0], block[1:]))
    until(lambda: "3 filas" in page.toasts(), "the block was pasted")
    cells = quiet_office.cells("Inbox")
    assert [row[78:81] for row in cells[1998:2001]] == block
    until(lambda: page.text("CC2001") == "5.10", "the grown grid shows the block")


def test_typing_editing_and_formulas_in_a_tab_of_ones_own(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    page.driver.find_element("id", "add").click()
    until(lambda: len(page.all(".tab.current")) == 1 and "Hoja" in page.tab_names()[-1], "a new tab is shown")
    title = page.current_tab()
    page.keys("12,5", Keys.ENTER, "año", Keys.TAB, "50%", Keys.ENTER)
    page.go("C1")
    page.keys("=SUM(A1;B2)", Keys.ENTER)
    until(lambda: page.text("C1") == "13", "the formula is worked out")
    page.go("C1")
    page.keys(Keys.F2)
    until(lambda: "A1;B2" in page.driver.find_element("id", "editor").get_attribute("value"), "the formula opens")
    page.keys(Keys.END, "*2", Keys.ENTER)
    until(lambda: page.text("C1") == "26", "the edited formula is worked out")
    page.go("A2")
    page.keys(Keys.F2)
    page.keys("s", Keys.ESCAPE)
    page.saved()
    assert quiet_office.cells(title)[1][0] == "año"
    page.go("A2")
    page.keys(Keys.F2)
    page.go("D4")  # an editor that is open leaves the keyboard to the name box
    page.keys("z", Keys.ENTER)
    until(lambda: page.text("D4") == "z", "what is typed lands in the cell that was asked for")
    page.saved()
    assert quiet_office.cells(title)[1][0] == "año"
    page.go("A1:B2")
    page.keys(Keys.DELETE)
    until(lambda: page.text("C1") == "0", "the cells are cleared")


def test_space_ticks_the_selection_and_hidden_tabs_stay_hidden(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    assert not {"Master", "System"} & set(page.tab_names())
    page.open("Verification Input")
    page.click("B4")
    page.go("A4:A9")
    page.keys(" ")
    until(lambda: page.is_ticked("A9"), "the boxes are ticked")
    page.saved()
    ticked = [
        n for n, row in enumerate(quiet_office.cells("Verification Input"), start=1) if row[0] == "VERDADERO"
    ]
    assert ticked == [4, 5, 6, 7, 8, 9]
    until(lambda: "✓ 6" in page.driver.find_element("id", "sum").text, "the ticked boxes are counted")


def test_what_others_change_appears_by_itself(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    page.open("Inbox")
    tab = quiet_office.book().worksheet("Inbox")
    tab.update([["from", "elsewhere"]], "H30")
    until(lambda: page.text("I30") == "elsewhere", "the change of somebody else is shown")
    tab.update([[""]], "I30")
    until(lambda: page.text("I30") == "", "the cell is blank again")
    added = quiet_office.book().add_worksheet("Output ajeno", 5, 5)
    until(lambda: "Output ajeno" in page.tab_names(), "the new tab is there")
    page.open("Output ajeno")
    quiet_office.book().del_worksheet(added)
    until(lambda: "Output ajeno" not in page.tab_names(), "the tab is gone")
    until(lambda: page.all(".tab.current"), "another tab is shown instead")


def test_a_choice_is_made_from_the_list(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    tab = quiet_office.book().add_worksheet("Opciones", 5, 5)
    condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": word} for word in ("uno", "dos")]}
    area = {"sheetId": tab.id, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
    rule = {"range": area, "rule": {"condition": condition, "showCustomUi": True, "strict": False}}
    quiet_office.book().batch_update({"requests": [{"setDataValidation": rule}]})
    until(lambda: "Opciones" in page.tab_names(), "the tab is there")
    page.open("Opciones")
    page.click("B2")
    page.keys(Keys.ENTER)
    until(lambda: len(page.all(".popup button")) == 4, "the choices are offered, and to write another or to clear")
    page.all(".popup button")[1].click()
    until(lambda: page.text("B2") == "dos", "the choice is in the cell")
    page.saved()
    assert tab.acell("B2").value == "dos"
    page.click("B2")
    page.keys(Keys.ENTER)
    until(lambda: len(page.all(".popup button")) == 4, "the choices are offered again")
    page.all(".popup button")[2].click()
    until(lambda: page.driver.find_element("id", "editor").get_attribute("value") == "dos", "the cell is opened")
    page.keys(Keys.END, " y tres", Keys.ENTER)
    until(lambda: page.text("B2") == "dos y tres", "the cell was opened to be written in")
    page.saved()
    assert tab.acell("B2").value == "dos y tres"


def test_a_block_is_copied_with_quotes_where_cells_need_them(quiet_page: Page, quiet_office: Office) -> None:
    page = quiet_page
    tab = quiet_office.book().add_worksheet("Copiar", 5, 5)
    tab.update([["a", 'di "x"'], ["dos\nlíneas", 1.5]], "A1")
    until(lambda: "Copiar" in page.tab_names(), "the tab is there")
    page.open("Copiar")
    until(lambda: page.text("B2") == "1,5", "the cells are shown")
    page.go("A1:B2")
    copied = page.copied()
    assert copied == 'a\t"di ""x"""\n"dos\nlíneas"\t1,5'
    page.go("C3")
    page.paste(copied)
    until(lambda: page.text("D4") == "1,5", "the copy is pasted")
    page.saved()
    assert [row[2:4] for row in tab.get_all_values()[2:4]] == [["a", 'di "x"'], ["dos\nlíneas", "1,5"]]


def test_a_tab_is_renamed_and_a_file_becomes_one(quiet_page: Page, quiet_office: Office, tmp_path) -> None:
    page = quiet_page
    file = tmp_path / "Output finder.csv"
    file.write_bytes('id;nombre;nota\n007;Íñigo;"dos\nlíneas"\n'.encode("cp1252"))
    page.driver.execute_script(
        "window.choose = HTMLInputElement.prototype.click;"
        "HTMLInputElement.prototype.click = function () { this.id = 'chosen'; document.body.append(this); };"
    )
    page.all("#menu > button")[0].click()
    page.all(".popup button")[0].click()
    page.driver.find_element("id", "chosen").send_keys(str(file))
    until(lambda: "Output finder" in page.toasts(), "the import is told")
    assert quiet_office.cells("Output finder") == [["id", "nombre", "nota"], ["7", "Íñigo", "dos\nlíneas"]]
    page.driver.execute_script("HTMLInputElement.prototype.click = window.choose")
    page.read(".tab.current", lambda tab: ActionChains(page.driver).double_click(tab).perform())
    page.keys("Otra cosa", Keys.ENTER)
    until(lambda: "Otra cosa" in page.tab_names(), "the tab has its new name")
    assert "Output finder" not in page.tab_names()


def test_twenty_thousand_rows_of_seventy_columns_scroll(quiet_page: Page, quiet_office: Office) -> None:
    """Only what is visible is fetched and drawn; a row far below is there at once, and keeps the edit made on it."""
    page = quiet_page
    book = connect(quiet_office.operator, endpoint=quiet_office.server.url, creating=True).create("Grande")
    tab = book.sheet1
    tab.resize(20_001, 70)
    tab.update([[f"{row}·{column}" for column in range(70)] for row in range(1, 20_002)], "A1", raw=True)
    page.visit(f"{quiet_office.server.url}/#{book.id}/{tab.id}")
    until(lambda: page.text("B2") == "2·1", "the first rows are shown")
    frames = page.frames(pixels=120, count=200)
    assert frames[len(frames) // 2] < 100
    assert page.driver.execute_script("return document.querySelectorAll('*').length") < 6_000
    page.go("BR20001")
    until(lambda: page.text("BR20001") == "20001·69", "the last cell is shown")
    page.keys("último", Keys.ENTER)
    page.saved()
    assert tab.acell("BR20001").value == "último"
