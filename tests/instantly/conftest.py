"""Stand-ins for the tests of a session, as new for each test, and a client that neither waits nor keeps limits."""

import pytest
from stand_in_client import NOON
from stand_in_client import Client as StandInClient

from sheets_crm.instantly.client import Client
from sheets_crm.instantly.limits import Limits
from sheets_crm.instantly.service import Service
from sheets_crm.stand_ins import documents
from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.server import StandIns


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


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
    """Instantly's own side: what is written is visible at once."""
    found = StandInClient(stand_ins)
    found.control("POST", "reset")
    found.settings(visible_after=0, applied_after=0, limits=False)
    return found


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def make_client(stand_ins, time):
    made = []

    def make(secret=stand_ins.api_key, endpoint=stand_ins.url, **options):
        limits = Limits(clock=time.clock, sleep=time.sleep)
        given = {"limits": limits, "clock": time.clock, "sleep": time.sleep, "jitter": lambda: 0.0}
        service = Service(secret, endpoint, **(given | options))
        made.append(service)
        return Client(service)

    yield make
    for service in made:
        service.close()


@pytest.fixture
def client(api, make_client):
    return make_client()


@pytest.fixture
def campaign(api):
    return api.campaign()["id"]


@pytest.fixture
def fault(api):
    """Arms a fault, for the next request that matches."""

    def arm(match, mode, **more):
        api.control("POST", "faults", {"match": match, "mode": mode, **more})

    yield arm
    api.control("DELETE", "faults")
