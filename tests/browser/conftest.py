"""A real browser, and a workbook whose worker runs beside it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_page import Page
from office import Office
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Chromium without a window; its absence is a failure wherever everything has to be checked."""
    binary, steered = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not steered:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium and chromedriver are needed: apt-get install chromium chromium-driver")
        pytest.skip("chromium is not installed")
    options = ChromeOptions()
    options.binary_location = binary
    profile = tmp_path_factory.mktemp("chromium")
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--window-size=1400,1000",
        "--disable-dev-shm-usage",
        "--lang=es",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = Chrome(options=options, service=Service(steered))
    yield opened
    opened.quit()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()
    assert opened.failures == []


@pytest.fixture
def page(driver, office: Office) -> Iterator[Page]:
    shown = Page(driver, office.server.url)
    yield shown
    shown.leave()


@pytest.fixture(scope="session")
def quiet_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One without a worker at work, shared by tests that keep to tabs of their own."""
    opened = Office(tmp_path_factory.mktemp("office"))
    yield opened
    opened.close()


@pytest.fixture
def quiet_page(driver, quiet_office: Office) -> Iterator[Page]:
    shown = Page(driver, f"{quiet_office.server.url}/#{quiet_office.sheet_id}")
    yield shown
    shown.leave()
