"""The page as a person uses it: clicks, keys and what can be read on the screen."""

import time
from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.action_chains import ActionChains

PATIENCE = 30.0


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

    def tab_names(self) -> list[str]:
        return [
            str(self.driver.execute_script("return arguments[0].textContent", tab)) for tab in self.all(".tab")
        ]

    def open(self, title: str) -> None:
        def chosen() -> bool:
            for tab in self.all(".tab"):
                if tab.get_attribute("textContent") == title:
                    self.driver.execute_script("arguments[0].scrollIntoView()", tab)
                    tab.click()
                    return True
            return False

        until(chosen, f"a tab named {title}")
        until(lambda: self.all(".tab.current")[0].get_attribute("textContent") == title, f"{title} is shown")
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
        def clicked() -> bool:
            element = self.driver.find_element("css selector", f".cell[data-cell={cell}] {inner}".strip())
            ActionChains(self.driver).move_to_element(element).click().perform()
            return True

        until(lambda: self.all(f".cell[data-cell={cell}] {inner}".strip()), f"{cell} is on the screen")
        until(clicked, f"{cell} can be clicked")

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
        try:
            return " | ".join(toast.text for toast in self.all(".toast"))
        except WebDriverException:
            return ""
