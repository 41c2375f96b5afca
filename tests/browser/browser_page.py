"""The page as a person uses it: clicks, keys and what can be read on the screen."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains

T = TypeVar("T")

PATIENCE = 90.0


def until(told: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until something is true, and give it."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = told()
        except StaleElementReferenceException:  # drawn anew in this moment
            found = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


class Page:
    def __init__(self, driver: Any, url: str) -> None:
        self.driver = driver
        self.visit(url)

    def visit(self, url: str) -> None:
        driver = self.driver
        driver.get("about:blank")  # another tab of the same page would not be loaded anew
        driver.get(url)
        until(lambda: driver.execute_script("return document.body.dataset.ready"), "the page is ready")

    def leave(self) -> None:
        """Leave, so that nothing asks a server that is being stopped; nothing may have been refused by a policy."""
        told = [line["message"] for line in self.driver.get_log("browser")]
        self.driver.get("about:blank")
        assert [line for line in told if "Content Security Policy" in line or "Uncaught" in line] == []

    def all(self, selector: str) -> list[Any]:
        return self.driver.find_elements("css selector", selector)

    def read(self, selector: str, told: Callable[[Any], T], place: int = 0) -> T:
        """Read an element, or act on it; looked up again when it is drawn anew meanwhile: no test holds one."""
        found: list[T] = until(
            lambda: [told(element) for element in self.all(selector)[place : place + 1]],
            f"{selector} is on the screen",
        )
        return found[0]

    def tab_names(self) -> list[str]:
        script = "return [...document.querySelectorAll('.tab')].map((tab) => tab.textContent)"
        return [str(name) for name in self.driver.execute_script(script)]

    def current_tab(self) -> str:
        return str(self.read(".tab.current", lambda tab: tab.get_attribute("textContent")))

    def open(self, title: str) -> None:
        def chosen() -> bool:
            for tab in self.all(".tab"):
                if tab.get_attribute("textContent") == title:
                    self.driver.execute_script("arguments[0].scrollIntoView()", tab)
                    tab.click()
                    return True
            return False

        until(chosen, f"a tab named {title}")
        until(lambda: self.current_tab() == title, f"{title} is shown")
        until(self._cells_came, f"{title} shows its cells")

    def _cells_came(self) -> bool:
        told = "return document.body.dataset.shown === document.querySelector('.tab.current').dataset.sheet"
        return bool(self.driver.execute_script(told))

    def text(self, cell: str) -> str:
        """What a cell on the screen shows; blank where it is not drawn."""
        found = self.driver.execute_script(
            "return document.querySelector(`.cell[data-cell=${arguments[0]}]`)?.textContent ?? ''", cell
        )
        return str(found)

    def column(self, letter: str, rows: range) -> list[str]:
        return [self.text(f"{letter}{row}") for row in rows]

    def click(self, cell: str, inner: str = "") -> None:
        def clicked(element: Any) -> None:
            ActionChains(self.driver).move_to_element(element).click().perform()

        self.read(f".cell[data-cell={cell}] {inner}".strip(), clicked)

    def point(self, cell: str) -> None:
        """Move the pointer to the middle of a cell."""
        self.read(
            f".cell[data-cell={cell}]", lambda found: ActionChains(self.driver).move_to_element(found).perform()
        )

    def drag(self, start: str, end: str) -> None:
        """Drag from one cell to another."""
        self.point(start)
        ActionChains(self.driver).click_and_hold().perform()
        self.point(end)
        ActionChains(self.driver).release().perform()

    def is_ticked(self, cell: str) -> bool:
        return bool(self.all(f".cell[data-cell={cell}] .box.on"))

    def keys(self, *typed: str) -> None:
        ActionChains(self.driver).send_keys(*typed).perform()

    def chord(self, *keys: str) -> None:
        """Press keys together, the last one once the others are down."""
        actions = ActionChains(self.driver)
        for key in keys[:-1]:
            actions.key_down(key)
        actions.send_keys(keys[-1])
        for key in keys[-2::-1]:
            actions.key_up(key)
        actions.perform()

    def go(self, place: str) -> None:
        """Select by the name box."""
        box = self.driver.find_element("id", "place")
        box.click()
        box.send_keys(place, "\n")

    def paste(self, text: str) -> None:
        """Let the browser paste a text, as Ctrl+V does."""
        self.driver.execute_script(
            "const carried = new DataTransfer(); carried.setData('text/plain', arguments[0]);"
            "document.activeElement.dispatchEvent(new ClipboardEvent('paste',"
            "{ clipboardData: carried, bubbles: true, cancelable: true }))",
            text,
        )

    def saved(self) -> None:
        until(lambda: self.driver.find_element("id", "saved").text in {"Guardado", "Saved"}, "everything is saved")

    def copied(self) -> str:
        """What copying the selection puts on the clipboard."""
        return str(
            self.driver.execute_script(
                "const carried = new DataTransfer();"
                "document.activeElement.dispatchEvent(new ClipboardEvent('copy',"
                "{ clipboardData: carried, bubbles: true, cancelable: true }));"
                "return carried.getData('text/plain')"
            )
        )

    def frames(self, pixels: int, count: int) -> list[float]:
        """Scroll down by so many pixels in each frame; give the frames' lengths in milliseconds, sorted."""
        self.driver.set_script_timeout(60)
        found: list[float] = self.driver.execute_async_script(
            """
            const [pixels, count, done] = arguments;
            const scroller = document.getElementById("scroller");
            const lengths = [];
            let last = performance.now();
            const step = (now) => {
              lengths.push(now - last);
              last = now;
              scroller.scrollTop += pixels;
              if (lengths.length < count) requestAnimationFrame(step);
              else done(lengths.sort((a, b) => a - b));
            };
            requestAnimationFrame(step);
            """,
            pixels,
            count,
        )
        return found

    def toasts(self) -> str:
        script = "return [...document.querySelectorAll('.toast')].map((toast) => toast.innerText).join(' | ')"
        return str(self.driver.execute_script(script))
