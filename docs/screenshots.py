"""Make the pictures in docs/images: the demo's story played over two weeks, then every visible tab in Chromium.

    python docs/screenshots.py [--keep FOLDER]

Needs the extras ``page`` and ``test``, and Debian's chromium and chromium-driver.
"""

import argparse
import base64
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from gspread.utils import ValueRenderOption
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.remote.webelement import WebElement

from sheets_crm import sample
from sheets_crm.bootstrap import Application, application
from sheets_crm.config import Settings
from sheets_crm.demo import Operator, Story
from sheets_crm.demo.weeks import invented
from sheets_crm.emulator.server import Server
from sheets_crm.google.client import connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet

IMAGES = Path(__file__).parent / "images"
SIZE = (1400, 900)
DAY = 86_400.0
ENOUGH = 1_000_000
LARGEST = 300_000
PATIENCE = 10
GRID_TOP, ROW_HEIGHT = 86, 21
TABS = {
    "Control": "control",
    "Dashboard": "dashboard",
    "Versiones": "versions",
    "Verification Input": "verification-input",
    "CompScrap Input": "compscrap-input",
    "Box1 Input": "box1-input",
    "Instantly Input": "instantly-input",
    "Inbox": "inbox",
    "Rejected": "rejected",
    "Batches": "batches",
    "Verification Batch": "verification-batch",
    "CompScrap Batch": "compscrap-batch",
    "Box1 Batch": "box1-batch",
    "Instantly Batch": "instantly-batch",
    "Imports": "imports",
    "Storage": "storage",
    "Box1 History": "box1-history",
    "Lead Profile": "lead-profile",
    "History": "history",
    "Log": "log",
    "Vocabulary": "vocabulary",
}


class Scene:
    """A workbook, empty at first, and the worker and the operator of it.

    Args:
        folder: Keeps the emulator's data.
        days_ago: How long ago its clock begins.
    """

    def __init__(self, folder: Path, days_ago: int = 0) -> None:
        self.now = time.time() - days_ago * DAY
        self.server = Server(folder / "emulator", clock=lambda: self.now)
        self.server.application.tokens._clock = time.time  # noqa: SLF001 - google-auth asks by the machine's clock
        self.server.start()
        self._accounts = folder / "emulator"
        self._folder = folder
        worker = load_service_account(self._accounts / "service_account.json")
        self._client = connect(worker, endpoint=self.server.url, creating=True)
        self._sheet_id = create_spreadsheet(self._client, "CRM ventas", locale="es_ES", time_zone="Europe/Madrid")
        self.worker = self._application()
        self.worker.init(adopt=False)
        person = load_service_account(self._accounts / "operator_account.json")
        book = connect(person, endpoint=self.server.url).open_by_key(self._sheet_id)
        self.operator = Operator(book)
        for tab in book.worksheets():
            if tab.title in TABS:
                tab.show()  # rare tabs start hidden

    def _application(self) -> Application:
        settings = Settings(
            spreadsheet_id=self._sheet_id,
            credentials=self._accounts / "service_account.json",
            endpoint=self.server.url,
            state_dir=self._folder / "state",
            reads_per_minute=ENOUGH,
            writes_per_minute=ENOUGH,
        )
        made = application(settings)
        return Application(replace(made.context, clock=lambda: self.now), made._account, made.store)  # noqa: SLF001

    def play(self) -> None:
        """Play the story, a chapter every other day, go on for some days, and leave some rows to be corrected."""

        def say(line: str) -> None:
            print(line, flush=True)
            if line.startswith("["):
                self.pass_days(2)

        Story(self.worker, self.operator, say).play(self._folder / "export.csv")
        self.operator.take("verification", 40)
        self.sync()
        header, *rows = self.operator.shown("Verification Batch")
        header, rows = sample.verification_output(header, rows, seed=7)
        for row in rows[:3]:
            row[header.index("LeadNumber")] = "9" + row[header.index("LeadNumber")]
        self.operator.add_tab("Output NeverBounce", header, rows[:30])
        self.sync()
        self.pass_days(2)
        self.now = time.time()
        self.sync()
        self._invent_weeks()

    def _invent_weeks(self) -> None:
        """Replace the days of History by the demo's invented weeks, so that the trend shows."""
        history = self._client.open_by_key(self._sheet_id).worksheet("History")
        header, *days = history.get_all_values(value_render_option=ValueRenderOption.unformatted)
        weeks = invented(header, float(days[-1][0]), self.worker.status().json["metrics"])
        rows = [*weeks, days[-1]]
        blank = [[""] * len(header)] * max(len(days) - len(rows), 0)
        history.resize(rows=max(history.row_count, len(rows) + 1))
        history.update([*rows, *blank], "A2", raw=True)

    def pass_days(self, days: int) -> None:
        """Let days pass, with a run on each."""
        for _ in range(days):
            self.now += DAY
            self.sync()

    def sync(self) -> None:
        """Make a run."""
        self.worker.sync(plan=False, now=True, force=False)

    def export(self) -> str:
        """Give an export as the clipboard carries it."""
        header, rows = sample.export_rows(60, seed=3)
        return as_clipboard(header, rows[:24])


def as_clipboard(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a block as spreadsheets put it on the clipboard."""
    return "\n".join("\t".join(_cell(text) for text in row) for row in [header, *rows])


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in '\t\n"') else text


def until_drawn(act: Callable[[], None]) -> None:
    """Do something again while the page draws anew what it is done to."""
    for _ in range(PATIENCE):
        try:
            return act()
        except StaleElementReferenceException:
            time.sleep(0.2)
    return act()


class Camera:
    """Chromium without a window."""

    def __init__(self, url: str) -> None:
        options = ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars", "--lang=es"):
            options.add_argument(argument)
        options.add_argument(f"--window-size={SIZE[0]},{SIZE[1]}")
        self.driver = Chrome(options=options, service=Service(shutil.which("chromedriver") or ""))
        inner = self.driver.execute_script("return [innerWidth, innerHeight]")
        self.driver.set_window_size(2 * SIZE[0] - inner[0], 2 * SIZE[1] - inner[1])
        self.driver.get(url)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing moves any more."""
        time.sleep(1.5)

    def _settle_all(self) -> None:
        self.settle()
        while self.driver.find_elements("css selector", ".toast"):
            self.settle()

    def tabs(self) -> dict[str, WebElement]:
        """Give the tabs by name."""
        found = self.driver.find_elements("css selector", ".tab")
        return {str(tab.get_attribute("textContent")): tab for tab in found}

    def open(self, title: str) -> None:
        """Show a tab."""
        until_drawn(lambda: self._click_tab(title))
        self.settle()

    def _click_tab(self, title: str) -> None:
        tab = self.tabs()[title]
        self.driver.execute_script("arguments[0].scrollIntoView({ inline: 'center' })", tab)
        tab.click()

    def paste(self, text: str) -> None:
        """Paste at the selection."""
        self.driver.execute_script(
            "const carried = new DataTransfer(); carried.setData('text/plain', arguments[0]);"
            "document.activeElement.dispatchEvent(new ClipboardEvent('paste',"
            "{ clipboardData: carried, bubbles: true, cancelable: true }))",
            text,
        )
        self.settle()

    def go(self, place: str) -> None:
        """Select by the name box."""
        box = self.driver.find_element("id", "place")
        box.click()
        box.send_keys(place, "\n")

    def tick(self, cells: list[str]) -> None:
        """Tick checkboxes by clicking on them."""
        for cell in cells:
            until_drawn(lambda: self._click_box(cell))  # noqa: B023 - called at once
            time.sleep(0.4)

    def _click_box(self, cell: str) -> None:
        box = self.driver.find_element("css selector", f".cell[data-cell={cell}] .box")
        ActionChains(self.driver).move_to_element(box).click().perform()

    def point(self, cell: str) -> None:
        """Rest the pointer on a cell, so that its note shows."""
        found = self.driver.find_element("css selector", f".cell[data-cell={cell}]")
        ActionChains(self.driver).move_to_element(found).perform()

    def type(self, text: str) -> None:
        """Press keys."""
        ActionChains(self.driver).send_keys(text).perform()

    def save(self, name: str) -> None:
        """Save what is on the screen."""
        self._settle_all()
        path = IMAGES / f"{name}.png"
        self.driver.save_screenshot(str(path))
        _tell_size(path, LARGEST)

    def save_grid(self, path: Path, rows: int, most: int) -> None:
        """Save the grid alone, its column names and so many rows of usual height; tell whether it is too large."""
        self._settle_all()
        clip = {"x": 0, "y": GRID_TOP, "width": SIZE[0], "height": ROW_HEIGHT * (rows + 1), "scale": 1}
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "clip": clip})
        path.write_bytes(base64.b64decode(shot["data"]))
        _tell_size(path, most)


def _tell_size(path: Path, most: int) -> None:
    size = path.stat().st_size
    print(f"{path.name}: {size // 1000} kB", "- too large" if size > most else "", flush=True)


def _pictures(camera: Camera, scene: Scene) -> None:
    before: dict[str, Callable[[], None]] = {
        "Verification Input": lambda: camera.tick([f"A{row}" for row in (3, 4, 5, 8, 9, 12)]),
        "Inbox": lambda: camera.paste(scene.export()),
        "Lead Profile": lambda: choose_lead(camera, scene),
        "Rejected": lambda: camera.go("A2"),
    }
    for title, name in TABS.items():
        if title in camera.tabs():
            camera.open(title)
            before.get(title, lambda: None)()
            camera.save(name)


def choose_lead(camera: Camera, scene: Scene) -> None:
    """Type the LeadNumber of a lead that came far into the one cell of the tab that is open to people."""
    header, *rows = scene.operator.shown("Instantly Batch")
    camera.go("B2")
    camera.type(rows[0][header.index("LeadNumber")] + "\n")


def main() -> None:
    """Read the command line, play the story and take the pictures."""
    parser = argparse.ArgumentParser(description="Make the pictures in docs/images.")
    parser.add_argument("--keep", type=Path, help="keep the emulator's data here")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(exist_ok=True)
    scene = Scene(folder, days_ago=17)
    scene.play()
    camera = Camera(f"{scene.server.url}/")
    try:
        _pictures(camera, scene)
    finally:
        camera.driver.quit()
        scene.server.stop()
        if asked.keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
