"""An emulator for the tests of a module, and a new spreadsheet for each."""

import pytest
import requests
from emulator_client import Raw, client, start


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """An emulator for the tests of one module; each test makes its own spreadsheet."""
    found = start(tmp_path_factory.mktemp("emulator"))
    yield found
    found.stop()
    assert found.unfit == []


@pytest.fixture(autouse=True)
def no_faults_left(request):
    """Disarm after each test."""
    yield
    if "server" in request.fixturenames:
        requests.delete(f"{request.getfixturevalue('server').url}/_emulator/faults", timeout=5)


@pytest.fixture
def gc(server):
    """The worker's gspread client."""
    return client(server)


@pytest.fixture
def sheet(gc, request):
    """A new spreadsheet, as gspread shows it."""
    return gc.create(request.node.name)


@pytest.fixture
def raw(server, sheet):
    """The same spreadsheet by raw requests of the worker."""
    return Raw(server, sheet.id)


@pytest.fixture
def operator(server, sheet):
    """The same spreadsheet by raw requests of an operator."""
    return Raw(server, sheet.id, "operator")
