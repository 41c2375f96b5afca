"""Stand-ins for the tests of a session, as new for each test, with a clock that stands."""

import pytest
from stand_in_client import NOON, Client, Receiver

from sheets_crm.stand_ins import documents
from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.server import StandIns


@pytest.fixture(scope="session", autouse=True)
def no_disk_that_is_waited_for():
    """No test here cuts the power."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "SYNCHRONOUS", "OFF")
        yield


@pytest.fixture(scope="session")
def stand_ins():
    with StandIns(clock=Clock(lambda: NOON)) as found:
        yield found


@pytest.fixture
def api(stand_ins):
    """A client; what it writes is visible and done at once, and no limit of requests holds, unless a test says so."""
    client = Client(stand_ins)
    client.control("POST", "reset")
    client.settings(visible_after=0, applied_after=0, limits=False)
    return client


@pytest.fixture
def receiver():
    found = Receiver()
    yield found
    found.close()


@pytest.fixture
def campaign(api):
    return api.campaign()
