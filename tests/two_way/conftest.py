"""A workbook in use with the scratch table, made once and copied."""

import pytest
from notebook import ON
from workbench import Desk

from sheets_crm.config import Settings
from sheets_crm.features.modules import MODULES, Entry


def with_notebook(desk: Desk) -> None:
    """Switch the module of the tests on in a workbook in use."""
    desk.settings = Settings(**{**desk.settings.model_dump(), **ON})
    desk.app = desk.worker()
    desk.init()
    desk.sync()


@pytest.fixture
def switched_on():
    """Switches the module of the tests on."""
    return with_notebook


@pytest.fixture
def notebook(monkeypatch):
    """The module of the tests in the registry."""
    monkeypatch.setitem(MODULES, "notebook", Entry("notebook:MODULE"))


@pytest.fixture
def table(open_desk, notebook):
    """A workbook of the test's own with the scratch table."""
    return open_desk("imported", then=with_notebook, **ON)
